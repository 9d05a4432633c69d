"""Parts of a template: cells that are never formulas, the sheet of help, the sheet of lists."""

from functools import cache
from importlib import resources
from typing import Any

from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE, Cell
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.worksheet import Worksheet

from analysis.contracts.intake import Sheet
from analysis.contracts.intake.shape import code_words
from analysis.contracts.table import Column
from analysis.sources.intake_faults import LANGUAGES, asked
from analysis.yaml_text import read_yaml

GREY = Font(italic=True, color="6D6D6D")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_HEAD = PatternFill("solid", fgColor="DCE6F1")
_WRAP = Alignment(wrap_text=True, vertical="top")
_WIDTHS = (18, 28, 18, 10, 44, 60, 18, 28, 44, 60)

Codes = tuple[str, ...]


@cache
def words() -> dict[str, Any]:
    """The words of a template besides those of its columns."""
    text = resources.files(__package__).joinpath("templates.yml").read_text("utf-8")
    return read_yaml(text)


def put(cell: Any, value: Any) -> Cell:
    """Fill a cell; a text is a text, whatever it begins with, and never a formula."""
    if isinstance(value, str):
        cell.value = ILLEGAL_CHARACTERS_RE.sub(" ", value)
        cell.data_type = "s"
        cell.quotePrefix = value.startswith(_FORMULA)
    else:
        cell.value = value
    return cell


def heading(cell: Any, text: str, help_: dict[str, str], english: str = "") -> None:
    """Fill a cell with the name of a column; its comment helps in both languages."""
    put(cell, text).font = Font(bold=True)
    cell.fill, cell.alignment = _HEAD, _WRAP
    in_english = f"{english}: {help_['en']}" if english else help_["en"]
    cell.comment = Comment(f"{help_['nl']}\n\n{in_english}", "pio", height=140, width=320)


def lists_of(sheets: tuple[Sheet, ...]) -> list[Codes]:
    """Every closed list of a workbook, each once."""
    columns = [column for sheet in sheets for column in sheet.table.columns.values()]
    return list(dict.fromkeys(codes for column in columns if (codes := codes_of(column))))


def codes_of(column: Column) -> Codes:
    """The codes a person chooses from in a column; none if it has no list."""
    return ("yes", "no") if column.kind == "flag" else column.values


def list_sheet(place: Worksheet, lists: list[Codes]) -> None:
    """Write the closed lists, two columns each: Dutch, which the drop-downs offer, and English."""
    for number, codes in enumerate(lists):
        for at, language in enumerate(LANGUAGES, 2 * number + 1):
            put(place.cell(1, at), language).font = GREY
            for row, code in enumerate(codes, 2):
                put(place.cell(row, at), code_words(code)[language])


def help_sheet(place: Worksheet, sheets: tuple[Sheet, ...]) -> None:
    """Write how to fill the workbook in, and what each column is, in both languages."""
    row = 1
    for language in LANGUAGES:
        for line in words()["intro"][language]:
            put(place.cell(row, 1), line)
            row += 1
    row += 1
    for at, text in enumerate(words()["headers"], 1):
        put(place.cell(row, at), text).font = Font(bold=True)
        place.column_dimensions[get_column_letter(at)].width = _WIDTHS[at - 1]
    for sheet in sheets:
        for name in sheet.table.columns:
            row += 1
            for at, text in enumerate(_explained(sheet, name), 1):
                put(place.cell(row, at), text).alignment = _WRAP


def _explained(sheet: Sheet, name: str) -> list[str]:
    column, field = sheet.table.columns[name], sheet.fields[name]
    must = words()["may" if column.may_be_missing else "must"]["nl"]
    dutch, english = (
        (sheet.title[code], field.label[code], asked(column, code)["kind"], field.help[code])
        for code in LANGUAGES
    )
    return [*dutch[:2], name, must, *dutch[2:], *english]
