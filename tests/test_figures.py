"""What holds of every figure of the report: one style, legible in print, numbers beside it."""

import math
import re
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from analysis.present.drawing import svg
from analysis.present.figures import SMALL, WIDTH, axis, watermark
from analysis.present.figures_effects import stacked
from analysis.present.language import LANGUAGES

TEXT_WIDTH = (210 - 26 - 24) / 25.4  # inches: a page of A4 less its margins
LEAST = 7  # points of a letter in print
SIZE = re.compile(r"font(?:-size)?:[^;\"]*?([\d.]+)px")
TWO = pd.DataFrame(
    {
        "definition": ["y1-innovation", "y4-startups"],
        "kind": ["simulated", "simulated"],
        "unit": ["share-difference", "share-difference"],
    }
)


def printed(drawing: str) -> list[float]:
    """Sizes of the letters of a drawing, in points, at the width of the page."""
    return [float(size) * TEXT_WIDTH / WIDTH for size in SIZE.findall(drawing)]


def test_no_letter_is_smaller_than_seven_points_in_print(report):
    for path in sorted((report / "figures").glob("*.svg")):
        sizes = printed(path.read_text("utf-8"))
        assert sizes, path.name
        assert min(sizes) >= LEAST, path.name


def test_a_letter_that_is_too_small_is_found():
    figure = Figure(figsize=(WIDTH, 1))
    figure.text(0.5, 0.5, "klein", fontsize=6.5)
    assert min(printed(svg(figure, "small"))) < LEAST < SMALL * TEXT_WIDTH / WIDTH


def test_every_drawing_has_its_numbers_beside_it_in_both_languages(report):
    names = {path.name.split(".")[0] for path in (report / "figures").iterdir()}
    expected = {
        f"{name}.{language}.{form}"
        for name in names
        for language in LANGUAGES
        for form in ("csv", "svg")
    }
    assert {path.name for path in (report / "figures").iterdir()} == expected
    for path in sorted((report / "figures").glob("*.csv")):
        assert len(path.read_text("utf-8").splitlines()) > 1, path.name


def test_a_figure_is_of_one_width_in_both_languages(report):
    for path in sorted((report / "figures").glob("*.svg")):
        width = re.search(r'viewBox="0 0 ([\d.]+) ', path.read_text("utf-8"))
        assert width is not None
        assert math.isclose(float(width[1]), WIDTH * 72), path.name


@pytest.mark.parametrize(
    ("end", "expected"), [(4, ["0", "1", "2", "3", "4"]), (2, ["0,0", "0,5", "1,0", "1,5", "2,0"])]
)
def test_an_axis_has_decimals_only_where_one_of_its_numbers_needs_them(end, expected):
    axes = Figure().add_subplot()
    axis(axes, "x", "ratio", "nl")
    axes.set_xlim(0, end)
    axes.set_xticks([end * part / 4 for part in range(5)])
    axes.figure.draw_without_rendering()
    assert [label.get_text() for label in axes.get_xticklabels()] == expected


def test_every_drawing_of_a_stack_says_that_its_numbers_are_invented():
    _, panels = stacked(TWO, "nl", height=1)
    words = [[text.get_text() for text in axes.findobj(Text)] for axes in panels]
    assert [said.count("verzonnen") for said in words] == [1, 1]


def test_real_numbers_have_no_watermark():
    axes = Figure().add_subplot()
    watermark(axes, TWO.assign(kind="real"), "nl")
    assert list(axes.texts) == []


def test_the_page_on_which_letters_are_measured_is_that_of_the_template():
    page = (Path(__file__).parents[1] / "reports/template/report.typ").read_text("utf-8")
    assert "margin = (left: 26mm, right: 24mm" in page
    assert 'paper: "a4"' in page
