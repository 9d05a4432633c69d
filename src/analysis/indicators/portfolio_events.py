"""Events and first-time innovation buyers: OD3 of methods 1.4.

portfolio.events, portfolio.event_organisations
    OD3-1: events by year, and all by kind, and different organisations that attended one.
portfolio.first_time_buyers, portfolio.first_time_share
    OD3-4: organisations whose first admitted project is of that year, and their share of all that
    had one admitted that year. Projects before the delivered list are not seen, so the first years
    are too high.
portfolio.conversion
    OD3-2: of eligible buyers without an admitted project, the share that had their first one
    admitted within 24 months. `who=attended` counts from the first event that each attended.
    `who=not-yet-attended` gives, for each of them, the share among eligible buyers of the same kind
    that had attended no event and had no admitted project by that day; then the mean over them.
    Only those followed for 24 months. Organisations choose to attend: the two differ in other ways.
"""

from collections.abc import Iterator
from functools import partial
from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.contracts.intake.outreach import EVENT_KINDS
from analysis.indicators.competition import Answer
from analysis.indicators.given import Given
from analysis.indicators.portfolio_buyers import has_register, type_at
from analysis.indicators.portfolio_funnel import share
from analysis.indicators.portfolio_lines import Portfolio, admitted, days, number_of, rows_on
from analysis.indicators.portfolio_outreach import by_year
from analysis.inference.intervals import wilson

FOLLOWED = pd.DateOffset(months=24)


class Conversion(NamedTuple):
    """Attenders followed, those among them converted, and the mean rate of others like them."""

    followed: int
    converted: int
    unknown: int
    others: float | None
    matched: int


def rows(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Rows on events, on first-time buyers, and on who applied after attending."""
    if given.has("events"):
        yield from _events(given)
    if given.has("pio_applications") or given.has("pio_projects"):
        yield from _first_time(given, found)
    if given.has("event_attendance", "events", "pio_applications") and has_register(given):
        yield from _conversions(given, found)


def _events(given: Given) -> Iterator[tuple]:
    row = partial(rows_on(given, "events"), definition="counted")
    attended = _attended(given)
    for period, part in by_year(given, "events", "on_date"):
        at = partial(row, "portfolio.events", period=period)
        yield at(**number_of(len(part), "events"))
        for kind in EVENT_KINDS if "-" in period else ():
            held = number_of(int(part["event_kind"].eq(kind).sum()), "events")
            yield at(group=f"event_kind={kind}", **held)
        if given.has("event_attendance"):
            there = attended["company_id"][attended["event"].isin(part["event"])].nunique()
            yield rows_on(given, "events", "event_attendance")(
                "portfolio.event_organisations",
                period=period,
                definition="organisations-not-persons",
                **number_of(there, "organisations"),
            )


def _attended(given: Given) -> pd.DataFrame:
    """Who attended which event on which day; of an event that is not listed no day is known."""
    events = given.tables["events"]
    dated = pd.DataFrame(
        {"event": events["event"].astype("object"), "day": days(events["on_date"])}
    )
    attendance = given.tables["event_attendance"].astype("object")
    return attendance.merge(dated, on="event", how="inner")


def first_admitted(found: Portfolio) -> pd.Series:
    """Day of the first admitted project of each organisation; missing where no day is known."""
    return admitted(found.lines).groupby("buyer", sort=True)["admitted_on"].min()


def _first_time(given: Given, found: Portfolio) -> Iterator[tuple]:
    row = rows_on(given, "pio_applications", "pio_projects")
    taken = admitted(found.lines)
    first = taken.groupby("buyer")["admitted_on"].transform("min").dt.year
    for year, part in taken.groupby(taken["admitted_on"].dt.year, sort=True):
        buyers = part.drop_duplicates("buyer")["buyer"]
        new = (first[buyers.index] == year).astype("boolean")
        at = {"period": int(year), "definition": "first-admitted-project"}
        yield row("portfolio.first_time_buyers", **at, **number_of(int(new.sum()), "buyers"))
        yield row("portfolio.first_time_share", **at, **share(new, "buyers-admitted-that-year"))


def _conversions(given: Given, found: Portfolio) -> Iterator[tuple]:
    got = conversion(given, found)
    row = rows_on(given, "events", "event_attendance", "pio_applications", "eligible_buyers")
    row = partial(
        row, "portfolio.conversion", period=found.whole, definition="within-24-months", grade="C"
    )
    unit = "buyers-without-project"
    answer = Answer(None, "share", got.followed, unit, got.unknown)
    if got.followed:
        low, high = wilson(got.converted, got.followed)
        value = got.converted / got.followed
        answer = Answer(value, "share", got.followed, unit, got.unknown, low, high, "sampling")
    yield row(group="who=attended", **answer._asdict())
    others = Answer(got.others, "share", got.matched, unit, got.followed - got.matched)
    yield row(group="who=not-yet-attended", **others._asdict())


def conversion(given: Given, found: Portfolio) -> Conversion:
    """Compare eligible buyers that attended an event with others of their kind that had not yet.

    Attenders of whom the day of the first admitted project is not known are in `unknown`.
    """
    buyers = _eligible(given, found)
    start = buyers["attended"].to_numpy("datetime64[D]")
    first = buyers["first"].to_numpy("datetime64[D]")
    kinds = buyers["kind"].to_numpy(object)
    limit = (buyers["attended"] + FOLLOWED).to_numpy("datetime64[D]")
    followed = (limit <= np.datetime64(found.last_day, "D")) & ~(first <= start)
    unclear = buyers["unclear"].to_numpy(bool)
    attenders = np.flatnonzero(followed & ~unclear)
    converted = int((first[attenders] <= limit[attenders]).sum())
    rates = []
    for one in attenders:
        others = ~(start <= start[one]) & ~(first <= start[one]) & (kinds == kinds[one]) & ~unclear
        if others.any():
            rates.append(float((first[others] <= limit[one]).mean()))
    mean = float(np.mean(sorted(rates))) if rates else None
    unknown = int((followed & unclear).sum())
    return Conversion(len(attenders), converted, unknown, mean, len(rates))


def _eligible(given: Given, found: Portfolio) -> pd.DataFrame:
    """Every organisation of any register: its kind, first event, and first admitted project."""
    eligible = given.tables["eligible_buyers"]
    companies = pd.Series(sorted(eligible["company_id"].astype(str).unique()))
    last = pd.Series(given.year, index=companies.index)
    first = first_admitted(found)
    attended = _attended(given).groupby("company_id")["day"].min()
    return pd.DataFrame(
        {
            "kind": type_at(eligible, companies, last),
            "attended": attended.reindex(companies).to_numpy(),
            "first": first.reindex(companies).to_numpy(),
            "unclear": companies.isin(first.index[first.isna()]),
        }
    )
