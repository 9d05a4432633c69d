"""W0: nothing is missing and nothing changes, but buyers lean to some firms. All invented."""

import numpy as np

from analysis.inference.intervals import clustered_ratio, share_interval, wilson
from analysis.inference.share_change import share_change
from analysis.simulate.worlds import buyers
from analysis.simulate.worlds.claims import (
    Outcome,
    World,
    covers,
    fails,
    knows_its_error,
    outcome,
    size,
    unbiased,
)

SHARE, ICC, YEARS = 0.05, 0.05, 9
ALPHA = 0.05


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Nine years of 300 buyers; the share of the last year, and its change since the first."""
    known = buyers.awards(random, (YEARS, buyers.BUYERS))
    yes = random.binomial(known, buyers.leaning(random, SHARE, ICC))
    first, last = (yes[0], known[0]), (yes[-1], known[-1])
    found, ratio = share_interval(*last), clustered_ratio(*last)
    low, high = wilson(last[0].sum(), last[1].sum())
    change = share_change(*first, *last)
    return {
        "clustered Wilson": outcome(
            SHARE, found.share, se=ratio.se, low=found.low, high=found.high
        ),
        "naive binomial": outcome(SHARE, found.share, low=low, high=high),
        "clustered change": Outcome(
            0.0, change.change, change.se, rejected=float(change.p < ALPHA), p=change.p
        ),
    }


WORLD = World(
    "W0",
    "No change, nothing missing",
    "Start-ups win 5 % in every year at 300 buyers of 20 awards a year, who lean (ICC .05).",
    replicate,
    (
        unbiased("The count share is unbiased.", "clustered Wilson"),
        covers("Wilson's interval on the effective number covers.", "clustered Wilson"),
        knows_its_error("The linearised standard error is right.", "clustered Wilson"),
        size("The change clustered by buyer is seldom called one.", "clustered change"),
        fails(
            "An interval that takes awards for independent does not cover.",
            "naive binomial",
            "coverage",
            high=0.93,
        ),
    ),
)
