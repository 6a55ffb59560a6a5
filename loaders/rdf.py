"""RDF about artifacts: Croissant, FAIR4ML, MLDCAT-AP, schema.org, DCAT, and what `clausegraph export` writes.

Which classes are artifacts and which properties are licenses or lineage is not said here but in
`ontology/alignments/`. RDF from outside is hostile: no context is fetched (schema.org's and ours are at
hand, all others must stand in the file), and entities of XML are not expanded.
"""

import codecs
import json
import re
from collections import defaultdict
from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

import pyoxigraph as ox
from clausegraph.loaders.document import Context, Document, Vocabulary, parse_json, read_each
from clausegraph.loaders.identifiers import hub_reference, is_iri
from clausegraph.loaders.records import CATALOGUE, DATASET, Artifact, Record, Reference, Statement
from clausegraph.loaders.tags import usual_relation

_FORMATS = {
    ".ttl": ox.RdfFormat.TURTLE,
    ".nt": ox.RdfFormat.N_TRIPLES,
    ".nq": ox.RdfFormat.N_QUADS,
    ".trig": ox.RdfFormat.TRIG,
    ".rdf": ox.RdfFormat.RDF_XML,
    ".jsonld": ox.RdfFormat.JSON_LD,
}
_TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type"
_CG = "https://w3id.org/clausegraph/ns#"
#: What our own export says an artifact was read from, which is no ancestor.
_SOURCE = "https://w3id.org/clausegraph/source/"
_NAMES = ("url", "identifier", "sameAs", "name", "title", "prefLabel")


