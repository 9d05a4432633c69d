"""What spreadsheets of people hold besides data: each thing handled and noted, or named."""

import datetime as dt
from decimal import Decimal
from pathlib import Path

import openpyxl
from intake_forms import APPLICATION, BUYER, CALL, faults, filled, sheet_of
from openpyxl.workbook import Workbook

from analysis.sources import intake

DAY = dt.datetime
NAMES = ["Oproep", "Soort oproep", "Uiterste indiendatum", "Budget van de oproep (euro)"]
A_CALL = ["2024-open", "open oproep", DAY(2024, 5, 14), 1000]
ANOTHER = ["2024-thema", "thematische oproep", DAY(2024, 9, 1), 500]


def calls(path: Path) -> list[str]:
    return intake.read(path).tables["pio_calls"].column("call").to_pylist()


def opened(path: Path) -> Workbook:
    return openpyxl.load_workbook(path)


def test_a_row_of_totals_is_left_out_and_noted(tmp_path: Path) -> None:
    rows = [NAMES, A_CALL, ANOTHER, ["Totaal", None, None, 1500]]
    read = intake.read(sheet_of(tmp_path / "a.xlsx", rows))
    assert read.tables["pio_calls"].num_rows == 2
    assert "sheet 'Blad1', row 4: a row of totals, not read" in read.notes


def test_a_call_that_is_named_totaal_is_no_row_of_totals(tmp_path: Path) -> None:
    rows = [NAMES, ["Totaalaanpak", *A_CALL[1:]]]
    assert calls(sheet_of(tmp_path / "a.xlsx", rows)) == ["Totaalaanpak"]


def test_a_row_that_states_all_it_must_is_data_whatever_its_title_begins_with(
    tmp_path: Path,
) -> None:
    names = ["Opdracht", "Ondernemingsnummer aankoper", "Datum", "Voorwerp van de opdracht"]
    rows = [names, [17, "1999.999.943", "2024-01-31", "Totaal concept voor sluizen"]]
    read = intake.read(sheet_of(tmp_path / "a.xlsx", rows))
    (row,) = read.tables["contract_register"].to_pylist()
    assert (row["contract"], row["title"]) == ("17", "Totaal concept voor sluizen")


def test_a_title_above_the_names_does_no_harm(tmp_path: Path) -> None:
    def titled(book: Workbook) -> Path:
        book["Blad1"].merge_cells("A1:D1")
        book.save(tmp_path / "a.xlsx")
        return tmp_path / "a.xlsx"

    path = sheet_of(tmp_path / "a.xlsx", [["Oproepen van PIO"], [], NAMES, A_CALL])
    assert calls(titled(opened(path))) == ["2024-open"]


def test_two_rows_of_names_are_read_together(tmp_path: Path) -> None:
    rows = [
        ["Oproep", "Soort oproep", "Uiterste", "Budget van de"],
        [None, None, "indiendatum", "oproep (euro)"],
        A_CALL,
    ]
    path = sheet_of(tmp_path / "a.xlsx", rows)
    book = opened(path)
    for cells in ("A1:A2", "B1:B2"):
        book["Blad1"].merge_cells(cells)
    book.save(path)
    assert intake.read(path).tables["pio_calls"].to_pylist()[0]["budget_eur"] == 1000


def test_a_row_of_units_below_the_names_is_left_out_and_noted(tmp_path: Path) -> None:
    rows = [NAMES, ["tekst", "tekst", "dd/mm/jjjj", "euro"], A_CALL]
    read = intake.read(sheet_of(tmp_path / "a.xlsx", rows))
    assert read.tables["pio_calls"].num_rows == 1
    assert "sheet 'Blad1', row 2: a row of units, not read" in read.notes


