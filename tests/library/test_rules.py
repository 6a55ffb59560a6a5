"""From the ontology to its tables: which encumbrances are kept, and in which order rules run."""

import pyoxigraph as ox

from clausegraph.ground.namespaces import CG, ENCUMBRANCE, LICENSE
from clausegraph.library.rules import live_only, rule_files, source_store


def triple(subject: str, predicate: str, value: str) -> ox.Triple:
    def node(name: str) -> ox.NamedNode:
        return ox.NamedNode(name if ":" in name else ENCUMBRANCE + name)

    return ox.Triple(node(subject), ox.NamedNode(CG + predicate), node(value))


BINDS = triple("end", "binds", LICENSE + "x#1-notice")


def test_what_leads_to_a_clause_that_binds_is_kept_however_many_steps_away() -> None:
    steps = {triple("start", "moves-copy", "middle"), triple("middle", "moves-train", "end"), BINDS}
    assert live_only(steps) == steps
    ring = steps | {triple("end", "moves-copy", "start")}
    assert live_only(ring) == ring


def test_what_binds_nobody_and_leads_nowhere_goes_with_all_that_points_to_it() -> None:
    dead = {triple("dead", "ofLicense", LICENSE + "x"), triple("end", "moves-serve", "dead")}
    dead |= {triple(LICENSE + "x", "offersAs", "dead"), triple("dead", "moves-copy", "dead")}
    assert live_only({BINDS, *dead}) == {BINDS}
    assert live_only(set()) == set()


def test_a_clause_that_only_may_bind_counts_and_a_property_that_is_no_move_leads_nowhere() -> None:
    may = triple("end", "mayBind", LICENSE + "x#1-notice")
    assert live_only({may, triple("start", "moves-copy", "end")}) == {may, triple("start", "moves-copy", "end")}
    assert live_only({may, triple("start", "refersTo", "end")}) == {may}


def test_what_is_no_encumbrance_is_never_dropped() -> None:
    said = {triple(LICENSE + "x", "carries", LICENSE + "y#1-notice")}
    said |= {ox.Triple(ox.NamedNode(LICENSE + "x"), ox.NamedNode(CG + "name"), ox.Literal(ENCUMBRANCE + "words"))}
    assert live_only(said) == said


def test_rules_run_in_the_order_of_their_names_and_a_part_that_there_is_not_has_none() -> None:
    names = [path.name for path in rule_files("library")]
    assert names == sorted(names)
    assert names
    assert rule_files("artifact") != rule_files("library")
    assert rule_files("nothing") == []


def test_the_sources_hold_what_was_written_and_nothing_that_was_derived() -> None:
    store = source_store()
    mit = ox.NamedNode(LICENSE + "mit")
    assert [q.object.value for q in store.quads_for_pattern(mit, ox.NamedNode(CG + "identifier"), None)] == ["mit"]
    assert not any(store.quads_for_pattern(None, ox.NamedNode(CG + "offersAs"), None))
    assert not any(store.quads_for_pattern(None, ox.NamedNode("http://www.w3.org/2004/02/skos/core#closeMatch"), None))
