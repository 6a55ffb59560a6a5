"""The server: a SPARQL 1.1 endpoint, a JSON API and linked data over the embedded store of a workspace.

Queries are parsed and run in processes of their own, which have no network and are killed when they take too long, and
never in this one: requests → `pool` (who is next, who is killed) → `worker` (what is refused, and the query itself).
"""
