"""Ledger rows and facts as the columns and cells of a table, in every language."""

import csv as csvfile
import io
import re
from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.notices import RULES
from analysis.present import labels
from analysis.present.labels import Texts
from analysis.present.language import LANGUAGES, write
from analysis.refusal import ReportError

Keys = str | tuple[str, ...]
_LABELS = {"group": labels.of_group, "period": labels.of_period}
_YEAR = re.compile(r"\d{4}")
_KEY = re.compile(r"([^=,]+)=")
_PER_CENT = re.compile(r"(?<=\d)%")  # written against the number in facts, not in Dutch


class Shape(NamedTuple):
    """What `blocks.table` asks for."""

    columns: list[dict]
    rows: list[list[dict[str, str]]]


def pivot(rows: pd.DataFrame, *, by: Keys, across: Keys, style: str) -> Shape:
    """One table row per value of `by`, one column per value of `across`, in the order of `rows`."""
    by, across = _names(by), _names(across)
    listed = _plain(rows)
    cells = {(_key(row, by), _key(row, across)): row for row in listed}
    if len(cells) < len(listed):
        raise ReportError(
            "a table",
            found=f"{len(listed)} numbers for {len(cells)} cells",
            expected=f"one number for each {', '.join(by)} and {', '.join(across)}",
            do="name more columns in `by` or `across`, or show fewer rows",
        )
    heads = dict.fromkeys(_key(row, across) for row in listed)
    shown = [
        [_label(by, side)] + [_cell(cells.get((side, head)), style) for head in heads]
        for side in dict.fromkeys(_key(row, by) for row in listed)
    ]
    first = {"label": labels.every(f"column.{_head(by, listed)}"), "align": "left"}
    others = [{"label": _label(across, head), "align": "right"} for head in heads]
    return Shape([first, *others], shown)


def largest_first(rows: pd.DataFrame, id: str) -> pd.DataFrame:
    """Rows by group, those with most of `id` first."""
    size = rows[rows["id"] == id].set_index("group")["value"]
    return rows.sort_values("group", key=lambda groups: -groups.map(size), kind="stable")


def at_least(rows: pd.DataFrame, id: str, least: int, *, always: str) -> pd.DataFrame:
    """Rows of the groups whose number of `id` is `least` or more, and of the group `always`."""
    size = rows[rows["id"] == id].set_index("group")["value"]
    large = set(size.index[size >= least]) | {always}
    return rows[rows["group"].isin(large)]


