"""The records of the library: plain frozen values, read from the ontology and from nothing else."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Form = Literal["duty", "carry", "limit", "ban", "refusal", "term", "gap", "waiver"]
Value = bool | int | float | str
#: What the user says: one value, or for some keys several names.
Answer = Value | tuple[str, ...]


class Status(StrEnum):
    """What stands behind the name of a license, by the class that the ontology gives it."""

    text = "License"
    unspecified = "UnspecifiedLicense"
    own_terms = "OwnTerms"


class Certainty(StrEnum):
    """How sure the law is of a clause, of its reach, or of what carries it."""

    settled = "settled"
    contested = "contested"


@dataclass(frozen=True, slots=True)
class Condition:
    """A test of one assumption (`key`) against `values` by an ODRL `operator`."""

    iri: str
    key: str
    operator: str
    values: tuple[Value, ...]
    label: str
    unit: str | None = None
    tested_at: str | None = None


@dataclass(frozen=True, slots=True)
class AssumptionKey:
    """A question that only the user or the artifact can answer; `default` is `None` where it stays open.

    `per_licensor` says that it is about one upstream work, so that the answer may differ from licensor to licensor.
    """

    name: str
    type: str
    definition: str
    default: Value | None
    allowed: tuple[str, ...]
    from_artifact: bool
    implies: str | None
    per_licensor: bool


@dataclass(frozen=True, slots=True)
class Carrier:
    """Which declared licenses (`admits`, by id) can carry a clause, and how sure that is."""

    iri: str
    rule: str
    certainty: Certainty
    admits: frozenset[str]
    condition: Condition | None
    if_open: str | None
    section: str | None


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """What a clause is about: its test, its burden on others, its number in finding codes.

    A kind that stands for terms that are not known has whole codes: `number`, and `own_number` where the terms are
    those of the work itself. `answered_by` is the assumption that breaches such a clause where it names a restriction
    that the clause imposes.
    """

    name: str
    label: str
    definition: str
    number: str
    form: Form
    burden: str | None
    deontic: str
    remedy: str
    breaches: str | None
    may_breach: str | None
    would_breach: str | None
    mark: str | None
    own_number: str | None
    answered_by: str | None


@dataclass(frozen=True, slots=True, eq=False)
class Clause:
    """One clause of one license, with the section in which it was read."""

    iri: str
    license: str
    kind: ClauseKind
    section: str
    summary: str
    when: tuple[Condition, ...]
    unless: tuple[Condition, ...]
    met: tuple[Condition, ...]
    carriers: tuple[Carrier, ...]
    withholds: str | None
    imposes: tuple[str, ...]
    refuses: frozenset[str]
    grants: frozenset[str]
    reach: tuple[str, ...]
    reach_certainty: Certainty
    triggers: tuple[str, ...]
    anchor: str | None
    text_key: str | None = None
    places: tuple[tuple[str, str], ...] = ()
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class License:
    """A license with its clauses.

    `sorts` are all classes that say what sort it is.
    `shared` are the classes that all members of a family have which names no text. `reread_by` is who read the text a
    second time.
    """

    iri: str
    id: str
    name: str
    status: Status
    spdx_id: str | None
    hf_id: str | None
    scancode_key: str | None
    aliases: tuple[str, ...]
    verified: bool
    complete: bool
    osi_approved: bool | None
    fsf_free: bool | None
    open_definition: bool | None
    source: str | None
    note: str | None
    reviewer: str | None
    reviewed_on: str | None
    reread_by: str | None
    reread_on: str | None
    publisher: str | None
    intended_for: frozenset[str]
    unsuited_for: frozenset[str]
    grants: frozenset[str]
    later: str | None
    member_of: str | None
    clauses: tuple[Clause, ...]
    lacks: frozenset[str]
    relicensed_by: frozenset[str]
    refused_by: frozenset[str]
    families: tuple[str, ...] = ()
    sorts: tuple[str, ...] = ()
    shared: tuple[str, ...] = ()

    @property
    def is_text(self) -> bool:
        """Whether it is one text, and not a family, somebody's own terms, or a value that names none."""
        return self.status == Status.text

    @property
    def names_no_text(self) -> bool:
        """Whether it stands for terms that are not determined: `other`, a family, a missing ancestor."""
        return self.status == Status.unspecified

    @property
    def is_own_terms(self) -> bool:
        """Whether it stands for terms that somebody wrote for an own work."""
        return self.status == Status.own_terms


