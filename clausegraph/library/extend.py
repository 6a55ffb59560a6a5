"""Adds licenses of the user's own to the library that ships, without building the library anew.

The rules in `queries/rules/library/` say in their headers which variables stand for licenses. A derived fact that is
new needs the new license in one of these places, so each rule runs once per place with the license put in: a second
instead of minutes, and the same result as a build of everything (a test holds the two against each other).
"""

import hashlib
import re
from collections import ChainMap, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnreadableInput, UsageError
from clausegraph.ground.files import folder, generated, turtle_files
from clausegraph.ground.sparql import construct
from clausegraph.ground.turtle import Statement, read_text, read_turtle
from clausegraph.library import Library, sources
from clausegraph.library.index import Index, index_files, plain
from clausegraph.library.model import Clause, Encumbrance, License, Licensor
from clausegraph.library.queries import read_header
from clausegraph.library.read import Reader
from clausegraph.library.rules import live_only, rule_files, source_store

#: How the header of a rule names the variables that stand for licenses.
#: What rules ask of the encumbrances there are, once a new license refuses terms of others.
_ENCUMBRANCE_FACTS = re.compile(r"ns#(binds|mayBind|inForm|inSettingOf|ofLicense)> ")
_IDENTIFIER = ns.CG + "identifier"
Fact = tuple[str, str, Any]


def extend(library: Library, paths: Sequence[str | Path]) -> Library:
    """Return the library with the licenses of Turtle files in the library's own form.

    Raises `UnreadableInput` where a file is no such license, and `UsageError` where its name is borne already.
    """
    for path in paths:
        library = with_license(library, read_text(Path(path)), str(path))
    return library


def with_license(library: Library, text: str, path: str) -> Library:
    """Return the library with one license, which came from `path`."""
    triples = read_turtle(text, path)
    iri = license_iri(triples, path)
    _refuse_taken(library, triples, iri, path)
    facts = _derive(library, triples, iri)
    reader = Reader(_index(library, triples, facts))
    try:
        found = reader.licenses()
        new = next(one for one in found.values() if one.iri == iri)
        clauses = {c.iri: c for c in new.clauses}
        own = reader.encumbrances(clauses)
        if new.name is None:
            raise KeyError("skos:prefLabel")
    except (KeyError, StopIteration, TypeError, AttributeError) as error:
        raise UnreadableInput(
            f"{path}: the license {iri} lacks something that judging needs ({error!r}). "
            "Compare it with a file in ontology/licenses, or with what `clausegraph compose` writes."
        ) from error
    changed = _readmitted(library, facts, new)
    licenses = {id_: _renewed(one, changed, facts, new) for id_, one in library.licenses.items()} | {new.id: new}
    moves = {
        (e, name): target
        for e in own
        for name, relation in library.relations.items()
        if (target := reader.one(e, relation.moves)) in own
    }
    start = reader.one(iri, "offersAs")
    digest = hashlib.sha256(b"".join(sorted(str(t).encode() for t in triples))).hexdigest()[:8]
    return replace(
        library,
        data_version=f"{library.data_version}+{digest}",
        licenses=dict(sorted(licenses.items())),
        clauses=library.clauses | changed | clauses,
        encumbrances=_Overlay(library.encumbrances, own, changed, facts, new.id),
        moves=ChainMap(moves, library.moves),  # type: ignore[arg-type]  # nothing is ever written to it
        offers=library.offers | ({new.id: start} if start in own else {}),
        licensors=_licensors(library, reader, new),
        added=(*library.added, (path, text)),
    )


def _licensors(library: Library, reader: Reader, new: License) -> tuple[Licensor, ...]:
    """Return the licensors there are, with those that the text of a new license names."""
    found = {licensor.iri: licensor for licensor in library.licensors}
    for named in sources.licensors(reader):
        if new.id in named.licenses:
            before = found.get(named.iri, named)
            found[named.iri] = replace(before, licenses=before.licenses | {new.id})
    return tuple(found.values())


def license_iri(triples: Iterable[Statement], path: str) -> str:
    """Return the IRI of the one license that triples describe; raises `UnreadableInput` if it is not one."""
    found = {t.subject.value for t in triples if t.predicate.value == _IDENTIFIER}
    typed = {
        t.subject.value for t in triples if t.predicate.value == ns.RDF_TYPE and t.object.value == ns.CG + "License"
    }
    if len(found & typed) != 1:
        raise UnreadableInput(
            f"{path} describes {len(found & typed)} licenses (cg:License with cg:identifier). "
            "Give one file per license."
        )
    return str((found & typed).pop())


def _refuse_taken(library: Library, triples: Sequence[Statement], iri: str, path: str) -> None:
    """Raise `UsageError` where a name of a new license belongs to one that is known."""
    said = {ns.CG + n for n in ("identifier", "alias", "spdxId", "hubId")} | {ns.SKOS + "prefLabel"}
    for t in triples:
        if t.subject.value == iri and t.predicate.value in said:
            taken = library.names.find(t.object.value)
            if taken is not None:
                raise UsageError(
                    f"{path}: {t.object.value!r} is already a name of {library.licenses[taken].name} ({taken}). "
                    "Give the license a name of its own."
                )


