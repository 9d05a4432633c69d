"""W10: years in which the share of innovation is just known, and what is said of the 3 % norm.

All invented. The audit must seldom say `met` where the norm is not more than just met, and adding
up what holds a keyword says it every year.
"""

import numpy as np

from analysis.inference.audit import TARGET, verdict
from analysis.simulate.worlds.classifier import Population, audited, population

SHARES = (0.02, 0.03, 0.04)
PREVALENCE = 0.03
KEYWORD = {"innovation": 0.7, "other": 0.03}  # parts of awards whose title holds a keyword


def world(seed: int | np.random.SeedSequence, runs: int) -> dict[str, float]:
    """Audit a year of every share `runs` times, with a weak classifier.

    Returns
    -------
    For each true share (`0.03`): `met/...`, `not-met/...` and `undeterminable/...`, parts of runs
    in which the audit says so; `keyword_met/...`, the part in which the euros of awards with a
    keyword are at least 3 % of all.
    """
    random = np.random.default_rng(seed)
    found: dict[str, float] = {}
    for share in SHARES:
        awards = with_share(population(random, PREVALENCE, "weak"), share)
        said = [verdict(low, high) for *_, low, high in audited(random, awards, runs)]
        found |= {
            f"{word}/{share}": said.count(word) / runs
            for word in ("met", "not-met", "undeterminable")
        }
        chance = np.where(awards.truth == 1, KEYWORD["innovation"], KEYWORD["other"])
        held = random.random((runs, len(chance))) < chance
        shares = (held * awards.value).sum(axis=1) / awards.value.sum()
        found[f"keyword_met/{share}"] = float((shares >= TARGET).mean())
    return found


def with_share(awards: Population, share: float) -> Population:
    """The same awards, those of innovation made larger or smaller until they are that share."""
    of_innovation = (awards.value * awards.truth).sum()
    others = awards.value.sum() - of_innovation
    factor = share * others / ((1 - share) * of_innovation)
    return awards._replace(value=np.where(awards.truth == 1, awards.value * factor, awards.value))
