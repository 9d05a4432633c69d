"""One share and one date: whether a monthly share changed, and by how many points."""

from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from analysis.inference.effects.series import (
    both_sides,
    broken_line,
    change,
    column,
    lag_rule,
    on_grid,
    sandwich,
)
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Places of the level and of the slope change among the coefficients.
BREAK = [2, 3]
# A fitted share so near to 0 or 1 that its logit was running off.
CERTAIN = 1e-8
# Newton's steps at most, and the step that counts as none.
STEPS, CLOSE = 30, 1e-10


class Shares(NamedTuple):
    """A break in a monthly share: on the logit scale, and in shares over the months after.

    points_reach, p, memory, detectable : `reach` and the others as in `Change`, for points
    points : mean over the months after, weighted by what they count, of the share fitted with the
        break minus that without
    """

    level: float
    level_se: float
    slope_change: float
    slope_change_se: float
    points: float
    points_se: float
    points_reach: float
    lag: int
    p: float
    memory: float
    detectable: float
    assumption: str = "no_other_change_at_that_date"
    estimand: str = "mean_change_of_share_after"


def shares(
    time: ArrayLike,
    yes: ArrayLike,
    of: ArrayLike,
    *,
    first: int,
    seed: int,
    mix: ArrayLike | None = None,
    lag: int | None = None,
    seasons: Literal[12, 4, 1] = 12,
) -> Shares:
    """Break in a monthly share, with the season and with what the share is counted among.

    Parameters
    ----------
    time : month of each row, counted on (12 a year), in any order, each once
    yes, of : number counted, among how many known; a month with 0 known is a gap
    seed : of the series drawn for p
    mix : (rows, k) composition of each month, where that changes too
    lag : Newey-West lag; by default `lag_rule`
    seasons : of the year, each with its own effect: its months, its quarters, or none

    Notes
    -----
    Binomial: logit p_t = b0 + b1 t + b2 1[t >= T0] + b3 (t - T0)_+ + season + mix; errors by
    Newey-West on the scores x_t (yes_t - of_t p_t).
    """
    count = column(of)
    share = np.divide(column(yes), count, out=np.full_like(count, np.nan), where=count > 0)
    extra = np.empty((count.size, 0)) if mix is None else np.asarray(mix, float)
    grid, table, known = on_grid(time, np.column_stack([share, count, extra]))
    both_sides(grid, known, first)
    season = np.eye(seasons)[grid.astype(int) % 12 * seasons // 12]
    share, count = table[:, 0], table[:, 1] * known
    _some_yes_some_no(share, count, np.column_stack([season, grid >= first]))
    season = season[:, np.flatnonzero(known @ season)[1:]]
    x = np.column_stack([broken_line(grid, first), season, table[:, 2:]]) * known[:, None]
    return _fitted_shares(x, share, count, grid >= first, lag, seed)


def _fitted_shares(
    x: Numbers, share: Numbers, count: Numbers, after: NDArray[np.bool_], lag: int | None, seed: int
) -> Shares:
    """Fit by maximum likelihood on the known months, and spread the break's effect over them."""
    b = _maximum(x, share, count)
    without = np.where(np.isin(np.arange(b.size), BREAK), 0.0, 1.0)
    p, q = expit(x @ b), expit(x @ (b * without))
    inverse = np.linalg.inv((x * (count * p * (1 - p))[:, None]).T @ x)
    lag = lag_rule(int((count > 0).sum())) if lag is None else lag
    covariance = sandwich(inverse, x * (count * (share - p))[:, None], lag)
    weight = np.where(after, count, 0) / count[after].sum()
    gradient = weight @ ((p * (1 - p))[:, None] * x - (q * (1 - q))[:, None] * x * without)
    se = np.sqrt(np.diag(covariance))
    root = np.sqrt(count * p * (1 - p))
    pearson = root * (share - p) / (p * (1 - p))
    points = float(weight @ (p - q))
    found = change(root[:, None] * x, pearson, gradient, points, covariance, lag=lag, seed=seed)
    return Shares(
        level=float(b[2]),
        level_se=float(se[2]),
        slope_change=float(b[3]),
        slope_change_se=float(se[3]),
        points=found.effect,
        points_se=found.se,
        points_reach=found.reach,
        lag=lag,
        p=found.p,
        memory=found.memory,
        detectable=found.detectable,
    )


def _some_yes_some_no(share: Numbers, count: Numbers, parts: Numbers) -> None:
    """Refuse parts of the months, (months, parts) of 0 and 1, in which none or all are counted."""
    of, yes = count @ parts, (share * count) @ parts
    if ((of > 0) & ((yes < CERTAIN) | (of - yes < CERTAIN))).any():
        raise _refused("a season, or the months after the date, with none or all in every year")


def _maximum(x: Numbers, share: Numbers, count: Numbers) -> Numbers:
    """Coefficients of the binomial model, by Newton's steps; refused where they run to infinity."""
    if np.linalg.matrix_rank(x) < x.shape[1]:
        raise _refused("seasons and mix that leave nothing to compare")
    b, step = np.zeros(x.shape[1]), np.full(x.shape[1], np.inf)
    for _ in range(STEPS):
        p = expit(x @ b)
        information = (x * (count * p * (1 - p))[:, None]).T @ x
        if abs(step).max() < CLOSE or np.linalg.cond(information) > 1 / CERTAIN**2:
            break
        step = np.linalg.solve(information, x.T @ (count * (share - p)))
        b = b + step
    if not abs(step).max() < CLOSE or abs(expit(x @ b) - 0.5).max() > 0.5 - CERTAIN:
        raise _refused("months that the model gives none or all")
    return b


def _refused(found: str) -> ContractError:
    return ContractError(
        "a share before and after a date",
        found=found,
        expected="some yes and some no on both sides, in months that can be told apart",
        do="take more months, fewer seasons or columns of mix, or show the counts without a test",
    )
