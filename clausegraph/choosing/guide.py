"""The guided choice: questions with what follows from each answer, as `ontology/composing/questions.ttl` has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from clausegraph.composing.choices import Choices, choose
from clausegraph.composing.kit import Kit
from clausegraph.ground import namespaces as ns
from clausegraph.ground.errors import UnknownIdentifier, UsageError
from clausegraph.ground.files import folder
from clausegraph.library import Library
from clausegraph.library.index import index_files
from clausegraph.library.read import Reader


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer: what follows from it, what it chooses, and the question that comes next (`None` at the end)."""

    key: str
    label: str
    consequence: str
    leads_to: str | None
    options: tuple[str, ...]
    licenses: tuple[str, ...]
    wishes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question with its answers in order."""

    key: str
    label: str
    why: str
    answers: tuple[Answer, ...]

    def answer(self, key: str) -> Answer:
        """Return the answer of a key; raises `UnknownIdentifier`."""
        for one in self.answers:
            if one.key == key:
                return one
        keys = [one.key for one in self.answers]
        raise UnknownIdentifier(f"answer to {self.key!r}", key, keys, f"Answers are {', '.join(keys)}.")


@dataclass(frozen=True, slots=True)
class Outcome:
    """Where answers lead: the next question, or at the end what they choose."""

    path: tuple[tuple[Question, Answer], ...]
    question: Question | None

    @property
    def options(self) -> tuple[str, ...]:
        """The options of the kit that were chosen."""
        return tuple(dict.fromkeys(o for _, answer in self.path for o in answer.options))

    @property
    def licenses(self) -> tuple[str, ...]:
        """Known licenses that fit the last answers, by id; the last answer counts most."""
        return tuple(dict.fromkeys(i for _, answer in reversed(self.path) for i in answer.licenses))

    @property
    def wishes(self) -> tuple[str, ...]:
        """The wishes that were expressed."""
        return tuple(dict.fromkeys(w for _, answer in self.path for w in answer.wishes))

    def choices(self, kit: Kit, library: Library) -> Choices:
        """Return what was chosen as choices for a composed license."""
        return choose(kit, library, chosen=self.options)

    def to_dict(self) -> dict[str, Any]:
        """Return the way so far as JSON values."""
        return {
            "path": [{"question": q.key, "answer": a.key, "follows": a.consequence} for q, a in self.path],
            "question": question_dict(self.question) if self.question else None,
            "options": list(self.options),
            "licenses": list(self.licenses),
            "wishes": list(self.wishes),
        }


@cache
def load_questions() -> dict[str, Question]:
    """Read the questions that this installation ships, the first one first."""
    reader = Reader(index_files([folder("ontology") / "composing" / name for name in ("questions.ttl", "kit.ttl")]))
    label, definition = ns.SKOS + "prefLabel", ns.SKOS + "definition"

    def order(s: str) -> int:
        return int(reader.one(s, "order"))

    def answer(s: str) -> Answer:
        following = reader.one(s, "leadsTo")
        return Answer(
            reader.one(s, "spelling"),
            reader.one(s, label),
            reader.one(s, definition),
            reader.one(following, "spelling") if following else None,
            tuple(sorted(reader.one(o, "spelling") for o in reader.all(s, "chooses"))),
            reader.locals(s, "suggests"),
            reader.locals(s, "wishes"),
        )

    questions = [
        Question(
            reader.one(s, "spelling"),
            reader.one(s, label),
            reader.one(s, definition),
            tuple(answer(a) for a in sorted(reader.all(s, "hasAnswer"), key=order)),
        )
        for s in sorted(reader.typed("Question"), key=order)
    ]
    return {question.key: question for question in questions}


def follow(given: Mapping[str, str]) -> Outcome:
    """Return where answers (question → answer) lead; raises where one is not known or is not on the way."""
    questions = load_questions()
    for key in given:
        if key not in questions:
            raise UnknownIdentifier("question", key, questions)
    path: list[tuple[Question, Answer]] = []
    current: Question | None = next(iter(questions.values()))
    while current is not None and current.key in given:
        answer = current.answer(given[current.key])
        path.append((current, answer))
        current = questions[answer.leads_to] if answer.leads_to else None
    unused = [key for key in given if key not in {question.key for question, _ in path}]
    if unused:
        asked = f"the next question is {current.key!r}" if current else "all questions are answered"
        raise UsageError(f"nothing asks {unused[0]!r} on this way: {asked}. Leave the answer out.")
    return Outcome(tuple(path), current)


def question_dict(question: Question) -> dict[str, Any]:
    """Return a question as JSON values."""
    return {
        "key": question.key,
        "label": question.label,
        "why": question.why,
        "answers": [
            {
                "key": a.key,
                "label": a.label,
                "follows": a.consequence,
                "leads_to": a.leads_to,
                "options": list(a.options),
                "licenses": list(a.licenses),
                "wishes": list(a.wishes),
            }
            for a in question.answers
        ],
    }
