"""The effect as outcome less what untreated cells say it would have been without treatment.

Borusyak, Jaravel and Spiess 2024. Unit and period effects are fitted on untreated cells alone, so
no treated cell is a control. More precise than `group_time` where trends run parallel over the
whole panel, more wrong where they part slowly.
"""

from typing import NamedTuple

import numpy as np

from analysis.inference.effects.aggregate import Estimate, EventStudy
from analysis.inference.effects.panel import Flags, Numbers, Panel, Whole, checked
from analysis.inference.effects.twoway import solved
from analysis.refusal import ContractError


class _Fitted(NamedTuple):
    """Per unit and period: `left`, outcome less both effects; which cells served; which have one.

    `event` is period less first treated period, of no meaning for the never treated.
    """

    left: Numbers
    untreated: Flags
    imputed: Flags
    event: Numbers
    panel: Panel


def imputation(panel: Panel, *, delta: int = 0) -> EventStudy:
    """Mean effect by period after treatment, from -delta on, over the treated cells known.

    Parameters
    ----------
    delta : periods before `first` in which units may already react, which do not count as untreated

    Returns
    -------
    EventStudy; a treated cell whose unit or period has no untreated cell is left out.

    Raises
    ------
    ContractError : no treated cell that can be imputed; units and periods that fall apart in parts
        that share no untreated cell

    Notes
    -----
    tau_it = y_it - alpha_i - beta_t. Influence as in the source: units sum_t v_it e_it, with
    v the weights of all outcomes in the estimate and e what is left; in a treated cell, the effect
    less the mean of its cohort in that period. So it holds the numbers of units fixed, is
    conservative where effects differ within a cohort, and says nothing of a cohort of one.
    """
    fitted = _fitted(panel, delta)
    events = np.unique(fitted.event[fitted.imputed]).astype(np.int64)
    return _study(fitted, events, [fitted.event == e for e in events.tolist()])


def imputation_by_cohort(panel: Panel) -> EventStudy:
    """Mean effect of each cohort over its treated cells; `event` is its first treated period."""
    fitted = _fitted(panel, 0)
    labels = np.unique(fitted.panel.first[fitted.imputed.any(axis=1)]).astype(np.int64)
    at = np.broadcast_to(fitted.panel.first[:, None], fitted.left.shape)
    return _study(fitted, labels, [at == g for g in labels.tolist()])


def imputation_overall(panel: Panel, *, delta: int = 0) -> Estimate:
    """Mean effect over all cells from `first` on, each of them equally."""
    fitted = _fitted(panel, delta)
    study = _study(fitted, np.array([0]), [fitted.event >= 0])
    return Estimate(float(study.estimate[0]), study.influence[:, 0])


def _fitted(panel: Panel, delta: int) -> _Fitted:
    panel = checked(panel)
    if delta < 0:
        raise _refused(f"a delta of {delta} periods")
    known = ~np.isnan(panel.outcome)
    event = panel.periods - panel.first[:, None]
    untreated = known & (event < -delta)
    y = np.where(untreated, panel.outcome, 0.0)
    unit, period = solved(untreated, y.sum(axis=1)[:, None], y.sum(axis=0)[:, None])
    has_unit, has_period = np.asarray(untreated.any(axis=1)), np.asarray(untreated.any(axis=0))
    imputed = known & ~untreated & has_unit[:, None] & has_period
    if not (imputed & (event >= 0)).any():
        raise _refused("no treated outcome whose unit and period have an untreated one")
    if not _connected(untreated[np.ix_(has_unit, has_period)]):
        raise _refused("units and periods in parts that share no untreated outcome")
    left = np.where(untreated | imputed, panel.outcome - unit - period.T, 0.0)
    return _Fitted(left, untreated, imputed, event, panel)


def _connected(cells: Flags) -> bool:
    """Whether each period is reached from the first through units known in both."""
    reached = np.zeros(cells.shape[1], dtype=bool)
    reached[0] = True
    while True:
        further = cells[cells[:, reached].any(axis=1)].any(axis=0) | reached
        if (further == reached).all():
            return bool(reached.all())
        reached = further


def _study(fitted: _Fitted, labels: Whole, cells: list[Flags]) -> EventStudy:
    """Mean of the effects over each set of cells."""
    chosen = np.stack(cells, axis=2) & fitted.imputed[..., None]
    weight = chosen / chosen.sum(axis=(0, 1))
    estimate = (weight * fitted.left[..., None]).sum(axis=(0, 1))
    unit, period = solved(fitted.untreated, weight.sum(axis=1), weight.sum(axis=0))
    back = -(unit[:, None, :] + period[None, :, :]) * fitted.untreated[..., None]
    influence = ((weight + back) * _noise(fitted)[..., None]).sum(axis=1) * len(fitted.left)
    return EventStudy(labels, estimate, influence, chosen.any(axis=1).sum(axis=0))


def _noise(fitted: _Fitted) -> Numbers:
    """What is left in untreated cells; in treated ones, less the mean of cohort and period."""
    noise = fitted.left.copy()
    for g in np.unique(fitted.panel.first[fitted.imputed.any(axis=1)]).tolist():
        cells = fitted.imputed & (fitted.panel.first == g)[:, None]
        mean = (fitted.left * cells).sum(axis=0) / np.maximum(cells.sum(axis=0), 1)
        noise -= mean * cells
    return noise


def _refused(found: str) -> ContractError:
    return ContractError(
        "effects by imputation",
        found=found,
        expected="untreated outcomes of the treated units, and of others in the same periods",
        do="leave out units treated from the start, or periods in which all are treated",
    )
