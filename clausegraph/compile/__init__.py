"""Ontology to generated files, and its checks; nothing at run time imports it but `clausegraph ontology`."""
