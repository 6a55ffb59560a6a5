"""Adoption and adherence: the counts, the shares, the charts, and what is refused."""

import json
from pathlib import Path
from xml.etree import ElementTree

import pytest

from clausegraph.library import Library
from clausegraph.render import charts
from clausegraph.store.adoption import ADHERENCE, ADOPTION, adherence, adoption
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from clausegraph.workspace.folder import Workspace
from tests.support.running import fails, ok


@pytest.fixture(scope="module")
def graph(workspace: Workspace, library: Library) -> Embedded:
    return Embedded(open_store(workspace, library))


def test_every_work_counts_once_in_the_total_and_once_for_each_license(graph: Embedded, library: Library) -> None:
    found = adoption(graph, library)
    assert (found.total, found.licensed) == (346, 319)
    assert sum(row["count"] for row in found.by_license) > found.licensed, "one work declares two licenses"
    assert "none" not in {row["license"] for row in found.by_license}
    apache = found.by_license[0]
    assert apache["license"] == apache["hf_id"] == "apache-2.0"
    assert apache["share_all"] == round(apache["count"] / 346, 6)
    assert apache["share_licensed"] == round(apache["count"] / 319, 6)


def test_licenses_are_named_by_their_ids_where_an_address_cannot_hold_them(graph: Embedded, library: Library) -> None:
    named = {row["license"] for row in adoption(graph, library).by_license}
    assert "openrail++" in named
    assert named <= set(library.licenses)


def test_only_what_was_created_before_a_day_is_counted(graph: Embedded, library: Library) -> None:
    assert (
        adoption(graph, library, before="2024-03-05").total - adoption(graph, library, before="2024-03-04").total == 1
    )
    nothing = adoption(graph, library, before="1999")
    assert (nothing.total, nothing.licensed, nothing.by_license) == (0, 0, ())
    kinds = [adoption(graph, library, kind=kind).total for kind in library.artifact_kinds]
    assert sum(kinds) == 346


def test_a_family_counts_a_work_once(graph: Embedded, library: Library) -> None:
    """The work under Apache-2.0 and MIT, both permissive, is one permissive work."""
    found = adoption(graph, library)
    rows = {row["license"]: row["count"] for row in found.by_license}
    permissive = {i for i, x in library.licenses.items() if "PermissiveLicense" in x.families}
    families = {row["family"]: row["count"] for row in found.by_family}
    assert families["PermissiveLicense"] == sum(rows.get(i, 0) for i in permissive) - 1


def test_what_becomes_of_flow_down_adds_up(graph: Embedded, library: Library) -> None:
    for by in ADHERENCE:
        for row in adherence(graph, library, by=by):
            assert row["all"] == row["carried"] + row["undeclared"] + row["unknown"] + row["dropped"]
            assert row["same"] <= row["carried"]
    (rail,) = adherence(graph, library, license_="bigscience-openrail-m")
    assert rail == {
        "license": "bigscience-openrail-m",
        "all": 6,
        "carried": 1,
        "same": 1,
        "undeclared": 1,
        "unknown": 1,
        "dropped": 3,
    }


@pytest.mark.parametrize("by", ADOPTION)
@pytest.mark.parametrize("end", charts.FORMATS)
def test_adoption_is_drawn(by: str, end: str, workspace: Workspace, tmp_path: Path) -> None:
    path = tmp_path / f"chart{end}"
    ok("adoption", "--by", by, "--chart", str(path), "-w", str(workspace.folder), "-f", "json")
    _drawn(path)


@pytest.mark.parametrize("by", ADHERENCE)
def test_adherence_is_drawn(by: str, workspace: Workspace, tmp_path: Path) -> None:
    for end in charts.FORMATS:
        path = tmp_path / f"chart{end}"
        ok("adherence", "--by", by, "--chart", str(path), "-w", str(workspace.folder), "-f", "csv")
        _drawn(path)


def _drawn(path: Path) -> None:
    data = path.read_bytes()
    if path.suffix == ".svg":
        text = " ".join(ElementTree.fromstring(data).itertext())
        assert "works" in text
    elif path.suffix == ".png":
        assert data.startswith(b"\x89PNG")
    elif path.suffix == ".json":
        assert json.loads(data)["$schema"].startswith("https://vega.github.io/schema/vega-lite/")
    else:
        assert b"<script src=" not in data, "a page asks nobody"


def test_the_reuses_of_every_kind_of_work_add_up(workspace: Workspace) -> None:
    def reuses(*arguments: str) -> int:
        found = json.loads(ok("adherence", *arguments, "-w", str(workspace.folder), "-f", "json"))
        return int(found["reuses"])

    kinds = [reuses("--kind", kind) for kind in ("model", "dataset", "service", "source", "application")]
    assert sum(kinds) == reuses() > kinds[0] > 0


def test_people_see_shares_and_the_two_totals(workspace: Workspace) -> None:
    said = ok("adoption", "--by", "family", "--kind", "model", "-w", str(workspace.folder))
    assert "models, " in said
    assert "with a license" in said
    assert "%" in said
    assert "not legal advice" in ok("adherence", "-w", str(workspace.folder))


def test_what_cannot_be_counted_is_told(
    workspace: Workspace, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    place = ["-w", str(workspace.folder)]
    for arguments, code, text in (
        (["adoption", "--kind", "modle"], 4, "model"),
        (["adoption", "--before", "May"], 2, "a date"),
        (["adoption", "--chart", "x.pdf"], 2, ".svg"),
        (["adherence", "--license", "lama2"], 4, "llama2"),
        (["adherence", "--kind", "modle"], 4, "model"),
        (["adoption", "-f", "sarif"], 2, "no format"),
        (["adoption", "--snapshot", "2024"], 2, "--endpoint"),
    ):
        found, said = fails(capsys, monkeypatch, *arguments, *place)
        assert (found, text in said) == (code, True), said
