"""Every shape has a passing and a failing example with the exact result, and none is missing."""

from collections import Counter
from collections.abc import Iterator

import pytest
from rdflib import RDF, Graph, Literal, URIRef

from clausegraph.compile import linter
from clausegraph.compile.check import ontology_graph, own_terms
from clausegraph.ground.files import turtle_files
from clausegraph.ground.namespaces import CG as CG_IRI
from clausegraph.library import Library
from clausegraph.library.codes import codes
from clausegraph.validation.shacl import Result, results, run
from clausegraph.validation.shapes import CG, SH, license_types, shapes_graph
from clausegraph.workspace.folder import Workspace

NODE = URIRef("https://w3id.org/clausegraph/situation/1")
CLAUSE = URIRef("https://w3id.org/clausegraph/license/gpl-3.0#5.c-share-alike")
REFERENCE_VALUES = {
    "CG112": ("repair", Literal("self_loop"), Literal("exact")),
    "CG113": ("onCircle", Literal(True), Literal(False)),
    "CG114": ("repair", Literal("legacy_name"), Literal("exact")),
    "CG115": ("repair", Literal("case"), Literal("exact")),
    "CG116": ("repair", Literal("renamed"), Literal("exact")),
    "CG117": ("repair", Literal("no_artifact"), Literal("exact")),
    "CG118": ("droppedByHub", Literal(True), Literal(False)),
    "CG130": ("repair", Literal("form"), Literal("exact")),
    "CG119": ("relationUndeclared", Literal(True), Literal(False)),
}
STATEMENT_VALUES = {
    "CG106": ("comparison", Literal("file_differs"), Literal("same")),
    "CG107": ("comparison", Literal("tag_differs"), Literal("same")),
    "CG108": ("comparison", Literal("checked_differs"), Literal("same")),
    "CG109": ("comparison", Literal("catalogue_differs"), Literal("unknown")),
    "CG120": ("comparison", Literal("file_holds_more"), Literal("same")),
    "CG128": ("comparison", Literal("file_not_identified"), Literal("unknown")),
}
SOURCE_VALUES = {
    **{code: (CG.ParentReference, *values) for code, values in REFERENCE_VALUES.items()},
    **{code: (CG.LicenseStatement, *values) for code, values in STATEMENT_VALUES.items()},
}
DECLARED = {"CG101": "none", "CG102": "other", "CG103": "cc-by-nc"}


def _license(id_: str) -> URIRef:
    return URIRef(f"https://w3id.org/clausegraph/license/{id_}")


def failing(code: str) -> tuple[Graph, str]:
    """Return a graph that fails exactly one shape, and the value of the result."""
    graph = Graph()
    if code in SOURCE_VALUES:
        cls, name, wrong, _ = SOURCE_VALUES[code]
        graph.add((NODE, RDF.type, cls))
        graph.add((NODE, CG[name], wrong))
        return graph, str(wrong)
    if code in DECLARED:
        graph.add((NODE, CG.declaredLicense, _license(DECLARED[code])))
        return graph, str(_license(DECLARED[code]))
    graph.add((NODE, CG[codes()[code].path], CLAUSE))
    return graph, str(CLAUSE)


def passing(code: str) -> Graph:
    """Return a graph at which the shape looks and finds nothing wrong."""
    graph = Graph()
    if code in SOURCE_VALUES:
        cls, name, _, right = SOURCE_VALUES[code]
        graph.add((NODE, RDF.type, cls))
        graph.add((NODE, CG[name], right))
    else:
        graph.add((NODE, CG.declaredLicense, _license("mit")))
        graph.add((NODE, CG.boundBy, CLAUSE))
    return graph


@pytest.mark.parametrize("code", codes())
def test_the_failing_example_gives_exactly_one_result(code: str, library: Library) -> None:
    data, value = failing(code)
    shapes = shapes_graph("artifact", "data")
    found = results(run(data + license_types(library), shapes))
    assert [(r.focus, r.code, r.path, r.value, r.severity.lower()) for r in found] == [
        (str(NODE), code, CG_IRI + codes()[code].path, value, codes()[code].severity)
    ]


@pytest.mark.parametrize("code", codes())
def test_the_passing_example_conforms(code: str, library: Library) -> None:
    shapes = shapes_graph("artifact", "data")
    assert results(run(passing(code) + license_types(library), shapes)) == []


def test_every_shape_with_a_code_is_among_the_codes() -> None:
    shapes = shapes_graph("artifact", "data")
    named = {str(s).rsplit("#", 1)[1] for s in shapes.subjects(RDF.type, SH.PropertyShape)}
    assert {n for n in named if n.startswith("CG")} == set(codes())
    kinds = Library.load().kinds.values()
    gaps = [k for k in kinds if k.form == "gap"]
    assert len(gaps) == 10
    assert len(codes()) == 5 + len(SOURCE_VALUES) + len(gaps) + 3 * sum(1 for k in kinds if k.breaches)


