"""Co-financing of the portfolio: asked, committed, paid, and what others add to it."""

from collections.abc import Iterator
from decimal import Decimal
from functools import partial

import pandas as pd

from analysis.indicators.competition import Answer, bounded_share
from analysis.indicators.given import Given
from analysis.indicators.portfolio_lines import (
    Portfolio,
    admitted,
    euros,
    number_of,
    periods,
    rows_on,
)

LARGEST = (1, 3)
_PARTS = ("committed_eur", "buyer_eur", "third_party_eur")
_WITH_CASE = "finished-projects"


def rows(given: Given, found: Portfolio) -> Iterator[tuple]:
    """Rows on co-financing, on public cases and on take-over by other authorities."""
    if given.has("pio_applications"):
        row = rows_on(given, "pio_applications", "pio_projects", "pio_calls")
        for period, part in periods(found):
            answer = total(admitted(part)["requested_eur"], "admitted-applications")
            at = {"period": period, "definition": "known-amounts"}
            yield row("portfolio.requested", **at, **answer._asdict())
    if given.has("pio_projects"):
        row = rows_on(given, "pio_projects", "pio_applications", "pio_calls")
        years = found.lines.set_index("application")["call_year"]
        projects = given.tables["pio_projects"].astype("object")
        of_year = projects["application"].map(years)
        yield from _amounts(projects, partial(row, period=found.whole))
        for year, part in projects.groupby(of_year, sort=True):
            yield from _amounts(part, partial(row, period=int(year)))
        yield from _whole(projects, partial(row, period=found.whole))
        yield from _cases(given, projects, found.whole)


def total(amounts: pd.Series, denominator: str) -> Answer:
    """Sum of the known amounts: at least so much. Missing where none is known; no upper end."""
    known = euros(amounts)
    unknown = len(amounts) - len(known)
    value = float(sum(known)) if known or not unknown else None
    return Answer(value, "EUR", len(known), denominator, unknown)


def mean(amounts: pd.Series, denominator: str) -> Answer:
    """Mean of the known amounts."""
    known = euros(amounts)
    value = float(sum(known) / len(known)) if known else None
    return Answer(value, "EUR", len(known), denominator, len(amounts) - len(known))


def leverage(projects: pd.DataFrame) -> Answer:
    """Euros of buyers and third parties per euro that PIO committed (EFF2).

    sum(buyer + third party)/sum(committed), over projects of which all three are known: a blank is
    not a zero. Missing where PIO committed nothing to them.
    """
    complete = projects[projects[list(_PARTS)].notna().all(axis=1)]
    pio, buyer, third = (sum(euros(complete[name]), Decimal(0)) for name in _PARTS)
    value = float((buyer + third) / pio) if pio else None
    n = len(complete)
    return Answer(value, "ratio", n, "projects", len(projects) - n)


def _amounts(projects: pd.DataFrame, row: partial) -> Iterator[tuple]:
    at = {"definition": "known-amounts"}
    for name in ("committed", "paid"):
        answer = total(projects[f"{name}_eur"], "projects")
        yield row(f"portfolio.{name}", **at, **answer._asdict())
    per_project = mean(projects["committed_eur"], "projects")
    yield row("portfolio.committed_per_project", **at, **per_project._asdict())
    answer = leverage(projects)
    yield row("portfolio.leverage", definition="all-three-known", **answer._asdict())


def _whole(projects: pd.DataFrame, row: partial) -> Iterator[tuple]:
    """Committed without the largest, the part of it paid, and other authorities that took over."""
    amounts = sorted(euros(projects["committed_eur"]), reverse=True)
    unknown = len(projects) - len(amounts)
    for largest in (size for size in LARGEST if size < len(amounts)):
        rest = amounts[largest:]
        answer = Answer(float(sum(rest)), "EUR", len(rest), "projects", unknown)
        at = {"group": f"without_largest={largest}", "definition": "known-amounts"}
        yield row("portfolio.committed_without", **at, **answer._asdict())
    both = projects[projects[["committed_eur", "paid_eur"]].notna().all(axis=1)]
    committed, paid = (
        sum(euros(both[f"{name}_eur"]), Decimal(0)) for name in ("committed", "paid")
    )
    value = float(paid / committed) if committed else None
    answer = Answer(value, "share", len(both), "projects", len(projects) - len(both))
    yield row("portfolio.paid_share", definition="both-known", **answer._asdict())
    adopters = projects["adopters"].dropna()
    value = int(adopters.sum()) if len(adopters) else None
    answer = Answer(value, "count", len(adopters), "projects", len(projects) - len(adopters))
    yield row("portfolio.adopters", definition="as-stated", **answer._asdict())


def _cases(given: Given, projects: pd.DataFrame, whole: str) -> Iterator[tuple]:
    """Finished projects with a public case (OD2-2): by their flag, or an item that names them."""
    items = given.tables["knowledge_items"].astype("object")
    told = set(items["project"][items["item_kind"].eq("case").to_numpy()].dropna())
    finished = projects[projects[["finished", "in_use"]].notna().any(axis=1)]
    named = finished["project"].isin(told)
    flag = finished["public_case"].astype("boolean").mask(named, True)
    yes, unknown = int(flag.fillna(False).sum()), int(flag.isna().sum())
    no = len(flag) - yes - unknown
    row = rows_on(given, "pio_projects", "knowledge_items")
    at = {"period": whole, "definition": "public-case"}
    answer = bounded_share(yes=yes, no=no, unknown=unknown, denominator=_WITH_CASE)
    yield row("portfolio.case_share", **at, **answer._asdict())
    at["definition"] = "finished-or-in-use"
    yield row("portfolio.finished_projects", **at, **number_of(len(finished), "projects"))
