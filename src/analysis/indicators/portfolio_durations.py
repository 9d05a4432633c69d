"""How long the phases of projects take, and what share is finished, in use or stopped by when.

portfolio.days
    EFF3: median days from one phase to another, Kaplan-Meier; a project that has not got there is
    followed to the last day of the year or to its stop. Interval where both ends are observed.
portfolio.spells, portfolio.spells_ended
    Projects on which that median rests, and those of them that got there.
portfolio.finished_within, portfolio.in_use_within, portfolio.stopped_within
    SUS1 and methods 1.4: share within so many months of admission, Aalen-Johansen. For being
    finished (or in use) and being in use, stopping is the competing event; for stopping, being
    finished is. `months=12` is 365 days. Missing beyond the days that were observed.
"""

import math
from collections.abc import Iterator, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis.indicators.competition import Answer
from analysis.indicators.given import Given
from analysis.indicators.portfolio_lines import LATER, Portfolio, number_of, rows_on
from analysis.inference.survival import (
    ROUNDING,
    Curve,
    Incidence,
    cumulative_incidence,
    kaplan_meier,
    median,
)

# From phase -> to phase. A consultation may be passed over, so tenders are timed from both.
SPANS = (
    ("submitted", "decided"),
    ("admissible", "consulted"),
    ("admissible", "tendered"),
    ("consulted", "tendered"),
    ("tendered", "awarded"),
    ("submitted", "awarded"),
    ("awarded", "finished"),
    ("finished", "in_use"),
)
MONTHS = tuple(range(3, 61, 3))
_DAYS_A_MONTH = 365.25 / 12
_TERMINAL = {"finished": ("finished", "in_use"), "in_use": ("in_use",)}


