"""The licenses that RDF states of an artifact: of itself, of its distributions, and the policies beside them."""

from typing import Any, Protocol

import pyoxigraph as ox
from clausegraph.loaders.document import Context, Vocabulary
from clausegraph.loaders.records import ATTACHED, Statement
from clausegraph.loaders.terms import Stated, Terms, read_terms
from clausegraph.loaders.triples import LOCAL, same

_CG = "https://w3id.org/clausegraph/ns#"
#: Properties that state a license where no other does, and are a policy beside it where one does.
_RIGHTS = ("rights", "usageInfo", "conditionsOfAccess")
#: Properties that speak of access, of a policy, or of the license of the description itself.
_BESIDE = ("accessRights", "hasPolicy", "acquireLicensePage", "copyrightNotice", "sdLicense")
_NAMES = ("name", "title", "prefLabel", "label")
_ALSO = ("licenseId", "identifier", "url", "sameAs", "seeAlso", "notation", "alternateName")
_TEXTS = ("licenseText", "text")
#: The longest description of a policy, in characters, and how deep it is followed.
_LONGEST, _DEEPEST = 500, 4


class Facts(Protocol):
    """Triples by subject."""

    vocabulary: Vocabulary

    def facts_of(self, node: str) -> list[tuple[str, list[Any]]]:
        """Return the properties of a node with their values."""

    def values(self, node: str, names: tuple[str, ...]) -> list[Any]:
        """Return the values of properties by the last part of their names."""

    def kind(self, node: str) -> str | None:
        """Return the kind of a node that is an artifact."""


def terms_of(facts: Facts, node: str, context: Context) -> Terms:
    """Return the terms of a node. What our own export states is taken as it stands."""
    own = [_plain(v) for p, values in facts.facts_of(node) if p == same(_CG + "statedLicense") for v in values]
    if own:
        return Terms(tuple(dict.fromkeys(own)))
    declared = _licenses(facts, node)
    beside = [(name, _described(facts, v)) for name in (*_RIGHTS, *_BESIDE) for v in facts.values(node, (name,))]
    parts = [str(v) for v in facts.values(node, ("distribution",)) if not facts.kind(str(v))]
    observed = [stated for part in parts for stated in _licenses(facts, part)]
    beside += [(name, _described(facts, v)) for name in _BESIDE for p in parts for v in facts.values(p, (name,))]
    if not declared and not observed:
        declared = [Stated(v) for name, v in beside if name in _RIGHTS and context.vocabulary().means(v)]
    terms = read_terms(context, declared, (), observed)
    policies = tuple(Statement(ATTACHED, value, name) for name, value in beside if value)
    return Terms(terms.licenses, terms.name, terms.link, (*terms.statements, *policies))


def _licenses(facts: Facts, node: str) -> list[Stated]:
    found = []
    for predicate, values in facts.facts_of(node):
        if facts.vocabulary.properties.get(predicate) == "license" or predicate.rpartition("/")[2] == "licence":
            found += [_stated(facts, v) for v in values if _plain(v) != facts.vocabulary.undeclared]
    return list(dict.fromkeys(found))


def _stated(facts: Facts, value: Any) -> Stated:
    """Return a license: a text, an IRI, or one that is described in place."""
    node = str(value)
    if isinstance(value, ox.Literal) or not facts.facts_of(node):
        return Stated(_plain(value))
    own = _plain(value) if node.startswith("<") else ""
    names = [_plain(v) for v in facts.values(node, _NAMES)]
    also = [_plain(v) for v in facts.values(node, _ALSO)] + names[1:] + [own]
    text = next((_plain(v) for v in facts.values(node, _TEXTS)), None)
    first, *others = [one for one in (*names[:1], *also) if one.strip()] or [""]
    return Stated(first, tuple(dict.fromkeys(o for o in others if o != first)), text)


def _described(facts: Facts, value: Any) -> str:
    """Return a policy in words: its address, and what it holds."""
    if isinstance(value, ox.Literal) or not facts.facts_of(str(value)):
        return _plain(value)[:_LONGEST]
    return "; ".join(one for one in (_plain(value), *_words(facts, str(value), 0)) if one)[:_LONGEST]


def _words(facts: Facts, node: str, depth: int) -> list[str]:
    found = []
    for predicate, values in facts.facts_of(node):
        name = predicate.rpartition("/")[2]
        for value in values:
            inner = _words(facts, str(value), depth + 1) if depth < _DEEPEST else []
            found += inner or ([f"{name} {_plain(value)}"] if name != "type" and _plain(value) else [])
    return found


def _plain(value: Any) -> str:
    found = getattr(value, "value", "")
    return found.removeprefix(LOCAL) if isinstance(found, str) and not isinstance(value, ox.BlankNode) else ""
