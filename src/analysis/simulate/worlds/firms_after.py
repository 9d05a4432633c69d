"""W18: firms after a contract; those that were growing anyway win more, and some are bought.

Matched with firms like them that had no contract yet, winners show what the contract did. Beside
all firms they show their own promise as well. Ceasing and being bought compete: a firm that was
bought can no longer cease, and who takes it for one that is merely not followed any more finds more
firms that cease than there are.
"""

from collections.abc import Mapping

import numpy as np

from analysis.inference.effects.firms import effect_on_treated, employment
from analysis.inference.effects.matching import Sets, risk_sets
from analysis.inference.effects.panel import Flags
from analysis.inference.survival import cumulative_incidence
from analysis.simulate.worlds.claims import (
    Outcome,
    World,
    bounds,
    covers,
    fails,
    knows_its_error,
    power,
    unbiased,
)
from analysis.simulate.worlds.staggered import Numbers, Z

FIRMS, WINNERS, CONTROLS = 2000, 70, 5
EFFECT = 0.18  # log points of employees
PROMISE = 0.15  # log points of growth by standard deviation of what was seen before
SPREAD = 0.455  # sd of the rest: 2.8 standard errors of the matched estimate are the effect
SECTORS = 2
YEAR, FOLLOWED = 365.0, 3.0  # days, years
CEASES = {True: 0.03, False: 0.05}  # a year, of winners and others
BOUGHT = {True: 0.15, False: 0.03}


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent firms, of which seventy win; match five with each."""
    promise, sector = rng.standard_normal(FIRMS), rng.integers(SECTORS, size=FIRMS)
    wins = np.zeros(FIRMS, dtype=bool)
    wins[np.argsort(promise + rng.gumbel(size=FIRMS))[-WINNERS:]] = True
    growth = PROMISE * promise + SPREAD * rng.standard_normal(FIRMS) + EFFECT * wins
    sets = risk_sets(
        np.arange(FIRMS), np.zeros(FIRMS), wins, sector, promise[:, None], ratio=CONTROLS
    )
    years, cause = _exits(rng, wins)
    found = effect_on_treated(sets, growth[sets.row])
    reach = abs(found.estimate - EFFECT) <= Z * found.se
    rejected = abs(found.estimate) > Z * found.se
    return {
        "matched": Outcome(EFFECT, found.estimate, found.se, float(reach), float(rejected)),
        "all other firms": Outcome(EFFECT, growth[wins].mean() - growth[~wins].mean()),
        **_left(sets, growth, cause),
        **_ceased(years[wins], cause[wins]),
    }


def _exits(rng: np.random.Generator, wins: Flags) -> tuple[Numbers, Numbers]:
    """Years until a firm ceased (1), was bought (2), or was last seen (0)."""
    ceases, bought = (
        rng.exponential(1 / np.where(wins, rate[True], rate[False])) for rate in (CEASES, BOUGHT)
    )
    first = np.minimum(ceases, bought)
    cause = np.where(first > FOLLOWED, 0, np.where(ceases < bought, 1, 2))
    return np.minimum(first, FOLLOWED), cause


def _left(sets: Sets, growth: Numbers, cause: Numbers) -> dict[str, Outcome]:
    """Employees are counted of those left; more winners are gone, bought and not dead."""
    there = (cause == 0).astype(float)
    known = np.where(there == 1, growth, np.nan)
    found = employment(sets, known[sets.row], there[sets.row])
    among, trimmed = found.among_left, found.bounds
    covered = float(among.low <= EFFECT <= among.high)
    return {
        "matched, those left": Outcome(EFFECT, among.estimate, among.se, covered),
        "Lee bounds": bounds(EFFECT, trimmed.low_end, trimmed.high_end),
    }


def _ceased(years: Numbers, cause: Numbers) -> dict[str, Outcome]:
    """Part of the winners that ceased, buyers competing; and as if who was bought were lost."""
    rate, other = CEASES[True], BOUGHT[True]
    truth = rate / (rate + other) * (1 - np.exp(-FOLLOWED * (rate + other)))
    competing = cumulative_incidence(YEAR * years, cause, 1)
    lost = cumulative_incidence(YEAR * years, np.where(cause == 1, 1, 0), 1)
    return {
        "ceased, sales compete": Outcome(float(truth), float(competing.incidence[-1])),
        "ceased, sales lost from sight": Outcome(float(truth), float(lost.incidence[-1])),
    }


WORLD = World(
    "W18",
    "Firms after a contract, of which some are bought",
    "70 winners of 2,000 firms, who grow by .15 more by promise; effect .18 log points of jobs.",
    replicate,
    (
        unbiased("Matched firms show the effect.", "matched"),
        covers("The interval of matched firms holds it.", "matched", least=0.93),
        knows_its_error("The error by firm is right.", "matched"),
        power("Seventy winners show .18 four times of five.", "matched", least=0.74, most=0.86),
        covers("Among those left the interval holds it.", "matched, those left", least=0.93),
        covers("Lee's bounds hold the effect on those left either way.", "Lee bounds", least=0.95),
        unbiased("With sales competing, who ceased is counted right.", "ceased, sales compete"),
        fails("All other firms make winners look better.", "all other firms", "bias", low=0.05),
        fails(
            "Sales taken for lost sight make more firms cease.",
            "ceased, sales lost from sight",
            "relative_bias",
            low=0.1,
        ),
    ),
)
