"""What was loaded: tables in a folder, the lineage that they state brought together, and what loads them."""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from clausegraph.workspace.folder import Workspace

__all__ = ["Workspace"]


def __getattr__(name: str) -> Any:
    """Import `Workspace` when it is first asked for: it brings the machinery of tables, which a card does not need."""
    if name != "Workspace":
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from clausegraph.workspace.folder import Workspace

    return Workspace
