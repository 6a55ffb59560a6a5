"""What source code beside a card loads, and under which license it says that it stands.

The code is read as syntax and never run. A name that is computed cannot be read and is told.
"""

import ast
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

#: The header by which a source file names its license.
_HEADER = re.compile(
    r"^[^\w\n]{0,20}SPDX-License-Identifier:[ \t]*+([\w.+:()][\w.+:() -]{0,300}?)[ \t]*(?:\*/|-->)?[ \t\r]*$",
    re.MULTILINE,
)
#: How much of a file is its head, in characters.
_HEAD = 4000
#: Calls that load something from the Hub: what kind, where among the values the name stands, and under which words.
_CALLS: Mapping[str, tuple[str, int, tuple[str, ...]]] = {
    "from_pretrained": ("model", 0, ("pretrained_model_name_or_path", "pretrained_model_link_or_path")),
    "load_dataset": ("dataset", 0, ("path",)),
    "pipeline": ("model", 1, ("model",)),
    "hf_hub_download": ("model", 0, ("repo_id",)),
    "snapshot_download": ("model", 0, ("repo_id",)),
    "InferenceClient": ("model", 0, ("model",)),
}
#: Calls that are of no interest where they name nothing.
_OPTIONAL = frozenset({"pipeline", "InferenceClient"})


@dataclass(frozen=True, slots=True)
class Loading:
    """A call that loads something: its line, the kind, and the name, or `None` where it is computed."""

    line: int
    call: str
    kind: str
    name: str | None


def spdx_header(text: str) -> str | None:
    """Return the license expression in the head of a source file, or `None`."""
    found = _HEADER.search(text[:_HEAD])
    return found[1].strip() if found else None


def loadings(text: str) -> Iterator[Loading]:
    """Yield what Python code loads from the Hub; raises `ValueError` with line where it is no Python.

    >>> [(one.line, one.kind, one.name) for one in loadings("load_dataset('a/b')")]
    [(1, 'dataset', 'a/b')]
    """
    try:
        tree = ast.parse(text)
    except (SyntaxError, RecursionError, MemoryError) as error:
        raise ValueError(f"line {getattr(error, 'lineno', 0) or 0}: it is no Python that can be read") from error
    constants = _constants(tree)
    called = {a.asname: a.name for n in ast.walk(tree) if isinstance(n, ast.ImportFrom) for a in n.names if a.asname}
    for node in ast.walk(tree):
        name = _name(node.func) if isinstance(node, ast.Call) else ""
        if isinstance(node, ast.Call) and (call := called.get(name, name)) in _CALLS:
            yield from _of_call(call, node, constants)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _constants(tree: ast.Module) -> dict[str, str]:
    """Return the names that are set to one text at the top of a module, and nowhere else; imports set names too."""
    stored = Counter(n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store))
    stored.update(n.arg for n in ast.walk(tree) if isinstance(n, ast.arg))
    imported = [n for n in ast.walk(tree) if isinstance(n, ast.alias)]
    stored.update(n.asname or n.name for n in imported)
    if any(n.name == "*" for n in imported) or any(
        isinstance(n, ast.Name) and n.id == "globals" for n in ast.walk(tree)
    ):
        return {}
    found = {}
    for node in tree.body:
        targets = node.targets if isinstance(node, ast.Assign) else []
        targets = [node.target] if isinstance(node, ast.AnnAssign) else targets
        value = getattr(node, "value", None)
        for target in targets:
            if isinstance(target, ast.Name) and isinstance(value, ast.Constant) and isinstance(value.value, str):
                found[target.id] = value.value
    return {name: value for name, value in found.items() if stored[name] == 1}


def _of_call(call: str, node: ast.Call, constants: Mapping[str, str]) -> Iterator[Loading]:
    kind, position, words = _CALLS[call]
    by_word = {one.arg: one.value for one in node.keywords if one.arg}
    values = [by_word[word] for word in words if word in by_word]
    values += node.args[position : position + 1]
    if not values:
        if call not in _OPTIONAL:
            yield Loading(node.lineno, call, kind, None)
        return
    repo_type = by_word.get("repo_type")
    if isinstance(repo_type, ast.Constant) and repo_type.value in ("dataset", "space"):
        kind = {"dataset": "dataset", "space": "service"}[str(repo_type.value)]
    value = values[0]
    if isinstance(value, ast.Constant):
        if isinstance(value.value, str) and value.value.strip():
            yield Loading(node.lineno, call, kind, value.value.strip())
        elif call not in _OPTIONAL:
            yield Loading(node.lineno, call, kind, None)
    else:
        yield Loading(node.lineno, call, kind, constants.get(value.id) if isinstance(value, ast.Name) else None)
