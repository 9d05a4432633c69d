"""The figure of chapter 21: every barrier in a drawing of its own, from its first year to its last.

The units differ, so no two barriers share an axis; what cannot be measured is hatched.
"""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.contracts.intake.startups import BARRIERS
from analysis.present import labels
from analysis.present.buying import style
from analysis.present.figures import BLUE, INK, MUTED, RULE, SMALL, axis, plain
from analysis.present.figures_access import say
from analysis.present.language import write
from analysis.present.notes import mark

_ACROSS = 3
_SIZE = (6.6, 5.1)
_PLACES = {"left": 0.065, "right": 0.985, "bottom": 0.12, "top": 0.93}
_TITLE = 8
_UNITS = {"days": "count", "mean": "ratio"}  # of an axis, where fewer digits do
_ENDS = ("buying.barrier_baseline", "buying.barrier_latest")


def barriers(rows: pd.DataFrame, language: str) -> Figure:
    """The measure of each barrier in its first and its last known year, with its bounds.

    `rows` are of buying.barrier_baseline and buying.barrier_latest, groups `barrier=...`.
    """
    figure = Figure(figsize=_SIZE)
    figure.subplots_adjust(**_PLACES, hspace=1.0, wspace=0.3)
    for place, barrier in enumerate(BARRIERS):
        axes = figure.add_subplot(len(BARRIERS) // _ACROSS, _ACROSS, place + 1)
        own = rows[rows["group"] == f"barrier={barrier}"]
        title = labels.every(f"barrier.{barrier}")[language]
        axes.set_title(
            textwrap.fill(title, 28), fontsize=_TITLE, color=INK, loc="left", weight="bold"
        )
        if own["value"].notna().any():
            _ends(axes, own, language)
        else:
            _unknown(axes, own, language)
    if kind := mark(rows):
        word = labels.every(f"watermark.{kind}")[language]
        figure.text(0.5, 0.5, word, rotation=18, fontsize=30, color=MUTED, ha="center",
                    va="center", weight="bold", alpha=0.16, zorder=9)  # fmt: skip
    return figure


def _ends(axes: Axes, own: pd.DataFrame, language: str) -> None:
    """One or two dots, the bounds of what is not known as bars through them."""
    rows = [own[own["id"] == id].iloc[0] for id in _ENDS if (own["id"] == id).any()]
    values = [float(row["value"]) for row in rows]
    axes.plot(range(len(rows)), values, color=BLUE, linewidth=1, linestyle=(0, (3, 2)))
    spans = [_span(row) for row in rows]
    top = max(high for _, high in spans)
    for place, (row, value) in enumerate(zip(rows, values, strict=True)):
        low, high = spans[place]
        axes.vlines(place, low, high, color=BLUE, linewidth=5, alpha=0.35)
        axes.plot([place], [value], "o", color=BLUE, markersize=6)
        word = write(value, row["unit"], language, style=style(row))
        beside = high - value > top / 12  # the bar would run through a label above the dot
        at: tuple[float, float] = (6, 2) if beside else (0, 6)
        say(axes, word, (place, value), at, ha="left" if beside else "center")
    axes.set_xticks(range(len(rows)), [row["period"] for row in rows])
    axes.set_xlim(-0.5, 1.7)
    axes.set_ylim(0, top * 1.35 or 1)
    axis(axes, "y", _UNITS.get(rows[-1]["unit"], rows[-1]["unit"]), language)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=3))
    plain(axes)
    axes.tick_params(labelsize=SMALL)
    measure = labels.every(f"definition.{rows[-1]['definition']}")[language]
    axes.set_xlabel(textwrap.fill(measure, 34), fontsize=SMALL, color=MUTED)


def _span(row: pd.Series) -> tuple[float, float]:
    value = float(row["value"])
    low, high = (value if pd.isna(row[end]) else float(row[end]) for end in ("low", "high"))
    return low, high


def _unknown(axes: Axes, own: pd.DataFrame, language: str) -> None:
    axes.axvspan(0, 1, facecolor="none", edgecolor=RULE, hatch="////", lw=0)
    why = labels.every(f"missing.{own['denominator'].iloc[0]}")[language]
    box = {"facecolor": "white", "edgecolor": "none", "pad": 2}
    axes.text(0.5, 0.5, textwrap.fill(why, 24), fontsize=SMALL, color=MUTED, ha="center",
              va="center", bbox=box)  # fmt: skip
    axes.set_xlim(0, 1)
    axes.set_ylim(0, 1)
    axes.set_xticks([])
    axes.set_yticks([])
    plain(axes)
    axes.tick_params(labelsize=SMALL)
