"""The graph at rest: written, kept, asked, pushed elsewhere, compared."""
