"""A server of ours in a process of its own, as a person starts it."""

import contextlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path


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
