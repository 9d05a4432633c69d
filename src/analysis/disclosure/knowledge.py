"""The least and the most of a sum, by linear programs over what is not known at once."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import bmat, csr_matrix, hstack, identity
from scipy.sparse.csgraph import connected_components

from analysis.disclosure.limits import (
    Differences,
    Numbers,
    Places,
    Rows,
    because,
    contradiction,
    limits,
)

_ROUNDING = 1e-7
_UNBOUNDED = 3
_OPTIONS = {"primal_feasibility_tolerance": 1e-5}  # small, and rounded


class Program(NamedTuple):
    """A linear program over open variables that hang together: loose <= below, exact = equal."""

    variables: Places
    loose: csr_matrix
    below: Numbers
    exact: csr_matrix
    equal: Numbers
    ends: Numbers
    rows: Places  # where the loose and then the exact rows stand among all

    def solve(self, costs: Numbers) -> Any:
        """The values that cost least, as SciPy gives them; without any where there is no end.

        Raises
        ------
        ReportError
            No values keep the rows.
        """
        found = self._solved(costs)
        if found.status not in (0, _UNBOUNDED):
            # HiGHS may call a program without an end one without a beginning, if it presolves.
            found = self._solved(costs, presolve=False)
        if found.status not in (0, _UNBOUNDED):
            raise contradiction(str(found.message))
        return found

    def _solved(self, costs: Numbers, *, presolve: bool = True) -> Any:
        return linprog(
            costs,
            A_ub=self.loose,
            b_ub=self.below,
            A_eq=self.exact,
            b_eq=self.equal,
            bounds=self.ends,
            method="highs",
            options=_OPTIONS | {"presolve": presolve},
        )

    def near(self, sums: csr_matrix, most: Numbers, ends: Numbers) -> Numbers:
        """Values by which sums are below their most by as much, together, as their ends allow."""
        many, nothing = sums.shape[0], csr_matrix((self.exact.shape[0], sums.shape[0]))
        wider = self._replace(
            loose=bmat([[self.loose, None], [sums, identity(many)]], format="csr"),
            below=np.concatenate([self.below, most]),
            exact=hstack([self.exact, nothing]),
            ends=np.vstack([self.ends, np.column_stack([np.full(many, -np.inf), ends])]),
        )
        gains = -1 / np.maximum(np.abs(ends), 1.0)
        found = wider.solve(np.concatenate([np.zeros(len(self.variables)), gains]))
        return np.asarray(found.x[: len(self.variables)])

    def weights(self, found: Any) -> dict[int, float]:
        """How much each row weighs in what was found, of those that do."""
        weights = np.concatenate([found.ineqlin.marginals, found.eqlin.marginals])
        some = np.abs(weights) > _ROUNDING
        return dict(zip(self.rows[some].tolist(), weights[some].tolist(), strict=True))


class Knowledge:
    """What follows from linear rows: ends of any sum of variables, and the rows that give them.

    Parameters
    ----------
    rows : all of them
    live : which of them hold
    differences : of the same rows, where they were looked at before

    Raises
    ------
    ReportError
        The rows contradict each other.
    """

    def __init__(
        self, rows: Rows, live: NDArray[np.bool_], differences: Differences | None = None
    ) -> None:
        self._rows, self._made = (differences or Differences(rows)).rows(live)
        self._limits = limits(self._rows)
        self._known = self._limits.known
        middle = (self._limits.least + np.where(self._known, self._limits.most, 0.0)) / 2
        self._value = np.where(self._known, middle, 0.0)
        self._open = np.flatnonzero(~self._known)
        row, variable, weight, low, *_ = self._rows
        self._matrix = csr_matrix((weight, (row, variable)), shape=(len(low), rows.variables))
        self._binding = np.flatnonzero(self._binds())
        self._touched = abs(self._matrix[self._binding][:, self._open])
        ties = self._touched.T @ self._touched
        self._part = connected_components(ties, directed=False)[1]
        self._programs: dict[tuple[int, ...], Program] = {}
        self._solved: dict[tuple[bytes, int], tuple[Program, Any]] = {}

    def outer(self, target: Numbers, side: int) -> float:
        """An end beyond which the sum surely cannot be; the true one may lie nearer."""
        some = np.flatnonzero(target)
        upward = side * target[some] > 0
        ends = np.where(upward, self._limits.most[some], self._limits.least[some])
        return float(target[some] @ ends)

    def end(self, target: Numbers, side: int) -> tuple[float, Numbers]:
        """The end itself, and values of all variables at it (missing where they do not matter)."""
        fixed, values = float(target @ self._value), self._values()
        program = self._program(self._parts(target[self._open] != 0))
        if not len(program.variables):
            return fixed, values
        found = program.solve(-side * target[program.variables])
        if found.x is None:
            return side * np.inf, values
        self._solved[target.tobytes(), side] = program, found
        values[program.variables] = found.x
        return fixed + float(target[program.variables] @ found.x), values

    def anywhere(self) -> Numbers:
        """Some values of all variables that keep all rows."""
        values = self._values()
        program = self._program(self._parts(np.ones(len(self._open), dtype=bool)))
        if len(program.variables):
            values[program.variables] = program.solve(np.zeros(len(program.variables))).x
        return values

    def near(self, targets: Sequence[Numbers], wanted: Sequence[float], side: int) -> Numbers:
        """Values of all variables that bring as many sums as can be as far as is wanted of them."""
        sums, values = csr_matrix(np.array(targets)), self._values()
        program = self._program(self._parts(sums[:, self._open].getnnz(axis=0) > 0))
        if len(program.variables):
            own = -side * sums[:, program.variables]
            found = program.near(own, side * (sums @ self._value), side * np.array(wanted))
            values[program.variables] = found
        return values

    def why(self, target: Numbers, side: int) -> set[int]:
        """The rows that give the end, or the outer one where no program was solved."""
        some: list[int] = np.flatnonzero(target).tolist()
        weights: dict[int, float] = {}
        if (target.tobytes(), side) not in self._solved:
            ends = [(one, side if target[one] > 0 else -side) for one in some]
        else:
            program, found = self._solved[target.tobytes(), side]
            ends = []
            for end, limit in ((-1, found.lower), (1, found.upper)):
                heavy = program.variables[np.abs(limit.marginals) > _ROUNDING]
                ends += [(one, end) for one in heavy.tolist()]
            for place, weight in program.weights(found).items():
                some += self._matrix.indices[
                    slice(*self._matrix.indptr[place : place + 2])
                ].tolist()
                for row, times in self._made[place].items():
                    weights[row] = weights.get(row, 0.0) + weight * times
        ends += [(one, end) for one in dict.fromkeys(some) if self._known[one] for end in (-1, 1)]
        places = because(self._rows, self._limits, ends)
        rows = {row for row, weight in weights.items() if abs(weight) > _ROUNDING}
        return rows.union(*(self._made[place] for place in places))

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
