"""What the codes of the ledger are called in every language."""

import datetime as dt
import re
from functools import cache
from urllib.parse import urlsplit

from babel import Locale

from analysis.present.language import LANGUAGES, catalogue, sentence, write, written_day
from analysis.workbook import facts

Texts = dict[str, str]
_FACTS = {"partner": "partners", "call": "calls"}  # codes that a table of facts names
_NUMERALS = re.compile(r"[\d.,\u2212]+")


def every(key: str) -> Texts:
    """The catalogue's text in every language."""
    return {language: sentence(key, language) for language in LANGUAGES}


def raw(key: str) -> str:
    """The catalogue's text as it stands in the first language, or nothing."""
    return catalogue(LANGUAGES[0]).get(key, "")


def coded(kind: str, code: str) -> Texts:
    """The word for a code of a closed list where the catalogue has one, else the code itself."""
    return every(f"{kind}.{code}") if raw(f"{kind}.{code}") else same(code)


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
    return coded(kind, code)


@cache
def _named_in_facts(kind: str) -> dict[str, Texts]:
    rows = facts()[_FACTS[kind]].rows.to_dict("records")
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
    """A ledger number as a table cell: the value, with its interval in brackets behind it."""
    return {language: _cell(row, language, style) for language in LANGUAGES}


def _cell(row: dict, language: str, style: str) -> str:
    value = write(row["value"], row["unit"], language, style=style)
    if row["interval"] == "none":
        return value
    ends = [write(row[end], row["unit"], language, style=style) for end in ("low", "high")]
    low, high = ("".join(_NUMERALS.findall(end)) for end in ends)  # the unit stands at the value
    return f"{value} ({low}\u2013{high})" if low != high else value
