"""Reads the ontology and the generated tables into records.

One pass over the triples builds an index by subject; everything else is look-ups in it. It is read when the
generated files are made; commands read `library.json`, which says the same.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnreadableInput
from clausegraph.ground.files import generated, turtle_files
from clausegraph.library.model import (
    ArtifactKind,
    AssumptionKey,
    Carrier,
    Clause,
    ClauseKind,
    Condition,
    Encumbrance,
    License,
    Openness,
    Relation,
    Value,
)

Index = dict[str, dict[str, list[Any]]]
#: Classes that say what sort of license something is; the others are families.
_STATUSES = (
    *("License", "UnspecifiedLicense", "OwnTerms"),
    *("NoDeclaration", "UndeterminedLicense", "LicenseFamily", "LicenseChoice", "MissingAncestor", "ServiceTerms"),
)
_NUMBERS = {"integer": int, "decimal": float, "double": float}


def plain(term: Any) -> Any:
    """Turn a term into a Python value; an IRI stays a string."""
    if not isinstance(term, ox.Literal):
        return term.value
    kind = ns.local(term.datatype.value)
    if kind == "boolean":
        return term.value in ("true", "1")
    return _NUMBERS[kind](term.value) if kind in _NUMBERS else term.value


def index_files(paths: Iterable[Path]) -> Index:
    """Return subject → predicate → values for all triples in `paths`."""
    index: Index = defaultdict(lambda: defaultdict(list))
    known: dict[Any, Any] = {}
    for path in paths:
        try:
            for subject, predicate, value in _table(path) if path.suffix == ".nt" else _triples(path, known):
                values = index[subject][predicate]
                if value not in values:  # a table may repeat what a source says
                    values.append(value)
        except (SyntaxError, OSError, ValueError) as error:
            raise UnreadableInput(f"{path}: {error}. Mend the file or reinstall clausegraph.") from error
    return index


def _triples(path: Path, known: dict[Any, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield the triples of a file as Python values; `known` keeps the terms that were turned already."""
    for triple in ox.parse(path=str(path)):
        value = triple.object
        if value not in known:
            known[value] = plain(value)
        yield triple.subject.value, triple.predicate.value, known[value]


def _table(path: Path) -> Iterator[tuple[str, str, Any]]:
    """Yield the triples of a table that we generated, one in a line; four times as fast as a parser for any file."""
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.startswith("<"):
                subject, predicate, rest = line.split(" ", 2)
                if rest.startswith("<"):
                    yield subject[1:-1], predicate[1:-1], rest[1:-4]
                else:
                    for triple in ox.parse(line, format=ox.RdfFormat.N_TRIPLES):
                        yield subject[1:-1], predicate[1:-1], plain(triple.object)


