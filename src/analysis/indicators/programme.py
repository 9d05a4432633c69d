"""Calls and counts of the programme, the scoreboard, the breaks, and what sources contest.

A call is counted in full, so its share has no sampling interval. A selected project is not yet
a contract. A count published as "more than 70" has the definition `published-more-than`.

programme.proposals, programme.proposals_local, programme.selected
    By call; missing where no page was found to state it.
programme.selected_share, programme.local_share
    Of the proposals of a call.
programme.projects_cumulative, programme.budget_per_year, programme.cofinancing_amount, ...
    Published figures that are not about a single call, one id an item of the file.
scoreboard.sme_contractors, scoreboard.sme_bids, scoreboard.single_bidder, ...
    Single Market Scoreboard: above the EU thresholds, Belgium (part=BE), EU, and targets.
sme.firms, sme.budget_disclosed, ...
    Other published figures on small and medium-sized firms.
breaks.day
    Day of a break as yyyymmdd; definition: how exactly it is known, and whether it was read.
contested.value
    Two rows a contested number, `value-1` and `value-2`; neither is corrected.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any

import pandas as pd

from analysis.indicators.published import UNITS, figure_rows, ledger_period, ledger_value
from analysis.results import number
from analysis.sources.facts import Facts


def results(facts: dict[str, Facts]) -> list[tuple]:
    """Rows of the ledger on the programme; `facts` are the tables of `sources.facts.read`."""
    return [
        *_calls(facts["calls"]),
        *figure_rows(
            facts["programme_figures"],
            theme="programme",
            chapter="10",
            perimeter="flemish-public",
        ),
        *figure_rows(
            facts["scoreboard"], theme="scoreboard", chapter="15", perimeter="as-published"
        ),
        *figure_rows(facts["sme_figures"], theme="sme", chapter="15", perimeter="as-published"),
        *_breaks(facts["breaks"]),
        *_contested(facts["contested"]),
    ]


def _calls(calls: Facts) -> Iterator[tuple]:
    call: Any
    for call in calls.rows.itertuples():
        row = partial(
            number,
            chapter="10",
            period=ledger_period(call.period),
            group=f"call={call.call}",
            definition="published",
            perimeter="flemish-public",
            denominator="proposals",
            unknown=None,
            kind="published",
            inputs=calls.inputs,
        )
        n = None if pd.isna(call.proposals) else call.proposals
        for item in ("proposals", "proposals_local", "selected"):
            yield row(f"programme.{item}", value=getattr(call, item), unit="count", n=n)
        for item, part in (("selected", call.selected), ("local", call.proposals_local)):
            share = part / call.proposals
            yield row(f"programme.{item}_share", value=share, unit="share", n=n)


def _breaks(breaks: Facts) -> Iterator[tuple]:
    event: Any
    for event in breaks.rows.itertuples():
        yield number(
            "breaks.day",
            chapter="10",
            period=event.date.year,
            group=f"item={event.item}",
            definition=f"{event.precision}-{'verified' if event.verified else 'unverified'}",
            perimeter="as-published",
            value=int(event.date.strftime("%Y%m%d")),
            unit="day",
            n=None,
            denominator="as-published",
            unknown=None,
            kind="published",
            inputs=breaks.inputs,
        )


def _contested(contested: Facts) -> Iterator[tuple]:
    fact: Any
    for fact in contested.rows.dropna(subset=["unit"]).itertuples():
        for side, value in (("value-1", fact.number_1), ("value-2", fact.number_2)):
            yield number(
                "contested.value",
                chapter="10",
                period=ledger_period(fact.period),
                group=f"item={fact.item}",
                definition=side,
                perimeter="as-published",
                value=ledger_value(value, fact.unit),
                unit=UNITS[fact.unit],
                n=None,
                denominator="as-published",
                unknown=None,
                kind="published",
                inputs=contested.inputs,
            )
