"""The command line: thin commands over the engine.

Exit codes: 0 clean · 1 findings at or above `--fail-on` · 2 usage · 3 unreadable input · 4 unknown
identifier · 5 network or rate limit · 6 internal error. Data goes to stdout, talk to stderr.
"""

import os
import sys
import traceback

import typer

from clausegraph.cli import (
    audit,
    check,
    compat,
    demo,
    explain,
    export,
    licenses,
    lineage,
    load,
    ontology,
    query,
    validate,
)
from clausegraph.cli.common import EPILOG
from clausegraph.errors import ClausegraphError
from clausegraph.version import __version__

app = typer.Typer(
    help="Which license clauses bind an AI artifact, where they come from, and what to do.",
    epilog=EPILOG,
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (demo, load, audit, check, compat, lineage, query, validate, explain, export):
    command.register(app)
app.add_typer(licenses.app, name="license")
app.add_typer(ontology.app, name="ontology")


def _version(value: bool) -> None:
    if value:
        typer.echo(f"clausegraph {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Which license clauses bind an AI artifact, where they come from, and what to do."""


def main() -> None:
    """Run the command line and turn errors into messages and exit codes."""
    try:
        app()
    except ClausegraphError as error:
        typer.echo(f"clausegraph: {error}", err=True)
        sys.exit(error.exit_code)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(0)
    except KeyboardInterrupt:
        typer.echo("clausegraph: stopped; what was loaded before is kept", err=True)
        sys.exit(130)
    except Exception:
        traceback.print_exc()
        typer.echo("clausegraph: this is a bug. Please report it with the lines above.", err=True)
        sys.exit(6)