def test_every_kind_that_can_be_breached_has_its_three_shapes(library: Library) -> None:
    for kind in library.kinds.values():
        for prefix, prop in (("CG2", kind.breaches), ("CG3", kind.may_breach), ("CG4", kind.would_breach)):
            if prop:
                code = codes()[f"CG{kind.number}" if len(kind.number) == 3 else prefix + kind.number]
                assert (code.kind, CG_IRI + code.path) == (kind.name, prop)


def test_a_gap_may_be_breached_and_nothing_else(library: Library) -> None:
    """Nobody knows whether terms that are not known are breached, under no condition and no reading."""
    for kind in library.kinds.values():
        if kind.form == "gap":
            assert (kind.breaches, kind.would_breach) == (None, None)
            assert kind.may_breach


def test_a_license_that_may_be_chosen_is_no_family_without_a_version(library: Library) -> None:
    """GPL without a version is a choice of its versions, so that nothing about it is unknown."""
    graph = Graph()
    graph.add((NODE, CG.declaredLicense, _license("gpl")))
    assert results(run(graph + license_types(library), shapes_graph("artifact", "data"))) == []


def test_the_shapes_fire_on_the_sample(sample: Workspace) -> None:
    """A shape with a wrong target conforms vacuously, so the sample must set off many of them."""
    import pyarrow.parquet as pq

    fired = set(pq.read_table(sample.derived / "audit" / "findings.parquet")["code"].to_pylist())
    assert {"CG101", "CG102", "CG103", "CG104", "CG121", "CG122", "CG204", "CG205", "CG207", "CG224"} <= fired
    assert {"CG304", "CG305", "CG307", "CG310", "CG311", "CG312", "CG324", "CG417"} <= fired


def test_the_artifact_shapes_stay_inside_the_situation(ontology: Graph) -> None:
    allowed = linter.situation_properties(ontology)
    assert linter.problems(shapes_graph("artifact"), allowed) == []


def _mutations() -> Iterator[tuple[str, str, str, str]]:
    """Yield (shape, part, a triple pattern to remove or a triple to add, what): one mistake for each shape."""
    lic, clause = "license:mit", "<https://w3id.org/clausegraph/license/mit#2-notice>"
    reach, carrier = "<https://w3id.org/clausegraph/license/mit#reach-copies>", None
    yield "License-identifier", "library", f"{lic} cg:identifier ?x", ""
    yield "License-label", "library", f"{lic} skos:prefLabel ?x", ""
    yield "License-verified", "library", f"{lic} cg:verified ?x", ""
    yield "License-complete", "library", f"{lic} cg:clausesComplete ?x", ""
    yield "Verified-date", "library", f"{lic} cg:reviewedOn ?x", ""
    yield "Clause-kind", "library", f"{clause} cg:kind ?x", ""
    yield "Clause-section", "library", f"{clause} cg:section ?x", ""
    yield "Clause-definition", "library", f"{clause} skos:definition ?x", ""
    yield "Clause-type", "library", f"{clause} a ?x", ""
    yield "Reach-section", "library", f"{reach} cg:section ?x", ""
    yield "Reach-form", "library", f"{reach} ?p ?x . FILTER(?p IN (cg:reachesForm, cg:mayReachForm))", ""
    yield "Reach-setting", "library", f"{reach} cg:reachesSetting ?x", ""
    carrier = "<https://w3id.org/clausegraph/license/gpl-3.0#5.c-share-alike-carrier-self>"
    yield "Carrier-rule", "library", f"{carrier} cg:carrierRule ?x", ""
    yield "Carrier-certainty", "library", f"{carrier} cg:certainty ?x", ""
    imposition = "<https://w3id.org/clausegraph/license/gemma#3.2-use-restriction-imposes-automated-adverse-decision>"
    yield "Imposition-restriction", "library", f"{imposition} cg:ofRestriction ?x", ""
    yield "Imposition-locator", "library", f"{imposition} cg:locator ?x", ""
    unknown = "<https://w3id.org/clausegraph/known-unknown/helpingai>"
    yield "KnownUnknown-alias", "library", f"{unknown} cg:alias ?x", ""
    yield "KnownUnknown-reason", "library", f"{unknown} skos:scopeNote ?x", ""
    release = "<https://w3id.org/clausegraph/release/yi>"
    yield "Release-names", "library", f"{release} cg:namesBegin ?x", ""
    yield "Release-declarations", "library", f"{release} cg:declaration ?x", ""
    rule = "<https://w3id.org/clausegraph/family-rule/cc-share-alike>"
    yield "FamilyRule-covers", "library", f"{rule} cg:covers ?x", ""
    yield "Term-label", "style", "cg:License skos:prefLabel ?x", ""
    yield "Term-definition", "style", "cg:License skos:definition ?x", ""
    yield "Term-example", "style", "cg:License skos:example ?x", ""
    yield "Ontology-version", "style", "<https://w3id.org/clausegraph/ns> owl:versionIRI ?x", ""


