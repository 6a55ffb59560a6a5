"""Writes the graph of a workspace to another SPARQL store, by Graph Store Protocol or by SPARQL 1.1 Update.

A snapshot is one named graph there, and the library another; both names end with a digest of what they hold. The graphs
are written in batches, and what was written is kept beside the workspace's store, so that a push that was stopped goes
on where it was. At the end one request replaces the index of the snapshot, `…/graph/index/<snapshot>`, which says
which graphs count; then the graphs that it named before are removed. Who reads by the index sees the old snapshot or
the new one, and never half.
"""

import hashlib
import json
from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

import pyoxigraph as ox

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import NetworkError, UsageError
from clausegraph.library import Library
from clausegraph.store.embedded import content
from clausegraph.store.endpoint import CREDENTIALS_HINT, Credentials, Endpoint
from clausegraph.store.library_store import fill_library
from clausegraph.store.nquads import ensure_audit, write_quads
from clausegraph.workspace.folder import Workspace, write_whole

#: Triples in one request.
BATCH = 20_000
#: Seconds that a store may take for one request.
TIMEOUT_S = 600
INDEX = ns.GRAPH + "index/"
_SKOLEM = ns.BASE + ".well-known/genid/"


@dataclass
class Progress:
    """How far the push of one graph is: `written` of its batches are there."""

    graph: str
    written: int = 0
    done: bool = False


class Target:
    """A store elsewhere: its query endpoint, and where it is written."""

    def __init__(self, endpoint: str, store: str | None, update: str | None) -> None:
        if (store is None) == (update is None):
            raise UsageError("push takes either --store URL (Graph Store Protocol) or --update URL (SPARQL 1.1 Update)")
        self.reader = Endpoint(endpoint)
        self.store = store
        self.update = update

    def add(self, graph: str, lines: list[str]) -> None:
        """Add N-Triples to a graph; adding them twice changes nothing."""
        if self.store is not None:
            self._send("POST", self.store, {"graph": graph}, "".join(lines), "application/n-triples")
        else:
            self._update(f"INSERT DATA {{ GRAPH <{graph}> {{ {''.join(lines)} }} }}")

    def replace(self, graph: str, lines: list[str]) -> None:
        """Put N-Triples in the place of all that a graph holds, in one request."""
        if self.store is not None:
            self._send("PUT", self.store, {"graph": graph}, "".join(lines), "application/n-triples")
        else:
            self._update(f"DROP SILENT GRAPH <{graph}> ; INSERT DATA {{ GRAPH <{graph}> {{ {''.join(lines)} }} }}")

    def drop(self, graph: str) -> None:
        """Remove a graph; it need not be there."""
        if self.store is not None:
            self._send("DELETE", self.store, {"graph": graph}, None, None, also=(404,))
        else:
            self._update(f"DROP SILENT GRAPH <{graph}>")

    def _update(self, text: str) -> None:
        assert self.update is not None
        self._send("POST", self.update, {}, text, "application/sparql-update")

    def _send(
        self,
        method: str,
        url: str,
        parameters: dict[str, str],
        text: str | None,
        media: str | None,
        also: tuple[int, ...] = (),
    ) -> None:
        import httpx2 as httpx

        who = Credentials.read()
        headers = {"Content-Type": media} if media else {}
        if who.token:
            headers["Authorization"] = f"Bearer {who.token}"
        sign = (httpx.DigestAuth if who.digest else httpx.BasicAuth)(who.user, who.password) if who.user else None
        try:
            answer = httpx.request(
                method,
                url,
                params=parameters or None,
                content=None if text is None else text.encode(),
                headers=headers,
                auth=sign,
                timeout=TIMEOUT_S,
            )
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise NetworkError(
                f"{url} does not answer: {error or type(error).__name__}. Run the push again."
            ) from error
        if answer.status_code in (401, 403):
            raise NetworkError(f"{url} does not let you write ({answer.status_code}). {CREDENTIALS_HINT}")
        if not answer.is_success and answer.status_code not in also:
            said = " ".join(answer.text.split())[:300]
            raise NetworkError(
                f"{url} answered {answer.status_code}: {said}. Run the push again; it goes on from there."
            )


@dataclass(frozen=True)
class Pushed:
    """What a push did."""

    snapshot: str
    graphs: tuple[str, ...]
    triples: int
    batches: int
    removed: tuple[str, ...]


