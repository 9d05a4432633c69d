"""One share and one date: whether a monthly share changed, and by how many points."""

import math
import warnings
from typing import NamedTuple

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit
from statsmodels.tools.sm_exceptions import ModelWarning

from analysis.inference.effects.detectable import detectable
from analysis.inference.effects.series import (
    both_sides,
    broken_line,
    column,
    lag_rule,
    on_grid,
    sandwich,
    without_effect,
)
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Places of the level and of the slope change among the coefficients.
BREAK = [2, 3]
# A fitted share so near to 0 or 1 that its logit was running off.
CERTAIN = 1e-8


class Shares(NamedTuple):
    """A break in a monthly share: on the logit scale, and in shares over the months after.

    p, memory : as of `Interrupted`, for points
    points : mean over the months after, weighted by what they count, of the share fitted with the
        break minus that without; `detectable` is in the same unit
    """

    level: float
    level_se: float
    slope_change: float
    slope_change_se: float
    points: float
    points_se: float
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
) -> Shares:
    """Break in a monthly share, with month effects and with what the share is counted among.

    Parameters
    ----------
    time : month of each row, counted on (12 a year), in any order, each once
    yes, of : number counted, among how many known; a month with 0 known is a gap
    seed : of the series drawn for p
    mix : (rows, k) composition of each month, where that changes too
    lag : Newey-West lag; by default `lag_rule`

    Notes
    -----
    Binomial: logit p_t = b0 + b1 t + b2 1[t >= T0] + b3 (t - T0)_+ + month effects + mix; errors by
    Newey-West on the scores x_t (yes_t - of_t p_t).
    """
    count = column(of)
    share = np.divide(column(yes), count, out=np.full_like(count, np.nan), where=count > 0)
    extra = np.empty((count.size, 0)) if mix is None else np.asarray(mix, float)
    grid, table, known = on_grid(time, np.column_stack([share, count, extra]))
    both_sides(grid, known, first)
    month = np.eye(12)[grid.astype(int) % 12]
    month = month[:, np.flatnonzero(known @ month)[1:]]
    x = np.column_stack([broken_line(grid, first), month, table[:, 2:]]) * known[:, None]
    return _fitted_shares(x, table[:, 0], table[:, 1] * known, grid >= first, lag, seed)


def _fitted_shares(
    x: Numbers, share: Numbers, count: Numbers, after: NDArray[np.bool_], lag: int | None, seed: int
) -> Shares:
    """Fit by maximum likelihood on the known months, and spread the break's effect over them."""
    b = _maximum(x, share, count, after)
    without = np.where(np.isin(np.arange(b.size), BREAK), 0.0, 1.0)
    p, q = expit(x @ b), expit(x @ (b * without))
    inverse = np.linalg.inv((x * (count * p * (1 - p))[:, None]).T @ x)
    lag = lag_rule(int((count > 0).sum())) if lag is None else lag
    covariance = sandwich(inverse, x * (count * (share - p))[:, None], lag)
    weight = np.where(after, count, 0) / count[after].sum()
    gradient = weight @ ((p * (1 - p))[:, None] * x - (q * (1 - q))[:, None] * x * without)
    points_se = math.sqrt(gradient @ covariance @ gradient)
    se = np.sqrt(np.diag(covariance))
    root = np.sqrt(count * p * (1 - p))
    pearson = root * (share - p) / (p * (1 - p))
    found = (float(weight @ (p - q)), points_se)
    null = without_effect(root[:, None] * x, pearson, gradient, found, lag=lag, seed=seed)
    return Shares(
        level=float(b[2]),
        level_se=float(se[2]),
        slope_change=float(b[3]),
        slope_change_se=float(se[3]),
        points=found[0],
        points_se=points_se,
        lag=lag,
        p=null.p,
        memory=null.memory,
        detectable=detectable(null.spread),
    )


def _maximum(x: Numbers, share: Numbers, count: Numbers, after: NDArray[np.bool_]) -> Numbers:
    """Coefficients of the binomial model; refused where they would run to infinity."""
    known = count > 0
    yes = math.fsum((share * count)[after])
    found = "after it none or all are counted, or month effects and mix leave nothing to compare"
    if 0 < yes < count[after].sum() and np.linalg.matrix_rank(x) == x.shape[1]:
        model = sm.GLM(share[known], x[known], sm.families.Binomial(), var_weights=count[known])
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", ModelWarning)  # it also warns of a perfect fit
            fit = model.fit(tol=1e-10)
        if fit.converged and abs(fit.fittedvalues - 0.5).max() < 0.5 - CERTAIN:
            return np.asarray(fit.params)
        found = "a month, or a side of the date, with none or all in every year"
    raise ContractError(
        "a share before and after a date",
        found=found,
        expected="some yes and some no on both sides, in months that can be told apart",
        do="take more months, or fewer columns of mix, or show the counts without a test",
    )
