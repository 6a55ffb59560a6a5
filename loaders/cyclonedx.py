"""CycloneDX 1.5 to 1.7 in JSON and XML: models, data, services and the components that use them (ML-BOM).

A component is named by its package URL, a model or data also by the Hub repository that it is distributed from; else by
its `bom-ref` within the BOM. Data that a model card names are what the model was trained on; `pedigree.ancestors` are
what a component was made from, `descendants` what was made from it, `dependencies` what it needs.
"""

import hashlib
from collections.abc import Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import quote

from clausegraph.loaders.cyclonedx_licenses import terms_of
from clausegraph.loaders.cyclonedx_xml import bom_of, is_bom
from clausegraph.loaders.document import KEPT, Context, Document, mapping, mappings, read_each
from clausegraph.loaders.identifiers import hub_reference, is_iri, is_repo_id
from clausegraph.loaders.identity import apart, escaped, located, repository, says_nothing
from clausegraph.loaders.records import (
    APPLICATION,
    CATALOGUE,
    DATASET,
    MODEL,
    SERVICE,
    SOURCE,
    Artifact,
    Record,
    Reference,
    Rejected,
)
from clausegraph.loaders.tags import strings, usual_relation
from clausegraph.loaders.terms import together

_KINDS = {"machine-learning-model": MODEL, "data": DATASET, "service": SERVICE, "file": SOURCE}
#: External references that say where the thing itself is, and not what is written about it.
_PLACES = frozenset({"distribution", "distribution-intake", "source-distribution", "vcs", "website", "model-card"})
#: The deepest nesting of components.
_DEEPEST = 100
_VERSIONS = ("1.5", "1.6", "1.7")
#: What is stated of lineage in a form from which no parent can be told, with the reason.
_UNREAD = {
    "formulation": "it says how the BOM's components were made, by workflows that are not followed",
    "variants": "which of them was made from the other is not said",
    "patentAssertions": "patents are not read from BOMs",
}


