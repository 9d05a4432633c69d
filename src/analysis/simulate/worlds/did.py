"""W11: admission changes what buyers do, for all alike, more each year, or some more than others.

Estimators that compare with buyers not admitted yet find the true mean effect. Regression on unit
and year effects does not where the effect grows: it takes buyers admitted before as controls.
"""

from collections.abc import Callable, Mapping
from functools import cache

import numpy as np

from analysis.inference.effects.aggregate import Estimate, by_event, overall
from analysis.inference.effects.group_time import group_time
from analysis.inference.effects.imputation import imputation
from analysis.inference.effects.interaction import sun_abraham
from analysis.inference.effects.multiplier import band
from analysis.inference.effects.panel import Panel
from analysis.inference.effects.power import minimum_detectable
from analysis.inference.effects.randomisation import randomised_overall
from analysis.inference.effects.twoway import twoway
from analysis.simulate.worlds.claims import (
    Claim,
    Outcome,
    World,
    covers,
    fails,
    knows_its_error,
    power,
    size,
    unbiased,
)
from analysis.simulate.worlds.staggered import (
    COHORTS,
    EVENTS,
    NEVER,
    YEARS,
    Numbers,
    adoption,
    callaway_santanna,
    drawn,
    effects,
    event_time,
    mean_effect,
    same,
    told,
    untreated,
)

DRAWS = 199  # of admissions
WEIGHTS = 499  # draws of them for a band
PATH = (-4, EVENTS[-1])
OF_COHORT = dict(zip(COHORTS, (2.0, 1.0, 0.5, 0.2, 0.0, -0.5), strict=True))
PUBLISHED_LEVEL = 3.0  # of the outcome of a buyer that publishes
SILENT = {"before": 0.3, "after": 0.1}  # part of the years in which a buyer publishes nothing

EFFECTS: dict[str, Callable[[Numbers, Numbers], Numbers]] = {
    "constant": same(0.5),
    "growing": lambda _, since: 0.15 * (1 + since),  # .557 over all treated years
    "by cohort": lambda cohort, _: np.vectorize(lambda g: OF_COHORT.get(g, 0.0))(cohort),
}
ESTIMATORS: dict[str, Callable[[Panel], Estimate]] = {
    "CS": lambda panel: callaway_santanna(panel),
    "BJS": lambda panel: overall(imputation(panel), EVENTS),
    "SA": lambda panel: overall(sun_abraham(panel), EVENTS),
}


def replicate(rng: np.random.Generator) -> Mapping[str, Outcome]:
    """Invent 145 buyers; give them each kind of effect in turn, and none."""
    first = adoption(rng)
    without = untreated(rng, len(first))
    found: dict[str, Outcome] = {}
    for kind, effect in EFFECTS.items():
        added = effects(first, effect)
        panel = Panel(without + added, first, YEARS)
        truth = mean_effect(first, added)
        found |= {f"{name}, {kind}": told(truth, of(panel)) for name, of in ESTIMATORS.items()}
        if kind == "constant":
            found["band, constant"] = _band(rng, panel, added)
        if kind == "growing":
            treated = added[event_time(first) >= 0].mean()
            found["TWFE, growing"] = Outcome(float(treated), twoway(panel).estimate)
    return found | _silent(rng, without, first) | _null(rng, without, first)


def _band(rng: np.random.Generator, panel: Panel, added: Numbers) -> Outcome:
    """Whether the band holds the whole path: cohorts of five know their spread a bit too well."""
    study = by_event(group_time(panel), window=PATH)
    around = band(study, draws=WEIGHTS, seed=int(rng.integers(2**32)))
    since = event_time(panel.first)
    truth = np.array([added[since == event].mean() for event in study.event])
    holds = (around.low - 1e-12 <= truth) & (truth <= around.high + 1e-12)
    return Outcome(covered=float(holds.all()))


def _silent(rng: np.random.Generator, without: Numbers, first: Numbers) -> dict[str, Outcome]:
    """A constant effect on buyers that publish nothing in some years, fewer once admitted."""
    added = effects(first, EFFECTS["constant"])
    after = event_time(first) >= 0
    silent = rng.random(without.shape) < np.where(after, SILENT["after"], SILENT["before"])
    outcome = np.where(silent, np.nan, PUBLISHED_LEVEL + without + added)
    truth = mean_effect(first, added)
    zero = np.nan_to_num(outcome, nan=0.0)
    return {
        "CS, silent years": told(truth, callaway_santanna(Panel(outcome, first, YEARS))),
        "BJS, silent years": told(truth, ESTIMATORS["BJS"](Panel(outcome, first, YEARS))),
        "CS with zeros, silent years": told(truth, callaway_santanna(Panel(zero, first, YEARS))),
    }


def _null(rng: np.random.Generator, without: Numbers, first: Numbers) -> dict[str, Outcome]:
    """No effect: how often it is found all the same; and one that should be found often."""
    seed = int(rng.integers(2**32))
    nothing = Panel(without, first, YEARS)
    both = randomised_overall(nothing, events=EVENTS, draws=DRAWS, seed=seed)
    least = effects(first, same(detectable()))
    return {
        "RI, no effect": drawn(both.raw),
        "studentised RI, no effect": drawn(both.studentised),
        "CS, least detectable effect": told(
            detectable(), callaway_santanna(Panel(without + least, first, YEARS))
        ),
    }


@cache
def detectable() -> float:
    """The smallest constant effect that is found four times of five, by simulation, as printed."""
    first = np.repeat(np.array([*COHORTS, np.inf]), [*COHORTS.values(), NEVER])
    panel = Panel(np.zeros((len(first), len(YEARS))), first, YEARS)
    return minimum_detectable(panel, events=EVENTS, draws=20_000, seed=20160101).effect


def _claims() -> tuple[Claim, ...]:
    kinds = [(name, kind) for kind in EFFECTS for name in ESTIMATORS]
    unshifted = [
        unbiased(f"{name} finds the mean effect ({kind}).", f"{name}, {kind}")
        for name, kind in (*kinds, ("CS", "silent years"), ("BJS", "silent years"))
    ]
    return (
        *unshifted,
        knows_its_error("CS knows its error.", "CS, constant"),
        covers("The interval of CS holds the effect.", "CS, constant", least=0.92),
        covers("The interval of BJS holds the effect.", "BJS, constant", least=0.92),
        covers("The band holds the whole path.", "band, constant", least=0.90),
        size("Randomisation finds nothing where there is nothing.", "RI, no effect"),
        size(
            "Studentised randomisation finds nothing where there is nothing.",
            "studentised RI, no effect",
        ),
        Claim(
            "The p of randomisation is uniform where there is nothing.",
            "RI, no effect",
            "uniform",
            low=0.01,
        ),
        power(
            "The least detectable effect is found.",
            "CS, least detectable effect",
            least=0.75,
            most=0.85,
        ),
        fails(
            "Two-way fixed effects miss an effect that grows.",
            "TWFE, growing",
            "relative_bias",
            high=-0.15,
        ),
        fails(
            "Zeros for years without a publication make an effect.",
            "CS with zeros, silent years",
            "relative_bias",
            low=0.5,
        ),
    )


WORLD = World(
    "W11",
    "Admission changes what buyers do",
    "45 buyers admitted in 2017-2022 of 145; effects of .2-.6 sd on average, or none.",
    replicate,
    _claims(),
)
