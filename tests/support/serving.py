"""A server of ours: in a process of its own, as a person starts it, or in this one."""

import contextlib
import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from clausegraph.server.app import create
from clausegraph.server.state import State


@contextlib.contextmanager
def server(workspace: Path, *options: str) -> Iterator[str]:
    """Run `clausegraph serve` on a free port and yield its address."""
    command = [sys.executable, "-m", "clausegraph", "serve", "-w", str(workspace), "--port", "0", *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    try:
        assert process.stderr is not None
        found = None
        while not found:
            line = process.stderr.readline()
            assert line, f"the server ended with {process.wait()}"
            found = re.search(r"listening on (http://\S+)", line)
        yield found[1]
    finally:
        process.terminate()
        process.wait(20)


@contextlib.contextmanager
def answering(state: State, **options: Any) -> Iterator[TestClient]:
    """Yield a client of an application in this process, once it is ready."""
    done: list[BaseException | None] = []
    with TestClient(create(state, done.append), **options) as found:
        while not done:
            time.sleep(0.01)
        if done[0] is not None:
            raise done[0]
        yield found
