"""The figure of firms after a PIO contract: the effect by each comparison."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.present import labels
from analysis.present.figures import BLUE, INK, ORANGE, SMALL, axis, canvas, plain, watermark

_POINTS = 100  # of a difference of shares
_AXES = {"percent": "percent", "share-difference": "ratio", "mean": "mean"}


def comparisons(rows: pd.DataFrame, language: str) -> Figure:
    """Effect and interval by comparison, that of record on top, a drawing for each outcome.

    `rows` are of effects.firms_specification, groups `specification=...`, of one or more outcomes.
    """
    outcomes = list(dict.fromkeys(rows["definition"]))
    figure, first = canvas(rows, language, height=0.5 + 1.3 * len(outcomes))
    grid = figure.add_gridspec(len(outcomes), 1)
    first.set_subplotspec(grid[0])
    panels = [first, *(figure.add_subplot(grid[at]) for at in range(1, len(outcomes)))]
    for axes, outcome in zip(panels, outcomes, strict=True):
        own = rows[rows["definition"] == outcome]
        unit = own["unit"].iloc[0]
        times = _POINTS if unit == "share-difference" else 1
        value, low, high = (own[end].to_numpy(float) * times for end in ("value", "low", "high"))
        places = np.arange(len(own))[::-1]
        record = (own["group"] == "specification=firms-losers").to_numpy(bool)
        axes.axvline(0, color=INK, linewidth=0.8)
        for side, colour, mark, wide in ((record, ORANGE, "D", 2.2), (~record, BLUE, "o", 1.4)):
            axes.hlines(places[side], low[side], high[side], color=colour, linewidth=wide)
            axes.plot(value[side], places[side], mark, color=colour, markersize=5)
        names = [labels.of_group(group)[language] for group in own["group"]]
        axes.set_yticks(places, names, fontsize=SMALL)
        axes.set_ylim(-0.6, len(own) - 0.4)
        if axes is not first:
            plain(axes)
            watermark(axes, rows, language)
        axis(axes, "x", _AXES[unit], language)
        title = labels.every(f"figure.effects-firms.{outcome}")[language]
        axes.set_title(title, fontsize=9, color=INK, loc="left")
    return figure
