"""The version of the software; the version of the legal content stands in the ontology."""

__version__ = "0.1.0"
