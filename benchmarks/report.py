"""The bars, the page and the charts that are made from `results.json`, and what counts as a regression.

python benchmarks/report.py        writes report.md and its charts from the results that are there
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent
RESULTS = HERE / "results.json"
#: How much of a ratio may be lost before `make bench` fails.
TOLERANCE = 0.2
Results = dict[str, Any]


@dataclass(frozen=True)
class Bar:
    """A bar of the design: `path` leads to the figure in the results; `least` says that more is better."""

    work: str
    path: str
    bar: float
    unit: str
    least: bool = False

    def value(self, results: Results) -> float:
        """Return the measured figure."""
        found: Any = results
        for key in self.path.split("/"):
            found = max(found.values()) if key == "max" else found[key]
        return float(found)

    def met(self, results: Results) -> bool:
        """Say whether the bar is met."""
        return self.value(results) >= self.bar if self.least else self.value(results) <= self.bar


BARS = (
    Bar("audit of the whole Hub of July 2024, 935,000 artifacts", "hub/audit_seconds", 30, "s"),
    Bar("its peak memory", "hub/audit/peak_rss_mb", 4_000, "MB"),
    Bar("load of the same Hub, parents resolved", "hub/load_seconds", 30, "s"),
    Bar("audit of a synthetic Hub of 5,000,000 artifacts", "synthetic/audit_seconds", 150, "s"),
    Bar("its peak memory", "synthetic/audit/peak_rss_mb", 8_000, "MB"),
    Bar("validation, times faster than every artifact by itself", "ratios/validation", 100, "×", least=True),
    Bar("RDF of the whole Hub, share of Oxigraph's own speed", "ratios/loading", 0.8, "×", least=True),
    Bar("`check` of one artifact in the loaded Hub, slowest of four", "hub/check_seconds/max", 1, "s"),
    Bar("the same in Python, median", "api/p50", 0.02, "s"),
    Bar("the same in Python, 99 of 100", "api/p99", 0.1, "s"),
    Bar("`choose` for a model with 55 ancestors in the loaded Hub, from a cold start", "choose_seconds", 1, "s"),
    Bar("`compat --batch`, cases per second", "compat_cases_per_second", 1_000, "/s", least=True),
    Bar("a recipe of 1,000 chained steps, from a cold start", "chain_seconds", 1, "s"),
    Bar("a recipe of 10,000 works with 50 parents each", "merges_seconds", 10, "s"),
    Bar("load, audit and check of the embedded sample", "demo_seconds", 5, "s"),
    Bar("slowest shipped query over the whole Hub", "queries/query_seconds_with_start/max", 1, "s"),
)
#: What is compared with what, by the key of the peer's results.
PEERS = {
    "validation": ("situations in pySHACL", "every artifact in pySHACL, from a sample"),
    "shifty": ("situations in pySHACL", "situations in pyshifty"),
    "closing": ("lineage of a sample, join loop", "the CONSTRUCT rules in Oxigraph"),
    "paths": ("encumbrances of all artifacts, join loop", "only ancestors, by property path in Oxigraph"),
    "look_up": ("100 lineages, look-ups in tables", "100 property paths in Oxigraph"),
    "loading": ("graph of the Hub, written and loaded", "Oxigraph's bulk load of the same file"),
}


def ratios(results: Results) -> dict[str, float]:
    """Return how many times faster than each peer we are."""
    return {name: round(found["peer"] / found["ours"], 3) for name, found in results["peers"].items()}


def regressions(before: Results, now: Results) -> list[str]:
    """Return the ratios that lost more than the tolerance, a sentence each."""
    old = before.get("ratios", {})
    return [
        f"{name}: {ratio:.2f} times the peer's speed, {old[name]:.2f} before"
        for name, ratio in now["ratios"].items()
        if name in old and ratio < (1 - TOLERANCE) * old[name]
    ]


def number(value: float) -> str:
    """Return a figure as the table shows it."""
    return f"{value:,.0f}" if value >= 100 else f"{value:.3g}"


def table(results: Results) -> Iterator[str]:
    """Yield the lines of the tables of bars and peers."""
    yield "| work | measured | bar | met |"
    yield "|---|---:|---:|---|"
    for bar in BARS:
        sign = "≥" if bar.least else "≤"
        met = "yes" if bar.met(results) else "**no**"
        yield f"| {bar.work} | {number(bar.value(results))} {bar.unit} | {sign} {number(bar.bar)} {bar.unit} | {met} |"
    yield ""
    yield "| ours | seconds | peer | seconds | times faster |"
    yield "|---|---:|---|---:|---:|"
    for name, (ours, peer) in PEERS.items():
        found = results["peers"][name]
        yield (
            f"| {ours} | {number(found['ours'])} | {peer} | {number(found['peer'])} | {results['ratios'][name]:.2f} |"
        )
    yield ""
    yield "| Spark on loopback | whole audit | of which closing the lineage |"
    yield "|---|---:|---:|"
    for workers, found in results["spark"].items():
        yield f"| workers: {workers} | {found['seconds']} s | {found['phases']['close']} s |"


def page(results: Results) -> str:
    """Return `report.md`."""
    head = f"""<!-- GENERATED by `make bench`. Do not edit. -->
# Report

Measured on {results["machine"]}, all in one run. Ratios are what counts: they hold on other machines too.

"""
    charts = "\n![Where the seconds of an audit go](phases.svg)\n\n![Times faster than the peer](ratios.svg)\n"
    return head + "\n".join(table(results)) + "\n" + charts


def charts(results: Results) -> None:
    """Write the charts as SVG."""
    import altair as alt
    import pandas as pd

    phases = [
        {"Hub": name, "phase": phase, "seconds": value, "order": order}
        for name, key in (("July 2024, 935,000", "hub"), ("synthetic, 5,000,000", "synthetic"))
        for order, (phase, value) in enumerate(results[key]["audit"]["seconds"].items())
        if phase != "total"
    ]
    bars = alt.Chart(pd.DataFrame(phases)).mark_bar()
    bars.encode(
        y=alt.Y("Hub:N", title=None),
        x=alt.X("seconds:Q"),
        color=alt.Color("phase:N", sort=[p["phase"] for p in phases[:5]]),
        order="order:Q",
    ).properties(width=520, title="Where the seconds of an audit go").save(HERE / "phases.svg")
    rows = [{"peer": PEERS[name][1], "times faster": value} for name, value in results["ratios"].items()]
    alt.Chart(pd.DataFrame(rows)).mark_bar().encode(
        y=alt.Y("peer:N", sort="-x", title=None, axis=alt.Axis(labelLimit=400)),
        x=alt.X("times faster:Q", scale=alt.Scale(type="log", domainMin=0.01)),
        x2=alt.datum(1),  # to the left of it the peer is faster
    ).properties(width=520, title="Times faster than the peer").save(HERE / "ratios.svg")


def write(results: Results) -> None:
    """Write the page and its charts."""
    (HERE / "report.md").write_text(page(results), encoding="utf-8")
    charts(results)


if __name__ == "__main__":
    write(json.loads(RESULTS.read_text(encoding="utf-8")))
