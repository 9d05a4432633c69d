"""W19: a survey of seventy, in which the satisfied answer sooner. Everything here is invented.

Forty were admitted and thirty were not; those admitted are more often satisfied and answer more
often, and within both groups the satisfied answer more often. Weights repair the first, and no
weight the second; the bounds hold in any case.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.inference.survey import nonresponse_bounds, weights, wilson_census
from analysis.simulate.worlds.claims import Claim, Outcome, World, bounds, covers, fails, outcome

GROUPS = {"admitted": 40, "rejected": 30}
SATISFIED = {"admitted": 0.90, "rejected": 0.40}
ANSWERS_IF_SATISFIED = {"admitted": 0.85, "rejected": 0.51}
ANSWERS_IF_NOT = {"admitted": 0.35, "rejected": 0.21}
ANSWERS_AT_RANDOM = 0.60

Flags = NDArray[np.bool_]
GROUP = np.repeat(list(GROUPS), list(GROUPS.values()))
POPULATION = pd.DataFrame({"group": list(GROUPS), "members": list(GROUPS.values())})


def world(seed: int | np.random.SeedSequence, runs: int) -> dict[str, float]:
    """Survey the seventy `runs` times; say how often the interval and the bounds hold the truth.

    The truth of a run is the share of satisfied among its seventy members.

    Returns
    -------
    `truth` and `answered`, means over runs; `bias_unweighted` and `bias_weighted` with their Monte
    Carlo errors `mcse_...`; the part of runs in which the truth lies within the bounds
    (`bounds_cover`), within the interval that takes who answered for a random part
    (`naive_cover`), and within that same interval where they are one (`random_cover`).
    """
    random = np.random.default_rng(seed)
    satisfied = random.random((runs, len(GROUP))) < _per_member(SATISFIED)
    chance = np.where(satisfied, _per_member(ANSWERS_IF_SATISFIED), _per_member(ANSWERS_IF_NOT))
    answered = random.random(satisfied.shape) < chance
    at_random = random.random(satisfied.shape) < ANSWERS_AT_RANDOM
    truth = satisfied.mean(axis=1)
    plain, weighted = (
        np.array([estimate(*run) for run in zip(satisfied, answered, strict=True)])
        for estimate in (_share, _weighted_share)
    )
    return {
        "runs": runs,
        "truth": float(truth.mean()),
        "answered": float(answered.mean()),
        **_bias("unweighted", plain - truth),
        **_bias("weighted", weighted - truth),
        "bounds_cover": _cover(nonresponse_bounds, satisfied, answered),
        "naive_cover": _cover(wilson_census, satisfied, answered),
        "random_cover": _cover(wilson_census, satisfied, at_random),
    }


def _per_member(of_group: dict[str, float]) -> NDArray[np.float64]:
    return np.array([of_group[group] for group in GROUP])


def _share(satisfied: Flags, answered: Flags) -> float:
    return float(satisfied[answered].mean())


def _weighted_share(satisfied: Flags, answered: Flags) -> float:
    respondents = pd.DataFrame({"group": GROUP[answered]})
    stands_for = weights(respondents, POPULATION, by=["group"])
    return float(np.average(satisfied[answered], weights=stands_for))


def _cover(
    limits: Callable[[int, int, int], tuple[float, float]], satisfied: Flags, answered: Flags
) -> float:
    members, held = len(GROUP), []
    for opinions, who in zip(satisfied, answered, strict=True):
        low, high = limits(int(opinions[who].sum()), int(who.sum()), members)
        held.append(low - 1e-12 <= opinions.mean() <= high + 1e-12)
    return float(np.mean(held))


def _bias(name: str, errors: NDArray[np.float64]) -> dict[str, float]:
    mcse = errors.std(ddof=1) / np.sqrt(len(errors))
    return {f"bias_{name}": float(errors.mean()), f"mcse_{name}": float(mcse)}


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Survey the seventy once."""
    satisfied = random.random(len(GROUP)) < _per_member(SATISFIED)
    chance = np.where(satisfied, _per_member(ANSWERS_IF_SATISFIED), _per_member(ANSWERS_IF_NOT))
    answered = random.random(len(GROUP)) < chance
    at_random = random.random(len(GROUP)) < ANSWERS_AT_RANDOM
    truth, share = float(satisfied.mean()), _share(satisfied, answered)
    said = (int(satisfied[answered].sum()), int(answered.sum()), len(GROUP))
    by_chance = (int(satisfied[at_random].sum()), int(at_random.sum()), len(GROUP))
    held, naive, fair = nonresponse_bounds(*said), wilson_census(*said), wilson_census(*by_chance)
    return {
        "bounds": bounds(truth, *held),
        "unweighted": outcome(truth, share, low=naive[0], high=naive[1]),
        "weighted": Outcome(truth, _weighted_share(satisfied, answered)),
        "answers at random": outcome(
            truth, _share(satisfied, at_random), low=fair[0], high=fair[1]
        ),
    }


WORLD = World(
    "W19",
    "The satisfied answer sooner",
    "Of seventy, nine in ten admitted and four in ten rejected are satisfied.",
    replicate,
    (
        covers("Bounds hold the truth in every survey.", "bounds", least=1),
        Claim("Weights repair a part.", "weighted", "bias", high=0.95, versus="unweighted"),
        covers("The interval covers where chance decides.", "answers at random"),
        fails("It does not where satisfaction decides.", "unweighted", "coverage", high=0.8),
        fails("Weights do not repair all of it.", "weighted", "bias", low=0.02),
    ),
)
