"""What works breach and owe, each judged by itself."""

from collections import Counter
from collections.abc import Callable, Iterable

from clausegraph.ground import namespaces as ns
from clausegraph.library.model import Clause
from tests.oracles.carrying import CANNOT, CARRIES, carrying, demanded, forbidden
from tests.oracles.world import Asked, Judged, Rows, Work, kind_iri, named

Pairs = set[tuple[str, str]]


def conflicts(asked: Asked) -> Rows:
    """Return what works breach; those of which no downloads are known pass every limit."""
    least, only = asked.number("atLeast"), asked.text("clause")
    return [
        (judged.work.iri, license_, clause.iri, clause.section, clause.kind.label, judged.work.downloads)
        for judged in asked.world.all_judged()
        if judged.work.downloads is None or judged.work.downloads >= least
        for clause in judged.breached
        if only is None or clause.iri == ns.LICENSE + only
        for license_ in asked.world.license_iris(judged.work)
    ]


def conflicts_by_clause(asked: Asked) -> Rows:
    found = _works_by_clause(asked, lambda judged: judged.breached, asked.text("artifact"))
    return [(clause.iri, clause.section, clause.kind.label, number) for clause, number in found.items()]


def unknowns_by_clause(asked: Asked) -> Rows:
    found = _works_by_clause(asked, lambda judged: judged.doubted)
    return [(clause.iri, clause.kind.label, number) for clause, number in found.items()]


def duties(asked: Asked) -> Rows:
    """Return the hundred duties that most works owe."""
    found = _works_by_clause(asked, lambda judged: judged.owed)
    rows = [(clause.iri, clause.section, clause.kind.label, number) for clause, number in found.items()]
    return sorted(rows, key=lambda row: (-row[3], row[0]))[:100]


def _works_by_clause(
    asked: Asked, clauses: Callable[[Judged], Iterable[Clause]], kind: str | None = None
) -> Counter[Clause]:
    return Counter(clause for judged in asked.world.all_judged(kind) for clause in clauses(judged))


def conflicting_pairs(asked: Asked) -> Rows:
    licenses = asked.library.licenses
    found: Counter[tuple[str, str]] = Counter()
    for judged in asked.world.all_judged(asked.text("kind")):
        upstream = {licenses[clause.license].iri for clause in judged.breached}
        found.update((up, down) for up in upstream for down in asked.world.license_iris(judged.work))
    return [(*pair, number) for pair, number in found.items()]


def verdicts(asked: Asked) -> Rows:
    found = Counter(
        (kind_iri(judged.work.kind), judged.judgment.verdict.name)
        for judged in asked.world.all_judged(asked.text("kind"))
    )
    return [(*key, number) for key, number in found.items()]


def unknown_because(asked: Asked) -> Rows:
    reasons = [judged.judgment.reasons for judged in asked.world.all_judged(asked.text("kind"))]
    hanging = Counter(reason for each in reasons for reason in each)
    alone = Counter(each[0] for each in reasons if len(each) == 1)
    known = asked.library.reasons
    return [
        (ns.REASON + name, known[name].label, number, alone[name], known[name].settled_by)
        for name, number in hanging.items()
    ]


def unsuitable_licenses(asked: Asked) -> Rows:
    found = Counter(
        (asked.library.licenses[i].iri, kind_iri(judged.work.kind))
        for judged in asked.world.all_judged()
        for i in judged.unsuitable
    )
    return [(*key, number) for key, number in found.items()]


def restrictions_in_use(asked: Asked) -> Rows:
    found = Counter(
        restriction
        for judged in asked.world.all_judged()
        for restriction in {name for clause in judged.binding for name in clause.imposes}
    )
    label = asked.world.turtle.label
    return [(ns.RESTRICTION + name, label(ns.RESTRICTION + name), number) for name, number in found.items()]


def breaches_of_work(asked: Asked) -> Rows:
    judged = asked.world.judged(asked.work())
    ways = (("breaches", judged.breached), ("may breach", judged.doubted), ("would breach", judged.waiting))
    return [
        (clause.iri, clause.section, clause.kind.label, how, license_)
        for how, clauses in ways
        for clause in clauses
        for license_ in asked.world.license_iris(judged.work)
    ]


def clauses_of_work(asked: Asked) -> Rows:
    judged = asked.world.judged(asked.work())
    ways = (("bound", judged.binding), ("may be bound", judged.maybe_binding))
    return [
        (judged.work.iri, clause.iri, clause.section, clause.kind.deontic.lower(), how, clause.summary)
        for how, clauses in ways
        for clause in clauses
    ]


