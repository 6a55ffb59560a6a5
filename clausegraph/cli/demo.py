"""`clausegraph demo`."""

import tempfile
from pathlib import Path

import typer
from rich.console import Group
from rich.text import Text

from clausegraph.audit import audit
from clausegraph.catalogue import Catalogue
from clausegraph.cli.common import WorkspaceOption, library, progress, show, talk
from clausegraph.conditions import Assumptions
from clausegraph.findings import examples
from clausegraph.load import load
from clausegraph.render import human
from clausegraph.sample import sample_file
from clausegraph.workspace import Workspace

#: The artifact of the sample that the demo checks after the audit.
SHOWN = "lmsys/vicuna-7b-v1.5"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command()(demo)


def demo(folder: Path | None = WorkspaceOption) -> None:
    """Load the embedded sample, audit it, print the report, and say where to look next."""
    lib = library()
    with tempfile.TemporaryDirectory(prefix="clausegraph-demo-") as temporary:
        place = Workspace(folder or temporary)
        with progress("demo") as step:
            load(place, str(sample_file()), step)
            result = audit(place, lib, progress=step)
        show(human.audit_view(result, examples(place, lib)))
        conflicted = Catalogue(place, lib).check(SHOWN, Assumptions(lib))
        show(Group(Text(f"\nOne of them, as `clausegraph check {SHOWN}` shows it:\n", style="bold")))
        show(human.check_view(conflicted, human.license_names(lib.licenses)))
    where = f" --workspace {folder}" if folder else ""
    talk(
        "\nNext:\n"
        f"  clausegraph load {sample_file()}        keep the sample in .clausegraph/\n"
        f"  clausegraph check bigscience/bloomz-560m{where}      one artifact\n"
        "  clausegraph compat llama2 --via finetune --to apache-2.0\n"
        "  clausegraph license show gemma\n"
        "  clausegraph explain CG204"
    )
