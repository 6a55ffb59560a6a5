"""All loaders, in the order in which they are asked whether a source is theirs."""

from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from clausegraph.loaders import (
    card,
    catalogues,
    cyclonedx,
    facts,
    hub_answer,
    hub_dump,
    hub_stats,
    planned,
    rdf,
    spdx,
    tree,
)
from clausegraph.loaders.document import Context, Document
from clausegraph.loaders.records import Record


class StreamLoader(Protocol):
    """A loader of sources that are read in one stream."""

    __name__: str

    def accepts(self, path: Path) -> bool:
        """Say whether the source is of this loader's sort."""

    def read(self, path: Path, context: Context) -> Iterator[Record]:
        """Yield the records of a source."""


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
