"""The changes between two editions, as lines of text and as a table."""

from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

import pandas as pd

from analysis.contracts import RESULTS
from analysis.report.compare import Change
from analysis.report.spreadsheet import write_csv
from analysis.report.verify_numbers import Row
from analysis.report.verify_said import plain

AND = " and "
_FIRST = 20
_OWN = ("chapter", "unit", "in_old", "in_new")
_ENDS = ("value", "low", "high", "n")


def said(changes: Sequence[Change], *, every: bool = False) -> Iterator[str]:
    """Lines: how many numbers changed by each cause, then the numbers (the first 20, or all)."""
    if not changes:
        yield "no number changed"
        return
    yield f"{len(changes):,} numbers changed"
    counted = Counter(map(_why, changes))
    for causes, times in sorted(counted.items(), key=lambda one: (-one[1], one[0])):
        yield f"  {causes}: {times:,}"
    for change in changes if every else changes[:_FIRST]:
        yield plain(f"{' '.join(change.key)}: {_told(change.old)} -> {_told(change.new)}")
    if not every and len(changes) > _FIRST:
        yield f"... and {len(changes) - _FIRST:,} more; --every lists them, --out writes a table"


def write(changes: Sequence[Change], path: Path) -> None:
    """Write a CSV, one row a change.

    Columns: key, chapter, unit, whether the old and the new ledger have it, value, ends and n in
    both, causes.
    """
    columns = [
        *RESULTS.key,
        *_OWN,
        *(f"{age}_{end}" for age in ("old", "new") for end in _ENDS),
        "causes",
    ]
    rows = [
        [*change.key, *_own(change), *_cells(change.old), *_cells(change.new), _why(change)]
        for change in changes
    ]
    write_csv(path, pd.DataFrame(rows, columns=pd.Index(columns)))


def _own(change: Change) -> list[str]:
    row = change.new or change.old or {}
    there = ["yes" if one else "no" for one in (change.old, change.new)]
    return [row["chapter"], row["unit"], *there]


def _why(change: Change) -> str:
    return AND.join(change.causes)


def _cells(row: Row | None) -> list[float | None]:
    return [float(row[end]) if row and row[end] else None for end in _ENDS]


def _told(row: Row | None) -> str:
    if row is None:
        return "none"
    span = f" ({row['low']} to {row['high']})" if row["low"] else ""
    return f"{row['value'] or 'unknown'}{span}"
