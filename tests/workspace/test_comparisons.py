"""What is stated twice agrees, differs, or cannot be compared; rows of tables as they are compared."""

import pytest

from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.workspace.comparisons import build_comparisons, compare, is_text, of_the_code
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
        (["mit AND apache-2.0"], ["mit"], "file", "same"),
        (["mit AND apache-2.0"], ["gpl-3.0"], "file", "file_differs"),
        (["mit"], ["mit AND apache-2.0"], "file", "file_holds_more"),
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
        ("llama3", "llama3.1", True, "file_not_identified"),
        ("llama3", "llama3.1", False, "file_differs"),
        ("cc-by-4.0", "cc-by-nc-4.0", True, "file_differs"),
        ("cc-by-4.0", "cc-by-nc-4.0", False, "file_differs"),
        ("bsd-2-clause", "bsd-3-clause", True, "file_differs"),
        ("falcon-180b-1.0", "falcon-2-11b-1.0", True, "file_differs"),
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
            CREATE TABLE artifacts AS SELECT * FROM (VALUES (1, 'model', 'a'), (2, 'model', 'b')) t(n, kind, name);
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


def test_the_license_of_a_release_s_code_beside_a_card_with_that_of_its_weights_is_no_difference(
    library: Library,
) -> None:
    weights, code = declared(library, "tongyi-qianwen-2023"), ["apache-2.0"]
    assert of_the_code(library, "Qwen-7B-Chat", weights, code)
    assert not of_the_code(library, "Another-7B", weights, code), "no release says that its code stands apart"
    assert not of_the_code(library, "Qwen-7B-Chat", weights, ["mit"]), "the code stands under another license"
    assert not of_the_code(library, "Qwen-7B-Chat", declared(library, "mit"), code), "the card is not of the weights"
    assert not of_the_code(library, None, weights, code), "a data set has no weights"
    with connect() as connection:
        connection.execute(
            """CREATE TABLE declared AS SELECT * FROM (VALUES (1, 0), (2, 0), (3, 0)) t(n, expression);
            CREATE TABLE artifacts AS SELECT * FROM (VALUES
              (1, 'model', 'Qwen-7B'), (2, 'model', 'Another-7B'), (3, 'dataset', 'Qwen-7B')) t(n, kind, name);
            CREATE TABLE statements AS SELECT n, 'file' AS place, 'apache-2.0' AS value, 'LICENSE' AS name,
              false AS more, 0 AS source FROM declared"""
        )
        build_comparisons(connection, library, [weights])
        found = dict(connection.execute("SELECT n, comparison FROM comparisons").fetchall())
    assert found == {1: "unknown", 2: "file_differs", 3: "file_differs"}
