"""W10 as claims: what an audit says of the 3 % norm in years below, at and above it."""

from functools import cache

import numpy as np

from analysis.inference.audit import TARGET, verdict
from analysis.simulate.worlds.claims import Claim, Outcome, World, fails, power, size
from analysis.simulate.worlds.classifier import Population, audited
from analysis.simulate.worlds.classifier_claims import even_population
from analysis.simulate.worlds.norm import KEYWORD, PREVALENCE, SHARES, with_share

WRONG = 0.025


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Audit a year of every share, with a weak classifier."""
    found: dict[str, Outcome] = {}
    for share in SHARES:
        awards = year(share)
        [(*_, low, high)] = audited(random, awards, 1)
        said = verdict(low, high)
        chance = np.where(awards.truth == 1, KEYWORD["innovation"], KEYWORD["other"])
        held = random.random(len(chance)) < chance
        part = float((held * awards.value).sum() / awards.value.sum())
        found |= {
            f"audit says met, {share:.0%}": Outcome(rejected=float(said == "met")),
            f"audit says not met, {share:.0%}": Outcome(rejected=float(said == "not-met")),
            f"keywords say met, {share:.0%}": Outcome(rejected=float(part >= TARGET)),
        }
    return found


@cache
def year(share: float) -> Population:
    """Awards of a year in which innovation is that share of the euros."""
    return with_share(even_population(PREVALENCE, "weak"), share)


def _claims() -> tuple[Claim, ...]:
    wrong = (("met", 0.03), ("not met", 0.03), ("met", 0.02), ("not met", 0.04))
    return (
        *(
            size(
                f"{said.capitalize()} is seldom said wrongly at {share:.0%}.",
                f"audit says {said}, {share:.0%}",
                at_most=WRONG,
            )
            for said, share in wrong
        ),
        power("A miss is often seen at 2 %.", "audit says not met, 2%", least=0.3),
        power("A hit is often seen at 4 %.", "audit says met, 4%", least=0.2),
        fails("Keywords say met at 2 %.", "keywords say met, 2%", "size", low=0.9),
    )


WORLD = World(
    "W10",
    "The 3 % norm",
    "Innovation is 2, 3 or 4 % of the euros; coders judge 600 of 8,000 awards.",
    replicate,
    _claims(),
)
