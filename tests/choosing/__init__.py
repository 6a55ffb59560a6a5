"""Which license to take."""
