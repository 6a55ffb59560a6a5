"""Groups artifacts by situation: all that a compliance shape may look at.

A situation is the kind of artifact, what is declared, the encumbrances, and those conditions on the
artifact itself on which a binding clause depends (its name begins with a word, all parents of a merge
carry one license). Many artifacts share one; paths and origins are no part of it.
"""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import ibis

from clausegraph.library import Library
from clausegraph.library.assumptions import NAME_TESTS, NOT_PLAIN, plain_name
from clausegraph.library.model import Condition
from clausegraph.library.names import UNDECLARED, Expression
from clausegraph.reasoning.burdens import States
from clausegraph.reasoning.engine import Engine, table
from clausegraph.reasoning.judge_situation import Features
from clausegraph.workspace.data_findings import code_only_reason, comparison_reasons, open_reasons

#: Whether a condition on the artifact holds; `None` hangs on a relation that nobody states.
HOLDS = (False, True, None)
#: What makes a situation, as columns.
_PARTS = ("kind", "expression", "states", "features", "release", "left_open")


@dataclass(frozen=True, slots=True)
class Situation:
    """A situation: `features` are pairs of a condition's IRI and whether it holds, `None` where that is open.

    `number` is its place in one audit; `key` says what it is and is the same in every audit.
    `release` is a release whose weights have terms of their own, where only the code's are declared. `left_open` names
    the reasons for which the terms of the artifact itself are not known beside what is declared.
    """

    number: int
    key: str
    kind: str
    declared: Expression
    states: tuple[int, ...]
    features: Features
    artifacts: int
    release: str | None = None
    left_open: tuple[str, ...] = ()


