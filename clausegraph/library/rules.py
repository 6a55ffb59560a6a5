"""Builds `ontology/generated/library.nt` from the ontology: CONSTRUCT queries, run in order.

The queries in `queries/rules/library/` are the only home of the library's rules; this module runs
each of them once over the source files, drops encumbrances that never bind anything, and writes the
result sorted, so that a rebuild without changes gives the same bytes.
"""

import re
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder, turtle_files
from clausegraph.ground.sparql import construct

HEADER = "# GENERATED from ontology/ and queries/rules/library/ by `make library`. Do not edit.\n"


def source_store() -> ox.Store:
    """Return a store with every source file of the ontology in its default graph."""
    store = ox.Store()
    for path in turtle_files("ontology"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    return store


def rule_files(part: str) -> list[Path]:
    """Return the rule queries of a part (`library` or `artifact`) in their order."""
    return sorted((folder("queries") / "rules" / part).glob("*.rq"))


def derive(store: ox.Store) -> set[ox.Triple]:
    """Run the library rules over `store` and return what they add; the store is changed."""
    derived: set[ox.Triple] = set()
    for path in rule_files("library"):
        new = set(construct(store, path.read_text(encoding="utf-8")))
        derived |= new
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new)
    return live_only(derived)


def live_only(triples: set[ox.Triple]) -> set[ox.Triple]:
    """Drop encumbrances in which nothing binds and from which nothing that binds can be reached."""
    bound = {ns.CG + "binds", ns.CG + "mayBind"}
    moves = re.compile(re.escape(ns.CG) + "moves-")
    live: set[Any] = {t.subject for t in triples if t.predicate.value in bound}
    reverse: dict[Any, set[Any]] = {}
    for t in triples:
        if moves.match(t.predicate.value):
            reverse.setdefault(t.object, set()).add(t.subject)
    queue: list[Any] = list(live)
    while queue:
        for earlier in reverse.get(queue.pop(), ()):
            if earlier not in live:
                live.add(earlier)
                queue.append(earlier)

    def keeps(term: object) -> bool:
        return not (isinstance(term, ox.NamedNode) and term.value.startswith(ns.ENCUMBRANCE)) or term in live

    return {t for t in triples if keeps(t.subject) and keeps(t.object)}


def library_text() -> str:
    """Return the text of `library.nt`: the derived triples, sorted, below a line that says so."""
    lines = sorted(f"{t} .\n" for t in derive(source_store()))
    return HEADER + "".join(lines)
