"""The figures of chapter 20 on choices: assumptions on the unknown, definitions, counting rules."""

import numpy as np
import pandas as pd
from matplotlib.figure import Figure

from analysis.present import labels
from analysis.present.figures import BLUE, INK, MUTED, ORANGE, RULE, SMALL, axis, canvas
from analysis.present.figures_access import AGES, HEADLINE, say, share_axis

_LINE = 0.135  # inches for the name of a choice


def ladder(rows: pd.DataFrame, language: str) -> Figure:
    """What the share can be under each assumption on the unknown, in the order of the rows."""
    figure, axes = canvas(rows, language, height=0.75 + 0.27 * len(rows))
    places = np.arange(len(rows))[::-1]
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        if row["high"] > row["low"]:
            axes.barh(place, row["high"] - row["low"], left=row["low"], height=0.5, color=BLUE,
                      alpha=0.35, lw=0)  # fmt: skip
            axes.plot([row["low"], row["high"]], [place, place], "|", color=BLUE, markersize=9)
        else:
            axes.plot([row["low"]], [place], "D", color=BLUE, markersize=5)
        word = labels.of_ends(row)[language]
        say(axes, word, (row["high"], place), (7, 0), va="center")
    names = [labels.of_group(group)[language] for group in rows["group"]]
    axes.set_yticks(places, names, fontsize=SMALL)
    share_axis(axes, "x", language, top=[rows["high"].to_numpy(float) * 1.12])
    return figure


def specifications(rows: pd.DataFrame, language: str) -> Figure:
    """Slopes under every definition and rule in order, and below each which of them it rests on.

    `rows` are of access.multiverse_slope; groups are the rules: `joint=...,framework=...`.
    """
    slopes = rows[rows["value"].notna()].sort_values(["value", "definition", "group"])
    choices = _choices(slopes)
    figure, axes = canvas(rows, language, height=2.1 + _LINE * len(choices))
    grid = figure.add_gridspec(2, 1, height_ratios=[1.6, _LINE * len(choices)])
    axes.set_subplotspec(grid[0])
    strip = figure.add_subplot(grid[1], sharex=axes)
    x, y = np.arange(len(slopes)), slopes["value"].to_numpy(float) * 100
    axes.axhline(0, color=INK, linewidth=0.8)
    headline = slopes["definition"].isin(HEADLINE).to_numpy(bool)
    axes.plot(x, y, ".", color=BLUE, markersize=4)
    axes.plot(x[headline], y[headline], "D", color=ORANGE, markersize=3.5)
    axis(axes, "y", "mean", language)
    axes.set_ylabel(labels.every("axis.points_a_year")[language], fontsize=SMALL, color=MUTED)
    axes.tick_params(axis="x", bottom=False, labelbottom=False)
    for place, ((_, code), holds) in enumerate(choices.items()):
        told = code in HEADLINE
        strip.plot(x[holds], np.full(holds.sum(), place), "D" if told else "|", mew=0.9,
                   color=ORANGE if told else BLUE, markersize=2 if told else 4)  # fmt: skip
    words = [_choice(kind, code, language) for kind, code in choices]
    strip.set_yticks(range(len(choices)), words, fontsize=SMALL, color=MUTED)
    strip.set_ylim(len(choices) - 0.4, -0.6)
    strip.spines[:].set_visible(False)
    strip.tick_params(left=False, bottom=False, labelbottom=False)
    strip.grid(axis="y", color=RULE, linewidth=0.4)
    return figure


def _choices(slopes: pd.DataFrame) -> dict[tuple[str, str], np.ndarray]:
    """For each choice, (kind, code), which slopes rest on it; the age curve is one choice."""
    ages = slopes["definition"].str.startswith(AGES)
    chosen = {"definition": slopes["definition"].mask(ages, AGES)}
    for kind in (part.split("=")[0] for part in str(slopes["group"].iloc[0]).split(",")):
        chosen[kind] = slopes["group"].str.extract(rf"(?:^|,){kind}=([^,]+)")[0]
    return {
        (kind, code): (codes == code).to_numpy(bool)
        for kind, codes in chosen.items()
        for code in sorted(codes.unique(), key=_headline_first)
        if len(set(codes)) > 1  # a rule without a choice tells nothing
    }


def _headline_first(code: str) -> tuple[int, bool, str]:
    place = HEADLINE.index(code) if code in HEADLINE else len(HEADLINE)
    return place, code != AGES, code


def _choice(kind: str, code: str, language: str) -> str:
    if code == AGES:
        return labels.every("figure.access-ages")[language]
    brief = f"{kind}.short.{code}"
    return labels.coded(f"{kind}.short" if labels.raw(brief) else kind, code)[language]
