"""How wide the columns of a printed table are."""

import json
import re

import pytest
import typst
from hypothesis import given
from hypothesis import strategies as st

from analysis.present.language import LANGUAGES, catalogue
from analysis.report import pdf
from analysis.report.column_widths import CUTS, GUTTER, ROOM, laid, room, width

MEASURED = """
#set text(font: "Inter", fallback: false, number-width: "tabular", hyphenate: false)
#let given = json(bytes(sys.inputs.texts))
#context [#metadata(given.map(((weight, it)) =>
  measure(text(it, weight: weight, size: 100pt)).width / 100pt)) <ems>]
"""


def table(labels, rows, numbers=()):
    columns = [
        {"label": label, "align": "right" if place in numbers else "left"}
        for place, label in enumerate(labels)
    ]
    return {"columns": columns, "rows": rows}


def said():
    """Every sentence and word of the catalogues, and numbers as the report writes them."""
    texts = {text for language in LANGUAGES for text in catalogue(language).values()}
    texts = {re.sub(r"\s+", " ", text) for text in texts if len(text) < 120}
    texts |= {word for text in texts for word in text.split()}
    return [*sorted(texts), "1 234,5 %", "1,234.5", "€ 12.345.678", "2019-2024", "[3,1; 4,7]"]


@pytest.fixture(scope="module")
def measured(tmp_path_factory):
    """What Typst makes of every text in both cuts, in ems."""
    source = tmp_path_factory.mktemp("typst") / "measured.typ"
    source.write_text(MEASURED, encoding="utf-8")
    asked = [(weight, pdf._readable(text)) for weight in CUTS for text in said()]
    found = typst.query(
        str(source), "<ems>", field="value", one=True, font_paths=pdf._fonts(),
        sys_inputs={"texts": json.dumps(asked)},
    )  # fmt: skip
    return list(zip(asked, json.loads(found), strict=True))


def test_no_text_is_wider_than_is_thought(measured):
    """Else a word would run into the next column, or a number be broken over two lines."""
    assert len(measured) > 5000
    wider = [text for (weight, text), ems in measured if room(text, weight) < ems]
    assert wider == []


def test_a_text_is_hardly_narrower_than_is_thought(measured):
    """Kerning takes most from a few capitals: VAT, To."""
    narrower = [ems / width(text, weight) for (weight, text), ems in measured]
    assert min(narrower) > 0.9
    assert sum(narrower) / len(narrower) > 0.99


def test_figures_are_as_wide_as_each_other():
    assert len({width(digit) for digit in "0123456789"}) == 1


def test_a_table_that_fits_gives_what_is_left_to_its_first_column():
    found = laid(table(["Jaar", "n"], [["2023", "1 234"], ["2024", "56"]], numbers=[1]))
    assert (found["size"], found["whole"], found["long"]) == (8.4, True, False)
    assert found["widths"][0] is None
    assert found["widths"][1] == pytest.approx(room("1 234") * 8.4 + GUTTER, abs=1e-3)


def test_a_sentence_leaves_room_for_a_number_on_one_line():
    sentence = "Een lange zin over wat de kopende overheid van de opdracht vond " * 3
    found = laid(table(["Wat", "Bedrag"], [[sentence, "1 234 567 890"]], numbers=[1]))
    assert found["whole"]
    assert found["widths"][1] >= width("1 234 567 890") * found["size"] + GUTTER
    assert sum(found["widths"]) == pytest.approx(ROOM, abs=0.01)


def test_where_words_do_not_fit_text_gets_smaller_and_then_words_break():
    assert laid(table(["kolom"] * 9, [["woordenlang"] * 9]))["size"] < 8.4
    crowded = laid(table(["aanbestedingsprocedure"] * 16, [["onderhandelingsprocedure"] * 16]))
    assert (crowded["size"], crowded["whole"]) == (6.0, False)
    assert sum(crowded["widths"]) == pytest.approx(ROOM, abs=0.1)


def test_a_high_table_may_run_on_over_pages():
    line = ["2024", "1"]
    assert not laid(table(["Jaar", "n"], [line] * 10))["long"]
    assert laid(table(["Jaar", "n"], [line] * 11))["long"]  # of 21.6 pt a line; 80 mm are 226.8 pt


@given(st.lists(st.lists(st.text("abcde 123", max_size=40), min_size=3, max_size=3), max_size=8))
def test_no_word_is_wider_than_its_column_and_no_table_than_the_page(rows):
    found = laid(table(["een", "twee", "drie"], rows))
    shares = [wide for wide in found["widths"] if wide is not None]
    assert sum(shares) <= ROOM + 0.01
    if found["whole"]:
        for place, wide in enumerate(found["widths"]):
            own = ROOM - sum(shares) if wide is None else wide
            words = {word for row in rows for word in row[place].split(" ")}
            assert max((width(word) for word in words), default=0) * found["size"] <= own
