"""Which form a sheet is, told by the names of its columns, and where each column stands."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

from analysis.contracts.intake import SHEETS, Sheet
from analysis.sources.grids import Grid
from analysis.sources.intake_cells import normal

MARKER = "rij"  # first column of a template: `voorbeeld` marks the example row
EXAMPLE = {"voorbeeld", "example"}
_MARKERS = {"rij", "row"}
_ROWS = 30  # rows in which the names of the columns are sought
_LEAST = 2  # columns that must be known

Mapped = Mapping[str, Mapping[str, str | None]]  # table -> their name -> our column, or None


@dataclass(frozen=True)
class Head:
    """The form that a sheet is: where its names stand, and which column holds what."""

    sheet: Sheet
    row: int  # last row of the names
    columns: dict[int, str]  # position -> our column
    names: dict[int, str]  # position -> the name in the file
    ignored: frozenset[int]  # positions that the mapping leaves out
    twice: dict[int, str]  # positions that hold a column that stood before
    marker: int | None


def head(grid: Grid, mapped: Mapped) -> Head | list[Sheet]:
    """Find which form the sheet `grid` is.

    Returns
    -------
    The head, or the forms that fit equally well; an empty list if none fits.
    """
    found = []
    for row in sorted(grid.rows)[:_ROWS]:
        names = {place: _names(grid, row, place) for place in sorted(_places(grid, row))}
        for name, sheet in SHEETS.items():
            known = _aliases(name) | _mapped_names(mapped.get(name, {}))
            hits = {ours for said in names.values() for n in said if (ours := known.get(n))}
            if len(hits) >= _LEAST:
                found.append((_rank(grid, sheet, hits), -row, name))
    if not found:
        return []
    best = max(found)
    rivals = [name for rank, row, name in found if (rank, row) == best[:2]]
    if len(rivals) > 1:
        return [SHEETS[name] for name in rivals]
    return _head(grid, SHEETS[best[2]], -best[1], mapped.get(best[2], {}))


def _places(grid: Grid, row: int) -> set[int]:
    """Columns that have a name in this row, of their own or by a merged cell."""
    places = set(grid.rows[row])
    for top, left, bottom, right in grid.structure.merged:
        if top <= row <= bottom and grid.at(top, left) is not None:
            places |= set(range(left, min(right, left + 300) + 1))
    return places


def _names(grid: Grid, row: int, place: int) -> list[str]:
    """Names a column may go by: its own, and with the heading of the row above before it."""
    own, above = grid.at(row, place), grid.at(row - 1, place)
    names = [normal(own)]
    if isinstance(above, str) and above != own:
        names.insert(0, normal(f"{above} {own}"))
    return names


def _rank(grid: Grid, sheet: Sheet, hits: set[str]) -> tuple[int, bool]:
    columns = sheet.table.columns
    lacking = sum(not c.may_be_missing for name, c in columns.items() if name not in hits)
    titled = normal(grid.name) in {normal(title) for title in sheet.title.values()}
    return len(hits) - lacking, titled


@cache
def _aliases(table: str) -> dict[str, str]:
    """Every name of a column as normal words -> the column."""
    sheet = SHEETS[table]
    return {
        normal(said): name
        for name, field in sheet.fields.items()
        for said in (name, *field.label.values())
    }


def _mapped_names(mapped: Mapping[str, str | None]) -> dict[str, str | None]:
    return {normal(theirs): ours for theirs, ours in mapped.items()}


def _head(grid: Grid, sheet: Sheet, row: int, mapped: Mapping[str, str | None]) -> Head:
    known: dict[str, str | None] = {**_aliases(sheet.table.name), **_mapped_names(mapped)}
    columns: dict[int, str] = {}
    names, twice, ignored, marker = {}, {}, set(), None
    for place in sorted(_places(grid, row)):
        names[place] = str(grid.at(row, place))
        said = next((n for n in _names(grid, row, place) if n in known), None)
        ours = known[said] if said is not None else None
        if said is None and normal(names[place]) in _MARKERS:
            marker = place
        elif said is not None and ours is None:
            ignored.add(place)
        elif ours in columns.values():
            twice[place] = str(ours)
        elif ours:
            columns[place] = ours
    last = _second_row(grid, row, columns)
    return Head(sheet, last, columns, names, frozenset(ignored), twice, marker)


def _second_row(grid: Grid, row: int, columns: dict[int, str]) -> int:
    """Give the last row of the names: the next one too if it only repeats them."""
    later = min((r for r in grid.rows if r > row), default=row)
    cells: dict[int, Any] = grid.rows.get(later, {})
    known = [place for place in cells if normal(cells[place]) == normal(columns.get(place))]
    others = [p for p in cells if p not in known and normal(cells[p]) not in _MARKERS]
    return later if later > row and known and not others else row
