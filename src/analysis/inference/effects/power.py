"""The smallest effect that this panel can show, by simulation, before any effect is estimated.

The outcome is replaced by noise of which the effect is known to be nil, with the cohorts, the
periods and the missing years of the panel at hand; then it is seen how large an effect has to be.
"""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from analysis.inference.effects.panel import Numbers, Panel, checked, cohorts
from analysis.refusal import ContractError

_ROUNDS = 200  # of taking means out of rows and columns in turn
_MOST = 0.9  # of the correlation of a year with the one before


class Noise(NamedTuple):
    """What moves outcomes within a unit: its standard deviation, and how years hang together."""

    sd: float
    rho: float
    known: int


class Detectable(NamedTuple):
    """`effect`: the smallest found with the wished power; `se`: of estimates without any effect.

    `treated`, `controls`: units behind it. Units of the outcome.
    """

    effect: float
    se: float
    treated: int
    controls: int


def weights(panel: Panel, *, events: Iterable[int], delta: int = 0, min_units: int = 1) -> Numbers:
    """What each outcome weighs in the overall effect on the treated, (units, periods).

    The overall effect is the plain mean over `events` of the cohorts' effects, weighted by their
    units, against units not treated by then (Callaway and Sant'Anna 2021; methods 4.3, without
    covariates, universal base): a weighted sum of the outcomes, so of noise as well.

    Raises
    ------
    ContractError : no event has `min_units` treated units with known outcomes
    """
    panel = checked(panel)
    found = [_event(panel, event, delta) for event in events]
    there = [part for part, treated in found if treated >= max(min_units, 1)]
    if not there:
        raise ContractError(
            "the smallest effect that can be seen",
            found="no event with treated and control units whose outcomes are known",
            expected=f"{min_units} treated units at one event at least",
            do="merge small cohorts, widen the panel, or ask for other events",
        )
    return np.sum(there, axis=0) / len(there)


def treated_at(panel: Panel, event: int, *, delta: int = 0) -> int:
    """Treated units whose outcomes are known at an event and before it, with units to compare."""
    return _event(checked(panel), event, delta)[1]


def _event(panel: Panel, event: int, delta: int) -> tuple[Numbers, int]:
    """Weights of one event, and its treated units."""
    known, periods = ~np.isnan(panel.outcome), panel.periods.tolist()
    total, size, seen = np.zeros(panel.outcome.shape), 0, 0
    for g in cohorts(panel).tolist():
        before = int(np.searchsorted(periods, g - delta)) - 1
        if before < 0 or g + event not in periods:
            continue
        now = periods.index(g + event)
        both = known[:, now] & known[:, before]
        treated = both & (panel.first == g)
        control = both & (panel.first != g) & (panel.first > periods[max(now, before)] + delta)
        if treated.any() and control.any():
            cohort = int((panel.first == g).sum())
            part = cohort * (treated / treated.sum() - control / control.sum())
            total[:, now] += part
            total[:, before] -= part
            size, seen = size + cohort, seen + int(treated.sum())
    return (total / size if size else total), seen


def noise(panel: Panel, *, delta: int = 0) -> Noise:
    """How outcomes move within units, from years in which nobody is treated or about to be.

    sd is that of what is left without unit and period means, over the degrees of freedom that are
    left; rho the correlation with the year before, not below 0 (which makes the result cautious:
    in a short panel rho comes out too small, and a larger one makes differences surer).
    """
    panel = checked(panel)
    free = panel.periods[None, :] < panel.first[:, None] - delta
    left, degrees = _left(np.where(free, panel.outcome, np.nan))
    if degrees < 1:
        return Noise(float("nan"), 0.0, int(np.isfinite(left).sum()))
    pairs = np.isfinite(left[:, 1:]) & np.isfinite(left[:, :-1])
    now, before = left[:, 1:][pairs], left[:, :-1][pairs]
    spread = float(np.sqrt((now**2).sum() * (before**2).sum()))
    rho = float((now * before).sum()) / spread if spread else 0.0
    sd = float(np.sqrt(np.nansum(left**2) / degrees))
    return Noise(sd, min(max(rho, 0.0), _MOST), int(np.isfinite(left).sum()))


def _left(values: Numbers) -> tuple[Numbers, int]:
    """Values without unit and period means (in turn, until nothing changes), degrees of freedom."""
    known = np.isfinite(values)
    rows, columns = known.sum(axis=1), known.sum(axis=0)
    left = np.where(known, values, 0.0)
    for _ in range(_ROUNDS):
        moved = left.sum(axis=1) / np.maximum(rows, 1)
        left -= known * moved[:, None]
        shifted = left.sum(axis=0) / np.maximum(columns, 1)
        left -= known * shifted
        if max(np.abs(moved).max(), np.abs(shifted).max()) < 1e-13:
            break
    degrees = int(known.sum() - (rows > 0).sum() - (columns > 0).sum() + known.any())
    return np.where(known, left, np.nan), degrees


def minimum_detectable(
    panel: Panel,
    *,
    events: Iterable[int],
    delta: int = 0,
    min_units: int = 1,
    sd: float = 1.0,
    rho: float = 0.0,
    alpha: float = 0.05,
    power: float = 0.8,
    draws: int = 1999,
    seed: int,
) -> Detectable:
    """The smallest overall effect found with the wished power, for the panel as it is.

    Parameters
    ----------
    panel : of the outcomes only is used which are known
    events : over which the overall effect is the mean
    sd, rho : of the noise within a unit; with sd 1 the answer is in standard deviations
    draws : panels of noise, from the generator that `seed` starts

    Notes
    -----
    Each panel of noise is normal, with correlation rho**k between years k apart. Half the draws
    mirror the other half. The critical value c is the 1 - alpha quantile of |estimate|; the answer
    is the smallest effect x with |x + estimate| > c in the wished share of draws. Methods 4.4.
    """
    panel = checked(panel)
    w = weights(panel, events=events, delta=delta, min_units=min_units)
    estimates = sd * _of_noise(w, panel.periods, rho, draws, seed)
    critical = float(np.quantile(np.abs(estimates), 1 - alpha))
    effect = critical - float(np.quantile(estimates, 1 - power))
    behind = np.abs(w).sum(axis=1) > 0
    treated = behind & (panel.first <= panel.periods[-1]) & (_net(w, panel) > 0)
    return Detectable(
        effect, float(estimates.std()), int(treated.sum()), int((behind & ~treated).sum())
    )


def _net(w: Numbers, panel: Panel) -> Numbers:
    """Sum of the weights from treatment on: above 0 of who is among the treated."""
    after = panel.periods[None, :] >= panel.first[:, None]
    return (w * after).sum(axis=1)


def _of_noise(w: Numbers, periods: object, rho: float, draws: int, seed: int) -> Numbers:
    """The weighted sum of noise of standard deviation 1, in each draw.

    What a unit adds is normal with variance w'Rw, R its correlation between years.
    """
    labels = np.asarray(periods, dtype=float)
    together = rho ** np.abs(labels[:, None] - labels[None, :]) if rho else np.eye(len(labels))
    spread = np.sqrt(np.maximum(((w @ together) * w).sum(axis=1), 0.0))
    half = -(-draws // 2)
    sums = np.random.default_rng(seed).standard_normal((half, len(w))) @ spread
    return np.concatenate([sums, -sums])[:draws]
