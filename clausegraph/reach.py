"""Closes the lineage: which encumbrances lie on which artifact, and from where.

The loop is generic and semi-naive: in each round, what is new moves along the edges by the table of
moves, until nothing is new. It holds no rule; the table comes from the generated library. An
encumbrance of a workspace is a declared expression in a mode, so that a choice stays a choice; those
that the workspace needs are made before the loop from the library's, and nothing is made inside it.

What one party does with its own work is known as such: the parent's own license is not moved, what
lies on the parent is. Where a parent was lawfully relicensed, its declared license stands for the
encumbrance further down.
"""

from collections.abc import Sequence

import ibis
import pyarrow as pa

from clausegraph.states import States


def close(connection: ibis.BaseBackend, states: States) -> int:
    """Fill the table `encumbered` from `edges` and `declared`; return the number of rounds.

    `encumbered` has one row per artifact and state: `artifact, state, parent, relation, previous,
    round`; `previous` is the state of the parent, or -1 where its own declaration is the origin.
    """
    _insert_tables(connection, states)
    edges, declared = connection.table("edges"), connection.table("declared")
    moves, starts, drops = connection.table("moves"), connection.table("starts"), connection.table("drops")
    others = edges.filter(~edges.same_party)
    own = others.join(declared, others.parent == declared.n).join(starts, "expression")
    first = own.select("child", "parent", "relation", "implied", state=own.state)
    connection.create_table("encumbered", _moved(first, moves, origin=True).mutate(round=ibis.literal(0, "int32")))
    rounds, fresh = 0, connection.table("encumbered")
    while int(fresh.count().execute()):
        rounds += 1
        kept = fresh.join(declared, fresh.artifact == declared.n)
        kept = kept.select(kept.artifact, kept.state, kept.expression)
        replaced = kept.semi_join(drops, ["state", "expression"])
        lasting = kept.anti_join(drops, ["state", "expression"])
        # what replaces an encumbrance moves only between parties, so it is dropped only there
        steps = [edges.join(lasting, edges.parent == lasting.artifact)]
        within = edges.filter(edges.same_party)
        steps.append(within.join(replaced, within.parent == replaced.artifact))
        step = ibis.union(*(s.select("child", "parent", "relation", "implied", "state") for s in steps))
        new = _moved(step, moves, origin=False).anti_join(connection.table("encumbered"), ["artifact", "state"])
        fresh = connection.create_table(f"round_{rounds}", new.mutate(round=ibis.literal(rounds, "int32")))
        connection.insert("encumbered", fresh)
    return rounds


def _moved(step: ibis.Table, moves: ibis.Table, *, origin: bool) -> ibis.Table:
    """Move states along edges, and keep one predecessor for each new (artifact, state)."""
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


def _insert_tables(connection: ibis.BaseBackend, states: States) -> None:
    def table(name: str, rows: list[tuple[object, ...]], schema: pa.Schema) -> None:
        columns: list[Sequence[object]] = list(zip(*rows, strict=True)) if rows else [() for _ in schema]
        arrays = [pa.array(c, type=f.type) for c, f in zip(columns, schema, strict=True)]
        connection.create_table(name, ibis.memtable(pa.Table.from_arrays(arrays, schema=schema)))

    integer = pa.int32()
    table(
        "moves",
        [(s, r, t) for (s, r), t in sorted(states.moves.items())],
        pa.schema([("state", integer), ("relation", pa.string()), ("target", integer)]),
    )
    table(
        "starts",
        [(e, s) for e, found in enumerate(states.starts) for s in found],
        pa.schema([("expression", integer), ("state", integer)]),
    )
    table("drops", sorted(states.drops), pa.schema([("state", integer), ("expression", integer)]))
