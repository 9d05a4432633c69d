"""From a number on the page to its row of the ledger: in tables, sentences, cards and figures."""

import base64
import hashlib
import re

import pandas as pd
import pytest
from browser import needs_browser
from browser import page as browsed
from chapters import META, both, chapter, figure, prose, table
from lxml import html as parser

from analysis.contracts import RESULTS
from analysis.present import blocks, labels, origins, tables
from analysis.present.language import LANGUAGES, Number
from analysis.refusal import ReportError
from analysis.report.exporters import PioHtmlExporter, merge


def page(*emitted, language="nl"):
    whole = merge([chapter(*emitted)], META)
    return PioHtmlExporter(language=language).from_notebook_node(whole)[0]


LOTS = {
    "id": "access.lot_share", "period": "2024", "group": "all", "definition": "startup-5",
    "perimeter": "flemish-public", "unit": "share", "value": 0.25, "low": 0.2, "high": 0.5,
    "interval": "bounds", "n": 1234, "denominator": "awarded-lots", "unknown": 56, "grade": "D",
}  # fmt: skip
BEFORE = LOTS | {"period": "2023", "value": 0.2}
WITHHELD = LOTS | {"value": None, "low": None, "high": None, "interval": "none",
                   "denominator": "withheld", "period": "2022"}  # fmt: skip
# printf 'access.lot_share\n2024\nall\nstartup-5\nflemish-public' | sha256sum, and of 2023
REFERENCE, BEFORE_THAT = "ece8db0d", "3487a2ff"


def numbers(id="won"):
    """A table of two numbers, one that is withheld, and one that is no row of a ledger."""
    cells = [labels.cell(row) for row in (LOTS, BEFORE, WITHHELD)]
    rows = [[both("share"), *cells, both("7")]]
    columns = [{"label": both(f"Kolom {place}"), "align": "right"} for place in range(5)]
    return blocks.table(id=id, caption=both("Gewonnen"), columns=columns, rows=rows)


@pytest.fixture(scope="module")
def traced():
    return page(numbers(), numbers("again"), table(), language="en")


def test_a_number_leads_to_its_row_of_the_ledger_under_the_same_table(traced):
    tree = parser.fromstring(traced)
    links = tree.xpath("//*[@id='tab-won']//td/a")
    assert [(link.text, link.get("href")) for link in links] == [
        ("25.0% (20.0\u201350.0)", f"#t1-{REFERENCE}"),
        ("20.0% (20.0\u201350.0)", f"#t1-{BEFORE_THAT}"),
    ]
    [row] = tree.xpath("//*[@id='tab-won']/details//tr[@id=$id]", id=f"t1-{REFERENCE}")
    told = [cell.text_content() for cell in row]
    value = "25.0% (20.0\u201350.0)"
    assert told == [f"pio trace {REFERENCE}", value, "2024", "all", "1,234", "56"]
    [head] = row.xpath("../tr/th[@scope='rowgroup']")
    assert "access.lot_share" in head.text_content()
    for kind in ("definition.startup-5", "denominator.awarded-lots", "interval.bounds"):
        assert labels.every(kind)["en"] in head.text_content()
    assert head.text_content().endswith("Evidence grade: D")


def test_what_is_withheld_or_no_row_of_the_ledger_has_no_reference(traced):
    tree = parser.fromstring(traced)
    assert tree.xpath("//*[@id='tab-won']/div//td[not(a)]/text()") == ["withheld", "7"]
    assert not tree.xpath("//*[@id='tab-buyers']//details")
    assert len(tree.xpath("//*[@id='tab-won']//tbody/tr[@id]")) == 2


def test_the_rows_are_reached_by_keyboard_without_a_stop_at_every_number(traced):
    tree = parser.fromstring(traced)
    assert set(tree.xpath("//td/a/@tabindex")) == {"-1"}
    assert not tree.xpath("//details[contains(@class, 'origin')]/@open")
    assert tree.xpath("count(//details[contains(@class, 'origin')]/summary)") == 2
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))


