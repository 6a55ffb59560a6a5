"""License texts."""
