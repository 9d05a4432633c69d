"""Small registers of companies: a test states only what it is about, the rest is ordinary."""

import datetime as dt

import duckdb
import engines

from analysis import contracts
from analysis.contracts.lots import LOT_RESULTS, WINNERS

TABLES = {
    table.name: table
    for table in (*contracts.COMPANY_TABLES, contracts.LIFESPANS, contracts.SIZES, contracts.BUYERS)
}
SNAPSHOT = dt.date(2026, 1, 1)
DAY = dt.date(2024, 6, 1)


def number(n: int) -> str:
    """The n-th invented enterprise number, its check digits right."""
    return f"{4000000 + n:08d}{97 - (4000000 + n) % 97:02d}"


def engine() -> duckdb.DuckDBPyConnection:
    return engines.engine()


def relation(made: duckdb.DuckDBPyConnection, table: contracts.Table, rows: list[dict]):
    """Rows of a contract as a relation of the engine."""
    return made.from_arrow(table.arrow([table.Row(**row) for row in rows]))


def register(made: duckdb.DuckDBPyConnection, *firms: dict, buyers: list[dict] = ()) -> dict:
    """A register of companies as `company` makes them."""
    rows: dict[str, list] = {name: [] for name in TABLES}
    for firm in firms:
        for name, held in firm.items():
            rows[name] += held
    rows["buyers"] = [{"source": "invented"} | buyer for buyer in buyers]
    return {name: relation(made, TABLES[name], held) for name, held in rows.items()}


def company(number: str, name: str | None = "Firm", **stated) -> dict:
    """An ordinary BV in Ghent that writes software; `sizes` is year -> (FTE, turnover, balance)."""
    place = {"postcode": "9000", "street_nl": "Kouter", "house_number": "1", "country": "België"}
    place |= stated.pop("address", {})
    sizes, lifespan = stated.pop("sizes", {}), stated.pop("lifespan", None)
    nace, person = stated.pop("nace", "62010"), stated.get("is_natural_person", False)
    form = None if person else "610"
    ordinary = {"is_natural_person": False, "legal_form": form, "snapshot_date": SNAPSHOT}
    ordinary |= {"start_date": dt.date(2015, 1, 1)}
    activity = {"activity_group": "001", "nace_version": "2008", "activity_class": "main"}
    figures = ("employees_fte", "turnover_eur", "balance_eur")
    seen = {"first_seen": SNAPSHOT, "last_seen": SNAPSHOT, "reappeared": False}
    return {
        "companies": [{"number": number} | ordinary | stated],
        "names": [{"number": number, "kind": "name", "name": name}] if name and not person else [],
        "addresses": [] if person else [{"number": number} | place],
        "activities": [{"number": number, "nace_code": nace} | activity]
        if nace and not person
        else [],
        "sizes": [
            {"company_id": number, "year": year} | dict(zip(figures, held, strict=True))
            for year, held in sizes.items()
        ],
        "lifespans": [{"number": number} | seen | lifespan] if lifespan else [],
    }


def lots(made: duckdb.DuckDBPyConnection, *rows: dict):
    """LOT_RESULTS: awarded lots of 1 June 2024, one contract each."""
    ordinary = {"document": "sha", "lot_id": "1", "first_of_notice": True, "era": "eforms"}
    ordinary |= {"form": "29", "outcome": "awarded", "date": DAY, "date_rule": "contract"}
    ordinary |= {"year": 2024, "publication_date": DAY, "country": "BE", "corrected": False}
    ordinary |= {"awards": 1, "winners": 1, "sme_won": "unknown", "cross_border": "unknown"}
    return relation(made, LOT_RESULTS, [ordinary | row for row in rows])


def winners(made: duckdb.DuckDBPyConnection, *rows: dict):
    """WINNERS: one firm in Belgium that won its lot alone."""
    ordinary = {"document": "sha", "lot_id": "1", "winner": 1, "lot_weight": 1.0, "country": "BE"}
    return relation(made, WINNERS, [ordinary | row for row in rows])


def links(made: duckdb.DuckDBPyConnection, *rows: dict):
    """LINKS: a name of one part, linked by its number where it has a company."""
    made_of = []
    for row in rows:
        linked = row.get("company_id") is not None
        how = {"method": "number" if linked else "none", "country": "BE", "part": 1, "parts": 1}
        how |= {"reason": "linked" if linked else "no-candidate"}
        made_of.append(how | row)
    return relation(made, contracts.LINKS, made_of)


def rows_of(rows) -> list[dict]:
    """Rows of a relation as dicts, in the order of their values."""
    return sorted(rows.to_arrow_table().to_pylist(), key=str)
