"""What follows at once from linear rows: limits of single variables, and which rows give them."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

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


def limits(rows: Rows, live: NDArray[np.bool_]) -> Limits:
    """Tighten the limits of each variable by every live row until nothing moves.

    Notes
    -----
    Bound propagation: x_j <= (high - least of the rest of the row)/a_j, and so on. It gives limits
    that hold; a linear program may find narrower ones.
    """
    entries = live[rows.row]
    row, variable = rows.row[entries], rows.variable[entries]
    weight = rows.weight[entries]
    least, most = np.zeros(rows.variables), np.full(rows.variables, np.inf)
    why_least, why_most = (np.full(rows.variables, -1) for _ in range(2))
    up = weight > 0
    for _ in range(ROUNDS):
        low_end = np.where(up, least[variable], most[variable]) * weight
        high_end = np.where(up, most[variable], least[variable]) * weight
        under = (rows.high[row] - _rest(row, low_end, -np.inf, len(rows.low))) / weight
        over = (rows.low[row] - _rest(row, high_end, np.inf, len(rows.low))) / weight
        above = _tightened(most, why_most, np.where(up, under, over), variable, row, -1)
        below = _tightened(least, why_least, np.where(up, over, under), variable, row, 1)
        if not (above or below) or _crossed(least, most):
            break
    return Limits(least, most, why_least, why_most)


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


def _crossed(least: Numbers, most: Numbers) -> bool:
    """Whether a least is beyond its most; where rounding makes it so, both go to the middle."""
    wrong = np.flatnonzero(least > most)
    far = least[wrong] - most[wrong] > CONTRADICTION
    least[wrong[~far]] = most[wrong[~far]] = (least[wrong[~far]] + most[wrong[~far]]) / 2
    return bool(far.any())


def _rest(row: Places, ends: Numbers, endless: float, rows: int) -> Numbers:
    """Sum of a row's ends without each entry's own."""
    far = np.isinf(ends)
    near = np.where(far, 0.0, ends)
    total, many = np.bincount(row, near, rows), np.bincount(row, far, rows)
    return np.where(many[row] - far > 0, endless, total[row] - near)


def _tightened(
    limit: Numbers, why: Places, found: Numbers, variable: Places, row: Places, side: int
) -> bool:
    """Move limits to what was found where that is tighter; say whether any moved."""
    ended = np.isfinite(found)
    found, variable, row = found[ended], variable[ended], row[ended]
    better = side * (found - limit[variable]) > LEAST_STEP * np.maximum(1.0, np.abs(found))
    found, variable, row = found[better], variable[better], row[better]
    order = np.argsort(-side * found, kind="stable")
    which, first = np.unique(variable[order], return_index=True)
    limit[which], why[which] = found[order][first], row[order][first]
    return bool(len(which))
