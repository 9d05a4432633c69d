"""Treated beside others who resemble them: by a line, or by weights that balance what is known.

What is not measured is not balanced: the answer is as good as the list of covariates.
"""

import math
from typing import NamedTuple

import numpy as np
import statsmodels.api as sm
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.detectable import detectable
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
STEPS = 100
# A rise of the objective that is nothing on paper.
ROUNDING = 1e-12


class Compared(NamedTuple):
    """Difference of the treated from the others, in units of the outcome.

    se : as if all had one variance; robust_se : HC2, which lets it differ
    detectable : difference found four times out of five, by the robust error
    """

    estimate: float
    se: float
    robust_se: float
    treated: int
    others: int
    unknown: int
    detectable: float
    assumption: str
    estimand: str


def entropy_balance(treated: ArrayLike, others: ArrayLike) -> Numbers:
    """Weights of the others, with sum 1, that give them the treated's mean of every covariate.

    Parameters
    ----------
    treated, others : (rows, k) covariates; add squares to balance variances too

    Notes
    -----
    Of all such weights those nearest to equal: w_i proportional to exp(b'x_i), b by Newton on the
    convex log sum exp(b'(x_i - mean of the treated)). Refused where no weights exist.
    """
    x1, x0 = (np.atleast_2d(np.asarray(v, dtype=float)) for v in (treated, others))
    x = (x0 - x1.mean(axis=0)) / np.where(np.std(x0, axis=0) > 0, np.std(x0, axis=0), 1)
    b, w = np.zeros(x.shape[1]), np.full(len(x), 1 / len(x))
    for _ in range(STEPS):
        gap = w @ x
        if abs(gap).max() < 1e-10:
            return w
        curve = (x * w[:, None]).T @ x - np.outer(gap, gap) + 1e-12 * np.eye(len(b))
        step, size = np.linalg.solve(curve, gap), 1.0
        here = _log_mean(x @ b) + ROUNDING
        while size > 1e-9 and _log_mean(x @ (b - size * step)) > here - 1e-4 * size * gap @ step:
            size /= 2
        b = b - size * step
        w = np.exp(x @ b - (x @ b).max())
        w /= w.sum()
    raise _refused("no weights that balance every covariate", "fewer covariates or more controls")


def standardised_differences(
    covariates: ArrayLike, treated: ArrayLike, weight: ArrayLike | None = None
) -> Numbers:
    """Difference of weighted means of each covariate, by its standard deviation without weights.

    Notes
    -----
    (mean_1 - mean_0)/sqrt((s_1^2 + s_0^2)/2), s as if nobody were weighted, so that weighting
    cannot make a difference small by making the spread large. All known; none constant.
    """
    x, d = np.asarray(covariates, dtype=float), np.asarray(treated, dtype=bool)
    w = np.ones(len(x)) if weight is None else np.asarray(weight, dtype=float)
    means = [w[g] @ x[g] / w[g].sum() for g in (d, ~d)]
    spread = np.sqrt(sum(np.var(x[g], axis=0, ddof=1) for g in (d, ~d)) / 2)
    return (means[0] - means[1]) / spread


def compare(
    outcome: ArrayLike,
    treated: ArrayLike,
    covariates: ArrayLike | None = None,
    weight: ArrayLike | None = None,
) -> Compared:
    """Difference of means, or with covariates held equal by a line, or with balancing weights.

    Parameters
    ----------
    outcome : of each; not a number where not known
    treated : whether, of each
    covariates : (rows, k), without a constant; a row with one not known is left out
    weight : of each, from 0; by default all the same
    """
    y, d = np.asarray(outcome, dtype=float), np.asarray(treated, dtype=float)
    x = np.empty((y.size, 0)) if covariates is None else np.asarray(covariates, dtype=float)
    w = np.ones(y.size) if weight is None else np.asarray(weight, dtype=float)
    known = np.isfinite(y) & np.isfinite(x).all(axis=1)
    order = np.flatnonzero(known)[np.lexsort((*x[known].T, y[known], w[known], d[known]))]
    design = np.column_stack([np.ones(order.size), d[order], x[order]])
    if np.linalg.matrix_rank(design) < design.shape[1] >= order.size - 2:
        raise _refused("nothing to compare, or covariates that repeat each other", "fewer of them")
    fit = sm.WLS(y[order], design, weights=w[order]).fit()
    robust = float(fit.HC2_se[1])
    return Compared(
        *(float(fit.params[1]), float(fit.bse[1]), robust),
        *(int(d[order].sum()), int((1 - d[order]).sum()), int((~known).sum())),
        detectable(robust),
        assumption="as_if_by_lot"
        if covariates is None and weight is None
        else "no_other_selection",
        estimand="mean_difference" if weight is None else "mean_effect_on_treated",
    )


def _log_mean(value: Numbers) -> float:
    top = value.max()
    return float(top + math.log(np.exp(value - top).mean()))


def _refused(found: str, do: str) -> ContractError:
    return ContractError(
        "a comparison of treated with others",
        found=found,
        expected="others that resemble the treated in what is measured before",
        do=do,
    )
