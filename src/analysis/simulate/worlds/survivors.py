"""W3: a register that has lost the dead, and start-ups that die younger. All invented.

The true share is 8 % in every year. Of the winners 9 % of the start-ups and 3 % of the others leave
the register each year, so that in 2025 those that are left show 4.7 % for 2016 and 7.5 % for 2024.
"""

import numpy as np
from numpy.typing import NDArray

from analysis.inference.bounds import (
    Tally,
    no_assumption,
    observed_share,
    yes_more_likely_unknown,
)
from analysis.inference.share_change import share_change
from analysis.simulate.worlds import buyers
from analysis.simulate.worlds.claims import Outcome, World, bounds, covers, fails, size, unbiased

Counts = NDArray[np.int64]
SHARE, ICC = 0.08, 0.02
HAZARD = {"startup": 0.09, "other": 0.03}
SNAPSHOT, FIRST, LAST = 2025, 2016, 2024
AGES = SNAPSHOT - np.arange(FIRST, LAST + 1)  # years that a winner has had to live through
ALPHA = 0.05


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Nine years of awards, and what the snapshot still tells of the winners."""
    known = buyers.awards(random, (len(AGES), buyers.BUYERS))
    yes = random.binomial(known, buyers.leaning(random, SHARE, ICC))
    alive = _left(random, yes, "startup")
    others = _left(random, known - yes, "other")
    found = {
        "full extract": _change(yes, known),
        "complete cases": _change(alive, alive + others),
        "complete cases, first year": _share(alive[0], others[0]),
        "complete cases, last year": _share(alive[-1], others[-1]),
    }
    return found | _held(yes, known, alive, others)


def _left(random: np.random.Generator, firms: Counts, kind: str) -> Counts:
    return random.binomial(firms, ((1 - HAZARD[kind]) ** AGES)[:, None])


def _change(yes: Counts, known: Counts) -> Outcome:
    found = share_change(yes[0], known[0], yes[-1], known[-1])
    return Outcome(0.0, found.change, found.se, rejected=float(found.p < ALPHA), p=found.p)


def _share(yes: Counts, no: Counts) -> Outcome:
    tally = Tally(yes=float(yes.sum()), no=float(no.sum()), unknown=0)
    return Outcome(SHARE, observed_share(tally))


def _held(yes: Counts, known: Counts, alive: Counts, others: Counts) -> dict[str, Outcome]:
    """Part of the nine years in which bounds hold the share that there was."""
    all_, monotone = [], []
    for year in range(len(AGES)):
        dead = float((known[year] - alive[year] - others[year]).sum())
        tally = Tally(yes=float(alive[year].sum()), no=float(others[year].sum()), unknown=dead)
        truth = float(yes[year].sum() / known[year].sum())
        all_.append(bounds(truth, *no_assumption(tally)))
        monotone.append(bounds(truth, *yes_more_likely_unknown(tally)))
    return {
        name: Outcome(SHARE, covered=float(np.mean([one.covered for one in years])))
        for name, years in (("A0 bounds", all_), ("monotone bounds", monotone))
    }


WORLD = World(
    "W3",
    "The dead leave the register",
    "Start-ups win 8 % in every year; they close at 9 % a year, other firms at 3 %.",
    replicate,
    (
        covers("Bounds without assumption hold every year.", "A0 bounds", least=1),
        covers("Monotone bounds hold every year.", "monotone bounds", least=0.99),
        size("With the dead in it the series is flat.", "full extract"),
        unbiased("With the dead in it nothing changed.", "full extract"),
        fails(
            "Complete cases show 4.7 % for 2016.",
            "complete cases, first year",
            "mean",
            low=0.0445,
            high=0.0495,
        ),
        fails(
            "Complete cases show 7.5 % for 2024.",
            "complete cases, last year",
            "mean",
            low=0.0725,
            high=0.0775,
        ),
        fails("Complete cases are called a rise.", "complete cases", "power", low=0.95),
    ),
)
