"""`clausegraph license list | show | compare | verify`."""

from pathlib import Path

import typer

from clausegraph.answers.compare import comparison
from clausegraph.answers.license_record import license_dict, license_facts, license_row, openness
from clausegraph.cli.common import (
    DataVersionOption,
    Format,
    FormatOption,
    LicenseFileOption,
    echo_err,
    library,
    no_format,
    print_csv,
    print_json,
    show,
)
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.render import licenses as render
from clausegraph.texts.evidence import check_dict, passage_of, record, verify

app = typer.Typer(help="The library of licenses.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(data_version: str | None = DataVersionOption, output: Format = FormatOption) -> None:
    """List the licenses that are known."""
    found = library(data_version).licenses.values()
    if output is Format.human:
        show(render.license_table(list(found)))
        return
    rows = [license_row(one) for one in found]
    if output is Format.json:
        print_json(rows)
    elif output is Format.csv:
        print_csv(list(rows[0]), (list(row.values()) for row in rows))
    else:
        no_format(output, (Format.human, Format.json, Format.csv))


@app.command("show", epilog="Example: clausegraph license show apache-2.0")
def show_(
    license_id: str = typer.Argument(..., metavar="ID", help="A license in any spelling; with --text a clause."),
    files: list[Path] | None = LicenseFileOption,
    text: bool = typer.Option(False, "--text", help="Print the passage of a clause, ID#CLAUSE, from the license text."),
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Show what a license lets people do, asks of them and forbids."""
    lib = library(data_version, files)
    if text:
        _show_passage(lib, license_id, output)
        return
    later = lib.names.or_later(license_id)
    found = lib.license(later[0] if later else license_id)
    if later:
        whole = " or ".join(later) if len(later) > 1 else f"{later[0]}, of which no later version is known"
        echo_err(f"{license_id} is {whole}, as the recipient chooses; shown is {found.id}")
    if output is Format.human:
        show(render.license_view(found, license_facts(lib, found), openness(lib, found)))
    elif output is Format.json:
        print_json(license_dict(lib, found))
    else:
        no_format(output, (Format.human, Format.json))


def _show_passage(lib: Library, spelling: str, output: Format) -> None:
    found, check, lines = passage_of(lib, spelling)
    if output is Format.json:
        print_json({"schema_version": 1, **check_dict(check), "passage": lines})
    elif output is Format.human:
        show(render.passage_view(found, check, lines))
    else:
        no_format(output, (Format.human, Format.json))


@app.command("verify", epilog="Example: clausegraph license verify apache-2.0")
def verify_(
    ids: list[str] = typer.Argument(None, metavar="[ID]...", help="Licenses in any spelling; all without one."),
    keep: bool = typer.Option(False, "--record", help="Write the record of the whole library (in a checkout)."),
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Find the section of every clause in the license text; exit with 1 if one is not there."""
    lib = library(data_version)
    if keep and ids:
        raise UsageError("--record writes the record of the whole library; leave the IDs out.")
    checks = verify(lib, ids or ())
    if keep:
        for name in record(lib, checks):
            echo_err(f"written: {name}")
        checks = verify(lib)
    if output is Format.human:
        show(render.evidence_view(checks))
    elif output is Format.json:
        print_json([check_dict(c) for c in checks])
    else:
        no_format(output, (Format.human, Format.json))
    if any(c.wrong for c in checks):
        raise typer.Exit(1)


@app.command()
def compare(
    ids: list[str] = typer.Argument(..., metavar="ID...", help="Two to four licenses."),
    everything: bool = typer.Option(False, "--all", help="Show what they have in common too."),
    files: list[Path] | None = LicenseFileOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Compare licenses side by side: what differs, what is nearest, what can flow into what."""
    lib = library(data_version, files)
    found = comparison(lib, [lib.license(i) for i in ids], differences=not everything)
    if output is Format.human:
        show(render.comparison_view(found))
    elif output is Format.json:
        print_json(found)
    else:
        no_format(output, (Format.human, Format.json))
