"""How data comes in."""
