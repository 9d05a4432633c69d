"""How quantities hang together, as rows of a `System`: sums of lots and euros, limits of firms."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from functools import cache
from itertools import product
from typing import NamedTuple

from analysis.contracts.access import ORIGINS
from analysis.disclosure.implying import CLASSED, SCALE_UP, answers_of, framed, implied, tells_from
from analysis.disclosure.nesting import (
    UNDATED,
    atoms,
    covers,
    holds,
    is_year,
    named,
    smallest,
    within,
)
from analysis.disclosure.reading import EUROS, EVERYBODY, FIRMS, Fact, Quantity
from analysis.disclosure.system import Row, System

_NO_END = float("inf")
_UNITS = {EUROS: 1e-3}  # thousands of euros, so that one tolerance fits all


Answers = Sequence[tuple[str, str]]
Shape = tuple[list[Row], Callable[[Quantity], Iterable[Quantity]]]


class Attack(NamedTuple):
    """What is known of a measure, in one theme and one family of definitions."""

    measure: str
    theme: str
    system: System


def systems(
    facts: Iterable[Fact],
    measure: str,
    spots: Mapping[str, Iterable[str]],
    before: Iterable[Attack] = (),
) -> list[Attack]:
    """What is known of a measure, by theme and family of definitions.

    Parameters
    ----------
    spots : the perimeters that hold a contract, joined by +, by theme
    before : taken instead where these very facts are what is told there
    """
    same = {tuple(one.system.facts()): one for one in before if one.measure == measure}
    families: dict[tuple[str, str], list[Fact]] = {}
    for fact in facts:
        first = fact.terms[0][0]
        name = _families().get(first.definition, first.definition)
        if fact.measure == measure:
            families.setdefault((first.theme, name), []).append(fact)
    found = []
    for (theme, _), own in sorted(families.items()):
        if (key := tuple(own)) in same:
            found.append(same[key])
            continue
        told = frozenset(q for fact in own for q, _ in fact.terms)
        rows, variables = limits(told) if measure == FIRMS else sums(told, spots.get(theme, ()))
        system = System(own, rows, variables, unit=_UNITS.get(measure, 1.0))
        found.append(Attack(measure, theme, system))
    return found


def sums(told: Collection[Quantity], spots: Iterable[str]) -> Shape:
    """Lots and euros: of the smallest parts of perimeters and periods, and of each answer.

    They add up to everything else; so do origins. What the narrower answer has is part of what the
    wider one has, in each of those parts.
    """
    periods, asked = {q.period for q in told}, dict[str, set[str]]()
    for q in told:
        asked.setdefault(q.definition, set()).add(q.perimeter)
    places = {name: smallest(perimeters, spots) for name, perimeters in asked.items()}

    @cache
    def variables(q: Quantity) -> list[Quantity]:
        answers = answers_of(q.definition) if q.answer == EVERYBODY else (q.answer,)
        times = atoms(q.period, periods) if q.group == "all" else (q.period,)
        inside = [
            part for part in places.get(q.definition, ()) if holds(q.perimeter, named(part)[0])
        ]
        theme, definition, _, _, _, group = q
        parts = product(answers, inside, times)
        return [Quantity(theme, definition, a, place, time, group) for a, place, time in parts]

    parts = sorted({part for q in told for part in variables(q)})
    return [*_narrower(parts), *_grouped(parts, periods)], variables


def limits(told: Collection[Quantity]) -> Shape:
    """Firms, each counted once: a whole has as many as its largest part, and at most their sum."""
    yes = sorted(q for q in told if q.answer == "yes")
    rows = [*_inner(yes), *_narrower(yes)]
    rows += [_at_most([q], [q._replace(group="all")]) for q in yes if q.group != "all"]
    for whole, within_it in _shorter(yes):
        rows += [_at_most([part], [whole]) for part in within_it]
        years = [part for part in within_it if is_year(part.period)]
        if years:
            rows.append(_at_most([whole], [*years, whole._replace(period=UNDATED)]))
    return rows, lambda q: [q]


def _shorter(parts: Collection[Quantity]) -> Iterator[tuple[Quantity, list[Quantity]]]:
    """Each part of several years, and those that are the same of a period within it."""
    there, periods = set(parts), sorted({q.period for q in parts})
    for whole in (q for q in parts if not is_year(q.period)):
        shorter = (whole._replace(period=p) for p in periods if covers(whole.period, p))
        if found := [part for part in shorter if part in there]:
            yield whole, found


def _inner(parts: Collection[Quantity]) -> Iterator[Row]:
    """What is in an inner perimeter is in the outer one."""
    there, places = set(parts), {q.perimeter for q in parts}
    around = {p: [outer for outer in sorted(places) if within(p, outer)] for p in places}
    for part in parts:
        for outer in around[part.perimeter]:
            if (whole := Quantity(*part[:3], outer, *part[4:])) in there:
                yield _at_most([part], [whole])


def _narrower(parts: Collection[Quantity]) -> Iterator[Row]:
    """Who gives one of the narrower answers gives one of the wider ones, in every part.

    The parts of perimeters of either may be coarser than those of the other.
    """
    there, by_answer = set(parts), dict[tuple[str, ...], list[Quantity]]()
    for q in parts:
        by_answer.setdefault((q.definition, q.answer, q.period, q.group), []).append(q)

    def at(part: Quantity, answers: Answers) -> list[Quantity]:
        same = [Quantity(part.theme, *one, *part[3:]) for one in answers]
        return same if there.issuperset(same) else []

    def inside(part: Quantity, answers: Answers) -> list[list[Quantity]]:
        own = [by_answer.get((*one, part.period, part.group), []) for one in answers]
        return [[q for q in some if holds(part.perimeter, named(q.perimeter)[0])] for some in own]

    for narrow, wide in _pairs({q.definition for q in parts}):
        for part in (q for q in parts if q[1:3] == wide[0] and _tells(q)):
            less = [q for some in inside(part, narrow) for q in some]
            if less and (more := at(part, wide)):
                yield _at_most(less, more)
        for part in (q for q in parts if q[1:3] == narrow[0] and len(narrow) == 1 and _tells(q)):
            within_it = inside(part, wide)
            if all(within_it) and not at(part, wide):
                yield _at_most([part], [q for some in within_it for q in some])


def _tells(part: Quantity) -> bool:
    """Whether no to a definition of which the limits began later was told in all of the period."""
    first = part.period[:4]
    return part.answer != "no" or not first.isdigit() or int(first) >= tells_from(part.definition)


def _at_most(less: Iterable[Quantity], more: Iterable[Quantity]) -> Row:
    return dict.fromkeys(less, 1.0) | dict.fromkeys(more, -1.0), -_NO_END, 0.0


def _grouped(parts: Collection[Quantity], periods: Collection[str]) -> Iterator[Row]:
    """Origins add up to all."""
    kinds: dict[Quantity, list[Quantity]] = {}
    for part in parts:
        if part.group != "all":
            kinds.setdefault(part._replace(group="all"), []).append(part)
    for of, groups in kinds.items():
        all_ = [of._replace(period=time) for time in atoms(of.period, periods)]
        terms, least, most = _at_most(groups, all_)
        yield terms, 0.0 if len(groups) == len(ORIGINS) else least, most


def _pairs(there: Collection[str]) -> Iterator[tuple[Answers, Answers]]:
    """Narrower answers, which exclude each other, and the wider ones of which they imply one."""
    for narrow, wide in sorted(implied()):
        if {narrow, wide} <= set(there):
            yield [(narrow, "yes")], [(wide, "yes")]
            yield [(wide, "no")], [(narrow, "no")]
    for name, upper, lower in framed():
        if {name, upper, lower} <= set(there):
            yield [(upper, "no"), (lower, "yes")], [(name, "no")]
    if {CLASSED, *SCALE_UP} <= set(there):
        yield [(CLASSED, "scale-up")], [(definition, "yes") for definition in SCALE_UP]


@cache
def _families() -> dict[str, str]:
    """A name for each definition that hangs together with others, shared by those that do."""
    ties = [*sorted(implied()), *((CLASSED, one) for one in SCALE_UP)]
    ties += [(name, age) for name, *ages in framed() for age in ages]
    name = {definition: definition for tie in ties for definition in tie}
    for a, b in ties * 2:
        old, new = sorted((name[a], name[b]), reverse=True)
        name = {key: new if of == old else of for key, of in name.items()}
    return name
