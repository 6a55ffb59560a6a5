"""Which artifact a document means: what names one, what names none, and how two are kept apart.

| stated | then |
|---|---|
| the address of a Hub repository | it is that repository, of the kind that the document states |
| an IRI of its own (`@id`, `spdxId`, a package URL) | that IRI |
| an address and a name | the address, and behind `#` the name where the address does not end with it |
| a name alone | the name |
| a placeholder (`None`, `n/a`), a home page without a name | nothing |

A kind that is stated counts before what an address suggests. An address alone never makes two artifacts one: it may be
the home page of a publisher, or a repository that holds several.
"""

import re
from collections.abc import Iterable
from urllib.parse import quote, unquote, urlsplit

from clausegraph.loaders.identifiers import hub_reference, is_iri
from clausegraph.loaders.records import APPLICATION, DATASET, MODEL, SERVICE, SOURCE

from clausegraph.ground.addresses import iri

#: Words that stand where nothing is named.
_PLACEHOLDERS = frozenset(
    {
        *("", "-", "?", "none", "null", "nil", "nan", "n/a", "na", "not available", "not applicable", "not specified"),
        *("unspecified", "undefined", "unknown", "unnamed", "untitled", "tbd", "tba", "todo"),
        *("noassertion", "no assertion"),
    }
)
#: What an IRI cannot hold (RFC 3987), which is written as percent-encoded UTF-8.
_FORBIDDEN = re.compile(r"[\x00-\x20\x7f<>\"{}|\\^`]|\s")
#: Characters of the longest name that goes into an identifier.
_MAX_NAME = 200


def says_nothing(text: str) -> bool:
    """Say whether a text names nothing.

    >>> says_nothing(" N/A "), says_nothing("None"), says_nothing("Nonesuch")
    (True, True, False)
    """
    return text.strip().strip("<>[]().").strip().casefold() in _PLACEHOLDERS


def escaped(text: str) -> str:
    """Return an address with percent signs for what an IRI cannot hold; the rest stays as it is.

    >>> escaped(" https://example.org/a b ")
    'https://example.org/a%20b'
    """
    return _FORBIDDEN.sub(lambda found: quote(found[0], safe=""), text.strip())


def named(kind: str, name: str) -> str:
    """Return the identifier of something of which no more than the name is known."""
    return f"urn:clausegraph:{kind}:{quote(name.strip()[:_MAX_NAME], safe='')}"


def repository(kind: str, address: str, stated: bool = True) -> tuple[str, str] | None:
    """Return (kind, id) of the repository that an address names, or `None` where it names none of that kind.

    `stated` says that the document states the kind; else a package URL tells it. An address with a fragment names a
    part of a repository.
    """
    address = address.strip()
    if not address.startswith(("https://", "http://", "pkg:")) or "#" in address:
        return None
    found = hub_reference(address)
    if found is None:
        return None
    there, id_ = found[0] or MODEL, found[1]
    if "/" not in id_ and there != DATASET:
        return None
    if there == SERVICE:
        return (SERVICE, id_) if kind in (SERVICE, APPLICATION) else None
    if not stated:
        return (there, id_) if address.startswith("pkg:") or there == SOURCE else None
    if kind == DATASET and there in (MODEL, DATASET):
        return DATASET, id_
    return (kind, id_) if kind == there else None


def located(address: str, name: str = "") -> str | None:
    """Return the identifier of what lies at an address under a name, or `None` where both identify nothing.

    >>> located("https://example.org/data/birds", "Birds"), located("https://example.org", "Birds")
    ('https://example.org/data/birds', 'https://example.org#Birds')
    >>> located("None", "Birds") is None, located("https://example.org") is None
    (True, True)
    """
    if says_nothing(address):
        return None
    plain = escaped(address).rstrip("/")
    name = "" if says_nothing(name) else name.strip()[:_MAX_NAME]
    try:
        parts = urlsplit(plain)
    except ValueError:
        return None
    if not is_iri(plain) or not (parts.netloc or parts.path):
        return None
    page = parts.scheme in ("http", "https") and not parts.path.strip("/") and not parts.query
    if not name:
        return None if page else plain
    last = unquote(parts.fragment or parts.path.rstrip("/").rpartition("/")[2])
    if not page and _letters(last) == _letters(name):
        return plain
    return f"{plain}{'/' if parts.fragment else '#'}{quote(name, safe='')}"


def _letters(text: str) -> str:
    return re.sub(r"[\W_]+", "", text.casefold())


def apart(members: Iterable[tuple[str, tuple[str, str], str]]) -> dict[str, tuple[str, str]]:
    """Return (kind, id) by key for (key, (kind, id), name); those of one identifier are told apart by their names.

    A key is what a document itself calls one of its things, so that two keys are two things.
    """
    found = {key: (name, label) for key, name, label in members}
    groups: dict[str, list[str]] = {}
    for key, (name, _) in found.items():
        groups.setdefault(iri(*name), []).append(key)
    result = {}
    for shared, keys in groups.items():
        labels = [found[key][1] for key in keys]
        for key in keys:
            name, label = found[key]
            if len(keys) > 1:
                own = label if label and labels.count(label) == 1 else f"{label} {key}".strip()
                name = (name[0], f"{shared}{'/' if '#' in shared else '#'}{quote(own, safe='')}")
            result[key] = name
    return result
