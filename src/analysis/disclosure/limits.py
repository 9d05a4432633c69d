"""What follows at once from linear rows: what sums leave over, limits of single variables, and why.

Who takes one sum from another that holds it has the rest of it, in fewer variables.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from analysis.refusal import ReportError

ROUNDS = 40
LEAST_STEP = 1e-7  # a limit that moves less is the same
CONTRADICTION = 1e-3  # limits that cross by more are not rounded wrongly

Numbers = NDArray[np.float64]
Places = NDArray[np.int64]


class Rows(NamedTuple):
    """Linear rows, entry by entry: low <= sum of weight x variable <= high, variables from 0 on.

    low is high, or endless.
    """

    row: Places
    variable: Places
    weight: Numbers
    low: Numbers
    high: Numbers
    variables: int


class Difference(NamedTuple):
    """Variables that add up to a value, and how often each row is in it."""

    variables: tuple[int, ...]
    value: float
    rows: dict[int, float]


class Differences:
    """Sums without every part that another sum tells. What still holds is not sought again.

    Parameters
    ----------
    rows : of which those that are sums of variables, each once, are looked at
    """

    def __init__(self, rows: Rows) -> None:
        self._rows, self._found = rows, dict[int, Difference]()
        is_sum = rows.low == rows.high
        is_sum[rows.row[rows.weight != 1]] = False
        self._other = ~is_sum
        members: dict[int, list[int]] = defaultdict(list)
        mine = is_sum[rows.row]
        for place, one in zip(rows.row[mine].tolist(), rows.variable[mine].tolist(), strict=True):
            members[place].append(one)
        self._sums = sorted(members.items(), key=lambda sum_: (len(sum_[1]), sum_[0]))

    def rows(self, live: NDArray[np.bool_]) -> tuple[Rows, list[dict[int, float]]]:
        """Rows that say the same as the live ones, and which of those are in each, how often."""
        old, sums = self._rows, [one for one in self._left(live) if one.variables]
        others = np.flatnonzero(self._other & live)
        place = np.full(len(live), -1)
        place[others] = len(sums) + np.arange(len(others))
        entries = place[old.row] >= 0
        many = [len(one.variables) for one in sums]
        variables = [variable for one in sums for variable in one.variables]
        values = np.array([one.value for one in sums])
        found = Rows(
            np.concatenate([np.repeat(np.arange(len(sums)), many), place[old.row[entries]]]),
            np.concatenate([np.array(variables, dtype=int), old.variable[entries]]),
            np.concatenate([np.ones(len(variables)), old.weight[entries]]),
            np.concatenate([values, old.low[others]]),
            np.concatenate([values, old.high[others]]),
            old.variables,
        )
        return found, [*(one.rows for one in sums), *({one: 1.0} for one in others.tolist())]

    def _left(self, live: NDArray[np.bool_]) -> Iterable[Difference]:
        gone = set(np.flatnonzero(~live).tolist())
        kept = {at: one for at, one in self._found.items() if gone.isdisjoint(one.rows)}
        new = [(at, sum_) for at, sum_ in self._sums if at not in gone and at not in kept]
        told: dict[int, list[Difference]] = defaultdict(list)
        for one in kept.values() if new else ():
            told[one.variables[0] if one.variables else -1].append(one)
        for at, variables in new:
            kept[at] = one = _difference(at, variables, float(self._rows.low[at]), told)
            told[one.variables[0] if one.variables else -1].append(one)
        self._found = {at: kept[at] for at, _ in self._sums if at in kept}
        return self._found.values()


def _difference(
    at: int, variables: list[int], value: float, told: Mapping[int, list[Difference]]
) -> Difference:
    """What is left of a sum, largest parts taken away first."""
    left, rows = set(variables), {at: 1.0}
    parts = [one for v in variables for one in told.get(v, ()) if left.issuperset(one.variables)]
    for part in sorted(parts, key=lambda one: -len(one.variables)):
        if left.issuperset(part.variables):
            left.difference_update(part.variables)
            value -= part.value
            for row, times in part.rows.items():
                rows[row] = rows.get(row, 0.0) - times
    if not left and abs(value) > CONTRADICTION:
        raise contradiction("a sum that is not what its parts add up to")
    return Difference(tuple(sorted(left)), value, {row: n for row, n in rows.items() if n})


class Limits(NamedTuple):
    """Least and most of every variable, and the row by which each is known (-1: by none)."""

    least: Numbers
    most: Numbers
    why_least: Places
    why_most: Places

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether only one value is left of a variable."""
        return self.most - self.least <= 2 * LEAST_STEP * np.maximum(1.0, np.abs(self.least))


