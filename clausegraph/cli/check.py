"""`clausegraph check`."""

import sys
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import typer

from clausegraph.answers.artifact_findings import ArtifactFinding, check_findings
from clausegraph.answers.card import card_subject
from clausegraph.answers.check import CheckResult
from clausegraph.answers.checks import Answered, Checks, answer_dict
from clausegraph.answers.hub_ancestors import HubAncestors
from clausegraph.answers.items import CARDS, Item, NoCard, expand, is_card, no_card
from clausegraph.answers.known_artifacts import Ancestors
from clausegraph.answers.profile import FailOn, Profile, Run, load_profile
from clausegraph.answers.recipe import RecipeResult, check_recipe, read_recipe
from clausegraph.cli.common import (
    AssumeOption,
    DataVersionOption,
    FailOnOption,
    Format,
    FormatOption,
    LicenseFileOption,
    ProfileOption,
    Reading,
    ReadingOption,
    WorkspaceOption,
    echo_err,
    library,
    no_format,
    print_json,
    put_aside,
    read_assumptions,
    run_of,
    show,
    workspace,
)
from clausegraph.ground.errors import ClausegraphError, UnreadableInput, UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.loaders.hub_ask import HubQuestions
from clausegraph.workspace.folder import Workspace

FORMATS = (Format.human, Format.json, Format.jsonl, Format.csv, Format.sarif, Format.junit)
#: Revisions that mean what a repository says now.
_NOW = frozenset({"", "main", "HEAD"})
OfflineOption = typer.Option(False, "--offline", help="Do not ask the Hub, as HF_HUB_OFFLINE=1 does.")
RefreshOption = typer.Option(False, "--refresh", help="Ask the Hub about all ancestors, also those that are known.")


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(
        epilog="Example: clausegraph check meta-llama/Llama-2-7b-hf · check ./my-model · check ./models · "
        "check recipe.yaml · ls models/*/README.md | clausegraph check -"
    )(check)


def check(
    subjects: list[str] = typer.Argument(
        ...,
        metavar="X...",
        help="Artifact ids (owner/name@revision), Hub URLs, cards, folders of cards, globs, recipes, or - for stdin.",
    ),
    folder: Path | None = WorkspaceOption,
    files: list[Path] | None = LicenseFileOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
    assume: list[str] | None = AssumeOption,
    reading: Reading = ReadingOption,
    profile: str = ProfileOption,
    fail_on: FailOn | None = FailOnOption,
    offline: bool = OfflineOption,
    refresh: bool = RefreshOption,
) -> None:
    """Check artifacts: verdict, because, path, do, how sure; of several, a line each and a sum.

    Asks the Hub about ancestors that are neither loaded nor known. Exits with 1 where a verdict is unknown or a
    conflict, unless --fail-on or the profile say otherwise; of several, as the worst of them.
    """
    if output not in FORMATS:
        no_format(output, FORMATS)
    if offline and refresh:
        raise UsageError("--refresh asks the Hub, and --offline does not. Give one of them.")
    lib = library(data_version, files)
    policy = load_profile(profile)
    run = _Check(lib, workspace(folder), policy, fail_on or policy.fail_on)
    run.assumed = read_assumptions(lib, assume, reading)
    run.ancestors = ancestors_of(run.place, lib)
    run.ancestors.hub = HubAncestors(lib, HubQuestions(echo_err, offline, refresh))
    items = expand(subjects, sys.stdin.read)
    answered = [run.answer(item, alone=len(items) == 1) for item in items]
    if len(answered) == 1 and answered[0].result is not None and answered[0].run:
        emit(answered[0].result, lib, output, policy, answered[0].rows, answered[0].run)
    else:
        _emit_all(Checks(answered, lib.data_version, run.assumed.reading), lib, output, policy, run.limit)
    for one in answered:
        if one.reserved:
            echo_err(f"{one.written}: {one.reserved}")
    if code := Checks(answered, lib.data_version).exit_code:
        raise typer.Exit(code)


