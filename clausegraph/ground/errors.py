"""The errors that a user can meet, each with the exit code of the command line.

| error | exit code | means |
|---|---|---|
| `UsageError` | 2 | the command or a file of the user is written wrongly |
| `UnreadableInput` | 3 | nothing in the input could be read |
| `UnknownIdentifier` | 4 | no license, artifact, query or code has that name |
| `NetworkError` | 5 | the network or a rate limit stands in the way |
| `MachineLimit` | 6 | memory or disk are at their end |
"""

from collections.abc import Iterable
from difflib import get_close_matches

#: The longest name that is shown whole, and for which the nearest ones are looked up.
LONGEST = 200


class ClausegraphError(Exception):
    """Base of all errors that are meant for the user; `exit_code` is the process's exit code."""

    exit_code = 6


class UsageError(ClausegraphError):
    """The command, an option or a file of the user is written wrongly."""

    exit_code = 2


class UnreadableInput(ClausegraphError):
    """Nothing in the input could be read."""

    exit_code = 3


class UnknownIdentifier(ClausegraphError):
    """No thing of that sort has this name; the message suggests those nearest in `known`, or `nearest` as they are."""

    exit_code = 4

    def __init__(
        self, sort: str, name: str, known: Iterable[str] = (), hint: str = "", *, nearest: Iterable[str] | None = None
    ) -> None:
        self.name = name
        self.nearest = _nearest(name, known) if nearest is None else list(nearest)
        meant = f" Did you mean {', '.join(self.nearest)}?" if self.nearest else ""
        shown = name if len(name) <= LONGEST else name[:LONGEST] + "…"
        super().__init__(f"no {sort} is called {shown!r}.{meant}{' ' + hint if hint else ''}")


def _nearest(name: str, known: Iterable[str]) -> list[str]:
    """Return up to three known names that are like a name, the most alike first."""
    if len(name) > LONGEST:
        return []
    by_low = {one.lower(): one for one in known}
    return [by_low[low] for low in get_close_matches(name.lower(), list(by_low), n=3, cutoff=0.5)]


class NetworkError(ClausegraphError):
    """The network or a rate limit stands in the way."""

    exit_code = 5


class MachineLimit(ClausegraphError):
    """The memory or the disk of this machine are at their end; what was there before is kept."""

    exit_code = 6
