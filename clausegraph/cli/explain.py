"""`clausegraph explain`."""

from dataclasses import asdict

import typer

from clausegraph.cli.common import Format, FormatOption, no_format, print_json, show
from clausegraph.library.codes import codes
from clausegraph.library.codes import explain as explain_code
from clausegraph.render import tables


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph explain CG204")(explain)


def explain(
    code: str | None = typer.Argument(None, metavar="CODE", help="A finding code; all codes if it is left out."),
    output: Format = FormatOption,
) -> None:
    """Say what a finding code means and what to do about it."""
    if output not in (Format.human, Format.json):
        no_format(output, (Format.human, Format.json))
    found = [explain_code(code)] if code else list(codes().values())
    if output is Format.json:
        print_json([asdict(c) for c in found] if code is None else {"schema_version": 1, **asdict(found[0])})
    elif code:
        show(tables.code_view(found[0]))
    else:
        show(tables.code_table(found))
