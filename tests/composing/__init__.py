"""New licenses."""
