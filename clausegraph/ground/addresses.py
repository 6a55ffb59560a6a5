"""Addresses of artifacts: how people write them, and their IRIs.

| kind | address | IRI |
|---|---|---|
| model | `owner/name` | `https://huggingface.co/owner/name` |
| dataset | `datasets/owner/name` | `https://huggingface.co/datasets/owner/name` |
| service | `spaces/owner/name` | `https://huggingface.co/spaces/owner/name` |
| source | `github.com/owner/name` | `https://github.com/owner/name` |
| application | `applications/owner/name` | `https://w3id.org/clausegraph/application/owner/name` |

What is neither on the Hub nor on GitHub is named by an IRI, which is its address too.
"""

from clausegraph.ground.namespaces import BASE, HUB

#: Prefix of the address, and of the IRI, by kind.
ROOTS = {
    "model": ("", HUB),
    "dataset": ("datasets/", HUB + "datasets/"),
    "service": ("spaces/", HUB + "spaces/"),
    "source": ("github.com/", "https://github.com/"),
    "application": ("applications/", BASE + "application/"),
}


def address(kind: str, id_: str) -> str:
    """Return the address of an artifact."""
    return id_ if ":" in id_ else ROOTS[kind][0] + id_


def iri(kind: str, id_: str) -> str:
    """Return the IRI of an artifact."""
    return id_ if ":" in id_ else ROOTS[kind][1] + id_


def iri_of(address_: str) -> str:
    """Return the IRI for an address.

    >>> iri_of("datasets/rajpurkar/squad")
    'https://huggingface.co/datasets/rajpurkar/squad'
    """
    if ":" in address_:
        return address_
    for prefix, root in ROOTS.values():
        if prefix and address_.startswith(prefix):
            return root + address_.removeprefix(prefix)
    return HUB + address_
