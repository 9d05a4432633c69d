"""Local lines around a cut-off: their weights on outcomes, the noise of these, the two sides."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

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


class Side(NamedTuple):
    """Scores from the cut-off, rising, outcomes, and covariates (rows, k), of one side."""

    x: Numbers
    y: Numbers
    z: Numbers


def rows(x: Numbers, order: int, h: float, kernel: str) -> Numbers:
    """Row v holds the weights on outcomes whose sum is the v-th coefficient at the cut-off."""
    u = x / h
    w = KERNELS[kernel][0](u)
    powers = np.vander(u, order + 1, increasing=True)
    if np.unique(x[w > 0]).size <= order:
        raise refused(f"fewer than {order + 1} different scores within {h:.4g} of the cut-off")
    weights = np.linalg.solve((powers * w[:, None]).T @ powers, (powers * w[:, None]).T)
    return weights / h ** np.arange(order + 1)[:, None]


def nearest(x: Numbers, y: Numbers) -> Numbers:
    """Residual of each from its nearest by score, of the size of one outcome's noise."""
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


def fitted(x: Numbers, y: Numbers, order: int, h: float, kernel: str) -> Numbers:
    """Residual of each from the local polynomial, times sqrt(n/(n - order - 1)): HC1."""
    number = int((KERNELS[kernel][0](x / h) > 0).sum())
    coefficients = rows(x, order, h, kernel) @ y
    residual = y - np.vander(x, order + 1, increasing=True) @ coefficients
    return np.asarray(residual * np.sqrt(number / (number - order - 1)))


def within(side: Side, reach: float) -> Side:
    """Those at most so far from the cut-off."""
    kept = abs(side.x) <= reach
    return Side(side.x[kept], side.y[kept], side.z[kept])


def sides(
    score: ArrayLike | None,
    outcome: ArrayLike,
    cutoff: float,
    covariates: ArrayLike | None = None,
) -> tuple[Side, Side, int]:
    """Below the cut-off and from it on, and how many rows were left out as not known."""
    if score is None:
        raise refused("no scores")
    x, y = np.asarray(score, dtype=float) - cutoff, np.asarray(outcome, dtype=float)
    given = np.empty((y.size, 0)) if covariates is None else np.asarray(covariates, dtype=float)
    z = given.reshape(y.size, -1)
    known = np.isfinite(x) & np.isfinite(y) & np.isfinite(z).all(axis=1)
    left, right = (known & (x < 0)), (known & (x >= 0))
    if min(left.sum(), right.sum()) < 10:
        raise refused(f"{left.sum()} known scores below the cut-off and {right.sum()} from it on")
    order = [np.flatnonzero(part)[np.lexsort((y[part], x[part]))] for part in (left, right)]
    both = [Side(x[part], y[part], z[part]) for part in order]
    return both[0], both[1], int((~known).sum())


def refused(found: str) -> ContractError:
    """Why there is no line."""
    return ContractError(
        "a jump at the cut-off of a score",
        found=found,
        expected="the score of every first application, at least ten on each side",
        do="ask for scores, ranks and dates; until then compare with the rejected, adjusted",
    )
