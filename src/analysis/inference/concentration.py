"""How few suppliers get how much of a market."""

from typing import NamedTuple

import numpy as np
from numpy.typing import ArrayLike

from analysis.refusal import ContractError


class Concentration(NamedTuple):
    """Concentration of a market; `normalised` is missing where there is one supplier."""

    hhi: float
    normalised: float | None
    c4: float
    effective: float
    suppliers: int


def concentration(amounts: ArrayLike) -> Concentration:
    """Concentration of what suppliers, companies of one group taken together, received.

    Parameters
    ----------
    amounts : euros (or any one unit) per supplier; those with 0 are no suppliers

    Notes
    -----
    With shares s of N suppliers: HHI = sum s^2, normalised (HHI - 1/N)/(1 - 1/N), C4 the sum of
    the four largest s, effective number 1/HHI.
    """
    v = np.asarray(amounts, dtype=float)
    if not (np.isfinite(v) & (v >= 0)).all() or not v.sum() > 0:
        raise ContractError(
            "amounts per supplier",
            found="an amount that is missing or below 0, or no amount at all",
            expected="amounts from 0, one at least above 0",
            do="leave out awards whose value or winner is not known, and say how many",
        )
    s = np.sort(v[v > 0])[::-1]
    s = s / s.sum()
    hhi, count = float((s**2).sum()), len(s)
    normalised = (hhi - 1 / count) / (1 - 1 / count) if count > 1 else None
    return Concentration(hhi, normalised, float(s[:4].sum()), 1 / hhi, count)
