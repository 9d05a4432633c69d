"""Least squares with an effect per unit and per period, and what it compares.

The usual regression of an outcome on treatment. Where units start at different times it also takes
units already treated for controls, so growing effects bias it: it is for an appendix, with its
parts beside it.
"""

import math
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from analysis.inference.effects.panel import Flags, Numbers, Panel, checked
from analysis.refusal import ContractError


class TwoWay(NamedTuple):
    """The coefficient of treatment; `influence` (units,); `observations` known; `k` parameters.

    k counts the coefficient and the period effects: unit effects are nested in the clusters.
    """

    estimate: float
    influence: Numbers
    clusters: int
    observations: int
    k: int

    @property
    def raw(self) -> float:
        """Standard error of the sandwich clustered by unit, without any correction."""
        return float(np.sqrt((self.influence**2).mean() / len(self.influence)))

    @property
    def se(self) -> float:
        """Standard error corrected by the rule of `corrected`."""
        return corrected(self.raw, clusters=self.clusters, observations=self.observations, k=self.k)


class TwoByTwo(NamedTuple):
    """A contrast of means with the standard error of least squares, one variance for all."""

    estimate: float
    se: float
    observations: int


def corrected(raw: float, *, clusters: int, observations: int, k: int) -> float:
    """The raw standard error, times sqrt(G/(G - 1) (n - 1)/(n - k)), k parameters not nested."""
    if clusters < 2 or observations <= k:
        raise _refused(f"{clusters} clusters, {observations} observations, {k} parameters")
    return raw * math.sqrt(clusters / (clusters - 1) * (observations - 1) / (observations - k))


def twoway(panel: Panel) -> TwoWay:
    """Coefficient of treatment in y_it = alpha_i + beta_t + b 1[t >= first_i].

    Raises
    ------
    ContractError : treatment that does not vary beyond units and periods

    Notes
    -----
    b = sum d y/sum d^2 with y and d less their unit and period effects over the known cells, and
    influence units sum_t d (y - b d)/sum d^2.
    """
    panel = checked(panel)
    known = ~np.isnan(panel.outcome)
    left = without_effects(np.stack([panel.outcome, _treated(panel)], axis=2), known)
    y, d = left[..., 0], left[..., 1]
    spread = float((d**2).sum())
    if spread < 1e-9:
        raise _refused("no treatment that varies beyond units and periods")
    b = float((d * y).sum()) / spread
    influence = (d * (y - b * d)).sum(axis=1) * (len(y) / spread)
    periods = int(known.any(axis=0).sum())
    return TwoWay(b, influence, int(known.any(axis=1).sum()), int(known.sum()), 1 + periods)


def goodman_bacon(panel: Panel) -> pd.DataFrame:
    """The comparisons of two cohorts of which `twoway` is the weighted mean.

    Returns
    -------
    One row per comparison: `treated` and `control` (first treated period, inf for never), `kind`
    (`never`, `later`, or `earlier` and `always`: a control that is itself treated), `estimate`
    (difference of two differences of means) and `weight`, which sum to 1.

    Raises
    ------
    ContractError : an outcome that is not known; fewer than two cohorts

    Notes
    -----
    With n_k units and a share D_k of periods treated, k before l: weight n_k n_l (D_k - D_l)
    (1 - D_k) for k against l while l is untreated, and n_k n_l D_l (D_k - D_l) for l against k once
    k is treated, each over their sum. Goodman-Bacon 2021.
    """
    panel = checked(panel)
    if np.isnan(panel.outcome).any():
        raise _refused(f"{np.isnan(panel.outcome).sum()} outcomes that are not known")
    start = np.where(panel.first <= panel.periods[-1], panel.first, np.inf)
    start = np.where(start <= panel.periods[0], -np.inf, start)
    kinds = np.unique(start)
    pairs = [(k, m) for at, k in enumerate(kinds.tolist()) for m in kinds[at + 1 :].tolist()]
    rows = [row for k, m in pairs for row in _compared(panel, start, k, m)]
    if not rows:
        raise _refused("fewer than two cohorts")
    table = pd.DataFrame(rows, columns=["treated", "control", "kind", "estimate", "weight"])
    return table.assign(weight=table["weight"] / math.fsum(table["weight"]))


