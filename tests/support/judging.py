"""One work judged over works upstream, each a license expression and the relations by which it came."""

from typing import Any

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge import Judge
from clausegraph.reasoning.outcomes import Judgment
from clausegraph.reasoning.parts import Part, part_of

Upstream = tuple[str, ...]


def expression(library: Library, text: str) -> Expression:
    found = library.names.expression(text.replace(" AND/OR ", " OR "))
    assert found is not None
    return Expression(found.options, listed=" AND/OR " in text)


def part(library: Library, text: str, *via: str) -> Part:
    found = expression(library, text)
    rows = tuple(
        tuple(library.move(library.start(i), *via) for i in sorted(o)) for o in sorted(found.options, key=sorted)
    )
    return part_of(library, rows, listed=found.listed)


def judged(library: Library, declared: str, *upstream: Upstream, reading: str = "open", **given: Any) -> Judgment:
    assume, notes = Assumptions.read(library, given)
    assert not notes
    parts = [part(library, *found) for found in upstream]
    return Judge(library, assume.with_reading(reading)).judge(parts, expression(library, declared))


def verdict(library: Library, declared: str, *upstream: Upstream, reading: str = "open", **given: Any) -> str:
    """Return a verdict in a word, with the reasons for which nobody knows."""
    found = judged(library, declared, *upstream, reading=reading, **given)
    return " ".join([found.verdict.name, *found.reasons])


def level(library: Library, kind: str, declared: str, *upstream: Upstream, **given: Any) -> set[str]:
    found = judged(library, declared, *upstream, **given).outcomes
    return {o.level.name for o in found if o.clause.kind.name == kind and not o.own}
