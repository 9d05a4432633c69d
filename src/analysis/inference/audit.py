"""The share of spend that is innovation, from a sample that coders judged.

Every contract has a score, the chance that a classifier gives it. The scores make the estimate
exact where they are good; the judged sample makes it right whatever they are.
"""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from analysis.inference.bounds import Bounds
from analysis.refusal import ContractError

TARGET = 0.03
SEED = 20160101
DRAWS = 1999
_FEW = 5  # judged contracts of either kind in a stratum, below which they cannot tell their spread
_SURE = 0.002  # no score is believed nearer than this to 0 or 1 where few were judged

Numbers = NDArray[np.float64]


class Estimate(NamedTuple):
    """A share with its standard error and interval; by chance it may lie outside 0 and 1.

    `low` and `high` take every contract on which the coders could not decide as no and as yes;
    `judged` and `undecided` count contracts whose value is above 0.
    """

    share: float
    se: float
    low: float
    high: float
    judged: int
    undecided: int


class _Sample(NamedTuple):
    """The judged contracts: v/(chance sum v), score, verdict, stratum, and whether chance chose."""

    weight: Numbers
    score: Numbers
    verdict: Numbers
    stratum: NDArray[np.intp]
    by_chance: NDArray[np.bool_]


class _Stratum(NamedTuple):
    """What every contract that was drawn by chance adds, its variance, and that of the interval."""

    added: Numbers
    variance: float
    wider: float


class _Parts(NamedTuple):
    """What is certain of the share, and the strata."""

    certain: float
    strata: list[_Stratum]

    @property
    def share(self) -> float:
        return self.certain + math.fsum(float(stratum.added.sum()) for stratum in self.strata)

    @property
    def se(self) -> float:
        return math.sqrt(math.fsum(stratum.variance for stratum in self.strata))

    @property
    def wider(self) -> float:
        return math.sqrt(math.fsum(stratum.wider for stratum in self.strata))


def difference_estimate(
    contracts: pd.DataFrame, judged: pd.DataFrame, *, alpha: float = 0.05
) -> Estimate:
    """Share of value that is innovation: what the scores say, corrected by what was judged.

    Parameters
    ----------
    contracts : all contracts: `value` (euros; or 1 for a share of contracts) and `score`
    judged : those drawn: `value`, `score`, `stratum`, `chance` (above 0 to 1) and `verdict` (1 is
        innovation, 0 is not, missing: the coders could not decide)

    Notes
    -----
    T = sum v p + sum over the judged of v(y - p)/chance, share T/sum v; var = sum over strata of
    n_h s^2_h, s^2_h the variance of v(y - p)/chance, contracts with chance 1 left out. With
    chance = n_h pi this is formula 3.5. Unbiased for whatever scores, if no score of a contract
    rests on its own verdict. A contract that is not decided counts at its score in `share`.
    Särndal et al. 1992.

    A normal interval of this says too much where innovation is rare. Two things widen it, and not
    `se`:
    a stratum with fewer than five judged contracts of either kind has at least the variance that
    its scores lead to expect, sum (v/chance)^2 p(1 - p), p held between .002 and .998 (the
    anticipated variance of Isaki-Fuller 1982); and the upper end moves up by se g(2 z^2 + 1)/6,
    g the skewness of the estimate where it is above 0 (Johnson 1978, Hall 1992).
    """
    middle, no, yes = _ways(contracts, judged)
    counted = judged["verdict"][judged["value"] > 0]
    z = NormalDist().inv_cdf(1 - alpha / 2)
    return Estimate(
        share=middle.share,
        se=middle.se,
        low=no.share - z * no.wider,
        high=yes.share + z * yes.wider + _skewed(yes, z),
        judged=len(counted),
        undecided=int(counted.isna().sum()),
    )


