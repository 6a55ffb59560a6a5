"""Ranks every license against an artifact's encumbrances: possible, possible with duties, impossible or unknown."""

from collections.abc import Container, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, cast

from clausegraph.answers.check import Subject, own_duties
from clausegraph.choosing.wishes import Wish
from clausegraph.ground.choice_types import ChooseAnswer
from clausegraph.ground.errors import UsageError
from clausegraph.library.model import License
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import unsuitable
from clausegraph.reasoning.outcome_json import finding_dict, obligation_dict, order_findings, order_obligations
from clausegraph.reasoning.outcomes import GAP, Judgment, Level, Outcome, Verdict
from clausegraph.reasoning.parts import CHOICE
from clausegraph.workspace.usual import usual_share

#: The share of such works from which on it is said that a license is usual.
_OFTEN = 0.01
#: Sorts of answers, the best first, by verdict.
ANSWERS = {
    Verdict.compatible: "possible",
    Verdict.conditional: "possible with duties",
    Verdict.unknown: "unknown",
    Verdict.conflict: "impossible",
}


@dataclass(frozen=True, eq=False)
class Candidate:
    """A license that could be declared, with its judgment, and how far it fulfils the wishes.

    `upstream` are the ancestors that stand under it themselves; `base` says that the work holds one of these, and has
    not only learned from it. `usual` is the share of such works that declare it.
    """

    license: License
    judgment: Judgment
    own_duties: tuple[Outcome, ...]
    fulfilled: Mapping[str, bool | None]
    suits: bool
    upstream: tuple[str, ...] = ()
    base: bool = False
    usual: float = 0.0

    @property
    def answer(self) -> str:
        """`possible`, `possible with duties`, `unknown` or `impossible`."""
        if self.judgment.verdict is Verdict.compatible and self.own_duties:
            return ANSWERS[Verdict.conditional]
        return ANSWERS[self.judgment.verdict]

    @property
    def possible(self) -> bool:
        """Whether the license can be declared."""
        return self.judgment.verdict.green

    @property
    def rank(self) -> tuple[Any, ...]:
        """What the order is made of: possible, wishes, upstream's own, usual for such works, verdict, duties, id."""
        wanted = list(self.fulfilled.values())
        return (
            max(self.judgment.verdict, Verdict.conditional),
            -wanted.count(True),
            wanted.count(False),
            not self.suits,
            not self.base,
            not self.upstream,
            -self.usual,
            self.judgment.verdict,
            not self.license.verified,
            len(self.judgment.obligations) + len(self.own_duties),
            self.license.id,
        )

    @property
    def reason(self) -> str:
        """Why the license stands where it stands, in words."""
        said = [f"fulfils {_names(self.fulfilled, True)}"] if True in self.fulfilled.values() else []
        said += [f"not {_names(self.fulfilled, False)}"] if False in self.fulfilled.values() else []
        said += [f"not known: {_names(self.fulfilled, None)}"] if None in self.fulfilled.values() else []
        said += [] if self.suits else ["not made for such works"]
        said += [f"the license of {_few(self.upstream)}"] if self.upstream else []
        said += [f"{self.usual:.0%} of such works declare it"] if self.usual >= _OFTEN else []
        duties = len(self.judgment.obligations) + len(self.own_duties)
        said += [f"{duties} {'duty' if duties == 1 else 'duties'}"] if self.possible else []
        said += [] if self.license.verified else ["text not read through here"]
        return "; ".join(said)


def _few(works: Sequence[str]) -> str:
    """Return the first work by name, and how many more there are."""
    return works[0] + (f" and {len(works) - 1} more" if len(works) > 1 else "")


def _names(fulfilled: Mapping[str, bool | None], value: bool | None) -> str:
    return ", ".join(key for key, found in fulfilled.items() if found is value)


