"""Parts: what a work upstream is judged by, with choices, families and lists taken apart."""

from clausegraph.library import Library
from clausegraph.reasoning.parts import Option, Part, Rows, part_of


def rows(library: Library, *options: tuple[str, ...]) -> Rows:
    return tuple(tuple(library.start(i) for i in option) for option in options)


def licenses(options: tuple[Option, ...]) -> list[set[str]]:
    return [{e.license for e in option} for option in options]


def test_licenses_that_hold_together_are_one_option_and_a_choice_is_several(library: Library) -> None:
    assert licenses(part_of(library, rows(library, ("mit", "gpl-3.0"))).stated) == [{"mit", "gpl-3.0"}]
    assert licenses(part_of(library, rows(library, ("mit",), ("gpl-3.0",))).stated) == [{"mit"}, {"gpl-3.0"}]


def test_what_asks_for_nothing_leaves_an_option_in_which_nothing_binds(library: Library) -> None:
    free_or_not = part_of(library, rows(library, ("cc0-1.0",), ("gpl-3.0",)))
    assert licenses(free_or_not.stated) == [set(), {"gpl-3.0"}]
    assert licenses(part_of(library, rows(library, ("cc0-1.0", "gpl-3.0"))).stated) == [{"gpl-3.0"}]


def test_the_gpl_without_a_version_lets_the_user_pick_one(library: Library) -> None:
    part = part_of(library, rows(library, ("gpl",)))
    assert licenses(part.stated) == [{"gpl-1.0"}, {"gpl-2.0"}, {"gpl-3.0"}]
    assert part.members == ()
    assert not part.listed
    assert [e.license for e in part.named] == ["gpl"]


def test_creative_commons_without_a_version_names_no_text_and_only_shows_what_all_versions_say(
    library: Library,
) -> None:
    part = part_of(library, rows(library, ("cc-by-nc",)))
    versions = [{f"cc-by-nc-{v}"} for v in ("1.0", "2.0", "2.5", "3.0", "4.0")]
    assert licenses(part.stated) == [{"cc-by-nc"}]
    assert licenses(part.members) == versions


def test_a_license_with_a_version_is_of_no_family_that_were_to_be_picked_from(library: Library) -> None:
    part = part_of(library, rows(library, ("cc-by-nc-4.0",)))
    assert licenses(part.stated) == [{"cc-by-nc-4.0"}]
    assert part.members == ()


def test_a_family_is_taken_apart_in_the_form_in_which_it_is_present(library: Library) -> None:
    learned = library.move(library.start("gpl"), "train")
    part = part_of(library, ((learned,),))
    assert [{(e.license, e.form) for e in option} for option in part.stated] == [
        {(f"gpl-{v}", "Learned")} for v in ("1.0", "2.0", "3.0")
    ]


def test_two_families_that_hold_together_mean_each_version_with_each(library: Library) -> None:
    part = part_of(library, rows(library, ("gpl", "cc-by-nc", "mit")))
    assert len(part.stated) == 3
    assert len(part.members) == 3 * 5
    assert all({"mit", "cc-by-nc"} < option for option in licenses(part.stated))
    assert all("mit" in option and len(option) == 3 for option in licenses(part.members))


def test_in_a_list_in_which_all_holds_each_license_is_there_once(library: Library) -> None:
    part = part_of(library, rows(library, ("mit", "gpl-3.0"), ("mit", "cc-by-nc")), listed=True)
    assert part.listed
    assert [e.license for e in part.named] == ["mit", "gpl-3.0", "cc-by-nc"]
    together = part.together
    assert [[e.license for e in option] for option in together.stated] == [["mit", "gpl-3.0", "cc-by-nc"]]
    assert len(together.members) == 1
    assert len(together.members[0]) == 2 + 5
    assert not together.listed
    assert together.named == part.named


def test_a_list_without_families_stays_without_them_when_all_holds(library: Library) -> None:
    assert part_of(library, rows(library, ("mit",), ("gpl-3.0",)), listed=True).together.members == ()
    assert list(Part(())) == []
