"""'Kopen bij start-ups' by hand: a test states only what it is about."""

import datetime as dt

import pandas as pd
from blocks_world import given as delivered

from analysis import results
from analysis.indicators import buying
from analysis.results import number

YEAR = 2022
USUAL = {
    "startup_actions": {"measure": "announce", "description": "Iets", "progress": "running"},
    "project_group": {"since": "2018-09-01"},
    "startup_barriers": {"year": 2021},
    "marketplace_needs": {"buyer": "1000000001", "posted": "2020-02-01"},
    "marketplace_firms": {"registered": "2019-10-01"},
}
NOTHING = pd.DataFrame(columns=results.RESULTS.columns)


def given(*, classes=(), answers=(), year=YEAR, **tables):
    """What was delivered; `classes` are (company, day, kind of firm, origin)."""
    filled = {name: [USUAL.get(name, {}) | row for row in rows] for name, rows in tables.items()}
    found = delivered(year=year, answers=answers, **filled)
    told = [
        {"company_id": company, "on_date": dt.date.fromisoformat(on), "firm_class": kind,
         "is_startup": kind == "start-up", "origin": origin}
        for company, on, kind, origin in classes
    ]  # fmt: skip
    return found._replace(classes=pd.DataFrame(told, columns=list(found.classes.columns)))


def ledger(found, rows=NOTHING, cells=None):
    """The ledger of chapter 21 alone."""
    rests_on = {"kind": "simulated", "inputs": "notices@1"}
    return results.ledger(buying.results(found, rows, cells, **rests_on))


def yearly(id, values, *, definition, unit="share", **columns):
    """Rows of the ledger by year, as another chapter gives them: a value, or value, low, high."""
    rows = []
    for year, told in values.items():
        value, low, high = told if isinstance(told, tuple) else (told, None, None)
        ends = {"low": low, "high": high, "interval": "none" if low is None else "bounds"}
        usual = {"chapter": "20", "perimeter": "flemish-public", "n": 100, "denominator": "winners"}
        usual |= {"kind": "simulated", "inputs": "notices@1"} | ends | columns
        rows.append(number(id, period=year, definition=definition, value=value, unit=unit, **usual))
    return results.ledger(rows)


def one(rows, id, **cells):
    """The one row of an indicator with these cells."""
    found = rows[rows["id"] == f"buying.{id}"]
    for column, cell in cells.items():
        found = found[found[column] == cell]
    [row] = found.to_dict("records")
    return row


def told(rows, id, **cells):
    """Value, low, high and unknown of the one row; missing is None."""
    row = one(rows, id, **cells)
    names = ("value", "low", "high", "unknown")
    return tuple(None if pd.isna(row[name]) else round(float(row[name]), 4) for name in names)
