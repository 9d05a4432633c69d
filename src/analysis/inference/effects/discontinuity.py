"""A jump at the cut-off of a score: two local lines, their bias taken off and paid for.

Where scores decide and cannot be steered, those just above and just below the cut-off differ in
nothing else. Where the cut-off is a judgement or one may apply again, that does not hold.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.inference.effects.bandwidths import Bandwidths, chosen
from analysis.inference.effects.detectable import detectable
from analysis.inference.effects.local_lines import (
    KERNELS,
    Numbers,
    Side,
    nearest,
    rows,
    sides,
    within,
)


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
    left, right, unknown = sides(score, outcome, cutoff)
    h, b = bandwidths or chosen(left, right, kernel)
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


def _end(side: Side, h: float, b: float, kernel: str) -> Numbers:
    """Where the line ends at the cut-off, and its variance; then the same with the bias off."""
    near = within(side, max(h, b))
    line = rows(near.x, 1, h, kernel)[0]
    bent = rows(near.x, 2, b, kernel)[2]
    weights = np.stack([line, line - (line @ near.x**2) * bent])
    variance = ((weights * nearest(near.x, near.y)) ** 2).sum(axis=1)
    return np.column_stack([weights @ near.y, variance])
