"""A model, dataset or Space card: a README with YAML front matter, and what stands beside it."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from clausegraph.loaders import prose
from clausegraph.loaders.beside import files_beside, from_files
from clausegraph.loaders.document import Context, Document, read_document
from clausegraph.loaders.evidence import from_evidence, not_yet
from clausegraph.loaders.forms import meant
from clausegraph.loaders.front_matter import BY_THE_HUB, front_matter, second_front_matter, twice
from clausegraph.loaders.identifiers import is_repo_id
from clausegraph.loaders.records import (
    CARD,
    DATASET,
    FILE,
    MODEL,
    SERVICE,
    TAG,
    Artifact,
    Reference,
    Rejected,
    Statement,
)
from clausegraph.loaders.tags import (
    after,
    from_card,
    from_tags,
    licenses_of,
    strings,
    texts,
    unnamed_base,
    with_every_spelling,
)

from clausegraph.ground.errors import UnreadableInput

#: The largest card, in bytes, and the names of cards.
MAX_CARD = 16_000_000
CARD_NAMES = ("README.md", "readme.md", "README.MD")
_DATASET_KEYS = {
    "dataset_info",
    "task_categories",
    "size_categories",
    "annotations_creators",
    "source_datasets",
    "configs",
}
_MODEL_KEYS = {"base_model", "library_name", "pipeline_tag", "model-index", "model_name", "datasets"}


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
    card = _whole(document, context)
    kind = kind_of_card(card)
    tags = strings(card.get("tags"))
    stated, in_tags = licenses_of(card), tuple(sorted(after(tags, "license:")))
    licenses, where = stated or in_tags, TAG if in_tags and not stated else CARD
    folder = document.place.rpartition("/")[0]
    references, statements = from_files(kind, beside or {}, context, folder)
    shown, more = from_evidence(kind, beside or {}, context, folder)
    references = (*from_card(kind, card), *from_tags(kind, tags), *references)
    references = (*references, *not_yet(references, [*prose.stated(document.text), *shown]))
    _tell_hints(document, references, context)
    marks = [*tags, *strings(card.get("library_name"))]
    names, links = texts(card.get("license_name")), texts(card.get("license_link"))
    open_ended = all(map(context.vocabulary().leaves_open, licenses))
    found = [s.value for s in statements if s.place == FILE and s.value]
    if found and not names and open_ended:
        # a card that leaves its license to a file is read as that file; what the file holds beyond it is still to say
        kept = [s for s in statements if s.place != FILE or s.more or not s.value]
        statements = [*kept, *(Statement(where, v) for v in licenses)]
        licenses, where = tuple(dict.fromkeys(found)), FILE
    else:
        statements += [Statement(TAG, value) for value in in_tags if stated]
        licenses += () if open_ended else _linked(links, licenses, context)
    yield Artifact(
        kind=kind,
        id=_id_of(document, card),
        licenses=licenses,
        license_name=next(iter(names), None),
        license_link=next(iter(links), None),
        place=where,
        references=(*references, *unnamed_base(kind, references, marks)),
        statements=(*statements, *more),
    )


def _linked(links: Iterable[str], licenses: Sequence[str], context: Context) -> tuple[str, ...]:
    """Return the links to another license than is stated; a link to a text that is not known says nothing of it."""
    means = context.vocabulary().means
    known = {means(one) for one in licenses}
    return tuple(link for link in links if licenses and (said := means(link)) is not None and said not in known)


def _whole(document: Document, context: Context) -> dict[str, Any]:
    """Return what a card says; what stands twice counts twice and is told."""
    card = _front(document)
    for key, line in twice(document.text):
        reason = f"`{key}` stands a second time in the front matter; both values count. Write it once"
        context.reject(Rejected(document.place, line, reason, key))
    card = with_every_spelling(card)
    more, line = second_front_matter(document.text)
    if more:
        context.reject(Rejected(document.place, line, BY_THE_HUB, ", ".join(more)))
    for key, value in more.items():
        card[key] = [one for part in (card.get(key), value) for one in (part if isinstance(part, list) else [part])]
    return card


def _tell_hints(document: Document, references: Sequence[Reference], context: Context) -> None:
    """Tell what the text of a card says that the artifact was made from, where nothing names it as a parent."""
    known = {id_.casefold() for r in references for id_ in (r.parent, *meant(r.parent_kind, r.parent))}
    for line, kind, id_ in prose.hints(document.text):
        if id_.casefold() not in known:
            key = "`datasets`" if kind == DATASET else "`base_model`"
            reason = f"the text says that it was made from {id_}, which the card does not name. Name it under {key}"
            context.reject(Rejected(document.place, line, reason, id_))


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
    path = Path(document.place).absolute()  # not resolved: a card in a cache is a link to its content
    path = path.resolve() if ".." in path.parts else path
    if found := _CACHE.search(document.name) or _CACHE.search(path.as_posix()):
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
    folder = parts[-1] if parts else path.parent.name
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


def first_of(main: Document | None, card: Document, context: Context) -> Document:
    """Return which of two cards of one folder is read, as the Hub does; the other is told."""
    if main is None:
        return card
    first, other = sorted((main, card), key=lambda one: CARD_NAMES.index(one.name.rpartition("/")[2]))
    reason = f"`{first.name.rpartition('/')[2]}` beside it is the card; this one was not read. Keep one"
    context.reject(Rejected(other.place, 0, reason, ""))
    return first


def _tell_of_others(card: Path, context: Context) -> None:
    """Tell which other files beside a card bear the name of a card."""
    for name in set(CARD_NAMES) - {card.name}:
        other = card.parent / name
        if other.is_file() and not other.samefile(card):
            first_of(Document(str(card), card.name, b""), Document(str(other), name, b""), context)


def read_card(path: Path, context: Context) -> Artifact:
    """Return the artifact of the card at `path`; raises `UnreadableInput` naming file, place and fix."""
    card_path = find_card(path)
    if card_path is None:
        raise UnreadableInput(f"{path}: the folder holds no README.md. Add a card, or name the card itself.")
    try:
        document = read_document(card_path, MAX_CARD)
        document = Document(str(card_path), card_path.name, document.data)
        if path.is_dir():
            _tell_of_others(card_path, context)
        return next(read(document, context, files_beside(card_path, context)))
    except OSError as error:
        raise UnreadableInput(f"{card_path}: {error.strerror or error}. Check the path.") from error
    except ValueError as error:
        raise UnreadableInput(f"{card_path}: {error}.") from error
