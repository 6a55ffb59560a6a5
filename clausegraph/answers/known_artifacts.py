"""Looks ancestors up: in the workspace, then among the known artifacts that ship with the package, then on the Hub.

Of several statements the newest is judged, but where it names no text, one that somebody read at its source. An older
one that names a text is kept: where it judges worse, the verdict is the worse, and a finding says so.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from clausegraph.answers.check import CheckResult, Note, Subject
from clausegraph.answers.nodes import missing_node, with_terms
from clausegraph.ground.addresses import address
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.codes import message_of
from clausegraph.library.names import Expression
from clausegraph.library.releases import terms_of
from clausegraph.loaders.identifiers import split_reference
from clausegraph.loaders.records import DATASET, MODEL
from clausegraph.reasoning.judge_situation import SituationJudge
from clausegraph.reasoning.trace import Edge, Node, Trace
from clausegraph.workspace.data_findings import COMPARISON_CODES, comparison_reasons
from clausegraph.workspace.known import Known, KnownArtifacts, Stated, known_artifacts
from clausegraph.workspace.missing import NOT_LOADED

if TYPE_CHECKING:
    from clausegraph.answers.artifact_index import Catalogue, Entry
    from clausegraph.answers.hub_ancestors import HubAncestors

#: Who told what ships with the package.
KNOWN_ARTIFACTS = "known artifacts"
#: The kinds of artifact that are known, in the order in which a bare id is looked up.
_KINDS = (MODEL, DATASET)


@dataclass(frozen=True, slots=True)
class Told:
    """Where a statement that was judged comes from: the day, the address that was read, if any, and who told it."""

    day: str
    source: str = ""
    by: str = KNOWN_ARTIFACTS


@dataclass(frozen=True, slots=True)
class Place:
    """An artifact that was looked up."""

    kind: str
    id: str

    @property
    def address(self) -> str:
        """The address of the artifact."""
        return address(self.kind, self.id)


@dataclass(eq=False)
class Ancestors:
    """Artifacts of a workspace, if there is one, known artifacts behind it, and behind these the live Hub, if given.

    Where it is `careful`, nodes stand under older statements too. `told` and `older` fill while nodes are read:
    what known artifacts said of each address, and older statements.
    """

    library: Library
    catalogue: "Catalogue | None" = None
    careful: bool = False
    known: KnownArtifacts = field(default_factory=known_artifacts)
    told: dict[str, Told] = field(default_factory=dict)
    older: dict[str, list[tuple[str, Expression]]] = field(default_factory=dict)
    hub: "HubAncestors | None" = None
    pinned: dict[tuple[str, str], Known] = field(default_factory=dict)

    def entry(self, text: str, kind: str | None = None) -> "Entry | Place":
        """Return what an id, URL or prefixed id names; raises `UnknownIdentifier`.

        An exact id of the workspace counts first, then a known artifact, then what the workspace has of such a name.
        """
        if self.catalogue and self.catalogue.holds(address(kind, text) if kind and "/" in text else text):
            return self.catalogue.entry(text, kind)
        stated, id_ = split_reference(text)
        kinds = [str(kind or stated)] if kind or stated else list(_KINDS)
        for one in kinds:
            if (found := self._shipped(one, id_)) is not None:
                return Place(found.kind, found.id)
        refused: UnknownIdentifier | None = None
        if self.catalogue is not None:
            try:
                return self.catalogue.entry(text, kind)
            except UnknownIdentifier as error:
                refused = error
        for one in kinds if self.hub else ():
            if (found := self._known(one, id_)) is not None:
                return Place(found.kind, found.id)
        raise refused or self._named_nothing(text, kinds, id_)

    def _named_nothing(self, text: str, kinds: Sequence[str], id_: str) -> UnknownIdentifier:
        """Return the error for a name of which nothing is known, with what the Hub said and the nearest names."""
        said = next((self.hub.gaps[k, id_] for k in kinds if self.hub and (k, id_) in self.hub.gaps), "")
        return UnknownIdentifier(
            "artifact",
            text,
            nearest=[address(k, near) for k, near in self.known.nearest(kinds, id_)],
            hint="It is no known artifact"
            + (f", and of the Hub: {said}." if said else ", and no loaded source holds it.")
            + " Run `clausegraph load SOURCE`, or check a path.",
        )

    def find(self, kind: str, text: str, *, ask: bool = True) -> str | None:
        """Return the address of an artifact, or `None`; the Hub is asked only where it may be."""
        hub = self.hub
        self.hub = hub if ask else None
        try:
            return str(self.entry(text, kind).address)
        except UnknownIdentifier:
            return None
        finally:
            self.hub = hub

    def pin(self, text: str, revision: str) -> bool:
        """Let an id mean its repository at a revision; say whether the Hub could tell what stands there."""
        stated, id_ = split_reference(text)
        for kind in [stated] if stated else _KINDS:
            if self.hub and (found := self.hub.find(kind, id_, revision)):
                self.pinned[kind, id_.casefold()] = found
                return True
        return False

    def subject(self, text: str, assumptions: Assumptions) -> Subject:
        """Return an artifact with its ancestors, to be judged."""
        place = self.entry(text)
        nodes = self.nodes(place.address)
        if self.catalogue and self.catalogue.holds(place.address):
            return self.catalogue.subject_of(self.catalogue.entry(place.address), nodes, assumptions)
        known = self._known(place.kind, place.id)
        stated = known.stated[0].licenses if known and known.stated else ()
        trace = Trace(self.library, nodes)
        return Subject(
            self.library, trace, trace.nodes[nodes[0].id], SituationJudge(self.library, assumptions), stated=stated
        )

    def nodes(self, text: str) -> list[Node]:
        """Return an artifact and all its ancestors as nodes, the artifact first; raises `UnknownIdentifier`."""
        place = self.entry(text)
        found: dict[str, Node] = {}
        self._add(found, place.kind, place.id)
        first = next(iter(found))
        renamed: dict[str, str] = {}
        asked: set[str] = set()
        while open_ := [n for n in found.values() if n.id not in asked and self._not_loaded(n)]:
            for node in open_:
                asked.add(node.id)
                id_ = split_reference(node.id)[1]
                known = self._known(node.kind, id_)
                if known is None and not self._holds(node.kind, id_):
                    continue
                kind, id_ = (known.kind, known.id) if known else (node.kind, id_)
                renamed[node.id] = address(kind, id_)
                del found[node.id]
                if renamed[node.id] not in found:
                    self._add(found, kind, id_)
        nodes = [_renamed(found.pop(first), renamed), *(_renamed(node, renamed) for node in found.values())]
        return [self._cautious(node) for node in nodes] if self.careful else nodes

    def _known(self, kind: str, id_: str) -> Known | None:
        """Return what is known of an id: at the revision that was asked for, by what ships, or by the Hub."""
        if found := self.pinned.get((kind, id_.casefold())):
            return found
        found = self._shipped(kind, id_)
        hub = self.hub
        if hub is None or (not hub.questions.refresh and (found is not None or self._holds(kind, id_))):
            return found
        fresh = hub.find(kind, id_)
        if fresh is None or found is None:
            return fresh or found
        parents = {(p.kind, p.id.casefold()): p for p in (*found.parents, *fresh.parents)}
        return replace(fresh, stated=(*fresh.stated, *found.stated), parents=tuple(parents.values()))

    def _shipped(self, kind: str, id_: str) -> Known | None:
        """Return what ships of an id, or of what its owner is called now."""
        found = self.known.find(kind, id_)
        moved = self.library.renamed_owners.get((_owner(id_) or "").casefold()) if found is None else None
        return self.known.find(kind, f"{moved[0]}/{id_.partition('/')[2]}") if moved else found

    def _not_loaded(self, node: Node) -> bool:
        return not node.known and node.declared == Expression.of(self.library.missing[NOT_LOADED])

    def _holds(self, kind: str, id_: str) -> bool:
        return self.catalogue is not None and self.catalogue.holds(address(kind, id_))

    def _add(self, found: dict[str, Node], kind: str, id_: str) -> None:
        """Add an artifact of the workspace with its ancestors there, or a known one with the names of its parents."""
        if self.catalogue and self._holds(kind, id_):
            fresh = [n for n in self.catalogue.nodes(address(kind, id_)) if n.id not in found]
            days = self._days(n for n in fresh if n.known)
            found |= {n.id: self._reconciled(n, days[n.id]) if n.id in days else n for n in fresh}
            return
        known = self._known(kind, id_)
        assert known is not None
        node = self._known_node(known)
        found[node.id] = node
        for parent in known.parents:
            lost = missing_node(self.library, parent.kind, parent.id, word=parent.word or NOT_LOADED)
            found.setdefault(lost.id, lost)

    def _days(self, nodes: Iterable[Node]) -> dict[str, str]:
        """Return the day of which the source of each artifact tells, for those that are known artifacts too."""
        both = {n.id: n for n in nodes if self._known(n.kind, split_reference(n.id)[1]) is not None}
        if not both or self.catalogue is None:
            return {}
        pairs = [value for n in both.values() for value in (n.kind, split_reference(n.id)[1])]
        places = ", ".join(["(?, ?)"] * len(both))
        rows = self.catalogue.ask(f"SELECT kind, id, source FROM artifacts WHERE (kind, id) IN ({places})", pairs)
        sources = self.catalogue.workspace.sources()
        return {address(kind, id_): sources[source].date for kind, id_, source in rows}

    def _known_node(self, known: Known) -> Node:
        """Return a known artifact as a node whose edges lead to its parents as they are stated."""
        edges = [
            Edge(
                missing_node(self.library, p.kind, p.id, word=p.word or NOT_LOADED).id,
                p.relation,
                not p.word and _owner(known.id) is not None and _owner(known.id) == _owner(p.id),
                p.inferred,
            )
            for p in known.parents
        ]
        reasons = comparison_reasons(self.library)
        left_open = tuple(sorted({reasons[word] for word in known.open if word in reasons}))
        name = address(known.kind, known.id)
        readings = [(s, self._read(s)) for s in known.stated]
        judged, declared = self._judged(name, readings)
        parents = tuple(dict.fromkeys(edges))
        node = Node(name, known.kind, declared, parents, left_open=left_open, owner=_owner(known.id))
        self.told[name] = self._teller(node.kind, known.id, judged)
        return self._with_terms(node, known.id, declared, judged.day)

    def _teller(self, kind: str, id_: str, judged: Stated) -> Told:
        """Return who told a statement: the Hub that was asked, or known artifacts."""
        asked = self.pinned.get((kind, id_.casefold())) or (self.hub.told(kind, id_) if self.hub else None)
        by = self.hub.host if self.hub and asked and judged in asked.stated else KNOWN_ARTIFACTS
        return Told(judged.day, judged.source, by)

    def _with_terms(self, node: Node, id_: str, declared: Expression, day: str) -> Node:
        if node.kind != MODEL:
            return node
        terms = terms_of(self.library, id_.rpartition("/")[2], _owner(id_), declared, day)
        return with_terms(self.library, node, terms.expression, terms.code_only.iri if terms.code_only else None)

    def _read(self, stated: Stated) -> Expression:
        return self.library.names.stated(stated.licenses, stated.name)

    def _judged(self, name: str, readings: Sequence[tuple[Stated, Expression]]) -> tuple[Stated, Expression]:
        """Return the statement that is judged and its reading, and keep the older ones that name other texts."""
        newest = max(readings, key=lambda r: (r[0].day, bool(r[0].source)))
        read = [r for r in readings if r[0].source and self._names_text(r[1])]
        judged = read[0] if read and not self._names_text(newest[1]) else newest
        older = [
            (stated.day, expression)
            for stated, expression in readings
            if expression != judged[1] and stated.day <= judged[0].day and self._names_text(expression)
        ]
        if older:
            self.older[name] = older
        return judged

    def _names_text(self, expression: Expression) -> bool:
        return not any(self.library.licenses[i].names_no_text for i in expression.ids)

    def _reconciled(self, node: Node, day: str) -> Node:
        """Return a node of the workspace as the newest statement about it says; the other one is kept as older."""
        id_ = split_reference(node.id)[1]
        known = self._known(node.kind, id_)
        if known is None or node.declared is None:
            return node
        ours = Stated(day, ("",))
        readings = [(ours, node.declared), *((s, self._read(s)) for s in known.stated)]
        judged, declared = self._judged(node.id, readings)
        if judged is ours or declared == node.declared:
            return node
        self.told[node.id] = self._teller(node.kind, id_, judged)
        return self._with_terms(replace(node, declared=declared, terms=None, release=None), id_, declared, judged.day)

    # ---- what older statements change ----------------------------------------

    def check(self, text: str, assumptions: Assumptions) -> CheckResult:
        """Check an artifact of the workspace or a known one."""
        return self.judged(self.subject(text, assumptions))

    def judged(self, subject: Subject) -> CheckResult:
        """Return the check of a subject whose ancestors were looked up here, under the worse of two statements."""
        result = subject.check()
        told = {name: told for name, told in self.told.items() if name in subject.trace.nodes}
        for name in sorted(self.older.keys() & subject.trace.nodes.keys()):
            for day, expression in self.older[name]:
                other = self._instead(subject, name, expression).check()
                if other.judgment.verdict > result.judgment.verdict:
                    code = COMPARISON_CODES["catalogue_differs"]
                    what = f"{name} was stated as {expression} on {day}, which judges worse than what is stated later"
                    result = replace(other, notes=(*other.notes, Note(code, what, message_of(code))))
        gaps = {name: said for name in result.missing if (said := self._gap(name))}
        known = {name: (one.day, one.source, one.by) for name, one in sorted(told.items())}
        return replace(result, known=known, gaps=gaps)

    def _gap(self, name: str) -> str:
        """Return why the Hub says nothing of an ancestor; nothing where it was not asked about it."""
        kind, id_ = split_reference(name)
        said = self.hub.gaps.get((kind or MODEL, id_)) if self.hub else None
        return f"{self.hub.host}: {said}" if self.hub and said else ""

    def _instead(self, subject: Subject, name: str, expression: Expression) -> Subject:
        nodes = [
            replace(n, declared=expression, terms=None, release=None) if n.id == name else n
            for n in subject.trace.nodes.values()
        ]
        trace = Trace(self.library, nodes)
        return replace(subject, trace=trace, node=trace.nodes[subject.node.id])

    def cautious(self, subject: Subject) -> Subject:
        """Return a subject whose ancestors stand under all that was stated of them, old and new."""
        trace = Trace(self.library, map(self._cautious, subject.trace.nodes.values()))
        return replace(subject, trace=trace, node=trace.nodes[subject.node.id])

    def _cautious(self, node: Node) -> Node:
        terms = node.passes_on
        for _, expression in self.older.get(node.id, ()):
            terms = expression if terms is None else terms.together(expression)
        return node if terms == node.passes_on else replace(node, terms=terms)


def _owner(id_: str) -> str | None:
    return id_.partition("/")[0] if "/" in id_ and ":" not in id_ else None


def _renamed(node: Node, names: dict[str, str]) -> Node:
    """Return a node whose edges lead to what its parents are called now."""
    if not any(edge.parent in names for edge in node.edges):
        return node

    def edge_of(edge: Edge) -> Edge:
        now = names.get(edge.parent, edge.parent)
        here, there = (split_reference(i)[1] for i in (node.id, now))
        return replace(
            edge, parent=now, same_party=edge.same_party or (_owner(here) is not None and _owner(here) == _owner(there))
        )

    return replace(node, edges=tuple(dict.fromkeys(edge_of(edge) for edge in node.edges)))
