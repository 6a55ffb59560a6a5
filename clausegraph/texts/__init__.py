"""License texts: which license a text is, where a section stands in it, and whether every clause stands there."""
