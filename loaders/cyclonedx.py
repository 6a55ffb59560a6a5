"""CycloneDX 1.5 to 1.7 in JSON: machine-learning models, data and the components that use them (ML-BOM).

A component is named by its Hub package URL where it has one, else by its package URL or `bom-ref`. Data
that a model card names are what the model was trained on; `pedigree.ancestors` are what a component was
made from, `dependencies` what it needs.
"""

from collections.abc import Iterator
from typing import Any
from urllib.parse import quote

from clausegraph.loaders.document import Context, Document, mapping, mappings, read_each
from clausegraph.loaders.identifiers import hub_reference, is_iri
from clausegraph.loaders.records import (
    APPLICATION,
    CATALOGUE,
    CHECKED,
    DATASET,
    MODEL,
    Artifact,
    Record,
    Reference,
    Statement,
)
from clausegraph.loaders.tags import strings, usual_relation

_KINDS = {"machine-learning-model": MODEL, "data": DATASET}
#: The deepest nesting of components.
_DEEPEST = 100


def accepts(document: Document) -> bool:
    """Say whether a document is a CycloneDX BOM."""
    return isinstance(document.json, dict) and document.json.get("bomFormat") == "CycloneDX"


def read(document: Document, context: Context) -> Iterator[Record]:
    """Yield the components of a BOM."""
    bom = document.json
    version = str(bom.get("specVersion"))
    if version not in ("1.5", "1.6", "1.7"):
        raise ValueError(f"CycloneDX {version} is not read; convert the BOM to 1.6 or 1.7")
    reader = _Reader(bom)
    if not reader.components:
        raise ValueError("the BOM has no components")
    items = list(enumerate(reader.components, 1))
    return read_each(document.place, items, lambda c: reader.artifacts(c), context)


class _Reader:
    def __init__(self, bom: dict[str, Any]) -> None:
        self.serial = str(bom.get("serialNumber") or "urn:cyclonedx:bom")
        self.components: list[dict[str, Any]] = []
        self.inside: dict[int, list[dict[str, Any]]] = {}
        root = mapping(bom.get("metadata")).get("component")
        for component in [*mappings([root]), *mappings(bom.get("components"))]:
            self._collect(component, 0)
        self.by_ref = {str(c.get("bom-ref")): c for c in self.components if c.get("bom-ref")}
        self.needs = {str(d.get("ref")): strings(d.get("dependsOn") or []) for d in mappings(bom.get("dependencies"))}

    def _collect(self, component: dict[str, Any], depth: int) -> None:
        if depth > _DEEPEST:
            raise ValueError(f"the components are nested more than {_DEEPEST} deep")
        self.components.append(component)
        for inner in mappings(component.get("components")):
            self.inside.setdefault(id(component), []).append(inner)
            self._collect(inner, depth + 1)

    def name(self, component: dict[str, Any]) -> tuple[str, str]:
        """Return (kind, id) of a component; raises `ValueError` where nothing names it."""
        kind = _KINDS.get(str(component.get("type")), APPLICATION)
        purl = component.get("purl")
        addresses = [purl] if isinstance(purl, str) else []
        addresses += [str(r.get("url")) for r in mappings(component.get("externalReferences"))]
        for value in addresses:
            found = hub_reference(value)
            if found and "/" in found[1]:
                return (found[0] or kind if found[0] != MODEL or kind == APPLICATION else kind), found[1]
        if isinstance(purl, str) and is_iri(purl):
            return kind, purl
        words = component.get("bom-ref") or component.get("name")
        if not isinstance(words, str) or not words.strip():
            raise ValueError("a component has neither `purl` nor `bom-ref` nor `name`")
        group = component.get("group")
        found = hub_reference(f"{group}/{component.get('name')}") if isinstance(group, str) else None
        if found and kind in (MODEL, DATASET):
            return kind, found[1]
        return kind, words if is_iri(words) else f"{self.serial}#{quote(words, safe='')}"

    def artifacts(self, component: dict[str, Any]) -> Iterator[Artifact]:
        """Yield a component, and the data and ancestors that only it describes."""
        kind, id_ = self.name(component)
        declared, concluded = _licenses(component)
        references: list[Reference] = []

        def add(parent: tuple[str, str], relation: str = "") -> None:
            basis = "declared" if relation else "inferred"
            references.append(
                Reference(parent[0], parent[1], relation or usual_relation(kind, parent[0]), basis, CATALOGUE)
            )

        for inner in self.inside.get(id(component), ()):
            add(self.name(inner), "include")
        for ref in self.needs.get(str(component.get("bom-ref")), ()):
            if ref in self.by_ref:
                add(self.name(self.by_ref[ref]))
        for ancestor in mappings(mapping(component.get("pedigree")).get("ancestors")):
            add(self.name(ancestor))
            yield self._described(ancestor)
        for data in _trained_on(component):
            found = self._data(data)
            if found:
                add(found, "train")
                if "ref" not in data:
                    stated, checked = _licenses(data)
                    yield Artifact(found[0], found[1], tuple(stated or checked), place=CATALOGUE)
        yield Artifact(
            kind=kind,
            id=id_,
            licenses=tuple(declared or concluded),
            place=CATALOGUE,
            references=tuple(dict.fromkeys(references)),
            statements=tuple(Statement(CHECKED, v) for v in concluded if declared),
        )

    def _described(self, component: dict[str, Any]) -> Artifact:
        kind, id_ = self.name(component)
        declared, concluded = _licenses(component)
        return Artifact(kind, id_, tuple(declared or concluded), place=CATALOGUE)

    def _data(self, data: dict[str, Any]) -> tuple[str, str] | None:
        """Return (kind, id) of data that a model card names, by reference or in place."""
        if isinstance(data.get("ref"), str):
            component = self.by_ref.get(data["ref"])
            return self.name(component) if component else (DATASET, data["ref"]) if is_iri(data["ref"]) else None
        for value in (mapping(data.get("contents")).get("url"), data.get("name")):
            found = hub_reference(value) if isinstance(value, str) else None
            if found and "/" in found[1]:
                return DATASET, found[1]
        name = data.get("bom-ref") or data.get("name")
        return (DATASET, f"{self.serial}#{quote(str(name), safe='')}") if name else None


def _trained_on(component: dict[str, Any]) -> list[dict[str, Any]]:
    parameters = mapping(mapping(component.get("modelCard")).get("modelParameters"))
    return mappings(parameters.get("datasets"))


def _licenses(component: dict[str, Any]) -> tuple[list[str], list[str]]:
    """Return the licenses that are declared, and those that were concluded."""
    declared: list[str] = []
    concluded: list[str] = []
    for choice in mappings(component.get("licenses")):
        inner = choice.get("license")
        license_ = inner if isinstance(inner, dict) else choice
        value = license_.get("expression") or license_.get("id") or license_.get("name")
        if isinstance(value, str):
            (concluded if license_.get("acknowledgement") == "concluded" else declared).append(value)
    return declared, concluded