@dataclass(frozen=True, slots=True, eq=False)
class Encumbrance:
    """A license in a mode, with the clauses that bind there: a row of the generated tables.

    `waived_by` are clauses that let those go once their conditions hold; `held_from` are licenses that replace its
    license elsewhere and not in this mode.
    """

    iri: str
    license: str
    form: str
    setting: str
    binds: tuple[Clause, ...]
    may_bind: tuple[Clause, ...]
    waived_by: tuple[Clause, ...]
    claims: frozenset[str]
    may_claim: frozenset[str]
    refused_by: frozenset[str]
    may_be_refused_by: frozenset[str]
    held_from: frozenset[str]
    is_part: bool
    trigger: str

    @property
    def mode(self) -> str:
        """The mode as `Form/Setting`."""
        return f"{self.form}/{self.setting}"


@dataclass(frozen=True, slots=True)
class Openness:
    """A class of licenses that the machine contract asks about, by `key`; classes in `excluded_by` rule it out."""

    key: str
    name: str
    excluded_by: frozenset[str]


@dataclass(frozen=True, slots=True)
class Period:
    """A license, by id, from the day `valid_from` until the day before `valid_until`; `None` is an end that is open."""

    license: str
    valid_from: str | None
    valid_until: str | None

    def covers(self, day: str) -> bool:
        """Whether the license holds on a day, written as YYYY-MM-DD."""
        return (self.valid_from or "") <= day and (self.valid_until is None or day < self.valid_until)


@dataclass(frozen=True, slots=True)
class Release:
    """Models of the Hub `accounts` of a publisher whose names begin with one of `names`.

    `weights` are the licenses under which their weights stood, one after another; `code` is that of the code, by id.
    """

    iri: str
    label: str
    names: tuple[str, ...]
    accounts: tuple[str, ...]
    weights: tuple[Period, ...]
    code: str

    def weights_on(self, day: str) -> str | None:
        """Return the license of the weights on a day, written as YYYY-MM-DD, or `None` where it is not known."""
        return next((period.license for period in self.weights if period.covers(day)), None)

    @property
    def license_ids(self) -> frozenset[str]:
        """All licenses that weights or code ever stood under."""
        return frozenset({self.code, *(period.license for period in self.weights)})


@dataclass(frozen=True, slots=True)
class Licensor:
    """A party that the texts of `licenses`, by id, name as the one that licenses, with its `accounts` on the Hub."""

    iri: str
    label: str
    accounts: tuple[str, ...]
    licenses: frozenset[str]


#: The word for a work that stands upstream in a relation which its kind cannot stand in.
MISFIT = "misfit"


@dataclass(frozen=True, slots=True)
class Relation:
    """A reuse relation with its properties between artifacts.

    `candidates` are the relations that it may be where it stands for one that is not stated, and `stated_by` is the
    property of cards that leaves it unstated. `needs_upstream` says that there is an upstream, named or not. `expects`
    are the kinds of artifact that can stand upstream in it; none means all. `counts_as_base` says that what it makes
    counts as its base among the parents of a merge. `keeps_family` says that the upstream work itself is in the result.
    """

    name: str
    property: str
    within: str
    moves: str
    family_when_alike: bool
    counts_as_base: bool
    keeps_family: bool
    candidates: tuple[str, ...] = ()
    stated_by: str | None = None
    needs_upstream: bool = False
    expects: tuple[str, ...] = ()
    spellings: tuple[str, ...] = ()

    def fits(self, kind: "ArtifactKind") -> bool:
        """Say whether a kind of artifact can stand upstream."""
        return not self.expects or not {kind.name, kind.broader}.isdisjoint(self.expects)


@dataclass(frozen=True, slots=True)
class ArtifactKind:
    """A kind of artifact and the class that it stands for; a service implies that the upstream is served."""

    name: str
    cls: str
    spellings: tuple[str, ...]
    implies: str | None
    broader: str | None


@dataclass(frozen=True, slots=True)
class Reason:
    """Why an answer is unknown, with the smallest act that settles it.

    `kind` is the clause kind of an ancestor's terms that raises it, `own_kind` that of the work's own; `code` is its
    finding code, if it has one of its own.
    """

    name: str
    code: str | None
    kind: str | None
    own_kind: str | None
    label: str
    definition: str
    settled_by: str
