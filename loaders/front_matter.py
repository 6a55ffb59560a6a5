"""YAML from outside, and the front matter of a card as the Hub reads it.

It is hostile: only the safe loader is used, and what is too large, nests deeply or uses aliases is refused.
"""

import re
from typing import Any

import yaml
from clausegraph.loaders.tags import with_every_spelling

#: The largest front matter that is read, in characters.
MAX = 1_000_000
#: The deepest nesting of front matter.
MAX_DEPTH = 100
_FRONT = re.compile(r"\A[\s\ufeff]*---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$|\Z)", re.DOTALL | re.MULTILINE)
#: Keys of license and lineage: where one is written twice, both values count.
_TOLD = ("license", "licence", "license_name", "license_link", "base_model", "datasets", "models", "source_datasets")
#: What is told of a second front matter.
BY_THE_HUB = "of several front matters the Hub reads the first alone; here both count. Write one"

_SAFE: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SAFE):  # type: ignore[misc]
    """Reads YAML from outside: whatever a value does to the library ends in an error with its line."""

    def construct_object(self, node: Any, deep: bool = False) -> Any:
        """Return what a node says; raises `yaml.YAMLError` with its place."""
        try:
            return super().construct_object(node, deep=deep)
        except (yaml.YAMLError, RecursionError):
            raise
        except Exception as error:
            reason = f"the value cannot be read as {node.tag.rpartition(':')[2]}"
            raise yaml.constructor.ConstructorError(None, None, reason, node.start_mark) from error


class _FrontLoader(_Loader):
    """Reads YAML as the Hub does: `yes`, `no`, `on` and `off` are texts, and of a key written twice nothing is lost."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML keeps its table of a class here
        first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool"]
        for first, rules in _SAFE.yaml_implicit_resolvers.items()
    }

    def construct_mapping(self, node: Any, deep: bool = False) -> Any:
        """Return a mapping; of keys of license and lineage that are written twice both values, as a list."""
        built = super().construct_mapping(node, deep=True)
        seen: dict[str, list[Any]] = {}
        for key, value in node.value:
            if key.value in _TOLD:
                seen.setdefault(key.value, []).append(self.construct_object(value, deep=True))
        for key, values in seen.items():
            flat = [one for value in values for one in (value if isinstance(value, list) else [value])]
            if len(values) > 1:
                built[key] = [one for n, one in enumerate(flat) if one not in flat[:n]]
        return built


_FrontLoader.add_implicit_resolver(
    "tag:yaml.org,2002:bool", re.compile(r"true|True|TRUE|false|False|FALSE"), list("tTfF")
)


def twice(text: str) -> list[tuple[str, int]]:
    """Return the keys of license and lineage that a card's front matter has twice, with the line of the second."""
    found = _FRONT.match(text)
    node = yaml.compose(found.group(1), Loader=_SAFE) if found else None
    if not isinstance(node, yaml.MappingNode):
        return []
    first = text.count("\n", 0, found.start(1)) + 1 if found else 1
    keys = [(str(key.value), key.start_mark.line + first) for key, _ in node.value]
    return [(key, line) for n, (key, line) in enumerate(keys) if key in _TOLD and key in [k for k, _ in keys[:n]]]


def load_yaml(text: str, first_line: int = 1, most: int = MAX, loader: Any = _Loader) -> Any:
    """Return what YAML from outside says; raises `ValueError` with line and reason.

    Only the safe loader is used, and aliases, which could blow up in memory, are refused.
    """
    if len(text) > most:
        raise ValueError(f"the YAML has more than {most:,} characters")
    try:
        _check_events(text)
        return yaml.load(text, Loader=loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + first_line}, column {mark.column + 1}: " if mark else ""
        reason = str(getattr(error, "problem", None) or error).splitlines()[0]
        if "nesting depth" in reason:  # a limit of the parser itself, which looks ahead
            raise ValueError(f"the YAML is nested more than {MAX_DEPTH} deep") from error
        raise ValueError(f"{place}{reason}") from error


def _check_events(text: str) -> None:
    """Raise `ValueError` for aliases and for deep nesting, which would crash the parser in C."""
    depth = 0
    for event in yaml.parse(text, Loader=_SAFE):
        if isinstance(event, yaml.AliasEvent):
            raise ValueError("aliases are not allowed in YAML from outside; write the value out")
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > MAX_DEPTH:
                raise ValueError(f"the YAML is nested more than {MAX_DEPTH} deep")
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def parse_front_matter(text: str, first_line: int = 2) -> dict[str, Any]:
    """Return the mapping in front matter; raises `ValueError` with line and reason."""
    data = load_yaml(text, first_line, loader=_FrontLoader)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ValueError("the front matter is no mapping of keys to values")
    return {str(k): v for k, v in data.items()}


def front_matter(text: str) -> dict[str, Any]:
    """Return the front matter of a card; a card without any gives an empty mapping."""
    found = _FRONT.match(text)
    return parse_front_matter(found.group(1), text.count("\n", 0, found.start(1)) + 1) if found else {}


def second_front_matter(text: str) -> tuple[dict[str, Any], int]:
    """Return what a second front matter right behind the first says of license and lineage, and its first line."""
    first = _FRONT.match(text)
    found = _FRONT.match(text[first.end() :]) if first else None
    if not first or not found or not found.group().rstrip().endswith("---"):
        return {}, 0
    line = text.count("\n", 0, first.end() + found.start(1)) + 1
    try:
        said = with_every_spelling(parse_front_matter(found.group(1), line))
    except ValueError:  # a ruler of Markdown and what stands below it
        return {}, 0
    return {key: value for key, value in said.items() if key in _TOLD}, line
