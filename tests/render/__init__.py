"""Answers for people and machines."""
