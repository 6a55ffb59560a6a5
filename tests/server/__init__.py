"""Answers over HTTP, and the explorer."""
