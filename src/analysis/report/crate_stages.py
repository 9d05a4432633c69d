"""A digest of what every stage of a run gives, so that two runs are told apart stage by stage.

The stages follow each other; the first that differs is where two runs part. `workbook.ledger` knows
nothing of digests: while they are `watched`, its steps are wrapped, each by the room it comes from.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import Any

import duckdb
import pandas as pd
import pyarrow as pa
from pyarrow.csv import write_csv

from analysis import workbook
from analysis.store import Lake

Digests = dict[str, dict[str, str]]  # stage -> what it gives -> digest
STAGES = ("inputs", "tables", "rules", "companies", "cells", "ledger", "chapters", "pages")
_ROOMS = {
    "analysis.notices.": "rules",
    "analysis.companies.chain": "companies",
    "analysis.cells.": "cells",
}
_TABLES = (duckdb.DuckDBPyRelation, pa.Table, pd.DataFrame)


@contextmanager
def watched() -> Iterator[Digests]:
    """Note what the steps of `workbook.ledger` give while it runs; the digests are there after."""
    noted: Digests = {stage: {} for stage in _ROOMS.values()}
    kept = {name: step for name, step in vars(workbook).items() if _stage_of(step)}
    for name, step in kept.items():
        setattr(workbook, name, _noting(step, noted[str(_stage_of(step))]))
    try:
        yield noted
    finally:
        for name, step in kept.items():
            setattr(workbook, name, step)


def tables(lake: Lake) -> dict[str, str]:
    """Digest of every table that was read, over its Parquet files; a writer's version counts."""
    found: dict[str, list[str]] = {}
    read = [(part.delivery.sha256, part.folder) for part in (*lake.parts, *lake.programme.parts)]
    read += [(part.delivery.sha256, part.folder) for part in lake.registers.parts]
    for delivery, folder in read:
        for path in folder.glob("*.parquet"):
            with path.open("rb") as file:
                whole = hashlib.file_digest(file, "sha256").hexdigest()
            found.setdefault(path.stem, []).append(f"{delivery} {whole}")
    return {name: _short(sorted(found[name])) for name in sorted(found)}


def families(ledger: Path) -> dict[str, str]:
    """Digest of the rows of every family of indicators (`access` of access.lots_won) of a CSV."""
    lines: dict[str, list[str]] = {}
    with ledger.open(encoding="utf-8", newline="") as file:
        for row in list(csv.reader(file))[1:]:
            lines.setdefault(row[0].split(".")[0] if row else "", []).append("\x1f".join(row))
    return {name: _short(lines[name]) for name in sorted(lines)}


def digest(rows: duckdb.DuckDBPyRelation) -> str:
    """Number of rows, and the sum of the MD5 of each: the same in every order of the rows.

    Numbers that are no decimals are rounded to nine places, as their sums depend on the order.
    """
    kinds = zip(rows.columns, map(str, rows.types), strict=True)
    columns = (f'round("{n}", 9) as "{n}"' if kind == "DOUBLE" else f'"{n}"' for n, kind in kinds)
    asked = rows.project(", ".join(columns)).set_alias("row_")
    counted = asked.aggregate("count(*), sum(md5_number_lower(row_::varchar)::hugeint)").fetchall()
    [(count, total)] = counted
    return f"{count}:{total or 0:x}"


def _stage_of(step: object) -> str | None:
    room = getattr(step, "__module__", None) if callable(step) else None
    is_step = room is not None and not isinstance(step, type)
    return next((_ROOMS[r] for r in _ROOMS if is_step and f"{room}.".startswith(r)), None)


def _noting(step: Callable, noted: dict[str, str]) -> Callable:
    """The step itself, which also notes the digests of the tables that it gives."""

    @wraps(step)
    def wrapped(*given: Any, **named: Any) -> Any:
        found = step(*given, **named)
        noted.update(dict(_digests(step.__name__, found)))
        return found

    return wrapped


def _digests(name: str, found: Any) -> Iterator[tuple[str, str]]:
    if isinstance(found, _TABLES):
        yield name, _digest_of(found)
    elif hasattr(found, "_asdict"):
        yield from _digests(name, found._asdict())
    elif isinstance(found, Mapping):
        for part, inner in found.items():
            yield from _digests(f"{name}.{part}", inner)


def _digest_of(found: Any) -> str:
    if isinstance(found, duckdb.DuckDBPyRelation):
        return digest(found)
    text = io.BytesIO()
    write_csv(pa.Table.from_pandas(found) if isinstance(found, pd.DataFrame) else found, text)
    return _short(sorted(text.getvalue().decode().splitlines()[1:]))


def _short(lines: list[str]) -> str:
    whole = "\n".join(lines).encode()
    return f"{len(lines)}:{hashlib.sha256(whole).hexdigest()[:32]}"
