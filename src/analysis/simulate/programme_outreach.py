"""Invented knowledge platform, help desk, events and European projects of the programme."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any

from analysis.simulate.people import LAST_DAY
from analysis.simulate.programme_base import (
    PROGRAMME,
    ROW,
    Told,
    between,
    days,
    falls,
    grown,
    in_time,
    known,
    lognormal,
    pick,
    poisson,
    some,
    spawn,
    weighed,
)
from analysis.simulate.programme_bodies import Body, eligible

OUTREACH, TEXTS = PROGRAMME["outreach"], PROGRAMME["texts"]
ITEMS, HELPDESK, EVENTS, EUROPE = (
    OUTREACH[name] for name in ("items", "helpdesk", "events", "europe")
)
YEARS = range(OUTREACH["first_year"], LAST_DAY.year + 1)


def outreach(seed: int, scale: float, bodies: list[Body], projects: list[Any]) -> Told:
    """Return the tables on knowledge, events and Europe.

    Who attends and who applies both come from appetite alone: to attend changes nothing.
    """
    items = _items(seed, scale, projects)
    events, attendance = _events(seed, scale, bodies)
    tables = {
        "knowledge_items": items,
        "knowledge_use": list(_uses(seed, bodies, items)),
        "helpdesk": _helpdesk(seed, scale),
        "events": events,
        "event_attendance": attendance,
        "eu_participations": list(_europe(seed, scale, bodies)),
    }
    return Told(tables, [])


def _on(random: Random, year: int) -> dt.date:
    """Return a day of a year."""
    return dt.date(year, 1, 1) + days(random, (0, 365))


def _items(seed: int, scale: float, projects: list[Any]) -> list[Any]:
    """Return what is on the platform: each year's own, and a case of each project that has one."""
    found = []
    for year in YEARS:
        random = spawn(seed, "items", year)
        for _ in range(grown(ITEMS["a_year"], scale)):
            kind = weighed(random, ITEMS["kinds"])
            title = f"Verzonnen {TEXTS['items'][kind]}: {pick(random, TEXTS['subjects'])}"
            found.append((_on(random, year), kind, title, None))
    for row in projects:
        random = spawn(seed, "case", row.project)
        day = in_time(row.finished + days(random, (20, 200))) if row.public_case else None
        if day:
            found.append((day, "case", f"{row.title} ({TEXTS['items']['case']})", row.project))
    found.sort(key=lambda item: (item[0], item[2], item[3] or ""))
    return [
        ROW["knowledge_items"](f"K-{n:03d}", kind, title, day, project)
        for n, (day, kind, title, project) in enumerate(found, 1)
    ]


def _uses(seed: int, bodies: list[Body], items: list[Any]) -> Iterator[Any]:
    for item in items:
        random = spawn(seed, "uses", item.item)
        for body in _joiners(random, bodies, item.published.year, ITEMS["users"]):
            day = in_time(item.published + days(random, (0, 700)))
            if day and day.year <= body.until:
                yield ROW["knowledge_use"](item.item, body.number, day)


def _joiners(random: Random, bodies: list[Body], year: int, mean: float) -> list[Body]:
    """Return different bodies that join in something, by appetite."""
    may = eligible(bodies, year)
    weights = [body.appetite for body in may]
    drawn = {
        body.number: body
        for body in (some(random, may, weights) for _ in range(poisson(random, mean)))
    }
    return [drawn[number] for number in sorted(drawn)]


def _helpdesk(seed: int, scale: float) -> list[Any]:
    asked = []
    for year in YEARS:
        random = spawn(seed, "helpdesk", year)
        for _ in range(poisson(random, grown(HELPDESK["a_year"], scale))):
            day = _on(random, year)
            wait = dt.timedelta(int(lognormal(random, HELPDESK["median"], HELPDESK["sigma"])))
            asked.append((day, known(random, HELPDESK["unanswered"], in_time(day + wait))))
    asked.sort(key=lambda each: (each[0], each[1] or LAST_DAY))
    return [
        ROW["helpdesk"](f"H-{n:04d}", day, answered) for n, (day, answered) in enumerate(asked, 1)
    ]


def _events(seed: int, scale: float, bodies: list[Body]) -> tuple[list[Any], list[Any]]:
    """Return the events, and who was there as far as their numbers were noted."""
    events, attendance = [], []
    for year in YEARS:
        random = spawn(seed, "events", year)
        held = sorted(
            (_on(random, year), weighed(random, EVENTS["kinds"]))
            for _ in range(grown(EVENTS["a_year"], scale))
        )
        for n, (day, kind) in enumerate(held, 1):
            name = f"E-{year}-{n:02d}"
            there = _joiners(random, bodies, year, between(random, EVENTS["attend"]))
            title = f"Verzonnen {TEXTS['events'][kind]}: {pick(random, TEXTS['subjects'])}"
            many = known(random, EVENTS["unnumbered"], len(there))
            noted = [body for body in there if many is not None or falls(random, 80)]
            events.append(ROW["events"](name, kind, title, day, many))
            attendance += [ROW["event_attendance"](name, body.number) for body in noted]
    return events, attendance


def _europe(seed: int, scale: float, bodies: list[Body]) -> Iterator[Any]:
    serial = 0
    for year in range(EUROPE["first_year"], LAST_DAY.year + 1):
        random = spawn(seed, "europe", year)
        programmes = EUROPE["programmes"][max(y for y in EUROPE["programmes"] if y <= year)]
        for _ in range(poisson(random, grown(EUROPE["a_year"], scale))):
            serial += 1
            starts = dt.date(year, 1 + int(random.random() * 12), 1)
            ends = starts + dt.timedelta(int(365 * between(random, EUROPE["years"])))
            facts = (weighed(random, programmes), weighed(random, EUROPE["actions"]))
            may = [body for body in eligible(bodies, max(year, YEARS[0])) if body.buys]
            many = weighed(random, EUROPE["partners"])
            for body in sorted(
                {some(random, may, [b.appetite for b in may]) for _ in range(many)},
                key=lambda b: b.number,
            ):
                euros = 1000 * round(between(random, EUROPE["contribution"]) / 1000)
                yield ROW["eu_participations"](
                    f"VERZONNEN-{serial:03d}", f"VERZONNEN {serial}", body.number, *facts,
                    weighed(random, EUROPE["roles"]), starts, ends,
                    known(random, EUROPE["unknown"], euros),
                )  # fmt: skip
