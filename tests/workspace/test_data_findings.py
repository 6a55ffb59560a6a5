"""Findings about what sources say: which repair and which difference has which code."""

import duckdb

from clausegraph.library import Library
from clausegraph.library.codes import codes
from clausegraph.workspace import data_findings
from clausegraph.workspace.data_findings import code_only_reason, comparison_reasons, findings_sql, open_reasons


def found(refs: str = "", comparisons: str = "") -> set[tuple[int, str, str]]:
    with duckdb.connect() as connection:
        connection.execute(
            """CREATE TABLE refs (child BIGINT, stated VARCHAR, repair VARCHAR, reason VARCHAR,
              circle BOOLEAN, dropped BOOLEAN, undeclared BOOLEAN);
            CREATE TABLE comparisons (n BIGINT, place VARCHAR, name VARCHAR, value VARCHAR, comparison VARCHAR)"""
        )
        for table, rows in (("refs", refs), ("comparisons", comparisons)):
            if rows:
                connection.execute(f"INSERT INTO {table} VALUES {rows}")
        return set(connection.execute(findings_sql()).fetchall())


def test_each_repair_has_its_code_and_what_exists_or_is_gone_has_none() -> None:
    assert found(
        """(1, 'me/me', 'self_loop', NULL, false, false, false), (2, 'gpt', 'legacy_name', NULL, false, false, false),
        (3, 'A/b', 'case', NULL, false, false, false), (4, 'old/b', 'renamed', 'old is new', false, false, false),
        (5, 'csv', 'no_artifact', 'a loader', false, false, false), (6, 'a/b', 'exact', NULL, false, false, false),
        (7, 'no/b', 'gone', NULL, false, false, false), (8, '', 'no_artifact', NULL, false, false, false),
        (9, 'a/b@x', 'form', 'read as a/b', false, false, false)"""
    ) == {
        (1, "CG112", "me/me"),
        (2, "CG114", "gpt"),
        (3, "CG115", "A/b"),
        (4, "CG116", "old/b (old is new)"),
        (5, "CG117", "csv (a loader)"),
        (9, "CG130", "a/b@x (read as a/b)"),
    }


def test_each_mark_has_its_code_beside_that_of_the_repair_and_counts_once() -> None:
    twice = "(1, 'A/b', 'case', NULL, true, true, true)"
    marks = {(1, code, "A/b") for code in ("CG113", "CG115", "CG118", "CG119")}
    assert found(f"{twice}, {twice}") == marks
    assert found("(1, 'a/b', 'exact', NULL, false, true, false)") == {(1, "CG118", "a/b")}


def test_a_difference_names_value_place_and_file_and_what_agrees_or_is_not_known_is_none() -> None:
    assert found(
        comparisons="""(1, 'file', 'LICENSE', 'gpl-3.0', 'file_differs'), (2, 'tag', NULL, 'mit', 'tag_differs'),
        (3, 'file', 'LICENSE', 'mit', 'same'), (4, 'tag', NULL, 'other', 'unknown')"""
    ) == {(1, "CG106", "gpl-3.0 (file LICENSE)"), (2, "CG107", "mit (tag)")}
    assert found() == set()


def test_only_a_license_file_leaves_the_terms_open_and_a_tag_or_a_catalogue_does_not(library: Library) -> None:
    assert comparison_reasons(library) == {
        "file_differs": "file-differs",
        "file_holds_more": "file-holds-more",
        "file_not_identified": "file-not-identified",
    }
    assert open_reasons(library) == sorted(comparison_reasons(library).values())
    assert code_only_reason(library) == "code-license-only"


def test_every_code_is_explained_and_none_stands_for_two_things() -> None:
    tables = (data_findings.REPAIR_CODES, data_findings.MARK_CODES, data_findings.COMPARISON_CODES)
    named = [code for table in tables for code in table.values()]
    assert len(named) == len(set(named)) == len(data_findings.CODES)
    assert set(codes()) >= data_findings.CODES
