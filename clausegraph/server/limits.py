"""What one request may take."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Limits:
    """Limits of the server. Sizes are in bytes, times in seconds.

    A query that runs longer than `slow` seconds is given less of the machine, and while others wait it is stopped
    after `contended` seconds instead of `seconds`.
    """

    seconds: float = 10.0
    contended: float = 3.0
    slow: float = 1.0
    result: int = 64_000_000
    memory: int = 1_000_000_000
    query: int = 200_000
    nesting: int = 60
    body: int = 1_000_000
    receive: float = 10.0
    #: Queries that run side by side: fast ones, and all together.
    side_by_side: int = 4
    at_most: int = 12
    #: Queries that wait in all, and seconds that one of them waits.
    waiting: int = 2_000
    patience: float = 60.0
