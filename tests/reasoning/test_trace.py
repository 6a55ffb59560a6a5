"""Trace: which licenses bind a work in a small lineage, from where, and by which steps."""

from dataclasses import replace

import pytest

from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.trace import Edge, Node, Paths, Trace


def work(id_: str, license_id: str | None, *edges: Edge, kind: str = "dataset") -> Node:
    return Node(id_, kind, Expression.of(license_id) if license_id else None, edges)


def binding(trace: Trace, node: str) -> set[tuple[str, str]]:
    """Return the licenses that bind a work, each with the work that it came from."""
    parts = {s: trace.states.parts[s] for s in trace.states_of(node)}
    return {(e.license, trace.origin(node, s)) for s, part in parts.items() for e in part.named}


@pytest.mark.parametrize(
    ("declared", "own", "goes_on"), [("cc-by-sa-4.0", False, False), ("cc-by-sa-4.0", True, True), ("mit", False, True)]
)
def test_what_a_lawful_relicensing_replaced_goes_no_further_than_its_party(
    library: Library, declared: str, own: bool, goes_on: bool
) -> None:
    start, middle = work("start", "cc-by-sa-3.0"), work("middle", declared, Edge("start", "modify"))
    trace = Trace(library, [start, middle, work("end", "mit", Edge("middle", "modify", same_party=own))])
    assert binding(trace, "middle") == {("cc-by-sa-3.0", "start")}
    old = {("cc-by-sa-3.0", "start")} if goes_on else set()
    assert binding(trace, "end") == old | (set() if own else {(declared, "middle")})


def test_what_a_gpl_model_writes_is_not_under_the_gpl_and_what_it_becomes_is(library: Library) -> None:
    start = work("start", "gpl-3.0", kind="model")
    ends = [work(via, "mit", Edge("start", via), kind="model") for via in ("generate", "finetune")]
    trace = Trace(library, [start, *ends])
    assert (binding(trace, "generate"), binding(trace, "finetune")) == (set(), {("gpl-3.0", "start")})


def test_a_plan_that_decided_on_no_license_replaces_nothing_and_adds_nothing(library: Library) -> None:
    middle = work("middle", None, Edge("start", "modify"))
    trace = Trace(library, [work("start", "cc-by-sa-3.0"), middle, work("end", "mit", Edge("middle", "modify"))])
    assert binding(trace, "end") == {("cc-by-sa-3.0", "start")}


def test_nobody_is_bound_by_a_license_of_ones_own_but_by_that_of_others_behind_it(library: Library) -> None:
    start, own = work("start", "gpl-3.0"), work("own", "cc-by-nc-4.0", Edge("start", "modify"))
    ends = [work(name, "mit", Edge("own", "modify", same_party=name == "mine")) for name in ("mine", "theirs")]
    trace = Trace(library, [start, own, *ends])
    assert binding(trace, "mine") == {("gpl-3.0", "start")}
    assert binding(trace, "theirs") == {("gpl-3.0", "start"), ("cc-by-nc-4.0", "own")}


def test_a_path_begins_at_the_origin_and_ends_at_the_work(library: Library) -> None:
    one = work("one", "gpl-3.0", Edge("start", "train"), kind="model")
    end = work(
        "end",
        "mit",
        Edge("no", "base-model", inferred="merge"),
        Edge("one", "base-model", inferred="quantize"),
        kind="model",
    )
    trace = Trace(library, [work("start", "cc-by-nc-4.0"), one, end])
    held = {trace.states.parts[s].named[0].license: s for s in trace.states_of("end")}
    paths = Paths(trace, "end", {"nc": held["cc-by-nc-4.0"], "gpl": held["gpl-3.0"]})
    assert [(s.parent, s.relation, s.child) for s in paths.path("nc")] == [
        ("start", "train", "one"),
        ("one", "base-model", "end"),
    ]
    assert [s.inferred for s in paths.path("nc")] == [None, "quantize"]
    assert paths.last_step("nc") == paths.path("nc")[1:] == paths.path("gpl")
    assert (paths.origin("nc"), paths.origin("gpl")) == ("start", "one")
    assert (paths.path("mit"), paths.last_step("mit"), paths.origin("mit")) == ((), (), None)


