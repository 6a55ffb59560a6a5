"""License texts from the installed ScanCode package, and where a section stands in them.

The texts come with the extra `clausegraph[texts]`; nothing of them is kept here. A clause names the
few words by which its section is found (`anchor`) and the section's number. `locate` looks for both.
"""

import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from pathlib import Path

from clausegraph.ground.errors import UnknownIdentifier, UsageError

PACKAGE = "scancode-toolkit-mini"
#: The longest passage that is printed, in lines.
MAX_LINES = 40
_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_CURLY = str.maketrans({"“": '"', "”": '"', "’": "'", "‘": "'"})
_ROMAN = re.compile(r"^(?=.)(x{0,3})(ix|iv|v?i{0,3})$")


@dataclass(frozen=True)
class LicenseText:
    """A license text: its lines, and all of it in one line with the line number of every character.

    `offsets` has the place of each line in `flat`; `digest` is the SHA-256 of the text.
    """

    key: str
    lines: tuple[str, ...]
    offsets: tuple[int, ...]
    flat: str
    line_of: tuple[int, ...]
    digest: str


@dataclass(frozen=True)
class Place:
    """Where a clause stands: the first and last line (from 1), and how that was found.

    `how` is `numbered` if the section's own number was found above the words, `counted` if the stored
    copy prints no such number there, so that only the words were found.
    """

    first: int
    last: int
    how: str


def package_version() -> str:
    """Return the version of the installed package of texts; raises `UsageError` if there is none."""
    try:
        return version(PACKAGE)
    except PackageNotFoundError as error:
        raise UsageError("the license texts are not installed. Run `pip install 'clausegraph[texts]'`.") from error


def data_folder() -> Path | None:
    """Return the folder of the installed package's license texts and rules, or `None` without the package."""
    spec = find_spec("licensedcode")
    return Path(spec.origin).parent / "data" if spec and spec.origin else None


@cache
def license_text(key: str) -> LicenseText:
    """Return the text with a ScanCode key; raises `UsageError` without the extra, `UnknownIdentifier` without it."""
    package_version()
    data = data_folder()
    path = data / "licenses" / f"{key}.LICENSE" if data else None
    if path is None or not path.exists():
        raise UnknownIdentifier("license text", key, hint=f"{PACKAGE} {package_version()} does not have it.")
    body = _FRONT.sub("", path.read_text(encoding="utf-8"))
    return text_of(key, body)


def text_of(key: str, body: str) -> LicenseText:
    """Return a text for a body of words."""
    lines = tuple(body.translate(_CURLY).replace("\\.", ".").split("\n"))
    flat: list[str] = []
    numbers: list[int] = []
    offsets: list[int] = []
    for number, line in enumerate(lines, 1):
        offsets.append(len(numbers))
        for word in line.split():
            flat.append(word + " ")
            numbers.extend([number] * (len(word) + 1))
    return LicenseText(
        key, lines, tuple(offsets), "".join(flat), tuple(numbers), hashlib.sha256(body.encode()).hexdigest()
    )


def locate(text: LicenseText, anchor: str, section: str) -> Place | None:
    """Return where a section stands, or `None` if its words are not there or stand under another number."""
    words = " ".join(anchor.translate(_CURLY).split())
    found = [m.start() for m in re.finditer(re.escape(words), text.flat)]
    best: Place | None = None
    for start in found:
        first, last = text.line_of[start], text.line_of[start + len(words) - 1]
        how = _under(text, section, start)
        if how == "numbered":
            return Place(first, last, how)
        if how == "counted" and best is None:
            best = Place(first, last, how)
    return best


def printed(text: LicenseText, section: str) -> bool:
    """Say whether a text prints the number or heading of a section, each of its levels somewhere."""
    return all(_positions(text, label) for label in _labels(section, text))


def passage(text: LicenseText, place: Place) -> list[str]:
    """Return the paragraph in which a place lies; after a heading or a colon also what is below."""
    first, last = place.first, place.last
    while first > 1 and text.lines[first - 2].strip() and place.first - first < MAX_LINES // 4:
        if _LABEL.match(text.lines[first - 1]):
            break
        first -= 1
    last = _paragraph_end(text, last)
    while last < len(text.lines) and last - first < MAX_LINES:
        words = " ".join(text.lines[first - 1 : last]).strip()
        if len(words) > _HEADING and not words.endswith(":"):
            break
        last = _paragraph_end(text, last + 1)
    return "\n".join(text.lines[first - 1 : last]).rstrip().split("\n")


def _paragraph_end(text: LicenseText, line: int) -> int:
    """Return the last line of the paragraph in which a line lies."""
    last = line
    while last < len(text.lines) and text.lines[last].strip() and last - line < MAX_LINES:
        if _LABEL.match(text.lines[last]):
            break
        last += 1
    return last


# ---- labels ------------------------------------------------------------------

