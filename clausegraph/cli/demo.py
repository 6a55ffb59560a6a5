"""`clausegraph demo`."""

import shutil
import sys
import tempfile
from pathlib import Path

import typer
from rich.console import Group
from rich.text import Text

from clausegraph.answers.artifact_findings import examples
from clausegraph.answers.artifact_index import Catalogue
from clausegraph.cli.common import WorkspaceOption, echo_err, library, progress, show
from clausegraph.library.assumptions import Assumptions
from clausegraph.library.codes import codes
from clausegraph.render import human, tables
from clausegraph.validation.audit import audit
from clausegraph.workspace.folder import Workspace
from clausegraph.workspace.load import load
from clausegraph.workspace.sample import sample_file


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(folder: Path | None = WorkspaceOption) -> None:
    """Load the embedded sample, audit it, print the report, and say where to look next.

    Exits with 0 whatever the audit finds.
    """
    lib = library()
    with tempfile.TemporaryDirectory(prefix="clausegraph-demo-") as temporary:
        place = Workspace(folder or temporary)
        with progress("demo") as step:
            load(place, str(sample_file()), step)
            result = audit(place, lib, progress=step)
        found = examples(place, lib)
        show(tables.audit_view(result, found))
        shown = next(found[code][0] for code in sorted(found) if codes()[code].severity == "violation")
        conflicted = Catalogue(place, lib).check(shown, Assumptions(lib))
        show(Group(Text(f"\nOne of them, as `clausegraph check {shown}` shows it:\n", style="bold")))
        show(human.check_view(conflicted, human.license_names(lib.licenses)))
    program = "clausegraph" if shutil.which("clausegraph") else sys.argv[0]
    where = f" --workspace {folder}" if folder else ""
    keep = "" if folder else f"  {program} load {sample_file()}\n"
    echo_err(
        "\nNext:\n"
        f"{keep}"
        f"  {program} check mlabonne/NeuralBeagle14-7B{where}\n"
        f"  {program} lineage mlabonne/NeuralBeagle14-7B{where}\n"
        f"  {program} compat llama2 --via finetune --to apache-2.0\n"
        f"  {program} license show gemma\n"
        f"  {program} explain CG204"
    )