def limits(rows: Rows) -> Limits:
    """Tighten the limits of each variable by every row until nothing moves.

    Raises
    ------
    ReportError
        The rows contradict each other.

    Notes
    -----
    Bound propagation: x_j <= (high - least of the rest of the row)/a_j, and so on. It gives limits
    that hold; a linear program may find narrower ones. At least is at most of the negative, so
    that each end of a row is one row of variables and their negatives, which stand behind them.
    """
    many, side = rows.variables, np.tile([1.0, -1.0], len(rows.row))
    row, variable = np.repeat(rows.row, 2), np.repeat(rows.variable, 2)
    weight = np.repeat(rows.weight, 2)
    place = row + np.where(side > 0, 0, len(rows.low))
    high = np.concatenate([rows.high, -rows.low])
    told = np.flatnonzero(np.isfinite(high[place]))
    row, place, weight, upward = row[told], place[told], weight[told], (side * weight)[told] > 0
    own = variable[told] + np.where(upward, 0, many)
    other, weight, end = (own + many) % (2 * many), np.abs(weight), high[place]
    most, why = np.repeat([np.inf, 0.0], many), np.full(2 * many, -1)
    for _ in range(ROUNDS):
        found = (end - _rest(place, -weight * most[other], len(high))) / weight
        moved = _tightened(most, why, found, own, row)
        _meet(most[:many], most[many:])
        if not moved:
            break
    return Limits(0.0 - most[many:], most[:many], why[many:], why[:many])


def because(rows: Rows, limits: Limits, ends: Iterable[tuple[int, int]]) -> set[int]:
    """The rows from which the ends follow; an end is a variable and a side (-1 least, 1 most)."""
    by_row = np.argsort(rows.row, kind="stable")
    starts = np.searchsorted(rows.row[by_row], np.arange(len(rows.low) + 1))
    open_, met, found = list(ends), set[tuple[int, int]](), set[int]()
    while open_:
        end = open_.pop()
        if end in met:
            continue
        met.add(end)
        variable, side = end
        place = int((limits.why_most if side > 0 else limits.why_least)[variable])
        if place < 0:
            continue
        found.add(place)
        entries = by_row[starts[place] : starts[place + 1]]
        own = rows.weight[entries[rows.variable[entries] == variable]][0]
        for entry in entries:
            if rows.variable[entry] != variable:
                same = (rows.weight[entry] > 0) == (own > 0)
                open_.append((int(rows.variable[entry]), -side if same else side))
    return found


def _meet(most: Numbers, negative: Numbers) -> None:
    """Where rounding makes a least cross its most, both go to the middle."""
    wrong = np.flatnonzero(-negative > most)
    if (-negative[wrong] - most[wrong] > CONTRADICTION).any():
        raise contradiction("limits that cross")
    most[wrong] = (most[wrong] - negative[wrong]) / 2
    negative[wrong] = -most[wrong]


def _rest(row: Places, least: Numbers, rows: int) -> Numbers:
    """The least of a row without each entry's own."""
    far = np.isinf(least)
    near = np.where(far, 0.0, least)
    total, many = np.bincount(row, near, rows), np.bincount(row, far, rows)
    return np.where(many[row] - far > 0, -np.inf, total[row] - near)


def _tightened(most: Numbers, why: Places, found: Numbers, variable: Places, row: Places) -> bool:
    """Lower limits to what was found where that is less; say whether any moved."""
    less = np.flatnonzero(found < most[variable])
    step = LEAST_STEP * np.maximum(1.0, np.abs(found[less]))
    less = less[most[variable[less]] - found[less] > step]
    found, variable, row = found[less], variable[less], row[less]
    order = np.argsort(found, kind="stable")
    which, first = np.unique(variable[order], return_index=True)
    most[which], why[which] = found[order][first], row[order][first]
    return bool(len(which))


def contradiction(found: str) -> ReportError:
    """What to say where no values keep the published rows."""
    return ReportError(
        "disclosure control",
        found=f"published figures that contradict each other ({found})",
        expected="parts that add up to their whole, and lie within it",
        do="look for a perimeter or a definition that no longer lies within the other",
    )
