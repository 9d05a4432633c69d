"""How a stage runs where the data are: lazy frames in, a table of the engine out."""

import itertools
from collections.abc import Mapping

import duckdb
import narwhals.stable.v2 as nw

from analysis.contracts import Table, keep
from analysis.refusal import ContractError

Engine = duckdb.DuckDBPyConnection
Relation = duckdb.DuckDBPyRelation

NOTICE = ["notice_id", "document"]
LOT = [*NOTICE, "lot_id"]
AWARD = [*LOT, "award_id"]

_RUNNING = itertools.count(1)
_TYPES = {
    "text": "varchar",
    "day": "date",
    "whole": "bigint",
    "number": "double",
    "money": "decimal(24, 4)",
    "flag": "boolean",
}


def lazy(rows: object) -> nw.LazyFrame:
    """Return rows of the engine as a lazy frame; refuse frames held in memory.

    Raises
    ------
    ContractError
        For a pandas frame: a comparison with a missing date gives "no" there, and unknown here.
    """
    frame = nw.from_native(rows, pass_through=True)
    if not isinstance(frame, nw.LazyFrame):
        raise ContractError(
            "a stage that grows with the data",
            found=f"rows of type {type(rows).__module__}.{type(rows).__qualname__}",
            expected="a relation of the engine (DuckDB, Spark): unknown stays unknown there",
            do="hand the rows over through the engine, e.g. engine.from_arrow(...)",
        )
    return frame


def stage(engine: Engine, name: str, frame: nw.LazyFrame) -> nw.LazyFrame:
    """Compute `frame` once, into a temporary table of the engine, and go on from there."""
    return lazy(materialise(engine, name, frame.to_native()))


def materialise(engine: Engine, name: str, relation: Relation) -> Relation:
    """Compute a relation of the engine once, into a temporary table with a name of its own.

    A second run on the same engine must not change the tables of the first under their readers.
    """
    stage_rows = relation  # noqa: F841 - DuckDB finds it by name; the lake has no such table
    table = f"stage_{next(_RUNNING)}_{name}"
    engine.execute(f"create temp table {table} as select * from stage_rows")
    return engine.table(table)


def deliver(engine: Engine, table: Table, frame: nw.LazyFrame) -> Relation:
    """Compute `frame` in the columns and types of its contract, and keep the contract."""
    columns = ", ".join(
        f'"{name}"::{_TYPES[column.kind]} as "{name}"' for name, column in table.columns.items()
    )
    relation = frame.to_native().project(columns)
    return keep(materialise(engine, table.name, relation), table)


def frames(tables: Mapping[str, object]) -> dict[str, nw.LazyFrame]:
    """Every table as a lazy frame."""
    return {name: lazy(rows) for name, rows in tables.items()}
