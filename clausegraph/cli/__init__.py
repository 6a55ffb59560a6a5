"""The command line: thin commands over the engine.

Exit codes: 0 answered · 1 the verdict or a finding is at or above `--fail-on`, or what `validate`, `license verify`
or `ontology check` looked at does not pass · 2 usage · 3 unreadable input · 4 a name that is not known · 5 network
or rate limit · 6 internal error, or memory or disk used up. Data goes to stdout, talk to stderr.
"""

import os
import sys
import traceback
from collections.abc import Iterable
from functools import cache
from importlib import import_module

import typer

from clausegraph.ground.errors import ClausegraphError
from clausegraph.ground.version import __version__

EPILOG = (
    "Not legal advice. Exit codes: 0 answered, 1 verdict or finding at or above --fail-on (an unknown verdict is, "
    "unless you say otherwise), 2 usage, 3 unreadable input, 4 no such name, 5 network, 6 bug, or memory or disk used "
    "up."
)
#: Commands in the order of the help, with what each does in a line.
COMMANDS = {
    "demo": "Audit the embedded sample and explain one verdict.",
    "load": "Load sources into the workspace.",
    "audit": "Judge the whole workspace: findings, counts, SHACL report.",
    "check": "Judge one artifact: verdict, because, path, do.",
    "compat": "Judge two licenses and a reuse relation.",
    "choose": "Say under which licenses a work may be published.",
    "compose": "Write a new license from parts.",
    "lineage": "Show the ancestors of an artifact and their licenses.",
    "adoption": "Count the licenses that works declare.",
    "adherence": "Count who still carries terms that flow down.",
    "diff": "Compare two snapshots.",
    "query": "Ask a shipped question, or one in SPARQL.",
    "serve": "Answer with pages, SPARQL, JSON and linked data.",
    "push": "Write the graph to another SPARQL store.",
    "validate": "Judge an RDF file with the plain shapes and rules.",
    "explain": "Say what a finding code means and what to do.",
    "export": "Write the graph, the report, tables or plain files.",
    "license": "The library of licenses.",
    "ontology": "Build the generated files of the ontology, check it.",
}
#: Groups of commands, with the modules that hold them.
GROUPS = {"license": "licenses", "ontology": "ontology"}


def _version(value: bool) -> None:
    if value:
        typer.echo(f"clausegraph {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Which license clauses bind an AI artifact, where they come from, and what to do."""


def _bare() -> typer.Typer:
    app = typer.Typer(
        help="Which license clauses bind an AI artifact, where they come from, and what to do.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    return app


def build(names: Iterable[str] = tuple(COMMANDS)) -> typer.Typer:
    """Return the application with these commands; only their modules are imported, so that it starts fast."""
    app = _bare()
    for name in names:
        module = import_module(f"clausegraph.cli.{GROUPS.get(name, name)}")
        if name in GROUPS:
            app.add_typer(module.app, name=name, short_help=COMMANDS[name])
        else:
            module.register(app)
            app.registered_commands[-1].short_help = COMMANDS[name]
    return app


def _outline() -> typer.Typer:
    """Return an application that knows the names of the commands and no more: for help, version and misspellings."""
    app = _bare()
    for name, what in COMMANDS.items():
        app.command(name, short_help=what)(lambda: None)
    return app


@cache
def whole_app() -> typer.Typer:
    """Return the application with all commands."""
    return build()


def main() -> None:
    """Run the command line and turn errors into messages and exit codes."""
    first = next((a for a in sys.argv[1:] if not a.startswith("-")), "")
    try:
        (build([first]) if first in COMMANDS else _outline())()
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