#: The longest line that may be a heading, in characters.
_HEADING = 80
#: What may stand before a section's number or heading at the start of a line.
_LEAD = r"[\s#*>\"\-•–]*(?:(?:Section|Article|SECTION|ARTICLE)\s+)?\(?"
_LABEL = re.compile(_LEAD + r"(?:\d+(?:\.\d+)*|[A-Za-z]|[ivxIVX]+)\**[.)]")
_DECIMAL = re.compile(r"\d+(\.\d+)+")
#: A line that begins with a number of two parts.
_POINT = re.compile(r"\s*\d+\.\d+\b")
_NUMBER = re.compile(_LEAD + r"(\d+)\**[.)](?!\d)")


def _under(text: LicenseText, section: str, start: int) -> str | None:
    """Say how the words at a position stand under a section: `numbered`, `counted`, or not at all."""
    labels = _labels(section, text)
    if _chain(text, labels, 0, start) is not None:
        return "numbered"
    for known in range(len(labels) - 1, -1, -1):
        above = _chain(text, labels[:known], 0, start)
        if above is not None:
            return "counted" if _unprinted(text, labels[known], above, start, outermost=known == 0) else None
    return None


def _labels(section: str, text: LicenseText) -> list[str]:
    """Return the labels of a section from the outermost inwards, joined as the text prints them."""
    parts = section.split(".")
    numbers = 0
    while numbers < len(parts) and parts[numbers].isdigit():
        numbers += 1
    for joined in range(numbers, 1, -1):
        label = ".".join(parts[:joined])
        if _positions(text, label):
            return [label, *parts[joined:]]
    return parts


def _chain(text: LicenseText, labels: Sequence[str], after: int, end: int) -> int | None:
    """Return where the last of labels stands that follow each other up to `end`, each the last of its sort."""
    if not labels:
        return after
    label, inner = labels[0], labels[1:]
    following, first = _next(label), "1" if label.isdigit() else "a"
    beyond = _positions(text, following, inline=False) if following else ()
    for position in reversed([p for p in _positions(text, label) if after <= p <= end]):
        passed = next((p for p in beyond if position < p <= end), None)
        nested = inner and passed and any(position < p < passed for p in _positions(text, first, inline=False))
        if passed is None or nested:
            found = _chain(text, inner, position + 1, end)
            if found is not None:
                return found
    return None


@cache
def _positions(text: LicenseText, label: str, *, inline: bool = True) -> tuple[int, ...]:
    """Return where a label stands: at the beginning of a line, or (`inline`) in brackets or after a stop."""
    mark = re.escape(label)
    if _is_heading(label):
        title = r"\W*".join(map(re.escape, label.split("-")))
        words = re.compile(rf"{_LEAD}(?:\d+[.)]\s*)?\W*{title}\b", re.IGNORECASE)
        within = re.compile(rf"(?=.{{,{_HEADING}}}$)(?:\w+\W+)*?{title}$", re.IGNORECASE)
    else:
        stop = r"(?:[.):\]]|\s|$)(?!\d)" if label[0].isdigit() else r"[.):\]]"
        words = re.compile(rf"{_LEAD}{mark}\**{stop}", re.IGNORECASE if len(label) == 1 else 0)
        within = re.compile(rf"\({mark}\)|(?<=[;.:] ){mark}\. (?=[A-Z])")
    found: set[int] = set()
    for line, offset in zip(text.lines, text.offsets, strict=True):
        flat = " ".join(line.split())
        if words.match(flat):
            found.add(offset)
        if inline and within:
            found.update(offset + m.start() for m in within.finditer(flat))
    return tuple(sorted(found))


def _is_heading(label: str) -> bool:
    return len(label) > 3 and not label[0].isdigit() and not _ROMAN.match(label.lower())


def _next(label: str) -> str | None:
    """Return the label that follows a number or a letter, or `None`."""
    if label.isdigit():
        return str(int(label) + 1)
    if _DECIMAL.fullmatch(label):
        head, _, last = label.rpartition(".")
        return f"{head}.{int(last) + 1}"
    if len(label) == 1 and label.isalpha() and label not in "iIvVxXzZ":
        return chr(ord(label) + 1)
    return None


def _unprinted(text: LicenseText, label: str, above: int, start: int, *, outermost: bool) -> bool:
    """Say whether the stored copy prints no such label there, so that it can only be counted.

    A number is counted between two printed numbers, or as the one paragraph after the last of them.
    """
    if _is_heading(label):
        return False
    if _DECIMAL.fullmatch(label):
        siblings = re.compile(rf"\s*{re.escape(label.rpartition('.')[0])}\.\d+\b")
        return not any(siblings.match(line) for line in text.lines)
    if (
        not outermost
        and label.isdigit()
        and any(_POINT.match(line) for line, p in zip(text.lines, text.offsets, strict=True) if above <= p <= start)
    ):
        return False
    if not outermost or not label.isdigit():
        first = "1" if label.isdigit() else "a"
        return bool(_ROMAN.match(label.lower())) or not any(
            above <= p <= start for p in _positions(text, first, inline=False)
        )
    printed = [
        (p, int(m[1])) for p, m in ((o, _NUMBER.match(n)) for o, n in zip(text.offsets, text.lines, strict=True)) if m
    ]
    before = max((n for p, n in printed if p <= start), default=None)
    later = [n for p, n in printed if p > start]
    if before is None or label == "0":
        return label == "0" or not later
    return before < int(label) < min(later) if later else int(label) == before + 1
