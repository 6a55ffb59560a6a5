"""`clausegraph check`."""

from collections.abc import Sequence
from pathlib import Path

import typer

from clausegraph.answers.artifact_findings import ArtifactFinding, check_findings
from clausegraph.answers.card import card_subject
from clausegraph.answers.check import CheckResult
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
    leave,
    library,
    no_format,
    print_json,
    put_aside,
    read_assumptions,
    run_of,
    show,
    workspace,
)
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.render import human, machine
from clausegraph.workspace.folder import Workspace

FORMATS = (Format.human, Format.json, Format.jsonl, Format.csv, Format.sarif, Format.junit)
_RECIPE_SUFFIXES = {".yaml", ".yml", ".json"}


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph check meta-llama/Llama-2-7b-hf · check ./README.md · check recipe.yaml")(
        check
    )


def check(
    subject: str = typer.Argument(..., metavar="X", help="An artifact id, Hub URL, local folder, card, or recipe."),
    folder: Path | None = WorkspaceOption,
    files: list[Path] | None = LicenseFileOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
    assume: list[str] | None = AssumeOption,
    reading: Reading = ReadingOption,
    profile: str = ProfileOption,
    fail_on: FailOn | None = FailOnOption,
) -> None:
    """Check one artifact: verdict, because, path, do, how sure.

    Exits with 1 where the verdict is unknown or a conflict, unless --fail-on or the profile say otherwise.
    """
    if output not in FORMATS:
        no_format(output, FORMATS)
    lib = library(data_version, files)
    place = workspace(folder)
    policy = load_profile(profile)
    result, file = _answer(lib, place, subject, read_assumptions(lib, assume, reading))
    rows = list(policy.apply_rows(row for found in checks_of(result) for row in check_findings(found)))
    run = _run(result, file, rows, fail_on or policy.fail_on)
    emit(result, lib, output, policy, rows, run)
    leave(run)


def _answer(
    lib: Library, place: Workspace, subject: str, assumed: Assumptions
) -> tuple[CheckResult | RecipeResult, Path | None]:
    """Check what a subject names, and return the answer with the card or recipe that was read."""
    path = Path(subject)
    if path.suffix.casefold() in _RECIPE_SUFFIXES:
        return check_recipe(lib, read_recipe(path), assumed, str(path), ancestors_of(place, lib, careful=True)), path
    if path.exists() and (path.is_dir() or path.suffix.casefold() in {".md", ".markdown"}):
        from clausegraph.loaders.card import find_card

        ancestors = ancestors_of(place, lib)
        return ancestors.judged(card_subject(lib, path, assumed, ancestors, put_aside)), find_card(path)
    found = ancestors_of(place, lib)
    if found.catalogue is None and found.unknown(subject):
        raise UsageError(
            f"{subject!r} is no card, folder, recipe or known artifact here, and the workspace {place.folder} is "
            "empty. Run `clausegraph load SOURCE`, or check a path."
        )
    return found.check(subject, assumed), None


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
    names = human.license_names(lib.licenses)
    if output is Format.human:
        if isinstance(result, RecipeResult):
            show(human.recipe_view(result, names))
        else:
            show(human.check_view(result, names))
    elif output is Format.json:
        if isinstance(result, RecipeResult):
            answer = result.to_dict()
            print_json({**answer, "works": {name: policy.apply(work) for name, work in answer["works"].items()}})
        else:
            print_json(policy.apply(result.to_dict()))
    else:
        for text in machine.WRITERS[output.value](rows, run):
            typer.echo(text, nl=False)
