"""Whether two people who code the same thing find the same, beyond what chance would give."""

import math
from collections.abc import Sequence
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from statsmodels.stats.inter_rater import cohens_kappa

from analysis.refusal import ContractError

Level = Literal["nominal", "ordinal", "interval"]
Numbers = NDArray[np.float64]


def kappa(a: Sequence[object], b: Sequence[object]) -> float | None:
    """Agreement of two coders beyond chance; items that one of them did not code are left out.

    Parameters
    ----------
    a, b : code of each item, in the same order; missing where not coded

    Returns
    -------
    1 full agreement, 0 as chance, below 0 less; not known where nothing was coded twice, or where
    both gave all items one and the same code.

    Notes
    -----
    (p_o - p_e)/(1 - p_e), p_e from the coders' own margins. Cohen 1960. With a rare code a small
    kappa can go with few disagreements: print the table of both coders beside it.

    Examples
    --------
    Of 50 items both say yes to 20 and no to 15, and differ on 5 and 10: (.7 - .5)/(1 - .5).

    >>> a = ["yes"] * 25 + ["no"] * 25
    >>> b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    >>> round(kappa(a, b), 3)
    0.4
    """
    if len(a) != len(b):
        raise _refused(f"{len(a)} codes of one coder, {len(b)} of the other")
    both = pd.DataFrame({"a": list(a), "b": list(b)}, dtype=object).dropna()
    place = {code: at for at, code in enumerate(pd.unique(both.to_numpy().ravel()))}
    if len(place) < 2:
        return None
    table = np.zeros((len(place), len(place)))
    for x, y in both.itertuples(index=False):
        table[place[x], place[y]] += 1
    return float(cohens_kappa(table, return_results=False))


def krippendorff(ratings: pd.DataFrame, level: Level) -> float | None:
    """Agreement of any number of raters beyond chance, where some did not rate all.

    Parameters
    ----------
    ratings : one row per rated unit, one column per rater; missing where not rated
    level : `nominal` (codes), `ordinal` (ranks such as novelty 0 to 3) or `interval` (numbers)

    Returns
    -------
    1 full agreement, 0 as chance, below 0 less; not known where no unit was rated twice, or where
    all such ratings are the same.

    Notes
    -----
    alpha = 1 - D_o/D_e over pairs of ratings within a unit and over all pairs, with the squared
    distance of the level. Krippendorff 2004, chapter 11. At least .667 for tentative conclusions,
    .800 for firm ones.

    Examples
    --------
    Two raters, (0, 0), (1, 1) and (0, 1): D_o = 1/3 of pairs, D_e = 9/15.

    >>> round(krippendorff(pd.DataFrame([[0, 0], [1, 1], [0, 1]]), "nominal"), 4)
    0.4444
    """
    if level not in ("nominal", "ordinal", "interval"):
        raise _refused(f"the level {level}")
    rated = ratings[ratings.notna().sum(axis=1) > 1].astype(object)
    rated = rated.where(rated.notna(), np.nan)
    if level != "nominal":
        rated = rated.astype(float)
    values = sorted(
        rated.melt()["value"].dropna().unique(), key=str if level == "nominal" else None
    )
    if len(values) < 2:
        return None
    counts = np.column_stack([(rated == value).sum(axis=1) for value in values]).astype(float)
    return _alpha(counts, _distance(values, counts.sum(axis=0), level))


def _alpha(counts: Numbers, distance: Numbers) -> float:
    of_unit, of_value = counts.sum(axis=1), counts.sum(axis=0)
    # Pairs within a unit; a rating is no pair with itself, but its distance to itself is 0.
    within = np.einsum("uv,vw,uw->u", counts, distance, counts) / (of_unit - 1)
    between = np.einsum("v,vw,w->", of_value, distance, of_value) / (of_value.sum() - 1)
    return 1 - math.fsum(within) / float(between)


def _distance(values: list, totals: Numbers, level: Level) -> Numbers:
    """Squared distance of every two values."""
    if level == "nominal":
        return 1 - np.eye(len(values))
    # Ordinal: how many ratings lie between, and half of those at the ends.
    ranks = np.cumsum(totals) - totals / 2
    at = np.asarray(values, dtype=float) if level == "interval" else ranks
    return (at[:, None] - at[None, :]) ** 2


def _refused(found: str) -> ContractError:
    return ContractError(
        "agreement of coders",
        found=found,
        expected="the same items for each coder; level nominal, ordinal or interval",
        do="join both codings on the item, with missing where one did not code it",
    )
