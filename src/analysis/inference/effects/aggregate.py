"""Effects of cohorts in periods put together, the spread of the weights included.

Weights are the cohorts' numbers of units, which are themselves an outcome of the draw: Callaway and
Sant'Anna 2021, with the part that estimated weights add to the influence.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

import numpy as np

from analysis.inference.effects.group_time import GroupTime
from analysis.inference.effects.panel import Flags, Numbers, Whole
from analysis.refusal import ContractError


class Estimate(NamedTuple):
    """One number; `influence` (units,), clustered by unit."""

    estimate: float
    influence: Numbers

    @property
    def se(self) -> float:
        """Standard error: sqrt(mean(influence**2)/units)."""
        return float(np.sqrt((self.influence**2).mean() / len(self.influence)))


class EventStudy(NamedTuple):
    """One number per event, a period after (before: negative) treatment; or one per cohort.

    `influence` (units, events); `treated` the treated units whose outcomes are behind each.
    """

    event: Whole
    estimate: Numbers
    influence: Numbers
    treated: Whole

    @property
    def se(self) -> Numbers:
        """Standard errors; 0 at the event that is the reference."""
        return np.sqrt((self.influence**2).mean(axis=0) / len(self.influence))

    @property
    def covariance(self) -> Numbers:
        """(events, events), clustered by unit."""
        return self.influence.T @ self.influence / len(self.influence) ** 2


def simple(gt: GroupTime) -> Estimate:
    """The mean of all cells from treatment on, each weighted by its cohort's units."""
    return _weighted(gt, gt.period >= gt.group)


def by_group(gt: GroupTime) -> EventStudy:
    """For each cohort the mean of its periods from treatment on; `event` is the cohort's label."""
    treated = gt.period >= gt.group
    return _study(gt, np.unique(gt.group[treated]), lambda g: treated & (gt.group == g), _mean)


def over_groups(gt: GroupTime) -> Estimate:
    """The mean of `by_group` over cohorts, weighted by their units: over units, not unit-years."""
    groups = by_group(gt)
    size = np.array([gt.size[gt.group == g][0] for g in groups.event.tolist()])
    return _shared(groups.estimate, groups.influence, groups.event, size, gt.first)


def by_event(
    gt: GroupTime, *, window: tuple[int, int] | None = None, min_units: int = 1
) -> EventStudy:
    """theta(e) = sum over g of P(G=g | cells with t - g = e) ATT(g, g + e).

    Parameters
    ----------
    window : first and last event, both included
    min_units : an event with fewer treated units is left out

    Returns
    -------
    EventStudy with events increasing; with a universal base its reference is among them, as 0.
    """
    at = gt.period - gt.group
    events = np.unique(at)
    if window is not None:
        events = events[(events >= window[0]) & (events <= window[1])]
    study = _study(gt, events, lambda e: at == e, _weighted)
    kept = study.treated >= min_units
    if not kept.any():
        raise _refused(f"no event with {min_units} treated units within {window or 'the panel'}")
    return EventStudy(
        study.event[kept], study.estimate[kept], study.influence[:, kept], study.treated[kept]
    )


def overall(study: EventStudy, events: Iterable[int]) -> Estimate:
    """The plain mean over events; each must be there."""
    wanted = sorted(set(events))
    missing = [e for e in wanted if e not in set(study.event.tolist())]
    if missing or not wanted:
        raise _refused(f"no estimate for the events {missing}" if missing else "no events")
    at = np.searchsorted(study.event, wanted)
    return Estimate(float(study.estimate[at].mean()), study.influence[:, at].mean(axis=1))


def _study(
    gt: GroupTime,
    labels: Whole,
    cells: Callable[[int], Flags],
    combined: Callable[[GroupTime, Flags], Estimate],
) -> EventStudy:
    chosen = [cells(label) for label in labels.tolist()]
    if not chosen:
        raise _refused("no cell to put together")
    parts = [combined(gt, cell) for cell in chosen]
    return EventStudy(
        labels,
        np.array([part.estimate for part in parts]),
        np.column_stack([part.influence for part in parts]),
        np.array([_treated(gt, cell) for cell in chosen]),
    )


def _treated(gt: GroupTime, cells: Flags) -> int:
    """Units behind the cells; of a cohort with more cells, those of the fullest."""
    return sum(int(gt.seen[cells & (gt.group == g)].max()) for g in np.unique(gt.group[cells]))


def _mean(gt: GroupTime, cells: Flags) -> Estimate:
    return Estimate(float(gt.estimate[cells].mean()), gt.influence[:, cells].mean(axis=1))


def _weighted(gt: GroupTime, cells: Flags) -> Estimate:
    if not cells.any():
        raise _refused("no cell from treatment on")
    return _shared(
        gt.estimate[cells], gt.influence[:, cells], gt.group[cells], gt.size[cells], gt.first
    )


def _shared(
    estimate: Numbers, influence: Numbers, group: Whole, size: Whole, first: Numbers
) -> Estimate:
    """Sum of estimates by share p_g/sum p, and w'IF + sum (1[G=g] - p_g)(ATT_g - ATT)/sum p."""
    weights = size / size.sum()
    value = float((weights * estimate).sum())
    units, off = len(first), (estimate - value) / size.sum()
    # sum over cells of p_g (ATT_g - ATT) is 0, so p_g itself drops out of the last part.
    of_weights = (first[:, None] == group) @ off * units
    return Estimate(value, (influence * weights).sum(axis=1) + of_weights)


def _refused(found: str) -> ContractError:
    return ContractError(
        "effects put together",
        found=found,
        expected="at least one cell behind each number asked for",
        do="ask for events within the panel, or lower the number of units asked",
    )
