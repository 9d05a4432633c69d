"""A digest of what every stage of a run gives, so that two runs are told apart stage by stage.

The stages follow each other; the first that differs is where two runs part. `workbook.ledger` knows
nothing of digests: it tells what its steps give.
"""

import csv
import hashlib
import io
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import duckdb
import pandas as pd
import pyarrow as pa
from pyarrow.csv import write_csv

from analysis.store import Lake

if TYPE_CHECKING:  # two seconds of imports, where nothing is computed
    from analysis.workbook import Note

Digests = dict[str, dict[str, str]]  # stage -> what it gives -> digest
STAGES = ("inputs", "tables", "rules", "companies", "cells", "ledger", "chapters", "pages")
T = TypeVar("T")
_LAST = "barrier_cells"
_TABLES = (duckdb.DuckDBPyRelation, pa.Table, pd.DataFrame)


def noting(noted: Digests, has_cells: Callable[[], None] | None = None) -> "Note":
    """Give what `workbook.ledger` tells of its steps: their digests come to stand in `noted`.

    `has_cells` is called when the last cells are counted.
    """
    noted.update({stage: {} for stage in STAGES[STAGES.index("rules") : STAGES.index("ledger")]})

    def note(stage: str, step: str, found: T) -> T:
        noted[stage].update(_digests(step, found))
        if has_cells and step == _LAST:
            has_cells()
        return found

    return note


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
