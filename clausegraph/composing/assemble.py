"""Turns choices into a license: RDF in the form of the library's own files.

Parts of the kit are clauses without a license. A chosen part is copied with all that hangs on it (reach, conditions,
carriers), gets the number under which it stands in the text, and the values that were given. A license that another
one is like takes over that one's clauses as they are.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyoxigraph as ox

from clausegraph.composing.choices import Choices
from clausegraph.composing.kit import Kit, Option
from clausegraph.composing.naming import Names, names
from clausegraph.composing.wording import Words
from clausegraph.ground import namespaces as ns
from clausegraph.ground.files import folder
from clausegraph.ground.turtle import Statement, read_text, read_turtle, turtle
from clausegraph.library import Library

CG, SKOS = ns.CG, ns.SKOS
OWL, DCT = "http://www.w3.org/2002/07/owl#", "http://purl.org/dc/terms/"
RDF_VALUE = "http://www.w3.org/ns/odrl/2/rightOperand"
#: What the kit says of its parts for itself alone.
_OF_THE_KIT = {CG + name for name in ("underHeading", "order", "wording", "coversKind", "attachment", "reachesMade")}
#: Facts of a license that a license like it does not share: its names, and who vouches for it.
_OF_THE_ONE = {
    *(CG + n for n in ("identifier", "alias", "spdxId", "hubId", "scancodeKey", "memberOf", "publisher", "version")),
    *(
        CG + n
        for n in ("verified", "reviewer", "reviewedOn", "osiApproved", "fsfFree", "openDefinition", "codeLicense")
    ),
    *(SKOS + n for n in ("prefLabel", "scopeNote")),
    DCT + "source",
    CG + "choices",
}
#: What restrictions are listed in that were added to a license which lists its own elsewhere.
_ADDENDUM = "Addendum"
_EVIDENCE = {CG + name for name in ("anchor", "textKey", "textDigest", "foundOn", "foundBy")}


@dataclass(frozen=True, slots=True)
class Composed:
    """A composed license: its names, its RDF, and the passages and headings that its text is made of."""

    choices: Choices
    names: Names
    triples: tuple[Statement, ...]
    headings: tuple[tuple[str, str], ...]
    passages: tuple[tuple[str, str], ...]
    wordings: tuple[tuple[str, str], ...]
    attachment: tuple[str, ...]
    attachment_name: str

    @property
    def turtle(self) -> str:
        """The license as a file in the library's own form."""
        prefixes = {"cg": CG, "owl": OWL, "skos": SKOS, "dcterms": DCT, "odrl": ns.ODRL} | {
            name: f"{ns.BASE}{path}/" for name, path in _PREFIXES.items()
        }
        return turtle(self.triples, prefixes)


_PREFIXES = {
    "artifact": "artifact-kind",
    "certainty": "certainty",
    "condition": "condition",
    "form": "form",
    "key": "assumption",
    "kind": "kind",
    "restriction": "restriction",
    "right": "right",
    "rule": "carrier-rule",
    "setting": "setting",
    "trigger": "trigger",
}


def assemble(kit: Kit, library: Library, choices: Choices, identity: str | None = None) -> Composed:
    """Return the license of choices; `identity` is an IRI that it takes the place of."""
    found = names(kit, library, choices, identity)
    assembly = _Assembly(kit, library, choices, found)
    return assembly.composed()


