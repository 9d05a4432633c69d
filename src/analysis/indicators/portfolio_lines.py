"""The PIO portfolio as one table: what became of every application, on the last day of the year."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from analysis.contracts.intake.pio import PHASES
from analysis.indicators.competition import Answer
from analysis.indicators.given import Given
from analysis.results import number

PLANS = ((2016, 2019), (2020, 2023))  # the plans of approach; seed 004 and domain 1.1
LATER = PHASES[2:]  # what comes after a project is admitted
_OF_APPLICATION = ["call", "theme", "digital", "priority", "priority_2"]
_OF_PROJECT = ["admissible", *LATER, "stopped"]


class Portfolio(NamedTuple):
    """All applications, and what rows of the ledger on them have in common.

    lines : a row per application. `application`, `call`, `call_year`, `buyer`, `submitted`,
        `admitted` (missing: not decided), `admitted_on`, `decided`, `theme`, `digital`, `priority`,
        `priority_2`, `requested_eur`, `has_project`; days of the phases after admission, `stopped`
    whole : name of the whole period, first call year to last year evaluated
    last_day : of the last year evaluated
    """

    lines: pd.DataFrame
    whole: str
    last_day: pd.Timestamp


def portfolio(given: Given) -> Portfolio:
    """Applications with their projects; a project without its application counts as one of its own.

    The call year is that of the deadline of the call, or of the application where its call is not
    in the list of calls. An application with several projects has reached what one of them has, on
    the first day that one did, and is stopped once all are. What came after the last day of the
    year had not come then: a decision of later days is pending.
    """
    last_day = pd.Timestamp(given.year, 12, 31)
    asked = _applications(given.tables["pio_applications"], last_day)
    going = _projects(given.tables["pio_projects"], last_day)
    both = asked.merge(going, on="application", how="outer", suffixes=("", "_project"))
    both["has_project"] = both["has_project"].eq(True)
    for name in ("buyer", "submitted"):
        both[name] = both[name].fillna(both[f"{name}_project"])
    taken = both["has_project"] | both["decision"].eq("admitted")
    both["admitted"] = taken.astype("boolean").mask(~taken & both["decision"].eq("pending"))
    both["admitted_on"] = both["admissible"].fillna(both["decided"].where(taken))
    both["call_year"] = _call_years(both, given.tables["pio_calls"])
    lines = both.sort_values("application", ignore_index=True)
    first = min([given.year, *lines["call_year"]])
    return Portfolio(lines, f"{first}-{given.year}", last_day)


def days(column: pd.Series) -> pd.Series:
    """Days of a delivered table as timestamps, whatever kind of column it came as."""
    return pd.to_datetime(column.astype("object"), errors="raise").astype("datetime64[s]")


def euros(column: pd.Series) -> list[Decimal]:
    """Amounts that are known, exact."""
    return [Decimal(str(amount)) for amount in column if not pd.isna(amount)]


def periods(found: Portfolio) -> Iterator[tuple[str, pd.DataFrame]]:
    """The whole period and each call year, with their lines."""
    yield found.whole, found.lines
    for year, part in found.lines.groupby("call_year", sort=True):
        yield str(year), part


def plans(found: Portfolio) -> dict[str, pd.DataFrame]:
    """Lines by plan of approach, and those of later years; plans without any are left out."""
    last = found.last_day.year
    spans = [*PLANS, (PLANS[-1][1] + 1, last)]
    years = found.lines["call_year"]
    parts = {
        f"{first}-{min(end, last)}": found.lines[years.between(first, end)] for first, end in spans
    }
    return {name: part for name, part in parts.items() if len(part)}


def admitted(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines of the applications that are known to be admitted."""
    return lines[lines["admitted"].fillna(False).astype(bool)]


def rows_on(given: Given, *tables: str) -> partial:
    """`results.number` of chapter 40 for rows that rest on some tables, one at least delivered."""
    rests_on: dict[str, Any] = {**given.rests_on(*tables)}
    return partial(number, chapter="40", perimeter="flemish-public", **rests_on)


def counted(yes: int, *, known: int, unknown: int, denominator: str) -> Answer:
    """Units that answer yes among those known, and how many more it could be.

    value = low = yes, high = yes + unknown; missing where nothing is known of any.
    """
    value = None if unknown and not known else yes
    if not unknown:
        return Answer(value, "count", known, denominator)
    return Answer(value, "count", known, denominator, unknown, yes, yes + unknown, "bounds")


def number_of(units: int, denominator: str) -> dict[str, object]:
    """A number of units, all counted."""
    return Answer(units, "count", units, denominator)._asdict()


def code(name: str) -> str:
    """A delivered name as a code in a group of the ledger, where a comma would part two."""
    return name.replace(",", "\u201a")


def _applications(table: pd.DataFrame, last_day: pd.Timestamp) -> pd.DataFrame:
    kept = ["application", "buyer", "decision", *_OF_APPLICATION, "requested_eur"]
    decided = days(table["decided"])
    later = (decided > last_day).to_numpy()
    asked = table[kept].astype("object")
    return asked.assign(
        submitted=days(table["submitted"]),
        decided=decided.mask(later),
        decision=asked["decision"].mask(later, "pending"),
    )


def _projects(table: pd.DataFrame, last_day: pd.Timestamp) -> pd.DataFrame:
    """One row an application that has projects: its first days, the last stop if all stopped."""
    dated = table[["application", "buyer"]].astype("object")
    dated = dated.assign(**{name: days(table[name]) for name in ("submitted", *_OF_PROJECT)})
    dated = dated[~(dated["admissible"] > last_day)]
    for name in (*LATER, "stopped"):
        dated[name] = dated[name].mask(dated[name] > last_day)
    dated["open"] = dated["stopped"].isna()
    by = dated.sort_values([*dated.columns], kind="stable").groupby("application", sort=True)
    first = by[["buyer"]].first().join(by[["submitted", *_OF_PROJECT[:-1]]].min())
    first["stopped"] = by["stopped"].max().mask(by["open"].any())
    return first.assign(has_project=True).reset_index()


def _call_years(both: pd.DataFrame, calls: pd.DataFrame) -> pd.Series:
    of_call = dict(zip(calls["call"], days(calls["deadline"]).dt.year, strict=True))
    named = both["call"].map(of_call)
    return named.fillna(both["submitted"].dt.year).astype(int)
