"""What was published of the programme beside what was delivered; neither is corrected.

A published call is the delivered call of its name, else the only one with its deadline, else the
only one that opened on its day or in its month. A published figure binds as its source words it:
`more-than` is above it, `about` within half a unit of its last digit that is not a zero (our
reading). A figure of a year or month is compared with every day of it.

portfolio.published, portfolio.delivered, portfolio.difference
    Per figure: proposals, selected and budget of calls, projects since the start, and public
    projects found under their title. The difference is the highest delivered minus published.
portfolio.agrees
    1 agrees, 0 differs, missing: cannot be compared, and the denominator says why. What is invented
    or a sample is never held to disagree with what was published.
"""

import math
from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from analysis.indicators.given import Given
from analysis.indicators.portfolio_funnel import tally
from analysis.indicators.portfolio_lines import Portfolio, admitted, days
from analysis.indicators.published import ledger_period
from analysis.results import number
from analysis.sources.facts import Facts

_FIGURES = {"proposals": "count", "selected": "count", "budget_eur": "EUR"}
_PREDECESSOR = "innovatief-aanbesteden"


class Published(NamedTuple):
    """One published figure: which one, of when, and how it binds."""

    facts: Facts
    group: str
    period: str
    value: Decimal
    unit: str = "count"
    comparator: str = "equal"


class Delivered(NamedTuple):
    """What was delivered lies between two ends; or nothing was, and why not.

    `may_differ`: another number need not contradict, since titles are worded differently.
    """

    low: float | None = None
    high: float | None = None
    why: str = "not-delivered"
    may_differ: bool = False