class _Assembly:
    """A license while it is put together."""

    def __init__(self, kit: Kit, library: Library, choices: Choices, names: Names) -> None:
        self.kit = kit
        self.library = library
        self.choices = choices
        self.names = names
        self.iri = names.iri
        self.options: list[Option] = [kit.options[key] for key in choices.options]
        self.words = Words(kit, choices, names)
        self.made: list[Statement] = []
        self.taken = self._taken()
        self.base = list(self._like()) if choices.like else []

    # ---- what it is made of -----------------------------------------------

    def composed(self) -> Composed:
        """Return the license with its triples in order."""
        parts = self._parts()
        sections = self._sections(parts)
        clauses = {part: self._clause_iri(part, section) for part, section in sections.items() if self._is_part(part)}
        for part, clause in clauses.items():
            self._copy(part, clause, sections[part], part)
        if self.kit.listing not in clauses and self.choices.restrictions and self.base:
            self._add_restrictions_to_base()
        self._license(list(clauses.values()))
        triples = tuple(sorted({*self.base, *self.made}, key=str))
        return Composed(
            self.choices,
            self.names,
            triples,
            self._headings(sections),
            tuple((s, self.words.put(part)) for part, s in sections.items() if not self._is_part(part)),
            tuple((clauses[part], self.words.put(part)) for part in clauses),
            tuple(self.kit.provision(key).wording for key in self.choices.restrictions),
            self._attachment if self.kit.listing in clauses else _ADDENDUM,
        )

    def _is_part(self, iri: str) -> bool:
        return CG + "Part" in self.kit.reader.all(iri, ns.RDF_TYPE)

    def _parts(self) -> list[str]:
        """Return parts and passages of the options that were chosen, in the order of the text."""
        kinds = {option.kind for option in self.options} - {None}
        if self.choices.like:
            kinds |= self.library.licenses[self.choices.like].intended_for
        reader, found = self.kit.reader, set()
        for option in self.options:
            for iri in option.adds:
                only = reader.locals(iri, "coversKind")
                if reader.one(iri, "underHeading") and (not only or kinds & set(only)):
                    found.add(iri)
        return sorted(found, key=lambda i: (self._heading(i)[0], reader.one(i, "order"), i))

    def _heading(self, part: str) -> tuple[int, str]:
        heading = self.kit.reader.one(part, "underHeading")
        return self.kit.reader.one(heading, "order"), self.kit.reader.one(heading, SKOS + "prefLabel")

    def _sections(self, parts: Iterable[str]) -> dict[str, str]:
        """Return the number of each part: those of one heading share the first figure."""
        found: dict[str, str] = {}
        headings: dict[tuple[int, str], list[str]] = {}
        for part in parts:
            headings.setdefault(self._heading(part), []).append(part)
        for number, members in enumerate(headings.values(), 1):
            for place, part in enumerate(members, 1):
                found[part] = f"addendum-{number}.{place}" if self.base else f"{number}.{place}"
        return found

    def _headings(self, sections: dict[str, str]) -> tuple[tuple[str, str], ...]:
        found = {section.rpartition(".")[0]: self._heading(part)[1] for part, section in sections.items()}
        return tuple(found.items())

    # ---- copying parts ----------------------------------------------------

    def _clause_iri(self, part: str, section: str) -> str:
        return f"{self.iri}#{section}-{ns.local(part)}"

    def _new(self, iri: str, part: str, clause: str) -> str:
        """Return what a node of the kit is called in this license."""
        if iri == part:
            return clause
        if iri.startswith(part + "-"):
            return clause + iri[len(part) :]
        if iri.startswith(f"{ns.BASE}scope/"):
            return f"{self.iri}#reach-{ns.local(iri)}"
        return f"{self.iri}#{ns.local(iri)}"

    def _copy(self, part: str, clause: str, section: str, node: str) -> None:
        """Copy a node of the kit and what hangs on it; `part` is the part that it belongs to."""
        reader = self.kit.reader
        subject = self._new(node, part, clause)
        for predicate, values in sorted(reader.index[node].items()):
            if predicate in _OF_THE_KIT:
                continue
            for value in values:
                if predicate == CG + "valueOf":
                    self._say(subject, RDF_VALUE, self.words.value(ns.local(str(value))))
                elif isinstance(value, str) and value.startswith((f"{ns.BASE}part/", f"{ns.BASE}scope/")):
                    self._say(subject, predicate, ox.NamedNode(self._new(value, part, clause)))
                    self._copy(part, clause, section, value)
                elif value != CG + "Part":
                    self._say(subject, predicate, self._term(predicate, value))
        if node == part:
            self._say(subject, CG + "section", ox.Literal(section))
            if node == self.kit.listing:
                self._impose(subject, self._places(self._attachment))
        if node.startswith(f"{ns.BASE}scope/"):
            self._reach(subject, node)

    def _term(self, predicate: str, value: object) -> ox.NamedNode | ox.Literal:
        if isinstance(value, str) and value.startswith(("http://", "https://")):
            return ox.NamedNode(value)
        if isinstance(value, str):
            text = self.words.fill(value)
            return ox.Literal(text, language="en") if predicate.startswith(SKOS) else ox.Literal(text)
        return ox.Literal(value)  # type: ignore[arg-type]  # a boolean or a number

    def _reach(self, subject: str, node: str) -> None:
        """Say where a reach is defined, and that it takes in what is made from the covered kinds."""
        self._say(subject, CG + "section", ox.Literal("addendum-1" if self.base else "1"))
        self._say(self.iri, CG + "definesReach", ox.NamedNode(subject))
        if self.kit.reader.one(node, "reachesMade") and any(o.reaches_made for o in self.options):
            for option in self.options:
                if option.made_form:
                    self._say(subject, CG + "reachesForm", ox.NamedNode(f"{ns.BASE}form/{option.made_form}"))

    @property
    def _attachment(self) -> str:
        return str(self.kit.reader.one(self.kit.listing, "attachment"))

    def _places(self, name: str) -> list[str]:
        """Return where each chosen restriction stands in an attachment."""
        return [f"{name}({number})" for number, _ in enumerate(self.choices.restrictions, 1)]

    def _impose(self, clause: str, places: Sequence[str]) -> None:
        """Say which categories the chosen restrictions impose, and where each stands."""
        for key, place in zip(self.choices.restrictions, places, strict=True):
            for category in self.kit.provision(key).categories:
                restriction = ox.NamedNode(f"{ns.BASE}restriction/{category}")
                node = f"{clause}-imposes-{category.replace('_', '-')}"
                self._say(clause, CG + "imposes", restriction)
                self._say(clause, CG + "imposition", ox.NamedNode(node))
                self._say(node, ns.RDF_TYPE, ox.NamedNode(CG + "Imposition"))
                self._say(node, CG + "ofRestriction", restriction)
                self._say(node, CG + "locator", ox.Literal(place))

    # ---- like another license ----------------------------------------------

    def _taken(self) -> tuple[set[str], set[str]]:
        """Return the kinds of clause and the restrictions that are taken out."""
        kinds, restrictions = set[str](), set[str]()
        for key in self.choices.without:
            if key in self.kit.options:
                kinds |= {f"{ns.KIND}{kind}" for kind in self.kit.own_kinds(key)}
            else:
                restrictions |= {f"{ns.BASE}restriction/{c}" for c in self.kit.provision(key).categories}
        return kinds, restrictions

    def _like(self) -> Iterator[Statement]:
        """Yield the triples of the license that this one is like, under the new name."""
        base = self.library.licenses[self.choices.like or ""]
        rights = {f"{ns.BASE}right/{r}" for option in self.options for r in option.takes_out}
        triples = _source(self.library, base.iri)
        kinds, restrictions = self.taken
        dropped = {t.subject.value for t in triples if t.predicate.value == CG + "kind" and t.object.value in kinds}
        dropped |= {
            t.subject.value
            for t in triples
            if t.predicate.value == CG + "ofRestriction" and t.object.value in restrictions
        }
        emptied = self._emptied(triples, restrictions)
        same = self.iri == base.iri
        for t in triples:
            s, p, o = t.subject.value, t.predicate.value, t.object.value
            ours = s == base.iri or s.startswith(base.iri + "#")
            gone = {s, o} & (dropped | emptied) or (p == CG + "imposes" and o in restrictions)
            renamed = not same and ((s == base.iri and p in _OF_THE_ONE) or p in _EVIDENCE)
            if ours and not gone and not renamed and not (p == CG + "grants" and o in rights):
                subject, value = (_renamed(term, base.iri, self.iri) for term in (t.subject, t.object))
                yield ox.Triple(subject, t.predicate, value)

    @staticmethod
    def _emptied(triples: Sequence[Statement], restrictions: set[str]) -> set[str]:
        """Return the clauses that imposed only what is taken out."""
        imposing: dict[str, set[str]] = {}
        for t in triples:
            if t.predicate.value == CG + "imposes":
                imposing.setdefault(t.subject.value, set()).add(t.object.value)
        return {clause for clause, imposed in imposing.items() if imposed <= restrictions}

    def _add_restrictions_to_base(self) -> None:
        clause = sorted(t.subject.value for t in self.base if t.predicate.value == CG + "imposes")[0]
        self._impose(clause, self._places(_ADDENDUM))

    # ---- the license itself ------------------------------------------------

    def _license(self, clauses: Sequence[str]) -> None:
        iri = self.iri
        for clause in clauses:
            self._say(iri, CG + "hasClause", ox.NamedNode(clause))
        taken = {right for option in self.options for right in option.takes_out}
        for right in sorted(self.words.rights - taken):
            self._say(iri, CG + "grants", ox.NamedNode(f"{ns.BASE}right/{right}"))
        self.made = [
            t for t in self.made if not (t.predicate.value == CG + "grants" and ns.local(t.object.value) in taken)
        ]
        for option in self.options:
            if option.kind:
                self._say(iri, CG + "intendedFor", ox.NamedNode(f"{ns.BASE}artifact-kind/{option.kind}"))
        if self.names.keeps_identity:
            return
        self._say(iri, ns.RDF_TYPE, ox.NamedNode(CG + "License"))
        self._say(iri, CG + "identifier", ox.Literal(self.names.id))
        self._say(iri, SKOS + "prefLabel", ox.Literal(self.names.title, language="en"))
        self._say(iri, CG + "alias", ox.Literal(self.names.spdx))
        self._say(iri, CG + "verified", ox.Literal(False))
        self._say(iri, CG + "osiApproved", ox.Literal(False))
        if not self.base:
            self._say(iri, CG + "clausesComplete", ox.Literal(True))
        self._say(iri, CG + "choices", ox.Literal(self.choices.canonical))
        if self.choices.licensor:
            self._say(iri, CG + "publisher", ox.Literal(self.choices.licensor))
        note = "Composed with clausegraph from its kit; nobody has reviewed it. Not legal advice."
        self._say(iri, SKOS + "scopeNote", ox.Literal(note, language="en"))
        self._header()

    def _header(self) -> None:
        module = f"{ns.BASE}ontology/licenses/{self.names.id}"
        self._say(module, ns.RDF_TYPE, ox.NamedNode(OWL + "Ontology"))
        self._say(module, OWL + "versionIRI", ox.NamedNode(f"{module}/{self.library.data_version.partition('+')[0]}"))
        self._say(module, OWL + "imports", ox.NamedNode(CG.rstrip("#")))
        self._say(module, DCT + "title", ox.Literal(f"{self.names.title} in clausegraph", language="en"))

    def _say(self, subject: str, predicate: str, value: ox.NamedNode | ox.Literal) -> None:
        self.made.append(ox.Triple(ox.NamedNode(subject), ox.NamedNode(predicate), value))


def _renamed(term: Any, old: str, new: str) -> Any:
    if isinstance(term, ox.NamedNode) and (term.value == old or term.value.startswith(old + "#")):
        return ox.NamedNode(new + term.value[len(old) :])
    return term


def _source(library: Library, iri: str) -> list[Statement]:
    """Return what the file of a license says."""
    shipped = folder("ontology") / "licenses" / f"{iri.removeprefix(ns.LICENSE)}.ttl"
    files = [(str(shipped), read_text(shipped))] if shipped.exists() else []
    for path, text in (*files, *library.added):
        triples = read_turtle(text, path)
        if any(t.subject.value == iri for t in triples):
            return triples
    raise FileNotFoundError(f"no file describes {iri}")
