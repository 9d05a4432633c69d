"""Withholding further cells until what must not be found cannot be found."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from analysis.disclosure.counting import Counted
from analysis.disclosure.implying import told_by_size
from analysis.disclosure.nesting import is_year, named
from analysis.disclosure.reading import EUROS, FIRMS, LOTS, Fact, Quantity
from analysis.disclosure.structure import Attack, systems
from analysis.disclosure.system import System
from analysis.disclosure.targets import Cell, Target, behind, reach, together
from analysis.progress import shown

MOST_OF_A_SERIES = 0.5  # beyond this part of its years a series is withheld, but for its period
EXACT = 1e-4  # width in lots or thousands of euros within which a number is computed
GRAIN = 1e-3  # part of a value that is left to rounding
_AT_ONCE = 16
_STEP = {LOTS: 1.0, FIRMS: 1.0, EUROS: 0.0}


Near = tuple[Target, int, float]  # a target, the side on which it is too near, the end needed


class Gone(NamedTuple):
    """Cells whose counts or euros are withheld."""

    counts: set[Quantity]
    euros: set[Quantity]

    def of(self, measure: str) -> set[Quantity]:
        """Cells withheld in a measure."""
        return self.euros if measure == EUROS else self.counts

    def add(self, cell: Quantity, measure: str) -> None:
        """Withhold a cell; where nobody may be counted, no euros are told either."""
        self.euros.add(cell)
        if measure != EUROS:
            self.counts.add(cell)


def hide(
    targets: list[Target],
    measures: tuple[str, ...],
    known: list[Fact],
    contributors: Counted,
    gone: Gone,
) -> list[Attack]:
    """Add cells to `gone` until no target can be found; withheld cells are looked at together.

    Returns
    -------
    what is known in the end, by measure and theme
    """
    counted, spots = contributors
    sizes = behind(counted)
    attacks = [one for measure in measures for one in systems(known, measure, spots)]
    series, few = _series(known), {target.cell for target in targets}
    begun: set[Quantity] = set()

    def with_it(cell: Quantity) -> set[Quantity]:
        return _with_its_series(cell, gone.of(measures[0]), series)

    def drop(cell: Quantity) -> None:
        for one in {cell, *with_it(cell)}:
            gone.add(one, measures[0])
            begun.add(one._replace(period=""))
            for attack in attacks:
                attack.system.drop(one)

    choose = partial(_chosen, sizes=sizes, begun=begun, with_it=with_it)
    for cell in sorted(gone.of(measures[0])):
        drop(cell)
    done: set[Target] = set()
    with shown("Withholding what tells of single firms", len(attacks)) as advance:
        while new := [target for target in targets if target not in done]:
            for attack in attacks:
                near = doubtful(new, attack)
                for first in range(0, len(near), _AT_ONCE):
                    _widen(near[first : first + _AT_ONCE], attack.system, choose, drop)
                advance(0 if done else 1)
            done.update(new)
            targets = list(together(gone.of(measures[0]), counted, measures[0]))
            if done.issuperset(targets):
                for attack in attacks:
                    away = gone.of(attack.measure)
                    spare = away - few - (gone.counts if attack.measure == EUROS else set())
                    targets += _computed(attack, spare, sizes, away)
    return attacks


def doubtful(targets: Iterable[Target], attack: Attack) -> list[Near]:
    """Targets with a side (-1 down, 1 up) where an attacker may come too near, and the end needed.

    What public record alone makes known, cannot be hidden.
    """
    measure, theme, system = attack
    own = [t for t in targets if (t.measure, t.theme) == (measure, theme)]
    own.sort(key=lambda target: (-target.value, target))
    told = [target for target in own if system.tells_of(target.terms)]
    found = []
    for side in (-1, 1):
        needed = {(t.terms, _needed(t, side, system.unit)): t for t in told}
        near = system.doubtful([*needed], side)
        bound = set(system.public.doubtful(near, side)) if near else ()
        for one in near:
            end = one[1]
            if one in bound and side * (end - (most := system.public.end(one, side))) > 0:
                most -= side * GRAIN * max(abs(most), _STEP[measure] * system.unit)
                end = side * min(side * end, side * most)
            found.append((needed[one], side, end))
    return found


def _needed(target: Target, side: int, unit: float) -> float:
    """`rules.reach` in the units of a system, nearer by a grain for rounding."""
    step = _STEP[target.measure]
    end = reach(target.value, step=step)[(side + 1) // 2]
    return (end - side * GRAIN * max(target.value, step)) * unit


def _widen(
    near: list[Near],
    system: System,
    choose: Callable[[Collection[Quantity], Target, float], Quantity],
    drop: Callable[[Quantity], None],
) -> None:
    """Withhold cells until every target can be as far as its end.

    In rounds: a target whose end has just been loosened for another one waits for the next.
    """
    while near:
        gone, left = set[Quantity](), list[Near]()
        for target, side, end in near:
            if {q.definition for q, _ in target.terms}.isdisjoint(q.definition for q in gone):
                missing = short((target, side, end), system)
                if missing <= 0:
                    continue
                if cells := system.tellers(target.terms, side):
                    gone.add(choose(cells, target, missing))
            left.append((target, side, end))
        if not gone:
            break
        for cell in sorted(gone):
            drop(cell)
        near = left


def short(near: Near, system: System) -> float:
    """How much the end that figures tell falls short of the one needed; 0 where it does not."""
    target, side, end = near
    return max(side * (end - system.end((target.terms, end), side)) / system.unit, 0.0)


def _chosen(
    cells: Collection[Quantity],
    target: Target,
    missing: float,
    *,
    sizes: Mapping[Quantity, Cell],
    begun: Collection[Quantity],
    with_it: Callable[[Quantity], Collection[Quantity]],
) -> Quantity:
    """The smallest that is large enough, else the largest.

    A series of which a part is gone goes first, but for the year with which all of it would go;
    then what is of the target's own period; a whole of which the target is a part, of years or of
    groups, goes last.
    """
    own = {time for q, _ in target.terms for part in named(q.period) for time in part}
    answer = target.terms[0][0].answer
    groups = {q.group for q, _ in target.terms}

    def cost(cell: Quantity) -> tuple[bool | float | Quantity, ...]:
        known = sizes.get(cell._replace(answer=cell.answer or answer))
        size = float(known[target.measure]) if known else 0.0
        enough, is_own = size >= missing, cell.period in own
        is_whole = cell.group == "all" and "all" not in groups
        last = is_whole or not (is_own or is_year(cell.period))
        is_new, many = cell._replace(period="") not in begun, len(with_it(cell)) > 1
        return last, is_new, many, not is_own, not enough, size if enough else -size, cell

    return min(cells, key=cost)


def _series(known: Iterable[Fact]) -> dict[Quantity, set[Quantity]]:
    """The cells of single years that are told of each series."""
    found: dict[Quantity, set[Quantity]] = {}
    for cell in {fact.cell for fact in known if fact.cell and is_year(fact.cell.period)}:
        found.setdefault(cell._replace(period=""), set()).add(cell)
    return found


def _with_its_series(
    cell: Quantity, gone: Collection[Quantity], series: Mapping[Quantity, set[Quantity]]
) -> set[Quantity]:
    """The cell; and every year of a series of which more than half of the years would be gone.

    Of these, only those that are not gone.
    """
    years = series.get(cell._replace(period=""), set())
    if cell in years and len(years & {*gone, cell}) > MOST_OF_A_SERIES * len(years):
        return years.difference(gone)
    return {cell}


def _computed(
    attack: Attack,
    spare: Collection[Quantity],
    sizes: Mapping[Quantity, Cell],
    gone: set[Quantity],
) -> list[Target]:
    """What was withheld for other figures and can be computed from what is left.

    A class, which is one number, is told after all; of a definition more has to go.
    """
    measure, theme, system = attack
    asked = [
        ((q._replace(answer=answer), 1.0),)
        for q in spare
        for answer in ((q.answer,) if q.answer else told_by_size(q.definition))
        if q.theme == theme
    ]
    sums = system.settled(filter(system.tells_of, asked), width=EXACT)
    sums -= system.public.settled(sums, width=EXACT)
    found = []
    for sum_ in sorted(sums):
        [(q, _)] = sum_
        if q in spare:
            gone.remove(q)
            system.drop(q, told=True)
        elif q in sizes and (value := float(sizes[q][measure])) > 0:
            found.append(Target(measure, value, sum_))
    return found
