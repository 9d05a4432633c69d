"""Plain tables that an evaluator provides: CSV in the columns of a contract, checked at once."""

from collections.abc import Mapping

import duckdb

from analysis.contracts.table import Table
from analysis.refusal import SourceError

_WRITTEN = {
    "text": ("", "text", "varchar"),
    "day": (r"\d{4}-\d{2}-\d{2}", "a day as 2024-01-31", "date"),
    "whole": (r"-?\d{1,18}", "a whole number as 2024", "bigint"),
    "number": (r"-?\d{1,9}(\.\d{1,9})?", "a number as 12.5", "double"),
    "money": (r"-?\d{1,18}(\.\d{1,4})?", "euros as 1440000.00", "decimal(24, 4)"),
    "flag": ("true|false", "true or false", "boolean"),
}
_SHOWN = 5  # lines named for each fault


def checked(
    engine: duckdb.DuckDBPyConnection,
    table: Table,
    source: str,
    *,
    where: str,
    but: Mapping[str, str] | None = None,
    only: str = "true",
    also: Mapping[str, str] | None = None,
) -> str:
    """SQL of the rows of a CSV in the columns of `table`, after all of them were checked.

    Parameters
    ----------
    engine : where the views that the SQL needs are made
    table : the contract
    source : SQL of the cells, all text; an empty cell is missing
    where : name of the file, for messages
    but : SQL for what is kept instead of the cell, by column
    only : SQL of the rows that are kept at all
    also : promises besides those of the contract, as sentence -> SQL condition

    Raises
    ------
    SourceError
        Naming every fault of the file at once, each with its number of rows and first lines.
    """
    named = ", ".join(f"{(but or {}).get(name, name)} as {name}" for name in table.columns)
    cells, rows = f"{table.name}_cells", f"{table.name}_rows"
    typed = ", ".join(
        f"{name}::{_WRITTEN[column.kind][2]} as {name}" for name, column in table.columns.items()
    )
    engine.execute(
        f"create view {cells} as select {named}, line_ from "
        f"(select *, row_number() over () + 1 as line_ from {source}) where {only}"
    )
    engine.execute(f"create view {rows} as select {typed}, line_ from {cells}")
    try:
        faults = _faults(engine, cells, _badly_written(table))
        faults = faults or [
            *_faults(engine, rows, table.conditions()),
            *_faults(engine, rows, _promised_of_all(table) | dict(also or {})),
        ]
    except (duckdb.InvalidInputException, duckdb.ConversionException) as fault:
        raise _refuse(table, where, str(fault).splitlines()[0]) from fault
    if faults:
        raise _refuse(table, where, "\n            ".join(faults))
    return f"select distinct * exclude (line_) from {rows} order by all"


def _badly_written(table: Table) -> dict[str, str]:
    promises = {}
    for name, column in table.columns.items():
        pattern, expected, kind = _WRITTEN[column.kind]
        if pattern:
            promises[f"{name} is {expected}"] = (
                f"{name} is null or (regexp_full_match({name}, '{pattern}') "
                f"and try_cast({name} as {kind}) is not null)"
            )
    return promises


def _promised_of_all(table: Table) -> dict[str, str]:
    """The key; where it is the whole row, a row that comes twice is kept once."""
    if set(table.key) == set(table.columns):
        return {}
    key = ", ".join(table.key)
    return {f"({key}) identifies one row": f"count(*) over (partition by {key}) = 1"}


def _faults(engine: duckdb.DuckDBPyConnection, rows: str, promises: Mapping[str, str]) -> list[str]:
    """What is not as promised, in one reading of the rows."""
    if not promises:
        return []
    kept = [f"coalesce({holds}, true) as kept_{n}" for n, holds in enumerate(promises.values())]
    broken = [
        f"count(*) filter (not kept_{n}), min(line_, {_SHOWN}) filter (not kept_{n})"
        for n in range(len(kept))
    ]
    found = engine.execute(
        f"select {', '.join(broken)} from (select line_, {', '.join(kept)} from {rows})"
    ).fetchall()[0]
    told = zip(promises, found[::2], found[1::2], strict=True)
    return [
        f"not true that {sentence}: {count} rows, line {', '.join(map(str, lines))}"
        for sentence, count, lines in told
        if count
    ]


def _refuse(table: Table, where: str, found: str) -> SourceError:
    return SourceError(
        where,
        found=found,
        expected=f"UTF-8 CSV with the columns {', '.join(table.columns)}; {table.row}",
        do="correct the rows; leave a cell empty where it is not known",
    )
