"""Every table of the report as one workbook: a sheet a table, numbers that can be counted with."""

import datetime as dt
import io
import re
from collections.abc import Sequence
from typing import Any

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.hyperlink import Hyperlink
from openpyxl.worksheet.worksheet import Worksheet

from analysis.present.language import catalogue
from analysis.report import markdown
from analysis.rezip import rezipped
from analysis.sources.templates_parts import put

Node = dict[str, Any]
_BOLD, _TITLE = Font(bold=True), Font(bold=True, size=14)
_LINK = Font(color="0A4D8C", underline="single")
_WRAP = Alignment(wrap_text=True, vertical="top")
_POINTS = ("share-difference", "share-per-year")  # of shares 0-1, written in percentage points
_WORDS = ("day", "verdict", "flag", "light")  # codes that are written as words
_WIDEST = 60
_BELOW = ("note", "source")
_YEAR, _YEARS = "year", re.compile(r"(19|20)\d\d")
_DIGITS = r"([-\u2212]?)(0|[1-9]\d{{0,2}}(?:{}\d{{3}})*)(?:{}(\d+))?(\s?%)?"
_PRINTED = {
    "nl": re.compile(_DIGITS.format(r"\.", ",")),
    "en": re.compile(_DIGITS.format(",", r"\.")),
}
Cell = tuple[Any, str]  # what stands in it, and in which unit


def annex(document: Node, tables: Sequence[Node]) -> bytes:
    """Return the workbook (.xlsx) of the tables of a report in one language.

    Parameters
    ----------
    document : from `analysis.report.document.document`
    tables : the table blocks as emitted, in the order of the document; cells with their `number`

    Notes
    -----
    A number that has an interval takes three columns: value, lower and upper end. A number of no
    row of its own (a count of units, a year) is one as it is printed. What is withheld, unknown or
    no number stays the words of the report. Differences of shares are in percentage points. A text
    is never a formula, whoever wrote it.
    """
    meta = document["meta"]
    book = Workbook()
    about = book.properties
    about.creator, about.created = "pio", _day(meta)
    about.title, about.language = meta["title"], meta["language"]
    shown = [
        (chapter, block)
        for chapter in document["chapters"]
        for block in chapter["blocks"]
        if block["kind"] == "table"
    ]
    _contents(book.worksheets[0], document, shown)
    for (_, block), raw in zip(shown, tables, strict=True):
        _table(book.create_sheet(_name(block, document)), block, raw, document)
    out = io.BytesIO()
    book.save(out)
    return rezipped(out.getvalue(), _day(meta))


def _day(meta: Node) -> dt.datetime:
    return dt.datetime.fromisoformat(meta["day"] or "2000-01-01")


def _name(block: Node, document: Node) -> str:
    return f"{document['words']['table']} {block['number']}"


def _contents(sheet: Worksheet, document: Node, shown: list[tuple[Node, Node]]) -> None:
    meta, words = document["meta"], document["words"]
    sheet.title = words["contents"]
    put(sheet.cell(1, 1), meta["title"]).font = _TITLE
    put(sheet.cell(2, 1), f"{meta['organisation']}, {meta['date']}".strip(", "))
    if meta["mark"]:
        put(sheet.cell(3, 1), words[f"{meta['mark']}-means"])
    put(sheet.cell(4, 1), words["annex-means"])
    for place, (chapter, block) in enumerate(shown, 6):
        name = _name(block, document)
        link = put(sheet.cell(place, 1), name)
        link.hyperlink = Hyperlink(ref=link.coordinate, location=f"'{name}'!A1")
        link.font = _LINK
        put(sheet.cell(place, 2), block["caption"])
        put(sheet.cell(place, 3), f"{chapter['number']} {chapter['title']}")
        put(sheet.cell(place, 4), words[block["mark"]] if block["mark"] else "")
    for letter, width in zip("ABCD", (14, 80, 50, 24), strict=True):
        sheet.column_dimensions[letter].width = width


def _table(sheet: Worksheet, block: Node, raw: Node, document: Node) -> None:
    words, language = document["words"], document["meta"]["language"]
    put(sheet.cell(1, 1), f"{_name(block, document)}. {block['caption']}").font = _BOLD
    if block["mark"]:
        put(sheet.cell(2, 1), words[block["mark"]])
    columns = [
        column
        for place, head in enumerate(block["columns"])
        for column in _columns(head["label"], [row[place] for row in raw["rows"]], language)
    ]
    for place, (head, cells) in enumerate(columns, 1):
        _fill(sheet, place, head, cells)
    sheet.freeze_panes = "B5"
    below = [f"{words[part]}: {markdown.plain(block[part])}" for part in _BELOW if block[part]]
    for line, part in enumerate(below, 6 + len(raw["rows"])):
        put(sheet.cell(line, 1), part)


def _fill(sheet: Worksheet, place: int, head: str, cells: list[Cell]) -> None:
    top = put(sheet.cell(4, place), head)
    top.font, top.alignment = _BOLD, _WRAP
    for line, (value, unit) in enumerate(cells, 5):
        cell = put(sheet.cell(line, place), value)
        if not isinstance(value, str):
            cell.number_format = _pattern(value, unit)
    width = max(len(head) / 2, *(len(v) if isinstance(v, str) else 12 for v, _ in cells))
    sheet.column_dimensions[get_column_letter(place)].width = min(_WIDEST, width + 3)


def _columns(head: str, cells: list[Node], language: str) -> list[tuple[str, list[Cell]]]:
    """One column of the report as one of words, of numbers, or of numbers with their two ends."""
    words = catalogue(language)
    numbers = [_number(cell) or _printed(cell[language], language) for cell in cells]
    units = [number[3] if number else "" for number in numbers]
    if set(units) & set(_POINTS):
        head = f"{head} ({words['word.points']})"
    heads = [head, *(f"{head}: {words[f'column.{end}'].lower()}" for end in ("low", "high"))]
    said = [
        cell[language] if number is None or number[0] is None else number[0]
        for cell, number in zip(cells, numbers, strict=True)
    ]
    low, high = ([number[at] if number else None for number in numbers] for at in (1, 2))
    columns = [said, low, high] if low != high else [said]
    return [
        (name, list(zip(column, units, strict=True)))
        for name, column in zip(heads, columns, strict=False)
    ]


def _number(cell: Node) -> list[Any] | None:
    """Value, low, high and unit; None where the report has words alone."""
    *values, unit = cell.get("number", [None])
    if unit in _WORDS or all(value is None for value in values):
        return None
    times = 100 if unit in _POINTS else 1
    return [*(None if value is None else value * times for value in values), unit]


def _printed(text: str, language: str) -> list[Any] | None:
    """A year, a number or a percentage that is all that stands in a cell; no code, no name."""
    if _YEARS.fullmatch(text):
        return [int(text), None, None, _YEAR]
    if not (found := _PRINTED[language].fullmatch(text)):
        return None
    minus, whole, decimals, percent = found.groups()
    digits = re.sub(r"\D", "", whole)
    value = (float(f"{digits}.{decimals}") if decimals else int(digits)) * (-1 if minus else 1)
    return [value / 100 if percent else value, None, None, "share" if percent else ""]


def _pattern(value: float | None, unit: str) -> str:
    if unit in ("share", _YEAR):
        return "0.0%" if unit == "share" else "0"
    digits = "" if value is None or value == round(value) else ".00"
    return f'"€" #,##0{digits}' if unit == "EUR" else f"#,##0{digits}"
