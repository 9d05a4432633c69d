"""What would show that a comparison of adopters with others is not one of like with like.

Each check returns its numbers and `passes`, against the pass marks of methods 4.4; None where it
cannot be told. No check decides by itself whether an estimate is printed.
"""

import math
import warnings
from collections.abc import Callable, Iterable
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike
from scipy.stats import norm
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM

from analysis.inference.effects.aggregate import Estimate
from analysis.inference.effects.many_adoptions import overall_drawn
from analysis.inference.effects.panel import Flags, Numbers, Panel, Whole, checked, cohorts
from analysis.inference.effects.randomisation import units_of
from analysis.refusal import ContractError

SMD_MAX = 0.1
OVERLAP = (0.05, 0.95)
ALPHA = 0.05

Estimator = Callable[[Panel], Estimate]


class Balance(NamedTuple):
    """Standardised mean difference of each covariate; `known` units whose value is known."""

    smd: Numbers
    known: Whole
    passes: bool | None


class Overlap(NamedTuple):
    """Fitted chance of treatment of each unit; shares of both sides within .05 to .95."""

    chance: Numbers
    treated: float
    control: float
    passes: bool


class LeaveOneOut(NamedTuple):
    """The estimate without each cohort (its label) or unit (its row) in turn.

    largest : most that it moves, in standard errors of the whole
    same_sign : whether it keeps its sign throughout
    passes : it moves less than one standard error and keeps its sign; False where it does not exist
        without one of them, None where there is one cohort only
    """

    estimate: float
    se: float
    left: Whole
    without: Numbers
    largest: float
    same_sign: bool
    passes: bool | None


class Placebo(NamedTuple):
    """An effect that cannot be: estimate, standard error, p (normal); passes unless p < .05."""

    estimate: float
    se: float
    p: float
    passes: bool


class Attrition(NamedTuple):
    """Shares of unit-years that are not known, and the effect of adoption on that share.

    never, before, after : of units never treated, of the others before their first year, and after
    effect : by the estimator itself, of outcome "not known"
    """

    never: float
    before: float
    after: float
    effect: Placebo


def balance(treated: ArrayLike, covariates: ArrayLike) -> Balance:
    """How far treated and control units are apart before anything happened.

    Parameters
    ----------
    treated : (units,) whether treated
    covariates : (units, k), not a number where not known

    Notes
    -----
    SMD = (mean_1 - mean_0)/sqrt((s_1^2 + s_0^2)/2), over the units known; passes when all are below
    0.1 in absolute value, not told where one is not known. Where neither side varies: 0 if the
    means are equal, else infinite.
    """
    d, x = _sides(treated, covariates)
    smd = np.array([_smd(column[d], column[~d]) for column in x.T])
    known = (~np.isnan(x)).sum(axis=0)
    fails = bool((np.abs(smd) >= SMD_MAX).any())
    return Balance(smd, known, False if fails else None if np.isnan(smd).any() else True)


def overlap(treated: ArrayLike, covariates: ArrayLike) -> Overlap:
    """Whether for each unit there was some chance of either, given its covariates.

    Parameters
    ----------
    treated : (units,) whether treated
    covariates : (units, k) without a constant, all known

    Notes
    -----
    Chance by logistic regression; passes when every one is within .05 to .95. A covariate that
    tells treated from control for certain gives chances near 0 and 1, and does not pass.
    """
    d, x = _sides(treated, covariates)
    if not np.isfinite(x).all():
        raise _refused("a covariate that is not known", "each known; leave units out and say so")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # separated or collinear: the chances say so
        design = np.column_stack([np.ones(len(d)), x])
        chance = GLM(d.astype(float), design, family=Binomial()).fit().fittedvalues
    inside = (chance >= OVERLAP[0]) & (chance <= OVERLAP[1])
    shares = float(inside[d].mean()), float(inside[~d].mean())
    return Overlap(chance, *shares, bool(inside.all()))


def leave_one_out(
    panel: Panel, estimator: Estimator, *, by: Literal["cohort", "unit"] = "cohort"
) -> LeaveOneOut:
    """The estimate without each cohort of adopters, or without each unit, in turn.

    Raises
    ------
    ContractError
        If the estimator refuses the whole panel.
    """
    panel = checked(panel)
    whole = estimator(panel)
    left = cohorts(panel) if by == "cohort" else np.arange(len(panel.first))
    of = panel.first if by == "cohort" else left
    without = np.array([_estimated(estimator, units_of(panel, of != one)) for one in left.tolist()])
    return _left_out(whole.estimate, whole.se, left, without, single=by == "cohort")


