"""`clausegraph license list | show | compare`."""

import csv
import sys

import typer

from clausegraph.cli.common import DataVersionOption, Format, FormatOption, library, no_format, print_json, show
from clausegraph.licenses import compare as compare_licenses
from clausegraph.licenses import license_dict, license_facts
from clausegraph.render import human

app = typer.Typer(help="The library of licenses.", no_args_is_help=True, rich_markup_mode=None)


@app.command("list")
def list_(data_version: str | None = DataVersionOption, output: Format = FormatOption) -> None:
    """List the licenses that are known."""
    found = library(data_version).licenses.values()
    if output is Format.human:
        show(human.license_table(list(found)))
        return
    rows = [{"id": i.id, "name": i.name, "spdx_id": i.spdx_id, "hf_id": i.hf_id, "verified": i.verified} for i in found]
    if output is Format.json:
        print_json(rows)
    elif output is Format.csv:
        writer = csv.DictWriter(sys.stdout, rows[0].keys(), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    else:
        no_format(output, (Format.human, Format.json, Format.csv))


@app.command("show", epilog="Example: clausegraph license show apache-2.0")
def show_(
    license_id: str = typer.Argument(..., metavar="ID", help="A license in any spelling."),
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Show what a license lets people do, asks of them and forbids."""
    lib = library(data_version)
    found = lib.license(license_id)
    if output is Format.human:
        show(human.license_view(found, license_facts(found), found.families))
    elif output is Format.json:
        print_json(license_dict(lib, found))
    else:
        no_format(output, (Format.human, Format.json))


@app.command()
def compare(
    ids: list[str] = typer.Argument(..., metavar="ID...", help="Two to four licenses."),
    everything: bool = typer.Option(False, "--all", help="Show what they have in common too."),
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Compare licenses side by side; differences only, unless --all."""
    lib = library(data_version)
    table = compare_licenses([lib.license(i) for i in ids], differences=not everything)
    if output is Format.human:
        show(human.comparison_view(table))
    elif output is Format.json:
        print_json(table)
    else:
        no_format(output, (Format.human, Format.json))
