"""W9: contracts that a classifier tells apart with errors that grow with the value. All invented.

Counted, the errors can be corrected for; in euros only judged contracts can correct them, since the
titles of large contracts say less than those of small ones.
"""

from collections.abc import Iterator
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, logit

from analysis.inference.audit import difference_estimate
from analysis.inference.audit_draw import plan, select
from analysis.inference.intervals import wilson
from analysis.inference.prevalence import Validation, lang_reiczigel, rogan_gladen

Numbers = NDArray[np.float64]


class Trial(NamedTuple):
    """A classifier as counts see it, and how many of each kind it was tried on."""

    sensitivity: float
    specificity: float
    positives: int
    negatives: int


class Population(NamedTuple):
    """Awards: euros, whether each is innovation, and the score that a classifier gives it."""

    value: Numbers
    truth: Numbers
    score: Numbers

    @property
    def share(self) -> float:
        """Share of the euros that is innovation."""
        return float((self.value * self.truth).sum() / self.value.sum())


PREVALENCES = (0.01, 0.03, 0.05)
TRIALS = (  # methods 3.4
    Trial(0.70, 0.97, 100, 400),
    Trial(0.80, 0.99, 100, 400),
    Trial(0.80, 0.99, 200, 1000),
    Trial(0.90, 0.995, 200, 1000),
)
LOTS = 5000
AWARDS, SIGMA = 8000, 1.8  # of ln value, methods 3.5
SEPARATION = {"good": 4.5, "weak": 2.5}  # of the two kinds in standard deviations, on average
BY_VALUE = 0.4  # separation lost with every unit of ln value
JUDGED = 600


def counts(seed: int | np.random.SeedSequence, runs: int) -> dict[str, float]:
    """Use every test on 5,000 lots at every prevalence, `runs` times.

    Returns
    -------
    For each prevalence and test (`0.03/0.8/0.99/200`): `lr_cover/...` and `naive_cover/...`, the
    parts of runs in which the interval of Lang-Reiczigel, and Wilson's of what was called, hold the
    truth; `measured/...`, the part in which Rogan-Gladen had an answer.
    """
    random = np.random.default_rng(seed)
    found: dict[str, float] = {}
    for prevalence, trial in _cells():
        name = f"{prevalence}/{trial.sensitivity}/{trial.specificity}/{trial.positives}"
        rate = prevalence * trial.sensitivity + (1 - prevalence) * (1 - trial.specificity)
        called = random.binomial(LOTS, rate, runs)
        tried = Validation(
            random.binomial(trial.positives, trial.sensitivity, runs) / trial.positives,
            random.binomial(trial.negatives, trial.specificity, runs) / trial.negatives,
            trial.positives,
            trial.negatives,
        )
        low, high = lang_reiczigel(called / LOTS, LOTS, tried)
        found[f"lr_cover/{name}"] = float(((low <= prevalence) & (prevalence <= high)).mean())
        found[f"naive_cover/{name}"] = _naive_cover(called, prevalence)
        answered = rogan_gladen(called / LOTS, LOTS, tried).value
        found[f"measured/{name}"] = float(np.isfinite(answered).mean())
    return found


def spend(seed: int | np.random.SeedSequence, runs: int) -> dict[str, float]:
    """Judge 600 of 8,000 awards `runs` times, with a good and a weak classifier.

    Returns
    -------
    For each prevalence and classifier (`0.03/weak`): `truth/...`; of the difference estimate
    `bias/...`, `sd/...`, `se/...` (mean) and `cover/...`; and of Rogan-Gladen used on euros, with
    validation by counts, `rg_bias/...` and `rg_sd/...`.
    """
    random = np.random.default_rng(seed)
    found: dict[str, float] = {}
    for prevalence in PREVALENCES:
        for quality in SEPARATION:
            name, awards = f"{prevalence}/{quality}", population(random, prevalence, quality)
            estimates = np.array([*audited(random, awards, runs)])
            share, se, low, high = estimates.T
            corrected = on_euros(random, awards, runs)
            found |= {
                f"truth/{name}": awards.share,
                f"bias/{name}": float(share.mean() - awards.share),
                f"sd/{name}": float(share.std(ddof=1)),
                f"se/{name}": float(se.mean()),
                f"cover/{name}": float(((low <= awards.share) & (awards.share <= high)).mean()),
                f"rg_bias/{name}": float(corrected.mean() - awards.share),
                f"rg_sd/{name}": float(corrected.std(ddof=1)),
            }
    return found


def population(random: np.random.Generator, prevalence: float, quality: str) -> Population:
    """Awards of which a part `prevalence` is innovation, whatever their value.

    The score is the chance of innovation for who thinks that large awards say as much as others.
    """
    logs = random.normal(11, SIGMA, AWARDS)
    truth = (random.random(AWARDS) < prevalence).astype(float)
    usual = SEPARATION[quality]
    away = np.maximum(usual - BY_VALUE * (logs - 11), 0)
    told = random.normal(0, 1, AWARDS) + np.where(truth == 1, away, 0)
    return Population(np.exp(logs), truth, expit(logit(prevalence) + usual * told - usual**2 / 2))


def audited(
    random: np.random.Generator, awards: Population, runs: int, judged: int = JUDGED
) -> Iterator[tuple[float, float, float, float]]:
    """Draw the sample anew `runs` times; give share, standard error, low and high of each."""
    value, truth, score = awards
    contracts = pd.DataFrame({"value": value, "score": score})
    planned = plan(value, score, np.zeros(len(value), dtype=bool), n=judged)
    rows = contracts.assign(stratum=planned.stratum, chance=planned.chance, verdict=truth)
    for _ in range(runs):
        found = difference_estimate(contracts, rows[select(planned, random)])
        yield found.share, found.se, found.low, found.high


def _cells() -> Iterator[tuple[float, Trial]]:
    return ((prevalence, trial) for prevalence in PREVALENCES for trial in TRIALS)


def on_euros(random: np.random.Generator, awards: Population, runs: int) -> Numbers:
    """Rogan-Gladen with euros for counts, validated on 200 true and 1,000 other awards."""
    called, true = awards.score >= 0.5, awards.truth == 1
    of_euros = float((awards.value * called).sum() / awards.value.sum())
    sensitivity = random.binomial(200, called[true].mean(), runs) / 200
    specificity = random.binomial(1000, (~called[~true]).mean(), runs) / 1000
    return (of_euros + specificity - 1) / (sensitivity + specificity - 1)


def _naive_cover(called: NDArray[np.int64], prevalence: float) -> float:
    """Part of the runs in which the interval of what was called holds the truth."""
    values, times = np.unique(called, return_counts=True)
    holds = [low <= prevalence <= high for low, high in (wilson(x, LOTS) for x in values)]
    return float(times[holds].sum() / times.sum())
