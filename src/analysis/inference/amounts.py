"""Shares in euros: an interval where one is honest, and else who decides the figure.

A few large contracts can decide a share of amounts. Then no interval is printed, but how the share
falls apart when the largest awards are left out.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit, logit

from analysis.inference.intervals import Interval, clustered_ratio, parts_of_wholes

DRAWS = 1999
SEED = 20160101
LARGEST_SIGMA = 1.8
LARGEST_TOP5 = 0.5
LEFT_OUT = (0, 1, 3, 5, 10)


class Dominance(NamedTuple):
    """How unequal the awards are; `dominated` where no interval can be honest."""

    sigma: float
    top5: float
    dominated: bool


class WithoutLargest(NamedTuple):
    """The share when the k largest awards are left out."""

    k: int
    share: float


class AmountShare(NamedTuple):
    """A share in euros with all that decides whether it may be believed."""

    share: float
    interval: Interval | None
    dominance: Dominance
    without_largest: tuple[WithoutLargest, ...]
    largest_influence: float


def amount_share(awards: pd.DataFrame, *, seed: int = SEED) -> AmountShare:
    """Share of start-ups in euros among awards whose answer and value are known.

    Parameters
    ----------
    awards : one row per award; `buyer` (missing is one buyer), `value_eur`, `startup_eur` from 0
        to `value_eur`
    seed : of the bootstrap

    Returns
    -------
    AmountShare; no interval where a few awards dominate or none can be made.
    """
    # In one order, since a sum of floats depends on it.
    rows = awards.sort_values(["value_eur", "startup_eur"])
    of_startups, value = rows["startup_eur"].astype(float), rows["value_eur"].astype(float)
    dominance = dominated_by_few(value)
    interval = None
    if not dominance.dominated:
        by_buyer = [column.groupby(rows["buyer"], dropna=False) for column in (of_startups, value)]
        interval = bootstrap_t(*(euros.sum() for euros in by_buyer), seed=seed)
    without = without_largest(of_startups, value)
    return AmountShare(
        without[0].share, interval, dominance, without, largest_influence(of_startups, value)
    )


def bootstrap_t(
    part: ArrayLike,
    whole: ArrayLike,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    alpha: float = 0.05,
) -> Interval | None:
    """Cluster bootstrap-t interval of a ratio on the logit scale.

    Parameters
    ----------
    part, whole : euros per buyer, in the same order, 0 <= part <= whole
    draws : bootstrap samples B of buyers; at least 1999 for a figure that is published
    seed : of the draws; the same figures give the same interval in any order

    Returns
    -------
    None where the ratio is 0 or 1, for one buyer, and where buyers do not differ.

    Notes
    -----
    t* = (logit r* - logit r)/se*, se* that of the logit in the draw; the interval is
    expit(logit r - t*_(1-alpha/2) se), expit(logit r - t*_(alpha/2) se). A draw without t* (all or
    nothing for start-ups) counts as extreme on both sides, so it can only widen the interval.
    """
    a, b = parts_of_wholes(part, whole)
    ratio = clustered_ratio(a, b)
    if not (0 < ratio.value < 1 and ratio.se > 0):
        return None
    centre, scale = logit(ratio.value), ratio.se / (ratio.value * (1 - ratio.value))
    t = _drawn_t(a, b, centre=centre, draws=draws, seed=seed)
    tail = max(int((draws + 1) * alpha / 2 + 1e-9), 1)
    largest = np.sort(np.where(np.isnan(t), np.inf, t))[-tail]
    smallest = np.sort(np.where(np.isnan(t), -np.inf, t))[tail - 1]
    return Interval(float(expit(centre - largest * scale)), float(expit(centre - smallest * scale)))


def _drawn_t(
    a: NDArray[np.float64], b: NDArray[np.float64], *, centre: float, draws: int, seed: int
) -> NDArray[np.float64]:
    count = len(a)
    random = np.random.default_rng(seed)
    times = random.multinomial(count, np.full(count, 1 / count), size=draws)
    # Not `times @ a`: that goes through BLAS, whose last digit depends on the number of threads.
    sum_a, sum_b = (times * a).sum(axis=1), (times * b).sum(axis=1)
    r = sum_a / sum_b
    residuals = a - r[:, None] * b
    variance = (times * residuals**2).sum(axis=1) / (count * (count - 1)) * (count / sum_b) ** 2
    with np.errstate(divide="ignore", invalid="ignore"):
        t = (logit(r) - centre) * r * (1 - r) / np.sqrt(variance)
    return np.where((r > 0) & (r < 1) & (variance > 0), t, np.nan)


def dominated_by_few(values: ArrayLike) -> Dominance:
    """Whether a few awards decide the sum of all: sigma of ln v above 1.8, or top 5 above half.

    Parameters
    ----------
    values : euros per award, above 0

    Notes
    -----
    With such values an interval that claims 95 % covers 71 to 95 % in simulation.
    """
    v, _ = parts_of_wholes(values, values)
    sigma = float(np.log(v).std(ddof=1)) if len(v) > 1 else 0.0
    top5 = float(v[-5:].sum() / v.sum())
    return Dominance(sigma, top5, sigma > LARGEST_SIGMA or top5 > LARGEST_TOP5)


def without_largest(
    part: ArrayLike, whole: ArrayLike, *, left_out: Sequence[int] = LEFT_OUT
) -> tuple[WithoutLargest, ...]:
    """The share without the k largest awards; for each k below the number of awards.

    Parameters
    ----------
    part, whole : euros of start-ups and of all per award
    """
    a, b = parts_of_wholes(part, whole)
    ends = [(k, len(b) - k) for k in left_out if k < len(b)]
    return tuple(WithoutLargest(k, float(a[:end].sum() / b[:end].sum())) for k, end in ends)


def largest_influence(part: ArrayLike, whole: ArrayLike) -> float:
    """The most that leaving out one award changes the share, with its sign; one award: not known.

    Notes
    -----
    share without award i, minus the share; the i for which this is largest in size.
    """
    a, b = parts_of_wholes(part, whole)
    if len(b) == 1:
        return float("nan")
    changes = (a.sum() - a) / (b.sum() - b) - a.sum() / b.sum()
    return float(changes[np.abs(changes).argmax()])
