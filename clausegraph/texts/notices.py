"""Tells a copyright notice from a line that says more, and words that carry weight from words that do not.

A notice says who holds the rights since when, and that all of them are reserved, and nothing else: names, years, the
marks and a few words between names. Whatever goes on with another word is no notice, since a condition may stand there.
A name of which one cannot be sure (in small letters, or in a script without capitals) makes it no notice.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise

#: The most lines of a notice, the most words of it, and the most of them in capitals, which may be a sentence.
_MAX_LINES, _MAX_WORDS, _MAX_CAPITALS = 3, 24, 4
_START = re.compile(r"[\W_]*?(?:(?:portions|parts)\s+)?(?:copyright\b|copr\b|\(c\)|©|spdx-filecopyrighttext\b)", re.I)
_RESERVED = re.compile(r"[\W_]*\ball rights(?: are)? reserved\b[\W_]*$", re.I)
_ONLY_RESERVED = re.compile(r"[\W_]*all rights(?: are)? reserved[\W_]*", re.I)
_MARK = re.compile(r"\W*(?:copyright|copr|\(c\)|©|&copy|spdx-filecopyrighttext)\W*", re.I)
_SIGN = re.compile(r"\(c\)|©|&copy;", re.I)
_YEAR = re.compile(r"\W*(?:(?:19|20)\d\d|yyyy|year|xxxx)(?:\W+(?:(?:19|20)?\d\d|present|now|yyyy|year)?)*\W*", re.I)
_ADDRESS = re.compile(r"\W*(?:https?://|www\.|[\w.+-]*@[\w-])\S*", re.I)
_INITIAL = re.compile(r"\W*(?:[A-Z]\.)+\W*")
#: What a notice may say of where more names stand.
_LISTED = re.compile(r"\(?(?:see|listed in) (?:the )?(?:authors|contributors)(?:\.\w+)?(?: file)?\)?(?=\W*$)", re.I)
_UNTIL = re.compile(r"(?<=\d) to (?=present\b|(?:19|20)\d\d\b)")
#: What a line of a comment begins with.
_LEADER = " \t#*>/;-%!|"
_EDGE = re.compile(r"^[\W_]+|[\W_]+$")


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


#: Words that may stand between names, or for a name that is yet to be put in.
_BETWEEN = _set(
    "and & + of the by at its et al de del della di da do dos la le les du des van von der den zu und og och y e i "
    "contributor author affiliates subsidiaries licensors others other individual respective holders holder owner "
    "owners organization copyright name names full fullname present and/or authors contributors developers maintainers "
    "team project community"
)
#: The group of a name in small letters: `the NAME authors`.
_GROUPS = _set("authors contributors developers maintainers team project community")
#: After these `for` belongs to a name.
_FOR = _set("institute center centre foundation association society agency office council laboratory")
#: After a stop behind these, a name goes on.
_SHORT = _set("dr prof mr mrs ms st jr sr univ dept inst")
#: After a stop behind these, a name ends.
_FIRMS = _set("inc ltd co corp llc gmbh plc pty pvt ag kg sa bv nv kk srl spa al ev")
#: Names that are words of sentences too; they count where they come first.
_GIVEN = _set("Will Per Can May Grant")
#: Words of which sentences are made, and which no name holds.
_JOINING = _set(
    "a an this that these those it is are was were be been being am do does did has have had can could will would if "
    "then than but so because as on onto upon in into to from with within via per about against under over between "
    "through out off up down also just any every each some such more most another same own you your yours we our us "
    "they their them he she his her my me while when where which who whom whose what why how until till before after "
    "during here there now please"
)
#: Words by which a text permits, forbids, requires or sets conditions, and beginnings of such words.
_WEIGHTY = _set(
    "not no nor none never nothing neither cannot without unless only must shall may should need needs might ask pay "
    "paid use used uses user users using usage copy copies copied copying sold sale sales resale fee fees subject term "
    "terms see void valid right rights ban banned train trained training"
)
_STEMS = (
    *("except", "exclu", "sole", "consent", "approv", "agree", "licen", "sublicen", "relicen", "permi", "prohibit"),
    *("forbid", "allow", "disallow", "utili", "non", "commercial", "distribut", "redistribut", "modif", "sell"),
    *("resell", "royalt", "paym", "charg", "purchas", "buy", "condition", "comply", "complian", "requir", "restrict"),
    *("grant", "revo", "terminat", "warrant", "liab", "patent", "academi", "educat", "evaluat", "internal", "personal"),
    *("confidential", "proprieta", "secret", "purpos", "produc", "download", "contact", "provid", "student"),
    *("militar", "weapon", "surveil", "deriv", "output", "reserv", "expire", "notice", "attribut", "credit"),
    *("trial", "donat", "invit", "regist", "decid", "ethic", "expect", "member", "propert"),
)


def weighty(words: Iterable[str]) -> bool:
    """Say whether one of the words (in small letters) permits, forbids, requires or sets a condition."""
    return any(word in _WEIGHTY or word.startswith(_STEMS) for word in words)


def without_notices(lines: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Yield the lines that are no copyright notice, each with its place; a notice may go on over some lines."""
    at, first = 0, True
    while at < len(lines):
        size = _size(lines[at : at + _MAX_LINES], first=first) if _is_start(lines[at]) else 0
        if not size:
            yield at, lines[at]
            first = not any(map(str.isalnum, lines[at]))
        at += size or 1


