"""Sizes of companies from their annual accounts, as a plain table that an evaluator provides."""

from pathlib import Path

import duckdb
import pyarrow as pa

from analysis.contracts.companies import SIZES
from analysis.refusal import SourceError
from analysis.sources.kbo_zip import csv_rows

_WRITTEN = {
    "company_id": (r"\d{10}", "ten digits as 0200065765"),
    "year": (r"\d{4}", "a year as 2024"),
    "employees_fte": (r"\d{1,9}(\.\d{1,4})?", "a number as 12.5"),
    "turnover_eur": (r"-?\d{1,18}(\.\d{1,4})?", "euros as 1440000.00"),
    "balance_eur": (r"-?\d{1,18}(\.\d{1,4})?", "euros as 1440000.00"),
}
_KINDS = {"text": "varchar", "whole": "bigint", "number": "double", "money": "decimal(24, 4)"}
_SHOWN = 5  # lines named for each fault


def read(path: Path) -> pa.Table:
    """Read the CSV of sizes at `path`; an empty cell is missing.

    Returns
    -------
    Rows of SIZES sorted by company and year; money is Decimal, in euros.

    Raises
    ------
    SourceError
        Naming every fault of the file at once, each with its number of rows and first lines.
    """
    with duckdb.connect(config={"memory_limit": "500MB"}) as engine:
        _load(engine, path)
        faults = _faults(engine, "cells_", _badly_written())
        if not faults:
            columns = ", ".join(
                f"{name}::{_KINDS[column.kind]} as {name}" for name, column in SIZES.columns.items()
            )
            engine.execute(f"create table sizes_ as select {columns}, line_ from cells_")
            faults = _faults(engine, "sizes_", _promises())
        if faults:
            raise _refuse(path, "\n            ".join(faults))
        rows = engine.sql("select * exclude (line_) from sizes_ order by company_id, year")
        return rows.to_arrow_table().cast(SIZES.schema)


def _load(engine: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Put the file in `cells_`, all text, each row with the number of its line."""
    try:
        with path.open(encoding="utf-8-sig") as file:
            header = file.readline(1000).rstrip("\r\n").replace('"', "").split(",")
    except (OSError, UnicodeDecodeError) as fault:
        raise _refuse(path, f"{type(fault).__name__}: {fault}") from fault
    if header != list(SIZES.columns):
        raise _refuse(path, f"columns {', '.join(header)}")
    try:
        engine.execute(
            "create table cells_ as select *, row_number() over () + 1 as line_ "
            f"from {csv_rows(path, header)}"
        )
    except (duckdb.InvalidInputException, duckdb.ConversionException) as fault:
        raise _refuse(path, str(fault).splitlines()[0]) from fault


def _badly_written() -> dict[str, str]:
    return {
        f"{name} is {expected}": f"coalesce(regexp_full_match({name}, '{pattern}'), true)"
        for name, (pattern, expected) in _WRITTEN.items()
    }


def _promises() -> dict[str, str]:
    key = ", ".join(SIZES.key)
    return SIZES.conditions() | {
        f"({key}) identifies one row": f"count(*) over (partition by {key}) = 1"
    }


def _faults(engine: duckdb.DuckDBPyConnection, table: str, promises: dict[str, str]) -> list[str]:
    found = []
    for sentence, holds in promises.items():
        lines = engine.execute(
            f"select line_ from (select line_, coalesce({holds}, true) as kept from {table}) "
            "where not kept order by 1"
        ).fetchall()
        if lines:
            first = ", ".join(str(line) for (line,) in lines[:_SHOWN])
            found.append(f"not true that {sentence}: {len(lines)} rows, line {first}")
    return found


def _refuse(path: Path, found: str) -> SourceError:
    return SourceError(
        str(path),
        found=found,
        expected=f"UTF-8 CSV with the columns {', '.join(SIZES.columns)}; {SIZES.row}",
        do="correct the rows; leave a cell empty where the figure is not known",
    )
