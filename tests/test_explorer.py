"""The definition explorer: numbers of the ledger, chosen by the reader, in a real browser too."""

from itertools import product

import pandas as pd
import pytest
from browser import needs_browser, page
from nbformat import v4

from analysis.present import blocks, explorer
from analysis.report import html, pdf
from analysis.report.document import document

YEARS = ("2023", "2024")
RULES = [",".join(map("=".join, zip(explorer.RULES, c, strict=True)))
         for c in product(*explorer.RULES.values())]  # fmt: skip


def row(definition, group, period, value, low, high, n=80, unknown=20):
    told = {"definition": definition, "group": group, "period": period, "value": value}
    return told | {"low": low, "high": high, "n": n, "unknown": unknown}


@pytest.fixture(scope="module")
def contents():
    """Shares of startup-5 and of three ages under every rule, one definition under the first.

    Of startup-5 also marked lots, in one of the two years; of one definition nothing may be shown.
    """
    curve = [f"younger-than-{age}" for age in (4, 5, 6)]
    every = [
        row(name, group, year, 0.1 * at + 0.001 * rule, 0.05 * at, 0.4)
        for at, name in enumerate(["startup-5", *curve], 1)
        for rule, group in enumerate(RULES)
        for year in YEARS
    ]
    told = [
        row("eu-small", "all", "2023", None, 0.0, 0.3),
        row("eu-small", "all", "2024", *[None] * 5),
        *(row("gber-22", "all", year, *[None] * 5) for year in YEARS),
    ]
    more = [row("startup-5", "all", year, 0.1, 0.05, 0.4) for year in YEARS]
    marked = [row("startup-5", "innovation=marked", "2024", 0.5, 0.25, 0.75, n=2, unknown=1)]
    breaks = {"simplified-award-notice": 20230901, "procurement-act": 20170630}
    return explorer.contents(*map(pd.DataFrame, (every, told + more, marked)), breaks)


@pytest.fixture(scope="module")
def report(contents):
    """A chapter with the explorer, as a document in English."""
    shown = [
        blocks.text({"nl": "# Vraag", "en": "# Question"}),
        blocks.explorer(id="access-explorer", data=contents, mark="simulated"),
    ]
    outputs = [v4.new_output("display_data", data=blocks.bundle(one, "en")) for one in shown]
    return document(v4.new_notebook(cells=[v4.new_code_cell(outputs=outputs)]), "en")


def test_shares_are_rounded_as_the_tables_print_them():
    told = row("startup-5", RULES[0], "2023", 0.0125, 0.01249, 0.0145)
    nothing = pd.DataFrame([told]).head(0)
    found = explorer.contents(pd.DataFrame([told]), nothing, nothing, {})
    [[numbers]] = found["series"].values()
    assert numbers == [13, 12, 15, 80, 20]  # 1.25 is 1.3 in per cent, half up


def test_the_headline_comes_first_and_all_ages_are_one_choice(contents):
    assert [one["id"] for one in contents["definitions"]] == ["startup-5", "curve", "eu-small"]
    assert contents["ages"] == [4, 5, 6]


def test_independent_start_ups_stand_next_to_all_start_ups():
    names = ("younger-than-5", "startup-5", "startup-10-independent", "startup-5-independent")
    told = pd.DataFrame([row(name, RULES[0], "2023", 0.1, 0.1, 0.1) for name in names])
    found = explorer.contents(told, told.head(0), told.head(0), {})["definitions"]
    assert [one["id"] for one in found] == [
        "startup-5", "startup-5-independent", "startup-10-independent", "curve",
    ]  # fmt: skip
    assert all("Onafhankelijk" in one["title"]["nl"] for one in found[1:3])


def test_what_is_withheld_is_in_no_series(contents):
    [name] = [name for name in contents["series"] if name.startswith("eu-small")]
    assert name.endswith(RULES[0])
    assert contents["series"][name] == [[None, 0, 300, 80, 20], None]


def test_definitions_of_which_nothing_may_be_shown_are_named(contents):
    assert [one["en"] for one in contents["withheld"]] == ["Start-up (GBER art. 22)"]


def test_marked_lots_are_a_choice_where_the_ledger_has_them(contents):
    assert [one["id"] for one in contents["rules"]["innovation"]] == ["all", "marked"]
    assert contents["series"]["startup-5,innovation=marked"] == [
        [None, None, None, 0, 0], [500, 250, 750, 2, 1],
    ]  # fmt: skip
    told = pd.DataFrame([row("startup-5", RULES[0], "2023", 0.1, 0.1, 0.1)])
    found = explorer.contents(told, told.head(0), told.head(0), {})
    assert "innovation" not in found["rules"]


def test_breaks_that_fall_in_the_years_are_drawn_at_their_month(contents):
    """1 September 2023 is eight months into the first year; 2017 is not shown."""
    [only] = contents["breaks"]
    assert only["at"] == pytest.approx(8 / 12, abs=1e-3)


def test_the_pdf_has_the_figure_alone_and_a_page_without_explorer_no_script(report):
    assert pdf.render(report).startswith(b"%PDF")
    chapters = [
        chapter | {"blocks": [b for b in chapter["blocks"] if b["kind"] != "explorer"]}
        for chapter in report["chapters"]
    ]
    page = html.render(report | {"chapters": chapters})
    assert "<script" not in page
    assert "script-src" not in page


@pytest.fixture(scope="module")
def opened(report, tmp_path_factory):
    """The page in a browser; what it holds is told by its own script."""
    folder = tmp_path_factory.mktemp("browser")
    (folder / "report.html").write_text(html.render(report), "utf-8")
    with page(folder / "profile") as one:
        one.open(folder / "report.html")
        yield one


