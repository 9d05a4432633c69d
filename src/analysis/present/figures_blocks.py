"""The figures of chapter 41, in the house style of `figures`: drawings of ledger rows.

A wide light bar is what is not known (bounds); what nobody can say is hatched.
"""

from collections.abc import Mapping

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Patch

from analysis.present import labels
from analysis.present.figures import BEHIND, BLUE, INK, MUTED, ORANGE, RULE, SMALL, axis, canvas
from analysis.present.figures_access import HEADLINE, say, share_axis
from analysis.present.language import write

_BESIDE = 0.22  # of the axis: room for a number between a bar and its ring
LEAST = 0.07  # of a bar: a narrower part has no room for its number
DISAGREE, NEUTRAL, AGREE = ("1", "2", "1+2", "1+2+3"), ("3",), ("4", "5", "4+5")
_FILLS = {  # hatches fall to the left where disagreed, and rise to the right where agreed
    "1": (ORANGE, "\\\\\\\\"),
    "2": ("#e0a878", "..."),
    "1+2": ("#c9813f", "\\\\"),
    "1+2+3": ("#ecd3bd", "xx"),
    "3": ("#dfe3e8", ""),
    "4": ("#a9c6d8", "///"),
    "5": (BLUE, "//"),
    "4+5": ("#357396", ""),
}


def reach(rows: pd.DataFrame, language: str) -> Figure:
    """Part of each type of organisation with a project (bar) and that ever applied (ring).

    `rows` are of reach.admitted_share and applied_share, groups `organisation_type=...` and all.
    """
    admitted = rows[rows["id"] == "reach.admitted_share"].set_index("group")
    applied = rows[rows["id"] == "reach.applied_share"].set_index("group")
    types = admitted.drop(index="all").sort_values("value", kind="stable")
    figure, axes = canvas(rows, language, height=0.9 + 0.24 * len(types))
    places = np.arange(len(types))
    low, high = types["low"].astype(float), types["high"].astype(float)
    axes.barh(places, low, height=0.6, color=BLUE)
    axes.barh(places, high - low, left=low, height=0.6, color=BLUE, alpha=0.3)
    asked = applied.loc[types.index, "value"].astype(float)
    axes.plot(asked, places, "o", color=ORANGE, markerfacecolor="white", markersize=5, zorder=4)
    for place, row in enumerate(types.to_dict("records")):
        n = write(row["n"], "count", language)
        near = asked.iloc[place] - row["high"] < _BESIDE  # else the number would seem the ring's
        end = max(row["high"], float(asked.iloc[place])) if near else row["high"]
        text = f"{write(row['value'], 'share', language, style='0')} (n = {n})"
        say(axes, text, (end, place), (7, 0), va="center", bbox=BEHIND)
    whole = float(admitted["value"].astype(float)["all"])
    axes.axvline(whole, color=MUTED, linewidth=0.9, linestyle=(0, (4, 2)), zorder=0)
    word = labels.every("figure.blocks-whole")[language]
    say(axes, word, (whole, len(types) - 0.45), (0, 2), ha="center", bbox=BEHIND)
    names = [labels.of_group(group)[language] for group in types.index]
    axes.set_yticks(places, names, color=INK)
    axes.set_ylim(-0.6, len(types) - 0.1)
    share_axis(axes, "x", language, top=[asked.to_numpy(), high.to_numpy()])
    axes.set_xlim(0, axes.get_xlim()[1] * 1.12)
    axes.set_xlabel(labels.every("figure.blocks-reach-key")[language], fontsize=SMALL, color=MUTED)
    return figure


def startups(rows: pd.DataFrame, language: str) -> Figure:
    """Share that start-ups won under every definition, with its bounds; the headlines on top.

    `rows` are of opportunities.startup_share, one a definition, in the order of the figure.
    """
    figure, axes = canvas(rows, language, height=0.8 + 0.15 * len(rows))
    places = np.arange(len(rows))[::-1]
    for place, row in zip(places, rows.to_dict("records"), strict=True):
        _bounded(axes, row, float(place), language)
    names = [labels.every(f"definition.{name}")[language] for name in rows["definition"]]
    axes.set_yticks(places, names, fontsize=SMALL, color=INK)
    axes.set_ylim(-0.7, len(rows) - 0.3)
    axis(axes, "x", "share", language)
    axes.set_xlim(0, 1.12)
    axes.set_xticks([0, 0.2, 0.4, 0.6, 0.8, 1])
    return figure


