"""The workbooks that people fill in: one an input, with help, lists and an example row."""

import datetime as dt
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from analysis.contracts.intake import SHEETS, WORKBOOKS, Sheet
from analysis.contracts.intake.shape import code_words
from analysis.contracts.table import Column
from analysis.rezip import rezipped
from analysis.sources.intake_faults import LANGUAGES, asked
from analysis.sources.templates_parts import (
    GREY,
    Codes,
    codes_of,
    heading,
    help_sheet,
    list_sheet,
    lists_of,
    put,
    words,
)

_DAY = dt.datetime(2026, 1, 1)  # of every workbook, so that its bytes stay the same
_FORMATS = {
    "text": "@",
    "day": "dd/mm/yyyy",
    "whole": "0",
    "number": "0.####",
    "money": "#,##0.00",
    "flag": "@",
}
_FIRST, _LAST = 3, 1_048_576  # rows to be filled in


def write(folder: Path) -> list[Path]:
    """Write every template as `folder`/<input>.xlsx; the same bytes every time.

    Returns
    -------
    The paths, in the order of contracts.intake.WORKBOOKS.
    """
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, sheets in WORKBOOKS.items():
        path = folder / f"{name}.xlsx"
        path.write_bytes(_bytes(_workbook(sheets)))
        written.append(path)
    return written


def fill(path: Path, table: str, rows: Iterable[Sequence[Any]]) -> None:
    """Write the template of one table with `rows` in it and no example, to be filled in further.

    Parameters
    ----------
    path : of the workbook
    table : name of a table of contracts.intake
    rows : cells in the order of the table's columns; what is None stays empty
    """
    path.write_bytes(_bytes(_workbook((SHEETS[table],), rows=list(rows))))


def _workbook(sheets: tuple[Sheet, ...], rows: list[Sequence[Any]] | None = None) -> Workbook:
    book = Workbook()
    book.remove(book.worksheets[0])
    book.properties.creator, book.properties.created = "pio", _DAY
    lists = lists_of(sheets)
    for sheet in sheets:
        place = book.create_sheet(sheet.title["nl"])
        _names(place, sheet, lists)
        if rows is None:
            put(place.cell(_FIRST, 1), words()["example"]["nl"]).font = GREY
            example = [field.example for field in sheet.fields.values()]
            _rows(place, sheet, [example], GREY)
        else:
            _rows(place, sheet, rows, Font())
    help_sheet(book.create_sheet(words()["help"]["nl"]), sheets)
    list_sheet(book.create_sheet(words()["lists"]["nl"]), lists)
    return book


def _names(place: Worksheet, sheet: Sheet, lists: list[Codes]) -> None:
    """Write the two rows of names, and what Excel allows below each."""
    heading(place.cell(1, 1), words()["marker"]["nl"], words()["marker_help"])
    put(place.cell(2, 1), words()["marker"]["nl"].lower()).font = GREY
    for number, (name, column) in enumerate(sheet.table.columns.items(), 2):
        field, letter = sheet.fields[name], get_column_letter(number)
        heading(place.cell(1, number), field.label["nl"], field.help, field.label["en"])
        put(place.cell(2, number), name).font = GREY
        place.column_dimensions[letter].width = min(40, max(14, len(field.label["nl"]) + 2))
        place.column_dimensions[letter].number_format = _FORMATS[column.kind]
        if rule := _rule(column, lists):
            rule.add(f"{letter}{_FIRST}:{letter}{_LAST}")
            place.add_data_validation(rule)
    place.column_dimensions["A"].width = 11
    place.freeze_panes = f"B{_FIRST}"


def _rows(place: Worksheet, sheet: Sheet, rows: Iterable[Sequence[Any]], font: Font) -> None:
    columns = list(sheet.table.columns.values())
    for number, row in enumerate(rows, _FIRST):
        for at, (column, value) in enumerate(zip(columns, row, strict=True), 2):
            cell = put(place.cell(number, at), _said(value, column))
            cell.number_format, cell.font = _FORMATS[column.kind], font


def _said(value: Any, column: Column) -> Any:
    """A value as people write it: the Dutch words of a code, ja or nee, a number, a day."""
    if value is None:
        return None
    if column.kind == "flag":
        return code_words("yes" if value else "no")["nl"]
    return code_words(value)["nl"] if column.values else value


def _rule(column: Column, lists: list[Codes]) -> DataValidation | None:
    """Let Excel offer the list, or refuse what is no day or number."""
    low, high = column.within or (-(10**15), 10**15)
    if codes := codes_of(column):
        at = get_column_letter(2 * lists.index(codes) + 1)
        cells = f"{words()['lists']['nl']}!${at}$2:${at}${len(codes) + 1}"
        rule = DataValidation(type="list", formula1=cells)
    elif column.kind == "day":
        rule = DataValidation(type="date", operator="between", formula1="18264", formula2="73050")
    elif column.kind != "text":
        rule = DataValidation(
            type="whole" if column.kind == "whole" else "decimal",
            operator="between",
            formula1=str(low),
            formula2=str(high),
        )
    else:
        return None
    rule.errorTitle, rule.error = "PIO", " / ".join(_refused(column, code) for code in LANGUAGES)
    rule.allow_blank = rule.showErrorMessage = True
    return rule


def _refused(column: Column, language: str) -> str:
    kind = words()["listed"][language] if column.values else asked(column, language)["kind"]
    return words()["refused"][language].format(kind=kind)


def _bytes(book: Workbook) -> bytes:
    raw = io.BytesIO()
    book.save(raw)
    return rezipped(raw.getvalue(), _DAY)
