"""Makes from `ontology/kinds.ttl` what is alike for all kinds of clauses: terms, and shapes that report breaches.

A kind says once what it is, what it is when it is breached, and what to do. From that follow its class, the properties
by which a situation breaches it, and three shapes: it is breached, it may be, it is under a condition.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from clausegraph.compile.terms import described, module, prefixes, quoted, term
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder
from clausegraph.library.index import Descriptions, index_files

HEADER = "# GENERATED from ontology/kinds.ttl by `make library`. Do not edit.\n"


@dataclass(frozen=True, slots=True)
class _Level:
    """How sure a breach is: the beginning of its property, and how its shape speaks."""

    prefix: str
    general: str
    label: str
    definition: str
    code: str
    severity: str
    suffix: str
    before: str
    after: str
    comment: str


_LEVELS = {
    "breaches": _Level(
        prefix="breaches",
        general="breachesProperty",
        label="breaches",
        definition="that it breaches",
        code="CG2",
        severity="sh:Violation",
        suffix="",
        before="",
        after="",
        comment="A clause binds, and what is declared cannot meet it: settled.",
    ),
    "contested": _Level(
        prefix="mayBreach",
        general="mayBreachProperty",
        label="may breach",
        definition="of which it is contested or unknown whether it is breached",
        code="CG3",
        severity="sh:Warning",
        suffix=", contested",
        before="It is contested or unknown whether this holds: ",
        after=" Until that is settled, the answer is unknown.",
        comment="A clause may bind: the text is silent, references disagree, or the terms were not read.",
    ),
    "conditions": _Level(
        prefix="wouldBreach",
        general="wouldBreachProperty",
        label="would breach",
        definition="that is breached if an open condition turns out so",
        code="CG4",
        severity="sh:Info",
        suffix=", conditional",
        before="This depends on facts that only you know: ",
        after="",
        comment="A clause binds if a condition holds that only the user knows.",
    ),
}


@dataclass(frozen=True, slots=True)
class _Kind:
    name: str
    number: str
    label: str
    definition: str
    example: str
    fact: str | None
    remedy: str | None
    is_gap: bool
    is_restricting: bool

    @property
    def stem(self) -> str:
        return "".join(word.capitalize() for word in self.name.split("-"))

    @property
    def levels(self) -> list[_Level]:
        """How sure a breach of it can be; what nobody knows can only be unknown."""
        return [one for key, one in _LEVELS.items() if self.fact or (self.is_gap and key == "contested")]


def _kinds() -> Iterator[_Kind]:
    found = Descriptions(index_files([folder("ontology") / "kinds.ttl"]))
    for iri in found.typed("ClauseKind"):
        yield _Kind(
            name=ns.local(iri),
            number=found.one(iri, ns.SKOS + "notation"),
            label=found.one(iri, ns.SKOS + "prefLabel"),
            definition=found.one(iri, ns.SKOS + "definition"),
            example=found.one(iri, ns.SKOS + "example"),
            fact=found.one(iri, "breachedWhere"),
            remedy=found.one(iri, "remedy"),
            is_gap=found.locals(iri, "clauseForm") == ("gap",),
            is_restricting="restricting" in found.locals(iri, ns.SKOS + "broader"),
        )


def _terms(kind: _Kind) -> Iterator[str]:
    """Yield the class of a kind and the properties of its breaches, and what the kind says of them."""
    about = f"clause of the kind {kind.label}"
    found = f"[ a owl:Restriction ; owl:onProperty cg:kind ; owl:hasValue kind:{kind.name} ]"
    facts = [f"owl:equivalentClass [ a owl:Class ; owl:intersectionOf ( cg:Clause {found} ) ]"]
    if kind.is_restricting:
        facts.insert(0, "rdfs:subClassOf cg:RestrictingClause")
    yield term(f"cg:{kind.stem}Clause", ["a owl:Class", *facts], f"{kind.label} clause", f"A {about}.", kind.example)
    if not kind.levels:
        return
    ways = [f"cg:{one.general} cg:{one.prefix}{kind.stem}" for one in kind.levels]
    yield described(f"kind:{kind.name}", [*ways, f"cg:markProperty cg:is{kind.stem}"])
    for one in kind.levels:
        facts = ["a owl:ObjectProperty", f"rdfs:subPropertyOf cg:{one.prefix}", "cg:situationProperty true"]
        doubt = ", so that nobody knows whether it is breached" if kind.is_gap else f" {one.definition}"
        definition = f"Relates a situation to a {about}{doubt}."
        yield term(f"cg:{one.prefix}{kind.stem}", facts, f"{one.label} {kind.label}", definition, kind.example)
    definition = f"Relates a {about} to itself, so that a path can select it."
    yield term(f"cg:is{kind.stem}", ["a owl:ObjectProperty"], f"is {kind.label}", definition, kind.example)


def _shape(kind: _Kind, level: _Level) -> str:
    fact = kind.fact or ""
    said = f"{level.before}{fact[:1].lower() + fact[1:] if level.before else fact}{level.after} {kind.remedy}"
    path = f"cg:{level.prefix}{kind.stem}"
    return (
        f"cg-sh:{level.code}{kind.number} a sh:PropertyShape ;\n"
        f"    sh:targetSubjectsOf {path} ;\n    sh:path {path} ;\n    sh:in ( ) ;\n    sh:severity {level.severity} ;\n"
        f"    cg:reports kind:{kind.name} ;\n    sh:name {quoted(kind.label + level.suffix)} ;\n"
        f"    sh:message {quoted(said)} ;\n    skos:definition {quoted(kind.definition)} .\n"
    )


def terms_text() -> str:
    """Return the text of `ontology/kind-terms.ttl`."""
    head = module(
        "kind-terms",
        "kinds",
        "Terms for each clause kind of clausegraph",
        "A class for each kind of clause, and the properties by which a situation breaches it.",
    )
    return "\n".join(
        [
            prefixes("cg", "dcterms", "kind", "owl", "rdfs", "skos"),
            HEADER + head,
            *(text for kind in _kinds() for text in _terms(kind)),
        ]
    )


def breaches_text(name: str) -> str:
    """Return the text of `shapes/artifact/NAME.ttl`: `breaches`, `contested` or `conditions`."""
    level = _LEVELS[name]
    shapes = [_shape(kind, level) for kind in sorted(_kinds(), key=lambda kind: kind.number) if kind.fact]
    return "\n".join([prefixes("cg", "cg-sh", "kind", "sh", "skos"), f"{HEADER}# {level.comment}\n", *shapes])