def test_the_page_runs_nothing_but_what_opens_the_list(traced):
    [script] = re.findall(r"<script>(.*?)</script>", traced, flags=re.S)
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    assert f"script-src 'sha256-{digest}';" in traced
    assert "<script" not in page(table())
    assert "script-src" not in page(table())


def test_references_are_longer_only_where_two_begin_alike():
    alike = ["a" * 8 + "1" * 56, "a" * 8 + "2" * 56]
    assert origins.digits([alike[0], alike[0], "b" * 64]) == 8
    assert origins.digits(alike) == 9
    assert origins.digits([]) == 8


@needs_browser
@pytest.mark.parametrize("width", [1280, 320])
def test_a_click_on_a_number_opens_the_list_at_its_row(traced, tmp_path, width):
    (tmp_path / "page.html").write_text(traced, "utf-8")
    with browsed(tmp_path / "profile") as screen:
        screen.open(tmp_path / "page.html", width=width)
        assert not screen.run("document.querySelector('#tab-won details').open")
        screen.run("document.querySelectorAll('#tab-won td > a')[1].click()")
        screen.run("new Promise(done => setTimeout(done, 300))")
        assert screen.run("document.querySelector(':target').id") == f"t1-{BEFORE_THAT}"
        assert screen.run("document.querySelector('#tab-won details').open")
        assert not screen.run("document.querySelector('#tab-again details').open")
        place = screen.run("document.querySelector(':target').getBoundingClientRect().top")
        assert 0 <= place <= 900
        assert screen.run("document.documentElement.scrollWidth <= innerWidth")


@needs_browser
def test_a_click_on_a_number_in_a_sentence_opens_the_list_of_the_chapter(tmp_path):
    (tmp_path / "page.html").write_text(page(sentence(), table()), "utf-8")
    with browsed(tmp_path / "profile") as screen:
        screen.open(tmp_path / "page.html", width=390)
        screen.run("document.querySelector('p > a[tabindex]').click()")
        screen.run("new Promise(done => setTimeout(done, 300))")
        assert screen.run("document.querySelector(':target').id") == f"c15-{REFERENCE}"
        assert screen.run("document.querySelector('section > details').open")
        style = "getComputedStyle(document.querySelector('p > a[tabindex]'))"
        assert screen.run(f"{style}.color === getComputedStyle(document.body).color")
        assert screen.run(f"{style}.textDecorationLine") == "none"


SAID = "Van {lots:n} percelen **{lots}** ({lots:low} tot {lots:high}), in 2023 {before:2}; 3 %."


def sentence(language="nl", text=SAID, **rows):
    """A text as a chapter says it, with the cells of its numbers."""
    numbers = {"lots": Number(LOTS), "before": Number(BEFORE)} | {
        name: Number(row) for name, row in rows.items()
    }
    said = {
        lang: {name: Number(one.row, lang, is_linked=True) for name, one in numbers.items()}
        for lang in LANGUAGES
    }
    told = {lang: text.format(**said[lang]) for lang in LANGUAGES}
    return blocks.text(told, labels.cells(numbers))


def cards(*rows):
    items = [{"label": both("Aandeel"), "value": both("25 %"), "note": both("n")} for _ in rows]
    return blocks.cards(items, [labels.cell(row) for row in rows])


def drawn(*rows):
    shown = pd.DataFrame(rows).assign(value=lambda one: one["value"].astype("Float64"))
    return figure(data=tables.csv(shown), numbers=tables.behind(shown))


def links(tree):
    return [(link.text, link.get("href")) for link in tree.xpath("//a[@tabindex='-1']")]


