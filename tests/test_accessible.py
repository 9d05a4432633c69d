"""The page for readers who do not see it, see no colours, have no mouse, or enlarge it."""

import math
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import accessible
import axe
import pytest
from browser import Page, needs_browser, page
from chapters import META, chapter, figure, prose, table
from matplotlib.figure import Figure

from analysis.present.drawing import svg
from analysis.present.language import LANGUAGES
from analysis.report.exporters import PioHtmlExporter, merge

LOOKS = {
    "desktop": {"width": 1280},
    "desktop, dark": {"width": 1280, "dark": True},
    "phone": {"width": 390},
    "phone, dark": {"width": 390, "dark": True},
    "paper": {"width": 794, "medium": "print"},
}
WIDEST = 320  # pixels: 1280 enlarged to 400 per cent
OPEN = "document.querySelectorAll('details').forEach(one => one.open = true)"
OVERFLOW = "document.documentElement.scrollWidth - innerWidth"
# WCAG 1.4.12: what a reader may set without losing anything
SPACED = """document.head.insertAdjacentHTML('beforeend', `<style id="spaced">* { line-height: 1.5
    !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important } p {
    margin-bottom: 2em !important } .drawing * { letter-spacing: 0 !important }</style>`)"""
# A table a chapter, a figure in the first three, and a row or two of each table: all are alike,
# and axe-core looks at every word. The whole page is held to it in the proofs.
SHORTEN = """document.getElementById('spaced').remove();
    for (const part of document.querySelectorAll('main > section'))
        for (const kind of ['figure', '.table'])
            [...part.querySelectorAll(':scope > ' + kind)].slice(1).forEach(one => one.remove());
    [...document.querySelectorAll('main figure')].slice(3).forEach(one => one.remove());
    for (const list of document.querySelectorAll('.origin table'))
        [...list.tBodies].slice(2).forEach(one => one.remove());
    for (const body of document.querySelectorAll('main tbody'))
        [...body.rows].slice(2).forEach(one => one.remove())"""
TOP = """scrollTo(0, 0); document.body.tabIndex = -1; document.body.focus();
    document.body.removeAttribute('tabindex');"""  # from where Tab begins


class Opened(NamedTuple):
    """A report in a browser, shortened, and how far it was wider than a small screen before."""

    page: Page
    wider: int
    wider_when_spaced: int


@pytest.fixture(scope="module", params=LANGUAGES)
def opened(request, report, tmp_path_factory) -> Iterator[Opened]:
    with page(tmp_path_factory.mktemp("browser")) as one:
        one.open(report / f"report.{request.param}.html", width=WIDEST)
        one.run(OPEN)
        wider = one.run(OVERFLOW)
        one.run(SPACED)
        spaced = one.run(OVERFLOW)
        one.run(SHORTEN)
        yield Opened(one, wider, spaced)


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("look", LOOKS)
def test_axe_finds_nothing_in_any_language_width_or_mode(opened, look):
    opened.page.look(**LOOKS[look])
    assert axe.findings(opened.page, printed=look == "paper") == {}


@needs_browser
@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("language", LANGUAGES)
def test_axe_finds_nothing_in_the_whole_report(report, language, tmp_path):
    with page(tmp_path) as one:
        one.open(report / f"report.{language}.html")
        one.run(OPEN)
        for look, how in LOOKS.items():
            one.look(**how)
            assert axe.findings(one, printed=look == "paper") == {}, look


@needs_browser
@pytest.mark.browser
def test_enlarged_four_times_or_with_wider_text_nothing_scrolls_sideways(opened):
    assert (opened.wider, opened.wider_when_spaced) == (0, 0)


STOPS = """[...document.querySelectorAll('a[href], summary, select, input, button, [tabindex="0"]')]
    .filter(one => one.tabIndex >= 0 && !one.disabled && one.checkVisibility())"""
