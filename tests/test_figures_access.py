"""What the figures of chapter 20 draw, against the numbers that they are given."""

from itertools import pairwise

import access_ledger
import numpy as np
import pandas as pd
import pytest
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.text import Text

from analysis.present import access
from analysis.present import figures_access as figures
from analysis.present import figures_choices as choices
from analysis.present.drawing import svg
from analysis.present.language import LANGUAGES

LEDGER = access_ledger.ledger()
YEARLY = ("access.lot_share", "access.lot_share_sampling", "access.comparable_lot_share")


def rows(*ids, ledger=LEDGER, **where):
    found = ledger[ledger["id"].isin(ids) & (ledger["perimeter"] == "flemish-public")]
    for column, pattern in where.items():
        found = found[found[column].str.fullmatch(pattern)]
    return found.reset_index(drop=True)


YEARS = rows(*YEARLY, definition="startup-5", period=r"\d{4}", group="all")
CURVE = rows("access.lot_share", definition="younger.*|startup-\\d+", period=".*-.*", group="all")
RUNGS = access.by_rung(rows("access.ladder", definition="startup-5"))
CLASSES = rows("access.class_share", group=".*firm_class=.*")
SLOPES = rows("access.multiverse_slope")
DRAWN = {
    "years": (figures.shares_of_years, YEARS),
    "curve": (figures.definition_curve, CURVE),
    "ladder": (choices.ladder, RUNGS),
    "classes": (figures.classes, CLASSES),
    "specifications": (choices.specifications, SLOPES),
}


def drawn(name, language="nl"):
    draw, given = DRAWN[name]
    return draw(given, language)


def points(axes, marker):
    return [line for line in axes.lines if line.get_marker() == marker]


def said(figure):
    return [text.get_text() for text in figure.findobj(Text) if text.get_text()]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", DRAWN)
def test_a_figure_fits_the_page_and_no_word_is_cut_off(name, language):
    figure = drawn(name, language)
    assert figure.get_figwidth() == 6.6
    canvas = FigureCanvasAgg(figure)
    canvas.draw()
    for axes in figure.axes:
        box = axes.get_tightbbox(canvas.get_renderer())
        assert box.x0 >= -1
        assert box.y0 >= -1
        assert box.x1 <= figure.bbox.x1 + 1
        assert box.y1 <= figure.bbox.y1 + 1


@pytest.mark.parametrize("name", DRAWN)
def test_invented_numbers_are_marked_and_real_ones_are_not(name):
    draw, given = DRAWN[name]
    assert "verzonnen" in said(draw(given, "nl"))
    assert "verzonnen" not in said(draw(given.assign(kind="real"), "nl"))


def test_the_same_rows_give_the_same_drawing():
    assert svg(drawn("classes"), "one") == svg(drawn("classes"), "one")


def test_each_year_is_a_dot_at_its_share_and_a_bar_over_its_bounds():
    axes = drawn("years").axes[0]
    [dots] = points(axes, "o")
    full = YEARS[YEARS["id"] == "access.lot_share"]
    assert list(dots.get_ydata()) == list(full["value"])
    assert list(dots.get_xdata()) == [int(year) for year in full["period"]]
    bounds, around, _ = (np.array(lines.get_segments()) for lines in axes.collections[:3])
    assert np.allclose(bounds[:, :, 1], full[["low", "high"]].astype(float))
    sampling = YEARS[YEARS["id"] == "access.lot_share_sampling"]
    assert np.allclose(around[:, :, 1], sampling[["low", "high"]].astype(float))


def test_the_comparable_series_is_apart_by_shape_and_not_only_by_colour():
    [squares] = points(drawn("years").axes[0], "s")
    assert squares.get_markerfacecolor() == "white"
    comparable = YEARS[YEARS["id"] == "access.comparable_lot_share"]
    assert list(squares.get_ydata()) == list(comparable["value"])


