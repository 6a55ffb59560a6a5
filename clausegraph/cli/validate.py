"""`clausegraph validate`."""

from pathlib import Path

import typer

from clausegraph.cli.common import Format, FormatOption, no_format, print_json, show
from clausegraph.render import tables
from clausegraph.validation.plain_files import validate_file

FORMATS = (Format.human, Format.json, Format.turtle)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph validate my-models.ttl")(validate)


def validate(
    file: Path = typer.Argument(..., metavar="FILE", help="RDF: artifacts with declared licenses and reuse relations."),
    output: Format = FormatOption,
) -> None:
    """Judge and validate an RDF file with the plain shapes and rules.

    Exits with 1 where something is breached or not known, a term is misspelled, or nothing was judged.
    """
    if output not in FORMATS:
        no_format(output, FORMATS)
    report = validate_file(file)
    if output is Format.turtle:
        typer.echo(report.turtle, nl=False)
    elif output is Format.json:
        print_json(report.to_dict())
    else:
        show(tables.report_view(report))
    if not report.passes:
        raise typer.Exit(1)
