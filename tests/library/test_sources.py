"""What the ontology says of registries, renamed owners, names of nothing, restrictions and releases."""

from collections.abc import Callable
from pathlib import Path

import pytest

from clausegraph.library import Library, sources
from clausegraph.library.index import index_files
from clausegraph.library.model import Period
from clausegraph.library.read import Reader
from tests.library.test_read import PREFIXES


@pytest.fixture
def read(tmp_path: Path) -> Callable[[str], Reader]:
    def reader(text: str) -> Reader:
        (tmp_path / "it.ttl").write_text(PREFIXES + text)
        return Reader(index_files([tmp_path / "it.ttl"]))

    return reader


def test_a_restriction_names_itself_and_those_that_are_wider_and_what_only_groups_is_none(
    read: Callable[[str], Reader],
) -> None:
    found = sources.restrictions(
        read(
            """:safety a skos:Concept . :harm a cg:Restriction ; skos:broader :safety .
            :weapons a cg:Restriction ; skos:broader :harm . :nuclear a cg:Restriction ; skos:broader :weapons , :harm .
            :loose a cg:Restriction ."""
        )
    )
    assert found["harm"] == ("harm",)
    assert found["weapons"] == ("weapons", "harm")
    assert found["nuclear"][0] == "nuclear"
    assert sorted(found["nuclear"]) == ["harm", "nuclear", "weapons"], "each once, though two ways lead there"
    assert {"safety", "loose"}.isdisjoint(found)


def test_a_merge_makes_the_forms_that_a_stated_relation_makes_of_parents_that_are_alike(
    read: Callable[[str], Reader],
) -> None:
    found = sources.merged_forms(
        read(
            """:merge a cg:Relation ; cg:familyWhenAlike true . :copy a cg:Relation .
            :unstated a cg:Relation ; cg:familyWhenAlike true ; cg:candidateRelation :merge .
            :one a cg:Transition ; cg:byRelation :merge ; cg:toForm :Fused .
            :two a cg:Transition ; cg:byRelation :copy ; cg:toForm :Copy .
            :three a cg:Transition ; cg:byRelation :unstated ; cg:toForm :Based ."""
        )
    )
    assert found == {"Fused"}


def test_the_licenses_of_a_release_follow_each_other_by_their_first_day_and_the_code_has_its_own(
    read: Callable[[str], Reader],
) -> None:
    (found,) = sources.releases(
        read(
            """:new cg:identifier "new" . :old cg:identifier "old" . :code cg:identifier "code" .
            :r a cg:Release ; skos:prefLabel "R" ; cg:namesBegin "R2" , "R1" ; cg:declaration :d1 , :d2 , :d3 .
            :d1 cg:declares :new ; cg:declaredFor :model ; cg:validFrom "2024-02-01T00:00:00Z" .
            :d2 cg:declares :old ; cg:declaredFor :model ; cg:validUntil "2024-02-01T00:00:00Z" .
            :d3 cg:declares :code ; cg:declaredFor :source ; cg:validFrom "2020-01-01T00:00:00Z" ."""
        )
    )
    assert found.weights == (Period("old", None, "2024-02-01"), Period("new", "2024-02-01", None))
    assert (found.code, found.names, found.accounts) == ("code", ("R1", "R2"), ())


def test_a_form_that_stands_for_others_names_them_and_any_other_is_left_out(read: Callable[[str], Reader]) -> None:
    reader = read(":Based a cg:Form ; cg:candidateForm :Fused , :Adapter . :Copy a cg:Form .")
    assert sources.candidate_forms(reader) == {"Based": ("Adapter", "Fused")}


def test_a_name_of_nothing_is_one_for_its_kind_only_and_each_spelling_has_the_reason(
    read: Callable[[str], Reader],
) -> None:
    reader = read(
        """:n a cg:NoArtifact ; cg:nameOf cg:Dataset ; cg:alias "csv" , "json" ; skos:scopeNote "a loader" .
        :o a cg:OwnerRename ; cg:statedOwner "Old" ; cg:currentOwner "new" ; skos:prefLabel "Old is new" ."""
    )
    assert sources.no_artifacts(reader) == {("Dataset", "csv"): "a loader", ("Dataset", "json"): "a loader"}
    assert sources.renamed_owners(reader) == {"Old": ("new", "Old is new")}


def test_what_ships_knows_thudm_under_its_new_name_and_imagefolder_as_no_dataset(library: Library) -> None:
    assert library.renamed_owners["THUDM"][0] == "zai-org"
    assert "zai-org" not in library.renamed_owners
    assert library.names_no_artifact("dataset", " ImageFolder ")
    assert library.names_no_artifact("model", "imagefolder") is None
    assert set(library.missing) == {"gone", "not-loaded", "private", "unnamed", "unreadable", "misfit"}
    by_code = {r.code: r for r in library.reasons.values()}
    assert (by_code["CG101"].own_kind, by_code["CG101"].kind) == ("undeclared-terms", None)