def leave_one_unit_out(panel: Panel, *, events: Iterable[int], delta: int = 0) -> LeaveOneOut:
    """`leave_one_out` by unit of the overall effect against not-yet-treated, all units at once."""
    panel, wanted = checked(panel), sorted(set(events))
    first = np.tile(panel.first, (len(panel.first), 1))
    np.fill_diagonal(first, np.nan)
    without, _ = overall_drawn(panel, first, events=wanted, delta=delta)
    whole, se = overall_drawn(panel, panel.first[None, :], events=wanted, delta=delta)
    return _left_out(float(whole[0]), float(se[0]), np.arange(len(first)), without, single=False)


def placebo(found: Estimate) -> Placebo:
    """Judgement of an effect that cannot be, as on an outcome that adoption does not touch."""
    if found.se == 0:
        return Placebo(found.estimate, 0.0, math.nan, found.estimate == 0)
    p = float(2 * norm.sf(abs(found.estimate) / found.se))
    return Placebo(found.estimate, found.se, p, p >= ALPHA)


def placebo_panel(panel: Panel, *, years: int = 2, delta: int = 0) -> Panel:
    """Adoption `years` earlier than it was, with what came after real adoption not known.

    Notes
    -----
    Left as outcomes are periods before `first` - `delta`, in which nothing can have happened yet;
    so `years` - `delta` periods are there to find an effect in, at least one.
    """
    if not 0 <= delta < years:
        raise _refused(f"adoption {years} years early, reacted to {delta} before", "years > delta")
    panel = checked(panel)
    real = panel.periods >= panel.first[:, None] - delta
    return panel._replace(outcome=np.where(real, np.nan, panel.outcome), first=panel.first - years)


def placebo_date(panel: Panel, estimator: Estimator, *, years: int = 2, delta: int = 0) -> Placebo:
    """Effect of an adoption that had not happened yet; the estimator asks for events from 0 on."""
    return placebo(estimator(placebo_panel(panel, years=years, delta=delta)))


def attrition(panel: Panel, estimator: Estimator) -> Attrition:
    """Whether adoption changes how often an outcome is known."""
    panel = checked(panel)
    missing = np.isnan(panel.outcome).astype(float)
    treated = panel.periods >= panel.first[:, None]
    adopts = np.isfinite(panel.first)[:, None] & np.ones_like(treated)
    sides = (~adopts, adopts & ~treated, treated)
    never, before, after = (_mean(missing[side]) for side in sides)
    effect = placebo(estimator(panel._replace(outcome=missing)))
    return Attrition(never, before, after, effect)


def _sides(treated: ArrayLike, covariates: ArrayLike) -> tuple[Flags, Numbers]:
    d, x = np.asarray(treated, dtype=bool), np.asarray(covariates, dtype=float)
    if x.ndim != 2 or d.shape != (len(x),) or not 0 < d.sum() < len(d):
        raise _refused(
            f"{d.sum()} treated of {d.size}, covariates of shape {x.shape}",
            "treated and control units, a row of covariates for each",
        )
    return d, x


def _smd(treated: Numbers, control: Numbers) -> float:
    sides = [side[~np.isnan(side)] for side in (treated, control)]
    if min(len(side) for side in sides) < 2:
        return math.nan
    apart = float(sides[0].mean() - sides[1].mean())
    spread = math.sqrt(sum(float(side.var(ddof=1)) for side in sides) / 2)
    if not spread:
        return math.copysign(math.inf, apart) if apart else 0.0
    return apart / spread


def _left_out(
    estimate: float, se: float, left: Whole, without: Numbers, *, single: bool
) -> LeaveOneOut:
    largest = float(np.abs(without - estimate).max() / se) if se else math.nan
    same_sign = bool((np.sign(without) == np.sign(estimate)).all())
    passes = None if single and len(left) == 1 else bool(largest < 1) and same_sign
    return LeaveOneOut(estimate, se, left, without, largest, same_sign, passes)


def _estimated(estimator: Estimator, panel: Panel) -> float:
    try:
        return estimator(panel).estimate
    except ContractError:
        return math.nan


def _mean(values: Numbers) -> float:
    return float(values.mean()) if values.size else math.nan


def _refused(found: str, expected: str) -> ContractError:
    return ContractError(
        "diagnostics",
        found=found,
        expected=expected,
        do="give what was known of each unit before adoption",
    )
