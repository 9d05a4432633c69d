"""What an attacker can know: the least and the most that a withheld quantity can be.

Unknown are the quantities of the smallest parts; known is what was published, what lies within
what, and that nothing is below zero.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy

import numpy as np
from numpy.typing import NDArray

from analysis.disclosure.knowledge import Knowledge
from analysis.disclosure.limits import Numbers, Rows
from analysis.disclosure.reading import Fact, Quantity
from analysis.refusal import ReportError

_ROUNDS, _FEW = 2, 10  # a few sums are sooner tried one by one

Row = tuple[Mapping[Quantity, float], float, float]  # terms by variable, least and most
Terms = tuple[tuple[Quantity, float], ...]
Wanted = tuple[Terms, float]  # a sum and the end that it should reach


class System:
    """Linear rows over variables that are at least 0; rows of a cell fall when it is withheld.

    Parameters
    ----------
    facts : all of one measure, one theme and one family of definitions
    structure : rows that hold whatever is published
    variables : the variables that a quantity is the sum of
    unit : by which values are multiplied
    """

    def __init__(
        self,
        facts: Iterable[Fact],
        structure: Iterable[Row],
        variables: Callable[[Quantity], Iterable[Quantity]],
        *,
        unit: float = 1.0,
    ) -> None:
        self.unit = unit
        self._variables = variables
        rows = list(structure)
        cells: list[Quantity | None] = [None] * len(rows)
        for fact in facts:
            value = fact.value * unit
            rows.append((self._spread(fact.terms), value, value))
            cells.append(fact.cell)
        self._number: dict[Quantity, int] = {}
        self._rows = self._built(rows)
        self._cells = cells
        self._places: dict[Quantity | None, list[int]] = defaultdict(list)
        for place, cell in enumerate(cells):
            self._places[cell].append(place)
        self._live = np.ones(len(rows), dtype=bool)
        self._now: Knowledge | None = None
        self._targets: dict[Terms, Numbers] = {}
        self._met: list[Numbers] = []
        self._stack = np.empty((0, len(self._number)))

    def public(self) -> "System":
        """The same as if every linked row were withheld: what it tells, no suppression can hide."""
        found = copy(self)
        found._live = np.zeros_like(self._live)
        found._live[self._places[None]] = True
        found._now, found._met, found._stack = None, [], self._stack[:0]
        return found

    def holds(self) -> bool:
        """Whether no two rows contradict each other."""
        try:
            return bool(len(self._known().anywhere()))
        except ReportError:
            return False

    def drop(self, cell: Quantity) -> None:
        """Withhold the rows of a cell."""
        places = self._places.get(cell, [])
        if self._live[places].any():
            self._live[places] = False
            self._now = None

    def tells_of(self, terms: Terms) -> bool:
        """Whether anything is known of all these quantities."""
        of_each = [set(self._variables(quantity)) for quantity, _ in terms]
        return all(of_one and of_one <= self._number.keys() for of_one in of_each)

    def explore(self, wanted: Sequence[Wanted], side: int) -> None:
        """Look for values that show, for as many sums as can be, that their ends are possible."""
        now = self._known()
        open_ = [(self._target(terms), end) for terms, end in wanted]
        open_ = [(t, end) for t, end in open_ if side * (now.outer(t, side) - end) >= 0]
        for _ in range(_ROUNDS):
            if len(open_) < _FEW:
                break
            values = now.near([t for t, _ in open_], [end for _, end in open_], side)
            self._met.append(values)
            left = [(t, end) for t, end in open_ if not _beyond(t, values, end, side)]
            if len(left) == len(open_):
                break
            open_ = left

    def prepare(self, wanted: Sequence[Wanted], side: int) -> None:
        """Find the ends of sums at once, as far as `end` will have to."""
        now = self._known()
        targets = [(self._target(terms), end) for terms, end in wanted]
        now.prepare([t for t, end in targets if side * (now.outer(t, side) - end) >= 0], side)

    def reaches(self, wanted: Wanted, side: int) -> bool:
        """Whether values that were met before show that an end is possible."""
        if len(self._stack) < len(self._met):
            self._stack = np.array(self._met)
        return bool(_beyond(self._target(wanted[0]), self._stack, wanted[1], side).any())

    def end(self, wanted: Wanted, side: int) -> float:
        """The least (side -1) or most (+1) that a sum of quantities can be.

        Where it surely falls short of what is wanted, an end beyond which it cannot be.
        """
        now, target = self._known(), self._target(wanted[0])
        outer = now.outer(target, side)
        if side * (wanted[1] - outer) > 0:
            return outer
        found, values = now.end(target, side)
        self._met.append(values)
        return found

    def settled(self, sums: Sequence[Terms], *, width: float) -> list[Terms]:
        """Those of the sums that can have one value only, give or take the width."""
        if not sums:
            return []
        some = self._known().anywhere()
        ends = [(terms, float(self._target(terms) @ some)) for terms in sums]
        for side in (-1, 1):
            wanted = [(terms, value + side * width) for terms, value in ends]
            self.explore(wanted, side)
            ends = [
                at
                for at, far in zip(ends, wanted, strict=True)
                if not self.reaches(far, side) and side * (far[1] - self.end(far, side)) > 0
            ]
        return [terms for terms, _ in ends]

    def tellers(self, terms: Terms, side: int) -> set[Quantity]:
        """The cells by which that end is known."""
        rows = self._known().why(self._target(terms), side)
        return {cell for row in rows if (cell := self._cells[row])}

    def _known(self) -> Knowledge:
        if self._now is None:
            self._now = Knowledge(self._rows, self._live)
        return self._now

    def _target(self, terms: Terms) -> Numbers:
        if terms not in self._targets:
            weights = np.zeros(len(self._number))
            for variable, weight in self._spread(terms).items():
                weights[self._number[variable]] = weight
            self._targets[terms] = weights
        return self._targets[terms]

    def _spread(self, terms: Terms) -> dict[Quantity, float]:
        weights: dict[Quantity, float] = defaultdict(float)
        for quantity, weight in terms:
            for variable in self._variables(quantity):
                weights[variable] += weight
        return weights

    def _built(self, rows: list[Row]) -> Rows:
        for terms, _, _ in rows:
            for variable in terms:
                self._number.setdefault(variable, len(self._number))
        entries = [
            (place, self._number[one], weight)
            for place, (terms, _, _) in enumerate(rows)
            for one, weight in terms.items()
            if weight
        ]
        places, numbers, weights = (np.array(part) for part in zip(*entries, strict=True))
        low, high = (np.array([one[end] for one in rows], dtype=float) for end in (1, 2))
        return Rows(places, numbers, weights.astype(float), low, high, len(self._number))


def _beyond(target: Numbers, values: Numbers, end: float, side: int) -> NDArray[np.bool_]:
    some = np.flatnonzero(target)
    return side * (values[..., some] @ target[some] - end) >= 0
