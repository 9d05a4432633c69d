"""How far local lines around a cut-off should reach: far enough to be sure, near enough to fit."""

import math
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.inference.effects.local_lines import (
    KERNELS,
    Numbers,
    Side,
    fitted,
    nearest,
    rows,
    sides,
    within,
)

Noise = Literal["nearest", "hc1"]


class Bandwidths(NamedTuple):
    """Reach of the lines (h) and of the curves that tell their bias (b), in units of the score."""

    h: float
    b: float


def optimal(
    score: ArrayLike | None,
    outcome: ArrayLike,
    *,
    cutoff: float = 0.0,
    covariates: ArrayLike | None = None,
    kernel: str = "triangular",
    noise: Noise = "nearest",
    aim: str = "mse",
) -> Bandwidths:
    """One pair of bandwidths for both sides, for the smallest error or for the best coverage.

    Parameters
    ----------
    score, outcome : of each, any unit; not a number where not known
    covariates : (rows, k) measured before the score, for an estimate adjusted for them
    noise : residuals from the nearest scores, or from the local polynomial (HC1)
    aim : "mse" for the estimate, "coverage" for its interval: h n^(-1/20)

    Notes
    -----
    h = (V/(2 (o + 1 - v) (B^2 + 3 var B)))^(1/(2o + 3)), V and B the variance and the bias of the
    v-th coefficient of a local polynomial of order o. In three steps: a pilot by the rule of thumb
    for the third coefficient, from it b for the second, from it h for the jump.
    Calonico-Cattaneo-Titiunik 2014. With covariates the outcome is y - z g, g from the pilot's
    polynomial of y and z on the score, by side and order, as rdrobust does.
    Calonico-Cattaneo-Farrell-Titiunik 2019.
    """
    left, right, _ = sides(score, outcome, cutoff, covariates)
    h, b = chosen(left, right, kernel, noise)
    if aim == "coverage":
        h *= (left.x.size + right.x.size) ** (-1 / 20)
    return Bandwidths(h, b)


def chosen(left: Side, right: Side, kernel: str, noise: Noise = "nearest") -> Bandwidths:
    """As `optimal`, for two sides."""
    x = np.concatenate([left.x, right.x])
    quarter, three = np.quantile(x, [0.25, 0.75], method="averaged_inverted_cdf")
    widest = float(np.abs(x).max())
    scale = min(np.std(x, ddof=1), (three - quarter) / 1.349)
    pilot = min(KERNELS[kernel][1] * scale * np.unique(x).size ** (-1 / 5), widest)
    reach: float | None = None
    found = []
    for order, which in ((3, 3), (2, 2), (1, 0)):
        parts = [_loss(side, order, which, pilot, reach, kernel, noise) for side in (left, right)]
        variance = parts[0][0] + parts[1][0]
        bias = (parts[1][1] - parts[0][1]) ** 2 + parts[0][2] + parts[1][2]
        reach = min((variance / bias) ** (1 / (2 * order + 3)), widest)
        found.append(reach)
    return Bandwidths(float(found[2]), float(found[1]))


def _loss(
    side: Side, order: int, which: int, pilot: float, reach: float | None, kernel: str, noise: Noise
) -> tuple[float, float, float]:
    """Variance, bias and three times the bias's variance, in their rates, of one coefficient."""
    side = _adjusted(side, order, pilot, kernel)
    near = within(side, pilot)
    weights = rows(near.x, order, pilot, kernel)[which]
    variance = ((weights * _noise(near, order, pilot, kernel, noise)) ** 2).sum()
    factor = weights @ near.x ** (order + 1) * pilot ** (which - order - 1)
    far = side if reach is None else within(side, reach)
    widest = abs(side.x).max() * (1 + 1e-8) if reach is None else reach
    bent = rows(far.x, order + 1, widest, kernel)[order + 1]
    own = 2 * (order + 1 - which)
    around = 0.0 if reach is None else _noise(far, order + 1, widest, kernel, noise)
    spread = ((bent * around) ** 2).sum()
    return (
        (2 * which + 1) * pilot ** (2 * which + 1) * variance,
        math.sqrt(own) * factor * (bent @ far.y),
        own * 3 * factor**2 * spread,
    )


def _adjusted(side: Side, order: int, pilot: float, kernel: str) -> Side:
    """The side with y - z g, g from the pilot's weighted regression of both on the score."""
    if not side.z.shape[1]:
        return side
    near = within(side, pilot)
    w = KERNELS[kernel][0](near.x / pilot)[:, None]
    powers = np.vander(near.x / pilot, order + 1, increasing=True)
    both = np.column_stack([near.z, near.y])
    line = np.linalg.solve((powers * w).T @ powers, (powers * w).T @ both)
    rest = both - powers @ line
    z, y = rest[:, :-1], rest[:, -1]
    slopes = np.linalg.pinv((z * w).T @ z) @ ((z * w).T @ y)
    return side._replace(y=side.y - side.z @ slopes)


def _noise(side: Side, order: int, h: float, kernel: str, kind: Noise) -> Numbers:
    if kind == "nearest":
        return nearest(side.x, side.y)
    return fitted(side.x, side.y, order, h, kernel)
