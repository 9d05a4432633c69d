"""One series and one date: whether its level or its slope changed.

Periods are whole numbers (years, or months counted on from any month); a period that is not given,
or whose outcome is not known, stays a gap: it weighs nothing and the periods around it keep their
distance.
"""

import math
import warnings
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.detectable import detectable
from analysis.inference.effects.series import (
    both_sides,
    broken_line,
    change,
    column,
    lag_rule,
    moving,
    on_grid,
    sandwich,
)
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
ALONE = "no_other_change_at_that_date"
CONTROLLED = "no_other_change_that_the_comparison_did_not_meet"
ESTIMANDS = {"first": "level_change_at_first_period", "after": "mean_change_after"}


class Interrupted(NamedTuple):
    """A change of level and of slope, in units of the outcome and of the outcome per period.

    level, slope_change : change on the first period after, and of the slope from then on
    level_se, slope_change_se : Newey-West; `independent_se` is that of the level without memory
    estimate, reach, p, memory, detectable : as in `Change`, of the change that `estimand` names
    """

    level: float
    level_se: float
    independent_se: float
    slope_before: float
    slope_change: float
    slope_change_se: float
    lag: int
    estimate: float
    reach: float
    p: float
    memory: float
    detectable: float
    assumption: str
    estimand: str


class LocalLevel(NamedTuple):
    """A level that wanders, and a step in it: variances in squared units of the outcome."""

    step: float
    step_se: float
    irregular: float
    wandering: float
    log_likelihood: float
    detectable: float
    assumption: str = "level_wanders_and_no_other_change_at_that_date"
    estimand: str = "level_change_at_first_period"


def segmented(
    time: ArrayLike,
    outcome: ArrayLike,
    *,
    first: int,
    seed: int,
    comparison: ArrayLike | None = None,
    lag: int | None = None,
    over: Literal["first", "after"] = "first",
) -> Interrupted:
    """Change of level and slope of a series from period `first` on.

    Parameters
    ----------
    time : whole number of each period, in any order, each once
    outcome : of each period, any unit; not a number where not known
    first : first period after the change
    seed : of the series drawn for p
    comparison : series of who did not meet the change; then the difference of both is explained
    lag : Newey-West lag; by default `lag_rule`
    over : whether p and the least detectable change are of the level in the first period after, or
        of the mean change over the known periods after

    Notes
    -----
    y_t = b0 + b1 t + b2 1[t >= T0] + b3 (t - T0)_+ by ordinary least squares. Nothing here tells a
    policy from whatever else happened on its date; the comparison series does so for what met both.
    """
    y = column(outcome) if comparison is None else column(outcome) - column(comparison)
    grid, y, known = on_grid(time, y)
    both_sides(grid, known, first)
    moving(y, known)
    x = broken_line(grid, first) * known[:, None]
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ (x.T @ y)
    residual = y - x @ coefficients
    lag = lag_rule(int(known.sum())) if lag is None else lag
    covariance = sandwich(inverse, x * residual[:, None], lag)
    se = np.sqrt(np.diag(covariance))
    late = grid[known & (grid >= first)] - first
    contrast = np.array([0.0, 0.0, 1.0, float(late.mean()) if over == "after" else 0.0])
    effect = float(contrast @ coefficients)
    found = change(x, residual, contrast, effect, covariance, lag=lag, seed=seed)
    plain = math.sqrt(residual @ residual / (known.sum() - 4) * inverse[2, 2])
    return Interrupted(
        level=float(coefficients[2]),
        level_se=float(se[2]),
        independent_se=plain,
        slope_before=float(coefficients[1]),
        slope_change=float(coefficients[3]),
        slope_change_se=float(se[3]),
        lag=lag,
        estimate=found.effect,
        reach=found.reach,
        p=found.p,
        memory=found.memory,
        detectable=found.detectable,
        assumption=ALONE if comparison is None else CONTROLLED,
        estimand=ESTIMANDS[over],
    )


def local_level(time: ArrayLike, outcome: ArrayLike, *, first: int | None = None) -> LocalLevel:
    """Series as noise around a wandering level, with a step at `first` where one is given.

    Notes
    -----
    y_t = mu_t + step 1[t >= T0] + e_t, mu_{t+1} = mu_t + n_t, by maximum likelihood (Kalman). The
    more the level wanders by itself, the less a step can be told from it.
    """
    import statsmodels.api as sm  # half a second, for this function alone
    from statsmodels.tools.sm_exceptions import ModelWarning

    grid, y, known = on_grid(time, column(outcome))
    series = np.where(known, y, np.nan)
    step = None
    if first is not None:
        both_sides(grid, known, first)
        step = (grid >= first).astype(float)
    model = sm.tsa.UnobservedComponents(series, "local level", exog=step)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ModelWarning)  # asked below whether it converged
        fit = model.fit(disp=False, maxiter=500)
    if not fit.mle_retvals["converged"]:
        raise ContractError(
            "a local level",
            found="no maximum of the likelihood",
            expected="a series that the model can fit",
            do="show the segmented line instead",
        )
    found, se = (math.nan, math.nan) if first is None else (fit.params[2], fit.bse[2])
    return LocalLevel(
        step=float(found),
        step_se=float(se),
        irregular=float(fit.params[0]),
        wandering=float(fit.params[1]),
        log_likelihood=float(fit.llf),
        detectable=detectable(float(se)),
    )
