"""Methods 9.5: jumps at a cut-off."""

from functools import cache, partial
from typing import Any

import causaldata
import numpy as np
from rdrobust.datasets import rdrobust_RDsenate

from analysis.inference.effects.adjustment import Compared, compare
from analysis.inference.effects.bandwidths import Bandwidths, optimal
from analysis.inference.effects.discontinuity import Discontinuity, discontinuity


@cache
def senate(kernel: str = "triangular") -> Discontinuity:
    """Vote two years on by the margin of victory now."""
    rows = rdrobust_RDsenate()
    return discontinuity(rows["margin"], rows["vote"], kernel=kernel)


def senate_adjusted() -> Bandwidths:
    """Bandwidths with three covariates and the noise of the local polynomial."""
    rows = rdrobust_RDsenate()
    before = rows[["population", "termshouse", "termssenate"]]
    return optimal(rows["margin"], rows["vote"], covariates=before, noise="hc1")


@cache
def transfers() -> Compared:
    """Support for the government by transfers, given two lines of income around the cut-off."""
    rows = causaldata.gov_transfers.load_pandas().data
    income = rows["Income_Centered"]
    lines = np.column_stack([income, income * rows["Participation"]])
    return compare(rows["Support"], rows["Participation"], lines)


def _of(fit: Any, *fields: str) -> tuple[float, ...]:
    found = fit()
    return tuple(float(getattr(found, field)) for field in fields)


VALIDATED = {
    "9.5 Senate, conventional and its error": (
        (7.414131, 1.458716),
        6,
        partial(_of, senate, "estimate", "se"),
    ),
    "9.5 Senate, bias-corrected and robust error": (
        (7.506502, 1.741258),
        6,
        partial(_of, senate, "corrected", "robust_se"),
    ),
    "9.5 Senate, robust interval": (
        (4.093699, 10.919306),
        6,
        partial(_of, senate, "low", "high"),
    ),
    "9.5 Senate, bandwidths h and b": (
        (17.754398, 28.028089),
        1e-6,
        partial(_of, senate, "h", "b"),
    ),
    "9.5 Senate, bandwidths h and b with three covariates, HC1": (
        (17.976890, 28.963712),
        5e-6,
        partial(_of, senate_adjusted, "h", "b"),
    ),
    "9.5 Senate, number within h on each side": (
        (360, 323),
        0,
        partial(_of, senate, "left", "right"),
    ),
    "9.5 Senate, uniform kernel": (
        7.202475,
        6,
        partial(_of, partial(senate, "uniform"), "estimate"),
    ),
    "9.5 Government transfers, two lines": (
        (0.099852, 0.029549),
        6,
        partial(_of, transfers, "estimate", "se"),
    ),
}
