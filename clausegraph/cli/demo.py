"""`clausegraph demo`."""

import shutil
import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

import typer
from rich.console import Group
from rich.text import Text

from clausegraph.answers.artifact_findings import examples
from clausegraph.answers.artifact_index import Catalogue
from clausegraph.answers.check import CheckResult
from clausegraph.cli.common import WorkspaceOption, echo_err, library, progress, show
from clausegraph.library import Library
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
    """Load the embedded sample, show one conflict and what an audit counts, and say where to look next.

    The sample stays in the workspace, unless that holds something of yours. Exits with 0 whatever the audit finds.
    """
    lib = library()
    with ExitStack() as stack:
        place = _place(folder, stack)
        with progress("demo") as step:
            load(place, str(sample_file()), step)
            result = audit(place, lib, progress=step)
        shown = _shortest(place, lib, examples(place, lib))
        names = human.license_names(lib.licenses)
        show(Group(human.conflict_view(shown, names), Text()))
        show(Group(tables.audit_head(result), human.footer(lib.data_version)))
    program = "clausegraph" if shutil.which("clausegraph") else sys.argv[0]
    kept = place.folder.exists()
    keep = "" if kept else f"  {program} load {sample_file()}\n"
    where = f" --workspace {folder}" if folder and kept else ""
    echo_err(
        f"\n{f'The sample is kept in {place.folder}. ' if kept else ''}Next:\n"
        f"{keep}"
        f"  {program} check {shown.id}{where}\n"
        f"  {program} lineage mlabonne/NeuralBeagle14-7B{where}\n"
        f"  {program} audit{where}\n"
        f"  {program} check ./your-model\n"
        f"  {program} compat llama2 --via finetune --to apache-2.0\n"
        f"  {program} explain CG204"
    )


def _place(folder: Path | None, stack: ExitStack) -> Workspace:
    """Return the workspace for the sample: the one that is named, else the usual one, unless it holds other things."""
    usual = Workspace(folder)
    others = [source for source in usual.sources() if source.location != str(sample_file().resolve())]
    if folder or not others:
        return usual
    return Workspace(stack.enter_context(tempfile.TemporaryDirectory(prefix="clausegraph-demo-")))


def _shortest(place: Workspace, lib: Library, found: dict[str, list[str]]) -> CheckResult:
    """Return, of the most downloaded works with a conflict, the one about which there is least to say."""
    known = codes()
    ids = {found[code][0]: None for code in sorted(found) if known[code].severity == "violation"}
    catalogue = Catalogue(place, lib)
    checks = [catalogue.check(one, Assumptions(lib)) for one in ids]
    conflicts = [one for one in checks if one.verdict == "conflict"]
    return min(conflicts or checks, key=_length)


def _length(result: CheckResult) -> tuple[bool, int]:
    """Return whether the first finding comes by no path, which needs more explaining, and how many there are."""
    found = result.findings()
    return not found[0]["path"], len(found)
