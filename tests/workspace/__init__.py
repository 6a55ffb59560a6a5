"""What was loaded."""
