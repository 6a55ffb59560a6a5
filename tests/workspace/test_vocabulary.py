"""Terms of other vocabularies: what a class, a property or a word of theirs means here."""

import pytest
from clausegraph.loaders.document import Vocabulary
from clausegraph.loaders.rdf import same

from clausegraph.library import Library
from clausegraph.workspace.vocabulary import vocabulary


@pytest.fixture(scope="module")
def words(library: Library) -> Vocabulary:
    return vocabulary(library)


@pytest.mark.parametrize(
    ("iri", "kind"),
    [
        ("https://schema.org/Dataset", "dataset"),
        ("http://schema.org/Dataset", "dataset"),
        ("http://www.w3.org/ns/dcat#Dataset", "dataset"),
        ("https://schema.org/SoftwareSourceCode", "source"),
        ("https://w3id.org/clausegraph/ns#Model", "model"),
        ("https://schema.org/Person", None),
        ("http://creativecommons.org/ns#License", None),
        ("https://schema.org/license", None),
    ],
)
def test_a_class_of_others_is_a_kind_of_artifact_or_none(iri: str, kind: str | None, words: Vocabulary) -> None:
    assert words.classes.get(same(iri)) == kind


@pytest.mark.parametrize(
    ("iri", "meaning"),
    [
        ("http://purl.org/dc/terms/license", "license"),
        ("https://schema.org/license", "license"),
        ("https://w3id.org/clausegraph/ns#declaredLicense", "license"),
        ("http://www.w3.org/ns/prov#wasDerivedFrom", ""),
        ("https://schema.org/isBasedOn", ""),
        ("https://w3id.org/clausegraph/ns#finetunes", "finetune"),
        ("https://w3id.org/clausegraph/ns#finetunesOwn", "finetune"),
        ("https://schema.org/name", None),
        ("https://schema.org/Dataset", None),
    ],
)
def test_a_property_of_others_is_a_relation_or_a_license_or_says_only_that_one_comes_from_the_other(
    iri: str, meaning: str | None, words: Vocabulary
) -> None:
    assert words.properties.get(same(iri)) == meaning


@pytest.mark.parametrize(
    ("word", "leaves_open", "names_license"),
    [
        *(("other", True, False), ("none", False, False), ("never heard of", False, False), ("", False, False)),
        *(("mit", False, True), ("The MIT License", False, True), ("gpl", False, True)),
    ],
)
def test_other_leaves_the_terms_open_and_a_license_or_a_family_names_them(
    word: str, leaves_open: bool, names_license: bool, words: Vocabulary
) -> None:
    assert (words.leaves_open(word), words.names_license(word)) == (leaves_open, names_license)


def test_a_mirror_is_a_copy_and_a_conversion_a_quantization(words: Vocabulary) -> None:
    assert [words.relations[w] for w in ("mirror", "copy", "convert", "evaluate")] == [
        "copy",
        "copy",
        "quantize",
        "use",
    ]
    assert "finetuned-from" not in words.relations
    assert words.undeclared == "https://w3id.org/clausegraph/license/none"


def test_our_context_and_that_of_schema_org_are_at_hand_and_no_other_is(words: Vocabulary) -> None:
    assert (
        words.contexts["https://schema.org"] == words.contexts["http://schema.org"] == {"@vocab": "https://schema.org/"}
    )
    assert "https://w3id.org/clausegraph/context.jsonld" in words.contexts
    assert "https://example.org/context.jsonld" not in words.contexts
