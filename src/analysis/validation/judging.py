"""What estimators did over all replications of a world, and whether every claim is true of it."""

import math
from collections.abc import Mapping, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.refusal import ContractError
from analysis.simulate.worlds.claims import Claim, Outcome, World, Z

Numbers = NDArray[np.float64]
Answers = Mapping[str, Sequence[Outcome]]
RATES = ("coverage", "size", "power", "answered")
SMALL = 0.05  # of sd: a bias that nobody would see


class Judgement(NamedTuple):
    """A claim, its measure with Monte Carlo error, the limits it had to keep, and if it did."""

    claim: Claim
    value: float
    mcse: float
    low: float
    high: float
    passed: bool


def judge(world: World, answers: Answers) -> list[Judgement]:
    """Hold every claim of a world against what its estimators answered.

    Parameters
    ----------
    answers : outcomes of each estimator, one a replication

    Returns
    -------
    Judgements in the order of the claims. A measure that is not a number keeps no claim.
    """
    found = {name: measures(outcomes) for name, outcomes in answers.items()}
    return [_judged(claim, world, found) for claim in world.claims]


def measures(outcomes: Sequence[Outcome]) -> dict[str, float]:
    """Every measure of one estimator; `mcse_...` where its Monte Carlo error has a formula.

    Notes
    -----
    Morris-White-Crowther 2019: mcse of a bias sd/sqrt R, of a rate p sqrt(p(1 - p)/R), of a part
    per replication sd/sqrt R; R counts the replications with an answer.
    """
    rows = np.array(outcomes, dtype=float).reshape(-1, len(Outcome._fields))
    truth, estimate, se, covered, rejected, p = rows.T
    found = _of_errors(truth, estimate, se)
    found |= {
        "replications": float(len(rows)),
        **_rate("answered", np.isfinite(estimate).astype(float)),
        **_rate("coverage", covered),
        **_rate("size", rejected),
        **_rate("power", rejected),
    }
    from scipy.stats import kstest  # not above: who only reads a record does without

    known = p[~np.isnan(p)]
    found["uniform"] = float(kstest(known, "uniform").pvalue) if len(known) else math.nan
    return found


def limits(claim: Claim, found: Mapping[str, float]) -> tuple[float, float]:
    """Ends within which the measure must lie, with Monte Carlo error where the claim has it.

    Notes
    -----
    Of a rate: p -+ 2.576 sqrt(p(1 - p)/R), to three places: .918 to .982 for .95 and R = 300, and
    .082 for a size of .05 (methods 8). Of a bias: -+ max(2.576 mcse, .05 sd).
    """
    if not claim.error:
        return claim.low, claim.high
    if claim.measure in RATES:
        count = found[f"count_{claim.measure}"]
        return _off(claim.low, -1, count), _off(claim.high, 1, count)
    slack = Z * found[f"mcse_{claim.measure}"]
    if claim.measure == "bias":
        slack = max(slack, SMALL * found["sd"])
    return claim.low - slack, claim.high + slack


def _judged(claim: Claim, world: World, found: Mapping[str, Mapping[str, float]]) -> Judgement:
    own = _named(world, claim.estimator, found)
    value, mcse = own[claim.measure], own.get(f"mcse_{claim.measure}", math.nan)
    low, high = limits(claim, own)
    if claim.versus:
        beside = _named(world, claim.versus, found)
        value, mcse = _beside(claim.measure, own, beside), math.nan
    return Judgement(claim, value, mcse, low, high, bool(low <= value <= high))


def _beside(measure: str, own: Mapping[str, float], beside: Mapping[str, float]) -> float:
    if measure == "bias_in_sd":
        return _over(own["bias"], beside["sd"])
    return abs(_over(own[measure], beside[measure]))


def _named(
    world: World, estimator: str, found: Mapping[str, Mapping[str, float]]
) -> Mapping[str, float]:
    if estimator not in found:
        raise ContractError(
            f"world {world.id}",
            found=f"a claim about {estimator!r}",
            expected=", ".join(found),
            do="claim something about an estimator that the world uses",
        )
    return found[estimator]


def _of_errors(truth: Numbers, estimate: Numbers, se: Numbers) -> dict[str, float]:
    answered = np.isfinite(estimate)
    known = truth[np.isfinite(truth)]
    mean_truth = float(known.mean()) if len(known) else math.nan
    truth, estimate, se = truth[answered], estimate[answered], se[answered]
    errors, count = estimate - truth, int(answered.sum())
    if not count:
        return dict.fromkeys(_OF_ERRORS, math.nan) | {"truth": mean_truth}
    bias, sd = float(errors.mean()), float(errors.std(ddof=1)) if count > 1 else math.nan
    mean_se, mcse = float(se.mean()), sd / math.sqrt(count)
    spread = float(estimate.std(ddof=1)) if count > 1 else math.nan
    values = (
        *(mean_truth, float(estimate.mean()), spread / math.sqrt(count)),
        *(bias, mcse, sd, mean_se, _over(mean_se, sd)),
        *(_over(bias, sd), 1 / math.sqrt(count)),
        *(_over(bias, mean_truth), _over(mcse, abs(mean_truth))),
        *(math.sqrt(float((errors**2).mean())), float(np.abs(errors).max())),
    )
    return dict(zip(_OF_ERRORS, values, strict=True))


_OF_ERRORS = (
    *("truth", "mean", "mcse_mean", "bias", "mcse_bias", "sd", "mean_se", "se_ratio"),
    *("bias_in_sd", "mcse_bias_in_sd", "relative_bias", "mcse_relative_bias", "rmse", "largest"),
)


def _over(part: float, whole: float) -> float:
    return part / whole if whole else math.nan


def _rate(name: str, column: Numbers) -> dict[str, float]:
    known = column[~np.isnan(column)]
    count = len(known)
    mean = float(known.mean()) if count else math.nan
    mcse = float(known.std()) / math.sqrt(count) if count else math.nan
    return {name: mean, f"mcse_{name}": mcse, f"count_{name}": float(count)}


def _off(end: float, side: int, count: float) -> float:
    if not math.isfinite(end) or not count:
        return end
    return round(min(max(end + side * Z * math.sqrt(end * (1 - end) / count), 0.0), 1.0), 3)
