"""Chapter 42, series around a date: what changed when the policy for start-ups did (methods 4.7).

effects.its_months
    Months before and after a date, and the lots or winners known in them (n).
effects.its_before
    The outcome in the months before; not of start-ups, see `effects_series_months.NOT_TOLD`.
effects.its_mde
    Least change found four times in five in drawn series without one, by design.
effects.its_series
    The outcome by quarter, of Flemish public buyers and of the others in Belgium.
effects.its_change, effects.its_p, effects.its_p_holm, effects.its_memory, effects.its_seasons
    Mean change in the months after, against the line of the months before; its interval and p are
    by drawn series that remember the month before as this one does; how much it remembers. Designs:
    `alone` (binomial by month, counts by a broken line), `mix` (with the composition by CPV),
    `against` (difference from the other public buyers in Belgium). Seasons that have an effect of
    their own. `holm`: p of the record, adjusted for dates and outcomes.
effects.its_still
    Whether the number of awards stood still on the dates: no p below the limit, by Holm.
effects.its_break, effects.its_break_p
    The first month after the largest break, whichever that is, and how often a series without a
    break has one as large.
effects.its_truth, effects.its_truth_held
    Only in the invented Flanders, where nobody reacts to the policy.
"""

import math
from collections.abc import Callable, Generator, Iterator
from functools import partial
from typing import Literal, NamedTuple

import pandas as pd

from analysis.contracts.series_cells import OTHER_BELGIAN
from analysis.indicators.effects_plan import Laid
from analysis.indicators.effects_plan_parts import Date
from analysis.indicators.effects_series_months import (
    LOTS,
    NOT_TOLD,
    Series,
    month,
    quarters,
    series_of,
)
from analysis.inference.effects.interrupted import segmented
from analysis.inference.effects.interrupted_shares import shares
from analysis.inference.effects.multiple import holm
from analysis.inference.effects.series import Numbers
from analysis.inference.effects.unknown_break import largest_break
from analysis.refusal import ContractError

TOO_FEW = "its-too-few"


class Found(NamedTuple):
    """A change by one design; `seasons` of the year have an effect of their own, 1: none has."""

    change: float
    reach: float
    p: float
    memory: float
    detectable: float
    seasons: int


def results(row: partial, cells: pd.DataFrame, laid: Laid, *, simulated: bool) -> Iterator[tuple]:
    """Rows of every outcome and date of the plan.

    Parameters
    ----------
    row : makes a row of the ledger, of which it knows chapter, perimeter, period and sources
    cells : table that keeps SERIES_CELLS
    """
    record, checked = {}, []
    for outcome, about in laid.interrupted.outcomes.items():
        groups = (laid.interrupted.group, OTHER_BELGIAN)
        own, other = (series_of(cells, group, outcome, laid) for group in groups)
        said = partial(row, definition=outcome)
        yield from quarters(said, dict(zip(groups, (own, other), strict=True)), outcome)
        for name in laid.interrupted.dates:
            designs = yield from _around(said, name, own, other, outcome, laid)
            if about.role == "falsification":
                checked += [found.p for found in designs.values() if found]
            else:
                record[outcome, name] = designs[laid.interrupted.record]
        yield from _unknown_date(said, own, laid)
    still = bool((holm(checked) >= laid.diagnostics.significant).all()) if checked else None
    yield row("effects.its_still", definition=LOTS, value=still, unit="flag", n=len(checked),
              unknown=int(still is None), denominator="tests-of-series", grade="D")  # fmt: skip
    yield from _held_jointly(row, record, laid)
    if simulated:
        yield from _invented(row, record)


def _around(
    said: partial, name: str, own: Series, other: Series, outcome: str, laid: Laid
) -> Generator[tuple, None, dict[str, Found | None]]:
    """Rows of one outcome and date, and what each design found."""
    asked, date = laid.interrupted, laid.interrupted.dates[name]
    # Months between the two are neither before nor after.
    counted = (own.time <= month(date.before_until)) | (own.time >= month(date.first))
    near, beside = (Series(*(part[counted] for part in one)) for one in (own, other))
    yield from _months(said, name, own, date, outcome, laid)
    designs = _designs(near, beside, month(date.first), laid, count=outcome == LOTS)
    for design, found in designs.items():
        known = (near.of > 0) & (beside.of > 0) if design == "against" else near.of > 0
        told = partial(said, group=f"policy={name},design={design}", n=int(known.sum()),
                       unknown=round(math.fsum(near.unknown)), denominator="months-of-series",
                       grade=asked.highest_grade)  # fmt: skip
        if found is None:
            told = partial(told, n=0, denominator=TOO_FEW, grade="E")
        yield from _changed(told, found, asked.outcomes[outcome].unit)
    return designs


