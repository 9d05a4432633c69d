"""Wild cluster bootstrap of one coefficient: the test where clusters are few, as with regions.

Not with one treated cluster: there the bootstrap never rejects or always does, whatever the data.
"""

import itertools
from typing import Literal, NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
# All sign patterns are gone through up to this many; 12 clusters with two weights.
ENUMERATED = 4096
# Below this many clusters two weights give too few different draws (methods 4.4).
FEW = 12
WEIGHTS = {
    "rademacher": np.array([-1.0, 1.0]),
    "webb": np.concatenate([-np.sqrt([1.5, 1.0, 0.5]), np.sqrt([0.5, 1.0, 1.5])]),
}
# A draw that repeats the data (all weights 1, or all -1) has the same t, but for the last digits.
ROUNDING = 1e-9


class Wild(NamedTuple):
    """Test that a coefficient is 0.

    estimate, se, t : least squares, CRV1
    p : share of draws with |t*| > |t|; 0 where none is larger
    p_ties : the same with draws as large counted, so never 0; the one to print
    draws : how many
    exact : whether these are all draws there are
    """

    estimate: float
    se: float
    t: float
    p: float
    p_ties: float
    draws: int
    exact: bool


class _Fit(NamedTuple):
    """By cluster: scores x~'u~ under the null, how a weight moves each score, and the rest."""

    score: Numbers
    moves: Numbers
    estimate: float
    unrestricted: Numbers
    square: float
    factor: float


def wild_bootstrap(
    y: ArrayLike,
    x: ArrayLike,
    cluster: ArrayLike,
    coefficient: int,
    *,
    weights: Literal["rademacher", "webb"] | None = None,
    draws: int = 1999,
    seed: int,
) -> Wild:
    """The p of "this coefficient is 0", from draws in which the residuals of whole clusters flip.

    Parameters
    ----------
    y : (n,) outcome
    x : (n, k) regressors, the constant among them
    cluster : (n,) label of the cluster of each row
    coefficient : column of x that is tested
    weights : without it Webb's six points below 12 clusters and Rademacher's two from there
    draws : how many, where there are more than 4,096 different ones; else all are gone through

    Raises
    ------
    ContractError
        If the coefficient is a dummy that is 1 in one cluster only, or 0 in one only; if anything
        is not known; if columns of x are combinations of others.

    Notes
    -----
    Restricted (WCR): y* = X b~ + v_g u~ with b~ and u~ from the fit without the tested column and
    one weight v_g per cluster. Per draw t* with CRV1, factor G/(G - 1) (n - 1)/(n - k). Webb's
    points +-sqrt(3/2), +-1, +-sqrt(1/2), each 1/6. With x~ the tested column less what the others
    explain, x~'u* of cluster g is a linear form in v, so that a draw costs G^2, not n. Cameron,
    Gelbach and Miller 2008; Webb 2023; MacKinnon and Webb 2017 on one treated cluster.
    """
    fit = _fit(*_checked(y, x, cluster, coefficient), coefficient)
    clusters = len(fit.score)
    points = WEIGHTS[weights or ("webb" if clusters < FEW else "rademacher")]
    exact = len(points) ** clusters <= ENUMERATED
    v = _all(points, clusters) if exact else _drawn(points, clusters, draws, seed)
    t = _t(fit.estimate, fit.unrestricted, fit)
    null = np.abs(_t(v @ fit.score / fit.square, v @ fit.moves.T, fit))
    larger = int((null > abs(t) * (1 + ROUNDING)).sum())
    as_large = int((null >= abs(t) * (1 - ROUNDING)).sum())
    p_ties = as_large / len(v) if exact else (1 + as_large) / (1 + len(v))
    se = abs(fit.estimate / t) if t else _se(fit.unrestricted, fit)
    return Wild(fit.estimate, float(se), float(t), larger / len(v), p_ties, len(v), exact)


def _fit(y: Numbers, x: Numbers, member: Numbers, coefficient: int) -> _Fit:
    """Both fits, summed by cluster."""
    tested, others = x[:, coefficient], np.delete(x, coefficient, axis=1)
    basis = np.linalg.qr(others)[0]
    part, free = tested - basis @ (basis.T @ tested), y - basis @ (basis.T @ y)
    square = float(part @ part)
    estimate = float(part @ free) / square
    score = member @ (part * free)
    # M_X of the weighted residuals: less what the others explain, less what x~ explains.
    explained = (member @ (part[:, None] * basis)) @ (member @ (free[:, None] * basis)).T
    own = member @ part**2
    moves = np.diag(score) - explained - np.outer(own, score) / square
    (n, k), groups = x.shape, len(member)
    factor = groups / (groups - 1) * (n - 1) / (n - k)
    unrestricted = member @ (part * (free - part * estimate))
    return _Fit(score, moves, estimate, unrestricted, square, factor)


def _se(scores: Numbers, fit: _Fit) -> Numbers:
    """CRV1 of the tested coefficient: sqrt(c sum_g (x~_g'u_g)^2)/x~'x~, over the last axis."""
    return np.sqrt(fit.factor * (scores**2).sum(axis=-1)) / fit.square


def _t(estimate: float | Numbers, scores: Numbers, fit: _Fit) -> Numbers:
    se = _se(scores, fit)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(np.asarray(estimate) == 0, 0.0, estimate / se)


def _all(points: Numbers, clusters: int) -> Numbers:
    return np.array(list(itertools.product(points, repeat=clusters)))


def _drawn(points: Numbers, clusters: int, draws: int, seed: int) -> Numbers:
    return np.random.default_rng(seed).choice(points, size=(draws, clusters))


def _checked(
    y: ArrayLike, x: ArrayLike, cluster: ArrayLike, coefficient: int
) -> tuple[Numbers, Numbers, Numbers]:
    """Outcome, regressors, and a row per cluster of which rows are its own."""
    outcome, regressors = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    labels, place = np.unique(np.asarray(cluster), return_inverse=True)
    member = (place == np.arange(len(labels))[:, None]).astype(float)
    shapes = f"y {outcome.shape}, x {regressors.shape}, clusters {place.shape}"
    if regressors.ndim != 2 or not len(outcome) == len(regressors) == len(place):
        raise _refused(shapes, "an outcome, a row of x and a cluster for each", "align them")
    if not (np.isfinite(outcome).all() and np.isfinite(regressors).all()):
        raise _refused("values that are not known", "all known", "leave the rows out; say how many")
    if len(labels) < 2 or np.linalg.matrix_rank(regressors) < regressors.shape[1]:
        found = f"{len(labels)} clusters; {shapes}"
        raise _refused(found, "two clusters or more, no column of x that others give", "drop it")
    _refuse_one_treated(regressors[:, coefficient], member)
    return outcome, regressors, member


def _refuse_one_treated(tested: Numbers, member: Numbers) -> None:
    treated, clusters = int((member @ tested > 0).sum()), len(member)
    if not np.isin(tested, (0, 1)).all() or 1 not in (treated, clusters - treated):
        return
    alone = "treated" if treated == 1 else "untreated"
    raise _refused(
        f"1 {alone} cluster of {clusters}",
        "two or more treated clusters and two or more that are not",
        f"use randomisation inference; its smallest p is 1/K = 1/{clusters}",
    )


def _refused(found: str, expected: str, do: str) -> ContractError:
    return ContractError("wild cluster bootstrap", found=found, expected=expected, do=do)
