"""The workbook of tables: numbers to count with, words where there are none, and no formulas."""

import io

import openpyxl
import pytest
from nbformat import v4

from analysis.present import blocks, labels
from analysis.report.annex import annex
from analysis.report.document import document
from analysis.report.exporters import emitted

SHARE = {
    "id": "access.lot_share", "unit": "share", "value": 0.25, "low": 0.125, "high": 0.5,
    "interval": "bounds", "n": 8, "denominator": "lots", "group": "all",
}  # fmt: skip
EURO = SHARE | {"unit": "EUR", "value": 1234.5, "low": None, "high": None, "interval": "none"}
POINTS = EURO | {"unit": "share-difference", "value": -0.031}
WITHHELD = EURO | {"value": None, "denominator": "withheld"}
UNKNOWN = SHARE | {"value": None, "low": 0.0, "high": 1.0}


def same(text):
    return {"nl": text, "en": text}


@pytest.fixture(scope="module")
def sheets():
    """The workbook, in English, of a chapter with one table."""
    heads = ["who", "share", "euros", "change"]
    rows = [
        [same("=HYPERLINK(1)"), labels.cell(SHARE), labels.cell(EURO), labels.cell(POINTS)],
        [same("BV"), labels.cell(UNKNOWN), labels.cell(WITHHELD), same("")],
        [same("2024"), *(same(text) for text in ("12.5%", "1,569,900", "−0.2"))],
        [same("0400.378.485"), *(same(text) for text in ("5/5", "1.569.900", "W2"))],
    ]
    table = blocks.table(
        id="won",
        caption=same("What was won"),
        columns=[{"label": same(head), "align": "left"} for head in heads],
        rows=rows,
        note=same("Counted *once*."),
        mark="simulated",
    )
    shown = [blocks.text(same("# A question")), table]
    cell = v4.new_code_cell(
        outputs=[v4.new_output("display_data", data=blocks.bundle(one, "en")) for one in shown]
    )
    notebook = v4.new_notebook(cells=[cell])
    made = [annex(document(notebook, "en"), list(emitted(notebook))[1:]) for _ in range(2)]
    assert made[0] == made[1]
    return openpyxl.load_workbook(io.BytesIO(made[0]))


def lines(sheet):
    return [list(row) for row in sheet.iter_rows(values_only=True)]


def test_a_number_with_an_interval_takes_three_columns_and_one_without_takes_one(sheets):
    assert lines(sheets["Table 1"])[3] == [
        "who", "share", "share: lower end", "share: upper end", "euros",
        "change (percentage points)",
    ]  # fmt: skip


def test_numbers_are_numbers_in_their_unit(sheets):
    assert lines(sheets["Table 1"])[4][1:] == [0.25, 0.125, 0.5, 1234.5, -3.1]
    shown = [cell.number_format for cell in sheets["Table 1"][5][1:]]
    assert shown == ["0.0%"] * 3 + ['"€" #,##0.00', "#,##0.00"]


def test_a_year_a_count_and_a_percentage_that_are_only_printed_are_numbers_too(sheets):
    row = sheets["Table 1"][7]
    assert [cell.value for cell in row if cell.value is not None] == [2024, 0.125, 1_569_900, -0.2]
    assert [cell.number_format for cell in row if cell.value is not None] == [
        "0", "0.0%", "#,##0", "#,##0.00",
    ]  # fmt: skip


def test_a_company_number_a_code_and_a_number_of_another_language_stay_as_they_are(sheets):
    told = [cell.value for cell in sheets["Table 1"][8] if cell.value is not None]
    assert told == ["0400.378.485", "5/5", "1.569.900", "W2"]


def test_what_is_unknown_or_withheld_is_said_in_words_and_its_bounds_stay(sheets):
    _, share, low, high, euros, change = lines(sheets["Table 1"])[5]
    assert (low, high) == (0, 1)
    assert share.startswith("unknown")
    assert isinstance(euros, str)
    assert "0" not in euros
    assert change in (None, "")


def test_a_name_that_looks_a_formula_is_a_text(sheets):
    cell = sheets["Table 1"]["A5"]
    assert (cell.value, cell.data_type) == ("=HYPERLINK(1)", "s")
    assert cell.quotePrefix


def test_every_sheet_says_what_it_is_and_is_found_from_the_first(sheets):
    contents, table = sheets.worksheets
    assert contents["A6"].hyperlink.location == "'Table 1'!A1"
    assert contents["B6"].value == "What was won"
    assert table["A1"].value == "Table 1. What was won"
    assert table["A2"].value == "Simulated data"
    assert table["A10"].value == "Note: Counted once."
