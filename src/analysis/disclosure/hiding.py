"""Withholding further cells until what must not be found cannot be found."""

from collections.abc import Callable, Collection, Iterable, Mapping
from functools import partial
from typing import NamedTuple

from analysis.disclosure.counting import Counted
from analysis.disclosure.nesting import is_year, named, told_by_size
from analysis.disclosure.reading import EUROS, FIRMS, LOTS, Fact, Quantity
from analysis.disclosure.rules import reach
from analysis.disclosure.structure import systems
from analysis.disclosure.system import System, Terms
from analysis.disclosure.targets import Cell, Target, behind, together
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
) -> None:
    """Add cells to `gone` until no target can be found; withheld cells are looked at together."""
    counted, spots = contributors
    sizes = behind(counted)
    attacks = [(m, theme, system) for m in measures for theme, system in systems(known, m, spots)]
    series, few = _series(known), {target.cell for target in targets}
    begun: set[Quantity] = set()

    def drop(cell: Quantity) -> None:
        for one in _with_its_series(cell, gone.of(measures[0]), series):
            gone.add(one, measures[0])
            begun.add(one._replace(period=""))
            for _, _, system in attacks:
                system.drop(one)

    choose = partial(_chosen, sizes=sizes, begun=begun)
    for cell in sorted(gone.of(measures[0])):
        drop(cell)
    done: set[Target] = set()
    with shown("Withholding what tells of single firms", len(attacks)) as advance:
        while new := [target for target in targets if target not in done]:
            for measure, theme, system in attacks:
                own = [t for t in new if (measure, theme) == (t.measure, t.theme)]
                near = doubtful(own, system)
                for first in range(0, len(near), _AT_ONCE):
                    some = too_near(near[first : first + _AT_ONCE], system)
                    _widen(some, system, choose, drop)
                advance(0 if done else 1)
            done.update(new)
            targets = list(together(gone.of(measures[0]), counted, measures[0]))
            if done.issuperset(targets):
                for measure, theme, system in attacks:
                    spare = gone.of(measure) - few - (gone.counts if measure == EUROS else set())
                    targets += _computed(measure, theme, system, spare, sizes, gone)


def doubtful(targets: Iterable[Target], system: System) -> list[Near]:
    """Targets with a side (-1 down, 1 up) where an attacker may come too near, and the end needed.

    What public record alone makes known, cannot be hidden.
    """
    told = [target for target in sorted(targets, key=_largest) if system.tells_of(target.terms)]
    free = system.public()
    found = []
    for side in (-1, 1):
        ends = {target: _needed(target, side, system.unit) for target in told}
        system.explore([(t.terms, end) for t, end in ends.items()], side)
        near = {t: e for t, e in ends.items() if not system.reaches((t.terms, e), side)}
        free.explore([(t.terms, end) for t, end in near.items()], side)
        bound = [w for t, end in near.items() if not free.reaches(w := (t.terms, end), side)]
        free.prepare(bound, side)
        for target, end in near.items():
            if (target.terms, end) in bound:
                most = free.end((target.terms, end), side)
                most -= side * GRAIN * max(abs(most), _STEP[target.measure] * system.unit)
                end = side * min(side * end, side * most)
            found.append((target, side, end))
    return found


def _largest(target: Target) -> tuple[float, Target]:
    return -target.value, target


