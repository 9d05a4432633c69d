import base64
import hashlib
import re

import matplotlib as mpl
import pytest
from browser import needs_browser
from browser import page as browsed
from chapters import META, both, chapter, figure, prose, table
from lxml import html as parser

from analysis.present import blocks, labels, origins
from analysis.present.drawing import svg
from analysis.report.exporters import PioHtmlExporter, merge

HOSTILE = '"><script>alert(1)</script>]]> \' onload="x"'


def page(*emitted, language="nl", **meta):
    whole = merge([chapter(*emitted)], META | meta)
    return PioHtmlExporter(language=language).from_notebook_node(whole)[0]


@pytest.fixture(scope="module")
def full():
    cards = blocks.cards([{"label": both("A"), "value": both("1"), "note": both("n")}] * 3)
    text = (
        "Een [bron](https://example.org/a?b=1&c=2)[^1], zie {fig:bids}.\n\n[^1]: Noot.\n\n- x\n- y"
    )
    return parser.fromstring(
        page(
            blocks.answer(both("Het antwoord is 3.")),
            cards,
            prose(text),
            figure(),
            table(),
            language="en",
        )
    )


def test_the_page_says_its_language_title_and_organisation(full):
    assert full.get("lang") == "en"
    assert full.findtext("head/title") == "Public contracts 2024"
    assert full.xpath("string(//h1)") == "Public contracts 2024"


def test_the_page_holds_no_script_and_loads_nothing(full):
    assert not full.xpath("//script | //iframe | //object | //link | //img | //base | //form")
    assert not full.xpath("//@src | //@srcset | //@*[starts-with(name(), 'on')]")
    style = full.xpath("string(//style)")
    assert set(re.findall(r"url\((.{11})", style)) == {"data:font/w"}
    assert "@import" not in style
    assert "default-src 'none'" in full.xpath("string(//meta[@http-equiv]/@content)")
    outside = [url for url in full.xpath("//@href") if not url.startswith("#")]
    assert outside == ["https://example.org/a?b=1&c=2"]  # a link to follow, not a thing to load


def test_every_table_has_a_caption_and_scoped_headers(full):
    tables = full.xpath("//table")
    assert len(tables) == 2  # the table, and the numbers of the figure
    for one in tables:
        assert one.xpath("string(caption)").strip()
        assert set(one.xpath("thead//th/@scope")) == {"col"}
        assert all(row.xpath("count(th[@scope='row'])") == 1 for row in one.xpath("tbody/tr"))
        (region,) = one.xpath("parent::div[@role='region' and @tabindex='0']")
        assert full.xpath("//*[@id=$id]", id=region.get("aria-labelledby"))


def test_every_figure_states_its_numbers_to_who_cannot_see_it(full):
    (drawing,) = full.xpath("//*[local-name()='svg']")
    assert drawing.get("role") == "img"
    assert drawing.get("aria-label") == "Eén staaf: 80 inschrijvingen in 2024."
    assert full.xpath("//figure/details//td/text()") == ["80"]


def test_every_id_is_used_once_and_every_link_within_the_page_arrives(full):
    ids = full.xpath("//@id")
    assert len(ids) == len(set(ids))
    assert {url[1:] for url in full.xpath("//@href") if url.startswith("#")} <= set(ids)


def test_the_page_has_landmarks_a_contents_list_and_a_skip_link(full):
    assert full.xpath("boolean(/html/body/header and //main and //nav//a and /html/body/footer)")
    assert full.xpath("/html/body/*[1]/@href") == ["#main"]


def test_text_from_strangers_is_shown_and_never_obeyed():
    source = page(
        prose(blocks.literal(HOSTILE)),
        table(caption=both(HOSTILE), cells=[[HOSTILE, "1"]]),
        figure(caption=both(HOSTILE), alt=both(f"{HOSTILE} 80"), data=both('J,"<script>"\n1,2\n')),
        title=both(HOSTILE),
    )
    assert "<script" not in source
    tree = parser.fromstring(source)
    assert not tree.xpath("//@onload")
    assert tree.xpath("string(//h1)") == HOSTILE
    assert tree.xpath("//main//p/text()")[0] == HOSTILE
    assert tree.xpath("//tbody/tr/th/text()")[0] == HOSTILE
    assert tree.xpath("//*[local-name()='svg']/@aria-label") == [f"{HOSTILE} 80"]


def test_simulated_data_are_marked_on_the_cover_on_every_screen_and_at_the_figure():
    tree = parser.fromstring(page(figure(mark="simulated")))
    assert "verzonnen" in tree.xpath("string(//header)")
    assert tree.xpath("string(//aside)") == "Gesimuleerde gegevens"
    assert "Gesimuleerde gegevens" in tree.xpath("string(//figcaption)")
    assert not parser.fromstring(page(figure())).xpath("//aside")


def test_a_drawing_is_the_same_whenever_it_is_drawn_and_keeps_its_text():
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    def drawn():
        figure, axes = plt.subplots()
        axes.bar(["<b>A & B</b>", 'id="x"'], [1, 2], hatch="//")
        return svg(figure, "bars")

    first = drawn()
    assert first == drawn()
    assert "&lt;b&gt;A &amp; B&lt;/b&gt;</text>" in first
    assert 'id="x"</text>' in first
    assert "<style" not in first
    assert "<metadata" not in first
    assert set(re.findall(r' id="(svg-bars--)?', first)) == {"svg-bars--"}
    assert plt.get_fignums() == []


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
