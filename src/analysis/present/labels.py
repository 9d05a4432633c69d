"""What the codes of the ledger are called in every language."""

import datetime as dt
import re
from collections.abc import Mapping
from functools import cache
from typing import Any
from urllib.parse import urlsplit

from babel import Locale

from analysis.companies.definitions import definitions
from analysis.present import origins
from analysis.present.language import (
    LANGUAGES,
    Number,
    catalogue,
    sentence,
    write,
    written_day,
)
from analysis.sources.facts import published

Texts = dict[str, str]
_FACTS = {"partner": "partners", "call": "calls"}  # codes that a table of facts names
_COUNTED = ("gamma", "largest")  # codes that are numbers; `gamma.n` is their sentence
_BAND = re.compile(r"(\d+)([km])")
_TIMES = {"k": 1e3, "m": 1e6}
_NUMERALS = re.compile(r"[\d.,\u2212]+")
_MINUS = "\u2212"
_YEARS = re.compile(r"(?<![\d-])(\d{4})-(\d{4})(?![\d-])")


def every(key: str) -> Texts:
    """The catalogue's text in every language; `definition.<id>` is the title in the YAML."""
    if key in _titles():
        return _titles()[key]
    return {language: sentence(key, language) for language in LANGUAGES}


def raw(key: str) -> str:
    """The text of `every` as it stands in the first language, or nothing."""
    titled = _titles().get(key, {})
    return titled.get(LANGUAGES[0], "") or catalogue(LANGUAGES[0]).get(key, "")


def coded(kind: str, code: str) -> Texts:
    """The word for a code of a closed list where the catalogue has one, else the code itself."""
    return every(f"{kind}.{code}") if raw(f"{kind}.{code}") else same(with_dashes(code))


def with_dashes(text: str) -> str:
    """Ranges of years as they are printed: 2016\u20132020."""
    return _YEARS.sub("\\1\u2013\\2", text)


def same(text: str) -> Texts:
    """A text that is not translated: a name, a code, a number of a document."""
    return dict.fromkeys(LANGUAGES, text)


def of_group(group: str) -> Texts:
    """The label of a ledger group: `all`, `country=BE`, `kind=contract,partner=dyzo`."""
    if group == "all":
        return every("word.all")
    parts = [_part(*part.split("=", 1)) for part in group.split(",")]
    return {language: ", ".join(part[language] for part in parts) for language in LANGUAGES}


def of_period(period: str) -> Texts:
    """The label of a period: a year, a month, a day, a range of years, or undated."""
    if re.fullmatch(r"\d{4}-\d{4}", period):
        return same("\u2013".join(dict.fromkeys(period.split("-"))))
    if found := re.fullmatch(r"(\d{4})-(\d{2})(?:-(\d{2}))?", period):
        year, month, day = found.groups()
        exact = "day" if day else "month"
        return of_day(dt.date(int(year), int(month), int(day or 1)), exact)
    return coded("period", period)


def _part(kind: str, code: str) -> Texts:
    if kind in _FACTS:
        return _named_in_facts(kind)[code]
    if kind == "country":
        return {language: _territories(language).get(code, code) for language in LANGUAGES}
    if kind == "region" and not raw(f"region.{code}"):  # a country's letters, then its number
        return {lang: f"{_territories(lang).get(code[:2], code)} ({code})" for lang in LANGUAGES}
    if kind in _COUNTED and not raw(f"{kind}.{code}"):
        return _counted(kind, float(code))
    if kind == "value_band" and not raw(f"{kind}.{code}"):
        return {language: _band(code, language) for language in LANGUAGES}
    return coded(kind, code)


def _band(code: str, language: str) -> str:
    """Words for a size class of amounts: `below-30k`, `144k-1m`, `above-5548k`."""
    ends = [float(digits) * _TIMES[unit] for digits, unit in _BAND.findall(code)]
    if len(ends) == 1:
        return sentence(
            f"value_band.{code.split('-')[0]}", language, n=write(ends[0], "EUR", language)
        )
    low, high = (write(end, "count", language) for end in ends)
    return sentence("value_band.between", language, low=low, high=high)


def _counted(kind: str, number: float) -> Texts:
    unit = "count" if number.is_integer() else "ratio"
    return {
        language: sentence(f"{kind}.n", language, n=write(number, unit, language))
        for language in LANGUAGES
    }


