"""The templates: every column explained in two languages, no formula, the same bytes each time."""

import datetime as dt
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from analysis.contracts import keep
from analysis.contracts.intake import REFERENCES, SHEETS, TABLES, WORKBOOKS
from analysis.contracts.intake.shape import code_words, spoken
from analysis.contracts.table import Table
from analysis.sources import intake, templates
from analysis.sources.intake_cells import normal, reader
from analysis.sources.intake_faults import words
from analysis.sources.templates_parts import codes_of


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("templates")
    templates.write(place)
    return place


@pytest.fixture(scope="module")
def books(folder: Path) -> dict[str, Workbook]:
    return {name: openpyxl.load_workbook(folder / f"{name}.xlsx") for name in WORKBOOKS}


@pytest.mark.parametrize("name", TABLES)
def test_a_form_says_everything_in_both_languages(name: str) -> None:
    sheet = SHEETS[name]
    assert list(sheet.fields) == list(sheet.table.columns)
    spoken_of = [sheet.title, sheet.row, *(check.sentence for check in sheet.checks)]
    for field in sheet.fields.values():
        spoken_of += [field.label, field.help]
    for said in spoken_of:
        assert set(said) == {"nl", "en"}
        assert all(text.strip() == text and text for text in said.values())
    for help_ in (field.help for field in sheet.fields.values()):
        assert help_["nl"] != help_["en"]
        assert all(text.endswith(".") for text in help_.values())


@pytest.mark.parametrize("name", TABLES)
def test_no_two_columns_of_a_form_go_by_the_same_name(name: str) -> None:
    owner: dict[str, str] = {}
    for column, field in SHEETS[name].fields.items():
        for said in (column, *field.label.values()):
            assert owner.setdefault(normal(said), column) == column


def test_every_code_has_words_and_no_list_has_the_same_words_twice() -> None:
    used = {"yes", "no"}
    for table in TABLES.values():
        for column in table.columns.values():
            used |= set(column.values)
            for language in ("nl", "en"):
                said = [normal(code_words(code)[language]) for code in column.values]
                assert len(set(said)) == len(said)
    assert used == set(spoken("codes"))


def test_every_sentence_about_a_fault_stands_in_both_languages_with_the_same_blanks() -> None:
    said = words()
    for part in ("words", "kinds", "faults", "notes"):
        for name, spoken_ in said[part].items():
            assert set(spoken_) == {"nl", "en"}, name
            blanks = {
                language: set(re.findall(r"{(\w+)}", str(text)))
                for language, text in spoken_.items()
            }
            assert blanks["nl"] == blanks["en"], name


def test_every_reference_points_at_the_whole_key_of_a_table() -> None:
    for (table, column), (target, at) in REFERENCES.items():
        assert column in TABLES[table].columns
        assert TABLES[target].key == (at,)


@pytest.mark.parametrize("name", TABLES)
def test_the_example_row_keeps_the_contract(name: str) -> None:
    sheet = SHEETS[name]
    row = tuple(
        None
        if sheet.fields[column].example is None
        else reader(promise)(sheet.fields[column].example)
        for column, promise in sheet.table.columns.items()
    )
    keep(sheet.table.arrow([row]), sheet.table)


def test_a_template_has_names_help_lists_formats_and_a_frozen_head(
    books: dict[str, Workbook],
) -> None:
    for name, sheets in WORKBOOKS.items():
        book = books[name]
        assert book.sheetnames == [*(sheet.title["nl"] for sheet in sheets), "Uitleg", "Lijsten"]
        for sheet in sheets:
            place = book[sheet.title["nl"]]
            assert place.freeze_panes == "B3"
            assert place["A3"].value == "voorbeeld"
            for at, (column, field) in enumerate(sheet.fields.items(), 2):
                assert place.cell(1, at).value == field.label["nl"]
                assert place.cell(2, at).value == column
                comment = place.cell(1, at).comment
                assert comment is not None
                assert field.help["nl"] in comment.text
                assert field.help["en"] in comment.text


def test_excel_offers_the_dutch_words_of_every_closed_list(books: dict[str, Workbook]) -> None:
    for name, sheets in WORKBOOKS.items():
        book = books[name]
        for sheet in sheets:
            rules = book[sheet.title["nl"]].data_validations.dataValidation
            offered = {str(r.sqref).split(":")[0]: r for r in rules if r.type == "list"}
            for at, column in enumerate(sheet.table.columns.values(), 2):
                if codes := codes_of(column):
                    where = f"{openpyxl.utils.get_column_letter(at)}3"
                    cells = offered[where].formula1.replace("$", "").split("!")[1]
                    listed = [cell.value for (cell,) in book["Lijsten"][cells]]
                    assert listed == [code_words(code)["nl"] for code in codes]


def test_a_template_holds_no_formula(books: dict[str, Workbook]) -> None:
    cells = [
        cell
        for book in books.values()
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        for cell in row
    ]
    assert len(cells) > 1000
    assert all(cell.data_type != "f" for cell in cells)


def test_the_same_bytes_whatever_the_day_the_hash_seed_and_the_time_zone(
    folder: Path, tmp_path: Path
) -> None:
    code = "import sys, pathlib; from analysis.sources import templates; "
    code += "templates.write(pathlib.Path(sys.argv[1]))"
    settings = {**os.environ, "PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    subprocess.run([sys.executable, "-c", code, str(tmp_path)], check=True, env=settings)
    for name in WORKBOOKS:
        file = f"{name}.xlsx"
        assert (tmp_path / file).read_bytes() == (folder / file).read_bytes()
        with zipfile.ZipFile(folder / file) as archive:
            assert {member.date_time for member in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
            assert b"2026-01-01T00:00:00Z" in archive.read("docProps/core.xml")


def test_rows_written_to_be_filled_in_further_read_back_as_they_were(tmp_path: Path) -> None:
    rows = [
        ("D1", "A", "rd", dt.date(2026, 6, 1), "zeker", 1.0),
        ("D2", "A", "undecidable", None, "band-2", 0.25),
    ]
    templates.fill(tmp_path / "audit.xlsx", "audit_sample", rows)
    read = intake.read(tmp_path / "audit.xlsx").tables["audit_sample"]
    assert [tuple(row.values()) for row in read.to_pylist()] == rows


@pytest.mark.parametrize("sign", ["=1+1", "+1", "-1", "@SUM(A1)", "=cmd|' /C calc'!A0"])
def test_what_looks_like_a_formula_is_never_written_as_one(tmp_path: Path, sign: str) -> None:
    templates.fill(tmp_path / "a.xlsx", "audit_sample", [(sign, "A", "rd", None, None, None)])
    cell = openpyxl.load_workbook(tmp_path / "a.xlsx")["Auditsteekproef"]["B3"]
    assert (cell.value, cell.data_type, cell.quotePrefix) == (sign, "s", True)


def test_every_table_is_in_one_workbook_and_named_once() -> None:
    named = [sheet.table.name for sheets in WORKBOOKS.values() for sheet in sheets]
    assert sorted(named) == sorted(set(named)) == sorted(TABLES)
    assert all(isinstance(table, Table) for table in TABLES.values())
    titles = [sheet.title["nl"] for sheet in SHEETS.values()]
    assert len(set(titles)) == len(titles)
    assert all(len(title) <= 31 for title in titles)  # Excel allows no longer name of a sheet
