"""How many themes a portfolio truly spans, and whether its mix of themes changed."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike, NDArray

from analysis.refusal import ContractError

DRAWS = 1999
SEED = 20160101


class Diversity(NamedTuple):
    """Effective number of themes: as many equally large themes would be as diverse.

    shannon : weighs themes by their share
    simpson : weighs large themes more, so it is the smaller of the two
    hhi_corrected : chance that two different projects share a theme; missing below two projects
    simpson_corrected : one over that chance; missing also where no two projects share a theme
    """

    shannon: float
    simpson: float
    hhi_corrected: float | None
    simpson_corrected: float | None


def effective_number(counts: ArrayLike) -> Diversity:
    """Effective number of themes of a portfolio, as it is and corrected for few projects.

    Parameters
    ----------
    counts : projects per theme, whole numbers from 0; those whose theme is not known left out

    Notes
    -----
    OD1-4: with shares s of n projects, D1 = exp(-sum s ln s), D2 = 1/sum s^2; Hill 1973.
    HHI* = (n sum s^2 - 1)/(n - 1) = sum c(c - 1)/(n(n - 1)), D2* = 1/HHI*: unbiased for HHI
    (Simpson 1949), while D1 and D2 of few projects are too low. Of buyer types (OD1-7) likewise.

    Examples
    --------
    Ten projects over three themes: sum s^2 = .38, HHI* = 2.8/9.

    >>> [round(number, 4) for number in effective_number([5, 3, 2])]
    [2.8001, 2.6316, 0.3111, 3.2143]
    """
    c = np.sort(_counts(counts, counts)[0])[::-1]
    c = c[c > 0]
    n = float(c.sum())
    s = c / n
    shared = float((c * (c - 1)).sum())
    return Diversity(
        shannon=math.exp(-math.fsum(s * np.log(s))),
        simpson=n**2 / float((c**2).sum()),
        hhi_corrected=shared / (n * (n - 1)) if n > 1 else None,
        simpson_corrected=n * (n - 1) / shared if shared else None,
    )


def same_mix_p(old: ArrayLike, new: ArrayLike, draws: int = DRAWS, seed: int = SEED) -> float:
    """Chance of a change of mix at least this large if both periods drew from one mix.

    Parameters
    ----------
    old, new : projects per theme (or buyer type) in two periods, the same themes in the same order
    draws : of the permutation test
    seed : of the draws; the same counts give the same p in any order of the themes

    Notes
    -----
    Permutation test: all projects of both periods are dealt over the periods anew, so many to each
    as there were; p = (1 + draws with a chi-square at least as large)/(1 + draws), Phipson-Smyth
    2010. It needs no large cells, as the chi-square table does.

    Examples
    --------
    All of one theme before, all of another after: 2 of the 252 ways to deal are this extreme.

    >>> round(same_mix_p([5, 0], [0, 5]), 2)
    0.01
    >>> same_mix_p([4, 2], [4, 2])
    1.0
    """
    before, after = _counts(old, new)
    order = np.lexsort((after, before))
    before, after = before[order], after[order]
    both = before + after
    before, after, both = (column[both > 0] for column in (before, after, both))
    dealt = np.random.default_rng(seed).multivariate_hypergeometric(
        both.astype(np.int64), int(after.sum()), size=draws, method="marginals"
    )
    # Chi-square falls and rises with this, as both margins are fixed.
    expected = both * after.sum() / both.sum()
    seen = ((after - expected) ** 2 / both).sum()
    drawn = ((dealt - expected) ** 2 / both).sum(axis=1)
    return (1 + int((drawn >= seen - 1e-9).sum())) / (1 + draws)


def _counts(*columns: ArrayLike) -> list[NDArray[np.float64]]:
    """The counts as numbers; refused unless whole, from 0, alike in shape and with some above 0."""
    arrays = [np.asarray(column, dtype=float) for column in columns]
    whole = all((np.isfinite(c) & (c >= 0) & (c == np.floor(c))).all() for c in arrays)
    if not whole or len({c.shape for c in arrays}) > 1 or not all(c.sum() > 0 for c in arrays):
        raise ContractError(
            "projects per theme",
            found="a count that is missing, broken or below 0, other themes, or no project at all",
            expected="whole numbers from 0 for the same themes, at least one project in all",
            do="leave out projects whose theme is not known, and say how many",
        )
    return arrays
