"""What commands share: options, output, assumptions, exit codes."""

import csv
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import typer
from rich.console import RenderableType
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from clausegraph.answers.profile import FailOn, Run
from clausegraph.ground.errors import UsageError
from clausegraph.library import Library
from clausegraph.library.assumptions import Assumptions
from clausegraph.reasoning.outcomes import Verdict
from clausegraph.render import human, tables
from clausegraph.workspace.folder import Workspace

if TYPE_CHECKING:
    from clausegraph.loaders.records import Rejected
    from clausegraph.store.endpoint import Graph


class Format(StrEnum):
    """Output formats; human text is for people, and nothing may parse it."""

    human = "human"
    json = "json"
    jsonl = "jsonl"
    md = "md"
    csv = "csv"
    sarif = "sarif"
    junit = "junit"
    turtle = "turtle"


WorkspaceOption = typer.Option(
    None,
    "--workspace",
    "-w",
    metavar="DIR[@SNAPSHOT]",
    help="Folder of the workspace (default .clausegraph, or CLAUSEGRAPH_WORKSPACE), and which of its snapshots.",
)
DataVersionOption = typer.Option(
    None, "--data-version", metavar="VERSION", help="Refuse to run with other legal content."
)
FormatOption = typer.Option(Format.human, "--format", "-f", help="Output format.")
AssumeOption = typer.Option(
    None, "--assume", "-a", metavar="KEY=VALUE", help="What only you know, for instance commercial=true. Repeatable."
)

EndpointOption = typer.Option(
    None, "--endpoint", metavar="URL", help="Ask this SPARQL endpoint instead of the workspace's own graph."
)
SnapshotOption = typer.Option(
    None,
    "--snapshot",
    metavar="NAME",
    help="Which of the snapshots that were pushed to the endpoint (default: the last).",
)
ChartOption = typer.Option(
    None,
    "--chart",
    metavar="FILE",
    help="Also draw it, as .svg, .png, .html, or .json for the Vega-Lite specification.",
)


class Reading(StrEnum):
    """How contested law is read."""

    open = "open"
    strict = "strict"
    lenient = "lenient"


ReadingOption = typer.Option(Reading.open, "--reading", help="Contested law: left open, read strictly, or leniently.")
ProfileOption = typer.Option(
    "default",
    "--profile",
    metavar="NAME|FILE",
    help="Severities, and what --fail-on is without the option: default, release, or a TOML file of yours.",
)
FailOnOption = typer.Option(
    None,
    "--fail-on",
    help="Exit with 1 from this verdict on (conditional, unknown, conflict), or if a finding has this severity or a "
    "higher one (violation, warning, info); never: exit with 0. Without it the profile says, and the shipped ones say "
    "unknown.",
)


LicenseFileOption = typer.Option(
    None,
    "--license-file",
    metavar="FILE",
    help="Add a license of yours: Turtle, as `clausegraph compose` writes it. Repeatable.",
)


def library(data_version: str | None = None, files: Sequence[Path] | None = None) -> Library:
    """Return the library with licenses of the user's own; raises `UsageError` if it is not of the version asked for."""
    found = Library.load()
    if data_version and data_version != found.data_version:
        raise UsageError(
            f"this installation has data version {found.data_version}, not {data_version}. "
            "Install the clausegraph release that ships it."
        )
    if files:
        from clausegraph.library.extend import extend

        return extend(found, files)
    return found


def workspace(folder: Path | None) -> Workspace:
    """Return the workspace of an option."""
    return Workspace(folder)


def read_assumptions(lib: Library, given: Iterable[str] | None, reading: Reading = Reading.open) -> Assumptions:
    """Return the assumptions of `--assume KEY=VALUE` options; notes go to stderr."""
    assumptions, notes = Assumptions.of_pairs(lib, given or (), reading.value)
    for note in notes:
        echo_err(f"note: {note}")
    return assumptions


