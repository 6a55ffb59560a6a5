"""`clausegraph compose`."""

from pathlib import Path

import typer

from clausegraph.cli.common import (
    DataVersionOption,
    Format,
    FormatOption,
    LicenseFileOption,
    echo_err,
    library,
    no_format,
    print_json,
    show,
)
from clausegraph.composing import text as texts
from clausegraph.composing.choices import choose, from_query, read_values
from clausegraph.composing.compose import Composition, compose, recompose, valid
from clausegraph.composing.kit import Kit, load_kit
from clausegraph.ground.errors import UsageError
from clausegraph.ground.turtle import read_text
from clausegraph.library import Library
from clausegraph.render import composing as render

FORMATS = (Format.human, Format.json, Format.md, Format.turtle)
_EXAMPLES = (
    "Example: clausegraph compose --with artifact-m --with open --with malware · "
    "compose --like creativeml-openrail-m --with malware --without medical_advice -o my-license"
)


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command("compose", epilog=_EXAMPLES)(compose_)


def compose_(
    chosen: list[str] | None = typer.Option(
        None, "--with", metavar="KEY", help="A kind of work, an option or a restriction; repeatable. --list shows all."
    ),
    without: list[str] | None = typer.Option(
        None, "--without", metavar="KEY", help="What to take out of the license that --like names. Repeatable."
    ),
    values: list[str] | None = typer.Option(
        None, "--set", metavar="KEY=VALUE", help="A value, for instance users=700000000; brings its option."
    ),
    like: str | None = typer.Option(None, "--like", metavar="LICENSE", help="Begin with the clauses of a license."),
    name: str | None = typer.Option(None, "--name", help="Whose license it is: the beginning of its name."),
    licensor: str | None = typer.Option(None, "--licensor", help="Who licenses, as the text names it."),
    again: str | None = typer.Option(
        None, "--from", metavar="FILE|PERMALINK", help="Compose again from a license in RDF, or from a permalink."
    ),
    folder: Path | None = typer.Option(None, "--output", "-o", metavar="DIR", help="Write all files into a folder."),
    listing: bool = typer.Option(False, "--list", help="Show everything that can be chosen."),
    files: list[Path] | None = LicenseFileOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Write a new license from parts: RDF, text, SPDX, ODRL and the head of a card."""
    if output not in FORMATS:
        no_format(output, FORMATS)
    kit = load_kit()
    if listing:
        _print_kit(kit, output)
        return
    lib = library(data_version, files)
    others = [chosen, without, values, like, name, licensor]
    if again is not None:
        if any(others):
            raise UsageError("--from says everything that was chosen; leave the other choices out.")
        found = _again(lib, again)
    else:
        choices = choose(
            kit,
            lib,
            chosen=chosen or (),
            without=without or (),
            values=read_values(values or ()),
            like=like,
            name=name,
            licensor=licensor,
        )
        found = compose(lib, choices, kit)
    valid(found)
    _print(found, _write(found, folder) if folder else None, output)


def _print_kit(kit: Kit, output: Format) -> None:
    if output is Format.json:
        print_json(render.kit_dict(kit))
    else:
        show(render.kit_view(kit))


def _print(found: Composition, written: str | None, output: Format) -> None:
    if output is Format.json:
        print_json(found.to_dict())
    elif output is Format.md:
        typer.echo(texts.markdown(found.document), nl=False)
    elif output is Format.turtle:
        typer.echo(found.composed.turtle, nl=False)
    else:
        show(render.composition_view(found, written))


def _again(lib: Library, text: str) -> Composition:
    if "://" in text:
        return compose(lib, from_query(load_kit(), lib, text))
    return recompose(lib, text, read_text(Path(text)))


def _write(found: Composition, folder: Path) -> str:
    """Write all files and return the path of the license; says what was written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        for name, text in found.files().items():
            (folder / name).write_text(text, encoding="utf-8")
            echo_err(f"written: {folder / name}")
    except OSError as error:
        raise UsageError(f"{folder}: {error.strerror or error}. Choose another --output.") from error
    return str(folder / "license.ttl")
