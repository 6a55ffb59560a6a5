"""The library of licenses: what the ontology says, as Python values.

>>> from clausegraph import Library
>>> Library.load().resolve("Apache License 2.0")
'apache-2.0'
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.ground.files import generated
from clausegraph.library.model import (
    ArtifactKind,
    AssumptionKey,
    Clause,
    ClauseKind,
    Condition,
    Encumbrance,
    License,
    Licensor,
    Openness,
    Reason,
    Relation,
    Release,
    Status,
)
from clausegraph.library.spellings import Spellings

if TYPE_CHECKING:
    from clausegraph.library.names import Names
    from clausegraph.library.read import Reader

__all__ = ["Library"]


@dataclass(frozen=True, eq=False)
class Library:
    """All licenses, relations, kinds and tables; immutable, one instance per process is enough."""

    data_version: str
    licenses: dict[str, License]
    clauses: dict[str, Clause]
    kinds: dict[str, ClauseKind]
    keys: dict[str, AssumptionKey]
    relations: dict[str, Relation]
    artifact_kinds: dict[str, ArtifactKind]
    encumbrances: Mapping[str, Encumbrance]
    moves: Mapping[tuple[str, str], str]
    offers: dict[str, str]
    exercised: dict[str, tuple[Condition, ...]]
    triggers: dict[str, tuple[Condition, ...]]
    policies: dict[str, dict[str, bool]]
    publish_forms: dict[str, str | None]
    regions: dict[str, frozenset[str]]
    openness: tuple[Openness, ...]
    releases: tuple[Release, ...]
    licensors: tuple[Licensor, ...]
    known_unknowns: dict[str, str]
    registries: tuple[tuple[str, str], ...]
    renamed_owners: dict[str, tuple[str, str]]
    no_artifacts: dict[tuple[str, str], str]
    #: Each restriction of use, with itself and those that are wider.
    restrictions: dict[str, tuple[str, ...]]
    #: The forms that a form may be which stands for an unstated one.
    candidate_forms: dict[str, tuple[str, ...]]
    #: The forms that a merge makes.
    merged_forms: frozenset[str]
    #: The closed list of reasons for which an answer is unknown.
    reasons: dict[str, Reason]
    #: The node for the license of an ancestor of which nothing is known, by the word for why.
    missing: dict[str, str]
    #: Licenses that were added to those that ship: where each came from, and its Turtle.
    added: tuple[tuple[str, str], ...] = ()

    @staticmethod
    @cache
    def load() -> "Library":
        """Read the library that this installation ships; later calls return the same object."""
        from clausegraph.library.pack import unpack

        return unpack(generated("library.json"))

    @cached_property
    def names(self) -> "Names":
        """The spellings of licenses and how they resolve."""
        from clausegraph.library.names import Names

        return Names(self.licenses, self.known_unknowns, self.registries)

    @cached_property
    def members(self) -> dict[str, tuple[str, ...]]:
        """The licenses that each family without a version may mean, members of members among them."""
        inside: dict[str, list[str]] = {}
        for id_, found in self.licenses.items():
            if found.member_of:
                inside.setdefault(found.member_of, []).append(id_)

        def below(family: str) -> set[str]:
            return {m for id_ in inside[family] for m in (below(id_) if id_ in inside else (id_,))}

        return {family: tuple(sorted(below(family))) for family in inside}

    @cached_property
    def fixed_licensors(self) -> dict[str, tuple[frozenset[str], ...]]:
        """For each license whose text names its licensor, the accounts of each that it may be, in small letters."""
        found: dict[str, tuple[frozenset[str], ...]] = {}
        for licensor in self.licensors:
            for id_ in licensor.licenses:
                found[id_] = (*found.get(id_, ()), frozenset(a.casefold() for a in licensor.accounts))
        return found

    @cached_property
    def declarable(self) -> tuple[str, ...]:
        """The licenses that somebody can declare: they name a text, and are not the terms of a service."""
        apart = {Status.unspecified.value, "ServiceTerms"}
        return tuple(id_ for id_, found in self.licenses.items() if not apart & {found.status, *found.sorts})

    @cached_property
    def unstated(self) -> dict[str, Relation]:
        """The relation that stands for an unstated one, by the property of cards that leaves it unstated."""
        return {r.stated_by: r for r in self.relations.values() if r.stated_by}

    @cached_property
    def kinds_by_spelling(self) -> dict[str, ArtifactKind]:
        """The kinds of artifact by every spelling of the machine contract."""
        return {s: kind for kind in self.artifact_kinds.values() for s in kind.spellings}

    @cached_property
    def relations_by_spelling(self) -> dict[str, Relation]:
        """The reuse relations by every name that people use, in any case, with hyphen, underscore or space."""
        return Spellings((name, relation) for relation in self.relations.values() for name in relation.spellings)

    def relation(self, spelling: str) -> Relation:
        """Return the relation that is called so; raise `UnknownIdentifier` with the nearest names and all relations."""
        found = self.relations_by_spelling.get(spelling)
        if found is None:
            hint = f"Relations are {', '.join(sorted(self.relations))}."
            raise UnknownIdentifier("reuse relation", spelling, self.relations_by_spelling, hint)
        return found

    def artifact_kind(self, spelling: str) -> ArtifactKind:
        """Return the kind of artifact that is spelled so; raise `UnknownIdentifier` with the nearest ones."""
        found = self.kinds_by_spelling.get(spelling)
        if found is None:
            raise UnknownIdentifier("kind of artifact", spelling, self.kinds_by_spelling)
        return found

    def names_no_artifact(self, kind: str, name: str) -> str | None:
        """Return why a name on a card names no artifact of a kind, or `None` if it may name one."""
        return self.no_artifacts.get((self.artifact_kinds[kind].cls, name.strip().lower()))

    @cached_property
    def artifact_conditions(self) -> tuple[Condition, ...]:
        """Conditions whose assumption is read from the artifact itself, each once."""
        found = {
            c.iri: c
            for clause in self.clauses.values()
            for c in (*clause.when, *clause.unless, *clause.met)
            if self.keys[c.key].from_artifact
        }
        return tuple(found[iri] for iri in sorted(found))

    @cached_property
    def merge_conditions(self) -> frozenset[str]:
        """The conditions on the artifact itself, by IRI, that are about what was merged into it."""
        return frozenset(c.iri for c in self.artifact_conditions if self.keys[c.key].type == "boolean")

    @cached_property
    def family_bound(self) -> frozenset[str]:
        """The licenses, and families of them, with a clause that asks whether a merge stays in one family."""
        asking = {
            clause.license
            for clause in self.clauses.values()
            if not self.merge_conditions.isdisjoint(c.iri for c in (*clause.when, *clause.unless, *clause.met))
        }
        return frozenset(asking | {family for family, inside in self.members.items() if asking & set(inside)})

    def resolve(self, spelling: str) -> str:
        """Return the id of the license that is spelled so; raise `UnknownIdentifier` with the nearest ones."""
        return self.names.resolve(spelling)

    def license(self, spelling: str) -> License:
        """Return the license that is spelled so; raise `UnknownIdentifier` with the nearest ones."""
        return self.licenses[self.resolve(spelling)]

    def encumbrance_of(self, license_id: str, mode: str) -> str | None:
        """Return the encumbrance that a license is in a mode, or `None` if nothing binds there or further on."""
        iri = f"{ns.ENCUMBRANCE}{self.licenses[license_id].iri.removeprefix(ns.LICENSE)}/{mode}"
        return iri if iri in self.encumbrances else None

    def start(self, license_id: str) -> str | None:
        """Return the encumbrance that a license is on a plain copy, or `None` if nothing ever binds."""
        return self.offers.get(license_id)

    def move(self, encumbrance: str | None, *relations: str) -> str | None:
        """Return what an encumbrance becomes along relations, or `None` once nothing can bind any more."""
        for relation in relations:
            if encumbrance is None:
                return None
            encumbrance = self.moves.get((encumbrance, relation))
        return encumbrance


def from_reader(reader: "Reader") -> Library:
    """Build the library from a reader over ontology and tables."""
    from clausegraph.library import sources

    licenses = reader.licenses()
    clauses = {c.iri: c for found in licenses.values() for c in found.clauses}
    relations = reader.relations()
    ids = {found.iri: id_ for id_, found in licenses.items()}
    encumbrances = reader.encumbrances(clauses)
    return Library(
        data_version=reader.one("https://w3id.org/clausegraph/ns", "http://www.w3.org/2002/07/owl#versionInfo"),
        licenses=licenses,
        clauses=clauses,
        kinds={kind.name: kind for kind in reader.kinds().values()},
        keys=reader.keys(),
        relations=relations,
        artifact_kinds=reader.artifact_kinds(),
        encumbrances=encumbrances,
        moves={
            (iri, name): target
            for iri in encumbrances
            for name, relation in relations.items()
            if (target := reader.one(iri, relation.moves)) is not None
        },
        offers={ids[s]: v for s in ids if (v := reader.one(s, "offersAs"))},
        exercised=reader.exercised(),
        triggers=reader.triggers(),
        policies=reader.policies(),
        publish_forms=reader.publish_forms(),
        regions=reader.regions(),
        openness=reader.openness(),
        releases=sources.releases(reader),
        licensors=sources.licensors(reader),
        known_unknowns=reader.known_unknowns(),
        registries=sources.registries(reader),
        renamed_owners=sources.renamed_owners(reader),
        no_artifacts=sources.no_artifacts(reader),
        restrictions=sources.restrictions(reader),
        candidate_forms=sources.candidate_forms(reader),
        merged_forms=sources.merged_forms(reader),
        reasons=sources.reasons(reader),
        missing=sources.missing(reader),
    )
