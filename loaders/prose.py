"""What the text of a card says of its parents below the front matter.

A card that a trainer wrote says in fixed words from what a model was fine-tuned and on what: these are parents. What
people write of a base is a hint: it is told with its line, and never a parent.
"""

import re
from collections.abc import Iterator

from clausegraph.loaders.records import CARD, DATASET, INFERRED, MODEL, Reference

#: What the trainers of Transformers, TRL and Diffusers write into cards that they make.
_TRAINER = re.compile(r"generated automatically according to the information|trained using \[TRL\]", re.IGNORECASE)
#: The most of a text that is looked at, in characters.
MAX_PROSE = 200_000
_NAME = (
    r"(?:\[([^\[\]\n]{1,200})\]\([^()\s]{0,300}\)|\*\*([^*\n]{1,200})\*\*|`([^`\n]{1,200})`|([^\s,*`\[\]()]{1,200}))"
)
_TUNED = re.compile(rf"fine-?tuned\s{{1,5}}(?:version\s{{1,5}}of|from)\s{{1,5}}{_NAME}", re.IGNORECASE)
_ON = re.compile(r"\s{1,5}on\s{1,5}(?:the\s{1,5})?([^\n]{1,600}?)\s{1,5}datasets?\b", re.IGNORECASE)
_SCRATCH = re.compile(r"trained\s{1,5}from\s{1,5}scratch", re.IGNORECASE)
_BETWEEN = re.compile(r",\s{0,5}(?:and\s{1,5})?(?:the\s{1,5})?|\s{1,5}and\s{1,5}(?:the\s{1,5})?")
#: Words by which people say that something was made from something else, and what may follow.
_MADE = re.compile(
    r"\b(?:fine-?tun(?:ed|e|ing)|distill?ed|quanti[sz]ed|converted|merged?|initiali[sz]ed|derived|adapted|"
    r"(?:continued|further)[ -](?:pre-?)?train(?:ed|ing)|generated|built)\b[^.\n]{0,40}?"
    r"\b(?:from|of|on(?: top of)?|with|by|using)\b",
    re.IGNORECASE,
)
_ID = re.compile(
    r"(?:https://(?:huggingface\.co|hf\.co)/(datasets/)?)([A-Za-z0-9][\w.-]{0,95}/[A-Za-z0-9_][\w.-]{0,95})|"
    r"(?<![\w/.:@-])([A-Za-z][\w.-]{1,95}/[A-Za-z0-9_][\w.-]{1,95})(?![\w/])"
)
#: A name without an address has the look of one of the Hub's: a capital, a digit or a hyphen, and no file behind it.
_LOOK = re.compile(r"(?=.*[A-Z0-9-])(?!.*\.(?:json|jsonl|py|md|csv|txt|ya?ml|bin|pt|safetensors)$).+")
#: How far behind such words a name may stand, in characters.
_NEAR = 120
#: Words for an unknown thing in the place of a name.
_UNKNOWN = re.compile(r"an?\s+unknown|unknown", re.IGNORECASE)


def stated(text: str) -> Iterator[Reference]:
    """Yield the base and the data that a card made by a trainer names; any other card states nothing here.

    >>> made = "This is a fine-tuned version of [a/b](x) on the c dataset. It was trained using [TRL](y)."
    >>> [(r.parent_kind, r.parent, r.relation) for r in stated(made)]
    [('model', 'a/b', 'finetune'), ('dataset', 'c', 'train')]
    """
    text = text[:MAX_PROSE]
    if not _TRAINER.search(text):
        return
    tuned = _TUNED.search(text)
    if tuned:
        name = next(filter(None, tuned.groups()))
        yield Reference(MODEL, name.strip().rstrip("."), "finetune", INFERRED, CARD)
    begin = tuned or _SCRATCH.search(text)
    data = _ON.match(text, begin.end()) if begin else None
    for part in _BETWEEN.split(data.group(1)) if data else ():
        name = re.sub(r"\]\(.*\)$", "", part.strip()).strip("[]*`' ")
        if name and not _UNKNOWN.fullmatch(name):
            yield Reference(DATASET, name, "train", INFERRED, CARD)


def hints(text: str) -> Iterator[tuple[int, str, str]]:
    """Yield the line, kind and id of what a text says that the artifact was made from or with, each once.

    >>> list(hints("A model.\\nIt was fine-tuned from meta-llama/Llama-2-7b-hf."))
    [(2, 'model', 'meta-llama/Llama-2-7b-hf')]
    >>> list(hints("Compare meta-llama/Llama-2-7b-hf and/or others."))
    []
    """
    seen: set[tuple[str, str]] = set()
    text = text[:MAX_PROSE]
    for made in _MADE.finditer(text):
        behind = text[made.end() : made.end() + _NEAR].partition("\n")[0]
        for found in _ID.finditer(behind):
            id_ = (found[2] or found[3]).rstrip(".")
            data = found[1] or re.match(r"[\])*`]{0,3}\s{1,3}data\s?set", behind[found.end() :])
            kind = DATASET if data else MODEL
            if (kind, id_) not in seen and (found[2] or _LOOK.fullmatch(id_)):
                seen.add((kind, id_))
                yield text.count("\n", 0, made.start()) + 1, kind, id_
