"""The shapes of answers about licenses that one could take or make, as JSON has them: choosing, the guide, composing.

The schemas in `clausegraph/schemas/` are the contract; a test holds each of these types against them.
"""

from typing import Any, Literal, NotRequired, TypedDict

from clausegraph.ground.record_types import CompareNearest
from clausegraph.ground.verdict_types import HowRead, Reading, Severity, Sure, Verdict


class ChooseGap(TypedDict):
    """What is not known of an artifact."""

    work: str
    reason: str
    settled_by: str


class ChooseDuty(TypedDict):
    """A duty under a license that could be declared."""

    kind: str
    license: str
    section: str
    message: str
    clause: str
    certainty: Sure
    reading: Reading
    conditions: NotRequired[list[str]]
    origin: str


class ChooseAgainst(TypedDict):
    """A finding that stands against a license."""

    code: str
    severity: Severity
    license: str
    section: str
    clause: str
    kind: str
    mode: str | None
    certainty: Sure | None
    reading: Reading
    title: str
    message: str
    own: NotRequired[Literal[True]]
    read: NotRequired[Literal["strictly"]]
    reason: NotRequired[str]
    conditions: NotRequired[list[str]]
    restrictions: NotRequired[list[str]]
    against: NotRequired[list[str]]
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


class ComposeChoice(TypedDict):
    """What was chosen for a composed license."""

    options: list[str]
    restrictions: list[str]
    values: dict[str, str]
    like: str | None
    without: list[str]
    name: str | None
    licensor: str | None


class ComposeAnswer(TypedDict):
    """The answer of `clausegraph compose`: names, choices, model sheet, nearest licenses and the license itself."""

    schema_version: Literal[1]
    id: str
    name: str
    code: str | None
    spdx_id: str
    digest: str
    permalink: str
    choices: ComposeChoice
    families: list[str]
    nearest: list[CompareNearest]
    sheet: dict[str, list[list[str]]]
    license: dict[str, Any]
    notice: str
    data_version: str


class GuideOption(TypedDict):
    """An answer to a question of the guided choice."""

    key: str
    label: str
    follows: str
    leads_to: str | None
    options: list[str]
    licenses: list[str]
    wishes: list[str]


class GuideQuestion(TypedDict):
    """A question of the guided choice."""

    key: str
    label: str
    why: str
    answers: list[GuideOption]


class GuideAnswer(TypedDict):
    """The answer of `clausegraph choose` without a work: where answers lead, and at the end what they choose."""

    schema_version: Literal[1]
    path: list[dict[str, Any]]
    question: GuideQuestion | None
    questions: NotRequired[list[GuideQuestion | None]]
    options: list[str]
    licenses: list[str]
    wishes: list[str]
    code: NotRequired[str]
    nearest: NotRequired[list[str]]
    command: NotRequired[str]
    permalink: NotRequired[str]
    data_version: NotRequired[str]


class KitGroup(TypedDict):
    """Options of which one is chosen, or several."""

    options: list[dict[str, Any]]


class KitAnswer(TypedDict):
    """The answer of `clausegraph compose --list`: everything that can be chosen."""

    schema_version: Literal[1]
    groups: list[KitGroup]
    provisions: list[dict[str, Any]]
    restrictions: list[dict[str, Any]]
    values: list[dict[str, Any]]
    clashes: list[dict[str, Any]]