@dataclass(frozen=True, eq=False)
class Choice:
    """All licenses over one artifact, the best first; `reading` is how contested law was read."""

    subject: Subject
    candidates: tuple[Candidate, ...]
    wishes: tuple[Wish, ...]
    reading: str = "open"

    @property
    def possible(self) -> tuple[Candidate, ...]:
        """The licenses that can be declared."""
        return tuple(c for c in self.candidates if c.possible)

    @property
    def gaps(self) -> tuple[tuple[str, str], ...]:
        """Ancestors of which the terms are not known, each with the reason: meanwhile nothing is possible."""
        library, states, trace = self.subject.library, self.subject.states, self.subject.trace
        reasons = {r.kind: r.name for r in library.reasons.values() if r.kind}
        found = {
            (trace.origin(self.subject.node.id, state), reasons[clause.kind.name])
            for state, moved in states
            for encumbrance in trace.states.parts[moved].named
            if CHOICE not in library.licenses[encumbrance.license].sorts
            for clause in (*encumbrance.binds, *encumbrance.may_bind)
            if clause.kind.form == GAP
        }
        return tuple(sorted(found))

    @property
    def undeclared(self) -> tuple[str, ...]:
        """The same ancestors, each once."""
        return tuple(dict.fromkeys(work for work, _ in self.gaps))

    def find(self, license_id: str) -> Candidate:
        """Return the answer for one license; raises `UsageError` where nobody can declare it."""
        for candidate in self.candidates:
            if candidate.license.id == license_id:
                return candidate
        raise UsageError(f"{license_id} is no one text that somebody could declare. Choose a version of a license.")

    def to_dict(self) -> ChooseAnswer:
        """Return all licenses as JSON values."""
        return cast(
            ChooseAnswer,
            {
                "schema_version": 2,
                "id": self.subject.node.id,
                "kind": self.subject.node.kind,
                "reading": self.reading,
                "wishes": [wish.key for wish in self.wishes],
                "undeclared": list(self.undeclared),
                "gaps": [
                    {"work": work, "reason": name, "settled_by": self.subject.library.reasons[name].settled_by}
                    for work, name in self.gaps
                ],
                "licenses": [self.candidate_dict(c) for c in self.candidates],
                "data_version": self.subject.library.data_version,
            },
        )

    def candidate_dict(self, candidate: Candidate) -> dict[str, Any]:
        """Return one license as JSON values, with the ancestors from which duties and obstacles come."""
        return {
            "license": candidate.license.id,
            "name": candidate.license.name,
            "spdx_id": candidate.license.spdx_id,
            "answer": candidate.answer,
            "verdict": candidate.judgment.verdict.name,
            "fulfils": dict(candidate.fulfilled),
            "suits": candidate.suits,
            "reason": candidate.reason,
            "duties": [
                obligation_dict(self.subject.library, o) | {"origin": self.origin(o) or self.subject.node.id}
                for o in (*order_obligations(candidate.judgment), *candidate.own_duties)
            ],
            "against": [
                {k: v for k, v in finding_dict(self.subject.library, o).items() if k != "remedy"}
                | {"origins": self.origins(o)}
                for o in order_findings(candidate.judgment)
            ],
        }

    def origin(self, outcome: Outcome) -> str | None:
        """Return the ancestor from which a clause came; the work itself for what the license itself says."""
        if outcome.own:
            return self.subject.node.id
        return self.subject.paths.origin(outcome.encumbrance.iri) if outcome.encumbrance else None

    def origins(self, outcome: Outcome) -> list[str]:
        """Return the ancestors that stand against a license by a clause: its own, and those that it refuses."""
        own = self.origin(outcome)
        found = [own] if own else []
        parts, origin = self.subject.trace.states.parts, self.subject.trace.origin
        for state, moved in self.subject.states:
            if outcome.against and {e.license for e in parts[moved].named} & set(outcome.against):
                found.append(origin(self.subject.node.id, state))
        return list(dict.fromkeys(found))


def _upstream(subject: Subject) -> tuple[dict[str, tuple[str, ...]], set[str]]:
    """Return the direct ancestors by the license under which each stands, and the licenses of those that it holds."""
    library, found, bases = subject.library, dict[str, dict[str, None]](), set[str]()
    for edge in subject.node.edges:
        parent = subject.trace.nodes.get(edge.parent)
        terms = parent.passes_on if parent else None
        for license_ in sorted(terms.ids) if terms else ():
            found.setdefault(license_, {})[edge.parent] = None
            if library.relations[edge.relation].keeps_family:
                bases.add(license_)
    return {license_: tuple(works) for license_, works in found.items()}, bases


def candidate(
    subject: Subject,
    license_id: str,
    wishes: Sequence[Wish] = (),
    upstream: Mapping[str, tuple[str, ...]] = MappingProxyType({}),
    bases: Container[str] = (),
) -> Candidate:
    """Return one license of the library as somebody would declare it over the encumbrances of a subject.

    `upstream` has the direct ancestors by license, `bases` the licenses of those that the subject holds.
    """
    library, declared = subject.library, Expression.of(license_id)
    found = library.licenses[license_id]
    return Candidate(
        found,
        subject.judged(declared),
        tuple(o for o in own_duties(library, subject.judge, declared) if o.level is Level.owes),
        {wish.key: wish.fulfilled_by(found) for wish in wishes},
        not unsuitable(library, subject.node.kind, [license_id]),
        upstream.get(license_id, ()),
        license_id in bases,
        usual_share(subject.node.kind, license_id),
    )


def choose(subject: Subject, wishes: Sequence[Wish] = ()) -> Choice:
    """Return every license that somebody could declare over the encumbrances of a subject, the best first."""
    upstream, bases = _upstream(subject)
    candidates = [candidate(subject, one, wishes, upstream, bases) for one in subject.library.declarable]
    ranked = tuple(sorted(candidates, key=lambda one: one.rank))
    return Choice(subject, ranked, tuple(wishes), subject.judge.assume.reading)
