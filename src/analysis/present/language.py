"""Dutch and English: numbers, days and sentences. The only room that knows languages."""

import datetime as dt
import decimal
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib import resources
from string import Formatter
from typing import Any

from babel.dates import format_date
from babel.numbers import format_decimal

from analysis.present import origins
from analysis.refusal import ReportError
from analysis.yaml_text import read_yaml

LANGUAGES = ("nl", "en")
_LOCALES = {"nl": "nl_BE", "en": "en_GB"}  # en_BE writes numbers the Dutch way
_NBSP = "\u00a0"
_DIGITS = {
    "share": 1,
    "points": 1,
    "EUR": 0,
    "count": 0,
    "lots": 1,  # joint wins count in parts
    "ratio": 1,
    "mean": 2,
    "bids": 1,
    "percent": 0,
}
_DIFFERENCES = ("share-difference", "share-per-year")  # of shares 0-1; written in points


DELIVERED = "nl"  # of free texts in deliveries, which are not translated


def foreign(texts: Mapping[str, str], language: str) -> str | None:
    """The language of a text in a page of another language; None where it is that of the page.

    A text of two words or more that is the same in all languages is one that was delivered.
    """
    whole = texts[language]
    is_same = language != DELIVERED and all(texts[other] == whole for other in LANGUAGES)
    words = [word for word in whole.split() if sum(map(str.isalpha, word)) > 1] if is_same else []
    return DELIVERED if len(words) > 1 else None


@cache
def catalogue(language: str) -> dict[str, str]:
    """Every sentence of a language, by key."""
    folder = resources.files("analysis.present") / "text" / language
    sentences: dict[str, str] = {}
    for part in sorted(folder.iterdir(), key=lambda file: file.name):
        loaded = read_yaml(part.read_text(encoding="utf-8"))
        if double := sorted(sentences.keys() & loaded.keys()):
            raise ReportError(
                f"present/text/{language}/{part.name}",
                found=f"sentences that another file has too: {', '.join(double)}",
                expected="every sentence once",
                do="remove one of the two",
            )
        sentences |= loaded
    return sentences


def sentence(key: str, language: str, **blanks: object) -> str:
    """The sentence `key` with its blanks filled; every blank must be given, and none besides.

    A blank is a Number, a text, or a dict with a text per language.

    Raises
    ------
    ReportError
        If the catalogue lacks the key, or the blanks given are not the sentence's own.
    """
    text = catalogue(language).get(key)
    if text is None:
        raise ReportError(
            f"present/text/{language}",
            found=f"no sentence {key!r}",
            expected="every sentence a chapter uses, in every language",
            do=f"add {key!r} to a file of src/analysis/present/text/{language}",
        )
    if blanks_of(text) != blanks.keys():
        raise ReportError(
            f"present/text/{language}, sentence {key!r}",
            found=f"blanks {sorted(blanks_of(text))}",
            expected=f"the blanks that the chapter fills: {sorted(blanks)}",
            do="name the same blanks in the sentence and in the chapter",
        )
    return text.format(**{name: _spoken(value, language) for name, value in blanks.items()}).strip()


def blanks_of(text: str) -> set[str]:
    """Names of the blanks in a sentence."""
    return {name for _, name, _, _ in Formatter().parse(text) if name}


def _spoken(value: object, language: str) -> object:
    if isinstance(value, Number):
        return Number(value.row, language, is_linked=value.is_linked)
    return value[language] if isinstance(value, dict) else value


