"""What a verdict means, on a table of situations: check, audit, graph and page give the same answer for each."""

import json
from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest
import yaml

pytest.importorskip("fastapi", reason="the pages need the extra [server]")

from starlette.testclient import TestClient

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.ground.addresses import address, iri_of
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.server.limits import Limits
from clausegraph.server.state import open_state
from clausegraph.store.embedded import open_store
from clausegraph.store.endpoint import Embedded
from clausegraph.validation.audit import AuditResult, audit
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from tests.support.paths import ROOT
from tests.support.serving import answering

TABLE: list[dict[str, Any]] = yaml.safe_load((ROOT / "tests" / "verdicts" / "situations.yaml").read_text())
ROWS = [pytest.param(number, row, id=row["sentence"][:70]) for number, row in enumerate(TABLE)]
WITHOUT_ASSUMPTIONS = [p for p in ROWS if not p.values[1].get("assume")]
#: The day of which the works tell: Qwen's first weights stood under terms of their own.
DAY = "2024-07-11"


def named(number: int, row: dict[str, Any], id_: str) -> str:
    """Keep the rows of the table apart, and works of one owner those of one owner."""
    return id_ if row.get("keep_owner") or "/" not in id_ else f"r{number}-{id_}"


def facts(number: int, row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for work in row["works"]:
        parents = [
            {"kind": "model", "via": "finetune", "basis": "declared" if "via" in parent else "inferred"}
            | parent
            | {"id": named(number, row, parent["id"])}
            for parent in work.get("parents", ())
        ]
        yield {"kind": "model"} | work | {"id": named(number, row, work["id"]), "parents": parents}


def subject(number: int, row: dict[str, Any]) -> str:
    last = list(facts(number, row))[-1]
    return address(last["kind"], last["id"])


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder = tmp_path_factory.mktemp("verdicts")
    lines = [json.dumps(fact) for number, row in enumerate(TABLE) for fact in facts(number, row)]
    (folder / "works.jsonl").write_text("\n".join(dict.fromkeys(lines)) + "\n", encoding="utf-8")
    workspace = Workspace(folder / "ws")
    load(workspace, str(folder / "works.jsonl"), date=DAY)
    return workspace


@pytest.fixture(scope="module")
def audited(place: Workspace, library: Library) -> AuditResult:
    return audit(place, library)


@pytest.fixture(scope="module")
def catalogue(place: Workspace, library: Library, audited: AuditResult) -> Catalogue:
    return Catalogue(place, library)


@pytest.fixture(scope="module")
def in_graph(place: Workspace, library: Library, audited: AuditResult) -> dict[str, tuple[str, set[str]]]:
    """The verdict and the reasons of every artifact, as the graph has them."""
    cg = "PREFIX cg: <https://w3id.org/clausegraph/ns#> "
    text = cg + (
        "SELECT ?work ?verdict ?reason WHERE { ?work cg:situation ?s . ?s cg:verdict ?verdict . "
        "OPTIONAL { ?s cg:unknownBecause ?reason } }"
    )
    found: dict[str, tuple[str, set[str]]] = {}
    for work, verdict, reason in Embedded(open_store(place, library)).select(text)[1]:
        said = found.setdefault(work, (verdict, set()))
        if reason:
            said[1].add(reason.rpartition("/")[2])
    return found


@pytest.fixture(scope="module")
def client(place: Workspace, library: Library, audited: AuditResult) -> Iterator[TestClient]:
    with answering(open_state(place.folder, library, Limits()), headers={"Accept": "text/html"}) as found:
        yield found


def test_the_table_has_thirty_situations_of_every_rule() -> None:
    assert len(TABLE) >= 30
    rules = Counter(row["rule"] for row in TABLE)
    assert min(rules[rule] for rule in ("R1", "R2", "R3", "R4")) >= 5
    assert len({row["sentence"] for row in TABLE}) == len(TABLE)
    assert all(row["sentence"].endswith(".") for row in TABLE)


@pytest.mark.parametrize(("number", "row"), ROWS)
def test_a_check_says_so(number: int, row: dict[str, Any], catalogue: Catalogue, library: Library) -> None:
    assumptions, _ = Assumptions.read(library, row.get("assume", {}))
    found = catalogue.check(subject(number, row), assumptions)
    assert found.verdict == row["verdict"], json.dumps(found.to_dict()["findings"], indent=1)
    assert set(found.judgment.reasons) == set(row.get("because", ()))
    assert set(row.get("finds", ())) <= {finding["code"] for finding in found.findings()}
    assert bool(found) is (row["verdict"] in ("compatible", "conditional"))


@pytest.mark.parametrize(("number", "row"), WITHOUT_ASSUMPTIONS)
def test_the_graph_says_so(number: int, row: dict[str, Any], in_graph: dict[str, tuple[str, set[str]]]) -> None:
    assert in_graph[iri_of(subject(number, row))] == (row["verdict"], set(row.get("because", ())))


@pytest.mark.parametrize(("number", "row"), ROWS)
def test_the_page_says_so(number: int, row: dict[str, Any], client: TestClient) -> None:
    given = {key: json.dumps(value) for key, value in row.get("assume", {}).items()}
    page = client.get(f"/artifact/{subject(number, row)}", params=given)
    assert page.status_code == 200
    assert f'<span class="verdict {row["verdict"]}">' in page.text
    answer = client.get(f"/artifact/{subject(number, row)}.json", params=given).json()
    assert (answer["verdict"], set(answer["unknown_because"])) == (row["verdict"], set(row.get("because", ())))


def test_the_audit_counts_what_every_check_says(
    audited: AuditResult, catalogue: Catalogue, library: Library, client: TestClient
) -> None:
    """Audit, checks of every artifact, graph and page of the Hub give the same four numbers, over all artifacts."""
    every = [address(kind, id_) for kind, id_ in catalogue.ask("SELECT kind, id FROM artifacts")]
    counts = Counter(catalogue.check(one, Assumptions(library)).verdict for one in every)
    assert audited.verdicts == {verdict.name: counts[verdict.name] for verdict in Verdict}
    assert sum(audited.verdicts.values()) == audited.artifacts == len(every)
    rows = client.get("/query/verdicts?ask=1&format=json").json()["rows"]
    in_query: Counter[str] = Counter()
    for row in rows:
        values = list(row.values()) if isinstance(row, dict) else row
        in_query[values[1]] += int(values[2])
    assert in_query == +counts
    assert Counter(dict(client.get("/hub?format=json").json()["facets"]["verdict"])) == +counts


def test_the_reasons_add_up(audited: AuditResult, catalogue: Catalogue, library: Library) -> None:
    every = [address(kind, id_) for kind, id_ in catalogue.ask("SELECT kind, id FROM artifacts")]
    reasons = [catalogue.check(one, Assumptions(library)).judgment.reasons for one in every]
    hang = Counter(reason for found in reasons for reason in found)
    only = Counter(found[0] for found in reasons if len(found) == 1)
    said = {row["reason"]: (row["artifacts"], row["only"]) for row in audited.unknown_because}
    assert said == {reason: (count, only[reason]) for reason, count in hang.items()}
    assert set(said) <= set(library.reasons)
    assert all(row["settled_by"] == library.reasons[row["reason"]].settled_by for row in audited.unknown_because)


def test_no_green_headline_stands_over_a_gap(catalogue: Catalogue, library: Library) -> None:
    gaps = {reason.code for reason in library.reasons.values() if reason.code}
    for kind, id_ in catalogue.ask("SELECT kind, id FROM artifacts"):
        found = catalogue.check(address(kind, id_), Assumptions(library))
        assert not (found and gaps & {finding["code"] for finding in found.findings()}), id_
