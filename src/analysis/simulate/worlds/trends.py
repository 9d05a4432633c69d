"""W12: those admitted were drifting away from the others already, by the same step every year.

The estimate takes the drift for an effect, and its interval hardly ever holds the truth. The drift
after admission is as steep as before (M̄ = 1) and does not bend (M = 0): bounds that allow for as
much hold the truth.
"""

from collections.abc import Mapping

import numpy as np

from analysis.inference.effects.aggregate import EventStudy, by_event, overall
from analysis.inference.effects.group_time import group_time
from analysis.inference.effects.honest_path import around, mean_over
from analysis.inference.effects.honest_relative import relative_magnitude
from analysis.inference.effects.honest_smooth import smoothness
from analysis.inference.effects.panel import Panel
from analysis.inference.effects.pretrends import joint_wald
from analysis.simulate.worlds.claims import Outcome, World, covers, fails, outcome, power, unbiased
from analysis.simulate.worlds.staggered import (
    ALPHA,
    EVENTS,
    Numbers,
    adoption,
    effects,
    same,
    told,
    untreated,
)

EFFECT = 0.5
DRIFT = 0.5 * EFFECT  # a year
YEARS = np.arange(2013, 2025)
BEFORE = range(-4, -1)  # the reference is -1
WINDOW = (BEFORE[0], EVENTS[-1])
TRUE_MBAR, TRUE_M = 1.0, 0.0


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent buyers; with and without a drift, before and after, of those that are admitted."""
    first = adoption(rng)
    added = effects(first, same(EFFECT), years=YEARS)
    parallel = untreated(rng, len(first), years=YEARS) + added
    drift = np.where(np.isfinite(first), DRIFT, 0.0)[:, None] * (YEARS - YEARS[0])
    drifting, straight = _study(parallel + drift, first), _study(parallel, first)
    path, weights = around(drifting), mean_over(drifting, EVENTS)
    relative = relative_magnitude(*path, [TRUE_MBAR], weights=weights)[0]
    smooth = smoothness(*path, [TRUE_M], weights=weights)[0]
    middle = (smooth.low + smooth.high) / 2
    return {
        "CS, parallel": told(EFFECT, overall(straight, EVENTS)),
        "CS, drift": told(EFFECT, overall(drifting, EVENTS)),
        "relative magnitude, drift": outcome(EFFECT, np.nan, low=relative.low, high=relative.high),
        "smoothness, drift": outcome(EFFECT, middle, low=smooth.low, high=smooth.high),
        "pre-test, parallel": _pretest(straight),
        "pre-test, drift": _pretest(drifting),
    }


def _study(values: Numbers, first: Numbers) -> EventStudy:
    """The path against buyers never admitted, which all drift alike: not at all."""
    return by_event(group_time(Panel(values, first, YEARS), control="never"), window=WINDOW)


def _pretest(study: EventStudy) -> Outcome:
    """Whether the years before show that the trends were not parallel."""
    p = joint_wald(study, BEFORE).p
    return Outcome(rejected=float(p <= ALPHA), p=p)


WORLD = World(
    "W12",
    "Those admitted drifted away before",
    "45 buyers admitted of 145; effect .5 sd; those admitted rise by half of it every year.",
    replicate,
    (
        unbiased("Without a drift CS finds the effect.", "CS, parallel"),
        fails(
            "With a drift the interval of CS misses the effect.", "CS, drift", "coverage", high=0.3
        ),
        covers("Bounds at the true M̄ hold the effect.", "relative magnitude, drift", least=0.95),
        covers(
            "Bounds that allow a straight line hold the effect.", "smoothness, drift", least=0.92
        ),
        unbiased("A line drawn through the years before finds the effect.", "smoothness, drift"),
        power("The pre-test sees a drift of half the effect a year.", "pre-test, drift", least=0.5),
    ),
)
