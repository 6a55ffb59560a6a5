"""Measures clausegraph against other ways to the same result, in one process each, on the loaded real Hub.

python benchmarks/peers.py validation|closing|paths|loading WORKSPACE      prints seconds of both as JSON
"""

import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pyoxigraph as ox
from rdflib import Graph, URIRef

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address, iri_of
from clausegraph.ground.files import generated, turtle_files
from clausegraph.library import Library
from clausegraph.library.rules import rule_files
from clausegraph.reasoning.burdens import States
from clausegraph.reasoning.closure import close
from clausegraph.reasoning.engine import DuckDB
from clausegraph.store.nquads import write_quads
from clausegraph.validation import shacl, situation_graph
from clausegraph.workspace.duck import connect, parquet
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.lineage import read_expressions

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))
from tests.support.singly import artifact_triples  # noqa: E402  (the second path to an artifact's triples lies with the tests)

SAMPLE = 2_000
CLOSED = 20_000
ASKED = 100


def seconds(work: Callable[[], Any]) -> float:
    """Return how long something takes."""
    start = time.perf_counter()
    work()
    return round(time.perf_counter() - start, 3)


def triples_of(path: Path) -> list[situation_graph.Triple]:
    """Return the triples of IRIs in an N-Triples file."""
    return [(t.subject.value, t.predicate.value, t.object.value) for t in ox.parse(path=str(path))]


def validation(place: Workspace, library: Library) -> dict[str, Any]:
    """Situations against every artifact in pySHACL, extrapolated from a sample; and pyshifty on the situations."""
    import shifty
    from pyshacl import validate as pyshacl_validate

    catalogue = Catalogue(place, library)
    situations = triples_of(place.derived / "audit" / "situations.nt")
    shapes, types = situation_graph.shapes_graph(), situation_graph.license_types(library)
    rows = catalogue.connection.execute(f"SELECT kind, id FROM artifacts ORDER BY hash(id) LIMIT {SAMPLE}").fetchall()
    total = catalogue.connection.execute("SELECT count(*) FROM artifacts").fetchall()[0][0]
    each = Graph()
    for triple in artifact_triples(catalogue, [address(kind, id_) for kind, id_ in rows]):
        each.add(tuple(URIRef(part) for part in triple))
    each += types
    whole = Graph()
    for triple in situations:
        whole.add(tuple(URIRef(part) for part in triple))
    ours = seconds(lambda: shacl.run_situations(situations, shapes, types))
    sample = seconds(lambda: pyshacl_validate(each, shacl_graph=shapes, inference="none"))
    other = seconds(lambda: shifty.validate(whole + types, shapes, infer=False))
    return {
        "validation": {
            "ours": ours,
            "peer": round(sample / SAMPLE * total),
            "sample": SAMPLE,
            "sample_seconds": sample,
        },
        "shifty": {"ours": ours, "peer": other},
    }


def closing(place: Workspace, library: Library) -> dict[str, Any]:
    """The join loop against the CONSTRUCT rules in Oxigraph, on the lineage of a sample."""
    catalogue = Catalogue(place, library)
    con = catalogue.connection
    expressions = read_expressions(catalogue.folder)
    single = [i for i, e in enumerate(expressions) if len(e.options) == 1]
    con.execute(
        f"""CREATE TABLE chosen AS WITH RECURSIVE up(n) AS (
          SELECT n FROM (SELECT DISTINCT child AS n FROM edges ORDER BY hash(child) LIMIT {CLOSED})
          UNION SELECT parent FROM edges JOIN up ON child = n)
        SELECT a.* FROM artifacts a JOIN up USING (n) WHERE expression IN ({",".join(map(str, single))})"""
    )
    own = DuckDB(connect())
    con.execute(
        "CREATE TABLE part AS SELECT * FROM edges SEMI JOIN chosen c ON c.n = child SEMI JOIN chosen p ON p.n = parent"
    )
    for name, sql in (
        ("artifacts", "SELECT n, kind, id, name FROM chosen"),
        ("declared", "SELECT n, expression FROM chosen"),
        ("edges", "FROM part"),
    ):
        own.connection.register("given", con.sql(sql).to_arrow_table())
        own.connection.execute(f"CREATE TABLE {name} AS FROM given")
    ours = seconds(lambda: close(own, States(library, expressions)))
    found = own.rows("SELECT count(*) FROM encumbered")[0][0]

    store = ox.Store()
    for path in turtle_files("ontology"):
        store.bulk_load(path=str(path), format=ox.RdfFormat.TURTLE)
    store.bulk_load(path=str(generated("library.nt")), format=ox.RdfFormat.N_TRIPLES)
    cg = "https://w3id.org/clausegraph/ns#"
    lines = []
    iris = {}
    for n, kind, id_, expression in con.execute("SELECT n, kind, id, expression FROM chosen").fetchall():
        iris[n] = f"<{iri_of(address(kind, id_))}>"
        lines.append(f"{iris[n]} a <{cg}{library.artifact_kinds[kind].cls}> .")
        lines += [
            f"{iris[n]} <{cg}declaredLicense> <{iri}> ."
            for iri in situation_graph.expression_iris(library, expressions[expression])
        ]
    for child, parent, relation, same in con.execute("SELECT child, parent, relation, same_party FROM part").fetchall():
        via = library.relations[relation].within if same else library.relations[relation].property
        lines.append(f"{iris[child]} <{via}> {iris[parent]} .")
    store.bulk_load("\n".join(lines), format=ox.RdfFormat.TURTLE)
    rules = [p.read_text(encoding="utf-8") for p in rule_files("artifact") if p.name.startswith("0")]

    def construct() -> None:
        size = -1
        while size != len(store):
            size = len(store)
            for rule in rules:
                store.extend([ox.Quad(t.subject, t.predicate, t.object) for t in store.query(rule)])

    peer = seconds(construct)
    constructed = len(list(store.quads_for_pattern(None, ox.NamedNode(cg + "encumbrance"), None)))
    return {"closing": {"ours": ours, "peer": peer, "artifacts": len(iris), "found": found, "constructed": constructed}}


