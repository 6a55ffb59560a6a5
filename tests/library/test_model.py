"""The records of the library: days of a license, what may stand upstream, and which licenses name a text."""

from dataclasses import replace

import pytest

from clausegraph.library import Library
from clausegraph.library.model import ArtifactKind, Period, Relation, Release, Status


@pytest.mark.parametrize(
    ("day", "holds"),
    [("2023-11-29", False), ("2023-11-30", True), ("2024-05-01", True), ("2024-05-31", True), ("2024-06-01", False)],
)
def test_a_license_holds_from_its_first_day_until_the_day_before_the_next(day: str, holds: bool) -> None:
    assert Period("mit", "2023-11-30", "2024-06-01").covers(day) is holds


@pytest.mark.parametrize(
    ("period", "before", "after"),
    [
        (Period("mit", None, "2024-01-01"), True, False),
        (Period("mit", "2024-01-01", None), False, True),
        (Period("mit", None, None), True, True),
    ],
)
def test_an_end_that_is_open_covers_every_day_on_that_side(period: Period, before: bool, after: bool) -> None:
    assert (period.covers("1990-01-01"), period.covers("2990-01-01")) == (before, after)


def test_weights_stand_under_the_license_of_the_day_and_before_the_first_under_none_that_is_known() -> None:
    periods = (Period("first", "2023-08-03", "2024-01-01"), Period("second", "2024-01-01", None))
    release = Release("urn:r", "a release", ("R",), ("acme",), periods, "apache-2.0")
    days = {"2023-08-02": None, "2023-08-03": "first", "2023-12-31": "first", "2024-01-01": "second"}
    assert {day: release.weights_on(day) for day in days} == days
    assert release.license_ids == {"first", "second", "apache-2.0"}


def test_an_adapter_stands_on_a_model_and_not_on_a_dataset_and_a_copy_on_anything(library: Library) -> None:
    kinds = library.artifact_kinds
    assert library.relations["adapter"].fits(kinds["model"])
    assert not library.relations["adapter"].fits(kinds["dataset"])
    assert not library.relations["train"].fits(kinds["model"])
    assert all(library.relations["copy"].fits(kind) for kind in kinds.values())


def test_a_narrower_kind_fits_where_its_broader_one_is_expected() -> None:
    relation = Relation("r", "urn:p", "urn:w", "urn:m", False, False, False, expects=("data",))
    assert relation.fits(ArtifactKind("benchmark", "Benchmark", (), None, broader="data"))
    assert relation.fits(ArtifactKind("data", "Data", (), None, broader=None))
    assert not relation.fits(ArtifactKind("model", "Model", (), None, broader="work"))


@pytest.mark.parametrize(
    ("license_id", "text", "unnamed"),
    [
        *(("mit", True, False), ("cc-by-nc-4.0", True, False)),
        *(("cc-by-nc", False, True), ("other", False, True), ("none", False, True), ("ancestor-gone", False, True)),
    ],
)
def test_a_license_is_one_text_and_a_family_or_other_names_none(
    license_id: str, text: bool, unnamed: bool, library: Library
) -> None:
    found = library.licenses[license_id]
    assert (found.is_text, found.names_no_text, found.is_own_terms) == (text, unnamed, False)
    own = replace(found, status=Status.own_terms)
    assert (own.is_text, own.names_no_text, own.is_own_terms) == (False, False, True)
