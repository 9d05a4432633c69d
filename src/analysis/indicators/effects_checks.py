"""What could make the estimate of record wrong, and the same effect estimated otherwise."""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import numpy as np

from analysis.indicators.effects_panel import Study, before, chosen, panel_of
from analysis.indicators.effects_plan import Laid
from analysis.indicators.effects_study import Found, Seen, whole
from analysis.inference.effects import diagnostics
from analysis.inference.effects.aggregate import Estimate, overall
from analysis.inference.effects.diagnostics import LeaveOneOut, Placebo, placebo_date
from analysis.inference.effects.honest_path import Coefficients, Robust, around, mean_over
from analysis.inference.effects.honest_relative import relative_magnitude
from analysis.inference.effects.imputation import imputation
from analysis.inference.effects.interaction import sun_abraham
from analysis.inference.effects.panel import Numbers, Panel
from analysis.inference.effects.pretrends import half_explained, joint_wald
from analysis.inference.effects.twoway import twoway
from analysis.refusal import ContractError

_WITH = {"with-contract": ("y1-innovation", "y1-with-contract"),
         "unknown-no": ("y4-startups", "y4-unknown-no"),
         "unknown-yes": ("y4-startups", "y4-unknown-yes")}  # fmt: skip


class Pretrend(NamedTuple):
    """Joint test of the years before: p, and its power against the slope that matters."""

    p: float
    df: int
    power: float


class Checks(NamedTuple):
    """Diagnostics of one outcome; None where they cannot be made."""

    pretrend: Pretrend | None
    honest: tuple[Robust, ...]
    breakdown: float | None
    cohorts: LeaveOneOut | None
    buyers: LeaveOneOut | None
    date: Placebo | None


def checks(told: Seen, found: Found, laid: Laid) -> Checks:
    """Every diagnostic of an outcome that the plan names."""
    panel, events, delta = told.panel, told.events, laid.anticipation
    honest = _honest(found, laid, events)

    def estimator(one: Panel) -> Estimate:
        return whole(one, events, delta=delta)

    # Before the true anticipation there are shift - delta years, dated as the first ones after.
    early = tuple(range(laid.diagnostics.placebo_shift - delta))

    def early_estimator(one: Panel) -> Estimate:
        return whole(one, early, delta=0)

    shift = laid.diagnostics.placebo_shift
    return Checks(
        _or_none(lambda: _pretrend(found, laid)),
        honest,
        breakdown(honest),
        _or_none(lambda: diagnostics.leave_one_out(panel, estimator)),
        _or_none(lambda: diagnostics.leave_one_unit_out(panel, events=events, delta=delta)),
        _or_none(lambda: placebo_date(panel, early_estimator, years=shift, delta=delta)),
    )


def _pretrend(found: Found, laid: Laid) -> Pretrend:
    """Joint Wald test of the years before; power against a slope that gives half the effect."""
    reference = -laid.anticipation - 1
    after = [event for event in found.study.event.tolist() if event >= 0]
    tested = joint_wald(found.study, reference=reference)
    half = half_explained(found.study, after, reference=reference)
    return Pretrend(tested.p, tested.df, half.power)


def _honest(found: Found, laid: Laid, events: tuple[int, ...]) -> tuple[Robust, ...]:
    reference, limits = -laid.anticipation - 1, laid.diagnostics.mbar
    try:
        path: Coefficients = around(found.study, reference=reference)
        weights = mean_over(found.study, events, reference=reference)
        return relative_magnitude(*path, limits, weights=weights, alpha=1 - laid.inference.level)
    except ContractError:
        return ()


def breakdown(honest: tuple[Robust, ...]) -> float | None:
    """The largest limit of the grid up to which every interval keeps to one side of 0.

    Missing where there are no intervals; 0 where not even the first one does, or only that one.
    """
    if not honest:
        return None
    last = 0.0
    for one in honest:
        if one.low <= 0 <= one.high:
            break
        last = one.limit
    return last


def balance(found: Study, laid: Laid, *, sample: str) -> tuple[list[str], Numbers, Numbers]:
    """Names, standardised differences and units known, of adopters in a cohort against controls."""
    inside, known = chosen(found, sample), before(found, laid)
    opened = found.years[0] + laid.anticipation
    cohort = found.units["cohort"].to_numpy(float)[inside]
    treated = cohort > opened
    compared = treated | np.isnan(cohort)
    if not 0 < treated.sum() < compared.sum():
        return list(known), np.full(len(known), np.nan), np.zeros(len(known))
    columns = np.column_stack([values[inside] for values in known.values()])
    told = diagnostics.balance(treated[compared], columns[compared])
    return list(known), told.smd, told.known.astype(float)


def otherwise(
    found: Study, outcome: str, told: Seen, laid: Laid
) -> Iterator[tuple[str, Estimate | None]]:
    """The overall effect under every check of the plan that goes with the outcome."""
    for name in laid.checks:
        if name in _WITH and _WITH[name][0] != outcome:
            continue
        yield name, _or_none(lambda name=name: _specified(found, outcome, told, laid, name))


def _specified(found: Study, outcome: str, told: Seen, laid: Laid, name: str) -> Estimate:
    sample, delta, events = laid.controls.record, laid.anticipation, told.events
    if name in _WITH:
        other = panel_of(found, _WITH[name][1], laid, sample=sample)
        return whole(other, events, delta=delta)
    if name == "everyone":
        second = panel_of(found, outcome, laid, sample=laid.controls.second)
        return whole(second, events, delta=delta)
    return _ESTIMATORS[name](_adjusting(found, laid, told.panel, name), events, delta)


def _adjusting(found: Study, laid: Laid, panel: Panel, name: str) -> Panel:
    if name != "adjusted":
        return panel
    known = before(found, laid)
    inside = chosen(found, laid.controls.record)
    return panel._replace(
        covariates=np.column_stack([known[one][inside] for one in ("local", "lots")])
    )


def _interaction(panel: Panel, events: tuple[int, ...], delta: int) -> Estimate:
    """Its reference is the year before treatment: with anticipation, treatment begins earlier."""
    study = sun_abraham(panel._replace(first=panel.first - delta))
    return overall(study._replace(event=study.event - delta), events)


def _two_way(panel: Panel, events: tuple[int, ...], delta: int) -> Estimate:
    told = twoway(panel)
    return Estimate(told.estimate, told.influence)


_ESTIMATORS: dict[str, Callable[[Panel, tuple[int, ...], int], Estimate]] = {
    "adjusted": lambda panel, events, delta: whole(panel, events, delta=delta),
    "never": lambda panel, events, delta: whole(panel, events, delta=delta, control="never"),
    "no-anticipation": lambda panel, events, delta: whole(panel, events, delta=0),
    "imputation": lambda panel, events, delta: overall(imputation(panel, delta=delta), events),
    "interaction": _interaction,
    "twoway": _two_way,
}


def _or_none(made: Callable):
    """What is made, or None where the units are too few for it."""
    try:
        return made()
    except ContractError:
        return None
