"""Opportunities for companies (OPP1-7, methods 1.4): what PIO's contracts gave to whom.

Only direct winners and tenderers are seen, no subcontractors. Amounts are awarded values without
VAT, those that are stated. Periods are `first-t`, first the year of the first contract.

opportunities.contracts
    OPP1, PIO contracts awarded. Count.
opportunities.value, opportunities.value_without
    OPP2, sum of the stated values, `unknown` counting the contracts without one; and without the
    largest contract or the three largest (group `largest=...`). EUR.
opportunities.winners
    OPP3, different winning enterprises: by enterprise number, else by country and name. low: as if
    every name without a number were one of the others; high: as if none were. Not consolidated into
    groups of companies, since no source tells who owns whom. Count.
opportunities.startup_share, opportunities.startup_amount_share
    OPP4, share of the contracts (of the euros) that start-ups won: theta = sum w S/sum w, joint
    wins in equal parts, for every definition of companies on the day of the award. A contract
    without a known winner, and a winner without an answer, are unknown (bounds, methods 2.1).
opportunities.bidders
    OPP5, first half: mean tenderers per contract, of those whose tenderers are stated. Mean.
opportunities.participants
    OPP6, first half: mean participants per market consultation that lists them. Mean.
opportunities.participants_bid_share
    OPP6, second half: of the companies consulted in projects that awarded a contract since, those
    that tendered for it. Known by number, else by name; no tenderers listed: unknown (bounds).

The second half of OPP5, and OPP7, need the notices: `opportunities_market`.
"""

import math
from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from analysis.companies.definitions import definitions
from analysis.contracts.access_cells import HEADLINE
from analysis.indicators.access_parts import weighted_share
from analysis.indicators.competition import Answer, bounded_share
from analysis.indicators.given import Given
from analysis.indicators.judgement import baseline
from analysis.indicators.opportunities_parts import (
    Contracts,
    consultations,
    contracts,
    took_part,
    until,
    winners,
)
from analysis.results import number

LARGEST = (1, 3)
_CONTRACTS, _VALUED = "pio-contracts", "pio-contracts-valued"


def results(given: Given) -> list[tuple]:
    """Rows of the ledger on opportunities; none without contracts or consultations."""
    found = contracts(given)
    rows: list[tuple] = []
    first, years = ends(found, given)
    for year in years:
        row = partial(number, chapter="41", perimeter="flemish-public", period=f"{first}-{year}")
        part = until(found, year)
        if given.has("pio_contracts"):
            rows += _contracts(part, partial(row, **given.rests_on("pio_contracts")))
        if given.has("pio_contracts", "pio_bidders"):
            of_both = partial(row, **given.rests_on("pio_contracts", "pio_bidders"))
            rows += [*_winners(part, of_both), *_startups(given, part, of_both)]
        if given.has("pio_consulted"):
            tables = ("pio_consulted", "pio_projects", "pio_contracts", "pio_bidders")
            rows += _consulted(given, part, year, partial(row, **given.rests_on(*tables)))
    return rows


def ends(found: Contracts, given: Given) -> tuple[int, list[int]]:
    """First year of a contract, and the years up to which is counted: the baseline, and today."""
    years = found.awards["year"].dropna()
    first = int(years.min()) if len(years) else given.year
    return first, sorted({given.year, *({baseline(given.facts)} & set(range(first, given.year)))})


def _contracts(part: Contracts, row: partial) -> Iterator[tuple]:
    n = len(part.awards)
    counted = {"definition": "awarded-contracts", "denominator": _CONTRACTS}
    yield row("opportunities.contracts", value=n, unit="count", n=n, **counted)
    values = sorted((float(v) for v in part.awards["value_eur"].dropna()), reverse=True)
    euros = {"unit": "EUR", "denominator": _VALUED, "unknown": n - len(values)}
    euros["definition"] = "value-without-vat"
    for top in (0, *LARGEST):
        rest = values[top:]
        value = round(math.fsum(rest), 4) if rest else None
        if not top:
            yield row("opportunities.value", value=value, n=len(rest), **euros)
        elif rest:
            at = {"group": f"largest={top}"}
            yield row("opportunities.value_without", value=value, n=len(rest), **at, **euros)


