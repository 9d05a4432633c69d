"""What lies within what: perimeters, periods, groups and definitions. An attacker knows it too."""

import re
from collections.abc import Collection, Iterable, Mapping
from functools import cache
from typing import Any

from analysis.companies.definitions import Definition, definitions, uses_sizes, value_names
from analysis.contracts.access import CLASSES

CLASSED = "firm-class"  # a table of classes, of which some are judged by size
SIZED_CLASSES = ("scale-up", "other-sme", "mature")
SCALE_UP = ("oecd-high-growth", "tax-shelter-scale-up")  # a scale-up answers to one of them
UNDATED = "undated"
_INSIDE = {
    "flemish-administration": {"flemish-public", "belgium"},
    "flemish-public": {"belgium"},
    "located-in-flanders": {"belgium"},
}
_AS_WELL = {"younger_as_group": "younger"}  # a criterion that asks this one too
_SMALLER_IS_STRICTER = ("max_", "_below")
_NEW_YEAR, _CURVE = "younger_on_new_year", "younger-than-"
_AND = " & "


def answers_of(definition: str) -> tuple[str, ...]:
    """The answers that add up to all winners."""
    return CLASSES if definition == CLASSED else ("yes", "no", "unknown")


def told_by_size(definition: str) -> tuple[str, ...]:
    """The answers of a linked definition that tell of a firm's size."""
    return SIZED_CLASSES if definition == CLASSED else ("yes", "no")


@cache
def linked_definitions() -> frozenset[str]:
    """Definitions that use firm sizes, and the table of classes."""
    return frozenset(id for id, one in _known().items() if uses_sizes(one)) | {CLASSED}


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


@cache
def implied() -> frozenset[tuple[str, str]]:
    """Pairs (narrower, wider): yes to the first is yes to the second, by what the files say.

    And no to the second is no to the first. One of the two uses sizes.
    """
    return implications(_known())


def implications(known: Mapping[str, Definition]) -> frozenset[tuple[str, str]]:
    """Pairs of `implied` among some definitions: the wider asks nothing that the narrower does not.

    Of wider definitions of public record only the nearest count. Who is below an age on 1 January
    is below the next one all year.
    """
    pairs = {
        (a, b)
        for a in known
        for b in known
        if a != b and (uses_sizes(known[a]) or uses_sizes(known[b])) and _asks(known[a], known[b])
    }
    new_year = [name for name, one in known.items() if _NEW_YEAR in one.criteria]
    pairs |= {
        (name, wider)
        for name in new_year
        if (wider := f"{_CURVE}{_age(known[name], 'max_age_years') + 1}") in known
    }
    public = {b for _, b in pairs if not uses_sizes(known[b])}
    order = {(a, b) for a in public for b in public if a != b and _asks(known[a], known[b])}
    far = {(a, b) for a, b in pairs for c in public if (a, c) in pairs and (c, b) in order}
    return frozenset(pairs - far)


@cache
def framed() -> tuple[tuple[str, str, str], ...]:
    """Linked definitions with a least and a greatest age, and the two ages of public record.

    No to the greatest age and yes to the least are both no to the definition, and exclude each
    other: who takes both away from its no, has the firms between the two that it does not want.
    """
    known = _known()
    found = []
    for name in sorted(linked_definitions() & known.keys()):
        if {"older", "younger"} <= {*known[name].criteria}:
            most, least = (_age(known[name], f"{end}_age_years") for end in ("max", "min"))
            if {upper := f"{_CURVE}{most}", lower := f"{_CURVE}{least}"} <= known.keys():
                found.append((name, upper, lower))
    return tuple(found)


def less_name(*definitions: str) -> str:
    """A name for what is taken away: a definition, or an age and a lower one together."""
    return _AND.join(definitions)


def taken_away(name: str, answer: str) -> tuple[tuple[str, str], ...]:
    """The definitions and answers that a name of `less_name` takes away from an answer."""
    first, *others = name.split(_AND)
    return ((first, answer), *((other, "yes") for other in others))


@cache
def near() -> frozenset[str]:
    """Linked definitions, and those of public record that say something of them."""
    pairs = (*implied(), *framed())
    return linked_definitions().union(name for one in pairs for name in one)


@cache
def tells_from(definition: str) -> int:
    """The first year in all of which a definition has its limits [year]; before, none is known."""
    known = _known().get(definition)
    limits = [one.since for one in known.values.values()] if known else []
    days: list[Any] = [min(one) for one in limits if _EVER not in one]
    return max((day.year + ((day.month, day.day) > (1, 1)) for day in days), default=0)


def _age(definition: Definition, name: str) -> int:
    [age] = definition.values[name].since.values()
    return int(age)  # type: ignore[arg-type]


def _asks(narrower: Definition, wider: Definition) -> bool:
    asked = {*narrower.criteria, *(_AS_WELL.get(name, name) for name in narrower.criteria)}
    return (
        set(wider.criteria) <= asked
        and wider.must_be.items() <= narrower.must_be.items()
        and all(
            _as_strict(narrower, wider, name)
            for criterion in wider.criteria
            for name in value_names(criterion)
        )
    )


def _as_strict(narrower: Definition, wider: Definition, name: str) -> bool:
    """Whether a limit is as strict as the wider one on each day on which there is one."""
    own, other = narrower.values[name].since, wider.values[name].since
    smaller = any(sign in name for sign in _SMALLER_IS_STRICTER)
    for day in {_EVER, *own, *other}:
        a, b = _limit(own, day), _limit(other, day)
        if a is not None and (b is None or not (a <= b if smaller else a >= b)):
            return False
    return True


_EVER: Any = "always"


def _limit(since: Mapping[Any, Any], day: Any) -> Any:
    """The limit in force on a day, `always` being before all days; none before the first."""
    days = [first for first in since if first != _EVER and day != _EVER and first <= day]
    return since[max(days)] if days else since.get(_EVER)


@cache
def _known() -> dict[str, Definition]:
    return definitions()
