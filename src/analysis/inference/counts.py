"""What a count against a target says of a partner: limits, colours and shrunk ratios, no ranks."""

import math
from typing import Any, Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.stats import chi2, poisson

from analysis.inference.intervals import Interval
from analysis.refusal import ContractError

RED_BELOW = 0.80
Light = Literal["green", "amber", "red", "grey"]


class Limits(NamedTuple):
    """Ratios between which a partner lies by chance alone; arrays where targets are."""

    low: Any
    high: Any


def garwood(observed: float, target: float, *, alpha: float = 0.05) -> Interval:
    """Interval of what was reached over the target, as far as chance goes.

    Parameters
    ----------
    observed : count reached
    target : count agreed, above 0; the version in force, or the first: never mixed

    Notes
    -----
    Exact limits of a Poisson count O: chi2(alpha/2; 2 O)/2 and chi2(1 - alpha/2; 2 O + 2)/2, both
    over the target. Garwood 1936. Client counts that come in groups vary more than this.

    Examples
    --------
    >>> [round(limit, 3) for limit in garwood(80, 100)]
    [0.634, 0.996]
    """
    if not (0 <= observed < math.inf and 0 < target < math.inf):
        raise ContractError(
            "a count against its target",
            found=f"{observed} reached, target {target}",
            expected="a count from 0 and a target above 0",
            do="show what is there without a ratio: not known is not 0",
        )
    low = float(chi2.ppf(alpha / 2, 2 * observed)) / 2 if observed else 0.0
    high = float(chi2.ppf(1 - alpha / 2, 2 * observed + 2)) / 2
    return Interval(low / target, high / target)


def funnel_limits(target: ArrayLike, level: float) -> Limits:
    """Ratios of reached over target that chance alone gives a partner that does just as agreed.

    Parameters
    ----------
    target : one or more counts above 0
    level : part of such partners between the limits, for instance .95 or .998

    Notes
    -----
    Quantiles of Poisson(T)/T, interpolated within the count so that the funnel has no steps: with
    r the smallest count for which F(r) >= p, (r - (F(r) - p)/(F(r) - F(r - 1)))/T. Spiegelhalter
    2005.

    Examples
    --------
    Of a Poisson count of mean 100, F(80) = .02265 and F(81) = .02907: low is 81 - .00407/.00642.

    >>> [round(float(limit), 3) for limit in funnel_limits(100, 0.95)]
    [0.804, 1.196]
    """
    t = np.asarray(target, dtype=float)
    if not (np.isfinite(t) & (t > 0)).all() or not 0 < level < 1:
        raise ContractError(
            "limits of a funnel",
            found=f"level {level}, or a target that is missing or not above 0",
            expected="targets above 0, and a level between 0 and 1",
            do="leave out partners without a target, and say which",
        )
    return Limits(_quantile((1 - level) / 2, t), _quantile((1 + level) / 2, t))


def traffic_light(reached: float | None, target: float | None, changed: bool = False) -> Light:
    """Colour of a target: a signal for a talk, not a judgement.

    Parameters
    ----------
    reached, target : counts; missing where not known, as is a ratio to a target of 0
    changed : whether the data or the target changed so that the two cannot be compared

    Returns
    -------
    `grey` cannot be said; `red` below .80 and less than chance explains (upper limit below 1);
    `green` at least the target; `amber` between.

    Examples
    --------
    >>> [traffic_light(o, t) for o, t in [(70, 100), (80, 100), (7, 10), (100, 100), (None, 9)]]
    ['red', 'amber', 'amber', 'green', 'grey']
    """
    if changed or reached is None or target is None or pd.isna(reached) or pd.isna(target):
        return "grey"
    if not target > 0:
        return "grey"
    if reached >= target:
        return "green"
    missed = reached / target < RED_BELOW and garwood(reached, target).high < 1
    return "red" if missed else "amber"


def shrunk(observed: ArrayLike, target: ArrayLike) -> NDArray[np.float64]:
    """Ratios of reached over target, drawn to the ratio of all the more the smaller the target.

    Parameters
    ----------
    observed, target : counts, in the same order; not a number where not known

    Returns
    -------
    One ratio for each; not a number where either count is not known or the target is not above 0.

    Notes
    -----
    Empirical Bayes by moments, Marshall 1991: with r = O/T, m = sum O/sum T and
    s^2 = sum T(r - m)^2/sum T, the true ratios vary by A = max(s^2 - m/mean T, 0), and the shrunk
    ratio is m + A/(A + m/T) (r - m). Only for one kind of service: a common m must mean something.

    Examples
    --------
    m = 1, s^2 = .64, A = .64 - 1/50 = .62: each keeps .62/(.62 + .02) of its distance.

    >>> shrunk([90, 10], [50, 50]).round(3).tolist()
    [1.775, 0.225]
    """
    o, t = (pd.Series(c).to_numpy(dtype=float, na_value=np.nan) for c in (observed, target))
    found = np.full(o.shape, np.nan)
    known = np.isfinite(o) & np.isfinite(t) & (o >= 0) & (t > 0)
    o, t = o[known], t[known]
    if not o.size:
        return found
    ratio, whole = o / t, math.fsum(t)
    mean = math.fsum(o) / whole
    spread = math.fsum(t * (ratio - mean) ** 2) / whole - mean / (whole / t.size)
    between = max(spread, 0.0)
    kept = between / (between + mean / t) if between else np.zeros_like(t)
    found[known] = mean + kept * (ratio - mean)
    return found


def _quantile(p: float, target: NDArray[np.float64]) -> Any:
    """The interpolated p-quantile of Poisson(T)/T, from 0."""
    r = poisson.ppf(p, target)
    above = poisson.cdf(r, target)
    step = (above - p) / poisson.pmf(r, target)
    return np.maximum((r - step) / target, 0.0)
