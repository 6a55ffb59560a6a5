"""The forms in which people write a parent, and the identifiers that they mean.

A card may hold a link, an address with a branch, a revision, a path into the cache of the Hub's library, a list in one
text, or a mapping. What is meant is read off here; what is stated stays as it stands.
"""

import re
from collections.abc import Iterator
from typing import Any

from clausegraph.loaders.identifiers import is_repo_id, split_reference

_CACHED = re.compile(r"(?:^|[/\\])(model|dataset|space)s--([\w.-]+?)--([\w.-]+?)(?=[/\\]|$)")
_LINK = re.compile(r"!?\[[^\[\]]*+\]\(\s*+<?([^()\[\]\s>]++)[^()\[\]]*+\)")
_ANCHOR = re.compile(r"<a\s[^>]*?href\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_HOST = re.compile(r"(?:https?://)?(?:www\.)?(?:huggingface\.co|hf\.co|hf-mirror\.com)/+", re.IGNORECASE)
_KINDS = {"space": "service"}
#: What stands behind the name of a repository: a branch or a file of it, and a revision.
_INSIDE = re.compile(r"/(?:tree|blob|resolve|raw|commit|discussions|edit)(?:/.*)?$")
_REVISION = re.compile(r"(?<=[\w.-])[@:][\w./-]+$")
#: The longest text in which a form is looked for, in characters; nobody names parents in a longer one.
_LONGEST = 10_000
#: Keys under which a mapping names a parent, in the order in which they are tried.
_NAMED = (
    "id",
    "repo_id",
    "repo",
    "model_id",
    "dataset_id",
    "base_model",
    "model",
    "dataset",
    "model_name_or_path",
    "base_model_name_or_path",
    "path",
    "model_name",
    "dataset_name",
    "name",
    "url",
    "link",
    "href",
)


def meant(kind: str, stated: str) -> tuple[str, ...]:
    """Return the identifiers that a stated parent of a kind means; nothing where the form cannot be read.

    >>> meant("model", "[base](https://huggingface.co/acme/base)"), meant("model", "acme/a@main, acme/b/")
    (('acme/base',), ('acme/a', 'acme/b'))
    >>> meant("model", "./base"), meant("model", "acme/a, ./base")
    ((), ())
    """
    value = stated.strip()
    if len(value) > _LONGEST:
        return ()
    if value[:1] in ("{", "["):
        from clausegraph.loaders.document import parse_json  # loads pyarrow, which few parents need

        try:
            return _of_value(kind, parse_json(value))
        except RecursionError:
            return ()
        except ValueError:
            pass
    links = [*_LINK.findall(value), *_ANCHOR.findall(value)]
    pieces = links or [piece for piece in re.split(r"[,;\n]|\s+(?:and|&|\+)\s+", value) if piece.strip(" \t\r-*")]
    found = [_one(kind, piece) for piece in pieces]
    return tuple(dict.fromkeys(id_ for id_ in found if id_)) if all(found) else ()


def relation_in(value: Any) -> str | None:
    """Return the relation that a mapping on a card states beside the parent that it names, as it is written."""
    if not isinstance(value, dict):
        return None
    words = (value.get(key) for key in ("relation", "base_model_relation", "relationship"))
    return next((word.strip() for word in words if isinstance(word, str) and word.strip()), None)


def _of_value(kind: str, value: Any) -> tuple[str, ...]:
    """Return what a mapping or a list of texts and mappings names; nothing where a part cannot be read."""
    if isinstance(value, list):
        parts = [_of_value(kind, one) for one in value]
        return tuple(id_ for part in parts for id_ in part) if all(parts) else ()
    return next(iter(_of_mapping(kind, value)), ()) if isinstance(value, dict) else _of_text(kind, value)


def _of_text(kind: str, value: Any) -> tuple[str, ...]:
    return meant(kind, value) if isinstance(value, str) and value.strip()[:1] not in ("{", "[") else ()


def _of_mapping(kind: str, value: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """Yield what a mapping names: under a key that says so, or as its only key."""
    for key in _NAMED:
        if found := _of_text(kind, value.get(key)):
            yield found
    if len(value) == 1:
        yield _of_text(kind, next(iter(value)))


def _one(kind: str, piece: str) -> str | None:
    """Return the identifier that one stated name means, or `None`."""
    value = re.sub(r"^[-*]\s+", "", piece.strip()).strip(" \t\r\n\"'`<>“”‘’*").rstrip("/")
    if cached := _CACHED.search(value):
        id_ = f"{cached[2]}/{cached[3]}"
        return id_ if _KINDS.get(cached[1], cached[1]) == kind and is_repo_id(id_) else None
    hosted = _HOST.match(value)
    if hosted:
        value = "https://huggingface.co/" + re.sub(r"^api/", "", value[hosted.end() :])
    elif value.startswith("hf://"):
        value = value.removeprefix("hf://")
    elif value.startswith("pkg:huggingface/"):
        value = value.removeprefix("pkg:huggingface/").partition("?")[0].replace("%2F", "/")
    elif re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value) and not value.startswith("hf:"):
        return None
    found, id_ = split_reference(value)
    id_ = re.sub(r"\s*/\s*", "/", id_)
    id_ = _REVISION.sub("", _INSIDE.sub("", id_))
    id_ = id_.rstrip("/")
    fits = found in (None, kind) and is_repo_id(id_)
    return id_ if fits and not id_.startswith("github.com/") else None
