"""Charts of adoption and adherence in Vega-Lite, by Altair: SVG, PNG, HTML without requests elsewhere, or the spec."""

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from clausegraph.ground.errors import UsageError

Row = dict[str, Any]
FORMATS = (".svg", ".png", ".html", ".json")
#: Licenses that are shown by themselves; the others are added up.
SHOWN = 12
#: What became of flow-down, from kept to lost, with colors that can be told apart without red and green.
FATES = {
    "carried": "#2b6cb0",
    "unknown": "#b5b8bd",
    "undeclared": "#f0b429",
    "dropped": "#b83280",
}
_FONT = "system-ui, sans-serif"


def save(chart: Any, path: Path) -> None:
    """Write a chart in the format that the file's name ends with."""
    if path.suffix == ".html":
        chart.save(str(path), inline=True)
    else:
        chart.save(str(path), **({"scale_factor": 2} if path.suffix == ".png" else {}))


def _altair() -> Any:
    try:
        import altair
    except ImportError as error:
        raise UsageError("charts need Altair. Install it: pip install 'clausegraph[charts]'") from error
    altair.data_transformers.disable_max_rows()
    return altair


def check_path(path: Path) -> None:
    """Raise `UsageError` for a file that is no chart, before anything is computed."""
    if path.suffix not in FORMATS:
        raise UsageError(f"--chart takes a file that ends with {', '.join(FORMATS)}, not {path.name!r}")
    _altair()


def _style(chart: Any, title: str, subtitle: str) -> Any:
    return (
        chart.properties(title={"text": title, "subtitle": subtitle, "anchor": "start", "offset": 12})
        .configure(font=_FONT, background="white")
        .configure_view(strokeWidth=0)
        .configure_axis(grid=False, labelFontSize=12, titleFontSize=12, labelLimit=320, domainColor="#888")
        .configure_title(fontSize=16, subtitleFontSize=12, subtitleColor="#555")
        .configure_legend(labelFontSize=12, titleFontSize=12)
    )


def bars(rows: Sequence[Row], name: str, title: str, subtitle: str) -> Any:
    """Return bars of the share of licensed works, one per row, with the count beside each."""
    alt = _altair()
    shown = [row | {"label": f"{row['count']:,} ({row['share_licensed']:.1%})"} for row in rows[:SHOWN]]
    base = alt.Chart(alt.Data(values=shown)).encode(
        y=alt.Y(f"{name}:N", sort=[row[name] for row in shown], title=None),
        x=alt.X("count:Q", title="works", axis=alt.Axis(format="~s", tickCount=6)),
    )
    drawn = base.mark_bar(color="#2b6cb0") + base.mark_text(align="left", dx=4, fontSize=12).encode(text="label:N")
    return _style(drawn.properties(width=520, height=26 * max(len(shown), 1)), title, subtitle)


def months(rows: Sequence[Row], title: str, subtitle: str) -> Any:
    """Return the share of each license among the licensed works of each month, the most frequent ones by name."""
    alt = _altair()
    counts: Counter[str] = Counter()
    for row in rows:
        counts[row["license"]] += row["works"]
    named = [name for name, _ in counts.most_common(8)]
    drawn = [
        {"month": f"{row['month']}-01", "license": row["license"], "share": row["works"] / row["licensed"]}
        for row in rows
        if row["license"] in named and row["licensed"]
    ]
    chart = alt.Chart(alt.Data(values=drawn)).mark_line(point={"size": 18})
    chart = chart.encode(
        x=alt.X("month:T", title=None, axis=alt.Axis(format="%b %Y", tickCount=8)),
        y=alt.Y("share:Q", title="share of licensed works", axis=alt.Axis(format="%")),
        color=alt.Color("license:N", sort=named, title=None, scale=alt.Scale(scheme="tableau10")),
        strokeDash=alt.StrokeDash("license:N", sort=named, legend=None),
    )
    return _style(chart.properties(width=640, height=320), title, subtitle)


def fates(rows: Sequence[Row], by: str, title: str, subtitle: str) -> Any:
    """Return what became of flow-down as stacked shares, one bar per license, relation or month."""
    alt = _altair()
    order = list(FATES)
    drawn = [
        {by: row[by], "all": row["all"], "fate": fate, "place": place, "share": row[fate] / row["all"]}
        for row in rows
        if row["all"]
        for place, fate in enumerate(order)
    ]
    names = [f"{row[by]}" for row in rows]
    share = {"field": "share", "type": "quantitative", "title": "share of works", "axis": {"format": "%"}}
    name = {"field": by, "type": "nominal", "sort": names, "title": None}
    upright = by == "month"
    chart = alt.Chart(alt.Data(values=drawn)).mark_bar()
    chart = chart.encode(
        x=alt.X.from_dict(name | {"axis": {"labelAngle": -90}}) if upright else alt.X.from_dict(share),
        y=alt.Y.from_dict(share) if upright else alt.Y.from_dict(name),
        color=alt.Color(
            "fate:N", sort=order, title=None, scale=alt.Scale(domain=order, range=[FATES[fate] for fate in order])
        ),
        order="place:O",
    )
    size = {"width": 24 * max(len(names), 8), "height": 320} if upright else {"width": 520, "height": 26 * len(names)}
    return _style(chart.properties(**size), title, subtitle)
