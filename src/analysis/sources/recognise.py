"""Registers and deliveries of the programmes are recognised by what is in them, not by names."""

import csv
import zipfile
from contextlib import suppress
from pathlib import Path, PurePosixPath

from analysis.refusal import SourceError
from analysis.sources import canonical, csv_files, intake, kbo_zip
from analysis.sources.csv_files import Bundle, header_of
from analysis.sources.grids import Grid
from analysis.sources.intake_heads import Head, head
from analysis.sources.streams import Received, damage
from analysis.store.extracts import PROGRAMME, Extract

_OF_KBO = {"meta.csv", *kbo_zip.wanted("full"), *kbo_zip.wanted("update")}
_BOOKS = ({"xl/workbook.xml"}, {"xl/workbook.bin"}, {"mimetype", "content.xml"})
_OLD_OR_LOCKED = b"\xd0\xcf\x11\xe0"  # workbooks of before 2007, and those with a password
_TABLES, _PACKED = (".csv", ".xlsx"), (".xml", ".zip", ".tar", ".gz", ".tgz")
_OTHERS = (*_TABLES, ".zip")  # what may be a register or a form by itself
_ROWS = 30  # lines in which the names of the columns are sought


def recognise(bundle: Bundle) -> Extract | None:
    """Tell what a received file or folder is, by what is in it; None if it holds notices.

    - a zip or folder with at least two of KBO's CSV files: an extract of KBO Open Data
    - the same with at least two of the files named by canonical table: tables of enterprises
    - a CSV whose first line has at least three columns of SIZES or of BUYERS
    - a workbook, or a CSV with the column names of a table of `contracts.intake`; a zip or folder
      with at least one of these, or with a mapping of columns, and no XML or package: a delivery
      of the programmes

    Raises
    ------
    SourceError
        An extract of KBO that does not tell which one it is.
    """
    if isinstance(bundle.place, Path):
        first = _first(bundle.place)
        if not first.startswith(b"PK\3\4"):
            return _plain(first) or (Extract(PROGRAMME) if _is_table(first) else None)
    files = _names(bundle)
    names = {PurePosixPath(name).name for name in files}
    if len(names & _OF_KBO) > 1:
        return kbo_zip.extract_of(bundle)
    if len(names & set(canonical.FILES)) > 1:
        return Extract("companies")
    if is_workbook(files) or names & set(intake.MAPPINGS) or _holds_forms(bundle, files):
        return Extract(PROGRAMME)
    return None


def out_of_place(bundle: Bundle) -> str | None:
    """The first file in a folder of notices that is a register or a form; None if there is none."""
    found = bundle.place if isinstance(bundle.place, dict) else {}
    some = (name for name in sorted(found) if PurePosixPath(name).suffix.lower() in _OTHERS)
    return next((name for name in some if recognise(Bundle(name, found[name]))), None)


def is_workbook(members: list[str]) -> bool:
    """Whether a zip with these members is a workbook, of Excel or another program."""
    return any(parts <= set(members) for parts in _BOOKS)


def mapping_of(path: Path) -> Path | None:
    """The mapping of columns that stands beside a workbook or CSV file, where it is meant for it.

    It is not meant for notices, packages and registers.
    """
    found = intake.beside(path) if path.is_file() else None
    with suppress(OSError):
        if found and (extract := recognise(Bundle(path.name, path))):
            return found if extract.kind == PROGRAMME else None
        if found and path.suffix.lower() == ".csv" and _text(_first(path)):
            return found
    return None


def _first(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(csv_files.FIRST)


def _names(bundle: Bundle) -> list[str]:
    if isinstance(bundle.place, dict):
        return list(bundle.place)
    try:
        with bundle.place.open("rb", buffering=0) as raw, damage(bundle.name):
            archive = zipfile.ZipFile(Received(raw, int))
    except SourceError:
        return []  # the readers of packages say what is wrong with it
    return archive.namelist()


def _plain(first: bytes) -> Extract | None:
    header = set(header_of(first.split(b"\n", 1)[0]))
    shared = {name: len(header & set(t.columns)) for name, t in canonical.PLAIN.items()}
    best = max(shared, key=shared.__getitem__)
    return Extract(best) if shared[best] > 2 else None


def _holds_forms(bundle: Bundle, files: list[str]) -> bool:
    """Whether one of the files is a workbook or a form, and none is a notice or a package."""
    if any(PurePosixPath(name).suffix.lower() in _PACKED for name in files):
        return False
    tables = [name for name in files if PurePosixPath(name).suffix.lower() in _TABLES]
    if isinstance(bundle.place, dict):
        return any(_is_table(_first(bundle.place[name])) for name in tables)
    if any(name.lower().endswith(".xlsx") for name in tables):
        return True
    with suppress(SourceError), csv_files.opened(bundle) as opened:
        return any(_is_table(csv_files.first_bytes(opened, name)) for name in tables)
    return False


def _is_table(first: bytes) -> bool:
    """Whether it is a workbook, or a text with the column names of a table of the programmes."""
    if first.startswith((b"PK\3\4", _OLD_OR_LOCKED)):
        return True
    lines = _text(first).splitlines()[:_ROWS]
    for mark in ";,\t":
        with suppress(csv.Error):
            cells = [dict(enumerate(row, 1)) for row in csv.reader(lines, delimiter=mark)]
            stated = [{place: cell for place, cell in row.items() if cell} for row in cells]
            rows = {line: row for line, row in enumerate(stated, 1) if row}
            if isinstance(head(Grid("", rows), {}), Head):
                return True
    return False


def _text(first: bytes) -> str:
    """The bytes as text; nothing where they are XML or no text."""
    text = first.decode("utf-8-sig", "replace")
    return "" if "\0" in text or text.lstrip().startswith("<") else text
