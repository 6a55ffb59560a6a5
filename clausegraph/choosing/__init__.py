"""Which licenses may be declared: over ancestors, or by answers to questions."""
