"""What a survey of everybody says when some did not answer, and when it may say it.

Everybody of a group is asked (a census), so that chance shrinks as the part that answered grows;
what remains is who did not answer, and that no interval knows of: the bounds do.
"""

import math
from collections.abc import Collection, Iterable, Sequence
from typing import Literal, NamedTuple

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from analysis.inference.bounds import Bounds, Tally, no_assumption
from analysis.inference.intervals import Interval, share_interval, wilson
from analysis.inference.survey_weights import (
    Representativity,
    kish,
    representativity,
    weights,
)
from analysis.refusal import ContractError

__all__ = [
    "Representativity",
    "TopBox",
    "census_error",
    "kish",
    "nonresponse_bounds",
    "publishable",
    "representativity",
    "top_box",
    "weights",
    "wilson_census",
]

FEWEST, FEWEST_FOR_SHARES, FEWEST_IN_CELL = 10, 20, 5
AGREE = ("4", "5")
DONT_KNOW, NOT_APPLICABLE = "dont-know", "not-applicable"


class TopBox(NamedTuple):
    """Share that agrees, with what chance (interval) and silence (bounds) leave open.

    share : among those with an opinion, weighted where weights were given; missing without any
    interval : Wilson with the finite population; missing as `share`
    bounds : of the share among all members to whom the question applies
    agree, opinions : unweighted counts
    dont_know, not_applicable, empty : respondents outside the base, counted
    """

    share: float | None
    interval: Interval | None
    bounds: Bounds
    agree: int
    opinions: int
    dont_know: int
    not_applicable: int
    empty: int


def census_error(p: float, answered: int, members: int) -> float:
    """Standard error of a share when so many of all members answered.

    Parameters
    ----------
    p : share among those who answered
    answered, members : counts; all who answered are members

    Returns
    -------
    0 where all answered; not a number for one answer of more members.

    Notes
    -----
    sqrt(p(1 - p)/(n - 1) (1 - n/N)). Cochran 1977. As if who answered were a random part.

    Examples
    --------
    >>> round(census_error(0.8, 45, 70), 4)
    0.036
    """
    _within(answered, members)
    if answered == members:
        return 0.0
    if answered == 1:
        return math.nan
    return math.sqrt(p * (1 - p) / (answered - 1) * (1 - answered / members))


def wilson_census(
    yes: float, answered: float, members: float, *, effect: float = 1, alpha: float = 0.05
) -> Interval:
    """Wilson interval of a share among all members of whom some answered.

    Parameters
    ----------
    yes, answered, members : yes <= answered <= members
    effect : design effect of weights and of colleagues who answer alike, see `kish`

    Notes
    -----
    The variance p(1 - p)/n (N - n)/(N - 1) of a share of n out of N is that of
    n (N - 1)/(N - n) independent answers: Wilson with that number, over `effect`. When all answered
    nothing is left to chance.

    Examples
    --------
    36 of 45 of 70 as if they were 124.2 independent answers.

    >>> [round(limit, 3) for limit in wilson_census(36, 45, 70)]
    [0.721, 0.861]
    """
    _within(answered, members)
    p = yes / answered
    if not 0 <= p <= 1 or effect < 1:
        raise ContractError(
            "an interval of a survey",
            found=f"{yes} yes of {answered}, design effect {effect}",
            expected="no more yes than answers, and a design effect of at least 1",
            do="count both over the same respondents",
        )
    if answered == members:
        return Interval(p, p)
    worth = answered * (members - 1) / (members - answered) / effect
    return wilson(p * worth, worth, alpha=alpha)


def nonresponse_bounds(yes: float, answered: float, members: float) -> Bounds:
    """Bounds on the share among all members when nothing is assumed of who did not answer.

    Notes
    -----
    [yes/N, (yes + N - answered)/N]. Manski 1989.

    Examples
    --------
    >>> [round(100 * end, 1) for end in nonresponse_bounds(36, 45, 70)]
    [51.4, 87.1]
    """
    return no_assumption(Tally(yes=yes, no=answered - yes, unknown=members - answered))


