"""RDF as triples: what is refused, and what names things within a document only."""

import pytest
from clausegraph.loaders.triples import LOCAL, is_rdf, same, triples

from tests.loaders.test_neighbours import document


def test_a_relative_iri_stays_within_its_document() -> None:
    ((subject, predicate, value),) = triples(document("<a> <http://example.org/p> <b> .", "x.ttl"), {})
    assert (subject, predicate, value.value) == (f"<{LOCAL}a>", "http://example.org/p", LOCAL + "b")


def test_a_prefix_of_the_document_counts_before_the_usual_one() -> None:
    for context, expected in (({}, "http://purl.org/dc/terms/source"), ({"dct": "urn:x:"}, "urn:x:source")):
        value = {"@context": context, "@id": "urn:a", "dct:source": "b"}
        assert [p for _, p, _ in triples(document(value), {})] == [expected]


def test_vocabularies_that_differ_by_protocol_are_the_same() -> None:
    assert same("http://www.w3.org/ns/prov#used") == same("https://w3.org/ns/prov/used")
    assert same("https://schema.org/license") != same("https://schema.org/sdLicense")


@pytest.mark.parametrize(
    ("value", "name", "reason"),
    [
        ({"@context": "https://example.org/c.jsonld"}, "a.json", "is not fetched"),
        ({"@context": {"@import": "https://example.org/c"}}, "a.json", "imports"),
        ("<!DOCTYPE x><x/>", "a.rdf", "document type"),
        ("<a> <b>", "a.ttl", "cannot be parsed"),
    ],
)
def test_what_would_be_fetched_expanded_or_guessed_is_refused(value: object, name: str, reason: str) -> None:
    assert is_rdf(document(value, name))
    with pytest.raises(ValueError, match=reason):
        list(triples(document(value, name), {}))
