"""Finding codes: what each one means, and which a declared license brings with it."""

import pytest

from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library import Library
from clausegraph.library.codes import codes, declaration_codes, explain, message_of


@pytest.mark.parametrize("spelled", ["CG204", "cg204", " Cg204\n"])
def test_a_code_is_found_whatever_its_case_and_the_space_around_it(spelled: str) -> None:
    found = explain(spelled)
    assert (found.code, found.name, found.kind, found.severity) == ("CG204", "share-alike", "share-alike", "violation")
    assert found.path == "breachesShareAlike"
    assert message_of("CG204") == found.message


@pytest.mark.parametrize("wrong", ["CG999", "", "204", "CG 204"])
def test_a_code_that_there_is_not_is_refused(wrong: str) -> None:
    with pytest.raises(UnknownIdentifier):
        explain(wrong)


def test_the_first_digit_of_a_clause_code_says_whether_it_is_breached_or_may_or_would_be() -> None:
    assert [codes()[f"CG{n}04"].kind for n in (2, 3, 4)] == ["share-alike"] * 3
    assert [codes()[f"CG{n}04"].severity for n in (2, 3, 4)] == ["violation", "warning", "info"]
    assert codes()["CG106"].kind is None, "a file that differs is a breach of no clause"
    assert list(codes()) == sorted(codes())


@pytest.mark.parametrize(
    ("declared", "expected"),
    [("none", ["CG101"]), ("other", ["CG102"]), ("cc-by-nc", ["CG103"]), ("cc-by-nc-4.0", []), ("mit", [])],
)
def test_declaring_nothing_or_a_family_brings_a_code_and_a_license_with_a_text_brings_none(
    declared: str, expected: list[str], library: Library
) -> None:
    assert declaration_codes(library.licenses[declared]) == expected