def top_box(
    answers: Iterable[object],
    members: int,
    *,
    weights: ArrayLike | None = None,
    organisations: Iterable[object] | None = None,
    agree: Collection[str] = AGREE,
) -> TopBox:
    """Share that gave one of the answers `agree`, by default the two highest of five.

    Parameters
    ----------
    answers : one per respondent: a step of the scale, `dont-know`, `not-applicable` or missing
    members : of the group, whether they answered or not
    weights : one per respondent, see `weights`
    organisations : of each respondent, missing where not known; colleagues count as one cluster
    agree : the answers that count as yes

    Notes
    -----
    The base is those with an opinion; don't know, not applicable and empty are counted apart. In
    the bounds the first and the last are unknown and who does not apply is no member. Interval:
    Wilson with finite population and the larger of two design effects, that of weights (Kish) and
    that of clusters (linearised variance over p(1 - p)/n, `intervals.share_interval`).

    Examples
    --------
    >>> found = top_box(["5"] * 30 + ["4"] * 6 + ["2"] * 9, 70)
    >>> found.share, found.agree, found.opinions
    (0.8, 36, 45)
    """
    given = pd.Series(list(answers), dtype=object)
    known = given.notna() & ~given.isin([DONT_KNOW, NOT_APPLICABLE])
    yes = known & given.isin(list(agree))
    n, agreed, outside = int(known.sum()), int(yes.sum()), int((given == NOT_APPLICABLE).sum())
    _within(max(len(given), 1), members)
    counts = (int((given == DONT_KNOW).sum()), outside, int(given.isna().sum()))
    applies = members - outside
    bounds = nonresponse_bounds(agreed, n, applies) if applies else Bounds(0.0, 1.0)
    if not n:
        return TopBox(None, None, bounds, 0, 0, *counts)
    w = np.ones(len(given)) if weights is None else np.asarray(weights, dtype=float)
    w, said = w[known.to_numpy()], np.asarray(yes[known], dtype=np.float64)
    share = math.fsum(w * said) / math.fsum(w)
    effect = kish(w)
    if organisations is not None:
        of = pd.Series(list(organisations), dtype=object)[known]
        effect = max(effect, _cluster_effect(said, w, of))
    interval = wilson_census(share * n, n, applies, effect=effect)
    return TopBox(share, interval, bounds, agreed, n, *counts)


def publishable(n: int, cells: Sequence[int] = ()) -> Literal["nothing", "counts", "shares"]:
    """What may be published of a question without showing what one respondent said.

    Parameters
    ----------
    n : respondents of the group
    cells : respondents per answer that would be printed; an answer that nobody gave is no cell

    Returns
    -------
    `nothing` below 10 respondents or with a cell of fewer than 5 (join answers and ask again),
    `counts` below 20, `shares` from 20.

    Examples
    --------
    >>> publishable(9), publishable(19, [10, 9]), publishable(45, [36, 9]), publishable(45, [41, 4])
    ('nothing', 'counts', 'shares', 'nothing')
    """
    if n < FEWEST or any(0 < cell < FEWEST_IN_CELL for cell in cells):
        return "nothing"
    return "counts" if n < FEWEST_FOR_SHARES else "shares"


def _cluster_effect(said: NDArray[np.float64], w: NDArray[np.float64], of: pd.Series) -> float:
    """How many answers are worth one, as colleagues answer alike; the unknown have none.

    Where clusters cannot show how alike they are (one, or all say the same) they are fully so.
    """
    n = len(said)
    alone = pd.Series([f"alone-{place}" for place in range(n)], index=of.index, dtype=object)
    labels = of.astype(object).where(of.notna(), alone).to_numpy()
    clusters = len(set(labels))
    if clusters in (1, n) or not 0 < said.sum() < n:
        return n / clusters
    scaled = w * (n / math.fsum(w))
    known = pd.Series(scaled).groupby(labels).sum()
    yes = pd.Series(scaled * said).groupby(labels).sum()
    return n / share_interval(yes, known).n_effective


def _within(answered: float, members: float) -> None:
    if not 0 < answered <= members < math.inf:
        raise ContractError(
            "answers to a survey",
            found=f"{answered} answers of {members} members",
            expected="at least one answer, and no more than there are members",
            do="count everybody in the sheet of populations, and each respondent once",
        )
