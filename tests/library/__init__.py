"""What the ontology says, as values."""
