"""Real SPARQL stores on loopback, each in a folder of its own: the Oxigraph server and Virtuoso."""

import contextlib
import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

VIRTUOSO = shutil.which("virtuoso-t")
OXIGRAPH = shutil.which("oxigraph") or shutil.which("oxigraph", path=str(Path(sys.executable).parent))
# with more than one thread for a query, Virtuoso 7.2.5 now and then loses rows where a predicate is a variable
_INI = """[Database]
DatabaseFile = {folder}/virtuoso.db
ErrorLogFile = {folder}/virtuoso.log
LockFile = {folder}/virtuoso.lck
TransactionFile = {folder}/virtuoso.trx
xa_persistent_file = {folder}/virtuoso.pxa
MaxCheckpointRemap = 2000
Striping = 0
TempStorage = TempDatabase
[TempDatabase]
DatabaseFile = {folder}/virtuoso-temp.db
TransactionFile = {folder}/virtuoso-temp.trx
MaxCheckpointRemap = 2000
Striping = 0
[Parameters]
ServerPort = 127.0.0.1:{sql}
DisableUnixSocket = 1
NumberOfBuffers = {buffers}
MaxDirtyBuffers = {dirty}
DirsAllowed = {folder}
CheckpointInterval = 60
ThreadsPerQuery = 1
[HTTPServer]
ServerPort = 127.0.0.1:{http}
ServerRoot = {folder}
ServerThreads = 12
MaxClientConnections = 12
[SPARQL]
ResultSetMaxRows = 1000000
MaxQueryExecutionTime = 120
[Client]
SQL_PREFETCH_ROWS = 100
"""


@dataclass(frozen=True)
class Store:
    """A running store: its addresses, and how its user writes."""

    name: str
    endpoint: str
    graph_store: str
    update: str
    environment: dict[str, str]
    pid: int


def free_port() -> int:
    """Return a port that nobody listens on."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port: int = taken.getsockname()[1]
        return port


def wait(url: str, process: "subprocess.Popen[bytes]", seconds: float = 60) -> None:
    """Wait until something answers at an address."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the store ended with {process.returncode}")
        with contextlib.suppress(OSError, urllib.error.URLError):
            urllib.request.urlopen(url, timeout=5)
            return
        time.sleep(0.1)
    raise RuntimeError(f"{url} does not answer")


@contextlib.contextmanager
def running(*command: str, cwd: Path) -> Iterator["subprocess.Popen[bytes]"]:
    """Run a program while the block runs."""
    process = subprocess.Popen(command, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        yield process
    finally:
        process.kill()
        process.wait()


@contextlib.contextmanager
def oxigraph(folder: Path) -> Iterator[Store]:
    """Run the Oxigraph server on an empty store."""
    assert OXIGRAPH is not None
    port = free_port()
    command = (OXIGRAPH, "serve", "--location", str(folder / "store"), "--bind", f"127.0.0.1:{port}")
    with running(*command, "--union-default-graph", cwd=folder) as process:
        root = f"http://127.0.0.1:{port}/"
        wait(root, process)
        yield Store("oxigraph", root + "query", root + "store", root + "update", {}, process.pid)


@contextlib.contextmanager
def virtuoso(folder: Path, buffers: int = 20_000) -> Iterator[Store]:
    """Run Virtuoso on an empty database; a buffer is 8 KB."""
    assert VIRTUOSO is not None
    sql, http = free_port(), free_port()
    ini = folder / "virtuoso.ini"
    ini.write_text(_INI.format(folder=folder, sql=sql, http=http, buffers=buffers, dirty=buffers * 3 // 4))
    with running(VIRTUOSO, "+foreground", "+configfile", str(ini), cwd=folder) as process:
        root = f"http://127.0.0.1:{http}/"
        wait(root + "sparql", process)
        who = {
            "CLAUSEGRAPH_ENDPOINT_USER": "dba",
            "CLAUSEGRAPH_ENDPOINT_PASSWORD": "dba",
            "CLAUSEGRAPH_ENDPOINT_AUTH": "digest",
        }
        writing = (root + "sparql-graph-crud-auth", root + "sparql-auth")
        yield Store("virtuoso", root + "sparql-auth", *writing, who, process.pid)


@contextlib.contextmanager
def signed(store: Store) -> Iterator[None]:
    """Let the environment say who asks."""
    before = {name: os.environ.get(name) for name in store.environment}
    os.environ.update(store.environment)
    try:
        yield
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
