"""How often something is so, when the test that says it is sometimes wrong.

A mark or a classifier calls contracts innovation, and a sample judged by coders tells how often it
is right. For counts only: spend needs `audit.difference_estimate`, as errors go with the value.
"""

from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

Numbers = NDArray[np.float64]


class Validation(NamedTuple):
    """How a test did among units whose truth is known; numbers, or arrays of one shape.

    sensitivity, specificity : part found among the true, part not called among the others
    positives, negatives : how many units each rests on (of a weighted sample: what it is worth)
    """

    sensitivity: ArrayLike
    specificity: ArrayLike
    positives: ArrayLike
    negatives: ArrayLike


class Prevalence(NamedTuple):
    """A corrected prevalence and its standard error; not a number where it cannot be measured."""

    value: Numbers
    se: Numbers


class Span(NamedTuple):
    """Ends of an interval."""

    low: Numbers
    high: Numbers


class _Parts(NamedTuple):
    value: Numbers
    se: Numbers
    youden: Numbers


def rogan_gladen(called: ArrayLike, units: ArrayLike, test: Validation) -> Prevalence:
    """Prevalence corrected for the errors of the test.

    Parameters
    ----------
    called : part of the units, 0 to 1, that the test calls yes (apparent prevalence)
    units : how many the test was used on

    Returns
    -------
    Prevalence, 0 to 1; not a number where it cannot be measured: fewer are called than the test
    calls wrongly (called < 1 - specificity), or the test tells nothing (J <= 0).

    Notes
    -----
    p = (AP + Sp - 1)/J, J = Se + Sp - 1; var = [AP(1 - AP)/n + (1 - p)^2 Sp(1 - Sp)/n_neg +
    p^2 Se(1 - Se)/n_pos]/J^2. Rogan-Gladen 1978.
    """
    ap, n, se, sp, positives, negatives = _arrays(called, units, test)
    value, error, youden = _corrected(ap, n, se, sp, positives, negatives)
    measured = (youden > 0) & (ap >= 1 - sp)
    value = np.minimum(value, 1.0)
    return Prevalence(np.where(measured, value, np.nan), np.where(measured, error, np.nan))


def lang_reiczigel(
    called: ArrayLike, units: ArrayLike, test: Validation, *, alpha: float = 0.05
) -> Span:
    """Interval of the prevalence that also holds what is not known of the test.

    Parameters
    ----------
    called, units, test : as for `rogan_gladen`

    Returns
    -------
    Span within 0 and 1; from 0 to 1 where the test tells nothing, and not a number where all of it
    lies below 0: the test calls wrong too often for so low a prevalence.

    Notes
    -----
    AP, Se and Sp are drawn to one half: AP' = (n AP + z^2/2)/(n + z^2), Se' = (n_pos Se + 1)/
    (n_pos + 2), Sp' likewise; dp = 2 z^2 {p' Se'(1 - Se')/n_pos' - (1 - p') Sp'(1 - Sp')/n_neg'};
    the interval is p' + dp -+ z SE'. Lang-Reiczigel 2014.
    """
    ap, n, se, sp, positives, negatives = _arrays(called, units, test)
    z = NormalDist().inv_cdf(1 - alpha / 2)
    ap = (n * ap + z**2 / 2) / (n + z**2)
    se, positives = (positives * se + 1) / (positives + 2), positives + 2
    sp, negatives = (negatives * sp + 1) / (negatives + 2), negatives + 2
    value, error, youden = _corrected(ap, n + z**2, se, sp, positives, negatives)
    none = youden <= 0
    value, error = np.where(none, 0.0, value), np.where(none, 0.0, error)
    moved = value * se * (1 - se) / positives - (1 - value) * sp * (1 - sp) / negatives
    centre = value + 2 * z**2 * moved
    low, high = centre - z * error, centre + z * error
    wrong = high < 0
    low, high = np.where(none, 0, np.clip(low, 0, 1)), np.where(none, 1, np.clip(high, 0, 1))
    return Span(np.where(wrong & ~none, np.nan, low), np.where(wrong & ~none, np.nan, high))


def chapman(first: int, second: int, both: int) -> float:
    """How many there are, from two lists and how many stand on both. Chapman 1951.

    Notes
    -----
    (n1 + 1)(n2 + 1)/(m + 1) - 1. Lists that find the same contracts make it too low, so it is a
    check and no estimate.
    """
    return (first + 1) * (second + 1) / (both + 1) - 1


def _corrected(
    ap: Numbers, n: Numbers, se: Numbers, sp: Numbers, positives: Numbers, negatives: Numbers
) -> _Parts:
    youden = se + sp - 1
    with np.errstate(divide="ignore", invalid="ignore"):
        value = (ap + sp - 1) / youden
        variance = (
            ap * (1 - ap) / n
            + (1 - value) ** 2 * sp * (1 - sp) / negatives
            + value**2 * se * (1 - se) / positives
        ) / youden**2
    return _Parts(value, np.sqrt(variance), youden)


def _arrays(called: ArrayLike, units: ArrayLike, test: Validation) -> tuple[Numbers, ...]:
    return tuple(np.asarray(part, dtype=float) for part in (called, units, *test))
