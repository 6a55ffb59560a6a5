"""Features: what an artifact shows by itself, its name and the family of what was merged into it."""

from itertools import cycle

from clausegraph.library import Library
from clausegraph.library.names import Expression
from clausegraph.reasoning.features import features_of
from clausegraph.reasoning.trace import Edge, Node, Trace


def model(id_: str, license_id: str, *edges: Edge) -> Node:
    return Node(id_, "model", Expression.of(license_id), edges)


def alike(library: Library, relation: str, *nodes: Node, own: bool = False) -> bool | None:
    """Say whether a model that takes `one` and `two` by a relation stays in one family."""
    taken = [n for n in nodes if n.id in ("one", "two")]
    merge = model(
        "end",
        "llama2",
        *(Edge(n.id, via, same_party=own) for n, via in zip(taken, cycle(relation.split()), strict=False)),
    )
    found = dict(features_of(library, Trace(library, [*nodes, merge]), merge, named=False))
    (condition,) = found.values()
    return condition


def test_a_merge_is_of_one_family_where_all_that_was_merged_is_and_another_license_ends_that(library: Library) -> None:
    assert alike(library, "merge", model("one", "llama2"), model("two", "llama2")) is True
    assert alike(library, "merge", model("one", "llama2"), model("two", "mit")) is False
    assert alike(library, "merge", model("one", "llama2"), model("two", "llama3")) is False


def test_what_is_no_merge_is_of_no_family_and_nobody_knows_where_it_is_not_said(library: Library) -> None:
    assert alike(library, "finetune", model("one", "llama2")) is False
    assert alike(library, "merge") is False
    for unstated in ("base-model", "base-model merge", "merge base-model"):
        assert alike(library, unstated, model("one", "llama2"), model("two", "llama2")) is None
    assert alike(library, "base-model", model("one", "llama2"), model("two", "mit")) is False


def test_what_was_put_into_a_parent_counts_and_what_it_learned_from_does_not(library: Library) -> None:
    base = model("base", "mit")
    for relation, expected in (("finetune", False), ("distill", True)):
        one = model("one", "llama2", Edge("base", relation))
        assert alike(library, "merge", base, one, model("two", "llama2")) is expected


def test_what_lies_two_steps_behind_a_parent_counts_too_also_in_a_circle(library: Library) -> None:
    for start, expected in (("mit", False), ("llama2", True)):
        base = model("base", start, Edge("middle", "copy"))
        middle = model("middle", "llama2", Edge("base", "finetune"))
        one = model("one", "llama2", Edge("middle", "finetune"))
        assert alike(library, "merge", base, middle, one, model("two", "llama2")) is expected


def test_an_adapter_counts_as_its_base_unless_its_own_license_asks_for_a_family(library: Library) -> None:
    base = model("base", "llama2")
    for license_id, expected in (("mit", True), ("none", True), ("llama3", False)):
        adapter = model("one", license_id, Edge("base", "adapter"))
        assert alike(library, "merge", base, adapter, model("two", "llama2")) is expected
    tuned = model("one", "mit", Edge("base", "finetune"))
    assert alike(library, "merge", base, tuned, model("two", "llama2")) is False


def test_an_own_step_without_a_license_counts_as_what_it_was_made_of_and_that_of_another_does_not(
    library: Library,
) -> None:
    step = model("one", "none", Edge("base", "finetune"))
    nodes = (model("base", "llama2"), step, model("two", "llama2"))
    assert alike(library, "merge", *nodes, own=True) is True
    assert alike(library, "merge", *nodes, own=False) is False
    declared = model("one", "mit", Edge("base", "finetune"))
    assert alike(library, "merge", nodes[0], declared, nodes[2], own=True) is False


def test_a_parent_of_which_only_a_name_is_known_says_nothing_of_families(library: Library) -> None:
    gone = Node("two", "model", Expression.of(library.missing["gone"]), known=False)
    assert alike(library, "merge", model("one", "llama2"), gone) is True
    assert alike(library, "merge", gone) is False


def test_a_name_is_asked_for_at_its_beginning_and_only_where_there_is_one(library: Library) -> None:
    condition = next(
        c
        for c in library.artifact_conditions
        if c.operator == "startsWith" and c.iri.endswith("/llama3#condition-name-begins")
    )
    for name, expected in (("acme/Llama-3-Chat", True), ("acme/my-llama-3", False), ("llama3/chat", False)):
        node = model(name, "llama3")
        trace = Trace(library, [node])
        assert dict(features_of(library, trace, node, named=True))[condition.iri] is expected
        assert set(dict(features_of(library, trace, node, named=False))) == library.merge_conditions
