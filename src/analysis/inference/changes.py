"""What can be said of a change between two years whose shares are known only within bounds."""

import math
from collections.abc import Callable

from scipy.optimize import brentq

from analysis.inference.bounds import Bounds, Tally, share_at_odds, under_gamma

# Above this factor an assumption on the unknown is none.
LARGEST_GAMMA = 1e6


def change_bounds(before: Bounds, after: Bounds) -> Bounds:
    """Bounds on after - before when the two years say nothing about each other.

    Notes
    -----
    [L_1 - U_0, U_1 - L_0]. Manski 2003.
    """
    return Bounds(after.low - before.high, after.high - before.low)


def change_under_gamma(before: Tally, after: Tally, gamma: float) -> Bounds:
    """Bounds on the change under A1(Gamma), selection in each year free within the factor."""
    return change_bounds(under_gamma(before, gamma), under_gamma(after, gamma))


def change_under_common_gamma(before: Tally, after: Tally, gamma: float) -> Bounds:
    """Bounds on the change when selection is the same in both years, within the factor Gamma.

    Notes
    -----
    Minimum and maximum of share_1(g) - share_0(g) over g from 1/Gamma to Gamma. The difference
    has at most one turning point, and that is tried as well as both ends.
    """
    turning = _turning_point(before, after)
    inside = [turning] if turning is not None and 1 / gamma < turning < gamma else []
    changes = [
        share_at_odds(after, odds) - share_at_odds(before, odds)
        for odds in (1 / gamma, gamma, *inside)
    ]
    return Bounds(min(changes), max(changes))


def breakdown_gamma(
    before: Tally,
    after: Tally,
    *,
    change: Callable[[Tally, Tally, float], Bounds] = change_under_gamma,
) -> float:
    """Smallest Gamma at which the change seen among the known can no longer be concluded.

    Parameters
    ----------
    before, after : tallies of two years, or of any two groups
    change : `change_under_gamma` or `change_under_common_gamma`

    Returns
    -------
    1.0 where the known show no change; infinity where no Gamma undoes it.

    Notes
    -----
    Smallest Gamma whose bounds on the change hold 0 or the other sign. Bounds for a larger Gamma
    contain those for a smaller one, so there is one such value.
    """
    rose = change(before, after, 1.0).low > 0

    def left(log_gamma: float) -> float:
        low, high = change(before, after, math.exp(log_gamma))
        return low if rose else -high

    if left(0.0) <= 0:
        return 1.0
    if left(math.log(LARGEST_GAMMA)) > 0:
        return math.inf
    return math.exp(brentq(left, 0, math.log(LARGEST_GAMMA), xtol=1e-13))


def _turning_point(before: Tally, after: Tally) -> float | None:
    """Odds at which both shares grow equally fast: sqrt(k_1)(n_0 + g y_0) = sqrt(k_0)(n_1 + g y_1).

    The slope of a share in g is k/(no + g yes)^2 with k = unknown yes no/total.
    """
    root_0, root_1 = (math.sqrt(t.unknown * t.yes * t.no / t.total) for t in (before, after))
    divisor = root_1 * before.yes - root_0 * after.yes
    if divisor == 0:
        return None
    return (root_0 * after.no - root_1 * before.no) / divisor
