"""Small delivered tables on structural partners: a test states only what it is about."""

import datetime as dt
from decimal import Decimal
from functools import cache

import pandas as pd
from ledger_rows import published

from analysis import results
from analysis.contracts.intake import TABLES
from analysis.indicators import partner_amounts, partner_costs, partner_kpis, partners
from analysis.indicators.given import Given, Origin

NAMES = ("structural_partners", "partner_instruments", "partner_payments", "partner_kpis")
_PANDAS = {"string": pd.StringDtype(), "int64": pd.Int64Dtype(), "bool": pd.BooleanDtype()}


def day(text: str) -> dt.date:
    return dt.date.fromisoformat(text)


def partner(short: str, name: str | None = None, **other) -> dict:
    return {"partner": short, "name": name or f"Partner {short.upper()} vzw", **other}


def agreement(instrument: str, short: str = "a", kind: str = "service-contract", **other) -> dict:
    year = other.pop("year", 2025)
    usual = {"starts": day(f"{year}-01-01"), "ends": day(f"{year}-12-31")}
    return {"instrument": instrument, "partner": short, "instrument_kind": kind, "year": year,
            **usual, **other}  # fmt: skip


def amount(instrument: str, stage: str, euro: str, vat: str = "vat-included", **other) -> dict:
    usual = {"year": 2025}
    if stage in ("paid", "recovered"):
        usual["on_date"] = day("2025-09-30")
    number = f"{instrument} {stage} {euro} {vat} {other.get('year', '')}"
    return {"payment": number, "instrument": instrument, "stage": stage,
            "amount_eur": Decimal(euro), "vat": vat, **usual, **other}  # fmt: skip


def kpi(instrument: str, name: str, target: int, reached: int | None, **other) -> dict:
    usual = {"year": 2025, "service": "growers", "counted": "trajecten"}
    return {"instrument": instrument, "kpi": name, "target_initial": target, "reached": reached,
            **usual, **other}  # fmt: skip


def given(year: int = 2025, kind: str = "real", **rows: list[dict]) -> Given:
    """What was delivered: a table that is not named was not."""
    tables = {name: _empty(name) for name in TABLES}
    tables |= {name: _table(name, filled) for name, filled in rows.items()}
    origins = {name: Origin(kind, (("partners.xlsx", "a" * 64),)) for name in rows}
    nothing = pd.DataFrame()
    return Given(year, tables, origins, nothing, nothing, published())


@cache
def _empty(name: str) -> pd.DataFrame:
    return _table(name, [])


def _table(name: str, rows: list[dict]) -> pd.DataFrame:
    table = TABLES[name]
    made = table.arrow([table.Row(**row) for row in rows])
    return made.to_pandas(types_mapper=lambda kind: _PANDAS.get(str(kind)))


def ledger(delivered: Given) -> pd.DataFrame:
    """All rows of chapter 50: those published, and those delivered."""
    themes = (partner_amounts, partner_kpis, partner_costs)
    rows = [row for theme in themes for row in theme.results(delivered)]
    return results.ledger([*partners.results(published()), *rows])


def example(kind: str = "simulated") -> Given:
    """Four partners in two years, with what a chapter should show: good, bad and not known."""
    return given(
        kind=kind,
        structural_partners=[
            partner("d"), partner("c"), partner("a"), partner("b", "Vereniging B, afdeling X"),
        ],
        partner_instruments=[
            agreement("a-25", "a", engaged_until=day("2028-12-31"),
                      adjusted="Digitaal, niet ter plaatse"),
            agreement("a-24", "a", year=2024),
            agreement("b-25", "b", "subsidy", engaged_until=day("2025-12-31")),
            agreement("c-25", "c", "subsidy"),
            agreement("d-25", "d"),
        ],
        partner_payments=[
            amount("a-25", "promised", "121000"),
            amount("a-25", "committed", "121000"),
            amount("a-25", "paid", "60500"),
            amount("a-25", "paid", "48400", on_date=day("2025-11-15")),
            amount("a-25", "recovered", "12100"),
            amount("a-24", "promised", "100000", year=2024),
            amount("a-24", "committed", "100000", year=2024),
            amount("a-24", "paid", "100000", year=2024, on_date=day("2025-03-31")),
            amount("b-25", "promised", "50000", "vat-not-stated"),
            amount("b-25", "committed", "40000", "vat-exempt"),
            amount("b-25", "paid", "10000", "vat-exempt"),
            amount("c-25", "promised", "30000", "vat-not-stated"),
            amount("d-25", "committed", "26000"),
            amount("d-25", "paid", "13000"),
        ],
        partner_kpis=[
            kpi("a-25", "adviestrajecten", 100, 112, enterprises=90),
            kpi("a-25", "netwerken", 500, 390, service="digitalisation", counted="deelnemers",
                agreed="Meer laagdrempelige werkvormen, vanaf mei"),
            kpi("a-24", "adviestrajecten", 100, 95, year=2024),
            kpi("b-25", "adviestrajecten", 80, 66, target_revised=60, revised=day("2025-05-04"),
                enterprises=60),
            kpi("b-25", "leernetwerken", 10, 8, service="cybersecurity", counted="netwerken"),
            kpi("c-25", "adviestrajecten", 40, None),
            kpi("d-25", "adviestrajecten", 50, 52, enterprises=52),
            kpi("c-25", "contacten", 20, 40, counted="contacten", enterprises=25),
        ],
    )  # fmt: skip
