"""Linear programs over the quantities that hang together, solved side by side."""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linprog
from scipy.sparse import csr_matrix, hstack, identity, vstack

from analysis.disclosure.limits import Numbers, Places
from analysis.refusal import ReportError

_UNBOUNDED = 3
_WEIGHTY = 1e-7
_OPTIONS = {"primal_feasibility_tolerance": 1e-5}  # small, and rounded
_NONE: NDArray[np.float64] = np.empty(0)


class Program(NamedTuple):
    """A linear program over open variables that hang together: loose <= below, exact = equal."""

    variables: Places
    loose: csr_matrix
    below: Numbers
    exact: csr_matrix
    equal: Numbers
    ends_of: Numbers
    rows: Places  # where the loose and then the exact rows stand among all

    def solve(self, costs: Numbers) -> Any:
        """The values that cost least, as SciPy gives them; without any where there is no end.

        Raises
        ------
        ReportError
            No values keep the rows.
        """
        found = linprog(
            costs,
            A_ub=self.loose,
            b_ub=self.below,
            A_eq=self.exact,
            b_eq=self.equal,
            bounds=self.ends_of,
            method="highs",
            options=_OPTIONS,
        )
        if found.status not in (0, _UNBOUNDED):
            raise contradiction(str(found.message))
        return found

    def ends(self, costs: Sequence[Numbers]) -> list["Solution"]:
        """What costs least by each of the costs, solved beside each other."""
        if not len(self.variables):
            return [Solution(_NONE)] * len(costs)
        many = len(costs)
        found = self._replace(
            loose=_repeated(self.loose, many),
            below=np.tile(self.below, many),
            exact=_repeated(self.exact, many),
            equal=np.tile(self.equal, many),
            ends_of=np.tile(self.ends_of, (many, 1)),
        ).solve(np.concatenate(costs))
        if found.status == _UNBOUNDED:
            one_by_one = [self.ends([cost]) for cost in costs] if many > 1 else [[Solution(None)]]
            return [solution for some in one_by_one for solution in some]
        marginals = (found.ineqlin, found.eqlin, found.lower, found.upper)
        parts = [np.split(found.x, many), *(np.split(part.marginals, many) for part in marginals)]
        return [Solution(*of_one) for of_one in zip(*parts, strict=True)]

    def with_slack(self, sums: csr_matrix, most: Numbers, ends: Numbers) -> "Program":
        """One more variable s a sum, within its own ends: s <= most - sum."""
        many = sums.shape[0]
        nothing = csr_matrix((self.loose.shape[0], many)), csr_matrix((self.exact.shape[0], many))
        return self._replace(
            loose=vstack([hstack([self.loose, nothing[0]]), hstack([sums, identity(many)])]),
            below=np.concatenate([self.below, most]),
            exact=hstack([self.exact, nothing[1]]),
            ends_of=np.vstack([self.ends_of, ends]),
        )


class Solution(NamedTuple):
    """Values at an end (missing: there is none), and how much rows and limits weigh in it."""

    values: Numbers | None
    loose: Numbers = _NONE
    exact: Numbers = _NONE
    lower: Numbers = _NONE
    upper: Numbers = _NONE

    def weighty(self, program: Program) -> set[int]:
        """The rows that weigh in the end."""
        if self.values is None:
            return set()
        weighs = np.abs(np.concatenate([self.loose, self.exact])) > _WEIGHTY
        return {int(place) for place in program.rows[weighs]}

    def limits(self, program: Program) -> Iterator[tuple[int, int]]:
        """The limits of variables that weigh in the end."""
        for side, marginals in ((-1, self.lower), (1, self.upper)):
            for place in np.flatnonzero(np.abs(marginals) > _WEIGHTY):
                yield int(program.variables[place]), side


def _repeated(matrix: csr_matrix, times: int) -> csr_matrix:
    """The matrix so many times along the diagonal."""
    rows, columns = matrix.shape
    shift = np.repeat(np.arange(times), matrix.nnz)
    ends = matrix.indptr[1:][None, :] + (np.arange(times) * matrix.nnz)[:, None]
    return csr_matrix(
        (
            np.tile(matrix.data, times),
            np.tile(matrix.indices, times) + shift * columns,
            np.concatenate([[0], ends.ravel()]),
        ),
        shape=(rows * times, columns * times),
    )


def contradiction(found: str) -> ReportError:
    """What to say where no values keep the published rows."""
    return ReportError(
        "disclosure control",
        found=f"published figures that contradict each other ({found})",
        expected="parts that add up to their whole, and lie within it",
        do="look for a perimeter or a definition that no longer lies within the other",
    )
