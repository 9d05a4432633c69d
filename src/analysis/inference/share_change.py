"""Whether a share of awards differs between two years, with the same buyers as clusters."""

import math
from statistics import NormalDist
from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.refusal import ContractError


class ShareChange(NamedTuple):
    """A difference of two shares, its standard error, and the two-sided p value of none."""

    change: float
    se: float
    p: float


def share_change(
    yes_before: ArrayLike, known_before: ArrayLike, yes_after: ArrayLike, known_after: ArrayLike
) -> ShareChange:
    """Difference of the shares of two years, clustered by buyer.

    Parameters
    ----------
    yes_before, known_before, yes_after, known_after : awards (or weights of awards) per buyer, in
        the same order; 0 in a year without awards

    Returns
    -------
    ShareChange; se and p are not a number where all that is known lies with one buyer.

    Notes
    -----
    d = r_1 - r_0 with r_t = sum A_t/sum B_t; e_j = (A_j1 - r_1 B_j1)/mean B_1 - (A_j0 - r_0 B_j0)/
    mean B_0; se = sqrt(sum e_j^2/(J(J - 1))), J the buyers with awards in either year; z = d/se.
    Särndal et al. 1992, of a difference of two ratios of one sample (methods 2.7).
    """
    rows = np.array([yes_before, known_before, yes_after, known_after], dtype=float)
    a0, b0, a1, b1 = rows
    inside = (rows >= 0).all() and (a0 <= b0).all() and (a1 <= b1).all()
    if not inside or not (b0.sum() > 0 and b1.sum() > 0):
        raise ContractError(
            "awards of start-ups beside those of all, in two years",
            found="a part outside its whole, or a year without awards",
            expected="for each buyer 0 <= part <= whole, and an award in both years",
            do="take both from the same rows, and only those whose answer is known",
        )
    there = b0 + b1 > 0
    count = int(there.sum())
    r0, r1 = math.fsum(a0) / math.fsum(b0), math.fsum(a1) / math.fsum(b1)
    residuals = (a1 - r1 * b1) / math.fsum(b1) - (a0 - r0 * b0) / math.fsum(b0)
    if count < 2:
        return ShareChange(r1 - r0, math.nan, math.nan)
    se = math.sqrt(math.fsum(residuals**2) * count / (count - 1))
    if not se:
        return ShareChange(r1 - r0, 0.0, 1.0 if r1 == r0 else 0.0)
    return ShareChange(r1 - r0, se, 2 * NormalDist().cdf(-abs(r1 - r0) / se))
