"""How a table is promised: columns, key and rules, checked where the rows are (DuckDB)."""

from __future__ import annotations

import atexit
from collections import namedtuple
from dataclasses import dataclass, field
from functools import cache, cached_property
from typing import TYPE_CHECKING, TypeVar

import pyarrow as pa

from analysis.refusal import ContractError

if TYPE_CHECKING:
    import duckdb
    import pandas as pd

ARROW = {
    "text": pa.string(),
    "day": pa.date32(),
    "whole": pa.int64(),
    "number": pa.float64(),
    "money": pa.decimal128(24, 4),
    "flag": pa.bool_(),
}


@dataclass(frozen=True)
class Column:
    """One column: what it says, its kind (a key of ARROW), its unit and its permitted values."""

    about: str
    kind: str
    unit: str = ""
    may_be_missing: bool = False
    values: tuple[str, ...] = ()
    within: tuple[float, float] | None = None


@dataclass(frozen=True)
class Rule:
    """A sentence that every row must keep, and the SQL condition that says so."""

    sentence: str
    holds: str


@dataclass(frozen=True)
class Table:
    """A promise about rows. `row` says what one row is; `key` tells two rows apart."""

    name: str
    row: str
    key: tuple[str, ...]
    columns: dict[str, Column]
    rules: tuple[Rule, ...] = field(default=())

    @cached_property
    def schema(self) -> pa.Schema:
        """The table's Arrow schema, columns in the order of the contract."""
        return pa.schema([(name, ARROW[column.kind]) for name, column in self.columns.items()])

    @cached_property
    def Row(self) -> type:  # noqa: N802
        """A named tuple with one field a column; what is not stated is missing (None)."""
        return namedtuple(self.name.title(), self.columns, defaults=[None] * len(self.columns))

    def arrow(self, rows: list[tuple]) -> pa.Table:
        """Build the Arrow table of `rows` (tuples in the order of the columns)."""
        columns = zip(*rows, strict=True) if rows else [()] * len(self.columns)
        return pa.table(
            [pa.array(cells, f.type) for cells, f in zip(columns, self.schema, strict=True)],
            schema=self.schema,
        )

    def conditions(self) -> dict[str, str]:
        """Every promise about a single row, as sentence -> SQL condition that must not be false."""
        promised = {}
        for name, column in self.columns.items():
            if not column.may_be_missing:
                promised[f"{name} is stated"] = f'"{name}" is not null'
            if column.values:
                listed = ", ".join("'" + value.replace("'", "''") + "'" for value in column.values)
                promised[f"{name} is one of {', '.join(column.values)}"] = f'"{name}" in ({listed})'
            if column.within:
                low, high = column.within
                promised[f"{name} is within {low} and {high}"] = (
                    f'"{name}" between {low} and {high}'
                )
        return promised | {rule.sentence: rule.holds for rule in self.rules}


Rows = TypeVar("Rows", "pd.DataFrame", pa.Table, "duckdb.DuckDBPyRelation")


def keep(rows: Rows, table: Table) -> Rows:
    """Return `rows` unchanged, or raise ContractError naming every breach at once.

    Parameters
    ----------
    rows : pandas frame, Arrow table or DuckDB relation with the columns of `table`
    table : the contract

    Raises
    ------
    ContractError
        With each broken promise, the number of rows that break it and the first key.
    """
    import duckdb  # not above: the processes that read notices start sooner without it

    with shared_engine() as engine:
        if isinstance(rows, duckdb.DuckDBPyRelation):
            relation = rows
        else:
            relation = engine.from_arrow(_as_arrow(rows, table))
        breaches = _column_breaches(relation, table)
        if not breaches and not _is_kept(relation, table):
            breaches = _row_breaches(relation, table)
    if breaches:
        raise ContractError(
            table.name,
            found="\n            ".join(breaches),
            expected=f"{table.row}; columns and rules in analysis/contracts",
            do="correct the step that wrote the table",
        )
    return rows


def shared_engine() -> duckdb.DuckDBPyConnection:
    """A cursor of the one engine that all small questions share, to close after use.

    To start an engine takes fifty times as long as a cursor and longer than to check a small
    table. Make no tables in it: all cursors would see them.
    """
    return _started().cursor()


@cache
def _started() -> duckdb.DuckDBPyConnection:
    import duckdb

    atexit.register(_started.cache_clear)  # DuckDB complains of an engine that outlives Python
    return duckdb.connect()


def _as_arrow(rows: pd.DataFrame | pa.Table, table: Table) -> pa.Table:
    if isinstance(rows, pa.Table):
        return rows
    known = [f for f in table.schema if f.name in rows.columns]
    try:
        return pa.Table.from_pandas(rows, schema=pa.schema(known), preserve_index=False)
    except pa.ArrowException as fault:
        raise ContractError(
            table.name,
            found=str(fault),
            expected=f"the column kinds of the contract: {table.row}",
            do="correct the step that wrote the table",
        ) from fault


def _column_breaches(relation: duckdb.DuckDBPyRelation, table: Table) -> list[str]:
    gone = [name for name in table.columns if name not in relation.columns]
    new = [name for name in relation.columns if name not in table.columns]
    return [f"columns missing: {', '.join(gone)}"] * bool(gone) + [
        f"columns not in the contract: {', '.join(new)}"
    ] * bool(new)


def _is_kept(relation: duckdb.DuckDBPyRelation, table: Table) -> bool:
    """Whether every promise is kept: asked first, as to ask of each which one costs four times."""
    key = ", ".join(f'"{name}"' for name in table.key)
    every = " and ".join(f"coalesce({holds}, true)" for holds in table.conditions().values())
    told = relation.aggregate(f"coalesce(bool_and({every or 'true'}), true), count(*)")
    [(is_kept, rows)] = told.fetchall()
    [(keys,)] = relation.aggregate(f"count(distinct ({key}))").fetchall()
    return is_kept and keys == rows


def _row_breaches(relation: duckdb.DuckDBPyRelation, table: Table) -> list[str]:
    """Look at every row once for all promises, and once more for the key."""
    key = ", ".join(f'"{name}"' for name in table.key)
    first = f"min(({key})::varchar)"
    promises = table.conditions()
    asked = []
    for sentence, holds in promises.items():
        holds = holds if sentence.endswith(" is stated") else f"coalesce({holds}, true)"
        broken = f"filter (not ({holds}))"
        asked += [f"count(*) {broken}", f"{first} {broken}"]
    [answers] = relation.aggregate(", ".join(asked)).fetchall()
    found = [
        f"not true that {sentence}: {count} rows, first {example}"
        for sentence, count, example in zip(promises, answers[::2], answers[1::2], strict=True)
        if count
    ]
    double = relation.aggregate(f"{key}, count(*) as rows_", key).filter("rows_ > 1")
    [(count, example)] = double.aggregate(f"count(*), {first}").fetchall()
    if count:
        found.append(f"not true that ({key}) identifies one row: {count} keys, first {example}")
    return found
