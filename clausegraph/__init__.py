"""clausegraph: which license clauses bind an AI artifact, where they come from, and what to do.

The public names are `Library` (the licenses), `Workspace` (what was loaded) and `compat`
(two licenses and a reuse relation). Nothing here is legal advice.
"""

from clausegraph.answers.compat import Case, compat
from clausegraph.library import Library
from clausegraph.workspace import Workspace

__all__ = ["Case", "Library", "Workspace", "__version__", "compat"]
__version__ = "0.1.0"
