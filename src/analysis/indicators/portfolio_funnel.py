"""From application to solution in use: how many got how far, and how many applications succeed."""

from collections.abc import Iterator
from functools import partial
from itertools import pairwise

import pandas as pd

from analysis.contracts.intake.pio import PHASES
from analysis.indicators.competition import Answer, bounded_share
from analysis.indicators.given import Given
from analysis.indicators.portfolio_lines import (
    LATER,
    Portfolio,
    admitted,
    code,
    counted,
    days,
    number_of,
    periods,
    rows_on,
)
from analysis.inference.intervals import wilson

CALL_KINDS = ("open-call", "thematic-call")
_ADMITTED = "admitted-applications"


def rows(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Rows of the funnel, of the calls held and of the success of applications."""
    if given.has("pio_applications") or given.has("pio_projects"):
        row = rows_on(given, "pio_applications", "pio_projects", "pio_calls")
        states = {phase: reached(found.lines, phase) for phase in phases_known(given)}
        for period, part in periods(found):
            own = {phase: answers[part.index] for phase, answers in states.items()}
            yield from _funnel(part, own, partial(row, period=period))
    if given.has("pio_applications"):
        yield from _success(given, found)
    if given.has("pio_calls"):
        yield from _calls(given, found)


def phases_known(given: Given) -> tuple[str, ...]:
    """Phases on which the delivered tables say something, in order."""
    first = PHASES[:2] if given.has("pio_applications") else PHASES[1:2]
    return (*first, *LATER) if given.has("pio_projects") else first


def reached(lines: pd.DataFrame, phase: str) -> pd.Series:
    """Whether each application had reached a phase on the last day; missing: not known.

    A later day implies every phase before it but the consultation, which may be passed over. What
    is known of a phase after admission is only known of applications that have a project.
    """
    if phase == "submitted":
        return pd.Series(True, index=lines.index, dtype="boolean")
    if phase == "admissible":
        return lines["admitted"]
    implied = ["consulted"] if phase == "consulted" else LATER[LATER.index(phase) :]
    there = lines[list(implied)].notna().any(axis=1).astype("boolean")
    unseen = ~lines["has_project"] & lines["admitted"].fillna(True).astype(bool)
    return there.mask(unseen)


def under_way(lines: pd.DataFrame, phase: str) -> pd.Series:
    """Whether each project can still reach a phase: not stopped, not there, and not past it."""
    past = lines[list(LATER[LATER.index(phase) :])].notna().any(axis=1)
    return lines["has_project"] & lines["stopped"].isna() & ~past


def _funnel(part: pd.DataFrame, states: dict[str, pd.Series], row: partial) -> Iterator[tuple]:
    row, taken = partial(row, definition="reached-by-the-last-day"), admitted(part)
    for phase, answers in states.items():
        at = partial(row, group=f"phase={phase}")
        later = phase in LATER
        unit = _ADMITTED if later else "applications"
        of = answers[taken.index] if later else answers
        yes, no, unknown = tally(of)
        answer = counted(yes, known=yes + no, unknown=unknown, denominator=unit)
        yield at("portfolio.phase", **answer._asdict())
        if later:
            yield at("portfolio.phase_share", **share(of, unit))
            still = Answer(int(under_way(taken, phase).sum()), "count", yes + no, unit)
            yield at("portfolio.under_way", **still._asdict())
    for before, phase in pairwise(states):
        there = states[before].fillna(False).astype(bool)
        of_those = share(states[phase][there], f"reached-{before}")
        yield row("portfolio.step_share", group=f"phase={phase}", **of_those)


def tally(answers: pd.Series) -> tuple[int, int, int]:
    """How many answers are yes, no and not known."""
    unknown = int(answers.isna().sum())
    yes = int(answers.fillna(False).astype(bool).sum())
    return yes, len(answers) - yes - unknown, unknown


def share(answers: pd.Series, denominator: str) -> dict[str, object]:
    """Share of yes among the known, with the bounds that the unknown leave open."""
    yes, no, unknown = tally(answers)
    return bounded_share(yes=yes, no=no, unknown=unknown, denominator=denominator)._asdict()


def success(answers: pd.Series) -> Answer:
    """Admitted among the decided, withdrawn ones included, with its Wilson interval (OD1-3)."""
    yes, no, pending = tally(answers)
    n = yes + no
    if not n:
        return Answer(None, "share", 0, "decided-applications", pending)
    low, high = wilson(yes, n)
    return Answer(yes / n, "share", n, "decided-applications", pending, low, high, "sampling")


def _success(given: Given, found: Portfolio) -> Iterator[tuple]:
    row = rows_on(given, "pio_applications", "pio_projects", "pio_calls")
    at = {"definition": "admitted-of-decided"}
    for period, part in periods(found):
        answer = success(part["admitted"])
        yield row("portfolio.success_rate", period=period, **at, **answer._asdict())
    named = found.lines[found.lines["call"].notna()]
    for (year, call), part in named.groupby(["call_year", "call"], sort=True):
        of_call = partial(row, period=year, group=f"pio_call={code(str(call))}")
        yes, no, unknown = tally(part["admitted"])
        asked = number_of(len(part), "applications")
        yield of_call("portfolio.applications", definition="counted", **asked)
        taken = counted(yes, known=yes + no, unknown=unknown, denominator="applications")
        yield of_call("portfolio.admitted", definition="counted", **taken._asdict())
        yield of_call("portfolio.success_rate", **at, **success(part["admitted"])._asdict())


def _calls(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Calls by the year of their deadline; a year without one, of a complete list, is a zero."""
    row = rows_on(given, "pio_calls")
    calls = given.tables["pio_calls"]
    years = days(calls["deadline"]).dt.year
    for year in range(int(years.min()), found.last_day.year + 1) if len(calls) else ():
        kinds = calls["call_kind"][years == year]
        for kind in (*CALL_KINDS, None):
            held = len(kinds) if kind is None else int((kinds == kind).sum())
            group = "all" if kind is None else f"call_kind={kind}"
            at = {"period": year, "group": group, "definition": "counted"}
            yield row("portfolio.calls", **at, **number_of(held, "calls"))
