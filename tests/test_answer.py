"""The answers to written questions 101 and 307, as Markdown and as Word documents."""

import io
import re
import zipfile
from functools import cache

import access_ledger
import buying_world
import docx
import pandas as pd
import partner_tables
import pytest
from docx.oxml.ns import qn
from ledger_rows import published

from analysis import results
from analysis.indicators import norm
from analysis.present.language import LANGUAGES, catalogue, write
from analysis.refusal import ReportError
from analysis.report.answer import answer
from analysis.report.answers.parts import Part, markdown

PERCENT = "\u00a0%"
SPACE = "\u00a0"
LEDGER = access_ledger.ledger()
POINTS = {
    "pq-101": ["1", "2", "3", "4", "5", "5a", "5b", "5c"],
    "pq-307": ["1", "2", "3", "4", "5", "5a", "5b", "5c", "6"],
}


@cache
def partners(delivered: bool = True) -> pd.DataFrame:
    given = partner_tables.example() if delivered else partner_tables.given()
    return partner_tables.ledger(given)


@cache
def told(question: str, language: str = "nl", delivered: bool = True):
    ledger = LEDGER if question == "pq-101" else partners(delivered)
    return answer(question, ledger=ledger, year=2025, language=language)


def word_of(found) -> docx.document.Document:
    return docx.Document(io.BytesIO(found.docx))


def point(text: str, number: str) -> str:
    """What Markdown says under a point."""
    after = re.split(rf"### (?:Punt|Point) {number}\n", text)[1]
    return re.split(r"\n##", after)[0]


def cells_of(markdown_: str) -> list[list[str]]:
    return [
        [text.strip().replace("\\", "") for text in line[2:-2].split(" | ")]
        for line in markdown_.splitlines()
        if line.startswith("| ") and "---" not in line
    ]


@pytest.fixture(scope="module")
def word():
    return word_of(told("pq-101"))


# both questions


