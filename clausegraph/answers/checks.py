"""Checks of several things at once: one line each, a sum, and how the worst of them ends."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from clausegraph.answers.artifact_findings import ArtifactFinding
from clausegraph.answers.check import CheckResult
from clausegraph.answers.items import NoCard
from clausegraph.answers.profile import Profile, Run
from clausegraph.answers.recipe import RecipeResult
from clausegraph.ground.errors import ClausegraphError, NetworkError
from clausegraph.reasoning.outcomes import Verdict


@dataclass(frozen=True, eq=False)
class Answered:
    """One thing that was asked about, with its answer and findings, or with the error that there is instead.

    `reserved` says why the answer is not all that was asked for: a revision or a refresh that nobody could look up.
    """

    written: str
    result: CheckResult | RecipeResult | None = None
    error: ClausegraphError | None = None
    rows: Sequence[ArtifactFinding] = ()
    run: Run | None = None
    reserved: str = ""

    @property
    def passed_over(self) -> bool:
        """Whether it is no artifact, so that there is nothing to judge."""
        return isinstance(self.error, NoCard)

    @property
    def exit_code(self) -> int:
        """How it ends by itself; what could not be looked up as asked never ends well."""
        if self.error is not None:
            return self.error.exit_code
        if self.run and self.run.failed:
            return 1
        return NetworkError.exit_code if self.reserved else 0

    @property
    def worst(self) -> ArtifactFinding | None:
        """The first finding that leads to the verdict."""
        if self.result is None:
            return None
        wanted = Verdict[self.result.verdict]
        return next((row for row in self.rows if row.leads_to is wanted), next(iter(self.rows), None))

    def to_dict(self, profile: Profile) -> dict[str, Any]:
        """Return it as JSON values: the whole answer, or the error."""
        verdict = self.result.verdict if self.result is not None else None
        answer = answer_dict(self.result, profile) if self.result is not None else None
        return {
            "subject": self.written,
            "verdict": verdict,
            "error": str(self.error) if self.error else None,
            "reserved": self.reserved,
            "answer": answer,
        }


@dataclass(frozen=True, eq=False)
class Checks:
    """The answers for several things, in the order in which they were asked."""

    answered: Sequence[Answered]
    data_version: str
    reading: str = "open"
    verdicts: Mapping[str, int] = field(init=False)

    def __post_init__(self) -> None:
        found = Counter(one.result.verdict for one in self.answered if one.result is not None)
        object.__setattr__(self, "verdicts", {v.name: found[v.name] for v in reversed(Verdict)})

    @property
    def unread(self) -> int:
        """How many of them have no answer though they should have one."""
        return sum(one.error is not None and not one.passed_over for one in self.answered)

    @property
    def exit_code(self) -> int:
        """The highest exit code of any: an input that cannot be read outweighs a verdict, and that what is in order.

        A README that is no card counts only where nothing else was asked about: people give lists of files.
        """
        judged = [one for one in self.answered if not one.passed_over]
        return max((one.exit_code for one in judged or self.answered), default=0)

    def to_dict(self, profile: Profile) -> dict[str, Any]:
        """Return all answers as JSON values."""
        return {
            "schema_version": 1,
            "reading": self.reading,
            "verdicts": dict(self.verdicts),
            "unread": self.unread,
            "items": [one.to_dict(profile) for one in self.answered],
            "data_version": self.data_version,
        }


def answer_dict(result: CheckResult | RecipeResult, profile: Profile) -> dict[str, Any]:
    """Return the answer for one thing as JSON values, under the severities of a profile."""
    if isinstance(result, RecipeResult):
        answer = result.to_dict()
        return {**answer, "works": {name: profile.apply(work) for name, work in answer["works"].items()}}
    return profile.apply(result.to_dict())
