"""Whether those who reuse a work carry its flow-down, counted reuse by reuse."""

from collections import Counter
from collections.abc import Callable

from clausegraph.library import Library
from clausegraph.library.model import Clause, License
from tests.oracles.carrying import CANNOT, CARRIES, NOTHING, carrying, demanded
from tests.oracles.world import Asked, Reuse, Rows, named, relation_iri

FLOW = "flow-down"
#: How well a license treats a clause, from silence to being the license itself.
SILENT, DROPS, OPEN, KEEPS, SAME = range(5)


def adherence(asked: Asked) -> Rows:
    return _counted(asked, lambda license_, reuse: license_.iri)


def adherence_by_relation(asked: Asked) -> Rows:
    return _counted(asked, lambda license_, reuse: relation_iri(reuse.shown))


def adherence_by_month(asked: Asked) -> Rows:
    return _counted(asked, lambda license_, reuse: reuse.child.day and reuse.child.day[:7])


def _counted(asked: Asked, group: Callable[[License, Reuse], str | None]) -> Rows:
    """Return the counts per group: all, and each way in which the flow-down of a license above was treated."""
    found: dict[str, Counter[int]] = {}
    for license_, reuse in _reuses(asked):
        rank = _rank(asked.library, license_, reuse)
        key = group(license_, reuse)
        if rank is not None and key is not None:
            found.setdefault(key, Counter())[rank] += 1
    return [
        (key, n.total(), n[KEEPS] + n[SAME], n[SAME], n[SILENT], n[OPEN], n[DROPS]) for key, n in sorted(found.items())
    ]


def _reuses(asked: Asked) -> list[tuple[License, Reuse]]:
    """Return each reuse of another party's work with each license that the work declares."""
    only, kind = asked.license_or_none(), asked.text("kind")
    reuses = {(r.child.iri, r.parent.iri, r.shown): r for r in asked.world.reuses if not r.own}
    licenses = asked.library.licenses
    return [
        (licenses[i], reuse)
        for reuse in reuses.values()
        if kind in (None, reuse.child.kind)
        for i in reuse.parent.ids
        if only is None or licenses[i] is only
    ]


def _rank(library: Library, license_: License, reuse: Reuse) -> int | None:
    """Return how the worst treated clause is treated that follows along the relation; nothing where none does."""
    ranks = [
        max(how(library, library.licenses[child], license_) for child in reuse.child.ids)
        for how in _following(library, license_, reuse.shown)
    ]
    return min(ranks, default=None)


Treating = Callable[[Library, License, License], int]


def _following(library: Library, license_: License, relation: str) -> list[Treating]:
    """Return, for each flow-down of a license that follows along a relation, what says how it is treated."""
    own = [_clause_treated(clause) for clause in _flows(license_) if _binds(library, license_, clause, relation)]
    members = [library.licenses[i] for i in library.members.get(license_.id, ())]
    flowing = members and all(_flows(member) for member in members)
    if flowing and any(_binds(library, m, clause, relation) for m in members for clause in _flows(m)):
        return [*own, _family_treated(members)]
    return own


def _clause_treated(clause: Clause) -> Treating:
    return lambda library, child, license_: _treated(child, license_, carrying(child, clause))


def _family_treated(members: list[License]) -> Treating:
    return lambda library, child, license_: _treated(child, license_, _of_members(child, members))


def _treated(child: License, license_: License, how: str) -> int:
    if "NoDeclaration" in child.sorts:
        return SILENT
    if child is license_:
        return SAME
    return {CARRIES: KEEPS, CANNOT: DROPS, NOTHING: DROPS}.get(how, OPEN)


def _of_members(child: License, members: list[License]) -> str:
    """Return how a license treats the flow-down of a family: of all members, of none, or of some."""
    each = [{carrying(child, clause) for clause in _flows(member)} for member in members]
    if all(found == {CARRIES} for found in each):
        return CARRIES
    return CANNOT if all(found & {CANNOT, NOTHING} for found in each) else "open"


def _flows(license_: License) -> list[Clause]:
    return [clause for clause in license_.clauses if clause.kind.name == FLOW]


def _binds(library: Library, license_: License, clause: Clause, relation: str) -> bool:
    moved = library.move(library.start(license_.id), relation)
    return moved is not None and clause in library.encumbrances[moved].binds


def license_drift(asked: Asked) -> Rows:
    found: Counter[tuple[str, str]] = Counter()
    for reuse in _pairs_by_relation(asked):
        found[relation_iri(reuse.shown), _change(asked, reuse)] += 1
    return [(*key, number) for key, number in found.items()]


def _change(asked: Asked, reuse: Reuse) -> str:
    above, below = (asked.world.is_silent(work) for work in (reuse.parent, reuse.child))
    if above or below:
        return "neither" if above and below else "added" if above else "dropped"
    return "kept" if reuse.parent.declared == reuse.child.declared else "changed"


def _pairs_by_relation(asked: Asked) -> list[Reuse]:
    kind = asked.text("upstreamKind")
    found = {(r.child.iri, r.parent.iri, r.shown): r for r in asked.world.reuses}
    return [reuse for reuse in found.values() if kind in (None, reuse.parent.kind)]


def license_changes(asked: Asked) -> Rows:
    found: Counter[tuple[str, str]] = Counter(
        (str(reuse.parent.declared), str(reuse.child.declared))
        for reuse in _pairs_by_relation(asked)
        if _change(asked, reuse) == "changed"
    )
    return [(*key, number) for key, number in found.items()]


def incompatible_merges(asked: Asked) -> Rows:
    world, library = asked.world, asked.library
    merges = {(r.child.iri, r.parent.iri): r for r in world.reuses if r.relation == "merge" and not r.own}
    found = set()
    for one in merges.values():
        for other in merges.values():
            if one.child is other.child and one.parent is not other.parent:
                for mine in one.parent.ids:
                    for theirs in other.parent.ids:
                        clauses = _clashing(library, mine, theirs)
                        head = (one.child.iri, one.parent.iri, library.licenses[mine].iri, other.parent.iri)
                        found |= {(*head, library.licenses[theirs].iri, clause) for clause in clauses}
    return sorted(found)


def _clashing(library: Library, mine: str, theirs: str) -> set[str]:
    """Return what one license demands of a merge and the other cannot carry, where it is so the other way too."""
    if mine == theirs:
        return set()
    back = _not_carried(library, theirs, mine)
    return _not_carried(library, mine, theirs) if back else set()


def _not_carried(library: Library, license_id: str, by: str) -> set[str]:
    moved = library.move(library.start(license_id), "merge")
    clauses = demanded(library, library.encumbrances[moved]) if moved else []
    return {clause.iri for clause in clauses if carrying(library.licenses[by], clause) == CANNOT}


ORACLES = named(
    (adherence, adherence_by_month, adherence_by_relation, incompatible_merges, license_changes, license_drift)
)