# which stop has the focus, and whether it is seen: its outline, and that nothing lies over it
FOCUS = """(() => {
    const one = document.activeElement, style = getComputedStyle(one);
    const outlined = style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
    const over = box => {
        const y = Math.min(box.bottom, innerHeight) - 3;
        const top = document.elementFromPoint(box.left + Math.min(box.width, 20) / 2, y);
        return top && (one.contains(top) || top.contains(one));
    };
    return [stops.indexOf(one), outlined, [...one.getClientRects()].some(over)];
})()"""


class Stop(NamedTuple):
    """Where Tab came: which of the stops, and whether a reader sees so."""

    at: int
    is_outlined: bool
    is_in_sight: bool


def walk(page: Page) -> list[Stop]:
    """Go through the page by Tab, from its beginning, as often as it has stops."""
    page.run(f"{TOP} var stops = {STOPS}; 0")
    reached = []
    for _ in range(page.run("stops.length")):
        page.press("Tab")
        reached.append(Stop(*page.run(FOCUS)))
    return reached


@needs_browser
@pytest.mark.browser
def test_the_keyboard_reaches_everything_in_order_and_shows_where_it_is(opened):
    opened.page.look(width=1280)
    reached = walk(opened.page)
    assert len(reached) > 150
    assert [stop.at for stop in reached] == list(range(len(reached)))
    assert [stop for stop in reached if not (stop.is_outlined and stop.is_in_sight)] == []


@needs_browser
@pytest.mark.browser
def test_the_first_stop_leads_past_the_contents(opened):
    opened.page.look(width=1280)
    opened.page.run(TOP)
    opened.page.press("Tab")
    assert opened.page.run("document.activeElement.matches('.skip')")
    assert opened.page.run("document.activeElement.getBoundingClientRect().left >= 0")
    opened.page.press("Enter")
    assert opened.page.run("location.hash") == "#main"
    opened.page.press("Tab")
    assert opened.page.run("document.activeElement.closest('main') !== null")


@needs_browser
@pytest.mark.browser
def test_the_explorer_is_worked_with_the_keyboard(opened):
    opened.page.look(width=1280)
    told = "document.querySelector('.explorer [role=status]').textContent"
    opened.page.run("document.querySelector('.explorer select').focus()")
    passed = []
    while not passed or passed[-1] not in ("curve", *passed[:-1]):  # or the list has ended
        opened.page.press("ArrowDown")  # from the headline to every age
        passed.append(opened.page.run("document.activeElement.value"))
    assert passed[-1] == "curve"
    assert "startup-5-independent" in passed
    before = opened.page.run(told)
    opened.page.press("Tab")
    assert opened.page.run("document.activeElement.type") == "range"
    opened.page.press("Home")  # the youngest firms
    assert before
    assert opened.page.run(told) != before


def test_figures_say_their_message_with_their_numbers_one_step_away(report):
    for language in LANGUAGES:
        assert accessible.faults((report / f"report.{language}.html").read_text("utf-8")) == set()


# ---- planted faults ------------------------------------------------------------------------

ALT = 'aria-label="Eén staaf: 80 inschrijvingen in 2024."'
PLANTED = {
    "a missing scope": (' scope="col"', "", {"scope"}),
    "low contrast": ("--ink: #1c2530", "--ink: #a9b0b8", {"color-contrast"}),
    "an empty alt": (ALT, 'aria-label=""', {"svg-img-alt", "alt"}),
    "no alt": (ALT, "", {"svg-img-alt", "alt"}),
    "a placeholder": (ALT, 'aria-label="Figuur 1"', {"alt"}),
    "the caption again": (ALT, 'aria-label="Figuur 1. Inschrijvingen"', {"alt"}),
    "no number": (ALT, 'aria-label="Een staaf per jaar."', {"alt"}),
    "no language": ('<html lang="nl"', "<html", {"html-has-lang"}),
    "a level skipped": ("<h3", "<h5", {"heading-order"}),
    "a skip link to nowhere": ('href="#main"', 'href="#maim"', {"skip-link", "region"}),
    "no numbers one step away": ("<details>", "<div>", {"data"}),
}


