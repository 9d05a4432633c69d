"""Every indicator of the ledger, by family and name, with what is known of it as its text."""

import json
import re
from collections.abc import Iterator
from fnmatch import fnmatchcase
from functools import cache

import pandas as pd

from analysis.lab.shelf import Asked, Shelf, shelf
from analysis.present.language import catalogue
from analysis.refusal import ReportError
from analysis.report import plan, trace_about

_FEW = 6
_UNITS = {"share": "share, 0-1", "day": "day, yyyymmdd", "flag": "1 yes, 0 no"}
_WHERE = ("period", "group", "definition", "perimeter")


def indicators(ledger: pd.DataFrame) -> Shelf:
    """The indicators of a ledger: `indicators(ledger).access.lot_share(period="2020")`."""
    families: dict[str, dict[str, Asked]] = {}
    for id, rows in ledger.groupby("id", sort=True):
        family, _, name = str(id).partition(".")
        families.setdefault(family, {})[name] = _asked(str(id), rows)
    return shelf({family: shelf(asked) for family, asked in families.items()})


def _asked(id: str, rows: pd.DataFrame) -> Asked:
    def ask(
        period: str = "*", group: str = "*", definition: str = "*", perimeter: str = "*"
    ) -> pd.DataFrame:
        patterns = dict(zip(_WHERE, (period, group, definition, perimeter), strict=True))
        return chosen(rows, **patterns)

    return Asked(id, ask, lambda: about(id, rows))


def chosen(rows: pd.DataFrame, **patterns: object) -> pd.DataFrame:
    """The rows whose columns match; `*` is any text, `?` one sign, `[0-9]` a digit.

    Raises
    ------
    ReportError
        There is no such column, or no row has a value that is no pattern.
    """
    left = rows
    for column, pattern in patterns.items():
        if column not in _WHERE:
            raise _refusal("the row", column, ", ".join(_WHERE))
        known = sorted(set(rows[column]))
        fitting = [text for text in known if fnmatchcase(text, str(pattern))]
        if known and not fitting and not set("*?[") & set(str(pattern)):
            raise _refusal(column, str(pattern), f"one of {', '.join(known)}, or a pattern")
        left = left[left[column].isin(fitting)]
    return left.reset_index(drop=True)


def _refusal(where: str, found: str, expected: str) -> ReportError:
    return ReportError(where, found=found, expected=expected, do="correct what was typed")


def about(id: str, rows: pd.DataFrame) -> str:
    """Question, formula, unit, denominator and where an indicator is told, as text."""
    doc = trace_about.indicator(id)
    units = ", ".join(_UNITS.get(unit, unit) for unit in sorted(set(rows["unit"])))
    chapters = sorted(set(rows["chapter"]))
    lines = [
        f"{id}  [{units}]",
        "",
        *(f"Question: {_questions().get(one, '')} (chapter {one})" for one in chapters),
        "",
        _own_part(doc.text, id) if doc else "A published figure, as its source gives it.",
        "",
        *_words("denominator", rows),
        f"Interval: {', '.join(sorted(set(rows['interval'])))}",
        *(f"{name}: {_listed(sorted(set(rows[name])))}" for name in _WHERE),
        *([f"Source: {doc.module}"] if doc else []),
        "",
        "Rows of the ledger as published, disclosure-controlled. Any of period, group, definition",
        'and perimeter may be a pattern: "*" is any text, "?" one sign.',
    ]
    return "\n".join(lines)


def _own_part(text: str, id: str) -> str:
    """Of a text that lists indicators with a paragraph each, what is said of this one."""
    name = re.escape(id)
    found = re.search(rf"^(?:.*, )?{name}(?:,.*)?\n((?:[ \t]+\S.*\n?)+)", text, flags=re.M)
    return re.sub(r"(?m)^\s+", "", found.group(1)).rstrip() if found else text


def _words(kind: str, rows: pd.DataFrame) -> Iterator[str]:
    for code in sorted(set(rows[kind])):
        yield f"{kind.capitalize()} {code}: {catalogue('en').get(f'{kind}.{code}', code)}"


def _listed(codes: list[str]) -> str:
    rest = f" and {len(codes) - _FEW} more" if len(codes) > _FEW else ""
    return ", ".join(codes[:_FEW]) + rest


@cache
def _questions() -> dict[str, str]:
    """The question of each chapter, by its number, as its notebook begins."""
    found = {}
    for path in plan.read().notebooks:
        first = json.loads(path.read_text(encoding="utf-8"))["cells"][0]
        found[path.stem.split("_")[0]] = "".join(first["source"]).splitlines()[-1]
    return found
