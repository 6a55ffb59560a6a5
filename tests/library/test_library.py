"""The license library: every clause stands where it says, and the facts agree with a second record of them."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from clausegraph.answers.compare import compare
from clausegraph.answers.license_record import license_dict, license_facts, openness
from clausegraph.compile.generate import inferred_types
from clausegraph.ground.namespaces import CG, local
from clausegraph.library import Library

LIBRARY = Library.load()
NODES = [i for i, found in LIBRARY.licenses.items() if found.status == "UnspecifiedLicense"]
LICENSES = [i for i, found in LIBRARY.licenses.items() if found.status == "License"]


def test_the_library_is_as_large_as_it_says() -> None:
    assert len(LICENSES) >= 170
    assert sum(len(LIBRARY.licenses[i].clauses) for i in LICENSES) >= 1500
    assert {"openrail", "cc", "gpl", "lgpl", "bsd", "gfdl", "odbl-family", "llama", "other", "unknown", "none"} - set(
        NODES
    ) <= {"odbl-family"}
    assert len(LIBRARY.licenses) == len(LICENSES) + len(NODES) + 1  # the user's own terms


@pytest.mark.parametrize("license_id", LICENSES)
def test_a_license_that_was_not_read_says_so(license_id: str) -> None:
    found = LIBRARY.licenses[license_id]
    assert found.source
    if found.verified:
        assert found.scancode_key is not None or "SHA-256" in found.source
        assert found.reviewer
        assert found.reviewed_on
    else:
        assert found.note


def test_a_clause_id_is_made_of_section_and_kind() -> None:
    slug = re.compile(r"[A-Za-z0-9]+([.-][A-Za-z0-9]+)*")
    for iri, clause in LIBRARY.clauses.items():
        fragment = iri.split("#")[1]
        assert fragment.startswith(f"{clause.section}-{clause.kind.name}")
        assert slug.fullmatch(fragment)
        assert slug.fullmatch(local(iri.split("#")[0]))


def test_a_clause_of_a_kind_has_the_deontic_type_of_the_kind() -> None:
    from clausegraph.library.read import read_all

    reader = read_all()
    for iri, clause in LIBRARY.clauses.items():
        assert CG + clause.kind.deontic in reader.all(iri, "http://www.w3.org/1999/02/22-rdf-syntax-ns#type")


def test_every_clause_that_can_bind_has_a_reach_and_a_trigger() -> None:
    for clause in LIBRARY.clauses.values():
        if clause.kind.form in ("duty", "carry", "limit", "ban", "refusal"):
            assert clause.reach, clause.iri
            assert clause.triggers, clause.iri
        if clause.kind.form == "carry":
            assert clause.carriers, clause.iri
        if clause.kind.form == "limit":
            assert clause.withholds, clause.iri
        if clause.kind.form == "refusal":
            assert clause.refuses, clause.iri


def test_a_license_does_not_grant_what_it_withholds() -> None:
    for found in LIBRARY.licenses.values():
        withheld = {c.withholds for c in found.clauses if c.withholds}
        assert not withheld & found.grants, found.id


def test_the_thirteen_restrictions_of_rail_m_are_in_the_scheme() -> None:
    from clausegraph.library.read import read_all

    reader = read_all()
    letters = {
        v for s in reader.typed("Restriction") for v in reader.all(s, "http://www.w3.org/2004/02/skos/core#notation")
    }
    assert letters == {f"({c})" for c in "abcdefghijklm"}
    assert len(reader.typed("Restriction")) == 65


def test_bloom_rail_has_all_thirteen_restrictions() -> None:
    clause = next(c for c in LIBRARY.licenses["bigscience-bloom-rail-1.0"].clauses if c.kind.name == "use-restriction")
    assert len(clause.imposes) == 14  # (f) covers defamation and harassment


# ---- facts -----------------------------------------------------------------


def _records(shared: Path) -> dict[str, dict[str, Any]]:
    data = json.loads((shared / "licenses" / "licenses_facts.json").read_text())
    records = {r["id"]: r for r in data["licenses"]}
    return records | {"deepseek": records["deepseek-1.0"], "gemma": records["gemma-tou-2025-03-24"]}


#: Facts on which the record is read otherwise here, and why.
READ_OTHERWISE = {
    ("c-uda", "same_license"): "the record calls the duty to bind recipients a share-alike",
    ("bigcode-openrail-m", "state_changes"): "the duty to document changes is kept as a statement of changes",
    ("lppl-1.3c", "keep_notice"): "6.c forbids to suggest support by the authors, and asks for no notice",
    ("epl-1.0", "state_changes"): "section 3 asks contributors to name themselves, which we call attribution",
    ("epl-2.0", "state_changes"): "section 3 asks contributors to keep notices, which we call attribution",
}


def test_the_facts_agree_with_the_record_of_facts(shared: Path) -> None:
    """The record was made apart from our clauses; where it says nothing, we may know more."""
    records = _records(shared)
    compared = 0
    for license_id in sorted(set(LICENSES) & set(records)):
        permissions, obligations = records[license_id]["permissions"], records[license_id]["obligations"]
        facts = license_facts(LIBRARY, LIBRARY.licenses[license_id])
        expected = {
            "commercial_use": permissions["commercial_use"],
            "patent_grant": permissions["patent_grant"],
            "keep_notice": obligations["attribution"] or obligations["include_license_text"],
            "state_changes": obligations["state_changes"],
            "same_license": (obligations["share_alike"] or {}).get("required"),
            "disclose_source": obligations["disclose_source"],
        }
        for fact, value in expected.items():
            # a sentence in the record is a condition and no answer
            if isinstance(value, bool) and facts[fact] is not None and (license_id, fact) not in READ_OTHERWISE:
                assert facts[fact] == value, (license_id, fact)
                compared += 1
    assert compared >= 400


@pytest.mark.parametrize(
    ("license_id", "expected"),
    [
        (
            "mit",
            {
                "commercial_use": True,
                "patent_grant": None,
                "state_changes": False,
                "same_license": False,
                "no_liability": True,
            },
        ),
        ("apache-2.0", {"patent_grant": True, "state_changes": True, "disclose_source": False, "no_trademark": True}),
        ("agpl-3.0", {"same_license": True, "network_copyleft": True, "disclose_source": True}),
        ("gpl-3.0", {"same_license": True, "network_copyleft": False}),
        ("cc-by-nc-nd-4.0", {"commercial_use": False, "modify": False, "distribute": True, "patent_grant": False}),
        ("opt-175b", {"commercial_use": False}),
        ("cc0-1.0", {"keep_notice": False, "patent_grant": False}),
        ("openrail", {"commercial_use": None, "same_license": None}),
    ],
)
def test_facts_are_yes_no_or_not_said(license_id: str, expected: dict[str, bool | None]) -> None:
    facts = license_facts(LIBRARY, LIBRARY.licenses[license_id])
    assert {k: facts[k] for k in expected} == expected
    assert list(facts) == [
        "commercial_use",
        "modify",
        "distribute",
        "patent_grant",
        "keep_notice",
        "state_changes",
        "disclose_source",
        "same_license",
        "network_copyleft",
        "no_trademark",
        "no_liability",
    ]


def test_a_license_as_json_has_the_form_of_the_contract() -> None:
    found = license_dict(LIBRARY, LIBRARY.license("GPLv3"))
    keys = {
        "id",
        "name",
        "spdx_id",
        "hf_id",
        "scancode_key",
        "verified",
        "openness",
        "families",
        "artifact_scope",
        "clauses",
        "facts",
    }
    assert keys <= set(found)
    assert {"osi_approved", "fsf_free", "open_source"} <= set(found["openness"])
    clause = next(c for c in found["clauses"] if (c["kind"], c["section"]) == ("share-alike", "5.c"))
    assert {
        "id",
        "kind",
        "deontic",
        "section",
        "reach",
        "certainty",
        "carried_by",
        "restrictions",
        "conditions",
    } <= set(clause)
    assert clause["deontic"] == "duty"


def test_two_licenses_are_compared_by_what_differs() -> None:
    rows = compare(LIBRARY, [LIBRARY.license("gpl-3.0"), LIBRARY.license("agpl-3.0")])
    assert list(rows) == ["network_copyleft", "clause: network-source-disclosure"]
    assert len(compare(LIBRARY, [LIBRARY.license("gpl-3.0"), LIBRARY.license("agpl-3.0")], differences=False)) > 11


# ---- families and generated files -----------------------------------------


@pytest.mark.parametrize(
    ("family", "inside", "outside"),
    [
        ("CopyleftLicense", ["gpl-3.0", "cc-by-sa-4.0", "mg-by-sa-2.0"], ["mit", "llama2"]),
        ("NetworkCopyleftLicense", ["agpl-3.0"], ["gpl-3.0"]),
        ("NonCommercialLicense", ["cc-by-nc-4.0", "opt-175b"], ["cc-by-4.0"]),
        ("NoDerivativesLicense", ["cc-by-nd-4.0"], ["cc-by-4.0"]),
        ("BehavioralUseLicense", ["bigscience-openrail-m", "llama2", "gemma"], ["apache-2.0"]),
        ("OpenRAILLicense", ["bigscience-openrail-m", "creativeml-openrail-m"], ["llama2", "opt-175b", "openrail"]),
        ("RAIL-M", ["bigscience-bloom-rail-1.0"], ["mit"]),
        ("PermissiveLicense", ["mit", "apache-2.0", "cc-by-4.0"], ["gpl-3.0", "llama2", "c-uda"]),
        ("OpenSourceLicense", ["mit", "gpl-3.0"], ["cc-by-4.0", "llama2"]),
        ("OpenDataLicense", ["cdla-permissive-2.0", "odbl"], ["c-uda", "mit"]),
    ],
)
def test_licenses_fall_into_their_families(family: str, inside: list[str], outside: list[str]) -> None:
    for license_id in inside:
        assert family in LIBRARY.licenses[license_id].families
    for license_id in outside:
        assert family not in LIBRARY.licenses[license_id].families


@pytest.mark.java
def test_a_reasoner_finds_the_ontology_consistent_and_the_same_families(java: str) -> None:
    from clausegraph.compile.check import reasoner_types

    found = reasoner_types(lambda _: None)
    assert found == inferred_types()
    assert len(found) > 100


def test_the_json_ld_context_brings_a_license_back_unchanged() -> None:
    from rdflib import Graph
    from rdflib.compare import isomorphic

    from clausegraph.ground.files import folder, generated

    context = json.loads(generated("context.jsonld").read_text())["@context"]
    graph = Graph().parse(folder("ontology") / "licenses" / "llama3.1.ttl")
    text = graph.serialize(format="json-ld", context=context)
    assert isomorphic(graph, Graph().parse(data=text, format="json-ld"))
    assert '"hasClause"' in text


def test_alignments_stand_outside_the_ontology_and_claim_no_equivalence() -> None:
    from rdflib import OWL, Graph

    from clausegraph.ground.files import folder, turtle_files

    paths = sorted((folder("ontology") / "alignments").glob("*.ttl"))
    assert len(paths) == 8
    assert not set(paths) & set(turtle_files("ontology"))
    for path in paths:
        graph = Graph().parse(path)
        assert not set(graph.predicates()) & {OWL.equivalentClass, OWL.equivalentProperty, OWL.sameAs}
        assert len(graph) > 7


# ---- openness --------------------------------------------------------------


@pytest.mark.parametrize(
    "license_id",
    [
        "llama2",
        "llama3",
        "llama3.1",
        "llama3.2",
        "llama3.3",
        "llama4",
        "gemma",
        "bigscience-openrail-m",
        "creativeml-openrail-m",
        "openrail++",
        "bigcode-openrail-m",
        "bigscience-bloom-rail-1.0",
        "cc-by-nc-4.0",
    ],
)
def test_what_forbids_a_use_is_source_available_and_not_open_source(license_id: str) -> None:
    answer = openness(LIBRARY, LIBRARY.licenses[license_id])
    assert answer["open_source"] is False
    assert answer["open_data"] is False
    assert answer["source_available"] is True


@pytest.mark.parametrize("license_id", ["apache-2.0", "mit", "gpl-3.0", "agpl-3.0", "mpl-2.0", "bsd-3-clause"])
def test_what_grants_every_freedom_and_is_approved_is_open_source(license_id: str) -> None:
    answer = openness(LIBRARY, LIBRARY.licenses[license_id])
    assert answer["osi_approved"] is answer["spdx_listed"] is answer["open_source"] is True
    assert answer["source_available"] is answer["behavioral_use"] is answer["proprietary"] is False


def test_an_approval_agrees_with_the_clauses() -> None:
    """What the Open Source Initiative approved restricts nobody, as far as its clauses are known."""
    for found in LIBRARY.licenses.values():
        if found.osi_approved:
            assert "SourceAvailableLicense" not in found.families, found.id
            if found.complete:
                assert "OpenSourceLicense" in found.families, found.id


def test_data_licenses_are_told_apart() -> None:
    assert openness(LIBRARY, LIBRARY.licenses["cdla-permissive-2.0"])["open_data"] is True
    assert openness(LIBRARY, LIBRARY.licenses["cc-by-4.0"])["open_data"] is True
    assert openness(LIBRARY, LIBRARY.licenses["cc-by-nc-4.0"])["non_commercial"] is True
    assert openness(LIBRARY, LIBRARY.licenses["llama-2023"])["open_source"] is False


def test_a_family_without_a_version_stays_unknown() -> None:
    answer = openness(LIBRARY, LIBRARY.licenses["cc"])
    assert {answer[one.key] for one in LIBRARY.openness} == {None}


def test_the_group_of_restricting_kinds_is_the_class_of_restricting_clauses() -> None:
    from clausegraph.library.read import read_all

    reader = read_all()
    broader = "http://www.w3.org/2004/02/skos/core#broader"
    kinds = {
        local(k) for k in reader.typed("ClauseKind") if any(local(b) == "restricting" for b in reader.all(k, broader))
    }
    classes = {
        local(s).removesuffix("Clause")
        for s, facts in reader.index.items()
        if CG + "RestrictingClause" in facts.get("http://www.w3.org/2000/01/rdf-schema#subClassOf", ())
    }
    assert {"".join(w.capitalize() for w in k.split("-")) for k in kinds} == classes
    assert len(kinds) == 11


def test_a_text_that_contradicts_itself_names_both_sections_and_is_contested() -> None:
    found = [c for c in LIBRARY.clauses.values() if c.contradicts]
    assert {"flux-1-dev-nc", "exaone"} <= {
        i for c in found for i in ("flux-1-dev-nc", "exaone") if c.license.startswith(i)
    }
    for clause in found:
        for other in clause.contradicts:
            assert other in LIBRARY.clauses
            assert LIBRARY.clauses[other].license == clause.license
            assert LIBRARY.clauses[other].section != clause.section


def test_restrictions_have_their_letter_where_the_text_has_one() -> None:
    clause = next(c for c in LIBRARY.licenses["bigscience-openrail-m"].clauses if c.kind.name == "use-restriction")
    assert clause.places
    assert {name for name, _ in clause.places} <= set(clause.imposes)


def test_code_and_weights_of_a_release_have_two_licenses() -> None:
    assert len(LIBRARY.releases) >= 20
    for release in LIBRARY.releases:
        assert release.license_ids <= set(LIBRARY.licenses)
        assert release.names
        assert release.weights
