"""The least and the most of a sum, by linear programs over what is not known at once."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from scipy.sparse.csgraph import connected_components

from analysis.disclosure.limits import Numbers, Rows, because, limits
from analysis.disclosure.programs import Program, Solution, contradiction

_ROUNDING = 1e-7
_AT_ONCE = 4


class Knowledge:
    """What follows from linear rows: ends of any sum of variables, and the rows that give them.

    Parameters
    ----------
    rows : all of them
    live : which of them hold

    Raises
    ------
    ReportError
        The rows contradict each other.
    """

    def __init__(self, rows: Rows, live: NDArray[np.bool_]) -> None:
        self._rows, self._limits = rows, limits(rows, live)
        if (self._limits.least > self._limits.most).any():
            raise contradiction("limits that cross")
        self._known = self._limits.known
        middle = (self._limits.least + np.where(self._known, self._limits.most, 0.0)) / 2
        self._value = np.where(self._known, middle, 0.0)
        self._open = np.flatnonzero(~self._known)
        shape = (len(rows.low), rows.variables)
        self._matrix = csr_matrix((rows.weight, (rows.row, rows.variable)), shape=shape)
        self._binding = np.flatnonzero(live & self._binds())
        self._touched = abs(self._matrix[self._binding][:, self._open])
        ties = self._touched.T @ self._touched
        self._part = connected_components(ties, directed=False)[1]
        self._programs: dict[tuple[int, ...], Program] = {}
        self._solved: dict[tuple[bytes, int], tuple[Program, Solution]] = {}

    def outer(self, target: Numbers, side: int) -> float:
        """An end beyond which the sum surely cannot be; the true one may lie nearer."""
        some = np.flatnonzero(target)
        upward = side * target[some] > 0
        ends = np.where(upward, self._limits.most[some], self._limits.least[some])
        return float(target[some] @ ends)

    def end(self, target: Numbers, side: int) -> tuple[float, Numbers]:
        """The end itself, and values of all variables at it (missing where they do not matter)."""
        fixed, values = float(target @ self._value), self._values()
        self.prepare([target], side)
        program, found = self._solved[target.tobytes(), side]
        if found.values is None:
            return side * np.inf, values
        values[program.variables] = found.values
        return fixed + float(target[program.variables] @ found.values), values

    def prepare(self, targets: Iterable[Numbers], side: int) -> None:
        """Find the ends of many sums, those over the same variables at once, which is faster."""
        new = {key: t for t in targets if (key := (t.tobytes(), side)) not in self._solved}
        by_part: dict[tuple[int, ...], list[Numbers]] = {}
        for target in new.values():
            by_part.setdefault(self._parts(target[self._open] != 0), []).append(target)
        for parts, some in by_part.items():
            program = self._program(parts)
            for first in range(0, len(some), _AT_ONCE):
                few = some[first : first + _AT_ONCE]
                found = program.ends([-side * target[program.variables] for target in few])
                for target, solution in zip(few, found, strict=True):
                    self._solved[target.tobytes(), side] = program, solution

    def anywhere(self) -> Numbers:
        """Some values of all variables that keep all rows."""
        values = self._values()
        program = self._program(self._parts(np.ones(len(self._open), dtype=bool)))
        if len(program.variables):
            values[program.variables] = program.solve(np.zeros(len(program.variables))).x
        return values

    def near(self, targets: Sequence[Numbers], wanted: Sequence[float], side: int) -> Numbers:
        """Values of all variables that bring as many sums as can be as far as is wanted of them."""
        sums, values, enough = (
            csr_matrix(np.array(targets)),
            self._values(),
            side * np.array(wanted),
        )
        program = self._program(self._parts(sums[:, self._open].getnnz(axis=0) > 0))
        if not len(program.variables):
            return values
        own = -side * sums[:, program.variables]
        ends = np.column_stack([np.full(len(enough), -np.inf), enough])
        wider = program.with_slack(own, side * (sums @ self._value), ends)
        gains = -1 / np.maximum(np.abs(enough), 1.0)
        found = wider.solve(np.concatenate([np.zeros(len(program.variables)), gains]))
        values[program.variables] = found.x[: len(program.variables)]
        return values

    def why(self, target: Numbers, side: int) -> set[int]:
        """The rows that give the end, or the outer one where no program was solved."""
        some = [int(variable) for variable in np.flatnonzero(target)]
        ends = [(one, end) for one in some if self._known[one] for end in (-1, 1)]
        rows: set[int] = set()
        if (target.tobytes(), side) not in self._solved:
            ends += [(one, side if target[one] > 0 else -side) for one in some]
        else:
            program, found = self._solved[target.tobytes(), side]
            rows = found.weighty(program)
            ends += found.limits(program)
            inside = {int(one) for row in rows for one in self._matrix[[row]].indices}
            ends += [(one, end) for one in sorted(inside) if self._known[one] for end in (-1, 1)]
        return rows | because(self._rows, self._limits, ends)

    def _values(self) -> Numbers:
        return np.where(self._known, self._value, np.nan)

    def _parts(self, asked: NDArray[np.bool_]) -> tuple[int, ...]:
        """The parts into which the open variables asked fall; all of one part hang together."""
        return tuple(sorted(set(self._part[asked])))

    def _program(self, parts: tuple[int, ...]) -> Program:
        if parts not in self._programs:
            inside = np.isin(self._part, parts)
            rows = self._binding[self._touched[:, inside].getnnz(axis=1) > 0]
            exact = self._rows.low[rows] == self._rows.high[rows]
            variables, places = self._open[inside], np.concatenate([rows[~exact], rows[exact]])
            matrix = self._matrix[places]
            rest = self._rows.high[places] - matrix @ self._value
            own, many = matrix[:, variables], int((~exact).sum())
            ends = np.column_stack([self._limits.least[variables], self._limits.most[variables]])
            self._programs[parts] = Program(
                variables, own[:many], rest[:many], own[many:], rest[many:], ends, places
            )
        return self._programs[parts]

    def _binds(self) -> NDArray[np.bool_]:
        """Rows of two open variables or more that their limits do not already keep."""
        row, variable, weight, low, high, _ = self._rows
        many = np.bincount(row, ~self._known[variable], len(low))
        least, most = self._limits.least[variable], self._limits.most[variable]
        down = np.bincount(row, weight * np.where(weight > 0, least, most), len(low))
        up = np.bincount(row, weight * np.where(weight > 0, most, least), len(low))
        return (many > 1) & ((down < low - _ROUNDING) | (up > high + _ROUNDING))
