"""The rows of one recognised sheet, read cell by cell; every fault noted, none passed over."""

import datetime as dt
import re
from collections.abc import Iterator
from typing import Any

from analysis.progress import shown
from analysis.sources import intake_columns
from analysis.sources.grids import Grid
from analysis.sources.intake_cells import is_nothing, normal, reader
from analysis.sources.intake_faults import asked
from analysis.sources.intake_heads import EXAMPLE, Head
from analysis.sources.intake_numbers import Misread
from analysis.sources.intake_parsed import Parsed

_TOTAL = re.compile(r"((sub|eind|algemeen )?totaal|totalen|(grand )?total|som|sum)\b", re.I)
_UNITS = re.compile(r"(in )?(€|eur|euro|dd/mm/(jj|yy)?(jj|yy)|aantal|ja/nee|tekst|getal|%|datum)")
_STEP = 1_000  # rows between two reports of progress


def parse(grid: Grid, head: Head, language: str) -> Parsed:
    """Read the rows below the names of `head`; what is wrong is in the faults of the result."""
    parsed = Parsed(grid, head, language)
    lines = list(_data(parsed))
    if not lines:
        parsed.remark("empty-sheet")
        return parsed
    intake_columns.check(parsed, lines)
    if grid.structure.formulas:
        parsed.remark("formulas", count=grid.structure.formulas)
    _cells(parsed, lines)
    return parsed


def _data(parsed: Parsed) -> Iterator[int]:
    """Rows with data: not the example, not the units, not the totals, which are noted."""
    grid, head = parsed.grid, parsed.head
    unvalued = {row for row, _ in grid.structure.unvalued}
    for row in sorted({row for row in grid.rows.keys() | unvalued if row > head.row}):
        cells = {
            place: value
            for place, value in grid.rows.get(row, {}).items()
            if place != head.marker and place not in head.ignored
        }
        if _is_marked(parsed, row):
            _example(parsed, row)
        elif _is_total(parsed, cells):
            parsed.remark("total", row=row)
        elif cells and row == head.row + 1 and _are_units(cells):
            parsed.remark("units", row=row)
        elif row in unvalued or any(not is_nothing(value) for value in cells.values()):
            yield row


def _is_marked(parsed: Parsed, row: int) -> bool:
    marker = parsed.head.marker
    return marker is not None and normal(parsed.grid.rows.get(row, {}).get(marker, "")) in EXAMPLE


def _is_total(parsed: Parsed, cells: dict[int, Any]) -> bool:
    """One text, which begins with `totaal`, numbers at most besides, and a cell that must be.

    A row that states every column it must is data, whatever its texts begin with.
    """
    columns = parsed.head.sheet.table.columns
    lacks = any(
        is_nothing(cells.get(place)) and not columns[ours].may_be_missing
        for place, ours in parsed.head.columns.items()
    )
    texts = [v.strip() for v in cells.values() if isinstance(v, str) and not is_nothing(v)]
    words = [text for text in texts if not re.fullmatch(r"[\d\s.,€%()-]+", text)]
    has_day = any(isinstance(value, dt.date) for value in cells.values())
    return lacks and not has_day and len(words) == 1 and bool(_TOTAL.match(words[0]))


def _are_units(cells: dict[int, Any]) -> bool:
    return all(isinstance(v, str) and _UNITS.fullmatch(v.strip().lower()) for v in cells.values())


def _example(parsed: Parsed, row: int) -> None:
    """Pass over the example row; a row marked so that holds something else is named."""
    stated = parsed.grid.rows[row]
    for place, ours in parsed.head.columns.items():
        if not _is_example(parsed, ours, stated.get(place)):
            parsed.blame("example-changed", ours, row, stated.get(place))
            return
    parsed.remark("example", row=row)


def _is_example(parsed: Parsed, ours: str, value: Any) -> bool:
    """Whether a cell holds what the template's example row holds in this column."""
    sheet = parsed.head.sheet
    example = sheet.fields[ours].example
    if example is None or value is None:
        return example is None and value is None
    read = reader(sheet.table.columns[ours], (), parsed.grid.epoch)
    try:
        return read(value) == read(example)
    except Misread:
        return False


def _cells(parsed: Parsed, lines: list[int]) -> None:
    grid, columns = parsed.grid, parsed.head.sheet.table.columns
    readers = {
        place: reader(
            columns[ours], (grid.rows.get(row, {}).get(place) for row in lines), grid.epoch
        )
        for place, ours in parsed.head.columns.items()
    }
    with shown(f"reading {grid.name}", len(lines)) as advance:
        for line in lines:
            row: dict[str, Any] = dict.fromkeys(columns)
            for place, ours in parsed.head.columns.items():
                row[ours] = _cell(parsed, line, place, readers[place])
            parsed.rows.append(row)
            parsed.lines.append(line)
            if len(parsed.rows) % _STEP == 0:
                advance(_STEP)
    _left_example(parsed)


def _cell(parsed: Parsed, line: int, place: int, read: Any) -> Any:
    value = parsed.grid.rows.get(line, {}).get(place)
    try:
        if value is None and (line, place) in parsed.grid.structure.unvalued:
            raise Misread("formula-without-value")
        return read(value)
    except Misread as fault:
        ours = parsed.head.columns[place]
        parsed.misread.add((len(parsed.rows), ours))
        if value is not None or not _is_merged(parsed, line, place):  # else told with its range
            blanks = asked(parsed.head.sheet.table.columns[ours], parsed.language)
            said = fault.in_language(parsed.language)
            parsed.blame(fault.fault, ours, line, value, **(blanks | said))
        return None


def _is_merged(parsed: Parsed, line: int, place: int) -> bool:
    return any(
        top <= line <= bottom and left <= place <= right and (line, place) != (top, left)
        for top, left, bottom, right in parsed.grid.structure.merged
    )


def _left_example(parsed: Parsed) -> None:
    """Name the example row of the template where its mark was cleared but not its content."""
    sheet = parsed.head.sheet
    example = {
        name: None if words.example is None else reader(sheet.table.columns[name])(words.example)
        for name, words in sheet.fields.items()
    }
    for row, line in zip(parsed.rows, parsed.lines, strict=True):
        if row == example:
            key = sheet.table.key[0]
            parsed.blame("example-left", key, line, row[key])
