"""One outcome of the buyer panel: what could have been seen, what is estimated, how surely."""

from typing import NamedTuple

import numpy as np

from analysis.indicators.effects_panel import Study, panel_of
from analysis.indicators.effects_plan import Laid
from analysis.inference.effects.aggregate import Estimate, EventStudy, by_event, overall
from analysis.inference.effects.group_time import Control, group_time
from analysis.inference.effects.many_adoptions import overall_drawn
from analysis.inference.effects.multiplier import Band, band
from analysis.inference.effects.panel import Numbers, Panel
from analysis.inference.effects.power import (
    Detectable,
    Noise,
    minimum_detectable,
    noise,
    treated_at,
)
from analysis.inference.effects.randomisation import Both, randomised_overall
from analysis.refusal import ContractError

NOT_READ, TOO_FEW = "effect-not-read", "effect-too-few"  # why there is no estimate


class Seen(NamedTuple):
    """What the panel of an outcome can show, before anything is estimated.

    events : years after admission of the plan with treated buyers enough; none: no estimate
    mean : of outcomes in years untouched by treatment
    why : `ok`, or why there is no estimate
    """

    panel: Panel
    events: tuple[int, ...]
    noise: Noise
    mean: float
    detectable: Detectable | None
    why: str


class Found(NamedTuple):
    """What is estimated of an outcome.

    study : by year around admission, with its simultaneous band
    overall, interval : the mean effect and its bootstrap-t interval
    drawn : the effect, and it divided by its standard error, under permuted admissions
    """

    study: EventStudy
    band: Band
    overall: Estimate
    interval: tuple[float, float]
    p_band: float
    drawn: Both | None


def seen(found: Study, outcome: str, laid: Laid, *, sample: str) -> Seen:
    """What could be seen of an outcome in a sample: the events, the noise, the least effect."""
    panel, delta = panel_of(found, outcome, laid, sample=sample), laid.anticipation
    own, fewest = laid.power, laid.events.fewest_after
    events = tuple(e for e in laid.overall if treated_at(panel, e, delta=delta) >= fewest)
    moves, free = noise(panel, delta=delta), panel.periods < panel.first[:, None] - delta
    known = panel.outcome[free & np.isfinite(panel.outcome)]
    mean = float(np.sort(known).sum() / len(known)) if len(known) else float("nan")
    why = "ok" if events else TOO_FEW if len(known) else NOT_READ
    if not events or not moves.sd > 0:
        return Seen(panel, (), moves, mean, None, TOO_FEW if why == "ok" else why)
    least = minimum_detectable(
        panel, events=events, delta=delta, sd=moves.sd, rho=moves.rho,
        alpha=own.alpha, power=own.wished, draws=own.draws, seed=laid.inference.seed,
    )  # fmt: skip
    return Seen(panel, events, moves, mean, least, why)


def estimated(told: Seen, laid: Laid) -> Found | None:
    """The event study and the overall effect; None where nothing can be estimated."""
    if not told.events:
        return None
    own = laid.inference
    study = around(told.panel, laid, events=told.events)
    whole = overall(study, told.events)
    if not np.isfinite(whole.se) or whole.se == 0:
        return None
    path = band(study, draws=own.band_draws, seed=own.seed, level=own.level)
    alone = band(whole, draws=own.band_draws, seed=own.seed, level=own.level)
    ends = float(alone.low[0]), float(alone.high[0])
    return Found(study, path, whole, ends, float(alone.p[0]), _drawn(told, laid))


def around(panel: Panel, laid: Laid, *, events: tuple[int, ...]) -> EventStudy:
    """The estimate of record by year around admission; years with too few treated left out."""
    window, delta = (laid.events.first, laid.events.last), laid.anticipation
    study = by_event(group_time(panel, delta=delta), window=window)
    enough = study.treated >= laid.events.fewest_before
    kept = np.where(study.event < 0, enough, np.isin(study.event, events))
    return EventStudy(
        study.event[kept], study.estimate[kept], study.influence[:, kept], study.treated[kept]
    )


def whole(
    panel: Panel, events: tuple[int, ...], *, delta: int, control: Control = "notyet"
) -> Estimate:
    """The overall effect over some events, against not yet treated or never treated units."""
    return overall(by_event(group_time(panel, control=control, delta=delta)), events)


def _drawn(told: Seen, laid: Laid) -> Both | None:
    own = laid.inference
    try:
        return randomised_overall(
            told.panel, events=told.events, delta=laid.anticipation,
            draws=own.permutations, seed=own.seed,
        )  # fmt: skip
    except ContractError:
        return None


def jointly_drawn(told: dict[str, Seen], first: Numbers, laid: Laid) -> Numbers:
    """(draws, outcomes) studentised effects under the same permuted admissions; unknown as far."""
    columns = []
    for one in told.values():
        estimate, se = overall_drawn(one.panel, first, events=one.events, delta=laid.anticipation)
        with np.errstate(divide="ignore", invalid="ignore"):
            ratio = np.where(estimate == 0, 0.0, estimate / se)
        columns.append(np.where(np.isnan(ratio), np.inf, ratio))
    return np.column_stack(columns)
