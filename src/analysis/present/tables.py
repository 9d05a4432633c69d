"""Ledger rows and facts as the columns and cells of a table, in every language."""

import csv as csvfile
import io
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.present import labels
from analysis.present.language import LANGUAGES, write

_LABELS = {"group": labels.of_group, "period": labels.of_period}


class Shape(NamedTuple):
    """What `blocks.table` asks for."""

    columns: list[dict]
    rows: list[list[dict[str, str]]]


def pivot(rows: pd.DataFrame, *, by: str, across: str, styles: dict[str, str], n: str) -> Shape:
    """One table row per value of `by`, one column per value of `across`, in ledger order."""
    heads = list(dict.fromkeys(rows[across]))
    cells = {(row[by], row[across]): row for row in _plain(rows)}
    shown = [
        [_label(by, side)]
        + [_cell(cells.get((side, head)), styles.get(head, "")) for head in heads]
        + ([_units(cells.get((side, n)))] if n else [])
        for side in dict.fromkeys(rows[by])
    ]
    names = [labels.every(f"column.{by}"), *(_label(across, head) for head in heads)]
    if n:
        names.append(labels.every("column.n"))
    columns = [
        {"label": name, "align": "left" if place == 0 else "right"}
        for place, name in enumerate(names)
    ]
    return Shape(columns, shown)


def of_facts(facts: pd.DataFrame, columns: Sequence[str]) -> Shape:
    """Facts as kept: a column `label` stands for the pair `label_nl`, `label_en`."""
    heads = [{"label": labels.every(f"column.{name}"), "align": "left"} for name in columns]
    cells = [[_fact(row, name) for name in columns] for row in _plain(facts)]
    return Shape(heads, cells)


def csv(rows: pd.DataFrame) -> dict[str, str]:
    """The numbers behind a figure, written for its readers, as CSV text per language."""
    return {language: _csv(rows, language) for language in LANGUAGES}


def _csv(rows: pd.DataFrame, language: str) -> str:
    out = io.StringIO()
    lines = csvfile.writer(out, lineterminator="\n")
    names = ("indicator", "period", "group", "value", "low", "high", "n")
    lines.writerow([labels.every(f"column.{name}")[language] for name in names])
    for row in _plain(rows):
        head = [_label(key, row[key])[language] for key in ("id", "period", "group")]
        ends = [
            write(row[end], row["unit"], language) if row[end] is not None or end == "value" else ""
            for end in ("value", "low", "high")
        ]
        lines.writerow([*head, *ends, _units(row)[language]])
    return out.getvalue()


def _plain(frame: pd.DataFrame) -> list[dict]:
    return frame.astype(object).where(frame.notna(), None).to_dict("records")


def _label(column: str, value: str) -> dict[str, str]:
    if column in _LABELS:
        return _LABELS[column](value)
    return labels.every(f"{column}.{value}" if column != "id" else f"column.{value}")


def _cell(row: dict | None, style: str) -> dict[str, str]:
    return labels.same("") if row is None else labels.of_number(row, style=style)


def _units(row: dict | None) -> dict[str, str]:
    if row is None:
        return labels.same("")
    return {language: write(row["n"], "count", language) for language in LANGUAGES}


def _fact(row: dict, name: str) -> dict[str, str]:
    if f"{name}_nl" in row:
        return {language: row[f"{name}_{language}"] or "" for language in LANGUAGES}
    value = row[name]
    if value is None:
        return labels.every("word.unknown")
    if hasattr(value, "year"):
        return {lang: write(int(f"{value:%Y%m%d}"), "day", lang) for lang in LANGUAGES}
    return labels.coded(name, str(value))