def _winners(part: Contracts, row: partial) -> Iterator[tuple]:
    won = winners(part)
    numbered = set(won["company_id"].dropna())
    named = set(won["known_as"][won["company_id"].isna()])
    value = len(numbered) + len(named)
    low = max(len(numbered), min(value, 1))
    at = {"definition": "winning-enterprises", "denominator": "winning-enterprises"}
    ends = {"low": low, "high": value, "interval": "bounds"}
    unknown = len(named)
    yield row("opportunities.winners", value=value, unit="count", n=value, unknown=unknown,
              **at, **ends)  # fmt: skip
    tenderers = part.bidders.groupby("contract").size()
    n = len(tenderers)
    mean = float(tenderers.sum()) / n if n else None
    at = {"definition": "tenderers-per-contract", "denominator": "pio-contracts-with-tenderers"}
    unknown = len(part.awards) - n
    yield row("opportunities.bidders", value=mean, unit="mean", n=n, unknown=unknown, **at)


def _startups(given: Given, part: Contracts, row: partial) -> list[tuple]:
    """OPP4 under every definition; `disclosure` withholds what tells of firms' sizes."""
    known = definitions()
    asked = list(zip(part.shares["company_id"], part.shares["awarded"], strict=True))
    answers = _answers(given, set(asked))
    rows = []
    for name in known:
        said = pd.Series([answers.get((name, *at)) for at in asked], dtype="object")
        told = part.shares.assign(answer=said)
        rows.append(row("opportunities.startup_share", definition=name, **_share(told)))
        if name in HEADLINE:
            id = "opportunities.startup_amount_share"
            rows.append(row(id, definition=name, **_share(told, "eur")))
    return rows


def _answers(given: Given, asked: set[tuple]) -> dict[tuple, bool]:
    """Known answers by definition, company and day, of the companies and days asked."""
    every = given.answers
    told = every[every["company_id"].isin({company for company, _ in asked})]
    told = told.dropna(subset=["answer", "company_id"])
    days = pd.to_datetime(told["on_date"].astype("object"))
    keys = zip(told["definition"], told["company_id"], days, strict=True)
    said = zip(keys, told["answer"], strict=True)
    return {key: bool(answer) for key, answer in said if key[1:] in asked}


def _share(told: pd.DataFrame, measure: str = "weight") -> dict[str, Any]:
    """Share of contracts or euros; no guess of 0 where nobody is known to answer (methods 2.1)."""
    parts = told.dropna(subset=[measure])
    weights = parts[measure].astype(float)
    tally = {
        "yes": math.fsum(weights[parts["answer"] == True]),  # noqa: E712 - missing is neither
        "no": math.fsum(weights[parts["answer"] == False]),  # noqa: E712
        "unknown": math.fsum(weights[parts["answer"].isna()]),
    }
    open_ = parts["contract"][parts["answer"].isna()].nunique()
    n = parts["contract"].nunique() - open_
    denominator = _CONTRACTS if measure == "weight" else _VALUED
    answer = weighted_share(tally, n=n, unknown=open_, denominator=denominator)
    if not tally["yes"] and tally["unknown"]:
        answer = answer._replace(value=None)
    return answer._asdict()


def _consulted(given: Given, part: Contracts, year: int, row: partial) -> Iterator[tuple]:
    held = consultations(given, year)
    n, unknown = len(held.listed), len(held.without_list)
    mean = len(held.participants) / n if n else None
    at = {"definition": "participants-per-consultation", "denominator": "consultations"}
    yield row("opportunities.participants", value=mean, unit="mean", n=n, unknown=unknown, **at)
    if given.has("pio_contracts", "pio_bidders"):
        yes, no, open_ = took_part(held, part)
        answer: Answer = bounded_share(
            yes=yes, no=no, unknown=open_, denominator="consulted-companies"
        )
        definition = "consulted-and-tendered"
        yield row("opportunities.participants_bid_share", definition=definition, **answer._asdict())
