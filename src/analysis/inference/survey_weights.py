"""Weights for a survey of everybody, of whom not everybody answered."""

import math
from collections import Counter
from collections.abc import Hashable, Sequence
from typing import NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.refusal import ContractError

TRIM = 3
ROUNDS = 500
NEAR = 1e-10
Cell = tuple[Hashable, ...]
Numbers = NDArray[np.float64]


class Representativity(NamedTuple):
    """How alike those who answered are to all, as far as the cells tell.

    rate : part that answered
    r_indicator : 1 where every cell answered as often, lower the more they differ
    largest_bias : most that a share (0 to 1) among those who answered can be off because of that
    """

    rate: float
    r_indicator: float
    largest_bias: float


def weights(
    respondents: pd.DataFrame, population: pd.DataFrame, by: Sequence[str], *, trim: float = TRIM
) -> pd.Series:
    """How many members each respondent stands for.

    Parameters
    ----------
    respondents : one row per respondent, columns of `by`
    population : one row per cell, columns of `by` and `members` (0 or more)
    by : columns that make the cells, such as group and stratum
    trim : no weight above so many times the median

    Returns
    -------
    One weight per respondent, index of `respondents`. They add up to the members of all cells but
    those of a group or stratum of which nobody answered: nobody can stand for these, and only the
    bounds of `survey.nonresponse_bounds` know of them.

    Notes
    -----
    Members over answers within the cell (the inverse response propensity), then raked to the
    members of every value of each column (Deming-Stephan 1940), since cells without an answer are
    left; then weights above `trim` times the median cut to that, and all scaled to the total. With
    an answer from every cell raking changes nothing. It repairs what differs between the cells,
    and nothing of what differs between who answers and who does not within one.

    Examples
    --------
    Two of six admitted and one of five rejected answered.

    >>> said = pd.DataFrame({"group": ["admitted", "admitted", "rejected"]})
    >>> everybody = pd.DataFrame({"group": ["admitted", "rejected"], "members": [6, 5]})
    >>> weights(said, everybody, by=["group"]).tolist()
    [3.0, 3.0, 5.0]
    """
    if respondents.empty:
        return pd.Series(dtype=float, index=respondents.index)
    of = _cells(respondents, by)
    answers, members = Counter(of), Counter[Cell]()
    for cell, count in zip(_cells(population, by), population["members"], strict=True):
        members[cell] += int(count)
    _check(members, answers)
    spoke = [set(values) for values in zip(*answers, strict=True)]
    stood_for = [c for c in members if all(v in s for v, s in zip(c, spoke, strict=True))]
    per_cell = _raked(members, answers, sorted(stood_for, key=str))
    given = np.array([per_cell[cell] for cell in of])
    return pd.Series(_trimmed(given, trim), index=respondents.index, name="weight")


def kish(weights: ArrayLike) -> float:
    """Design effect of unequal weights: how many answers are worth one of equal weights.

    Notes
    -----
    1 + CV^2 = n sum w^2/(sum w)^2, Kish 1965. The effective number of answers is n over it.

    Examples
    --------
    Two weights 1 and 3: 2 x 10/16.

    >>> kish([1, 3])
    1.25
    """
    w = np.asarray(weights, dtype=float)
    if not w.size or not (np.isfinite(w) & (w >= 0)).all() or not w.sum() > 0:
        raise ContractError(
            "weights of answers",
            found=f"{w.size} weights, or one that is missing or below 0, or all of them 0",
            expected="weights from 0, at least one above 0",
            do="weigh only those who answered",
        )
    return max(w.size * math.fsum(w**2) / math.fsum(w) ** 2, 1.0)


def representativity(answered: ArrayLike, members: ArrayLike) -> Representativity:
    """How evenly the cells answered, and the largest bias of a share that it allows.

    Parameters
    ----------
    answered, members : counts per cell, in the same order, answered at most members

    Notes
    -----
    With rho the part of its cell that answered, for each of N members: R = 1 - 2 S(rho), S the
    standard deviation with N - 1; largest bias of a share (1 - R)/(4 mean rho), as its standard
    deviation is at most 1/2. Schouten-Cobben-Bethlehem 2009. The more cells, the lower R by chance.

    Examples
    --------
    45 of 70 answered: 36 of 40 that were admitted, 9 of 30 that were not.

    >>> [round(number, 3) for number in representativity([36, 9], [40, 30])]
    [0.643, 0.402, 0.233]
    """
    a, n = np.asarray(answered, dtype=float), np.asarray(members, dtype=float)
    if a.shape != n.shape or not ((a >= 0) & (a <= n)).all() or not (n.sum() > 1 and a.sum() > 0):
        raise ContractError(
            "answers and members of cells",
            found=f"{a.size} and {n.size} cells, more answers than members, or no answer",
            expected="for each cell 0 <= answered <= members, two members and one answer in all",
            do="count respondents once, against the same cells as the population",
        )
    a, n = a[n > 0], n[n > 0]
    rate, everybody = math.fsum(a) / math.fsum(n), math.fsum(n)
    spread = math.sqrt(math.fsum(n * (a / n - rate) ** 2) / (everybody - 1))
    return Representativity(rate, 1 - 2 * spread, 2 * spread / (4 * rate))


def _cells(table: pd.DataFrame, by: Sequence[str]) -> list[Cell]:
    return list(table[list(by)].itertuples(index=False, name=None))


def _check(members: Counter[Cell], answers: Counter[Cell]) -> None:
    wrong = [cell for cell, count in answers.items() if count > members[cell]]
    if wrong:
        raise ContractError(
            "weights of a survey",
            found=f"{len(wrong)} cells with more respondents than the population has members there",
            expected="every respondent in a cell of the population, once",
            do="write groups and strata alike on both sheets, and count everybody as a member",
        )


def _raked(
    members: Counter[Cell], answers: Counter[Cell], cells: Sequence[Cell]
) -> dict[Cell, float]:
    """Weight of an answer of each cell; together they are the members of every column's values.

    Where the cells that answered cannot meet all columns at once, the last one is met.
    """
    target = np.array([members[cell] for cell in cells], dtype=float)
    answered = np.array([answers[cell] for cell in cells], dtype=float)
    totals = np.where(answered > 0, target, 0.0)
    places = [pd.factorize(np.array(column))[0] for column in zip(*cells, strict=True)]
    for _ in range(ROUNDS):
        before = totals
        for place in places:
            wanted, has = np.bincount(place, target), np.bincount(place, totals)
            totals = totals * np.divide(wanted, has, out=np.ones_like(has), where=has > 0)[place]
        if np.allclose(totals, before, rtol=NEAR, atol=0):
            break
    each = np.divide(totals, answered, out=np.zeros_like(totals), where=answered > 0)
    return dict(zip(cells, each.tolist(), strict=True))


def _trimmed(given: Numbers, trim: float) -> Numbers:
    cut = np.minimum(given, trim * float(np.median(given)))
    return cut * (math.fsum(given) / math.fsum(cut))
