"""Identifiers of the Hub: what is one, and how a URL or a prefix is taken off."""

import re
from urllib.parse import unquote, urlsplit

_REPO = re.compile(r"[A-Za-z0-9][\w.-]*(/[A-Za-z0-9_][\w.-]*)?")
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
    return bool(_REPO.fullmatch(text)) and ".." not in text and len(text) <= 200


def split_reference(text: str) -> tuple[str | None, str]:
    """Return (kind or `None`, repository id) for an id, a Hub URL or a prefixed id.

    >>> split_reference("https://huggingface.co/datasets/rajpurkar/squad")
    ('dataset', 'rajpurkar/squad')
    """
    value = text.strip().removeprefix("hf:")
    if value.startswith(("https://", "http://")):
        parts = urlsplit(value)
        if parts.netloc == "github.com":
            return "source", "/".join(unquote(parts.path).strip("/").split("/")[:2])
        if parts.netloc not in ("huggingface.co", "www.huggingface.co", "hf.co"):
            return None, text
        value = unquote(parts.path).strip("/")
        value = "/".join(value.split("/")[: 3 if value.split("/")[0] in _PREFIXES else 2])
    head, _, rest = value.partition("/")
    if head in _PREFIXES and rest:
        return _PREFIXES[head], rest
    return None, value
