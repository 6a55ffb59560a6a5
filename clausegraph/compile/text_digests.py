"""Makes `texts.json`: the digests of all license texts that are known, and the titles that may stand above them.

The texts are those of the installed ScanCode package, and those of `ontology/known-texts.json`, of which only digests
are kept there. A text counts in the copies that people make of it:

- a rule of ScanCode that is a whole license text, if it has no passage of its own and lacks no more than a part of it
- without the appendix on how to apply the license
- without its title

A digest that two licenses claim is left out.
"""

import json
import re
from collections import defaultdict
from collections.abc import Iterator, Mapping
from pathlib import Path

import yaml

from clausegraph.ground.errors import UsageError
from clausegraph.ground.files import folder, generated
from clausegraph.library.model import License
from clausegraph.library.names import Names
from clausegraph.library.read import Reader
from clausegraph.texts.folding import fold
from clausegraph.texts.notices import weighty
from clausegraph.texts.passages import data_folder
from clausegraph.texts.recognition import DIGITS, FILE, mark, without_titles
from clausegraph.texts.scancode import license_of

NOTE = "GENERATED from ScanCode's license texts and ontology/known-texts.json by `make library`. Do not edit."
#: The file with digests of texts that ScanCode does not have; it is made by hand.
BY_HAND = "known-texts.json"
#: The share of a license's words that a variant has at least and at most.
_LEAST, _MAX = 0.7, 1.3
#: The longest run of words that a variant has and the license has not, such as the name of a licensor.
_MAX_RUN = 8
#: The length of the runs of words by which a variant is compared.
_RUN = 4
_RULE = re.compile(r"^license_expression: *(\S+)$.*^is_license_text: yes$", re.MULTILINE | re.DOTALL)
_PARTS = re.compile(r"\A---\n(.*?)^---\n(.*)", re.DOTALL | re.MULTILINE)
_APPENDIX = re.compile(
    r"(?: end of terms and conditions)?(?: appendix| addendum)?"
    r" how to (?:apply the .{,40} license to your|apply these terms to your|use this license for your) .*"
)
_END = re.compile(r" end of terms and conditions$")


def texts_text(reader: Reader) -> str:
    """Return the text of `texts.json`; without ScanCode's texts the file stays as it is."""
    folder_ = data_folder()
    if folder_ is None:
        return generated(FILE).read_text(encoding="utf-8")
    licenses = reader.licenses()
    made = Maker(licenses, folder_)
    made.read()
    made.read_by_hand(folder("ontology") / BY_HAND)
    return made.text()


class Maker:
    """Collects which licenses claim a digest."""

    def __init__(self, licenses: Mapping[str, License], data: Path) -> None:
        self._licenses = licenses
        self._names = Names(dict(licenses))
        self._data = data
        self._claims: dict[str, set[str]] = defaultdict(set)
        self._titles: dict[str, set[str]] = defaultdict(set)

    def read(self) -> None:
        """Take the license texts of ScanCode, and the rules that are variants of them."""
        texts: dict[str, tuple[str, str]] = {}
        for path in sorted((self._data / "licenses").glob("*.LICENSE")):
            head, body = split(path)
            id_ = license_of(self._licenses, self._names, path.stem, str(head.get("spdx_license_key") or ""))
            if id_ and body.strip() and not head.get("is_deprecated"):
                texts[path.stem] = (id_, fold(body))
                self._add_titles(id_, head)
        for id_, text in texts.values():
            self._claim(id_, text)
        for path in sorted((self._data / "rules").glob("*.RULE")):
            found = _RULE.search(path.read_text(encoding="utf-8"))
            if not found or found[1] not in texts:
                continue
            head, body = split(path)
            id_, own = texts[found[1]]
            text = fold(body.replace("{{", "").replace("}}", ""))
            if not head.get("is_deprecated") and head.get("relevance", 100) == 100 and is_variant(text, own):
                self._claim(id_, text)

    def read_by_hand(self, path: Path) -> None:
        """Take the digests that were made by hand."""
        for row in json.loads(path.read_text(encoding="utf-8"))["texts"]:
            if row["license"] not in self._licenses:
                raise UsageError(
                    f"{path}: {row['origin']} is said to be {row['license']!r}, which is no license of the library. "
                    "Write the identifier of a file in ontology/licenses, or leave the line out."
                )
            self._claims[row["sha256"][:DIGITS]].add(row["license"])
            self._add_titles(row["license"], {})

    def _add_titles(self, id_: str, head: Mapping[str, object]) -> None:
        one = self._licenses[id_]
        named = (id_, one.name, one.spdx_id, one.hf_id, *one.aliases, head.get("short_name"), head.get("name"))
        for name in {fold(str(n)).removeprefix("the ") for n in named if n} - {""}:
            whole = name if name.endswith(("license", "agreement")) else f"{name} license"
            self._titles[id_] |= {f"{prefix}{one} " for prefix in ("", "the ") for one in (name, whole)}

    def _claim(self, id_: str, text: str) -> None:
        titles = sorted(self._titles[id_])
        for one in without_appendix(text):
            for rest in without_titles(one, titles):
                self._claims[mark(rest)].add(id_)

    def text(self) -> str:
        """Return the file, one license in a line."""
        by_license: dict[str, list[str]] = defaultdict(list)
        for one, ids in sorted(self._claims.items()):
            if len(ids) == 1:
                by_license[next(iter(ids))].append(one)
        titles = {id_: sorted(self._titles[id_]) for id_ in by_license}
        parts = (f'"note":{json.dumps(NOTE)}', f'"titles":{_table(titles)}', f'"texts":{_table(by_license)}')
        return "{" + ",\n".join(parts) + "}\n"


def split(path: Path) -> tuple[dict[str, object], str]:
    """Return the front matter and the text of a file of ScanCode."""
    found = _PARTS.match(path.read_text(encoding="utf-8"))
    head = yaml.load(found[1], Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader)) if found else {}
    return head, found[2] if found else ""


def _table(rows: Mapping[str, list[str]]) -> str:
    lines = (f"{json.dumps(key)}:{json.dumps(rows[key], separators=(',', ':'))}" for key in sorted(rows))
    return "{\n" + ",\n".join(lines) + "\n}"


def without_appendix(text: str) -> Iterator[str]:
    """Yield a folded text, and the same without the appendix on how to apply it and without the line that ends it."""
    short = _APPENDIX.sub("", text)
    yield from {text, _END.sub("", text), short, f"{short} end of terms and conditions" if short != text else short}


def is_variant(text: str, own: str) -> bool:
    """Say whether a folded text is a copy of a license's own text with other names in it.

    What it has and the license has not is a few words at a time, and none of them permits, forbids, requires or sets a
    condition.
    """
    words, own_words = text.split(), own.split()
    if not _LEAST * len(own_words) <= len(words) <= _MAX * len(own_words):
        return False
    runs = {tuple(own_words[at : at + _RUN]) for at in range(len(own_words))}
    seen = [False] * len(words)
    for at in range(len(words) - _RUN + 1):
        if tuple(words[at : at + _RUN]) in runs:
            seen[at : at + _RUN] = [True] * _RUN
    length = 0
    for word, known in zip(words, seen, strict=True):
        length = 0 if known else length + 1
        if length > _MAX_RUN or (length and weighty([word])):
            return False
    return True