class Reader:
    """Turns an index of the ontology into records, each built once."""

    def __init__(self, index: Index) -> None:
        self.index = index
        self._conditions: dict[str, Condition] = {}
        self._types: dict[str, list[str]] = defaultdict(list)
        for subject, facts in index.items():
            for type_ in facts.get(ns.RDF_TYPE, ()):
                self._types[type_].append(subject)

    def typed(self, name: str) -> list[str]:
        """Return the subjects of a class of the `cg:` namespace, in order."""
        return sorted(self._types[ns.CG + name])

    def all(self, subject: str, name: str) -> list[Any]:
        """Return all values of a `cg:` property (or of a full IRI)."""
        return self.index[subject].get(name if "://" in name else ns.CG + name, [])

    def one(self, subject: str, name: str) -> Any:
        """Return the value of a property, or `None`."""
        values = self.all(subject, name)
        return values[0] if values else None

    def locals(self, subject: str, name: str) -> tuple[str, ...]:
        """Return the local names of the values of a property, sorted."""
        return tuple(sorted(ns.local(v) for v in self.all(subject, name)))

    def condition(self, iri: str) -> Condition:
        """Return the condition `iri`."""
        if iri not in self._conditions:
            key = self.one(iri, ns.ODRL + "leftOperand")
            values: tuple[Value, ...] = tuple(self.all(iri, ns.ODRL + "rightOperand"))
            self._conditions[iri] = Condition(
                iri,
                self.one(key, "jsonKey"),
                ns.local(self.one(iri, ns.ODRL + "operator")),
                values,
                self.one(iri, ns.SKOS + "prefLabel"),
                self.one(iri, "unit"),
                self.one(iri, "testedAt"),
            )
        return self._conditions[iri]

    def conditions(self, subject: str, name: str) -> tuple[Condition, ...]:
        """Return the conditions that a property points to, in order."""
        return tuple(self.condition(iri) for iri in sorted(self.all(subject, name)))

    def keys(self) -> dict[str, AssumptionKey]:
        """Return the assumption keys by their name in the machine contract."""
        found = [
            AssumptionKey(
                self.one(s, "jsonKey"),
                self.one(s, "valueType"),
                self.one(s, ns.SKOS + "definition"),
                self.one(s, "default"),
                tuple(sorted(self.all(s, "allowedValue"))),
                bool(self.one(s, "fromArtifact")),
                next(iter(self.locals(s, "impliesRelation")), None),
                bool(self.one(s, "perLicensor")),
            )
            for s in self.typed("AssumptionKey")
        ]
        return {key.name: key for key in found}

    def kinds(self) -> dict[str, ClauseKind]:
        """Return the clause kinds by IRI."""
        return {
            s: ClauseKind(
                ns.local(s),
                self.one(s, ns.SKOS + "prefLabel"),
                self.one(s, ns.SKOS + "definition"),
                self.one(s, ns.SKOS + "notation"),
                ns.local(self.one(s, "clauseForm")),  # type: ignore[arg-type]  # kinds.ttl has no others; mypy cannot know
                ns.local(self.one(s, "burden")) if self.one(s, "burden") else None,
                self.one(s, "deonticType"),
                self.one(s, "remedy") or "",
                self.one(s, "breachesProperty"),
                self.one(s, "mayBreachProperty"),
                self.one(s, "wouldBreachProperty"),
                self.one(s, "markProperty"),
                self.one(s, "ownNotation"),
                self.one(self.one(s, "answeredBy") or "", "jsonKey"),
            )
            for s in self.typed("ClauseKind")
        }

    def carrier(self, iri: str) -> Carrier:
        """Return a carrier with the licenses that it admits."""
        condition = self.one(iri, "onCondition")
        return Carrier(
            iri,
            ns.local(self.one(iri, "carrierRule")),
            ns.local(self.one(iri, "certainty")),
            frozenset(self.one(v, "identifier") for v in self.all(iri, "admits")),
            self.condition(condition) if condition else None,
            self.one(iri, "ifOpen"),
            self.one(iri, "section"),
        )

    def clause(self, iri: str, license_id: str, kinds: dict[str, ClauseKind]) -> Clause:
        """Return a clause of the license `license_id`."""
        reach = self.one(iri, "reach")
        forms = (self.locals(reach, "reachesForm"), self.locals(reach, "mayReachForm")) if reach else ((), ())
        return Clause(
            iri,
            license_id,
            kinds[self.one(iri, "kind")],
            self.one(iri, "section"),
            self.one(iri, ns.SKOS + "definition"),
            self.conditions(iri, "when"),
            self.conditions(iri, "unless"),
            self.conditions(iri, "met"),
            tuple(self.carrier(c) for c in sorted(self.all(iri, "carrier"))),
            ns.local(self.one(iri, "withholds")) if self.one(iri, "withholds") else None,
            self.locals(iri, "imposes"),
            frozenset(self.locals(iri, "refuses")),
            frozenset(self.locals(iri, "grants")),
            forms[0] + tuple(f"{f} (contested)" for f in forms[1]),
            "contested" if reach and not forms[0] else "settled",
            self.locals(iri, "trigger"),
            self.one(iri, "anchor"),
            self.one(iri, "textKey"),
            self.places(iri),
            tuple(sorted(self.all(iri, "contradicts"))),
        )

    def places(self, iri: str) -> tuple[tuple[str, str], ...]:
        """Return, for each restriction of a clause, where it stands: pairs of name and letter or number."""
        found = (
            (ns.local(self.one(i, "ofRestriction")), place)
            for i in self.all(iri, "imposition")
            for place in self.all(i, "locator")
        )
        return tuple(sorted(found))

    def licenses(self) -> dict[str, License]:
        """Return the licenses by id."""
        kinds = self.kinds()
        found = {}
        for status in _STATUSES[:3]:
            for s in self.typed(status):
                found[self.one(s, "identifier")] = self._license(s, status, kinds)
        return dict(sorted(found.items()))

    def _license(self, s: str, status: str, kinds: dict[str, ClauseKind]) -> License:
        id_ = self.one(s, "identifier")
        later, member = self.one(s, "laterVersion"), self.one(s, "memberOf")
        return License(
            s,
            id_,
            self.one(s, ns.SKOS + "prefLabel"),
            status,
            self.one(s, "spdxId"),
            self.one(s, "hubId"),
            self.one(s, "scancodeKey"),
            tuple(sorted(self.all(s, "alias"))),
            bool(self.one(s, "verified")),
            bool(self.one(s, "clausesComplete")),
            self.one(s, "osiApproved"),
            self.one(s, "fsfFree"),
            self.one(s, "openDefinition"),
            self.one(s, "http://purl.org/dc/terms/source"),
            self.one(s, ns.SKOS + "scopeNote"),
            self.one(s, "reviewer"),
            self.one(s, "reviewedOn"),
            self.one(s, "rereadBy"),
            self.one(s, "rereadOn"),
            self.one(s, "publisher"),
            frozenset(self.locals(s, "intendedFor")),
            frozenset(self.locals(s, "unsuitedFor")),
            frozenset(self.locals(s, "grants")),
            self.one(later, "identifier") if later else None,
            self.one(member, "identifier") if member else None,
            tuple(self.clause(c, id_, kinds) for c in sorted(self.all(s, "hasClause"))),
            frozenset(self.locals(s, "lacksKind")),
            frozenset(self.one(v, "identifier") for v in self.all(s, "relicensedBy")),
            frozenset(self.all(s, "refusedBy")),
            tuple(sorted(set(self.locals(s, ns.RDF_TYPE)) - set(_STATUSES))),
            tuple(t for t in self.locals(s, ns.RDF_TYPE) if t in _STATUSES),
            self.locals(s, "membersAre"),
        )

    def encumbrances(self, clauses: dict[str, Clause]) -> dict[str, Encumbrance]:
        """Return the encumbrances by IRI."""
        parts = {s: bool(self.one(s, "isPart")) for s in self.typed("Setting")}
        found = {}
        for s in self.typed("Encumbrance"):
            setting = self.one(s, "inSettingOf")
            found[s] = Encumbrance(
                s,
                self.one(self.one(s, "ofLicense"), "identifier"),
                ns.local(self.one(s, "inForm")),
                ns.local(setting),
                tuple(clauses[c] for c in sorted(self.all(s, "binds"))),
                tuple(clauses[c] for c in sorted(self.all(s, "mayBind"))),
                tuple(clauses[c] for c in sorted(self.all(s, "waivedBy"))),
                frozenset(self.all(s, "claims")),
                frozenset(self.all(s, "mayClaim")),
                frozenset(self.all(s, "refusedBy")),
                frozenset(self.all(s, "mayBeRefusedBy")),
                parts[setting],
                ns.local(self.one(setting, "underTrigger")),
            )
        return found

    def relations(self) -> dict[str, Relation]:
        """Return the reuse relations by their spelling in the machine contract."""
        return {
            self.one(s, "spelling"): Relation(
                self.one(s, "spelling"),
                self.one(s, "viaProperty"),
                self.one(s, "withinProperty"),
                self.one(s, "movesProperty"),
                bool(self.one(s, "familyWhenAlike")),
                bool(self.one(s, "countsAsBase")),
                bool(self.one(s, "keepsFamily")),
                self.locals(s, "candidateRelation"),
                self.one(s, "statedByProperty"),
                bool(self.one(s, "needsUpstream")),
                self.locals(s, "expectsUpstream"),
                (self.one(s, "spelling"), *sorted(self.all(s, "alias"))),
            )
            for s in self.typed("Relation")
        }

    def openness(self) -> tuple[Openness, ...]:
        """Return the classes by which the machine contract says how open a license is, in order of their keys."""
        disjoint = "http://www.w3.org/2002/07/owl#disjointWith"
        found = (
            Openness(key, ns.local(s), frozenset(self.locals(s, disjoint)))
            for s, facts in self.index.items()
            for key in facts.get(ns.CG + "opennessKey", ())
        )
        return tuple(sorted(found, key=lambda one: one.key))

    def known_unknowns(self) -> dict[str, str]:
        """Return, for each name of a license that could not be read, the reason."""
        return {
            alias: self.one(s, ns.SKOS + "scopeNote")
            for s in self.typed("KnownUnknown")
            for alias in sorted(self.all(s, "alias"))
        }

    def artifact_kinds(self) -> dict[str, ArtifactKind]:
        """Return the kinds of artifact by name."""
        return {
            ns.local(s): ArtifactKind(
                ns.local(s),
                self.one(s, "kindOf"),
                tuple(sorted(self.all(s, "spelling"))),
                next(iter(self.locals(s, "impliesRelation")), None),
                next(iter(self.locals(s, ns.SKOS + "broader")), None),
            )
            for s in self.typed("ArtifactKind")
        }

    def exercised(self) -> dict[str, tuple[Condition, ...]]:
        """Return, for each right, the conditions under which somebody exercises it."""
        return {ns.local(s): self.conditions(s, "exercisedWhen") for s in self.typed("Right")}

    def policies(self) -> dict[str, dict[str, bool]]:
        """Return, for each publish policy, the assumptions that it makes."""
        return {
            self.one(s, "spelling"): {
                self.one(key, "jsonKey"): value
                for name, value in (("assumesTrue", True), ("assumesFalse", False))
                for key in self.all(s, name)
            }
            for s in self.typed("PublishPolicy")
        }

    def publish_forms(self) -> dict[str, str | None]:
        """Return, for each publish form, the relation that it implies."""
        return {
            self.one(s, "spelling"): next(iter(self.locals(s, "impliesRelation")), None)
            for s in self.typed("PublishForm")
        }

    def triggers(self) -> dict[str, tuple[Condition, ...]]:
        """Return, for each trigger, the conditions under which it happens."""
        return {ns.local(s): self.conditions(s, "activeWhen") for s in self.typed("Trigger")}

    def regions(self) -> dict[str, frozenset[str]]:
        """Return, for each spelling of a region in capitals, the codes that it lies in, its own among them."""
        codes = {s: self.one(s, "regionCode") for s in self.typed("Region")}
        inside: dict[str, set[str]] = {code: {code} for code in codes.values()}
        for outer, code in codes.items():
            for inner in self.all(outer, "includesRegion"):
                inside[codes[inner]].add(code)
        named = {code: frozenset(found) for code, found in inside.items()}
        for s, code in codes.items():
            for alias in [*self.all(s, "alias"), self.one(s, ns.SKOS + "prefLabel")]:
                named[alias.upper()] = named[code]
        return named


def read_all() -> Reader:
    """Return a reader over the ontology and its generated tables."""
    table = generated("library.nt")
    if not table.exists():
        raise UnreadableInput(f"{table} is missing. Run `make library` in the checkout.")
    extra = [p for p in (table, generated("inferred.ttl")) if p.exists()]
    return Reader(index_files([*turtle_files("ontology"), *extra]))
