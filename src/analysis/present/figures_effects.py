"""The figures of chapter 42: drawings of ledger rows in the house style."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure

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
    plain,
    watermark,
)

_POINTS = 100  # of a difference of shares


def event_study(rows: pd.DataFrame, language: str) -> Figure:
    """Effect by year around admission with the simultaneous band, and the least detectable effect.

    `rows` are of effects.att_event, groups `event=...`, and effects.mde, of one or more outcomes.
    """
    figure, panels = stacked(rows, language, height=2.3)
    for axes, (_, own) in zip(panels, by_outcome(rows), strict=True):
        study = own[own["id"] == "effects.att_event"]
        years = study["group"].str.removeprefix("event=").astype(int).to_numpy()
        order = np.argsort(years)
        value, low, high = (scaled(study, end)[order] for end in ("value", "low", "high"))
        years = years[order]
        axes.axhline(0, color=INK, linewidth=0.8)
        axes.axvspan(years.min() - 0.5, -0.5, color=RULE, alpha=0.35, lw=0)
        axes.fill_between(years, low, high, color=BLUE, alpha=0.18, linewidth=0)
        axes.plot(years, value, "-o", color=BLUE, markersize=4.5, linewidth=1.3)
        _least(axes, own, years.max(), language)
        points_axis(axes, "y", own, language)
        axes.set_xticks(years)
        axes.set_xlim(years.min() - 0.5, years.max() + 0.5)
        axes.margins(y=0.12)
    word = labels.every("figure.effects-years.axis")[language]
    panels[-1].set_xlabel(word, fontsize=SMALL, color=MUTED)
    return figure


def permuted(rows: pd.DataFrame, language: str) -> Figure:
    """Effects under permuted admissions as bars, and the one estimated as a line.

    `rows` are of effects.draws, groups `bin=...`, and effects.att, of one or more outcomes.
    """
    figure, panels = stacked(rows, language, height=1.9)
    for axes, (_, own) in zip(panels, by_outcome(rows), strict=True):
        bins = own[own["id"] == "effects.draws"].sort_values("group", kind="stable")
        middle = scaled(bins, "value")
        width = float(middle[1] - middle[0])
        axes.bar(middle, bins["n"].to_numpy(float), width=width * 0.94, color=BLUE, alpha=0.5)
        axes.margins(y=0.2)  # room for the word above the bars
        at = float(scaled(own[own["id"] == "effects.att"], "value")[0])
        axes.axvline(at, color=ORANGE, linewidth=1.8)
        axes.axvline(-at, color=ORANGE, linewidth=1, linestyle=(0, (2, 2)))
        word = labels.every("figure.effects-permutation.estimated")[language]
        _say(axes, word, (at, axes.get_ylim()[1]), (3, -9), ha="left")
        points_axis(axes, "x", own, language)
        axis(axes, "y", "count", language)
    return figure


def bounds(rows: pd.DataFrame, language: str) -> Figure:
    """Intervals of the effect by how far trends may have differed, narrow to wide.

    `rows` are of effects.robust, groups `mbar=...`, of one or more outcomes.
    """
    figure, panels = stacked(rows, language, height=1.5)
    for axes, (_, own) in zip(panels, by_outcome(rows), strict=True):
        places = np.arange(len(own))[::-1]
        low, high = scaled(own, "low"), scaled(own, "high")
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.hlines(places, low, high, color=BLUE, linewidth=6, alpha=0.35)
        axes.plot(np.concatenate([low, high]), np.tile(places, 2), "|", color=BLUE, markersize=8)
        names = [labels.of_group(group)[language] for group in own["group"]]
        axes.set_yticks(places, names, fontsize=SMALL)
        axes.set_ylim(-0.6, len(own) - 0.4)
        points_axis(axes, "x", own, language)
    return figure


def left_out(rows: pd.DataFrame, language: str) -> Figure:
    """The effect of all, with its interval, and without each cohort or the buyers that matter most.

    `rows` are of effects.att and effects.left_out, of one or more outcomes.
    """
    most = max(len(own) for _, own in by_outcome(rows))
    figure, panels = stacked(rows, language, height=0.6 + 0.16 * most)
    for axes, (_, own) in zip(panels, by_outcome(rows), strict=True):
        whole = own["id"] == "effects.att"
        places = np.arange(len(own))[::-1]
        value = scaled(own, "value")
        low, high = scaled(own[whole], "low")[0], scaled(own[whole], "high")[0]
        axes.axvspan(low, high, color=BLUE, alpha=0.12, lw=0)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.plot(value[~whole], places[~whole], "o", color=BLUE, markersize=5)
        axes.plot(value[whole], places[whole], "D", color=ORANGE, markersize=6)
        names = [_left(group, language) for group in own["group"]]
        axes.set_yticks(places, names, fontsize=SMALL)
        axes.set_ylim(-0.6, len(own) - 0.4)
        points_axis(axes, "x", own, language)
    return figure


def _left(group: str, language: str) -> str:
    if group == "all":
        return labels.every("figure.effects-left-out.all")[language]
    kind, code = group.split("=")
    if kind == "without_buyer":
        return labels.every(f"without_buyer.{code}")[language]
    return f"{labels.every('figure.effects-left-out.without')[language]} {code}"


def by_outcome(rows: pd.DataFrame) -> list[tuple[str, pd.DataFrame]]:
    """Rows of each outcome, in the order in which they come."""
    return [(name, rows[rows["definition"] == name]) for name in dict.fromkeys(rows["definition"])]


def stacked(rows: pd.DataFrame, language: str, *, height: float) -> tuple[Figure, list[Axes]]:
    """One drawing below the other for each outcome, headed by its name."""
    outcomes = by_outcome(rows)
    figure, first = canvas(rows, language, height=0.3 + height * len(outcomes))
    grid = figure.add_gridspec(len(outcomes), 1)
    first.set_subplotspec(grid[0])
    others = [figure.add_subplot(grid[place]) for place in range(1, len(outcomes))]
    for axes, (name, _) in zip([first, *others], outcomes, strict=True):
        if axes is not first:
            plain(axes)
            watermark(axes, rows, language)
        title = labels.every(f"definition.short.{name}")[language]
        axes.set_title(title, fontsize=9, color=INK, loc="left")
    return figure, [first, *others]


def scaled(rows: pd.DataFrame, end: str) -> np.ndarray:
    """Differences of shares in percentage points, other numbers as they are."""
    of_shares = (rows["unit"] == "share-difference").to_numpy(bool)
    return rows[end].to_numpy(float, na_value=np.nan) * np.where(of_shares, _POINTS, 1)


def _least(axes: Axes, own: pd.DataFrame, last: int, language: str) -> None:
    """The least detectable effect to both sides, as dashed lines named at the right."""
    told = own[own["id"] == "effects.mde"]
    reach = scaled(told, "value")
    if not len(reach) or not np.isfinite(reach[0]):
        return
    for side in (-reach[0], reach[0]):
        axes.axhline(side, color=ORANGE, linewidth=1.1, linestyle=(0, (5, 3)))
    word = labels.every("figure.effects-years.least")[language]
    _say(axes, word, (last + 0.5, reach[0]), (-3, 3), ha="right")


def points_axis(axes: Axes, side: str, own: pd.DataFrame, language: str) -> None:
    """Numbers of an axis, with their unit where they are points."""
    axis(axes, side, "ratio", language)
    if set(own["unit"]) & {"share-difference"}:
        word = labels.every("word.points")[language]
        (axes.set_ylabel if side == "y" else axes.set_xlabel)(word, fontsize=SMALL, color=MUTED)


def _say(
    axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], *, ha: str
) -> None:
    """A label in the colour of the line that it names."""
    axes.annotate(text, at, xytext=offset, textcoords="offset points", fontsize=SMALL,
                  color=ORANGE, ha=ha, bbox=BEHIND)  # fmt: skip
