"""Buyers that are admitted in different years, or never: what W11-W15 share. All invented.

Forty-five are admitted, in the numbers and years of the method note (4.1), among buyers that are
not; who they are is drawn by lot, so that only the effect that a world adds tells them apart.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from analysis.inference.effects.aggregate import Estimate, by_event, overall
from analysis.inference.effects.group_time import Control, group_time
from analysis.inference.effects.panel import Panel
from analysis.inference.effects.randomisation import Randomised
from analysis.simulate.worlds.claims import Outcome

Numbers = NDArray[np.float64]

COHORTS = {2017: 10, 2018: 10, 2019: 9, 2020: 6, 2021: 5, 2022: 5}
YEARS = np.arange(2016, 2025)
EVENTS = range(4)  # years after admission over which an effect is averaged
NEVER = 100
Z, ALPHA = 1.959964, 0.05


def adoption(rng: np.random.Generator, *, never: int = NEVER) -> Numbers:
    """First treated year of each buyer, inf for never, in an order drawn by lot."""
    first = np.repeat(np.array([*COHORTS, np.inf]), [*COHORTS.values(), never])
    return rng.permutation(first)


def untreated(
    rng: np.random.Generator, units: int, *, memory: float = 0.0, years: NDArray[np.int64] = YEARS
) -> Numbers:
    """What buyers do without a programme: level, year, and a shock of sd 1 with some memory."""
    shock = rng.standard_normal((units, len(years)))
    for at in range(1, len(years)):
        shock[:, at] = memory * shock[:, at - 1] + np.sqrt(1 - memory**2) * shock[:, at]
    level, year = rng.standard_normal((units, 1)), 0.3 * rng.standard_normal(len(years))
    return level + year + shock


def event_time(first: Numbers, years: NDArray[np.int64] = YEARS) -> Numbers:
    """(units, years) years since admission; -inf for who never is."""
    return years - first[:, None]


def effects(
    first: Numbers,
    effect: Callable[[Numbers, Numbers], Numbers],
    *,
    years: NDArray[np.int64] = YEARS,
) -> Numbers:
    """(units, years) `effect(cohort, years since)`, 0 before admission and for who never is."""
    since = event_time(first, years)
    cohort = np.broadcast_to(np.where(np.isfinite(first), first, 0)[:, None], since.shape)
    return np.where(since >= 0, effect(cohort, np.maximum(since, 0)), 0.0)


def same(size: float) -> Callable[[Numbers, Numbers], Numbers]:
    """An effect of one size, on every cohort in every year."""
    return lambda _, since: np.full(since.shape, size)


def mean_effect(first: Numbers, added: Numbers, *, years: NDArray[np.int64] = YEARS) -> float:
    """The true mean over the years after admission of what was added to who was admitted."""
    since = event_time(first, years)
    return float(np.mean([added[since == e].mean() for e in EVENTS]))


def callaway_santanna(panel: Panel, *, control: Control = "notyet", delta: int = 0) -> Estimate:
    """The mean effect over the years after admission, as the chapter estimates it."""
    return overall(by_event(group_time(panel, control=control, delta=delta)), EVENTS)


def told(truth: float, found: Estimate) -> Outcome:
    """An estimate, whether its 95 % interval holds the truth, and whether 0 is rejected."""
    reach = Z * found.se
    covered, rejected = abs(found.estimate - truth) <= reach, abs(found.estimate) > reach
    return Outcome(truth, found.estimate, found.se, float(covered), float(rejected))


def drawn(found: Randomised) -> Outcome:
    """A test by permuted admissions, of what is truly nothing."""
    return Outcome(0.0, found.statistic, rejected=float(found.p <= ALPHA), p=found.p)
