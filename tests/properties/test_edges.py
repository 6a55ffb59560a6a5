"""At the edge of each rule: the neighbour that must behave otherwise, decided from the rule."""

import json
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pyoxigraph as ox
import pytest
from clausegraph.loaders import cyclonedx, spdx
from clausegraph.loaders.card import read_card
from clausegraph.loaders.document import Document
from clausegraph.loaders.records import Artifact
from rdflib import RDF, Graph, Literal, Namespace, URIRef

from clausegraph.answers.artifact_findings import examples
from clausegraph.answers.card import card_subject
from clausegraph.choosing.choose import choose
from clausegraph.choosing.guide import follow
from clausegraph.choosing.wishes import wishes_of
from clausegraph.composing.compose import compose
from clausegraph.composing.kit import load_kit
from clausegraph.ground.files import turtle_files
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.codes import codes
from clausegraph.library.names import Expression
from clausegraph.library.queries import bind, queries
from clausegraph.store.nquads import write_quads
from clausegraph.validation.audit import audit
from clausegraph.validation.shacl import results, run
from clausegraph.validation.shapes import CG, shapes_graph
from clausegraph.workspace import lineage
from clausegraph.workspace.context import context
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.running import ok

LIBRARY = Library.load()
SH = Namespace("http://www.w3.org/ns/shacl#")


def card(folder: Path, text: str) -> Artifact:
    (folder / "README.md").write_text(f"---\n{text}\n---\n", encoding="utf-8")
    return read_card(folder / "README.md", context(lambda _: None))


def records(loader: Any, value: Any) -> dict[str, Artifact]:
    found = loader.read(Document("it.json", "it.json", json.dumps(value).encode()), context(lambda _: None))
    return {r.id: r for r in found if isinstance(r, Artifact)}


# ---- names -------------------------------------------------------------------


@pytest.mark.parametrize("text", ["gpl-3.0 AND nosuch", "mit OR nosuch", "nosuch", "(mit AND gpl-3.0) OR nosuch"])
def test_an_expression_with_one_part_that_nobody_knows_is_not_known(text: str) -> None:
    assert LIBRARY.names.expression(text) is None


@pytest.mark.parametrize("plus", ["GPL-2.0+", "GPL-3.0+", "LGPL-2.1+", "AGPL-3.0+"])
def test_a_plus_means_or_later(plus: str) -> None:
    assert LIBRARY.names.expression(plus) == LIBRARY.names.expression(plus.replace("+", "-or-later"))
    assert (
        LIBRARY.names.expression(plus) != LIBRARY.names.expression(plus.replace("+", "-only"))
        or "AGPL" in plus
        or ("GPL-3.0" in plus)
    )


def test_what_the_card_names_beside_other_stays(tmp_path: Path) -> None:
    both = lineage.declared_expression(LIBRARY, ["mit", "other"], "llama3.1")
    assert both.ids == {"mit", "llama3.1"}
    assert lineage.declared_expression(LIBRARY, ["other"], "llama3.1").ids == {"llama3.1"}


# ---- cards and bills of materials ----------------------------------------------


@pytest.mark.parametrize("key", ["configs: [{config_name: default}]", "size_categories: [1K<n<10K]"])
def test_a_card_that_names_a_base_model_is_a_model_whatever_else_it_says(key: str, tmp_path: Path) -> None:
    found = card(tmp_path, f"base_model: acme/base\n{key}")
    assert found.kind == "model"
    assert [r.parent for r in found.references] == ["acme/base"]
    assert card(tmp_path, key).kind == "dataset"


def test_a_stated_relation_counts_before_the_file_of_an_adapter(tmp_path: Path) -> None:
    (tmp_path / "adapter_config.json").write_text(json.dumps({"base_model_name_or_path": "acme/base"}))
    text = "---\nbase_model: acme/base\nbase_model_relation: quantized\nlicense: mit\n---\n"
    (tmp_path / "README.md").write_text(text)
    subject = card_subject(LIBRARY, tmp_path, Assumptions(LIBRARY))
    assert {e.relation for e in subject.node.edges} == {"quantize"}
    (tmp_path / "README.md").write_text("---\nlicense: mit\n---\n")
    subject = card_subject(LIBRARY, tmp_path, Assumptions(LIBRARY))
    assert {e.relation for e in subject.node.edges} == {"adapter"}


