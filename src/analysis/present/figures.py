"""The figures of the report: pure drawings of ledger rows, in one house style.

Every function takes ledger rows and a language and returns a matplotlib figure. Intervals are
always drawn, what is not known is hatched, breaks are marked lines, labels stand at the marks.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator

from analysis.present import labels
from analysis.present.language import write
from analysis.present.notes import mark

INK, MUTED, RULE = "#1f2933", "#52606d", "#d5dbe1"
BLUE, ORANGE, GREEN, PURPLE = "#0b5c8c", "#b45309", "#3f7d20", "#6b4c9a"
_DECIMALS, _EXACT = ("ratio", "mean"), 1e-9
Years = np.ndarray
Dashes = str | tuple[float, tuple[float, ...]]
COLOURS = (BLUE, ORANGE, GREEN, PURPLE)
WIDTH = 6.6  # inches; the PDF shows 95 per cent of it, so that no letter is under 7 points
SMALL = 7.5
BEHIND = {"facecolor": "white", "edgecolor": "none", "pad": 0.5, "alpha": 0.85}  # a label


def canvas(rows: pd.DataFrame, language: str, *, height: float = 2.9) -> tuple[Figure, Axes]:
    """An empty figure in house style; rows that are no full real data give it a watermark."""
    figure = Figure(figsize=(WIDTH, height), layout="constrained")
    axes = figure.add_subplot()
    plain(axes)
    watermark(axes, rows, language)
    return figure, axes


def plain(axes: Axes) -> None:
    """House style of one drawing: two grey spines, small grey numbers, the grid behind."""
    axes.spines[["top", "right"]].set_visible(False)
    axes.spines[["left", "bottom"]].set_color(MUTED)
    axes.tick_params(colors=MUTED, labelsize=8)
    axes.set_axisbelow(True)


def watermark(axes: Axes, rows: pd.DataFrame, language: str) -> None:
    """Write across a drawing that its rows are a sample or invented; nothing if they are real."""
    if kind := mark(rows):
        word = labels.every(f"watermark.{kind}")[language]
        axes.text(
            0.5, 0.5, word, transform=axes.transAxes, rotation=18, fontsize=30, color=MUTED,
            ha="center", va="center", weight="bold", alpha=0.16, zorder=9,
        )  # fmt: skip


def shares_by_year(
    rows: pd.DataFrame, language: str, *, style: str = "0", height: float = 2.9
) -> Figure:
    """Share per year as a dot, the bounds of what is not known as a bar through it."""
    figure, axes = canvas(rows, language, height=height)
    years = _years(rows)
    known = rows["value"].notna().to_numpy()
    low, high = rows["low"].fillna(rows["value"]), rows["high"].fillna(rows["value"])
    axes.vlines(years[known], low[known].astype(float), high[known].astype(float),
                color=BLUE, linewidth=5, alpha=0.35)  # fmt: skip
    axes.plot(years[known], rows["value"][known].astype(float), "o", color=BLUE, markersize=6)
    for year, value in zip(years[known], rows["value"][known], strict=True):
        axes.annotate(
            write(value, "share", language, style=style), (year, float(value)), xytext=(6, 0),
            textcoords="offset points", va="center", fontsize=SMALL, color=INK, bbox=BEHIND,
        )  # fmt: skip
    _hatch_unknown(axes, years[~known], language)
    year_axis(axes, years)
    axis(axes, "y", "share", language)
    if (high > low).any():
        axes.set_xlabel(labels.every("figure.bounds-key")[language], fontsize=SMALL, color=MUTED)
    axes.set_ylim(0, min(1.02, max(0.05, float(high.max()) * 1.15)))
    return figure


def norm_by_year(rows: pd.DataFrame, language: str) -> Figure:
    """The share per year as published figures give it, against the norm of three per cent."""
    figure = shares_by_year(rows, language, style="2", height=2.5)
    axes = figure.axes[0]
    axes.set_xlabel("")  # these are no shares among known lots
    axes.axhline(0.03, color=ORANGE, linewidth=1.4, linestyle=(0, (5, 3)))
    axes.annotate(
        labels.every("figure.norm-line")[language], (1, 0.03), xycoords=("axes fraction", "data"),
        xytext=(-2, 4), textcoords="offset points", ha="right", fontsize=SMALL, color=ORANGE,
        bbox=BEHIND,
    )  # fmt: skip
    axes.set_ylim(0, 0.042)
    axes.set_yticks([0, 0.01, 0.02, 0.03, 0.04])
    return figure


def counts_by_year(rows: pd.DataFrame, language: str) -> Figure:
    """Counts per year as bars stacked by the second part of the group (the era of the form)."""
    figure, axes = canvas(rows, language)
    parts = list(dict.fromkeys(rows["group"]))
    years = sorted({int(period) for period in rows["period"]})
    base = [0.0] * len(years)
    for place, part in enumerate(parts):
        own = rows[rows["group"] == part].set_index(rows["period"][rows["group"] == part])
        heights = [float(own["value"].get(str(year), 0)) for year in years]
        axes.bar(years, heights, bottom=base, width=0.7, color=COLOURS[place % 4],
                 edgecolor="white", hatch=("", "///", "...", "xx")[place % 4],
                 label=labels.of_group(part)[language])  # fmt: skip
        base = [low + height for low, height in zip(base, heights, strict=True)]
    figure.legend(frameon=False, fontsize=8, loc="outside lower center", ncols=len(parts),
                  labelcolor=INK)  # fmt: skip
    axes.set_ylim(0, max(base) * 1.1)
    year_axis(axes, np.array(years))
    axis(axes, "y", "count", language)
    return figure


def amounts(rows: pd.DataFrame, language: str) -> Figure:
    """Amounts per group as horizontal bars, the largest on top, stacked by definition."""
    table = rows.pivot_table(index="group", columns="definition", values="value", aggfunc="sum")
    table = table.astype(float).fillna(0.0)
    table = table.loc[table.sum(axis=1).sort_values(kind="stable").index]
    figure, axes = canvas(rows, language, height=0.7 + 0.165 * len(table))
    axes.tick_params(axis="y", labelsize=SMALL)
    base = pd.Series(0.0, index=table.index)
    names = [labels.of_group(group)[language] for group in table.index]
    for place, kind in enumerate(table.columns):
        axes.barh(names, table[kind], left=base, height=0.66, color=COLOURS[place % 4],
                  edgecolor="white", hatch=("", "///", "...", "xx")[place % 4],
                  label=labels.every(f"definition.short.{kind}")[language])  # fmt: skip
        base += table[kind]
    for place, total in enumerate(base):
        axes.annotate(
            write(round(total / 1e6, 2), "mean", language), (total, place), xytext=(4, 0),
            textcoords="offset points", va="center", fontsize=SMALL, color=INK,
        )  # fmt: skip
    axes.legend(frameon=False, fontsize=8, loc="lower right", labelcolor=INK)
    axes.xaxis.set_major_formatter(_formatter(lambda v: write(v / 1e6, "count", language)))
    axes.set_xlabel(labels.every("axis.million_eur")[language], fontsize=8, color=MUTED)
    axes.grid(axis="x", color=RULE, linewidth=0.6)
    axes.set_ylim(-0.7, len(table) - 0.3)
    axes.margins(x=0.12)
    return figure


def break_line(axes: Axes, day: int, name: str) -> None:
    """Mark a break of a yearly series on its day (yyyymmdd), if it falls among the years shown."""
    when = day // 10_000 - 0.5 + (day // 100 % 100 - 1) / 12  # a year stands at its own middle
    if not axes.get_xlim()[0] < when < axes.get_xlim()[1]:
        return
    axes.axvline(when, color=MUTED, linewidth=0.9, linestyle=(0, (2, 2)))
    axes.annotate(
        name, (when, 1), xycoords=("data", "axes fraction"), xytext=(0, 3),
        textcoords="offset points", ha="center", va="bottom", fontsize=SMALL, color=MUTED,
    )  # fmt: skip


def _hatch_unknown(axes: Axes, years: Years, language: str) -> None:
    """Hatch the years of which nothing is known, and say so once for years in a row."""
    word = labels.every("word.unknown")[language]
    for row in np.split(years, np.flatnonzero(np.diff(years) > 1) + 1) if len(years) else []:
        for year in row:
            left, right = year - 0.4, year + 0.4
            axes.axvspan(left, right, facecolor="none", edgecolor=RULE, hatch="////", lw=0)
        axes.annotate(
            word, (float(row.mean()), 0.12), xycoords=("data", "axes fraction"), ha="center",
            va="center", rotation=90 if len(row) == 1 else 0, fontsize=SMALL, color=MUTED,
            bbox={"facecolor": "white", "edgecolor": "none", "pad": 1.5},
        )  # fmt: skip


def _years(rows: pd.DataFrame) -> Years:
    return rows["period"].astype(int).to_numpy()


def year_axis(axes: Axes, years: Years) -> None:
    """Ticks at whole years, some of them left out where there are many."""
    axes.set_xticks(range(int(min(years)), int(max(years)) + 1))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda year, _: f"{year:.0f}"))
    if max(years) - min(years) > 9:
        axes.xaxis.set_major_locator(MaxNLocator(integer=True, nbins=8))


def axis(axes: Axes, side: str, unit: str, language: str) -> None:
    """Numbers of the x or y axis as the language writes their unit, with grid lines.

    Decimals that are all zero are left out.
    """
    style = "0" if unit == "share" else ""
    line = axes.yaxis if side == "y" else axes.xaxis

    def written(value: float) -> str:
        whole = unit in _DECIMALS and all(
            abs(at - round(at)) < _EXACT for at in line.get_majorticklocs()
        )
        return write(value, "count" if whole else unit, language, style=style)

    line.set_major_formatter(_formatter(written))
    axes.grid(axis=side, color=RULE, linewidth=0.6)  # type: ignore[arg-type]


def _formatter(written: Callable[[float], str]) -> FuncFormatter:
    return FuncFormatter(lambda value, _: written(round(value, 12)))
