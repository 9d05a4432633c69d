"""What the three readers of notices share: rows in, words and numbers out of one XML element."""

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from functools import lru_cache

from lxml import etree

from analysis import contracts

Element = etree._Element

# Numbers and days repeat: they are read once.
_repeated = lru_cache(maxsize=1 << 12)
_FOUR_DECIMALS, _TOO_MUCH = Decimal("0.0001"), Decimal(10) ** 20


@dataclass
class Reading:
    """The rows that one document gives, table by table, and the signals met on the way."""

    era: str
    document: str
    notice_id: str = ""
    notices: list[tuple] = field(default_factory=list)
    lots: list[tuple] = field(default_factory=list)
    awards: list[tuple] = field(default_factory=list)
    bids: list[tuple] = field(default_factory=list)
    organisations: list[tuple] = field(default_factory=list)
    met: Counter = field(default_factory=Counter)

    def signal(self, place: str, found: str) -> None:
        """Count a name or code that the reader does not know."""
        self.met[(place, found)] += 1

    def code(self, place: str, found: str | None, known: dict[str, str | None]) -> str | None:
        """Translate a published code; an unknown one is counted and becomes missing."""
        if found is None or found in known:
            return known.get(found) if found is not None else None
        self.signal(place, found)
        return None

    @property
    def signals(self) -> list[tuple]:
        """Rows of SIGNALS."""
        row = contracts.SIGNALS.Row
        return [
            row(self.era, place, found, times, self.notice_id)
            for (place, found), times in sorted(self.met.items())
        ]


def words(text: str | None) -> str | None:
    """Text with single spaces, or None where nothing is written."""
    return (" ".join(text.split()) or None) if text else None


def all_words(element: Element | None) -> str | None:
    """All text below an element with single spaces, or None where nothing is written."""
    return None if element is None else words("".join(map(str, element.itertext())))


@_repeated
def money(text: str | None) -> Decimal | None:
    """An amount as published (`1234.50`, `1 234,50`), to four decimals; None if it is none.

    Amounts below zero, and amounts that no contract table can hold (20 digits), are None.
    """
    cleaned = "".join((text or "").split())
    if "," in cleaned and re.fullmatch(r"\d+,\d{1,4}", cleaned):
        cleaned = cleaned.replace(",", ".")
    try:
        amount = Decimal(cleaned)
    except InvalidOperation:
        return None
    if not amount.is_finite() or amount < 0 or amount >= _TOO_MUCH:
        return None
    return amount.quantize(_FOUR_DECIMALS)


@_repeated
def whole(text: str | None) -> int | None:
    """A count as published, or None if it is none."""
    cleaned = (text or "").strip()
    return int(cleaned) if cleaned.isascii() and cleaned.isdigit() and len(cleaned) < 10 else None


@_repeated
def day(text: str | None) -> dt.date | None:
    """A day as published (`2024-03-04+01:00`, `20240304`, `20240304 12:00`), or None."""
    digits = (text or "")[:10].replace("-", "")
    if not digits.isdecimal():
        digits = re.sub(r"\D", "", digits)
    digits = digits[:8]
    try:
        return dt.date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
    except ValueError:
        return None
