"""The server: a SPARQL 1.1 endpoint, a JSON API and linked data over the embedded store of a workspace.

Queries run in processes of their own, which are killed when they take too long, and never in this one:
requests → `guard` (what is refused) → `pool` (who is next, who is killed) → `worker` (the query itself).
"""
