"""Reach: what comes of chains of reuse, decided by law and practice, and the laws of the transition table."""

from collections import defaultdict
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from clausegraph.answers.compat import Case, Compat
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.ground.files import folder
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.index import index_files
from clausegraph.library.model import Clause
from clausegraph.library.read import Reader
from clausegraph.reasoning.outcomes import Level, Verdict
from tests.support.chains import judged, said
from tests.support.paths import ROOT

LIBRARY = Library.load()
PROBES = {row["id"]: row for row in yaml.safe_load((ROOT / "tests" / "reach" / "probes.yaml").read_text())}


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if "verdict" in row])
def test_a_chain_ends_as_law_and_practice_say(name: str) -> None:
    found = judged(PROBES[name]).check()
    assert found.verdict in PROBES[name]["verdict"], [(f["code"], f["clause"], f["message"]) for f in found.findings()]


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if {"owes", "owes_not"} & row.keys()])
def test_a_chain_owes_what_the_text_asks_for(name: str) -> None:
    owed = said((o.clause.kind.name, o.clause.section) for o in judged(PROBES[name]).check().judgment.obligations)
    assert owed >= set(PROBES[name].get("owes", ()))
    assert not owed & set(PROBES[name].get("owes_not", ()))


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if "owes_settled" in row])
def test_nobody_doubts_what_a_chain_owes(name: str) -> None:
    owed = judged(PROBES[name]).check().judgment.obligations
    sure = said((o.clause.kind.name, o.clause.section) for o in owed if o.certainty == "settled")
    assert sure >= set(PROBES[name]["owes_settled"])


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if {"finds", "finds_not"} & row.keys()])
def test_a_chain_meets_the_clause_that_decides_it(name: str) -> None:
    found = said((f["kind"], f["section"]) for f in judged(PROBES[name]).check().findings())
    assert found >= set(PROBES[name].get("finds", ()))
    assert not found & set(PROBES[name].get("finds_not", ()))


@pytest.mark.parametrize("name", [name for name, row in PROBES.items() if "same_as" in row])
def test_two_ways_that_make_the_same_thing_bind_alike(name: str) -> None:
    row = PROBES[name]
    one, other = judged(row).check(), judged(row | {"steps": row["same_as"]}).check()
    assert [(f["code"], f["clause"]) for f in one.findings()] == [(f["code"], f["clause"]) for f in other.findings()]


# ---- laws of the table -----------------------------------------------------

ONTOLOGY = Reader(index_files([folder("ontology") / "reach.ttl"]))
RELATIONS = [name for name, relation in LIBRARY.relations.items() if not relation.candidates]
FORMS = [ns.local(form) for form in ONTOLOGY.typed("Form")]
SETTINGS = {ns.local(s): bool(ONTOLOGY.one(s, "isPart")) for s in ONTOLOGY.typed("Setting")}
#: Relations that change a work, and leave it what it is otherwise.
DERIVING = ("copy", "modify", "finetune", "adapter", "quantize", "merge")
#: Relations under which something else is made than the work.
LEAVING = ("train", "distill", "train-on-output", "generate")


def _rows(start: str, end: str) -> dict[tuple[str, str], str]:
    return {
        (before, by): ns.local(ONTOLOGY.one(step, end))
        for step in ONTOLOGY.typed("Transition")
        for before in ONTOLOGY.locals(step, start)
        for by in ONTOLOGY.locals(step, "byRelation")
    }


TURNS, PLACES = _rows("fromForm", "toForm"), _rows("fromSetting", "toSetting")


def form_after(form: str, *relations: str) -> str:
    for relation in relations:
        form = TURNS.get((form, relation), form)
    return form


def setting_after(setting: str, relation: str) -> str:
    sets = ONTOLOGY.one(ns.BASE + "relation/" + relation, "setsSetting")
    return PLACES.get((setting, relation), ns.local(sets) if sets else setting)


def test_what_was_only_used_stays_used_but_for_a_service_of_which_it_is_a_part() -> None:
    assert {r: setting_after("Used", r) for r in RELATIONS} == {
        r: "HostedPart" if r == "serve" else "Used" for r in RELATIONS
    }


