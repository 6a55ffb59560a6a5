"""`clausegraph choose`."""

import sys
from pathlib import Path
from typing import Any

import typer

from clausegraph.answers.card import card_subject
from clausegraph.answers.check import Subject
from clausegraph.answers.items import RECIPES, expand, is_path
from clausegraph.answers.recipe import plan_recipe, read_recipe
from clausegraph.choosing.changes import Changes, smallest_changes
from clausegraph.choosing.choose import Choice
from clausegraph.choosing.choose import choose as choose_licenses
from clausegraph.choosing.guide import Outcome, Question, follow, load_questions, question_dict
from clausegraph.choosing.wishes import load_wishes, wishes_of
from clausegraph.cli.check import ancestors_of
from clausegraph.cli.common import (
    AssumeOption,
    DataVersionOption,
    Format,
    FormatOption,
    LicenseFileOption,
    Reading,
    ReadingOption,
    WorkspaceOption,
    echo_err,
    library,
    no_format,
    print_csv,
    print_json,
    put_aside,
    read_assumptions,
    show,
    workspace,
)
from clausegraph.ground.errors import UnreadableInput, UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.render import choosing as render
from clausegraph.workspace.folder import Workspace

FORMATS = (Format.human, Format.json, Format.csv)
_EXAMPLES = (
    "Example: clausegraph choose acme/chat-7b --open-source · choose recipe.yaml --wish apache-2.0 · "
    "choose --from llama3:finetune --from cc-by-sa-4.0:train · choose"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog=_EXAMPLES)(choose)


def choose(
    subject: str | None = typer.Argument(
        None, metavar="[X]", help="An artifact id, Hub URL, folder, card or recipe; without it and --from, questions."
    ),
    upstream: list[str] | None = typer.Option(
        None, "--from", metavar="LICENSE:RELATION[:KIND]", help="A work that is reused, and how. Repeatable."
    ),
    kind: str = typer.Option("model", "--kind", help="What is made of the works that --from names."),
    open_source: bool = typer.Option(False, "--open-source", help="Rather open source."),
    commercial: bool = typer.Option(False, "--commercial", help="Rather one that grants commercial use."),
    copyleft: bool = typer.Option(False, "--copyleft", help="Rather copyleft."),
    responsible_use: bool = typer.Option(False, "--responsible-use", help="Rather a responsible AI license."),
    attribution: bool = typer.Option(False, "--attribution", help="Rather one that asks for credit."),
    no_derivatives: bool = typer.Option(False, "--no-derivatives", help="Rather one without derivatives."),
    wish: str | None = typer.Option(None, "--wish", metavar="LICENSE", help="What would open this license?"),
    everything: bool = typer.Option(False, "--all", help="Show every license."),
    answers: list[str] | None = typer.Option(
        None, "--answer", metavar="QUESTION=ANSWER", help="An answer of the guided choice. Repeatable."
    ),
    files: list[Path] | None = LicenseFileOption,
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    assume: list[str] | None = AssumeOption,
    reading: Reading = ReadingOption,
    output: Format = FormatOption,
) -> None:
    """Say under which licenses a work may be published, or choose one by questions.

    Exits with 0 also where no license is possible: that is an answer.
    """
    if output not in FORMATS:
        no_format(output, FORMATS)
    lib = library(data_version, files)
    if subject is None and not upstream:
        _guide(lib, answers or [], output)
        return
    if answers:
        raise UsageError("--answer belongs to the guided choice; leave the artifact and --from out, or the answer.")
    if subject is not None and upstream:
        raise UsageError("give an artifact or recipe, or upstream works by --from, not both")
    assumed = read_assumptions(lib, assume, reading)
    place = workspace(folder)
    chosen = _planned(lib, upstream or [], kind, assumed) if subject is None else _subject(lib, subject, place, assumed)
    # the options are named as the wishes are, in their order
    flags = (open_source, commercial, copyleft, responsible_use, attribution, no_derivatives)
    wanted = [key for key, flag in zip(load_wishes(), flags, strict=True) if flag]
    found = choose_licenses(chosen, wishes_of(wanted))
    changes = smallest_changes(chosen, found.find(lib.resolve(wish)).license.id) if wish else None
    _print(found, changes, everything, output)


def _print(found: Choice, changes: Changes | None, everything: bool, output: Format) -> None:
    if output is Format.json:
        print_json(found.to_dict() | ({"changes": changes.to_dict()} if changes else {}))
    elif output is Format.csv:
        columns = ("license", "answer", "reason", "duties", "against")
        print_csv(columns, (_row(found.candidate_dict(c)) for c in found.candidates))
    else:
        show(render.choice_view(found, everything, changes))


