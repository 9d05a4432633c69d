"""Extracts of a register in order of time, and which extract an update starts from."""

import datetime as dt
from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

from analysis.sources.csv_files import refuse
from analysis.store.extracts import Extract


class Dated(NamedTuple):
    """An extract by the name of its delivery, and whether the store had it before."""

    name: str
    extract: Extract
    is_kept: bool


def in_time(given: Iterable[Dated]) -> None:
    """Refuse extracts that make it depend on who came first what was so on a day.

    Raises
    ------
    SourceError
        Two of one kind and one day or number; or one that is older than what the store has, for
        it would change what was reported.
    """
    known = sorted(given, key=lambda g: (not g.is_kept, _day(g), g.name))
    for one, other in combinations(known, 2):
        if one.extract.kind == other.extract.kind:
            _different(one, other)
        if one.is_kept and not other.is_kept and _day(other) < _day(one):
            raise refuse(
                other.name,
                f"an extract of {_day(other)}",
                expected=f"none older than {_day(one)}, of which the store has {one.name}",
                do="add extracts in order of time; to begin earlier, begin again with an empty "
                "store and add all of them at once",
            )


def _day(given: Dated) -> dt.date:
    return given.extract.day or dt.date.min


def _different(one: Dated, other: Dated) -> None:
    number = one.extract.number
    if one.extract.day == other.extract.day or number == other.extract.number is not None:
        raise refuse(
            other.name,
            f"{_words(other.extract)}, of which there is another: {one.name}",
            expected="extracts of different days and numbers, each once",
            do="keep the right one of the two; to replace one, begin again with an empty store",
        )


def _words(extract: Extract) -> str:
    number = f" number {extract.number}" if extract.number is not None else ""
    return f"{extract.kind}{number} of {extract.day}"


def followed(given: dict[str, Dated]) -> dict[str, str | None]:
    """Which extract of KBO each one starts from, in an order in which they can be read.

    An update to a state that a full extract tells as well is not needed, and starts from itself.

    Parameters
    ----------
    given : full extracts and updates, by sha256

    Raises
    ------
    SourceError
        An update without the extract that precedes it in number and day.
    """
    fulls = {_number(g): key for key, g in given.items() if g.extract.kind == "full"}
    updates = {_number(g): key for key, g in given.items() if g.extract.kind == "update"}
    in_time(g for g in given.values() if g.extract.kind == "full" or _number(g) not in fulls)
    starts: dict[str, str | None] = dict.fromkeys(fulls.values())
    for key in sorted(set(given) - set(starts), key=lambda key: (_number(given[key]), key)):
        number = _number(given[key])
        before = fulls.get(number - 1) or updates.get(number - 1)
        if number in fulls:
            before = key
        elif before is None or _day(given[before]) >= _day(given[key]):
            raise refuse(
                given[key].name,
                f"{_words(given[key].extract)}, without the extract that it starts from",
                expected=f"extract {number - 1}, of a day before",
                do="add it after, or together with, the full extract and every update between",
            )
        starts[key] = before
    return starts


def _number(given: Dated) -> int:
    return given.extract.number or 0
