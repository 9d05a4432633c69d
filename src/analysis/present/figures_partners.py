"""The figures of chapter 50 on targets: coloured tiles by partner, and the funnel. No ranks.

A colour never stands alone: its word is written in the tile, its own mark stands in the funnel.
"""

import textwrap

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullFormatter

from analysis.present import labels
from analysis.present.figures import (
    BEHIND,
    GREEN,
    INK,
    MUTED,
    ORANGE,
    RULE,
    SMALL,
    WIDTH,
    axis,
    canvas,
)
from analysis.present.language import write
from analysis.present.partner_groups import LIGHTS, light_of, parts

IN_A_ROW = 3  # tiles
_RED = "#a4262c"
_SMALL = 7.4  # of a tile: seven points in print
_NAME, _ROW, _LETTERS = 1.2, 0.5, 31  # inches, inches, letters of a KPI on a line of a tile
_COLOURS = {"green": GREEN, "amber": ORANGE, "red": _RED, "grey": MUTED}
_TINTS = {"green": "#dcebd2", "amber": "#fae3c6", "red": "#f3d0cf", "grey": "#e7eaee"}
_MARKS = {"green": "o", "amber": "s", "red": "v"}


def lights(rows: pd.DataFrame, language: str) -> Figure:
    """One tile a KPI, partner under partner by name: its colour, the word for it, and the ratio.

    `rows` are of partners.kpi_light and partners.kpi_attainment, against the target in force.
    """
    tiles = tiles_of(rows)
    places = sorted({(tile["line"], tile["partner"]) for tile in tiles})
    figure, axes = canvas(rows, language, height=0.25 + _ROW * len(places))
    axes.set_axis_off()
    axes.set_xlim(0, WIDTH)
    axes.set_ylim(len(places) + 0.1, -0.1)
    for line, partner in places:
        first = line == 0 or (line - 1, partner) not in places
        name = "\n".join(textwrap.wrap(partner, 19)[:2]) if first else ""
        axes.text(0, line + 0.5, name, fontsize=_SMALL, color=INK, va="center", parse_math=False)
    for tile in tiles:
        _tile(axes, tile, language)
    return figure


def tiles_of(rows: pd.DataFrame) -> list[dict]:
    """Partner, KPI, light, ratio, line and place of every tile, partners by name."""
    ratios = rows[rows["id"] == "partners.kpi_attainment"].set_index("group")["value"]
    tiles: list[dict] = []
    for row in rows[rows["id"] == "partners.kpi_light"].to_dict("records"):
        said = parts(row["group"])
        tiles.append(
            {
                "partner": said["structural_partner"],
                "kpi": said["kpi"],
                "beside": said.get("instrument_kind", said.get("instrument", "")),
                "light": light_of(row["value"]),
                "ratio": ratios.get(row["group"]),
            }
        )
    tiles.sort(
        key=lambda tile: (tile["partner"].casefold(), tile["kpi"].casefold(), tile["beside"])
    )
    line, place, before = -1, 0, ""
    for tile in tiles:
        place += 1
        if tile["partner"] != before or place == IN_A_ROW:
            line, place, before = line + 1, 0, tile["partner"]
        tile |= {"line": line, "place": place}
    return tiles


def funnel(rows: pd.DataFrame, language: str) -> Figure:
    """Ratio against target, with the limits within which chance keeps a partner on target.

    `rows` are of partners.kpi_attainment, kpi_target and kpi_light against the target in force, and
    of partners.kpi_funnel.
    """
    figure, axes = canvas(rows, language, height=3.2)
    limits = rows[rows["id"] == "partners.kpi_funnel"]
    at = limits["group"].str.extract(r"target=(\d+)")[0].astype(float)
    for definition, dashes in (("funnel-95", "--"), ("funnel-99-8", "-")):
        own = limits[limits["definition"] == definition].assign(at=at).sort_values("at")
        for end in ("low", "high"):
            axes.plot(own["at"], own[end].astype(float), color=MUTED, lw=0.9, linestyle=dashes)
        word = labels.every(f"definition.short.{definition}")[language]
        tip = (float(own["at"].iloc[0]), float(own["high"].iloc[0]))
        axes.annotate(
            word, tip, xytext=(-4, 0), textcoords="offset points", fontsize=SMALL, color=MUTED,
            va="center", ha="right", bbox=BEHIND,
        )  # fmt: skip
    axes.axhline(1, color=INK, linewidth=0.8)
    found = rows[~rows["id"].eq("partners.kpi_funnel")]
    wide = found.pivot_table(index="group", columns="id", values="value", aggfunc="first")
    wide = wide.dropna(subset=["partners.kpi_attainment"]).astype(float)
    near = found[found["id"].eq("partners.kpi_attainment") & found["low"].notna()]
    axes.vlines(near["group"].map(wide["partners.kpi_target"]).astype(float),
                near["low"].astype(float), near["high"].astype(float),
                color=MUTED, linewidth=0.9, alpha=0.45)  # fmt: skip
    for name, mark in _MARKS.items():
        own = wide[wide["partners.kpi_light"] == LIGHTS.index(name)]
        axes.plot(
            own["partners.kpi_target"], own["partners.kpi_attainment"], mark, color=_COLOURS[name],
            markersize=5, label=f"{labels.every(f'light.{name}')[language]} ({len(own)})",
        )  # fmt: skip
    _axes_of_funnel(axes, language)
    figure.legend(frameon=False, fontsize=8, loc="outside lower center", ncols=3, labelcolor=INK)
    return figure


def _axes_of_funnel(axes: Axes, language: str) -> None:
    axes.set_xscale("log")
    axes.xaxis.set_major_locator(LogLocator(subs=(1, 2, 5)))
    axes.xaxis.set_major_formatter(FuncFormatter(lambda v, _: write(v, "count", language)))
    axes.xaxis.set_minor_formatter(NullFormatter())
    axes.set_xlabel(labels.every("axis.kpi_target")[language], fontsize=8, color=MUTED)
    axes.set_ylabel(labels.every("axis.kpi_ratio")[language], fontsize=8, color=MUTED)
    axis(axes, "y", "ratio", language)
    axes.yaxis.set_major_locator(MaxNLocator(8, steps=[1, 2, 5, 10]))
    axes.grid(axis="x", color=RULE, linewidth=0.4)
    axes.margins(x=0.1)
    axes.set_ylim(0, max(1.3, axes.get_ylim()[1]))


def _tile(axes: Axes, tile: dict, language: str) -> None:
    wide = (WIDTH - _NAME) / IN_A_ROW
    left, top, light = _NAME + tile["place"] * wide, tile["line"], tile["light"]
    axes.add_patch(Rectangle((left, top + 0.06), wide - 0.06, 0.88, color=_TINTS[light], lw=0))
    axes.add_patch(Rectangle((left, top + 0.06), 0.06, 0.88, color=_COLOURS[light], lw=0))
    ratio = tile["ratio"]
    number = "" if ratio is None or pd.isna(ratio) else write(ratio, "ratio", language, style="2")
    word = f"{labels.every(f'light.{light}')[language]} {number}".strip()
    beside = labels.coded("instrument_kind", tile["beside"])[language]
    name = f"{tile['kpi']}, {beside}" if beside else tile["kpi"]
    lines = textwrap.wrap(name, _LETTERS, max_lines=2, placeholder=" …")
    name = "\n".join(lines)
    for text, down, weight in ((name, 0.36, "normal"), (word, 0.79, "bold")):
        axes.text(left + 0.1, top + down, text, fontsize=_SMALL, color=INK, va="center",
                  weight=weight, parse_math=False)  # fmt: skip
