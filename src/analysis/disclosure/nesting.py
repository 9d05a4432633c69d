"""What lies within what: perimeters, periods and groups. An attacker knows it too."""

import re
from collections.abc import Collection, Iterable
from functools import cache

UNDATED = "undated"
_INSIDE = {
    "flemish-administration": {"flemish-public", "belgium"},
    "flemish-public": {"belgium"},
    "located-in-flanders": {"belgium"},
}


def within(inner: str, outer: str) -> bool:
    """Whether every buyer of a perimeter is in another."""
    return outer in _INSIDE.get(inner, ())


def less(whole: str, part: str) -> str:
    """A name for a perimeter or a period without another one; several are joined by +."""
    return f"{whole}!{part}" if part else whole


@cache
def named(label: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The perimeters or periods that a name of `less` takes together, and those it leaves out.

    Examples
    --------
    >>> named("belgium!flemish-public"), named("2020")
    ((('belgium',), ('flemish-public',)), (('2020',), ()))
    """
    taken, _, away = label.partition("!")
    return tuple(taken.split("+")), tuple(away.split("+")) if away else ()


def holds(label: str, inside: Collection[str]) -> bool:
    """Whether a part, by its name, holds what is in these perimeters and in no other."""
    taken, away = named(label)
    return set(taken) <= set(inside) and not set(away).intersection(inside)


def smallest(perimeters: Collection[str], seen: Iterable[str]) -> list[str]:
    """The smallest parts that perimeters tell apart, named as by `less`.

    Parameters
    ----------
    perimeters : that figures are told of
    seen : perimeters that hold a contract, joined by +, of all contracts
    """
    found = {frozenset({p, *_INSIDE.get(p, ())}.intersection(perimeters)) for p in perimeters}
    found |= {frozenset(one.split("+")).intersection(perimeters) for one in seen}
    return [
        less("+".join(sorted(one)), "+".join(sorted({*perimeters} - one)))
        for one in sorted(found - {frozenset()}, key=sorted)
    ]


@cache
def is_year(period: str) -> bool:
    """Whether a period is one year; else it is several, or nobody knows which."""
    return bool(re.fullmatch(r"\d{4}", period))


@cache
def years_of(period: str) -> tuple[str, ...]:
    """The years of a period; none where nobody knows which."""
    if not re.fullmatch(r"\d{4}(-\d{4})?", period):
        return ()
    first, last = (int(year) for year in (period[:4], period[-4:]))
    return tuple(map(str, range(first, last + 1)))


@cache
def covers(outer: str, inner: str) -> bool:
    """Whether a period of several years holds another period.

    Examples
    --------
    >>> covers("2016-2025", "2016-2020"), covers("2016-2025", "2025"), covers("2025", "2025")
    (True, True, False)
    """
    return outer != inner and not is_year(outer) and set(years_of(inner)) <= set(years_of(outer))


def atoms(period: str, periods: Collection[str]) -> tuple[str, ...]:
    """The years of a period among others; what has no date belongs to the longest.

    A period without another one (`less`) has the years that the other has not.

    Examples
    --------
    >>> atoms("2024-2025", ["2024", "2025", "2024-2025"])
    ('2024', '2025', 'undated')
    """
    if period == UNDATED:
        return (UNDATED,)
    [period], away = named(period)
    if away:
        gone = atoms(away[0], periods)
        return tuple(time for time in atoms(period, periods) if time not in gone)
    longest = not is_year(period) and not any(covers(other, period) for other in periods)
    return (*years_of(period), UNDATED) if longest else years_of(period)
