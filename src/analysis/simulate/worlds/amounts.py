"""W1: shares in euros when a few contracts are worth most of all. All invented."""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.inference.amounts import bootstrap_t, dominated_by_few
from analysis.simulate.worlds import buyers
from analysis.simulate.worlds.claims import (
    NAN,
    Claim,
    Outcome,
    World,
    covers,
    fails,
    outcome,
    power,
    size,
)

Numbers = NDArray[np.float64]
SHARE, ICC = 0.05, 0.05
HONEST = ((1.0, 150), (1.6, 150), (1.6, 400))  # sigma of ln v, buyers
HEAVY = (2.2, 150)
DRAWS = 999  # of the percentile bootstrap; the estimator of record takes its own


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Shares in euros of one year, for every sigma and number of buyers."""
    found: dict[str, Outcome] = {}
    for sigma, count in (*HONEST, HEAVY):
        name = f"sigma {sigma}, {count} buyers"
        part, whole, values = contracts(random, sigma, count)
        share, seed = part.sum() / whole.sum(), int(random.integers(2**31))
        flagged = float(dominated_by_few(values).dominated)
        found[f"suppression, {name}"] = Outcome(rejected=flagged)
        if sigma == HEAVY[0]:
            low, high = percentile(part, whole, random)
            found[f"percentile bootstrap, {name}"] = outcome(SHARE, share, low=low, high=high)
            continue
        interval = bootstrap_t(part, whole, seed=seed)
        low, high = interval or (NAN, NAN)
        found[f"bootstrap-t, {name}"] = outcome(SHARE, share, low=low, high=high)
    return found


def contracts(
    random: np.random.Generator, sigma: float, count: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Euros of start-ups and of all per buyer, and euros per contract.

    Who wins does not depend on the value, so that 5 % of the awards is 5 % of the euros.
    """
    awarded = buyers.awards(random, (count,))
    buyer = np.repeat(np.arange(count), awarded)
    values = random.lognormal(11, sigma, len(buyer))
    chance = buyers.leaning(random, SHARE, ICC, buyers=count)[buyer]
    won = random.random(len(buyer)) < chance
    by_buyer = pd.DataFrame({"part": values * won, "whole": values}).groupby(buyer).sum()
    return by_buyer["part"].to_numpy(), by_buyer["whole"].to_numpy(), values


def percentile(part: Numbers, whole: Numbers, random: np.random.Generator) -> tuple[float, float]:
    """The shortcut: middle 95 % of the shares of buyers drawn again."""
    count = len(whole)
    times = random.multinomial(count, np.full(count, 1 / count), size=DRAWS)
    shares = np.sort((times * part).sum(axis=1) / (times * whole).sum(axis=1))
    tail = int((DRAWS + 1) * 0.025)
    return float(shares[tail - 1]), float(shares[-tail])


def _claims() -> tuple[Claim, ...]:
    names = [f"sigma {sigma}, {count} buyers" for sigma, count in HONEST]
    heavy = f"sigma {HEAVY[0]}, {HEAVY[1]} buyers"
    return (
        *(
            covers(f"Bootstrap-t covers ({name}).", f"bootstrap-t, {name}", least=0.9)
            for name in names
        ),
        *(
            size(f"No interval is withheld ({name}).", f"suppression, {name}", at_most=0.05)
            for name in names
        ),
        power("The interval is withheld where a few decide.", f"suppression, {heavy}", least=0.95),
        fails(
            "The percentile bootstrap does not cover.",
            f"percentile bootstrap, {heavy}",
            "coverage",
            high=0.9,
        ),
    )


WORLD = World(
    "W1",
    "Amounts with heavy tails",
    "Start-ups win 5 % of the euros; ln v has sigma 1, 1.6 or 2.2.",
    replicate,
    _claims(),
)
