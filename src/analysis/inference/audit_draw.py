"""Which contracts coders judge: the largest for certain, the others by recorded chances."""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.refusal import ContractError

BANDS = (0.02, 0.1, 0.4)  # of the score; between them lie the strata
CERTAIN = 80  # largest contracts, judged all
CEILING = 5e6  # EUR; framework agreements above it are judged all
SEED = 20160101
_SURE = 0.01  # no score is believed nearer than this to 0 or 1 when chances are set
_FLOOR = 0.5  # of the mean: no contract of a stratum has a smaller measure of size
_LEAST = 20  # a stratum gets one in this many of the contracts drawn by chance, at least

Numbers = NDArray[np.float64]


class Plan(NamedTuple):
    """Stratum (0: judged for certain) and chance of every contract, in the order given."""

    stratum: NDArray[np.int64]
    chance: Numbers


def plan(
    value: ArrayLike,
    score: ArrayLike,
    framework: ArrayLike,
    *,
    n: int,
    certain: int = CERTAIN,
) -> Plan:
    """Chances with which contracts are drawn to be judged.

    Parameters
    ----------
    value : euros per contract; one that is not known counts as the median
    score : 0 to 1
    framework : whether the value is the ceiling of a framework agreement
    n : contracts to be judged, those for certain included
    certain : largest contracts that are judged all

    Raises
    ------
    ContractError
        If fewer than two of each stratum are left to be drawn by chance.

    Notes
    -----
    Certain are the `certain` largest and ceilings above 5 million euro; the others have chances
    in proportion to v sqrt(p(1 - p)) within strata of the score, p held between .01 and .99.
    No measure is below half its stratum's mean: a small contract that counts for hundreds would
    decide the share of contracts. Strata share n as their measures add up, and get at least one in
    twenty each. Särndal et al. 1992; strata and measure of methods 3.5.
    """
    v, p = np.asarray(value, dtype=float), np.asarray(score, dtype=float)
    v = np.where(np.isnan(v), np.nanmedian(v) if not np.isnan(v).all() else 1.0, v)
    ceilings = np.asarray(framework, dtype=bool) & (v > CEILING)
    rank = np.argsort(np.argsort(-v, kind="stable"), kind="stable")
    sure = (rank < certain) | ceilings | (len(v) <= n)
    stratum = np.where(sure, 0, 1 + np.digitize(p, BANDS))
    spread = np.clip(p, _SURE, 1 - _SURE)
    chance = sure.astype(float)
    size = v * np.sqrt(spread * (1 - spread))
    for place, count in _shared_out(size, stratum, n - int(sure.sum())).items():
        chance[stratum == place] = _in_proportion(size[stratum == place], count)
    return Plan(stratum, chance)


def select(planned: Plan, seed: int | np.random.Generator = SEED) -> NDArray[np.bool_]:
    """Which contracts are drawn: as many in each stratum as its chances add up to."""
    random = np.random.default_rng(seed)
    drawn = planned.chance >= 1
    for place in np.unique(planned.stratum[~drawn]):
        own = np.flatnonzero((planned.stratum == place) & ~drawn)
        own = random.permutation(own)
        ends = np.cumsum(planned.chance[own])
        count = round(ends[-1])
        points = (random.random() + np.arange(count)) * (ends[-1] / count) if count else []
        drawn[own[np.searchsorted(ends, points, side="right")]] = True
    return drawn


def draw(
    frame: pd.DataFrame, *, n: int = 600, certain: int = CERTAIN, seed: int = SEED
) -> pd.DataFrame:
    """The sample of contracts that coders judge.

    Parameters
    ----------
    frame : one row a contract: `contract`, `value_eur`, `score`, `framework`; the same sample
        whatever the order of the rows
    n, certain : as for `plan`
    seed : of the draw

    Returns
    -------
    contract, stratum, chance of those drawn, sorted by contract.
    """
    rows = frame.sort_values("contract", ignore_index=True)
    framework = rows["framework"].astype("boolean").fillna(False)
    planned = plan(rows["value_eur"].astype(float), rows["score"], framework, n=n, certain=certain)
    drawn = rows[["contract"]].assign(stratum=planned.stratum, chance=planned.chance)
    return drawn[select(planned, seed)].reset_index(drop=True)


def _shared_out(size: Numbers, stratum: NDArray[np.int64], n: int) -> dict[int, int]:
    """How many of each stratum are drawn: in proportion to size, at least one in twenty of n."""
    there = {int(place): int((stratum == place).sum()) for place in np.unique(stratum) if place}
    needed = sum(min(count, 2) for count in there.values())
    if n < needed:
        raise ContractError(
            "the sample to be judged",
            found=f"{n} left to be drawn by chance, after those that are judged for certain",
            expected=f"at least {needed}, two of each stratum: what has no chance stays unknown",
            do="judge more contracts, or fewer of the largest for certain",
        )
    least = min(max(2, n // _LEAST), n // max(len(there), 1))
    totals = {place: math.fsum(size[stratum == place]) or 1.0 for place in there}
    given = {place: min(count, least) for place, count in there.items()}
    while (left := n - sum(given.values())) > 0 and any(given[p] < there[p] for p in there):
        open_ = {place: totals[place] for place in there if given[place] < there[place]}
        part = {p: left * total / sum(open_.values()) for p, total in open_.items()}
        added = {p: min(there[p] - given[p], math.floor(share)) for p, share in part.items()}
        if not any(added.values()):
            added = {max(part, key=part.__getitem__): 1}
        given = {place: given[place] + added.get(place, 0) for place in there}
    return given


def _in_proportion(size: Numbers, count: int) -> Numbers:
    """Chances in proportion to size that add up to `count`, none above 1."""
    if not count:
        return np.zeros(len(size))
    if not size.any():
        return np.full(len(size), count / len(size))
    size = np.maximum(size, _FLOOR * size.mean())
    sure = np.zeros(len(size), dtype=bool)
    while True:
        chance = np.where(sure, 1.0, (count - sure.sum()) * size / size[~sure].sum())
        new = ~sure & (chance >= 1)
        if not new.any():
            return chance
        sure |= new
        if sure.all():
            return np.ones(len(size))
