"""The graph, and the queries."""
