"""The shapes of all other answers, as JSON has them: licenses, lineage, counts, differences.

The schemas in `clausegraph/schemas/` are the contract; a test holds each of these types against them.
"""

from typing import Any, Literal, NotRequired, TypedDict

from clausegraph.ground.verdict_types import Reading, Severity, Sure


class AdherenceRow(TypedDict):
    """Reuses of one license, relation or month, by what became of the terms."""

    license: NotRequired[str]
    relation: NotRequired[str]
    month: NotRequired[str]
    all: int
    carried: int
    same: int
    undeclared: int
    unknown: int
    dropped: int


class AdherenceAnswer(TypedDict):
    """The answer of `clausegraph adherence`: what became of terms that must be passed on."""

    schema_version: Literal[1]
    by: Literal["license", "relation", "month"]
    reuses: int
    carried: int
    rows: list[AdherenceRow]
    data_version: str


class AdoptionByLicense(TypedDict):
    """How many artifacts declare a license."""

    license: str
    hf_id: str | None
    count: int
    share_all: float
    share_licensed: float


class AdoptionByFamily(TypedDict):
    """How many artifacts declare a license of a family."""

    family: str
    count: int
    share_all: float
    share_licensed: float


class AdoptionByMonth(TypedDict):
    """How many artifacts of a month declare a license."""

    month: str
    license: str
    works: int
    licensed: int
    all: int


class AdoptionByKind(TypedDict):
    """How many artifacts of a kind declare a license."""

    kind: str
    licensed: int
    undetermined: int
    all: int


class AdoptionAnswer(TypedDict):
    """The answer of `clausegraph adoption`.

    Shares are between 0 and 1; an artifact with several licenses counts once for each.
    """

    schema_version: Literal[1]
    total: int
    licensed: int
    by_license: list[AdoptionByLicense]
    by_family: list[AdoptionByFamily]
    by_month: NotRequired[list[AdoptionByMonth]]
    by_kind: NotRequired[list[AdoptionByKind]]
    data_version: str


class CompareNearest(TypedDict):
    """A license and how near it is to another."""

    license: str
    alike: float
    plus: list[str]
    minus: list[str]


#: Verdicts from one license into another, by relation.
CompareFlow = TypedDict(
    "CompareFlow", {"from": "str", "to": "str", "contained": "bool", "verdicts": "dict[str, list[str]]"}
)


class CompareAnswer(TypedDict):
    """The answer of `clausegraph license compare`.

    Rows of facts, clauses and restrictions, the nearest licenses, and what flows into what.
    """

    schema_version: Literal[1]
    licenses: list[str]
    rows: dict[str, dict[str, bool | list[str] | None]]
    nearest: dict[str, list[CompareNearest]]
    flows: list[CompareFlow]
    data_version: str


class DiffChange(TypedDict):
    """One difference between two snapshots."""

    sort: Literal["license", "verdict", "artifact-added", "artifact-removed", "edge-added", "edge-removed"]
    artifact: str
    before: str | None
    after: str | None
    other: str | None


class DiffAnswer(TypedDict):
    """The answer of `clausegraph diff`: `counts` are exact, `changes` holds at most --limit of each sort.

    `before` and `after` are licenses, verdicts, or the relation of an edge to `other`.
    """

    schema_version: Literal[1]
    before: str
    after: str
    counts: dict[str, int]
    changes: list[DiffChange]
    data_version: str


class ExplainAnswer(TypedDict):
    """The answer of `clausegraph explain CODE`: what a finding code means, and the shape that reports it."""

    schema_version: Literal[1]
    code: str
    name: str
    message: str
    definition: str
    severity: Severity
    kind: str | None
    path: str
    only_class: str | None


class LicenseClause(TypedDict):
    """A clause of a license; its kind and further facts stand beside what is named here."""

    deontic: Literal["permission", "duty", "prohibition"]
    certainty: Sure
    places: list[dict[str, Any]]
    contradicts: list[str]
    reading: Reading


class LicenseAnswer(TypedDict):
    """A license with its clauses and facts."""

    schema_version: Literal[1]
    id: str
    name: str
    spdx_id: str | None
    hf_id: str | None
    scancode_key: str | None
    verified: bool
    source: NotRequired[str | None]
    note: NotRequired[str | None]
    publisher: NotRequired[str | None]
    reviewer: NotRequired[str | None]
    reviewed_on: NotRequired[str | None]
    reading: Reading
    openness: dict[str, bool | None]
    families: list[str]
    members_are: list[str]
    artifact_scope: list[str]
    clauses: list[LicenseClause]
    facts: dict[str, bool | None]
    data_version: NotRequired[str]


class LineageStatsAnswer(TypedDict):
    """Numbers about all base-model references of a workspace; `circle` counts references beside their repair."""

    schema_version: Literal[1]
    references: int
    by_repair: dict[str, int]
    edges: int
    both_licensed: int
    license_changed: int
    parent_only: int
    child_only: int
    neither: int
    by_relation: dict[str, int]
    data_version: NotRequired[str]


class LineageParent(TypedDict):
    """A parent, and how it was reused."""

    id: str
    relation: str
    same_party: bool
    inferred: str | None


class LineageNode(TypedDict):
    """An artifact of a lineage."""

    id: str
    kind: str
    declared: str
    encumbrances: list[str]
    known: bool
    parents: list[LineageParent]


class LineageAnswer(TypedDict):
    """The answer of `clausegraph lineage X`: an artifact and all its ancestors, the artifact first."""

    schema_version: Literal[2]
    root: str
    nodes: list[LineageNode]
    data_version: str


class PassageAnswer(TypedDict):
    """The answer of `clausegraph license show ID#CLAUSE --text`.

    The lines of a license text in which a clause stands, if the text is at hand.
    """

    schema_version: Literal[1]
    id: str
    license: str
    kind: str
    section: str
    outcome: str
    text: str | None
    digest: str | None
    lines: str | None
    passage: list[str]


class AskedBy(TypedDict):
    """A clause that asks for an assumption."""

    license: str
    section: str
    clause: str


class AssumptionRecord(TypedDict):
    """What only the user can say: the key, what it takes, and the clauses that ask for it."""

    key: str
    takes: str | list[str]
    default: str | bool | float | None
    per_licensor: bool
    definition: str
    asked_by: list[AskedBy]


class AssumptionsAnswer(TypedDict):
    """The answer of `clausegraph explain assumptions` or `explain KEY`."""

    schema_version: Literal[1]
    data_version: str
    keys: list[AssumptionRecord]


class CheckedItem(TypedDict):
    """One of several things that were checked: the answer as for this alone, or the error."""

    subject: str
    verdict: Literal["conflict", "unknown", "conditional", "compatible"] | None
    error: str | None
    reserved: str
    answer: dict[str, Any] | None


class ChecksAnswer(TypedDict):
    """The answer of `clausegraph check` where it was asked about more than one thing."""

    schema_version: Literal[1]
    reading: Literal["open", "strict", "lenient"]
    verdicts: dict[str, int]
    unread: int
    data_version: str
    items: list[CheckedItem]
