"""W14: admission makes buyers publish more of what they do, and changes nothing else.

Small contracts are innovative and go to start-ups more often, and they are the ones that buyers
leave out. Once they are published, both shares rise in the data though not in the world; only the
publication outcome (award notices that appeared over those that were due) tells what happened.
"""

from collections.abc import Mapping

import numpy as np

from analysis.inference.effects.panel import Panel
from analysis.simulate.worlds.claims import Outcome, World, fails, power, size
from analysis.simulate.worlds.staggered import (
    YEARS,
    Numbers,
    adoption,
    callaway_santanna,
    event_time,
    told,
)

AWARDS = {"small": 12.0, "large": 8.0}  # a year, of a buyer on average
INNOVATIVE = {"small": 0.10, "large": 0.02}
START_UP = {"small": 0.12, "large": 0.03}
PUBLISHED = {"small": 0.25, "large": 0.85}
PUBLISHED_ADMITTED = {"small": 0.75, "large": 0.85}


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent buyers whose awards are all alike, and publish some of them."""
    first = adoption(rng)
    after = event_time(first) >= 0
    size = rng.lognormal(0.0, 0.5, (len(first), 1))
    due, shown, innovative, new, ever_new = (np.zeros(after.shape) for _ in range(5))
    for kind, mean in AWARDS.items():
        awarded = rng.poisson(mean * size, after.shape)
        chance = np.where(after, PUBLISHED_ADMITTED[kind], PUBLISHED[kind])
        appeared = rng.binomial(awarded, chance)
        start_ups = rng.binomial(appeared, START_UP[kind])
        due, shown, new = due + awarded, shown + appeared, new + start_ups
        ever_new = ever_new + start_ups + rng.binomial(awarded - appeared, START_UP[kind])
        innovative = innovative + rng.binomial(appeared, INNOVATIVE[kind])
    outcomes = {
        "Y0 publication": _ratio(shown, due),
        "Y1 any innovation": np.where(shown > 0, (innovative > 0).astype(float), np.nan),
        "Y4 start-ups": _ratio(new, shown),
        "Y4 of all awards": _ratio(ever_new, due),
    }
    return {
        name: told(0.0, callaway_santanna(Panel(outcome, first, YEARS)))
        for name, outcome in outcomes.items()
    }


def _ratio(part: Numbers, whole: Numbers) -> Numbers:
    """Share of a year; not known where there is nothing to share."""
    return np.where(whole > 0, part / np.where(whole > 0, whole, 1), np.nan)


WORLD = World(
    "W14",
    "Admission makes buyers publish more, and no more",
    "45 buyers admitted of 145; small awards published .25 before and .75 after; nothing else.",
    replicate,
    (
        power("The publication outcome raises its flag.", "Y0 publication", least=0.8),
        size(
            "Of all awards, published or not, the share of start-ups does not change.",
            "Y4 of all awards",
            at_most=0.08,
        ),
        fails(
            "Of published awards innovation seems to rise.", "Y1 any innovation", "size", low=0.25
        ),
        fails("Of published awards start-ups seem to win more.", "Y4 start-ups", "size", low=0.25),
    ),
)
