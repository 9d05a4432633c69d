"""What firms won, employed and became: what a contract's aftermath is followed in."""

from analysis.contracts.access import ORIGINS
from analysis.contracts.companies import CHECK_DIGITS
from analysis.contracts.table import Column, Rule, Table

_COMPANY = Column("Enterprise number, ten digits without dots", "text")


def _maybe(about: str, kind: str, unit: str = "") -> Column:
    return Column(about, kind, unit, may_be_missing=True)


FIRM_WINS = Table(
    name="firm_wins",
    row="what one company won from one Flemish public buyer on one day, PIO's own contracts apart",
    key=("company_id", "on_date", "buyer"),
    columns={
        "company_id": _COMPANY,
        "on_date": Column("Day of the award", "day"),
        "buyer": Column("Number of the buyer, made comparable; BE is left out", "text"),
        "lots": Column("Lots, joint wins in parts", "number", "lots"),
        "eur": _maybe("Euros of those with a known value, no framework agreements", "money", "EUR"),
    },
    rules=(Rule("something was won", "lots > 0"),),
)

FIRMS = Table(
    name="firms",
    row="one company that won or tendered, as the register knows it",
    key=("company_id",),
    columns={
        "company_id": _COMPANY,
        "is_person": Column("A natural person", "flag"),
        "started": _maybe("First day of its number", "day"),
        "sector": _maybe("First two digits of its main activity, NACE-BEL", "text"),
        "origin": Column("Where its seat is", "text", values=ORIGINS),
        "seen_until": Column("Day of the last extract that has it", "day"),
        "gone": _maybe("First day on which it is known to be gone", "day"),
    },
    rules=(CHECK_DIGITS,),
)

FIRM_SIZES = Table(
    name="firm_sizes",
    row="one company that won or tendered, in one financial year of which it filed accounts",
    key=("company_id", "year"),
    columns={
        "company_id": _COMPANY,
        "year": Column("Year in which the financial year ends", "whole"),
        "fte": _maybe("Workers, average over the year", "number", "FTE"),
        "turnover_eur": _maybe("Turnover, no VAT", "money", "EUR"),
    },
)