def test_who_may_choose_owes_the_duties_of_no_option(tmp_path: Path) -> None:
    card(tmp_path, "license: mit OR gpl-3.0")
    assert card_subject(LIBRARY, tmp_path, Assumptions(LIBRARY)).check().own_duties == ()
    card(tmp_path, "license: gpl-3.0")
    own = card_subject(LIBRARY, tmp_path, Assumptions(LIBRARY)).check().own_duties
    assert "source-disclosure" in {o.clause.kind.name for o in own}


SPDX = "https://spdx.org/rdf/3.0.1/spdx-context.jsonld"


def _spdx(declared: str | None, concluded: str | None) -> Artifact:
    package = {"type": "ai_AIPackage", "spdxId": "https://example.org/m", "name": "m", "creationInfo": "_:c"}
    graph: list[Any] = [{"type": "CreationInfo", "@id": "_:c", "specVersion": "3.0.1"}, package]
    for n, (relation, value) in enumerate((("hasDeclaredLicense", declared), ("hasConcludedLicense", concluded))):
        if value:
            graph.append(
                {
                    "type": "Relationship",
                    "spdxId": f"https://example.org/r{n}",
                    "relationshipType": relation,
                    "from": "https://example.org/m",
                    "to": [f"https://example.org/l{n}" if value not in ("NONE", "NOASSERTION") else _SPECIAL[value]],
                    "creationInfo": "_:c",
                }
            )
            graph.append(
                {
                    "type": "simplelicensing_LicenseExpression",
                    "spdxId": f"https://example.org/l{n}",
                    "simplelicensing_licenseExpression": value,
                    "creationInfo": "_:c",
                }
            )
    return next(iter(records(spdx, {"@context": SPDX, "@graph": graph}).values()))


_SPECIAL = {
    "NONE": "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoneLicense",
    "NOASSERTION": "https://spdx.org/rdf/3.0.1/terms/ExpandedLicensing/NoAssertionLicense",
}


@pytest.mark.parametrize("nothing", ["NONE", "NOASSERTION", None])
def test_spdx_that_declares_nothing_has_what_was_concluded(nothing: str | None) -> None:
    found = _spdx(nothing, "MIT")
    stated = {*found.licenses, *(s.value for s in found.statements)}
    assert "MIT" in stated
    assert not {"NONE", "NOASSERTION"} & set(found.licenses)


def test_cyclonedx_that_only_concludes_has_what_it_concludes() -> None:
    component = {"type": "machine-learning-model", "name": "m", "purl": "pkg:huggingface/a/m@1"}
    component["licenses"] = [{"license": {"id": "MIT", "acknowledgement": "concluded"}}]  # type: ignore[assignment]
    value = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1", "components": [component]}
    found = records(cyclonedx, value)["a/m"]
    assert "MIT" in {*found.licenses, *(s.value for s in found.statements)}


@pytest.mark.parametrize("name", ["works.ttl", "facts.jsonl", "README.md"])
def test_a_byte_order_mark_is_no_part_of_the_text(name: str, tmp_path: Path) -> None:
    texts = {
        "works.ttl": f"@prefix cg: <{CG}> .\n<https://huggingface.co/a/m> a cg:Model ; "
        "cg:declaredLicense <https://w3id.org/clausegraph/license/mit> .\n",
        "facts.jsonl": '{"kind": "model", "id": "a/m", "license": ["mit"]}\n',
        "README.md": "---\nlicense: mit\n---\n",
    }
    folder = tmp_path / "in" / "m"
    folder.mkdir(parents=True)
    path = folder / name
    path.write_bytes(b"\xef\xbb\xbf" + texts[name].encode())
    if name == "README.md":
        assert card_subject(LIBRARY, path, Assumptions(LIBRARY)).check().verdict == "compatible"
        return
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(path))
    assert _declared(workspace) == ["mit"]


def _declared(workspace: Workspace) -> list[str]:
    from clausegraph.answers.artifact_index import Catalogue

    catalogue = Catalogue(workspace, LIBRARY)
    found = [str(catalogue.expressions[e]) for (e,) in catalogue.ask("SELECT expression FROM artifacts ORDER BY id")]
    catalogue.close()
    return found


