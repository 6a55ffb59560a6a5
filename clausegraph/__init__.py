"""clausegraph: which license clauses bind an AI artifact, where they come from, and what to do.

The public names are `Library` (the licenses), `Workspace` (what was loaded) and `compat`
(two licenses and a reuse relation). Nothing here is legal advice.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from clausegraph.ground.version import __version__

if TYPE_CHECKING:
    from clausegraph.answers.compat import Case, compat
    from clausegraph.library import Library
    from clausegraph.workspace.folder import Workspace

__all__ = ["Case", "Library", "Workspace", "__version__", "compat"]
#: Where the public names stand; each is imported when it is first asked for, so that the command line starts fast.
_HOMES = {
    "Case": "clausegraph.answers.compat",
    "compat": "clausegraph.answers.compat",
    "Library": "clausegraph.library",
    "Workspace": "clausegraph.workspace.folder",
}


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module 'clausegraph' has no attribute {name!r}")
    return getattr(import_module(_HOMES[name]), name)
