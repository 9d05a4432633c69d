"""Monthly series of buyers, for chapter 42: what is counted, of what, and what is not known."""

import math
from collections.abc import Iterator, Mapping
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.indicators.effects_plan import Laid
from analysis.inference.effects.series import Numbers

LOTS = "its-lots"
# Start-ups that win in a quarter are too few to tell, and another cut of the years of chapter 20.
NOT_TOLD = ("its-startups",)
# Columns of SERIES_CELLS of which an outcome is yes and no; what is in neither is not known.
_ANSWERS = {
    "its-startups": ("startup_yes", "startup_no"),
    "its-innovation": ("flagged", "not_flagged"),
    "its-smes": ("sme_yes", "sme_no"),
}


class Series(NamedTuple):
    """An outcome by month: `yes` of `of` known, how many are not; of a count `yes` is the count."""

    time: Numbers
    yes: Numbers
    of: Numbers
    unknown: Numbers
    mix: Numbers

    @property
    def share(self) -> Numbers:
        """Not a number in a month of which nothing is known."""
        return np.divide(self.yes, self.of, out=np.full_like(self.yes, np.nan), where=self.of > 0)


def month(text: str) -> int:
    """Months since January of the year 0, of `2019-04`."""
    year, number = text.split("-")
    return 12 * int(year) + int(number) - 1


def series_of(cells: pd.DataFrame, group: str, outcome: str, laid: Laid) -> Series:
    """The series of a group in the window of the plan, as far as the cells reach.

    Parameters
    ----------
    cells : table that keeps SERIES_CELLS

    Notes
    -----
    A month between the first and the last of anybody's lots in which the group awarded nothing
    counts 0 lots; its shares are not known.
    """
    asked, reached = laid.interrupted, cells["month"].to_numpy(int)
    first = max(month(asked.start), reached.min(initial=10**6))
    last = min(month(asked.end), reached.max(initial=0))
    own = cells[cells["group"] == group].drop(columns=["group", "region", "threshold"])
    months = pd.RangeIndex(first, max(last + 1, first))
    sums = own.astype(float).groupby("month").sum().reindex(months).fillna(0.0).round(9)
    lots, known = sums["lots"].to_numpy(), sums["lots"].to_numpy() > 0
    parts = sums[["works", "services"]].to_numpy()
    mix = np.divide(parts, lots[:, None], out=np.zeros_like(parts), where=known[:, None])
    sums["not_flagged"] = sums["lots"] - sums["flagged"]
    yes, no = (sums[name].to_numpy() for name in _ANSWERS.get(outcome, ("lots", "lots")))
    time = months.to_numpy(float)
    if outcome == LOTS:
        return Series(time, lots, np.ones_like(lots), np.zeros_like(lots), mix)
    unknown = sums["startup_unknown"] if outcome == "its-startups" else sums["lots"] - yes - no
    return Series(time, yes, yes + no, unknown.to_numpy(), mix)


def quarters(said: partial, groups: Mapping[str, Series], outcome: str) -> Iterator[tuple]:
    """Rows of the series by quarter, to be drawn."""
    if outcome in NOT_TOLD:
        return
    for name, one in ((name, one) for name, one in groups.items() if one.time.size):
        for start in range(int(one.time[0]) // 3 * 3, int(one.time[-1]) + 1, 3):
            there = (one.time >= start) & (one.time < start + 3)
            of = math.fsum(one.of[there])
            count = outcome == LOTS
            yield said("effects.its_series", group=f"buyers={name}", perimeter=name, grade="D",
                       period=f"{start // 12}-{start % 12 + 1:02}",
                       value=math.fsum(one.yes[there]) / of if of else None,
                       unit="mean" if count else "share",
                       n=round(math.fsum((one.yes if count else one.of)[there])),
                       denominator="lots" if count else "known-of-series",
                       unknown=round(math.fsum(one.unknown[there])))  # fmt: skip
