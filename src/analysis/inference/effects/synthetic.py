"""One treated region against a weighted mean of others that followed it before: a drawing.

With J donors the smallest p is 1/(J + 1), and no weight replaces regions that are like the treated
one. What differs between the designs is only which differences from the donors are allowed.
"""

import math
from collections.abc import Callable
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.optimize import nnls

from analysis.inference.effects.detectable import detectable_by_rank
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Ridge, in standard deviations of the noise, that makes the weights unique: Arkhangelsky et al.
UNIQUE = 1e-6
# Highest error before the change, in standard deviations of the treated series, that is a fit.
FIT = 0.5


class Comparison(NamedTuple):
    """What a treated unit had beyond its comparison, in units of the outcome.

    effect : mean over the periods from the change on
    gap : (periods,) treated minus comparison
    weights : (units,) of the donors, 0 for the treated; they sum to 1
    time_weights : (periods before,) with which the periods before are taken off; none for SCM
    pre_rmspe : root mean square of the gap before, after the shift that the design allows
    ratio : root mean square of the gap after, divided by that before
    """

    effect: float
    gap: Numbers
    weights: Numbers
    time_weights: Numbers
    pre_rmspe: float
    ratio: float


# A way to compare: `synthetic_control`, `synthetic_did` or `difference_in_differences`, called with
# the outcome, the row of the treated unit and the number of periods before the change.
Design = Callable[[ArrayLike, int, int], Comparison]


class InSpace(NamedTuple):
    """The treated unit among placebos, each donor in turn taken for the treated one.

    usable : whether pre_rmspe is below half the standard deviation of the treated series before
    p : rank of the ratio of errors, from the largest, of all J + 1; p_effect the same of |effect|
    effects : (units,) each unit's placebo effect, and at the treated unit its effect
    se : spread of the donors' placebo effects around 0
    detectable : effect that would rank first four times out of five; infinite below 20 units
    """

    effect: float
    usable: bool
    pre_rmspe: float
    p: float
    p_effect: float
    effects: Numbers
    se: float
    detectable: float
    assumption: str = "donors_weighted_before_stay_the_comparison_after"
    estimand: str = "mean_effect_on_treated_unit_after"


def synthetic_control(outcome: ArrayLike, treated: int, before: int) -> Comparison:
    """Donors weighted so that their mean is the treated unit before, without any shift.

    Parameters
    ----------
    outcome : (units, periods), every cell known
    treated : row of the treated unit
    before : number of periods before the change

    Notes
    -----
    min sum_t (y_1t - sum_j w_j y_jt)^2 over w >= 0, sum w = 1, solved exactly. Abadie-Diamond-
    Hainmueller 2010.
    """
    y = panel(outcome, treated, before)
    donors = np.delete(y, treated, axis=0)
    ridge = UNIQUE * noise(donors[:, :before])
    weights = simplex(donors[:, :before].T, y[treated, :before], ridge)
    return weighted(y, treated, before, weights, np.zeros(before))


def difference_in_differences(outcome: ArrayLike, treated: int, before: int) -> Comparison:
    """All donors and all periods before with equal weight; shapes as in `synthetic_control`."""
    y = panel(outcome, treated, before)
    equal = np.full(len(y) - 1, 1 / (len(y) - 1))
    return weighted(y, treated, before, equal, np.full(before, 1 / before))


def in_space(design: Design, outcome: ArrayLike, treated: int, before: int) -> InSpace:
    """Rank the treated unit among the donors, each compared with the other donors only.

    Notes
    -----
    p = rank/(J + 1), equal ones counted as larger. Placebos never see the treated unit: a true
    effect would spoil them.
    """
    y = panel(outcome, treated, before)
    own = design(y, treated, before)
    donors = np.delete(y, treated, axis=0)
    placebo = [design(donors, row, before) for row in range(len(donors))]
    effects = np.insert([p.effect for p in placebo], treated, own.effect)
    ratios = np.array([p.ratio for p in placebo])
    others = np.delete(effects, treated)
    spread = math.sqrt(math.fsum((others - others.mean()) ** 2) / others.size)
    return InSpace(
        effect=own.effect,
        usable=bool(own.pre_rmspe < FIT * np.std(y[treated, :before], ddof=1)),
        pre_rmspe=own.pre_rmspe,
        p=_rank(own.ratio, ratios),
        p_effect=_rank(abs(own.effect), abs(others)),
        effects=effects,
        se=spread,
        detectable=detectable_by_rank(others),
    )


