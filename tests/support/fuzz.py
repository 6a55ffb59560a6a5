"""Feeds the parsers of cards, ids, SPDX and recipes what a coverage-guided fuzzer makes up.

    python -m tests.support.fuzzing PARSER [-runs=N] [-seed=N]

A parser may refuse its input with the error that it documents; anything else that it raises is a bug.
"""

from collections.abc import Callable
from contextlib import suppress

from clausegraph.loaders import card, catalogues, cyclonedx, front_matter, gguf, hub_answer, planned, rdf, spdx
from clausegraph.loaders.document import Document
from clausegraph.loaders.identifiers import hub_reference, is_iri, is_repo_id, split_reference
from clausegraph.loaders.registry import DocumentLoader

from clausegraph.ground.errors import ClausegraphError
from clausegraph.library import Library
from clausegraph.workspace.context import context

CONTEXT = context(lambda _: None)


def _document(loader: DocumentLoader, name: str) -> Callable[[bytes], None]:
    def parse(data: bytes) -> None:
        document = Document(name, name, data)
        if loader.accepts(document):
            list(loader.read(document, CONTEXT))

    return parse


def ids(data: bytes) -> None:
    """Read an identifier, whatever it is; what is taken for one can stand in RDF."""
    text = data.decode("utf-8", errors="replace")
    _, id_ = split_reference(text)
    found = hub_reference(text)
    assert found is None or is_repo_id(found[1])
    for accepted in (id_, text):
        if is_repo_id(accepted) or is_iri(accepted):
            assert not set(accepted) & set('<>"{}|\\^` \n\r\t')


def licenses(data: bytes) -> None:
    """Read a license expression; what is not known stays unknown."""
    Library.load().names.expression(data.decode("utf-8", errors="replace"))


def recipes(data: bytes) -> None:
    """Check a recipe as the command does."""
    from clausegraph.answers.recipe import check_recipe
    from clausegraph.library.assumptions import Assumptions

    found = front_matter.load_yaml(data.decode("utf-8", errors="replace"))
    check_recipe(Library.load(), found, Assumptions(Library.load()))


PARSERS: dict[str, Callable[[bytes], None]] = {
    "card": _document(card, "README.md"),
    "ids": ids,
    "licenses": licenses,
    "spdx": _document(spdx, "sbom.json"),
    "cyclonedx": _document(cyclonedx, "bom.json"),
    "rdf": _document(rdf, "models.ttl"),
    "jsonld": _document(rdf, "dataset.jsonld"),
    "planned": _document(planned, "recipe.yaml"),
    "recipes": recipes,
    "answer": _document(hub_answer, "models.json"),
    "assets": _document(catalogues, "assets.csv"),
    "gguf": lambda data: str(gguf.facts(data)) and None,
}


def refuses(parse: Callable[[bytes], None], data: bytes) -> None:
    """Parse, and let pass the errors that a parser may raise."""
    with suppress(ValueError, ClausegraphError):
        parse(data)
