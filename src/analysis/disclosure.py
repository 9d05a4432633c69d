"""What may be published of tables that link awards to firms' sizes (methods 7, class L).

Contract notices are public, and so is what follows from them and from the register (class P). A
definition that looks at accounts is a linked table: fewer than three enterprises behind a figure,
or one or two that make up nearly all euros, and the figure is withheld.

Not done: secondary suppression (a withheld year can be found from the whole and the other years),
and differencing across definitions and perimeters.
"""

from collections.abc import Collection, Iterable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from analysis.companies.definitions import Definition

FEWEST = 3
P_PERCENT = 0.10
DOMINANCE = ((1, 0.50), (2, 0.85))
TOO_FEW, DOMINATED = "fewer-than-3-enterprises", "few-enterprises-dominate"
_SIZES = ("employees", "turnover", "balance", "growth")
_EUROS = ("access.amount", "access.amount_share")


class Behind(NamedTuple):
    """Start-ups behind the figures of one part, and the euros of all, the first and the second."""

    enterprises: int
    eur: float
    first: float
    second: float


def uses_sizes(definition: Definition) -> bool:
    """Whether a definition sets limits to employees, turnover or balance sheets.

    To leave out firms that their own published accounts show to be large tells nothing more of
    those that remain: the headlines are not linked tables (docs/decisions.md, 17).
    """
    return any(size in value for value in definition.values for size in _SIZES)


def too_few(behind: Behind) -> bool:
    """One or two enterprises. None at all tells nothing of any enterprise."""
    return 0 < behind.enterprises < FEWEST


def dominated(behind: Behind) -> bool:
    """One or two enterprises make up nearly all euros: p% rule, dominance (1, 50) and (2, 85).

    Notes
    -----
    Unsafe if X - x1 - x2 < 0.10 x1, if x1 > 0.50 X or if x1 + x2 > 0.85 X.
    """
    total, first, second = behind.eur, behind.first, behind.second
    if not total > 0:
        return False
    sums = {1: first, 2: first + second}
    close = total - first - second < P_PERCENT * first - 1e-9
    return close or any(sums[k] > limit * total + 1e-9 for k, limit in DOMINANCE)


def guarded(rows: Iterable[Any], companies: pd.DataFrame, linked: Collection[str]) -> list[tuple]:
    """The rows, those withheld without value, ends and counts; the denominator says why.

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
    if any(too_few(part) for part in parts):
        reason = TOO_FEW
    elif row.id.startswith(_EUROS) and any(dominated(part) for part in parts):
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
