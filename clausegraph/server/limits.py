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
    #: Rows of a query that has no limit itself: of the endpoint, and of the page that shows them.
    rows: int = 100_000
    shown: int = 1_000
    shown_bytes: int = 4_000_000
    body: int = 1_000_000
    #: For the head of a request, for its body, and for a connection that asks nothing.
    receive: float = 10.0
    #: A reader that takes less than `slowest` bytes a second over `send` seconds is left.
    send: float = 20.0
    slowest: int = 5_000
    #: Open connections in all, and of one client.
    connections: int = 2_000
    connections_each: int = 256
    #: Works and steps of a recipe that comes over HTTP.
    recipe: int = 1_000
    #: Parameters of one request.
    parameters: int = 200
    #: Queries that run side by side: fast ones, and all together.
    side_by_side: int = 4
    at_most: int = 12
    #: Queries that wait in all and of one client, and seconds that one of them waits.
    waiting: int = 2_000
    waiting_each: int = 200
    patience: float = 60.0