def _row(facts: dict[str, Any]) -> list[str]:
    """Return one license as a row: duties and obstacles as license and section."""
    places = (" ".join(f"{row['license']}§{row['section']}" for row in facts[name]) for name in ("duties", "against"))
    return [facts["license"], facts["answer"], facts["reason"], *places]


def _subject(lib: Library, text: str, place: Workspace, assumed: Assumptions) -> Subject:
    path = Path(text)
    for one in expand([text], str) if is_path(text) and not path.exists() else ():
        if isinstance(one, UnreadableInput):
            raise one
    if path.suffix.casefold() in RECIPES:
        plan = plan_recipe(lib, read_recipe(path), assumed, str(path), ancestors_of(place, lib, careful=True))
        for note in plan.notes:
            echo_err(f"note: {note}")
        return plan.subjects[plan.last]
    if path.exists() and (path.is_dir() or path.suffix.casefold() in {".md", ".markdown"}):
        ancestors = ancestors_of(place, lib)
        return ancestors.cautious(card_subject(lib, path, assumed, ancestors, put_aside))
    found = ancestors_of(place, lib)
    return found.cautious(found.subject(text, assumed))


def _planned(lib: Library, upstream: list[str], kind: str, assumed: Assumptions) -> Subject:
    """Return the work that is made of upstream works, as a recipe of one step."""
    works: dict[str, dict[str, str]] = {}
    steps: list[dict[str, str]] = []
    for number, text in enumerate(upstream, 1):
        parts = text.split(":")
        if len(parts) not in (2, 3):
            raise UsageError(f"--from takes LICENSE:RELATION or LICENSE:RELATION:KIND, not {text!r}")
        license_, relation = parts[0], parts[1]
        if lib.names.expression(license_) is None:
            raise lib.names.unknown(license_)
        name = f"{number}: {license_}"
        works[name] = {"license": license_, "kind": parts[2] if len(parts) == 3 else "model"}
        steps.append({"work": name, "via": relation})
    data = {"works": works, "steps": [{"make": "the result", "kind": kind, "from": steps}]}
    return plan_recipe(lib, data, assumed, "--from").subjects["the result"]


# ---- the guided choice -------------------------------------------------------


def _guide(lib: Library, answers: list[str], output: Format) -> None:
    """Ask until no question is open; without a terminal, say where the answers led."""
    given = dict(_answer(text) for text in answers)
    outcome = follow(given)
    while outcome.question is not None and output is Format.human and sys.stdin.isatty():
        given[outcome.question.key] = _ask(outcome.question)
        outcome = follow(given)
    if output is Format.json:
        print_json(_guided(lib, outcome))
    elif output is Format.csv:
        no_format(output, (Format.human, Format.json))
    elif outcome.question is not None:
        show(render.question_view(outcome.question))
        asked = outcome.question
        echo_err(f"answer with --answer {asked.key}={asked.answers[0].key}, or run it in a terminal")
    else:
        facts = _guided(lib, outcome)
        show(render.guide_view(outcome, facts["command"], facts["nearest"], facts["code"]))


def _answer(text: str) -> tuple[str, str]:
    question, _, answer = text.partition("=")
    if not answer:
        raise UsageError(f"--answer takes QUESTION=ANSWER, not {text!r}")
    return question.strip(), answer.strip()


def _ask(question: Question) -> str:
    show(render.question_view(question))
    keys = [answer.key for answer in question.answers]
    while True:
        said = str(typer.prompt("your answer, by number or name", default=keys[0])).strip()
        if said in keys:
            return said
        if said.isdigit() and 0 < int(said) <= len(keys):
            return keys[int(said) - 1]
        echo_err(f"{said!r} is none of {', '.join(keys)}")


def _guided(lib: Library, outcome: Outcome) -> dict[str, Any]:
    """Return the way so far, all questions, and at the end what was chosen."""
    answer: dict[str, Any] = {"schema_version": 1, **outcome.to_dict()}
    if outcome.question is not None:
        return answer | {"questions": [question_dict(q) for q in load_questions().values()]}
    from clausegraph.answers.compare import nearest
    from clausegraph.composing.choices import command
    from clausegraph.composing.compose import compose
    from clausegraph.composing.kit import load_kit

    kit = load_kit()
    found = compose(lib, outcome.choices(kit, lib), kit)
    return answer | {
        "code": found.composed.names.code,
        "nearest": [row["license"] for row in nearest(lib, found.license)],
        "command": command(kit, found.composed.choices),
        "permalink": found.composed.choices.permalink,
        "data_version": lib.data_version,
    }