@pytest.mark.parametrize("odd", ["\r", "\b", "\f", "\u2028", "\x7f", "\x00"])
def test_a_value_with_an_odd_character_is_written_so_that_it_can_be_read(odd: str, tmp_path: Path) -> None:
    (tmp_path / "facts.jsonl").write_text(json.dumps({"kind": "model", "id": "a/b", "license": [f"my{odd}words"]}))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "facts.jsonl"))
    path = write_quads(workspace, LIBRARY, tmp_path / "graph.nq")
    values = [q.object.value for q in ox.parse(path=str(path), format=ox.RdfFormat.N_QUADS)]
    assert any(v.startswith("my") and v.endswith("words") for v in values)


# ---- limits and order ----------------------------------------------------------


def test_what_has_exactly_as_many_downloads_is_among_those_that_have_at_least_as_many(tmp_path: Path) -> None:
    from clausegraph.store.embedded import open_store
    from clausegraph.store.endpoint import Embedded

    lines = [{"kind": "model", "id": f"a/m{n}", "license": [], "downloads": n} for n in (999, 1000, 1001)]
    (tmp_path / "facts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "facts.jsonl"))
    audit(workspace, LIBRARY)
    graph = Embedded(open_store(workspace, LIBRARY))
    query = queries()["undeclared"]
    _, rows = graph.select(bind(query, {"atLeast": "1000"}, LIBRARY))
    assert [str(row[0]).rsplit("/", 1)[1].rstrip(">") for row in rows] == ["m1001", "m1000"]


def test_the_examples_of_a_code_are_the_most_downloaded(tmp_path: Path) -> None:
    lines = [{"kind": "model", "id": f"a/m{n}", "license": [], "downloads": n} for n in (1, 30, 7, 20)]
    (tmp_path / "facts.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(tmp_path / "facts.jsonl"))
    audit(workspace, LIBRARY)
    assert examples(workspace, LIBRARY)["CG101"] == ["a/m30", "a/m20"]


def _plan(kind: str, license_id: str, via: str) -> Any:
    from clausegraph.answers.check import Subject
    from clausegraph.reasoning.judge_situation import SituationJudge
    from clausegraph.reasoning.trace import Edge, Node, Trace

    nodes = [Node("up", kind, Expression.of(license_id)), Node("it", kind, None, (Edge("up", via),))]
    return Subject(LIBRARY, Trace(LIBRARY, nodes), nodes[1], SituationJudge(LIBRARY, Assumptions(LIBRARY)))


def test_licenses_that_are_not_made_for_data_come_after_those_that_are() -> None:
    """For data under MIT that is changed, with a wish for copyleft: what is made for data first, code licenses last."""
    ranked = choose(_plan("dataset", "mit", "modify"), wishes_of(["copyleft"])).candidates
    possible = [c for c in ranked if c.possible and c.fulfilled == {"copyleft": True}]
    order = [c.license.id for c in possible]
    assert order.index("cc-by-sa-4.0") < order.index("gpl-3.0")
    assert order.index("odbl") < order.index("agpl-3.0")
    assert [c.suits for c in possible] == sorted((c.suits for c in possible), reverse=True)
    assert not any("UnspecifiedLicense" in c.license.sorts for c in ranked)


def test_possible_licenses_are_named_by_their_texts(tmp_path: Path) -> None:
    """No family, and nothing that says that the terms stand elsewhere, is an alternative."""
    offered = _plan("model", "mit", "finetune").check().alternatives
    assert {"mit", "apache-2.0"} <= set(offered)
    assert not set(offered) & (LIBRARY.members.keys() | {"other", "unknown", "none"})


def _paths(given: dict[str, str]) -> Iterator[dict[str, str]]:
    question = follow(given).question
    if question is None:
        yield given
        return
    for answer in question.answers:
        yield from _paths(given | {question.key: answer.key})


def test_what_is_answered_last_counts_most_in_the_guide() -> None:
    """On every way through the questions the licenses that the last telling answer names come first."""
    seen = 0
    for given in islice(_paths({}), 400):
        outcome = follow(given)
        telling = [answer.licenses for _, answer in outcome.path if answer.licenses]
        if len(telling) > 1 and set(telling[0]) - set(telling[-1]):
            assert list(outcome.licenses[: len(set(telling[-1]))]) == list(dict.fromkeys(telling[-1])), given
            seen += 1
    assert seen > 10


def test_a_license_like_a_rail_keeps_the_parts_for_models_when_parts_are_picked() -> None:
    kit = load_kit()
    from clausegraph.composing.choices import choose as chosen_parts

    found = compose(LIBRARY, chosen_parts(kit, LIBRARY, chosen=["no-derivatives"], like="bigscience-openrail-m"))
    assert "model" in found.license.intended_for
    added = {c.kind.name for c in found.license.clauses if "addendum" in c.iri}
    assert {"no-derivatives", "provenance-notice"} <= added  # the notice on imitations covers models only
    data = compose(LIBRARY, chosen_parts(kit, LIBRARY, chosen=["no-derivatives", "artifact-d"]))
    assert "provenance-notice" not in {c.kind.name for c in data.license.clauses if "imitation" in c.iri}


# ---- severities and wrong values in shapes ----------------------------------------

#: Severity of each code that is about what was declared or read, decided by what follows from it.
WARNED = (
    # nobody can say under which terms the work stands, or those of an ancestor
    *(
        "CG101",
        "CG102",
        "CG103",
        "CG120",
        "CG121",
        "CG122",
        "CG123",
        "CG124",
        "CG125",
        "CG126",
        "CG127",
        "CG128",
        "CG129",
    ),
    # a license that is not made for such works, terms of weights that a card leaves out, statements that contradict
    *("CG104", "CG105", "CG106", "CG108"),
    # an ancestor is gone, or was dropped
    *("CG111", "CG118"),
)
#: What was repaired, or said twice, and changes no answer.
TOLD = ("CG107", "CG109", "CG112", "CG113", "CG114", "CG115", "CG116", "CG117", "CG119", "CG130")
SEVERITIES = dict.fromkeys(WARNED, "warning") | dict.fromkeys(TOLD, "info")


def test_severities_are_those_that_were_decided() -> None:
    for code, found in codes().items():
        expected = {"2": "violation", "3": "warning", "4": "info"}.get(code[2]) or SEVERITIES[code]
        assert found.severity == expected, code


def _constraints() -> list[tuple[str, str]]:
    shapes = shapes_graph("library")
    names = (SH["pattern"], SH["class"], SH["maxCount"], SH["datatype"], SH["in"], SH["nodeKind"])
    found = []
    for shape in sorted(shapes.subjects(RDF.type, SH.PropertyShape)):
        if isinstance(shapes.value(shape, SH.path), URIRef):
            found += [(str(shape), str(name)) for name in names if (shape, name, None) in shapes]
    return found


CONSTRAINTS = _constraints()


@pytest.fixture(scope="module")
def small() -> Graph:
    graph = Graph()
    for path in turtle_files("ontology"):
        if path.parent.name != "licenses" or path.stem in ("gpl-3.0", "cc-by-sa-4.0", "gemma", "llama2", "mpl-2.0"):
            graph.parse(path)
    return graph


def test_every_constraint_of_the_library_shapes_is_violated_by_a_wrong_value(small: Graph) -> None:
    """Each gets a value of another form, class or type, or one too many, at a node that has no other mistake."""
    shapes, broken, wanted, nodes = shapes_graph("library"), Graph() + small, set(), set()
    for shape, constraint in CONSTRAINTS:
        path = shapes.value(URIRef(shape), SH.path)
        places = {f for p in shapes.subjects(SH.property, URIRef(shape)) for f in _focus(small, shapes, p)}
        free = sorted(f for f in places - nodes if (f, path, None) in small)
        if free:
            sort = constraint.rpartition("#")[2]
            nodes.add(free[0])
            if sort != "maxCount":
                broken.remove((free[0], path, None))
            wrong = Literal("Wrong Value !") if sort in ("pattern", "datatype", "maxCount") else URIRef("urn:x:wrong")
            broken.add((free[0], path, wrong))
            wanted.add((str(free[0]), shape.rsplit("#", 1)[1]))
    found = {(r.focus, r.code) for r in results(run(broken, shapes))}
    assert wanted - found == set()
    assert len(wanted) > 15


def _focus(data: Graph, shapes: Graph, node: Any) -> set[Any]:
    found: set[Any] = set()
    for cls in shapes.objects(node, SH.targetClass):
        found |= set(data.subjects(RDF.type, cls))
    for prop in shapes.objects(node, SH.targetObjectsOf):
        found |= set(data.objects(None, prop))
    for prop in shapes.objects(node, SH.targetSubjectsOf):
        found |= set(data.subjects(prop, None))
    return {f for f in found if isinstance(f, URIRef)}


# ---- checks of the ontology -------------------------------------------------------


@pytest.mark.parametrize(
    "cls",
    ["owl:Class", "owl:ObjectProperty", "owl:DatatypeProperty", "cg:License", "cg:Restriction", "cg:ClauseKind"],
)
def test_two_terms_of_one_sort_with_one_label_are_found_whatever_the_sort(cls: str) -> None:
    from clausegraph.ground.files import folder

    store = ox.Store()
    prefixes = f"@prefix cg: <{CG}> . @prefix owl: <http://www.w3.org/2002/07/owl#> . "
    prefixes += "@prefix skos: <http://www.w3.org/2004/02/skos/core#> . "
    text = prefixes + f'<urn:a> a {cls} ; skos:prefLabel "same"@en . <urn:b> a {cls} ; skos:prefLabel "same"@en .'
    store.load(text.encode(), format=ox.RdfFormat.TURTLE)
    query = (folder("queries") / "checks" / "duplicate-label.rq").read_text(encoding="utf-8")
    assert {row["entity"].value for row in store.query(query)} == {"urn:a", "urn:b"}


def test_a_card_that_was_demoted_to_no_license_is_never_green(tmp_path: Path) -> None:
    card(tmp_path, "license: mit")
    assert "compatible" in ok("check", str(tmp_path), "-f", "json")
    (tmp_path / "README.md").write_text("---\nbase_model: a/b\n---\n")
    assert json.loads(ok("check", str(tmp_path), "-f", "json", code=1))["verdict"] == "unknown"


# ---- neighbours of rules in which faults survived -----------------------------------


@pytest.mark.parametrize(("text", "ids"), [("mit AND gpl-3.0", {"mit", "gpl-3.0"}), ("mit AND gpl-3.0 AND llama2", 3)])
def test_all_licenses_that_hold_together_count(text: str, ids: Any) -> None:
    found = LIBRARY.names.expression(text)
    assert found is not None
    assert len(found.options) == 1
    assert len(found.ids) == (ids if isinstance(ids, int) else len(ids))


@pytest.mark.parametrize(
    ("given", "asserted"), [({"distributed": True}, True), ({"distributed": False}, False), ({}, False)]
)
def test_an_act_is_asserted_where_somebody_said_that_it_happens(given: dict[str, bool], asserted: bool) -> None:
    assumptions, _ = Assumptions.read(LIBRARY, given)
    acts = [c for c in LIBRARY.triggers["distribution"] if c.key == "distributed"]
    assert assumptions.asserts(acts) is asserted


@pytest.mark.parametrize(("named", "expected"), [("", "mit"), ("license_name: my own words", "other")])
def test_a_card_that_leaves_its_license_to_a_file_is_read_as_that_file_unless_it_names_it(
    named: str, expected: str, tmp_path: Path
) -> None:
    from tests.support.stock import dressed

    (tmp_path / "LICENSE").write_text(dressed("mit"))
    (tmp_path / "README.md").write_text(f"---\nlicense: other\n{named}\n---\n")
    found = card_subject(LIBRARY, tmp_path, Assumptions(LIBRARY)).node.declared
    assert str(found) == expected


def test_a_component_whose_address_names_no_owner_is_no_work_of_the_hub() -> None:
    component = {"type": "machine-learning-model", "bom-ref": "m", "name": "m"}
    component["externalReferences"] = [{"type": "other", "url": "https://example.org/about"}]  # type: ignore[assignment]
    value = {"bomFormat": "CycloneDX", "specVersion": "1.6", "serialNumber": "urn:uuid:1", "components": [component]}
    assert set(records(cyclonedx, value)) == {"urn:uuid:1#m"}
    component["purl"] = "pkg:huggingface/gpt2@1"
    assert set(records(cyclonedx, value)) == {"pkg:huggingface/gpt2@1"}