class Push:
    """One push of one workspace to one store; `folder` keeps the files and how far it is."""

    def __init__(self, workspace: Workspace, library: Library, target: Target, progress: Callable[[str], None]) -> None:
        self.workspace = workspace
        self.library = library
        self.target = target
        self.progress = progress
        key = hashlib.sha256(f"{target.reader.url} {target.store} {target.update}".encode()).hexdigest()[:12]
        self.folder = workspace.folder / "push" / f"{workspace.opened}-{key}"
        self.batches = 0
        self.triples = 0

    def run(self) -> Pushed:
        """Write what is not there yet, swap, and remove what no longer counts."""
        snapshot = self.workspace.opened
        audited = ensure_audit(self.workspace, self.library, self.progress)
        rules = content()[:16]
        sources = " ".join(sorted(s.name for s in self.workspace.sources()))
        digest = hashlib.sha256(f"{rules} {audited.name} {sources}".encode()).hexdigest()[:16]
        before = self.target.reader.snapshots()
        graphs = (f"{ns.GRAPH}library/{rules}", f"{ns.GRAPH}snapshot/{snapshot}/{digest}")
        in_use = {graph for found in before.values() for graph in found}
        for graph, write in zip(graphs, (self._write_library, self._write_snapshot), strict=True):
            if graph not in in_use:
                self._push(graph, write)
        self.progress("swapping")
        self.target.replace(INDEX + snapshot, self._index(snapshot, graphs))
        others = {graph for name, found in before.items() if name != snapshot for graph in found}
        left = {progress.graph for progress in self._kept()} | set(before.get(snapshot, ()))
        removed = tuple(sorted(left - others - set(graphs)))
        for graph in removed:
            self.progress("removing what no longer counts")
            self.target.drop(graph)
        for path in self.folder.glob("*"):
            path.unlink()
        return Pushed(snapshot, graphs, self.triples, self.batches, removed)

    def _kept(self) -> list[Progress]:
        return [Progress(**json.loads(path.read_text(encoding="utf-8"))) for path in self.folder.glob("*.json")]

    def _push(self, graph: str, write: Callable[[Path], None]) -> None:
        """Write a graph in batches, from the first that is not there."""
        self.folder.mkdir(parents=True, exist_ok=True)
        name = graph.rsplit("/", 1)[-1]
        path, kept = self.folder / f"{name}.nt", self.folder / f"{name}.json"
        state = Progress(graph)
        if kept.exists() and path.exists():
            state = Progress(**json.loads(kept.read_text(encoding="utf-8")))
        else:
            self.progress("writing triples")
            write(path)
            write_whole(kept, json.dumps(asdict(state)))
        with path.open(encoding="utf-8") as lines:
            for _ in islice(lines, state.written * BATCH):
                pass
            while batch := list(islice(lines, BATCH)):
                self.target.add(graph, batch)
                state.written += 1
                self.batches += 1
                self.triples += len(batch)
                write_whole(kept, json.dumps(asdict(state)))
                self.progress(f"{ns.local(graph)}: {state.written * BATCH:,} triples")
        state.done = True
        write_whole(kept, json.dumps(asdict(state)))

    def _write_snapshot(self, path: Path) -> None:
        """Write the quads of the workspace without their graphs."""
        quads = path.with_suffix(".nq")
        write_quads(self.workspace, self.library, quads, self.progress)
        with quads.open(encoding="utf-8") as lines, path.open("w", encoding="utf-8") as out:
            out.writelines(line[: line.rindex(" <")] + " .\n" for line in lines)
        quads.unlink()

    def _write_library(self, path: Path) -> None:
        store = ox.Store()
        fill_library(store)
        with path.open("w", encoding="utf-8") as out:
            out.writelines(sorted({f"{_named(quad.triple)} .\n" for quad in store}))

    def _index(self, snapshot: str, graphs: tuple[str, ...]) -> list[str]:
        node = f"<{ns.BASE}snapshot/{snapshot}>"
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        facts = [
            f"<{ns.RDF_TYPE}> <{ns.CG}Snapshot>",
            f"<{ns.CG}snapshot> {ox.Literal(snapshot)}",
            f"<{ns.CG}dataVersion> {ox.Literal(self.library.data_version)}",
            f'<http://www.w3.org/ns/prov#generatedAtTime> "{now}"^^<http://www.w3.org/2001/XMLSchema#dateTime>',
            *(f"<{ns.CG}inGraph> <{graph}>" for graph in graphs),
        ]
        return [f"{node} {fact} .\n" for fact in facts]


def _named(triple: ox.Triple) -> ox.Triple:
    """Return a triple with IRIs for blank nodes, which would be others in each batch (RDF 1.1, section 3.5)."""
    subject, object_ = triple.subject, triple.object
    if isinstance(subject, ox.BlankNode):
        subject = ox.NamedNode(_SKOLEM + subject.value)
    if isinstance(object_, ox.BlankNode):
        object_ = ox.NamedNode(_SKOLEM + object_.value)
    return ox.Triple(subject, triple.predicate, object_)