def test_a_part_never_becomes_more_than_a_part() -> None:
    for setting, is_part in SETTINGS.items():
        for relation in RELATIONS:
            if is_part and relation not in LEAVING:
                assert SETTINGS[setting_after(setting, relation)], (setting, relation)


def test_the_order_of_adapting_quantizing_finetuning_and_copying_does_not_matter() -> None:
    for form in FORMS:
        for one in ("copy", "modify", "finetune", "adapter", "quantize", "merge"):
            for other in DERIVING:
                assert form_after(form, one, other) == form_after(form, other, one), (form, one, other)
            assert form_after(form, one, one) == form_after(form, one)


def test_generating_and_then_training_is_training_on_output_where_there_is_output() -> None:
    for form in FORMS:
        if form != "Output":  # output has no output of its own
            assert form_after(form, "generate", "train") == form_after(form, "train-on-output"), form


def test_what_is_far_away_stays_far_away() -> None:
    assert {form_after("Remote", relation) for relation in LIBRARY.relations} == {"Remote"}


# ---- laws of verdicts ------------------------------------------------------

COMPAT = Compat(LIBRARY)
DECLARED = ("mit", "apache-2.0", "gpl-3.0", "proprietary")
#: What a text itself turns round, with the section that makes it right.
EXCEPTIONS = {
    (
        "copy",
        "finetune",
        "apple-sample-code",
    ): "2: notices go with the software as it is, not with changed versions",
    (
        "copy",
        "quantize",
        "apple-sample-code",
    ): "2: notices go with the software as it is, not with changed versions",
    ("copy", "quantize", "ms-pl"): "3(D): source keeps the license, object code may go under any that complies",
    ("copy", "quantize", "epl-1.0"): "3: object code may have own terms, and whether weights are that is contested",
    ("copy", "quantize", "epl"): "as a member of it, EPL-1.0",
    ("copy", "quantize", "cpl-1.0"): "3: as EPL-1.0",
    ("copy", "quantize", "mpl-1.1"): "3.6: as EPL-1.0, of executables",
    ("copy", "quantize", "mpl"): "as a member of it, MPL-1.1",
    ("copy", "quantize", "cddl-1.0"): "3.5: as EPL-1.0, of executables",
    **{
        ("copy", more, license_id): why
        for more in ("finetune", "quantize")
        for license_id, why in {
            "elastic-2.0": "copyright license: it cannot be sublicensed; own changes are contested",
            "fair-ai-public-1.0": "notices: changes may go under as free a license, the software itself may not",
            "polyform-small-business-1.0.0": "no other rights: it cannot be sublicensed; own changes are contested",
        }.items()
    },
}
#: Creative Commons before 4.0 without SA: 4(a) keeps the work itself under the license, and leaves adaptations free.
CC_COPIES = {f"cc-{one}-{version}" for one in ("by", "by-nc") for version in ("1.0", "2.0", "2.5", "3.0")}
CC_ND_COPIES = {f"cc-{one}-{version}" for one in ("by-nd", "by-nc-nd") for version in ("1.0", "2.0", "2.5", "3.0")}
#: What may be adapted, changed or combined under another license may not be copied under it: BY-SA 4.0 2(a)(5)(A),
#: CeCILL 2.1 and B 5.3.1, EUPL 5, LPPL 2, MPL 3.1, ODC-By 4.2(a).
OTHER_COPIES = frozenset(
    ("cc-by-sa", "cc-by-sa-4.0", "cecill-2.1", "cecill-b", "eupl", "eupl-1.2", "lppl-1.3c", "mpl", "mpl-2.0", "odc-by")
)
#: Relations of which the first may go under fewer licenses than the second, by the licenses that hold copies so;
#: whether a conversion is still a copy is contested.
TIGHTER = {
    ("copy", "quantize"): CC_COPIES | CC_ND_COPIES | OTHER_COPIES,
    ("copy", "finetune"): CC_COPIES | OTHER_COPIES,
    ("quantize", "finetune"): CC_COPIES | {"cc-by-sa-4.0", "cecill-2.1", "cecill-b", "mpl-2.0"},
}


def verdict(license_id: str, via: str, declared: str, kind: str, reading: str = "open") -> Verdict:
    case = Case((license_id,), via, (declared,), kind, reading=reading)
    return COMPAT.answer(case, suggest=False).judgment.verdict


