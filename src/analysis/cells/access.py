"""From who won to cells: lots, winners and answers of any size become small tables."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from analysis import progress
from analysis.cells.access_answers import of_definitions
from analysis.cells.access_base import Engine, Relation, number_lots
from analysis.cells.access_companies import count_companies
from analysis.cells.access_marks import mark_lots
from analysis.cells.held import held
from analysis.contracts import access_cells as contracts

_AT_ONCE = 8  # definitions, and more where these are fewer answers than would fill the memory
_ANSWERS_AT_ONCE = 1_000_000
_OF_LOTS = ("lots", "perimeters", "members", "winners")
_OF_FIRMS = ("answers", "tenderers")
_FLAGS = ", ".join(contracts.FLAGS)

_SUPPLIERS = f"""
select {_FLAGS}, cpv_division, cpv_group, company_id, count(*) as members,
    sum((eur is null or framework is true)::int) as members_without_value,
    sum(case when framework is not true then coalesce(eur, 0) else 0 end) as eur
from access_members join access_lots using (lot) group by all
"""
_MEMBERS = f"""
select year, {_FLAGS}, origin, firm_class, is_new_winner, method,
    count(*) as members, sum(weight) as weight
from access_members join access_lots using (lot) group by all
"""
_LOTS = f"""
select year, {_FLAGS}, bids = 1 as single_bid, value_eur is not null as valued, comparable,
    sum(first_awarded::int) as notices, count(*) as lots, sum(winners) as pairs
from access_lots group by all
"""
_LAGS = f"""
select {_FLAGS}, date_trunc('month', date)::date as month,
    greatest(datediff('month', date, publication_date), 0) as lag, count(*) as lots
from access_lots where date is not null and publication_date is not null group by all
"""


class AccessCells(NamedTuple):
    """Small tables, each with the contract of its name in `contracts.access_cells`."""

    cells: pd.DataFrame
    kinds: pd.DataFrame
    origins: pd.DataFrame
    rules: pd.DataFrame
    marked: pd.DataFrame
    values: pd.DataFrame
    doubted: pd.DataFrame
    companies: pd.DataFrame
    suppliers: pd.DataFrame
    members: pd.DataFrame
    bids: pd.DataFrame
    lots: pd.DataFrame
    lags: pd.DataFrame


TABLES = {
    "cells": contracts.ACCESS_CELLS,
    "kinds": contracts.KIND_CELLS,
    "origins": contracts.ORIGIN_CELLS,
    "rules": contracts.RULE_CELLS,
    "marked": contracts.MARKED_CELLS,
    "values": contracts.AWARD_VALUES,
    "doubted": contracts.DOUBTED_CELLS,
    "companies": contracts.COMPANY_COUNTS,
    "suppliers": contracts.SUPPLIER_CELLS,
    "members": contracts.MEMBER_CELLS,
    "bids": contracts.BID_CELLS,
    "lots": contracts.LOT_CELLS,
    "lags": contracts.LAG_CELLS,
}
_OF_ALL = {"suppliers": _SUPPLIERS, "members": _MEMBERS, "lots": _LOTS, "lags": _LAGS}


def access_cells(
    engine: Engine, given: Mapping[str, Relation], definitions: Sequence[str]
) -> AccessCells:
    """Count, weigh and add up awarded lots by what their winners answer to every definition.

    Parameters
    ----------
    engine : connection that the relations belong to
    given : relations `lots`, `winners`, `members`, `tenderers` and `answers`, which keep
        LOT_RESULTS, WINNERS, MEMBERS, TENDERERS and ANSWERS; `perimeters`, one row a lot with its
        key and the four flags of FLAGS; and `described`, which keeps LOTS. A winner without an
        answer is unknown.
    definitions : ids of the definitions; those that nobody answers are unknown throughout

    Returns
    -------
    AccessCells, contracts kept; the same whatever the order of the rows.
    """
    found = counted(engine, given, definitions)
    return AccessCells(**{name: held(rows, TABLES[name]) for name, rows in found.items()})


def counted(
    engine: Engine, given: Mapping[str, Relation], definitions: Sequence[str]
) -> dict[str, pa.Table]:
    """The tables of AccessCells as the engine gives them: neither sorted nor in their kinds."""
    number_lots(engine, **{name: given[name] for name in _OF_LOTS})
    mark_lots(engine, given["described"])
    found: dict[str, list[pa.Table]] = {name: [] for name in TABLES}
    whole, at_once = _whole_period(engine), _at_once(engine)
    with progress.shown("counting start-ups", len(definitions)) as advance:
        for first in range(0, len(definitions), at_once):
            some = definitions[first : first + at_once]
            answered = of_definitions(engine, some, **{name: given[name] for name in _OF_FIRMS})
            answered["companies"] = count_companies(engine, whole)
            for name, rows in answered.items():
                found[name].append(rows)
            advance(len(some))
    for name, query in _OF_ALL.items():
        found[name].append(engine.sql(query).to_arrow_table())
    return {name: pa.concat_tables(parts) for name, parts in found.items()}


def _at_once(engine: Engine) -> int:
    [(members,)] = engine.sql("select count(*) from access_members").fetchall()
    return max(_AT_ONCE, _ANSWERS_AT_ONCE // max(members, 1))


def _whole_period(engine: Engine) -> str:
    [(first, last)] = engine.sql("select min(year), max(year) from access_lots").fetchall()
    return f"{first}-{last}"
