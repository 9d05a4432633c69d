"""Chapter 42: two further looks at how sure an effect is, which the plan does not decide by.

effects.smooth
    Interval of the effect if the slope of the difference in trends may change by at most M a year
    (Rambachan-Roth 2023, smoothness), and its middle, the estimate under that M; M in parts of the
    standard deviation within buyers. Group slope=; none is a straight line on.
effects.jackknife, effects.jackknife_p
    Effect with CV3 interval: leaving out each buyer in turn, Student's t; its p.
"""

from collections.abc import Iterator
from functools import partial

from analysis.indicators.effects_checks import Checks
from analysis.indicators.effects_plan import Laid
from analysis.indicators.effects_rows import TREATED, possible
from analysis.indicators.effects_study import Found, Seen
from analysis.inference.effects.honest_path import Robust, around, mean_over
from analysis.inference.effects.honest_smooth import smoothness
from analysis.inference.effects.jackknife import jackknife
from analysis.refusal import ContractError

SLOPES = {"none": 0.0, "twentieth": 0.05, "tenth": 0.1, "fifth": 0.2}


def rows(
    said: partial, found: Found, made: Checks, told: Seen, laid: Laid, unit: str
) -> Iterator[tuple]:
    """Rows of the ledger for one outcome; none of what cannot be made.

    Parameters
    ----------
    said : how a row of the outcome begins
    found, made, told : what was estimated of it, checked, and could be seen
    unit : of a difference in the outcome
    """
    behind = {"n": told.detectable.treated if told.detectable else 0, "denominator": TREATED}
    for name, one in zip(SLOPES, _smooth(found, told, laid), strict=False):
        ends = (one.low, (one.low + one.high) / 2, one.high)
        low, middle, high = (possible(end, unit) for end in ends)
        yield said("effects.smooth", group=f"slope={name}", value=middle, low=low, high=high,
                   interval="sampling", unit=unit, **behind)  # fmt: skip
    if made.buyers is None:
        return
    try:
        own = jackknife(found.overall.estimate, made.buyers.without, level=laid.inference.level)
    except ContractError:
        return
    span = {"low": own.low, "high": own.high, "interval": "sampling"}
    buyers = {"n": len(own.left_out), "denominator": "buyers-left-out"}
    yield said("effects.jackknife", value=own.estimate, unit=unit, **span, **buyers)
    yield said("effects.jackknife_p", value=own.p, unit="p-value", **buyers)


def _smooth(found: Found, told: Seen, laid: Laid) -> tuple[Robust, ...]:
    reference = -laid.anticipation - 1
    limits = [share * told.noise.sd for share in SLOPES.values()]
    try:
        path = around(found.study, reference=reference)
        weights = mean_over(found.study, told.events, reference=reference)
        return smoothness(*path, limits, weights=weights, alpha=1 - laid.inference.level)
    except ContractError:
        return ()
