"""`clausegraph ontology check | build | known`."""

from pathlib import Path

import typer

from clausegraph.cli.common import echo_err
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
        echo_err(f"kept as it is: ontology/generated/{name}, since {reason}")
    different = generate(check=check)
    for name in different:
        echo_err(f"{'not current' if check else 'written'}: ontology/generated/{name}")
    if check and different:
        echo_err("Run `make library` and commit the result.")
        raise typer.Exit(1)
    if not different:
        echo_err("everything is current")


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
    echo_err(f"written: {place}, {build_known(dumps, place, echo_err)} artifacts")


@app.command()
def check() -> None:
    """Check the ontology: style, license files, consistency and families by a reasoner (needs Java)."""
    from clausegraph.compile.check import run

    problems = run(echo_err)
    for problem in problems:
        echo_err(f"problem: {problem}")
    if problems:
        raise typer.Exit(1)
    echo_err("the ontology is in order")
