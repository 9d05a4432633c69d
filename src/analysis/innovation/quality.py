"""How good the scores of a classifier are: what it finds, what it gets wrong, how honest it is."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.intervals import Interval, wilson

CALLED = 0.5  # a score from here on calls the contract innovation
GOOD_SLOPE = (0.8, 1.2)
DRIFTED = 0.2  # population stability index above which scores are no longer comparable
_BINS = 10

Numbers = NDArray[np.float64]


class Confusion(NamedTuple):
    """Contracts by what they are and what the score calls them."""

    found: int  # innovation, and called so
    wrong: int  # called innovation, and is not
    missed: int  # innovation, and not called so
    left: int  # neither


class Share(NamedTuple):
    """A share with the Wilson interval of it; not known where nothing can be counted."""

    value: float | None
    interval: Interval | None
    n: int


class Honesty(NamedTuple):
    """How well scores rank (pr_auc) and how far they may be read as chances (brier, slope)."""

    pr_auc: float
    brier: float
    slope: float | None


def confusion(labels: ArrayLike, scores: ArrayLike) -> Confusion:
    """Count contracts by label (1 or 0) and by whether the score is at least one half."""
    y, called = np.asarray(labels, dtype=float) == 1, np.asarray(scores, dtype=float) >= CALLED
    parts = (y & called, ~y & called, y & ~called, ~y & ~called)
    return Confusion(*(int(part.sum()) for part in parts))


def precision(counted: Confusion) -> Share:
    """Of the contracts called innovation, the share that is."""
    return _share(counted.found, counted.found + counted.wrong)


def recall(counted: Confusion) -> Share:
    """Of the contracts that are innovation, the share called so."""
    return _share(counted.found, counted.found + counted.missed)


def honesty(labels: ArrayLike, scores: ArrayLike) -> Honesty | None:
    """Ranking and calibration of scores; None unless there are contracts of both kinds.

    Notes
    -----
    pr_auc is average precision: sum (R_k - R_k-1) P_k down the scores; brier the mean of
    (score - label)^2; slope the b of logit P(label) = a + b logit(score): 1 where scores are
    chances, below 1 where they are too sure; missing where they part the two kinds wholly.
    """
    from sklearn.metrics import average_precision_score

    y, p = np.asarray(labels, dtype=float), np.asarray(scores, dtype=float)
    if len(np.unique(y)) < 2:
        return None
    brier = math.fsum(((p - y) ** 2).tolist()) / len(y)
    return Honesty(float(average_precision_score(y, p)), brier, _slope(y, p))


def stability(before: ArrayLike, now: ArrayLike) -> float:
    """Population stability index: how far scores have moved since; above .2 they have drifted.

    Notes
    -----
    sum (q - p) ln(q/p) over tenths of `before`, half a contract added to every part so that none
    is empty.
    """
    old, new = np.asarray(before, dtype=float), np.asarray(now, dtype=float)
    edges = np.unique(np.quantile(old, np.arange(1, _BINS) / _BINS))
    p, q = (
        (np.bincount(np.digitize(scores, edges), minlength=len(edges) + 1) + 0.5)
        / (len(scores) + 0.5 * (len(edges) + 1))
        for scores in (old, new)
    )
    return math.fsum(((q - p) * np.log(q / p)).tolist())


def _share(part: int, whole: int) -> Share:
    if not whole:
        return Share(None, None, 0)
    return Share(part / whole, wilson(part, whole), whole)


def _slope(y: Numbers, p: Numbers) -> float | None:
    """Newton's steps for a logistic regression of two parameters."""
    x = np.log(np.clip(p, 1e-9, 1 - 1e-9) / np.clip(1 - p, 1e-9, 1))
    a, b = math.log(y.mean() / (1 - y.mean())), 0.0
    for _ in range(50):
        fitted = 1 / (1 + np.exp(-np.clip(a + b * x, -30, 30)))
        residual, weight = y - fitted, np.maximum(fitted * (1 - fitted), 1e-12)
        one, cross, square = (math.fsum((weight * x**power).tolist()) for power in (0, 1, 2))
        determinant = one * square - cross**2
        if determinant < 1e-9 or abs(b) > 50:
            return None
        first, second = math.fsum(residual.tolist()), math.fsum((residual * x).tolist())
        step_a = (square * first - cross * second) / determinant
        step_b = (one * second - cross * first) / determinant
        a, b = a + step_a, b + step_b
        if max(abs(step_a), abs(step_b)) < 1e-9:
            return round(b, 9)
    return None
