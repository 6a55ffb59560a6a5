"""Finding codes: what each one means, read from the shapes that report it."""

from dataclasses import dataclass
from functools import cache

from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.ground.files import turtle_files
from clausegraph.library.index import index_files
from clausegraph.library.model import License


@dataclass(frozen=True, slots=True)
class Code:
    """A finding code with name, message, severity, and the clause kind that it reports, if it does."""

    code: str
    name: str
    message: str
    definition: str
    severity: str
    kind: str | None
    path: str
    only_class: str | None


@cache
def codes() -> dict[str, Code]:
    """Return all finding codes by name, in order."""
    index = index_files(path for part in ("artifact", "data") for path in turtle_files("shapes", part))

    def one(subject: str, iri: str) -> str | None:
        return next(iter(index[subject].get(iri, ())), None)

    found = {}
    for node in sorted(index):
        if ns.SH + "PropertyShape" not in index[node][ns.RDF_TYPE] or not ns.local(node).startswith("CG"):
            continue
        kind, inner = one(node, ns.CG + "reports"), one(node, ns.SH + "not")
        found[ns.local(node)] = Code(
            code=ns.local(node),
            name=str(one(node, ns.SH + "name")),
            message=str(one(node, ns.SH + "message")),
            definition=str(one(node, ns.SKOS + "definition")),
            severity=ns.local(str(one(node, ns.SH + "severity"))).lower(),
            kind=ns.local(kind) if kind else None,
            path=ns.local(str(one(node, ns.SH + "path"))),
            only_class=one(inner, ns.SH + "class") if inner else None,
        )
    return found


def explain(code: str) -> Code:
    """Return a code; raises `UnknownIdentifier` with the nearest ones."""
    found = codes().get(code.strip().upper())
    if found is None:
        raise UnknownIdentifier("finding code", code, [c.lower() for c in codes()], "`clausegraph explain` lists all.")
    return found


def message_of(code: str) -> str:
    """Return the message of a code."""
    return codes()[code].message


def declaration_codes(found: License) -> list[str]:
    """Return the codes that declaring a license brings with it, by the sorts that it belongs to."""
    classes = {ns.CG + sort for sort in found.sorts}
    return [c.code for c in codes().values() if c.only_class in classes]