def graph(
    folder: Path | None, endpoint: str | None, snapshot: str | None, lib: Library, *, licenses_alone: bool = False
) -> "Graph":
    """Return the graph that is asked: an endpoint elsewhere, or the store of the workspace, which is made if needed.

    A question about `licenses_alone` is put to the library where nothing is loaded.
    """
    from clausegraph.store.endpoint import Embedded, Endpoint

    if endpoint is not None:
        return Endpoint(endpoint, snapshot)
    if snapshot is not None:
        raise UsageError("--snapshot goes with --endpoint; a workspace's own is chosen by -w DIR@SNAPSHOT")
    from clausegraph.store.embedded import open_store
    from clausegraph.store.library_store import library_store

    place = workspace(folder)
    if licenses_alone and not place.sources():
        with progress("graph") as step:
            step("licenses")
            return Embedded(library_store())
    place.require_sources()
    with progress("graph") as step:
        return Embedded(open_store(place, lib, step))


def echo_err(text: str) -> None:
    """Say something to the person at stderr; what a terminal would obey and not show is written as an escape."""
    plain = (one if one.isprintable() or one == "\n" else f"\\u{ord(one):04x}" for one in text)
    typer.echo("".join(plain), err=True)


def put_aside(one: "Rejected") -> None:
    """Say what is to be said of a card and of what lies beside it apart from the answer: file, line and reason."""
    echo_err(f"{one.source}{f', line {one.line}' if one.line else ''}: {one.reason}")


def show(view: RenderableType, *, whole: bool = False) -> None:
    """Print a view for people to stdout; `whole` lines are as long as they must be."""
    human.console().print(view, soft_wrap=whole)


def print_json(value: Any) -> None:
    """Print JSON to stdout."""
    typer.echo(json.dumps(value, indent=2, ensure_ascii=False))


def print_lines(values: Iterable[Any]) -> None:
    """Print one JSON value per line to stdout."""
    for value in values:
        sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")


def print_csv(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Print a table as CSV to stdout."""
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)


def print_counts(output: Format, found: Any, rows: Sequence[dict[str, Any]], subtitle: str, version: str) -> None:
    """Print rows of counts in a format: `found` as JSON, the rows as CSV, or a table under a subtitle."""
    if output is Format.json:
        print_json(found)
    elif output is Format.csv:
        print_csv(list(rows[0]) if rows else [], (list(row.values()) for row in rows))
    else:
        show(tables.counts_view(rows, subtitle, version))


def no_format(wanted: Format, possible: Iterable[Format]) -> NoReturn:
    """Raise the error for a format that a command does not have."""
    raise UsageError(f"this command has no format {wanted.value!r}. Use {', '.join(f.value for f in possible)}.")


def run_of(
    subject: str,
    verdicts: Mapping[str, int] | str,
    severities: Iterable[str],
    limit: FailOn,
    *,
    decides: str | None = None,
    file: Path | None = None,
) -> Run:
    """Return how a command ends: `verdicts` are the verdict of the answer, or the counts of many."""
    given = [verdicts] if isinstance(verdicts, str) else [name for name, count in verdicts.items() if count]
    said = verdicts if isinstance(verdicts, str) else ", ".join(f"{name} {n:,}" for name, n in verdicts.items())
    failed = any(limit.reached(Verdict[name]) for name in given) or any(limit.reached(None, s) for s in severities)
    return Run(subject, said, limit, failed, decides, file)


def leave(run: Run) -> None:
    """Exit with 1 if what was found is at or above the limit."""
    if run.failed:
        raise typer.Exit(1)


@contextmanager
def progress(title: str) -> Iterator[Callable[[str], None]]:
    """Yield a function that shows the current step on stderr; silent where stderr is no terminal."""
    console = human.console(stderr=True)
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=console, transient=True, disable=not console.is_terminal) as bar:
        task = bar.add_task(title)
        yield lambda text: bar.update(task, description=f"{title}: {text}")
