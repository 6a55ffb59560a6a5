"""What a loader may ask, and the day of which a file tells; without tables, whose machinery takes long to import."""

import re
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from clausegraph.library import Library
from clausegraph.loaders.document import Context, Vocabulary
from clausegraph.loaders.records import Rejected
from clausegraph.texts.recognition import identify

_DATE = re.compile(r"(?<!\d)(20\d\d-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)(?!\d)")


def date_of(path: Path) -> str:
    """Return the day of which a file tells: that in its name, else the day on which it was written (UTC)."""
    found = _DATE.search(path.name)
    day = (found[1] if len(found[1]) == 10 else found[1] + "-28") if found else ""
    with suppress(ValueError):  # a number that looks like a day, and is none
        return datetime.fromisoformat(day).date().isoformat()
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).date().isoformat()


def context(reject: Callable[[Rejected], None]) -> Context:
    """Return the context of a loader."""
    return Context(reject, _vocabulary, identify)


@cache
def _vocabulary() -> Vocabulary:
    from clausegraph.workspace.vocabulary import vocabulary

    return vocabulary(Library.load())