MUTATIONS = {m[0]: m for m in _mutations()}
PATTERNS = [pattern for _, _, pattern, _ in MUTATIONS.values()]
_PREFIXES = f"""PREFIX cg: <{CG_IRI}> PREFIX license: <https://w3id.org/clausegraph/license/>
PREFIX skos: <http://www.w3.org/2004/02/skos/core#> PREFIX owl: <http://www.w3.org/2002/07/owl#> """


@pytest.fixture(scope="module")
def ontology() -> Graph:
    return ontology_graph()


@pytest.fixture(scope="module")
def few() -> Graph:
    """The ontology with those licenses only in which mistakes are made."""
    graph = Graph()
    for path in turtle_files("ontology"):
        if path.parent.name != "licenses" or any(
            f"license/{path.stem}" in p or f":{path.stem} " in p for p in PATTERNS
        ):
            graph.parse(path)
    return graph


@pytest.fixture(scope="module")
def known(few: Graph) -> dict[str, Counter[Result]]:
    """What the shapes say of it before a mistake is made: of families of which most licenses are not there."""
    return {
        part: Counter(results(run(own_terms(few) if part == "style" else few, shapes_graph(part))))
        for part in ("style", "library")
    }


@pytest.mark.parametrize("part", ["style", "library"])
def test_the_ontology_is_written_as_its_shapes_ask(part: str, ontology: Graph) -> None:
    data = own_terms(ontology) if part == "style" else ontology
    assert results(run(data, shapes_graph(part))) == []


@pytest.mark.parametrize("shape", MUTATIONS)
def test_a_mistake_in_the_ontology_gives_exactly_its_result(
    shape: str, few: Graph, known: dict[str, Counter[Result]]
) -> None:
    _, part, pattern, _ = MUTATIONS[shape]
    assert {r.code for r in known[part]} <= {"FamilyRule"}
    broken = own_terms(few) if part == "style" else Graph() + few
    head = pattern.split(" . FILTER")[0]
    broken.update(_PREFIXES + f"DELETE {{ {head} }} WHERE {{ {pattern} }}")
    found = Counter(results(run(broken, shapes_graph(part)))) - known[part]
    assert {r.code for r in found} == {shape}


LICENSE = "https://w3id.org/clausegraph/license/"
FAMILY_MISTAKES = {
    "a missing clause": ("llama3.1", "indemnity", None, {"llama-community"}),
    "a clause that the family does not have": (
        "cc-by-3.0",
        "revocability",
        "non-commercial",
        {"cc-before-4", "cc-commercial"},
    ),
}


@pytest.mark.parametrize("what", FAMILY_MISTAKES)
def test_a_license_that_leaves_its_family_is_found(what: str, ontology: Graph) -> None:
    license_id, kind, other, rules = FAMILY_MISTAKES[what]
    broken = Graph() + ontology
    put = f"INSERT {{ ?clause cg:kind kind:{other} }}" if other else ""
    broken.update(
        f"""{_PREFIXES} PREFIX kind: <https://w3id.org/clausegraph/kind/>
        DELETE {{ {"?clause cg:kind ?kind" if other else "<" + LICENSE + license_id + "> cg:hasClause ?clause"} }} {put}
        WHERE {{ <{LICENSE}{license_id}> cg:hasClause ?clause . ?clause cg:kind ?kind
          FILTER(?kind = kind:{kind}) }}"""
    )
    found = [r for r in results(run(broken, shapes_graph("library"))) if r.code == "FamilyRule"]
    assert {r.focus.rpartition("/")[2] for r in found} == rules
    assert {r.value for r in found} == {LICENSE + license_id}


def test_licenses_with_one_attachment_have_the_same_restrictions(ontology: Graph) -> None:
    broken = Graph() + ontology
    broken.update(
        f"""{_PREFIXES} PREFIX restriction: <https://w3id.org/clausegraph/restriction/>
        DELETE {{ ?clause cg:imposes restriction:defamation }}
        WHERE {{ <{LICENSE}bigscience-bloom-rail-1.0> cg:hasClause ?clause .
          ?clause cg:imposes restriction:defamation }}"""
    )
    found = [r for r in results(run(broken, shapes_graph("library"))) if r.code == "FamilyRule"]
    assert [(r.focus.rpartition("/")[2], r.value) for r in found] == [
        ("openrail-bigscience", LICENSE + "bigscience-bloom-rail-1.0")
    ]


def test_every_shape_of_the_ontology_has_its_mistake() -> None:
    named = {str(s).rsplit("#", 1)[1] for s in shapes_graph("library", "style").subjects(RDF.type, SH.PropertyShape)}
    assert named == set(MUTATIONS)
