"""Forms filled in as people do: into the template, below the Dutch names, in Excel or as CSV."""

import datetime as dt
from collections.abc import Callable
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
import pytest
from openpyxl.workbook import Workbook

from analysis.refusal import SourceError
from analysis.sources import intake, templates

BUYER, FIRM = "1999999943", "1999999844"  # invented; the check digits are right
Forms = dict[str, list[dict[str, Any]]]  # title of a sheet -> rows by Dutch name


@cache
def template(name: str) -> bytes:
    with TemporaryDirectory() as folder:
        return {path.stem: path.read_bytes() for path in templates.write(Path(folder))}[name]


def filled(
    path: Path, name: str, forms: Forms, change: Callable[[Workbook], object] | None = None
) -> Path:
    """The template `name` with rows from row 4 on, as `path`; `change` spoils it further."""
    path.write_bytes(template(name))
    book = openpyxl.load_workbook(path)
    for title, rows in forms.items():
        sheet = book[title]
        places = {sheet.cell(1, at).value: at for at in range(1, sheet.max_column + 1)}
        for line, row in enumerate(rows, 4):
            for label, value in row.items():
                sheet.cell(line, places[label]).value = value
    if change:
        change(book)
    book.save(path)
    return path


def sheet_of(path: Path, rows: list[list[Any]], title: str = "Blad1") -> Path:
    """A workbook with one sheet of these rows, as another program would export it."""
    book = Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.title = title
    for row in rows:
        sheet.append(row)
    book.save(path)
    return path


def faults(path: Path, language: str = "en", **more: Any) -> list[str]:
    """The sentences of the refusal of `path`, without the count on top."""
    with pytest.raises(SourceError) as caught:
        intake.read(path, language=language, **more)
    return [line.strip() for line in caught.value.found.split("\n")][1:]


CALL = {
    "Oproep": "2024-open",
    "Soort oproep": "open oproep",
    "Uiterste indiendatum": dt.datetime(2024, 5, 14),
}
APPLICATION = {
    "Aanvraag": "A1",
    "Oproep": "2024-open",
    "Ondernemingsnummer aanvrager": BUYER,
    "Ingediend op": dt.datetime(2024, 5, 2),
    "Beslissing": "ontvankelijk",
    "Beslist op": dt.datetime(2024, 7, 1),
}
PROJECT = {
    "Project": "P1",
    "Aanvraag": "A1",
    "Ondernemingsnummer aankoper": BUYER,
    "Ingediend op": dt.datetime(2024, 5, 2),
}
CONTRACT = {"Opdracht": "O1", "Project": "P1", "Gegund op": dt.datetime(2025, 3, 3)}
BIDDER = {"Opdracht": "O1", "Volgnummer inschrijver": 1, "Land": "BE", "Gewonnen": "ja"}
