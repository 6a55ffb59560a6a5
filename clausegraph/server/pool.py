"""Runs queries in worker processes: who is next, who gets less of the machine, who is killed.

Clients take turns: of those that wait, the one with the fewest running queries is next. A query that runs longer than
`Limits.slow` no longer counts against the places for fast ones and runs at a lower priority; one that runs too long is
killed with its process. A process that was slowed down or killed is replaced.
"""

import asyncio
import contextlib
import json
import os
import sys
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clausegraph.server.guard import Refused
from clausegraph.server.limits import Limits

#: How often the pool looks whether somebody waits behind slow queries, in seconds.
_TICK = 0.1
_LOWER = 10


@dataclass(eq=False)
class Worker:
    """A process that answers one query at a time."""

    process: asyncio.subprocess.Process
    client: str = ""
    since: float = 0.0
    slowed: bool = False
    hurried: bool = False

    async def ask(self, job: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
        """Send a job and return head and body of the answer."""
        pipe, answers = self.process.stdin, self.process.stdout
        assert pipe is not None
        assert answers is not None
        pipe.write(json.dumps(job).encode() + b"\n")
        await pipe.drain()
        line = await answers.readline()
        if not line:
            raise ConnectionResetError
        head = json.loads(line)
        return head, await answers.readexactly(head["size"])

    def kill(self) -> None:
        """End the process now."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


class Pool:
    """The workers of one server; `store` says where the store that counts lies now."""

    def __init__(self, store: Callable[[], str], limits: Limits) -> None:
        self.store = store
        self.limits = limits
        self.idle: list[Worker] = []
        self.busy: set[Worker] = set()
        self.starting = 0
        self.waiting: OrderedDict[str, deque[asyncio.Future[Worker]]] = OrderedDict()
        self._tasks: set[asyncio.Task[None]] = set()
        self._ticker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Start the first workers, and the clock that looks after them."""
        self._ticker = asyncio.create_task(self._watch())
        first = await asyncio.gather(*(self._spawn() for _ in range(2)))
        self.idle.extend(first)

    async def stop(self) -> None:
        """End all workers."""
        if self._ticker:
            self._ticker.cancel()
        for worker in (*self.idle, *self.busy):
            worker.kill()
        await asyncio.gather(*(w.process.wait() for w in (*self.idle, *self.busy)), return_exceptions=True)

    async def _spawn(self) -> Worker:
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "clausegraph.server.worker",
            str(self.limits.memory),
            str(self.limits.result),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
            limit=2**20,
        )
        return Worker(process)

    async def run(self, job: dict[str, Any], client: str) -> bytes:
        """Return the answer to a job for a client; raises `Refused`."""
        worker = await self._worker(client)
        finished = False
        try:
            head, data = await asyncio.wait_for(worker.ask(job | {"store": self.store()}), self.limits.seconds)
            finished = True
        except TimeoutError as error:
            raise _too_slow(self.limits.seconds) from error
        except (ConnectionError, asyncio.IncompleteReadError) as error:
            if worker.hurried:
                raise _too_slow(self.limits.contended, " while others wait") from error
            raise _too_big(self.limits) from error
        finally:
            self._release(worker, keep=finished and not worker.slowed)
        if error_code := head.get("error"):
            raise _error(error_code, head.get("message", ""), self.limits)
        return data

    async def _worker(self, client: str) -> Worker:
        if sum(map(len, self.waiting.values())) >= self.limits.waiting:
            raise _busy()
        turn: asyncio.Future[Worker] = asyncio.get_running_loop().create_future()
        self.waiting.setdefault(client, deque()).append(turn)
        self._dispatch()
        try:
            return await asyncio.wait_for(asyncio.shield(turn), self.limits.patience)
        except (TimeoutError, asyncio.CancelledError) as error:
            if turn.done() and not turn.cancelled():
                self._release(turn.result(), keep=True)
            turn.cancel()
            if isinstance(error, TimeoutError):
                raise _busy() from error
            raise

    def _fast(self) -> int:
        now = time.monotonic()
        return self.starting + sum(1 for w in self.busy if now - w.since < self.limits.slow)

    def _next(self) -> tuple[str, asyncio.Future[Worker]] | None:
        """Return the client whose turn it is: the one with the fewest running queries that has waited longest."""
        running = Counter(w.client for w in self.busy)
        for client in sorted(self.waiting, key=lambda c: running[c]):
            queue = self.waiting[client]
            while queue:
                turn = queue.popleft()
                if not queue:
                    del self.waiting[client]
                else:
                    self.waiting.move_to_end(client)
                if not turn.done():
                    return client, turn
            self.waiting.pop(client, None)
        return None

    def _dispatch(self) -> None:
        """Give workers to those who wait, as far as there is room."""
        while self.waiting and self._fast() < self.limits.side_by_side:
            room = len(self.busy) + self.starting < self.limits.at_most
            if not room:
                return
            found = self._next()
            if found is None:
                return
            client, turn = found
            if self.idle:
                self._give(self.idle.pop(), client, turn)
            else:
                self.starting += 1
                task = asyncio.create_task(self._give_new(client, turn))
                self._tasks.add(task)
                task.add_done_callback(self._tasks.discard)

    def _give(self, worker: Worker, client: str, turn: "asyncio.Future[Worker]") -> None:
        worker.client, worker.since = client, time.monotonic()
        self.busy.add(worker)
        turn.set_result(worker)

    async def _give_new(self, client: str, turn: "asyncio.Future[Worker]") -> None:
        try:
            worker = await self._spawn()
        except OSError:
            if not turn.done():
                turn.set_exception(_busy())
            return
        finally:
            self.starting -= 1
        if turn.done():
            self.idle.append(worker)
            self._dispatch()
        else:
            self._give(worker, client, turn)

    def _release(self, worker: Worker, *, keep: bool) -> None:
        self.busy.discard(worker)
        if keep and worker.process.returncode is None and len(self.idle) < self.limits.side_by_side:
            self.idle.append(worker)
        else:
            worker.kill()
        self._dispatch()

    async def _watch(self) -> None:
        """Slow down what runs long, and stop what runs longest while others wait and there is no room."""
        while True:
            await asyncio.sleep(_TICK)
            now = time.monotonic()
            for worker in self.busy:
                if not worker.slowed and now - worker.since >= self.limits.slow:
                    worker.slowed = True
                    with contextlib.suppress(OSError, AttributeError):
                        os.setpriority(os.PRIO_PROCESS, worker.process.pid, _LOWER)
            full = len(self.busy) + self.starting >= self.limits.at_most
            if self.waiting and full:
                oldest = min(self.busy, key=lambda w: w.since, default=None)
                if oldest is not None and not oldest.hurried and now - oldest.since >= self.limits.contended:
                    oldest.hurried = True
                    oldest.kill()
            self._dispatch()


def _too_slow(seconds: float, why: str = "") -> Refused:
    return Refused(
        504,
        "time-limit",
        f"the query was stopped after {seconds:g} seconds{why}",
        "Ask for less, or set a LIMIT inside.",
    )


def _too_big(limits: Limits) -> Refused:
    return Refused(
        413,
        "memory-limit",
        f"the query was stopped: it needs more than {limits.memory / 1e6:,.0f} MB",
        "Ask for less: group or filter before you sort.",
    )


def _busy() -> Refused:
    return Refused(503, "busy", "too many queries are waiting", "Try again in a few seconds.", after=5)


def _error(code: str, message: str, limits: Limits) -> Refused:
    if code == "result-too-large":
        return Refused(
            413, code, f"the result has more than {limits.result / 1e6:,.0f} MB", "Set a LIMIT, and page with OFFSET."
        )
    if code == "memory-limit":
        return _too_big(limits)
    if code == "malformed-query":
        return Refused(400, code, message, "Correct the query.")
    return Refused(
        500, "failed", f"the store could not answer: {message}", "Try again; restart the server if it stays."
    )
