"""The figures of chapter 20, in the house style of `figures`: drawings of ledger rows.

A wide bar is what is not known (bounds), a thin line a sampling interval; unknown is hatched.
"""

from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.contracts.access import CLASSES, ORIGINS
from analysis.present import labels
from analysis.present.figures import (
    BEHIND,
    BLUE,
    INK,
    MUTED,
    ORANGE,
    RULE,
    SMALL,
    axis,
    canvas,
    year_axis,
)
from analysis.present.language import write

AGES, HEADLINE = "younger-than-", ("startup-5", "startup-10")
_APART = 0.26  # of a year, between the full and the comparable series
_COMPARABLE, _SAMPLING = "access.comparable_lot_share", "access.lot_share_sampling"
_FILLS = (  # from young to old: dark to light, each with a hatch of its own
    (BLUE, ""),
    ("#5b93b5", "///"),
    ("#a9c6d8", ""),
    ("#dbe6ed", "..."),
    (ORANGE, "\\\\\\"),
    ("#e0a878", "xx"),
)


class _Marks(NamedTuple):
    """Where the numbers of some rows stand; NaN where one is not known."""

    x: np.ndarray
    value: np.ndarray
    low: np.ndarray
    high: np.ndarray


def shares_of_years(rows: pd.DataFrame, language: str) -> Figure:
    """Share per year with its bounds and sampling interval, and the comparable series beside it.

    `rows` are of access.lot_share, _sampling and access.comparable_lot_share, periods years.
    """
    figure, axes = canvas(rows, language, height=3.2)
    full = _marks(rows[~rows["id"].isin((_COMPARABLE, _SAMPLING))], "period")
    beside = _marks(rows[rows["id"] == _COMPARABLE], "period")
    _bars(axes, full, colour=BLUE)
    around = _marks(rows[rows["id"] == _SAMPLING], "period")
    axes.vlines(around.x, around.low, around.high, color=INK, linewidth=1.1)
    axes.plot(full.x, full.value, "o", color=BLUE, markersize=6, zorder=3)
    right = beside._replace(x=beside.x + _APART)
    axes.vlines(right.x, right.low, right.high, color=ORANGE, linewidth=1, linestyle=(0, (2, 1)))
    axes.plot(right.x, right.value, "s", color=ORANGE, markerfacecolor="white", markersize=5,
              clip_on=False, zorder=4)  # fmt: skip
    for x, value in zip(full.x, full.value, strict=True):
        if np.isfinite(value):
            text = write(value, "share", language)
            say(axes, text, (x, value), (-5, 4), ha="right", bbox=BEHIND, zorder=5)
        else:
            axes.axvspan(x - 0.4, x + 0.2, facecolor="none", edgecolor=RULE, hatch="////", lw=0)
    year_axis(axes, full.x)
    axes.set_xlim(full.x.min() - 0.8, full.x.max() + 0.6)
    share_axis(axes, "y", language, top=[full.high, around.high, right.high])
    axes.set_xlabel(labels.every("figure.access-key")[language], fontsize=SMALL, color=MUTED)
    return figure


def definition_curve(rows: pd.DataFrame, language: str) -> Figure:
    """Share against the age below which a firm is young, and the headline definitions on it.

    `rows` are of access.lot_share, one for each definition, of one period and group.
    """
    figure, axes = canvas(rows, language)
    ages = rows["definition"].str.startswith(AGES)
    curve = _marks(rows[ages], "definition")
    axes.fill_between(curve.x, curve.low, curve.high, color=BLUE, alpha=0.18, linewidth=0)
    for end in (curve.low, curve.high):
        axes.plot(curve.x, end, color=BLUE, linewidth=0.8, linestyle=(0, (4, 2)))
    axes.plot(curve.x, curve.value, "-o", color=BLUE, markersize=4, linewidth=1.4)
    for word, values, offset in (
        ("figure.access-low", curve.low, -8),
        ("figure.access-high", curve.high, 4),
        ("figure.access-known", curve.value, 5),
    ):
        if np.isfinite(values[-1]):
            say(axes, labels.every(word)[language], (curve.x[-1], values[-1]), (0, offset))
    for row in rows[rows["definition"].isin(HEADLINE)].to_dict("records"):
        _headline(axes, row, language)
    axes.set_xticks(curve.x.astype(int))
    axes.set_xlabel(labels.every("axis.age")[language], fontsize=8, color=MUTED)
    share_axis(axes, "y", language, top=[curve.high])
    return figure


