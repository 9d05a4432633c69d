"""W17: one region with the policy and twenty without, all moved by the same few forces.

Where the policy does nothing the region's rank among its placebos is any rank alike; where it does
two standard deviations the region stands out. A plain before-and-after takes what moved all of them
for the policy.
"""

from collections.abc import Mapping

import numpy as np

from analysis.inference.effects.synthetic import in_space, synthetic_control
from analysis.simulate.worlds.claims import Claim, Outcome, World, fails, power, size
from analysis.simulate.worlds.staggered import ALPHA, Numbers

DONORS = 20
BEFORE, AFTER = 8, 4  # years
FORCES, NOISE = 2, 0.5
EFFECT = 2.0  # standard deviations within a region before


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent 21 regions, of which one drawn by lot has the policy; without and with an effect."""
    outcome = regions(rng)
    treated = int(rng.integers(len(outcome)))
    between = rng.random() / (DONORS + 1)
    moved = outcome.copy()
    effect = EFFECT * float(outcome[:, :BEFORE].std(axis=1, ddof=1).mean())
    moved[treated, BEFORE:] += effect
    return {
        "rank, no effect": _ranked(outcome, treated, 0.0, between),
        "rank, effect": _ranked(moved, treated, effect, between),
        "before and after": _change(outcome[treated]),
    }


def regions(rng: np.random.Generator) -> Numbers:
    """(regions, years): a level, what moves all, forces that each region feels more or less."""
    years = BEFORE + AFTER
    forces = np.cumsum(rng.standard_normal((FORCES, years)), axis=1)
    common = np.cumsum(rng.standard_normal(years))
    felt = rng.uniform(0, 1, (DONORS + 1, FORCES))
    level = rng.standard_normal((DONORS + 1, 1))
    return level + common + felt @ forces + NOISE * rng.standard_normal((DONORS + 1, years))


def _ranked(outcome: Numbers, treated: int, truth: float, between: float) -> Outcome:
    """Rank p; between the ranks a lot decides, so that every value is as likely."""
    found = in_space(synthetic_control, outcome, treated, BEFORE)
    return Outcome(
        truth, found.effect, found.se, rejected=float(found.p <= ALPHA), p=found.p - between
    )


def _change(series: Numbers) -> Outcome:
    """The mean after less the mean before, as if years were independent."""
    before, after = series[:BEFORE], series[BEFORE:]
    change = float(after.mean() - before.mean())
    se = float(np.sqrt(before.var(ddof=1) / BEFORE + after.var(ddof=1) / AFTER))
    return Outcome(0.0, change, se, rejected=float(abs(change) > 1.96 * se))


WORLD = World(
    "W17",
    "One region with the policy, twenty without",
    "21 regions, 8 years before and 4 after; effect none, or 2 sd of a region before.",
    replicate,
    (
        Claim(
            "Every rank is alike where there is no effect.", "rank, no effect", "uniform", low=0.01
        ),
        size("The first rank is as rare as it should be.", "rank, no effect"),
        power("An effect of two sd stands out.", "rank, effect", least=0.4),
        fails("Before and after finds what moved all.", "before and after", "size", low=0.3),
    ),
)
