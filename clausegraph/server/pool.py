"""Runs queries in worker processes: who is next, who gets less of the machine, who is killed.

Clients take turns: of those that wait, the one with the fewest running queries is next. A query that runs longer than
`Limits.slow` no longer counts against the places for fast ones and runs at a lower priority; one that runs too long is
killed with its process. A process that was slowed down or killed is replaced.

The server has two pools: one for questions, and one for what its pages ask, so that a page is never behind a question.
"""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from clausegraph.server.limits import Limits
from clausegraph.server.refusal import Refused
from clausegraph.server.sealing import BROKEN
from clausegraph.store.parsing import Form

#: How often the pool looks whether somebody waits behind slow queries, in seconds.
_TICK = 0.1
#: Priorities: of questions, and of what runs long. Pages are answered by a process of the usual priority.
QUESTIONS, _LOWER = 5, 15


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to a query, its media type, and the limit on its rows where the server set one."""

    data: bytes
    media: str
    limit: int | None = None


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
        head = await self.line()
        return head, await answers.readexactly(head["size"])

    async def line(self) -> dict[str, Any]:
        """Return the next line that the process writes; raises `ConnectionResetError` where it has ended."""
        assert self.process.stdout is not None
        line = await self.process.stdout.readline()
        if not line:
            raise ConnectionResetError
        found: dict[str, Any] = json.loads(line)
        return found

    def kill(self) -> None:
        """End the process now."""
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()


class Pool:
    """Workers for one kind of task; `store` says where the current store is.

    `unsealed` says why the processes could not give up the network, and is `None` where they did.
    """

    def __init__(self, store: Callable[[], str], limits: Limits, priority: int = 0) -> None:
        self.store = store
        self.limits = limits
        self.priority = priority
        self.unsealed: str | None = None
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
        worker = Worker(process)
        said = await worker.line()
        self.unsealed = said.get("why")
        _slow_down(process.pid, self.priority)
        return worker

    async def run(self, job: dict[str, Any], client: str) -> Answer:
        """Return the answer to a job for a client; raises `Refused`.

        A job is one of `worker`, without the store; `media` may be one media type for every form.
        """
        if len(job["query"].encode()) > self.limits.query:
            most = f"{self.limits.query:,}"
            raise Refused(413, "query-too-long", f"the query has more than {most} bytes", "Ask in parts.")
        if isinstance(job["media"], str):
            job = job | {"media": dict.fromkeys(Form, job["media"])}
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
            raise _ended(await worker.process.wait(), self.limits) from error
        finally:
            self._release(worker, keep=finished and not worker.slowed)
        if error_code := head.get("error"):
            raise _error(error_code, head.get("message", ""), self.limits)
        return Answer(data, head["media"], head["limit"])

    async def _worker(self, client: str) -> Worker:
        if len(self.waiting.get(client, ())) >= self.limits.waiting_each:
            raise _too_many(self.limits.waiting_each)
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
        except OSError:  # also where it ended before it was ready
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
                    _slow_down(worker.process.pid, _LOWER)
            full = len(self.busy) + self.starting >= self.limits.at_most
            if self.waiting and full:
                oldest = min(self.busy, key=lambda w: w.since, default=None)
                if oldest is not None and not oldest.hurried and now - oldest.since >= self.limits.contended:
                    oldest.hurried = True
                    oldest.kill()
            self._dispatch()


def _slow_down(process: int, priority: int) -> None:
    with contextlib.suppress(OSError, AttributeError):
        os.setpriority(os.PRIO_PROCESS, process, priority)


def _ended(code: int, limits: Limits) -> Refused:
    """Return what it means that a process ended by itself, by its exit code."""
    if code == BROKEN:
        return _error("service-refused", "", limits)
    if code == -signal.SIGSEGV:
        return Refused(400, "query-too-deep", "the query is nested too deeply to be read", "Flatten it.")
    return _too_big(limits)


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


def _too_many(most: int) -> Refused:
    return Refused(429, "too-many-queries", f"{most} queries of yours are waiting", "Wait for their answers.", after=5)


def _error(code: str, message: str, limits: Limits) -> Refused:
    if code == "service-refused":
        return Refused(403, code, "SERVICE is refused: this endpoint asks no other", "Leave it out.")
    if code == "update-refused":
        return Refused(403, code, "updates are refused: this endpoint is read-only", "Use a query.")
    if code == "no-such-format":
        return Refused(406, code, "there is no such format of this result", message)
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