CELLS = "[...document.querySelectorAll('.explorer tbody tr')].map(r => r.innerText.split('\\t'))"
CHOOSE = (
    "(() => {{ const one = document.querySelector('.explorer [name={}]'); one.value = '{}';"
    " one.dispatchEvent(new Event('input', {{bubbles: true}})); }})()"
)


@needs_browser
@pytest.mark.browser
def test_a_reader_sees_the_headline_first(opened):
    assert opened.run("document.querySelector('.explorer').checkVisibility()")
    assert opened.run(CELLS)[0] == ["2023", "10.0%", "5.0%\u201340.0%", "80", "20"]
    assert opened.run("document.querySelector('.explorer [role=status]').textContent") == (
        "2024: 10.0% (5.0%\u201340.0%)"
    )


@needs_browser
@pytest.mark.browser
def test_the_numbers_follow_the_rules(opened):
    opened.run(CHOOSE.format("definition", "startup-5"))
    opened.run(CHOOSE.format("framework", "out"))
    at = RULES.index("joint=fractional,framework=out,date=contract")
    assert opened.run(CELLS)[0][1] == f"{10 + at * 0.1:.1f}%"
    opened.run(CHOOSE.format("framework", "in"))


@needs_browser
@pytest.mark.browser
def test_the_age_moves_by_the_keyboard_alone(opened):
    opened.run(CHOOSE.format("definition", "curve"))
    opened.run("document.querySelector('.explorer [name=age]').focus()")
    opened.press("Home")
    assert opened.run(CELLS)[0][1] == "20.0%"
    opened.press("ArrowRight")
    assert opened.run(CELLS)[0][1] == "30.0%"
    assert opened.run("document.querySelector('.explorer output').textContent") == "5"


@needs_browser
@pytest.mark.browser
def test_a_definition_told_under_the_first_rules_only_says_so(opened):
    opened.run(CHOOSE.format("definition", "eu-small"))
    assert opened.run("document.querySelector('.explorer [name=joint]').disabled")
    assert not opened.run("document.querySelector('.explorer .fixed').hidden")
    assert opened.run(CELLS) == [
        ["2023", "unknown", "0.0%\u201330.0%", "80", "20"],
        ["2024", "withheld", "", "", ""],
    ]


WORDS = "[...document.querySelectorAll('.explorer svg text')].map(one => one.textContent)"
CHOSEN = "[...document.querySelectorAll('.explorer form select')].map(one => one.value)"
DISABLED = "[...document.querySelectorAll('.explorer select:disabled')].map(one => one.name)"


@needs_browser
@pytest.mark.browser
def test_marked_lots_are_shown_under_the_first_rules_and_then_the_choice_is_back(opened):
    opened.run(CHOOSE.format("definition", "startup-5"))
    opened.run(CHOOSE.format("joint", "all"))
    opened.run(CHOOSE.format("innovation", "marked"))
    assert opened.run(DISABLED) == ["joint", "framework", "date"]
    assert opened.run(CHOSEN) == ["startup-5", "marked", "fractional", "in", "contract"]
    assert opened.run("document.querySelector('.explorer .marked').checkVisibility()")
    assert opened.run(CELLS) == [
        ["2023", "no lots", "", "", ""],
        ["2024", "50.0%", "25.0%\u201375.0%", "2", "1"],
    ]
    opened.run(CHOOSE.format("innovation", "all"))
    assert opened.run(CHOSEN) == ["startup-5", "all", "all", "in", "contract"]
    assert not opened.run("document.querySelector('.explorer .marked').checkVisibility()")
    opened.run(CHOOSE.format("joint", "fractional"))


@needs_browser
@pytest.mark.browser
def test_a_control_out_of_use_shows_the_headline(opened):
    opened.run(CHOOSE.format("framework", "out"))
    opened.run(CHOOSE.format("innovation", "marked"))
    opened.run(CHOOSE.format("definition", "eu-small"))
    assert opened.run(DISABLED) == ["innovation", "joint", "framework", "date"]
    assert opened.run(CHOSEN) == ["eu-small", "all", "fractional", "in", "contract"]
    opened.run(CHOOSE.format("definition", "startup-5"))
    assert opened.run(CHOSEN) == ["startup-5", "marked", "fractional", "in", "contract"]
    opened.run(CHOOSE.format("innovation", "all"))
    opened.run(CHOOSE.format("framework", "in"))


@needs_browser
@pytest.mark.browser
def test_the_drawing_says_what_is_missing_that_it_is_invented_and_where_it_breaks(opened):
    opened.run(CHOOSE.format("definition", "eu-small"))
    said = opened.run(WORDS)
    assert {"withheld", "unknown", "duty below thresholds", "Simulated data"} <= set(said)
    hatched = "document.querySelectorAll('.explorer svg .open').length"
    assert opened.run(hatched) == 2
    opened.run(CHOOSE.format("definition", "startup-5"))
    assert opened.run(hatched) == 0
    assert opened.run("document.querySelectorAll('.explorer svg .break').length") == 1
    below = opened.run("document.querySelector('.explorer form').innerText")
    assert "(1): Start-up (GBER art. 22)." in below


@needs_browser
@pytest.mark.browser
def test_on_a_phone_nothing_is_wider_than_the_screen(report, tmp_path):
    (tmp_path / "report.html").write_text(html.render(report), "utf-8")
    with page(tmp_path / "profile") as one:
        one.open(tmp_path / "report.html", width=320, dark=True)
        assert one.run("document.documentElement.scrollWidth <= innerWidth")
