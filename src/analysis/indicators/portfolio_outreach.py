"""Knowledge platform and European projects: OD2 and OD4 of methods 1.4.

portfolio.knowledge_items
    OD2-1: items published by year, and all by kind.
portfolio.knowledge_users, portfolio.knowledge_reach
    OD2-3: different organisations that used an item, not hits; and the share of the eligible
    buyers (last register) that did.
portfolio.helpdesk_days, portfolio.helpdesk_requests
    OD2-5: median days to an answer, Kaplan-Meier, so that open questions count; and questions.
portfolio.eu_participations, portfolio.eu_organisations, portfolio.eu_contribution
    OD4-1 and OD4-2: participations, different organisations, euros of the Commission (known ones),
    by year of the start, and all by programme and kind of action.
portfolio.eu_role_share
    OD4-3: coordinators, lead procurers and partners among participations.
portfolio.eu_per_100
    OD4-4: participations of eligible buyers per 100 eligible buyers (last register).
"""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.contracts.intake.outreach import EU_ACTIONS, EU_PROGRAMMES, EU_ROLES, ITEM_KINDS
from analysis.indicators.competition import Answer
from analysis.indicators.given import Given
from analysis.indicators.portfolio_buyers import has_register, register_of
from analysis.indicators.portfolio_durations import in_the_middle
from analysis.indicators.portfolio_funnel import share
from analysis.indicators.portfolio_lines import days, number_of, rows_on
from analysis.indicators.portfolio_money import total


def rows(given: Given) -> Iterator[tuple]:
    """Rows on knowledge and on Europe; each table that was not delivered gives none."""
    if given.has("knowledge_items"):
        yield from _items(given)
    if given.has("knowledge_use"):
        yield from _users(given)
    if given.has("helpdesk"):
        yield from _helpdesk(given)
    if given.has("eu_participations"):
        yield from _europe(given)


def by_year(given: Given, name: str, day: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """All rows of a table with their period, from their first year on, and those of each year."""
    rows = given.tables[name]
    years = days(rows[day]).dt.year
    first = int(years.min())
    yield f"{first}-{given.year}", rows
    for year in range(first, given.year + 1):
        yield str(year), rows[(years == year).to_numpy()]


def _items(given: Given) -> Iterator[tuple]:
    row = partial(rows_on(given, "knowledge_items"), definition="published-items")
    for period, part in by_year(given, "knowledge_items", "published"):
        at = partial(row, "portfolio.knowledge_items", period=period)
        yield at(**number_of(len(part), "items"))
        for kind in ITEM_KINDS if "-" in period else ():
            of_kind = int(part["item_kind"].eq(kind).sum())
            yield at(group=f"item_kind={kind}", **number_of(of_kind, "items"))


def _users(given: Given) -> Iterator[tuple]:
    row = partial(rows_on(given, "knowledge_use"), definition="organisations-not-hits")
    for period, part in by_year(given, "knowledge_use", "first_used"):
        users = number_of(part["company_id"].nunique(), "organisations")
        yield row("portfolio.knowledge_users", period=period, **users)
    if has_register(given):
        yield _reach(given)


def _reach(given: Given) -> tuple:
    register = register_of(given)["company_id"]
    used = register.isin(given.tables["knowledge_use"]["company_id"]).astype("boolean")
    return rows_on(given, "knowledge_use", "eligible_buyers")(
        "portfolio.knowledge_reach",
        period=given.year,
        definition="eligible-buyers-that-used",
        **share(used, "eligible-buyers"),
    )


def _helpdesk(given: Given) -> Iterator[tuple]:
    row = rows_on(given, "helpdesk")
    last_day = pd.Timestamp(given.year, 12, 31)
    for period, part in by_year(given, "helpdesk", "asked"):
        asked, answered = days(part["asked"]), days(part["answered"])
        until = answered.where(answered <= last_day)
        took = (until.fillna(last_day) - asked).dt.days
        answer = in_the_middle(pd.DataFrame({"days": took, "ended": until.notna()}))
        if answer.denominator == "spells":
            answer = answer._replace(denominator="requests")
        at = {"period": period, "definition": "kaplan-meier-median"}
        yield row("portfolio.helpdesk_days", **at, **answer._asdict())
        at["definition"] = "counted"
        yield row("portfolio.helpdesk_requests", **at, **number_of(len(part), "requests"))


def _europe(given: Given) -> Iterator[tuple]:
    row = rows_on(given, "eu_participations")
    table = given.tables["eu_participations"]
    for period, part in by_year(given, "eu_participations", "starts"):
        yield from _participations(part, partial(row, period=period))
        if "-" in period:
            yield from _parts(part, partial(row, period=period))
    if has_register(given):
        yield _per_100(given, table)


def _parts(table: pd.DataFrame, row: partial) -> Iterator[tuple]:
    """Participations by programme and by action, and the roles in all of them."""
    for name, kinds in (("eu_programme", EU_PROGRAMMES), ("eu_action", EU_ACTIONS)):
        for kind in kinds:
            part = table[table[name].eq(kind).to_numpy()]
            yield from _participations(part, partial(row, group=f"{name}={kind}"))
    for role in EU_ROLES:
        at = {"group": f"eu_role={role}", "definition": "role-in-the-project"}
        answer = share(table["eu_role"].eq(role).astype("boolean"), "participations")
        yield row("portfolio.eu_role_share", **at, **answer)


def _participations(part: pd.DataFrame, row: partial) -> Iterator[tuple]:
    at = {"definition": "started-in-the-period"}
    yield row("portfolio.eu_participations", **at, **number_of(len(part), "participations"))
    organisations = number_of(part["company_id"].nunique(), "organisations")
    yield row("portfolio.eu_organisations", **at, **organisations)
    euros = total(part["contribution_eur"], "participations")._asdict()
    yield row("portfolio.eu_contribution", definition="known-amounts", **euros)


def _per_100(given: Given, table: pd.DataFrame) -> tuple:
    register = register_of(given)["company_id"]
    theirs = int(table["company_id"].isin(register).sum())
    answer = Answer(100 * theirs / len(register), "mean", len(register), "eligible-buyers")
    return rows_on(given, "eu_participations", "eligible_buyers")(
        "portfolio.eu_per_100",
        period=given.year,
        definition="participations-per-100-eligible",
        **answer._asdict(),
    )
