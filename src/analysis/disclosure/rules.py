"""When a figure tells of single enterprises: thresholds, dominance, margins (methods 7)."""

FEWEST = 3
P_PERCENT = 0.10
DOMINANCE = ((1, 0.50), (2, 0.85))
MARGIN = 0.15  # how far from the truth an attacker must stay, on either side
WITHHELD = "withheld"  # in place of the denominator: one word, whatever the reason


def too_few(enterprises: int, fewest: int = FEWEST) -> bool:
    """One or two enterprises. None at all tells nothing of any enterprise."""
    return 0 < enterprises < fewest


def dominated(total: float, first: float, second: float) -> bool:
    """One or two enterprises make up nearly all euros: p% rule, dominance (1, 50) and (2, 85).

    Parameters
    ----------
    total, first, second : euros of all, of the enterprise that won most and of the next

    Notes
    -----
    Unsafe if X - x1 - x2 < 0.10 x1, if x1 > 0.50 X or if x1 + x2 > 0.85 X.

    Examples
    --------
    >>> dominated(100, 50, 35), dominated(100, 49, 48)
    (False, True)
    """
    if not total > 0:
        return False
    sums = {1: first, 2: first + second}
    close = total - first - second < P_PERCENT * first - 1e-9
    return close or any(sums[k] > limit * total + 1e-9 for k, limit in DOMINANCE)


def reach(value: float, *, step: float) -> tuple[float, float]:
    """Ends that an attacker's interval must reach to: 15 % on either side, and one unit at least.

    Parameters
    ----------
    value : the truth
    step : 1 for what is counted, since nearly one is one; 0 for euros

    Examples
    --------
    >>> reach(1.0, step=1), reach(1000.0, step=0)
    ((0.0, 2.0), (850.0, 1150.0))
    """
    margin = max(MARGIN * value, step)
    return max(value - margin, 0.0), value + margin
