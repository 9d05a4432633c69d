"""What became of firms after a contract, beside matched firms without: jobs, survival, sale.

A firm that ceased has no employees and one that was bought lives on under another name: neither is
a zero. Errors are by firm, because one control may stand in several sets.
"""

import math
from collections.abc import Callable
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.detectable import detectable
from analysis.inference.effects.matching import Sets, kept, whole
from analysis.inference.effects.trimming import Trimmed, lee
from analysis.inference.survival import cumulative_incidence
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]


class FirmEffect(NamedTuple):
    """Treated minus their matched controls, in units of the outcome.

    treated, firms : number of treated firms, and of all that play a part
    unknown : parts left out because the outcome is not known, or that of all their set
    detectable : effect found four times out of five
    """

    estimate: float
    se: float
    low: float
    high: float
    treated: int
    firms: int
    unknown: int
    detectable: float
    assumption: str
    estimand: str


class Employment(NamedTuple):
    """Effect on the log of employees: among those left, and bounds for those left either way."""

    among_left: FirmEffect
    bounds: Trimmed


def effect_on_treated(sets: Sets, outcome: ArrayLike) -> FirmEffect:
    """Mean over the treated of their outcome minus the mean of their controls.

    Parameters
    ----------
    sets : as `risk_sets` gives them
    outcome : of each part; a change from before to after its set's period makes it a difference in
        differences; not a number where not known

    Notes
    -----
    Error by firm: sum over firms of the square of what all its parts add, times G/(G - 1).
    """
    y = np.asarray(outcome, dtype=float)
    stays = whole(sets, np.isfinite(_fits(sets, y)))
    part, y = _enough(kept(sets, stays)), y[stays]
    number = int(part.treated.sum())
    signed = np.where(part.treated, part.weight, -part.weight) / number
    estimate = math.fsum(signed * y)
    means = [math.fsum(abs(signed[g]) * y[g]) for g in (part.treated, ~part.treated)]
    added = signed * (y - np.where(part.treated, *means))
    firms = np.unique(part.firm, return_inverse=True)[1]
    sums = np.bincount(firms, weights=added)
    se = math.sqrt(math.fsum(sums**2) * sums.size / (sums.size - 1))
    return _effect(
        (estimate, se, number, sums.size, int(sets.row.size - part.row.size)),
        assumption="matched_firms_would_have_changed_alike",
        estimand="mean_effect_on_treated_firms",
    )


def employment(sets: Sets, change: ArrayLike, left: ArrayLike) -> Employment:
    """Effect on ln FTE: among firms left, and Lee's bounds because more or fewer may be left.

    Parameters
    ----------
    change : of ln FTE of each part, before to after; not a number where not known
    left : 1 whether the firm is still there after, 0 not, not a number where not known
    """
    there = _fits(sets, np.asarray(left, dtype=float))
    y = np.where(there == 1, _fits(sets, np.asarray(change, dtype=float)), np.nan)
    stays = whole(sets, (there == 0) | np.isfinite(y))
    part = _enough(kept(sets, stays))
    bounds = lee(y[stays], part.treated, there[stays] == 1, part.weight)
    return Employment(effect_on_treated(sets, y), bounds)


def ended(sets: Sets, days: ArrayLike, cause: ArrayLike, *, of: int, at: float) -> FirmEffect:
    """Difference in the share that has ended from one cause by a day, other causes competing.

    Parameters
    ----------
    days : of each part, from its set's period until it ended or was last seen
    cause : 0 still there, 1 ceased, 2 acquired or merged; whichever is not asked for competes
    of : the cause asked for
    at : day, within the follow-up of both groups

    Notes
    -----
    Aalen-Johansen in each group, controls weighted by 1/k (each repeated in proportion); error by
    the jackknife that leaves out one firm, in all its parts, and keeps the weights of the others.
    Matched firms resemble each other, which makes it a little too large. An acquisition can be a
    success: it is shown by itself, not as an end.
    """
    t, why = (_fits(sets, np.asarray(v, dtype=float)) for v in (days, cause))
    part, t, why = _followed(sets, t, why, at)

    groups = (part.treated, ~part.treated)
    shares = [_incidence(part, group, t, why, of, at) for group in groups]

    def apart(keep: NDArray[np.bool_]) -> float:
        treated, others = (
            told if keep[group].all() else _incidence(part, keep & group, t, why, of, at)
            for group, told in zip(groups, shares, strict=True)
        )
        return treated - others

    estimate = shares[0] - shares[1]
    se, firms = _jackknife(apart, part.firm)
    return _effect(
        (estimate, se, int(part.treated.sum()), firms, int(sets.row.size - part.row.size)),
        assumption="matched_firms_would_have_ended_alike",
        estimand=f"difference_in_share_ended_from_cause_{of}_by_day",
    )


