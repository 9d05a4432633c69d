"""Which row of the ledger a number is: its short reference, and what a reader is told of it."""

import hashlib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.contracts import RESULTS

DIGITS = 8  # of a reference; more only where two numbers of one report begin alike
REFERENCE = re.compile(r"[0-9a-f]{8,64}")  # an id of an indicator has a dot
TARGET = re.compile(r"#(?P<digest>[0-9a-f]{64})")  # where a number in markdown links to
_LINK = re.compile(rf"\[([^\[\]]*)\]\({TARGET.pattern}\)")
_KEY = "key_of_ledger"  # column of rows that are called otherwise than in the ledger
_COUNTS = ("n", "unknown")
_CODES = ("interval", "denominator", "grade")
_REALS = ("value", "low", "high")


def digest(key: Sequence[str]) -> str:
    """All 64 digits of the reference of a row: sha256 of its key, one part a line.

    It depends on the key of RESULTS alone, so that a number keeps its reference in later editions.
    """
    return hashlib.sha256("\n".join(key).encode()).hexdigest()


def digits(digests: Iterable[str]) -> int:
    """How many digits tell these digests apart, eight at least."""
    known = set(digests)
    return next(n for n in range(DIGITS, 65) if len({one[:n] for one in known}) == len(known))


def of_row(row: Mapping[str, Any]) -> dict[str, Any] | None:
    """What a table cell carries of its ledger row.

    Returns
    -------
    `key` (as RESULTS.key), `n`, `unknown`, `interval`, `denominator`, `grade`; None where no
    number is published (withheld, not known and without bounds) or it is no row of the ledger
    """
    has_row = row.keys() >= {*RESULTS.key, *_COUNTS, *_CODES}
    if not has_row or all(row[name] is None for name in _REALS):
        return None
    counts = {name: None if row[name] is None else int(row[name]) for name in _COUNTS}
    codes = {name: str(row[name]) for name in _CODES}
    return {"key": _key(row)} | counts | codes


def called(rows: pd.DataFrame, **columns: Any) -> pd.DataFrame:
    """Rows of the ledger under another id or group, for a table; `of_row` gives their own key."""
    keys = ["\n".join(_key(row)) for row in rows.to_dict("records")]
    return rows.assign(**columns | {_KEY: keys})


def link(text: str, row: Mapping[str, Any]) -> str:
    """A number as markdown that leads to its row; the text alone where it is no row."""
    found = of_row(row)
    return f"[{text}](#{digest(found['key'])})" if found else text


def bare(markdown: str) -> str:
    """Markdown without what `link` added to it."""
    return _LINK.sub(r"\1", markdown)


def _key(row: Mapping[Any, Any]) -> list[str]:
    kept = row.get(_KEY)
    return kept.split("\n") if isinstance(kept, str) else [str(row[name]) for name in RESULTS.key]
