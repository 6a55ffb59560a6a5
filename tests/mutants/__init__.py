"""Faults put in on purpose: how many of them a test catches, and whether by one that knows what is right."""
