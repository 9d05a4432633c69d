"""The figures of chapter 40, in the house style of `figures`: drawings of ledger rows.

What was reached is solid, what can still come is light, and what is not known is hatched.
"""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from analysis.contracts.intake.pio import PHASES
from analysis.present import labels
from analysis.present.figures import (
    BLUE,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    RULE,
    Dashes,
    axis,
    canvas,
)
from analysis.present.figures_access import say, share_axis
from analysis.present.language import write

OUTCOMES: dict[str, tuple[str, str, Dashes]] = {
    "finished": (BLUE, "o", "-"),
    "in_use": (GREEN, "D", (0, (5, 2))),
    "stopped": (ORANGE, "s", (0, (1.5, 1.5))),
}
LIGHT, NOT_STATED = "#a9c6d8", "theme=not-stated"
_MARKS: tuple[tuple[str, str, str, Dashes], ...] = (
    (ORANGE, "o", "white", "-"),
    (BLUE, "o", BLUE, (0, (1, 1))),
    (GREEN, "D", GREEN, (0, (4, 2))),
)


def funnel(rows: pd.DataFrame, language: str) -> Figure:
    """How many got to each phase: reached, on the way, and not known, with the share of admitted.

    `rows` are of portfolio.phase, _phase_share and under_way, groups `phase=...`, of one period.
    """
    figure, axes = canvas(rows, language, height=2.7)
    phases = [name for name in PHASES if f"phase={name}" in set(rows["group"])]
    for place, phase in zip(range(len(phases))[::-1], phases, strict=True):
        own = rows[rows["group"] == f"phase={phase}"].set_index("id")
        _bar(axes, own, place, language)
    names = [labels.of_group(f"phase={phase}")[language] for phase in phases[::-1]]
    axes.set_yticks(range(len(phases)), names, color=INK)
    admitted = rows[(rows["id"] == "portfolio.phase") & (rows["group"] == "phase=admissible")]
    axes.vlines(admitted["value"].astype(float), -0.5, len(phases) - 1, color=MUTED, linewidth=0.8,
                linestyle=(0, (3, 2)), zorder=0)  # fmt: skip
    axes.set_ylim(-0.5, len(phases) - 0.5)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=7, integer=True))
    axis(axes, "x", "count", language)
    axes.margins(x=0.16)
    keys = (("reached", BLUE, ""), ("under-way", LIGHT, ""), ("unknown", "white", "////"))
    patches = [
        Patch(facecolor=colour, hatch=hatch, edgecolor=MUTED if hatch else "white",
              label=labels.every(f"figure.portfolio-{name}")[language])
        for name, colour, hatch in keys
    ]  # fmt: skip
    figure.legend(handles=patches, frameon=False, fontsize=8, loc="outside lower center", ncols=3,
                  labelcolor=INK)  # fmt: skip
    return figure


def incidences(rows: pd.DataFrame, language: str) -> Figure:
    """Share of projects finished, in use and stopped by months after admission, with intervals.

    `rows` are of portfolio.finished_within, in_use_within and stopped_within, groups `months=...`.
    """
    figure, axes = canvas(rows, language, height=2.9)
    months = rows["group"].str.extract(r"months=(\d+)$")[0].astype(int)
    longest = int(months.max())
    seen = 0
    for outcome, (colour, marker, dashes) in OUTCOMES.items():
        own = rows.assign(month=months)[rows["id"] == f"portfolio.{outcome}_within"]
        known = own[own["value"].notna()].sort_values("month")
        if known.empty:
            continue
        x, y = (np.append(0.0, known[name].astype(float)) for name in ("month", "value"))
        axes.plot(x, y, color=colour, linewidth=1.6, marker=marker, markersize=3, linestyle=dashes)
        sure = known[known["low"].notna()]
        low, high = sure["low"].astype(float), sure["high"].astype(float)
        axes.fill_between(sure["month"], low, high, color=MUTED, alpha=0.12, linewidth=0)
        for end in (low, high):
            axes.plot(sure["month"], end, color=colour, linewidth=0.6, linestyle=dashes)
        word = labels.every(f"figure.portfolio-{outcome}")[language]
        say(axes, f"{word} {write(y[-1], 'share', language, style='0')}", (x[-1], y[-1]), (5, -2))
        seen = max(seen, int(x[-1]))
    if seen < longest:
        axes.axvspan(seen, longest, facecolor="none", edgecolor=RULE, hatch="////", lw=0, zorder=0)
    axes.set_xlim(0, longest * 1.16)
    axes.set_xticks(range(0, longest + 1, 12))
    axes.set_xlabel(labels.every("axis.months-after-admission")[language], fontsize=8, color=MUTED)
    share_axis(axes, "y", language, top=[numbers(rows, "high"), numbers(rows, "value")])
    return figure


