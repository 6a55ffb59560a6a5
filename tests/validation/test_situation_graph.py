"""Situations as triples: what is said of a declaration, of what binds, and of what the judge found."""

from dataclasses import replace
from pathlib import Path

import pytest
from rdflib import Graph

from clausegraph.ground.namespaces import CG, REASON, SITUATION, local
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import Judged, SituationJudge
from clausegraph.reasoning.outcomes import Judgment, Level, Outcome
from clausegraph.reasoning.parts import Part, part_of
from clausegraph.reasoning.situations import Situation
from clausegraph.validation.situation_graph import (
    encumbrance_iris,
    expression_iris,
    judgment_triples,
    situation_iri,
    situation_statements,
    situation_triples,
    write_ntriples,
    write_turtle,
)

SITUATION_1 = Situation(1, "abc", "model", Expression.of("mit"), (0,), (), 3)


def part(library: Library, *encumbrances: str) -> Part:
    return part_of(library, (tuple(f"https://w3id.org/clausegraph/encumbrance/{e}" for e in encumbrances),))


def said(library: Library, situation: Situation, *parts: Part) -> set[tuple[str, str]]:
    judgment = SituationJudge(library, Assumptions(library)).judgment((), parts, situation.declared)
    found = situation_statements(library, Judged(situation, judgment, ("mit",)), parts)
    return {(local(p), v) for p, v in found}


def test_a_share_alike_clause_under_mit_is_bound_and_breached_and_under_itself_only_bound(library: Library) -> None:
    gpl = part(library, "gpl-3.0/Derivative/Whole")
    assert encumbrance_iris(gpl) == ["https://w3id.org/clausegraph/encumbrance/gpl-3.0/Derivative/Whole"]
    share_alike = next(
        c.iri for c in library.license("gpl-3.0").clauses if (c.kind.name, c.section) == ("share-alike", "5.c")
    )
    under_mit = said(library, SITUATION_1, gpl)
    assert {("boundBy", share_alike), ("breachesShareAlike", share_alike)} <= under_mit
    under_gpl = said(library, replace(SITUATION_1, declared=Expression.of("gpl-3.0")), gpl)
    assert ("boundBy", share_alike) in under_gpl
    assert ("breachesShareAlike", share_alike) not in under_gpl


def test_kind_declaration_release_and_reasons_are_said_where_there_are_any(library: Library) -> None:
    mit = "https://w3id.org/clausegraph/license/mit"
    bare = said(library, replace(SITUATION_1, states=()))
    assert {("artifactKind", "https://w3id.org/clausegraph/artifact-kind/model"), ("declaredLicense", mit)} <= bare
    assert ("isUnsuitable", mit) in bare
    assert not {"encumbrance", "boundBy", "declaresCodeOnly", "leavesOpen"} & {name for name, _ in bare}
    more = replace(SITUATION_1, states=(), release="urn:r", left_open=("file-differs",))
    assert {("declaresCodeOnly", "urn:r"), ("leavesOpen", REASON + "file-differs")} <= said(library, more)


def test_a_choice_is_shown_by_all_its_members_in_order(library: Library) -> None:
    choice = library.names.declared(["mit OR apache-2.0"])
    assert [local(iri) for iri in expression_iris(library, choice)] == ["apache-2.0", "mit"]


@pytest.mark.parametrize(
    ("form", "holds", "expected"),
    [
        ("Derivative", True, "holds"),
        ("Derivative", False, "fails"),
        ("Derivative", None, None),
        ("Based", None, "holds"),
        ("Based", False, "fails"),
    ],
)
def test_a_condition_that_hangs_on_an_unstated_relation_holds_for_an_unstated_form_only(
    form: str, holds: bool | None, expected: str | None, library: Library
) -> None:
    found = said(library, replace(SITUATION_1, features=(("urn:c", holds),)), part(library, f"gemma/{form}/Whole"))
    assert {name for name, value in found if value == "urn:c"} == ({expected} if expected else set())


def test_a_duty_is_owed_met_or_not_and_a_breach_goes_by_how_sure_it_is(library: Library) -> None:
    by_kind = {c.kind.name: c for c in library.clauses.values()}
    notice, share, gap = by_kind["notice"], by_kind["share-alike"], by_kind["undeclared-terms"]
    expected = {
        **{(notice, Level.met): {"owes"}, (notice, Level.owes): {"owes"}, (share, Level.met): set()},
        **{(share, Level.owes): {"owes"}, (share, Level.breaches): {"breachesShareAlike"}},
        **{(share, Level.may): {"mayBreachShareAlike"}, (share, Level.would): {"wouldBreachShareAlike"}},
    }
    for (clause, level), names in expected.items():
        triples = list(judgment_triples(Judgment((Outcome(clause, level, "settled"),))))
        assert triples == [(CG + name, clause.iri) for name in names]
    assert list(judgment_triples(Judgment((Outcome(gap, Level.may, "gap", own=True),)))) == []


def test_triples_are_written_so_that_they_come_back(library: Library, tmp_path: Path) -> None:
    judged = [Judged(SITUATION_1, Judgment(()), ())]
    triples = list(situation_triples(library, judged, [part(library, "gpl-3.0/Copy/Whole")]))
    assert situation_iri(SITUATION_1) == SITUATION + "abc"
    assert len(triples) == len(set(triples)), "each is said once"
    write_ntriples(triples, tmp_path / "it.nt")
    graph = Graph().parse(tmp_path / "it.nt")
    assert {tuple(map(str, t)) for t in graph} == set(triples)
    write_turtle(graph, tmp_path / "it.ttl")
    assert set(Graph().parse(tmp_path / "it.ttl")) == set(graph)
    write_turtle(Graph(), tmp_path / "none.ttl")
    assert len(Graph().parse(tmp_path / "none.ttl")) == 0