def in_order_of_rules(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows by rule, in the order in which the rules work."""
    place = {f"rule={rule.id}": at for at, rule in enumerate(RULES)}
    return rows.sort_values("group", key=lambda groups: groups.map(place), kind="stable")


def without(rows: pd.DataFrame, definition: str) -> pd.DataFrame:
    """Rows of every other definition."""
    return rows[rows["definition"] != definition]


def first_known(rows: pd.DataFrame, definitions: Sequence[str]) -> pd.DataFrame:
    """One row a period: of the first of `definitions` that it has, else any of its rows."""
    rank = {definition: place for place, definition in enumerate(definitions)}
    ranked = rows.assign(rank_=[rank.get(name, len(rank)) for name in rows["definition"]])
    first = ranked.sort_values(["period", "rank_"], kind="stable").drop_duplicates("period")
    return first.drop(columns="rank_")


def of_facts(facts: pd.DataFrame, columns: Sequence[str]) -> Shape:
    """Facts as kept: `label` stands for `label_nl`, `label_en`; of `a+b`, b stands in brackets."""
    heads = [
        {"label": labels.every(f"column.{name.split('+')[0]}"), "align": "left"} for name in columns
    ]
    cells = [[_fact(row, name) for name in columns] for row in _plain(facts)]
    return Shape(heads, cells)


def csv(rows: pd.DataFrame) -> dict[str, str]:
    """The numbers behind a figure, written for its readers, as CSV text per language."""
    return {language: _csv(rows, language) for language in LANGUAGES}


def behind(rows: pd.DataFrame) -> list[list[dict | None]]:
    """For every cell of `csv` below its header the cell of the ledger, at the value alone."""
    before = 3 + (len(set(rows["definition"])) > 1)
    return [[*[None] * before, labels.cell(row), None, None, None] for row in _plain(rows)]


def _csv(rows: pd.DataFrame, language: str) -> str:
    out = io.StringIO()
    lines = csvfile.writer(out, lineterminator="\n")
    keys = ["id", "period", "group"] + ["definition"] * (len(set(rows["definition"])) > 1)
    names = ["indicator", *keys[1:], "value", "low", "high", "n"]
    lines.writerow([labels.every(f"column.{name}")[language] for name in names])
    for row in _plain(rows):
        head = [_word(key, row[key])[language] for key in keys]
        ends = [
            write(row[end], row["unit"], language) if row[end] is not None else ""
            for end in ("value", "low", "high")
        ]
        ends[0] = ends[0] or _lacking(row)[language]
        lines.writerow([*head, *ends, _units(row)[language]])
    return out.getvalue()


def _lacking(row: dict) -> Texts:
    """Why a number is not there, as the tables say it."""
    why = f"missing.{row['denominator']}"
    return labels.every(why if labels.raw(why) else "word.unknown")


def _plain(frame: pd.DataFrame) -> list[dict]:
    cells = [frame[name].to_numpy(object, na_value=None) for name in frame]  # type: ignore[call-overload]
    return [dict(zip(frame, row, strict=True)) for row in zip(*cells, strict=True)]


def _names(columns: Keys) -> tuple[str, ...]:
    return (columns,) if isinstance(columns, str) else columns


def _key(row: dict, columns: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(row[column] for column in columns)


def _head(by: tuple[str, ...], rows: list[dict]) -> str:
    """What the first column holds, said as exactly as the rows allow.

    Groups of one kind (and their whole), periods that are no years, definitions of one theme.
    """
    found = [name for name in _heads(by, rows) if labels.raw(f"column.{name}")]
    return found[0] if found else by[0]


def _heads(by: tuple[str, ...], rows: list[dict]) -> list[str]:
    """Heads for the first column that would be right, the most exact first."""
    if by == ("group",):
        keys = {tuple(_KEY.findall(row["group"])) for row in rows} - {()}
        shared = ({"-".join(of) for of in keys}, {of[0] for of in keys})
        return [name for names in shared if len(names) == 1 for name in names]
    if by[0] == "period" and not all(_YEAR.fullmatch(row["period"]) for row in rows):
        return ["part_of_time"]
    themes = {row["id"].split(".")[0] for row in rows}
    if len(themes) > 1:
        return []
    return [f"{theme}.{name}" for theme in themes for name in ("-".join(by), by[0])]


def _label(columns: tuple[str, ...], key: tuple[str, ...]) -> Texts:
    parts = [_word(name, value) for name, value in zip(columns, key, strict=True)]
    return {language: ", ".join(part[language] for part in parts) for language in LANGUAGES}


def _word(column: str, value: str) -> Texts:
    if column in _LABELS:
        return _LABELS[column](value)
    if column == "id":
        return labels.every(f"column.{value}")
    brief = f"{column}.short.{value}"
    return labels.every(brief if labels.raw(brief) else f"{column}.{value}")


def _cell(row: dict | None, style: str) -> Texts:
    return labels.same("") if row is None else labels.cell(row, style=style)


def _units(row: dict) -> Texts:
    return {language: write(row["n"], "count", language) for language in LANGUAGES}


def _fact(row: dict, name: str) -> Texts:
    if "+" in name:
        what, source = (_fact(row, part) for part in name.split("+"))
        return {language: f"{what[language]} ({source[language]})" for language in LANGUAGES}
    if f"{name}_nl" in row:
        told = {lang: labels.with_dashes(row[f"{name}_{lang}"] or "") for lang in LANGUAGES}
        return told | {"nl": _PER_CENT.sub("\u00a0%", told["nl"])}
    value = row[name]
    if value is None:
        return labels.every("word.unknown")
    if name == "date":
        return labels.of_day(value, row.get("precision", "day"))
    return labels.of_source(value) if name.startswith("source") else labels.coded(name, str(value))