def in_time(
    design: Design, outcome: ArrayLike, treated: int, before: int, *, placebo: int
) -> Comparison:
    """Compare as if the change had come after the first `placebo` periods, seeing none after it."""
    y = panel(outcome, treated, before)
    if not 0 < placebo < before:
        raise ContractError(
            "a placebo date",
            found=f"{placebo} periods before it, {before} before the true change",
            expected="a date before the change, with periods on both sides",
            do="take an earlier date",
        )
    return design(y[:, :before], treated, placebo)


def without_each_donor(design: Design, outcome: ArrayLike, treated: int, before: int) -> Numbers:
    """Effect without each unit in turn, (units,); not a number at the treated unit."""
    y = panel(outcome, treated, before)
    left = np.full(len(y), np.nan)
    for row in range(len(y)):
        if row != treated:
            kept = np.delete(y, row, axis=0)
            left[row] = design(kept, treated - (row < treated), before).effect
    return left


def simplex(columns: Numbers, target: Numbers, ridge: float) -> Numbers:
    """Weights >= 0 with sum 1 that bring the columns' mean closest to the target, exactly.

    Notes
    -----
    min |A w - b|^2/T + ridge^2 |w|^2. With D = A - b 1' this is the point of a polytope nearest to
    the origin, and u >= 0 that minimises |D u|^2 + (1'u - 1)^2 is a multiple of it: for a given sum
    s of u the objective is s^2 f(u/s) + (s - 1)^2. So the active set of non-negative least squares
    gives it without a tolerance.
    """
    periods, number = columns.shape
    apart = np.vstack([columns - target[:, None], ridge * math.sqrt(periods) * np.eye(number)])
    size = math.sqrt((apart**2).sum(axis=0).min()) or 1.0
    stacked = np.vstack([apart / size, np.ones(number)])
    found, _ = nnls(stacked, np.append(np.zeros(len(apart)), 1.0))
    return found / found.sum()


def noise(donors: Numbers) -> float:
    """Standard deviation of the donors' changes from one period to the next, all together."""
    changes = np.diff(donors, axis=1)
    return float(np.std(changes, ddof=1)) if changes.size > 1 else 0.0


def weighted(
    y: Numbers, treated: int, before: int, weights: Numbers, time_weights: Numbers
) -> Comparison:
    """Comparison under given weights; a shift is taken off where the time weights sum to 1."""
    gap = y[treated] - weights @ np.delete(y, treated, axis=0)
    shift = float(time_weights @ gap[:before])
    level = gap[:before].mean() if time_weights.any() else 0.0
    pre = math.sqrt(((gap[:before] - level) ** 2).mean())
    after = math.sqrt(((gap[before:] - shift) ** 2).mean())
    return Comparison(
        effect=float(gap[before:].mean()) - shift,
        gap=gap,
        weights=np.insert(weights, treated, 0.0),
        time_weights=time_weights,
        pre_rmspe=pre,
        ratio=after / pre if pre > 0 else math.inf,
    )


def panel(outcome: ArrayLike, treated: int, before: int) -> Numbers:
    """Outcome as (units, periods) floats; refuse what is not known or cannot be compared."""
    y = np.asarray(outcome, dtype=float)
    fits = y.ndim == 2 and len(y) > 2 and 0 <= treated < len(y) and 1 < before < y.shape[1]
    if not fits or not np.isfinite(y).all():
        raise ContractError(
            "regions and periods to compare",
            found=f"a table {y.shape}, unit {treated}, {before} periods before the change",
            expected="two donors and two periods before or more, and every cell known",
            do="leave out donors and periods that were not measured, and say which",
        )
    return y


def _rank(own: float, others: Numbers) -> float:
    return float((1 + (others >= own).sum()) / (1 + others.size))
