"""Turns what a machine runs out of, and tables that are damaged, into messages that say what to do."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from clausegraph.ground.errors import MachineLimit, UnreadableInput
from clausegraph.workspace.folder import DERIVED

#: What to do about a table that is damaged.
RECOVERY = f"Remove the folder `{DERIVED}` of the workspace, and load the source again if that does not help."
_FULL = (errno.ENOSPC, errno.EDQUOT)
#: Errors of the SQL itself: a mistake of ours, whatever the tables hold.
_OURS = (duckdb.BinderException, duckdb.CatalogException, duckdb.ParserException, duckdb.InternalException)


@contextmanager
def machine_limits(place: Path) -> Iterator[None]:
    """Raise `MachineLimit` where memory or disk end, `UnreadableInput` where a table of the workspace is damaged."""
    try:
        yield
    except (duckdb.OutOfMemoryException, MemoryError) as error:
        raise MachineLimit(
            f"{place}: the memory is at its end ({_first_line(error)}). Free some; an audit can be given more with "
            "--memory, or run with --engine spark://HOST:PORT. The workspace is as it was."
        ) from error
    except (OSError, duckdb.IOException) as error:
        if getattr(error, "errno", None) not in _FULL and "No space left" not in str(error):
            raise
        raise MachineLimit(
            f"{place}: the disk is full ({_first_line(error)}). Free some space, or use a --workspace on another disk; "
            "the workspace is as it was."
        ) from error
    except _OURS:
        raise
    except duckdb.Error as error:
        raise UnreadableInput(f"{place}: a table is damaged ({_first_line(error)}). {RECOVERY}") from error


def _first_line(error: BaseException) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
