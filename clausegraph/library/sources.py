"""What the ontology says of the places that data come from: registries, renamed owners, names of nothing."""

from clausegraph import namespaces as ns
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
