"""States: what a declared expression is downstream, where it goes, and what lawfully takes its place."""

from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.burdens import States

SA3, SA4, GPL, MIT = (Expression.of(i) for i in ("cc-by-sa-3.0", "cc-by-sa-4.0", "gpl-3.0", "mit"))


def choice(*options: str | tuple[str, ...], listed: bool = False) -> Expression:
    return Expression(frozenset(frozenset((o,) if isinstance(o, str) else o) for o in options), listed)


def licenses(states: States, state: int | None) -> list[set[str]]:
    return [] if state is None else [{e.license for e in option} for option in states.parts[state].stated]


def test_licenses_that_hold_together_go_their_own_ways_and_a_choice_stays_one(library: Library) -> None:
    states = States(library, [Expression.of("gpl-3.0", "mit"), choice("gpl-3.0", "mit")])
    both, either = states.starts
    assert [licenses(states, s) for s in both] == [[{"gpl-3.0"}], [{"mit"}]]
    assert [licenses(states, s) for s in either] == [[{"gpl-3.0"}, {"mit"}]]


def test_a_list_is_another_state_than_a_choice_and_a_list_of_one_is_none(library: Library) -> None:
    named = [choice("gpl-3.0", "mit", listed=listed) for listed in (False, True)]
    states = States(library, [*named, choice("mit", listed=True), MIT])
    chosen, listed, only, mit = states.starts
    assert chosen != listed
    assert [states.parts[s].listed for s in (*chosen, *listed, *only)] == [False, True, False]
    assert only == mit
    assert [" AND/OR " in states.labels[s] for s in (*chosen, *listed)] == [False, True]


def test_the_public_domain_binds_nobody_but_stays_an_option_of_a_choice(library: Library) -> None:
    states = States(library, [Expression.of("cc0-1.0"), choice("cc0-1.0", "gpl-3.0"), GPL])
    assert states.starts[0] == ()
    assert licenses(states, states.starts[1][0]) == [set(), {"gpl-3.0"}]
    assert states.starts[1] != states.starts[2]


def test_a_gpl_program_is_in_what_it_becomes_and_not_in_what_it_writes(library: Library) -> None:
    states = States(library, [GPL, choice("gpl-3.0", "cc-by-nc-4.0")])
    (gpl,), (either,) = states.starts
    assert states.move(gpl, "generate") is None
    changed = states.move(gpl, "modify")
    assert changed is not None
    assert [e.form for e in states.parts[changed].named] == ["Derivative"]
    assert sorted(licenses(states, states.move(either, "generate")), key=len) == [set(), {"cc-by-nc-4.0"}]


def changed(states: States, state: int) -> int:
    """Return the state of a changed version."""
    found = states.move(state, "modify")
    assert found is not None
    return found


def test_share_alike_goes_on_under_a_later_version_and_not_under_an_earlier_or_other(library: Library) -> None:
    states = States(library, [SA3, SA4, GPL, MIT])
    sa3, sa4, gpl = (changed(states, found[0]) for found in states.starts[:3])
    assert [states.replaced(sa3, e) for e in range(4)] == [False, True, False, False]
    assert [states.replaced(sa4, e) for e in range(4)] == [False, False, True, False]
    assert not any(states.replaced(gpl, e) for e in range(4))


def test_a_bare_copy_is_replaced_by_nothing_that_only_adaptations_may_go_under(library: Library) -> None:
    states = States(library, [SA3, SA4, GPL])
    assert not any(states.replaced(found[0], e) for found in states.starts[:2] for e in range(3))


def test_every_option_must_replace_and_one_license_of_an_option_is_enough(library: Library) -> None:
    under = [SA3, choice("cc-by-sa-4.0", "mit"), Expression.of("cc-by-sa-4.0", "mit"), SA4]
    states = States(library, under)
    sa3 = changed(states, states.starts[0][0])
    assert [states.replaced(sa3, e) for e in (1, 2, 3)] == [False, True, True]


def test_a_choice_is_replaced_only_where_each_license_in_it_is(library: Library) -> None:
    older = choice("cc-by-sa-2.5", "cc-by-sa-3.0")
    states = States(library, [older, choice("cc-by-sa-3.0", "mit"), choice("cc-by-sa-3.0", "cc-by-sa-4.0"), SA4])
    assert [states.replaced(changed(states, found[0]), 3) for found in states.starts[:3]] == [True, False, False]


def test_all_that_can_be_reached_is_reached_once_and_what_replaces_it_is_told(library: Library) -> None:
    states = States(library, [SA3, SA4])
    moves = states.close()
    forms = [tuple(sorted(e.iri for e in part.named)) for part in states.parts]
    assert len(forms) == len(set(forms)) == len(states.labels)
    assert {state for state, _, _ in moves} == set(range(len(forms))) >= {target for _, _, target in moves}
    assert {(s, "copy", s) for s in (states.starts[0][0], states.starts[1][0])} <= set(moves)
    older = {
        n
        for n, part in enumerate(states.parts)
        if part.named[0].license == "cc-by-sa-3.0" and "cc-by-sa-4.0" not in part.named[0].held_from
    }
    assert changed(states, states.starts[0][0]) in older
    assert set(states.replacements()) == {(state, 1) for state in older}
