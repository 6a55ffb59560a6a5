"""`clausegraph check`."""

from pathlib import Path

import typer

from clausegraph.catalogue import Catalogue
from clausegraph.check import CheckResult, card_subject
from clausegraph.cli.common import (
    AssumeOption,
    DataVersionOption,
    FailOn,
    FailOnOption,
    Format,
    FormatOption,
    LicenseFileOption,
    ProfileOption,
    Reading,
    ReadingOption,
    WorkspaceOption,
    fail_level,
    library,
    no_format,
    print_json,
    read_assumptions,
    show,
    workspace,
)
from clausegraph.codes import codes
from clausegraph.errors import UsageError
from clausegraph.findings import ArtifactFinding
from clausegraph.library import Library
from clausegraph.profile import Profile, load_profile
from clausegraph.recipe import RecipeResult, check_recipe, read_recipe
from clausegraph.render import human, machine
from clausegraph.results import finding_dict, order_findings
from clausegraph.workspace import Workspace

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
    fail_on: FailOn = FailOnOption,
) -> None:
    """Check one artifact: verdict, because, path, do, how sure."""
    if output not in FORMATS:
        no_format(output, FORMATS)
    lib = library(data_version, files)
    place = workspace(folder)
    path = Path(subject)
    result: CheckResult | RecipeResult
    if path.suffix.casefold() in _RECIPE_SUFFIXES:
        assumed = read_assumptions(lib, assume, reading)
        result = check_recipe(lib, read_recipe(path), assumed, str(path), catalogue_of(place, lib))
    elif path.exists() and (path.is_dir() or path.suffix.casefold() in {".md", ".markdown"}):
        result = card_subject(lib, path, read_assumptions(lib, assume, reading), catalogue_of(place, lib)).check()
    else:
        found = catalogue_of(place, lib)
        if found is None:
            raise UsageError(
                f"{subject!r} is no card, folder or recipe here, and the workspace {place.folder} is empty. "
                "Run `clausegraph load SOURCE`, or check a path."
            )
        result = found.check(subject, read_assumptions(lib, assume, reading))
    policy = load_profile(profile)
    emit(result, lib, output, policy)
    checks = list(result.works.values()) if isinstance(result, RecipeResult) else [result]
    if isinstance(result, RecipeResult) and result.published:
        checks = [result.works[result.published]]
    fail_level((f.severity for c in checks for f in policy.apply_rows(finding_rows(c))), fail_on)


def catalogue_of(place: Workspace, lib: Library) -> Catalogue | None:
    """Return the artifacts of a workspace, or `None` where nothing was loaded."""
    return Catalogue(place, lib) if place.sources() else None


def emit(result: CheckResult | RecipeResult, lib: Library, output: Format, policy: Profile) -> None:
    """Print a check or a recipe in a format."""
    names = human.license_names(lib.licenses)
    if output is Format.human:
        if isinstance(result, RecipeResult):
            show(human.recipe_view(result, names))
        else:
            show(human.check_view(result, names))
    elif output is Format.json:
        answer = result.to_dict()
        if isinstance(result, RecipeResult):
            answer["works"] = {name: policy.apply(work) for name, work in answer["works"].items()}
            print_json(answer)
        else:
            print_json(policy.apply(answer))
    else:
        checks = list(result.works.values()) if isinstance(result, RecipeResult) else [result]
        rows = policy.apply_rows(row for found in checks for row in finding_rows(found))
        for text in machine.WRITERS[output.value](rows):
            typer.echo(text, nl=False)


def finding_rows(result: CheckResult) -> list[ArtifactFinding]:
    """Return the findings of a check, its notes among them, as rows for machines."""
    rows = [
        ArtifactFinding(
            result.id,
            result.kind,
            f["code"],
            f["severity"],
            f["clause"],
            f["license"],
            f["section"],
            f["mode"],
            f["certainty"],
            f["message"],
        )
        for f in map(finding_dict, order_findings(result.judgment))
    ]
    for note in result.notes:
        severity = codes()[note.code].severity
        text = f"{note.subject}: {note.message}"
        rows.append(ArtifactFinding(result.id, result.kind, note.code, severity, None, None, None, None, None, text))
    return rows
