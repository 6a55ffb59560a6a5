"""Which licenses models and data sets usually declare: a count that ships with the package.

`ontology/known/usual.tsv` is made of the known artifacts, by kind and license, and says nothing of what is right.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache

from clausegraph.ground.files import folder
from clausegraph.library import Library
from clausegraph.workspace.known import Known

USUAL_FILE = "usual.tsv"
#: Works that must declare a license before it is counted as usual.
FEWEST = 10


def usual_text(library: Library, known: Iterable[Known]) -> str:
    """Return the text of the file: how many known artifacts of a kind declare one license text, the most first."""
    counts: Counter[tuple[str, str]] = Counter()
    for one in known:
        declared = library.names.stated(one.stated[0].licenses, one.stated[0].name) if one.stated else None
        if declared and len(declared.ids) == 1:
            (license_,) = declared.ids
            if library.licenses[license_].is_text:
                counts[one.kind, license_] += 1
    rows = sorted((kind, -number, license_) for (kind, license_), number in counts.items() if number >= FEWEST)
    head = "# kind\tlicense\tknown artifacts that declare it: made from hub.tsv by `clausegraph ontology known`\n"
    return head + "".join(f"{kind}\t{license_}\t{-number}\n" for kind, number, license_ in rows)


@cache
def _counts() -> Mapping[str, Mapping[str, int]]:
    found: dict[str, dict[str, int]] = {}
    for line in (folder("ontology") / "known" / USUAL_FILE).read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            kind, license_, number = line.split("\t")
            found.setdefault(kind, {})[license_] = int(number)
    return found


def usual_share(kind: str, license_id: str) -> float:
    """Return which share of the known artifacts of a kind declares a license, from 0 to 1; 0 where none is counted."""
    counts = _counts().get(kind, {})
    return counts.get(license_id, 0) / total if (total := sum(counts.values())) else 0.0
