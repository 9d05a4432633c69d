"""What an attacker can know: the least and the most that a withheld quantity can be.

Unknown are the quantities of the smallest parts; known is what was published, what lies within
what, and that nothing is below zero.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from copy import copy
from functools import cached_property

import numpy as np

from analysis.disclosure.knowledge import Knowledge
from analysis.disclosure.limits import CONTRADICTION, Differences, Numbers, Places, Rows
from analysis.disclosure.reading import Fact, Quantity

_ROUNDS, _FEW = 2, 5  # a few sums are sooner tried one by one

Row = tuple[Mapping[Quantity, float], float, float]  # terms by variable, least and most
Terms = tuple[tuple[Quantity, float], ...]
Wanted = tuple[Terms, float]  # a sum and the end that it should reach


class System:
    """Linear rows over variables that are at least 0; rows of a cell fall when it is withheld.

    Values that keep all rows are remembered: they show for good which ends are possible.

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
        self.unit, self._variables = unit, variables
        facts, rows = list(facts), list(structure)
        self._facts: list[Fact | None] = [*[None] * len(rows), *facts]
        rows += [(self._spread(f.terms), f.value * unit, f.value * unit) for f in facts]
        self._number: dict[Quantity, int] = {}
        self._rows = self._built(rows)
        self._live = np.ones(len(rows), dtype=bool)
        self._places: dict[Quantity, list[int]] = defaultdict(list)
        for place, fact in enumerate(self._facts):
            if fact and fact.cell:
                self._places[fact.cell].append(place)
        self._targets: dict[Terms, Numbers] = {}
        self._some: dict[Terms, tuple[Places, Numbers]] = {}
        self._forget()

    def _forget(self) -> None:
        self._differences = Differences(self._rows)
        self._now: Knowledge | None = None
        self._met = np.empty((0, len(self._number)))

    @cached_property
    def public(self) -> "System":
        """The same as if every linked row were withheld: what it tells, no suppression can hide."""
        found = copy(self)
        found._live = np.ones_like(self._live)
        found._live[[place for places in self._places.values() for place in places]] = False
        found._forget()
        return found

    def facts(self) -> list[Fact]:
        """All that is told, as it was given."""
        return [fact for fact, live in zip(self._facts, self._live, strict=True) if fact and live]

    def drop(self, cell: Quantity, *, told: bool = False) -> None:
        """Withhold the rows of a cell; or tell them after all, and forget what breaks them."""
        places = self._places.get(cell, [])
        if (self._live[places] != told).any():
            self._live[places], self._now = told, None
        for place in places if told else ():
            own = self._rows.row == place
            sums = self._met[:, self._rows.variable[own]] @ self._rows.weight[own]
            self._met = self._met[abs(sums - self._rows.low[place]) <= CONTRADICTION]

    def tells_of(self, terms: Terms) -> bool:
        """Whether anything is known of all these quantities."""
        of_each = [set(self._variables(quantity)) for quantity, _ in terms]
        return all(of_one and of_one <= self._number.keys() for of_one in of_each)

    def doubtful(self, wanted: Sequence[Wanted], side: int) -> list[Wanted]:
        """Those of the sums for which no values are met that show that their end is possible."""
        left = [one for one in wanted if not self.reaches(one, side)]
        for _ in range(_ROUNDS):
            open_ = [one for one in left if side * (self._outer(one[0], side) - one[1]) >= 0]
            if len(open_) < _FEW:
                break
            targets, ends = zip(*open_, strict=True)
            self._meet(self._known.near([*map(self._target, targets)], ends, side))
            still = [one for one in left if not self.reaches(one, side)]
            if len(still) == len(left):
                break
            left = still
        return left

    def reaches(self, wanted: Wanted, side: int) -> bool:
        """Whether values that were met before show that an end is possible."""
        return bool((side * (self._values(wanted[0]) - wanted[1]) >= 0).any())

    def end(self, wanted: Wanted, side: int) -> float:
        """The least (side -1) or most (+1) that a sum of quantities can be, as far as is wanted.

        Where values that were met reach what is wanted, that; where it surely falls short, an end
        beyond which it cannot be. An endless want on the other side asks for the end itself.
        """
        outer = self._outer(wanted[0], side)
        if side * (wanted[1] - outer) > 0:
            return outer
        if np.isfinite(wanted[1]) and self.reaches(wanted, side):
            return wanted[1]
        found, values = self._known.end(self._target(wanted[0]), side)
        self._meet(values)
        return found

    def settled(self, sums: Iterable[Terms], *, width: float) -> set[Terms]:
        """Those of the sums that can have one value only, give or take the width."""
        left = set(sums)
        if not all(self._values(terms).size for terms in left):
            self._meet(self._known.anywhere())
        left = {terms for terms in left if np.ptp(self._values(terms)) <= 2 * width}
        for side in (-1, 1):
            ends = [(t, float(self._values(t)[0]) + side * width) for t in sorted(left)]
            open_ = self.doubtful(ends, side)
            left = {end[0] for end in open_ if side * (end[1] - self.end(end, side)) > 0}
        return left

    def tellers(self, terms: Terms, side: int) -> set[Quantity]:
        """The cells by which that end is known."""
        told = (self._facts[row] for row in self._known.why(self._target(terms), side))
        return {fact.cell for fact in told if fact and fact.cell}

    @property
    def _known(self) -> Knowledge:
        if self._now is None:
            self._now = Knowledge(self._rows, self._live, self._differences)
            self._outers: dict[tuple[Terms, int], float] = {}
        return self._now

    def _outer(self, terms: Terms, side: int) -> float:
        known = self._known
        if (terms, side) not in self._outers:
            self._outers[terms, side] = known.outer(self._target(terms), side)
        return self._outers[terms, side]

    def _meet(self, values: Numbers) -> None:
        self._met = np.vstack([self._met, values])

    def _values(self, terms: Terms) -> Numbers:
        """What a sum is by the values that were met, where they tell it."""
        if terms not in self._some:
            target = self._target(terms)
            self._some[terms] = (some := np.flatnonzero(target)), target[some]
        some, weights = self._some[terms]
        values = self._met[:, some] @ weights
        return values[~np.isnan(values)]

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
        places = np.repeat(np.arange(len(rows)), [len(terms) for terms, _, _ in rows])
        numbers = np.array([self._number[one] for terms, _, _ in rows for one in terms], dtype=int)
        weights = np.array([weight for terms, _, _ in rows for weight in terms.values()])
        some = weights != 0
        low, high = (np.array([one[end] for one in rows], dtype=float) for end in (1, 2))
        return Rows(places[some], numbers[some], weights[some], low, high, len(self._number))
