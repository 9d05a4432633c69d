"""Robust intervals when the trends' difference bends by no more than M from year to year.

Delta^SD(M) = {|(d_(t+1) - d_t) - (d_t - d_(t-1))| <= M}; M = 0 allows any straight line. The
interval is the shortest of fixed length (FLCI) around an affine estimator: Rambachan-Roth 2023.

Write the estimator l'b with l given after treatment, and z_j = sum_(t<j) l_t (j - t) for j before
it. A line drops out if z_0 = C = sum_(t>0) l_t t; then l_t = z_(t+1) - 2 z_t + z_(t-1), and the
largest bias is M (sum_(j>=0) |sum_(t>j) l_t (t - j)| + sum_(j<0) |z_j|).
"""

from collections.abc import Iterable
from math import sqrt, tanh
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.linalg import solve_triangular
from scipy.optimize import brentq, lsq_linear
from scipy.special import ndtr, ndtri

from analysis.inference.effects.honest_path import Coefficients, Numbers, Robust, checked
from analysis.refusal import ContractError


class _Problem(NamedTuple):
    """The variance of the estimator in z, as z'Qz + 2 q'z + constant, and the bias that z leaves.

    fixed, moves : the weights are fixed + moves z
    root : lower Cholesky factor of Q, in units of the covariance's scale
    """

    fixed: Numbers
    moves: Numbers
    covariance: Numbers
    root: Numbers
    linear: Numbers
    bias: float


def smoothness(
    estimate: ArrayLike,
    covariance: ArrayLike,
    pre: int,
    post: int,
    limits: Iterable[float],
    *,
    weights: ArrayLike | None = None,
    alpha: float = 0.05,
) -> tuple[Robust, ...]:
    """Shortest interval of fixed length for each M: the most by which the slope changes in a year.

    Parameters
    ----------
    estimate, covariance, pre, post : see `around`; the outcome's unit
    limits : M, at least 0, in the outcome's unit
    weights : (post,) the effect is their sum with the coefficients; the first alone if None
    alpha : 1 - the wished coverage

    Notes
    -----
    Half length = h cv(M B/h), with h the standard deviation and M B the largest bias of the
    estimator, and cv(t) the 1 - alpha quantile of |N(t, 1)|. Equations 17 and 18 of Rambachan-Roth
    2023. M = 0 extrapolates the line by generalised least squares.
    """
    path, effect = checked(estimate, covariance, pre, post, weights)
    limits = [float(limit) for limit in limits]
    if not all(0 <= limit < np.inf for limit in limits):
        raise ContractError(
            "the limit of a change of slope",
            found=str(limits),
            expected="finite numbers of at least 0, in the unit of the outcome",
            do="use 0 and parts of a standard error of the effect",
        )
    unit = sqrt(float(np.diag(path.covariance).mean()))
    problem = _problem(path, effect, unit)
    return tuple(_robust(problem, path.estimate, limit, unit, alpha) for limit in limits)


def folded_quantile(mean: float, alpha: float) -> float:
    """1 - alpha quantile of |N(mean, 1)|, the mean not below 0."""
    low, high = mean + float(ndtri(1 - alpha)) - 1, mean + float(ndtri(1 - alpha / 2)) + 1

    def excess(value: float) -> float:
        return float(ndtr(value - mean) - ndtr(-value - mean)) - (1 - alpha)

    return float(brentq(excess, low, high, xtol=1e-14, rtol=1e-14))


def _problem(path: Coefficients, effect: Numbers, unit: float) -> _Problem:
    pre, size = path.pre, path.pre + path.post
    covariance = path.covariance / unit**2
    years = np.arange(1, path.post + 1)
    left = [effect[year:] @ years[: path.post - year] for year in range(path.post)]
    fixed = np.concatenate([np.zeros(pre), effect])
    fixed[pre - 1] = left[0]
    moves = np.zeros((size, pre - 1))
    moves[:pre] = sum(
        factor * np.eye(pre, pre - 1, k=-row) for row, factor in enumerate((1, -2, 1))
    )
    root = np.linalg.cholesky(moves.T @ covariance @ moves).astype(float)
    linear = moves.T @ covariance @ fixed
    return _Problem(fixed, moves, covariance, root, linear, float(np.abs(left).sum()))


def _robust(
    problem: _Problem, estimate: Numbers, limit: float, unit: float, alpha: float
) -> Robust:
    bound = limit / unit
    bent = _bent(problem, _price(problem, bound, alpha))
    weights = problem.fixed + problem.moves @ bent
    half = unit * _half(problem, bent, bound, alpha)[0]
    middle = float(weights @ estimate)
    return Robust(limit, middle - half, middle + half)


def _half(problem: _Problem, bent: Numbers, bound: float, alpha: float) -> tuple[float, float]:
    """Half length at these z, and how much variance is worth a unit of bias there.

    Notes
    -----
    f = h cv(t), t = M B/h: df/dB = M cv'(t), df/dh = cv - t cv', cv'(t) = tanh(t cv).
    """
    weights = problem.fixed + problem.moves @ bent
    sd = sqrt(float(weights @ problem.covariance @ weights))
    mean = bound * (problem.bias + float(np.abs(bent).sum())) / sd
    quantile = folded_quantile(mean, alpha)
    rise = tanh(mean * quantile)
    return sd * quantile, sd * bound * rise / (quantile - mean * rise)


def _price(problem: _Problem, bound: float, alpha: float) -> float:
    """The price of bias at which `_bent` gives the shortest interval.

    The length is convex in z, and least where the price equals what bias is worth in variance.
    """
    most = float(np.abs(problem.linear).max(initial=0.0))

    def excess(price: float) -> float:
        return price - _half(problem, _bent(problem, price), bound, alpha)[1]

    if not bound or excess(most) <= 0:
        return most if bound else 0.0
    return float(brentq(excess, 0.0, most, xtol=1e-14 * most, rtol=1e-13))


def _bent(problem: _Problem, price: float) -> Numbers:
    """The z that make half the variance, plus the price times sum |z|, least.

    Notes
    -----
    By its dual, least squares within a box: z = -Q^-1 (q + s) with s, |s_j| <= price, at the
    smallest (q + s)'Q^-1 (q + s). `lsq_linear` solves it exactly by active sets.
    """
    if not problem.linear.size:
        return problem.linear
    inverse = solve_triangular(problem.root, np.eye(len(problem.root)), lower=True)
    aim, pull = inverse @ problem.linear, np.zeros_like(problem.linear)
    if price > 0:
        box = (-price, price)
        pull = lsq_linear(inverse, -aim, box, method="bvls", tol=1e-14, max_iter=1000).x
    return -inverse.T @ (aim + inverse @ pull)
