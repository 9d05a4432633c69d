"""Figures in a notebook: shown with the marks of the house, and a schematic map of Flanders."""

import base64
import io
from html import escape
from typing import Any

import pandas as pd
from IPython.display import HTML
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from analysis.lab.places import PROVINCES, WORDS
from analysis.present import labels
from analysis.present.drawing import svg
from analysis.present.figures import BLUE, INK, MUTED, RULE, canvas
from analysis.present.language import write

LAB = "lab"  # the chapter of what is computed in a notebook
_DARKEST = 0.5  # of blue, so that dark words stay legible on it
_EDGE = 0.94  # of a tile


def show(figure: Figure, rows: pd.DataFrame, language: str = "nl") -> HTML:
    """A figure as the notebook shows it; its numbers are the text for who cannot see it.

    Parameters
    ----------
    figure : drawn by a function of `analysis.present.figures`, or on a `canvas` of it
    rows : what is drawn; rows of `Workbook.measure` are marked as not controlled
    language : of the words, nl or en
    """
    svg(figure, LAB)  # sets the letters of the house; shown are pixels, as a page has not got them
    out = io.BytesIO()
    figure.savefig(out, format="png", dpi=160)
    width = round(figure.get_figwidth() * 100)
    image = base64.b64encode(out.getvalue()).decode()
    below = WORDS["not-controlled"][language] if (rows["chapter"] == LAB).any() else ""
    return HTML(
        f'<figure><img alt="{escape(said(rows, language))}" width="{width}" '
        f'src="data:image/png;base64,{image}"><figcaption>{below}</figcaption></figure>'
    )


def said(rows: pd.DataFrame, language: str) -> str:
    """Every row in words: period, group and definition where they differ, and its number."""
    return "; ".join(_row(row, rows, language) for row in _records(rows))


def _row(row: dict[str, Any], rows: pd.DataFrame, language: str) -> str:
    words = {
        "period": labels.of_period(row["period"])[language],
        "group": _group(row["group"], language),
        "definition": row["definition"],
        "perimeter": row["perimeter"],
    }
    told = [word for column, word in words.items() if len(set(rows[column])) > 1]
    return f"{', '.join(told)}: {labels.of_number(row)[language]}".removeprefix(": ")


def _group(group: str, language: str) -> str:
    kind, _, id = group.partition("=")
    if kind != "buyer_province":
        return labels.of_group(group)[language]
    return str(PROVINCES[id]["title"][language]) if id in PROVINCES else write(None, "", language)


def flanders(rows: pd.DataFrame, language: str) -> Figure:
    """A tile for each province of Flanders, the darker the larger its share; unknown is hatched.

    Schematic: tiles lie about as the provinces do and have neither their borders nor their size.

    Parameters
    ----------
    rows : shares, one row for each group `buyer_province=...`; `not-stated` stands below the tiles
    language : nl or en
    """
    figure, axes = canvas(rows, language, height=3.8)
    axes.set(xlim=(-0.02, 3.96), ylim=(-0.36, 2), aspect="equal")
    axes.set_axis_off()
    of = {row["group"].partition("=")[2]: row for row in _records(rows)}
    shares = {id: of[id]["value"] for id in PROVINCES if id in of}
    most = max((share for share in shares.values() if share), default=1.0)
    for id, province in PROVINCES.items():
        share = shares.get(id)
        _tile(axes, province["tile"], None if share is None else share / most)
        _words(axes, province, of.get(id), language)
    below = [WORDS["schematic"][language]]
    if left := of.get("not-stated"):
        below.append(_lots("not-stated", left, language))
    axes.text(0, -0.06, "\n".join(below), fontsize=7.5, color=MUTED, va="top")
    return figure


def _tile(axes: Axes, corner: list[float], depth: float | None) -> None:
    """A square, filled as deep as its share; hatched where that is not known."""
    left, low = corner
    unknown: dict[str, Any] = {"facecolor": "white", "edgecolor": RULE, "hatch": "////"}
    fill = unknown if depth is None else {"facecolor": BLUE, "alpha": _DARKEST * depth}
    axes.add_patch(Rectangle((left, low), _EDGE, _EDGE, linewidth=0, **fill))
    axes.add_patch(Rectangle((left, low), _EDGE, _EDGE, fill=False, edgecolor=MUTED, linewidth=0.8))


def _words(axes: Axes, province: dict[str, Any], row: dict | None, language: str) -> None:
    """What stands in a tile: the province, its share with the bounds, and its lots."""
    share = write(row["value"] if row else None, "share", language)
    bounds, lots = (_bounds(row, language), _lots("lots", row, language)) if row else ("", "")
    left, low = province["tile"]
    is_known = row is not None and row["value"] is not None
    box = None if is_known else {"facecolor": "white", "edgecolor": "none", "pad": 1}
    lines = [
        (0.82, province["title"][language], 8.5, "bold"),
        (0.56, share, 12, "normal"),
        (0.36, bounds, 8, "normal"),
        (0.14, lots, 7.5, "normal"),
    ]
    for height, text, size, weight in lines:
        at = (left + _EDGE / 2, low + height * _EDGE)
        where = {"ha": "center", "va": "center", "zorder": 10, "bbox": box if text else None}
        axes.text(*at, text, fontsize=size, weight=weight, color=INK, **where)  # type: ignore[arg-type]


def _bounds(row: dict[str, Any], language: str) -> str:
    """The bounds in brackets, where they say more than the share."""
    open_ = row["low"] is not None and row["low"] != row["high"]
    return f"({labels.of_ends(row)[language]})" if open_ else ""


def _lots(word: str, row: dict, language: str) -> str:
    count = int(row["n"]) + int(row["unknown"])
    return WORDS[word][language].format(n=write(count, "count", language))


def _records(rows: pd.DataFrame) -> list[dict[str, Any]]:
    return rows.astype(object).where(rows.notna(), None).to_dict("records")  # type: ignore[return-value]
