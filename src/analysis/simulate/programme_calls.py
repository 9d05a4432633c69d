"""Calls of the invented PIO and who applied: themes that drift, decisions, and why not."""

import datetime as dt
from collections.abc import Iterator
from itertools import count
from random import Random
from typing import Any

from analysis.simulate.people import LAST_DAY
from analysis.simulate.programme_base import (
    PROGRAMME,
    ROW,
    Told,
    Truth,
    between,
    days,
    falls,
    grown,
    in_time,
    known,
    pick,
    poisson,
    some,
    spawn,
    weighed,
)
from analysis.simulate.programme_bodies import Body, eligible

CALLS, ASKED = PROGRAMME["calls"], PROGRAMME["applications"]
FIRST, LAST = CALLS["first_year"], LAST_DAY.year
LATEST = 20  # days before the deadline on which applications come in


def calls() -> list[Any]:
    """Return the calls: one open and one thematic a year."""
    return [row for year in range(FIRST, LAST + 1) for row in _calls(year)]


def _calls(year: int) -> Iterator[Any]:
    wanted = CALLS["priorities"][(year - FIRST) % len(CALLS["priorities"])]
    for kind, priority in (("open", None), ("thematic", wanted)):
        facts = CALLS[kind]
        opened, deadline = (dt.date(year, *facts[name]) for name in ("opened", "deadline"))
        name = f"{year}-{'open' if kind == 'open' else 'thema'}"
        yield ROW["pio_calls"](name, f"{kind}-call", priority, opened, deadline, facts["budget"])


def applications(seed: int, scale: float, found: list[Body], called: list[Any]) -> Told:
    """Return what was asked of every call; the truth is why some were refused, and empty cells."""
    made: list[Any] = []
    truth: list[Truth] = []
    for call in called:
        random, kind = spawn(seed, "call", call.call), call.call_kind.removesuffix("-call")
        year = call.deadline.year
        may = eligible(found, year)
        weights = [body.appetite for body in may]
        numbers = count(1 + sum(row.application[2:6] == str(year) for row in made))
        for _ in range(poisson(random, grown(CALLS[kind]["applications"], scale))):
            body = some(random, may, weights)
            row, hidden = _application(random, f"A-{year}-{next(numbers):02d}", call, body)
            if row.decision == "inadmissible":
                hidden["refused for"] = weighed(random, ASKED["refused_for"])
            made.append(row)
            truth += [Truth("pio_applications", row.application, *item) for item in hidden.items()]
    return Told({"pio_calls": called, "pio_applications": made}, truth)


def _application(random: Random, name: str, call: Any, body: Body) -> tuple[Any, dict[str, object]]:
    """Return the row, and what it does not tell."""
    theme = _theme(random, call)
    digital = theme == "digital" or falls(random, _drift(ASKED["digital_too"], call.deadline.year))
    priority = _priority(random, call, theme)
    decided = in_time(call.deadline + days(random, ASKED["decided_after"]))
    decision = weighed(random, ASKED["decisions"])
    unknown = ASKED["unknown"]
    row = ROW["pio_applications"](
        application=name,
        call=call.call,
        buyer=body.number,
        title=f"Verzonnen project: {pick(random, PROGRAMME['texts']['things'][theme])}",
        submitted=call.deadline - days(random, (0, LATEST)),
        decision=decision if decided else "pending",
        decided=decided,
        theme=known(random, unknown["theme"], theme),
        digital=known(random, unknown["digital"], digital),
        priority=priority,
        priority_2=_second(random, priority),
        requested_eur=known(
            random, unknown["requested"], 500 * round(between(random, ASKED["requested"]) / 500)
        ),
    )
    hidden = {"theme": theme, "digital": "yes" if digital else "no"}
    return row, {item: value for item, value in hidden.items() if getattr(row, item) is None}


def _theme(random: Random, call: Any) -> str:
    wanted = ASKED["theme_of_priority"].get(call.priority)
    if wanted:
        return str(wanted)
    year = call.deadline.year
    return weighed(random, {name: _drift(ends, year) for name, ends in ASKED["themes"].items()})


def _drift(ends: list[float], year: int) -> float:
    """Return what lies between the first and the last year as far as the year does."""
    return ends[0] + (ends[1] - ends[0]) * (year - FIRST) / (LAST - FIRST)


def _priority(random: Random, call: Any, theme: str) -> str | None:
    by_theme = ASKED["priority_of"].get(theme)
    found = call.priority or by_theme or weighed(random, ASKED["priority_else"])
    return known(random, ASKED["unknown"]["priority"], found)


def _second(random: Random, first: str | None) -> str | None:
    if first in (None, "none") or not falls(random, ASKED["second_priority"]):
        return None
    return pick(random, [each for each in CALLS["priorities"] if each != first])
