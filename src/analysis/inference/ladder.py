"""The assumption ladder: what the share is under weaker and stronger assumptions."""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.inference.bounds import (
    Tally,
    no_assumption,
    observed_share,
    under_gamma,
)

GAMMAS = (1.5, 2.0, 3.0)
SMALLEST_STRATUM = 20
Numbers = npt.NDArray
_SUMMED = ["yes", "no", "unknown", "known_awards"]


class Rung(NamedTuple):
    """One assumption and what it leaves possible; low equals high where it gives one value."""

    assumption: str
    gamma: float | None
    low: float
    high: float


def ladder(
    cells: pd.DataFrame, *, by: Sequence[str], gammas: Sequence[float] = GAMMAS
) -> tuple[Rung, ...]:
    """From no assumption (A0) over limited selection (A1) and strata (A2) to none at all (A3).

    Parameters
    ----------
    cells : as in `share_in_strata`
    by : columns of the strata, the most important first
    gammas : factors of A1

    Returns
    -------
    Rungs; A0 only where nothing is known.
    """
    tally = whole(cells)
    weakest = Rung("A0", None, *no_assumption(tally))
    if not tally.known:
        return (weakest,)
    in_strata = share_in_strata(cells, by=by)
    return (
        weakest,
        *(Rung("A1", gamma, *under_gamma(tally, gamma)) for gamma in sorted(gammas, reverse=True)),
        Rung("A2", None, in_strata, in_strata),
        Rung("A3", None, observed_share(tally), observed_share(tally)),
    )


def whole(cells: pd.DataFrame) -> Tally:
    """Tally of all cells, the same whatever their order."""
    return Tally(yes=_sum(cells["yes"]), no=_sum(cells["no"]), unknown=_sum(cells["unknown"]))


def share_in_strata(
    cells: pd.DataFrame, *, by: Sequence[str], smallest: int = SMALLEST_STRATUM
) -> float:
    """Share when within a stratum the unknown are like the known (A2, missing at random).

    Parameters
    ----------
    cells : columns `yes`, `no`, `unknown` (awards, weights or euros), `known_awards` (awards whose
        answer is known, also where the others are euros) and those of `by`; missing is a stratum
    by : columns of the strata, the most important first
    smallest : known awards that a stratum needs

    Notes
    -----
    sum over strata h of (x_h + m_h p_h), over n. A stratum with fewer known awards takes p_h from
    the stratum without its last column, and so on up to all cells.
    """
    tally = whole(cells)
    observed_share(tally)
    strata = _summed(cells, by)
    numbers = {name: strata[name].to_numpy(float) for name in _SUMMED}
    rate = np.full(len(strata), np.nan)
    for depth in range(len(by), -1, -1):
        sums = _sums_in_strata(numbers, _numbered(strata, by[:depth]))
        known = sums["yes"] + sums["no"]
        enough = (known > 0) & ((sums["known_awards"] >= smallest) | (depth == 0))
        of_known = np.divide(sums["yes"], known, out=np.full(len(strata), np.nan), where=enough)
        rate = np.where(np.isnan(rate), of_known, rate)
    expected = strata["yes"] + strata["unknown"] * rate
    return _sum(expected) / tally.total


def _summed(cells: pd.DataFrame, by: Sequence[str]) -> pd.DataFrame:
    """The strata, one row each, the same whatever the order of the cells."""
    numbers = cells[_SUMMED].astype(float)
    if not by:
        return pd.DataFrame({name: [_sum(numbers[name])] for name in _SUMMED})
    keys = [cells[name] for name in by]
    return numbers.groupby(keys, dropna=False, observed=True).sum().round(9).reset_index()


def _numbered(strata: pd.DataFrame, by: Sequence[str]) -> Numbers:
    """Of each of the finest strata, the number of the wider stratum that holds it."""
    place = np.zeros(len(strata), dtype=np.int64)
    for name in by:
        codes, values = pd.factorize(strata[name], use_na_sentinel=False)
        place = np.unique(place * max(len(values), 1) + codes, return_inverse=True)[1]
    return place


def _sums_in_strata(numbers: dict[str, Numbers], place: Numbers) -> dict[str, Numbers]:
    """Of each of the finest strata, the sums of the wider stratum that holds it."""
    return {name: np.bincount(place, weights=held)[place] for name, held in numbers.items()}


def _sum(column: pd.Series) -> float:
    return math.fsum(column.astype(float))
