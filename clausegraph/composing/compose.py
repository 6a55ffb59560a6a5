"""Composes a license from choices: RDF, validated and classified, usable at once, with its text and exports."""

from dataclasses import dataclass
from functools import cached_property
from typing import cast

import pyoxigraph as ox

from clausegraph.answers.compare import nearest
from clausegraph.answers.license_record import license_dict
from clausegraph.composing import exports, text
from clausegraph.composing.assemble import Composed, assemble
from clausegraph.composing.choices import Choices, choose, from_query
from clausegraph.composing.kit import Kit, load_kit
from clausegraph.ground import namespaces as ns
from clausegraph.ground.compose_types import ComposeAnswer
from clausegraph.ground.errors import UnreadableInput, UsageError
from clausegraph.ground.files import folder
from clausegraph.ground.turtle import read_turtle
from clausegraph.library import Library
from clausegraph.library.extend import license_iri, with_license
from clausegraph.library.model import License


@dataclass(frozen=True, eq=False)
class Composition:
    """A composed license in a library that knows it."""

    composed: Composed
    library: Library
    license: License

    @cached_property
    def document(self) -> text.Document:
        """The text."""
        return text.document(self.composed, self.license)

    def files(self) -> dict[str, str]:
        """Return everything that is written about a license: file name → text."""
        plain = text.plain(self.document)
        return {
            "license.ttl": self.composed.turtle,
            "LICENSE.md": text.markdown(self.document),
            "LICENSE.txt": plain,
            "LICENSE.html": text.html(self.document),
            "policy.ttl": exports.odrl(self.composed),
            "spdx.json": exports.as_json(exports.spdx(self.composed, self.library, plain)),
            "card.md": exports.card(self.composed),
            "composition.json": exports.as_json(self.to_dict()),
        }

    def to_dict(self) -> ComposeAnswer:
        """Return the composition as JSON values."""
        composed = self.composed
        choices = composed.choices
        return cast(
            ComposeAnswer,
            {
                "schema_version": 1,
                "id": composed.names.id,
                "name": composed.names.title,
                "code": composed.names.code or None,
                "spdx_id": composed.names.spdx,
                "digest": choices.digest,
                "permalink": choices.permalink,
                "choices": {
                    "options": list(choices.options),
                    "restrictions": list(choices.restrictions),
                    "values": dict(choices.values),
                    "like": choices.like,
                    "without": list(choices.without),
                    "name": choices.name,
                    "licensor": choices.licensor,
                },
                "families": list(self.license.families),
                "nearest": nearest(self.library, self.license),
                "sheet": {title: [list(row) for row in rows] for title, rows in self.document.sheet},
                "license": license_dict(self.library, self.license),
                "notice": text.NOTICE,
                "data_version": self.library.data_version,
            },
        )


def compose(library: Library, choices: Choices, kit: Kit | None = None) -> Composition:
    """Compose a license; raises `UsageError` where the license that it is like names no text."""
    kit = kit or load_kit()
    if choices.like and not library.licenses[choices.like].is_text:
        raise UsageError(f"{choices.like} names no one text that a license could be like. Choose a version.")
    composed = assemble(kit, library, choices)
    known = library.licenses.get(composed.names.id)
    if known is not None:
        return Composition(composed, library, known)
    extended = with_license(library, composed.turtle, composed.names.title)
    return Composition(composed, extended, extended.licenses[composed.names.id])


def recompose(library: Library, place: str, turtle: str) -> Composition:
    """Compose a license again from its RDF; one that was not composed is taken over clause by clause."""
    triples = read_turtle(turtle, place)
    iri = license_iri(triples, place)
    said = [t.object.value for t in triples if t.subject.value == iri and t.predicate.value == ns.CG + "choices"]
    kit = load_kit()
    if said:
        return compose(library, from_query(kit, library, said[0]), kit)
    known = next((found for found in library.licenses.values() if found.iri == iri), None)
    base = library if known else with_license(library, turtle, place)
    id_ = next(found.id for found in base.licenses.values() if found.iri == iri)
    return compose(base, choose(kit, base, like=id_), kit)


def problems(composed: Composed) -> list[str]:
    """Return what the library's shapes say against a license: nothing, unless the kit is broken."""
    from rdflib import Graph

    from clausegraph.validation.shacl import results, run
    from clausegraph.validation.shapes import shapes_graph

    graph = Graph().parse(data=composed.turtle, format="turtle")
    named = {t.object for t in composed.triples if isinstance(t.object, ox.NamedNode)}
    types = ox.NamedNode(ns.RDF_TYPE)
    known = [
        t
        for name in ("kinds", "restrictions", "conditions", "reach")
        for t in ox.parse(path=str(folder("ontology") / f"{name}.ttl"))
        if t.subject in named and t.predicate == types
    ]
    graph.parse(data="".join(f"{t.subject} {t.predicate} {t.object} .\n" for t in known), format="nt")
    report = run(graph, shapes_graph("library"))
    return [f"{r.focus}: {r.code} ({r.path}), value {r.value}" for r in results(report)]


def valid(composition: Composition) -> Composition:
    """Return a composition that the library's shapes let pass; raises `UnreadableInput` with what they say."""
    found = problems(composition.composed)
    if found:
        raise UnreadableInput(f"the composed license does not conform: {'; '.join(found[:3])}. Please report it.")
    return composition
