"""The shape of an answer about licenses that one could declare, as JSON has it: `choose`.

The schemas in `clausegraph/schemas/` are the contract; a test holds each of these types against them.
"""

from typing import Literal, NotRequired, TypedDict

from clausegraph.ground.verdict_types import AgainstClause, ClauseDuty, HowRead, Verdict


class ChooseGap(TypedDict):
    """What is not known of an artifact."""

    work: str
    reason: str
    settled_by: str


class ChooseDuty(ClauseDuty):
    """A duty under a license that could be declared."""

    origin: str


class ChooseAgainst(AgainstClause):
    """A finding that stands against a license."""

    origins: list[str]


class ChooseLicense(TypedDict):
    """A license that could be declared, or what stands against it."""

    license: str
    name: str
    spdx_id: str | None
    answer: Literal["possible", "possible with duties", "unknown", "impossible"]
    verdict: Verdict
    fulfils: dict[str, bool | None]
    suits: bool
    reason: str
    duties: list[ChooseDuty]
    against: list[ChooseAgainst]


class ChangedArtifact(TypedDict):
    """An artifact that a change concerns."""

    work: str
    via: list[str]


class ChooseChange(TypedDict):
    """A change that opens a license."""

    action: Literal["leave-out", "permission"]
    meaning: str
    verdict: Literal["compatible", "conditional"]
    works: list[ChangedArtifact]


class ChooseChanges(TypedDict):
    """The smallest changes that open a license."""

    license: str
    possible: bool
    complete: bool
    largest: int
    changes: list[ChooseChange]


class ChooseAnswer(TypedDict):
    """The answer of `clausegraph choose` for an artifact, recipe or list of upstream works.

    Every license, the best first.
    """

    schema_version: Literal[2]
    id: str
    kind: str
    reading: HowRead
    wishes: list[str]
    undeclared: list[str]
    gaps: list[ChooseGap]
    licenses: list[ChooseLicense]
    changes: NotRequired[ChooseChanges]
    data_version: str
