"""CV3 jackknife: how much an estimate moves when one cluster is left out."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy.stats import t as student

from analysis.refusal import ContractError

Numbers = NDArray[np.float64]
_DETERMINED = 1e-8  # how near a coefficient must be to one the rows give


class Jackknife(NamedTuple):
    """Standard error and interval of an estimate from leaving out each cluster in turn.

    estimate : of all
    se : CV3
    low, high : estimate +- t(G - 1) se
    p : two-sided, of 0
    left_out : (G,) estimate without each cluster, in the order of the clusters
    """

    estimate: float
    se: float
    low: float
    high: float
    p: float
    left_out: Numbers


def jackknife(estimate: float, left_out: ArrayLike, *, level: float = 0.95) -> Jackknife:
    """CV3 of any estimator, given what it is without each cluster in turn.

    Parameters
    ----------
    left_out : one per cluster; of a panel, `leave_one_unit_out(panel, ...).without`

    Raises
    ------
    ContractError
        With fewer than two clusters, or where an estimate without one of them does not exist.

    Notes
    -----
    se^2 = (G - 1)/G sum_g (b_(g) - b)^2, b_(g) without cluster g, b of all; Student's t
    on G - 1 degrees. It leans to the safe side where clusters are few or unequal. CV3 in MacKinnon,
    Nielsen and Webb 2023.

    Examples
    --------
    Of 2, 4 and 9 the mean is 5; without each it is 6.5, 5.5 and 3: the se of a mean, sqrt(13/3).

    >>> round(jackknife(5.0, [6.5, 5.5, 3.0]).se ** 2, 6)
    4.333333
    """
    without = np.asarray(left_out, dtype=float)
    groups = len(without)
    if groups < 2 or not np.isfinite(np.append(without, estimate)).all():
        raise ContractError(
            "jackknife",
            found=f"{groups} clusters, {int((~np.isfinite(without)).sum())} of them indispensable",
            expected="two clusters or more, and an estimate without each of them",
            do="use randomisation inference: the estimate hangs on one cluster",
        )
    se = float(np.sqrt((groups - 1) / groups * ((without - estimate) ** 2).sum()))
    reach = float(student.ppf((1 + level) / 2, groups - 1)) * se
    p = float(2 * student.sf(abs(estimate) / se, groups - 1)) if se else float("nan")
    return Jackknife(float(estimate), se, estimate - reach, estimate + reach, p, without)


def cv3(
    y: ArrayLike, x: ArrayLike, cluster: ArrayLike, coefficient: int, *, level: float = 0.95
) -> Jackknife:
    """CV3 of one coefficient of least squares.

    Parameters
    ----------
    y : (n,) outcome
    x : (n, k) regressors, the constant among them
    cluster : (n,) label of the cluster of each row; `left_out` is in the labels' sorted order
    coefficient : column of x

    Notes
    -----
    b_(g) = (sum over h != g of X_h'X_h)^-1 (sum of X_h'y_h): exactly what fitting without the
    cluster gives. A dummy that is 1 in one cluster only has no b_(g). Dummies of the clusters
    themselves may be among the regressors.
    """
    outcome, regressors = np.asarray(y, dtype=float), np.asarray(x, dtype=float)
    if not (np.isfinite(outcome).all() and np.isfinite(regressors).all()):
        raise ContractError(
            "jackknife",
            found="values that are not known",
            expected="all known",
            do="leave the rows out and say how many",
        )
    length = np.sqrt((regressors**2).sum(axis=0))
    scaled = regressors / np.where(length > 0, length, 1.0)
    place = np.unique(np.asarray(cluster), return_inverse=True)[1]
    own = [place == g for g in range(place.max() + 1)]
    gram = np.array([scaled[rows].T @ scaled[rows] for rows in own])
    cross = np.array([scaled[rows].T @ outcome[rows] for rows in own])
    # Summed over the others, not taken off the total: what one cluster alone shows leaves a 0.
    others = [np.arange(len(own)) != g for g in range(len(own))]
    sums = [(gram[kept].sum(axis=0), cross[kept].sum(axis=0)) for kept in others]
    whole, *without = (
        _solved(*part, coefficient) / length[coefficient]
        for part in [(gram.sum(axis=0), cross.sum(axis=0)), *sums]
    )
    return jackknife(whole, without, level=level)


def _solved(gram: Numbers, cross: Numbers, coefficient: int) -> float:
    """The coefficient; not a number where the rows that are left do not determine it."""
    inverse = np.linalg.pinv(gram, rcond=1e-12, hermitian=True)
    own = np.abs(inverse[coefficient] @ gram - np.eye(len(gram))[coefficient]).max()
    return float(inverse[coefficient] @ cross) if own < _DETERMINED else np.nan