class _Check:
    """One run of the command: what all its answers share."""

    assumed: Assumptions
    ancestors: Ancestors

    def __init__(self, lib: Library, place: Workspace, policy: Profile, limit: FailOn) -> None:
        self.lib, self.place, self.policy, self.limit = lib, place, policy, limit

    def answer(self, item: Item | UnreadableInput, *, alone: bool) -> Answered:
        """Judge one item; an error is raised where it is the only one, and else is its answer."""
        if isinstance(item, UnreadableInput):
            if alone:
                raise item
            return Answered(str(item).partition(": ")[0], error=item)
        try:
            result, file, reserved = self._judged(item)
        except ClausegraphError as error:
            if alone:
                raise
            return Answered(item.written, error=error)
        rows = list(self.policy.apply_rows(row for found in checks_of(result) for row in check_findings(found)))
        return Answered(item.written, result, None, rows, _run(result, file, rows, self.limit), reserved)

    def _judged(self, item: Item) -> tuple[CheckResult | RecipeResult, Path | None, str]:
        """Return the answer for an item, the card or recipe that was read, and what is reserved about it."""
        if item.text is not None:
            return (*self._of_text(item), self._unasked())
        if item.path is not None:
            return (*self._of_path(item.path), self._unasked())
        if item.revision in _NOW or self.ancestors.pin(item.id, item.revision):
            return self.ancestors.check(item.id, self.assumed), None, self._unasked()
        result = self.ancestors.check(item.id, self.assumed)
        return (
            result,
            None,
            f"what stands at revision {item.revision} could not be looked up; this is about {result.id}",
        )

    def _unasked(self) -> str:
        """Return what is to be said where the Hub was to be asked anew and could not be."""
        questions = self.ancestors.hub.questions if self.ancestors.hub else None
        if questions is None or not (questions.refresh and questions.unasked):
            return ""
        return f"nothing was refreshed: {questions.down or 'the Hub was not asked'}"

    def _of_text(self, item: Item) -> tuple[CheckResult | RecipeResult, None]:
        """Judge a card or a recipe that came by standard input."""
        import tempfile

        with tempfile.TemporaryDirectory(prefix="clausegraph-") as temporary:
            text = item.text or ""
            json_ = text.lstrip().startswith("{")
            path = Path(temporary) / "stdin" / (f"recipe.{'json' if json_ else 'yaml'}" if item.recipe else "README.md")
            path.parent.mkdir()
            path.write_text(text, encoding="utf-8")
            try:
                return self._of_path(path)[0], None
            except ClausegraphError as error:
                raise type(error)(str(error).replace(str(path), "standard input")) from error

    def _of_path(self, path: Path) -> tuple[CheckResult | RecipeResult, Path]:
        item = Item(str(path), path)
        if item.recipe:
            careful = replace(self.ancestors, careful=True)
            return check_recipe(self.lib, read_recipe(path), self.assumed, str(path), careful), path
        from clausegraph.loaders.card import find_card

        if not path.is_dir():
            if path.suffix.casefold() not in CARDS:
                raise UnreadableInput(
                    f"{path}: it is no card, folder or recipe. `clausegraph load {path}` reads others."
                )
            if not is_card(path):
                raise NoCard(f"{path}: {no_card('it')}")
        subject = card_subject(self.lib, path, self.assumed, self.ancestors, put_aside)
        return self.ancestors.judged(subject), find_card(path) or path


def checks_of(result: CheckResult | RecipeResult) -> list[CheckResult]:
    """Return the checks of an answer: one, or one for each work of a recipe."""
    return list(result.works.values()) if isinstance(result, RecipeResult) else [result]


def _run(result: CheckResult | RecipeResult, file: Path | None, rows: Sequence[ArtifactFinding], limit: FailOn) -> Run:
    """Return how the command ends; of a recipe that publishes a work, that work alone decides."""
    recipe = isinstance(result, RecipeResult)
    decides = result.published if isinstance(result, RecipeResult) else None
    subject = file.name if recipe and file else checks_of(result)[0].id
    severities = (row.severity for row in rows if decides in (None, row.artifact))
    return run_of(subject, result.verdict, severities, limit, decides=decides, file=file)


def ancestors_of(place: Workspace, lib: Library, *, careful: bool = False) -> Ancestors:
    """Return where ancestors are looked up: the workspace, if anything is loaded, and the known artifacts."""
    if not place.sources():
        return Ancestors(lib, careful=careful)
    from clausegraph.answers.artifact_index import Catalogue

    return Ancestors(lib, Catalogue(place, lib), careful)


def emit(
    result: CheckResult | RecipeResult,
    lib: Library,
    output: Format,
    policy: Profile,
    rows: Sequence[ArtifactFinding],
    run: Run,
) -> None:
    """Print a check or a recipe in a format."""
    from clausegraph.render import human

    names = human.license_names(lib.licenses)
    if output is Format.human:
        if isinstance(result, RecipeResult):
            show(human.recipe_view(result, names))
        else:
            show(human.check_view(result, names))
    elif output is Format.json:
        print_json(answer_dict(result, policy))
    else:
        _write(output, rows, run)


def _emit_all(checks: Checks, lib: Library, output: Format, policy: Profile, limit: FailOn) -> None:
    """Print several checks in a format; what could not be read is said on stderr where the format has no place."""
    if output is Format.human:
        from clausegraph.render.human import check_lines

        for line in check_lines(checks):
            show(line, whole=True)
        return
    if output is Format.json:
        print_json(checks.to_dict(policy))
        return
    for one in checks.answered:
        if one.error is not None:
            echo_err(f"clausegraph: {one.error}")
    files = {found.id: one.run.file for one in checks.answered if one.run for found in _checks_of_any(one.result)}
    rows = [row for one in checks.answered for row in one.rows]
    severities = (row.severity for row in rows)
    run = run_of(f"{len(checks.answered)} items", checks.verdicts, severities, limit)
    _write(output, rows, replace(run, files={id_: file for id_, file in files.items() if file}))


def _checks_of_any(result: CheckResult | RecipeResult | None) -> list[CheckResult]:
    """Return the checks of an answer; none where there is none."""
    return [] if result is None else checks_of(result)


def _write(output: Format, rows: Sequence[ArtifactFinding], run: Run) -> None:
    from clausegraph.render import machine

    for text in machine.WRITERS[output.value](rows, run):
        typer.echo(text, nl=False)
