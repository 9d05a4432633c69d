"""What a share can be when the answer is not known for all: bounds instead of a guess.

A tally may hold awards, weights of awards or euros: the formulas are the same.
"""

import math
from dataclasses import astuple, dataclass
from statistics import NormalDist
from typing import NamedTuple

from scipy.optimize import brentq

from analysis.refusal import ContractError


class Bounds(NamedTuple):
    """The smallest and the largest value that the data allow."""

    low: float
    high: float


class BoundsInterval(NamedTuple):
    """An interval that covers the true value wherever it lies between two estimated bounds."""

    low: float
    high: float
    critical: float


@dataclass(frozen=True, kw_only=True)
class Tally:
    """How much is yes, is no, and is not known; in one unit (awards, weights or euros)."""

    yes: float
    no: float
    unknown: float

    def __post_init__(self) -> None:
        parts = astuple(self)
        if not (all(map(math.isfinite, parts)) and min(parts) >= 0 and self.total > 0):
            raise ContractError(
                "a tally of yes, no and unknown",
                found=str(self),
                expected="finite parts, none below 0, and a sum above 0",
                do="leave out cells without awards, and count them only once",
            )

    @property
    def known(self) -> float:
        """Yes and no together."""
        return self.yes + self.no

    @property
    def total(self) -> float:
        """Yes, no and unknown together."""
        return self.known + self.unknown


def no_assumption(tally: Tally) -> Bounds:
    """Bounds on the share when nothing is assumed about the unknown (A0).

    Notes
    -----
    With x yes among n of which m are unknown: low = x/n, high = (x + m)/n. Manski 1989, 2003;
    with euros for awards, Horowitz-Manski 2000.
    """
    return Bounds(tally.yes / tally.total, (tally.yes + tally.unknown) / tally.total)


def with_unpublished(published: Bounds, *, coverage: float) -> Bounds:
    """Bounds on the share among all awards, when only a part was published.

    Parameters
    ----------
    published : bounds on the share among the published
    coverage : lambda, the part published: of all awards for counts, of all euros for amounts

    Notes
    -----
    low = lambda low_pub, high = lambda high_pub + (1 - lambda). Manski 1989, 2003.
    """
    if not 0 <= coverage <= 1:
        raise ContractError(
            "the part of all awards that was published",
            found=str(coverage),
            expected="a number from 0 to 1",
            do="divide what was published by all that should have been",
        )
    return Bounds(coverage * published.low, coverage * published.high + 1 - coverage)


def observed_share(tally: Tally) -> float:
    """Share among the known: what holds for all if the unknown are like the known (A3)."""
    if not tally.known:
        raise ContractError(
            "a share among the known",
            found="nothing is known",
            expected="at least one known answer",
            do="show the bounds without assumption only",
        )
    return tally.yes / tally.known


def share_at_odds(tally: Tally, odds: float) -> float:
    """Share when the odds of yes among the unknown are `odds` times those among the known.

    Notes
    -----
    (x + m p_m)/n with p_m = p odds/(p odds + 1 - p), p the share among the known.
    """
    p = observed_share(tally)
    among_unknown = p * odds / (p * odds + 1 - p)
    return (tally.yes + tally.unknown * among_unknown) / tally.total


def under_gamma(tally: Tally, gamma: float) -> Bounds:
    """Bounds on the share when selection is limited: A1(Gamma).

    The odds of yes among the unknown lie within a factor Gamma of those among the known.

    Notes
    -----
    p_m from p/(p + (1 - p)Gamma) to p Gamma/(p Gamma + 1 - p), and the share is (x + m p_m)/n.
    A p of exactly 0 or 1 leaves no room under any Gamma: then only A0 says something.
    """
    if not 1 <= gamma < math.inf:
        raise ContractError(
            "the factor Gamma of an assumption on the unknown",
            found=str(gamma),
            expected="a number of at least 1",
            do="use 1.5, 2 or 3; for no assumption at all use A0",
        )
    return Bounds(share_at_odds(tally, 1 / gamma), share_at_odds(tally, gamma))


def yes_more_likely_unknown(tally: Tally) -> Bounds:
    """Bounds when yes is at least as frequent among the unknown as among the known.

    So for firms that ceased and left the register: start-ups die younger.

    Notes
    -----
    low = x/(n - m), the complete cases; high = (x + m)/n. Monotone selection, Manski 2003.
    """
    return Bounds(observed_share(tally), no_assumption(tally).high)


def binomial_se(share: float, n: float) -> float:
    """Standard error sqrt(p(1 - p)/n) of a share of n independent awards."""
    return math.sqrt(share * (1 - share) / n)


def imbens_manski(
    bounds: Bounds, *, se_low: float, se_high: float, alpha: float = 0.05
) -> BoundsInterval:
    """Interval for a value known only between two estimated bounds.

    Parameters
    ----------
    bounds : estimated bounds, in any unit
    se_low, se_high : their standard errors, same unit
    alpha : 1 - the wished coverage

    Notes
    -----
    c solves Phi(c + (U - L)/max(se_L, se_U)) - Phi(-c) = 1 - alpha; the interval is
    [L - c se_L, U + c se_U]. Imbens-Manski 2004; Stoye 2009. It is not cut off at 0 or 1.
    """
    phi = NormalDist().cdf
    largest = max(se_low, se_high)
    width = (bounds.high - bounds.low) / largest if largest else math.inf

    def excess(c: float) -> float:
        return phi(c + width) - phi(-c) - (1 - alpha)

    c = float(brentq(excess, 0, NormalDist().inv_cdf(1 - alpha / 2) + 1, xtol=1e-13))
    return BoundsInterval(bounds.low - c * se_low, bounds.high + c * se_high, c)
