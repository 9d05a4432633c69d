"""Totals, ratios and means from a sample of strata, or of whole clusters, with their errors.

`survey` is for groups of which everybody was asked. This is for the other case: buyers that did not
apply, of whom a sample is drawn, per stratum or per organisation as a whole.
"""

import math
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.refusal import ContractError

Numbers = NDArray[np.float64]


class Design(NamedTuple):
    """How units came into a sample; arrays with one value per unit, in one order.

    weight : members of the population that the unit stands for (1 over its chance), above 0
    cluster : which units were drawn together; without it every unit by itself
    stratum : within what the clusters were drawn; without it all together
    clusters_in_stratum : of the population, the same for all units of a stratum; without it the
        sample is taken as a small part of the population
    """

    weight: ArrayLike
    cluster: ArrayLike | None = None
    stratum: ArrayLike | None = None
    clusters_in_stratum: ArrayLike | None = None


class Estimated(NamedTuple):
    """An estimate and its standard error, not a number where a stratum has one cluster of more."""

    value: float
    se: float


def design_total(y: ArrayLike, design: Design) -> Estimated:
    """Total of y in the population.

    Notes
    -----
    T = sum w y. With z_hc = sum of w y over cluster c of stratum h, of which n_h of N_h were drawn,
    var = sum_h (1 - n_h/N_h) n_h/(n_h - 1) sum_c (z_hc - mean z_h)^2: clusters as if drawn with
    equal chance within a stratum, and each asked whole. Cochran 1977, Särndal et al. 1992.

    Examples
    --------
    Two of four drawn: N^2 (1 - n/N) s^2/n = 16 x 1/2 x 2/2.

    >>> total = design_total([1, 3], Design([2, 2], clusters_in_stratum=[4, 4]))
    >>> total.value, round(total.se**2, 9)
    (8.0, 8.0)
    """
    w, numbers = _weights(design), _numbers(y, design)
    return Estimated(math.fsum(w * numbers), _error(w * numbers, design))


def design_ratio(y: ArrayLike, x: ArrayLike, design: Design) -> Estimated:
    """Ratio of two totals of the population, of which that of x is above 0.

    Notes
    -----
    r = sum w y/sum w x; Taylor: the error of the total of (y - r x)/sum w x, see `design_total`.
    With equal weights, no strata and no N_h it is that of `intervals.clustered_ratio`.
    """
    w, above, below = _weights(design), _numbers(y, design), _numbers(x, design)
    whole = math.fsum(w * below)
    if not whole > 0:
        raise _refused(f"a ratio to a total of {whole}", "a total above 0")
    r = math.fsum(w * above) / whole
    return Estimated(r, _error(w * (above - r * below) / whole, design))


def design_mean(y: ArrayLike, design: Design) -> Estimated:
    """Mean of y: the ratio of its total to the number of members."""
    return design_ratio(y, np.ones(len(_weights(design))), design)


def poststratified_mean(
    y: ArrayLike, cell: ArrayLike, members: Mapping[Any, float], design: Design
) -> Estimated:
    """Mean of y with weights scaled to the known number of members of every cell.

    Parameters
    ----------
    cell : of each unit, such as the type of organisation
    members : of the population per cell; a cell with members has units

    Notes
    -----
    w' = w N_c/sum_c w, mean = sum w' y/N; Taylor: the error of the total of w'/w (y - mean y_c)/N,
    mean y_c the weighted mean of the cell. Särndal et al. 1992; it is calibration on the cells.
    """
    w, numbers, of = _weights(design), _numbers(y, design), np.asarray(cell)
    known: dict[Hashable, float] = {name: count for name, count in members.items() if count > 0}
    if of.shape != w.shape or pd.isna(of).any() or set(of.tolist()) != set(known):
        raise _refused("cells without members, or members of whom none was drawn", "the same cells")
    scaled, residual = np.empty_like(w), np.empty_like(w)
    for name, count in known.items():
        own = of == name
        drawn = math.fsum(w[own])
        scaled[own] = w[own] * (count / drawn)
        residual[own] = numbers[own] - math.fsum(w[own] * numbers[own]) / drawn
    whole = math.fsum(known.values())
    return Estimated(math.fsum(scaled * numbers) / whole, _error(scaled * residual / whole, design))


def _error(scores: Numbers, design: Design) -> float:
    """Standard error of the sum of scores, from how those of clusters differ within a stratum."""
    one = np.zeros(len(scores))
    stratum = one if design.stratum is None else np.asarray(design.stratum)
    cluster = np.arange(len(scores)) if design.cluster is None else np.asarray(design.cluster)
    of = one + math.inf if design.clusters_in_stratum is None else design.clusters_in_stratum
    population = np.asarray(of, dtype=float)
    if not scores.shape == stratum.shape == cluster.shape == population.shape:
        raise _refused("strata, clusters or N_h of another number of units", "one of each per unit")
    if pd.isna(stratum).any() or pd.isna(cluster).any():
        raise _refused("units whose stratum or cluster is not known", "both of every unit")
    variances = []
    for name in np.unique(stratum):
        own = stratum == name
        variances.append(_variance(scores[own], cluster[own], population[own]))
    if design.stratum is not None and design.cluster is not None:
        _nested(cluster, stratum)
    return math.sqrt(math.fsum(variances))


def _variance(scores: Numbers, cluster: NDArray[Any], population: Numbers) -> float:
    """What a stratum adds to the variance; summed in order of size, so rows may come in any."""
    _, place = np.unique(cluster, return_inverse=True)
    order = np.lexsort((scores, place))
    sums = np.sort(np.bincount(place[order], scores[order]))
    n, whole = len(sums), float(population[0])
    if not (population == whole).all() or n > whole:
        raise _refused(f"{n} clusters of {whole:g}, or two N_h in a stratum", "n_h <= N_h, one N_h")
    if n == whole:
        return 0.0
    return (1 - n / whole) * n * float(sums.var(ddof=1)) if n > 1 else math.nan


def _nested(cluster: NDArray[Any], stratum: NDArray[Any]) -> None:
    pairs = set(zip(cluster.tolist(), stratum.tolist(), strict=True))
    if len(pairs) > len({name for name, _ in pairs}):
        raise _refused("a cluster in two strata", "clusters that lie within one stratum")


def _weights(design: Design) -> Numbers:
    w = np.asarray(design.weight, dtype=float)
    if w.ndim != 1 or not w.size or not (np.isfinite(w) & (w > 0)).all():
        raise _refused("no unit, or a weight that is missing or not above 0", "weights above 0")
    return w


def _numbers(y: ArrayLike, design: Design) -> Numbers:
    numbers = np.asarray(y, dtype=float)
    if numbers.shape != np.shape(design.weight) or not np.isfinite(numbers).all():
        raise _refused("a value that is missing, or values of other units", "one number per unit")
    return numbers


def _refused(found: str, expected: str) -> ContractError:
    return ContractError(
        "a sample of strata or clusters",
        found=found,
        expected=expected,
        do="describe how each unit was drawn, and leave out of sample and weights who said nothing",
    )