@pytest.mark.parametrize(
    ("less", "more", "kind"),
    [
        ("use", "include", "application"),
        ("use", "include", "service"),
        ("include", "link", "application"),
        ("include", "link", "service"),
        ("adapter", "finetune", "model"),
        ("quantize", "finetune", "model"),
        ("finetune", "merge", "model"),
        ("copy", "quantize", "model"),
        ("copy", "finetune", "model"),
    ],
)
def test_doing_less_with_a_work_never_binds_more(less: str, more: str, kind: str) -> None:
    excepted = {license_id for one, other, license_id in EXCEPTIONS if (one, other) == (less, more)}
    excepted |= TIGHTER.get((less, more), set())
    wrong = {
        license_id
        for license_id in LIBRARY.licenses
        for declared in DECLARED
        if verdict(license_id, less, declared, kind) > verdict(license_id, more, declared, kind)
    }
    assert wrong == excepted


@pytest.mark.parametrize("via", RELATIONS)
def test_a_stricter_reading_is_never_greener(via: str) -> None:
    for license_id in LIBRARY.licenses:
        for declared in DECLARED:
            lenient, open_, strict = (
                verdict(license_id, via, declared, "model", reading) for reading in ("lenient", "open", "strict")
            )
            assert lenient <= open_ <= strict, (license_id, declared)


CHAINS = st.lists(st.sampled_from(sorted(LIBRARY.relations)), min_size=1, max_size=4)
LICENSES = st.sampled_from(sorted(LIBRARY.licenses))


@settings(deadline=None, max_examples=300)
@given(LICENSES, CHAINS, st.sampled_from(DECLARED))
def test_a_stricter_reading_is_never_greener_along_a_chain(license_id: str, chain: list[str], declared: str) -> None:
    row = {
        "start": {"kind": "model", "license": license_id},
        "steps": [{"via": via, "kind": "model", "license": declared, "own": n > 0} for n, via in enumerate(chain)],
    }
    found = [judged(row | {"reading": reading}).check().judgment.verdict for reading in ("lenient", "open", "strict")]
    assert found == sorted(found)


@settings(deadline=None, max_examples=200)
@given(LICENSES, LICENSES, st.sampled_from(RELATIONS), st.sampled_from(DECLARED))
def test_one_upstream_more_never_makes_anything_greener(one: str, more: str, via: str, declared: str) -> None:
    alone = COMPAT.answer(Case((one,), via, (declared,), assume={"same_family": False}), suggest=False)
    both = COMPAT.answer(Case((one, more), via, (declared,), assume={"same_family": False}), suggest=False)
    assert alone.judgment.verdict <= both.judgment.verdict


#: Which forms of a work are nearer to it than which others.
NEARER = [
    ("Derivative", "Learned"),
    ("Derivative", "Imitation"),
    ("Copy", "Output"),
    ("Learned", "Remote"),
    ("Imitation", "Remote"),
    ("Output", "Remote"),
]
SURE = {"contested": 1, "settled": 2}


def _reaches() -> dict[Clause, dict[tuple[str, str], int]]:
    """Return for each clause how sure it is that it binds, by form and setting."""
    found: dict[Clause, dict[tuple[str, str], int]] = defaultdict(dict)
    for row in LIBRARY.encumbrances.values():
        for sure, clauses in (("contested", row.may_bind), ("settled", row.binds)):
            for clause in clauses:
                found[clause][row.form, row.setting] = SURE[sure]
    return found


REACHES = _reaches()


def test_a_clause_that_binds_near_the_work_and_far_from_it_is_no_surer_far_away() -> None:
    for clause, sure in REACHES.items():
        for near, far in NEARER:
            for setting in SETTINGS:
                if (near, setting) in sure:
                    assert sure.get((far, setting), 0) <= sure[near, setting], (clause.iri, near, far, setting)


#: Kinds that withhold the rights from persons: who is two steps away exercises none of them.
PERSONAL = {"threshold", "territory"}


