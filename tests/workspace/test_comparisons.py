"""What is stated twice agrees, differs, or cannot be compared; rows of tables as they are compared."""

import pytest

from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.workspace.comparisons import build_comparisons, compare, is_text
from clausegraph.workspace.duck import connect


def declared(library: Library, *values: str) -> Expression:
    return library.names.declared(list(values))


@pytest.mark.parametrize(
    ("own", "values", "place", "expected"),
    [
        (["mit OR apache-2.0"], ["mit"], "file", "same"),
        (["mit OR apache-2.0"], ["mit OR gpl-3.0"], "tag", "tag_differs"),
        (["mit"], ["mit OR apache-2.0"], "catalogue", "same"),
        (["mit"], ["mit AND apache-2.0"], "catalogue", "catalogue_differs"),
        (["mit"], ["mit", "apache-2.0"], "catalogue", "catalogue_differs"),
        (["mit", "apache-2.0"], ["mit", "apache-2.0"], "catalogue", "same"),
        (["mit", "apache-2.0"], ["mit"], "catalogue", "same"),
        (["mit"], ["gpl-3.0"], "checked", "checked_differs"),
        (["mit"], ["gpl-3.0"], "attached", "unknown"),
        (["mit"], ["nosuch"], "tag", "unknown"),
        ([], ["mit"], "file", "unknown"),
        (["mit AND other"], ["mit"], "file", "unknown"),
        (["cc-by-nc"], ["cc-by-nc-4.0"], "file", "same"),
        (["cc-by-nc"], ["cc-by-4.0"], "file", "file_differs"),
        (["cc-by-nc"], ["cc-by-nc-4.0"], "tag", "unknown"),
    ],
)
def test_two_statements_agree_where_one_offers_what_the_other_does(
    own: list[str], values: list[str], place: str, expected: str, library: Library
) -> None:
    assert compare(library, declared(library, *own), values, place) == expected


@pytest.mark.parametrize(
    ("own", "value", "more", "expected"),
    [
        ("gpl-3.0", "gpl-3.0", True, "file_holds_more"),
        ("mit", "gpl-3.0", True, "file_differs"),
        ("gpl-3.0", "gpl-3.0 AND nosuch", False, "file_holds_more"),
        ("mit", "gpl-3.0 AND nosuch", False, "file_differs"),
        ("cc-by-nc", "cc-by-nc-4.0", True, "file_holds_more"),
        ("mit AND apache-2.0", "mit", True, "file_differs"),
    ],
)
def test_a_file_that_holds_more_than_the_declared_license_is_told_from_one_that_holds_another(
    own: str, value: str, more: bool, expected: str, library: Library
) -> None:
    assert compare(library, declared(library, own), [value], "file", more=more) == expected


def test_what_is_added_counts_in_license_files_only(library: Library) -> None:
    assert compare(library, declared(library, "mit"), ["mit"], "tag", more=True) == "same"


def test_the_head_of_a_file_of_weights_is_no_text() -> None:
    assert [is_text(name) for name in ("model.gguf", "LICENSE", "gguf", None, "model.gguf.txt")] == [
        *(False, True, True, True, True)
    ]


def test_values_of_one_place_and_source_are_compared_together_and_others_apart(library: Library) -> None:
    with connect() as connection:
        connection.execute(
            """CREATE TABLE declared AS SELECT * FROM (VALUES (1, 0), (2, 1)) t(n, expression);
            CREATE TABLE statements AS SELECT * FROM (VALUES
              (1, 'file', 'mit', 'LICENSE', false, 0), (1, 'file', 'apache-2.0', 'LICENSE', NULL, 0),
              (1, 'file', 'mit', 'LICENSE', false, 1), (1, 'tag', 'gpl-3.0', NULL, NULL, 0),
              (1, 'file', 'nosuch', 'm.gguf', false, 0), (2, 'file', 'mit', 'LICENSE', false, 0),
              (2, 'file', 'gpl-3.0', 'COPYING', false, 0), (2, 'file', 'gpl-3.0', 'COPYING', true, 0)
            ) t(n, place, value, name, more, source)"""
        )
        build_comparisons(connection, library, [declared(library, "mit"), declared(library, "gpl-3.0")])
        rows = connection.execute("SELECT n, source, name, value, comparison FROM comparisons").fetchall()
    assert set(rows) == {
        (1, 0, "LICENSE", "apache-2.0 AND mit", "file_holds_more"),
        (1, 1, "LICENSE", "mit", "same"),
        (1, 0, None, "gpl-3.0", "tag_differs"),
        (1, 0, "m.gguf", "nosuch", "unknown"),
        (2, 0, "LICENSE", "mit", "file_differs"),
        (2, 0, "COPYING", "gpl-3.0", "file_holds_more"),
    }


def test_where_nothing_is_stated_twice_there_is_nothing_to_compare(library: Library) -> None:
    with connect() as connection:
        connection.execute(
            """CREATE TABLE declared (n BIGINT, expression INTEGER);
            CREATE TABLE statements
              (n BIGINT, place VARCHAR, value VARCHAR, name VARCHAR, more BOOLEAN, source BIGINT)"""
        )
        build_comparisons(connection, library, [])
        assert connection.execute("SELECT count(*) FROM comparisons").fetchone() == (0,)


def test_a_file_that_names_the_family_of_what_is_declared_leaves_open_which_text_it_is(library: Library) -> None:
    for declared in ("cc-by-nc", "cc-by-nc-4.0"):
        assert compare(library, library.names.declared([declared]), ["cc-by-nc"], "file") == "unknown"
    assert compare(library, library.names.declared(["mit"]), ["cc-by-nc"], "file") != "unknown"