def shares_ended(
    sets: Sets, days: ArrayLike, cause: ArrayLike, *, of: int, at: float
) -> tuple[float, float]:
    """Shares of the treated and of their controls that `ended` takes the difference of."""
    t, why = (_fits(sets, np.asarray(v, dtype=float)) for v in (days, cause))
    part, t, why = _followed(sets, t, why, at)
    treated, others = (
        _incidence(part, group, t, why, of, at) for group in (part.treated, ~part.treated)
    )
    return treated, others


def _followed(sets: Sets, t: Numbers, why: Numbers, at: float) -> tuple[Sets, Numbers, Numbers]:
    """Parts of which the end, or that there was none, is known; both groups until the day."""
    stays = whole(sets, np.isfinite(t) & np.isfinite(why))
    part, t, why = _enough(kept(sets, stays)), t[stays], why[stays]
    if min(t[part.treated].max(), t[~part.treated].max()) < at:
        raise ContractError(
            "firms followed until a day",
            found=f"nobody of one group is followed until day {at}",
            expected="a day within the follow-up of both groups",
            do="take an earlier day",
        )
    return part, t, why


def _incidence(
    part: Sets, group: NDArray[np.bool_], t: Numbers, why: Numbers, of: int, at: float
) -> float:
    """Share of a group that has ended from a cause by a day, controls repeated by their weight."""
    sizes = np.rint(1 / part.weight).astype(int)
    times = math.lcm(*set(sizes.tolist())) // sizes
    repeat = 1 if part.treated[group].all() else times[group]
    curve = cumulative_incidence(np.repeat(t[group], repeat), np.repeat(why[group], repeat), of)
    return float(curve.incidence[np.searchsorted(curve.day, at, "right") - 1])


def _jackknife(
    statistic: Callable[[NDArray[np.bool_]], float], firm: NDArray[np.int64]
) -> tuple[float, int]:
    """Error from leaving out each firm in turn, and how many there are."""
    firms = np.unique(firm)
    left = np.array([statistic(firm != one) for one in firms])
    spread = math.fsum((left - left.mean()) ** 2)
    return math.sqrt(spread * (firms.size - 1) / firms.size), firms.size


def _effect(
    found: tuple[float, float, int, int, int], *, assumption: str, estimand: str
) -> FirmEffect:
    estimate, se, treated, firms, unknown = found
    reach = NormalDist().inv_cdf(0.975) * se
    return FirmEffect(
        *(estimate, se, estimate - reach, estimate + reach, treated, firms, unknown),
        detectable(se),
        assumption,
        estimand,
    )


def _fits(sets: Sets, values: Numbers) -> Numbers:
    if values.shape != sets.row.shape:
        raise ContractError(
            "an outcome of matched firms",
            found=f"{values.size} values for {sets.row.size} parts",
            expected="one value for each part of the sets",
            do="take the records of sets.row, each with its own set's period",
        )
    return values


def _enough(sets: Sets) -> Sets:
    if sets.treated.sum() < 2:
        raise ContractError(
            "an effect on treated firms",
            found=f"{sets.treated.sum()} sets with a known treated firm and a known control",
            expected="at least two",
            do="show the firms one by one where they may be shown, and no mean",
        )
    return sets
