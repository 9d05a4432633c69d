"""How far trends may have differed before a conclusion falls: bounds and breakdown values.

`relative_magnitude` and `smoothness` are the two restrictions of Rambachan-Roth 2023.
"""

from math import hypot, inf, sqrt
from typing import Literal

from numpy.typing import ArrayLike
from scipy.optimize import brentq

from analysis.inference.effects.honest_path import (
    Coefficients,
    Robust,
    around,
    checked,
    mean_over,
)
from analysis.inference.effects.honest_relative import relative_magnitude
from analysis.inference.effects.honest_smooth import smoothness

__all__ = [
    "Coefficients",
    "Robust",
    "around",
    "breakdown",
    "mean_over",
    "relative_magnitude",
    "smoothness",
]

_DOUBLINGS = 20  # beyond a million times the unit nothing is left to break
_EXACT = 1e-6  # of the unit


def breakdown(
    restriction: Literal["relative", "smooth"],
    estimate: ArrayLike,
    covariance: ArrayLike,
    pre: int,
    post: int,
    *,
    weights: ArrayLike | None = None,
    alpha: float = 0.05,
    null: float = 0.0,
) -> float:
    """The smallest limit at which the robust interval holds `null`; robust from M̄ = 1 on.

    Parameters
    ----------
    restriction : `relative` for M̄ of `relative_magnitude`, `smooth` for M of `smoothness`
    estimate, covariance, pre, post : see `around`
    null : the effect that is to be excluded, in the outcome's unit

    Returns
    -------
    0 if even the interval without a violation (of a line, for `smooth`) holds `null`; infinite if
    a limit of a million (times the effect and its standard error, for `smooth`) does not.

    Notes
    -----
    Rambachan-Roth 2023. The pass mark M̄ >= 1 is methods 4.4's.
    """
    path, effect = checked(estimate, covariance, pre, post, weights)
    bounds = {"relative": relative_magnitude, "smooth": smoothness}[restriction]
    se = sqrt(float(effect @ path.covariance[pre:, pre:] @ effect))
    far = hypot(se, float(effect @ path.estimate[pre:]) - null)
    unit = 1.0 if restriction == "relative" else far

    def margin(limit: float) -> float:
        """How far `null` lies outside."""
        found = bounds(*path, [limit], weights=effect, alpha=alpha)[0]
        return max(found.low - null, null - found.high)

    if margin(0.0) <= 0:
        return 0.0
    low, high = 0.0, unit
    while margin(high) > 0:
        low, high = high, 2 * high
        if high > unit * 2**_DOUBLINGS:
            return inf
    return float(brentq(margin, low, high, xtol=_EXACT * unit))
