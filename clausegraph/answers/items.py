"""What people ask about: paths, globs, folders of folders, `-`, ids and addresses of the Hub, each as one item.

| written | is |
|---|---|
| `./my-model`, `./my-model/README.md` | a card with what stands beside it |
| `./models` | each folder below that holds a card, where the folder itself holds none |
| `'models/*'` | what the pattern matches, where the shell did not expand it |
| `recipe.yaml` | a recipe |
| `-` | standard input: a card, a recipe, or a list of all of these, one a line |
| `owner/name`, `datasets/owner/name`, `owner/name@revision` | an artifact by id, at a revision of its repository |
| `https://huggingface.co/owner/name/tree/revision` | the same by its address |
"""

import glob
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import unquote, urlsplit

from clausegraph.ground.errors import LONGEST, UnreadableInput, UsageError
from clausegraph.loaders.card import CARD_NAMES, find_card
from clausegraph.loaders.identifiers import is_repo_id, split_reference

RECIPES = frozenset({".yaml", ".yml", ".json"})
CARDS = frozenset({".md", ".markdown"})
STANDARD_INPUT = "-"
#: The most folders that are looked into below one that was named.
MAX_FOLDERS = 100_000
#: The most bytes of the beginning of a file in which front matter is looked for.
_HEAD = 4096
_FRONT = re.compile(rb"\A(?:\xef\xbb\xbf|\s)*---[ \t]*\r?$", re.MULTILINE)
_GLOB = re.compile(r"[*?\[]")
_RECIPE = re.compile(r"^(works|steps):|\A\s*\{", re.MULTILINE)
_REVISION = re.compile(r"(?P<id>[^@\s:]+/[^@\s:]+)@(?P<revision>[\w.-][\w./-]*)")
#: Parts of an address of the Hub that stand before a revision.
_VIEWS = frozenset({"tree", "blob", "resolve", "commit", "raw"})
#: Names of files that only models, datasets and Spaces have.
_OF_WORKS = re.compile(
    r".*\.(gguf|ggml|safetensors|bin|pt|pth|ckpt|onnx|h5|msgpack|parquet|arrow|tflite|mlmodel|npz)"
    r"|(adapter_|generation_|tokenizer_|preprocessor_)?config\.json|model_index\.json|dataset_infos?\.json"
    r"|mergekit_config\.ya?ml|tokenizer\.(json|model)|data-\d+-of-\d+.*|train\.(csv|jsonl?|txt)",
    re.IGNORECASE,
)


