"""The embedded store: brought up to date by differences, the same as one that is built anew."""

import json
from pathlib import Path

import pyoxigraph as ox
import pytest

from clausegraph.answers.artifact_findings import artifact_findings
from clausegraph.ground.addresses import iri_of
from clausegraph.ground.errors import UsageError
from clausegraph.ground.namespaces import CG
from clausegraph.library import Library
from clausegraph.store import embedded as stores
from clausegraph.store import library_store
from clausegraph.store.embedded import open_store
from clausegraph.store.nquads import graph_iri
from clausegraph.validation.audit import audit
from clausegraph.workspace.folder import Workspace, replacing
from clausegraph.workspace.load import load
from clausegraph.workspace.sample import sample_file

WORK = "https://huggingface.co/mlabonne/NeuralBeagle14-7B"
#: A work that breaches terms however it was made.
CONFLICT = "https://huggingface.co/ludocomito/Minerva-MoE-2x3B"


class Said:
    """What a command says while it works."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def __call__(self, text: str) -> None:
        self.steps.append(text)


@pytest.fixture
def changing(tmp_path: Path, library: Library) -> tuple[Workspace, Path]:
    """A workspace whose store was built from the sample, and the sample's file to change."""
    source = tmp_path / "models_2024-07-11.jsonl"
    source.write_text(sample_file().read_text())
    workspace = Workspace(tmp_path / "ws")
    load(workspace, str(source))
    open_store(workspace, library)
    return workspace, source


def relicense(source: Path, license_id: str) -> None:
    """Change the license of one model in a list of facts."""
    records = [json.loads(line) for line in source.read_text().splitlines()]
    (one,) = (r for r in records if WORK.endswith("/" + r["id"]))
    one["license"] = [license_id]
    source.write_text("".join(json.dumps(r) + "\n" for r in records))


def declared(store: ox.Store) -> list[str]:
    pattern = store.quads_for_pattern(ox.NamedNode(WORK), ox.NamedNode(CG + "declaredLicense"), None)
    return [q.object.value.rpartition("/")[2] for q in pattern]


def by_graph(store: ox.Store) -> dict[str, set[ox.Quad]]:
    """Return what a store holds by graph, but the library, and the sources, which a workspace names by their place."""
    apart = {graph_iri("provenance"), graph_iri("library")}
    graphs = [graph for graph in store.named_graphs() if isinstance(graph, ox.NamedNode) and graph.value not in apart]
    return {graph.value: set(store.quads_for_pattern(None, None, None, graph)) for graph in graphs}


def library_size(store: ox.Store) -> int:
    """Return how many triples of the library a store holds."""
    return sum(1 for _ in store.quads_for_pattern(None, None, None, ox.NamedNode(graph_iri("library"))))


def test_only_what_changed_is_taken_out_and_put_in(
    changing: tuple[Workspace, Path], library: Library, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, source = changing
    assert declared(open_store(workspace, library)) == ["cc-by-nc-4.0"]
    relicense(source, "mit")
    load(workspace, str(source))
    said = Said()
    store = open_store(workspace, library, said)
    assert declared(store) == ["mit"]
    (changed,) = (s for s in said.steps if s.startswith("changing "))
    count = int(changed.split()[1].replace(",", ""))
    assert 2 <= count <= 600, "its license, and the situations of the works that build on it"
    assert count < 0.1 * sum(map(len, by_graph(store).values()))
    assert "loading the store" not in said.steps
    monkeypatch.delenv(library_store.VARIABLE)
    anew = Workspace(tmp_path / "anew")
    load(anew, str(source))
    built = open_store(anew, library)
    assert by_graph(store) == by_graph(built)
    assert library_size(store) == library_size(built) > 300_000


def test_a_store_is_left_alone_while_nothing_changes(changing: tuple[Workspace, Path], library: Library) -> None:
    workspace, _ = changing
    said = Said()
    open_store(workspace, library, said)
    assert said.steps == []


def test_another_audit_changes_what_it_judges_and_nothing_else(
    changing: tuple[Workspace, Path], library: Library
) -> None:
    workspace, _ = changing
    audit(workspace, library)
    said = Said()
    open_store(workspace, library, said)
    assert "changing 0 quads" in said.steps


def test_a_store_is_built_anew_where_most_has_changed(changing: tuple[Workspace, Path], library: Library) -> None:
    workspace, source = changing
    source.write_text(
        "".join(f'{{"kind": "model", "id": "other/model-{n}", "license": ["mit"]}}\n' for n in range(300))
    )
    load(workspace, str(source))
    said = Said()
    assert declared(open_store(workspace, library, said)) == []
    assert said.steps[-1] == "loading the store"


def test_an_update_that_fails_leaves_the_store_as_it_was(
    changing: tuple[Workspace, Path], library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace, source = changing
    relicense(source, "mit")
    load(workspace, str(source))

    def fails(*_: object) -> bool:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(stores, "_update", fails)
        with pytest.raises(KeyboardInterrupt):
            open_store(workspace, library)
    place = workspace.folder / "store" / workspace.opened
    assert declared(ox.Store.read_only(str(place / "oxigraph"))) == ["cc-by-nc-4.0"]
    assert [p.name for p in place.parent.glob(".current-*")] == [place.resolve().name], "nothing half-made is left"
    assert declared(open_store(workspace, library)) == ["mit"]


def test_a_finding_of_an_artifact_is_one_hop_away(sample: Workspace, library: Library) -> None:
    store = open_store(sample, library)
    query = f"""SELECT ?property ?clause WHERE {{ <{CONFLICT}> <{CG}situation> ?situation . ?situation ?property ?clause
      FILTER(STRSTARTS(STR(?property), "{CG}breaches")) }}"""
    found = {row["clause"].value for row in store.query(query, use_default_graph_as_union=True)}
    listed = artifact_findings(sample, library)
    assert found == {f.clause for f in listed if iri_of(f.artifact) == CONFLICT and f.severity == "violation"}
    assert found
    verdict = f"SELECT ?verdict WHERE {{ <{CONFLICT}> <{CG}situation>/<{CG}verdict> ?verdict }}"
    rows = store.query(verdict, use_default_graph_as_union=True)
    assert [row["verdict"].value for row in rows] == ["conflict"]


def test_two_processes_cannot_make_one_folder(tmp_path: Path) -> None:
    with replacing(tmp_path / "place") as folder:
        (folder / "a").write_text("first")
        with pytest.raises(UsageError, match="another process is making it"), replacing(tmp_path / "place"):
            pass
    assert (tmp_path / "place" / "a").read_text() == "first"