def test_merged_cells_among_the_data_are_named_once(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", [NAMES, A_CALL, [None, *ANOTHER[1:]]])
    book = opened(path)
    book["Blad1"].merge_cells("A2:A3")
    book.save(path)
    assert faults(path) == [
        "sheet 'Blad1', row 2, column A (Oproep): found '2024-open'; expected: one value a cell; "
        "to do: unmerge the cells A2:A3 and fill in each"
    ]


def test_what_is_hidden_is_named_not_taken_along(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", [NAMES, A_CALL, ANOTHER])
    book = opened(path)
    book["Blad1"].row_dimensions[3].hidden = True
    book["Blad1"].column_dimensions["D"].hidden = True
    book.save(path)
    column, row = faults(path)
    assert column.startswith("sheet 'Blad1', column D (Budget van de oproep (euro)): found")
    assert row.startswith("sheet 'Blad1', row 3, column A (Oproep): found '2024-thema'")


def test_a_hidden_sheet_with_data_is_named_and_one_with_notes_passed_over(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", [NAMES, A_CALL])
    book = opened(path)
    for title, rows in (("Oud", [NAMES, ANOTHER]), ("Kladblok", [["nog te doen"]])):
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
        sheet.sheet_state = "hidden"
    book.save(path)
    (said,) = faults(path)
    assert said.startswith("sheet 'Oud': found 'Oud'; expected: sheets that can be seen")
    del book["Oud"]
    book.save(path)
    assert "sheet 'Kladblok': passed over" in intake.read(path).notes


def test_a_hidden_sheet_that_nobody_filled_in_does_no_harm(tmp_path: Path) -> None:
    def hide(book: Workbook) -> None:
        book["Aanvragen"].sheet_state = "hidden"

    assert calls(filled(tmp_path / "a.xlsx", "pio", {"Oproepen": [CALL]}, hide)) == ["2024-open"]


def test_a_formula_that_was_never_calculated_is_named(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", [NAMES, [*A_CALL[:3], "=500+500"]])
    (said,) = faults(path)
    assert said.startswith("sheet 'Blad1', row 2, column D")
    assert "this formula was never calculated" in said


def test_a_formula_that_was_calculated_gives_its_value(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", [NAMES, [*A_CALL[:3], "=500+500"]])
    calculated(path, "<v></v>", "<v>1000</v>")
    read = intake.read(path)
    assert read.tables["pio_calls"].column("budget_eur").to_pylist() == [Decimal(1000)]
    assert "sheet 'Blad1': formulas, read as they were last calculated: 1" in read.notes


def calculated(path: Path, before: str, after: str) -> None:
    """Change the XML of the first sheet, as Excel does when it calculates."""
    import zipfile

    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"].decode()
    short = before.replace("<v></v>", "<v />")
    assert before in sheet or short in sheet
    changed = sheet.replace(before, after).replace(short, after)
    parts["xl/worksheets/sheet1.xml"] = changed.encode()
    with zipfile.ZipFile(path, "w") as archive:
        for name, data in parts.items():
            archive.writestr(name, data)


def test_an_error_of_excel_is_named(tmp_path: Path) -> None:
    (said,) = faults(sheet_of(tmp_path / "a.xlsx", [NAMES, [*A_CALL[:3], "#DEEL/0!"]]))
    assert "found '#DEEL/0!'; expected: a value" in said


def test_columns_that_are_unknown_missing_double_or_nameless_are_each_named(
    tmp_path: Path,
) -> None:
    names = ["Oproep", "Oproep", "Uiterste indiendatm", "Aantal klachten", None]
    rows = [[*names, "Soort oproep"], ["a", "b", DAY(2024, 5, 1), 3, "los", "open oproep"]]
    said = faults(sheet_of(tmp_path / "a.xlsx", rows))
    assert [sentence.split(": found ")[0] for sentence in said] == [
        "sheet 'Blad1', column Submission deadline",
        "sheet 'Blad1', column B (Oproep)",
        "sheet 'Blad1', column C (Uiterste indiendatm)",
        "sheet 'Blad1', column D (Aantal klachten)",
        "sheet 'Blad1', row 2, column E (?)",
    ]
    assert "did you mean 'Uiterste indiendatum'?" in said[2]
    assert "delete the column, or say in columns.yml which column it is" in said[3]


def test_a_column_that_may_be_missing_counts_as_not_known_and_is_noted(tmp_path: Path) -> None:
    read = intake.read(sheet_of(tmp_path / "a.xlsx", [NAMES[:3], A_CALL[:3]]))
    assert read.tables["pio_calls"].column("budget_eur").to_pylist() == [None]
    assert any("column 'Budget of the call (euro)' is not there" in note for note in read.notes)


def test_a_sheet_that_is_no_form_is_named_with_the_forms_there_are(tmp_path: Path) -> None:
    (said,) = faults(sheet_of(tmp_path / "a.xlsx", [["Naam", "Telefoon"], ["x", "y"]]))
    assert said.startswith("sheet 'Blad1', row 1: found 'Naam | Telefoon'; expected: a row with")
    assert "Calls, Applications, Projects" in said


def test_technical_and_english_names_are_understood_too(tmp_path: Path) -> None:
    names = ["call", "Kind of call", "DEADLINE"]
    assert calls(sheet_of(tmp_path / "a.xlsx", [names, A_CALL[:3]])) == ["2024-open"]


def test_a_sheet_for_each_year_makes_one_table(tmp_path: Path) -> None:
    path = sheet_of(tmp_path / "a.xlsx", [NAMES, A_CALL], title="2023")
    book = opened(path)
    for row in (NAMES, ANOTHER, A_CALL):
        book["2024" if "2024" in book.sheetnames else book.create_sheet("2024").title].append(row)
    book.save(path)
    (said,) = faults(path)
    assert said.startswith("sheet '2024', row 3, column A (Oproep): found '2024-open'")
    assert "the same key stands on row 2 (2023) too" in said


def test_the_example_row_is_not_read(tmp_path: Path) -> None:
    path = filled(tmp_path / "a.xlsx", "pio", {"Oproepen": [CALL]})
    assert calls(path) == ["2024-open"]
    assert "sheet 'Oproepen', row 3: the example row, not read" in intake.read(path).notes


def test_data_typed_over_the_example_row_is_not_lost_in_silence(tmp_path: Path) -> None:
    def typed_over(book: Workbook) -> None:
        book["Oproepen"]["B3"].value = "2025-open"

    said = faults(filled(tmp_path / "a.xlsx", "pio", {"Oproepen": [CALL]}, typed_over))
    assert len(said) == 1
    assert said[0].startswith("sheet 'Oproepen', row 3, column B (Oproep): found '2025-open'")


def test_the_example_is_no_data_even_where_its_mark_is_gone(tmp_path: Path) -> None:
    def unmarked(book: Workbook) -> None:
        book["Oproepen"]["A3"].value = None

    (said,) = faults(filled(tmp_path / "a.xlsx", "pio", {"Oproepen": [CALL]}, unmarked))
    assert "this is the example row of the template: delete it" in said


def test_a_template_with_nothing_in_it_is_refused(tmp_path: Path) -> None:
    (said,) = faults(filled(tmp_path / "a.xlsx", "pio", {}))
    assert "expected: at least one row filled in" in said


def test_a_reference_is_checked_only_where_its_table_is_there(tmp_path: Path) -> None:
    read = intake.read(filled(tmp_path / "a.xlsx", "pio", {"Aanvragen": [APPLICATION]}))
    assert read.tables["pio_applications"].column("buyer").to_pylist() == [BUYER]


def test_a_rule_on_a_cell_that_could_not_be_read_is_not_judged(tmp_path: Path) -> None:
    rows = [CALL | {"Geopend op": "later"}]
    (said,) = faults(filled(tmp_path / "a.xlsx", "pio", {"Oproepen": rows}))
    assert "column E (Geopend op)" in said
