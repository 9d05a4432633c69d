import re

import matplotlib as mpl
import pytest
from chapters import META, both, chapter, figure, prose, table
from lxml import html as parser

from analysis.present import blocks
from analysis.present.drawing import svg
from analysis.present.language import LANGUAGES
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


def test_a_text_that_was_delivered_in_dutch_says_so_on_an_english_page():
    said = both("Een actie in elke provincie")
    columns = [{"label": both("Actie"), "align": "left"}, {"label": both("n"), "align": "right"}]
    shown = blocks.table(id="acts", caption=both("Acties"), columns=columns,
                         rows=[[said, both("3")]])  # fmt: skip
    tongues = {}
    for language in LANGUAGES:
        whole = parser.fromstring(page(shown, language=language))
        tongues[language] = [cell.get("lang") for cell in whole.xpath("//tbody/tr/*")]
    assert tongues == {"nl": [None, None], "en": ["nl", None]}


def test_the_page_holds_no_script_and_loads_nothing(full):
    assert not full.xpath("//script | //iframe | //object | //link | //img | //base | //form")
    assert not full.xpath("//@src | //@srcset | //@*[starts-with(name(), 'on')]")
    style = full.xpath("string(//style)")
    inside = re.compile(r"#|data:font/woff2;")  # a place in the page itself, or the font within it
    assert [url for url in re.findall(r"url\((.{20})", style) if not inside.match(url)] == []
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
        (region,) = one.xpath("parent::div[@role='group' and @tabindex='0']")
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
