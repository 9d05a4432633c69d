"""Workbooks and CSV files as grids: what stands in which cell, whatever the file was."""

import csv
import datetime as dt
import io
import warnings
import zipfile
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.utils.datetime import WINDOWS_EPOCH

from analysis.progress import shown
from analysis.sources.office import COLUMNS, Structure, inspect, refuse, structure, whole

LARGEST = 200_000_000  # bytes of a CSV file
_OLD_EXCEL = b"\xd0\xcf\x11\xe0"
_MACROS = (".xlsm", ".xltm", ".xlam", ".xls", ".xlsb", ".ods")
_UTF16 = (b"\xff\xfe", b"\xfe\xff")


class Percent(float):
    """A number that its cell shows as a percentage: 0.12 for 12 %."""


@dataclass(frozen=True)
class Grid:
    """One sheet: row -> column -> value, both from 1; empty cells are left out."""

    name: str
    rows: dict[int, dict[int, Any]]
    structure: Structure = field(default_factory=Structure)
    hidden: bool = False
    epoch: dt.datetime = WINDOWS_EPOCH
    notes: tuple[str, ...] = ()

    def at(self, row: int, column: int) -> Any:
        """Give the value of a cell; within a merged range that of its first cell."""
        for top, left, bottom, right in self.structure.merged:
            if top <= row <= bottom and left <= column <= right:
                row, column = top, left
        return self.rows.get(row, {}).get(column)


def grids(path: Path) -> list[Grid]:
    """Read every sheet of a workbook, or the one table of a CSV file.

    Raises
    ------
    SourceError
        For what is neither, is damaged, locked, far too large or has macros.
    """
    try:
        with path.open("rb") as file:
            head = file.read(64)
        size = path.stat().st_size
    except OSError as fault:
        raise refuse(
            str(path), f"no readable file: {fault.strerror}", do="check the path"
        ) from fault
    if path.suffix.lower() in _MACROS:
        raise refuse(path.name, f"a file of the kind {path.suffix.lower()}")
    if head.startswith(_OLD_EXCEL):
        raise refuse(path.name, "an old Excel workbook, or one with a password")
    if head.startswith(b"PK"):
        return _workbook(path, size)
    if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<"):
        raise refuse(path.name, "a web page or XML under another name")
    if size > LARGEST:
        raise refuse(path.name, f"{size} bytes")
    return [_csv(path.name, path.read_bytes())]


def _workbook(path: Path, size: int) -> list[Grid]:
    with whole(path.name), warnings.catch_warnings():
        warnings.simplefilter("ignore")  # what openpyxl cannot keep is not needed here
        with zipfile.ZipFile(path) as archive:
            inspect(path.name, archive, size)
            book = openpyxl.load_workbook(path, read_only=True, data_only=True, keep_links=False)
            try:
                return [_sheet(path.name, archive, sheet, book.epoch) for sheet in book.worksheets]
            finally:
                book.close()


def _sheet(name: str, archive: zipfile.ZipFile, sheet: Any, epoch: dt.datetime) -> Grid:
    with archive.open(sheet._worksheet_path) as part:
        found = structure(name, part)
    rows = {}
    with shown(f"opening {sheet.title}", found.last_row) as advance:
        cells = sheet.iter_rows(max_row=found.last_row, max_col=found.last_column)
        for row in cells if found.cells else ():
            stated = [cell for cell in row if cell.value not in (None, "")]
            if stated:
                rows[stated[0].row] = {cell.column: _value(cell) for cell in stated}
            advance(1)
    return Grid(sheet.title, rows, found, sheet.sheet_state != "visible", epoch)


def _value(cell: Any) -> Any:
    value = cell.value
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return Percent(value) if is_number and "%" in (cell.number_format or "") else value


def _csv(name: str, raw: bytes) -> Grid:
    if raw.startswith(_UTF16) or b"\x00" in raw[:1000]:
        raise refuse(name, "text in UTF-16 or a binary file", do="save it as CSV UTF-8")
    notes = []
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        try:
            text = raw.decode("cp1252")
        except UnicodeDecodeError as fault:
            raise refuse(name, f"text that is not UTF-8: {fault.reason}") from fault
        notes.append("cp1252")
    rows: dict[int, dict[int, Any]] = {}
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text))
        line = 1
        for cells in reader:
            stated = {n: cell.strip() for n, cell in enumerate(cells, 1) if cell.strip()}
            if stated and not (line == 1 and cells[0].lower().startswith("sep=")):
                rows[line] = stated
            if len(cells) > COLUMNS:
                raise refuse(name, f"{len(cells)} cells on line {line}")
            line = reader.line_num + 1
    except csv.Error as fault:
        raise refuse(name, f"line {reader.line_num}: {fault}") from fault
    return Grid(name, rows, notes=tuple(notes))


def _delimiter(text: str) -> str:
    """Semicolon, comma or tab: what cuts the first lines into most pieces."""
    lines = [line for line in text[:20_000].splitlines() if line.strip()] or [""]
    if lines[0].lower().startswith("sep=") and len(lines[0].strip()) == 5:
        return lines[0].strip()[4]
    return max(";,\t", key=lambda mark: _pieces(lines[:10], mark))


def _pieces(lines: list[str], mark: str) -> int:
    """Pieces that a mark cuts a line into, the middle one of the lines."""
    counts = sorted(len(next(csv.reader([line], delimiter=mark), [])) for line in lines)
    return counts[len(counts) // 2]
