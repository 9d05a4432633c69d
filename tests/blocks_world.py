"""A few tables of the programme by hand: a test states only what it is about."""

import datetime as dt
from functools import cache

import pandas as pd
from ledger_rows import published

from analysis.cells.held import held
from analysis.cells.market import MarketCells
from analysis.contracts import ANSWERS
from analysis.contracts.intake import TABLES
from analysis.indicators.given import Given, Origin

YEAR = 2025
_CLASSES = ("company_id", "on_date", "firm_class", "is_startup", "origin")
_USUAL = {
    "pio_applications": {"call": "c1", "submitted": "2020-05-14", "decision": "inadmissible"},
    "pio_projects": {"buyer": "0200000001", "submitted": "2020-05-14"},
    "pio_contracts": {"project": "p1", "awarded": "2021-06-01"},
    "pio_bidders": {"country": "BE", "won": False},
    "pio_consulted": {"project": "p1", "country": "BE", "participant_kind": "company"},
    "eligible_buyers": {"year": YEAR, "organisation_type": "municipality"},
    "survey_questions": {"question": "SAT1", "scale": "likert-5", "wording_nl": "Ik ben tevreden."},
    "survey_populations": {"wave": YEAR, "group": "applicant-admitted", "stratum": "alle"},
    "survey_answers": {
        "wave": YEAR,
        "group": "applicant-admitted",
        "stratum": "alle",
        "question": "SAT1",
    },
}


def given(*, answers=(), year=YEAR, kind="simulated", **rows) -> Given:
    """What was delivered: the tables named, of which what is not stated is usual or missing."""
    tables = {name: frame(name, rows[name]) if rows.get(name) else _empty(name) for name in TABLES}
    origins = {name: Origin(kind, ((name, "0" * 64),)) for name in rows}
    said = [
        ANSWERS.Row(company, day(on), definition, answer)
        for company, on, definition, answer in answers
    ]
    classes = pd.DataFrame(columns=list(_CLASSES))
    asked = held(ANSWERS.arrow(said), ANSWERS)
    return Given(year, tables, origins, asked, classes, published())


MARKET = Origin("real", (("notices", "1" * 64),))


def market(tenders=(), awards=(), exits=()) -> MarketCells:
    """The rest of the market: rows of its three tables as tuples."""
    return MarketCells(
        pd.DataFrame(list(tenders), columns=["year", "procedure", "cpv_division", "lots", "bids"]),
        pd.DataFrame(list(awards), columns=["company_id", "on_date"]),
        pd.DataFrame(list(exits), columns=["company_id", "gone"]),
    )


@cache
def _empty(name):
    return frame(name, ())


def frame(name, rows):
    """Rows of a delivered table, as the lake gives them."""
    table = TABLES[name]
    filled = [_filled(table, _USUAL.get(name, {}) | row) for row in rows]
    return held(table.arrow([table.Row(**one) for one in filled]), table)


def day(text):
    return dt.date.fromisoformat(text)


def one(rows, id, **at):
    """The one row of an indicator with these cells; the last period, all groups if not stated."""
    found = [row._asdict() for row in rows if row.id == id]
    where = {"group": "all", "period": max((row["period"] for row in found), default="")} | at
    [row] = [row for row in found if all(row[name] == cell for name, cell in where.items())]
    return row


def told(rows, id, **at):
    """Value, low, high, n and unknown of the one row, rounded."""
    row = one(rows, id, **at)
    numbers = (row[name] for name in ("value", "low", "high"))
    return (*(None if x is None else round(x, 4) for x in numbers), row["n"], row["unknown"])


def _filled(table, row):
    days = {name for name, column in table.columns.items() if column.kind == "day"}
    return {name: day(value) if name in days and value else value for name, value in row.items()}
