"""Licenses side by side: facts, clauses, restrictions, the nearest known ones, and what can flow into what."""

from collections.abc import Iterable, Sequence
from typing import Any, cast

from clausegraph.answers.compat import Case, Compat
from clausegraph.answers.license_record import license_facts
from clausegraph.ground.errors import UsageError
from clausegraph.ground.record_types import CompareAnswer
from clausegraph.library import Library
from clausegraph.library.model import License

MAX_COMPARED = 4
#: How many near licenses are named.
NEAREST = 3
CLAUSE, RESTRICTION = "clause: ", "restriction: "
Rows = dict[str, dict[str, Any]]


def compare(library: Library, found: Sequence[License], *, differences: bool = True) -> Rows:
    """Return facts, clause kinds and restrictions of licenses side by side: row → license id → value.

    The value of a clause kind is the list of its sections, that of a restriction of its places. Raises `UsageError`
    for too few or too many.
    """
    if not 2 <= len(found) <= MAX_COMPARED:
        raise UsageError(f"compare takes two to {MAX_COMPARED} licenses, not {len(found)}")
    rows: Rows = {}
    for one in found:
        for fact, value in license_facts(library, one).items():
            rows.setdefault(fact, {})[one.id] = value
    kinds = {c.kind.number: c.kind.name for one in found for c in one.clauses}
    for _, kind in sorted(kinds.items()):
        rows[CLAUSE + kind] = {one.id: [c.section for c in one.clauses if c.kind.name == kind] for one in found}
    for name in sorted({r for one in found for r in restrictions(one)}):
        rows[RESTRICTION + name] = {one.id: _places(one, name) for one in found}
    if not differences:
        return rows
    return {name: row for name, row in rows.items() if len({_key(name, v) for v in row.values()}) > 1}


def _key(name: str, value: Any) -> Any:
    """Return what makes two values differ; for clauses and restrictions only whether there is one."""
    return bool(value) if name.startswith((CLAUSE, RESTRICTION)) else value


def restrictions(found: License) -> frozenset[str]:
    """Return the categories of use that a license rules out."""
    return frozenset(name for clause in found.clauses for name in clause.imposes)


def _places(found: License, restriction: str) -> list[str]:
    places = [p for c in found.clauses for name, p in c.places if name == restriction]
    return places or [c.section for c in found.clauses if restriction in c.imposes]


def features(found: License) -> frozenset[tuple[str, str]]:
    """Return what a license is compared by: its kinds of clause and its restrictions."""
    kinds = {(CLAUSE, c.kind.name) for c in found.clauses}
    return frozenset(kinds | {(RESTRICTION, r) for r in restrictions(found)})


def nearest(library: Library, found: License, among: Iterable[License] | None = None) -> list[dict[str, Any]]:
    """Return the licenses that are most alike, each with what `found` has more (`plus`) and less (`minus`).

    How alike two licenses are is the share of the clause kinds and restrictions that both have.
    """
    mine = features(found)
    others = among if among is not None else library.licenses.values()
    scored = []
    for other in others:
        if other.id != found.id and other.status == found.status and other.clauses:
            theirs = features(other)
            scored.append((-len(mine & theirs) / len(mine | theirs), not other.verified, other.id, theirs))
    rows = []
    for score, _, id_, theirs in sorted(scored, key=lambda row: row[:3])[:NEAREST]:
        rows.append(
            {
                "license": id_,
                "alike": round(-score, 3),
                "plus": sorted(f"{sort}{name}" for sort, name in mine - theirs),
                "minus": sorted(f"{sort}{name}" for sort, name in theirs - mine),
            }
        )
    return rows


def flows(library: Library, found: Sequence[License]) -> list[dict[str, Any]]:
    """Return, for each ordered pair, the verdict of every reuse relation of works under one in works under the other.

    `contained` says that the second license has every kind of clause and every restriction of the first.
    """
    compat = Compat(library)
    rows = []
    for upstream in found:
        for downstream in found:
            if upstream.id == downstream.id:
                continue
            verdicts: dict[str, list[str]] = {}
            for via in library.relations:
                answer = compat.answer(Case((upstream.id,), via, (downstream.id,)), suggest=False)
                verdicts.setdefault(answer.verdict, []).append(via)
            rows.append(
                {
                    "from": upstream.id,
                    "to": downstream.id,
                    "contained": features(upstream) <= features(downstream),
                    "verdicts": {verdict: sorted(names) for verdict, names in sorted(verdicts.items())},
                }
            )
    return rows


def comparison(library: Library, found: Sequence[License], *, differences: bool = True) -> CompareAnswer:
    """Return everything that is to be said of licenses side by side."""
    rows = compare(library, found, differences=differences)
    return cast(
        CompareAnswer,
        {
            "schema_version": 1,
            "licenses": [one.id for one in found],
            "rows": rows,
            "nearest": {one.id: nearest(library, one) for one in found},
            "flows": flows(library, found),
            "data_version": library.data_version,
        },
    )
