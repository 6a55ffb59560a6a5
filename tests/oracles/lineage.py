"""What works are made from, edge by edge, and what was stated of it."""

from collections import Counter
from pathlib import Path
from typing import Any

from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import iri
from tests.oracles.world import Asked, Reuse, Rows, kind_iri, named


def ancestors(asked: Asked) -> Rows:
    return [
        (work.iri, kind_iri(work.kind), license_)
        for work in asked.world.ancestors(asked.iri())
        for license_ in asked.world.license_iris(work)
    ]


def descendants(asked: Asked) -> Rows:
    return [
        (asked.iri(), work.iri, license_)
        for work in asked.world.descendants(asked.iri())
        for license_ in asked.world.license_iris(work)
    ]


def licenses_of_descendants(asked: Asked) -> Rows:
    return list(Counter(row[2] for row in descendants(asked)).items())


def _above(asked: Asked, name: str) -> list[Reuse]:
    """Return the edges of a work and its ancestors."""
    works = {asked.iri(name), *(work.iri for work in asked.world.ancestors(asked.iri(name)))}
    return [reuse for reuse in asked.world.reuses if reuse.child.iri in works]


def edges(asked: Asked) -> Rows:
    found = set()
    for reuse in _above(asked, "start"):
        relation = asked.library.relations[reuse.relation]
        via = relation.within if reuse.own else relation.property
        found.add((reuse.child.iri, via, reuse.parent.iri, "yes" if reuse.own else "no"))
    return list(found)


def datasets_of_work(asked: Asked) -> Rows:
    return list(
        {
            (reuse.parent.iri, reuse.child.iri, license_)
            for reuse in _above(asked, "work")
            if reuse.relation == "train"
            for license_ in asked.world.license_iris(reuse.parent)
        }
    )


def _times_reused(asked: Asked) -> dict[str, int]:
    return {work: len(children) for work, children in asked.world.children.items()}


def most_reused(asked: Asked) -> Rows:
    world = asked.world
    return [
        (work, license_, times, world.judged(world.by_iri[work]).judgment.verdict.name)
        for work, times in _times_reused(asked).items()
        if times >= asked.number("atLeast")
        for license_ in world.license_iris(world.by_iri[work])
    ]


def undeclared_parents(asked: Asked) -> Rows:
    return [
        (work, times)
        for work, times in _times_reused(asked).items()
        if times >= asked.number("atLeast") and asked.world.is_silent(asked.world.by_iri[work])
    ]


def work(asked: Asked) -> Rows:
    found = asked.work()
    publisher = ns.HUB + found.owner if found.owner else None
    verdict = asked.world.judged(found).judgment.verdict.name
    times = _times_reused(asked).get(found.iri)
    return [
        (kind_iri(found.kind), license_, verdict, found.downloads, times, publisher)
        for license_ in asked.world.license_iris(found)
    ]


def _references(asked: Asked) -> list[tuple[Any, ...]]:
    """Return each stated parent once for each relation and place: child, stated, repair, parent, circle."""
    rows = asked.world.catalogue.ask(
        """SELECT DISTINCT c.kind, c.id, r.parent_kind, r.stated, r.relation, r.place, r.repair, p.kind, p.id, r.circle
        FROM refs r JOIN artifacts c ON c.n = r.child LEFT JOIN artifacts p ON p.n = r.parent"""
    )
    return [
        (iri(kind, id_), stated, repair, iri(parent_kind, parent) if parent else None, circle)
        for kind, id_, _, stated, _, _, repair, parent_kind, parent, circle in rows
    ]


def circles(asked: Asked) -> Rows:
    return list({(child, stated, parent) for child, stated, _, parent, circle in _references(asked) if circle})


def repairs(asked: Asked) -> Rows:
    return list(Counter(repair for _, stated, repair, _, _ in _references(asked) if stated).items())


def repaired_references(asked: Asked) -> Rows:
    wanted = asked.text("repair")
    return [
        (child, stated, repair, parent)
        for child, stated, repair, parent, _ in _references(asked)
        if repair == wanted and stated
    ]


def contradictions(asked: Asked) -> Rows:
    rows = asked.world.catalogue.ask("SELECT n, value, place, comparison FROM comparisons WHERE comparison != 'same'")
    works = asked.world.works
    return [
        (works[n].iri, license_, value, place, comparison)
        for n, value, place, comparison in rows
        for license_ in asked.world.license_iris(works[n])
    ]


def sources(asked: Asked) -> Rows:
    return [(Path(s.location).name, s.snapshot, f"{s.date}T00:00:00Z") for s in asked.world.workspace.sources()]


ORACLES = named(
    (
        *(ancestors, circles, contradictions, datasets_of_work, descendants, edges, licenses_of_descendants),
        *(most_reused, repaired_references, repairs, sources, undeclared_parents, work),
    )
)
