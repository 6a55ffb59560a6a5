"""Packages stand in the order of the data flow, and docs/architecture.md says which."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.paths import ROOT

PAGE = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
#: Packages from the ground up, as the page lists them.
LAYERS = re.findall(r"^\| `(\w+)` \|", PAGE, re.MULTILINE)


def _modules() -> dict[str, Path]:
    """Return the files of the package by dotted name, loaders where a wheel has them."""
    found = {}
    for root, prefix in ((ROOT / "clausegraph", ("clausegraph",)), (ROOT / "loaders", ("clausegraph", "loaders"))):
        for path in root.rglob("*.py"):
            parts = prefix + path.relative_to(root).with_suffix("").parts
            found[".".join(parts).removesuffix(".__init__")] = path
    return found


MODULES = _modules()


def _imports(path: Path) -> Iterator[str]:
    """Yield what a module imports of ours, wherever the import stands."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names if name.name in MODULES)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: imports are written in full"
            for name in node.names:
                whole = f"{node.module}.{name.name}"
                if whole in MODULES or node.module in MODULES:
                    yield whole if whole in MODULES else str(node.module)


IMPORTS = {name: set(_imports(path)) - {name} for name, path in MODULES.items()}


def _package(name: str) -> str:
    return name.split(".")[1] if "." in name else ""


def test_the_page_lists_every_package_and_no_other() -> None:
    found = {_package(name) for name, path in MODULES.items() if path.name == "__init__.py"} - {""}
    assert sorted(LAYERS) == sorted(found)


@pytest.mark.parametrize("name", sorted(n for n in MODULES if _package(n) in LAYERS))
def test_a_module_imports_from_its_own_package_and_those_above_it_in_the_page(name: str) -> None:
    place = LAYERS.index(_package(name))
    allowed = set(LAYERS[: place + 1])
    assert {_package(other) for other in IMPORTS[name]} <= allowed


def test_few_names_stand_at_the_top() -> None:
    top = [p for p in (ROOT / "clausegraph").iterdir() if p.name != "__pycache__"]
    assert len(top) <= 20
