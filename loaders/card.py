"""A model, dataset or Space card: a README with YAML front matter, and what stands beside it.

YAML from outside is hostile: only the safe loader is used, and a card that is too large or that
nests aliases is refused.
"""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import yaml
from clausegraph.loaders.beside import files_beside, from_files
from clausegraph.loaders.document import Context, Document, read_document
from clausegraph.loaders.evidence import from_evidence, not_yet
from clausegraph.loaders.identifiers import is_repo_id
from clausegraph.loaders.records import CARD, DATASET, FILE, MODEL, SERVICE, Artifact, Rejected, Statement
from clausegraph.loaders.tags import from_card, from_tags, licenses_of, strings, unnamed_base

from clausegraph.ground.errors import UnreadableInput

#: The largest front matter that is read, in characters.
MAX = 1_000_000
#: The deepest nesting of front matter.
MAX_DEPTH = 100
#: The largest card, in bytes, and the names of cards.
MAX_CARD = 16_000_000
CARD_NAMES = ("README.md", "readme.md", "README.MD")
_FRONT = re.compile(r"\A[\s\ufeff]*---[ \t]*\r?\n(.*?)(?:^---[ \t]*\r?$|\Z)", re.DOTALL | re.MULTILINE)
_DATASET_KEYS = {
    "dataset_info",
    "task_categories",
    "size_categories",
    "annotations_creators",
    "source_datasets",
    "configs",
}
_MODEL_KEYS = {"base_model", "library_name", "pipeline_tag", "model-index", "model_name", "datasets"}


_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
#: Keys of license and lineage: where one is written twice, both values count.
_TOLD = ("license", "licence", "license_name", "license_link", "base_model", "datasets", "models", "source_datasets")


class _FrontLoader(_LOADER):  # type: ignore[misc]
    """Reads YAML as the Hub does: `yes`, `no`, `on` and `off` are texts, and of a key written twice nothing is lost."""

    yaml_implicit_resolvers = {  # noqa: RUF012 - PyYAML keeps its table of a class here
        first: [(tag, rule) for tag, rule in rules if tag != "tag:yaml.org,2002:bool"]
        for first, rules in _LOADER.yaml_implicit_resolvers.items()
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
    node = yaml.compose(found.group(1), Loader=_LOADER) if found else None
    if not isinstance(node, yaml.MappingNode):
        return []
    first = text.count("\n", 0, found.start(1)) + 1 if found else 1
    keys = [(str(key.value), key.start_mark.line + first) for key, _ in node.value]
    return [(key, line) for n, (key, line) in enumerate(keys) if key in _TOLD and key in [k for k, _ in keys[:n]]]


def load_yaml(text: str, first_line: int = 1, most: int = MAX, loader: Any = _LOADER) -> Any:
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
    for event in yaml.parse(text, Loader=_LOADER):
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


def kind_of_card(card: Mapping[str, Any]) -> str:
    """Return the kind of artifact that a card describes, by the keys that only one kind has."""
    if "sdk" in card:
        return SERVICE
    if _DATASET_KEYS & card.keys() and not _MODEL_KEYS & card.keys():
        return DATASET
    return MODEL


def read(document: Document, context: Context, beside: Mapping[str, bytes] | None = None) -> Iterator[Artifact]:
    """Yield the artifact that a card describes; `beside` has the small files of its repository by name.

    Raises `ValueError` with place and fix.
    """
    card = _front(document)
    for key, line in twice(document.text):
        reason = f"`{key}` stands a second time in the front matter; both values count. Write it once"
        context.reject(Rejected(document.place, line, reason, key))
    kind = kind_of_card(card)
    licenses = licenses_of(card)
    references, statements = from_files(kind, beside or {}, context)
    shown, more = from_evidence(kind, beside or {}, context, document.place.rpartition("/")[0])
    tags = strings(card.get("tags"))
    references = (*from_card(kind, card), *from_tags(kind, tags), *references)
    references = (*references, *not_yet(references, shown))
    marks = [*tags, *strings(card.get("library_name"))]
    found = [s.value for s in statements if s.place == FILE and s.value]
    where = CARD
    if found and not card.get("license_name") and all(map(context.vocabulary().leaves_open, licenses)):
        # a card that leaves its license to a file is read as that file; what the file holds beyond it is still to say
        kept = [s for s in statements if s.place != FILE or s.more or not s.value]
        statements = [*kept, *(Statement(CARD, v) for v in licenses)]
        licenses, where = tuple(dict.fromkeys(found)), FILE
    yield Artifact(
        kind=kind,
        id=_id_of(document, card),
        licenses=licenses,
        license_name=next(iter(strings(card.get("license_name"))), None),
        license_link=next(iter(strings(card.get("license_link"))), None),
        place=where,
        references=(*references, *unnamed_base(kind, references, marks)),
        statements=(*statements, *more),
    )


def _front(document: Document) -> dict[str, Any]:
    if not document.data.strip():
        raise ValueError("the file is empty. Write a card with a `license:` value")
    try:
        return front_matter(document.text)
    except ValueError as error:
        raise ValueError(f"{error}. Fix the YAML between the two `---` lines") from error


def accepts(document: Document) -> bool:
    """Say whether a document is a card: Markdown."""
    return document.suffix in (".md", ".markdown")


_CACHE = re.compile(r"(?:^|/)(models|datasets|spaces)--([^/]+?)--([^/]+?)(?:/snapshots/[^/]+)?/[^/]+$")


def _id_of(document: Document, card: Mapping[str, Any]) -> str:
    """Return the id of a card's artifact: from the folders above it in a collection, else a local name."""
    if found := _CACHE.search(document.name):
        id_ = f"{found[2]}/{found[3]}"
        if is_repo_id(id_):
            return id_
    stem = document.name.rpartition("/")[2].rpartition(".")[0]
    if f"{stem}.md" not in CARD_NAMES:
        return _local(re.sub(r"--|__", "/", stem, count=1) if re.search(r"\w(--|__)\w", stem) else stem)
    parts = [p for p in document.name.split("/")[:-1] if p not in ("datasets", "spaces", "models", ".")]
    if len(parts) >= 2 and is_repo_id("/".join(parts[-2:])):
        return "/".join(parts[-2:])
    names = strings(card.get("model_id")) + strings(card.get("model_name"))
    folder = parts[-1] if parts else Path(document.place).resolve().parent.name
    return _local(names[0] if names else folder)


def _local(name: str) -> str:
    """Return a name as an id: as it is if it has an owner, else under the owner `local`."""
    if "/" in name and is_repo_id(name):
        return name
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-._")
    return f"local/{re.sub(r'[.]{2,}', '.', plain)[:100] or 'card'}"


def find_card(path: Path) -> Path | None:
    """Return the card at `path`, which is a card or a folder with one, or `None`."""
    if path.is_dir():
        return next((path / name for name in CARD_NAMES if (path / name).is_file()), None)
    return path


def read_card(path: Path, context: Context) -> Artifact:
    """Return the artifact of the card at `path`; raises `UnreadableInput` naming file, place and fix."""
    card_path = find_card(path)
    if card_path is None:
        raise UnreadableInput(f"{path}: the folder holds no README.md. Add a card, or name the card itself.")
    try:
        document = read_document(card_path, MAX_CARD)
        document = Document(str(card_path), card_path.name, document.data)
        return next(read(document, context, files_beside(card_path)))
    except OSError as error:
        raise UnreadableInput(f"{card_path}: {error.strerror or error}. Check the path.") from error
    except ValueError as error:
        raise UnreadableInput(f"{card_path}: {error}.") from error
