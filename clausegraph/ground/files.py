"""Where the ontology, shapes and queries lie: in the installed package first, in the checkout second.

No other module knows paths. A wheel carries the three folders inside the package; an editable
install and a checkout have them beside it.
"""

from functools import cache
from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent.parent


@cache
def folder(name: str) -> Path:
    """Return the folder `name` (`ontology`, `shapes` or `queries`); raise `FileNotFoundError`."""
    for root in (_PACKAGE, _PACKAGE.parent):
        if (root / name).is_dir():
            return root / name
    raise FileNotFoundError(f"the folder {name!r} is missing from this installation; reinstall clausegraph")


def turtle_files(*parts: str) -> list[Path]:
    """Return the Turtle files below a data folder in a fixed order.

    Generated files are left out, and so are alignments and the kit for composing, which stand outside the ontology.
    """
    root = folder(parts[0]).joinpath(*parts[1:])
    apart = {"generated", "alignments", "composing"} - set(parts)
    return sorted(p for p in root.rglob("*.ttl") if not apart & set(p.relative_to(root).parts))


def generated(name: str) -> Path:
    """Return the path of a generated file of the ontology."""
    return folder("ontology") / "generated" / name
