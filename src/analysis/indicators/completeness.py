"""How much of a year's awards has been published by now: chain-ladder on publication lags.

access.completeness
    c_t = N_t/sum over months of (N_m/part that is published at the age of m): what is published of
    a year over what is expected in the end (methods 2.4). Share of awarded lots.
access.provisional
    1 where c_t is below 0.95 or the year was not over at the last notice, else 0. Verdict.
"""

from collections.abc import Iterator
from functools import partial

import numpy as np
import pandas as pd

from analysis.cells import AccessCells
from analysis.contracts.access_cells import PERIMETERS
from analysis.indicators.access_parts import LOTS, within
from analysis.indicators.competition import Answer

LEAST = 0.95
LONGEST = 24  # months; what is published later still is not expected


def published_part(lags: pd.DataFrame, cutoff: int) -> dict[int, float]:
    """Part of a month's awards that is published k months later, for k from 0 to `LONGEST`.

    Parameters
    ----------
    lags : `month` (months since year 0), `lag` (months), `lots`
    cutoff : last month in which something was published

    Notes
    -----
    Chain-ladder: f_k = sum of lots published up to lag k over sum up to lag k - 1, over months of
    award that can be seen up to lag k; the part at lag k is the product of 1/f_j over j > k.
    """
    seen = lags.assign(lag=lags["lag"].clip(upper=LONGEST))
    triangle = seen.pivot_table("lots", "month", "lag", aggfunc="sum", fill_value=0)
    triangle = triangle.reindex(columns=range(LONGEST + 1), fill_value=0).cumsum(axis=1)
    age = cutoff - triangle.index.to_numpy()
    part, parts = 1.0, {LONGEST: 1.0}
    for lag in range(LONGEST, 0, -1):
        old_enough = triangle.loc[age >= lag]
        upto, before = old_enough[lag].sum(), old_enough[lag - 1].sum()
        part *= before / upto if upto else 1.0
        parts[lag - 1] = float(part)
    return parts


def completeness(lags: pd.DataFrame) -> dict[int, tuple[float | None, int, bool]]:
    """Lots published of a year over lots expected in the end, how many were, and `provisional`.

    Parameters
    ----------
    lags : `month` (day), `lag` (months), `lots`: LAG_CELLS of one part

    Returns
    -------
    By year. Provisional: below 0.95, or the year was not over when the last notice came. Months
    after that are in neither number.

    Notes
    -----
    c_t = N_t/sum over months of (N_m/part published at the age of m); methods 2.4.
    """
    if lags.empty:
        return {}
    days = pd.to_datetime(lags["month"])
    month = (days.dt.year * 12 + days.dt.month - 1).astype(int)
    counted = lags.assign(month=month)[["month", "lag", "lots"]].astype(int)
    cutoff = int((counted["month"] + counted["lag"]).max())
    parts = published_part(counted, cutoff)
    of_month = counted.groupby("month")["lots"].sum()
    at_age = [parts[min(cutoff - m, LONGEST)] for m in of_month.index]
    with np.errstate(divide="ignore"):
        expected = of_month / np.array(at_age)
    return {
        int(year): _of_year(int(year), of_month, expected, cutoff)
        for year in sorted(set(of_month.index // 12))
    }


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS: completeness of each year, and whether it is provisional (1 yes, 0 no)."""
    for perimeter in PERIMETERS:
        for year, (share, lots, provisional) in completeness(within(cells.lags, perimeter)).items():
            at = {"definition": "chain-ladder", "period": year, "perimeter": perimeter}
            yield row("access.completeness", **at, **Answer(share, "share", lots, LOTS)._asdict())
            verdict = Answer(int(provisional), "verdict", lots, LOTS)
            yield row("access.provisional", **at, **verdict._asdict())


def _of_year(
    year: int, lots: pd.Series, expected: pd.Series, cutoff: int
) -> tuple[float | None, int, bool]:
    of_year = lots.index // 12 == year
    found, wanted = int(lots[of_year].sum()), float(expected[of_year].sum())
    share = min(found / wanted, 1.0) if np.isfinite(wanted) else None
    over = cutoff >= year * 12 + 11
    return share, found, not over or share is None or share < LEAST