@pytest.mark.parametrize("question", POINTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_point_is_answered_under_its_own_words(question, language):
    text = told(question, language).markdown
    rows = published()["question_points"].rows
    rows = rows[rows["question"] == question]
    asked = rows[~rows["point"].str.startswith("context")]
    assert asked["point"].tolist() == POINTS[question]
    for number, words in zip(asked["point"], asked[f"words_{language}"], strict=True):
        said = point(text, number)
        assert said.startswith(f"\n> {words}\n\n")
        assert len(said.replace(words, "")) > 40
    for words in rows.loc[rows["point"].str.startswith("context"), f"words_{language}"]:
        assert f"> {words}\n" in text


@pytest.mark.parametrize("question", POINTS)
def test_the_words_of_the_question_are_those_of_the_seed(question, shared):
    name = {"pq-101": "000_10db0d41d7d93aaa.txt", "pq-307": "002_3b319597539220f9.txt"}[question]
    seed = " ".join((shared / "seeds" / name).read_text(encoding="utf-8").split())
    seed = seed.split("ANTWOORD")[0]
    about = published()["questions"].rows.set_index("question").loc[question]
    rows = published()["question_points"].rows
    kept = rows[rows["question"] == question]["words_nl"].tolist()
    kept.append(" ".join(about["title_nl"].split()))
    rest = seed
    for words in kept:
        assert words in seed
        rest = rest.replace(words, " ")
    left = re.sub(r"[\d.) a-c]", "", rest)
    assert len(left) < 200, rest  # to whom, and the numbers of the points: nothing that asks


@pytest.mark.parametrize("question", POINTS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_the_markdown_holds_the_same_cells_as_the_document(question, language):
    found = told(question, language)
    tables = word_of(found).tables
    cells = [[cell.text for cell in row.cells] for table in tables for row in table.rows]
    assert cells_of(found.markdown) == cells


@pytest.mark.parametrize("question", POINTS)
def test_english_has_the_same_numbers(question):
    numbers = [
        [
            re.sub(r"\D", "", number)
            for number in re.findall(r"\d[\d.,]*", told(question, lang).markdown)
        ]
        for lang in LANGUAGES
    ]
    assert sorted(filter(None, numbers[0])) == sorted(filter(None, numbers[1]))
    assert "(translated from the Dutch)" in told(question, "en").markdown


@pytest.mark.parametrize("question", POINTS)
def test_the_document_can_be_read_aloud(question):
    word = word_of(told(question))
    assert word.styles.element.find(f".//{qn('w:lang')}").get(qn("w:val")) == "nl-BE"
    assert word.core_properties.language == "nl-BE"
    number = question.removeprefix("pq-")
    assert word.core_properties.title.startswith(
        f"Elementen van antwoord op schriftelijke vraag nr. {number} van "
    )
    headings = [p.text for p in word.paragraphs if p.style.name == "Heading 1"]
    assert headings == ["Vraag", "Antwoord per punt", "Bronnen en dekking", "Voetnoten"]
    numbered = [p.text for p in word.paragraphs if p.style.name == "Heading 2"]
    assert numbered == [f"Punt {number}" for number in POINTS[question]]
    captions = [p.text for p in word.paragraphs if p.style.name == "Caption"]
    assert [text.split(".")[0] for text in captions] == [
        f"Tabel {n}" for n in range(1, len(captions) + 1)
    ]
    for table, caption in zip(word.tables, captions, strict=True):
        assert table._tbl.tblPr.find(qn("w:tblCaption")).get(qn("w:val")) == caption
        repeats = [row._tr.find(f".//{qn('w:tblHeader')}") is not None for row in table.rows]
        assert repeats == [True] + [False] * (len(repeats) - 1)


@pytest.mark.parametrize("question", POINTS)
def test_every_page_bears_its_number_and_how_many_there_are(question):
    [section] = word_of(told(question)).sections
    fields = section.footer.paragraphs[0]._p.findall(qn("w:fldSimple"))
    assert [field.get(qn("w:instr")) for field in fields] == ["PAGE", "NUMPAGES"]
    texts = [text.text for text in section.footer.paragraphs[0]._p.iter(qn("w:t"))]
    assert texts == ["1", " / ", "1"]


@pytest.mark.parametrize("question", POINTS)
def test_the_same_ledger_gives_the_same_bytes(question):
    ledger = LEDGER if question == "pq-101" else partners()
    shuffled = ledger.sample(frac=1, random_state=1).sort_values(
        ["id", "period", "group", "definition", "perimeter"]
    )
    again = answer(question, ledger=shuffled, year=2025, language="nl")
    assert again.docx == told(question).docx
    with zipfile.ZipFile(io.BytesIO(again.docx)) as package:
        assert {member.date_time for member in package.infolist()} == {(1980, 1, 1, 0, 0, 0)}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_is_not_there_is_not_available_because(language):
    said = {"nl": r"niet beschikbaar, want", "en": r"not available, because"}[language]
    keys = [key for key in catalogue(language) if re.match(r"answer\.pq-\d+\.unavailable\.", key)]
    assert len(keys) >= 12
    for key in keys:
        assert said in catalogue(language)[key], key


def test_another_question_is_refused():
    with pytest.raises(ReportError, match="pq-999"):
        answer("pq-999", ledger=LEDGER, year=2025, language="nl")
    with pytest.raises(ReportError, match="nl or en"):
        answer("pq-101", ledger=LEDGER, year=2025, language="fr")


def test_text_from_outside_is_no_markup():
    parts = [
        Part("item", "a [b](c) <i>"),
        Part("table", "T", (("h", "x"), ("a|b", "`c`")), ("left", "right")),
    ]
    text = markdown(parts)
    assert "- a \\[b](c) \\<i>" in text
    assert "| a\\|b | \\`c\\` |" in text
    assert "| --- | ---: |" in text


# question 101


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
    yearly = [table for table in word.tables if table.rows[0].cells[0].text == "Jaar"]
    head, *rows = [[cell.text for cell in row.cells] for row in yearly[place].rows]
    ids = ("startups", "lots_won", "amount", "lot_share", "amount_share")
    at = {"definition": definition, "perimeter": perimeter}
    assert head[0] == "Jaar"
    assert [row[0] for row in rows] == [str(year) for year in range(2016, 2026)]
    for row in rows:
        assert row[1] == "40"
        assert row[2:] == [cell(row[0], id=f"access.{id}", **at) for id in ids]


def test_the_numbers_stand_under_point_5a_and_the_definition_under_5c():
    text = told("pq-101").markdown
    assert point(text, "5a").count("\n**") == 4
    assert "Vlaamse administratie in 2016–2025 waarvoor het antwoord bekend is, ging 5,0" in point(
        text, "5"
    )
    assert "werd niet gevonden" in point(text, "5c")
    assert f"Startende onderneming (AGVV art. 22) | onbekend (0,0–100,0{PERCENT})" in point(
        text, "5c"
    )


@pytest.mark.parametrize("number", ["1", "2", "3", "4"])
def test_points_on_the_project_say_why_nothing_is_there(number):
    assert re.search(
        "niet beschikbaar, want .* aangeleverd", point(told("pq-101").markdown, number)
    )


@pytest.fixture(scope="module")
def project():
    """What was delivered on the project: one action, one organisation, one barrier judged."""
    delivered = buying_world.given(
        year=2025,
        startup_actions=[
            {"action": "a-1", "description": "Handleiding, eerste versie", "progress": "done",
             "planned": "2020-01-01", "done": "2020-03-01"},
        ],
        project_group=[{"organisation": "VLAIO", "role": "chair", "mandate": "Opvolgen, en <b>"}],
        startup_barriers=[
            {"barrier": "lots", "standing": "lower", "progress_note": "Meer percelen"},
        ],
        marketplace_needs=[{"need": "n1", "responses": 3}, {"need": "n2", "project": "p1"}],
    )  # fmt: skip
    rows = pd.concat([LEDGER, buying_world.ledger(delivered, LEDGER)], ignore_index=True)
    return {
        language: answer("pq-101", ledger=rows, year=2025, language=language).markdown
        for language in LANGUAGES
    }


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_was_delivered_on_the_project_answers_points_1_to_4(project, language):
    text = project[language]
    [action] = [row for row in cells_of(point(text, "1")) if row[0] == "Handleiding, eerste versie"]
    assert "2020" in action[2]
    barriers = cells_of(point(text, "2"))
    assert [row for row in barriers if "Meer percelen (2021)" in row]
    assert "- Opvolgen, en \\<b>" in point(text, "3")
    assert [row for row in cells_of(point(text, "3")) if row[0] == "VLAIO"]
    assert "50" in re.sub(r"(?m)^\|.*", "", point(text, "4"))  # one of two needs is a project
    lacking = {"nl": "niet is aangeleverd", "en": "was not supplied"}[language]
    assert lacking not in "".join(point(text, number) for number in "134")


def test_what_is_published_of_the_project_and_of_the_advice_is_told():
    text = told("pq-101").markdown
    assert "- 5 april 2019: De Vlaamse Regering keurt de conceptnota" in point(text, "1")
    assert "advies" not in point(text, "1")
    assert "- 11 juni 2019: VARIO overhandigt advies nr. 9." in point(text, "4")
    early = answer("pq-101", ledger=LEDGER, year=2018, language="nl").markdown
    assert "2019: " not in point(early, "1")


def test_vario_s_two_shares_stand_side_by_side():
    ledger = pd.concat([LEDGER, results.ledger(norm.results(published()))], ignore_index=True)
    text = answer("pq-101", ledger=ledger, year=2025, language="nl").markdown
    rows = {row[0]: row[1:] for row in cells_of(point(text, "4"))}
    assert rows["2019"][0].startswith("0,3")
    assert rows["2019"][1] == cell(2019, id="access.lot_share")
    assert "noemers verschillen" in point(text, "4")


def test_invented_numbers_are_marked_at_the_top_and_on_every_page(word):
    assert "> Gesimuleerde gegevens." in told("pq-101").markdown[:300]
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
    assert text.count("jaar, Vlaamse administratie") == 0
    assert text.count("jaar, Vlaamse publieke organisaties") == 2


def test_years_after_the_one_asked_are_left_out():
    text = answer("pq-101", ledger=LEDGER, year=2019, language="en").markdown
    years = {line[2:6] for line in text.splitlines() if re.match(r"\| \d{4} ", line)}
    assert years == {"2016", "2017", "2018", "2019"}


# question 307


def test_point_1_of_307_holds_all_amounts_and_totals_of_the_reply():
    said = point(told("pq-307", delivered=False).markdown, "1").replace(SPACE, " ")
    [totals, *_] = [line for line in said.splitlines() if line.startswith("In 2022")]
    for total in (
        "12.541.000,00",
        "24.535.576,61",
        "2.263.248,87",
        "39.339.825,48",
        "34.688.789,65",
    ):
        assert f"{total} euro" in totals
    lines = [row for row in cells_of(said) if len(row) == 3][1:]
    assert len(lines) == 25
    amounts = [
        float((a or b).split(" ")[0].replace(".", "").replace(",", ".")) for _, a, b in lines
    ]
    assert round(sum(amounts), 2) == 39_339_825.48


def test_without_delivered_files_307_says_why_at_every_point_that_asks_more():
    text = told("pq-307", delivered=False).markdown
    for number in ("1", "2", "3", "4", "5a", "5b", "5c", "6"):
        assert "niet beschikbaar, want" in point(text, number)
    assert "erzonnen" not in text


def test_the_reply_is_told_where_it_was_asked():
    text = told("pq-307").markdown
    for number, said in (
        ("2", "dezelfde bedragen"),
        ("3", "Elke partner geniet een meerjarig engagement"),
        ("4", "Voka heeft zijn aanpak van digitalisering vernieuwd"),
        ("5a", "luidt het antwoord: neen"),
        ("5b", "Syntra West kreeg zijn lerende netwerken niet opgestart"),
        ("5c", "laagdrempelige werkvormen"),
        ("6", "geen plannen om de structurele partnerschappen verder uit te bouwen"),
    ):
        assert said in point(text, number)


def test_delivered_figures_of_307_follow_the_published_ones_and_are_marked_where_invented():
    text = told("pq-307").markdown
    assert "> Gedeeltelijk gesimuleerde gegevens." in text
    assert word_of(told("pq-307")).sections[0].header.paragraphs[0].text == (
        "Gedeeltelijk gesimuleerde gegevens"
    )
    assert (
        "[Verzonnen gegevens, geen antwoord.] Aangeleverde indicatoren voor 2025: 7, waarvan"
        in point(text, "5a")
    )
    assert "4 groen" in point(text, "5a")
    rows = cells_of(point(text, "5b"))
    assert rows[1] == ["Partner A vzw", "netwerken (digitalisering)", "rood", "110",
                       "Meer laagdrempelige werkvormen, vanaf mei"]  # fmt: skip
    assert "31 december 2028" in point(text, "3")
    real = partner_tables.ledger(partner_tables.example("real"))
    unmarked = answer("pq-307", ledger=real, year=2025, language="nl").markdown
    assert "erzonnen" not in unmarked
    assert "simuleerde" not in unmarked


def test_delivered_years_after_the_one_asked_are_left_out():
    text = answer("pq-307", ledger=partners(), year=2024, language="nl").markdown
    assert "2025" not in re.sub(r"partners\.xlsx@\w+", "", text)
    assert "Aangeleverde indicatoren voor 2024: 1," in point(text, "5a")
