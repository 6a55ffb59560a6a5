"""Names that people write in more than one way."""

import re
from collections.abc import Iterable
from typing import Any, TypeVar

_V = TypeVar("_V")
_APART = re.compile(r"[\s_-]+")


def spelled(name: str) -> str:
    """Return a name as it is compared: in small letters, its words parted by hyphens.

    >>> spelled(" Fine_Tune "), spelled("train on output")
    ('fine-tune', 'train-on-output')
    """
    return _APART.sub("-", name.strip().casefold())


class Spellings(dict[str, _V]):
    """Values by name, found in any case and with hyphens, underscores or spaces between words."""

    def __init__(self, items: Iterable[tuple[str, _V]]) -> None:
        super().__init__((spelled(name), value) for name, value in items)

    def __contains__(self, name: object) -> bool:
        return isinstance(name, str) and super().__contains__(spelled(name))

    def __getitem__(self, name: str) -> _V:
        return super().__getitem__(spelled(name))

    def get(self, name: str, default: Any = None) -> Any:
        """Return the value of a name, or the default."""
        return super().get(spelled(name), default)