def two_by_two(outcome: ArrayLike, treated: ArrayLike, after: ArrayLike) -> TwoByTwo:
    """Change of the treated less change of the others, for other units before and after.

    Parameters
    ----------
    outcome, treated, after : one entry per observation; `treated` and `after` are 0 or 1
    """
    d, t = np.asarray(treated, dtype=float), np.asarray(after, dtype=float)
    return _contrast(np.asarray(outcome, dtype=float), 2 * d + t, np.array([1.0, -1, -1, 1]))


def difference(outcome: ArrayLike, treated: ArrayLike) -> TwoByTwo:
    """Mean of the treated less mean of the others; one entry per observation."""
    d = np.asarray(treated, dtype=float)
    return _contrast(np.asarray(outcome, dtype=float), d, np.array([-1.0, 1]))


def _contrast(y: Numbers, cell: Numbers, signs: Numbers) -> TwoByTwo:
    if (
        y.shape != cell.shape
        or np.isnan(y).any()
        or not set(cell.tolist()) == set(range(len(signs)))
    ):
        raise _refused("an outcome or group that is not known, or a group without observations")
    groups = [y[cell == at] for at in range(len(signs))]
    means = [math.fsum(group) / len(group) for group in groups]
    left = math.fsum(
        math.fsum((group - mean) ** 2) for group, mean in zip(groups, means, strict=True)
    )
    if len(y) == len(signs):
        raise _refused("one observation per group, which shows no spread")
    variance = left / (len(y) - len(signs)) * math.fsum(1 / len(group) for group in groups)
    estimate = math.fsum(sign * mean for sign, mean in zip(signs, means, strict=True))
    return TwoByTwo(estimate, math.sqrt(variance), len(y))


def without_effects(values: Numbers, known: Flags) -> Numbers:
    """Values (units, periods, columns) less their unit and period effects; 0 where not known."""
    v = np.where(known[..., None], values, 0.0)
    unit, period = solved(known, v.sum(axis=1), v.sum(axis=0))
    return np.where(known[..., None], v - unit[:, None, :] - period[None, :, :], 0.0)


def solved(known: Flags, of_units: Numbers, of_periods: Numbers) -> tuple[Numbers, Numbers]:
    """Unit and period effects whose sums over the known cells are as given, for every column.

    Parameters
    ----------
    known : (units, periods)
    of_units, of_periods : (units, columns) and (periods, columns) sums

    Notes
    -----
    The normal equations of both sets of dummies, with the units' eliminated, so that the only
    system solved is periods by periods; of its solutions the shortest.
    """
    m = known.astype(float)
    count = np.maximum(m.sum(axis=1), 1)[:, None]
    mean = of_units / count
    inner = np.diag(m.sum(axis=0)) - (m / count).T @ m
    period = np.linalg.pinv(inner, rcond=1e-10, hermitian=True) @ (of_periods - m.T @ mean)
    return mean - m @ period / count, period


def _treated(panel: Panel) -> Numbers:
    return (panel.first[:, None] <= panel.periods).astype(float)


def _compared(panel: Panel, start: Numbers, k: float, m: float) -> list[tuple]:
    """Both comparisons of the cohorts k and m, k the earlier, those without weight left out."""
    early, late = start == k, start == m
    units = float(early.sum()) * float(late.sum())
    share_k, share_m = (float((panel.periods >= g).mean()) for g in (k, m))
    rows = []
    if share_k < 1:
        kind = "never" if m == np.inf else "later"
        estimate = _differences(panel, early, late, panel.periods < m, k)
        rows.append((k, m, kind, estimate, units * (share_k - share_m) * (1 - share_k)))
    if share_m > 0:
        kind = "always" if k == -np.inf else "earlier"
        estimate = _differences(panel, late, early, panel.periods >= k, m)
        rows.append((m, k, kind, estimate, units * share_m * (share_k - share_m)))
    return rows


def _differences(panel: Panel, of: Flags, to: Flags, within: Flags, start: float) -> float:
    after, before = within & (panel.periods >= start), within & (panel.periods < start)
    change = panel.outcome[:, after].mean(axis=1) - panel.outcome[:, before].mean(axis=1)
    return float(change[of].mean() - change[to].mean())


def _refused(found: str) -> ContractError:
    return ContractError(
        "two-way effects",
        found=found,
        expected="known outcomes of units that start at different times, or never",
        do="look at the cohorts of the panel; compare a balanced panel",
    )
