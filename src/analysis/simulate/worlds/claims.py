"""What a world with known truth claims of the estimators used in it, and how it is stated.

A world is one small function and a list of claims. The function invents data by the random numbers
it is given, uses estimators on them, and says for each what was true and what it answered. It is
called as often as wanted, each time with random numbers of its own; claims are about all answers.
The module of a world names it `WORLD`.
"""

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

INF = float("inf")
NAN = float("nan")
Z = 2.576  # two-sided 99 % of the normal law: Monte Carlo error that a claim may show


class Outcome(NamedTuple):
    """What an estimator answered in one replication; not a number is no answer, never 0.

    truth, estimate, se : in one unit
    covered : 1 if its interval holds the truth, else 0 (or a part, of several intervals)
    rejected : 1 if its test rejects, else 0 (or a part, of several tests)
    p : p value, where its law is what matters
    """

    truth: float = NAN
    estimate: float = NAN
    se: float = NAN
    covered: float = NAN
    rejected: float = NAN
    p: float = NAN


Replicate = Callable[[np.random.Generator], Mapping[str, Outcome]]

MEASURES = (  # of one estimator, over all replications in which it answered
    "bias",  # mean of estimate - truth
    "bias_in_sd",  # the same, in standard deviations of estimate - truth
    "relative_bias",  # the same, over the mean truth
    "mean",  # of the estimates
    "rmse",  # root of the mean of (estimate - truth)^2
    "largest",  # of |estimate - truth|
    "se_ratio",  # mean se over sd of estimate - truth
    "coverage",  # mean of covered
    "size",  # mean of rejected, where the null is true
    "power",  # mean of rejected, where it is not
    "uniform",  # p value of Kolmogorov-Smirnov that the p values are uniform
    "answered",  # part of the replications with an estimate
)


class Claim(NamedTuple):
    """That a measure of an estimator lies from `low` to `high`.

    says : one sentence for the record
    error : whether both ends give way by 2.576 Monte Carlo errors; for a bias, to those or .05 sd
    must_fail : whether this asserts that a shortcut fails; a world that does not show it is broken
    versus : if given, the size of the measure is divided by that of this estimator; a `bias_in_sd`
        is the bias in standard deviations of this estimator instead of its own
    """

    says: str
    estimator: str
    measure: str
    low: float = -INF
    high: float = INF
    error: bool = False
    must_fail: bool = False
    versus: str = ""


class World(NamedTuple):
    """A world: its number (`W0`), what is true in it, one replication, and its claims."""

    id: str
    title: str
    truth: str
    replicate: Replicate
    claims: tuple[Claim, ...]


def outcome(
    truth: float, estimate: float, *, se: float = NAN, low: float = NAN, high: float = NAN
) -> Outcome:
    """An estimate with its interval, if there is one; a limit that is not known covers nothing."""
    none = np.isnan(low) and np.isnan(high)
    covered = NAN if none else float(low - 1e-12 <= truth <= high + 1e-12)
    return Outcome(float(truth), float(estimate), float(se), covered)


def bounds(truth: float, low: float, high: float) -> Outcome:
    """Bounds, which estimate nothing between them: only whether they hold the truth."""
    return outcome(truth, NAN, low=low, high=high)


def unbiased(says: str, estimator: str, *, within: float | None = None) -> Claim:
    """|bias| at most the larger of 2.576 Monte Carlo errors and .05 sd; or at most `within`."""
    if within is None:
        return Claim(says, estimator, "bias", 0.0, 0.0, error=True)
    return Claim(says, estimator, "bias", -within, within)


def covers(says: str, estimator: str, *, least: float | None = None) -> Claim:
    """The interval holds the truth in .95 of the replications; or in `least` or more."""
    if least is None:
        return Claim(says, estimator, "coverage", 0.95, 0.95, error=True)
    return Claim(says, estimator, "coverage", low=least, error=least < 1)


def size(says: str, estimator: str, *, at_most: float = 0.05) -> Claim:
    """A test rejects what is true in no more than `at_most`, but for Monte Carlo error."""
    return Claim(says, estimator, "size", high=at_most, error=True)


def power(says: str, estimator: str, *, least: float, most: float = 1.0) -> Claim:
    """A test rejects what is not true in `least` to `most`, but for Monte Carlo error."""
    return Claim(says, estimator, "power", least, most, error=True)


def knows_its_error(says: str, estimator: str, *, low: float = 0.9, high: float = 1.1) -> Claim:
    """The mean standard error over the standard deviation lies within [.90, 1.10]."""
    return Claim(says, estimator, "se_ratio", low, high)


def fails(
    says: str,
    estimator: str,
    measure: str,
    *,
    low: float = -INF,
    high: float = INF,
    versus: str = "",
) -> Claim:
    """That a shortcut fails: its measure lies from `low` to `high`, without any tolerance."""
    return Claim(says, estimator, measure, low, high, must_fail=True, versus=versus)