def test_what_may_be_a_derivative_is_not_freed_by_one_more_step_of_the_same_sort() -> None:
    """Who reads strictly and takes a student for a derivative may not call the student of that student free.

    It is so for what must be carried, limits and bans; a duty that is lost on the way makes nothing permitted.
    """
    freed = set()
    for clause, sure in REACHES.items():
        forms = {form for form, setting in sure if setting == "Whole"}
        again = "Imitation" in forms or {"Learned", "Output"} <= forms
        strict = clause.kind.form in ("carry", "limit", "ban") and clause.kind.name not in PERSONAL
        if strict and again and "Derivative" in forms and "Remote" not in forms:
            freed.add(clause.license)
    assert freed == set()


#: Answers that speak for the user. `same_family` is none of them: it says that the work is finetuned as well.
IN_FAVOUR = {
    **dict.fromkeys(("distributed", "offered_to_others", "commercial", "removes_safeguards", "sold_alone"), False),
    **dict.fromkeys(("similar_purpose", "competes_with_licensor", "modified"), False),
    **dict.fromkeys(("authorized", "registered", "passes_terms_on", "source_offered", "research", "end_user"), True),
    **dict.fromkeys(("attribution_displayed", "exception_applies", "computational_use"), True),
}


@settings(deadline=None, max_examples=300)
@given(
    LICENSES,
    st.sampled_from(RELATIONS),
    st.sampled_from(DECLARED),
    st.sampled_from(sorted(IN_FAVOUR)),
    st.sampled_from(sorted(LIBRARY.kinds_by_spelling)),
)
def test_an_answer_in_favour_never_makes_it_worse_nor_one_against_better(
    license_id: str, via: str, declared: str, key: str, kind: str
) -> None:
    good, none, bad = (
        COMPAT.answer(Case((license_id,), via, (declared,), kind, assume=assume), suggest=False).judgment.verdict
        for assume in ({key: IN_FAVOUR[key]}, {}, {key: not IN_FAVOUR[key]})
    )
    assert good <= none <= bad


# ---- relations that do not fit ---------------------------------------------


def test_a_relation_that_does_not_fit_is_named_with_the_one_that_would() -> None:
    found = judged(PROBES["E036"]).check()
    finding = next(f for f in found.findings() if f["code"] == "CG129")
    assert found.judgment.reasons == ("relation-does-not-fit",)
    assert "finetuned" in finding["remedy"]
    assert finding["path"][0]["parent"] == "w0 by train"


def test_a_case_says_what_is_reused_only_where_it_wants_to() -> None:
    def answer(upstream: str | None) -> str:
        return COMPAT.answer(Case(("llama2",), "train", ("apache-2.0",), "model", upstream)).verdict

    assert answer("model") == "unknown"
    assert answer(None) == answer("dataset") == answer("source") != "unknown"


# ---- one answer per licensor -----------------------------------------------

BOTH = ("cc-by-nc-4.0", "polyform-noncommercial-1.0.0")


@pytest.mark.parametrize(
    ("assume", "breached"),
    [
        ({}, set(BOTH)),
        ({"authorized": True}, set()),
        ({"authorized": {"cc-by-nc-4.0": True}}, {BOTH[1]}),
        ({"authorized@CC-BY-NC-4.0": True}, {BOTH[1]}),
        ({"authorized": {BOTH[0]: True, BOTH[1]: True}}, set()),
        ({"authorized": True, f"authorized@{BOTH[1]}": False}, {BOTH[1]}),
    ],
    ids=["nobody", "everybody", "one, as a mapping", "one, with a sign", "both", "everybody but one"],
)
def test_a_permission_of_one_licensor_is_none_of_another(assume: dict[str, Any], breached: set[str]) -> None:
    case = Case.from_dict(
        {
            "upstream": list(BOTH),
            "via": "merge",
            "downstream": ["proprietary"],
            "assume": assume | {"commercial": True},
        },
        LIBRARY,
    )
    found = COMPAT.answer(case).judgment.outcomes
    assert {
        o.clause.license for o in found if o.clause.kind.name == "non-commercial" and o.level is Level.breaches
    } == breached


def test_a_license_that_is_none_is_told() -> None:
    with pytest.raises(UnknownIdentifier, match="cc-by-nc"):
        Assumptions.of_pairs(LIBRARY, ["authorized@cc-by-nx=true"])
