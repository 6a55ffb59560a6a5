"""The same audit on a real Spark cluster on loopback: same rows as DuckDB, also when a worker is killed."""

import json
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from clausegraph.answers.artifact_findings import artifact_findings
from clausegraph.ground.errors import NetworkError, UnreadableInput, UsageError
from clausegraph.library import Library
from clausegraph.reasoning.engine import open_engine
from clausegraph.workspace.folder import Workspace
from tests.support.cluster import Cluster, cluster
from tests.support.running import fails

COMMAND = str(Path(sys.executable).parent / "clausegraph")


@pytest.fixture(scope="module")
def spark(java: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    pytest.importorskip("pyspark", reason="needs PySpark for Spark")
    with cluster(tmp_path_factory.mktemp("spark"), workers=2) as found:
        yield found


def start(spark: Cluster, workspace: Workspace) -> subprocess.Popen[str]:
    command = [COMMAND, "audit", "--engine", spark.address, "-f", "json", "-w", str(workspace.folder)]
    return subprocess.Popen(command, env=spark.environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def copy_of(sample: Workspace, folder: Path) -> Workspace:
    """Return a copy of the sample that is loaded and not yet audited."""
    shutil.copytree(sample.folder / "sources", folder / "sources")
    shutil.copy(sample.manifest, folder)
    return Workspace(folder)


def rows(workspace: Workspace, table: str) -> list[str]:
    """Return the rows of a table as text, sorted; Spark writes a folder of parts."""
    return sorted(map(str, pq.read_table(workspace.derived / "audit" / f"{table}.parquet").to_pylist()))


def same(workspace: Workspace, sample: Workspace, library: Library) -> None:
    """Hold the tables and the findings of two audits against each other, row by row."""
    for table in ("encumbered", "in_situation", "situations", "findings", "states"):
        assert rows(workspace, table) == rows(sample, table), table
    found = [list(artifact_findings(w, library)) for w in (workspace, sample)]
    assert found[0] == found[1]
    assert len(found[0]) > 300


def test_spark_finds_what_duckdb_finds_to_the_row(
    spark: Cluster, sample: Workspace, library: Library, tmp_path: Path
) -> None:
    workspace = copy_of(sample, tmp_path / "ws")
    process = start(spark, workspace)
    out, err = process.communicate(timeout=300)
    assert process.returncode == 1, err  # the sample has conflicts
    ours, theirs = json.loads((sample.derived / "audit/audit.json").read_text()), json.loads(out)
    parts = ("artifacts", "situations", "encumbered", "findings", "verdicts", "unknown_because", "data_version")
    assert {part: theirs[part] for part in parts} == {part: ours[part] for part in parts}
    same(workspace, sample, library)
    assert not list(workspace.derived.rglob("scratch")), "nothing is left behind"


def test_the_audit_ends_right_though_a_worker_is_killed_in_the_middle(
    spark: Cluster, sample: Workspace, library: Library, tmp_path: Path
) -> None:
    workspace = copy_of(sample, tmp_path / "ws")
    process = start(spark, workspace)
    while len(list(workspace.derived.glob(".audit-*/scratch/*-fresh/_SUCCESS"))) < 2:
        assert process.poll() is None, process.communicate()[1]
        time.sleep(0.05)
    spark.kill_worker()
    _, err = process.communicate(timeout=300)
    assert process.returncode == 1, err  # the sample has conflicts
    same(workspace, sample, library)


def test_a_cluster_that_gives_up_is_told_from_a_mistake_of_ours(
    spark: Cluster, sample: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (whole,) = sample.derived.glob("resolved-*/edges.parquet")
    for name in ("SPARK_HOME", "SPARK_CONF_DIR", "SPARK_LOCAL_IP"):
        monkeypatch.setenv(name, spark.environment[name])
    shutil.copy(whole, tmp_path / "edges.parquet")

    def ask(sql: str, lost: Path | None = None) -> None:
        with open_engine("local[1]", tmp_path / "scratch") as engine:
            engine.open("edges", tmp_path / "edges.parquet")
            if lost:
                lost.unlink()
            engine.rows(sql)

    with pytest.raises(Exception, match="nothing_of_that_name") as caught:
        ask("SELECT * FROM nothing_of_that_name")
    assert not isinstance(caught.value, NetworkError)
    with pytest.raises(NetworkError, match=r"the cluster gave up .* See its logs; the workspace is as it was\."):
        ask("SELECT * FROM edges", tmp_path / "edges.parquet")
    (tmp_path / "edges.parquet").write_bytes(whole.read_bytes()[:100])
    with pytest.raises(UnreadableInput, match=r"edges\.parquet: the table is damaged .* load the source again"):
        ask("SELECT * FROM edges")


def test_a_master_that_does_not_answer_is_named_and_the_workspace_is_as_before(
    sample: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    before = {p: p.read_bytes() for p in sorted((sample.derived / "audit").iterdir())}
    place = str(sample.folder)
    code, said = fails(capsys, monkeypatch, "audit", "-w", place, "--engine", "spark://127.0.0.1:1")
    assert code == 5
    assert "spark://127.0.0.1:1: the Spark master does not answer (127.0.0.1:1: " in said
    assert "Start it, or check host and port; the workspace is as it was." in said
    assert {p: p.read_bytes() for p in sorted((sample.derived / "audit").iterdir())} == before


def test_every_master_that_does_not_answer_is_named(tmp_path: Path) -> None:
    with pytest.raises(NetworkError, match=r"127\.0\.0\.1:1: .*127\.0\.0\.1:2: "):
        open_engine("spark://127.0.0.1:1,127.0.0.1:2", tmp_path).__enter__()


@pytest.mark.parametrize("name", ["sparkle", "spark://", "spark://host", "postgres://host:1"])
def test_an_engine_that_is_not_known_is_a_usage_error(name: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"spark://HOST:7077"):
        open_engine(name, tmp_path).__enter__()
