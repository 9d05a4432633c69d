"""Small canonical tables: a test states only what it is about, the rest is ordinary."""

import datetime as dt
from decimal import Decimal

import duckdb
import engines

from analysis import contracts
from analysis.notices import Kept, apply_rules
from analysis.notices.dates import lot_dates
from analysis.notices.pipeline import prepared

DAY = dt.date(2020, 6, 1)


def award(value: object = None, **stated: object) -> dict:
    """One contract given for one lot; `winners` are dicts of ORGANISATIONS."""
    firms = stated.pop("winners", None)
    ordinary = {"lot_id": "1", "outcome": "awarded", "currency": "EUR", "contract_date": DAY}
    amount = None if value is None else Decimal(str(value))
    return ordinary | {"value": amount, "firms": firms} | stated


def not_awarded(**stated: object) -> dict:
    """The decision to give no contract for a lot."""
    return award(outcome="not-awarded", winners=[], contract_date=None, currency=None) | stated


def firm(name: str = "Firm", **stated: object) -> dict:
    """One winner."""
    return {"name": name, "country": "BE"} | stated


def notice(number: str = "1-2020", *awards: dict, **stated: object) -> dict:
    """One published award notice of an ordinary Belgian buyer, with its awards."""
    ordinary = {
        "document": f"sha-{number}",
        "era": "ted-r209",
        "form": "F03_2014",
        "kind": "award",
        "published": True,
        "publication_date": DAY + dt.timedelta(30),
        "country": "BE",
        "eu_institution": False,
        "procedure": "open",
        "nature": "services",
        "cpv": "72000000",
        "total_withheld": False,
        "buyer": "0425.260.668",
        "lots": [],
    }
    return {"notice_id": number} | ordinary | stated | {"awards": list(awards)}


def lake(*notices: dict) -> tuple[duckdb.DuckDBPyConnection, dict]:
    """An engine, and the five canonical tables of the notices as its relations."""
    rows: dict[str, list] = {table.name: [] for table in contracts.NOTICE_TABLES}
    for one in notices:
        _add(rows, one)
    engine = engines.engine()
    made = {table.name: table.arrow(rows[table.name]) for table in contracts.NOTICE_TABLES}
    return engine, {name: engine.from_arrow(arrow) for name, arrow in made.items()}


def ruled(*notices: dict, off: tuple[str, ...] = ()) -> Kept:
    """What the rules make of the notices."""
    engine, tables = lake(*notices)
    return apply_rules(engine, tables, off=off)


def looked_at(*notices: dict) -> tuple[duckdb.DuckDBPyConnection, dict]:
    """An engine and the frames on which the rules work, no rule applied yet."""
    engine, tables = lake(*notices)
    now = prepared(engine, tables)
    return engine, now | {"dates": lot_dates(now)}


def rows_of(rows: object) -> list[dict]:
    """Rows of a relation or a lazy frame as dicts, in the order of their values."""
    relation = rows.to_native() if hasattr(rows, "to_native") else rows
    return sorted(relation.to_arrow_table().to_pylist(), key=str)


def logged(kept: Kept, rule: str) -> dict:
    """The row of one rule in the log."""
    return next(row for row in kept.log.to_pylist() if row["rule"] == rule)


def _add(rows: dict[str, list], one: dict) -> None:
    key = {"notice_id": one["notice_id"], "document": one["document"]}
    rows["notices"].append(_row(contracts.NOTICES, one))
    rows["lots"] += [_row(contracts.LOTS, key | lot) for lot in one["lots"]]
    buyer = {"organisation_id": "B1", "is_buyer": True, "is_tenderer": False, "country": "BE"}
    buyer |= {"name": "Buyer", "identifier": one["buyer"]}
    rows["organisations"].append(_row(contracts.ORGANISATIONS, key | buyer))
    winner = 0
    for number, given in enumerate(one["awards"], start=1):
        firms = given["firms"] if given["firms"] is not None else [firm()]
        filled = {"bids_withheld": False, "value_withheld": False, "winners": len(firms)}
        filled |= key | given | {"award_id": str(number)}
        rows["awards"].append(_row(contracts.AWARDS, filled))
        for member in firms:
            winner += 1
            _add_winner(rows, key | {"lot_id": given["lot_id"]}, member, winner, number, len(firms))


def _add_winner(
    rows: dict[str, list], key: dict, member: dict, winner: int, number: int, members: int
) -> None:
    who = {"organisation_id": f"W{winner}", "is_buyer": False, "is_tenderer": True} | member
    rows["organisations"].append(_row(contracts.ORGANISATIONS, key | who))
    bid = {"tender_id": str(number), "award_id": str(number), "won": True, "members": members}
    bid |= {"organisation_id": f"W{winner}"}
    rows["bids"].append(_row(contracts.BIDS, key | bid))


def _row(table: contracts.Table, stated: dict) -> tuple:
    return table.Row(**{name: stated[name] for name in table.columns if name in stated})


# IMEC buys from Bluefors for 321,000 EUR: 413436-2022 and, in the new forms, 565039-2023.
BLUEFORS = {"winners": [firm("Bluefors Oy", country="FI")], "contract_date": dt.date(2022, 6, 24)}
AGAIN = BLUEFORS | {"contract_date": dt.date(2022, 6, 23)}
OLD = {"publication_date": dt.date(2022, 8, 5), "cpv": "38000000", "buyer": "0425.260.668_27172"}
NEW = OLD | {
    "publication_date": dt.date(2023, 9, 19),
    "buyer": "0425260668_1495",
    "era": "eforms",
    "form": "29",
}
