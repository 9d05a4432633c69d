"""What the programmes deliver, from the workbooks people fill in: whole and right, or refused."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pyarrow as pa
import yaml

from analysis.contracts import keep
from analysis.contracts.intake import SHEETS, TABLES
from analysis.refusal import SourceError
from analysis.sources.grids import Grid, grids
from analysis.sources.intake_cells import normal
from analysis.sources.intake_checks import arrow, check
from analysis.sources.intake_faults import Fault, about_mapping, fault, note, refusal
from analysis.sources.intake_heads import Head, Mapped, head
from analysis.sources.intake_parsed import Parsed
from analysis.sources.intake_rows import parse
from analysis.yaml_text import read_yaml

MAPPINGS = ("kolommen.yml", "columns.yml")  # beside the file: their column names -> ours
_HELP = {"uitleg", "lijsten"}  # sheets of a template that people read, not we
_LARGEST_MAPPING = 200_000  # bytes


class Intake(NamedTuple):
    """The tables of one file by name, and what a person should know of how they were read."""

    tables: dict[str, pa.Table]
    notes: tuple[str, ...]


def read(
    path: Path, mapping: Path | None = None, *, language: str = "en", may_be_empty: bool = False
) -> Intake:
    """Read a filled-in workbook (.xlsx) or CSV file; which form a sheet is, its columns tell.

    Parameters
    ----------
    path : the file
    mapping : YAML file that maps the columns of an existing export: name of a table ->
        their column name -> our column, or null for a column not to be read. Without it a
        `kolommen.yml` or `columns.yml` beside the file is used.
    language : nl or en, of the faults and notes
    may_be_empty : a file in which nothing is filled in gives no tables, instead of a fault

    Returns
    -------
    Intake. The tables keep their contracts and are sorted by key. A sheet without rows gives no
    table: nothing was delivered, which is not the same as nothing there.

    Raises
    ------
    SourceError
        Naming every fault of the file at once, by sheet, row and column. Nothing is kept.
    """
    names = mapping or beside(path)
    mapped = _mapping(names, language)
    sheets: list[Parsed] = []
    faults: list[Fault] = []
    notes: list[str] = []
    for grid in grids(path):
        notes += [note(name, language) for name in grid.notes]
        found = _recognised(grid, mapped, language)
        if isinstance(found, Head):
            parsed = parse(grid, found, language)
            if grid.hidden and parsed.rows:
                found = fault("hidden-sheet", language, sheet=grid.name, found=grid.name)
            else:
                sheets.append(parsed)
        if isinstance(found, Fault):
            faults.append(found)
        elif isinstance(found, str):
            notes.append(found)
    filled = [sheet for sheet in sheets if sheet.rows]
    check(filled)
    faults += [one for sheet in sheets for one in sheet.faults]
    if not (filled or faults or may_be_empty):
        raise nothing_filled_in(path.name, language)
    if faults:
        raise refusal(path.name, faults, language)
    tables = _tables(filled)
    if names and tables.keys() & mapped.keys():
        notes.insert(0, note("mapped", language, file=path.name, by=names.name))
    return Intake(tables, (*notes, *(one for sheet in sheets for one in sheet.notes)))


def nothing_filled_in(name: str, language: str) -> SourceError:
    """Refuse what holds no row at all."""
    return refusal(name, [fault("nothing-filled-in", language, sheet=name)], language)


def beside(path: Path) -> Path | None:
    """The mapping that stands beside a file, if any."""
    named = (path.parent / name for name in MAPPINGS)
    return next((file for file in named if file.is_file()), None)


def _tables(filled: list[Parsed]) -> dict[str, pa.Table]:
    names = sorted({sheet.head.sheet.table.name for sheet in filled})
    return {
        name: keep(
            arrow(sheet for sheet in filled if sheet.head.sheet.table.name == name), TABLES[name]
        )
        for name in names
    }


def _recognised(grid: Grid, mapped: Mapped, language: str) -> Head | Fault | str | None:
    """The head of a form; a fault where the sheet is none; a note where it may be passed over."""
    if not grid.rows or normal(grid.name) in _HELP:
        return None
    found = head(grid, mapped)
    if isinstance(found, Head):
        return found
    if grid.hidden:
        return note("unused-sheet", language, sheet=grid.name)
    titles = ", ".join(sheet.title[language] for sheet in found or SHEETS.values())
    first = " | ".join(str(cell) for cell in grid.rows[min(grid.rows)].values())
    name = "two-sheets-fit" if found else "not-recognised"
    return fault(name, language, sheet=grid.name, row=min(grid.rows), found=first, titles=titles)


def _mapping(found: Path | None, language: str) -> Mapped:
    """Their column names -> ours, by table."""
    if found is None:
        return {}
    try:
        text = found.read_bytes()
        written: Any = read_yaml(text) if len(text) <= _LARGEST_MAPPING else "too large"
    except (OSError, yaml.YAMLError, ValueError, RecursionError) as problem:
        raise _unusable(f"{type(problem).__name__}: {problem}"[:300], language) from problem
    for wrong in _wrong(written, language):
        raise _unusable(wrong, language)
    return {table: columns for table, columns in written.items() if columns}


def _wrong(written: Any, language: str) -> list[str]:
    """What is wrong with a mapping."""
    if not isinstance(written, Mapping):
        return [about_mapping("none", language)]
    wrong = [about_mapping("table", language, name=name) for name in written if name not in TABLES]
    for name in written.keys() & TABLES.keys():
        columns = written[name]
        if not isinstance(columns, Mapping):
            wrong.append(about_mapping("empty", language, name=name))
            continue
        wrong += [
            about_mapping("column", language, name=ours, table=name)
            for ours in columns.values()
            if ours is not None and ours not in TABLES[name].columns
        ]
    return [", ".join(sorted(wrong))] if wrong else []


def _unusable(found: str, language: str) -> SourceError:
    return SourceError(
        about_mapping("where", language),
        found=found,
        expected=about_mapping("expected", language, tables=", ".join(TABLES)),
        do=about_mapping("do", language),
        language=language,
    )