@pytest.mark.parametrize(
    ("language", "share", "whole"), [("nl", "25,0\xa0%", "1.234"), ("en", "25.0%", "1,234")]
)
def test_a_number_in_a_sentence_leads_to_its_row_at_the_end_of_the_chapter(language, share, whole):
    tree = parser.fromstring(page(sentence(), language=language))
    at, before = f"#c15-{REFERENCE}", f"#c15-{BEFORE_THAT}"
    told = links(tree)
    assert [href for _, href in told] == [at, at, at, at, before]
    assert [text for text, _ in told][:2] == [whole, share]
    [row] = tree.xpath("//section/details[last()]//tr[@id=$id]", id=at[1:])
    cells = [cell.text_content() for cell in row]
    assert cells[:2] == [
        f"pio trace {REFERENCE}",
        labels.of_number(LOTS)[language],
    ]
    assert cells[2] == "2024"
    assert cells[4:] == [whole, "56"]


def test_what_a_sentence_says_beside_its_numbers_is_no_link():
    tree = parser.fromstring(page(sentence()))
    assert links(tree)[1][0] == tree.xpath("string(//p/strong/a)")
    rest = "".join(tree.xpath("//p[a]/text()"))
    assert "in 2023" in rest
    assert "3 %." in rest


def test_a_key_figure_and_a_number_behind_a_figure_have_their_row_there_too():
    tree = parser.fromstring(page(cards(LOTS, WITHHELD), drawn(BEFORE, LOTS, WITHHELD)))
    assert tree.xpath("//dd/a/@href") == [f"#c15-{REFERENCE}"]
    figures = tree.xpath("//figure//td/a/@href")
    assert figures == [f"#c15-{BEFORE_THAT}", f"#c15-{REFERENCE}"]
    assert tree.xpath("//figure//td/a/text()") == ["20,0\xa0%", "25,0\xa0%"]
    ends = tree.xpath("//section/details[last()]//tr/@id")
    assert ends == [f"c15-{REFERENCE}", f"c15-{BEFORE_THAT}"]  # each once


def test_a_number_that_is_not_published_is_no_link_in_a_sentence():
    assert links(parser.fromstring(page(sentence(text="Het is {w}.", w=WITHHELD)))) == []
    bounds = LOTS | {"value": None}
    told = links(parser.fromstring(page(sentence(text="{w}: {w:low}", w=bounds))))
    assert [text for text, _ in told] == ["20,0\xa0%"]


def test_a_chapter_lists_only_rows_to_which_it_leads_and_no_script_is_needed():
    tree = parser.fromstring(page(sentence(text="Alleen {lots}."), numbers()))
    [end] = tree.xpath("//section/details")
    assert end.xpath(".//tr/@id") == [f"c15-{REFERENCE}"]
    assert end.get("open") is None
    assert not parser.fromstring(page(prose("Geen cijfer."))).xpath("//details | //script")


def test_whoever_reads_the_block_itself_sees_no_links():
    told = sentence()
    said = "Van 1.234 percelen **25,0\xa0%** (20,0\xa0% tot 50,0\xa0%), in 2023 20,00\xa0%; 3 %."
    assert told["text"]["nl"] == said
    shown = blocks.bundle(told, "nl")["text/html"]
    assert "<a" not in shown


def test_a_link_without_its_row_is_refused_and_so_is_any_other_place():
    with pytest.raises(ReportError, match="brings no row along"):
        page(prose(f"Het is [25 %](#{'0' * 64})."))
    with pytest.raises(ReportError, match="a link to a web page"):
        page(prose("Het is [25 %](#hier)."))


def test_a_row_under_another_name_leads_to_the_row_of_the_ledger():
    """A table may call an indicator otherwise; its number is still the one of the ledger."""
    shown = origins.called(pd.DataFrame([LOTS, BEFORE]), id="buying.lot_class_share", group="all")
    other = pd.DataFrame([LOTS | {"id": "norm.share"}])
    whole = pd.concat([shown, other])
    keys = [origins.of_row(row)["key"] for row in whole.to_dict("records")]
    assert keys == [[row[name] for name in RESULTS.key] for row in (LOTS, BEFORE)] + [
        ["norm.share", *(LOTS[name] for name in RESULTS.key[1:])]
    ]
    assert set(shown["id"]) == {"buying.lot_class_share"}