def group(engine: Engine, library: Library, states: States, expressions: Sequence[Expression]) -> list[Situation]:
    """Create the tables `situations` and `in_situation` and return the situations.

    `in_situation` has one row per artifact: its number and the number of its situation.
    """
    conditions = library.artifact_conditions
    engine.put("needs", _needs(states, conditions))
    reasons = open_reasons(library)
    engine.put("open_when", [(c, reasons.index(r)) for c, r in comparison_reasons(library).items()])
    above(engine, library, conditions)
    engine.keep("keyed", engine.sql(_keyed(library, conditions, expressions)))
    engine.keep("situations", engine.sql(_situations()))
    engine.keep("in_situation", engine.sql(_members()))
    rows = engine.rows(
        """SELECT situation, kind, expression, states, features, release, left_open, artifacts FROM situations
        ORDER BY situation"""
    )
    found = []
    for number, kind, expression, held, codes, release, left, artifacts in rows:
        features = tuple((conditions[code // len(HOLDS)].iri, HOLDS[code % len(HOLDS)]) for code in codes)
        declared = expressions[expression]
        left_open = tuple(reasons[i] for i in left)
        if release:
            left_open += (code_only_reason(library),)
        shown = (*(f"{iri} {holds}" for iri, holds in features), *left_open)
        key = _key(kind, str(declared), release, *sorted(states.labels[s] for s in held), *shown)
        found.append(
            Situation(
                number=number,
                key=key,
                kind=kind,
                declared=declared,
                states=tuple(held),
                features=features,
                artifacts=artifacts,
                release=release or None,
                left_open=left_open,
            )
        )
    return found


def _key(*said: str) -> str:
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def _keyed(library: Library, conditions: Sequence[Condition], expressions: Sequence[Expression]) -> ibis.Table:
    """Return each artifact with all that makes its situation."""
    artifacts, declared, encumbered = table("artifacts"), table("declared"), table("encumbered")
    held = encumbered.group_by(n=encumbered.artifact).agg(states=encumbered.state.collect().sort())
    shown = _shown(library, conditions, expressions)
    left_open = _left_open()
    found = artifacts.join(declared, "n").select("n", "kind", "expression", "release")
    found = found.left_join(held, found.n == held.n).select(found, states=held.states)
    found = found.left_join(shown, found.n == shown.n).select(found, features=shown.features)
    found = found.left_join(left_open, found.n == left_open.n).select(found, left_open=left_open.left_open)
    empty = ibis.literal([], type="array<int32>")
    return found.mutate(
        states=found.states.fill_null(empty),
        features=found.features.fill_null(empty),
        release=found.release.fill_null(""),
        left_open=found.left_open.fill_null(empty),
    )


def _situations() -> ibis.Table:
    """Return the situations, numbered in an order that depends on nothing but what they are."""
    parts = list(_PARTS)
    keyed = table("keyed")
    found = keyed.group_by(parts).agg(artifacts=keyed.count())
    place = ibis.row_number().over(ibis.window(order_by=[found[part] for part in parts]))
    return found.select(place.cast("int64").name("situation"), *parts, "artifacts")


def _members() -> ibis.Table:
    keyed, situations = table("keyed"), table("situations")
    joined = keyed.join(situations, list(_PARTS))
    return joined.select("n", "situation")


def _plain(artifacts: ibis.Table) -> ibis.Value:
    """Return the name of artifacts as `plain_name` gives it."""
    return artifacts["name"].lower().re_replace(NOT_PLAIN, "")


def _shown(library: Library, conditions: Sequence[Condition], expressions: Sequence[Expression]) -> ibis.Table:
    """Return the conditions that matter to encumbered artifacts, each as its number and its place in `HOLDS`."""
    artifacts, encumbered, needs = table("artifacts"), table("encumbered"), table("needs")
    asked = encumbered.join(needs, "state").select(n=encumbered.artifact, condition=needs.condition).distinct()
    alike = _alike(library, expressions)
    named = asked.join(artifacts, "n")
    named = named.select(named.n, named.condition, plain=_plain(named))
    named = named.left_join(alike, named.n == alike.n).select(named, alike=alike.holds.fill_null(0))
    holds: ibis.Value = named.alike
    for number, condition in enumerate(conditions):
        if test := NAME_TESTS.get(condition.operator):
            words = [plain_name(str(v)) for v in condition.values]
            found = ibis.or_(*(getattr(named.plain, test.method)(word) for word in words))
            holds = ibis.ifelse(named.condition == number, found.cast("int32"), holds)
    code = (named.condition * len(HOLDS) + holds).cast("int32")
    coded = named.select(named.n, code=code)
    return coded.group_by("n").agg(features=coded.code.collect().sort())


def above(engine: Engine, library: Library, conditions: Sequence[Condition]) -> None:
    """Create the table `above`: each work whose family is asked, with all works that are in it: `n, work`."""
    edges, encumbered, needs = table("edges"), table("encumbered"), table("needs")
    merging = [place for place, c in enumerate(conditions) if c.iri in library.merge_conditions]
    asked = encumbered.join(needs.filter(needs.condition.isin(merging)), "state").select(n="artifact").distinct()
    merged = edges.filter(edges.fits & edges.relation.isin(_merging(library)))
    first = merged.join(asked, merged.child == asked.n).select(n="child", work="parent").distinct()
    keeping = [r.name for r in library.relations.values() if r.keeps_family]
    inside = edges.filter(edges.fits & edges.relation.isin(keeping))
    fresh = table("fresh_above")
    further = inside.join(fresh, inside.child == fresh.work).select(n="n", work="parent").distinct()
    following = engine.sql(further.anti_join(table("above"), ["n", "work"]))
    new = engine.keep("above", engine.sql(first))
    engine.keep("fresh_above", "SELECT * FROM above")
    while new:
        new = engine.keep("fresh_above", following)
        engine.append("above", "fresh_above")


def _merging(library: Library) -> list[str]:
    return [r.name for r in library.relations.values() if r.family_when_alike]


def _counted(library: Library, expressions: Sequence[Expression]) -> ibis.Table:
    """Return the parents by whose terms a work counts, as `features_of` says: `child, relation, expression`."""
    edges, declared = table("edges"), table("declared")
    changing = [r.name for r in library.relations.values() if r.counts_as_base]
    asking = [number for number, e in enumerate(expressions) if not e.ids.isdisjoint(library.family_bound)]
    silent = [number for number, e in enumerate(expressions) if e.ids == {UNDECLARED}]
    changes = edges.filter(edges.fits & edges.relation.isin(changing)).select(n="child").distinct()
    changes = changes.join(declared, "n").select("n", "terms")
    changes = changes.filter(~changes.terms.isin(asking)).select("n")
    found = edges.filter(edges.fits & (edges.child != edges.parent))
    found = found.join(declared, found.parent == declared.n)
    found = found.filter(~(found.same_party & found.expression.isin(silent)))
    found = found.select("child", "parent", "relation", expression=found.terms)
    return found.anti_join(changes, found.parent == changes.n)


def _alike(library: Library, expressions: Sequence[Expression]) -> ibis.Table:
    """Return the artifacts of which all that was merged into them is of one family, as `features_of` says.

    `holds` is a place in `HOLDS`: it is open where such a relation is not stated.
    """
    edges, counted, above_ = table("edges"), _counted(library, expressions), table("above")
    asked = above_.select("n").distinct()
    merged = edges.filter(edges.fits & edges.relation.isin(_merging(library)))
    merged = merged.join(asked, merged.child == asked.n)
    unstated = merged.relation.isin([r.name for r in library.relations.values() if r.candidates])
    holds = merged.mutate(holds=ibis.ifelse(unstated, 2, 1).cast("int32")).group_by("n")
    holds = holds.agg(holds=lambda t: t.holds.max())
    own = counted.filter(counted.relation.isin(_merging(library)))
    own = own.join(asked, own.child == asked.n).select("n", "expression")
    keeping = counted.filter(counted.relation.isin([r.name for r in library.relations.values() if r.keeps_family]))
    further = keeping.join(above_, keeping.child == above_.work).select("n", "expression")
    family = own.union(further).group_by("n").agg(different=lambda t: t.expression.nunique())
    return family.filter(family.different == 1).join(holds, "n").select("n", "holds")


def _left_open() -> ibis.Table:
    """Return the artifacts whose license files leave open under which terms they stand, with the reasons."""
    comparisons, open_when = table("comparisons"), table("open_when")
    found = comparisons.join(open_when, "comparison").select("n", "reason").distinct()
    return found.group_by("n").agg(left_open=found.reason.collect().sort())


def _needs(states: States, conditions: Sequence[Condition]) -> list[tuple[int, int]]:
    """Return on which conditions on the artifact the clauses of a state depend."""
    position = {c.iri: i for i, c in enumerate(conditions)}
    rows = {
        (state, position[c.iri])
        for state, part in enumerate(states.parts)
        for option in (*part, *part.members)
        for encumbrance in option
        for clause in (*encumbrance.binds, *encumbrance.may_bind)
        for c in (*clause.when, *clause.unless, *clause.met)
        if c.iri in position
    }
    return sorted(rows)
