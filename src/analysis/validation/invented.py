"""Invented firms and lots as relations, for the worlds that go through the steps of the product."""

import atexit
import datetime as dt
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from typing import Any

import duckdb

from analysis import contracts
from analysis.contracts import Table
from analysis.notices.stages import Engine, Relation
from analysis.simulate.register import PARTS

SNAPSHOT = dt.date(2026, 1, 1)
REGISTER = {
    table.name: table for table in (*contracts.COMPANY_TABLES, contracts.LIFESPANS, contracts.SIZES)
}
BV, NV, MAATSCHAP = "610", "014", "702"  # KBO's codes of legal forms
Rows = dict[str, list[dict[str, Any]]]


@contextmanager
def engine() -> Iterator[Engine]:
    """A connection whose temporary tables are gone with it; one thread."""
    made = _started().cursor()
    try:
        yield made
    finally:
        made.close()


@cache
def _started() -> Engine:
    atexit.register(_started.cache_clear)  # DuckDB complains of an engine that outlives Python
    started = duckdb.connect()
    started.execute("set threads = 1")
    return started


def relation(made: Engine, table: Table, rows: Iterable[Mapping[str, Any]]) -> Relation:
    """Rows of a contract as a relation; what a row does not state is missing."""
    return made.from_arrow(table.arrow([table.Row(**row) for row in rows]))


def number(place: int) -> str:
    """Enterprise number of the firm at a place, decades ahead of those that exist."""
    return f"{15_000_000 + place:08d}{97 - (15_000_000 + place) % 97:02d}"


def surname(place: int) -> str:
    """One of some 25,000 invented surnames; neighbours differ in every part."""
    prefixes, stems, endings = (
        PARTS[f"surname_{part}"] for part in ("prefixes", "stems", "endings")
    )
    return (
        prefixes[place // 7 % len(prefixes)]
        + stems[place % len(stems)]
        + endings[place // len(stems) % len(endings)]
    )


def firm(
    place: int,
    start: dt.date,
    *,
    name: str | None = None,
    form: str = BV,
    house: str | None = None,
    nace: str = "62010",
    workers: float | None = None,
) -> Rows:
    """Rows of the register of one firm, alone at its address unless another has its house.

    Parameters
    ----------
    place : decides its number, its usual name and its usual address
    workers : in the accounts of its first year, if it files any
    """
    own = {"number": number(place)}
    sizes = {"company_id": own["number"], "year": start.year, "employees_fte": workers}
    address = {"postcode": "9000", "street_nl": "Kouter", "house_number": house or f"{place}"}
    activity = {"activity_group": "001", "nace_version": "2008", "activity_class": "main"}
    said = name or f"{surname(place)} {PARTS['sectors'][place % len(PARTS['sectors'])][0]}"
    company = {"is_natural_person": False, "legal_form": form, "snapshot_date": SNAPSHOT}
    return {
        "companies": [own | company | {"start_date": start}],
        "names": [own | {"kind": "name", "name": said}],
        "addresses": [own | address | {"country": "België"}],
        "activities": [own | activity | {"nace_code": nace}],
        "sizes": [sizes] if workers is not None else [],
    }


def register(made: Engine, firms: Iterable[Rows]) -> dict[str, Relation]:
    """A register of firms as `firm` makes them."""
    rows: Rows = {name: [] for name in REGISTER}
    for one in firms:
        for name, held in one.items():
            rows[name] += held
    return {name: relation(made, table, rows[name]) for name, table in REGISTER.items()}
