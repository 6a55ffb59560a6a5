"""`clausegraph ontology check | build | known`."""

from pathlib import Path

import typer

from clausegraph.cli.common import talk
from clausegraph.compile.generate import generate, kept

app = typer.Typer(
    help="The ontology: build its generated files, check it.", no_args_is_help=True, rich_markup_mode=None
)


@app.command()
def build(
    check: bool = typer.Option(False, "--check", help="Only compare; exit with 1 if a file is not current."),
) -> None:
    """Build the generated files in `ontology/generated/`."""
    for name, reason in kept().items():
        talk(f"kept as it is: ontology/generated/{name}, since {reason}")
    different = generate(check=check)
    for name in different:
        talk(f"{'not current' if check else 'written'}: ontology/generated/{name}")
    if check and different:
        talk("Run `make library` and commit the result.")
        raise typer.Exit(1)
    if not different:
        talk("everything is current")


@app.command()
def known(
    dumps: list[Path] = typer.Argument(..., metavar="DUMP…", help="Dumps of the Hub, in any order."),
    target: Path | None = typer.Option(None, "--to", metavar="FILE", help="Write there, and not into the ontology."),
) -> None:
    """Build `ontology/known/hub.tsv`, the known artifacts, from dumps of the Hub."""
    from clausegraph.compile.known_artifacts import build_known
    from clausegraph.ground.files import folder
    from clausegraph.workspace.known import HUB_FILE

    place = target or folder("ontology") / "known" / HUB_FILE
    talk(f"written: {place}, {build_known(dumps, place, talk)} artifacts")


@app.command()
def check() -> None:
    """Check the ontology: style, license files, consistency and families by a reasoner (needs Java)."""
    from clausegraph.compile.check import run

    problems = run(talk)
    for problem in problems:
        talk(f"problem: {problem}")
    if problems:
        raise typer.Exit(1)
    talk("the ontology is in order")
