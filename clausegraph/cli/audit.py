"""`clausegraph audit`."""

from dataclasses import replace
from pathlib import Path

import typer

from clausegraph.answers.artifact_findings import artifact_findings, examples
from clausegraph.answers.profile import FailOn, Profile, Run, load_profile
from clausegraph.cli.common import (
    AssumeOption,
    DataVersionOption,
    FailOnOption,
    Format,
    FormatOption,
    ProfileOption,
    Reading,
    ReadingOption,
    WorkspaceOption,
    leave,
    library,
    no_format,
    print_json,
    progress,
    read_assumptions,
    run_of,
    show,
    workspace,
)
from clausegraph.library import Library
from clausegraph.library.codes import codes
from clausegraph.render import machine, tables
from clausegraph.validation.audit import AuditResult
from clausegraph.validation.audit import audit as run_audit
from clausegraph.workspace.folder import Workspace

FORMATS = (Format.human, Format.json, Format.jsonl, Format.csv, Format.md, Format.sarif, Format.junit, Format.turtle)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph audit --format sarif > clausegraph.sarif")(audit)


def audit(
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
    assume: list[str] | None = AssumeOption,
    reading: Reading = ReadingOption,
    profile: str = ProfileOption,
    fail_on: FailOn | None = FailOnOption,
    engine: str = typer.Option(
        "duckdb", "--engine", metavar="ENGINE", help="duckdb, or a Spark master: spark://HOST:PORT."
    ),
    memory: str | None = typer.Option(None, "--memory", metavar="SIZE", help="Memory that DuckDB may take, as in 4GB."),
) -> None:
    """Audit the whole workspace: findings, counts, SHACL report.

    Exits with 1 where the verdict of any artifact is unknown or a conflict, unless --fail-on or the profile say
    otherwise.
    """
    if output not in FORMATS:
        no_format(output, FORMATS)
    lib = library(data_version)
    place = workspace(folder)
    policy = load_profile(profile)
    with progress("audit") as step:
        result = run_audit(place, lib, read_assumptions(lib, assume, reading), step, engine, memory)
    severities = {code: policy.severity(code, codes()[code].severity) for code in result.findings}
    listed = {code: count for code, count in result.findings.items() if not policy.silences(code)}
    run = run_of("audit", result.verdicts, severities.values(), fail_on or policy.fail_on)
    emit(replace(result, findings=listed), place, lib, output, policy, run)
    leave(run)


def emit(result: AuditResult, place: Workspace, lib: Library, output: Format, policy: Profile, run: Run) -> None:
    """Print an audit in a format."""
    if output is Format.human:
        show(tables.audit_view(result, examples(place, lib)))
    elif output is Format.json:
        print_json(result.to_dict())
    elif output is Format.turtle:
        typer.echo((result.folder / "report.ttl").read_text(encoding="utf-8"), nl=False)
    elif output is Format.md:
        typer.echo(machine.audit_markdown(result, examples(place, lib)), nl=False)
    else:
        rows = policy.apply_rows(artifact_findings(place, lib))
        for text in machine.WRITERS[output.value](rows, run):
            typer.echo(text, nl=False)
