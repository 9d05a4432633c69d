"""Which answer to a definition is also an answer to another. An attacker reads the same files."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from analysis.companies.definitions import Definition, definitions, uses_sizes, value_names
from analysis.contracts.access import CLASSES

CLASSED = "firm-class"  # a table of classes, of which some are judged by size
SIZED_CLASSES = ("scale-up", "other-sme", "mature")
SCALE_UP = ("oecd-high-growth", "tax-shelter-scale-up")  # a scale-up answers to one of them
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
    return frozenset(id for id, one in definitions().items() if uses_sizes(one)) | {CLASSED}


@cache
def implied() -> frozenset[tuple[str, str]]:
    """Pairs (narrower, wider): yes to the first is yes to the second, by what the files say.

    And no to the second is no to the first. One of the two uses sizes.
    """
    return implications(definitions())


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
    known = definitions()
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
    known = definitions().get(definition)
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
