"""All loaders, in the order in which they are asked whether a source is theirs."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Protocol

from clausegraph.loaders import (
    card,
    catalogues,
    cyclonedx,
    facts,
    front_matter,
    hub_answer,
    hub_dump,
    hub_stats,
    planned,
    rdf,
    spdx,
    tree,
)
from clausegraph.loaders.document import Context, Document, parse_json
from clausegraph.loaders.records import Record


class StreamLoader(Protocol):
    """A loader of sources that are read in one stream."""

    __name__: str

    def accepts(self, path: Path) -> bool:
        """Say whether the source is of this loader's sort."""

    def read(self, path: Path, context: Context) -> Iterator[Record]:
        """Yield the records of a source."""


class BulkLoader(StreamLoader, Protocol):
    """A loader that can also write its tables itself, without a record for each artifact."""

    def read_tables(self, path: Path, folder: Path, date: str) -> tuple[int, int] | None:
        """Write the tables of a source into a folder and return how many artifacts and references.

        `None` where the source must be read record by record; then no table is there.
        """


class DocumentLoader(Protocol):
    """A loader of documents that are read as a whole."""

    __name__: str

    def accepts(self, document: Document) -> bool:
        """Say whether the document is of this loader's sort."""

    def read(self, document: Document, context: Context) -> Iterator[Record]:
        """Yield the records of a document; raises `ValueError` with place and fix."""


#: Tried in this order.
STREAMS: tuple[StreamLoader, ...] = (tree, hub_stats, facts, hub_dump)
DOCUMENTS: tuple[DocumentLoader, ...] = (card, cyclonedx, spdx, hub_answer, catalogues, planned, rdf)
#: Those that can write tables themselves, and those whose lists may be one record long, as a document is.
BULK: tuple[BulkLoader, ...] = (hub_dump,)
LISTS: tuple[StreamLoader, ...] = (facts, hub_dump)
#: Suffixes of files in a folder or archive that are looked at.
DOCUMENT_SUFFIXES = frozenset(
    {
        *(".md", ".markdown", ".json", ".jsonld", ".xml", ".yaml", ".yml", ".csv"),
        *(".ttl", ".nt", ".nq", ".trig", ".rdf"),
    }
)


def document_loader(document: Document) -> DocumentLoader | None:
    """Return the loader of a document, or `None` if none knows it."""
    return next((loader for loader in DOCUMENTS if loader.accepts(document)), None)


def stream_loader(path: Path) -> StreamLoader | None:
    """Return the loader of a source that is read in one stream, or `None`."""
    return next((loader for loader in STREAMS if loader.accepts(path)), None)


def list_loader(path: Path) -> StreamLoader | None:
    """Return the loader of a file that looks like a document and is a list of one record, or `None`."""
    return next((loader for loader in LISTS if loader.accepts(path)), None)


def read_tables(loader: StreamLoader, path: Path, folder: Path, date: str) -> tuple[int, int] | None:
    """Let a loader write its tables itself, if it can and the source allows it; return what `BulkLoader` says."""
    bulk = next((one for one in BULK if one is loader), None)
    return bulk.read_tables(path, folder, date) if bulk else None


def is_container(path: Path) -> bool:
    """Say whether a path is a folder or an archive, which hold documents."""
    return tree.accepts(path)


def holds_nothing(path: Path, context: Context) -> bool:
    """Say whether a path is a folder in which no loader knows a file."""
    return path.is_dir() and not any(tree.members(path, context))


def read_with_neighbours(document: Document, path: Path, context: Context) -> Iterator[Record] | None:
    """Yield the records of a document that is read with the files beside it, as a card is; `None` for any other."""
    return iter([card.read_card(path, context)]) if card.accepts(document) else None


def why_not(document: Document) -> str:
    """Return why no loader takes a document: it cannot be parsed, or it is of no known form."""
    parsers: dict[str, tuple[str, Callable[[], object]]] = {
        **dict.fromkeys((".json", ".jsonld"), ("JSON", lambda: parse_json(document.data))),
        **dict.fromkeys((".yaml", ".yml"), ("YAML", lambda: front_matter.load_yaml(document.text))),
    }
    if document.suffix in parsers:
        form, parse = parsers[document.suffix]
        try:
            parse()
        except ValueError as error:
            return f"the {form} cannot be parsed: {error}"
    return "it is of no form that a loader knows"
