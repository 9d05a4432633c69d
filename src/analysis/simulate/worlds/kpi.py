"""W20: partners that all do just what was agreed, and how many a colour blames. All invented."""

import numpy as np
from numpy.typing import NDArray

from analysis.inference.counts import traffic_light
from analysis.simulate.worlds.claims import Outcome, World, fails, power, size

TARGETS = (10, 100, 500)
PARTNERS = 40
HALF = 0.5


def world(seed: int | np.random.SeedSequence | np.random.Generator, runs: int) -> dict[str, float]:
    """Count `runs` years of forty partners per target, each reaching a Poisson count around it.

    Returns
    -------
    For each target T: `red_T`, part of partners that get red though their true ratio is 1;
    `below_one_T`, part that the rule "below the target is failed" blames; `red_at_half_T`, part
    that gets red when the true ratio is one half. `draws` partners stand behind each.
    """
    random = np.random.default_rng(seed)
    found: dict[str, float] = {"runs": runs, "draws": runs * PARTNERS}
    for target in TARGETS:
        as_agreed, at_half = (
            random.poisson(ratio * target, size=runs * PARTNERS) for ratio in (1.0, HALF)
        )
        found[f"red_{target}"] = _red(as_agreed, target)
        found[f"below_one_{target}"] = float((as_agreed < target).mean())
        found[f"red_at_half_{target}"] = _red(at_half, target)
    return found


def _red(reached: NDArray[np.int64], target: int) -> float:
    """Part of the counts whose light is red; each count that occurs is looked at once."""
    counts, times = np.unique(reached, return_counts=True)
    red = np.array([traffic_light(int(count), target) == "red" for count in counts])
    return float(times[red].sum() / times.sum())


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """One year of forty partners per target."""
    found = world(random, 1)
    measures = {"red": "red", "below one": "below_one", "red at half": "red_at_half"}
    return {
        f"{name}, target {target}": Outcome(rejected=found[f"{key}_{target}"])
        for name, key in measures.items()
        for target in TARGETS
    }


WORLD = World(
    "W20",
    "Partners that do as agreed",
    "Every partner reaches a Poisson count around its target of 10, 100 or 500.",
    replicate,
    (
        *(
            size(f"Red is rare (target {target}).", f"red, target {target}", at_most=0.025)
            for target in TARGETS
        ),
        *(
            power(f"Half of {target} is red.", f"red at half, target {target}", least=0.99)
            for target in (100, 500)
        ),
        *(
            fails(
                f"Below target is failed: half are blamed (target {target}).",
                f"below one, target {target}",
                "size",
                low=0.44,
                high=0.56,
            )
            for target in TARGETS
        ),
    ),
)
