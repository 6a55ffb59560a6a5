"""RDF about artifacts: Croissant, FAIR4ML, MLDCAT-AP, schema.org, DCAT, and what `clausegraph export` writes.

Which classes are artifacts and which properties are licenses or lineage is not said here but in
`ontology/alignments/`. What parts of a data set (files, record sets, fields) were derived from, the whole was too.
"""

import hashlib
from collections import defaultdict
from collections.abc import Iterator
from typing import Any

import pyoxigraph as ox
from clausegraph.loaders.document import Context, Document, read_each
from clausegraph.loaders.identifiers import hub_reference, is_iri
from clausegraph.loaders.identity import escaped, located, named, repository, says_nothing
from clausegraph.loaders.rdf_licenses import terms_of
from clausegraph.loaders.records import CATALOGUE, DATASET, MODEL, Artifact, Record, Reference, Statement
from clausegraph.loaders.tags import usual_relation
from clausegraph.loaders.terms import together
from clausegraph.loaders.triples import LOCAL, is_rdf, same, triples

_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CG = "https://w3id.org/clausegraph/ns#"
#: What our own export says an artifact was read from, which is no ancestor.
_SOURCE = "https://w3id.org/clausegraph/source/"
#: Properties that name, by their last part: identifiers, addresses, and words.
_IDENTIFIERS = ("identifier",)
_PLACES = ("url", "atLocation", "locatedAt", "contentUrl", "downloadURL", "accessURL", "landingPage", "sameAs")
_WORDS = ("name", "title", "prefLabel", "label")
#: Properties that lead to the parts of a data set.
_PARTS = ("distribution", "recordSet", "field", "subField", "fileObject", "fileSet", "annotation")
_CREATED = ("dateCreated", "createdAt", "issued", "created")
#: How deep parts are followed.
_DEEPEST = 8


