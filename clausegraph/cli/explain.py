"""`clausegraph explain`."""

from dataclasses import asdict
from typing import Any

import typer

from clausegraph.cli.common import Format, FormatOption, library, no_format, print_json, show
from clausegraph.ground.errors import UnknownIdentifier
from clausegraph.library import Library
from clausegraph.library.codes import codes
from clausegraph.library.codes import explain as explain_code
from clausegraph.library.model import AssumptionKey
from clausegraph.reasoning.asking import asking
from clausegraph.render import tables

#: The word for all keys of assumptions.
ALL_KEYS = "assumptions"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph explain CG204 · explain assumptions · explain region")(explain)


def explain(
    code: str | None = typer.Argument(
        None, metavar="CODE|KEY", help="A finding code, a key of --assume, or `assumptions` for all keys."
    ),
    output: Format = FormatOption,
) -> None:
    """Say what a finding code means and what to do about it, or which clauses ask for an assumption.

    Without an argument it lists all codes.
    """
    if output not in (Format.human, Format.json):
        no_format(output, (Format.human, Format.json))
    lib = library()
    if code == ALL_KEYS or code in lib.keys:
        _keys(lib, list(lib.keys) if code == ALL_KEYS else [str(code)], output)
        return
    found = [_code(lib, code)] if code else list(codes().values())
    if output is Format.json:
        print_json([asdict(c) for c in found] if code is None else {"schema_version": 1, **asdict(found[0])})
    elif code:
        show(tables.code_view(found[0]))
    else:
        show(tables.code_table(found))


def _code(lib: Library, code: str) -> Any:
    """Return a finding code; the names of codes and of keys that are nearest are suggested together."""
    try:
        return explain_code(code)
    except UnknownIdentifier as error:
        if code[:2].casefold() == "cg":
            raise
        raise UnknownIdentifier("finding code or key of --assume", code, (*codes(), *lib.keys, ALL_KEYS)) from error


def _keys(lib: Library, names: list[str], output: Format) -> None:
    """Show keys of assumptions with the clauses that ask for each: one with all its clauses, many in a table."""
    found = asking(lib)
    rows = [_row(lib.keys[name], found[name]) for name in sorted(names)]
    if output is Format.json:
        print_json({"schema_version": 1, "keys": rows, "data_version": lib.data_version})
    elif len(rows) == 1:
        show(tables.key_view(rows[0]))
    else:
        show(tables.key_table(rows))


def _row(key: AssumptionKey, clauses: tuple[Any, ...]) -> dict[str, Any]:
    return {
        "key": key.name,
        "takes": list(key.allowed) or key.type,
        "default": key.default,
        "per_licensor": key.per_licensor,
        "definition": key.definition,
        "asked_by": [{"license": c.license, "section": c.section, "clause": c.iri} for c in clauses],
    }
