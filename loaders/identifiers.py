"""Identifiers of the Hub: what is one, and how a URL or a prefix is taken off."""

import re
from urllib.parse import unquote, urlsplit

#: The form of a Hub repository id, for Python and for SQL.
REPO = r"[A-Za-z0-9][A-Za-z0-9_.-]*(/[A-Za-z0-9_][A-Za-z0-9_.-]*)?"
_REPO = re.compile(REPO)
#: The form of an address that names a work, for Python and for SQL.
ADDRESS = r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+"
_IRI = re.compile(ADDRESS)
#: Characters of the longest repository id, and of the longest address.
MAX_REPO, MAX_ADDRESS = 200, 2000
#: First parts of addresses of the Hub that are pages and no repositories.
PAGES = frozenset(
    {
        *(
            "blog",
            "chat",
            "collections",
            "docs",
            "enterprise",
            "join",
            "learn",
            "login",
            "new",
            "organizations",
            "papers",
        ),
        *("posts", "pricing", "privacy", "search", "settings", "support", "tasks", "terms-of-service"),
    }
)
_PREFIXES = {
    "datasets": "dataset",
    "spaces": "service",
    "models": "model",
    "github.com": "source",
    "applications": "application",
}


def is_repo_id(text: str) -> bool:
    """Say whether `text` has the form of a Hub repository id.

    >>> is_repo_id("meta-llama/Llama-2-7b-hf"), is_repo_id("../etc/passwd"), is_repo_id("a b")
    (True, False, False)
    """
    return bool(_REPO.fullmatch(text)) and ".." not in text and len(text) <= MAX_REPO


def is_iri(text: str) -> bool:
    """Say whether `text` is an IRI that RDF can hold; artifacts that are not on the Hub are named by one.

    >>> is_iri("urn:uuid:1234"), is_iri("gpt2"), is_iri("urn:a b")
    (True, False, False)
    """
    return bool(_IRI.fullmatch(text)) and len(text) <= MAX_ADDRESS


def hub_reference(text: str) -> tuple[str | None, str] | None:
    """Return (kind or `None`, repository id) where a URL, a package URL or an id means a repository, else `None`.

    >>> hub_reference("pkg:huggingface/openai-community/gpt2@607a30d")
    ('model', 'openai-community/gpt2')
    >>> hub_reference("https://example.org/x") is None
    True
    """
    value = text.strip()
    if value.startswith("pkg:huggingface/"):
        value = unquote(re.split(r"[@?#]", value.removeprefix("pkg:huggingface/"))[0])
        value = value if value.partition("/")[0] in _PREFIXES else "models/" + value
    elif value.startswith("pkg:github/"):
        value = "github.com/" + unquote(re.split(r"[@?#]", value.removeprefix("pkg:github/"))[0])
    kind, id_ = split_reference(value)
    return (kind, id_) if is_repo_id(id_) else None


def split_reference(text: str) -> tuple[str | None, str]:
    """Return (kind or `None`, repository id) for an id, a Hub URL or a prefixed id.

    >>> split_reference("https://huggingface.co/datasets/rajpurkar/squad")
    ('dataset', 'rajpurkar/squad')
    """
    value = text.strip().removeprefix("hf:")
    if value.startswith(("https://", "http://")):
        try:
            parts = urlsplit(value)
        except ValueError:
            return None, text
        if parts.netloc == "github.com":
            return "source", "/".join(unquote(parts.path).strip("/").split("/")[:2]).removesuffix(".git")
        if parts.netloc not in ("huggingface.co", "www.huggingface.co", "hf.co"):
            return None, text
        value = unquote(parts.path).strip("/").removeprefix("api/")
        if value.partition("/")[0] in PAGES:
            return None, text
        value = "/".join(value.split("/")[: 3 if value.split("/")[0] in _PREFIXES else 2])
    head, _, rest = value.partition("/")
    if head in _PREFIXES and rest:
        return _PREFIXES[head], rest
    return None, value
