"""What the shipped queries should answer, computed in plain Python and not from the graph."""

from collections.abc import Callable

from tests.oracles import adherence, adoption, compliance, licenses, lineage
from tests.oracles.world import Asked, Rows, World

__all__ = ["ORACLES", "WITHOUT", "Asked", "Rows", "World"]

#: By the names of the queries.
ORACLES: dict[str, Callable[[Asked], Rows]] = {
    **adherence.ORACLES,
    **adoption.ORACLES,
    **compliance.ORACLES,
    **licenses.ORACLES,
    **lineage.ORACLES,
}
#: The queries that have none yet, each with the reason; it may only get shorter.
WITHOUT: tuple[tuple[str, str], ...] = ()
