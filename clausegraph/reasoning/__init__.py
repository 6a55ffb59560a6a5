"""What follows: which clauses reach which artifact, and what they say of its declaration."""
