"""The figures of chapter 42 on series around a date: drawings of ledger rows in the house style."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.present import labels
from analysis.present.figures import BLUE, INK, MUTED, ORANGE, RULE, SMALL, axis, year_axis
from analysis.present.figures_effects import by_outcome, points_axis, scaled, stacked

_LINES = {"flemish-public": (BLUE, "-"), "other-belgian": (MUTED, (0, (4, 2)))}


def quarters(rows: pd.DataFrame, language: str, *, dates: Mapping[str, str]) -> Figure:
    """Each outcome by quarter of Flemish and of other buyers, the dates as lines.

    `rows` are of effects.its_series, groups `buyers=...`; `dates` are months such as 2019-04, by
    the word that names them.
    """
    figure, panels = stacked(rows, language, height=1.7)
    for axes, (_, own) in zip(panels, by_outcome(rows), strict=True):
        for name, (colour, dashes) in _LINES.items():
            line = own[own["group"] == f"buyers={name}"]
            axes.plot(_when(line["period"]) + 0.125, line["value"].to_numpy(float, na_value=np.nan),
                      color=colour, linestyle=dashes, linewidth=1.5,
                      label=labels.of_group(f"buyers={name}")[language])  # fmt: skip
        for at in _when(pd.Series(list(dates.values()))):
            axes.axvline(at, color=ORANGE, linewidth=1, linestyle=(0, (2, 2)))
        year_axis(axes, np.floor(_when(own["period"])))
        axes.set_xlim(_when(own["period"]).min(), _when(own["period"]).max() + 0.25)
        axis(axes, "y", "share" if "share" in set(own["unit"]) else "count", language)
        axes.set_ylim(bottom=0)
    for side, (word, month) in zip(("right", "left"), dates.items(), strict=True):
        panels[0].annotate(
            labels.every(f"figure.effects-series.{word}")[language],
            (_when(pd.Series([month]))[0], 1), xycoords=("data", "axes fraction"),
            xytext=(-3 if side == "right" else 3, -8), textcoords="offset points", ha=side,
            fontsize=SMALL, color=ORANGE,
        )  # fmt: skip
    lines, names = panels[0].get_legend_handles_labels()
    figure.legend(lines, names, frameon=False, fontsize=8, loc="outside lower center", ncols=2,
                  labelcolor=INK)  # fmt: skip
    return figure


def changes(rows: pd.DataFrame, language: str) -> Figure:
    """The change after each date by each calculation, with interval and what went unnoticed.

    `rows` are of effects.its_change and effects.its_mde, groups `policy=...,design=...`.
    """
    most = max(own["group"].nunique() for _, own in by_outcome(rows))
    figure, panels = stacked(rows, language, height=0.55 + 0.17 * most)
    for axes, (_, own) in zip(panels, by_outcome(rows), strict=True):
        change, least = (own[own["id"] == f"effects.its_{id}"] for id in ("change", "mde"))
        places = np.arange(len(change))[::-1]
        reach = scaled(least, "value")
        axes.barh(places, 2 * reach, left=-reach, height=0.7, color=RULE, alpha=0.6)
        axes.axvline(0, color=INK, linewidth=0.8)
        axes.hlines(places, scaled(change, "low"), scaled(change, "high"), color=BLUE, linewidth=2)
        axes.plot(scaled(change, "value"), places, "o", color=BLUE, markersize=4.5)
        names = [labels.of_group(group)[language] for group in change["group"]]
        axes.set_yticks(places, names, fontsize=SMALL)
        axes.set_ylim(-0.6, len(change) - 0.4)
        points_axis(axes, "x", own, language)
    return figure


def _when(months: pd.Series) -> np.ndarray:
    """Months such as 2019-04 as years: 2019.25."""
    parts = months.str.split("-", expand=True).astype(float)
    return (parts[0] + (parts[1] - 1) / 12).to_numpy()