def _derive(library: Library, triples: Sequence[Statement], iri: str) -> list[Fact]:
    """Return what the library rules add for a license, as plain facts."""
    store = source_store()
    for path, text in library.added:
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in read_turtle(text, path))
    store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in triples)
    refuses = any(t.predicate.value == ns.CG + "refuses" for t in triples)
    if refuses:
        store.bulk_load(b"".join(_lines(_ENCUMBRANCE_FACTS)), format=ox.RdfFormat.N_TRIPLES)
    license_ = ox.NamedNode(iri)
    added: set[Statement] = set()
    for rule in rule_files("library"):
        header, text = read_header(rule), rule.read_text(encoding="utf-8")
        if "licenses" not in header:
            continue
        new = {t for name in header["licenses"] for t in construct(store, text, {name: license_})}
        if header.get("others"):  # what others refuse is asked of the new one too
            store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in construct(store, text))
        store.extend(ox.Quad(t.subject, t.predicate, t.object) for t in new)
        added |= new
    for rule in rule_files("families"):
        if "licenses" in read_header(rule):  # what the members of a family share is not asked of one license
            added |= set(construct(store, rule.read_text(encoding="utf-8"), {"license": license_}))
    mine = {t.subject for t in added if t.predicate.value == ns.CG + "ofLicense"}
    kept: set[Statement] = live_only({t for t in added if t.subject in mine}) | {
        t for t in added if t.subject not in mine
    }
    return [(t.subject.value, t.predicate.value, plain(t.object)) for t in sorted(kept, key=str)]


def _lines(pattern: re.Pattern[str]) -> Iterator[bytes]:
    with generated("library.nt").open(encoding="utf-8") as lines:
        yield from (line.encode() for line in lines if pattern.search(line))


def _index(library: Library, triples: Sequence[Statement], facts: Sequence[Fact]) -> Index:
    """Return an index of the vocabulary and the new license; of other licenses only how they are called."""
    licenses = folder("ontology") / "licenses"
    index = index_files(p for p in turtle_files("ontology") if licenses not in p.parents)
    for found in library.licenses.values():
        index[found.iri][_IDENTIFIER].append(found.id)
    for subject, predicate, value in [
        *((t.subject.value, t.predicate.value, plain(t.object)) for t in triples),
        *facts,
    ]:
        if value not in index[subject][predicate]:
            index[subject][predicate].append(value)
    return index


def _readmitted(library: Library, facts: Sequence[Fact], new: License) -> dict[str, Clause]:
    """Return the clauses of other licenses of which a carrier admits the new license, changed so."""
    admitting = {s for s, p, value in facts if p == ns.CG + "admits" and value == new.iri}
    changed = {}
    for clause in library.clauses.values():
        if any(c.iri in admitting for c in clause.carriers):
            carriers = (replace(c, admits=c.admits | {new.id}) if c.iri in admitting else c for c in clause.carriers)
            changed[clause.iri] = replace(clause, carriers=tuple(carriers))
    return changed


def _renewed(found: License, changed: Mapping[str, Clause], facts: Sequence[Fact], new: License) -> License:
    """Return a license with its changed clauses, and with what the new license means to it."""
    refused = {value for s, p, value in facts if s == found.iri and p == ns.CG + "refusedBy"}
    relicensed = any(s == found.iri and p == ns.CG + "relicensedBy" and value == new.iri for s, p, value in facts)
    if not refused and not relicensed and not any(c.iri in changed for c in found.clauses):
        return found
    return replace(
        found,
        clauses=tuple(changed.get(c.iri, c) for c in found.clauses),
        refused_by=found.refused_by | refused,
        relicensed_by=found.relicensed_by | ({new.id} if relicensed else set()),
    )


class _Overlay(Mapping[str, Encumbrance]):
    """The encumbrances there are, seen with the changes that a new license brings, and its own beside them."""

    def __init__(
        self,
        base: Mapping[str, Encumbrance],
        own: Mapping[str, Encumbrance],
        changed: Mapping[str, Clause],
        facts: Iterable[Fact],
        new: str,
    ) -> None:
        self._base = base
        self._new = new
        self._own = dict(own)
        self._changed = changed
        self._said: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for subject, predicate, value in facts:
            if predicate in (ns.CG + "refusedBy", ns.CG + "mayBeRefusedBy", ns.CG + "heldFrom"):
                self._said[subject][ns.local(predicate)].add(value)

    def __getitem__(self, iri: str) -> Encumbrance:
        if iri not in self._own:
            found = self._base[iri]
            said = self._said.get(iri, {})
            self._own[iri] = replace(
                found,
                binds=tuple(self._changed.get(c.iri, c) for c in found.binds),
                may_bind=tuple(self._changed.get(c.iri, c) for c in found.may_bind),
                refused_by=found.refused_by | said.get("refusedBy", set()),
                may_be_refused_by=found.may_be_refused_by | said.get("mayBeRefusedBy", set()),
                held_from=found.held_from | ({self._new} if said.get("heldFrom") else frozenset()),
            )
        return self._own[iri]

    def __iter__(self) -> Iterator[str]:
        yield from self._base
        yield from (iri for iri in self._own if iri not in self._base)

    def __len__(self) -> int:
        return len(self._base) + sum(iri not in self._base for iri in self._own)
