"""An effect on those who are left, when the treatment itself changes who is left.

Who ceased has no employees to count: a mean over survivors compares other firms. Lee's bounds say
what the effect on those who survive either way can be.
"""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.bounds import Bounds, imbens_manski
from analysis.inference.effects.detectable import detectable
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# A share kept that is nothing on paper.
ROUNDING = 1e-12


class Trimmed(NamedTuple):
    """Bounds on the effect on those who are left either way, in units of the outcome.

    low_end, high_end : interval around the bounds; se_low, se_high : errors of the bounds
    left_treated, left_others : share left of each group
    trimmed : part taken off the group of which more are left
    detectable : effect that would push the nearest bound off 0 four times out of five, were nothing
        trimmed away; a wide pair of bounds hides more than that
    """

    low: float
    high: float
    se_low: float
    se_high: float
    low_end: float
    high_end: float
    left_treated: float
    left_others: float
    trimmed: float
    detectable: float
    assumption: str = "treatment_moves_who_is_left_in_one_direction"
    estimand: str = "mean_effect_on_those_left_either_way"


class _Part(NamedTuple):
    """A mean of the largest or the smallest kept, and its variance per observation."""

    mean: float
    variance: float


def lee(
    outcome: ArrayLike,
    treated: ArrayLike,
    left: ArrayLike,
    weight: ArrayLike | None = None,
) -> Trimmed:
    """Bounds on the effect on those who are left whether treated or not.

    Parameters
    ----------
    outcome : of each that is left; whatever it holds for the others is not read
    treated, left : whether, of each
    weight : of each, above 0; by default all the same

    Notes
    -----
    With q_1 and q_0 the shares left and q_1 >= q_0, the part p = 1 - q_0/q_1 of the treated that
    are left are so because of the treatment; they are the lowest in the upper bound, the highest in
    the lower one. With q_1 < q_0 the others are trimmed. A tie at the edge is split. Variance of a
    trimmed mean: that of the kept, of where the edge lies, and of p. Interval: Imbens-Manski 2004.
    """
    y, d, s, w = _checked(outcome, treated, left, weight)
    rates = [float(w[g & s].sum() / w[g].sum()) for g in (d, ~d)]
    reverse = rates[0] < rates[1]
    more = ~d if reverse else d
    p = 1 - min(rates) / max(rates)
    drift = _rate_variance(w, d, s, rates) * (1 - p) ** 2
    whole = _kept(y[s & ~more], w[s & ~more], 0.0, 0.0, top=False)
    parts = [_kept(y[s & more], w[s & more], p, drift, top=top) for top in (False, True)]
    se = [math.sqrt(part.variance + whole.variance) for part in parts]
    low, high = (part.mean - whole.mean for part in parts)
    if reverse:
        low, high, se = -high, -low, se[::-1]
    ends = imbens_manski(Bounds(low, high), se_low=se[0], se_high=se[1])
    return Trimmed(
        low=low,
        high=high,
        se_low=se[0],
        se_high=se[1],
        low_end=ends.low,
        high_end=ends.high,
        left_treated=rates[0],
        left_others=rates[1],
        trimmed=p,
        detectable=detectable(max(se)),
    )


def _kept(y: Numbers, w: Numbers, p: float, drift: float, *, top: bool) -> _Part:
    """Mean of the lowest (or, with `top`, the highest) part 1 - p by weight; variance of it."""
    order = np.argsort(-y if top else y, kind="stable")
    value, share = y[order], w[order] / w.sum()
    before = np.append(0.0, np.cumsum(share)[:-1])
    kept = np.clip(1 - p - before, 0.0, share)
    mean = math.fsum(kept * value) / (1 - p)
    edge = value[np.flatnonzero(kept > ROUNDING)[-1]]
    spread = math.fsum(kept * (value - mean) ** 2) / (1 - p)
    size = 1 / math.fsum(share**2)
    noise = (spread + p * (edge - mean) ** 2) / (size * (1 - p))
    return _Part(mean, noise + ((edge - mean) / (1 - p)) ** 2 * drift)


def _rate_variance(
    w: Numbers, d: NDArray[np.bool_], s: NDArray[np.bool_], rates: list[float]
) -> float:
    """Variance of ln(q_0/q_1), by the numbers that equal weights would need."""
    total = 0.0
    for group, rate in zip((d, ~d), rates, strict=True):
        size = w[group].sum() ** 2 / (w[group] ** 2).sum()
        total += (1 - rate) / (rate * size)
    return float(total)


def _checked(
    outcome: ArrayLike, treated: ArrayLike, left: ArrayLike, weight: ArrayLike | None
) -> tuple[Numbers, NDArray[np.bool_], NDArray[np.bool_], Numbers]:
    y = np.asarray(outcome, dtype=float)
    d, s = np.asarray(treated, dtype=bool), np.asarray(left, dtype=bool)
    w = np.ones(y.size) if weight is None else np.asarray(weight, dtype=float)
    same = y.size == d.size == s.size == w.size
    if not same or min((d & s).sum(), (~d & s).sum()) < 2 or not np.isfinite(y[s]).all():
        raise ContractError(
            "an effect on those who are left",
            found=f"{y.size} outcomes, fewer than two of a group left, or one not known",
            expected="a known outcome of at least two that are left in each group",
            do="leave out those whose outcome is not known, and say how many",
        )
    return y, d, s, w
