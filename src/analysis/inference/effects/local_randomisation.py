"""Close to a cut-off as if by lot: the window in which nothing else differs, and a test.

Needs no line and no large numbers, only that within the window who fell on which side was luck.
"""

import math
from collections.abc import Sequence
from itertools import combinations
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.inference.effects.detectable import detectable
from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# Up to so many allocations all are tried; above it they are drawn.
ENUMERATED = 10_000
# A covariate with a smaller p within a window says that the window is too wide.
BALANCED = 0.15


class Permuted(NamedTuple):
    """Difference of means, treated minus others, and how often luck makes one as large.

    p : two-sided; p_larger : as large in this direction
    allocations : tried; all there are where `exact`
    """

    difference: float
    p: float
    p_larger: float
    allocations: int
    exact: bool


class LocalRandomisation(NamedTuple):
    """Permutation test within a window around a cut-off; units of outcome and of score.

    left, right : number with a known outcome within the window on each side
    unknown : rows without score or outcome, left out
    sorting_p : exact binomial p that as many fall on either side: the mark of a steered score
    detectable : difference found four times out of five
    """

    difference: float
    p: float
    window: float
    left: int
    right: int
    unknown: int
    exact: bool
    sorting_p: float
    detectable: float
    assumption: str = "side_of_cutoff_is_luck_within_window"
    estimand: str = "mean_effect_within_window"


class Window(NamedTuple):
    """A candidate window: reach around the cut-off, numbers, and the smallest covariate p."""

    reach: float
    left: int
    right: int
    smallest_p: float


def permuted(treated: ArrayLike, outcome: ArrayLike, *, seed: int, draws: int = 1999) -> Permuted:
    """Test that treatment changes nobody's outcome, by who could have been treated instead.

    Parameters
    ----------
    treated : whether, of each; as many are treated in every allocation
    outcome : of each, all known

    Notes
    -----
    All allocations where there are at most 10 000, and then p = number as large/all of them; else
    drawn and p = (1 + number as large)/(1 + draws).

    Examples
    --------
    Three treated have 3, 4 and 5, two others 1 and 2: the most extreme of 10 allocations.

    >>> permuted([1, 1, 1, 0, 0], [3, 4, 5, 1, 2], seed=0).p_larger
    0.1
    """
    d, y = np.asarray(treated, dtype=bool), np.asarray(outcome, dtype=float)
    number = int(d.sum())
    if not (0 < number < d.size == y.size and np.isfinite(y).all()):
        raise _refused(f"{number} treated among {d.size}, {np.isfinite(y).sum()} outcomes known")
    observed = _difference(math.fsum(y[d]), y, number)
    values = np.sort(y)
    exact = math.comb(y.size, number) <= ENUMERATED
    if exact:
        sums = np.array([math.fsum(pick) for pick in combinations(values, number)])
    else:
        rng = np.random.default_rng(seed)
        sums = np.array([rng.permutation(values)[:number].sum() for _ in range(draws)])
    drawn = _difference(sums, y, number)
    slack = 1e-9 * float(np.abs(y).max())
    both = int((abs(drawn) >= abs(observed) - slack).sum())
    above = int((drawn >= observed - slack).sum())
    more = 0 if exact else 1
    total = drawn.size + more
    return Permuted(
        float(observed), (both + more) / total, (above + more) / total, drawn.size, exact
    )


def windows(
    score: ArrayLike | None,
    covariates: ArrayLike,
    reaches: Sequence[float],
    *,
    seed: int,
    cutoff: float = 0.0,
    draws: int = 999,
) -> list[Window]:
    """Test each covariate's balance within each window, from the narrowest on.

    Parameters
    ----------
    covariates : (rows, k) measured before the score; not a number where not known
    reaches : half-widths to try, in units of the score; one with fewer than three known scores on
        a side is left out

    Notes
    -----
    Cattaneo-Frandsen-Titiunik 2015. Choose with `widest_balanced`.
    """
    x, z = _scores(score, cutoff), np.asarray(covariates, dtype=float)
    found = []
    for reach in sorted(reaches):
        inside = abs(x) <= reach
        right = x >= 0
        left_n, right_n = int((inside & ~right).sum()), int((inside & right).sum())
        if min(left_n, right_n) < 3:
            continue
        columns = [(inside & np.isfinite(c), c) for c in z.T]
        tests = [permuted(right[k], c[k], seed=seed, draws=draws).p for k, c in columns]
        found.append(Window(float(reach), left_n, right_n, min(tests)))
    return found


def widest_balanced(tried: list[Window]) -> Window:
    """Widest window such that it and every narrower one keep each covariate's p above 0.15."""
    chosen = None
    for window in tried:
        if window.smallest_p <= BALANCED:
            break
        chosen = window
    if chosen is None:
        raise _refused(f"{len(tried)} windows with three scores on each side, the first unbalanced")
    return chosen


def local_randomisation(
    score: ArrayLike | None,
    outcome: ArrayLike,
    window: float,
    *,
    seed: int,
    cutoff: float = 0.0,
    draws: int = 1999,
) -> LocalRandomisation:
    """Compare the means on both sides of the cut-off within a window.

    Parameters
    ----------
    score, outcome : of each; not a number where not known
    window : half-width in units of the score, chosen without looking at the outcome
    seed, draws : of the allocations, where not all are tried
    """
    x, y = _scores(score, cutoff), np.asarray(outcome, dtype=float)
    inside = (abs(x) <= window) & np.isfinite(y)
    right = x[inside] >= 0
    left_n, right_n = int((~right).sum()), int(right.sum())
    if min(left_n, right_n) < 2:
        raise _refused(f"{left_n} and {right_n} known outcomes within {window} of the cut-off")
    test = permuted(right, y[inside], seed=seed, draws=draws)
    parts = [np.var(y[inside][side], ddof=1) / side.sum() for side in (right, ~right)]
    steered = [int((abs(x) <= window).sum()), int(((x >= 0) & (x <= window)).sum())]
    return LocalRandomisation(
        *(test.difference, test.p, window, left_n, right_n),
        unknown=int((np.isnan(x) | ~np.isfinite(y)).sum()),
        exact=test.exact,
        sorting_p=_fair_coin(steered[1], steered[0]),
        detectable=detectable(math.sqrt(sum(parts))),
    )


def _difference(treated_sum: Numbers | float, y: Numbers, number: int) -> Numbers:
    rest = math.fsum(y) - np.asarray(treated_sum)
    return np.asarray(treated_sum) / number - rest / (y.size - number)


def _fair_coin(heads: int, tosses: int) -> float:
    """Two-sided exact p of so many heads."""
    far = max(heads, tosses - heads)
    tail = sum(math.comb(tosses, k) for k in range(far, tosses + 1)) / 2**tosses
    return min(1.0, 2 * tail)


def _scores(score: ArrayLike | None, cutoff: float) -> Numbers:
    x = np.array([]) if score is None else np.asarray(score, dtype=float) - cutoff
    if not np.isfinite(x).any():
        raise _refused("no scores")
    return x


def _refused(found: str) -> ContractError:
    return ContractError(
        "a comparison within a window around a cut-off",
        found=found,
        expected="known scores of first applications, and known outcomes, on both sides",
        do="ask for scores, ranks and dates; until then compare with the rejected, adjusted",
    )