class Number:
    """A published number that knows its unit; `{blank:style}` in a sentence formats it.

    Styles: digits after the mark (`2`), `mln` (million euro), `low` and `high` (the ends of the
    interval; of percentage points `high` says the unit for both), `low.2` and `high.2` (with
    digits), `n` and `unknown` (what it rests on). One that `is_linked` is markdown and leads to
    its row, see `linked`.
    """

    def __init__(self, row: dict, language: str = "nl", *, is_linked: bool = False) -> None:
        self.row, self.language, self.is_linked = row, language, is_linked

    def __format__(self, style: str) -> str:
        part, _, digits = style.rpartition(".") if "." in style else (style, "", "")
        field = part if part in ("low", "high", "n", "unknown") else "value"
        text = self._written(field, digits or (part if field == "value" else ""))
        is_there = self.is_linked and self.row[field] is not None
        return origins.link(text, self.row) if is_there else text

    def _written(self, field: str, style: str) -> str:
        if field in ("n", "unknown"):
            return write(self.row[field], "count", self.language)
        why = catalogue(self.language).get(f"missing.{self.row.get('denominator')}")
        if self.row[field] is None and why:
            return why
        text = write(self.row[field], self.row["unit"], self.language, style=style)
        points = f"{_NBSP}{catalogue(self.language)['word.points']}"
        return text.removesuffix(points) if field == "low" else text


def linked(blanks: Mapping[str, object]) -> dict[str, Any]:
    """The blanks of a sentence in markdown, its numbers as links to their rows of the ledger."""
    return {
        name: Number(blank.row, is_linked=True) if isinstance(blank, Number) else blank
        for name, blank in blanks.items()
    }


def write(value: float | None, unit: str, language: str, *, style: str = "") -> str:
    """A number in its unit as the language writes it; missing is `onbekend` / `unknown`."""
    if value is None or value != value:
        return catalogue(language)["word.unknown"]
    if unit == "day":
        number = int(value)
        day = dt.date(number // 10_000, number // 100 % 100, number % 100)
        return written_day(day, language)
    if unit in ("verdict", "flag"):
        return catalogue(language)[f"{unit}.{int(value)}"]
    if style == "mln":
        large = value % 1e6 == 0 or abs(value) >= 1e9
        digits = 0 if large else 1 if value % 1e5 == 0 else 2
        return _euro(_decimal(value / 1e6, digits, language), language, " mln")
    if unit in _DIFFERENCES:
        value, unit = value * 100, "points"
    digits = int(style) if style else _digits(value, unit)
    if unit == "share":
        return _percent(_decimal(value * 100, digits, language), language)
    if unit == "points":
        return f"{_decimal(value, digits, language)}{_NBSP}{catalogue(language)['word.points']}"
    text = _decimal(value, digits, language)
    return _euro(text, language) if unit == "EUR" else text


def _digits(value: float, unit: str) -> int:
    if unit == "EUR" and round(value, 2) != round(value):
        return 2
    return _DIGITS.get(unit, 2)


@lru_cache(maxsize=20_000)  # a table, its CSV and its figure write the same numbers
def _decimal(value: float, digits: int, language: str) -> str:
    """Round half up (0.125 -> 0.13): what a reader with a pencil does, not half to even."""
    exact = decimal.Decimal(repr(float(value)))
    rounded = exact.quantize(decimal.Decimal(1).scaleb(-digits), rounding=decimal.ROUND_HALF_UP)
    pattern = "#,##0" + ("." + "0" * digits if digits else "")
    return format_decimal(rounded + 0, pattern, locale=_LOCALES[language]).replace("-", "\u2212")


def _percent(text: str, language: str) -> str:
    return f"{text}{_NBSP}%" if language == "nl" else f"{text}%"


def _euro(text: str, language: str, scale: str = "") -> str:
    if language == "nl":
        return f"{text}{_NBSP}{'miljoen' + _NBSP if scale else ''}euro"
    sign, digits = ("\u2212", text[1:]) if text.startswith("\u2212") else ("", text)
    return f"{sign}€{digits}{_NBSP + 'million' if scale else ''}"


def written_day(day: dt.date, language: str, pattern: str = "d MMMM y") -> str:
    """A day as the language writes it."""
    return format_date(day, pattern, locale=_LOCALES[language])
