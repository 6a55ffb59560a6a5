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
#: Commands in the order of the help, and the groups of commands with the modules that hold them.
COMMANDS = (
    "demo",
    "load",
    "audit",
    "check",
    "compat",
    "choose",
    "compose",
    "lineage",
    "adoption",
    "adherence",
    "diff",
    "query",
    "serve",
    "push",
    "validate",
    "explain",
    "export",
)
GROUPS = {"license": "licenses", "ontology": "ontology"}


def _version(value: bool) -> None:
    if value:
        typer.echo(f"clausegraph {__version__}")
        raise typer.Exit


def _root(
    version: bool = typer.Option(False, "--version", callback=_version, is_eager=True, help="Show the version."),
) -> None:
    """Which license clauses bind an AI artifact, where they come from, and what to do."""


def build(names: Iterable[str] = (*COMMANDS, *GROUPS)) -> typer.Typer:
    """Return the application with these commands; only their modules are imported, so that it starts fast."""
    app = typer.Typer(
        help="Which license clauses bind an AI artifact, where they come from, and what to do.",
        epilog=EPILOG,
        no_args_is_help=True,
        pretty_exceptions_enable=False,
        rich_markup_mode=None,
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback()(_root)
    for name in names:
        module = import_module(f"clausegraph.cli.{GROUPS.get(name, name)}")
        if name in GROUPS:
            app.add_typer(module.app, name=name)
        else:
            module.register(app)
    return app


@cache
def whole_app() -> typer.Typer:
    """Return the application with all commands."""
    return build()


def main() -> None:
    """Run the command line and turn errors into messages and exit codes."""
    first = next((a for a in sys.argv[1:] if not a.startswith("-")), "")
    try:
        (build([first]) if first in (*COMMANDS, *GROUPS) else whole_app())()
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
