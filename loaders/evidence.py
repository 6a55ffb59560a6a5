"""What configurations, heads of weights, code and project files beside a card say of lineage and license.

A card counts before them: what it names is not said a second time. What cannot be read of them, and a name
that is computed, is told with file and line.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping

from clausegraph.loaders import code, configs, project_files
from clausegraph.loaders.beside import UNREADABLE
from clausegraph.loaders.document import Context
from clausegraph.loaders.forms import meant
from clausegraph.loaders.records import (
    APPLICATION,
    ATTACHED,
    DATASET,
    FILE,
    INFERRED,
    MODEL,
    SERVICE,
    SOURCE,
    Reference,
    Rejected,
    Statement,
)

Evidence = Reference | Statement


def from_evidence(
    kind: str, files: Mapping[str, bytes], context: Context, folder: str
) -> tuple[list[Reference], list[Statement]]:
    """Return the parents and license statements in configurations, heads of weights and code beside a card."""
    found: list[Evidence] = []
    for name, data in sorted(files.items()):

        def tell(
            line: int,
            reason: str,
            text: str = "",
            place: str = f"{folder}/{name}" if folder else name,
            told: bool = data == UNREADABLE,
        ) -> None:
            if not told:
                context.reject(Rejected(place, line, reason, text))

        try:
            found += list(_of_file(kind, name, data, tell))
        except ValueError as error:
            tell(0, f"it could not be read: {error}")
    references = dict.fromkeys(one for one in found if isinstance(one, Reference))
    return list(references), [one for one in found if isinstance(one, Statement)]


def _of_file(kind: str, name: str, data: bytes, tell: Callable[..., None]) -> Iterator[Evidence]:
    if kind == MODEL and name in configs.LOADED:
        yield from configs.loaded_from(data)
    elif kind == MODEL and name in configs.MERGES:
        from clausegraph.loaders.front_matter import load_yaml

        try:
            recipe = load_yaml(data.decode("utf-8-sig", errors="replace"))
        except ValueError as error:
            tell(0, f"it could not be read: {error}")
            yield Reference(MODEL, f"({name})", "merge", INFERRED, FILE)  # it was merged, and nobody knows from what
            return
        yield from configs.merged_from(recipe)
    elif kind in (MODEL, DATASET) and name.casefold().endswith(configs.SAFETENSORS):
        facts = configs.safetensors_facts(data)
        yield from configs.trained_from(facts) if kind == MODEL else ()
        if stated := facts.get("modelspec.license", "").strip():
            yield Statement(FILE, stated, name)
    elif name in project_files.NAMES:
        yield from _of_project(kind, name, data.decode("utf-8-sig", errors="replace"), tell)
    elif name.casefold().endswith(".py"):
        yield from _of_code(kind, name, data.decode("utf-8-sig", errors="replace"), tell)


def _of_code(kind: str, name: str, text: str, tell: Callable[..., None]) -> Iterator[Evidence]:
    """Yield what code loads: a part of a Space or an application, and used by any other work."""
    program = kind in (SERVICE, APPLICATION, SOURCE)
    if stated := code.spdx_header(text):
        yield Statement(FILE if program else ATTACHED, stated, name)
    for one in code.loadings(text):
        if one.name is None:
            tell(one.line, f"what `{one.call}` loads is computed, or not named. Name it on the card", one.call)
        elif ids := meant(one.kind, one.name):
            for id_ in ids:
                yield Reference(one.kind, id_, "include" if program else "use", INFERRED, FILE)
        else:
            tell(one.line, f"`{one.call}` loads {one.name!r}, which is no identifier. Name it on the card", one.name)


def _of_project(kind: str, name: str, text: str, tell: Callable[..., None]) -> Iterator[Evidence]:
    """Yield the license and the needs of a program; beside any other artifact they are those of code that uses it."""
    program = kind in (SERVICE, APPLICATION, SOURCE)
    found = project_files.needs(name, text)
    for stated in found.licenses:
        yield Statement(FILE if program else ATTACHED, stated, name)
    for parent_kind, id_ in found.named:
        yield Reference(parent_kind or SOURCE, id_, "link" if program else "use", INFERRED, FILE)
    if program and found.packages:
        shown = ", ".join(found.packages[:5]) + (", …" if len(found.packages) > 5 else "")
        reason = f"it needs {len(found.packages)} packages by name alone; their licenses are not looked up"
        tell(0, reason, shown)


def not_yet(stated: Iterable[Reference], shown: Iterable[Reference]) -> Iterator[Reference]:
    """Yield what files show, without what the card, its tags or other files state already."""
    known = {(r.parent_kind, id_) for r in stated for id_ in (r.parent, *meant(r.parent_kind, r.parent))}
    for one in shown:
        ids = meant(one.parent_kind, one.parent) or (one.parent,)
        if one.relation == "merge" or not known.issuperset((one.parent_kind, id_) for id_ in ids):
            yield one
