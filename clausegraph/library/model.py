"""The records of the library: plain frozen values, read from the ontology and from nothing else."""

from dataclasses import dataclass
from typing import Literal

Form = Literal["duty", "carry", "limit", "ban", "refusal", "term"]
Value = bool | int | float | str


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
    """A question that only the user or the artifact can answer; `default` is `None` where it stays open."""

    name: str
    type: str
    definition: str
    default: Value | None
    allowed: tuple[str, ...]
    from_artifact: bool
    implies: str | None


@dataclass(frozen=True, slots=True)
class Carrier:
    """Which declared licenses (`admits`, by id) can carry a clause, and how sure that is."""

    iri: str
    rule: str
    certainty: str
    admits: frozenset[str]
    condition: Condition | None
    if_open: str | None
    section: str | None


@dataclass(frozen=True, slots=True)
class ClauseKind:
    """What a clause is about: its test, its burden on others, its number in finding codes."""

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
    doubt: str


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
    reach_certainty: str
    triggers: tuple[str, ...]
    anchor: str | None
    text_key: str | None = None
    places: tuple[tuple[str, str], ...] = ()
    contradicts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class License:
    """A license with its clauses.

    `status` is `License`, `UnspecifiedLicense` or `OwnTerms`; `sorts` are all classes that say what sort it is.
    """

    iri: str
    id: str
    name: str
    status: str
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


@dataclass(frozen=True, slots=True, eq=False)
class Encumbrance:
    """A license in a mode, with the clauses that bind there: a row of the generated tables."""

    iri: str
    license: str
    form: str
    setting: str
    binds: tuple[Clause, ...]
    may_bind: tuple[Clause, ...]
    claims: frozenset[str]
    may_claim: frozenset[str]
    refused_by: frozenset[str]
    may_be_refused_by: frozenset[str]
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
class Release:
    """Models whose names begin with one of `names` and whose `weights` and `code` stand under two licenses, by id."""

    iri: str
    label: str
    names: tuple[str, ...]
    weights: str
    code: str


@dataclass(frozen=True, slots=True)
class Relation:
    """A reuse relation with its properties between artifacts."""

    name: str
    property: str
    within: str
    moves: str
    family_when_alike: bool


@dataclass(frozen=True, slots=True)
class ArtifactKind:
    """A kind of artifact and the class that it stands for; a service implies that the upstream is served."""

    name: str
    cls: str
    spellings: tuple[str, ...]
    implies: str | None
    broader: str | None
