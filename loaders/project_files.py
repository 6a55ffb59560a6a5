"""Files that say what a program needs and under which license it stands: `pyproject.toml`, `requirements.txt`.

A need that is named by an address is a parent. A package that is named alone is looked up nowhere: how many there are
is told.
"""

import re
import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from clausegraph.loaders.identifiers import hub_reference

PYPROJECT, REQUIREMENTS = "pyproject.toml", "requirements.txt"
NAMES = (PYPROJECT, REQUIREMENTS)
_ADDRESS = re.compile(r"(?:git\+)?(https?://[^\s;,'\"<>]+)")
_EDITABLE = re.compile(r"^(?:-e|--editable)[\s=]\s*")
#: What stands behind the repository in an address of `pip`: a revision, a fragment, a file.
_BEHIND = re.compile(r"(?:\.git)?(?:@[^/]*)?(?:#.*)?$")


@dataclass(frozen=True)
class Needs:
    """What a project file says: licenses as written, (kind or `None`, id or address) of needs, and packages by name."""

    licenses: tuple[str, ...] = ()
    named: tuple[tuple[str | None, str], ...] = ()
    packages: tuple[str, ...] = ()


def needs(name: str, text: str) -> Needs:
    """Return what a project file of a name says; raises `ValueError` where it is no TOML.

    >>> needs("requirements.txt", "gradio\\ngit+https://github.com/acme/tools@main  # newest")
    Needs(licenses=(), named=(('source', 'acme/tools'),), packages=('gradio',))
    """
    if name == REQUIREMENTS:
        lines = [_EDITABLE.sub("", line.split(" #")[0].strip()) for line in text.splitlines()]
        return _of_lines((), [line for line in lines if line and not line.startswith(("#", "-"))])
    try:
        project = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise ValueError(f"it is no TOML: {error}") from error
    own, poetry = _table(project.get("project")), _table(_table(project.get("tool")).get("poetry"))
    stated = [_license(table.get("license")) for table in (own, poetry)]
    needed = [line for line in _list(own.get("dependencies")) if isinstance(line, str)]
    for package, how in _table(poetry.get("dependencies")).items():
        address = _table(how).get("git") or _table(how).get("url")
        needed += [f"{package} @ {address}" if isinstance(address, str) else package] if package != "python" else []
    return _of_lines([one for one in stated if one], needed)


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []


def _license(value: Any) -> str:
    """Return the license that a table states; a file that it names stands beside it and is read there."""
    found = value.get("text") if isinstance(value, dict) else value
    return found.strip() if isinstance(found, str) else ""


def _of_lines(licenses: Iterable[str], lines: Iterable[str]) -> Needs:
    named, packages = [], []
    for line in lines:
        if address := _ADDRESS.search(line):
            named.append(_named(address[1]))
        else:
            packages.append(re.split(r"[\s\[<>=!~;@]", line)[0])
    return Needs(tuple(licenses), tuple(dict.fromkeys(named)), tuple(dict.fromkeys(packages)))


def _named(address: str) -> tuple[str | None, str]:
    plain = _BEHIND.sub("", address)
    found = hub_reference(plain)
    if found is None:
        return None, plain
    return found[0] or "model", found[1]
