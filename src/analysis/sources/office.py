"""A workbook from strangers, looked at before it is opened: its size, its kind, its structure."""

import re
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from lxml import etree
from openpyxl.utils.cell import coordinate_to_tuple, range_boundaries

from analysis.refusal import SourceError
from analysis.sources.streams import GROWTH, GROWTH_FREE

LARGEST = 600_000_000  # bytes of all members together, unpacked
MEMBERS = 2_000
CELLS = 4_000_000
MERGED = 2_000  # merged ranges in one sheet
COLUMNS, ROWS = 300, 1_048_576
_XML = (".xml", ".rels", ".vml")
_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY", b"\x00")
_ENCODING = re.compile(rb"""^[^>]*encoding\s*=\s*["']([^"']+)""")
_OVERLAP = 16


@dataclass
class Structure:
    """What a sheet has besides its values; rows and columns are numbered from 1."""

    last_row: int = 0
    last_column: int = 0
    cells: int = 0
    formulas: int = 0
    unvalued: set[tuple[int, int]] = field(default_factory=set)  # formulas never calculated
    hidden_rows: set[int] = field(default_factory=set)
    hidden_columns: set[int] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)  # row, column, to, to


def inspect(name: str, archive: zipfile.ZipFile, size: int) -> None:
    """Refuse a workbook that is none, holds macros or entities, or unpacks into too much.

    Parameters
    ----------
    name : of the file, for the message
    archive : the open zip
    size : bytes of the file as received
    """
    names = archive.namelist()
    if any("vbaproject" in member.lower() for member in names):
        raise refuse(name, "a workbook with macros", do="save it as .xlsx, without macros")
    if "xl/workbook.bin" in names or "content.xml" in names:
        raise refuse(name, "a binary or OpenDocument workbook")
    if "xl/workbook.xml" not in names or "[Content_Types].xml" not in names:
        raise refuse(name, "a zip that is no workbook")
    if len(names) > MEMBERS:
        raise refuse(name, f"{len(names)} parts in one workbook")
    left = min(LARGEST, GROWTH_FREE + GROWTH * size)
    for member in archive.infolist():
        left = _unpacked(name, archive, member, left)


def _unpacked(name: str, archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """Read a part to its end and throw it away; gives how many bytes may still come."""
    if member.flag_bits & 1:
        raise refuse(name, "a workbook with a password", do="save it without a password")
    is_xml, tail = member.filename.lower().endswith(_XML), b""
    with archive.open(member) as part:
        while block := part.read(1 << 20):
            left -= len(block)
            if left < 0:
                raise refuse(name, "a compression bomb, or far too large a workbook")
            if is_xml:
                _harmless(name, tail + block, is_first=not tail)
            tail = block[-_OVERLAP:]
    return left


def _harmless(name: str, xml: bytes, *, is_first: bool) -> None:
    declared = _ENCODING.match(xml) if is_first else None
    if declared and declared[1].lower() not in (b"utf-8", b"us-ascii", b"ascii"):
        raise refuse(name, f"a part in {declared[1][:20].decode('ascii', 'replace')}")
    if any(mark in xml for mark in _FORBIDDEN):
        raise refuse(name, "a part with a document type, entities or NUL bytes")
    if b"macroEnabled" in xml and b"ContentType" in xml:
        raise refuse(name, "a workbook with macros", do="save it as .xlsx, without macros")


def structure(name: str, part: Any) -> Structure:
    """Read the structure of one sheet from its XML, row by row and in little memory."""
    found, row = Structure(), 0
    parts = etree.iterparse(
        part, tag=("{*}row", "{*}col", "{*}mergeCell"), resolve_entities=False, no_network=True
    )
    for _, element in parts:
        tag = etree.QName(element).localname
        if tag == "row":
            row = int(element.get("r") or row + 1)
            _row(name, found, element, row)
        elif tag == "mergeCell":
            _merge(name, found, element.get("ref") or "")
        elif element.get("hidden") in ("1", "true"):
            last = min(int(element.get("max") or 0), COLUMNS)
            found.hidden_columns.update(range(int(element.get("min") or 1), last + 1))
        element.clear()
        while element.getprevious() is not None:
            del element.getparent()[0]
    return found


def _merge(name: str, found: Structure, cells: str) -> None:
    column, row, to_column, to_row = range_boundaries(cells)
    found.merged.append((row or 1, column or 1, to_row or ROWS, to_column or COLUMNS))
    if len(found.merged) > MERGED:
        raise refuse(name, f"more than {MERGED} merged ranges in one sheet")


def _row(name: str, found: Structure, element: Any, row: int) -> None:
    if element.get("hidden") in ("1", "true"):
        found.hidden_rows.add(row)
    column = 0
    for cell in element.iterchildren("{*}c"):
        place = cell.get("r")
        row, column = coordinate_to_tuple(place) if place else (row, column + 1)
        value, formula = cell.find("{*}v"), cell.find("{*}f")
        stated = cell.find("{*}is") is not None or (value is not None and bool(value.text))
        if formula is not None:
            found.formulas += 1
            if not stated:
                found.unvalued.add((row, column))
        if stated or formula is not None:
            found.cells += 1
            found.last_row = max(found.last_row, row)
            found.last_column = max(found.last_column, column)
    if found.cells > CELLS or found.last_row > ROWS or found.last_column > COLUMNS:
        raise refuse(name, f"more than {CELLS} cells, or values past column {COLUMNS}")


@contextmanager
def whole(name: str) -> Iterator[None]:
    """Name the file: from a damaged workbook the libraries raise almost anything."""
    try:
        yield
    except SourceError:
        raise
    except Exception as fault:
        raise refuse(name, f"a damaged workbook: {type(fault).__name__}: {fault}"[:300]) from fault


def refuse(
    name: str, found: str, *, do: str = "open it in Excel and save it as .xlsx or CSV UTF-8"
) -> SourceError:
    """Refuse a file as a whole."""
    return SourceError(
        name,
        found=found,
        expected="an Excel workbook (.xlsx) or a CSV file, without macros or password",
        do=f"{do}; nothing of it was used",
    )
