"""The shapes of answers with a verdict, as JSON has them: compat, check, recipes, audits, files of others.

The schemas in `clausegraph/schemas/` are the contract; a test holds each of these types against them.
"""

from typing import Literal, NotRequired, TypedDict

Verdict = Literal["compatible", "conditional", "unknown", "conflict"]
#: How contested law was read.
HowRead = Literal["open", "strict", "lenient"]
#: How sure the law is.
Sure = Literal["settled", "contested"]
Severity = Literal["violation", "warning", "info"]


class Reading(TypedDict):
    """Who read the clause in the license text, and when."""

    status: Literal["read-twice", "read", "carried-over", "no-text"]
    by: str | None
    date: str | None


class AgainstClause(TypedDict):
    """What stands against a clause."""

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


class ClauseFinding(AgainstClause):
    """A finding that rests on a clause."""

    remedy: str


class ClauseDuty(TypedDict):
    """A duty that a clause imposes."""

    kind: str
    license: str
    section: str
    message: str
    clause: str
    certainty: Sure
    reading: Reading
    conditions: NotRequired[list[str]]


class CompatAnswer(TypedDict):
    """One answer of `clausegraph compat`, also one line of a batch.

    A line that cannot be read is unknown because of `case-not-read`, and `error` says why.
    """

    schema_version: Literal[2]
    id: NotRequired[str | int]
    reading: HowRead
    verdict: Verdict
    unknown_because: list[str]
    findings: list[ClauseFinding]
    obligations: list[ClauseDuty]
    alternatives: list[str]
    passed_over: NotRequired[list[str]]
    notes: NotRequired[list[str]]
    error: NotRequired[str]
    data_version: str


class Step(TypedDict):
    """One step of reuse on the path of a clause."""

    parent: str
    relation: str
    child: str
    inferred: NotRequired[str]


class Finding(TypedDict):
    """A finding; one about the card, or a file beside it, rests on no clause, and has none of what a clause says."""

    code: str
    severity: Severity
    license: str | None
    section: str | None
    clause: str | None
    kind: str | None
    mode: str | None
    certainty: Sure | None
    reading: Reading | None
    title: str
    message: str
    remedy: str
    own: NotRequired[Literal[True]]
    read: NotRequired[Literal["strictly"]]
    reason: NotRequired[str]
    conditions: NotRequired[list[str]]
    restrictions: NotRequired[list[str]]
    against: NotRequired[list[str]]
    subject: NotRequired[str]
    origin: str | None
    path: list[Step]
    origins: NotRequired[list[str]]


class Obligation(ClauseDuty):
    """A duty, with the artifact that it comes from and the path."""

    origin: str | None
    path: list[Step]


class Note(TypedDict):
    """A finding about the card, or a file beside it, that rests on no clause."""

    code: str
    subject: str
    message: str


class KnownArtifact(TypedDict):
    """An artifact that was not loaded and whose facts ship with the package."""

    id: str
    day: str
    source: str
    by: str


class HubGap(TypedDict):
    """An ancestor about which the live Hub was asked in vain."""

    id: str
    reason: str


class CheckAnswer(TypedDict):
    """The answer of `clausegraph check` for one artifact.

    `findings` is the one list that every format shows; `notes` are those of them that rest on no clause.
    """

    schema_version: Literal[2]
    id: str
    kind: str
    declared: str | None
    stated: list[str]
    reading: HowRead
    passed_over: list[str]
    verdict: Verdict
    unknown_because: list[str]
    encumbrances: list[str]
    missing: list[str]
    findings: list[Finding]
    obligations: list[Obligation]
    alternatives: list[str]
    notes: list[Note]
    data_version: str
    taken: NotRequired[list[str]]
    known_artifacts: NotRequired[list[KnownArtifact]]
    gaps: NotRequired[list[HubGap]]


class RecipeArtifact(TypedDict):
    """One artifact of a recipe."""

    kind: str
    declared: str | None
    verdict: Verdict
    unknown_because: list[str]
    encumbrances: list[str]
    findings: list[Finding]
    obligations: list[Obligation]
    alternatives: list[str]


class RecipeAnswer(TypedDict):
    """The answer of `clausegraph check recipe.yaml`.

    A work from which another is made shows the last step of its paths.
    """

    schema_version: Literal[2]
    reading: HowRead
    verdict: Verdict
    works: dict[str, RecipeArtifact]
    notes: NotRequired[list[str]]
    data_version: str


class AuditVerdict(TypedDict):
    """How many artifacts have each verdict."""

    compatible: int
    conditional: int
    unknown: int
    conflict: int


class AuditUnknownBecause(TypedDict):
    """How many artifacts are unknown for a reason."""

    reason: str
    label: str
    artifacts: int
    only: int
    settled_by: str


class AuditAnswer(TypedDict):
    """The answer of `clausegraph audit`: `findings` counts artifacts per code, `verdicts` counts all artifacts.

    `unknown_because` counts those that are unknown by reason: `artifacts` hang on it, `only` on nothing else.
    """

    schema_version: Literal[2]
    reading: HowRead
    artifacts: int
    situations: int
    encumbered: int
    findings: dict[str, int]
    verdicts: AuditVerdict
    unknown_because: list[AuditUnknownBecause]
    seconds: dict[str, float]
    peak_rss_mb: float
    data_version: str


class ValidateResult(TypedDict):
    """A result of a shape over a file."""

    focus: str
    code: str
    path: str
    value: str
    severity: str


class ValidateAnswer(TypedDict):
    """The answer of `clausegraph validate FILE`: the results of the plain shapes over a file.

    It conforms where something was judged, every term is known, and nothing was found.
    """

    schema_version: Literal[2]
    file: str
    judged: int
    conforms: bool
    strange_terms: list[str]
    results: list[ValidateResult]
