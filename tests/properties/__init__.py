"""Laws, second implementations, and the edges of rules."""
