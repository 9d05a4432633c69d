"""W15: part of the effect reaches buyers that were not admitted.

Where it reaches all of them alike, the estimate is what admission adds on top: a lower bound of
what the programme does. Where those that never apply learn more every year, the applicants not
admitted yet are the better controls, and the whole effect is found among applicants alone.
"""

from collections.abc import Mapping

import numpy as np

from analysis.inference.effects.aggregate import by_event, overall
from analysis.inference.effects.group_time import group_time
from analysis.inference.effects.panel import Panel
from analysis.simulate.worlds.claims import Outcome, World, fails, unbiased
from analysis.simulate.worlds.staggered import (
    COHORTS,
    YEARS,
    Numbers,
    adoption,
    callaway_santanna,
    effects,
    event_time,
    same,
    told,
    untreated,
)

EFFECT = 0.5
SPILL = 0.3  # of the effect
LEARNT = 0.15  # of the effect, every year
STARTS = min(COHORTS)
REACHED = (0, 1, 2)  # years after admission in which some applicants are not admitted yet


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent buyers; let part of the effect reach all not admitted, or more and more the never."""
    first = adoption(rng)
    without = untreated(rng, len(first)) + effects(first, same(EFFECT))
    open_ = (event_time(first) < 0) & (YEARS >= STARTS)
    learnt = np.isinf(first)[:, None] * np.maximum(YEARS - STARTS + 1, 0)
    all_reached = Panel(without + SPILL * EFFECT * open_, first, YEARS)
    learning = Panel(without + LEARNT * EFFECT * learnt, first, YEARS)
    on_top = told((1 - SPILL) * EFFECT, callaway_santanna(all_reached))
    return {
        "CS on top, all reached": on_top,
        "CS, all reached": told(EFFECT, callaway_santanna(all_reached)),
        "CS against never admitted": told(EFFECT, callaway_santanna(learning, control="never")),
        "CS among applicants": among_applicants(learning),
    }


def among_applicants(panel: Panel) -> Outcome:
    """The effect against applicants not admitted yet, in the years that have some."""
    applied: Numbers = np.isfinite(panel.first)
    own = Panel(panel.outcome[applied], panel.first[applied], panel.periods)
    return told(EFFECT, overall(by_event(group_time(own)), REACHED))


WORLD = World(
    "W15",
    "Part of the effect reaches who was not admitted",
    "45 buyers admitted of 145; effect .5 sd, of which .3 (or each year .15) reaches others.",
    replicate,
    (
        unbiased("The estimate is what admission adds on top.", "CS on top, all reached"),
        fails(
            "As the whole effect it is a lower bound.",
            "CS, all reached",
            "relative_bias",
            low=-0.4,
            high=-0.2,
        ),
        unbiased("Among applicants CS finds the whole effect.", "CS among applicants"),
        fails(
            "Against buyers that learn by themselves CS misses part of it.",
            "CS against never admitted",
            "relative_bias",
            high=-0.2,
        ),
    ),
)
