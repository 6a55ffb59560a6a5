"""What the oracles look at: the tables of a workspace, each work judged by itself, the library, the Turtle files."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache, cached_property
from typing import Any

import pyoxigraph as ox

from clausegraph.answers.artifact_index import Catalogue
from clausegraph.answers.check import Subject
from clausegraph.ground import namespaces as ns
from clausegraph.ground.addresses import address, iri, iri_of
from clausegraph.ground.files import turtle_files
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.model import Clause, Encumbrance, License
from clausegraph.library.names import Expression
from clausegraph.reasoning.judge_situation import unsuitable
from clausegraph.reasoning.outcomes import Judgment, Level, Outcome
from clausegraph.workspace.folder import Workspace

Rows = list[tuple[Any, ...]]
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
OWL = "http://www.w3.org/2002/07/owl#"
LABEL, DEFINITION = ns.SKOS + "prefLabel", ns.SKOS + "definition"


@dataclass(frozen=True, eq=False)
class Work:
    """An artifact as the tables have it; `day` is when it was created."""

    n: int
    kind: str
    iri: str
    address: str
    owner: str | None
    stated: tuple[str, ...]
    day: str | None
    downloads: int | None
    declared: Expression

    @property
    def ids(self) -> list[str]:
        return sorted(self.declared.ids)


@dataclass(frozen=True, eq=False)
class Reuse:
    """One work made from another; `shown` is the relation that is stated, or else suggested by tags."""

    child: Work
    parent: Work
    relation: str
    shown: str
    own: bool


class Turtle:
    """The hand-written files of the ontology, by subject and predicate."""

    def __init__(self) -> None:
        self.facts: dict[str, dict[str, list[Any]]] = defaultdict(lambda: defaultdict(list))
        for path in turtle_files("ontology"):
            for triple in ox.parse(path=str(path), rename_blank_nodes=True):
                self.facts[_plain(triple.subject)][triple.predicate.value].append(_plain(triple.object))

    def values(self, subject: str, predicate: str) -> list[Any]:
        return self.facts[subject][predicate] if subject in self.facts else []

    def label(self, subject: str) -> str:
        return str(self.values(subject, LABEL)[0])

    def typed(self, type_: str) -> list[str]:
        return sorted(s for s, facts in self.facts.items() if type_ in facts.get(ns.RDF_TYPE, ()))

    def families(self) -> list[str]:
        """Return the classes of licenses that have a definition."""
        within = (s for s, facts in self.facts.items() if ns.CG + "License" in facts.get(RDFS + "subClassOf", ()))
        return sorted(s for s in within if self.values(s, OWL + "equivalentClass"))


def _plain(term: Any) -> Any:
    if isinstance(term, ox.Literal) and term.datatype.value.endswith("#integer"):
        return int(term.value)
    return f"_:{term.value}" if isinstance(term, ox.BlankNode) else term.value


class World:
    """Everything that an answer is computed from."""

    def __init__(self, workspace: Workspace, library: Library) -> None:
        self.workspace = workspace
        self.library = library
        self.catalogue = Catalogue(workspace, library)
        self.assume = Assumptions(library)
        self.judged = cache(self._judged)

    @cached_property
    def turtle(self) -> Turtle:
        return Turtle()

    @cached_property
    def works(self) -> dict[int, Work]:
        rows = self.catalogue.ask(
            "SELECT n, kind, id, owner, licenses, created_at, downloads, expression FROM artifacts"
        )
        expressions = self.catalogue.expressions
        return {
            n: Work(n, k, iri(k, i), address(k, i), o, tuple(s or ()), _day(at), d, expressions[e])
            for n, k, i, o, s, at, d, e in rows
        }

    @cached_property
    def reuses(self) -> list[Reuse]:
        rows = self.catalogue.ask("SELECT child, parent, relation, inferred, same_party FROM edges")
        return [Reuse(self.works[c], self.works[p], r, guess or r, own) for c, p, r, guess, own in rows]

    @cached_property
    def parents(self) -> dict[str, set[str]]:
        return _grouped((r.child.iri, r.parent.iri) for r in self.reuses)

    @cached_property
    def children(self) -> dict[str, set[str]]:
        return _grouped((r.parent.iri, r.child.iri) for r in self.reuses)

    @cached_property
    def by_iri(self) -> dict[str, Work]:
        return {work.iri: work for work in self.works.values()}

    def ancestors(self, work: str) -> list[Work]:
        return [self.by_iri[i] for i in _reached(self.parents, work)]

    def descendants(self, work: str) -> list[Work]:
        return [self.by_iri[i] for i in _reached(self.children, work)]

    def license_iris(self, work: Work) -> list[str]:
        return [self.library.licenses[i].iri for i in work.ids]

    def is_silent(self, work: Work) -> bool:
        return any("NoDeclaration" in self.library.licenses[i].sorts for i in work.ids)

    def families_of(self, license_id: str) -> set[str]:
        """Return the families of a license, and for a name of several licenses those that all of them have."""
        found = self.library.licenses[license_id]
        return {*found.families, *found.shared}

    def _judged(self, work: Work) -> "Judged":
        subject = self.catalogue.subject(work.address, self.assume)
        return Judged(self.library, work, subject, subject.judged(work.declared, subject.node.left_open))

    def all_judged(self, kind: str | None = None) -> Iterator["Judged"]:
        for work in self.works.values():
            if kind in (None, work.kind):
                yield self.judged(work)


@dataclass(frozen=True, eq=False)
class Judged:
    """One work with its verdict, and what lies on it."""

    library: Library
    work: Work
    subject: Subject
    judgment: Judgment

    @cached_property
    def held(self) -> list[Encumbrance]:
        return list({e.iri: e for part in self.subject.parts for e in part.named}.values())

    @cached_property
    def binding(self) -> list[Clause]:
        return _once(clause for e in self.held for clause in e.binds)

    @cached_property
    def maybe_binding(self) -> list[Clause]:
        return _once(clause for e in self.held for clause in e.may_bind)

    @property
    def unsuitable(self) -> tuple[str, ...]:
        return unsuitable(self.library, self.work.kind, self.work.ids)

    def _about_clauses(self) -> Iterator[Outcome]:
        """Yield the outcomes but those that only say that nothing, or nothing known, is declared."""
        return (o for o in self.judgment.outcomes if not (o.own and o.clause.kind.own_number))

    @cached_property
    def breached(self) -> list[Clause]:
        return _once(o.clause for o in self._about_clauses() if o.level is Level.breaches and o.clause.kind.breaches)

    @cached_property
    def doubted(self) -> list[Clause]:
        return _once(o.clause for o in self._about_clauses() if o.level is Level.may and o.clause.kind.may_breach)

    @cached_property
    def waiting(self) -> list[Clause]:
        return _once(o.clause for o in self._about_clauses() if o.level is Level.would and o.clause.kind.would_breach)

    @cached_property
    def owed(self) -> list[Clause]:
        """The duties, met or not, and limits that travel with the work."""
        return _once(o.clause for o in self._about_clauses() if o.level is Level.owes or o.clause.kind.form == "duty")


@dataclass(frozen=True, eq=False)
class Asked:
    """A question: the world, and the parameters as somebody gives them."""

    world: World
    given: Mapping[str, str]

    @property
    def library(self) -> Library:
        return self.world.library

    def text(self, name: str) -> str | None:
        return self.given.get(name)

    def number(self, name: str) -> int:
        return int(self.given[name])

    def license(self, name: str = "license") -> License:
        return self.library.license(self.given[name])

    def license_or_none(self, name: str = "license") -> License | None:
        return self.license(name) if name in self.given else None

    def iri(self, name: str = "work") -> str:
        text = self.given[name]
        return text if text.startswith("https://") else iri_of(text)

    def work(self, name: str = "work") -> Work:
        return self.world.by_iri[self.iri(name)]


def _day(text: str | None) -> str | None:
    try:
        return datetime.fromisoformat(text).strftime("%Y-%m-%d") if text else None
    except ValueError:
        return None


def _grouped(pairs: Iterable[tuple[str, str]]) -> dict[str, set[str]]:
    found: dict[str, set[str]] = defaultdict(set)
    for key, value in pairs:
        found[key].add(value)
    return dict(found)


def _reached(steps: Mapping[str, set[str]], start: str) -> list[str]:
    """Return what is one step or more away; the start is among it where it lies on a circle."""
    found: set[str] = set()
    queue = [start]
    while queue:
        fresh = steps.get(queue.pop(), set()) - found
        found |= fresh
        queue += fresh
    return sorted(found)


def _once(clauses: Iterable[Clause]) -> list[Clause]:
    return list({clause.iri: clause for clause in clauses}.values())


def kind_iri(name: str) -> str:
    return ns.ARTIFACT_KIND + name


def relation_iri(name: str) -> str:
    return ns.RELATION + name


def share(part: int, whole: int) -> float:
    """Return a share in percent with two digits, half a digit rounded up as SPARQL does."""
    return ((20_000 * part + whole) // (2 * whole)) / 100


def named(functions: Sequence[Any]) -> dict[str, Any]:
    """Return oracles by the names of their queries."""
    return {function.__name__.replace("_", "-"): function for function in functions}
