"""A jump at the cut-off of a score: two local lines, their bias taken off and paid for.

Where scores decide and cannot be steered, those just above and just below the cut-off differ in
nothing else. Where the cut-off is a judgement or one may apply again, that does not hold.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.detectable import detectable
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Kernel and the constant of its rule of thumb for a density.
KERNELS: dict[str, tuple[Callable[[Numbers], NDArray[np.floating]], float]] = {
    "triangular": (lambda u: np.maximum(1 - abs(u), 0), 2.576),
    "uniform": (lambda u: 0.5 * (abs(u) <= 1), 1.843),
    "epanechnikov": (lambda u: 0.75 * np.maximum(1 - u**2, 0), 2.34),
}
# Neighbours whose outcomes say what the variance at a score is.
NEIGHBOURS = 3


class Bandwidths(NamedTuple):
    """Reach of the lines (h) and of the curves that tell their bias (b), in units of the score."""

    h: float
    b: float


class Discontinuity(NamedTuple):
    """Jump from just below the cut-off to just above it, in units of the outcome.

    estimate, se : of the local lines, as if they had no bias
    corrected : with the estimated bias taken off; low and high with the error of that too
    left, right : number within h on each side
    unknown : rows without score or outcome, left out
    detectable : jump found four times out of five, by the robust error
    """

    estimate: float
    se: float
    corrected: float
    robust_se: float
    low: float
    high: float
    h: float
    b: float
    left: int
    right: int
    unknown: int
    detectable: float
    assumption: str = "all_else_continuous_and_score_not_steered_at_cutoff"
    estimand: str = "effect_at_cutoff"


class _Side(NamedTuple):
    """Scores from the cut-off, rising, and outcomes of one side."""

    x: Numbers
    y: Numbers


def discontinuity(
    score: ArrayLike | None,
    outcome: ArrayLike,
    *,
    cutoff: float = 0.0,
    bandwidths: Bandwidths | None = None,
    kernel: str = "triangular",
    alpha: float = 0.05,
) -> Discontinuity:
    """Jump of the outcome at the cut-off, with robust bias-corrected interval.

    Parameters
    ----------
    score : of each, any unit; at or above the cut-off: treated; not a number where not known
    outcome : of each, any unit; not a number where not known
    bandwidths : by default those that `optimal` finds
    alpha : 1 - the wished coverage

    Notes
    -----
    Local lines by weighted least squares with kernel weights K(x/h). Bias: the second-order term of
    a local parabola with bandwidth b, carried through the same lines. Both are weighted sums of
    outcomes, sum a_i y_i, so that var = sum a_i^2 e_i^2 with e_i^2 = J/(J + 1) (y_i - mean of the J
    nearest scores' outcomes)^2, J = 3 and all at the same distance. Calonico-Cattaneo-Titiunik
    2014.
    """
    left, right, unknown = _sides(score, outcome, cutoff)
    h, b = bandwidths or _optimal(left, right, kernel)
    apart = _end(right, h, b, kernel) + _end(left, h, b, kernel) * [-1, 1]
    (estimate, variance), (unbiased, robust) = apart.tolist()
    se = math.sqrt(robust)
    reach = NormalDist().inv_cdf(1 - alpha / 2) * se
    inside = KERNELS[kernel][0]
    count = [int((inside(side.x / h) > 0).sum()) for side in (left, right)]
    return Discontinuity(
        estimate=estimate,
        se=math.sqrt(variance),
        corrected=unbiased,
        robust_se=se,
        low=unbiased - reach,
        high=unbiased + reach,
        h=h,
        b=b,
        left=count[0],
        right=count[1],
        unknown=unknown,
        detectable=detectable(se),
    )


def _end(side: _Side, h: float, b: float, kernel: str) -> Numbers:
    """Where the line ends at the cut-off, and its variance; then the same with the bias off."""
    within = _within(side, max(h, b))
    line = _rows(within.x, 1, h, kernel)[0]
    bent = _rows(within.x, 2, b, kernel)[2]
    weights = np.stack([line, line - (line @ within.x**2) * bent])
    variance = ((weights * _nearest(within)) ** 2).sum(axis=1)
    return np.column_stack([weights @ within.y, variance])


def optimal(
    score: ArrayLike | None,
    outcome: ArrayLike,
    *,
    cutoff: float = 0.0,
    kernel: str = "triangular",
    aim: str = "mse",
) -> Bandwidths:
    """One pair of bandwidths for both sides, for the smallest error or for the best coverage.

    Parameters
    ----------
    aim : "mse" for the estimate, "coverage" for its interval: h n^(-1/20)

    Notes
    -----
    h = (V/(2 (o + 1 - v) (B^2 + 3 var B)))^(1/(2o + 3)), V and B the variance and the bias of the
    v-th coefficient of a local polynomial of order o. In three steps: a pilot by the rule of thumb
    for the third coefficient, from it b for the second, from it h for the jump.
    Calonico-Cattaneo-Titiunik 2014.
    """
    left, right, _ = _sides(score, outcome, cutoff)
    h, b = _optimal(left, right, kernel)
    if aim == "coverage":
        h *= (left.x.size + right.x.size) ** (-1 / 20)
    return Bandwidths(h, b)


def _optimal(left: _Side, right: _Side, kernel: str) -> Bandwidths:
    x = np.concatenate([left.x, right.x])
    quarter, three = np.quantile(x, [0.25, 0.75], method="averaged_inverted_cdf")
    widest = float(np.abs(x).max())
    scale = min(np.std(x, ddof=1), (three - quarter) / 1.349)
    pilot = min(KERNELS[kernel][1] * scale * np.unique(x).size ** (-1 / 5), widest)
    reach: float | None = None
    found = []
    for order, which in ((3, 3), (2, 2), (1, 0)):
        parts = [_loss(side, order, which, pilot, reach, kernel) for side in (left, right)]
        variance = parts[0][0] + parts[1][0]
        bias = (parts[1][1] - parts[0][1]) ** 2 + parts[0][2] + parts[1][2]
        reach = min((variance / bias) ** (1 / (2 * order + 3)), widest)
        found.append(reach)
    return Bandwidths(float(found[2]), float(found[1]))


def _loss(
    side: _Side, order: int, which: int, pilot: float, reach: float | None, kernel: str
) -> tuple[float, float, float]:
    """Variance, bias and three times the bias's variance, in their rates, of one coefficient."""
    near = _within(side, pilot)
    weights = _rows(near.x, order, pilot, kernel)[which]
    variance = ((weights * _nearest(near)) ** 2).sum()
    factor = weights @ near.x ** (order + 1) * pilot ** (which - order - 1)
    far = side if reach is None else _within(side, reach)
    widest = abs(side.x).max() * (1 + 1e-8) if reach is None else reach
    bent = _rows(far.x, order + 1, widest, kernel)[order + 1]
    own = 2 * (order + 1 - which)
    spread = 0.0 if reach is None else ((bent * _nearest(far)) ** 2).sum()
    return (
        (2 * which + 1) * pilot ** (2 * which + 1) * variance,
        math.sqrt(own) * factor * (bent @ far.y),
        own * 3 * factor**2 * spread,
    )


def _rows(x: Numbers, order: int, h: float, kernel: str) -> Numbers:
    """Row v holds the weights on outcomes whose sum is the v-th coefficient at the cut-off."""
    u = x / h
    w = KERNELS[kernel][0](u)
    powers = np.vander(u, order + 1, increasing=True)
    if np.unique(x[w > 0]).size <= order:
        raise _refused(f"fewer than {order + 1} different scores within {h:.4g} of the cut-off")
    weights = np.linalg.solve((powers * w[:, None]).T @ powers, (powers * w[:, None]).T)
    return weights / h ** np.arange(order + 1)[:, None]


def _nearest(side: _Side) -> Numbers:
    """Residual of each from its nearest by score, of the size of one outcome's noise."""
    x, y = side
    steps = [k for k in range(-NEIGHBOURS, NEIGHBOURS + 1) if k]
    place = np.arange(x.size)[:, None] + steps
    apart = np.where((place >= 0) & (place < x.size), 0.0, np.inf)
    apart += abs(x[np.clip(place, 0, x.size - 1)] - x[:, None])
    reach = np.sort(apart, axis=1)[:, min(NEIGHBOURS, x.size - 1) - 1] * (1 + 1e-8)
    low, high = np.searchsorted(x, x - reach, "left"), np.searchsorted(x, x + reach, "right")
    total = np.append(0.0, np.cumsum(y))
    number = high - low - 1
    others = (total[high] - total[low] - y) / number
    return np.sqrt(number / (number + 1)) * (y - others)


def _within(side: _Side, reach: float) -> _Side:
    kept = abs(side.x) <= reach
    return _Side(side.x[kept], side.y[kept])


def _sides(score: ArrayLike | None, outcome: ArrayLike, cutoff: float) -> tuple[_Side, _Side, int]:
    if score is None:
        raise _refused("no scores")
    x, y = np.asarray(score, dtype=float) - cutoff, np.asarray(outcome, dtype=float)
    known = np.isfinite(x) & np.isfinite(y)
    left, right = (known & (x < 0)), (known & (x >= 0))
    if min(left.sum(), right.sum()) < 10:
        raise _refused(f"{left.sum()} known scores below the cut-off and {right.sum()} from it on")
    rows = [np.flatnonzero(part)[np.lexsort((y[part], x[part]))] for part in (left, right)]
    return _Side(x[rows[0]], y[rows[0]]), _Side(x[rows[1]], y[rows[1]]), int((~known).sum())


def _refused(found: str) -> ContractError:
    return ContractError(
        "a jump at the cut-off of a score",
        found=found,
        expected="the score of every first application, at least ten on each side",
        do="ask for scores, ranks and dates; until then compare with the rejected, adjusted",
    )
