"""Shipped queries: their headers, and how parameters and limits are put into them."""

from pathlib import Path

import pytest

from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.library import Library
from clausegraph.library.queries import Query, bind, find, own_limit, read_header

TEXT = """SELECT ?work WHERE {
  VALUES ?it { license:mit }
  ?work cg:license ?it .
  # ?work cg:day ?day . FILTER(STR(?day) < "2024-01-01") # before
  # VALUES ?least { 5 }
}
LIMIT 10
"""


def query(type_: str, name: str = "it", required: bool = True, text: str = TEXT) -> Query:
    return Query("made-up", "", "", "", {name: {"type": type_, "required": required, "example": "x"}}, (), (), text)


def line(text: str, name: str) -> str:
    return next(line.strip() for line in text.splitlines() if name in line)


def value(type_: str, text: str, library: Library) -> str:
    return (
        line(bind(query(type_), {"it": text}, library), "VALUES ?it").removeprefix("VALUES ?it { ").removesuffix(" }")
    )


@pytest.mark.parametrize(
    ("type_", "good", "bad"),
    [
        ("integer", ["0", "5", "007", "9" * 15], ["9" * 16, "-1", "1.5", "", " 5", "5\n", "٣"]),
        (
            "date",
            ["2024", "2024-05", "2024-05-31"],
            ["", "24", "2024-5", "2024-05-31-01", "31.05.2024", "2024-05-31\n"],
        ),
        ("repair", ["gone", "case"], ["Gone", ""]),
        ("kind", ["share-alike", "https://w3id.org/clausegraph/kind/share-alike"], ["ShareAlike", ""]),
        ("restriction", ["medical_advice"], ["gardening"]),
        ("family", ["CopyleftLicense"], ["Copyleft license"]),
        ("license", ["mit", "The MIT License", "https://spdx.org/licenses/MIT"], ["nosuch"]),
        ("artifact", ["a/b", "https://example.org/x"], ["https://example.org/a b"]),
    ],
)
def test_a_parameter_takes_values_of_its_type_and_no_others(
    type_: str, good: list[str], bad: list[str], library: Library
) -> None:
    for text in good:
        assert value(type_, text, library)
    for text in bad:
        with pytest.raises((UsageError, UnknownIdentifier)):
            value(type_, text, library)


def test_a_value_stands_in_the_query_as_the_thing_that_it_names(library: Library) -> None:
    assert value("license", "Expat", library) == "<https://w3id.org/clausegraph/license/mit>"
    assert value("artifact", "datasets/a/b", library) == "<https://huggingface.co/datasets/a/b>"
    assert value("text", 'a"b } \\1', library) == r'"a\"b } \\1"', "it cannot end the text in which it stands"
    assert value("integer", "007", library).startswith('"7"')


def test_a_line_of_an_optional_parameter_counts_only_where_the_parameter_is_given(library: Library) -> None:
    optional = query("date", "before", required=False)
    assert line(bind(optional, {}, library), "cg:day").startswith("# ")
    taken = line(bind(optional, {"before": "2023"}, library), "cg:day")
    assert taken == '?work cg:day ?day . FILTER(STR(?day) < "2023") # before'
    assert line(bind(optional, {"before": "2023"}, library), "?least").startswith("# "), "the other stays out"
    least = bind(query("integer", "least", required=False), {"least": "7"}, library)
    assert line(least, "?least").startswith('VALUES ?least { "7"')


def test_a_missing_and_a_superfluous_parameter_are_named(library: Library) -> None:
    with pytest.raises(UsageError, match="--param it=x"):
        bind(query("license"), {}, library)
    with pytest.raises(UsageError, match="no parameter 'license'"):
        bind(query("license"), {"it": "mit", "license": "mit"}, library)
    with pytest.raises(UnknownIdentifier):
        find("no-such-query")


def test_a_limit_takes_the_place_of_the_querys_own_and_zero_means_none(library: Library) -> None:
    own, without = query("text", required=False), query("text", required=False, text=TEXT.removesuffix("LIMIT 10\n"))
    assert (own_limit(own), own_limit(without)) == (10, None)
    assert [bind(own, {}, library, limit).count("LIMIT") for limit in (None, 0, 7)] == [1, 0, 1]
    assert bind(own, {}, library, 7).endswith("}\nLIMIT 7\n")
    assert bind(without, {}, library, 7).endswith("}\nLIMIT 7\n")
    assert bind(without, {}, library, 0) == without.text == bind(without, {}, library)
    assert bind(own, {}, library) == TEXT


def test_a_header_is_what_stands_behind_the_marks_and_a_file_without_one_has_none(tmp_path: Path) -> None:
    path = tmp_path / "one.rq"
    for text, expected in (
        ("#+ summary: Why?\n#+ tags:\n#+   - a\n# no header: 1\nSELECT", {"summary": "Why?", "tags": ["a"]}),
        ("SELECT ?a {}", {}),
        ("#+ - a list\n", {}),
        ("", {}),
    ):
        path.write_text(text)
        assert read_header(path) == expected
