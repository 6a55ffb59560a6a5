"""Nodes of a lineage that are not as their card says: nothing known of them, or under other terms."""

from dataclasses import replace
from typing import Protocol

from clausegraph.ground.addresses import address
from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.trace import Node
from clausegraph.workspace.data_findings import code_only_reason
from clausegraph.workspace.missing import NOT_LOADED, UNNAMED, UNREADABLE, is_identifier


class Addressed(Protocol):
    """What an id names: an artifact with its address."""

    @property
    def address(self) -> str:
        """The address of the artifact."""


class Artifacts(Protocol):
    """Where artifacts are looked up: a workspace, known artifacts, or both."""

    def entry(self, text: str, kind: str | None = None) -> Addressed:
        """Return what an id, URL or prefixed id names; raises `UnknownIdentifier`."""

    def nodes(self, text: str) -> list[Node]:
        """Return an artifact and all its ancestors as nodes, the artifact first; raises `UnknownIdentifier`."""


def missing_node(library: Library, kind: str, stated: str, *, unnamed: bool = False, word: str = "") -> Node:
    """Return an ancestor of which nothing is known but what is stated of it."""
    known = is_identifier(stated)
    word = word or (UNNAMED if unnamed or not stated else NOT_LOADED if known else UNREADABLE)
    name = address(kind, stated) if known else stated or "a base that is not named"
    return Node(name, kind, Expression.of(library.missing[word]), known=False)


def with_terms(library: Library, node: Node, terms: Expression, release: str | None) -> Node:
    """Return a node with the terms under which it really stands; a release of which only the code's are declared."""
    left_open = (*node.left_open, code_only_reason(library)) if release else node.left_open
    return replace(node, terms=terms, release=release, left_open=left_open)
