"""A table that shares no cell with another: its figures of few enterprises are withheld."""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from analysis.disclosure.rules import dominated, too_few

TOO_FEW, DOMINATED = "fewer-than-3-enterprises", "few-enterprises-dominate"
_EUROS = ("access.amount", "access.amount_share")


class Behind(NamedTuple):
    """Start-ups behind the figures of one part, and the euros of all, the first and the second."""

    enterprises: int
    eur: float
    first: float
    second: float


def guarded(rows: Iterable[Any], companies: pd.DataFrame, linked: Collection[str]) -> list[tuple]:
    """The rows, those withheld without value, ends and counts; the denominator says why.

    What two of them leave over is not guarded: use `protect` where figures overlap.

    Parameters
    ----------
    rows : of RESULTS
    companies : COMPANY_COUNTS
    linked : ids of the definitions that use sizes which are no public record
    """
    behind = {
        (one["definition"], one["perimeter"], one["period"], one["group"]): Behind(
            int(one["yes"]), *(float(one[f"eur_{name}"]) for name in ("yes", "first", "second"))
        )
        for one in companies.to_dict("records")
        if one["definition"] in linked
    }
    return [_guarded(row, behind) if row.definition in linked else row for row in rows]


def _guarded(row: Any, behind: Mapping[tuple, Behind]) -> tuple:
    parts = [part for key in _keys(row) if (part := behind.get(key)) is not None]
    reason = None
    if any(too_few(part.enterprises) for part in parts):
        reason = TOO_FEW
    elif row.id.startswith(_EUROS) and any(dominated(*part[1:]) for part in parts):
        reason = DOMINATED
    if reason is None:
        return row
    nothing = dict.fromkeys(("value", "low", "high", "n", "unknown"))
    return row._replace(**nothing, interval="none", denominator=reason)


def _keys(row: Any) -> list[tuple]:
    """The parts on which a row rests: its own group, else the whole; both years of a change."""
    where = (row.definition, row.perimeter)
    keys = [(*where, row.period, row.group), (*where, row.period, "all")]
    years = row.period.split("-")
    if len(years) == 2 and row.unit in ("share-difference", "ratio"):
        keys = [(*where, year, "all") for year in years]
    return keys
