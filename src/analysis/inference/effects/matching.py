"""Who had no contract yet when another firm got its first: sets matched without hindsight."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.special import expit

from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
Whole = NDArray[np.int64]
# Penalty on the slopes of the propensity, on standardised covariates: finite when one separates.
PENALTY = 1.0
STEPS = 100


class Sets(NamedTuple):
    """Each treated firm with its controls: one row for each part that a firm plays.

    number : (parts,) of the set, from 0, in the order of period and firm
    row : (parts,) row of the records given
    firm : (parts,) rank of the firm's key; a control may stand in several sets
    treated : (parts,) whether it is the treated one of its set
    weight : (parts,) 1 for the treated, 1/k for each of k controls
    alone : rows of treated firms for whom no control was near enough
    unknown : number of records left out because a covariate is not known
    """

    number: Whole
    row: Whole
    firm: Whole
    treated: NDArray[np.bool_]
    weight: Numbers
    alone: Whole
    unknown: int


class _Records(NamedTuple):
    """Records at risk with known covariates, sorted by period and firm."""

    row: Whole
    firm: Whole
    period: Numbers
    adopts: NDArray[np.bool_]
    cell: Whole
    x: Numbers


def risk_sets(
    firm: ArrayLike,
    period: ArrayLike,
    adopts: ArrayLike,
    cell: ArrayLike,
    covariates: ArrayLike,
    *,
    ratio: int = 5,
    caliper: float = 0.2,
) -> Sets:
    """Match each firm, in the period of its first contract, with firms that had none until then.

    Parameters
    ----------
    firm : key of each record's firm; one record per firm and period
    period : of each record; records after a firm's first contract are not at risk and left out
    adopts : whether the first contract falls in that period
    cell : what must be equal: sector, age band, size band, region, in one label
    covariates : (records, k) measured before the period
    ratio : controls per treated firm, at most; they may serve several
    caliper : largest difference, in standard deviations of the propensity on the logit scale

    Notes
    -----
    Propensity: logit of `adopts` on standardised covariates, among all at risk up to and including
    the period, never later. A control may be treated later: who will be is not known yet. Nearest
    first, and by key where two are as near.
    """
    records, unknown = _at_risk(firm, period, adopts, cell, covariates)
    parts, alone = [], []
    for when in np.unique(records.period[records.adopts]):
        past = records.period <= when
        scale = _propensity(records.x[past], records.adopts[past])
        reach = caliper * float(np.std(scale))
        now = np.flatnonzero(records.period[past] == when)
        for own in now[records.adopts[now]]:
            same = now[~records.adopts[now] & (records.cell[now] == records.cell[own])]
            apart = abs(scale[same] - scale[own])
            near = np.lexsort((records.firm[same], apart))[: min(ratio, (apart <= reach).sum())]
            if near.size:
                parts.append(np.append(own, same[near]))
            else:
                alone.append(records.row[own])
    return _as_sets(records, parts, np.array(alone, dtype=np.int64), unknown)


def whole(sets: Sets, keep: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Which of the parts kept belong to a set that still has its treated firm and a control."""
    number = int(sets.number.max(initial=-1)) + 1
    heads = np.bincount(sets.number[keep & sets.treated], minlength=number)
    controls = np.bincount(sets.number[keep & ~sets.treated], minlength=number)
    return keep & ((heads > 0) & (controls > 0))[sets.number]


def kept(sets: Sets, stays: NDArray[np.bool_]) -> Sets:
    """Sets of the parts that `whole` keeps; the controls left share the weight anew."""
    number = np.unique(sets.number[stays], return_inverse=True)[1].astype(np.int64)
    treated = sets.treated[stays]
    controls = np.bincount(number[~treated], minlength=int(number.max(initial=-1)) + 1)
    return sets._replace(
        number=number,
        row=sets.row[stays],
        firm=sets.firm[stays],
        treated=treated,
        weight=np.where(treated, 1.0, 1 / np.maximum(controls, 1)[number]),
    )


def _at_risk(
    firm: ArrayLike, period: ArrayLike, adopts: ArrayLike, cell: ArrayLike, covariates: ArrayLike
) -> tuple[_Records, int]:
    key = np.unique(np.asarray(firm), return_inverse=True)[1]
    when, d = np.asarray(period, dtype=float), np.asarray(adopts, dtype=bool)
    x = np.asarray(covariates, dtype=float)
    first = np.full(key.max(initial=0) + 1, math.inf)
    np.minimum.at(first, key[d], when[d])
    if not d.any() or np.unique(np.stack([key, when]), axis=1).shape[1] < key.size:
        raise _refused(
            f"{d.sum()} first contracts in {key.size} records, or a firm twice in a period",
            "one record per firm and period, and the first contract marked",
        )
    at_risk, known = when <= first[key], np.isfinite(x).all(axis=1)
    order = np.lexsort((key, when))
    order = order[(at_risk & known)[order]]
    cells = np.unique(np.asarray(cell), return_inverse=True)[1]
    columns = (a[order] for a in (key, when, d, cells, x))
    return _Records(order, *columns), int((at_risk & ~known).sum())


def _propensity(x: Numbers, adopts: NDArray[np.bool_]) -> Numbers:
    """Linear predictor of a logit with a small penalty on the slopes; 0 where all adopt."""
    if adopts.all():
        return np.zeros(len(x))
    spread = np.std(x, axis=0)
    z = np.column_stack([np.ones(len(x)), (x - x.mean(axis=0)) / np.where(spread > 0, spread, 1)])
    penalty = PENALTY * np.diag(np.append(0.0, np.ones(x.shape[1])))
    share = min(adopts.mean(), 1 - 0.5 / len(x))
    b = np.append(math.log(share / (1 - share)), np.zeros(x.shape[1]))
    for _ in range(STEPS):
        p = expit(z @ b)
        curve = (z * (p * (1 - p))[:, None]).T @ z + penalty
        step = np.linalg.solve(curve, z.T @ (adopts - p) - penalty @ b)
        if abs(step).max() < 1e-9:
            break
        start, size = _objective(z, adopts, b), 1.0
        while size > 1e-6 and _objective(z, adopts, b + size * step) < start:
            size /= 2
        b = b + size * step
    return np.asarray(z @ b)


def _objective(z: Numbers, adopts: NDArray[np.bool_], b: Numbers) -> float:
    """Log likelihood minus the penalty."""
    line = z @ b
    likelihood = line[adopts].sum() - np.logaddexp(0, line).sum()
    return float(likelihood - PENALTY * b[1:] @ b[1:] / 2)


def _as_sets(records: _Records, parts: list[Whole], alone: Whole, unknown: int) -> Sets:
    place = np.concatenate([np.empty(0, dtype=np.int64), *parts])
    size = np.array([len(part) for part in parts], dtype=np.int64)
    number = np.repeat(np.arange(size.size), size)
    treated = records.adopts[place]
    weight = np.where(treated, 1.0, 1 / np.maximum(size - 1, 1)[number])
    return Sets(
        number, records.row[place], records.firm[place], treated, weight, np.sort(alone), unknown
    )


def _refused(found: str, do: str) -> ContractError:
    return ContractError(
        "firms to match",
        found=found,
        expected="records of firms at risk, some with a first contract",
        do=do,
    )
