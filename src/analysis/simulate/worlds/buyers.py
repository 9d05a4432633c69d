"""Invented buyers that several worlds share: how many awards each gives, and to whom it leans."""

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.float64]
Counts = NDArray[np.int64]

BUYERS = 300
AWARDS = 20  # a buyer and year, on average
DISPERSION = 2.0  # of the negative binomial: variance mean + mean^2/2


def awards(random: np.random.Generator, shape: tuple[int, ...], *, mean: float = AWARDS) -> Counts:
    """Awards per cell, negative binomial with the mean given and dispersion 2."""
    return random.negative_binomial(DISPERSION, DISPERSION / (DISPERSION + mean), shape)


def leaning(
    random: np.random.Generator, share: float, icc: float, *, buyers: int = BUYERS
) -> Numbers:
    """Chance with which each buyer picks a start-up; it stays with the buyer.

    Notes
    -----
    Beta with mean `share` and a + b = 1/icc - 1: two awards of one buyer correlate by `icc`.
    """
    sum_ab = 1 / icc - 1
    return random.beta(share * sum_ab, (1 - share) * sum_ab, buyers)
