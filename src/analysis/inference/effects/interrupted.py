"""One series and one date: whether its level or its slope changed.

Periods are whole numbers (years, or months counted on from any month); a period that is not given,
or whose outcome is not known, stays a gap: it weighs nothing and the periods around it keep their
distance.
"""

import math
import warnings
from typing import NamedTuple

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike, NDArray
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
LEVEL = np.array([0.0, 0.0, 1.0, 0.0])
ALONE = "no_other_change_at_that_date"
CONTROLLED = "no_other_change_that_the_comparison_did_not_meet"


class Interrupted(NamedTuple):
    """A change of level and of slope, in units of the outcome and of the outcome per period.

    level, slope_change : change on the first period after, and of the slope from then on
    level_se, slope_change_se : Newey-West; `independent_se` is that of the level without memory
    p : how often series without a change, with the memory of this one, show a level as many errors
        from 0: to be shown, because Newey-West errors are too small where one side is short
    memory : of one period, of the residuals, corrected for the fit
    detectable : level change found four times out of five, by the spread in such series
    """

    level: float
    level_se: float
    independent_se: float
    slope_before: float
    slope_change: float
    slope_change_se: float
    lag: int
    p: float
    memory: float
    detectable: float
    assumption: str
    estimand: str = "level_change_at_first_period"


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

    Notes
    -----
    y_t = b0 + b1 t + b2 1[t >= T0] + b3 (t - T0)_+ by ordinary least squares. Nothing here tells a
    policy from whatever else happened on its date; the comparison series does so for what met both.
    """
    y = column(outcome) if comparison is None else column(outcome) - column(comparison)
    grid, y, known = on_grid(time, y)
    both_sides(grid, known, first)
    x = broken_line(grid, first) * known[:, None]
    inverse = np.linalg.inv(x.T @ x)
    coefficients = inverse @ (x.T @ y)
    residual = y - x @ coefficients
    lag = lag_rule(int(known.sum())) if lag is None else lag
    se = np.sqrt(np.diag(sandwich(inverse, x * residual[:, None], lag)))
    found = (float(coefficients[2]), float(se[2]))
    null = without_effect(x, residual, LEVEL, found, lag=lag, seed=seed)
    plain = math.sqrt(residual @ residual / (known.sum() - 4) * inverse[2, 2])
    return Interrupted(
        *found,
        independent_se=plain,
        slope_before=float(coefficients[1]),
        slope_change=float(coefficients[3]),
        slope_change_se=float(se[3]),
        lag=lag,
        p=null.p,
        memory=null.memory,
        detectable=detectable(null.spread),
        assumption=ALONE if comparison is None else CONTROLLED,
    )


def local_level(time: ArrayLike, outcome: ArrayLike, *, first: int | None = None) -> LocalLevel:
    """Series as noise around a wandering level, with a step at `first` where one is given.

    Notes
    -----
    y_t = mu_t + step 1[t >= T0] + e_t, mu_{t+1} = mu_t + n_t, by maximum likelihood (Kalman). The
    more the level wanders by itself, the less a step can be told from it.
    """
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