def rows(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Rows on durations, of all call years together."""
    lines = found.lines.assign(admissible=found.lines["admitted_on"])
    if given.has("pio_applications"):
        row = rows_on(given, "pio_applications")
        spells = decided(lines, found.last_day)
        yield from _median(SPANS[0], spells, partial(row, period=found.whole))
    if given.has("pio_projects"):
        row = partial(rows_on(given, "pio_projects", "pio_applications"), period=found.whole)
        projects = lines[lines["has_project"]]
        for span in SPANS[1:]:
            yield from _median(span, spell(projects, *span, found.last_day), row)
        yield from _incidences(projects, found.last_day, row)


def decided(lines: pd.DataFrame, last_day: pd.Timestamp) -> pd.DataFrame:
    """Days from submission to decision; of a decision without a day nothing is known."""
    there = lines["admitted"].notna()
    end = lines["decided"].fillna(lines["admitted_on"])
    usable = lines[~there | end.notna()]
    until = end.where(there).reindex(usable.index)
    return _followed(usable["submitted"], until, last_day)


def spell(projects: pd.DataFrame, begin: str, to: str, last_day: pd.Timestamp) -> pd.DataFrame:
    """Days that projects took from one phase to another, or have taken so far.

    Parameters
    ----------
    projects : lines with a project
    begin, to : phases
    last_day : until which projects were followed

    Returns
    -------
    `days` and `ended`, for projects of which both are known: those that never began, or passed the
    phase on a day that is not stated, are left out. A stopped project is followed to its stop.
    """
    later = LATER[LATER.index(to) + 1 :]
    passed = projects[to].isna() & projects[list(later)].notna().any(axis=1)
    usable = projects[projects[begin].notna() & ~passed]
    return _followed(usable[begin], usable[to], usable["stopped"].fillna(last_day))


def _followed(
    begin: pd.Series, end: pd.Series, otherwise: pd.Series | pd.Timestamp
) -> pd.DataFrame:
    """Days, and whether they ended; what ends before it begins is a slip and tells nothing."""
    took = (end.fillna(otherwise) - begin).dt.days
    return pd.DataFrame({"days": took, "ended": end.notna()})[took >= 0]


def middle(curve: Curve) -> tuple[float | None, float | None, float | None]:
    """Median of a Kaplan-Meier curve, and the days at which its interval reaches one half.

    Brookmeyer-Crowley 1982 on the log-log interval; an end that is not observed is missing.
    """
    ends = [np.flatnonzero(edge <= 0.5 + ROUNDING) for edge in (curve.low, curve.high)]
    low, high = (float(curve.day[at[0]]) if at.size else None for at in ends)
    return median(curve), low, high


def _median(span: tuple[str, str], spells: pd.DataFrame, row: partial) -> Iterator[tuple]:
    begin, to = span
    at = {"group": f"span={begin}-{to}", "definition": "kaplan-meier-median"}
    yield row("portfolio.days", **at, **in_the_middle(spells)._asdict())
    n, there = len(spells), int(spells["ended"].sum())
    at["definition"] = "counted"
    for name, number in (("spells", n), ("spells_ended", there)):
        yield row(f"portfolio.{name}", **at, **number_of(number, "spells") | {"n": n})


def in_the_middle(spells: pd.DataFrame) -> Answer:
    """Median days; `unknown` are those still open, which the method takes along."""
    n = len(spells)
    if not n:
        return Answer(None, "days", 0, "spells")
    value, low, high = middle(kaplan_meier(spells["days"], spells["ended"]))
    open_ = n - int(spells["ended"].sum())
    if value is None:
        return Answer(None, "days", n, "half-not-there-yet", open_)
    if low is None or high is None:
        return Answer(value, "days", n, "upper-end-not-observed", open_)
    return Answer(value, "days", n, "spells", open_, low, high, "sampling")


def ends(projects: pd.DataFrame, outcome: str, last_day: pd.Timestamp) -> pd.DataFrame:
    """Days from admission to an outcome (cause 1), to what rules it out (2), or so far (0).

    Parameters
    ----------
    outcome : finished, in_use or stopped
    """
    known = projects[projects["admissible"].notna()]
    done = known[list(_TERMINAL.get(outcome, _TERMINAL["finished"]))].min(axis=1)
    first, second = (known["stopped"], done) if outcome == "stopped" else (done, known["stopped"])
    until = first.fillna(second).fillna(last_day)
    cause = np.select([first.notna(), second.notna()], [1, 2], 0)
    took = (until - known["admissible"]).dt.days
    return pd.DataFrame({"days": took, "cause": cause})[took >= 0]


def within(spells: pd.DataFrame, months: Sequence[int]) -> list[Answer]:
    """Share that came to an outcome within so many months, Aalen-Johansen.

    Missing where nobody was followed so long, unless all had come to an end before.
    """
    n, open_ = len(spells), int((spells["cause"] == 0).sum())
    if not n:
        return [Answer(None, "share", 0, "not-followed-so-long") for _ in months]
    longest = spells["days"].max()
    all_ended = bool((spells["cause"][spells["days"] == longest] > 0).all())
    curve = cumulative_incidence(spells["days"], spells["cause"], of=1)
    limits = [math.floor(month * _DAYS_A_MONTH) for month in months]
    return [
        _at(curve, limit, n, open_)
        if all_ended or longest >= limit
        else Answer(None, "share", n, "not-followed-so-long", open_)
        for limit in limits
    ]


def _at(curve: Incidence, limit: int, n: int, open_: int) -> Answer:
    """The share by a day, with its interval where there is one."""
    place = int(np.searchsorted(curve.day, limit, side="right")) - 1
    value, low, high = (float(end[place]) for end in (curve.incidence, curve.low, curve.high))
    if math.isnan(low):
        return Answer(round(value, 12), "share", n, "admitted-projects", open_)
    return Answer(value, "share", n, "admitted-projects", open_, low, high, "sampling")


def _incidences(projects: pd.DataFrame, last_day: pd.Timestamp, row: partial) -> Iterator[tuple]:
    for outcome in ("finished", "in_use", "stopped"):
        answers = within(ends(projects, outcome, last_day), MONTHS)
        for months, answer in zip(MONTHS, answers, strict=True):
            at = {"group": f"months={months}", "definition": "aalen-johansen"}
            yield row(f"portfolio.{outcome}_within", **at, **answer._asdict())
