"""The effect on each cohort in each period, against units that are not treated by then.

Callaway and Sant'Anna 2021. Every comparison is a difference of two differences; a unit already
treated is never a control.
"""

from typing import Literal, NamedTuple

import numpy as np

from analysis.inference.effects.doubly_robust import METHODS
from analysis.inference.effects.panel import Flags, Numbers, Panel, Whole, checked, cohorts
from analysis.refusal import ContractError

Control = Literal["notyet", "never"]
Method = Literal["dr", "reg", "ipw"]
Base = Literal["universal", "varying"]


class GroupTime(NamedTuple):
    """One entry per cell, a cohort in a period; cohorts increasing, and periods within a cohort.

    `group` and `period` are labels; `estimate` ATT(g,t); `influence` (units, cells), with
    se = sqrt(mean(influence**2)/units); `size` units of the cohort, which weigh it; `seen` those of
    them whose two outcomes are known; `first` (units,) as in the panel.
    """

    group: Whole
    period: Whole
    estimate: Numbers
    influence: Numbers
    size: Whole
    seen: Whole
    first: Numbers

    @property
    def se(self) -> Numbers:
        """Standard error of each cell, clustered by unit."""
        return np.sqrt((self.influence**2).mean(axis=0) / len(self.influence))


class _Cells(NamedTuple):
    """The cells of one cohort: the difference to be compared, and who is treated and control."""

    label: int
    period: Whole
    change: Numbers
    treated: Flags
    control: Flags


def group_time(
    panel: Panel,
    *,
    control: Control = "notyet",
    method: Method = "dr",
    delta: int = 0,
    base: Base = "universal",
) -> GroupTime:
    """ATT(g,t), the effect in period t on the units first treated in g.

    Parameters
    ----------
    panel : a unit counts in a cell when its outcome is known in both periods compared
    control : `notyet`, units not treated before the later of both periods + delta; or `never`,
        units not treated within the panel
    method : what covariates are used for; without covariates all three are the same
    delta : periods before `first` in which units may already react
    base : every period against g - delta - 1, the last one before; or (`varying`) periods before
        g - delta against the one before each

    Returns
    -------
    GroupTime; a cell without known treated or control units is left out, and so is a cohort that
    is treated from the first period on. With a universal base the base itself is there, as 0.

    Raises
    ------
    ContractError : no cell at all; covariates that cannot be told apart in a cell, or that tell
        treated from control units for certain

    Notes
    -----
    Without covariates, with D = Y_t - Y_base, m the mean of each side and p its share of units:
    ATT = m_1 - m_0, influence 1[G=g]/p_g (D - m_1) - 1[C]/p_C (D - m_0). A cell with one treated
    unit shows no spread of its own: merge small cohorts first.
    """
    panel = checked(panel)
    _possible(control, method, base, delta)
    parts = [
        _estimated(panel, cells, method)
        for cells in (_cells(panel, g, control, delta, base) for g in cohorts(panel).tolist())
        if cells.period.size
    ]
    if not parts:
        raise _refused("no cohort with known outcomes before and after, and units to compare with")
    group, period, estimate, influence, size, seen = (
        np.concatenate(column, axis=-1) for column in zip(*parts, strict=True)
    )
    return GroupTime(group, period, estimate, influence, size, seen, panel.first)


def _cells(panel: Panel, g: int, control: Control, delta: int, base: Base) -> _Cells:
    periods = panel.periods
    before = int(np.searchsorted(periods, g - delta)) - 1
    columns = np.arange(len(periods))
    if before < 0:
        columns = columns[:0]
    against = np.full(len(columns), before)
    if base == "varying":
        columns = columns[1:]
        against = np.minimum(columns - 1, before)
    change = panel.outcome[:, columns] - panel.outcome[:, against]
    known = ~np.isnan(change)
    latest = periods[np.maximum(columns, against)] + delta
    latest = np.full(len(columns), periods[-1] + delta) if control == "never" else latest
    treated = known & (panel.first == g)[:, None]
    compared = known & (panel.first != g)[:, None] & (panel.first[:, None] > latest)
    there = treated.any(axis=0) & compared.any(axis=0)
    return _Cells(
        g, periods[columns][there], change[:, there], treated[:, there], compared[:, there]
    )


def _estimated(panel: Panel, cells: _Cells, method: Method) -> tuple:
    """Group, period, estimate, influence, size and seen of the cells of a cohort."""
    if panel.covariates is None:
        estimate, influence = _unadjusted(cells)
    else:
        estimate, influence = _all_adjusted(cells, panel.covariates, method)
    group = np.full(len(cells.period), cells.label)
    size = np.full(len(group), int((panel.first == cells.label).sum()))
    return group, cells.period, estimate, influence, size, cells.treated.sum(axis=0)


def _unadjusted(cells: _Cells) -> tuple[Numbers, Numbers]:
    units, change = len(cells.change), np.where(np.isnan(cells.change), 0.0, cells.change)
    means, parts = [], []
    for side in (cells.treated, cells.control):
        count = side.sum(axis=0)
        mean = (change * side).sum(axis=0) / count
        means.append(mean)
        parts.append(side * (change - mean) * (units / count))
    return means[0] - means[1], parts[0] - parts[1]


def _all_adjusted(cells: _Cells, covariates: Numbers, method: Method) -> tuple[Numbers, Numbers]:
    units = len(covariates)
    x = np.column_stack([np.ones(units), covariates])
    estimate, influence = np.zeros(len(cells.period)), np.zeros((units, len(cells.period)))
    for at, period in enumerate(cells.period.tolist()):
        rows = cells.treated[:, at] | cells.control[:, at]
        change, treated = cells.change[rows, at], cells.treated[rows, at].astype(float)
        if not change.any():
            continue  # the base against itself
        try:
            estimate[at], part = METHODS[method](change, treated, x[rows])
        except np.linalg.LinAlgError as error:
            raise _refused(f"{error}, cohort {cells.label} in {period}") from error
        influence[rows, at] = part * (units / len(change))
    return estimate, influence


_CONTROLS, _BASES = ("notyet", "never"), ("universal", "varying")


def _possible(control: str, method: str, base: str, delta: int) -> None:
    for given, known in ((control, _CONTROLS), (method, METHODS), (base, _BASES)):
        if given not in known:
            raise _refused(f"`{given}`, which is none of {', '.join(known)}")
    if delta < 0:
        raise _refused(f"a delta of {delta} periods")


def _refused(found: str) -> ContractError:
    return ContractError(
        "effects by cohort and period",
        found=found,
        expected="treated and control units enough for each comparison",
        do="merge small cohorts, leave out a covariate, or widen the panel",
    )