def rows(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Rows that set published figures beside delivered ones."""
    if not (given.has("pio_applications") or given.has("pio_projects")):
        return
    calls = given.facts["calls"]
    call: Any
    for call in calls.rows.itertuples():
        for figure, unit in _FIGURES.items():
            value = getattr(call, figure)
            if not pd.isna(value):
                at = f"call={call.call},fact={figure}"
                told = Published(calls, at, ledger_period(call.period), Decimal(str(value)), unit)
                yield from _line(given, told, _of_call(call, figure, given, found))
    yield from _cumulative(given, found)
    yield from _named(given, found)


def agreement(told: Published, low: float, high: float) -> bool | None:
    """Whether all of what was delivered fits the published figure, none of it, or some of it.

    Examples
    --------
    >>> seventy = Published(None, "all", "2020", Decimal(70), comparator="more-than")
    >>> [agreement(seventy, *ends) for ends in ((74, 80), (60, 70), (68, 74))]
    [True, False, None]
    """
    least, most = _allowed(told)
    open_ends = told.comparator == "more-than"
    if (least < low if open_ends else least <= low) and high <= most:
        return True
    return False if high < least or low > most or (open_ends and high == least) else None


def _allowed(told: Published) -> tuple[float, float]:
    value = float(told.value)
    if told.comparator == "about":
        half = 10.0 ** int(told.value.normalize().as_tuple().exponent) / 2
        return value - half, value + half
    least = -math.inf if told.comparator == "at-most" else value
    most = math.inf if told.comparator in ("more-than", "at-least") else value
    return least, most


def _line(given: Given, told: Published, found: Delivered) -> Iterator[tuple]:
    """The rows of one published figure; without a delivered one there is no difference."""
    equal = told.comparator == "equal"
    binding = "published" if equal else f"published-{told.comparator}"
    at: dict[str, Any] = {"group": told.group, "period": told.period, "definition": binding}
    row = partial(number, chapter="40", perimeter="flemish-public", n=None, unknown=None, **at)
    row = partial(row, unit=told.unit)
    source = {"kind": "published", "inputs": told.facts.inputs, "denominator": "as-published"}
    yield row("portfolio.published", value=told.value, **source)
    rests_on: Any = given.rests_on("pio_applications", "pio_projects", "pio_calls")
    ours = partial(row, **rests_on)
    low, high = found.low, found.high
    if low is None or high is None:
        yield ours("portfolio.delivered", value=None, denominator=found.why)
        yield ours("portfolio.agrees", value=None, unit="flag", denominator="not-comparable")
        return
    there = partial(ours, denominator="compared")
    yield there("portfolio.delivered", **_ends(low, high))
    yield there("portfolio.difference", value=high - float(told.value))
    same = agreement(told, low, high)
    if same is False and found.may_differ:
        same = None
    same, why = _judged(same, rests_on["kind"])
    yield ours("portfolio.agrees", value=same, unit="flag", denominator=why)


def _judged(same: bool | None, kind: str) -> tuple[bool | None, str]:
    """The agreement and its denominator; only what is real can agree or differ."""
    if kind != "real":
        return None, f"delivered-is-{kind}"
    return same, "only-partly-within" if same is None else "compared"


def _ends(low: float, high: float) -> dict[str, Any]:
    """The last end as the value, and both as bounds where they differ."""
    return {"value": high} | (
        {"low": low, "high": high, "interval": "bounds"} if low < high else {}
    )


def _of_call(call: Any, figure: str, given: Given, found: Portfolio) -> Delivered:
    if call.call == _PREDECESSOR:
        return Delivered(why="other-programme")
    same = delivered_call(call, given.tables["pio_calls"])
    if same is None:
        return Delivered(why="call-not-recognised")
    if figure == "budget_eur":
        calls = given.tables["pio_calls"]
        [budget] = calls["budget_eur"][(calls["call"] == same).to_numpy()]
        if pd.isna(budget):
            return Delivered()
        return Delivered(float(budget), float(budget))
    lines = found.lines[found.lines["call"].eq(same).to_numpy(bool)]
    if not given.has("pio_applications") or not len(lines):
        return Delivered()
    yes, no, unknown = tally(lines["admitted"])
    if figure == "proposals":
        return Delivered(yes + no + unknown, yes + no + unknown)
    return Delivered(yes, yes + unknown)


def delivered_call(call: Any, calls: pd.DataFrame) -> str | None:
    """The delivered call that a published one is, or none."""
    deadline = days(calls["deadline"])
    opened = days(calls["opened"]).dt.strftime("%Y-%m-%d").fillna("")
    tries = [calls["call"].eq(call.call)]
    if not pd.isna(call.deadline):
        tries.append(deadline.eq(pd.Timestamp(call.deadline)))
    if not pd.isna(call.launched):
        tries.append(opened.str.startswith(str(call.launched)))
    for fits in tries:
        names = calls["call"][fits.to_numpy(bool)]
        if len(names) == 1:
            return str(names.iloc[0])
    return None


def _cumulative(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Projects admitted since the start, on the first and the last day of the period published."""
    figures = given.facts["programme_figures"]
    some = figures.rows[figures.rows["item"].eq("projects_cumulative").to_numpy(bool)]
    figure: Any
    for figure in some.itertuples():
        period = ledger_period(figure.period)
        told = Published(
            figures, "fact=projects_cumulative", period, figure.value, comparator=figure.comparator
        )
        yield from _line(given, told, admitted_by(found, figure.period))


def admitted_by(found: Portfolio, period: str) -> Delivered:
    """Admitted applications up to the first day of a period, to up to its last day.

    Those whose day of admission is not known may have come before or after.
    """
    first, *_, last = [pd.Period(part) for part in str(period).split("/")] * 2
    if first.start_time > found.last_day:
        return Delivered(why="after-the-last-day")
    lines = admitted(found.lines)
    on = lines["admitted_on"]
    low = int((on <= first.start_time).sum())
    could = on.isna() & (lines["submitted"] <= last.end_time)
    return Delivered(low, int((on <= last.end_time).sum()) + int(could.sum()))


def _named(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Projects named in public, and how many of their titles occur among the delivered ones."""
    named = given.facts["projects"]
    titles = {
        _letters(title)
        for table in ("pio_projects", "pio_applications")
        for title in given.tables[table]["title"].dropna()
    }
    both = zip(named.rows["label_nl"], named.rows["label_en"], strict=True)
    seen = sum(bool({_letters(label) for label in labels} & titles) for labels in both)
    told = Published(named, "fact=named_projects", found.whole, Decimal(len(named.rows)))
    yield from _line(given, told, Delivered(seen, seen, may_differ=True) if titles else Delivered())


def _letters(title: str) -> str:
    return "".join(letter for letter in title.casefold() if letter.isalnum())