@cache
def _titles() -> dict[str, Texts]:
    """Titles of the definitions of companies, so that a new one needs no words here."""
    return {f"definition.{id}": found.title.model_dump() for id, found in definitions().items()}


@cache
def _named_in_facts(kind: str) -> dict[str, Texts]:
    rows = published()[_FACTS[kind]].rows.to_dict("records")
    return {row[kind]: {lang: row[f"label_{lang}"] for lang in LANGUAGES} for row in rows}


@cache
def _territories(language: str) -> dict[str, str]:
    return dict(Locale.parse(language).territories)


def of_day(day: dt.date, precision: str) -> Texts:
    """A day as exactly as it is known: to the day, the month or the year."""
    pattern = {"day": "d MMMM y", "month": "MMMM y", "year": "y"}[precision]
    return {language: written_day(day, language, pattern) for language in LANGUAGES}


def of_source(source: str) -> Texts:
    """A source in a table: the host of a web address, else what stands before the first comma."""
    first = source.split(" ; ")[0]
    if "://" in first:
        return same((urlsplit(first).hostname or first).removeprefix("www."))
    return coded("source", first.split(",")[0])


def of_number(row: dict, *, style: str = "") -> Texts:
    """A ledger number as a table cell: the value, with its interval in brackets behind it.

    Styles besides those of `language.write`: `million` where the head of the column says million
    euro, `bare` where the text says that differences of shares are in percentage points.
    """
    return {language: _cell(row, language, style) for language in LANGUAGES}


def cell(row: dict, *, style: str = "") -> dict[str, Any]:
    """A ledger number as a table cell, and as what a spreadsheet can count with.

    Returns
    -------
    `of_number`; `number`: value, low, high (None where there is none) and unit; `row`: which row
    of the ledger it is, see `origins.of_row`
    """
    shown = _in_millions(row) if style == "million" and row["unit"] == "EUR" else row
    ends = (None, None) if row["interval"] == "none" else (shown["low"], shown["high"])
    number = [shown["value"], *ends, shown["unit"]]
    return of_number(row, style=style) | {"number": number, "row": origins.of_row(row)}


def cells(blanks: Mapping[str, object]) -> list[dict[str, Any]]:
    """The cell of every number among the blanks of a sentence, as of a table."""
    return [cell(blank.row) for blank in blanks.values() if isinstance(blank, Number)]


def _cell(row: dict, language: str, style: str) -> str:
    if style == "million":  # its unit stands in the head of the column
        row, style = (_in_millions(row), "2") if row["unit"] == "EUR" else (row, "")
    if row["interval"] == "bounds" and row.get("n") == 0:
        row = row | {"value": None}  # a count of which nothing is known is not zero
    if row["value"] is None and raw(why := f"missing.{row.get('denominator')}"):
        return sentence(why, language)
    bare, style = style == "bare", "" if style == "bare" else style
    value = write(row["value"], row["unit"], language, style=style)
    if bare and row["value"] is not None:
        value = _digits(value)
    if row["interval"] == "none":
        return value
    if row["value"] is None:
        span = of_ends(row, style=style)[language]
        return span if row["group"].startswith("rung=") else f"{value} ({span})"
    low, high = (_digits(end) for end in _ends(row, language, style))  # the unit is at the value
    return f"{value} ({_range(low, high, language)})" if low != high else value


def _in_millions(row: dict) -> dict:
    ends = {end: None if row[end] is None else row[end] / 1e6 for end in ("value", "low", "high")}
    return row | ends | {"unit": "mean"}


def of_ends(row: dict, *, style: str = "") -> Texts:
    """The ends of an interval, the unit said once: 4.0\u201314.0%; one number if they are equal."""
    return {language: _span(*_ends(row, language, style), language) for language in LANGUAGES}


def _span(low: str, high: str, language: str) -> str:
    both = _range(_digits(low), _digits(high), language)
    return high if low == high else high.replace(_digits(high), both)


def _range(low: str, high: str, language: str) -> str:
    """Two numbers as a range; a dash beside a minus sign would be read as one."""
    if _MINUS in low + high:
        return sentence("word.from_to", language, low=low, high=high)
    return f"{low}\u2013{high}"


def _ends(row: dict, language: str, style: str) -> tuple[str, str]:
    low, high = (write(row[end], row["unit"], language, style=style) for end in ("low", "high"))
    return low, high


def _digits(text: str) -> str:
    return "".join(_NUMERALS.findall(text))
