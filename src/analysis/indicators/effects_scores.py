"""Chapter 42: buyers just above and just below the score that their first application needed.

Only where the programme supplies scores (columns `score` and `score_needed` of applications);
without them one row says so and nothing is estimated. Methods 4.5. All rows: perimeter
flemish-public, period the years of the panel, definition the outcome: `y1-innovation` and
`y4-startups`, means over the years 0-3 after the first application was decided on, PIO's own
contracts left out. By intention: who was above counts as above, admitted or not.

effects.scored
    First applications of buyers of the panel with a score and the score needed.
effects.score_att, effects.score_mde
    Jump at the score needed (group design=jump: local lines, robust bias-corrected interval), and
    difference of means in the widest window in which nothing known before differs
    (design=window: as if by lot). Missing with fewer than ten known on a side, or no such window.
effects.score_p, effects.score_window, effects.score_sorting
    p by permutation within the window; its half-width in points; exact p that as many fall on
    either side in it, small where scores were steered.
"""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any, NamedTuple, TypeVar

import numpy as np
import pandas as pd

from analysis.indicators.effects_panel import Study, before, study
from analysis.indicators.effects_plan import Laid
from analysis.indicators.given import Given, Origin
from analysis.inference.effects.discontinuity import Discontinuity, discontinuity
from analysis.inference.effects.local_randomisation import (
    LocalRandomisation,
    local_randomisation,
    widest_balanced,
    windows,
)
from analysis.inference.effects.panel import Numbers, Whole
from analysis.refusal import ContractError
from analysis.results import number

T = TypeVar("T")

OUTCOMES = ("y1-innovation", "y4-startups")
COVARIATES = ("local", "lots", "staff")
_REACHES = 12  # windows tried, by quantiles of the distance to the score needed
_STEERED = 0.05


class Scored(NamedTuple):
    """First applications of the units of a panel: distance to the score needed, and the year."""

    distance: Numbers
    decided: Numbers


def results(cells: pd.DataFrame, given: Given, laid: Laid, market: Origin) -> list[tuple]:
    """Rows of the ledger: none without applications, one where these have no scores.

    Parameters
    ----------
    cells : table that keeps PANEL_CELLS
    given : what the programmes delivered
    laid : the plan
    market : what the cells rest on
    """
    if not given.has("pio_applications"):
        return []
    known = given._replace(origins={**given.origins, "market": market})
    rests_on: dict[str, Any] = known.rests_on("pio_applications", "market")
    start = min([given.year, *cells["year"].astype(int)])
    row: partial = partial(
        number, chapter="42", perimeter=laid.perimeter, period=f"{start}-{given.year}", **rests_on
    )
    first = first_applications(given)
    many = int(first["distance"].notna().sum())
    told = [
        row("effects.scored", definition="first-applications", value=many, unit="count",
            n=len(first), unknown=len(first) - many, denominator="first-applications")
    ]  # fmt: skip
    if many and not cells.empty:
        told += _estimates(study(cells, given, laid), first, laid, row)
    return told


def first_applications(given: Given) -> pd.DataFrame:
    """The first application of every buyer: `buyer`, `distance` to the score needed, `decided`.

    The last two are not a number where not stated. Of several on one day, the first by name.
    """
    asked = given.tables["pio_applications"].astype("object")
    ordered = asked.sort_values(["submitted", "application"]).drop_duplicates("buyer")
    score, needed = (
        pd.to_numeric(ordered[name], errors="coerce").astype(float)
        for name in ("score", "score_needed")
    )
    decided = pd.to_datetime(ordered["decided"]).dt.year.astype(float)
    return pd.DataFrame(
        {"buyer": ordered["buyer"], "distance": score - needed, "decided": decided}
    ).sort_values("buyer", ignore_index=True)


def _estimates(found: Study, first: pd.DataFrame, laid: Laid, row: partial) -> Iterator[tuple]:
    asked = first.set_index("buyer").reindex(found.units["buyer"])
    scored = Scored(asked["distance"].to_numpy(float), asked["decided"].to_numpy(float))
    known = before(found, laid)
    covariates = np.column_stack([known[name] for name in COVARIATES])
    for outcome in OUTCOMES:
        unit = laid.outcomes[outcome].unit
        after = mean_after(found.outcomes[outcome], found.years, scored, laid.overall)
        jump = _or_none(partial(discontinuity, scored.distance, after))
        near = _or_none(partial(_near, scored, after, covariates, laid))
        grade = "B" if near and near.sorting_p >= _STEERED else "C"
        said = partial(row, definition=outcome, grade=grade)
        yield from _jump(partial(said, group="design=jump"), jump, unit)
        yield from _window(partial(said, group="design=window"), near, unit)


def mean_after(outcome: Numbers, years: Whole, scored: Scored, events: Sequence[int]) -> Numbers:
    """(units,) mean of the known years so long after the decision; not a number without any."""
    since = years - scored.decided[:, None]
    inside = np.isin(since, list(events)) & np.isfinite(outcome)
    total = np.where(inside, outcome, 0.0).sum(axis=1)
    many = inside.sum(axis=1)
    return np.where(many > 0, total / np.maximum(many, 1), np.nan)


def _near(scored: Scored, after: Numbers, covariates: Numbers, laid: Laid) -> LocalRandomisation:
    x = np.where(np.isfinite(after), scored.distance, np.nan)
    apart = np.unique(np.abs(x[np.isfinite(x)]))
    steps = np.linspace(0, 1, _REACHES + 1)[1:]
    found = np.quantile(apart, steps, method="inverted_cdf") if apart.size else apart
    reaches, seed = np.unique(found).tolist(), laid.inference.seed
    chosen = widest_balanced(windows(x, covariates, reaches, seed=seed))
    draws = laid.inference.permutations
    return local_randomisation(scored.distance, after, chosen.reach, seed=seed, draws=draws)


def _too_few(said: partial, unit: str) -> Iterator[tuple]:
    for id in ("effects.score_mde", "effects.score_att"):
        yield said(id, value=None, unit=unit, n=0, denominator="scores-too-few")


def _jump(said: partial, one: Discontinuity | None, unit: str) -> Iterator[tuple]:
    if one is None:
        yield from _too_few(said, unit)
        return
    behind = {"n": one.left + one.right, "unknown": one.unknown, "denominator": "scored-buyers"}
    yield said("effects.score_mde", value=one.detectable, unit=unit, **behind)
    low, high = one.low, one.high
    yield said("effects.score_att", value=one.corrected, low=low, high=high, interval="sampling",
               unit=unit, **behind)  # fmt: skip


def _window(said: partial, one: LocalRandomisation | None, unit: str) -> Iterator[tuple]:
    if one is None:
        yield from _too_few(said, unit)
        return
    behind = {"n": one.left + one.right, "unknown": one.unknown, "denominator": "scored-buyers"}
    yield said("effects.score_mde", value=one.detectable, unit=unit, **behind)
    yield said("effects.score_att", value=one.difference, unit=unit, **behind)
    yield said("effects.score_p", value=one.p, unit="p-value", **behind)
    yield said("effects.score_window", value=one.window, unit="mean", **behind)
    yield said("effects.score_sorting", value=one.sorting_p, unit="p-value", **behind)


def _or_none(made: Callable[[], T]) -> T | None:
    """What is made, or None where the scores are too few for it."""
    try:
        return made()
    except ContractError:
        return None
