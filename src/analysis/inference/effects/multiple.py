"""What several tests together may say: Holm, Romano-Wolf step-down, sharpened q-values.

A test whose p is not known stays in its family and counts as 1: leaving it out would make it easier
for the others to be found.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Two statistics that are equal on paper differ in their last digits.
ROUNDING = 1e-9


def holm(p: ArrayLike) -> Numbers:
    """Adjusted p of each test: the chance that any true null of the family is rejected is kept.

    Parameters
    ----------
    p : of each test, 0 to 1, not a number where it is not known

    Returns
    -------
    As many, in the same order, not a number where p is not known.

    Notes
    -----
    p_(j) = max over i <= j of min(1, (m - i + 1) p_(i)), p sorted upward. Holm (methods 4.9).

    Examples
    --------
    >>> holm([0.03, 0.01, 0.04]).tolist()
    [0.06, 0.03, 0.06]
    """
    given, order, rising = _sorted(p)
    m = len(rising)
    stepped = np.maximum.accumulate(np.minimum(1.0, (m - np.arange(m)) * rising))
    return _returned(stepped, order, given)


def romano_wolf(observed: ArrayLike, drawn: ArrayLike) -> Numbers:
    """Adjusted p of each of several tests that are drawn together under their null.

    Parameters
    ----------
    observed : (m,) statistics, larger in absolute value is more against the null
    drawn : (draws, m) the same under the null, one joint draw (permutation, bootstrap) per row

    Raises
    ------
    ContractError
        If the shapes do not fit, or an observed statistic is not known.

    Notes
    -----
    Sorted downward by |t|: p_(j) = max over i <= j of (1 + #{max over k >= i of |t*_(k)| >=
    |t_(i)|})/(1 + draws). Romano and Wolf 2005. It uses how the outcomes go
    together, and so gives away less than Holm. A draw that is not known counts as far: it can only
    raise p.

    Examples
    --------
    >>> romano_wolf([3.0, 1.0], [[1, 1], [-4, 0], [2, 1]]).tolist()
    [0.5, 0.75]
    """
    t, null = np.abs(np.asarray(observed, dtype=float)), np.abs(np.asarray(drawn, dtype=float))
    if t.ndim != 1 or null.ndim != 2 or null.shape[1] != len(t) or not len(null):
        raise _refused(f"{t.shape} observed, {null.shape} drawn", "(m,) and (draws, m)")
    if np.isnan(t).any():
        raise _refused("a statistic that is not known", "every statistic known as it happened")
    null = np.where(np.isnan(null), np.inf, null)
    order = np.argsort(-t, kind="stable")
    largest = np.maximum.accumulate(null[:, order[::-1]], axis=1)[:, ::-1]
    at_least = (largest >= t[order] * (1 - ROUNDING)).sum(axis=0)
    adjusted = np.empty_like(t)
    adjusted[order] = np.maximum.accumulate((1 + at_least) / (1 + len(null)))
    return adjusted


def sharpened_q(p: ArrayLike) -> Numbers:
    """Smallest share of false findings at which each test is still one: exploratory families.

    Parameters
    ----------
    p : of each test, 0 to 1, not a number where it is not known

    Notes
    -----
    Two-stage step-up of Benjamini-Krieger-Yekutieli: with q' = q/(1 + q), stage one counts the r
    tests found by Benjamini-Hochberg at q'; stage two finds those with a_k <= q' m/(m - r), where
    a_k = min over j >= k of m p_(j)/j. The q of a test is the smallest at which it is found, here
    solved exactly: q'_k = min over c of max(a_(c), a_k (m - c)/m). At most 1. With many findings a
    q can be below its p. Anderson 2008.

    Examples
    --------
    >>> sharpened_q([0.01, 0.02, 0.03, 0.5]).round(6).tolist()
    [0.041667, 0.041667, 0.041667, 0.142857]
    """
    given, order, rising = _sorted(p)
    m = len(rising)
    if not m:
        return rising
    raw = m * rising / np.arange(1, m + 1)
    step_up = np.minimum.accumulate(raw[::-1])[::-1]
    at = np.append(0.0, step_up)[None, :]
    left = (m - np.arange(m + 1))[None, :] / m
    stage = np.maximum(at, step_up[:, None] * left).min(axis=1)
    q = np.where(stage < 0.5, stage / np.maximum(1 - stage, 0.5), 1.0)
    return _returned(q, order, given)


def _sorted(p: ArrayLike) -> tuple[Numbers, NDArray[np.intp], Numbers]:
    """The p given, their order, and they themselves sorted upward with unknown as 1."""
    given = np.asarray(p, dtype=float)
    known = given[~np.isnan(given)]
    if given.ndim != 1 or (known < 0).any() or (known > 1).any():
        raise _refused(f"{given.tolist()}", "a list of p from 0 to 1")
    filled = np.where(np.isnan(given), 1.0, given)
    order = np.argsort(filled, kind="stable")
    return given, order, filled[order]


def _returned(rising: Numbers, order: NDArray[np.intp], given: Numbers) -> Numbers:
    adjusted = np.empty_like(rising)
    adjusted[order] = rising
    return np.where(np.isnan(given), np.nan, adjusted)


def _refused(found: str, expected: str) -> ContractError:
    return ContractError(
        "tests of one family",
        found=found,
        expected=expected,
        do="give the tests of one family together; leave none out because of its outcome",
    )
