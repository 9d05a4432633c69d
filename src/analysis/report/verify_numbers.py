"""Every published number beside the one that was computed again."""

import csv
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from analysis.contracts import RESULTS
from analysis.refusal import ReportError

IDENTICAL, NEAR, DIFFERENT, ABSENT = (
    "identical",
    "within tolerance",
    "different",
    "not recomputable",
)
STATUSES = (IDENTICAL, NEAR, DIFFERENT, ABSENT)
TOLERANCE = 1e-9  # relative; what another order of sums does to the last digits of a float
_REALS = ("value", "low", "high")
_OF_THE_REPORT = "results"  # `inputs` of a row about the report itself

_NEW = (("row", "not in the report", "made now"),)

Key = tuple[str, ...]
Row = Mapping[str, str]


class Number(NamedTuple):
    """One published number: its key, what became of it, and what it was and is now."""

    key: Key
    status: str
    moved: tuple[tuple[str, str, str], ...] = ()  # column, published, computed again

    @property
    def is_new(self) -> bool:
        """Whether it was made now and is no number of the report."""
        return self.moved == _NEW

    @property
    def name(self) -> str:
        """The id and what tells it apart, as one can type it after `pio trace`."""
        id, *rest = self.key
        named = zip(RESULTS.key[1:], rest, strict=True)
        return " ".join([id, *(f"--{column} {value}" for column, value in named)])


def read(ledger: Path) -> dict[Key, Row]:
    """The rows of a ledger as they are written, by key; no promise of RESULTS is asked of them.

    Raises
    ------
    ReportError
        It is no CSV with the columns of a ledger, or a key comes twice.
    """
    found: dict[Key, Row] = {}
    try:
        with ledger.open(encoding="utf-8", newline="") as file:
            rows = csv.DictReader(file, strict=True)
            if rows.fieldnames != list(RESULTS.columns):
                raise _no_ledger(ledger, "other columns")
            for row in rows:
                if None in row or None in row.values():
                    raise _no_ledger(ledger, f"line {rows.line_num} with other cells")
                key = tuple(row[name] for name in RESULTS.key)
                if key in found:
                    raise _no_ledger(ledger, f"line {rows.line_num} has the key of another")
                found[key] = row
    except (OSError, UnicodeDecodeError, csv.Error) as fault:
        raise _no_ledger(ledger, f"{type(fault).__name__}: {fault}") from fault
    return found


def compare(
    published: Mapping[Key, Row],
    again: Mapping[Key, Row] | None,
    *,
    lacks: bool,
    other_inputs: bool,
) -> Iterator[Number]:
    """What became of every published number, and of numbers that are new.

    Parameters
    ----------
    published : the ledger of the report
    again : the ledger that was computed again, if any could be
    lacks : an input is absent; what rested on other inputs then, cannot be computed again
    other_inputs : an input is another file; the column that names inputs is then not compared
    """
    for key, row in published.items():
        now = again.get(key) if again is not None else None
        if lacks and _rests_on_more(row, now):
            yield Number(key, ABSENT)
        elif now is None:
            yield Number(key, DIFFERENT, (("row", "published", "not made again"),))
        else:
            skipped = {"inputs"} if other_inputs else set()
            yield _compared(key, row, now, skipped)
    for key in (again or {}).keys() - published.keys():
        if not lacks:
            yield Number(key, DIFFERENT, _NEW)


def _rests_on_more(row: Row, now: Row | None) -> bool:
    return now is None or row["inputs"] != now["inputs"] or row["inputs"] == _OF_THE_REPORT


def _compared(key: Key, row: Row, now: Row, skipped: set[str]) -> Number:
    names = [name for name in row if row[name] != now[name] and name not in skipped]
    moved = tuple((name, row[name], now[name]) for name in names)
    if not moved:
        return Number(key, IDENTICAL)
    is_near = all(name in _REALS and _near(row[name], now[name]) for name in names)
    return Number(key, NEAR if is_near else DIFFERENT, moved)


def _near(old: str, new: str) -> bool:
    try:
        return math.isclose(float(old), float(new), rel_tol=TOLERANCE, abs_tol=1e-12)
    except ValueError:
        return False


def _no_ledger(path: Path, found: str) -> ReportError:
    return ReportError(
        path.name,
        found=found[:200],
        expected=f"a ledger with the columns {', '.join(RESULTS.columns)}, one row a key",
        do="ask whoever sent the report for the file as it was built",
    )