def _needed(target: Target, side: int, unit: float) -> float:
    """`rules.reach` in the units of a system, nearer by a grain for rounding."""
    step = _STEP[target.measure]
    end = reach(target.value, step=step)[(side + 1) // 2]
    return (end - side * GRAIN * max(target.value, step)) * unit


def _widen(
    near: list[Near],
    system: System,
    choose: Callable[[Collection[Quantity], Target, float], tuple[Quantity, float]],
    drop: Callable[[Quantity], None],
) -> None:
    """Withhold cells until every target can be as far as its end.

    In rounds: a target whose end has just been loosened for another one waits for the next.
    """
    while near:
        gone: set[Quantity] = set()
        for one in near:
            if not {q.definition for q, _ in one[0].terms}.isdisjoint(q.definition for q in gone):
                continue
            missing, cells = _missing(one, system), system.tellers(one[0].terms, one[1])
            while cells and missing > 0:
                chosen, size = choose(cells, one[0], missing)
                cells.remove(chosen)
                missing -= size
                gone.add(chosen)
        for cell in sorted(gone):
            drop(cell)
        if not gone:
            break
        near = too_near(near, system)


def too_near(tried: Iterable[Near], system: System) -> list[Near]:
    """Those on which figures do bring an attacker too near."""
    tried = [one for one in tried if not system.reaches((one[0].terms, one[2]), one[1])]
    for side in (-1, 1):
        system.prepare([(target.terms, end) for target, of, end in tried if of == side], side)
    return [one for one in tried if _missing(one, system) > 0]


def _missing(near: Near, system: System) -> float:
    """How much the end that figures tell falls short of the one needed; 0 where it does not."""
    target, side, end = near
    if system.reaches((target.terms, end), side):
        return 0.0
    return max(side * (end - system.end((target.terms, end), side)) / system.unit, 0.0)


def _chosen(
    cells: Collection[Quantity],
    target: Target,
    missing: float,
    *,
    sizes: Mapping[Quantity, Cell],
    begun: Collection[Quantity],
) -> tuple[Quantity, float]:
    """The smallest that is large enough, else the largest, and its size.

    A series of which a part is gone goes first, then what is of the target's own period; a whole of
    which the target is a part, of years or of groups, goes last.
    """
    own = {time for q, _ in target.terms for part in named(q.period) for time in part}
    answer = target.terms[0][0].answer
    groups = {q.group for q, _ in target.terms}

    def size(cell: Quantity) -> float:
        known = sizes.get(cell._replace(answer=cell.answer or answer))
        return float(known[target.measure]) if known else 0.0

    def cost(cell: Quantity) -> tuple[bool | float | Quantity, ...]:
        enough, is_own = size(cell) >= missing, cell.period in own
        is_whole = cell.group == "all" and "all" not in groups
        last = is_whole or not (is_own or is_year(cell.period))
        is_new = cell._replace(period="") not in begun
        return last, is_new, not is_own, not enough, size(cell) if enough else -size(cell), cell

    chosen = min(cells, key=cost)
    return chosen, size(chosen)


def _series(known: Iterable[Fact]) -> dict[Quantity, set[Quantity]]:
    """The cells of single years that are told of each series."""
    found: dict[Quantity, set[Quantity]] = {}
    for cell in {fact.cell for fact in known if fact.cell and is_year(fact.cell.period)}:
        found.setdefault(cell._replace(period=""), set()).add(cell)
    return found


def _with_its_series(
    cell: Quantity, gone: Collection[Quantity], series: Mapping[Quantity, set[Quantity]]
) -> list[Quantity]:
    """The cell; and every year of a series of which more than half of the years would be gone."""
    years = series.get(cell._replace(period=""), set())
    if cell in years and len(years & {*gone, cell}) > MOST_OF_A_SERIES * len(years):
        return sorted(years)
    return [cell]


def _computed(
    measure: str,
    theme: str,
    system: System,
    spare: Collection[Quantity],
    sizes: Mapping[Quantity, Cell],
    gone: Gone,
) -> list[Target]:
    """What was withheld for other figures and can be computed from what is left.

    A class, which is one number, is told after all; of a definition more has to go.
    """
    asked = [
        (q, answer)
        for q in sorted(spare)
        for answer in ((q.answer,) if q.answer else told_by_size(q.definition))
        if q.theme == theme
    ]
    sums = [((q._replace(answer=answer), 1.0),) for q, answer in asked]
    told = exactly(sums, system)
    gone.of(measure).difference_update(q for ((q, _),) in told if q in spare)
    known = {q: float(sizes[q][measure]) for ((q, _),) in told if q not in spare and q in sizes}
    return [Target(measure, value, ((q, 1.0),)) for q, value in known.items() if value > 0]


def exactly(sums: Iterable[Terms], system: System) -> list[Terms]:
    """The sums that have one value only, and not by public record alone."""
    told = system.settled([terms for terms in sums if system.tells_of(terms)], width=EXACT)
    public = system.public().settled(told, width=EXACT)
    return [terms for terms in told if terms not in public]
