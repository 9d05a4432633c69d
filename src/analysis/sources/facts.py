"""The facts kept by hand in data/raw, read strictly: what is not as promised stops the run."""

import csv
import datetime as dt
import hashlib
import io
import re
from collections.abc import Callable
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pyarrow as pa
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from analysis.contracts.facts import FACTS
from analysis.contracts.table import Table, shared_engine
from analysis.refusal import SourceError
from analysis.yaml_text import read_yaml

_WRITTEN: dict[str, tuple[str, Callable, str]] = {
    "text": (r"\S(.*\S)?", str, "text without spaces around it"),
    "day": (r"\d{4}-\d{2}-\d{2}", dt.date.fromisoformat, "a day as 2019-04-05"),
    "whole": (r"-?\d{1,15}", int, "a whole number as 1182"),
    "number": (r"-?\d{1,15}(\.\d{1,9})?", float, "a number as 0.33"),
    "money": (r"-?\d{1,18}(\.\d{1,4})?", Decimal, "an amount as 1440000.00"),
    "flag": (r"yes|no", "yes".__eq__, "yes or no"),
}
_PANDAS = {
    pa.string(): pd.StringDtype(),
    pa.int64(): pd.Int64Dtype(),
    pa.float64(): pd.Float64Dtype(),
    pa.bool_(): pd.BooleanDtype(),
}


RAW = Path(__file__).resolve().parents[3] / "data" / "raw"


class Facts(NamedTuple):
    """A table of facts, and the file it came from with the first digits of its sha256."""

    rows: pd.DataFrame
    inputs: str


class File(BaseModel):
    """What a card says of one file of its folder."""

    model_config = ConfigDict(extra="forbid")
    row: str
    rows: int
    columns: dict[str, str]


class Card(BaseModel):
    """What is to be known of a folder of facts before using it; texts that a reader sees twice."""

    model_config = ConfigDict(extra="forbid")
    title: dict[str, str]
    publishers: list[str]
    licence: str
    collected: str
    how: str
    lacks: dict[str, list[str]]
    files: dict[str, File]


@cache
def published() -> dict[str, Facts]:
    """The published figures kept by hand, by the name of their contract."""
    return read(RAW)


def read(raw: Path) -> dict[str, Facts]:
    """Read every table of facts below `raw`, by the name of its contract.

    Money is Decimal, days are dates, a missing cell is NA or None.

    Raises
    ------
    SourceError
        If a file or card is missing, or a cell, a column or a row is not as the contract says.
    """
    return {
        table.name: _facts(raw / topic, table=table, card=card)
        for topic, tables in FACTS.items()
        for card in [read_card(raw / topic, tables)]
        for table in tables
    }


def read_card(folder: Path, tables: tuple[Table, ...]) -> Card:
    """Read the source card of `folder`; it must describe the files that are there and no other."""
    path = folder / "card.yml"
    try:
        card = Card.model_validate(read_yaml(_bytes(path)))
    except (ValidationError, yaml.YAMLError) as fault:
        raise _refuse(path, str(fault), expected="a source card", do="correct the card") from fault
    promised = {table.name: list(table.columns) for table in tables}
    present = sorted(file.stem for file in folder.glob("*.csv"))
    described = {name: list(file.columns) for name, file in card.files.items()}
    if described != promised or present != sorted(promised):
        raise _refuse(
            path,
            f"files {', '.join(present)}; described {described}",
            expected=f"exactly the files and columns {promised}",
            do="add, describe or remove the file or the column",
        )
    return card


def _facts(folder: Path, *, table: Table, card: Card) -> Facts:
    path = folder / f"{table.name}.csv"
    raw = _bytes(path)
    lines = _lines(path, raw)
    _account_for_columns(path, lines.pop(0)[1], table)
    _count_rows(path, len(lines), card.files[table.name].rows)
    rows = table.arrow([_typed(path, line, cells, table) for line, cells in lines])
    _keep_promises(path, rows, table=table, lines=[line for line, _ in lines])
    tag = f"{table.name}@{hashlib.sha256(raw).hexdigest()[:12]}"
    return Facts(rows.to_pandas(types_mapper=_PANDAS.get), tag)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as fault:
        raise _refuse(
            path, "no such file", expected="a file of facts and its card", do="restore the file"
        ) from fault


def _lines(path: Path, raw: bytes) -> list[tuple[int, list[str]]]:
    """Every row with the number of its line, the header first."""
    expected = "UTF-8, commas between cells, one line feed a row"
    try:
        reader = csv.reader(io.StringIO(raw.decode("utf-8"), newline=""), strict=True)
        lines = [(reader.line_num, cells) for cells in reader]
    except (UnicodeDecodeError, csv.Error) as fault:
        raise _refuse(path, str(fault), expected=expected, do="save it as UTF-8 CSV") from fault
    if b"\r" in raw or not lines:
        found = "carriage returns" if lines else "an empty file"
        raise _refuse(path, found, expected=expected, do="save it as UTF-8 CSV")
    return lines


def _account_for_columns(path: Path, header: list[str], table: Table) -> None:
    if header != list(table.columns):
        new = [name for name in header if name not in table.columns]
        lost = [name for name in table.columns if name not in header]
        raise _refuse(
            f"{path} line 1",
            f"unknown columns: {', '.join(new) or 'none'}; lost: {', '.join(lost) or 'none'}",
            expected=f"columns {', '.join(table.columns)}, in this order",
            do="correct the file, or its card and its contract too",
        )


def _count_rows(path: Path, found: int, expected: int) -> None:
    if found != expected:
        raise _refuse(
            path,
            f"{found} rows",
            expected=f"{expected} rows, as its card says",
            do="look for a lost or added row, then correct the card",
        )


def _typed(path: Path, line: int, cells: list[str], table: Table) -> tuple:
    where = f"{path} line {line}"
    if len(cells) != len(table.columns):
        raise _refuse(
            where,
            f"{len(cells)} cells",
            expected=f"{len(table.columns)} cells",
            do="quote cells that hold a comma",
        )
    return tuple(
        _value(where, name, cell, kind=column.kind)
        for (name, column), cell in zip(table.columns.items(), cells, strict=True)
    )


def _value(where: str, name: str, cell: str, *, kind: str) -> object:
    pattern, convert, expected = _WRITTEN[kind]
    try:
        if cell == "":
            return None
        if re.fullmatch(pattern, cell):
            return convert(cell)
    except ValueError:
        pass
    raise _refuse(where, f"{name} is {cell!r}", expected=expected, do="correct the cell")


def _keep_promises(path: Path, rows: pa.Table, *, table: Table, lines: list[int]) -> None:
    numbered = rows.append_column("line_", pa.array(lines, pa.int64()))
    key = ", ".join(f'"{name}"' for name in table.key)
    promises = table.conditions() | {
        f"({key}) identifies one row": f"count(*) over (partition by {key}) = 1"
    }
    asked = ", ".join(f"coalesce({holds}, true)" for holds in promises.values())
    with shared_engine() as engine:
        told = engine.from_arrow(numbered).project(f"line_, {asked}").order("line_").fetchall()
        for place, sentence in enumerate(promises, start=1):
            broken = [str(row[0]) for row in told if not row[place]]
            if broken:
                raise _refuse(
                    f"{path} line {', '.join(broken)}",
                    f"not true that {sentence}",
                    expected=f"{table.row}, as analysis/contracts/facts.py promises",
                    do="correct the row from its source",
                )


def _refuse(where: object, found: str, *, expected: str, do: str) -> SourceError:
    return SourceError(str(where), found=found, expected=expected, do=do)