def likert(
    rows: pd.DataFrame, language: str, *, worded: Mapping[str, dict[str, str]] | None = None
) -> Figure:
    """Answers of each group to each question, disagreeing to the left and agreeing to the right.

    `rows` are of satisfaction.answers with columns `question` and `who`; `worded` has the words of
    a question in every language. The neutral answer lies on both sides of the middle.
    """
    questions = list(dict.fromkeys(rows["question"]))
    bars = rows[["question", "who"]].drop_duplicates()
    figure, axes = canvas(rows, language, height=0.9 + 0.25 * (len(bars) + len(questions)))
    place, left, ticks = 0.0, 0.0, {}
    for question in questions:
        words = (worded or {}).get(question, {}).get(language, "")
        head = f"{question}  {words}".strip().replace("$", r"\$")
        axes.text(0, place, head, transform=axes.get_yaxis_transform(), fontsize=SMALL, color=INK,
                  weight="bold", va="center", bbox=BEHIND | {"pad": 1.5, "alpha": 1})  # fmt: skip
        for who in dict.fromkeys(rows["who"][rows["question"] == question]):
            place -= 1
            own = rows[(rows["question"] == question) & (rows["who"] == who)]
            left = min(left, _diverging(axes, own, place, language))
            ticks[place] = labels.of_group(f"respondents={who}")[language]
        place -= 1
    axes.axvline(0, color=MUTED, linewidth=0.8, zorder=0)
    axes.set_yticks(list(ticks), list(ticks.values()), color=INK, fontsize=SMALL)
    axes.set_ylim(place + 0.4, 0.6)
    axes.set_xlim(left - 0.03, 1.16)
    axes.set_xticks([])
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(left=False)
    used = [code for code in _FILLS if rows["group"].str.endswith(f"answer={code}").any()]
    figure.legend(handles=[_patch(code, language) for code in used], frameon=False, fontsize=SMALL,
                  loc="outside lower center", ncols=3, labelcolor=INK)  # fmt: skip
    return figure


def _bounded(axes: Axes, row: dict, place: float, language: str) -> None:
    """One share with its bounds; hatched if nothing is known of it, a word if it is withheld."""
    if pd.isna(row["low"]):
        text = labels.of_number(_plain(row))[language]
        say(axes, text, (0, place), (3, 0), va="center")
        return
    low, high = float(row["low"]), float(row["high"])
    if pd.isna(row["value"]):
        axes.barh(place, high - low, left=low, height=0.55, facecolor="none", edgecolor=RULE,
                  hatch="////", lw=0)  # fmt: skip
        say(axes, labels.every("word.unknown")[language], (high, place), (3, 0), va="center")
        return
    axes.barh(place, high - low, left=low, height=0.55, color=BLUE, alpha=0.3)
    mark, colour = ("D", ORANGE) if row["definition"] in HEADLINE else ("o", BLUE)
    axes.plot([float(row["value"])], [place], mark, color=colour, markersize=4.5, zorder=3)
    text = write(row["value"], "share", language)
    say(axes, text, (high, place), (4, 0), va="center")


def _diverging(axes: Axes, own: pd.DataFrame, place: float, language: str) -> float:
    """The answers of one group as one bar, its middle on the neutral answer; give its left end."""
    counts = dict(zip(own["group"].str.rpartition("=")[2], own["value"].astype(float), strict=True))
    n = float(own["n"].iloc[0])
    left = -sum(counts.get(code, 0) for code in DISAGREE) / n
    left -= sum(counts.get(code, 0) for code in NEUTRAL) / n / 2
    start = left
    for code in (*DISAGREE, *NEUTRAL, *AGREE):
        width = counts.get(code, 0) / n
        if not width:
            continue
        fill, hatch = _FILLS[code]
        axes.barh(place, width, left=left, height=0.72, color=fill, hatch=hatch, edgecolor="white")
        if width >= LEAST:
            colour = "white" if code == "4+5" else INK
            text = write(width, "share", language, style="0")
            axes.text(left + width / 2, place, text, fontsize=SMALL, color=colour, ha="center",
                      va="center", bbox=BEHIND if hatch else None)  # fmt: skip
        left += width
    say(axes, f"n = {write(n, 'count', language)}", (left, place), (5, 0), va="center")
    return start


def _patch(code: str, language: str) -> Patch:
    fill, hatch = _FILLS[code]
    label = labels.of_group(f"answer={code}")[language]
    return Patch(facecolor=fill, hatch=hatch, edgecolor="white", label=label)


def _plain(row: dict) -> dict:
    return {name: None if pd.isna(cell) else cell for name, cell in row.items()}
