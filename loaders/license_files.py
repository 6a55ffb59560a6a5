"""What the name of a file says of it: a license file or not, and of the whole repository or of a part of it.

A name that says nothing of a part is about the whole, so that a license file is never passed over because its name
holds a word that nobody foresaw (`CogVideoX_LICENSE`). Files in a folder for licenses (`licenses/MIT.txt`) are license
files beside the card above it.
"""

import re
from pathlib import PurePosixPath

from clausegraph.loaders.document import Context
from clausegraph.loaders.records import APPLICATION, DATASET, MODEL, SERVICE, SOURCE

_MODELS, _DATA = r"models?|weights?|checkpoints?|ckpts?", r"data|datasets?|database|corpus"
_CODE = r"code|source|software|app|space|scripts?"
#: What the name of a license file says of a whole repository of a kind.
_WHOLE = {MODEL: _MODELS, DATASET: _DATA, SERVICE: _CODE, APPLICATION: _CODE, SOURCE: _CODE}
#: Words for parts that no kind of artifact is: what others made, what lies about, what is kept aside.
_PARTS = re.compile(
    rf"{_MODELS}|{_DATA}|{_CODE}|third|3rd|thirdparty|3p|party|parties|dependenc(?:y|ies)|deps|vendor(?:ed)?|librar(?:y|ies)|"
    r"fonts?|assets?|icons?|images?|docs|documentation|old|bak|backup|previous|examples?|samples?|tests?|templates?|demo|"
    r"frontend|website",
    re.IGNORECASE,
)
#: Words that say nothing of a part: languages, numbers, forms of documents; `LESSER` and `LIB` are licenses of GNU.
_PLAIN = re.compile(
    r"txt|text|md|markdown|rst|adoc|html?|pdf|docx?|odt|rtf|tex|agreement|full|terms|lesser|lib|v?\d+|"
    r"ar|cn|de|en|es|fr|it|ja|ko|pt|ru|zh|eng|english|chinese|final|copy",
    re.IGNORECASE,
)
_LICENSE = re.compile(r"(?:un)?licen[cs]es?|copying|eula", re.IGNORECASE)
_TERMS = re.compile(r"terms(?: (?:of (?:use|service)|and conditions))?", re.IGNORECASE)
_ATTACHED = re.compile(
    r"notices?|copyrights?|(?:acceptable )?us(?:e|age) polic(?:y|ies)|acceptable use|aup|prohibited uses?",
    re.IGNORECASE,
)
#: The same words in names of other things.
_ELSE = re.compile(r"plates?|keys?|servers?|checkers?", re.IGNORECASE)
_NOT_IN_FOLDERS = re.compile(rf"{_ELSE.pattern}|readme", re.IGNORECASE)
#: Files that hold no text of a license whatever they are called; a packed license, or one in data, is one nobody reads.
_NO_TEXT = re.compile(
    r"(?<!^license)(?<!^licence)(?<!^copying)\.(?:json|jsonl|ya?ml|toml|csv|tsv|xml|zip|gz|tgz|tar|zst)$|"
    r"\.(?:py|ipynb|js|ts|css|sh|c|h|cpp|hpp|parquet|arrow|svg|png|jpe?g|gif|webp|"
    r"bin|pth?|ckpt|onnx|gguf|safetensors|h5|npz|npy|pkl|exe)$",
    re.IGNORECASE,
)
#: How a file that is a card of its own names owner and repository.
_CARD = re.compile(r"\w(?:--|__)\w.*\.(?:md|markdown)$", re.IGNORECASE)
_SEPARATORS = re.compile(r"[-_. ()\[\],]+")
_CAPITALS = re.compile(r"(?<=[a-z])(?=[A-Z][a-z])")


def is_license(name: str) -> bool:
    """Say whether a file beside a card is a license file, by its name or by the folder in which it lies."""
    folder, _, inside = name.partition("/")
    base = inside.rpartition("/")[2] or name
    if _NO_TEXT.search(base):
        return False
    if inside:
        return is_license_folder(folder) and not any(map(_NOT_IN_FOLDERS.fullmatch, _words(base)))
    return not is_attached(base) and _is_named(base)


def is_attached(name: str) -> bool:
    """Say whether a file beside a card is a notice or a policy, by its name."""
    if _NO_TEXT.search(name) or "/" in name:
        return False
    words = " ".join(_words(name))
    return any(_edge(words, found) for found in _ATTACHED.finditer(words))


def is_license_folder(name: str) -> bool:
    """Say whether a folder beside a card holds license files, by its name: `licenses`, `LICENSES`, `meta-license`."""
    return "/" not in name and not name.startswith(".") and _is_named(name)


def near(path: str) -> tuple[str, str]:
    """Return the folder of the card beside which a file lies, and its name there, with its folders for licenses."""
    parts = PurePosixPath(path).parts
    for n, part in enumerate(parts[:-1]):
        if is_license_folder(part) and is_license("/".join(parts[n:])):
            return "/".join(parts[:n]), "/".join(parts[n:])
    return "/".join(parts[:-1]), parts[-1] if parts else ""


def is_about_the_whole(kind: str, name: str, context: Context) -> bool:
    """Say whether a license file is about a whole repository of a kind, by its name.

    It is where the name names a license (`LICENSE-MIT`), that kind (`LICENSE-MODEL` of a model), or no part at all.
    """
    if not is_license(name) or name.count("/") > 1:  # `licenses/torch/LICENSE` is the license of a part
        return False
    whole = re.compile(_WHOLE.get(kind, _CODE), re.IGNORECASE)
    words = [w for part in name.split("/") for w in _words(part) if not _LICENSE.fullmatch(w)]
    rest = [word for word in words if not _PLAIN.fullmatch(word) and not whole.fullmatch(word)]
    if not any(map(_PARTS.fullmatch, rest)):
        return True
    named = "-".join(word for word in words if not whole.fullmatch(word))
    names_license = context.vocabulary().names_license
    return any(map(names_license, ("-".join(rest), named, _without_form(named))))


def _words(name: str) -> list[str]:
    """Return the words of a name; capitals within a word begin another one (`ModelLicense`)."""
    return [word for word in _SEPARATORS.split(_CAPITALS.sub("-", name)) if word]


def _is_named(name: str) -> bool:
    """Say whether a name begins or ends with a word for a license, forms, languages and numbers apart."""
    every = _words(name)
    if any(map(_ELSE.fullmatch, every)) or (every and every[0].casefold() == "readme") or _CARD.search(name):
        return False
    words = " ".join(every)
    return any(_edge(words, one) for pattern in (_LICENSE, _TERMS) for one in pattern.finditer(words))


def _edge(words: str, found: re.Match[str]) -> bool:
    """Say whether whole words begin or end a name: forms and numbers behind them, and parts before them, apart."""
    before, after = words[: found.start()], words[found.end() :]
    if (before and not before.endswith(" ")) or (after and not after.startswith(" ")):
        return False
    return not after.split() or all(map(_PLAIN.fullmatch, after.split())) or all(map(_PARTS.fullmatch, before.split()))


def _without_form(words: str) -> str:
    """Return words without the form of document at their end."""
    stem, _, last = words.rpartition("-")
    return stem if _PLAIN.fullmatch(last) and not last.isdigit() else words