@pytest.mark.parametrize(("kind", "fits"), [("dataset", False), ("model", True)])
def test_what_a_dataset_was_distilled_from_is_not_known_and_what_a_model_was_is(
    library: Library, kind: str, fits: bool
) -> None:
    start = work("start", "cc-by-nc-4.0", kind=kind)
    edge = Edge("start", "distill", same_party=not fits)
    trace = Trace(
        library, [start, work("beside", "gpl-3.0"), work("end", "mit", edge, Edge("beside", "train"), kind="model")]
    )
    found = {license_id for license_id, _ in binding(trace, "end")}
    assert found == {"gpl-3.0", "cc-by-nc-4.0" if fits else "relation-misfit"}
    assert [node.known for node in trace.nodes.values()] == [True, True, True, False][: 3 if fits else 4]


def test_a_service_serves_what_it_holds_and_an_application_does_not(library: Library) -> None:
    ends = [work(kind, "mit", Edge("start", "copy"), kind=kind) for kind in ("service", "application")]
    trace = Trace(library, [work("start", "agpl-3.0", kind="application"), *ends])
    modes = {e.id: [trace.states.parts[s].named[0].mode for s in trace.states_of(e.id)] for e in ends}
    assert modes == {"service": ["Copy/Hosted"], "application": ["Copy/Whole"]}


def test_works_that_name_each_other_bind_each_other_and_none_binds_itself(library: Library) -> None:
    one = work("one", "gpl-3.0", Edge("other", "copy"), Edge("one", "copy"))
    trace = Trace(library, [one, work("other", "cc-by-nc-4.0", Edge("one", "copy"))])
    assert binding(trace, "other") == binding(trace, "one") == {("gpl-3.0", "one"), ("cc-by-nc-4.0", "other")}
    alone = Trace(library, [work("one", "gpl-3.0", Edge("one", "copy"), Edge("nowhere", "copy"))])
    assert binding(alone, "one") == set()


def test_who_reuses_stands_under_the_terms_and_not_under_what_is_declared_beside_them(library: Library) -> None:
    weights = Node("start", "model", Expression.of("apache-2.0"), terms=Expression.of("llama2"))
    assert binding(Trace(library, [weights, work("end", "mit", Edge("start", "copy"))]), "end") == {("llama2", "start")}
    assert [work("x", i).undeclared for i in (None, "none", "other", "mit")] == [True, True, False, False]


@pytest.mark.parametrize(
    ("owner", "license_id", "bound"),
    [
        ("acme", "llama2", True),
        (None, "llama2", True),
        ("meta-llama", "llama2", False),
        ("google", "llama2", True),
        ("acme", "cc-by-nc-sa-4.0", False),
    ],
)
def test_a_license_whose_text_names_its_licensor_binds_everybody_else_also_within_a_party(
    library: Library, owner: str | None, license_id: str, bound: bool
) -> None:
    base = replace(work("base", license_id, kind="model"), owner=owner)
    mid = work("mid", "mit", Edge("base", "finetune", same_party=True), kind="model")
    end = work("end", "mit", Edge("mid", "finetune", same_party=True), kind="model")
    trace = Trace(library, [base, mid, end])
    expected = {(license_id, "base")} if bound else set()
    assert binding(trace, "mid") == binding(trace, "end") == expected
    assert (trace.within["base"] is not None) is bound


def test_the_license_of_a_work_binds_within_a_party_by_the_terms_under_which_it_really_stands(library: Library) -> None:
    base = replace(work("base", "apache-2.0", kind="model"), owner="acme", terms=Expression.of("llama2"))
    end = work("end", "mit", Edge("base", "finetune", same_party=True), kind="model")
    assert binding(Trace(library, [base, end]), "end") == {("llama2", "base")}
