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
from dataclasses import dataclass

import ibis
import pyarrow as pa

from clausegraph.judge import Part
from clausegraph.library import Library
from clausegraph.names import Expression

Row = tuple[str | None, ...]


@dataclass(frozen=True)
class States:
    """The encumbrances of a workspace: numbered, with what they consist of and how they move.

    `parts[i]` is a choice of options, each a set of encumbrances of the library; `starts[e]` are the
    states of expression `e` on a plain copy; `moves` maps (state, relation) to a state; `drops`
    holds (state, expression) where that declared expression lawfully replaces the state.
    """

    parts: tuple[Part, ...]
    labels: tuple[str, ...]
    starts: tuple[tuple[int, ...], ...]
    moves: dict[tuple[int, str], int]
    drops: frozenset[tuple[int, int]]


def make_states(library: Library, expressions: Sequence[Expression]) -> States:
    """Make the states that expressions can be in: singles share the library's, choices are combined."""
    numbers: dict[tuple[tuple[Row, ...], str], int] = {}
    moves: dict[tuple[int, str], int] = {}
    todo: list[tuple[Row, ...]] = []
    keys: list[tuple[Row, ...]] = []

    def number(rows: tuple[Row, ...]) -> int | None:
        if not any(iri for row in rows for iri in row):
            return None
        key = (rows, "")
        if key not in numbers:
            numbers[key] = len(keys)
            keys.append(rows)
            todo.append(rows)
        return numbers[key]

    starts = []
    for expression in expressions:
        options = sorted(expression.options, key=sorted)
        if len(options) == 1:
            rows: list[tuple[Row, ...]] = [((library.start(i),),) for i in sorted(options[0])]
        else:
            rows = [tuple(tuple(library.start(i) for i in sorted(option)) for option in options)]
        starts.append(tuple(n for row in rows if (n := number(row)) is not None))
    while todo:
        current = todo.pop()
        source = numbers[(current, "")]
        for relation in library.relations:
            target = number(tuple(tuple(library.move(iri, relation) for iri in row) for row in current))
            if target is not None:
                moves[(source, relation)] = target
    parts = tuple(tuple(tuple(library.encumbrances[iri] for iri in row if iri) for row in rows) for rows in keys)
    drops = frozenset(
        (state, index)
        for state, part in enumerate(parts)
        for index, expression in enumerate(expressions)
        if _replaced(library, part, expression)
    )
    return States(parts, tuple(_label(p) for p in parts), tuple(starts), moves, drops)


def _replaced(library: Library, part: Part, expression: Expression) -> bool:
    """Say whether every option of what is declared lawfully relicenses everything in a state."""
    licenses = {e.license for option in part for e in option}
    return all(all(library.licenses[i].relicensed_by & option for i in licenses) for option in expression.options)


def _label(part: Part) -> str:
    options = [" AND ".join(f"{e.license}/{e.mode}" for e in option) for option in part]
    return " OR ".join(options)


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
