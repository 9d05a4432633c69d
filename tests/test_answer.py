"""The answer to written question 101, as Markdown and as a Word document."""

import io
import re
import zipfile

import access_ledger
import docx
import pytest
from docx.oxml.ns import qn

from analysis.present.language import write
from analysis.refusal import ReportError
from analysis.report.answer import answer

PERCENT = "\u00a0%"
LEDGER = access_ledger.ledger()


@pytest.fixture(scope="module")
def dutch():
    return answer("pq-101", ledger=LEDGER, year=2025, language="nl")


@pytest.fixture(scope="module")
def word(dutch):
    return docx.Document(io.BytesIO(dutch.docx))


def words(document) -> str:
    return "\n".join(paragraph.text for paragraph in document.paragraphs)


def cell(year, *, id, definition="startup-5", perimeter="flemish-administration"):
    """What the ledger holds, written as value (low-high)."""
    rows = LEDGER[(LEDGER["id"] == id) & (LEDGER["definition"] == definition)]
    rows = rows[(rows["perimeter"] == perimeter) & (rows["period"] == str(year))]
    [row] = rows[rows["group"] == "all"].to_dict("records")
    if row["unit"] == "EUR":
        row |= {end: row[end] / 1e6 for end in ("value", "low", "high")} | {"unit": "mean"}
    value, low, high = (write(row[end], row["unit"], "nl") for end in ("value", "low", "high"))
    return f"{value} ({low.strip(PERCENT)}–{high.strip(PERCENT)})"


@pytest.mark.parametrize(
    ("place", "perimeter", "definition"),
    [
        (0, "flemish-administration", "startup-5"),
        (1, "flemish-administration", "startup-10"),
        (2, "flemish-public", "startup-5"),
        (3, "flemish-public", "startup-10"),
    ],
)
def test_the_tables_of_the_document_hold_the_numbers_of_the_ledger(
    word, place, perimeter, definition
):
    head, *rows = [[cell.text for cell in row.cells] for row in word.tables[place].rows]
    ids = ("startups", "lots_won", "amount", "lot_share", "amount_share")
    at = {"definition": definition, "perimeter": perimeter}
    assert head[0] == "Jaar"
    assert [row[0] for row in rows] == [str(year) for year in range(2016, 2026)]
    for row in rows:
        assert row[1] == "40"
        assert row[2:] == [cell(row[0], id=f"access.{id}", **at) for id in ids]


def test_the_markdown_holds_the_same_cells_as_the_document(dutch, word):
    drawn = [
        [text.strip() for text in line.strip("|").split("|")]
        for line in dutch.markdown.splitlines()
        if line.startswith("| ") and "---" not in line
    ]
    cells = [[cell.text for cell in row.cells] for table in word.tables for row in table.rows]
    assert drawn == cells


def test_the_answer_says_what_was_asked_and_by_which_definition(dutch):
    text = dutch.markdown
    for said in ("vraag nr. 101", "Tom Ongena", "## Gehanteerde definitie", "werd niet gevonden"):
        assert said in text
    assert "Vlaamse administratie in 2016–2025 waarvoor het antwoord bekend is, ging 5,0" in text
    assert "Startende onderneming (AGVV art. 22) | onbekend (0,0–100,0\u00a0%)" in text


def test_invented_numbers_are_marked_at_the_top_and_on_every_page(dutch, word):
    assert "> Gesimuleerde gegevens." in dutch.markdown[:300]
    assert word.sections[0].header.paragraphs[0].text == "Gesimuleerde gegevens"
    real = access_ledger.ledger(kind="real")
    unmarked = answer("pq-101", ledger=real, year=2025, language="nl")
    assert "esimuleerde" not in unmarked.markdown
    assert "verzonnen" not in unmarked.markdown


def test_where_no_winner_is_linked_every_number_asked_is_unknown():
    unlinked = access_ledger.ledger(linked=False)
    text = answer("pq-101", ledger=unlinked, year=2025, language="nl").markdown
    assert "in 2016–2025 naar start-ups gingen, is onbekend" in text
    rows = [line for line in text.splitlines() if re.match(r"\| \d{4} ", line)]
    assert len(rows) == 40
    for row in rows:
        assert row.count("onbekend (") == 5


def test_where_no_lot_is_the_administrations_there_is_no_table_and_the_answer_says_so():
    rest = LEDGER[LEDGER["perimeter"] != "flemish-administration"]
    text = answer("pq-101", ledger=rest, year=2025, language="nl").markdown
    assert "Onbekend. In de gegevens is geen enkel gegund perceel" in text
    assert "Geen tabel voor deze perimeter" in text
    assert text.count("**Vlaamse administratie") == 0
    assert text.count("**Vlaamse publieke organisaties") == 2


def test_years_after_the_one_asked_are_left_out():
    text = answer("pq-101", ledger=LEDGER, year=2019, language="en").markdown
    years = {line[2:6] for line in text.splitlines() if re.match(r"\| \d{4} ", line)}
    assert years == {"2016", "2017", "2018", "2019"}


def test_the_document_can_be_read_aloud(word):
    styles = word.styles.element
    assert styles.find(f".//{qn('w:lang')}").get(qn("w:val")) == "nl-BE"
    assert word.core_properties.language == "nl-BE"
    assert word.core_properties.title.startswith("Cijfers bij schriftelijke vraag nr. 101")
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings[0] == "Vraag"
    assert headings[-1] == "Voetnoten"
    captions = [p.text for p in word.paragraphs if p.style.name == "Caption"]
    assert [text.split(".")[0] for text in captions] == [f"Tabel {n}" for n in range(1, 6)]
    for table, caption in zip(word.tables, captions, strict=True):
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == caption
        repeats = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert repeats == [True] + [False] * (len(repeats) - 1)


def test_the_same_ledger_gives_the_same_bytes(dutch):
    shuffled = LEDGER.sample(frac=1, random_state=1).sort_values(
        ["id", "period", "group", "definition", "perimeter"]
    )
    again = answer("pq-101", ledger=shuffled, year=2025, language="nl")
    assert again.docx == dutch.docx
    with zipfile.ZipFile(io.BytesIO(dutch.docx)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


def test_english_is_said_to_be_a_translation_and_has_the_same_numbers(dutch):
    english = answer("pq-101", ledger=LEDGER, year=2025, language="en")
    assert "(Translated from the Dutch.)" in english.markdown
    numbers = [
        [re.sub(r"\D", "", number) for number in re.findall(r"\d[\d.,]*", text) if number]
        for text in (dutch.markdown, english.markdown)
    ]
    assert sorted(numbers[0]) == sorted(numbers[1])


def test_another_question_is_refused():
    with pytest.raises(ReportError, match="pq-999"):
        answer("pq-999", ledger=LEDGER, year=2025, language="nl")
    with pytest.raises(ReportError, match="nl or en"):
        answer("pq-101", ledger=LEDGER, year=2025, language="fr")
