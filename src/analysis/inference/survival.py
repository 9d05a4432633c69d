"""How long something takes while not all has ended yet: Kaplan-Meier and Aalen-Johansen.

An open project says that its duration is longer than so far; to leave it out, or to count it as
ended today, makes durations look shorter than they are.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Products of fractions that are one half on paper differ from it in the last digit.
ROUNDING = 1e-12


class Curve(NamedTuple):
    """Share that has not ended, a row per day on which something ended or was last seen open.

    day : from 0, rising; the last row is the last day of follow-up
    survival : share not ended by the end of that day
    low, high : interval of that share, not a number where there is none
    at_risk : how many were still open and followed at the start of that day
    """

    day: Numbers
    survival: Numbers
    low: Numbers
    high: Numbers
    at_risk: Numbers


class Incidence(NamedTuple):
    """Share that has ended from one cause, rows and columns as in `Curve`."""

    day: Numbers
    incidence: Numbers
    low: Numbers
    high: Numbers
    at_risk: Numbers


class _Table(NamedTuple):
    """Per day: at risk, ended from the cause asked for, ended from any, and S before that day."""

    day: Numbers
    at_risk: Numbers
    of_cause: Numbers
    ended: Numbers
    survival: Numbers
    before: Numbers


def kaplan_meier(days: ArrayLike, ended: ArrayLike, *, alpha: float = 0.05) -> Curve:
    """Share that has not ended by each day, where some are still open (censored).

    Parameters
    ----------
    days : duration in days of each, from 0: until it ended, or until it was last seen open
    ended : whether it ended, for each; an end and a last sight on one day: the end came first
    alpha : 1 - the wished coverage of the pointwise interval

    Notes
    -----
    S(t) = prod over t_i <= t of (1 - d_i/n_i), d_i ended on day t_i of n_i at risk. Kaplan-Meier
    1958. Interval S^exp(+-z se/(S |ln S|)) with Greenwood's se^2 = S^2 sum d_i/(n_i (n_i - d_i)),
    on the scale ln(-ln S), so that it stays within 0 and 1. There is none while nothing ended and
    once all have. Holds where the day until which one looked does not depend on how it was going.

    Examples
    --------
    Four projects: ended on day 10, open on day 15, ended on days 20 and 30.

    >>> kaplan_meier([10, 15, 20, 30], [True, False, True, True]).survival.tolist()
    [1.0, 0.75, 0.75, 0.375, 0.0]
    """
    table = _table(days, ended, of=1)
    low, high = _log_log(table.survival, table.survival**2 * np.cumsum(_greenwood(table)), alpha)
    return Curve(table.day, table.survival, low, high, table.at_risk)


def median(curve: Curve) -> float | None:
    """First day by the end of which at least half has ended; not known where it never gets there.

    Notes
    -----
    inf{t : S(t) <= 1/2}. With fewer ends than open ones the median is not observed: say so, and do
    not take that of the ended.

    Examples
    --------
    >>> median(kaplan_meier([10, 15, 20, 30], [True, False, True, True]))
    20.0
    >>> median(kaplan_meier([10, 15, 20], [True, False, False])) is None
    True
    """
    half = np.flatnonzero(curve.survival <= 0.5 + ROUNDING)
    return float(curve.day[half[0]]) if half.size else None


def cumulative_incidence(
    days: ArrayLike, cause: ArrayLike, of: int, *, alpha: float = 0.05
) -> Incidence:
    """Share that has ended from one cause by each day, where another cause can come first.

    Parameters
    ----------
    days : duration in days of each, from 0
    cause : whole number for each; 0 still open (censored), 1 and up a cause
    of : the cause asked for
    alpha : 1 - the wished coverage of the pointwise interval

    Notes
    -----
    F_k(t) = sum over t_i <= t of S(t_i-) d_ki/n_i, S the Kaplan-Meier curve of all causes together.
    Aalen-Johansen 1978. One minus the Kaplan-Meier curve with the other causes censored is larger:
    it answers for a world in which nothing is ever stopped. With F for F_k:
    var F(t) = sum (F(t) - F(t_i))^2 d_i/(n_i (n_i - d_i)) + sum S(t_i-)^2 d_ki (n_i - d_ki)/n_i^3
    - 2 sum (F(t) - F(t_i)) S(t_i-) d_ki/n_i^2 (Marubini-Valsecchi 1995); interval
    F^exp(+-z se/(F |ln F|)) (Pintilie 2006), none while F is 0 and once it is 1.

    Examples
    --------
    Of four, one is awarded (1) on day 10, one stopped (2) on day 15, one awarded on day 20.

    >>> cumulative_incidence([10, 15, 20, 30], [1, 2, 1, 0], of=1).incidence.tolist()
    [0.0, 0.25, 0.25, 0.5, 0.5]
    """
    table = _table(days, cause, of)
    steps = table.before * table.of_cause / table.at_risk
    incidence = np.cumsum(steps)
    low, high = _log_log(incidence, _incidence_variance(table, steps, incidence), alpha)
    return Incidence(table.day, incidence, low, high, table.at_risk)


def _table(days: ArrayLike, cause: ArrayLike, of: int) -> _Table:
    t, causes = (pd.Series(c).to_numpy(dtype=float, na_value=np.nan) for c in (days, cause))
    known = all((np.isfinite(column) & (column >= 0)).all() for column in (t, causes))
    if not known or not 0 < t.size == causes.size or (causes != np.floor(causes)).any():
        raise ContractError(
            "durations and how they ended",
            found=f"{t.size} durations and {causes.size} ends, or one missing or below 0, or none",
            expected="for each a number of days from 0, and a cause (0 for what is still open)",
            do="leave out what has no first day, say how many, and follow the open until one day",
        )
    day, place = np.unique(np.append(t, 0.0), return_inverse=True)
    place = place[:-1]
    seen, ended, of_cause = (
        np.bincount(place, weights=which, minlength=len(day)).astype(float)
        for which in (np.ones(t.size), causes > 0, causes == of)
    )
    at_risk = seen[::-1].cumsum()[::-1]
    survival = np.cumprod(1 - ended / at_risk)
    return _Table(day, at_risk, of_cause, ended, survival, np.append(1.0, survival[:-1]))


def _greenwood(table: _Table) -> Numbers:
    """d/(n(n - d)) of each day; 0 on the day that the last ones end, where no variance is asked."""
    n, d = table.at_risk, table.ended
    return np.divide(d, n * (n - d), out=np.zeros_like(n), where=n > d)


def _incidence_variance(table: _Table, steps: Numbers, f: Numbers) -> Numbers:
    """Marubini-Valsecchi, with (F(t) - F(t_i)) written out so that sums over i are enough."""
    n, of_cause, hazard = table.at_risk, table.of_cause, _greenwood(table)
    until = f**2 * np.cumsum(hazard) - 2 * f * np.cumsum(f * hazard) + np.cumsum(f**2 * hazard)
    own = np.cumsum(table.before**2 * of_cause * (n - of_cause) / n**3)
    joint = f * np.cumsum(steps / n) - np.cumsum(f * steps / n)
    return np.maximum(until + own - 2 * joint, 0.0)


def _log_log(share: Numbers, variance: Numbers, alpha: float) -> tuple[Numbers, Numbers]:
    """Limits p^exp(+-z se/(p |ln p|)) of each share p strictly between 0 and 1."""
    low, high = np.full_like(share, np.nan), np.full_like(share, np.nan)
    inside = (share > ROUNDING) & (share < 1 - ROUNDING)
    p = share[inside]
    z = NormalDist().inv_cdf(1 - alpha / 2)
    reach = np.exp(z * np.sqrt(variance[inside]) / (p * -np.log(p)))
    low[inside], high[inside] = p**reach, p ** (1 / reach)
    return low, high
