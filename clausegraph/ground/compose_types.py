"""The shapes of answers about licenses that one could make, as JSON has them: `compose`, its kit and the guide.

The schemas in `clausegraph/schemas/` are the contract; a test holds each of these types against them.
"""

from typing import Any, Literal, NotRequired, TypedDict

from clausegraph.ground.record_types import CompareNearest


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
