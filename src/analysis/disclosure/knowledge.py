"""The least and the most of a sum, by linear programs over what is not known at once."""

from collections.abc import Sequence
from functools import cached_property
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_array
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
    loose: Numbers
    below: Numbers
    exact: Numbers
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

    def near(self, sums: Numbers, most: Numbers, ends: Numbers) -> Numbers:
        """Values by which sums are below their most by as much, together, as their ends allow."""
        many = len(sums)
        wider = self._replace(
            loose=np.block([[self.loose, np.zeros((len(self.loose), many))], [sums, np.eye(many)]]),
            below=np.concatenate([self.below, most]),
            exact=np.hstack([self.exact, np.zeros((len(self.exact), many))]),
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
        row, variable, weight, low, *_ = self._rows
        self._settled = np.bincount(row, weight * self._value[variable], len(low))
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
        program = self._program(target != 0)
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
        program = self._program(~self._known)
        if len(program.variables):
            values[program.variables] = program.solve(np.zeros(len(program.variables))).x
        return values

    def near(self, targets: Sequence[Numbers], wanted: Sequence[float], side: int) -> Numbers:
        """Values of all variables that bring as many sums as can be as far as is wanted of them."""
        sums, values = np.array(targets), self._values()
        program = self._program((sums != 0).any(axis=0))
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
                some += self._rows.variable[self._rows.row == place].tolist()
                for row, times in self._made[place].items():
                    weights[row] = weights.get(row, 0.0) + weight * times
        ends += [(one, end) for one in dict.fromkeys(some) if self._known[one] for end in (-1, 1)]
        places = because(self._rows, self._limits, ends)
        rows = {row for row, weight in weights.items() if abs(weight) > _ROUNDING}
        return rows.union(*(self._made[place] for place in places))

    def _values(self) -> Numbers:
        return np.where(self._known, self._value, np.nan)

    @cached_property
    def _binding(self) -> NDArray[np.bool_]:
        """Entries of open variables in rows that bind them."""
        return self._binds()[self._rows.row] & ~self._known[self._rows.variable]

    @cached_property
    def _part(self) -> Places:
        """A number for each variable: the same for open ones that binding rows tie together."""
        rows = self._rows
        row, variable = rows.row[self._binding], rows.variable[self._binding]
        many = rows.variables + len(rows.low)
        ties = csr_array((np.ones(len(row)), (variable, rows.variables + row)), shape=(many, many))
        return np.asarray(connected_components(ties, directed=False)[1][: rows.variables])

    def _program(self, asked: NDArray[np.bool_]) -> Program:
        """The program over the open variables asked, and all those that hang together with them."""
        parts = tuple(np.unique(self._part[asked & ~self._known]).tolist())
        if parts not in self._programs:
            self._programs[parts] = self._built(np.isin(self._part, parts) & ~self._known)
        return self._programs[parts]

    def _built(self, inside: NDArray[np.bool_]) -> Program:
        row, variable, weight, low, high, _ = self._rows
        entries = self._binding & inside[variable]
        rows, variables = np.unique(row[entries]), np.flatnonzero(inside)
        exact = low[rows] == high[rows]
        places, many = np.concatenate([rows[~exact], rows[exact]]), int((~exact).sum())
        at = np.searchsorted(rows, row[entries])
        own = np.zeros((len(rows), len(variables)))
        own[at, np.searchsorted(variables, variable[entries])] = weight[entries]
        own = np.concatenate([own[~exact], own[exact]])
        rest = high[places] - self._settled[places]
        ends = np.column_stack([self._limits.least[variables], self._limits.most[variables]])
        return Program(variables, own[:many], rest[:many], own[many:], rest[many:], ends, places)

    def _binds(self) -> NDArray[np.bool_]:
        """Rows of two open variables or more that their limits do not already keep."""
        row, variable, weight, low, high, _ = self._rows
        many = np.bincount(row, ~self._known[variable], len(low))
        least, most = self._limits.least[variable], self._limits.most[variable]
        down = np.bincount(row, weight * np.where(weight > 0, least, most), len(low))
        up = np.bincount(row, weight * np.where(weight > 0, most, least), len(low))
        return (many > 1) & ((down < low - _ROUNDING) | (up > high + _ROUNDING))
