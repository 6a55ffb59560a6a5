"""How many works declare what, counted work by work."""

from collections import Counter
from collections.abc import Iterable

from clausegraph.ground import namespaces as ns
from tests.oracles.world import Asked, Rows, Work, kind_iri, named, share


def _works(asked: Asked) -> list[Work]:
    """Return the works of the kind, and from before the day, that are asked for."""
    kind, before = asked.text("kind"), asked.text("before")
    return [
        work
        for work in asked.world.works.values()
        if kind in (None, work.kind) and (before is None or (work.day is not None and work.day < before))
    ]


def _licensed(asked: Asked, works: Iterable[Work]) -> list[Work]:
    return [work for work in works if not asked.world.is_silent(work)]


def licensed(asked: Asked) -> Rows:
    works = _works(asked)
    return [(len(works), len(_licensed(asked, works)))]


def adoption(asked: Asked) -> Rows:
    works = _works(asked)
    declaring = _licensed(asked, works)
    found = Counter(i for work in declaring for i in work.ids)
    rows: Rows = []
    for id_, number in found.items():
        license_ = asked.library.licenses[id_]
        shares = share(number, len(works)), share(number, len(declaring))
        rows.append((license_.iri, license_.name, license_.hf_id, number, len(works), len(declaring), *shares))
    return rows


def adoption_by_family(asked: Asked) -> Rows:
    works = _works(asked)
    declaring = _licensed(asked, works)
    defined = set(asked.world.turtle.families())
    found = Counter(family for work in works for family in _families(asked, work) & defined)
    return [
        (
            *(family, asked.world.turtle.label(family), number, len(works), len(declaring)),
            *(share(number, len(works)), share(number, len(declaring))),
        )
        for family, number in found.items()
    ]


def _families(asked: Asked, work: Work) -> set[str]:
    return {ns.CG + family for i in work.ids for family in asked.world.families_of(i)}


def adoption_by_kind(asked: Asked) -> Rows:
    licenses = asked.library.licenses
    rows = []
    for kind in {work.kind for work in asked.world.works.values()}:
        works = [work for work in asked.world.works.values() if work.kind == kind]
        vague = [w for w in works if any("UndeterminedLicense" in licenses[i].sorts for i in w.ids)]
        rows.append((kind_iri(kind), len(_licensed(asked, works)), len(vague), len(works)))
    return rows


def adoption_by_month(asked: Asked) -> Rows:
    dated = [(work.day[:7], work) for work in _works(asked) if work.day]
    months = Counter(month for month, _ in dated)
    declaring = Counter(month for month, work in dated if not asked.world.is_silent(work))
    found = Counter((month, i) for month, w in dated if not asked.world.is_silent(w) for i in w.ids)
    return [
        (month, asked.library.licenses[i].iri, number, declaring[month], months[month])
        for (month, i), number in found.items()
    ]


def behavioral_use_over_time(asked: Asked) -> Rows:
    length = asked.number("length")
    families = {ns.CG + name for name in ("BehavioralUseLicense", "ResponsibleAILicense", "OpenRAILLicense")}
    dated = [(work.day[:length], work) for work in _works(asked) if work.day]
    declaring = Counter(period for period, work in dated if not asked.world.is_silent(work))
    found = Counter((period, family) for period, work in dated for family in _families(asked, work) & families)
    return [
        (period, family, number, declaring[period], share(number, declaring[period]))
        for (period, family), number in found.items()
    ]


def undeclared(asked: Asked) -> Rows:
    return [
        (work.iri, work.downloads)
        for work in _downloaded(asked)
        if asked.world.is_silent(work) and _is_of_class(asked, work)
    ]


def undetermined(asked: Asked) -> Rows:
    """Return works whose value names no text, once for each value that they state."""
    vague = {"UndeterminedLicense", "LicenseFamily"}
    return [
        (work.iri, stated, work.downloads)
        for work in _downloaded(asked)
        if any(vague & set(asked.library.licenses[i].sorts) for i in work.ids)
        for stated in dict.fromkeys(work.stated or (None,))
    ]


def _downloaded(asked: Asked) -> list[Work]:
    least = asked.number("atLeast")
    return [w for w in asked.world.works.values() if w.downloads is not None and w.downloads >= least]


def _is_of_class(asked: Asked, work: Work) -> bool:
    class_ = asked.text("class")
    return class_ is None or asked.library.artifact_kinds[work.kind].cls == class_


def open_all_the_way(asked: Asked) -> Rows:
    """Return open works with something open on them; those of which no downloads are known pass every limit."""
    least = asked.number("atLeast")
    return [
        (work.iri, license_, work.downloads)
        for work in asked.world.works.values()
        if (work.downloads is None or work.downloads >= least) and _is_of_class(asked, work)
        if _says_open(asked, work) and _rests_on_open(asked, work)
        for license_ in asked.world.license_iris(work)
    ]


def openness(asked: Asked) -> Rows:
    said = [work for work in asked.world.works.values() if _says_open(asked, work)]
    all_ = Counter(kind_iri(work.kind) for work in said)
    open_ = Counter(kind_iri(work.kind) for work in said if _rests_on_open(asked, work))
    return [(kind, number, open_[kind]) for kind, number in all_.items()]


def _says_open(asked: Asked, work: Work) -> bool:
    """Say whether a work with something on it declares nothing but open source."""
    licenses = asked.library.licenses
    declares = all("OpenSourceLicense" in licenses[i].families for i in work.ids)
    return declares and bool(asked.world.judged(work).held)


def _rests_on_open(asked: Asked, work: Work) -> bool:
    licenses = asked.library.licenses
    open_ = {"OpenSourceLicense", "OpenDataLicense"}
    return all(open_ & set(licenses[e.license].families) for e in asked.world.judged(work).held)


ORACLES = named(
    (
        *(adoption, adoption_by_family, adoption_by_kind, adoption_by_month, behavioral_use_over_time, licensed),
        *(open_all_the_way, openness, undeclared, undetermined),
    )
)
