"""One cell of a form as people write it, read as its column promises; or why it cannot be."""

import datetime as dt
import re
from collections.abc import Callable, Iterable
from decimal import ROUND_HALF_UP, Decimal
from difflib import get_close_matches
from functools import cache, partial
from typing import Any

from openpyxl.utils.datetime import WINDOWS_EPOCH, from_excel

from analysis.companies.numbers import enterprise_number
from analysis.contracts.intake.shape import COUNTRY, CPV, ENTERPRISE, code_words
from analysis.contracts.table import Column
from analysis.sources.grids import Percent
from analysis.sources.intake_numbers import Misread, number

_NOTHING = {
    "", "-", "–", "—", "/", "?", "nvt", "n.v.t.", "n.v.t", "nb", "n.b.", "onbekend", "n/a",
    "niet bekend", "niet van toepassing", "unknown", "not known", "not applicable", "null",
}  # fmt: skip
_BROKEN = re.compile(
    r"#(N/?[AB]|DIV/0|DEEL/0|REF|VERW|VALUE|WAARDE|NAME|NAAM|NUM|GETAL|NULL|LEEG)\W?"
)
_YES, _NO = {"ja", "j", "yes", "y", "waar", "true", "1"}, {"nee", "n", "no", "onwaar", "false", "0"}
_DAYS = (
    re.compile(r"(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})[/.-](?P<y>\d{4})"),
    re.compile(r"(?P<y>\d{4})[-/](?P<m>\d{1,2})[-/](?P<d>\d{1,2})([T ][\d:.]+Z?)?"),
)
_SHORT_YEAR = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{2}")
_SERIALS = (18_264, 73_050)  # 1 January 1950 and 2100, as Excel counts days
_LONGEST = 2_000  # signs of a text
_MAIL = re.compile(r"\S+@\S+\.\w{2,}")


def is_nothing(value: Any) -> bool:
    """Say whether a cell states that there is nothing to state: empty, `n.v.t.`, a dash."""
    return value is None or (isinstance(value, str) and value.strip().lower() in _NOTHING)


def normal(words: Any) -> str:
    """Compare words without signs and capitals."""
    return " ".join(re.findall(r"\w+", str(words).casefold()))


def reader(
    column: Column, values: Iterable[Any] = (), epoch: dt.datetime = WINDOWS_EPOCH
) -> Callable[[Any], Any]:
    """Give the function that reads a cell of `column`: a value of the column's kind, or Misread.

    Parameters
    ----------
    column : the promise; its unit tells how people write it
    values : all cells of the column, which show whether 1.234 has a thousand or a decimal mark
    epoch : first day of the workbook's calendar
    """
    read: Callable[[Any], Any]
    if column.values:
        read = partial(_code, codes=column.values)
    elif column.kind == "day":
        read = partial(_day, epoch=epoch)
    elif column.kind in ("money", "number", "whole"):
        read = partial(_within, column=column, read=number(column, [v for v in values if v]))
    elif column.kind == "flag":
        read = _flag
    else:
        read = {ENTERPRISE: _enterprise, CPV: _cpv, COUNTRY: _country}.get(column.unit, _text)

    def cell(value: Any) -> Any:
        stated = None if is_nothing(value) and not _is_code(value, column) else value
        if isinstance(stated, str) and _BROKEN.fullmatch(stated.strip().upper()):
            raise Misread("error-cell")
        if stated is None and not column.may_be_missing:
            raise Misread("empty")
        return None if stated is None else read(stated)

    return cell


def _is_code(value: Any, column: Column) -> bool:
    return bool(column.values) and normal(value) in _codes(column.values)


@cache
def _codes(codes: tuple[str, ...]) -> dict[str, str]:
    """Every way to write the codes of a list -> the code."""
    written = {normal(said): code for code in codes for said in code_words(code).values()}
    return written | {normal(code): code for code in codes}


def _code(value: Any, codes: tuple[str, ...]) -> str:
    if isinstance(value, bool):
        value = "yes" if value else "no"
    written = normal(int(value) if isinstance(value, float) and value.is_integer() else value)
    known = _codes(codes)
    if written in known:
        return known[written]
    near = get_close_matches(written, known, n=1, cutoff=0.6)
    if near:
        raise Misread("not-in-list-but-near", near=known[near[0]])
    raise Misread("not-in-list")


def _flag(value: Any) -> bool:
    said = normal(int(value) if isinstance(value, float) and value.is_integer() else value)
    if said in _YES | _NO:
        return said in _YES
    raise Misread("not-yes-or-no")


def _day(value: Any, epoch: dt.datetime) -> dt.date:
    if isinstance(value, dt.datetime):
        return _plausible(value.date())
    if isinstance(value, dt.date):
        return _plausible(value)
    if isinstance(value, bool | Percent | dt.time | dt.timedelta):
        raise Misread("not-a-day")
    if isinstance(value, int | float) or re.fullmatch(r"\d{5}", value):
        serial = int(value) if isinstance(value, str) else value
        if not _SERIALS[0] <= serial <= _SERIALS[1]:
            raise Misread("not-a-day")
        return from_excel(serial, epoch).date()
    return _written_day(value.strip())


def _written_day(text: str) -> dt.date:
    if _SHORT_YEAR.fullmatch(text):
        raise Misread("short-year")
    found = next((match for shape in _DAYS if (match := shape.fullmatch(text))), None)
    if not found:
        raise Misread("not-a-day")
    year, month, day = (int(found[part]) for part in "ymd")
    try:
        return _plausible(dt.date(year, month, day))
    except ValueError as fault:
        raise Misread("month-first" if month > 12 and day <= 12 else "not-a-day") from fault


def _plausible(day: dt.date) -> dt.date:
    if not 1950 <= day.year < 2100:
        raise Misread("not-a-likely-day")
    return day


def _within(value: Any, column: Column, read: Callable[[Any], Decimal]) -> Any:
    """A number as the column's kind, if it lies where the column says."""
    stated = read(value)
    low, high = column.within or (-(10**15), 10**15)
    if stated < 0 <= low:
        raise Misread("negative")
    if not low <= stated <= high:
        raise Misread("too-large" if high >= 10**9 else "outside", low=f"{low}", high=f"{high}")
    if column.kind == "whole":
        if stated != stated.to_integral_value():
            raise Misread("not-whole")
        return int(stated)
    if column.kind == "number":
        return float(stated)
    return stated.quantize(Decimal("0.0001"), rounding=ROUND_HALF_UP)


def _text(value: Any) -> str:
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        raise Misread("day-for-text")
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = " ".join("".join(sign if sign.isprintable() else " " for sign in str(value)).split())
    if text.startswith(("=", "@")):
        raise Misread("formula-text")
    if _MAIL.search(text):
        raise Misread("contact")
    if len(text) > _LONGEST:
        raise Misread("too-long")
    return text


def _enterprise(value: Any) -> str:
    found = enterprise_number(_text(value), "BE")
    if found.digits is None:
        raise Misread(f"enterprise-{found.refused}")
    return found.digits


def _cpv(value: Any) -> str:
    text = _text(value)
    if isinstance(value, int | float):
        text = text.zfill(8)  # Excel drops the zero of 03000000
    if not re.fullmatch(r"\d{8}(-\d)?", text, re.ASCII):
        raise Misread("not-cpv")
    return text[:8]


def _country(value: Any) -> str:
    text = _text(value).upper()
    if not re.fullmatch(r"[A-Z]{2}", text):
        raise Misread("not-country")
    return text
