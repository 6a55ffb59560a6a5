"""A small part of the sample as a plain graph, as someone who takes only our files would write it."""

from rdflib import RDF, Graph, Literal, URIRef

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address, iri_of
from clausegraph.ground.namespaces import HUB, local
from clausegraph.library import Library
from clausegraph.reasoning.situations import plain_name
from clausegraph.reasoning.trace import Node
from clausegraph.validation.shapes import CG
from clausegraph.validation.situation_graph import expression_iris


def nodes_of(catalogue: Catalogue, roots: list[str]) -> dict[str, Node]:
    found: dict[str, Node] = {}
    for root in roots:
        for node in catalogue.nodes(root):
            found[node.id] = node
    return found


def singles(library: Library, nodes: dict[str, Node]) -> dict[str, Node]:
    """Keep works without choices, lists, families and other terms than the declared ones: the engine's business."""
    return {i: n for i, n in nodes.items() if n.declared is not None and _plain(library, n)}


def _plain(library: Library, node: Node) -> bool:
    assert node.declared is not None
    one = len(node.declared.options) == 1 and not node.declared.ids & library.members.keys()
    return one and node.passes_on == node.declared and not node.left_open


def asserted_graph(library: Library, nodes: dict[str, Node]) -> Graph:
    graph = Graph()
    for node in nodes.values():
        subject = URIRef(iri_of(node.id))
        graph.add((subject, RDF.type, CG[library.artifact_kinds[node.kind].cls]))
        assert node.declared is not None
        for iri in expression_iris(library, node.declared):
            graph.add((subject, CG.declaredLicense, URIRef(iri)))
        graph.add((subject, CG.name, Literal(node.id.rsplit("/", 1)[-1])))
        for condition in library.artifact_conditions:
            if condition.operator == "startsWith":
                holds = plain_name(node.id).startswith(plain_name(str(condition.values[0])))
                graph.add((subject, CG.holds if holds else CG.fails, URIRef(condition.iri)))
        if node.owner is not None:
            graph.add((subject, CG.publishedBy, URIRef(HUB + node.owner)))
        for edge in (e for e in node.edges if e.parent in nodes):
            relation = library.relations[edge.relation]
            prop = relation.within if edge.same_party else relation.property
            graph.add((subject, CG[local(prop)], URIRef(iri_of(edge.parent))))
    return graph


def all_addresses(catalogue: Catalogue) -> list[str]:
    rows = catalogue.connection.execute("SELECT kind, id FROM artifacts ORDER BY kind, id").fetchall()
    return [address(kind, id_) for kind, id_ in rows]
