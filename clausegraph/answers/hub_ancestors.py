"""Ancestors of which only the live Hub knows, as known artifacts: what it says of them, or why it says nothing."""

from dataclasses import dataclass, field

from clausegraph.library import Library
from clausegraph.loaders.forms import meant
from clausegraph.loaders.hub_ask import HubQuestions, host
from clausegraph.loaders.records import BASES, INFERRED, MODEL, Artifact, Reference
from clausegraph.workspace.comparisons import compare, is_text
from clausegraph.workspace.data_findings import comparison_reasons
from clausegraph.workspace.known import Known, KnownParent, Stated
from clausegraph.workspace.missing import UNNAMED, UNREADABLE, is_identifier


@dataclass(eq=False)
class HubAncestors:
    """Artifacts of the Hub as known artifacts; `gaps` says, by address-like name, why there is none.

    Only names that may be asked for are: those of a card that is checked, and those that the Hub's answers lead to.
    """

    library: Library
    questions: HubQuestions
    gaps: dict[tuple[str, str], str] = field(default_factory=dict)
    _found: dict[tuple[str, str, str], Known | None] = field(default_factory=dict)

    def find(self, kind: str, id_: str, revision: str = "") -> Known | None:
        """Return what the Hub says of an artifact, or `None` where it says nothing."""
        key = (kind, id_, revision)
        if key not in self._found:
            self._found[key] = self._new(kind, id_, revision)
        return self._found[key]

    @property
    def host(self) -> str:
        """The host that is asked."""
        return host()

    def told(self, kind: str, id_: str) -> Known | None:
        """Return what the Hub said of an artifact when it was asked, under the name that it has or was asked by."""
        wanted = (kind, id_.casefold())
        return next((k for k in self._found.values() if k and (k.kind, k.id.casefold()) == wanted), None)

    def _new(self, kind: str, id_: str, revision: str) -> Known | None:
        from clausegraph.loaders.hub_record import read_record  # which a check without questions does not need

        answer = self.questions.ask(kind, id_, revision)
        if answer.item is None:
            self.gaps[kind, id_] = answer.reason
            return None
        try:
            artifact = read_record(answer.item, kind)
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            self.gaps[kind, id_] = f"its answer cannot be read ({error})"
            return None
        return known_of(self.library, artifact, answer.day)


def known_of(library: Library, artifact: Artifact, day: str) -> Known:
    """Return an artifact as a known one, with what was stated of it on a day."""
    declared = library.names.stated(artifact.licenses, artifact.license_name)
    words = comparison_reasons(library)
    differs = {
        compare(library, declared, [one.value], one.place, more=one.more, text=is_text(one.name))
        for one in artifact.statements
    }
    stated = Stated(day, artifact.licenses, artifact.license_name)
    others = (r for r in artifact.references if (r.parent_kind, r.parent) != (artifact.kind, artifact.id))
    parents = dict.fromkeys(parent for one in _best(tuple(others)) for parent in _parents(library, one))
    return Known(artifact.kind, artifact.id, (stated,), tuple(parents), tuple(sorted(differs & words.keys())))


def _parents(library: Library, one: Reference) -> list[KnownParent]:
    """Return the parents that a reference names, each along the relation by which it is judged."""
    relation, guess = one.relation, None
    if one.basis == INFERRED and one.parent_kind == MODEL:
        relation, guess = library.unstated["base_model"].name, one.relation
    if library.names_no_artifact(one.parent_kind, one.parent):
        needed = library.relations[one.relation].needs_upstream
        return [KnownParent(one.parent_kind, "", relation, guess, UNNAMED)] if needed else []
    if not one.parent:
        return [KnownParent(one.parent_kind, "", relation, guess, UNNAMED)]
    ids = meant(one.parent_kind, one.parent) or (one.parent,)
    return [KnownParent(one.parent_kind, id_, relation, guess, "" if is_identifier(id_) else UNREADABLE) for id_ in ids]


def _best(references: tuple[Reference, ...]) -> list[Reference]:
    """Return the references whose relation counts most for each parent."""
    best: dict[tuple[str, str], int] = {}
    for one in references:
        rank = BASES.index(one.basis)
        best[one.parent_kind, one.parent] = min(best.get((one.parent_kind, one.parent), rank), rank)
    return [one for one in references if BASES.index(one.basis) == best[one.parent_kind, one.parent]]