def accepts(document: Document) -> bool:
    """Say whether a document is RDF, by its suffix or because it is JSON with a context."""
    return document.suffix in _FORMATS or (isinstance(document.json, dict) and "@context" in document.json)


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the artifacts of an RDF document; raises `ValueError` with place and fix."""
    words = context.vocabulary()
    reader = _Reader(_triples(document, words.contexts), words, document.place)
    subjects = list(enumerate(reader.subjects(), 1))
    if not subjects:
        raise ValueError("it describes no artifact in a vocabulary that is known: see ontology/alignments")
    return read_each(document.place, subjects, lambda s: [reader.artifact(s)], context)


def _triples(document: Document, contexts: dict[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """Yield subject, predicate and object; raises `ValueError` where the document cannot be parsed."""
    form = _FORMATS.get(document.suffix, ox.RdfFormat.JSON_LD)
    data = document.data
    if form is ox.RdfFormat.RDF_XML and re.search(rb"<!(DOCTYPE|ENTITY)", data):
        raise ValueError("the XML declares a document type or entities, which are not expanded; remove the declaration")
    if form is ox.RdfFormat.JSON_LD:
        data = json.dumps(_with_contexts(parse_json(data), contexts)).encode()
    try:
        for quad in ox.parse(data.removeprefix(codecs.BOM_UTF8), format=form, base_iri="urn:clausegraph:document"):
            yield str(quad.subject), quad.predicate.value, quad.object
    except (SyntaxError, RecursionError) as error:
        raise ValueError(f"the RDF cannot be parsed: {error}") from error


def _with_contexts(data: Any, contexts: dict[str, Any]) -> Any:
    """Replace the contexts that are at hand; raises `ValueError` for one that would have to be fetched."""
    if isinstance(data, list):
        return [_with_contexts(item, contexts) for item in data]
    if not isinstance(data, dict):
        return data
    found = {k: _with_contexts(v, contexts) for k, v in data.items() if k != "@context"}
    if "@context" in data:
        given = data["@context"]
        found["@context"] = [_context(c, contexts) for c in (given if isinstance(given, list) else [given])]
    return found


def _context(one: Any, contexts: dict[str, Any]) -> Any:
    if isinstance(one, dict):
        if "@import" in one:
            raise ValueError(
                f"the context imports {one['@import']!r}, which is not fetched. Put the terms into the file"
            )
        return one
    if one is None:
        return one
    plain = str(one).rstrip("/")
    if plain in contexts:
        return contexts[plain]
    raise ValueError(f"the context {one!r} is not fetched. Put its terms into the file under `@context`")


def same(iri: str) -> str:
    """Return an IRI without what varies between publications of a vocabulary: https, www, `#` or `/`.

    >>> same("http://schema.org/license") == same("https://schema.org/license")
    True
    """
    return re.sub(r"^https?://(www\.)?", "", iri).replace("#", "/")


class _Reader:
    """Triples by subject, with what the alignments say of their terms."""

    def __init__(self, triples: Iterator[tuple[str, str, Any]], vocabulary: Vocabulary, place: str) -> None:
        self.place = place
        self.vocabulary = vocabulary
        self.facts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for subject, predicate, value in triples:
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
        """Return the kind of a subject by its classes; the narrowest that is known counts."""
        facts = self.facts.get(node)
        found = [self.vocabulary.classes.get(same(_text(t))) for t in (facts[same(_TYPE)] if facts else [])]
        return next((k for k in found if k), None)

    def subjects(self) -> list[str]:
        """Return the subjects that are artifacts, in the order of the document."""
        return [s for s in self.facts if self.kind(s)]

    def name(self, node: str, usual: str = DATASET) -> tuple[str, str]:
        """Return (kind, id) of a node: a Hub address, else its IRI, else one made of its name."""
        kind = self.kind(node) or usual
        iri = node[1:-1] if node.startswith("<") else ""
        texts = [_text(v) for name in _NAMES for p, vs in self._facts(node) if p.endswith("/" + name) for v in vs]
        for value in (iri, *texts):
            found = hub_reference(value) if value.startswith(("http", "pkg:")) else None
            if found and "/" in found[1]:
                return found[0] or kind, found[1]
        if iri and is_iri(iri) and not iri.startswith("urn:clausegraph:document"):
            return kind, iri
        for value in texts:
            if value:
                return kind, f"urn:clausegraph:{kind}:{quote(value[:200], safe='')}"
        raise ValueError("an artifact has neither an IRI nor a url, identifier or name")

    def _facts(self, node: str) -> list[tuple[str, list[Any]]]:
        return list(self.facts[node].items()) if node in self.facts else []

    def artifact(self, node: str) -> Artifact:
        """Return the artifact of a subject."""
        kind, id_ = self.name(node)
        licenses: list[str] = []
        references: list[Reference] = []
        created = None
        for predicate, values in self._facts(node):
            meaning = self.vocabulary.properties.get(predicate)
            if predicate.rpartition("/")[2] in ("dateCreated", "createdAt", "issued", "created") and values:
                created = created or _text(values[0])
            if meaning == "license":
                # our own export says both what was stated and what was concluded from it
                if predicate != same(_CG + "declaredLicense") or not self.facts[node][same(_CG + "statedLicense")]:
                    licenses += [self._license(v) for v in values]
            elif meaning is not None:
                references += [self._reference(kind, v, meaning) for v in values if not _text(v).startswith(_SOURCE)]
        references += [self._stated(kind, n) for n in self.stated.get(node, ())]
        return Artifact(
            kind=kind,
            id=id_,
            licenses=tuple(dict.fromkeys(v for v in licenses if v and v != self.vocabulary.undeclared)),
            license_name=self._said(node, "statedName"),
            created_at=created,
            access=self._said(node, "access"),
            place=CATALOGUE,
            references=tuple(dict.fromkeys(references)),
            statements=tuple(dict.fromkeys(self._statement(n) for n in self.statements.get(node, ()))),
        )

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

    def _license(self, value: Any) -> str:
        """Return a license value: a literal, an IRI, or the name of a license that is described in place."""
        node = str(value)
        for name in ("identifier", "licenseId", "url", "name", "title", "label"):
            for predicate, inner in self._facts(node):
                if predicate.endswith("/" + name) and inner:
                    return _text(inner[0])
        return "" if node.startswith("_:") else _text(value)

    def _reference(self, kind: str, value: Any, relation: str) -> Reference:
        node = str(value)
        usual = DATASET if relation == "train" else kind
        if isinstance(value, ox.Literal):
            found = hub_reference(value.value)
            if not found:
                found = (
                    None,
                    value.value
                    if is_iri(value.value)
                    else f"urn:clausegraph:{usual}:{quote(value.value[:200], safe='')}",
                )
            parent = (found[0] or usual, found[1])
        else:
            parent = self.name(node, usual)
        basis = "declared" if relation else "inferred"
        return Reference(parent[0], parent[1], relation or usual_relation(kind, parent[0]), basis, CATALOGUE)

    def _stated(self, kind: str, node: str) -> Reference:
        """Return a parent as our own export states it."""
        facts = self.facts[node]
        stated, relation = (
            self._needed(node, "ParentReference", name) for name in ("statedParent", "referenceRelation")
        )
        relation = relation.rpartition("/")[2]
        usual = DATASET if relation == "train" or kind == DATASET else "model"
        known = [self.name(str(v)) for v in facts[same(_CG + "resolvesTo")]]
        parent_kind = known[0][0] if known else usual
        basis = "inferred" if facts[same(_CG + "relationInferred")] else "declared"
        return Reference(parent_kind, stated, relation, basis, CATALOGUE)


def _text(value: Any) -> str:
    found = getattr(value, "value", "")
    return found if isinstance(found, str) else ""