def accepts(document: Document) -> bool:
    """Say whether a document is RDF, by its suffix or because it is JSON with a context."""
    return is_rdf(document)


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the artifacts of an RDF document; raises `ValueError` with place and fix."""
    reader = _Reader(document, context)
    subjects = list(enumerate(reader.subjects(), 1))
    if not subjects:
        raise ValueError("it describes no artifact in a vocabulary that is known: see ontology/alignments")
    yield from together(read_each(document.place, subjects, lambda s: [reader.artifact(s)], context))


class _Reader:
    """Triples by subject, with what the alignments say of their terms."""

    def __init__(self, document: Document, context: Context) -> None:
        self.context = context
        self.vocabulary = context.vocabulary()
        self.mark = hashlib.sha256(document.data).hexdigest()[:16]
        self.facts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples(document, self.vocabulary.contexts):
            self.facts[subject][same(predicate)].append(value)
        self.stated = self._about("ParentReference", "referenceOf")
        self.statements = self._about("LicenseStatement", "licenseStatementOf")

    def _about(self, cls: str, of: str) -> dict[str, list[str]]:
        """Return the nodes of a class of ours by the artifact that they are about."""
        found: dict[str, list[str]] = defaultdict(list)
        for node, facts in self.facts.items():
            if any(_text(t) == _CG + cls for t in facts[same(_TYPE)]):
                for about in facts[same(_CG + of)]:
                    found[str(about)].append(node)
        return found

    def kind(self, node: str) -> str | None:
        """Return the kind of a subject by its classes; the first that is known counts."""
        facts = self.facts.get(node)
        found = [self.vocabulary.classes.get(same(_text(t))) for t in (facts[same(_TYPE)] if facts else [])]
        return next((k for k in found if k), None)

    def subjects(self) -> list[str]:
        """Return the subjects that are artifacts, in the order of the document."""
        return [s for s in self.facts if self.kind(s)]

    # ---- identity ------------------------------------------------------------

    def name(self, node: str, usual: str = DATASET) -> tuple[str, str]:
        """Return (kind, id) of a node; raises `ValueError` where nothing identifies it.

        A node that the document does not describe as an artifact is of the usual kind, and named by its address alone.
        """
        stated = self.kind(node)
        kind = stated or usual
        iri = node[1:-1] if node.startswith("<") and not node.startswith(f"<{LOCAL}") else ""
        known = [v for v in self.texts(node, _IDENTIFIERS) if not says_nothing(v)]
        places = [v for v in self.texts(node, _PLACES) if not says_nothing(v)]
        words = next((v for v in self.texts(node, _WORDS) if not says_nothing(v)), "")
        for value in (iri, *known, *places):
            if found := repository(kind, value) or (None if stated else _elsewhere(value, usual)):
                return found
        if iri:
            return kind, _iri(iri)
        for value in known:
            if found := _identifier(kind, value):
                return found
        for value in places:
            if place := located(value, words if stated else ""):
                return kind, place
        if words:
            return kind, named(kind, words)
        local = node[1:-1].removeprefix(LOCAL) if node.startswith("<") else ""
        if local and not says_nothing(local):
            return kind, f"urn:clausegraph:document:{self.mark}#{escaped(local)}"
        raise ValueError(
            "an artifact has neither an IRI nor an identifier nor a name; a placeholder or a home page alone names none"
        )

    def facts_of(self, node: str) -> list[tuple[str, list[Any]]]:
        """Return the properties of a node with their values."""
        return list(self.facts[node].items()) if node in self.facts else []

    def values(self, node: str, names: tuple[str, ...]) -> list[Any]:
        """Return the values of properties by the last part of their names, in the order of the names."""
        facts = self.facts_of(node)
        return [v for name in names for p, found in facts if p.rpartition("/")[2] == name for v in found]

    def texts(self, node: str, names: tuple[str, ...]) -> list[str]:
        """Return the values of properties as texts; of a node that stands for an identifier, what it holds."""
        found = []
        for value in self.values(node, names):
            held = self.values(str(value), ("value", "notation")) if not isinstance(value, ox.Literal) else []
            found += [_text(v) for v in held] or [_text(value).removeprefix(LOCAL)]
        return [v.strip() for v in found if v.strip()]

    # ---- artifacts -----------------------------------------------------------

    def artifact(self, node: str) -> Artifact:
        """Return the artifact of a subject."""
        kind, id_ = self.name(node)
        terms = terms_of(self, node, self.context)
        references = [*self._lineage(kind, node), *self._of_parts(kind, node)]
        references += [self._stated(kind, n) for n in self.stated.get(node, ())]
        own = tuple(self._statement(n) for n in self.statements.get(node, ()))
        return Artifact(
            kind=kind,
            id=id_,
            licenses=terms.licenses,
            license_name=self._said(node, "statedName"),
            license_link=terms.link,
            created_at=next((t for v in self.values(node, _CREATED) if (t := _text(v))), None),
            access=self._said(node, "access"),
            place=CATALOGUE,
            references=tuple(dict.fromkeys(r for r in references if (r.parent_kind, r.parent) != (kind, id_))),
            statements=tuple(dict.fromkeys((*terms.statements, *own))),
        )

    def _lineage(self, kind: str, node: str) -> Iterator[Reference]:
        """Yield the parents that a node states by itself, and by the activity that made it."""
        for predicate, values in self.facts_of(node):
            meaning = self.vocabulary.properties.get(predicate)
            if meaning is not None and meaning != "license":
                for value in values:
                    if not _text(value).startswith(_SOURCE):
                        yield self._reference(kind, value, meaning)
        for how in self.values(node, ("qualifiedDerivation",)):
            yield from (self._reference(kind, v, "") for v in self.values(str(how), ("entity",)))
        for activity in self.values(node, ("wasGeneratedBy",)):
            yield from (self._reference(kind, v, "") for v in self.values(str(activity), ("used",)))
        for part in self.values(node, ("hasPart",)):
            if self.kind(str(part)):
                yield self._reference(kind, part, "include")

    def _of_parts(self, kind: str, node: str) -> Iterator[Reference]:
        """Yield what the parts of a data set were derived from, but for other parts of it."""
        parts: dict[str, None] = {}
        level = [str(v) for v in self.values(node, _PARTS)]
        for _ in range(_DEEPEST):
            level = [p for p in level if p not in parts and p in self.facts and not self.kind(p)]
            parts.update(dict.fromkeys(level))
            level = [str(v) for p in level for v in self.values(p, _PARTS)]
        for part in parts:
            for predicate, values in self.facts_of(part):
                if self.vocabulary.properties.get(predicate) == "":
                    yield from (self._reference(kind, v, "") for v in values if str(v) not in parts)
            for activity in self.values(part, ("wasGeneratedBy",)):
                used = self.values(str(activity), ("used",))
                yield from (self._reference(kind, v, "") for v in used if str(v) not in parts)

    def _reference(self, kind: str, value: Any, relation: str) -> Reference:
        usual = DATASET if relation == "train" else kind
        try:
            parent = _written(value.value, usual) if isinstance(value, ox.Literal) else self.name(str(value), usual)
        except ValueError:  # that there is a parent is said, and not which
            parent = usual, f"urn:clausegraph:document:{self.mark}#unnamed"
        basis = "declared" if relation else "inferred"
        return Reference(parent[0], parent[1], relation or usual_relation(kind, parent[0]), basis, CATALOGUE)

    # ---- our own export ------------------------------------------------------

    def _said(self, node: str, name: str) -> str | None:
        """Return the value of a property of ours, or `None` where there is none."""
        facts = self.facts.get(node)
        values = facts.get(same(_CG + name)) if facts else None
        return _text(values[0]) if values else None

    def _needed(self, node: str, cls: str, name: str) -> str:
        """Return the value of a property of ours; raises `ValueError` where there is none."""
        found = self._said(node, name)
        if found is None:
            raise ValueError(f"a cg:{cls} lacks cg:{name}")
        return found

    def _statement(self, node: str) -> Statement:
        """Return a license that stands elsewhere, as our own export states it."""
        place, value = (self._needed(node, "LicenseStatement", name) for name in ("statedIn", "statedValue"))
        more = self._said(node, "comparison") == "file_holds_more"
        return Statement(place, value, self._said(node, "statedName"), more)

    def _stated(self, kind: str, node: str) -> Reference:
        """Return a parent as our own export states it."""
        facts = self.facts[node]
        stated, relation = (
            self._needed(node, "ParentReference", name) for name in ("statedParent", "referenceRelation")
        )
        relation = relation.rpartition("/")[2]
        usual = DATASET if relation == "train" or kind == DATASET else MODEL
        known = [self.name(str(v)) for v in facts[same(_CG + "resolvesTo")]]
        parent_kind = known[0][0] if known else usual
        basis = "inferred" if facts[same(_CG + "relationInferred")] else "declared"
        return Reference(parent_kind, stated, relation, basis, CATALOGUE)


def _iri(text: str) -> str:
    """Return an IRI as an identifier; raises `ValueError` for one that is too long."""
    if not is_iri(escaped(text)):
        raise ValueError(f"the IRI {text[:100]!r} cannot be read as an identifier")
    return escaped(text)


def _elsewhere(address: str, usual: str) -> tuple[str, str] | None:
    """Return the Hub repository at the address of something whose kind is not stated: the address tells the kind."""
    found = repository(usual, address, stated=False) if address.startswith("pkg:") else None
    found = found or next((f for k in (DATASET, "service") if (f := repository(k, address)) and k in address), None)
    return found or (repository(MODEL, address) if usual not in (MODEL, DATASET) else None)


def _identifier(kind: str, value: str) -> tuple[str, str] | None:
    """Return (kind, id) for an identifier: an IRI, a DOI, or an id of the Hub; another one names nothing elsewhere."""
    doi = value.casefold().removeprefix("doi:").strip()
    if doi.startswith("10.") and "/" in doi:
        return kind, f"https://doi.org/{escaped(doi)}"
    if kind in (MODEL, DATASET) and "/" in value and (found := hub_reference(value)) and found[0] in (None, kind):
        return kind, found[1]
    place = located(value) if is_iri(escaped(value)) else None
    return (kind, place) if place else None


def _written(value: str, usual: str) -> tuple[str, str]:
    """Return (kind, id) for a parent that is written as a text: an address, an id of the Hub, or a name."""
    value = value.strip()
    if says_nothing(value):
        return usual, value or "None"
    found = repository(usual, value) or _elsewhere(value, usual)
    if not found and not is_iri(escaped(value)) and (hub := hub_reference(value)):
        found = hub[0] or usual, hub[1]
    if found:
        return found
    return usual, _iri(value) if is_iri(escaped(value)) else named(usual, value)


def _text(value: Any) -> str:
    found = getattr(value, "value", "")
    return found if isinstance(found, str) else ""
