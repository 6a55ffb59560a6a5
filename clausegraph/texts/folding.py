"""Folds a license text to its words, so that two copies of one text are the same and an added condition is not lost.

Folded away is what differs between copies and says nothing of the terms:

| folded away | because |
|---|---|
| case, white space, line width | words are compared one by one |
| punctuation, typographic quotes and dashes, marks of Markdown, leaders of comments | they are no words |
| forms of one letter such as a ligature, characters that are not seen, and `https` for `http` | they read the same |
| copyright notices (`clausegraph.texts.notices`) | each licensor puts the own name there |

A title and an appendix on how to apply the license are words of a text; `clausegraph.texts.recognition` knows each
text with and without them.
"""

import hashlib
import re
import unicodedata

from clausegraph.texts.notices import without_notices

_UNSEEN = dict.fromkeys(map(ord, "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff"))
_WORD = re.compile(r"[^\W_]+")
#: Letters of scripts without spaces; each is a word, so that a broken line makes no difference.
_IDEOGRAPH = re.compile("[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def fold(text: str) -> str:
    """Return the words of a license text in small letters with a space between, without copyright notices.

    >>> fold("# MIT License\\n\\nCopyright (c) 2023 A. Person\\n\\nPermission is *hereby* granted")
    'mit license permission is hereby granted'
    >>> fold("Copyright (c) 2023 A. Person. You may not sell it.")
    'copyright c 2023 a person you may not sell it'
    """
    return " ".join(words("\n".join(line for _, line in without_notices(plain_lines(text)))))


def plain_lines(text: str) -> list[str]:
    """Return the lines of a text, each letter in one form and without characters that are not seen."""
    return unicodedata.normalize("NFKC", text.translate(_UNSEEN)).splitlines()


def words(text: str) -> list[str]:
    """Return the words of a text in small letters."""
    spaced = text if text.isascii() else _IDEOGRAPH.sub(r" \g<0> ", text)
    return ["http" if word == "https" else word for word in _WORD.findall(spaced.casefold())]


def digest(folded: str) -> str:
    """Return the digest of a folded text: SHA-256 in hexadecimal digits."""
    return hashlib.sha256(folded.encode()).hexdigest()
