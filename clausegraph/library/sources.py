"""What the ontology says of the places that data come from: registries, renamed owners, names of nothing."""

from clausegraph.ground import namespaces as ns
from clausegraph.library.model import Licensor, Period, Reason, Release
from clausegraph.library.read import Reader


def registries(reader: Reader) -> tuple[tuple[str, str], ...]:
    """Return, for each registry of licenses, the pattern of its addresses and how they are spelled."""
    return tuple((reader.one(s, "addressPattern"), reader.one(s, "spelledAs")) for s in reader.typed("Registry"))


def renamed_owners(reader: Reader) -> dict[str, tuple[str, str]]:
    """Return, for each owner that has another name now, that name and the reason."""
    label = ns.SKOS + "prefLabel"
    return {
        reader.one(s, "statedOwner"): (reader.one(s, "currentOwner"), reader.one(s, label))
        for s in reader.typed("OwnerRename")
    }


def no_artifacts(reader: Reader) -> dict[tuple[str, str], str]:
    """Return, for each (class of artifact, name) that names none, the reason."""
    return {
        (ns.local(reader.one(s, "nameOf")), alias): reader.one(s, ns.SKOS + "scopeNote")
        for s in reader.typed("NoArtifact")
        for alias in sorted(reader.all(s, "alias"))
    }


def restrictions(reader: Reader) -> dict[str, tuple[str, ...]]:
    """Return, for each restriction of use, itself and those that are wider; what only groups others is none."""
    broader = {s: sorted(reader.all(s, ns.SKOS + "broader")) for s in reader.typed("Restriction")}

    def wider(iri: str) -> list[str]:
        return [iri, *(w for b in broader.get(iri, ()) for w in wider(b))] if broader.get(iri) else []

    return {ns.local(s): tuple(dict.fromkeys(map(ns.local, wider(s)))) for s in broader if broader[s]}


def candidate_forms(reader: Reader) -> dict[str, tuple[str, ...]]:
    """Return, for each form that stands for an unstated one, the forms that it may be."""
    return {ns.local(s): found for s in reader.typed("Form") if (found := reader.locals(s, "candidateForm"))}


def merged_forms(reader: Reader) -> frozenset[str]:
    """Return the forms that a merge makes: a stated relation under which parents that are alike make a family."""
    relations = reader.typed("Relation")
    merges = {s for s in relations if reader.one(s, "familyWhenAlike") and not reader.all(s, "candidateRelation")}
    steps = (s for s in reader.typed("Transition") if merges & set(reader.all(s, "byRelation")))
    return frozenset(form for step in steps for form in reader.locals(step, "toForm"))


def reasons(reader: Reader) -> dict[str, Reason]:
    """Return the reasons for which an answer is unknown, by name."""
    found = (
        Reason(
            name=ns.local(s),
            code=reader.one(s, ns.SKOS + "notation"),
            kind=next(iter(reader.locals(s, "raisedByKind")), None),
            own_kind=next(iter(reader.locals(s, "raisedByOwnKind")), None),
            label=reader.one(s, ns.SKOS + "prefLabel"),
            definition=reader.one(s, ns.SKOS + "definition"),
            settled_by=reader.one(s, "settledBy"),
        )
        for s in reader.typed("UnknownReason")
    )
    return {reason.name: reason for reason in found}


def missing(reader: Reader) -> dict[str, str]:
    """Return the node for the license of an ancestor of which nothing is known, by the word for why."""
    nodes = reader.typed("MissingAncestor")
    return {reader.one(s, "missingBecause"): reader.one(s, "identifier") for s in nodes}


def releases(reader: Reader) -> tuple[Release, ...]:
    """Return the releases whose weights and code stand under licenses that are known, each for its time."""
    found = []
    for s in reader.typed("Release"):
        declared: dict[str, list[Period]] = {}
        for d in reader.all(s, "declaration"):
            declared.setdefault(ns.local(reader.one(d, "declaredFor")), []).append(_period(reader, d))
        found.append(
            Release(
                s,
                reader.one(s, ns.SKOS + "prefLabel"),
                tuple(sorted(reader.all(s, "namesBegin"))),
                tuple(sorted(reader.all(s, "hubAccount"))),
                tuple(sorted(declared["model"], key=lambda period: period.valid_from or "")),
                declared["source"][0].license,
            )
        )
    return tuple(found)


def licensors(reader: Reader) -> tuple[Licensor, ...]:
    """Return the parties that texts of licenses name as the one that licenses under them."""
    named: dict[str, set[str]] = {s: set() for s in reader.typed("Licensor")}
    for s, facts in reader.index.items():
        for licensor in facts.get(ns.CG + "fixedLicensor", ()):
            named[licensor].add(reader.one(s, "identifier"))
    return tuple(
        Licensor(s, reader.one(s, ns.SKOS + "prefLabel"), tuple(sorted(reader.all(s, "hubAccount"))), frozenset(ids))
        for s, ids in named.items()
    )


def _period(reader: Reader, declaration: str) -> Period:
    """Return the license of a declaration with its days, written as YYYY-MM-DD."""
    license_id = reader.one(reader.one(declaration, "declares"), "identifier")
    days = (reader.one(declaration, name) for name in ("validFrom", "validUntil"))
    return Period(license_id, *(day[:10] if day else None for day in days))