def obligations(asked: Asked) -> Rows:
    ancestors = asked.world.ancestors(asked.iri())
    rows: Rows = []
    for clause in asked.world.judged(asked.work()).owed:
        names = set(_names(asked, clause.license))
        origins: list[str | None] = [origin.iri for origin in ancestors if names & set(origin.ids)]
        head = (clause.iri, clause.section, clause.summary, asked.library.licenses[clause.license].iri)
        rows += [(*head, origin) for origin in origins or [None]]
    return rows


def _names(asked: Asked, license_id: str) -> list[str]:
    """Return a license and the families above it."""
    family = asked.library.licenses[license_id].member_of
    return [license_id, *(_names(asked, family) if family else [])]


def breaching_descendants(asked: Asked) -> Rows:
    own = set(asked.work().ids)
    return [
        (work.iri, clause.iri, clause.section, license_)
        for work in asked.world.descendants(asked.iri())
        for clause in asked.world.judged(work).breached
        if clause.license in own
        for license_ in asked.world.license_iris(work)
    ]


def _hidden(asked: Asked, work: Work) -> list[Clause]:
    """Return the flow-down of restrictions that binds a work, where no declared license carries it."""
    licenses = asked.library.licenses
    return [
        clause
        for clause in asked.world.judged(work).binding
        if clause.kind.name == "flow-down" and "ResponsibleAILicense" in licenses[clause.license].families
        if not any(carrying(licenses[i], clause) == CARRIES for i in work.ids)
    ]


def _permissive(asked: Asked, work: Work) -> list[str]:
    licenses = asked.library.licenses
    return [licenses[i].iri for i in work.ids if "PermissiveLicense" in licenses[i].families]


def relabelled(asked: Asked) -> Rows:
    world, licenses = asked.world, asked.library.licenses
    found = set()
    for reuse in world.reuses:
        declared = _permissive(asked, reuse.child)
        hidden = {clause.license for clause in _hidden(asked, reuse.child)} if declared else set()
        for up in hidden & set(reuse.parent.ids):
            tail = (reuse.parent.iri, licenses[up].iri, reuse.child.downloads)
            found |= {(reuse.child.iri, down, *tail) for down in declared}
    return list(found)


def relabellers(asked: Asked) -> Rows:
    works = [w for w in asked.world.works.values() if w.owner and _permissive(asked, w) and _hidden(asked, w)]
    return list(Counter(f"{ns.HUB}{work.owner}" for work in works).items())


def relicensing_impact(asked: Asked) -> Rows:
    new, own = asked.license("new"), set(asked.work().ids)
    found = set()
    for work in asked.world.descendants(asked.iri()):
        modes = {e.mode for e in asked.world.judged(work).held if e.license in own}
        for mode in modes:
            for declared in work.ids:
                license_ = asked.library.licenses[declared].iri
                hindering = _hindering(asked, new.id, mode, declared)
                found |= {(work.iri, license_, clause.iri, clause.section, why) for clause, why in hindering}
    return list(found)


def _hindering(asked: Asked, new: str, mode: str, declared: str) -> list[tuple[Clause, str]]:
    """Return the clauses that stand in the way of a declared license if a new one lies on it in a mode."""
    library = asked.library
    iri = library.encumbrance_of(new, mode)
    if iri is None:
        return []
    held, license_ = library.encumbrances[iri], library.licenses[declared]
    return [
        *((c, "cannot carry") for c in demanded(library, held) if carrying(license_, c) == CANNOT),
        *((c, "forbidden") for c in forbidden(library, held)),
        *((c, "refused") for c in held.binds if c.iri in license_.refused_by),
    ]


def misfit_datasets(asked: Asked) -> Rows:
    licenses = asked.library.licenses
    found = {
        (reuse.parent.iri, licenses[clause.license].iri, clause.iri, reuse.child.iri)
        for reuse in asked.world.reuses
        if reuse.relation == "train" and not reuse.own
        for clause in asked.world.judged(reuse.child).breached
        if clause.license in reuse.parent.ids
    }
    return [(*key, number) for key, number in Counter(row[:3] for row in found).items()]


ORACLES = named(
    (
        *(breaches_of_work, breaching_descendants, clauses_of_work, conflicting_pairs, conflicts, conflicts_by_clause),
        *(duties, misfit_datasets, obligations, relabelled, relabellers, relicensing_impact, restrictions_in_use),
        *(unknown_because, unknowns_by_clause, unsuitable_licenses, verdicts),
    )
)
