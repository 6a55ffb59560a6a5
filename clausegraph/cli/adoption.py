"""`clausegraph adoption`."""

from enum import StrEnum
from pathlib import Path

import typer

from clausegraph.cli.common import (
    ChartOption,
    DataVersionOption,
    EndpointOption,
    Format,
    FormatOption,
    SnapshotOption,
    WorkspaceOption,
    echo_err,
    graph,
    library,
    no_format,
    print_counts,
)
from clausegraph.render import charts
from clausegraph.store.adoption import adoption as count

FORMATS = (Format.human, Format.json, Format.csv)


class By(StrEnum):
    """What adoption is counted by."""

    license = "license"
    family = "family"
    month = "month"
    kind = "kind"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph adoption · adoption --by month --chart months.svg")(adoption)


def adoption(
    by: By = typer.Option(By.license, "--by", help="What to show: licenses, families, months or kinds."),
    kind: str | None = typer.Option(None, "--kind", metavar="KIND", help="Only works of a kind, for instance model."),
    before: str | None = typer.Option(None, "--before", metavar="DATE", help="Only works created before a day."),
    chart: Path | None = ChartOption,
    endpoint: str | None = EndpointOption,
    snapshot: str | None = SnapshotOption,
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Count the licenses that works declare, as shares of all works and of those with a license."""
    if output not in FORMATS:
        no_format(output, FORMATS)
    if chart:
        charts.check_path(chart)
    lib = library(data_version)
    if kind is not None:
        kind = lib.artifact_kind(kind).name
    result = count(graph(folder, endpoint, snapshot, lib), lib, kind=kind, before=before, by=by.value)
    rows = {
        By.license: result.by_license,
        By.family: result.by_family,
        By.month: result.by_month or (),
        By.kind: result.by_kind or (),
    }[by]
    said = f"{kind or 'artifact'}s{f' created before {before}' if before else ''}"
    subtitle = f"{result.total:,} {said}, {result.licensed:,} of them with a license"
    if chart and by is By.month:
        charts.save(charts.months(rows, "Adoption of licenses by month", subtitle), chart)
    elif chart and by is not By.kind:
        charts.save(charts.bars(rows, by.value, f"Adoption by {by.value}", subtitle), chart)
    elif chart:
        bars = [{"kind": r["kind"], "count": r["licensed"], "share_licensed": r["licensed"] / r["all"]} for r in rows]
        charts.save(charts.bars(bars, "kind", "Works with a license by kind", subtitle), chart)
    if chart:
        echo_err(f"written: {chart}")
    print_counts(output, result.to_dict(), rows, subtitle, lib.data_version)
