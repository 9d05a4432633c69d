"""What rows must keep together: rules of a row, keys that occur once, references that exist."""

import re
from collections.abc import Iterable
from typing import Any

import pyarrow as pa

from analysis.contracts import shared_engine
from analysis.contracts.intake import REFERENCES
from analysis.contracts.intake.shape import Check
from analysis.sources.intake_parsed import Parsed


def check(parts: list[Parsed]) -> None:
    """Note every broken rule, double key and dangling reference among the sheets of a file.

    A rule that touches a cell which could not be read is not judged: that cell is named already.
    A reference is checked only where the table it points to is in the same file.
    """
    for part in parts:
        if part.head.sheet.checks:
            _rules(part)
    for name in sorted({part.head.sheet.table.name for part in parts}):
        _doubles([part for part in parts if part.head.sheet.table.name == name])
    _references(parts)


def arrow(parts: Iterable[Parsed]) -> pa.Table:
    """The rows of sheets of one form, sorted by its key (missing first), as the contract says."""
    sheets = list(parts)
    table = sheets[0].head.sheet.table
    rows = sorted(
        (row for part in sheets for row in part.rows),
        key=lambda row: [(row[name] is not None, row[name]) for name in table.key],
    )
    return table.arrow([tuple(row.values()) for row in rows])


def _rules(part: Parsed) -> None:
    table = part.head.sheet.table
    rows = table.arrow([tuple(row.values()) for row in part.rows])
    rows = rows.append_column("row_", pa.array(range(len(part.rows)), pa.int64()))
    with shared_engine() as engine:
        relation = engine.from_arrow(rows)
        for rule in part.head.sheet.checks:
            broken = relation.filter(f"not coalesce({rule.holds}, true)").project("row_")
            for (place,) in sorted(broken.fetchall()):
                _broken(part, rule, place)


def _broken(part: Parsed, rule: Check, place: int) -> None:
    misread = "|".join(column for at, column in part.misread if at == place)
    if misread and re.search(rf"\b({misread})\b", rule.holds):
        return
    found = part.rows[place][rule.column]
    sentence = rule.sentence[part.language]
    part.blame("rule", rule.column, part.lines[place], found, sentence=sentence)


def _doubles(parts: list[Parsed]) -> None:
    seen: dict[tuple, str] = {}
    key = parts[0].head.sheet.table.key
    for part in parts:
        misread = {place for place, column in part.misread if column in key}
        for place, (row, line) in enumerate(zip(part.rows, part.lines, strict=True)):
            stated = tuple(row[name] for name in key)
            if place in misread:
                continue
            if stated in seen:
                named = " + ".join(part.heading(name).name for name in key)
                found = " + ".join(_shown(cell) for cell in stated)
                part.blame("twice", key[0], line, found, key=named, first=seen[stated])
            else:
                seen[stated] = f"{line}" if len(parts) == 1 else f"{line} ({part.grid.name})"


def _shown(cell: Any) -> str:
    return f"{cell:%d/%m/%Y}" if hasattr(cell, "strftime") else str(cell)


def _references(parts: list[Parsed]) -> None:
    known: dict[tuple[str, str], set] = {}
    for part in parts:
        for column in part.head.sheet.table.columns:
            stated = known.setdefault((part.head.sheet.table.name, column), set())
            stated |= {row[column] for row in part.rows}
    for (table, column), target in REFERENCES.items():
        for part in parts if target in known else []:
            if part.head.sheet.table.name != table:
                continue
            title = ", ".join(p.grid.name for p in parts if p.head.sheet.table.name == target[0])
            for row, line in zip(part.rows, part.lines, strict=True):
                if row[column] is not None and row[column] not in known[target]:
                    part.blame("reference", column, line, row[column], title=title)
