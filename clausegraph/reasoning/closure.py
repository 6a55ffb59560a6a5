"""Closes the lineage: which encumbrances lie on which artifact, and from where.

The loop is generic and semi-naive: in each round, what is new moves along the edges by the table of
moves, until nothing is new. It holds no rule; the table comes from the generated library. An
encumbrance of a workspace is a declared expression in a mode, so that a choice stays a choice; those
that the workspace needs are made before the loop from the library's, and nothing is made inside it.

What one party does with its own work is known as such: of the parent's own license only that is moved
which binds its owner too (`own_terms`); what encumbers the parent is. Where a parent was lawfully
relicensed, its declared license stands for the encumbrance further down.
"""

import ibis

from clausegraph.reasoning.burdens import States
from clausegraph.reasoning.engine import Engine, table


def close(engine: Engine, states: States) -> int:
    """Fill the table `encumbered` from `edges` and `declared`; return the number of rounds.

    `encumbered` has one row per artifact and state: `artifact, state, parent, relation, previous`; `previous`
    is the state of the parent, or -1 where its own declaration is the origin; `parent` is -1 where it is missing.
    """
    engine.put("moves", states.close())
    engine.put("starts", [(e, s) for e, found in enumerate(states.starts) for s in found])
    engine.put("drops", states.replacements())
    new = engine.keep("encumbered", engine.sql(first_round()))
    engine.keep("fresh", "SELECT * FROM encumbered")
    following = engine.sql(next_round())
    rounds = 0
    while new:
        rounds += 1
        new = engine.keep("fresh", following)
        engine.append("encumbered", "fresh")
    return rounds


def first_round() -> ibis.Table:
    """Return what the licenses of parents put on their children, and what missing parents do.

    A missing parent counts also where it may be one's own: what lies behind it is not known either.
    """
    edges, lost, declared, starts = table("edges"), table("lost"), table("declared"), table("starts")
    others, own_terms = edges.filter(edges.fits & ~edges.same_party), table("own_terms")
    theirs = others.join(declared, others.parent == declared.n)
    theirs = theirs.select("child", "parent", "relation", "implied", expression=theirs.terms)
    within = edges.filter(edges.fits & edges.same_party)
    own = within.join(own_terms, within.parent == own_terms.n)
    own = own.select("child", "parent", "relation", "implied", "expression")
    missing = lost.mutate(parent=ibis.literal(-1, "int64"))
    missing = missing.select("child", "parent", "relation", "implied", "expression")
    found = ibis.union(theirs, own, missing).join(starts, "expression")
    return _moved(found.select("child", "parent", "relation", "implied", "state"), origin=True)


def next_round() -> ibis.Table:
    """Return what moves on from what was new in the round before, and is new where it arrives.

    An edge that does not fit its parent moves nothing; it stands in `lost`.
    """
    declared, drops, fresh = (table(name) for name in ("declared", "drops", "fresh"))
    edges = table("edges").filter(table("edges").fits)
    kept = fresh.join(declared, fresh.artifact == declared.n)
    kept = kept.select(kept.artifact, kept.state, kept.expression)
    replaced = kept.semi_join(drops, ["state", "expression"])
    lasting = kept.anti_join(drops, ["state", "expression"])
    # what replaces an encumbrance moves only between parties, so it is dropped only there
    steps = [edges.join(lasting, edges.parent == lasting.artifact)]
    within = edges.filter(edges.same_party)
    steps.append(within.join(replaced, within.parent == replaced.artifact))
    step = ibis.union(*(s.select("child", "parent", "relation", "implied", "state") for s in steps))
    return _moved(step, origin=False).anti_join(table("encumbered"), ["artifact", "state"])


def _moved(step: ibis.Table, *, origin: bool) -> ibis.Table:
    """Move states along edges, and keep one predecessor for each new (artifact, state)."""
    moves = table("moves")
    first = step.join(moves, ["state", "relation"])
    first = first.select("child", "parent", "relation", "implied", "state", target=first.target)
    plain = first.filter(first.implied.isnull()).drop("implied")
    served = first.filter(first.implied.notnull())
    again = moves.rename(again_state="state", again_relation="relation", again_target="target")
    served = served.join(again, [served.target == again.again_state, served.implied == again.again_relation])
    served = served.select("child", "parent", "relation", "state", target=served.again_target)
    both = plain.select("child", "parent", "relation", "state", "target").union(served)
    chosen = both.mutate(previous=ibis.literal(-1, "int32") if origin else both.state.cast("int32"))
    ordered = [chosen.parent, chosen.relation, chosen.previous]
    chosen = chosen.mutate(
        place=ibis.row_number().over(ibis.window(group_by=[chosen.child, chosen.target], order_by=ordered))
    )
    chosen = chosen.filter(chosen.place == 0)
    return chosen.select(
        artifact=chosen.child,
        state=chosen.target.cast("int32"),
        parent=chosen.parent,
        relation=chosen.relation,
        previous=chosen.previous,
    )