def chance_at_least(
    contracts: pd.DataFrame,
    judged: pd.DataFrame,
    *,
    target: float = TARGET,
    draws: int = DRAWS,
    seed: int = SEED,
) -> Bounds:
    """How often the share reaches the target when the sample is drawn again from itself.

    Returns
    -------
    Bounds: contracts on which the coders could not decide taken as no, and as yes.

    Notes
    -----
    Rescaled bootstrap: n_h - 1 drawn with replacement within each stratum, times n_h/(n_h - 1);
    variance that `difference_estimate` adds to a stratum is added as normal noise.
    """
    _, no, yes = _ways(contracts, judged)
    low = _reached(no, target, draws, seed)
    return Bounds(low, low if no is yes else _reached(yes, target, draws, seed))


def verdict(low: float, high: float, target: float = TARGET) -> str:
    """What an interval says of the norm: `met`, `not-met`, or `undeterminable`.

    Notes
    -----
    Met if the lower end reaches the target, not met if the upper end is below it.
    """
    return "met" if low >= target else "not-met" if high < target else "undeterminable"


def _ways(contracts: pd.DataFrame, judged: pd.DataFrame) -> tuple[_Parts, _Parts, _Parts]:
    """Parts of the share with what is undecided at its score, as no, and as yes."""
    value, score = (contracts[name].to_numpy(float) for name in ("value", "score"))
    whole = math.fsum(value.tolist())
    chance = judged["chance"].to_numpy(float)
    if not (whole > 0 and (chance > 0).all() and (chance <= 1).all()):
        raise ContractError(
            "contracts and those of them that were judged",
            found=f"values that add up to {whole}, or a chance outside 0 to 1",
            expected="a value above 0, and the chance with which each was drawn",
            do="leave out what was judged without having been drawn",
        )
    said = math.fsum((value * score).tolist()) / whole
    sample = _Sample(
        judged["value"].to_numpy(float) / chance / whole,
        judged["score"].to_numpy(float),
        judged["verdict"].to_numpy(float, na_value=np.nan),
        pd.factorize(judged["stratum"], sort=True)[0],
        chance < 1,
    )
    middle = _parts(said, sample, sample.score)
    if not np.isnan(sample.verdict).any():
        return middle, middle, middle
    return middle, _parts(said, sample, 0.0), _parts(said, sample, 1.0)


def _parts(said: float, sample: _Sample, undecided: Numbers | float) -> _Parts:
    y = np.where(np.isnan(sample.verdict), undecided, sample.verdict)
    added = sample.weight * (y - sample.score)
    chosen, of = sample.by_chance, sample.stratum
    strata = [
        _stratum(added[own], sample.weight[own], sample.score[own], y[own])
        for own in (chosen & (of == name) for name in np.unique(of[chosen]))
    ]
    return _Parts(said + math.fsum(added[~chosen].tolist()), strata)


def _stratum(added: Numbers, weight: Numbers, score: Numbers, y: Numbers) -> _Stratum:
    n = len(added)
    variance = n * float(added.var(ddof=1)) if n > 1 else float(added[0] ** 2)
    p = score.clip(_SURE, 1 - _SURE)
    expected = float((weight**2 * p * (1 - p)).sum())
    few = min(((y == side) & (weight > 0)).sum() for side in (0, 1)) < _FEW
    return _Stratum(np.sort(added), variance, max(variance, expected) if few else variance)


def _skewed(parts: _Parts, z: float) -> float:
    """How far the upper end moves because a few contracts stand for much."""
    third = math.fsum(
        len(added) * float(((added - added.mean()) ** 3).mean()) for added, *_ in parts.strata
    )
    return max(third, 0.0) / parts.wider**2 * (2 * z**2 + 1) / 6 if third > 0 else 0.0


def _reached(parts: _Parts, target: float, draws: int, seed: int) -> float:
    """Part of the samples drawn again in which the share is at least the target."""
    random = np.random.default_rng(seed)
    shares = np.full(draws, parts.certain)
    for stratum in parts.strata:
        added, count = stratum.added, max(len(stratum.added) - 1, 1)
        again = added[random.integers(0, len(added), size=(draws, count))]
        shares += again.sum(axis=1) * (len(added) / count)
        shares += random.normal(0, math.sqrt(stratum.wider - stratum.variance), draws)
    return float((shares >= target).mean())
