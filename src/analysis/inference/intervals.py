"""Intervals for shares of awards and for ratios, with buyers as clusters.

They answer one question: would another year with the same propensities differ? The published
awards themselves are all counted, and what is not known of them is a matter of bounds.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.proportion import proportion_confint

from analysis.refusal import ContractError

FEW = 10


class Interval(NamedTuple):
    """Where a value lies with the stated confidence."""

    low: float
    high: float


class Ratio(NamedTuple):
    """A ratio of two sums over buyers, its standard error, and the number of buyers."""

    value: float
    se: float
    clusters: int


class ShareInterval(NamedTuple):
    """A share, its interval, how that was made, and how many independent awards it is worth."""

    share: float
    low: float
    high: float
    method: str
    n_effective: float


class LogRatio(NamedTuple):
    """A ratio and its interval, which is missing where the logarithm does not exist."""

    value: float
    low: float | None
    high: float | None


def wilson(x: float, n: float, *, alpha: float = 0.05) -> Interval:
    """Wilson interval of x in n independent awards. Brown-Cai-DasGupta 2001."""
    return Interval(*map(float, proportion_confint(x, n, alpha=alpha, method="wilson")))


def clopper_pearson(x: float, n: float, *, alpha: float = 0.05) -> Interval:
    """Clopper-Pearson interval of x in n; on an effective n it is that of Korn-Graubard 1998."""
    return Interval(*map(float, proportion_confint(x, n, alpha=alpha, method="beta")))


def clustered_ratio(part: ArrayLike, whole: ArrayLike) -> Ratio:
    """Ratio of two sums with its linearised standard error, buyers being the clusters.

    Parameters
    ----------
    part, whole : A_j and B_j per buyer, in one unit, in the same order, 0 <= A_j <= B_j

    Notes
    -----
    r = sum A/sum B; e_j = (A_j - r B_j)/mean B; se = sqrt(sum e_j^2/(J(J - 1))), not a number for
    one buyer. Särndal et al. 1992.
    """
    a, b = parts_of_wholes(part, whole)
    r = a.sum() / b.sum()
    residuals = (a - r * b) / b.mean()
    count = len(a)
    se = math.sqrt((residuals**2).sum() / (count * (count - 1))) if count > 1 else math.nan
    return Ratio(float(r), se, count)


def share_interval(yes: ArrayLike, known: ArrayLike, *, alpha: float = 0.05) -> ShareInterval:
    """Interval for a share of awards, with buyers as clusters.

    Parameters
    ----------
    yes, known : awards (or weights of awards) per buyer, in the same order

    Returns
    -------
    ShareInterval, method `wilson`, or `korn-graubard` where fewer than 10 are yes.

    Notes
    -----
    n_eff = p(1 - p)/V, V the clustered variance; never above the number of awards, which is also
    taken where V is 0, or unknown (one buyer). Korn-Graubard 1998, without their factor for
    degrees of freedom.
    """
    _, awards = parts_of_wholes(yes, known)
    ratio = clustered_ratio(yes, known)
    n, p = float(awards.sum()), ratio.value
    worth = p * (1 - p) / ratio.se**2 if ratio.se > 0 else n
    n_effective = min(n, worth)
    few = p * n < FEW
    interval = (clopper_pearson if few else wilson)(p * n_effective, n_effective, alpha=alpha)
    return ShareInterval(p, *interval, "korn-graubard" if few else "wilson", n_effective)


def representation_ratio(
    *, won: float, lots: float, startups: float, firms: float, alpha: float = 0.05
) -> LogRatio:
    """Share of start-ups among winners over their share among the firms that could have bid.

    Parameters
    ----------
    won, lots : lots won by start-ups, and all lots
    startups, firms : start-ups among the eligible firms, and all of these

    Notes
    -----
    RR = (a/n)/(B/M); se of ln RR = sqrt(1/a - 1/n + 1/B - 1/M). Below 1 is not discrimination.
    """
    if not (0 <= won <= lots and 0 < startups <= firms and lots > 0):
        raise ContractError(
            "a representation ratio",
            found=f"{won} of {lots} lots, {startups} of {firms} firms",
            expected="parts within their wholes, and at least one lot and one start-up",
            do="leave out the group, or count lots and firms over the same sectors",
        )
    ratio = (won / lots) / (startups / firms)
    if not won:
        return LogRatio(ratio, None, None)
    se = math.sqrt(1 / won - 1 / lots + 1 / startups - 1 / firms)
    factor = math.exp(NormalDist().inv_cdf(1 - alpha / 2) * se)
    return LogRatio(ratio, ratio / factor, ratio * factor)


def parts_of_wholes(
    part: ArrayLike, whole: ArrayLike
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Two arrays of numbers, the same whatever the order given; refused unless 0 <= part <= whole.

    Those with nothing at all (0 of 0) are left out.
    """
    a, b = np.asarray(part, dtype=float), np.asarray(whole, dtype=float)
    # Sums of the same amounts may differ in the last digit.
    within = a.shape == b.shape and (np.isfinite(b) & (a >= 0) & (a <= b * (1 + 1e-9))).all()
    if not within or not b.sum() > 0:
        raise ContractError(
            "amounts or awards of start-ups beside those of all",
            found=f"{a.size} parts and {b.size} wholes, or a part outside its whole, or no award",
            expected="for each 0 <= part <= whole, and one whole above 0",
            do="take both from the same rows, and only those whose answer is known",
        )
    a = np.minimum(a, b)
    order = np.lexsort((a, b))
    order = order[b[order] > 0]
    return a[order], b[order]