class NoCard(UnreadableInput):
    """A README that is no card: no artifact, and nothing to judge."""


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to be judged, as it was written.

    `path` is a card, a folder or a recipe; without one it is an id, which may have a `revision`. `text` is a card or
    recipe that came by standard input.
    """

    written: str
    path: Path | None = None
    id: str = ""
    revision: str = ""
    text: str | None = None

    @property
    def recipe(self) -> bool:
        """Whether it is a recipe."""
        if self.text is not None:
            return not _FRONT.match(self.text.encode())
        return self.path is not None and self.path.suffix.casefold() in RECIPES


def expand(written: Sequence[str], standard_input: Callable[[], str]) -> list[Item | UnreadableInput]:
    """Return the items that were asked about, in order, each once; what cannot be read is an error in its place."""
    found: dict[tuple[str, str, str], Item | UnreadableInput] = {}
    for text in written:
        try:
            for item in _items(text, standard_input):
                found.setdefault((str(item.path or ""), item.id, item.revision), item)
        except UnreadableInput as error:
            found[str(error), "", ""] = error
    return list(found.values())


def _items(text: str, standard_input: Callable[[], str]) -> Iterator[Item]:
    """Yield the items of one argument; raises `UnreadableInput` with the nearest name where a path is mistyped."""
    if text == STANDARD_INPUT:
        yield from _of_text(standard_input())
        return
    path = Path(text).expanduser()
    if os.path.lexists(path):
        yield from (Item(text if one == path else str(one), one) for one in (_cards(path) if path.is_dir() else [path]))
    elif _GLOB.search(text) and "://" not in text:
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207 - a pattern may be absolute
        if not matches:
            raise UnreadableInput(f"{text}: nothing matches this pattern. Check the path.")
        for one in map(Path, matches):
            if one.is_dir() or one.suffix.casefold() in CARDS | RECIPES:
                yield from (Item(str(card), card) for card in (_cards(one) if one.is_dir() else [one]))
    elif is_path(text):
        raise UnreadableInput(f"{text}: there is no such file or folder.{_nearest(path)} Check the path.")
    else:
        yield _by_id(text)


def _of_text(text: str) -> Iterator[Item]:
    """Yield what standard input holds: a card, a recipe, or one item a line."""
    if _FRONT.match(text.encode()) or _RECIPE.search(text):
        yield Item(STANDARD_INPUT, text=text)
        return
    lines = [line.strip() for line in text.splitlines() if line.strip() and not line.lstrip().startswith("# ")]
    if not lines:
        raise UnreadableInput("standard input: it is empty. Give a card, a recipe, or paths and ids, one a line.")
    if prose := next((line for line in lines if " " in line and not Path(line).exists()), None):
        raise UnreadableInput(
            f"standard input: it is no card, since it does not begin with front matter between two `---` lines, and "
            f"{prose[:LONGEST]!r} is neither a path nor an id."
        )
    for line in lines:
        if line != STANDARD_INPUT:
            yield from _items(line, lambda: "")


def is_path(text: str) -> bool:
    """Say whether a text is written as a path, and not as an id or an address.

    >>> is_path("./my-model"), is_path("owner/name"), is_path("cards/README.md")
    (True, False, True)
    """
    if "://" in text or text.startswith(("hf:", "pkg:")):
        return False
    suffix = Path(text).suffix.casefold()
    return text.startswith((".", "/", "~")) or text.endswith("/") or "\\" in text or suffix in CARDS | RECIPES


def _nearest(path: Path) -> str:
    """Return a question with the names beside a path that are like it; nothing where none is."""
    parent = path.parent
    while not parent.is_dir() and parent != parent.parent:
        path, parent = parent, parent.parent
    try:
        names = [one.name for one in parent.iterdir()]
    except OSError:
        return ""
    near = get_close_matches(path.name, names, n=3, cutoff=0.6)
    return f" Did you mean {', '.join(str(parent / name) for name in near)}?" if near else ""


def _by_id(text: str) -> Item:
    """Return an id or an address of the Hub as an item, its revision apart."""
    value = text.strip()
    value = value.removeprefix("hf://") if value.startswith("hf://") else value
    if value.startswith(("https://", "http://")):
        parts = unquote(urlsplit(value).path).strip("/").split("/")
        view = next((n for n, part in enumerate(parts) if part in _VIEWS and n >= 2), None)
        kind, id_ = split_reference(value)
        if view is not None and len(parts) > view + 1 and is_repo_id(id_) and kind != "source":
            return Item(text, id=value, revision=parts[view + 1])
    elif found := _REVISION.fullmatch(value):
        return Item(text, id=found["id"], revision=found["revision"])
    return Item(text, id=value)


# ---- folders -----------------------------------------------------------------


def _cards(folder: Path) -> list[Path]:
    """Return a folder that holds a card, or else the folders below it that do; raises `UnreadableInput`."""
    if find_card(folder) is not None and is_card(folder):
        return [folder]
    below = list(_below(folder))
    if below:
        return below
    if find_card(folder) is not None:
        raise NoCard(f"{folder}: {no_card('its README')}")
    raise UnreadableInput(f"{folder}: the folder holds no README.md. Add a card, or name the card itself.")


def _below(folder: Path) -> Iterator[Path]:
    """Yield the folders below one that hold a card; what stands below a card belongs to it."""
    for number, (here, folders, names) in enumerate(os.walk(folder)):
        if number >= MAX_FOLDERS:
            raise UsageError(f"{folder}: more than {MAX_FOLDERS:,} folders stand below it. Name those with cards.")
        folders[:] = sorted(name for name in folders if not name.startswith("."))
        place = Path(here)
        if place != folder and not {*names}.isdisjoint(CARD_NAMES) and is_card(place):
            folders.clear()
            yield place


def is_card(path: Path) -> bool:
    """Say whether a README, or that of a folder, is the card of a work.

    It has front matter, or something stands beside it that only works have. One of anything else is no artifact.
    """
    card = find_card(path)
    if card is None:
        return False
    try:
        with card.open("rb") as handle:
            head = handle.read(_HEAD)
        # what is empty or unreadable is for the loader to say
        return not head.strip() or bool(_FRONT.match(head)) or any(map(_of_a_work, card.parent.iterdir()))
    except OSError:
        return True


def _of_a_work(path: Path) -> bool:
    return bool(_OF_WORKS.fullmatch(path.name))


def no_card(what: str) -> str:
    """Return why a README is no card, and how one begins."""
    return (
        f"{what} is no card of a model, dataset or Space: it has no front matter, and no weights, data or "
        "configuration stand beside it. A card begins with `---`, lines such as `license: mit`, and `---`."
    )
