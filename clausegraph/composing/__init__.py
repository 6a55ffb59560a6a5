"""Licenses composed from parts: what is chosen becomes RDF in the library's own form, and its text."""
