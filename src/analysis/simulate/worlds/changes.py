"""W8: changes with known parts, and decompositions that must find them. All invented."""

import math
from collections.abc import Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.inference.decompositions import entry_exit, kitagawa, shapley
from analysis.simulate.worlds.claims import Claim, Outcome, World, fails, unbiased

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]
CELLS, BUYERS, AWARDS = 8, 60, 4000
EXACT = 1e-12
# Four cells, of which one is new: their mix and rates before and after.
WEIGHT = (np.array([0.5, 0.3, 0.2, 0.0]), np.array([0.4, 0.3, 0.1, 0.2]))
RATE = (np.array([0.02, 0.10, 0.05, 0.08]), np.array([0.03, 0.10, 0.06, 0.08]))
WITHIN = float(((WEIGHT[0] + WEIGHT[1]) / 2 * (RATE[1] - RATE[0])).sum())
MIX = float(((RATE[0] + RATE[1]) / 2 * (WEIGHT[1] - WEIGHT[0])).sum())


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Decompose a sampled change with known parts, and drawn changes that must add up."""
    return {
        **_known(random),
        "Kitagawa, sum of parts": _cells_add_up(random),
        "entry and exit, sum of parts": _buyers_add_up(random),
        "Shapley, sum of parts": _factors_add_up(random),
        "Shapley, a factor that stays": _factor_that_stays(random),
    }


def _known(random: np.random.Generator) -> dict[str, Outcome]:
    """Two years of 4,000 awards over cells whose mix and rates are those above."""
    counts = [random.multinomial(AWARDS, weight) for weight in WEIGHT]
    yes = [random.binomial(count, rate) for count, rate in zip(counts, RATE, strict=True)]
    found = kitagawa(_frame(*counts, *yes))
    rise = yes[1].sum() / AWARDS - yes[0].sum() / AWARDS
    return {
        "Kitagawa, within": Outcome(WITHIN, found.within),
        "Kitagawa, mix": Outcome(MIX, found.mix),
        "all of the change taken for within": Outcome(WITHIN, rise),
    }


def _cells_add_up(random: np.random.Generator) -> Outcome:
    counts, yes = _drawn(random, CELLS)
    return _sum(counts, yes, kitagawa(_frame(*counts, *yes)))


def _buyers_add_up(random: np.random.Generator) -> Outcome:
    counts, yes = _drawn(random, BUYERS)
    return _sum(counts, yes, entry_exit(_frame(*counts, *yes)))


def _drawn(random: np.random.Generator, cells: int) -> tuple[Counts, Counts]:
    """Awards of two years, a fifth of the cells empty in each; the first is never empty."""
    counts = random.integers(1, 200, (2, cells)) * (random.random((2, cells)) > 0.2)
    counts[:, 0] = np.maximum(counts[:, 0], 1)
    return counts, random.binomial(counts, random.beta(1, 9, (2, cells)))


def _sum(counts: Counts, yes: Counts, parts: tuple[float, ...]) -> Outcome:
    before, after = (float(y.sum() / n.sum()) for n, y in zip(counts, yes, strict=True))
    return Outcome(after - before, math.fsum(parts))


def _frame(n0: Counts, n1: Counts, yes0: Counts, yes1: Counts) -> pd.DataFrame:
    with np.errstate(invalid="ignore"):
        rates = [yes0 / n0, yes1 / n1]
    return pd.DataFrame(
        {
            "weight_before": n0 / n0.sum(),
            "rate_before": rates[0],
            "weight_after": n1 / n1.sum(),
            "rate_after": rates[1],
        }
    )


def _share(state: Mapping[str, Numbers]) -> float:
    """Share when bids, chances to win and values of cells multiply."""
    euros = state["awards"] * state["value"]
    return float((euros * state["bids"] * state["wins"]).sum() / euros.sum())


def _states(random: np.random.Generator) -> list[dict[str, Numbers]]:
    return [
        {
            "awards": random.integers(1, 200, CELLS).astype(float),
            "value": random.lognormal(0, 1, CELLS),
            "bids": random.random(CELLS),
            "wins": random.random(CELLS),
        }
        for _ in range(2)
    ]


def _factors_add_up(random: np.random.Generator) -> Outcome:
    before, after = _states(random)
    parts = shapley(before, after, figure=_share)
    return Outcome(_share(after) - _share(before), math.fsum(parts.values()))


def _factor_that_stays(random: np.random.Generator) -> Outcome:
    before, after = _states(random)
    stays = after | {"wins": before["wins"]}
    return Outcome(0.0, shapley(before, stays, figure=_share)["wins"])


def _exact(says: str, estimator: str) -> Claim:
    return Claim(says, estimator, "largest", high=EXACT)


WORLD = World(
    "W8",
    "Changes with known parts",
    f"Rates within cells raise the share by {WITHIN:.4f}, another mix by {MIX:.4f}.",
    replicate,
    (
        unbiased("Kitagawa finds what rates did.", "Kitagawa, within"),
        unbiased("Kitagawa finds what the mix did.", "Kitagawa, mix"),
        _exact("Within and mix add up to the change.", "Kitagawa, sum of parts"),
        _exact("Stayers, entry and exit add up to the change.", "entry and exit, sum of parts"),
        _exact("Shapley's effects add up to the change.", "Shapley, sum of parts"),
        _exact("A factor that stays has no effect.", "Shapley, a factor that stays"),
        fails(
            "Who takes all of it for within is wrong.",
            "all of the change taken for within",
            "relative_bias",
            low=1,
        ),
    ),
)
