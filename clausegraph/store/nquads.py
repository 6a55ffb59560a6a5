"""The graph of a workspace as N-Quads, written by DuckDB without a loop over triples.

| graph | holds |
|---|---|
| `…/graph/library`, `…/graph/inferred` | the ontology with its tables, and the license families |
| `…/graph/asserted` | artifacts and what their cards state: licenses, parents |
| `…/graph/derived` | resolved lineage, declared licenses as read, the situation of each artifact |
| `…/graph/situations` | situations: encumbrances, clauses that bind, breaches, duties, verdict |
| `…/graph/groups` | what the artifacts and the reuses of the snapshot add up to |
| `…/graph/provenance` | what was loaded, when, and with which rules and data |

Identifiers come from the Hub and were checked when they were loaded, so they need no escaping in IRIs.
"""

import json
from collections.abc import Callable
from pathlib import Path

import duckdb

from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import ROOTS
from clausegraph.ground.version import __version__
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.validation.audit import audit
from clausegraph.workspace import lineage, missing
from clausegraph.workspace.duck import connect, copy_lines, lines, parquet
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.limits import machine_limits

GRAPHS = ("library", "inferred", "asserted", "derived", "situations", "groups", "provenance")
_RDF_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_XSD = "http://www.w3.org/2001/XMLSchema#"


def graph_iri(name: str) -> str:
    """Return the IRI of a graph."""
    return ns.GRAPH + name


def _macros(connection: duckdb.DuckDBPyConnection, library: Library) -> None:
    """Create SQL functions that write terms: `thing(kind, id)`, `text(value)`, `quad(s, p, o, graph)`."""
    cases = "WHEN contains(id, ':') THEN '' "  # an IRI
    cases += " ".join(f"WHEN kind = '{kind}' THEN '{root}'" for kind, (_, root) in ROOTS.items())
    connection.execute(
        rf"""CREATE MACRO thing(kind, id) AS '<' || CASE {cases} END || id || '>';
        CREATE MACRO escaped(value) AS replace(replace(replace(replace(replace(value,
          '\', '\\'), '"', '\"'), chr(10), '\n'), chr(13), '\r'), chr(9), '\t');
        CREATE MACRO text(value) AS
          '"' || regexp_replace(escaped(value), '[\x00-\x08\x0b\x0c\x0e-\x1f]', '', 'g') || '"';
        CREATE MACRO whole(value) AS '"' || value || '"^^<{_XSD}integer>';
        CREATE MACRO cg(name) AS '<{ns.CG}' || name || '>';
        CREATE MACRO quad(s, p, o, g) AS s || ' ' || p || ' ' || o || ' <{ns.GRAPH}' || g || '> .'"""
    )
    classes = {kind.name: kind.cls for kind in library.artifact_kinds.values()}
    connection.execute("CREATE TABLE kind_class (kind VARCHAR, class VARCHAR)")
    connection.executemany("INSERT INTO kind_class VALUES (?, ?)", sorted(classes.items()))
    relations = [(r.name, ns.local(r.property), ns.local(r.within)) for r in library.relations.values()]
    connection.execute("CREATE TABLE relation_property (relation VARCHAR, via VARCHAR, within VARCHAR)")
    connection.executemany("INSERT INTO relation_property VALUES (?, ?, ?)", relations)


def _expression_rows(connection: duckdb.DuckDBPyConnection, library: Library, expressions: list[Expression]) -> None:
    rows = [(i, library.licenses[one].iri) for i, e in enumerate(expressions) for one in sorted(e.ids)]
    connection.execute("CREATE TABLE expression_license (expression INTEGER, license VARCHAR)")
    connection.executemany("INSERT INTO expression_license VALUES (?, ?)", rows)
    connection.execute("CREATE TABLE expression_label (expression INTEGER, label VARCHAR)")
    connection.executemany(
        "INSERT INTO expression_label VALUES (?, ?)", [(i, str(e)) for i, e in enumerate(expressions)]
    )
    connection.execute(
        f"""CREATE TABLE terms AS
        SELECT expression, label, '<{ns.BASE}terms/' || md5(label) || '>' AS node, list(license) AS licenses
        FROM expression_label JOIN expression_license USING (expression) GROUP BY expression, label"""
    )


