"""From the ontology to its generated files."""
