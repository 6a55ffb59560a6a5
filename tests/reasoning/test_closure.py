"""Closing the lineage of a workspace: which state lies on which artifact, and from where it came."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from types import MappingProxyType

import pytest

from clausegraph.library import Library
from clausegraph.library.licensors import binding_within
from clausegraph.library.names import Expression
from clausegraph.reasoning.burdens import States
from clausegraph.reasoning.closure import close
from clausegraph.reasoning.engine import Engine, open_engine

LICENSES = ("cc-by-nc-4.0", "cc-by-sa-3.0", "cc-by-sa-4.0", "gpl-3.0", "llama2", "mit", "none")
#: Child, parent, relation, what it implies, whether both are of one party, and whether the relation fits.
Edge = tuple[int, int, str, str | None, bool, bool]
Found = set[tuple[int, str, str, int, int]]


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    with open_engine("duckdb", tmp_path) as found:
        yield found


def edge(
    child: int, parent: int, relation: str, implied: str | None = None, own: bool = False, fits: bool = True
) -> Edge:
    return child, parent, relation, implied, own, fits


def closed(
    library: Library,
    engine: Engine,
    declared: Sequence[str],
    edges: Sequence[Edge],
    lost: Sequence[tuple[int, str, str | None, str]] = (),
    terms: dict[int, str] | None = None,
    owners: Mapping[int, str] = MappingProxyType({}),
) -> tuple[int, Found]:
    """Return the rounds, and what lies on artifacts: number, license, mode, parent, and the state before or -1."""
    states = States(library, [Expression.of(i) for i in LICENSES])
    number = {i: n for n, i in enumerate(LICENSES)}
    under = declared if terms is None else [terms.get(n, i) for n, i in enumerate(declared)]
    rows = [(n, number[i], number[under[n]]) for n, i in enumerate(declared)]
    engine.put("declared", rows)
    within = {n: binding_within(library, Expression.of(under[n]), owners.get(n)) for n, _ in enumerate(declared)}
    engine.put("own_terms", [(n, number[str(rest)]) for n, rest in within.items() if rest is not None])
    engine.put("lost", [(child, relation, implied, number[i]) for child, relation, implied, i in lost])
    values = ", ".join(
        f"({c}, {p}, '{r}', {repr(i) if i else 'NULL::VARCHAR'}, {own}, {fits})" for c, p, r, i, own, fits in edges
    )
    engine.keep("edges", f"SELECT * FROM (VALUES {values}) t(child, parent, relation, implied, same_party, fits)")
    rounds = close(engine, states)
    held = engine.rows("SELECT artifact, state, parent, previous FROM encumbered")
    assert len(held) == len({row[:2] for row in held})
    named = [states.parts[s].named[0] for _, s, _, _ in held]
    return rounds, {(a, e.license, e.mode, p, b) for (a, _, p, b), e in zip(held, named, strict=True)}


def licenses(found: Found, artifact: int) -> set[str]:
    return {license_id for number, license_id, *_ in found if number == artifact}


def test_a_license_goes_on_from_work_to_work_and_the_first_that_it_binds_has_it_from_its_origin(
    library: Library, engine: Engine
) -> None:
    edges = [edge(1, 0, "finetune"), edge(2, 1, "copy")]
    rounds, found = closed(library, engine, ["gpl-3.0", "gpl-3.0", "mit"], edges)
    one, *_ = [f for f in found if f[0] == 1]
    assert one == (1, "gpl-3.0", "Derivative/Whole", 0, -1)
    two = {(mode, parent, before == -1) for n, _, mode, parent, before in found if n == 2}
    assert two == {("Copy/Whole", 1, True), ("Derivative/Whole", 1, False)}
    assert rounds == 2


def test_without_a_parent_nothing_binds_and_no_round_is_needed(library: Library, engine: Engine) -> None:
    assert closed(library, engine, ["gpl-3.0", "mit"], [edge(1, 0, "generate", fits=False)]) == (0, set())


def test_ones_own_license_is_not_moved_and_what_encumbers_the_own_work_is(library: Library, engine: Engine) -> None:
    edges = [edge(1, 0, "modify"), edge(2, 1, "modify", own=True), edge(3, 1, "modify")]
    _, found = closed(library, engine, ["gpl-3.0", "cc-by-nc-4.0", "mit", "mit"], edges)
    assert licenses(found, 2) == {"gpl-3.0"}
    assert licenses(found, 3) == {"gpl-3.0", "cc-by-nc-4.0"}


def test_a_license_of_a_fixed_licensor_moves_between_works_of_everybody_else(library: Library, engine: Engine) -> None:
    chain = [edge(1, 0, "modify", own=True), edge(2, 1, "modify", own=True), edge(3, 2, "modify", own=True)]
    declared = ["llama2", "mit", "llama2", "mit"]
    _, found = closed(library, engine, declared, chain, owners=dict.fromkeys(range(4), "acme"))
    assert [licenses(found, n) for n in range(4)] == [set(), {"llama2"}, {"llama2"}, {"llama2"}]
    assert {(parent, before) for n, _, _, parent, before in found if n == 1} == {(0, -1)}


def test_a_license_of_a_fixed_licensor_stays_behind_only_where_that_licensor_made_both_works(
    library: Library, engine: Engine
) -> None:
    edges = [edge(1, 0, "modify", own=True), edge(3, 2, "modify", own=True), edge(4, 0, "modify")]
    _, found = closed(library, engine, ["llama2", "mit", "llama2", "mit", "mit"], edges, owners={0: "Meta-Llama"})
    assert [licenses(found, n) for n in (1, 3, 4)] == [set(), {"llama2"}, {"llama2"}]


@pytest.mark.parametrize(
    ("declared", "own", "on"),
    [
        ("cc-by-sa-4.0", False, {"cc-by-sa-4.0"}),
        ("cc-by-sa-4.0", True, {"cc-by-sa-3.0"}),
        ("mit", False, {"cc-by-sa-3.0", "mit"}),
    ],
)
def test_what_lawfully_replaced_a_license_stands_for_it_between_parties(
    library: Library, engine: Engine, declared: str, own: bool, on: set[str]
) -> None:
    edges = [edge(1, 0, "modify"), edge(2, 1, "modify", own=own)]
    _, found = closed(library, engine, ["cc-by-sa-3.0", declared, "mit"], edges)
    assert licenses(found, 1) == {"cc-by-sa-3.0"}
    assert licenses(found, 2) == on


def test_a_relation_that_does_not_fit_moves_nothing_and_what_is_lost_binds_from_nowhere(
    library: Library, engine: Engine
) -> None:
    edges = [edge(1, 0, "modify"), edge(2, 1, "distill", fits=False), edge(3, 2, "copy", own=True)]
    _, found = closed(library, engine, ["gpl-3.0", "gpl-3.0", "mit", "mit"], edges, [(2, "copy", None, "none")])
    assert {f for f in found if f[0] == 2} == {(2, "none", "Copy/Whole", -1, -1)}
    assert licenses(found, 3) == {"none"}


def test_a_service_serves_what_it_holds_whether_known_or_lost(library: Library, engine: Engine) -> None:
    edges = [edge(1, 0, "copy", "serve"), edge(2, 0, "copy")]
    _, found = closed(library, engine, ["gpl-3.0", "mit", "mit"], edges, [(1, "copy", "serve", "none")])
    assert {(n, i, mode) for n, i, mode, *_ in found} == {
        (1, "gpl-3.0", "Copy/Hosted"),
        (1, "none", "Copy/Hosted"),
        (2, "gpl-3.0", "Copy/Whole"),
    }


def test_works_that_name_each_other_come_to_an_end(library: Library, engine: Engine) -> None:
    edges = [edge(0, 1, "copy"), edge(1, 0, "copy")]
    rounds, found = closed(library, engine, ["gpl-3.0", "cc-by-nc-4.0"], edges)
    assert licenses(found, 0) == licenses(found, 1) == {"gpl-3.0", "cc-by-nc-4.0"}
    assert rounds == 2


def test_of_two_ways_to_the_same_burden_one_is_kept_and_who_reuses_stands_under_the_terms(
    library: Library, engine: Engine
) -> None:
    edges = [edge(2, 1, "finetune"), edge(2, 0, "modify"), edge(2, 0, "finetune")]
    _, found = closed(library, engine, ["mit", "mit", "mit"], edges, terms={0: "llama2", 1: "llama2"})
    assert found == {(2, "llama2", "Derivative/Whole", 0, -1)}