_LINES = (
    """SELECT quad(thing(a.kind, a.id), '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', cg(k.class), 'asserted')
    FROM artifacts a JOIN kind_class k USING (kind)""",
    """SELECT quad(thing(kind, id), cg('name'), text(name), 'asserted') FROM artifacts""",
    """SELECT quad(thing(kind, id), cg('publishedBy'), '<{hub}' || owner || '>', 'asserted')
    FROM artifacts WHERE owner IS NOT NULL""",
    """SELECT quad(thing(kind, id), cg('statedLicense'), text(unnest(licenses)), 'asserted') FROM artifacts""",
    """SELECT quad(thing(kind, id), cg('statedIn'), text(place), 'asserted') FROM artifacts WHERE len(licenses) > 0""",
    """SELECT quad(thing(kind, id), cg('statedName'), text(license_name), 'asserted') FROM artifacts
    WHERE license_name IS NOT NULL""",
    """SELECT quad(thing(kind, id), cg('access'), text(access), 'asserted') FROM artifacts WHERE access IS NOT NULL""",
    """SELECT quad(thing(kind, id), '<http://www.w3.org/ns/prov#wasDerivedFrom>',
      '<{base}source/' || s.name || '>', 'provenance') FROM artifacts a JOIN sources s ON s.position = a.source""",
    """SELECT quad(thing(kind, id), cg('downloads'), whole(downloads), 'asserted')
    FROM artifacts WHERE downloads IS NOT NULL""",
    """SELECT quad(thing(kind, id), cg('createdAt'),
      '"' || strftime(try_cast(created_at AS TIMESTAMP), '%Y-%m-%dT%H:%M:%SZ') || '"^^<{xsd}dateTime>', 'asserted')
    FROM artifacts WHERE try_cast(created_at AS TIMESTAMP) IS NOT NULL""",
    """SELECT quad(thing(a.kind, a.id), cg('declaredLicense'), '<' || e.license || '>', 'derived')
    FROM artifacts a JOIN expression_license e USING (expression)""",
    """SELECT quad(thing(c.kind, c.id), cg(CASE WHEN e.same_party THEN r.within ELSE r.via END),
      thing(p.kind, p.id), 'derived')
    FROM edges e JOIN relation_property r USING (relation)
    JOIN artifacts c ON c.n = e.child JOIN artifacts p ON p.n = e.parent""",
    """SELECT DISTINCT quad(thing(c.kind, c.id), cg('derivesFrom'), thing(p.kind, p.id), 'derived')
    FROM edges e JOIN artifacts c ON c.n = e.child JOIN artifacts p ON p.n = e.parent""",
    """SELECT quad('<{situation}' || key || '>', cg('verdict'), text(verdict), 'situations') FROM situations""",
    """SELECT quad('<{situation}' || key || '>', cg('size'), whole(artifacts), 'situations') FROM situations""",
    """SELECT quad('<{situation}' || key || '>', cg('unknownBecause'), '<{reason}' || unnest(unknown_because) || '>',
      'situations') FROM situations""",
    """SELECT quad(thing(p.kind, p.id), cg('timesReused'), whole(count(DISTINCT e.child)), 'groups')
    FROM edges e JOIN artifacts p ON p.n = e.parent GROUP BY p.kind, p.id""",
    """SELECT quad(thing(a.kind, a.id), cg('situation'), '<{situation}' || i.situation || '>', 'derived')
    FROM in_situation i JOIN artifacts a USING (n)""",
)
_TERMS = """SELECT unnest(list_concat([
    quad(node, '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', cg('DeclaredTerms'), 'groups'),
    quad(node, '<{skos}prefLabel>', text(label), 'groups')],
    list_transform(licenses, lambda x: quad(node, cg('includesLicense'), '<' || x || '>', 'groups'))))
FROM terms"""
_ARTIFACT_GROUP = """SELECT unnest([
    quad(node, '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', cg('ArtifactGroup'), 'groups'),
    quad(node, cg('groupedKind'), '<{kind}' || kind || '>', 'groups'),
    quad(node, cg('groupedTerms'), terms, 'groups'),
    quad(node, cg('artifacts'), whole(size), 'groups'),
    CASE WHEN day IS NOT NULL THEN quad(node, cg('day'), text(day), 'groups') END])
FROM (SELECT '<{base}group/' || md5(concat_ws(' ', kind, day, label)) || '>' AS node, g.*, t.node AS terms
  FROM (SELECT kind, strftime(try_cast(created_at AS TIMESTAMP), '%Y-%m-%d') AS day, expression, count(*) AS size
    FROM artifacts GROUP BY ALL) g JOIN terms t USING (expression))"""
