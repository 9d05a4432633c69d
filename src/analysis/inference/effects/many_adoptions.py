"""The overall effect under many adoptions at once: for permutations, and with units left out.

The numbers of `group_time`, `by_event` and `overall` without covariates against units not treated
yet, by matrix products over adoptions.
"""

from collections.abc import Iterable

import numpy as np

from analysis.inference.effects.panel import Flags, Numbers, Panel, checked, cohorts

_BY = 100  # adoptions worked out at a time


def overall_drawn(
    panel: Panel, first: Numbers, *, events: Iterable[int], delta: int = 0
) -> tuple[Numbers, Numbers]:
    """Overall effect and its standard error under each of several adoptions.

    Parameters
    ----------
    panel : its covariates are not used, and its `first` only for which cohorts there are
    first : (adoptions, units) first treated period; not a number leaves the unit out

    Returns
    -------
    Two of shape (adoptions,), not a number where an event has no cell.

    Notes
    -----
    ATT(g,t) = mean of Y_t - Y_base over cohort g, less that over units with first > t + delta;
    base the last period before g - delta. theta(e) weighs cohorts by their units; overall is the
    mean over e. Influences as in group_time and aggregate.
    """
    panel, adopted = checked(panel), np.asarray(first, dtype=float)
    wanted = sorted(set(events))
    parts = [
        _overall(panel, adopted[begin : begin + _BY], wanted, delta)
        for begin in range(0, len(adopted), _BY)
    ]
    estimate, se = (np.concatenate(column) for column in zip(*parts, strict=True))
    return estimate, se


def _overall(panel: Panel, first: Numbers, events: list[int], delta: int) -> tuple:
    """Mean over events of theta(e) and the root of its mean squared influence."""
    present = ~np.isnan(first)
    units = present.sum(axis=1)
    estimate, influence = np.zeros(len(first)), np.zeros(first.shape)
    for event in events:
        cells = _cells(panel, event, delta)
        value, part = _theta(first, cells, delta, units)
        estimate += value / len(events)
        influence += part / len(events)
    return estimate, np.sqrt((influence**2).sum(axis=1)) / units


def _cells(panel: Panel, event: int, delta: int) -> list[tuple[int, int, Numbers]]:
    """Of each cohort: its label, the later of both periods, what each unit changed by."""
    labels = panel.periods.tolist()
    found = []
    for g in cohorts(panel).tolist():
        before = int(np.searchsorted(panel.periods, g - delta)) - 1
        if before >= 0 and g + event in labels:
            at = labels.index(g + event)
            change = panel.outcome[:, at] - panel.outcome[:, before]
            found.append((g, max(g + event, labels[before]), change))
    return found


def _theta(
    first: Numbers, cells: list[tuple[int, int, Numbers]], delta: int, units: Numbers
) -> tuple[Numbers, Numbers]:
    """Effect at one event, and its influences; not a number without a cell."""
    parts = [_cell(first, *cell, delta) for cell in cells]
    size = sum((there for _, _, there, _ in parts), np.zeros(len(first)))
    with np.errstate(divide="ignore", invalid="ignore"):
        value = sum((att * there for att, _, there, _ in parts), np.zeros(len(first))) / size
        influence = np.zeros(first.shape)
        for att, part, there, cohort in parts:
            influence += part * (there / size)[:, None]
            influence += cohort * np.where(there > 0, (att - value) / size, 0.0)[:, None]
        return value, influence * units[:, None]


def _cell(
    first: Numbers, g: int, latest: int, change: Numbers, delta: int
) -> tuple[Numbers, Numbers, Numbers, Flags]:
    """ATT(g,t), its influences over units, the cohort's size (0: no cell), and who is in it."""
    known, moved = ~np.isnan(change), np.where(np.isnan(change), 0.0, change)
    cohort = first == g
    treated = (cohort & known).astype(float)
    control = ((first > latest + delta) & ~cohort & known).astype(float)
    counts = treated.sum(axis=1), control.sum(axis=1)
    there = (counts[0] > 0) & (counts[1] > 0)
    means, parts = [], []
    for side, count in zip((treated, control), counts, strict=True):
        most = np.where(there, count, np.inf)  # without a cell all is 0
        mean = (side @ moved) / most
        means.append(mean)
        parts.append(side * (moved - mean[:, None]) / most[:, None])
    size = np.where(there, cohort.sum(axis=1), 0)
    return means[0] - means[1], parts[0] - parts[1], size, cohort
