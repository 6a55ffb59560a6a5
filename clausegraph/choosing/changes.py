"""The smallest changes that open a license: which ancestors to leave out, or to ask for permission.

What stands against a license comes along paths. A change must cut the path of each obstacle, so the search takes one
obstacle at a time and tries each ancestor on its path: all sets of up to three are found, the smallest first, and each
was judged before it is offered.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from clausegraph.answers.check import Subject
from clausegraph.library.names import Expression
from clausegraph.reasoning.outcomes import Judgment, Level, Outcome

#: Ancestors in one change.
LARGEST = 3
#: Changes that are judged before the search gives up.
MAX_TRIED = 2_000
LEAVE_OUT, PERMISSION = "leave-out", "permission"
#: What the two actions mean, in words.
ACTIONS = {
    LEAVE_OUT: "replace, or train again without",
    PERMISSION: "ask the licensor for permission",
}
Works = frozenset[str]


@dataclass(frozen=True, slots=True)
class Change:
    """Ancestors that must change together, what is done with them, and the verdict of the license then."""

    action: str
    works: tuple[str, ...]
    verdict: str
    via: tuple[tuple[str, ...], ...]

    def to_dict(self) -> dict[str, Any]:
        """Return the change as JSON values."""
        works = [{"work": work, "via": list(via)} for work, via in zip(self.works, self.via, strict=True)]
        return {"action": self.action, "meaning": ACTIONS[self.action], "works": works, "verdict": self.verdict}


@dataclass(frozen=True, slots=True)
class Changes:
    """All smallest changes for a license; `complete` is false where the search gave up."""

    license: str
    possible: bool
    changes: tuple[Change, ...]
    complete: bool

    def to_dict(self) -> dict[str, Any]:
        """Return the changes as JSON values."""
        return {
            "license": self.license,
            "possible": self.possible,
            "changes": [change.to_dict() for change in self.changes],
            "complete": self.complete,
            "largest": LARGEST,
        }


def smallest_changes(subject: Subject, license_id: str) -> Changes:
    """Return the smallest changes that make a license possible over the encumbrances of a subject."""
    declared = Expression.of(license_id)
    found = subject.judged(declared)
    if found.verdict.green:
        return Changes(license_id, True, (), True)
    search = _Search(subject, declared)
    changes = [change for action in ACTIONS for change in search.run(action)]
    changes.sort(key=lambda c: (len(c.works), c.action, c.works))
    return Changes(license_id, False, tuple(changes), search.complete)


class _Search:
    """A search for sets of ancestors; `complete` tells whether it saw all."""

    def __init__(self, subject: Subject, declared: Expression) -> None:
        self.subject = subject
        self.declared = declared
        self.ours = _ours(subject)
        self.complete = True

    def run(self, action: str) -> Iterator[Change]:
        """Yield the smallest sets for an action."""
        permitted = action == PERMISSION
        level: list[Works] = [frozenset()]
        found: list[Works] = []
        seen: set[Works] = set(level)
        tried = 0
        while level:
            following: list[Works] = []
            for works in level:
                if any(smaller <= works for smaller in found):
                    continue
                if tried == MAX_TRIED:
                    self.complete = False
                    return
                tried += 1
                changed = self.subject.without(works, permitted=permitted) if works else self.subject
                judgment = changed.judged(self.declared)
                if judgment.verdict.green:
                    found.append(works)
                    yield self._change(action, works, judgment)
                elif len(works) < LARGEST:
                    more = {works | {one} for one in self._candidates(changed, judgment, permitted)} - seen
                    seen |= more
                    following += more
            level = sorted(following, key=sorted)

    def _change(self, action: str, works: Works, judgment: Judgment) -> Change:
        via: dict[str, set[str]] = {work: set() for work in works}
        for node in self.subject.trace.nodes.values():
            for edge in node.edges:
                if edge.parent in via:
                    via[edge.parent].add(edge.relation)
        ordered = tuple(sorted(works))
        return Change(action, ordered, judgment.verdict.name, tuple(tuple(sorted(via[w])) for w in ordered))

    def _candidates(self, changed: Subject, judgment: Judgment, permitted: bool) -> list[str]:
        """Return the ancestors of which one must change for the worst obstacle to go."""
        worst = max(
            (o for o in judgment.outcomes if o.level >= Level.may), key=lambda o: (o.level, o.clause.iri), default=None
        )
        if worst is None:
            return []
        found: set[str] = set()
        for state, moved in changed.states:
            if self._concerns(changed, worst, moved):
                if permitted:
                    found.add(changed.trace.origin(changed.node.id, state))
                else:
                    found |= {step.parent for step in changed.trace.path(changed.node.id, state)}
        return sorted(found - self.ours)

    @staticmethod
    def _concerns(changed: Subject, outcome: Outcome, state: int) -> bool:
        """Say whether an obstacle comes from what a state holds."""
        part = changed.trace.states.parts[state]
        held = {e for option in (*part.stated, *part.members, part.named) for e in option}
        own = outcome.encumbrance
        return any((own and e.iri == own.iri) or e.license in outcome.against for e in held)


def _ours(subject: Subject) -> Works:
    """Return the subject and what its own party made on the way to it, which is not left out but made anew.

    A work of one's own under a license of another licensor can be left out as those of others can.
    """
    nodes, within = subject.trace.nodes, subject.trace.within
    made, queue = {subject.node.id}, [subject.node.id]
    while queue:
        current = nodes.get(queue.pop())
        for edge in current.edges if current else ():
            if edge.same_party and edge.parent not in made:
                made.add(edge.parent)
                queue.append(edge.parent)
    return frozenset(work for work in made if work == subject.node.id or within.get(work) is None)