@pytest.fixture(scope="module")
def small() -> str:
    """A page with a figure and a table."""
    whole = merge([chapter(prose("## Deel\n\nTekst."), figure(), table())], META)
    return PioHtmlExporter(language="nl").from_notebook_node(whole)[0]


@pytest.fixture(scope="module")
def browser(tmp_path_factory) -> Iterator[Page]:
    with page(tmp_path_factory.mktemp("browser")) as one:
        yield one


def found(browser: Page, text: str, file: Path) -> set[str]:
    file.write_text(text, "utf-8")
    browser.open(file)
    browser.run(OPEN)
    return set(axe.findings(browser)) | accessible.faults(text)


@needs_browser
@pytest.mark.browser
def test_without_a_planted_fault_nothing_is_found(browser, small, tmp_path):
    assert found(browser, small, tmp_path / "whole.html") == set()


@needs_browser
@pytest.mark.browser
@pytest.mark.parametrize("fault", PLANTED)
def test_a_planted_fault_is_found(browser, small, tmp_path, fault):
    old, new, expected = PLANTED[fault]
    assert old in small
    assert found(browser, small.replace(old, new), tmp_path / "planted.html") == expected


FOCUSED = ":focus-visible { outline: 3px solid"


@needs_browser
@pytest.mark.browser
def test_a_focus_that_is_not_shown_is_found(browser, small, tmp_path):
    assert FOCUSED in small
    (tmp_path / "hidden.html").write_text(
        small.replace(FOCUSED, FOCUSED.replace("3", "0")), "utf-8"
    )
    browser.open(tmp_path / "hidden.html")
    assert not any(stop.is_outlined for stop in walk(browser))


@needs_browser
@pytest.mark.browser
def test_a_stop_out_of_order_is_found(browser, small, tmp_path):
    old = '<main id="main" tabindex="-1">'
    assert old in small
    text = small.replace(old, f'{old}<a href="#main" tabindex="1">Eerst</a>')
    (tmp_path / "jump.html").write_text(text, "utf-8")
    browser.open(tmp_path / "jump.html")
    reached = walk(browser)
    assert [stop.at for stop in reached] != list(range(len(reached)))


# ---- without colour ---------------------------------------------------------------------------

# Where hue alone tells marks of one figure apart, and what names them.
NAMED = {"partner-lights": "every tile holds the word of its colour"}


def test_no_figure_rests_on_colour_alone(report):
    drawings = sorted((report / "figures").glob("*.svg"))
    assert len(drawings) > 20
    alike = {path.name.split(".")[0] for path in drawings if accessible.told_by_colour(path)}
    assert {name.rstrip("-0123456789") for name in alike} <= set(NAMED)


def drawn(folder: Path, *styles: dict) -> set[str]:
    """Two lines in two colours of one grey."""
    figure = Figure()
    axes = figure.add_subplot()
    for height, (colour, style) in enumerate(zip(("#0b5c8c", "#b45309"), styles, strict=True)):
        axes.plot([0, 1], [height, height], color=colour, **style)
    (folder / "drawn.svg").write_text(svg(figure, "drawn"), "utf-8")
    return accessible.told_by_colour(folder / "drawn.svg")


def test_two_lines_in_two_colours_are_told_apart_by_their_dashes_or_marks_only(tmp_path):
    line, dashes = {"linestyle": "-"}, {"linestyle": (0, (4, 2))}
    dots, squares = {"linestyle": "", "marker": "o"}, {"linestyle": "", "marker": "s"}
    assert drawn(tmp_path, line, line) == {"#0b5c8c #b45309"}
    assert drawn(tmp_path, dots, dots) == {"#0b5c8c #b45309"}
    assert drawn(tmp_path, line, dashes) == set()
    assert drawn(tmp_path, dots, squares) == set()


def test_contrast_is_that_of_wcag():
    """Black on white is 21 to 1; #767676 is the lightest grey that reaches 4.5 on white."""
    assert math.isclose(accessible.contrast("#000000", "#ffffff"), 21)
    assert (
        accessible.contrast("#767676", "#ffffff") > 4.5 > accessible.contrast("#777777", "#ffffff")
    )
