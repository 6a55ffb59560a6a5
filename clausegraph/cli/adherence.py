"""`clausegraph adherence`."""

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
from clausegraph.store.adoption import adherence as count
from clausegraph.store.adoption import adherence_dict

FORMATS = (Format.human, Format.json, Format.csv)


class By(StrEnum):
    """What adherence is counted by."""

    license = "license"
    relation = "relation"
    month = "month"


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: clausegraph adherence · adherence --license llama2 --by relation")(adherence)


def adherence(
    by: By = typer.Option(By.license, "--by", help="What to show: licenses, relations or months."),
    license_: str | None = typer.Option(None, "--license", metavar="ID", help="Only what is made under this license."),
    kind: str | None = typer.Option(None, "--kind", metavar="KIND", help="Only works of a kind, for instance model."),
    chart: Path | None = ChartOption,
    endpoint: str | None = EndpointOption,
    snapshot: str | None = SnapshotOption,
    folder: Path | None = WorkspaceOption,
    data_version: str | None = DataVersionOption,
    output: Format = FormatOption,
) -> None:
    """Count the works made from works under licenses with flow-down, by whether they still carry it."""
    if output not in FORMATS:
        no_format(output, FORMATS)
    if chart:
        charts.check_path(chart)
    lib = library(data_version)
    plain = lib.artifact_kind(kind).name if kind is not None else None
    rows = count(graph(folder, endpoint, snapshot, lib), lib, license_=license_, kind=plain, by=by.value)
    total = sum(row["all"] for row in rows)
    kept = sum(row["carried"] for row in rows)
    share = f", {kept / total:.1%} of them declare a license that carries the terms" if total else ""
    subtitle = f"{total:,} reuses of works whose terms must be passed on{share}"
    if chart:
        charts.save(charts.fates(rows, by.value, "Adherence to flow-down", subtitle), chart)
        echo_err(f"written: {chart}")
    print_counts(output, adherence_dict(lib, by.value, rows), rows, subtitle, lib.data_version)