def classes(rows: pd.DataFrame, language: str) -> Figure:
    """What is certain of the kinds of firms, as parts of all awarded lots; unknown hatched.

    `rows` are of access.class_share, groups `firm_class=...` and `origin=...,firm_class=...`. The
    bars of the origins add up to the one of all.
    """
    table = _by_origin(rows)
    figure, axes = canvas(rows, language, height=1.3 + 0.36 * len(table))
    places = np.arange(len(table))[::-1]
    base = np.zeros(len(table))
    for number, name in enumerate(table.columns):
        widths = table[name].to_numpy()
        unknown = name == "unknown"
        fill, hatch = ("white", "////") if unknown else _FILLS[number % len(_FILLS)]
        edge = MUTED if unknown else "white"
        axes.barh(places, widths, left=base, height=0.7, color=fill, hatch=hatch, edgecolor=edge)
        for place, width, left in zip(places, widths, base, strict=True):
            if width >= 0.045:
                text = write(width, "share", language, style="0")
                axes.text(left + width / 2, place, text, fontsize=SMALL, color=INK, ha="center",
                          va="center", bbox=BEHIND | {"pad": 1})  # fmt: skip
        word = labels.coded("firm_class", name)[language]
        _pointed(
            axes, word, (number + 0.5) / len(table.columns), base[0] + widths[0] / 2, places[0]
        )
        base = base + widths
    axes.set_yticks(places, [labels.of_group(group)[language] for group in table.index])
    axis(axes, "x", "share", language)
    axes.set_xlim(0, 1)
    return figure


def _marks(rows: pd.DataFrame, column: str) -> _Marks:
    """The numbers of rows at the year or the age that a column names, from left to right."""
    at = rows[column].str.extract(r"(\d+)$")[0].to_numpy(float, na_value=np.nan)
    order = np.argsort(at, kind="stable")
    ends = (rows[end].to_numpy(float, na_value=np.nan)[order] for end in ("value", "low", "high"))
    return _Marks(at[order], *ends)


def _bars(axes: Axes, marks: _Marks, *, colour: str) -> None:
    axes.vlines(marks.x, marks.low, marks.high, color=colour, linewidth=6, alpha=0.3)


def _headline(axes: Axes, row: dict, language: str) -> None:
    """One definition with its bounds, at its own age, named at the mark."""
    age = int(row["definition"].rsplit("-", 1)[1])
    value = np.nan if pd.isna(row["value"]) else float(row["value"])
    axes.vlines(age, float(row["low"]), float(row["high"]), color=ORANGE, linewidth=1.6)
    axes.plot([age], [value], "D", color=ORANGE, markersize=6, zorder=4)
    word = labels.every(f"definition.short.{row['definition']}")[language]
    if np.isfinite(value):
        word = f"{word}: {write(value, 'share', language)}"
        say(axes, word, (age, value), (7, -10))


def say(
    axes: Axes,
    text: str,
    at: tuple[float, float],
    offset: tuple[float, float],
    **where: Any,
) -> None:
    """Write a label at a mark, `offset` points from it."""
    axes.annotate(text, at, xytext=offset, textcoords="offset points", fontsize=SMALL, color=INK,
                  **({"ha": "left"} | where))  # fmt: skip


def _pointed(axes: Axes, word: str, at: float, x: float, place: float) -> None:
    """A name above the bars, with a line down to its part of the top one."""
    axes.annotate(
        word, (x, place + 0.36), xytext=(at, 1.09), color=INK, fontsize=SMALL,
        textcoords="axes fraction", ha="center", va="bottom", annotation_clip=False,
        arrowprops={"arrowstyle": "-", "color": MUTED, "linewidth": 0.7},
    )  # fmt: skip


def share_axis(axes: Axes, side: str, language: str, *, top: list[np.ndarray]) -> None:
    """Give an axis whole percents from 0 to just above the highest of `top`, 1 at most."""
    axis(axes, side, "share", language)
    known = np.concatenate(top)
    known = known[np.isfinite(known)]
    end = min(1.02, max(0.05, float(known.max(initial=0)) * 1.15))
    line = axes.yaxis if side == "y" else axes.xaxis
    line.set_major_locator(MaxNLocator(nbins=8, steps=[1, 2, 5, 10]))  # whole percents
    axes.set_ylim(0, end) if side == "y" else axes.set_xlim(0, end)


def _by_origin(rows: pd.DataFrame) -> pd.DataFrame:
    """Shares with an origin a row (`all` first) and a class a column, in the contract's order."""
    parts = rows["group"].str.extract(r"^(?:(origin=[^,]+),)?firm_class=(.+)$")
    certain = rows["low"].astype(float).fillna(rows["value"].astype(float))
    cells = pd.DataFrame({"origin": parts[0].fillna("all"), "kind": parts[1], "value": certain})
    table = cells.pivot_table(index="origin", columns="kind", values="value", aggfunc="sum").fillna(
        0.0
    )
    bars = ["all", *(f"origin={name}" for name in ORIGINS)]
    return table.reindex(
        index=[name for name in bars if name in table.index],
        columns=[name for name in CLASSES if name in table.columns],
    )
