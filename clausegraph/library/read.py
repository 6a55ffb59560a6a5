"""Reads the ontology and the generated tables into records.

One pass over the triples builds an index by subject; everything else is look-ups in it. It is read when the
generated files are made; commands read `library.json`, which says the same.
"""

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnreadableInput
from clausegraph.ground.files import generated, turtle_files
from clausegraph.library.index import Descriptions, Index, index_files
from clausegraph.library.model import (
    ArtifactKind,
    AssumptionKey,
    Carrier,
    Certainty,
    Clause,
    ClauseKind,
    Condition,
    Encumbrance,
    License,
    Openness,
    Relation,
    Status,
    Value,
)

#: Classes that say what kind of license something is; the others are families.
_STATUSES = (
    *Status,
    *("NoDeclaration", "UndeterminedLicense", "LicenseFamily", "LicenseChoice", "MissingAncestor", "ServiceTerms"),
)


class Reader(Descriptions):
    """Turns an index of the ontology into records, each built once."""

    def __init__(self, index: Index) -> None:
        super().__init__(index)
        self._conditions: dict[str, Condition] = {}

    def condition(self, iri: str) -> Condition:
        """Return the condition `iri`."""
        if iri not in self._conditions:
            key = self.one(iri, ns.ODRL + "leftOperand")
            values: tuple[Value, ...] = tuple(self.all(iri, ns.ODRL + "rightOperand"))
            self._conditions[iri] = Condition(
                iri=iri,
                key=self.one(key, "jsonKey"),
                operator=ns.local(self.one(iri, ns.ODRL + "operator")),
                values=values,
                label=self.one(iri, ns.SKOS + "prefLabel"),
                unit=self.one(iri, "unit"),
                tested_at=self.one(iri, "testedAt"),
            )
        return self._conditions[iri]

    def conditions(self, subject: str, name: str) -> tuple[Condition, ...]:
        """Return the conditions that a property points to, in order."""
        return tuple(self.condition(iri) for iri in sorted(self.all(subject, name)))

    def keys(self) -> dict[str, AssumptionKey]:
        """Return the assumption keys by their name in the machine contract."""
        found = [
            AssumptionKey(
                name=self.one(s, "jsonKey"),
                type=self.one(s, "valueType"),
                definition=self.one(s, ns.SKOS + "definition"),
                default=self.one(s, "default"),
                allowed=tuple(sorted(self.all(s, "allowedValue"))),
                from_artifact=bool(self.one(s, "fromArtifact")),
                implies=next(iter(self.locals(s, "impliesRelation")), None),
                per_licensor=bool(self.one(s, "perLicensor")),
            )
            for s in self.typed("AssumptionKey")
        ]
        return {key.name: key for key in found}

    def kinds(self) -> dict[str, ClauseKind]:
        """Return the clause kinds by IRI."""
        return {
            s: ClauseKind(
                name=ns.local(s),
                label=self.one(s, ns.SKOS + "prefLabel"),
                definition=self.one(s, ns.SKOS + "definition"),
                number=self.one(s, ns.SKOS + "notation"),
                form=ns.local(self.one(s, "clauseForm")),  # type: ignore[arg-type]  # kinds.ttl has no others; mypy cannot know
                burden=ns.local(self.one(s, "burden")) if self.one(s, "burden") else None,
                deontic=self.one(s, "deonticType"),
                remedy=self.one(s, "remedy") or "",
                breaches=self.one(s, "breachesProperty"),
                may_breach=self.one(s, "mayBreachProperty"),
                would_breach=self.one(s, "wouldBreachProperty"),
                mark=self.one(s, "markProperty"),
                own_number=self.one(s, "ownNotation"),
                answered_by=self.one(self.one(s, "answeredBy") or "", "jsonKey"),
            )
            for s in self.typed("ClauseKind")
        }

    def carrier(self, iri: str) -> Carrier:
        """Return a carrier with the licenses that it admits."""
        condition = self.one(iri, "onCondition")
        return Carrier(
            iri=iri,
            rule=ns.local(self.one(iri, "carrierRule")),
            certainty=Certainty(ns.local(self.one(iri, "certainty"))),
            admits=frozenset(self.one(v, "identifier") for v in self.all(iri, "admits")),
            condition=self.condition(condition) if condition else None,
            if_open=self.one(iri, "ifOpen"),
            section=self.one(iri, "section"),
        )

    def clause(self, iri: str, license_id: str, kinds: dict[str, ClauseKind]) -> Clause:
        """Return a clause of the license `license_id`."""
        reach = self.one(iri, "reach")
        forms = (self.locals(reach, "reachesForm"), self.locals(reach, "mayReachForm")) if reach else ((), ())
        return Clause(
            iri=iri,
            license=license_id,
            kind=kinds[self.one(iri, "kind")],
            section=self.one(iri, "section"),
            summary=self.one(iri, ns.SKOS + "definition"),
            when=self.conditions(iri, "when"),
            unless=self.conditions(iri, "unless"),
            met=self.conditions(iri, "met"),
            carriers=tuple(self.carrier(c) for c in sorted(self.all(iri, "carrier"))),
            withholds=ns.local(self.one(iri, "withholds")) if self.one(iri, "withholds") else None,
            imposes=self.locals(iri, "imposes"),
            refuses=frozenset(self.locals(iri, "refuses")),
            grants=frozenset(self.locals(iri, "grants")),
            reach=forms[0] + tuple(f"{f} (contested)" for f in forms[1]),
            reach_certainty=Certainty.contested if reach and not forms[0] else Certainty.settled,
            triggers=self.locals(iri, "trigger"),
            anchor=self.one(iri, "anchor"),
            text_key=self.one(iri, "textKey"),
            places=self.places(iri),
            contradicts=tuple(sorted(self.all(iri, "contradicts"))),
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
        for status in Status:
            for s in self.typed(status):
                found[self.one(s, "identifier")] = self._license(s, status, kinds)
        return dict(sorted(found.items()))

    def _license(self, s: str, status: Status, kinds: dict[str, ClauseKind]) -> License:
        id_ = self.one(s, "identifier")
        later, member = self.one(s, "laterVersion"), self.one(s, "memberOf")
        return License(
            iri=s,
            id=id_,
            name=self.one(s, ns.SKOS + "prefLabel"),
            status=status,
            spdx_id=self.one(s, "spdxId"),
            hf_id=self.one(s, "hubId"),
            scancode_key=self.one(s, "scancodeKey"),
            aliases=tuple(sorted(self.all(s, "alias"))),
            verified=bool(self.one(s, "verified")),
            complete=bool(self.one(s, "clausesComplete")),
            osi_approved=self.one(s, "osiApproved"),
            fsf_free=self.one(s, "fsfFree"),
            open_definition=self.one(s, "openDefinition"),
            source=self.one(s, "http://purl.org/dc/terms/source"),
            note=self.one(s, ns.SKOS + "scopeNote"),
            reviewer=self.one(s, "reviewer"),
            reviewed_on=self.one(s, "reviewedOn"),
            reread_by=self.one(s, "rereadBy"),
            reread_on=self.one(s, "rereadOn"),
            publisher=self.one(s, "publisher"),
            intended_for=frozenset(self.locals(s, "intendedFor")),
            unsuited_for=frozenset(self.locals(s, "unsuitedFor")),
            grants=frozenset(self.locals(s, "grants")),
            later=self.one(later, "identifier") if later else None,
            member_of=self.one(member, "identifier") if member else None,
            clauses=tuple(self.clause(c, id_, kinds) for c in sorted(self.all(s, "hasClause"))),
            lacks=frozenset(self.locals(s, "lacksKind")),
            relicensed_by=frozenset(self.one(v, "identifier") for v in self.all(s, "relicensedBy")),
            refused_by=frozenset(self.all(s, "refusedBy")),
            families=tuple(sorted(set(self.locals(s, ns.RDF_TYPE)) - set(_STATUSES))),
            sorts=tuple(t for t in self.locals(s, ns.RDF_TYPE) if t in _STATUSES),
            shared=self.locals(s, "membersAre"),
        )

    def encumbrances(self, clauses: dict[str, Clause]) -> dict[str, Encumbrance]:
        """Return the encumbrances by IRI."""
        parts = {s: bool(self.one(s, "isPart")) for s in self.typed("Setting")}
        found = {}
        for s in self.typed("Encumbrance"):
            setting = self.one(s, "inSettingOf")
            found[s] = Encumbrance(
                iri=s,
                license=self.one(self.one(s, "ofLicense"), "identifier"),
                form=ns.local(self.one(s, "inForm")),
                setting=ns.local(setting),
                binds=tuple(clauses[c] for c in sorted(self.all(s, "binds"))),
                may_bind=tuple(clauses[c] for c in sorted(self.all(s, "mayBind"))),
                waived_by=tuple(clauses[c] for c in sorted(self.all(s, "waivedBy"))),
                claims=frozenset(self.all(s, "claims")),
                may_claim=frozenset(self.all(s, "mayClaim")),
                refused_by=frozenset(self.all(s, "refusedBy")),
                may_be_refused_by=frozenset(self.all(s, "mayBeRefusedBy")),
                held_from=frozenset(self.one(v, "identifier") for v in self.all(s, "heldFrom")),
                is_part=parts[setting],
                trigger=ns.local(self.one(setting, "underTrigger")),
            )
        return found

    def relations(self) -> dict[str, Relation]:
        """Return the reuse relations by their spelling in the machine contract."""
        return {
            self.one(s, "spelling"): Relation(
                name=self.one(s, "spelling"),
                property=self.one(s, "viaProperty"),
                within=self.one(s, "withinProperty"),
                moves=self.one(s, "movesProperty"),
                family_when_alike=bool(self.one(s, "familyWhenAlike")),
                counts_as_base=bool(self.one(s, "countsAsBase")),
                keeps_family=bool(self.one(s, "keepsFamily")),
                candidates=self.locals(s, "candidateRelation"),
                stated_by=self.one(s, "statedByProperty"),
                needs_upstream=bool(self.one(s, "needsUpstream")),
                expects=self.locals(s, "expectsUpstream"),
                spellings=(self.one(s, "spelling"), *sorted(self.all(s, "alias"))),
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
