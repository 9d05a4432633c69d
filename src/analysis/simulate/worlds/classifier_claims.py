"""W9 as claims: counts and euros of innovation, when a classifier tells it apart. All invented.

The awards are those of `classifier`, but drawn evenly: their values are the quantiles of the
log-normal law, innovation is every so many-th of them, and what the classifier mistakes is spread
over all values, so that no single contract decides how wrong it is in euros.
"""

from functools import cache

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit, logit
from scipy.stats import norm

from analysis.inference.intervals import wilson
from analysis.inference.prevalence import Validation, lang_reiczigel
from analysis.simulate.worlds import classifier
from analysis.simulate.worlds.claims import (
    Claim,
    Outcome,
    World,
    covers,
    fails,
    outcome,
    unbiased,
)
from analysis.simulate.worlds.classifier import Numbers, Population, Trial

# Where wrong calls and missed innovation cancel, what is called happens to be what is there. These
# four of the twelve do so: exact coverage of Wilson's interval .870, .951, .951 and .952.
CANCEL = (
    (0.03, classifier.TRIALS[3]),
    (0.05, classifier.TRIALS[1]),
    (0.05, classifier.TRIALS[2]),
    (0.05, classifier.TRIALS[3]),
)
# Here so few are called wrongly that 1,000 others hardly show how many: the error of specificity is
# a third of the truth, and even to answer 0 would be off by less than 3 sd of the estimate's own.
NOISY = ("1%, weak classifier",)
CELLS = [(share, trial) for share in classifier.PREVALENCES for trial in classifier.TRIALS]
POPULATIONS = [(share, how) for share in classifier.PREVALENCES for how in classifier.SEPARATION]
_GOLDEN = (5**0.5 - 1) / 2


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """Use every test on 5,000 lots, and audit 600 of 8,000 awards of every population."""
    found: dict[str, Outcome] = {}
    for share, trial in CELLS:
        found |= _counted(random, share, trial)
    for share, quality in POPULATIONS:
        found |= _audited(random, share, quality)
    return found


@cache
def even_population(share: float, quality: str) -> Population:
    """Awards of which every (1/share)-th in the order of their values is innovation."""
    places = (np.arange(classifier.AWARDS) + 0.5) / classifier.AWARDS
    logs = 11 + classifier.SIGMA * norm.ppf(places)
    truth = np.zeros(classifier.AWARDS)
    count = round(share * classifier.AWARDS)
    truth[((np.arange(count) + 0.5) / share).astype(int)] = 1
    usual = classifier.SEPARATION[quality]
    away = np.maximum(usual - classifier.BY_VALUE * (logs - 11), 0)
    noise = np.where(truth == 1, _evenly(truth == 1), _evenly(truth == 0))
    told = noise + truth * away
    return Population(np.exp(logs), truth, expit(logit(share) + usual * told - usual**2 / 2))


def _evenly(kind: NDArray[np.bool_]) -> Numbers:
    """Normal noise without luck: steps of the golden section along the values of one kind."""
    return norm.ppf((np.cumsum(kind) * _GOLDEN) % 1)


def _counted(random: np.random.Generator, share: float, trial: Trial) -> dict[str, Outcome]:
    """Lang-Reiczigel's interval of one test, and Wilson's of what it calls."""
    rate = share * trial.sensitivity + (1 - share) * (1 - trial.specificity)
    called = int(random.binomial(classifier.LOTS, rate))
    tried = Validation(
        random.binomial(trial.positives, trial.sensitivity) / trial.positives,
        random.binomial(trial.negatives, trial.specificity) / trial.negatives,
        trial.positives,
        trial.negatives,
    )
    name, part = _cell(share, trial), called / classifier.LOTS
    low, high = (float(end) for end in lang_reiczigel(part, classifier.LOTS, tried))
    naive = wilson(called, classifier.LOTS)
    return {
        f"Lang-Reiczigel, {name}": Outcome(share, covered=float(low <= share <= high)),
        f"naive count, {name}": outcome(share, part, low=naive.low, high=naive.high),
    }


def _audited(random: np.random.Generator, share: float, quality: str) -> dict[str, Outcome]:
    """The difference estimate of one audit, and Rogan-Gladen with euros for counts."""
    awards = even_population(share, quality)
    [(value, se, low, high)] = classifier.audited(random, awards, 1)
    [corrected] = classifier.on_euros(random, awards, 1)
    name = f"{share:.0%}, {quality} classifier"
    return {
        f"difference, {name}": outcome(awards.share, value, se=se, low=low, high=high),
        f"Rogan-Gladen on euros, {name}": Outcome(awards.share, corrected),
    }


def _cell(share: float, trial: Trial) -> str:
    return (
        f"{share:.0%}, Se {trial.sensitivity:g}, Sp {trial.specificity:g}, "
        f"tried on {trial.positives}/{trial.negatives}"
    )


def _claims() -> tuple[Claim, ...]:
    cells = [(_cell(*cell), cell in CANCEL) for cell in CELLS]
    audits = [f"{share:.0%}, {quality} classifier" for share, quality in POPULATIONS]
    return (
        *(
            covers(f"Lang-Reiczigel covers ({name}).", f"Lang-Reiczigel, {name}", least=0.94)
            for name, _ in cells
        ),
        *(
            fails(f"Counting what is called does not cover ({name}).", f"naive count, {name}",
                  "coverage", high=0.75)
            for name, cancels in cells
            if not cancels
        ),
        *(
            covers(f"The difference estimate covers ({name}).", f"difference, {name}", least=0.92)
            for name in audits
        ),
        *(
            unbiased(f"The difference estimate is unbiased ({name}).", f"difference, {name}")
            for name in audits
        ),
        *(
            fails(f"Rogan-Gladen on euros is off by more than 2 sd of the difference ({name}).",
                  f"Rogan-Gladen on euros, {name}", "bias_in_sd", high=-2,
                  versus=f"difference, {name}")
            for name in audits
        ),
        *(
            fails(f"Rogan-Gladen on euros is off by more than 2 sd of its own ({name}).",
                  f"Rogan-Gladen on euros, {name}", "bias_in_sd", high=-2)
            for name in audits
            if name not in NOISY
        ),
    )  # fmt: skip


WORLD = World(
    "W9",
    "A classifier that is sometimes wrong",
    "1, 3 or 5 % is innovation; large awards are told apart less well than small ones.",
    replicate,
    _claims(),
)
