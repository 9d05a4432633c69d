"""Withholding further cells until what must not be found cannot be found."""

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import NamedTuple

from analysis.disclosure.nesting import is_year
from analysis.disclosure.reading import EUROS, FIRMS, LOTS, Fact, Quantity
from analysis.disclosure.rules import reach
from analysis.disclosure.structure import systems
from analysis.disclosure.system import System
from analysis.disclosure.targets import Behind, Target, together

MOST_OF_A_SERIES = 0.5  # beyond this part of its years a series is withheld, but for its period
EXACT, NEARLY = 1e-3, 1e-5  # widths in lots or million euros: computed; needless to withhold
GRAIN = 1e-3  # part of a value that is left to rounding
_STEP = {LOTS: 1.0, FIRMS: 1.0, EUROS: 0.0}


class Gone(NamedTuple):
    """Cells whose counts or euros are withheld, and definitions without other specifications."""

    counts: set[Quantity]
    euros: set[Quantity]
    unspecified: set[tuple[str, str]]

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
    sizes: Mapping[Quantity, Behind],
    gone: Gone,
) -> None:
    """Add cells to `gone` until no target can be found; withheld cells are looked at together."""
    attacks = [(m, theme, system) for m in measures for theme, system in systems(known, m)]
    series, few = _series(known), {target.cell for target in targets}

    def drop(cell: Quantity) -> None:
        for one in _with_its_series(cell, gone.of(measures[0]), series):
            gone.add(one, measures[0])
            for _, _, system in attacks:
                system.drop(one)

    for cell in sorted(gone.of(measures[0])):
        drop(cell)
    done: set[Target] = set()
    while new := [target for target in targets if target not in done]:
        for measure, theme, system in attacks:
            own = [t for t in new if (measure, theme) == (t.measure, t.theme)]
            for target, side, end in short(own, system):
                _widen(target, side, end, system, sizes, drop)
        done.update(new)
        targets = list(together(gone.of(measures[0]), sizes, measures[0]))
    for measure, theme, system in attacks:
        spare = {q for q in gone.of(measure) - few if q.theme == theme and q.answer}
        if measure == EUROS:
            spare -= gone.counts
        gone.of(measure).difference_update(_needless(spare, system))


def short(targets: Iterable[Target], system: System) -> list[tuple[Target, int, float]]:
    """Targets with a side (-1 down, 1 up) on which an attacker comes too near, and the end needed.

    What is public record alone makes known, cannot be hidden.
    """
    told = [target for target in sorted(targets, key=_largest) if system.tells_of(target.terms)]
    free = system.public()
    found = []
    for side in (-1, 1):
        ends = {target: _needed(target, side, system.unit) for target in told}
        system.explore([(t.terms, end) for t, end in ends.items()], side)
        near = {t: end for t, end in ends.items() if _falls_short(t, end, system, side)}
        free.explore([(t.terms, end) for t, end in near.items()], side)
        for target, end in near.items():
            if not free.reaches((target.terms, end), side):
                most = free.end((target.terms, end), side)
                most -= side * GRAIN * max(abs(most), _STEP[target.measure] * system.unit)
                end = side * min(side * end, side * most)
            found.append((target, side, end))
    return found


def _largest(target: Target) -> tuple[float, Target]:
    return -target.value, target


def _falls_short(target: Target, end: float, system: System, side: int) -> bool:
    wanted = (target.terms, end)
    return not system.reaches(wanted, side) and side * (end - system.end(wanted, side)) > 0


def _needed(target: Target, side: int, unit: float) -> float:
    """`rules.reach` in the units of a system, nearer by a grain for rounding."""
    step = _STEP[target.measure]
    end = reach(target.value, step=step)[(side + 1) // 2]
    return (end - side * GRAIN * max(target.value, step)) * unit


def _widen(
    target: Target,
    side: int,
    end: float,
    system: System,
    sizes: Mapping[Quantity, Behind],
    drop: Callable[[Quantity], None],
) -> None:
    """Withhold cells until the target can be as far as the end."""
    wanted = (target.terms, end)
    if system.reaches(wanted, side):
        return
    while (missing := side * (end - system.end(wanted, side)) / system.unit) > 0:
        cells = system.tellers(target.terms, side)
        if not cells:
            break
        while cells and missing > 0:
            chosen, size = _chosen(cells, target, missing, sizes)
            drop(chosen)
            cells.remove(chosen)
            missing -= size


def _chosen(
    cells: Collection[Quantity],
    target: Target,
    missing: float,
    sizes: Mapping[Quantity, Behind],
) -> tuple[Quantity, float]:
    """The smallest that is large enough, else the largest; of several years only as a last way."""
    answer = target.terms[0][0].answer

    def size(cell: Quantity) -> float:
        own = sizes.get(cell._replace(answer=cell.answer or answer))
        return own.of(target.measure) if own else 0.0

    def cost(cell: Quantity) -> tuple[bool, bool, float, Quantity]:
        enough = size(cell) >= missing
        return not is_year(cell.period), not enough, size(cell) if enough else -size(cell), cell

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


def _needless(spare: Iterable[Quantity], system: System) -> set[Quantity]:
    """Classes withheld for others that everybody can compute all the same: they may be told."""
    sums = [((q, 1.0),) for q in sorted(spare) if system.tells_of(((q, 1.0),))]
    return {q for ((q, _),) in system.settled(sums, width=NEARLY)} if sums else set()
