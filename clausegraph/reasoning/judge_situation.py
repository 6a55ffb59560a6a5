"""Judges situations: what binds, what is breached, what is owed, and what the declaration leaves open."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge import RELATION, Judge
from clausegraph.reasoning.outcomes import Judgment, Verdict, fold
from clausegraph.reasoning.parts import Part

if TYPE_CHECKING:  # they bring the machinery of tables with them, which a single check does not need
    from clausegraph.reasoning.burdens import States
    from clausegraph.reasoning.situations import Situation

#: What an artifact itself shows: pairs of a condition's IRI and whether it holds; `None` means that it holds where a
#: relation which nobody states is a merge, and else not.
Features = tuple[tuple[str, bool | None], ...]
#: Features of which none is open.
Settled = tuple[tuple[str, bool], ...]
#: Features of which none is open, and whether what nobody states is a merge; `None` where nothing hangs on it.
Way = tuple[Settled, bool | None]


@dataclass(frozen=True, eq=False)
class Judged:
    """A situation with its judgment.

    `unsuitable` are declared licenses not made for its kind of artifact.
    """

    situation: "Situation"
    judgment: Judgment
    unsuitable: tuple[str, ...]


class SituationJudge:
    """Judges situations under common assumptions; conditions on the artifact itself come from the situation."""

    def __init__(self, library: Library, given: Assumptions) -> None:
        self.library = library
        self.given = given
        self._judges: dict[Way, Judge] = {}
        self._possible: dict[tuple[Features, tuple[Part, ...]], tuple[tuple[Verdict, str], ...]] = {}

    def possible(self, features: Features, parts: Sequence[Part]) -> tuple[tuple[Verdict, str], ...]:
        """Return every license that could be declared over encumbrances with its verdict, the best first.

        Works with the same encumbrances share the answer, for instance the steps of a long chain.
        """
        key = (features, tuple(parts))
        if key not in self._possible:
            self._possible[key] = tuple(
                sorted(
                    (self.judgment(features, parts, Expression.of(license_id)).verdict, license_id)
                    for license_id in self.library.declarable
                )
            )
        return self._possible[key]

    def judgment(
        self, features: Features, parts: Sequence[Part], declared: Expression, left_open: tuple[str, ...] = ()
    ) -> Judgment:
        """Judge parts under each way in which the features may stand: all of them must agree."""
        judges = map(self._judge, _ways(features))
        return fold([judge.judge(parts, declared, left_open) for judge in judges], RELATION)

    def judge_with(self, features: Features) -> Judge:
        """Return the judge for a set of features; what is open in it does not hold."""
        return self._judge((tuple((iri, bool(holds)) for iri, holds in features), None))

    def _judge(self, way: Way) -> Judge:
        if way not in self._judges:
            features, merged = way
            self._judges[way] = Judge(self.library, self.given.with_features(features), merged)
        return self._judges[way]

    def judged(self, situations: "Iterable[Situation]", states: "States") -> Iterator[Judged]:
        """Yield each situation with its judgment."""
        for situation in situations:
            parts = [states.parts[state] for state in situation.states]
            judgment = self.judgment(situation.features, parts, situation.declared, situation.left_open)
            yield Judged(situation, judgment, unsuitable(self.library, situation.kind, situation.declared.ids))


def _ways(features: Features) -> list[Way]:
    """Return the ways in which features may stand: what nobody states is a merge, or it is none."""
    if all(holds is not None for _, holds in features):
        return [(tuple((iri, bool(holds)) for iri, holds in features), None)]
    ways: list[Way] = []
    for merged in (False, True):
        ways.append((tuple((iri, merged if holds is None else holds) for iri, holds in features), merged))
    return ways


def unsuitable(library: Library, kind: str, licenses: Iterable[str]) -> tuple[str, ...]:
    """Return the licenses that are not made for a kind of artifact."""
    found = library.artifact_kinds[kind]
    names = {found.name, found.broader}
    return tuple(sorted(i for i in licenses if library.licenses[i].unsuited_for & names))
