"""Numbers as people write them: comma or point, thousand marks, euro signs, percent."""

import datetime as dt
import math
import re
from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial
from typing import Any

from analysis.contracts.intake.shape import SHARE, code_words
from analysis.contracts.table import Column
from analysis.sources.grids import Percent

_CURRENCY = re.compile(r"[$£¥]|\b(USD|GBP|CHF|BEF)\b", re.IGNORECASE)
_EURO = re.compile(r"€|\bEUROS?\b|\bEUR\b", re.IGNORECASE)
_SPACES = re.compile(r"(?<=\d)[\s'’](?=\d{3}(\D|$))")  # 1 234 567, with any kind of space
_NO_CENTS = re.compile(r"([.,])[-–—]+$")  # 1.250,-
_GROUPED = {
    ",": re.compile(r"\d{1,3}(\.\d{3})+(,\d+)?"),  # 1.234.567,89: the comma is the decimal mark
    ".": re.compile(r"\d{1,3}(,\d{3})+(\.\d+)?"),
}
_EITHER = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")  # 1.234 is 1234 or 1 and a bit
_DECIMAL = re.compile(r"\d+[.,]\d+")


class Misread(Exception):  # noqa: N818 - a finding about a cell, no error of the program
    """A cell cannot be read; `fault` names the sentence of intake_faults.yml that says why."""

    def __init__(self, fault: str, **blanks: str) -> None:
        super().__init__(fault)
        self.fault, self.blanks = fault, blanks

    def in_language(self, language: str) -> dict[str, str]:
        """Give the blanks of the sentence; a code of a closed list as its words."""
        near = {"near": code_words(self.blanks["near"])[language]} if "near" in self.blanks else {}
        return self.blanks | near


def number(column: Column, values: Iterable[Any]) -> Callable[[Any], Decimal]:
    """Give the function that reads a number of `column`, or raises Misread.

    `values` are the cells of the column: where one of them shows which sign is the decimal
    mark (1.234,56 or 12,5), 1.234 is read that way; else it may be two numbers and is refused.
    """
    marks = {mark for value in values if isinstance(value, str) and (mark := _mark(value))}
    if column.kind == "whole":
        marks = set()  # a whole number has no decimal mark, so every mark is one of thousands
    return partial(_number, column=column, mark=marks.pop() if len(marks) == 1 else None)


def _number(value: Any, column: Column, mark: str | None) -> Decimal:
    if isinstance(value, dt.datetime | dt.date | dt.time | dt.timedelta):
        raise Misread("day-for-number")
    if isinstance(value, bool):
        raise Misread("not-a-number")
    if isinstance(value, int | float):
        if isinstance(value, Percent) and column.unit != SHARE:
            raise Misread("percent")
        if isinstance(value, float) and not math.isfinite(value):
            raise Misread("not-a-number")
        return Decimal(repr(float(value))) if isinstance(value, float) else Decimal(value)
    return _written(value, column, mark)


def _written(text: str, column: Column, mark: str | None) -> Decimal:
    if _CURRENCY.search(text):
        raise Misread("other-currency")
    bare, is_negative = _bare(text)
    is_percent = bare.endswith("%")
    if is_percent and column.unit != SHARE:
        raise Misread("percent")
    size = _digits(bare.rstrip("% "), column, mark)
    size = size / 100 if is_percent else size
    return -size if is_negative else size


def _bare(text: str) -> tuple[str, bool]:
    """A number without euro sign, spaces and minus; and whether there was a minus."""
    bare = _SPACES.sub("", _EURO.sub("", text).strip())
    bare = _NO_CENTS.sub(r"\g<1>0", bare).replace("−", "-").strip()
    is_negative = bare.startswith("-") or bare.endswith("-") or bool(re.fullmatch(r"\(.*\)", bare))
    return bare.strip("-() ").lstrip("+").strip(), is_negative


def _digits(bare: str, column: Column, mark: str | None) -> Decimal:
    if re.fullmatch(r"\d{1,18}", bare, re.ASCII):
        return Decimal(bare)
    if _EITHER.fullmatch(bare):
        if column.kind == "whole":
            return Decimal(re.sub(r"\D", "", bare))
        if mark is None:
            raise Misread("two-numbers", one=re.sub(r"\D", "", bare), other=bare.replace(".", ","))
        return Decimal(bare.replace(mark, ".")) if mark in bare else Decimal(bare[:-4] + bare[-3:])
    found = mark_of(bare)
    if found is None or len(bare) > 30:
        raise Misread("not-a-number")
    thousands = "." if found == "," else ","
    stated = Decimal(bare.replace(thousands, "").replace(found, "."))
    if -int(stated.as_tuple().exponent) > 4 and column.kind == "money":
        raise Misread("too-many-decimals")
    return stated


def _mark(text: str) -> str | None:
    bare = _bare(text)[0].rstrip("% ")
    return None if _EITHER.fullmatch(bare) else mark_of(bare)


def mark_of(bare: str) -> str | None:
    """Give the decimal mark that a number shows, or None where it shows none.

    >>> mark_of("1.234.567"), mark_of("12,5"), mark_of("0.125")
    (',', ',', '.')
    """
    if not bare.isascii():
        return None
    if _DECIMAL.fullmatch(bare):
        return "," if "," in bare else "."
    return next((mark for mark, shape in _GROUPED.items() if shape.fullmatch(bare)), None)
