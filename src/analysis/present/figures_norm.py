"""The figures of chapter 30 on the register: drawings of ledger rows in the house style."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from analysis.present import labels
from analysis.present.figures import (
    BEHIND,
    BLUE,
    GREEN,
    INK,
    ORANGE,
    SMALL,
    Dashes,
    canvas,
    year_axis,
)
from analysis.present.figures_access import say, share_axis
from analysis.present.language import write

_NORM = 0.03
_HIGHEST = 0.15  # of the axis: what reaches further is cut off and its end is told
_APART = 0.14  # of a year, between what is marked and what was judged
_SIDES: dict[str, tuple[str, str, Dashes]] = {
    "norm.classifier_precision": (BLUE, "o", "-"),
    "norm.classifier_recall": (ORANGE, "D", (0, (4, 2))),
}


def measured_by_year(rows: pd.DataFrame, language: str) -> Figure:
    """Shares per year against the norm: published, marked by buyers, and found by coders.

    `rows` are of norm.share, norm.marked_share and norm.measured_share, one each a year.
    """
    figure, axes = canvas(rows, language, height=3.2)
    published, marked, judged = (
        rows[rows["id"] == f"norm.{id}"] for id in ("share", "marked_share", "measured_share")
    )
    ends = pd.concat([published["value"], judged["high"], marked["value"]]).astype(float)
    top = min(_HIGHEST, max(0.05, float(ends.max()) * 1.15))
    axes.axhline(_NORM, color=ORANGE, linewidth=1.4, linestyle=(0, (5, 3)))
    say(axes, labels.every("figure.norm-line")[language], (0, _NORM), (3, 4),
        xycoords=("axes fraction", "data"), bbox=BEHIND)  # fmt: skip
    _spans(axes, marked, -_APART, top, language, colour=BLUE, width=7, alpha=0.22)
    _dots(axes, marked, -_APART, language, marker="o", color=BLUE, markerfacecolor="white")
    _spans(axes, judged, _APART, top, language, colour=INK, width=1.4, alpha=1)
    _dots(axes, judged, _APART, language, marker="D", color=INK)
    _dots(axes, published, 0, language, marker="s", color=GREEN)
    year_axis(axes, rows["period"].astype(int).to_numpy())
    share_axis(axes, "y", language, top=[np.array([top / 1.15])])
    axes.set_ylim(0, top)
    figure.legend(frameon=False, fontsize=8, loc="outside lower center", ncols=3, labelcolor=INK)
    return figure


def found_by_language(rows: pd.DataFrame, language: str) -> Figure:
    """Precision and recall of the classifier with their intervals, by language of the title.

    `rows` are of norm.classifier_precision and norm.classifier_recall, of one definition.
    """
    groups = list(dict.fromkeys(rows["group"]))
    figure, axes = canvas(rows, language, height=1.2 + 0.5 * len(groups))
    for side, (id, (colour, marker, dashes)) in enumerate(_SIDES.items()):
        own = rows[(rows["id"] == id) & rows["value"].notna()]
        at = own["group"].map(lambda group: -groups.index(group)) - 0.24 * side + 0.12
        value, low, high = (own[end].astype(float) for end in ("value", "low", "high"))
        axes.hlines(at, low, high, color=colour, linewidth=1.6, linestyle=dashes)
        axes.plot(value, at, marker, color=colour, markersize=6)
        word = labels.every(f"column.{id}")[language]
        for x, y, n in zip(high, at, own["n"], strict=True):
            text = f"n = {write(n, 'count', language)}"
            text = f"{word}, {text}" if y == at.max() else text  # named once, at the top
            say(axes, text, (x, y), (5, 0), va="center")
    names = [labels.of_group(group)[language] for group in groups]
    axes.set_yticks([-place for place in range(len(groups))], names, fontsize=SMALL)
    share_axis(axes, "x", language, top=[np.array([1.0])])
    axes.set_ylim(-len(groups) + 0.5, 0.5)
    return figure


def _spans(
    axes: Axes, rows: pd.DataFrame, aside: float, top: float, language: str, *,
    colour: str, width: float, alpha: float,
) -> None:  # fmt: skip
    """Intervals as upright lines; one that reaches above the axis tells its end there."""
    known = rows[rows["high"].notna()]
    x = known["period"].astype(int) + aside
    low, high = known["low"].astype(float), known["high"].astype(float)
    axes.vlines(x, low, high, color=colour, linewidth=width, alpha=alpha)
    for place, end in zip(x[high > top], high[high > top], strict=True):
        say(axes, f"\u2191 {write(end, 'share', language, style='0')}", (place, top), (0, 2),
            ha="center")  # fmt: skip


def _dots(axes: Axes, rows: pd.DataFrame, aside: float, language: str, **style: Any) -> None:
    """The values, named in the key by what they are."""
    known = rows[rows["value"].notna()]
    if len(known):
        word = labels.every(f"figure.{known['id'].iloc[0]}")[language]
        axes.plot(known["period"].astype(int) + aside, known["value"].astype(float), label=word,
                  linestyle="none", markersize=5.5, zorder=4, **style)  # fmt: skip
