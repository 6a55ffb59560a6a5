"""What a document says of one license, and what of it counts."""

from typing import Any

import pytest
from clausegraph.loaders.records import Artifact, Identified, Reference, Statement
from clausegraph.loaders.terms import Stated, Terms, read_terms, together

from clausegraph.workspace.context import context

BY_NC = "https://creativecommons.org/licenses/by-nc/4.0/"
#: Texts that stand for license texts, with what they are identified as.
TEXTS = {
    "the text of MIT": Identified("mit", sure=100.0),
    "the text of MIT and more": Identified("mit", more=True, sure=90.0),
    "ask me first": Identified(),
}


def terms(*declared: Stated, concluded: tuple[Stated, ...] = (), observed: tuple[Stated, ...] = ()) -> Terms:
    from dataclasses import replace

    return read_terms(replace(context(lambda _: None), identify=TEXTS.__getitem__), declared, concluded, observed)


def said(found: Terms, place: str) -> set[tuple[str, bool]]:
    return {(s.value, s.more) for s in found.statements if s.place == place}


@pytest.mark.parametrize(
    ("stated", "license_"),
    [
        (Stated("MIT"), "MIT"),
        (Stated("MIT", (BY_NC,)), "MIT"),
        (Stated("See link", (BY_NC,)), BY_NC),
        (Stated("other", (BY_NC,)), BY_NC),
        (Stated("Creative Commons", (BY_NC,)), BY_NC),
        (Stated("See link", ("https://example.org/x", BY_NC)), BY_NC),
        (Stated("My License", ("acme", "Apache-2.0")), "Apache-2.0"),
        (Stated("My License", text="the text of MIT"), "mit"),
        (Stated("My License", text="ask me first"), "My License"),
        (Stated("other", ("https://example.org/terms",)), "https://example.org/terms"),
        (Stated("My License", ("https://example.org/terms",)), "My License"),
    ],
)
def test_a_value_that_is_known_counts_first_then_an_address_then_the_text(stated: Stated, license_: str) -> None:
    assert terms(stated).licenses == (license_,)


def test_nothing_that_was_said_is_dropped() -> None:
    found = terms(Stated("MIT", (BY_NC, "https://example.org/x"), "ask me first"))
    assert {s.value for s in found.statements} == {BY_NC, "https://example.org/x", ""}
    assert any("ask me first" in (s.name or "") for s in found.statements), "a text that nobody knows is quoted"
    assert found.link == "https://example.org/x"
    assert said(terms(Stated("See link", (BY_NC,))), "catalogue") == {("See link", False)}


def test_a_text_beside_a_known_value_is_compared_as_a_license_file_would_be() -> None:
    assert said(terms(Stated("Apache-2.0", text="the text of MIT")), "file") == {("mit", False)}
    assert said(terms(Stated("MIT", text="the text of MIT and more")), "file") == {("mit", True)}
    assert said(terms(Stated("My License", text="the text of MIT and more")), "file") == {("mit", True)}
    assert said(terms(Stated("My License", text="the text of MIT")), "file") == set()
    assert said(terms(Stated("MIT", text="ask me first")), "file") == {("", False)}


@pytest.mark.parametrize("word", ["NOASSERTION", "NONE", "None", "", "(NOASSERTION)"])
def test_what_is_not_asserted_is_no_license(word: str) -> None:
    assert terms(Stated(word)) == Terms()
    assert terms(Stated(word), concluded=(Stated("MIT"),)).licenses == ("MIT",)


def test_what_is_not_asserted_within_an_expression_is_unknown_and_not_nothing(library: Any) -> None:
    (value,) = terms(Stated("MIT AND NOASSERTION")).licenses
    assert str(library.names.declared([value])) == "mit AND other"


def test_declared_counts_before_concluded_and_that_before_observed() -> None:
    mit, gpl, by_nc = (Stated(v) for v in ("MIT", "GPL-3.0-only", "CC-BY-NC-4.0"))
    assert terms(mit, concluded=(gpl,), observed=(by_nc,)) == Terms(
        ("MIT",), statements=(Statement("checked", "GPL-3.0-only"), Statement("catalogue", "CC-BY-NC-4.0", "observed"))
    )
    assert terms(concluded=(gpl,), observed=(by_nc,)).licenses == ("GPL-3.0-only",)
    assert terms(observed=(by_nc,)).licenses == ("CC-BY-NC-4.0",)


@pytest.mark.parametrize(
    ("part", "expected"),
    [
        (Stated(also=(BY_NC,)), "cc-by-nc-4.0 AND MIT"),
        (Stated(text="the text of MIT"), "mit AND MIT"),
        (Stated("Apache License 2.0"), "apache-2.0 AND MIT"),
        (Stated(text="ask me first"), "LicenseRef-x AND MIT"),
        (Stated("GPL-3.0-or-later"), "(gpl-3.0) AND MIT"),
    ],
)
def test_a_name_within_an_expression_is_read_by_what_it_stands_for(part: Stated, expected: str, library: Any) -> None:
    (value,) = terms(Stated("LicenseRef-x AND MIT", parts=(("LicenseRef-x", part),))).licenses
    assert library.names.declared([value]) == library.names.declared([expected])


def test_the_text_of_a_known_part_that_is_another_license_is_said_of_the_whole() -> None:
    part = ("Apache-2.0", Stated(text="the text of MIT"))
    found = terms(Stated("Apache-2.0 OR CC-BY-NC-4.0", parts=(part,)))
    assert found.licenses == ("Apache-2.0 OR CC-BY-NC-4.0",)
    assert said(found, "file") == {("mit OR CC-BY-NC-4.0", False)}


def test_the_text_of_a_known_part_that_is_that_license_says_no_more() -> None:
    found = terms(Stated("MIT AND CC-BY-NC-4.0", parts=(("MIT", Stated(text="the text of MIT")),)))
    assert found == Terms(("MIT AND CC-BY-NC-4.0",))


def test_what_one_document_says_twice_of_an_artifact_holds_together() -> None:
    one = Artifact("model", "acme/chat", ("MIT",), references=(Reference("model", "a/b", "finetune"),))
    two = Artifact("model", "acme/chat", ("CC-BY-NC-4.0",), references=(Reference("model", "c/d", "finetune"),))
    (found,) = together([one, two])
    assert isinstance(found, Artifact)
    assert found.licenses == ("MIT", "CC-BY-NC-4.0")
    assert [r.parent for r in found.references] == ["a/b", "c/d"]
    assert len(together([one, Artifact("dataset", "acme/chat")])) == 2