def _designs(
    near: Series, beside: Series, first: int, laid: Laid, *, count: bool
) -> dict[str, Found | None]:
    """The change by each design of the plan; None where there are too few months for it."""
    told = {"first": first, "seed": laid.inference.seed}

    def line(comparison: Numbers | None) -> Found:
        found = segmented(near.time, near.share, comparison=comparison, over="after", **told)
        return Found(found.estimate, found.reach, found.p, found.memory, found.detectable, 1)

    def binomial(mix: Numbers | None, seasons: Literal[12, 4, 1]) -> Found:
        found = shares(near.time, near.yes, near.of, mix=mix, seasons=seasons, **told)
        return Found(found.points, found.points_reach, found.p, found.memory, found.detectable,
                     seasons)  # fmt: skip

    def first_of(mix: Numbers | None) -> Found | None:
        tried = (_or_none(partial(binomial, mix, seasons)) for seasons in laid.interrupted.seasons)
        return next((found for found in tried if found), None)

    made = {
        "alone": lambda: _or_none(lambda: line(None)) if count else first_of(None),
        "mix": lambda: first_of(near.mix),
        "against": lambda: _or_none(lambda: line(beside.share)),
    }
    asked = [laid.interrupted.record, *laid.interrupted.checks]
    return {name: made[name]() for name in asked if not (count and name == "mix")}


def _or_none(made: Callable[[], Found]) -> Found | None:
    try:
        return made()
    except ContractError:
        return None


def _months(
    said: partial, name: str, own: Series, date: Date, outcome: str, laid: Laid
) -> Iterator[tuple]:
    """Months and units known before and after, and the outcome before."""
    before, after = own.time <= month(date.before_until), own.time >= month(date.first)
    count = outcome == LOTS
    units, denominator = (own.yes, "lots") if count else (own.of, "known-of-series")
    asked = laid.interrupted
    told = partial(said, grade=asked.highest_grade, denominator=denominator)
    for side, there in (("before", before), ("after", after)):
        yield told("effects.its_months", group=f"policy={name},side={side}", unit="count",
                   value=int((there & (own.of > 0)).sum()), n=round(math.fsum(units[there])),
                   unknown=round(math.fsum(own.unknown[there])))  # fmt: skip
    if outcome in NOT_TOLD:
        return
    of = math.fsum(own.of[before])
    yield told("effects.its_before", group=f"policy={name},design={asked.record}",
               unit="mean" if count else "share", n=round(math.fsum(units[before])),
               value=math.fsum(own.yes[before]) / of if of else None,
               unknown=round(math.fsum(own.unknown[before])))  # fmt: skip


def _changed(told: partial, found: Found | None, unit: str) -> Iterator[tuple]:
    """What could have been seen comes first; nothing where nothing can be told."""
    if found is None:
        for id in ("its_mde", "its_change"):
            yield told(f"effects.{id}", value=None, unit=unit)
        return
    most = 1.0 if unit == "share-difference" else math.inf
    yield told("effects.its_mde", value=found.detectable, unit=unit)
    yield told("effects.its_change", value=found.change, unit=unit, interval="sampling",
               low=max(found.change - found.reach, -most),
               high=min(found.change + found.reach, most))  # fmt: skip
    yield told("effects.its_p", value=found.p, unit="p-value")
    yield told("effects.its_memory", value=found.memory, unit="mean")
    yield told("effects.its_seasons", value=found.seasons, unit="count")


def _unknown_date(said: partial, own: Series, laid: Laid) -> Iterator[tuple]:
    """The largest break of all, as a placebo for the dates of the policy."""
    try:
        found = largest_break(own.time, own.share, seed=laid.inference.seed)
    except ContractError:
        return
    told = partial(said, n=int((own.of > 0).sum()), denominator="months-of-series", grade="D")
    day = found.at // 12 * 10_000 + (found.at % 12 + 1) * 100 + 1
    yield told("effects.its_break", value=day, unit="day")
    yield told("effects.its_break_p", value=found.p, unit="p-value")


def _held_jointly(row: partial, record: dict, laid: Laid) -> Iterator[tuple]:
    """Holm over every date and outcome that is no falsification, by the record."""
    asked = laid.interrupted
    ps = holm([one.p if one else math.nan for one in record.values()]).tolist()
    for (outcome, name), p in zip(record, ps, strict=True):
        if p == p:
            yield row("effects.its_p_holm", definition=outcome, value=p, unit="p-value",
                      group=f"policy={name},design={asked.record}", n=len(ps),
                      denominator="tests-of-series", grade=asked.highest_grade)  # fmt: skip


def _invented(row: partial, record: dict) -> Iterator[tuple]:
    """Nobody reacts there: every change is 0; and how many intervals of the record hold that."""
    there = [one for one in record.values() if one]
    held = sum(abs(one.change) <= one.reach for one in there)
    told = partial(row, definition="dated-series", grade="D")
    yield told("effects.its_truth", value=0.0, unit="share-difference", n=None,
               denominator="invented")  # fmt: skip
    yield told("effects.its_truth_held", value=held, unit="count", n=len(there),
               denominator="estimates-of-series")  # fmt: skip