_REUSE_GROUP = """SELECT unnest([
    quad(node, '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', cg('ReuseGroup'), 'groups'),
    quad(node, cg('groupedKind'), '<{kind}' || kind || '>', 'groups'),
    quad(node, cg('groupedTerms'), terms, 'groups'),
    quad(node, cg('upstreamKind'), '<{kind}' || upstream_kind || '>', 'groups'),
    quad(node, cg('upstreamTerms'), upstream_terms, 'groups'),
    quad(node, cg('reuseRelation'), '<{relation}' || relation || '>', 'groups'),
    quad(node, cg('withinParty'), '"' || same_party || '"^^<{xsd}boolean>', 'groups'),
    quad(node, cg('reuses'), whole(size), 'groups'),
    CASE WHEN month IS NOT NULL THEN quad(node, cg('month'), text(month), 'groups') END])
FROM (SELECT '<{base}reuse-group/' ||
    md5(concat_ws(' ', g.kind, upstream_kind, relation, same_party, month, c.label, p.label)) || '>' AS node,
    g.*, c.node AS terms, p.node AS upstream_terms
  FROM (SELECT c.kind, p.kind AS upstream_kind, coalesce(e.inferred, e.relation) AS relation, same_party,
      c.expression, p.expression AS upstream,
      strftime(try_cast(c.created_at AS TIMESTAMP), '%Y-%m') AS month, count(DISTINCT (child, parent)) AS size
    FROM edges e JOIN artifacts c ON c.n = e.child JOIN artifacts p ON p.n = e.parent GROUP BY ALL) g
  JOIN terms c ON c.expression = g.expression JOIN terms p ON p.expression = g.upstream)"""
_REFERENCE = """SELECT unnest([
    quad(node, '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', cg('ParentReference'), 'asserted'),
    quad(node, cg('referenceOf'), child, 'asserted'),
    quad(node, cg('statedParent'), text(stated), 'asserted'),
    quad(node, cg('statedIn'), text(place), 'asserted'),
    quad(node, cg('referenceRelation'), '<{relation}' || relation || '>', 'asserted'),
    CASE WHEN stated != '' THEN quad(node, cg('repair'), text(repair), 'derived') END,
    CASE WHEN reason IS NOT NULL THEN quad(node, cg('repairReason'), text(reason), 'derived') END,
    quad(node, cg('onCircle'), '"' || circle || '"^^<{xsd}boolean>', 'derived'),
    CASE WHEN dropped THEN quad(node, cg('droppedByHub'), '"true"^^<{xsd}boolean>', 'derived') END,
    CASE WHEN undeclared THEN quad(node, cg('relationUndeclared'), '"true"^^<{xsd}boolean>', 'derived') END,
    CASE WHEN inferred THEN quad(node, cg('relationInferred'), '"true"^^<{xsd}boolean>', 'derived') END,
    CASE WHEN parent IS NOT NULL THEN quad(node, cg('resolvesTo'), parent, 'derived') END])
FROM (SELECT
  '<{base}reference/' || md5(concat_ws(' ', c.kind, c.id, r.parent_kind, r.stated, r.relation, r.place,
    nullif(r.meant, r.stated))) || '>' AS node,
  thing(c.kind, c.id) AS child, r.stated, r.relation, r.place, r.repair, r.reason, r.circle, r.dropped, r.undeclared,
  {judged} != r.relation AS inferred,
  CASE WHEN r.parent IS NOT NULL THEN thing(p.kind, p.id) END AS parent
  FROM refs r JOIN artifacts c ON c.n = r.child LEFT JOIN artifacts p ON p.n = r.parent)"""
_STATEMENT = """SELECT unnest([
    quad(node, '<http://www.w3.org/1999/02/22-rdf-syntax-ns#type>', cg('LicenseStatement'), 'asserted'),
    quad(node, cg('licenseStatementOf'), artifact, 'asserted'),
    quad(node, cg('statedIn'), text(place), 'asserted'),
    quad(node, cg('statedValue'), text(value), 'asserted'),
    CASE WHEN name IS NOT NULL THEN quad(node, cg('statedName'), text(name), 'asserted') END,
    quad(node, cg('comparison'), text(comparison), 'derived'),
    quad(node, '<http://www.w3.org/ns/prov#wasDerivedFrom>', '<{base}source/' || source || '>', 'provenance')])
FROM (SELECT '<{base}statement/' || md5(concat_ws(' ', a.kind, a.id, c.place, s.name, c.name, c.value)) || '>' AS node,
  thing(a.kind, a.id) AS artifact, c.place, c.value, c.comparison, c.name, s.name AS source
  FROM comparisons c JOIN artifacts a USING (n) JOIN sources s ON s.position = c.source)"""


