"""What a machine runs out of, and tables that are damaged: a clear error, and the workspace as it was."""

import errno
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pytest

from clausegraph.library import Library
from clausegraph.store.nquads import ensure_audit
from clausegraph.validation import audit as audits
from clausegraph.workspace.duck import connect
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.limits import machine_limits
from tests.support.running import fails, ok

COMMAND = str(Path(sys.executable).parent / "clausegraph")


@pytest.fixture
def own(sample: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the audited sample."""
    shutil.copytree(sample.folder, tmp_path / "ws", symlinks=True)
    return Workspace(tmp_path / "ws")


def content(workspace: Workspace) -> dict[str, bytes]:
    """Return the files of an audit, which is a link to a folder."""
    folder = workspace.derived / "audit"
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def fail_of(
    own: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, *more: str
) -> tuple[int, str]:
    before = content(own)
    code, said = fails(capsys, monkeypatch, "audit", "-w", str(own.folder), *more)
    assert content(own) == before, "the workspace is as it was"
    assert [p.name for p in own.derived.glob(".audit-*")] == [(own.derived / "audit").resolve().name]
    return code, said


def test_memory_at_its_end(own: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = fail_of(own, capsys, monkeypatch, "--memory", "100KB")
    assert code == 6
    assert f"clausegraph: {own.folder}: the memory is at its end (" in said
    assert "Free some; an audit can be given more with --memory, or run with --engine spark://HOST:PORT. " in said
    assert "this is a bug" not in said


def test_a_full_disk(own: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(audits.pq, "write_table", full)
    code, said = fail_of(own, capsys, monkeypatch)
    assert code == 6
    assert "the disk is full ([Errno 28] No space left on device). Free some space" in said


def test_another_error_of_the_disk_is_no_full_disk(
    own: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(audits.pq, "write_table", broken)
    code, said = fail_of(own, capsys, monkeypatch)
    assert code == 6
    assert "disk is full" not in said


@pytest.mark.parametrize("table", ["artifacts", "edges", "refs"])
def test_a_damaged_table_is_named(
    table: str, own: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (path,) = own.derived.glob(f"resolved-*/{table}.parquet")
    path.write_bytes(path.read_bytes()[:200])
    code, said = fail_of(own, capsys, monkeypatch)
    assert code == 3
    assert f"clausegraph: {own.folder}: a table is damaged (" in said
    assert str(path) in said
    assert "Remove the folder `derived-3` of the workspace, and load the source again if that does not help." in said
    shutil.rmtree(own.derived.parent)
    ok("audit", "-w", str(own.folder), code=1)


@pytest.mark.parametrize("command", [["check", "gpt2"], ["lineage", "--stats"], ["audit"]])
@pytest.mark.parametrize("table", ["artifacts", "references"])
def test_a_damaged_source_is_named_by_every_command(
    table: str, command: list[str], own: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(own.derived.parent)
    path = Path(own.tables(table)[0])
    path.write_bytes(path.read_bytes()[:300])
    code, said = fails(capsys, monkeypatch, *command, "-w", str(own.folder))
    assert code == 3
    assert "a table is damaged (" in said
    assert str(path) in said


def test_a_size_that_is_none_is_a_usage_error(
    own: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    code, said = fail_of(own, capsys, monkeypatch, "--memory", "lots")
    assert (code, said) == (2, "clausegraph: --memory 'lots' is no size. Write it as in 4GB or 500MB.\n")


def test_an_audit_that_is_killed_leaves_the_one_before(own: Workspace) -> None:
    before = content(own)
    process = subprocess.Popen([COMMAND, "audit", "-w", str(own.folder)], stdout=subprocess.DEVNULL)
    while len(list(own.derived.glob(".audit-*"))) < 2:
        assert process.poll() is None, "it was not killed in time"
        time.sleep(0.001)
    process.send_signal(signal.SIGKILL)
    process.wait(30)
    assert content(own) == before
    ok("audit", "-w", str(own.folder), code=1)
    assert len(list(own.derived.glob(".audit-*"))) == 1, "what was left behind is cleared away"


def test_a_second_audit_waits_its_turn(own: Workspace, capsys: pytest.CaptureFixture[str]) -> None:
    from clausegraph.workspace.folder import replacing

    with replacing(own.derived / "audit") as folder, pytest.MonkeyPatch.context() as patch:
        code, said = fails(capsys, patch, "audit", "-w", str(own.folder))
        assert (code, "another process is making it. Wait for it to end." in said) == (2, True)
        shutil.copytree((own.derived / "audit").resolve(), folder, dirs_exist_ok=True)


def test_a_damaged_library_says_how_to_mend_it(tmp_path: Path) -> None:
    from clausegraph.ground.errors import UnreadableInput
    from clausegraph.library.pack import unpack

    with pytest.raises(UnreadableInput, match=r"library\.json is missing\. Run `make library`"):
        unpack(tmp_path / "library.json")
    for text in ("", "{}", '{"shared": 3}', '{"note": "", "shared": [[]], "library": {}}'):
        (tmp_path / "library.json").write_text(text)
        with pytest.raises(UnreadableInput, match=r"library\.json is damaged .* Run `make library`, or reinstall"):
            unpack(tmp_path / "library.json")


def test_what_an_earlier_version_computed_is_made_again(sample: Workspace, tmp_path: Path) -> None:
    """A workspace of a version with other tables: its sources count, and what it computed is cleared away."""
    shutil.copytree(sample.folder / "sources", tmp_path / "ws" / "sources")
    shutil.copy(sample.manifest, tmp_path / "ws")
    earlier = [tmp_path / "ws" / name for name in ("derived", "derived-2")]
    for folder in earlier:
        (folder / "current" / "audit").mkdir(parents=True)
        (folder / "current" / "audit" / "audit.json").write_text("{}")
    found = ok("check", "ludocomito/Minerva-MoE-2x3B", "-w", str(tmp_path / "ws"), "-f", "json", code=1)
    assert json.loads(found)["verdict"] == "conflict"
    assert ok("query", "conflicts", "-w", str(tmp_path / "ws"), "-f", "csv").count("\n") > 10
    (tmp_path / "card.md").write_text("---\nlicense: mit\n---\n")
    ok("load", str(tmp_path / "card.md"), "-w", str(tmp_path / "ws"))
    assert not any(folder.exists() for folder in earlier)


def test_a_mistake_in_our_sql_is_not_blamed_on_the_tables(tmp_path: Path) -> None:
    with connect() as connection:
        for sql in ("SELECT nothing FROM (SELECT 1)", "SELECT * FROM nowhere", "SELEC 1"):
            with pytest.raises(duckdb.Error), machine_limits(tmp_path):
                connection.execute(sql)


def test_an_audit_of_other_legal_content_is_made_again(own: Workspace, library: Library) -> None:
    path = own.derived / "audit" / "audit.json"
    assert ensure_audit(own, library) == path.parent.resolve()
    path.write_text(path.read_text().replace(library.data_version, "1999.01"))
    assert json.loads((ensure_audit(own, library) / "audit.json").read_text())["data_version"] == library.data_version