def paths(place: Workspace, library: Library) -> dict[str, Any]:
    """Ancestors with their licenses, of one artifact and of all: tables against a property path in Oxigraph."""
    catalogue = Catalogue(place, library)
    store = ox.Store.read_only(str(place.folder / "store" / place.opened / "oxigraph"))
    rows = catalogue.connection.execute(
        f"""SELECT kind, id FROM artifacts WHERE n IN (SELECT child FROM edges) ORDER BY hash(id) LIMIT {ASKED}"""
    ).fetchall()
    found: dict[str, list[int]] = {"ours": [], "peer": []}

    def look_up() -> None:
        found["ours"] = [len(catalogue.nodes(address(kind, id_))) - 1 for kind, id_ in rows]

    def ask() -> None:
        for kind, id_ in rows:
            query = f"""PREFIX cg: <https://w3id.org/clausegraph/ns#> SELECT DISTINCT ?parent WHERE {{
              <{iri_of(address(kind, id_))}> cg:derivesFrom+ ?parent . ?parent cg:declaredLicense ?license }}"""
            answer = list(store.query(query, use_default_graph_as_union=True))
            found["peer"].append(len([a for a in answer if a["parent"].value != iri_of(address(kind, id_))]))

    looked_up = {"ours": seconds(look_up), "peer": seconds(ask), "asked": ASKED, "same": found["ours"] == found["peer"]}
    own = DuckDB(connect())
    for name, table in (("declared", "artifacts"), ("edges", "edges")):
        own.open(name, catalogue.folder / f"{table}.parquet")
    closed = seconds(lambda: close(own, States(library, catalogue.expressions)))
    every = """PREFIX cg: <https://w3id.org/clausegraph/ns#> SELECT (count(*) AS ?n) WHERE {
      ?child cg:derivesFrom+ ?parent . ?parent cg:declaredLicense ?license }"""
    asked = seconds(lambda: list(store.query(every, use_default_graph_as_union=True)))
    return {"look_up": looked_up, "paths": {"ours": closed, "peer": asked}}


def loading(place: Workspace, library: Library) -> dict[str, Any]:
    """Writing and loading the graph of the whole Hub against Oxigraph's own bulk load of the same file."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        quads = folder / "graph.nq"
        written = seconds(lambda: write_quads(place, library, quads))
        with connect() as con:
            count = con.execute(
                f"SELECT count(*) FROM {parquet(place.folder / 'store' / place.opened / 'quads.parquet')}"
            ).fetchall()[0][0]
        loaded = seconds(
            lambda: ox.Store(str(folder / "store")).bulk_load(path=str(quads), format=ox.RdfFormat.N_QUADS)
        )
    return {"loading": {"ours": round(written + loaded, 3), "peer": loaded, "quads": count}}


if __name__ == "__main__":
    library = Library.load()
    print(json.dumps(globals()[sys.argv[1]](Workspace(sys.argv[2]), library)))
