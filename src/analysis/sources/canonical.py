"""Tables that come in the columns of a contract: enterprises, also stopped ones, sizes, buyers."""

import datetime as dt
from collections.abc import Iterable
from pathlib import Path

import duckdb

from analysis.contracts import BUYERS, COMPANIES, COMPANY_TABLES, SIZES, UNITS, Table
from analysis.progress import shown, without_bars
from analysis.sources import csv_files, plain
from analysis.sources.csv_files import Bundle, csv_rows, header_of, quoted, refuse, unpacked
from analysis.store.extracts import Extract

_SETTINGS: dict = {"memory_limit": "500MB", "threads": 2}
PLAIN = {table.name: table for table in (SIZES, BUYERS)}
FILES = {f"{table.name}.csv": table for table in COMPANY_TABLES}
_MAY_LACK = f"{UNITS.name}.csv"
_NOT_OF_PERSONS = ("legal_form", "legal_form_cac", "situation", "end_date")
_ONE_DAY = {"snapshot_date is one day": "snapshot_date = max(snapshot_date) over ()"}
_NO_OVERLAP = {
    "the periods of a body do not overlap": "since > lag(coalesce(until, 'infinity'::date)) "
    "over (partition by company_id order by since nulls first)"
}


def read_companies(bundle: Bundle, folder: Path, *, work: Path) -> Extract:
    """Read CSV files named by canonical table (`companies.csv` ...) into the empty `folder`.

    They tell of enterprises, active and stopped, on the day of `snapshot_date`. `units.csv` may
    be absent, and so may every column whose cells may be missing. As with KBO Open Data, of a
    natural person only number and start date are kept, and no row of the other tables.

    Raises
    ------
    SourceError
        A damaged zip, a missing or unknown file or column, or rows that break the contract, all
        faults of a file at once; or no enterprise at all.
    """
    with (
        csv_files.opened(bundle) as files,
        shown(f"reading {bundle.name}", 2 * sum(files.sizes.values())) as advance,
        duckdb.connect(config=_SETTINGS | {"temp_directory": str(work / "spill")}) as engine,
    ):
        without_bars(engine)
        _complete(bundle.name, set(files.sizes))
        for file, table in FILES.items():
            target = folder / f"{table.name}.parquet"
            if file not in files.sizes:
                _write(engine, engine.from_arrow(table.schema.empty_table()), target)
                continue
            columns = list(table.columns)
            may_lack = tuple(n for n, column in table.columns.items() if column.may_be_missing)
            with unpacked(
                files, file, columns=columns, may_lack=may_lack, into=work, advance=advance
            ) as source:
                _checked(engine, table, source, target, where=f"{bundle.name}, {file}")
        return Extract("companies", _day(engine, bundle.name))


def read_plain(table: Table, path: Path, name: str, folder: Path) -> Extract:
    """Read a CSV of SIZES or BUYERS into the empty `folder`; an empty cell is missing.

    Raises
    ------
    SourceError
        Naming every fault of the file at once, each with its number of rows and first lines.
    """
    with path.open("rb") as file:
        header = header_of(file.readline(csv_files.FIRST))
    if sorted(header) != sorted(table.columns):
        raise refuse(
            name,
            f"columns {', '.join(header)}",
            expected=f"columns {', '.join(table.columns)}; {table.row}",
            do="correct the first line; leave a cell empty where it is not known",
        )
    with duckdb.connect(config=_SETTINGS) as engine:
        without_bars(engine)
        target = folder / f"{table.name}.parquet"
        also = _NO_OVERLAP if table == BUYERS else {}
        rows = plain.checked(engine, table, csv_rows(path, header), where=name, also=also)
        _write(engine, engine.sql(rows), target)
    return Extract(table.name)


def _complete(name: str, found: Iterable[str]) -> None:
    lost = sorted(set(FILES) - {_MAY_LACK} - set(found))
    new = sorted(set(found) - set(FILES) - {csv_files.CARD})
    if lost or new:
        raise refuse(
            name,
            f"missing: {', '.join(lost) or 'none'}; unknown: {', '.join(new) or 'none'}",
            expected=f"{', '.join(FILES)}; {_MAY_LACK} may be absent",
            do="name the files by canonical table, and put nothing else with them",
        )


def _checked(
    engine: duckdb.DuckDBPyConnection, table: Table, source: str, target: Path, *, where: str
) -> None:
    """Write one table; the others know from the table of enterprises who is a natural person."""
    if table == COMPANIES:
        but = {name: f"if(is_natural_person = 'true', null, {name})" for name in _NOT_OF_PERSONS}
        rows = plain.checked(engine, table, source, where=where, but=but, also=_ONE_DAY)
    else:
        of_firms = "number in (select number from companies where not is_natural_person)"
        rows = plain.checked(engine, table, source, where=where, only=of_firms)
    _write(engine, engine.sql(rows), target)
    engine.execute(f"create view {table.name} as from {quoted(target)}")


def _write(engine: duckdb.DuckDBPyConnection, rows: duckdb.DuckDBPyRelation, target: Path) -> None:
    rows.write_parquet(str(target), compression="zstd")


def _day(engine: duckdb.DuckDBPyConnection, name: str) -> dt.date:
    day = engine.execute("select max(snapshot_date) from companies").fetchall()[0][0]
    if day is None:
        raise refuse(name, "no enterprise in companies.csv", expected="at least one")
    return day
