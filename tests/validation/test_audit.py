"""The audit counts artifacts, not situations, and says of each finding what the judge knows."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest

from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import Judged
from clausegraph.reasoning.outcomes import Judgment, Level, Outcome
from clausegraph.reasoning.situations import Situation
from clausegraph.validation.audit import _finding_counts, _reasons, _verdicts, audit, finding_rows
from clausegraph.validation.shacl import Result
from clausegraph.validation.situation_graph import situation_iri
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load


def situation(number: int, artifacts: int, declared: str = "mit") -> Situation:
    return Situation(number, f"key{number}", "model", Expression.of(declared), (), (), artifacts)


def judged(number: int, artifacts: int, *outcomes: Outcome, left_open: tuple[str, ...] = ()) -> Judged:
    return Judged(situation(number, artifacts), Judgment(outcomes, left_open=left_open), ())


def outcome(library: Library, license_id: str, kind: str, level: Level, **more: Any) -> Outcome:
    clause = next(c for c in library.license(license_id).clauses if c.kind.name == kind)
    return Outcome(clause, level, "settled", **more)


def test_each_artifact_has_one_verdict_and_a_verdict_that_nobody_has_counts_none(library: Library) -> None:
    found = [judged(1, 5), judged(2, 3, outcome(library, "gpl-3.0", "share-alike", Level.breaches)), judged(3, 2)]
    assert _verdicts(found) == {"compatible": 7, "conditional": 0, "unknown": 0, "conflict": 3}
    assert set(_verdicts([]).values()) == {0}


def test_what_settles_most_by_itself_comes_first_and_a_conflict_hangs_on_nothing(library: Library) -> None:
    a, b, c = "nothing-declared", "file-differs", "file-holds-more"
    breach = outcome(library, "gpl-3.0", "share-alike", Level.breaches)
    found = [
        judged(1, 4, left_open=(a, b)),
        judged(2, 3, left_open=(b,)),
        judged(3, 3, left_open=(c,)),
        judged(4, 100, breach, left_open=(a,)),
    ]
    rows = [(row["reason"], row["artifacts"], row["only"]) for row in _reasons(library, found)]
    assert rows == [(b, 7, 3), (c, 3, 3), (a, 4, 0)]
    assert [row[0] for row in _reasons_of(library, judged(1, 1, left_open=(c, b)))] == [b, c]


def _reasons_of(library: Library, *found: Judged) -> list[tuple[str, int]]:
    return [(row["reason"], row["artifacts"]) for row in _reasons(library, found)]


def test_an_artifact_with_two_clauses_of_one_code_counts_once_for_that_code() -> None:
    rows = [{"situation": s, "code": code} for s, code in ((1, "CG204"), (1, "CG204"), (1, "CG205"), (2, "CG204"))]
    assert _finding_counts([situation(1, 10), situation(2, 5), situation(3, 7)], rows) == {"CG204": 15, "CG205": 10}
    assert _finding_counts([situation(1, 10)], []) == {}


def test_a_finding_names_its_clause_and_one_about_the_declaration_its_license(library: Library) -> None:
    breach = outcome(library, "gpl-3.0", "share-alike", Level.breaches, reason="never said")
    maybe = outcome(library, "cc-by-sa-4.0", "share-alike", Level.may, reason="contested-law")
    found = [judged(7, 1, breach, maybe)]
    focus = situation_iri(found[0].situation)
    results = [
        Result(focus, "CG204", "urn:p", breach.clause.iri, "Violation"),
        Result(focus, "CG304", "urn:p", maybe.clause.iri, "Warning"),
        Result(focus, "CG104", "urn:p", "urn:license", "Warning"),
        Result(focus, "CG304", "urn:p", breach.clause.iri, "Warning"),
    ]
    sure, open_, own, other = finding_rows(library, found, results)
    assert {row["situation"] for row in (sure, open_, own)} == {7}
    assert (sure["clause"], sure["license"], sure["severity"]) == (breach.clause.iri, "gpl-3.0", "violation")
    assert (sure["own"], sure["reason"], open_["reason"]) == (False, None, "contested-law")
    assert sure["message"]
    assert (own["clause"], own["license"], own["own"], own["message"]) == (None, "urn:license", True, None)
    assert other["clause"] is None, "the same clause with another code is another finding"


WORKS = [
    {"kind": "model", "id": "a/free", "license": ["mit"]},
    {"kind": "model", "id": "a/copyleft", "license": ["gpl-3.0"]},
    {"kind": "model", "id": "b/breach", "license": ["mit"], "parents": [{"id": "a/copyleft", "via": "finetune"}]},
    {"kind": "model", "id": "b/silent", "license": []},
]


def test_an_audit_says_of_each_work_what_the_law_says_and_keeps_it(library: Library, tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "ws")
    with pytest.raises(UsageError, match="empty"):
        audit(workspace, library)
    works = [w | {"parents": [p | {"kind": "model"} for p in w.get("parents", [])]} for w in WORKS]  # type: ignore[attr-defined,operator]
    (tmp_path / "works.jsonl").write_text("".join(json.dumps(w) + "\n" for w in works))
    load(workspace, str(tmp_path / "works.jsonl"))
    phases = list[str]()
    found = audit(workspace, library, replace(Assumptions(library), reading="strict"), phases.append)
    assert (found.artifacts, found.encumbered, found.reading) == (4, 1, "strict")
    assert (found.verdicts["conflict"], found.verdicts["unknown"]) == (1, 1)
    assert (found.findings["CG204"], found.findings["CG101"]) == (1, 1)
    assert [(r["reason"], r["artifacts"], r["only"]) for r in found.unknown_because] == [("nothing-declared", 1, 1)]
    assert json.loads((found.folder / "audit.json").read_text()) == found.to_dict()
    assert phases == ["read", "close", "judge", "validate", "write"]
    assert set(found.seconds) == {*phases, "total"}
    rows = pq.read_table(found.folder / "situations.parquet").to_pylist()
    assert sum(row["artifacts"] for row in rows) == 4