def test_a_year_of_which_nothing_is_known_is_hatched_and_has_no_number():
    unknown = YEARS.copy()
    unknown.loc[unknown["period"] == "2018", "value"] = pd.NA
    axes = figures.shares_of_years(unknown, "nl").axes[0]
    hatched = [patch for patch in axes.patches if patch.get_hatch()]
    assert [round(patch.get_x() + 0.4) for patch in hatched] == [2018]
    assert len([text for text in said(axes.figure) if text.endswith(",4\u00a0%")]) < 10


def test_the_curve_rises_with_age_whatever_the_order_of_the_rows():
    for given in (CURVE, CURVE[::-1]):
        axes = figures.definition_curve(given, "nl").axes[0]
        [line] = points(axes, "o")
        assert list(line.get_xdata()) == list(range(1, 16))
        assert np.allclose(line.get_ydata(), [0.012 * age for age in range(1, 16)])


def test_the_headline_definitions_stand_at_their_own_age_with_their_own_share():
    figure = drawn("curve", "en")
    diamonds = points(figure.axes[0], "D")
    assert [(mark.get_xdata()[0], mark.get_ydata()[0]) for mark in diamonds] == [
        (10, pytest.approx(0.11)),
        (5, pytest.approx(0.05)),
    ]
    assert "below 5 years: 5.0%" in said(figure)


def test_a_rung_that_leaves_one_value_is_a_point_and_the_others_are_bars():
    axes = drawn("ladder").axes[0]
    assert len(axes.patches) == 4
    assert len(points(axes, "D")) == 2
    words = said(axes.figure)
    assert "4,0–14,0\u00a0%" in words
    assert "5,0\u00a0%" in words


def test_the_bars_of_the_origins_make_up_the_whole_one_and_unknown_is_hatched():
    axes = drawn("classes").axes[0]
    ends: dict[float, float] = {}
    for bar in axes.patches:
        place = round(bar.get_y(), 6)
        ends[place] = max(ends.get(place, 0), bar.get_x() + bar.get_width())
    whole, *origins = [ends[place] for place in sorted(ends, reverse=True)]
    assert whole == pytest.approx(1)
    assert origins == pytest.approx([0.6, 0.1, 0.1, 0.15, 0.05])
    white = [bar for bar in axes.patches if bar.get_facecolor() == (1, 1, 1, 1)]
    assert {bar.get_hatch() for bar in white} == {"////"}
    assert white[0].get_width() == pytest.approx(0.1)


def test_every_class_differs_from_its_neighbour_without_colour():
    bars = drawn("classes").axes[0].patches
    of_first = [bar for bar in bars if bar.get_y() == max(other.get_y() for other in bars)]
    greys = [
        round(float(np.dot(bar.get_facecolor()[:3], (0.3, 0.59, 0.11))), 2) for bar in of_first
    ]
    looks = [(bar.get_hatch(), grey) for bar, grey in zip(of_first, greys, strict=True)]
    assert all(one != other for one, other in pairwise(looks))


def test_specifications_are_in_order_and_those_of_unknown_slope_are_not_drawn():
    figure = drawn("specifications")
    [dots] = points(figure.axes[0], ".")
    known = SLOPES["value"].dropna()
    assert list(dots.get_ydata()) == pytest.approx(sorted(known.astype(float) * 100))
    assert len(known) < len(SLOPES)


def test_below_each_slope_stand_the_choices_that_it_rests_on():
    figure = drawn("specifications", "en")
    strip = figure.axes[1]
    names = [label.get_text() for label in strip.get_yticklabels()]
    assert names[:2] == ["below 5 years", "below 10 years"]
    assert "year of contract" not in names  # the only one there is
    by_name = dict(zip(names, (line.get_xdata() for line in strip.lines), strict=True))
    both = [*by_name["framework agreements included"], *by_name["framework agreements left out"]]
    assert sorted(both) == list(range(len(SLOPES["value"].dropna())))
