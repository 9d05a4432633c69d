"""Tables for spreadsheets, in which text from strangers never begins a formula."""

import csv
from collections.abc import Iterable, Sequence
from pathlib import Path

import pandas as pd

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def write_csv(path: Path, rows: pd.DataFrame) -> None:
    """Write a table as CSV: UTF-8, an apostrophe before what looks a formula."""
    safe = rows.map(_safe)
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8")


def write_lines(path: Path, lines: Iterable[Sequence[str]]) -> None:
    """Write lines of texts, the heads first, as `write_csv` writes a table of texts."""
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([[*map(_safe, line)] for line in lines])


def _safe(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(_FORMULA) else cell
