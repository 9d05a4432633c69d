"""What the programme delivered, in a test: a few rows of some tables, each kept to its contract."""

import datetime as dt
from functools import cache
from types import ModuleType
from typing import Any

import pandas as pd
from ledger_rows import published

from analysis import results
from analysis.contracts import keep
from analysis.contracts.intake import TABLES
from analysis.indicators import portfolio, portfolio_lines
from analysis.indicators.given import Given, Origin
from analysis.store.frames import framed

Row = dict[str, Any]


def day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None


@cache
def _nothing(name: str) -> pd.DataFrame:
    return framed(TABLES[name].schema.empty_table())


def table(name: str, rows: list[Row], *, kept: bool = True) -> pd.DataFrame:
    contract = TABLES[name]
    kinds = {column: shape.kind for column, shape in contract.columns.items()}
    tuples = [
        contract.Row(
            **{key: day(cell) if kinds[key] == "day" else cell for key, cell in row.items()}
        )
        for row in rows
    ]
    found = contract.arrow(tuples)
    return framed(keep(found, contract) if kept else found)


def given(
    *, year: int = 2022, kind: str = "simulated", kept: bool = True, **tables: list[Row]
) -> Given:
    """Only what is named here was delivered; the published figures are the real ones."""
    frames = {name: _nothing(name) for name in TABLES}
    frames |= {name: table(name, rows, kept=kept) for name, rows in tables.items()}
    origins = {name: Origin(kind, ((f"{name}.csv", name),)) for name in tables}
    nothing = pd.DataFrame()
    return Given(year, frames, origins, nothing, nothing, published())


def ledger(found: Given, *themes: ModuleType) -> pd.DataFrame:
    """The rows of some themes of the portfolio; of all of them, the whole chapter, if none."""
    lines = portfolio_lines.portfolio(found)
    some = [row for theme in themes for row in theme.rows(found, lines)]
    return results.ledger(some if themes else portfolio.results(found))


def application(name: str, *, decision: str = "admitted", **other: Any) -> Row:
    usual = {"call": "open-2019", "buyer": "1000000001", "submitted": "2019-06-01"}
    decided = None if decision == "pending" else "2019-09-01"
    return {"application": name, "decision": decision, "decided": decided, **(usual | other)}


def project(name: str, **other: Any) -> Row:
    usual = {"buyer": "1000000001", "submitted": "2019-06-01", "admissible": "2019-09-01"}
    return {"project": f"P-{name}", "application": name, **(usual | other)}


def call(name: str = "open-2019", deadline: str = "2019-06-14", **other: Any) -> Row:
    return {"call": name, "call_kind": "open-call", "deadline": deadline, **other}