def ensure_audit(workspace: Workspace, library: Library, progress: Callable[[str], None] = lambda _: None) -> Path:
    """Return the folder of the workspace's audit, which is made if there is none with this legal content."""
    folder = workspace.derived / "audit"
    summary = folder / "audit.json"
    if not summary.exists() or json.loads(summary.read_text(encoding="utf-8"))["data_version"] != library.data_version:
        audit(workspace, library, progress=progress)
    return folder.resolve()  # the audit that counts now, whichever takes its place meanwhile


def write_quads(
    workspace: Workspace, library: Library, target: Path, progress: Callable[[str], None] = lambda _: None
) -> Path:
    """Write the graph of a workspace as N-Quads; the library graphs are not among them."""
    folder = ensure_audit(workspace, library, progress)
    progress("writing quads")
    names = {
        "hub": ns.HUB,
        "xsd": _XSD,
        "situation": ns.SITUATION,
        "reason": ns.REASON,
        "relation": ns.RELATION,
        "kind": ns.ARTIFACT_KIND,
        "skos": ns.SKOS,
        "base": ns.BASE,
        "judged": missing.judged_sql(library),
    }
    with machine_limits(workspace.folder), connect() as connection:
        expressions = lineage.open_resolved(connection, lineage.resolve(workspace, library))
        connection.execute(
            f"""CREATE VIEW situations AS FROM {parquet(folder / "situations.parquet")};
            CREATE VIEW in_situation AS SELECT i.n, s.key AS situation
            FROM {parquet(folder / "in_situation.parquet")} i JOIN situations s USING (situation)"""
        )
        _macros(connection, library)
        connection.execute("CREATE TABLE sources (position BIGINT, name VARCHAR)")
        names_of = [(position, source.label) for position, source in enumerate(workspace.sources())]
        connection.executemany("INSERT INTO sources VALUES (?, ?)", names_of)
        connection.execute("CREATE TABLE provenance (line VARCHAR)")
        connection.executemany("INSERT INTO provenance VALUES (?)", [[x] for x in _provenance(workspace, library)])
        _expression_rows(connection, library, expressions)
        parts = [
            f"SELECT * FROM ({sql.format(**names)}) t(line)"
            for sql in (*_LINES, _TERMS, _ARTIFACT_GROUP, _REUSE_GROUP, _REFERENCE, _STATEMENT)
        ]
        described = lines(folder / "situations.nt")
        parts.append(f"SELECT rtrim(line, ' .') || ' <{graph_iri('situations')}> .' FROM {described}")
        parts.append("SELECT line FROM provenance")
        union = " UNION ALL ".join(parts)
        connection.execute(copy_lines(f"SELECT line FROM ({union}) WHERE line IS NOT NULL", target))
    return target


def _provenance(workspace: Workspace, library: Library) -> list[str]:
    """Return what was loaded and with what it was judged, one statement per line."""
    prov, graph = "http://www.w3.org/ns/prov#", f"<{graph_iri('provenance')}>"
    said = []
    for name in ("asserted", "derived", "situations"):
        said.append(f'<{graph_iri(name)}> <{ns.CG}dataVersion> "{library.data_version}" {graph} .')
        said.append(
            f'<{graph_iri(name)}> <http://www.w3.org/2002/07/owl#versionInfo> "clausegraph {__version__}" {graph} .'
        )
    for source in workspace.sources():
        node = f"<{ns.BASE}source/{source.label}>"
        said.append(f"<{graph_iri('asserted')}> <{prov}wasDerivedFrom> {node} {graph} .")
        label = json.dumps(Path(source.location).name, ensure_ascii=False)
        said.append(f"{node} <{ns.SKOS}prefLabel> {label} {graph} .")
        said.append(f"{node} <{_RDF_TYPE}> <{prov}Entity> {graph} .")
        said.append(f'{node} <{prov}generatedAtTime> "{source.date}T00:00:00Z"^^<{_XSD}dateTime> {graph} .')
        said.append(f'{node} <{ns.CG}snapshot> "{source.snapshot}" {graph} .')
    return said
