"""The effect from one regression with a coefficient per cohort and period since treatment.

Sun and Abraham 2021: the interaction-weighted estimator. In a panel without unknown outcomes it
equals `group_time` against the never treated with a universal base, which is its use here: a check
by another road.
"""

import numpy as np

from analysis.inference.effects.aggregate import EventStudy, by_event
from analysis.inference.effects.group_time import GroupTime
from analysis.inference.effects.panel import Flags, Numbers, Panel, checked, cohorts
from analysis.inference.effects.twoway import without_effects
from analysis.refusal import ContractError


def sun_abraham(panel: Panel) -> EventStudy:
    """Effects by period since treatment, against the last period before it, as 0.

    Parameters
    ----------
    panel : units treated from the first period on are left out. Where no unit is never treated, the
        last cohort serves as such, and periods from its treatment on are left out.

    Returns
    -------
    EventStudy; cohorts weighted by their units, and the spread of these weights included.

    Raises
    ------
    ContractError : no cohort with a period before treatment; coefficients that cannot be told apart

    Notes
    -----
    Least squares of y_it on unit and period effects and 1[G=g] 1[t - g = e] for e other than the
    reference; influence units sum_t x_it e_it (x'x)^-1 of the columns less their effects.
    """
    panel = checked(panel)
    known, treated = _served(panel)
    cells = _cells(panel, known, treated)
    group, period, columns = (np.array(part) for part in zip(*cells, strict=True))
    before = {g: panel.periods[panel.periods < g][-1] for g in treated}
    reference = period == np.array([before[g] for g in group.tolist()])
    estimate, influence = np.zeros(len(cells)), np.zeros((len(panel.first), len(cells)))
    estimate[~reference], influence[:, ~reference] = _least_squares(
        panel.outcome, np.moveaxis(columns[~reference], 0, 2).astype(float), known
    )
    size = np.array([int((panel.first == g).sum()) for g in group.tolist()])
    seen = columns.sum(axis=(1, 2))
    return by_event(GroupTime(group, period, estimate, influence, size, seen, panel.first))


def _served(panel: Panel) -> tuple[Flags, list[int]]:
    """The cells that serve, and the cohorts that have an effect."""
    known = ~np.isnan(panel.outcome) & (panel.first > panel.periods[0])[:, None]
    treated = [g for g in cohorts(panel).tolist() if g > panel.periods[0]]
    if treated and not (panel.first > panel.periods[-1]).any():
        last = treated.pop()
        known &= panel.periods < last
    if not treated:
        raise _refused("no cohort with a period before treatment, and others to compare with")
    return known, treated


def _cells(panel: Panel, known: Flags, treated: list[int]) -> list[tuple[int, int, Flags]]:
    """Cohort, period and the known cells of every coefficient, the references among them."""
    found = []
    for g in treated:
        for at, period in enumerate(panel.periods.tolist()):
            cells = np.zeros_like(known)
            cells[:, at] = known[:, at] & (panel.first == g)
            if cells.any():
                found.append((g, period, cells))
    return found


def _least_squares(outcome: Numbers, columns: Numbers, known: Flags) -> tuple[Numbers, Numbers]:
    left = without_effects(np.concatenate([outcome[..., None], columns], axis=2), known)
    y, x = left[..., 0], left[..., 1:]
    inner = np.einsum("itk,itm->km", x, x)
    if np.linalg.matrix_rank(inner, hermitian=True) < len(inner):
        raise _refused("coefficients that cannot be told apart, so too few known outcomes")
    b = np.linalg.solve(inner, np.einsum("itk,it->k", x, y))
    scores = np.einsum("itk,it->ik", x, y - x @ b)
    return b, np.linalg.solve(inner, scores.T).T * len(y)


def _refused(found: str) -> ContractError:
    return ContractError(
        "effects by interaction",
        found=found,
        expected="cohorts known before and after treatment, and units not treated meanwhile",
        do="use effects by cohort and period, which need known outcomes only two by two",
    )
