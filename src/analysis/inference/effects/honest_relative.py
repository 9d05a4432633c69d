"""Robust sets when trends after treatment differ no more than M̄ times what they did before.

Delta^RM(M̄) = {|d_(t+1) - d_t| <= M̄ max_(s<0) |d_(s+1) - d_s|}. Rambachan-Roth 2023. It is a union
over the step s before treatment and its sign; for each the effect is tested by the conditional,
least-favourable hybrid (C-LF) of Andrews-Roth-Pakes, and the set holds what any of them accepts.

The linear programme of that test has a closed form here. Write v for the step, e_t for the steps
after treatment, c_t = sum_(k>=t) l_k and w = l'b. The moments are +-(e_t - tau_t) - M̄ v <= 0 with
standard deviations s_t+ and s_t-, so at eta the step tau_t of the effect may lie anywhere from
e_t - M̄ v - s_t+ eta to e_t + M̄ v + s_t- eta, while sum c_t tau_t = theta. The least eta is thus
the largest of post + 2 linear functions of (w, v), the vertices of the dual:

    (w - |c|_1 M̄ v - theta) / S_low,  (theta - w - |c|_1 M̄ v) / S_high,  -2 M̄ v / (s_t+ + s_t-)

with S_low = sum |c_t| s_t+ (s_t- where c_t < 0) and S_high the reverse.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.optimize import brentq
from scipy.special import log_ndtr, ndtri

from analysis.inference.effects.honest_path import Coefficients, Numbers, Robust, checked
from analysis.refusal import ContractError

GRID = 1000  # values of the effect that are tried for each step and sign, as the authors do
_BISECTIONS = 50  # of the last cell of the grid
_ANGLES = 2048  # directions in which the least favourable probability is integrated
_SAME = 1e-10  # vertices that move together up to this are one


class _Vertices(NamedTuple):
    """Per case (step and sign) the dual vertices: constant + slope theta, and how they covary.

    constant, slope : (cases, vertices); covariance : (cases, vertices, vertices)
    critical : (cases,) least favourable critical value of the first stage
    low, high : (cases,) outside these the first stage rejects
    """

    constant: Numbers
    slope: Numbers
    covariance: Numbers
    critical: Numbers
    low: Numbers
    high: Numbers


def relative_magnitude(
    estimate: ArrayLike,
    covariance: ArrayLike,
    pre: int,
    post: int,
    mbar: Iterable[float],
    *,
    weights: ArrayLike | None = None,
    alpha: float = 0.05,
) -> tuple[Robust, ...]:
    """Robust interval of the effect for each M̄: a multiple of the largest step before treatment.

    Parameters
    ----------
    estimate, covariance, pre, post : see `around`; the outcome's unit
    mbar : limits M̄, at least 0; 1: no larger than before treatment
    weights : (post,) the effect is their sum with the coefficients; the first alone if None
    alpha : 1 - the wished coverage

    Returns
    -------
    the least and the largest value that is not rejected, per M̄; M̄ = 0 gives the usual interval

    Notes
    -----
    First stage of size alpha/10, moments after treatment only, as in the authors' R package; its
    critical value is integrated, not drawn, and the ends are bisected beyond the grid. Bounds of
    the union, Lemma 2.2 and footnote 9 of Rambachan-Roth 2023.
    """
    path, effect = checked(estimate, covariance, pre, post, weights)
    limits = [float(limit) for limit in mbar]
    if not all(0 <= limit < np.inf for limit in limits):
        raise ContractError(
            "the limit of a relative magnitude",
            found=str(limits),
            expected="finite numbers of at least 0",
            do="use 0, .5, 1, 1.5 and 2",
        )
    return tuple(Robust(limit, *_ends(path, effect, limit, alpha)) for limit in limits)


def _ends(path: Coefficients, effect: Numbers, mbar: float, alpha: float) -> tuple[float, float]:
    """Least and largest accepted value over the cases."""
    vertices = _vertices(path, effect, mbar, alpha / 10)
    grid = np.linspace(vertices.low, vertices.high, GRID, axis=-1)
    accepted = _accepted(vertices, grid, alpha)
    first = np.maximum(accepted.argmax(axis=1), 1)
    last = np.minimum(GRID - 1 - accepted[:, ::-1].argmax(axis=1), GRID - 2)
    inside = np.take_along_axis(grid, np.stack([first, last], axis=1), axis=1)
    outside = np.take_along_axis(grid, np.stack([first - 1, last + 1], axis=1), axis=1)
    for _ in range(_BISECTIONS):
        middle = (inside + outside) / 2
        holds = _accepted(vertices, middle, alpha)
        inside, outside = np.where(holds, middle, inside), np.where(holds, outside, middle)
    some = accepted.any(axis=1)
    return float(inside[some, 0].min()), float(inside[some, 1].max())


def _steps(path: Coefficients) -> Numbers:
    """Matrix that gives the steps between neighbouring events, the reference at 0."""
    size = path.pre + path.post
    steps = np.eye(size, size + 1, k=1) - np.eye(size, size + 1)
    return np.delete(steps, path.pre, axis=1)


def _vertices(path: Coefficients, effect: Numbers, mbar: float, kappa: float) -> _Vertices:
    steps = _steps(path)
    before = np.concatenate([steps[: path.pre], -steps[: path.pre]])
    after, total = steps[path.pre :], np.concatenate([np.zeros(path.pre), effect])
    above, below = _moment_sd(before, after, path.covariance, mbar)
    parts = np.cumsum(effect[::-1])[::-1]
    scale_low = np.where(parts > 0, above, below) @ np.abs(parts)
    scale_high = np.where(parts > 0, below, above) @ np.abs(parts)
    play = np.abs(parts).sum() * mbar
    level, no = np.stack([1 / scale_low, -1 / scale_high], axis=1), np.zeros_like(above)
    step = np.stack([-play / scale_low, -play / scale_high], axis=1)
    on_level = np.hstack([level, no])
    on_step = np.hstack([step, -2 * mbar / (above + below)])
    loads = np.stack([on_level, on_step], axis=2)  # (cases, vertices, 2): on w and on v
    pair = np.stack([np.broadcast_to(total, before.shape), before], axis=1)
    joint = pair @ path.covariance @ pair.transpose(0, 2, 1)
    level_at, step_at = (pair @ path.estimate).T
    critical = np.array(
        [_least_favourable(*case, kappa) for case in zip(loads, joint, strict=True)]
    )
    return _Vertices(
        constant=(loads @ np.stack([level_at, step_at], axis=1)[:, :, None])[:, :, 0],
        slope=-on_level,
        covariance=loads @ joint @ loads.transpose(0, 2, 1),
        critical=critical,
        low=level_at - np.abs(play * step_at) - 1.001 * scale_low * critical,
        high=level_at + np.abs(play * step_at) + 1.001 * scale_high * critical,
    )


def _moment_sd(
    before: Numbers, after: Numbers, covariance: Numbers, mbar: float
) -> tuple[Numbers, Numbers]:
    """(cases, post) standard deviation of e_t - M̄ v and of -e_t - M̄ v."""
    own = np.einsum("ti,ij,tj->t", after, covariance, after)
    other = np.einsum("si,ij,sj->s", before, covariance, before)[:, None]
    cross = before @ covariance @ after.T
    around = own + mbar**2 * other
    return np.sqrt(around - 2 * mbar * cross), np.sqrt(around + 2 * mbar * cross)


def _least_favourable(loads: Numbers, joint: Numbers, kappa: float) -> float:
    """Value that the largest vertex passes with probability kappa when every mean is 0.

    Notes
    -----
    In polar coordinates P(max_j g_j'Z > c) = mean over directions u of exp(-c^2/(2 h(u)^2)) with
    h(u) = max_j g_j'u, 0 where that is negative; Z standard normal in the plane.
    """
    angles = 2 * np.pi * (np.arange(_ANGLES) + 0.5) / _ANGLES
    circle = np.stack([np.cos(angles), np.sin(angles)])
    root = np.linalg.cholesky(joint)
    reach = np.maximum((loads @ root @ circle).max(axis=0), 1e-300)
    largest = float(np.sqrt(np.einsum("ji,ik,jk->j", loads, joint, loads).max()))

    def excess(critical: float) -> float:
        with np.errstate(over="ignore"):
            return float(np.exp(-0.5 * (critical / reach) ** 2).mean()) - kappa

    ends = -ndtri(kappa) * largest * 0.999, -ndtri(kappa / len(loads)) * largest * 1.001
    return float(brentq(excess, *ends, xtol=1e-13 * largest, rtol=1e-13))


def _accepted(vertices: _Vertices, theta: Numbers, alpha: float) -> np.ndarray:
    """(cases, values) whether the C-LF test does not reject each value.

    Notes
    -----
    The largest vertex g, given what is independent of it, is normal within the values for which it
    stays the largest: x >= x_h - r x + r x' for each other vertex h, with r = cov(g, h)/var(g).
    The second stage has size (alpha - kappa)/(1 - kappa), and rejects only above 0.
    """
    kappa = alpha / 10
    values = vertices.constant[:, None, :] + vertices.slope[:, None, :] * theta[:, :, None]
    best, top = values.argmax(axis=2), values.max(axis=2)
    shared = np.take_along_axis(vertices.covariance, best[:, :, None], axis=1)
    variance = np.take_along_axis(shared, best[:, :, None], axis=2)[:, :, 0]
    sd = np.sqrt(np.where(variance > 0, variance, 1))
    ratio = shared / sd[:, :, None] ** 2
    room = np.where(np.abs(1 - ratio) > _SAME, 1 - ratio, np.nan)
    bound = (values - ratio * top[:, :, None]) / room
    lower = np.where(room > 0, bound, -np.inf).max(axis=2)
    upper = np.where(room < 0, bound, np.inf).min(axis=2)
    critical = np.broadcast_to(vertices.critical[:, None], top.shape)
    tail = _tail(top / sd, lower / sd, np.minimum(upper, critical) / sd)
    return (top <= 0) | ((top <= critical) & (tail >= (alpha - kappa) / (1 - kappa)))


def _tail(x: Numbers, lower: Numbers, upper: Numbers) -> Numbers:
    """P(X > x) of a standard normal within the limits, exact far out: by logarithms."""
    begin, at, end = log_ndtr(-lower), log_ndtr(-x), log_ndtr(-upper)
    with np.errstate(invalid="ignore", divide="ignore", over="ignore"):
        share = np.exp(at - begin) * np.expm1(end - at) / np.expm1(end - begin)
    return np.where(x <= lower, 1.0, np.where(x >= upper, 0.0, share))
