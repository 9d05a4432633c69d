"""W16: nothing happened on the date, the series remembers, and an epidemic came soon after.

Months of running-in are left out, and then a series by itself takes the epidemic for the policy;
against a series that met it as well there is nothing. Both remember what was left of the month
before: errors that forget it are too small, and so are Newey-West's where the months after are few,
so that p comes from drawn series.
"""

import math
from collections.abc import Mapping

import numpy as np

from analysis.inference.effects.interrupted import Interrupted, segmented
from analysis.simulate.worlds.claims import Claim, Outcome, World, fails, size, unbiased
from analysis.simulate.worlds.staggered import ALPHA, Numbers, Z

MONTHS = 108  # from January 2013
DATE = 80  # September 2019, from when on the policy runs in
FIRST = 86  # March 2020: the first month counted after, and the epidemic's
SHOCK = -2.0  # standard deviations of the noise
MEMORY = 0.3


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent two series without a break of their own, one of a region with the policy."""
    time = np.arange(MONTHS)
    shock = np.where(time >= FIRST, SHOCK, 0.0)
    own, other = 5 + noise(rng) + shock, 4 + noise(rng) + shock
    counted, seed = (time < DATE) | (time >= FIRST), int(rng.integers(2**32))
    time, own, other = time[counted], own[counted], other[counted]
    alone = segmented(time, own, first=FIRST, seed=seed)
    against = segmented(time, own, first=FIRST, seed=seed, comparison=other)
    return {
        "one series alone": _drawn(alone),
        "against another series": _drawn(against),
        "error without memory": _by_normal(against, against.independent_se),
        "Newey-West error": _by_normal(against, against.level_se),
    }


def noise(rng: np.random.Generator) -> Numbers:
    """A month remembers `MEMORY` of the month before; standard deviation 1."""
    found = rng.standard_normal(MONTHS)
    for at in range(1, MONTHS):
        found[at] = MEMORY * found[at - 1] + math.sqrt(1 - MEMORY**2) * found[at]
    return found


def _drawn(found: Interrupted) -> Outcome:
    return Outcome(0.0, found.level, rejected=float(found.p <= ALPHA), p=found.p)


def _by_normal(found: Interrupted, se: float) -> Outcome:
    away = float(abs(found.level) > Z * se)
    return Outcome(0.0, found.level, se, 1 - away, away)


WORLD = World(
    "W16",
    "Nothing happened on the date, and an epidemic after it",
    "Two monthly series of nine years; no break but the epidemic; correlation .3 by month.",
    replicate,
    (
        unbiased("Against another series the level does not change.", "against another series"),
        size(
            "Against another series a change is seldom found.",
            "against another series",
            at_most=0.06,
        ),
        Claim(
            "Against another series p is uniform.", "against another series", "uniform", low=0.01
        ),
        fails("A series alone finds a change.", "one series alone", "size", low=0.2),
        fails(
            "Errors that forget the month before are too small.",
            "error without memory",
            "size",
            low=0.08,
        ),
        fails(
            "Newey-West errors by a normal table are too small.",
            "Newey-West error",
            "size",
            low=0.08,
        ),
    ),
)