def accepts(document: Document) -> bool:
    """Say whether a document is a CycloneDX BOM."""
    if document.suffix == ".xml":
        return is_bom(document.data)
    return isinstance(document.json, dict) and document.json.get("bomFormat") == "CycloneDX"


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the components of a BOM."""
    bom = bom_of(document.data) if document.suffix == ".xml" else document.json
    version = str(bom.get("specVersion"))
    if version not in _VERSIONS:
        raise ValueError(f"CycloneDX {version} is not read; convert the BOM to 1.6 or 1.7")
    reader = _Reader(bom, document, context)
    if not reader.components:
        raise ValueError("the BOM has no components")
    reader.report("formulation", bom, 0)
    items = list(enumerate(reader.components, 1))
    yield from together(read_each(document.place, items, reader.artifacts, context))


class _Reader:
    def __init__(self, bom: dict[str, Any], document: Document, context: Context) -> None:
        self.context = context
        self.place = document.place
        mark = hashlib.sha256(document.data).hexdigest()[:16]
        serial = bom.get("serialNumber")
        # without a serial number, two BOMs may each have a component `base`
        self.serial = serial if isinstance(serial, str) and is_iri(serial) else f"urn:clausegraph:document:{mark}"
        self.components: list[dict[str, Any]] = []
        self.inside: dict[int, list[dict[str, Any]]] = {}
        root = mapping(bom.get("metadata")).get("component")
        for component in [*mappings([root]), *mappings(bom.get("components"))]:
            self._collect(component, 0, "components")
        for service in mappings(bom.get("services")):
            self._collect(service, 0, "services")
        self.by_ref = {str(c.get("bom-ref")): c for c in self.components if c.get("bom-ref")}
        self.needs = {str(d.get("ref")): strings(d.get("dependsOn") or []) for d in mappings(bom.get("dependencies"))}
        self.names = self._names()

    def _collect(self, component: dict[str, Any], depth: int, key: str) -> None:
        if depth > _DEEPEST:
            raise ValueError(f"the components are nested more than {_DEEPEST} deep")
        if key == "services":
            component["type"] = "service"
        self.components.append(component)
        for inner in mappings(component.get(key)):
            self.inside.setdefault(id(component), []).append(inner)
            self._collect(inner, depth + 1, key)

    def _names(self) -> dict[int, tuple[str, str]]:
        """Return (kind, id) of the components by their `id()`; two that share an address are told apart."""
        keys: dict[str, list[int]] = {}
        members = []
        for component in self.components:
            try:
                name = self._named(component)
            except ValueError:
                continue
            words = component.get("bom-ref") or f"{component.get('name')}@{component.get('version')}"
            key = f"{words} {name[1]}"
            members.append((key, name, str(component.get("name") or "")))
            keys.setdefault(key, []).append(id(component))
        return {one: name for key, name in apart(members).items() for one in keys[key]}

    def name(self, component: dict[str, Any]) -> tuple[str, str]:
        """Return (kind, id) of a component; raises `ValueError` where nothing names it."""
        return self.names.get(id(component)) or self._named(component)

    def _named(self, component: dict[str, Any]) -> tuple[str, str]:
        kind = _KINDS.get(str(component.get("type")), APPLICATION)
        stated = kind in (MODEL, DATASET)
        name = component.get("name")
        name = name if isinstance(name, str) else ""
        purl = component.get("purl")
        addresses = [purl] if isinstance(purl, str) and not says_nothing(purl) else []
        if stated or not addresses:
            addresses += [str(r.get("url")) for r in mappings(component.get("externalReferences")) if _says_where(r)]
        for value in addresses:
            if found := repository(kind, value, stated or not value.startswith("pkg:")):
                return found
        if isinstance(purl, str) and is_iri(escaped(purl)) and not says_nothing(purl):
            github = hub_reference(purl) if purl.startswith("pkg:github/") else None
            place = located(f"https://github.com/{github[1]}", name) if github else escaped(purl)
            return kind, place or escaped(purl)
        places = [p for p in addresses if stated and (hub_reference(p) or ("", ""))[0] == SOURCE]
        if places and (place := located(places[0], name)):
            return kind, place
        words = component.get("bom-ref") or name
        if not isinstance(words, str) or says_nothing(words):
            raise ValueError("a component has neither `purl` nor `bom-ref` nor `name`")
        group = component.get("group")
        hub = hub_reference(f"{group}/{name}") if isinstance(group, str) and stated else None
        if hub and hub[0] is None:
            return kind, hub[1]
        return kind, words if is_iri(words) else f"{self.serial}#{quote(words, safe='')}"

    def report(self, key: str, holder: dict[str, Any], number: int) -> None:
        """Hand what is stated in a form that is not read to the quarantine, with the reason."""
        if holder.get(key):
            reason = f"`{key}` was not read: {_UNREAD[key]}"
            self.context.reject(Rejected(self.place, number, reason, str(holder[key])[:KEPT]))

    def artifacts(self, component: dict[str, Any], depth: int = 0) -> Iterator[Artifact]:
        """Yield a component, and the data, ancestors and descendants that only it describes."""
        if depth > _DEEPEST:
            raise ValueError(f"the ancestors are nested more than {_DEEPEST} deep")
        kind, id_ = self.name(component)
        references: list[Reference] = []

        def add(parent: tuple[str, str], relation: str = "") -> None:
            references.append(_reference(kind, parent, relation))

        for inner in self.inside.get(id(component), ()):
            add(self.name(inner), "include")
        for ref in self.needs.get(str(component.get("bom-ref")), ()):
            add(self.name(self.by_ref[ref]) if ref in self.by_ref else self._elsewhere(ref))
        pedigree = mapping(component.get("pedigree"))
        for ancestor in mappings(pedigree.get("ancestors")):
            add(self.name(ancestor))
            yield from self.artifacts(ancestor, depth + 1)
        for descendant in mappings(pedigree.get("descendants")):
            child = self.name(descendant)
            for one in self.artifacts(descendant, depth + 1):
                own = (_reference(child[0], (kind, id_)),) if (one.kind, one.id) == child else ()
                yield replace(one, references=(*one.references, *own))
        for data in _trained_on(component):
            found = self._data(data)
            add(found, "train")
            if "ref" not in data:
                yield self._artifact(found, data, [])
        number = next((n for n, c in enumerate(self.components, 1) if c is component), 0)
        self.report("variants", pedigree, number)
        self.report("patentAssertions", component, number)
        yield self._artifact((kind, id_), component, references)

    def _artifact(self, name: tuple[str, str], component: dict[str, Any], references: list[Reference]) -> Artifact:
        if not (is_iri(name[1]) or is_repo_id(name[1])):
            raise ValueError(f"{name[1][:100]!r} cannot be an identifier; shorten the `bom-ref` or `name`")
        terms = terms_of(component, self.context)
        return Artifact(
            kind=name[0],
            id=name[1],
            licenses=terms.licenses,
            license_link=terms.link,
            place=CATALOGUE,
            references=tuple(dict.fromkeys(references)),
            statements=terms.statements,
        )

    def _elsewhere(self, ref: str, kind: str = APPLICATION) -> tuple[str, str]:
        """Return (kind, id) of what a BOM refers to and does not describe."""
        return kind, ref if is_iri(ref) else f"{self.serial}#{quote(ref, safe='')}"

    def _data(self, data: dict[str, Any]) -> tuple[str, str]:
        """Return (kind, id) of data that a model card names, by reference or in place; raises `ValueError`."""
        if isinstance(data.get("ref"), str):
            component = self.by_ref.get(data["ref"])
            return self.name(component) if component else self._elsewhere(data["ref"], DATASET)
        url, name = mapping(data.get("contents")).get("url"), data.get("name")
        found = repository(DATASET, url) if isinstance(url, str) else None
        if not found and isinstance(name, str) and (hub := hub_reference(name)) and "/" in hub[1]:
            found = DATASET, hub[1]
        words = data.get("bom-ref") or name
        if found or (isinstance(words, str) and not says_nothing(words)):
            return found or (DATASET, f"{self.serial}#{quote(str(words), safe='')}")
        place = located(url) if isinstance(url, str) else None
        if not place:
            raise ValueError("a data set of `modelCard` has neither `ref` nor `name` nor the address of its contents")
        return DATASET, place


def _reference(kind: str, parent: tuple[str, str], relation: str = "") -> Reference:
    basis = "declared" if relation else "inferred"
    return Reference(parent[0], parent[1], relation or usual_relation(kind, parent[0]), basis, CATALOGUE)


def _says_where(reference: dict[str, Any]) -> bool:
    return str(reference.get("type")) in _PLACES and not says_nothing(str(reference.get("url")))


def _trained_on(component: dict[str, Any]) -> list[dict[str, Any]]:
    parameters = mapping(mapping(component.get("modelCard")).get("modelParameters"))
    return mappings(parameters.get("datasets"))
