"""A model or dataset card: a README with YAML front matter, or a folder that holds one.

YAML from outside is hostile: only the safe loader is used, and a card that is too large or that
nests aliases is refused.
"""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import yaml
from clausegraph.loaders.records import DATASET, MODEL, SERVICE, Artifact, Reference
from clausegraph.loaders.tags import from_card, licenses_of, strings

from clausegraph.errors import UnreadableInput

#: The largest front matter that is read, in characters.
MOST = 1_000_000
_FRONT = re.compile(r"^﻿?---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$|\Z)", re.DOTALL | re.MULTILINE)
_DATASET_KEYS = {
    "dataset_info",
    "task_categories",
    "size_categories",
    "annotations_creators",
    "source_datasets",
    "configs",
}
_MODEL_KEYS = {"base_model", "library_name", "pipeline_tag", "model-index", "model_name", "datasets"}


class _NoAliases(yaml.SafeLoader):
    """The safe loader without aliases, which could blow up in memory."""

    def compose_node(self, parent: Any, index: Any) -> Any:
        if self.check_event(yaml.events.AliasEvent):
            raise yaml.YAMLError("aliases are not allowed in a card")
        return super().compose_node(parent, index)


def load_yaml(text: str, first_line: int = 1) -> Any:
    """Return what YAML from outside says; raises `ValueError` with line and reason."""
    if len(text) > MOST:
        raise ValueError(f"the YAML has more than {MOST:,} characters")
    try:
        return yaml.load(text, Loader=_NoAliases)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        place = f"line {mark.line + first_line}, column {mark.column + 1}: " if mark else ""
        raise ValueError(f"{place}{getattr(error, 'problem', None) or error}") from error
    except RecursionError as error:
        raise ValueError("the YAML is nested too deeply") from error


def parse_front_matter(text: str) -> dict[str, Any]:
    """Return the mapping in front matter; raises `ValueError` with line and reason."""
    data = load_yaml(text, first_line=2)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise ValueError("the front matter is no mapping of keys to values")
    return {str(k): v for k, v in data.items()}


def front_matter(text: str) -> dict[str, Any]:
    """Return the front matter of a card; a card without any gives an empty mapping."""
    found = _FRONT.match(text)
    return parse_front_matter(found.group(1)) if found else {}


def kind_of_card(card: Mapping[str, Any]) -> str:
    """Return the kind of artifact that a card describes, by the keys that only one kind has."""
    if "sdk" in card:
        return SERVICE
    if _DATASET_KEYS & card.keys() and not _MODEL_KEYS & card.keys():
        return DATASET
    return MODEL


def find_card(path: Path) -> Path:
    """Return the card at `path`, which is a card or a folder with one; raises `UnreadableInput`."""
    if path.is_dir():
        for name in ("README.md", "readme.md", "README.MD"):
            if (path / name).is_file():
                return path / name
        raise UnreadableInput(f"{path}: the folder holds no README.md. Add a card, or name the card itself.")
    return path


def read_card(path: Path) -> Artifact:
    """Return the artifact that a card describes; raises `UnreadableInput` naming file, place and fix."""
    card_path = find_card(path)
    try:
        text = card_path.read_text(encoding="utf-8", errors="replace")
    except OSError as error:
        raise UnreadableInput(f"{card_path}: {error.strerror or error}. Check the path.") from error
    if not text.strip():
        raise UnreadableInput(f"{card_path}: the file is empty. Write a card with a `license:` value.")
    try:
        card = front_matter(text)
    except ValueError as error:
        raise UnreadableInput(f"{card_path}: {error}. Mend the YAML between the two `---` lines.") from error
    kind = kind_of_card(card)
    names = strings(card.get("model_id")) + strings(card.get("model_name"))
    plain = re.sub(r"[^\w.-]+", "-", names[0] if names else card_path.resolve().parent.name).strip("-.") or "card"
    references = from_card(kind, card)
    if kind == SERVICE:
        references = tuple(
            [Reference(MODEL, m, "include") for m in strings(card.get("models"))]
            + [Reference(DATASET, d, "include") for d in strings(card.get("datasets"))]
        )
    return Artifact(
        kind=kind,
        id=f"local/{plain}",
        licenses=licenses_of(card),
        license_name=next(iter(strings(card.get("license_name"))), None),
        license_link=next(iter(strings(card.get("license_link"))), None),
        references=references,
    )