def themes(rows: pd.DataFrame, language: str) -> Figure:
    """Share of each theme in each plan of approach, the largest theme on top; unknown hatched.

    `rows` are of portfolio.theme_share, groups `theme=...`; periods in order of time.
    """
    table = rows.pivot_table(index="group", columns="period", values="value", aggfunc="sum")
    table = table.astype(float).fillna(0.0)
    table = table[table.max(axis=1) > 0]
    order = table.drop(index=NOT_STATED, errors="ignore").sum(axis=1).sort_values(kind="stable")
    groups = [name for name in (NOT_STATED,) if name in table.index] + list(order.index)
    figure, axes = canvas(rows, language, height=max(1.8, 0.75 + 0.165 * len(groups)))
    spans = table.loc[groups]
    places = np.arange(len(groups))
    axes.hlines(places, spans.min(axis=1), spans.max(axis=1), color=RULE, linewidth=2, zorder=1)
    for period, (colour, mark, fill, dashes) in zip(spans.columns, _MARKS, strict=False):
        _bounds(axes, rows[rows["period"] == period], groups, colour, dashes)
        name = labels.of_period(str(period))[language]
        axes.plot(spans[period], places, mark, color=colour, markerfacecolor=fill, markersize=5.5,
                  linestyle="none", zorder=3, clip_on=False, label=name)  # fmt: skip
    if NOT_STATED in groups:
        axes.axhspan(-0.45, 0.45, facecolor="none", edgecolor=RULE, hatch="////", lw=0, zorder=0)
    axes.set_yticks(places, [labels.of_group(name)[language] for name in groups], color=INK)
    axes.set_ylim(-0.6, len(groups) - 0.4)
    share_axis(axes, "x", language, top=[numbers(rows, "high"), numbers(rows, "value")])
    figure.legend(frameon=False, fontsize=8, loc="outside lower center", ncols=3, labelcolor=INK)
    return figure


def numbers(rows: pd.DataFrame, column: str) -> np.ndarray:
    """A column as plain numbers, NaN where missing."""
    return rows[column].to_numpy(float, na_value=np.nan)


def _bar(axes: Axes, own: pd.DataFrame, place: int, language: str) -> None:
    """One phase: reached, still on its way, not known; the count and the share behind it."""
    values = own["value"].astype(float).to_dict()
    known = bool(np.isfinite(values["portfolio.phase"]))
    count = values["portfolio.phase"] if known else 0.0
    way = values.get("portfolio.under_way", 0.0)
    unknown = float(own["unknown"].fillna(0).to_dict()["portfolio.phase"])
    axes.barh(place, count, height=0.62, color=BLUE)
    axes.barh(place, way, left=count, height=0.62, color=LIGHT)
    if unknown:
        axes.barh(place, unknown, left=count + way, height=0.62, color="white", hatch="////",
                  edgecolor=MUTED, linewidth=0.5)  # fmt: skip
    word = write(count if known else None, "count", language)
    if known and "portfolio.phase_share" in values:
        share = write(values["portfolio.phase_share"], "share", language, style="0")
        word = f"{word} ({share})"
    box = {"facecolor": "white", "edgecolor": "none", "pad": 1}
    say(axes, word, (count + way + unknown, place), (5, 0), va="center", bbox=box)


def _bounds(axes: Axes, rows: pd.DataFrame, groups: list[str], colour: str, dashes: Dashes) -> None:
    """A thin line where unknown themes leave a share open."""
    wide = rows[rows["low"].notna() & (rows["high"] > rows["low"]) & rows["group"].isin(groups)]
    places = [groups.index(group) for group in wide["group"]]
    axes.hlines(places, wide["low"].astype(float), wide["high"].astype(float), color=colour,
                linewidth=1, linestyle=dashes, zorder=2)  # fmt: skip
