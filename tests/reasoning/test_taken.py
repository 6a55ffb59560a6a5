"""For whom an answer was taken: a permission of one licensor is not one of all."""

from dataclasses import replace
from typing import Any

from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.model import Clause
from clausegraph.reasoning.parts import Part, part_of
from clausegraph.reasoning.taken import answered_for, answered_words, asked


def part(library: Library, *licenses: str, via: str = "finetune") -> Part:
    return part_of(library, (tuple(library.move(library.start(i), via) for i in licenses),))


def taken(library: Library, given: dict[str, Any], *parts: Part) -> dict[str, tuple[str, ...]]:
    return answered_for(library, Assumptions.read(library, given)[0], parts)


def clause(library: Library, license_id: str, kind: str) -> Clause:
    return next(c for c in library.licenses[license_id].clauses if c.kind.name == kind)


def test_a_permission_that_two_licensors_would_have_to_give_was_taken_for_both(library: Library) -> None:
    parts = part(library, "cc-by-nc-4.0"), part(library, "llama2")
    assert taken(library, {"authorized": True}, *parts) == {"authorized": ("cc-by-nc-4.0", "llama2")}
    assert taken(library, {"authorized": False}, *parts) == {"authorized": ("cc-by-nc-4.0", "llama2")}


def test_a_permission_that_one_licensor_has_to_give_needs_no_word(library: Library) -> None:
    assert taken(library, {"authorized": True}, part(library, "cc-by-nc-4.0"), part(library, "mit")) == {}


def test_who_answered_for_one_licensor_apart_answered_for_the_others_only(library: Library) -> None:
    three = [part(library, i) for i in ("cc-by-nc-4.0", "llama2", "llama3")]
    given = {"authorized": True, "authorized@llama3": False}
    assert taken(library, given, *three) == {"authorized": ("cc-by-nc-4.0", "llama2")}
    assert taken(library, given | {"authorized@llama2": False}, *three) == {}


def test_what_the_user_does_is_the_same_towards_every_licensor(library: Library) -> None:
    two = part(library, "cc-by-nc-4.0"), part(library, "cc-by-nc-3.0")
    assert taken(library, {"commercial": True}, *two) == {}
    assert taken(library, {}, *two) == {}


def test_what_waives_and_what_only_members_of_a_family_ask_counts_too(library: Library) -> None:
    learned = [part(library, i, via="train") for i in ("gpl-3.0", "cc-by-4.0")]
    assert taken(library, {"exception_applies": True}, *learned) == {"exception_applies": ("cc-by-4.0", "gpl-3.0")}
    family = taken(library, {"authorized": True}, part(library, "cc-by-nc"))
    assert family["authorized"] == tuple(f"cc-by-nc-{v}" for v in ("1.0", "2.0", "2.5", "3.0", "4.0"))


def test_a_clause_asks_for_its_conditions_and_for_the_act_on_which_it_binds(library: Library) -> None:
    assert asked(library, clause(library, "cc-by-nc-4.0", "non-commercial")) == {"authorized", "commercial"}
    assert asked(library, clause(library, "mit", "notice")) == {"copies_conveyed", "distributed"}
    giving = {"copies_conveyed", "distributed"}
    assert asked(library, clause(library, "gpl-3.0", "source-disclosure")) == giving | {"source_offered"}
    users = {"monthly_active_users_at_release", "authorized", "end_user"}
    assert asked(library, clause(library, "llama3.1", "threshold")) == users


def test_passing_the_terms_on_is_asked_by_what_carries_and_purposes_by_what_restricts(library: Library) -> None:
    giving = {"copies_conveyed", "distributed", "offered_to_others"}
    assert asked(library, clause(library, "llama3.1", "flow-down")) == giving | {"passes_terms_on"}
    restriction = clause(library, "llama3.1", "use-restriction")
    assert asked(library, restriction) == {"purposes"}
    assert asked(library, replace(restriction, imposes=())) == set()


def test_what_binds_on_any_use_does_not_ask_whether_it_is_given_or_offered(library: Library) -> None:
    assert asked(library, clause(library, "agpl-3.0", "network-source-disclosure")) == {"source_offered"}


def test_the_sentence_says_what_was_taken_for_whom_and_how_to_part_them(library: Library) -> None:
    given, _ = Assumptions.read(library, {"authorized": True})
    (words,) = answered_words(given, {"authorized": ("llama2", "llama3")})
    assert words.startswith("authorized=true was taken for each of llama2, llama3;")
    assert "authorized@LICENSE=" in words
    assert answered_words(given, {}) == []
