"""W13: buyers act a year before they are admitted; and admission brings a contract by itself.

The first: only an estimator that allows for a year of anticipation finds the effect. The second:
what a buyer does is the same with and without the programme, but for the very contract that the
programme pays; counted in, it is found as an effect, every time.
"""

from collections.abc import Mapping

import numpy as np

from analysis.inference.effects.panel import Flags, Panel, Whole
from analysis.inference.effects.randomisation import randomised_overall
from analysis.simulate.worlds.claims import Outcome, World, covers, fails, size, unbiased
from analysis.simulate.worlds.staggered import (
    EVENTS,
    Numbers,
    adoption,
    callaway_santanna,
    drawn,
    event_time,
    told,
    untreated,
)

EFFECT = 0.5
EARLY = 1  # years before admission from which a buyer acts
YEARS = np.arange(2015, 2025)
DRAWS = 199
STRATA = 3  # types of organisation
USUAL = (0.04, 0.08, 0.16)  # chance of an innovation contract in a year, of each type
DELIVERED = {1: 0.8, 2: 0.15}  # chance that the contract of the programme is in this year after


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent buyers that act early; then buyers that do as ever, and get their contract."""
    first = adoption(rng)
    early = event_time(first, YEARS) >= -EARLY
    panel = Panel(untreated(rng, len(first), years=YEARS) + EFFECT * early, first, YEARS)
    found = {
        "CS with a year of anticipation": told(EFFECT, callaway_santanna(panel, delta=EARLY)),
        "CS without anticipation": told(EFFECT, callaway_santanna(panel)),
    }
    return found | _contract(rng, first)


def _contract(rng: np.random.Generator, first: Numbers) -> dict[str, Outcome]:
    """Any innovation contract in a year, without and with the one that the programme pays."""
    kind = rng.integers(STRATA, size=len(first))
    since = event_time(first, YEARS)
    own = rng.random(since.shape) < np.array(USUAL)[kind][:, None]
    when = rng.random(len(first))[:, None]
    edges = np.concatenate([[0.0], np.cumsum(list(DELIVERED.values()))])
    paid = np.zeros_like(own)
    for at, year in enumerate(DELIVERED):
        paid |= (since == year) & (when >= edges[at]) & (when < edges[at + 1])
    return {
        "RI without the programme's contract": _tested(rng, own, first, kind),
        "RI with the programme's contract": _tested(rng, own | paid, first, kind),
    }


def _tested(rng: np.random.Generator, any_contract: Flags, first: Numbers, kind: Whole) -> Outcome:
    """Admissions permuted within types of organisation."""
    panel = Panel(any_contract.astype(float), first, YEARS, strata=kind)
    seed = int(rng.integers(2**32))
    both = randomised_overall(panel, events=EVENTS, delta=EARLY, draws=DRAWS, seed=seed)
    return drawn(both.raw)


WORLD = World(
    "W13",
    "Buyers act before admission, and admission brings its own contract",
    "45 buyers admitted of 145; effect .5 sd from a year before on; or none but the contract.",
    replicate,
    (
        unbiased(
            "With a year of anticipation CS finds the effect.", "CS with a year of anticipation"
        ),
        covers(
            "With a year of anticipation its interval holds the effect.",
            "CS with a year of anticipation",
            least=0.92,
        ),
        fails(
            "Without anticipation CS misses most of it.",
            "CS without anticipation",
            "relative_bias",
            high=-0.5,
        ),
        size(
            "Without the programme's contract nothing is found.",
            "RI without the programme's contract",
        ),
        fails(
            "With the programme's contract an effect is found every time.",
            "RI with the programme's contract",
            "size",
            low=0.95,
        ),
    ),
)