def _size(lines: Sequence[str], *, first: bool) -> int:
    """Return how many lines from the first on are one copyright notice, or 0."""
    return next((size for size in range(len(lines), 0, -1) if is_notice(lines[:size], first=first)), 0)


def _is_start(line: str) -> bool:
    return bool(_START.match(line) or _ONLY_RESERVED.fullmatch(line))


def is_notice(lines: Sequence[str], *, first: bool = True) -> bool:
    """Say whether lines are one copyright notice and nothing else; `first` where they begin a paragraph.

    >>> is_notice(["Copyright (c) 1998-2023 The Regents of the", "University of California. All rights reserved."])
    True
    >>> is_notice(["Copyright (c) 2023 Acme Inc. For research only."])
    False
    """
    if len(lines) == 1 and _ONLY_RESERVED.fullmatch(lines[0]):
        return True
    own = [lines[0], *(line.lstrip(_LEADER) for line in lines[1:])]
    line = " ".join(own)
    start = _START.match(line)
    if not start or not all(_goes_on(one, other) for one, other in pairwise(own)):
        return False
    tokens = _LISTED.sub("", _UNTIL.sub("-", _RESERVED.sub("", line[start.end() :]))).split()
    listed = line[: start.end()].strip().casefold() == "(c)"  # it may be the third item of a list
    dated = any(map(_YEAR.fullmatch, tokens))
    sure = dated or (first and not listed and bool(_SIGN.search(line) or _named(tokens)))
    return sure and _only_names(tokens)


def _goes_on(line: str, following: str) -> bool:
    """Say whether a notice goes on in the next line: a name is not at its end, or all that follows is `reserved`."""
    if _ONLY_RESERVED.fullmatch(following):
        return True
    ends, begins = line.split(), following.split()
    if not ends or not begins:
        return False
    return ends[-1].endswith(",") or _bare(ends[-1]) in ("of", "the", "and", "&") or _bare(begins[0]) in ("of", "and")


def _bare(token: str) -> str:
    """Return a token in small letters without the marks around it; a token of marks stays."""
    return _EDGE.sub("", token).casefold() or token.strip()


def _named(tokens: Sequence[str]) -> bool:
    """Say whether there is a name among tokens, and not only words that stand between names."""
    return any(_bare(t) not in _BETWEEN and any(map(str.isalnum, t)) for t in tokens)


def _tells(bare: str) -> bool:
    parts = set(re.split(r"[\W_]+", bare))
    return not parts.isdisjoint(_JOINING) or weighty(parts)


def _only_names(tokens: Sequence[str]) -> bool:
    """Say whether tokens are names, years, marks and words between names, and no sentence."""
    names = [t for t in tokens if not (_dated(t) or _bare(t) in _BETWEEN)]
    if len(tokens) > _MAX_WORDS or sum(len(_bare(t)) > 1 and t.isupper() for t in names) > _MAX_CAPITALS:
        return False
    alone = len(names) == 1 and not any(_bare(t) in _BETWEEN for t in tokens)
    if alone and names[0].islower() and not _tells(_bare(names[0])):
        return True
    around = zip(["", *tokens], tokens, [*tokens[1:], ""], strict=False)
    return all(_may_stand(token, before, after, first=names[:1] == [token]) for before, token, after in around)


def _dated(token: str) -> bool:
    """Say whether a token is a year or a mark of copyright."""
    return bool(_YEAR.fullmatch(token) or _MARK.fullmatch(token))


def _may_stand(token: str, before: str, after: str, *, first: bool) -> bool:
    """Say whether a token between two others may be a part of a notice; `first` where it is the first name."""
    bare = _bare(token)
    if _dated(token) or _INITIAL.fullmatch(token) or _ADDRESS.fullmatch(token):
        return True
    if not any(map(str.isalnum, token)):
        return token in ("&", "+", ",", "/", ".") or _dated(before) or _dated(after)
    if _stops(token, bare) and after and not _begins_anew(after, bare):
        return False
    if bare in _BETWEEN or (first and _EDGE.sub("", token) in _GIVEN):
        return True
    if bare == "for":
        return _bare(before) in _FOR
    grouped = _bare(before) == "the" and _bare(after) in _GROUPS
    return not _tells(bare) and (grouped or any(map(str.isupper, token)))


def _stops(token: str, bare: str) -> bool:
    """Say whether a sentence or a name ends with a token."""
    return token.rstrip(")]}>\"'*_")[-1:] in (".", ";", ":", "!", "?") and bare not in _SHORT


def _begins_anew(token: str, before: str) -> bool:
    """Say whether what follows the end of a name is a notice still: a year, a mark, or one more holder."""
    bare = _bare(token)
    one_more = before in _FIRMS and (bare in ("and", "et", "&", "and/or") or bare in _FIRMS)
    return one_more or _dated(token) or bool(_ADDRESS.fullmatch(token))
