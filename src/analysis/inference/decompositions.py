"""Why a share changed: within and mix, entry and exit, and several factors at once."""

from collections.abc import Callable, Mapping
from itertools import permutations
from math import factorial
from typing import NamedTuple, TypeVar

import pandas as pd

from analysis.refusal import ContractError

MOST_FACTORS = 4
Value = TypeVar("Value")


class WithinMix(NamedTuple):
    """A change from other rates in the cells, and from another mix of cells."""

    within: float
    mix: float


class EntryExit(NamedTuple):
    """A change from buyers that stayed (three parts), came, and left."""

    within: float
    between: float
    cross: float
    entry: float
    exit: float


def kitagawa(cells: pd.DataFrame) -> WithinMix:
    """Split the change of a share into rates within cells and the mix of cells.

    Parameters
    ----------
    cells : one row per cell; `weight_before`, `rate_before`, `weight_after`, `rate_after`. Weights
        add up to 1 in each year. The rate may be missing where the weight is 0.

    Notes
    -----
    within = sum (w_0 + w_1)/2 (r_1 - r_0), mix = sum (r_0 + r_1)/2 (w_1 - w_0). Kitagawa 1955.
    A cell without awards in one year takes the rate of the other, so that all of it is mix.
    """
    c = _checked(cells)
    before = c["rate_before"].mask(c["weight_before"] == 0, c["rate_after"])
    after = c["rate_after"].mask(c["weight_after"] == 0, c["rate_before"])
    within = (c["weight_before"] + c["weight_after"]) / 2 * (after - before)
    mix = (before + after) / 2 * (c["weight_after"] - c["weight_before"])
    return WithinMix(float(within.sum()), float(mix.sum()))


def entry_exit(buyers: pd.DataFrame) -> EntryExit:
    """Split the change of a share over buyers that stay, come and leave.

    Parameters
    ----------
    buyers : one row per buyer, columns as in `kitagawa`; weight 0 in a year without awards

    Notes
    -----
    sum_C s_0 dp + sum_C (p_0 - P_0) ds + sum_C ds dp + sum_N s_1 (p_1 - P_0)
    - sum_X s_0 (p_0 - P_0). Foster-Haltiwanger-Krizan 2001. After a change of the duty to publish,
    entry is coverage and not behaviour.
    """
    b = _checked(buyers)
    whole = (b["weight_before"] * b["rate_before"]).sum()
    came, left = b[b["weight_before"] == 0], b[b["weight_after"] == 0]
    stayed = b[(b["weight_before"] > 0) & (b["weight_after"] > 0)]
    weights = stayed["weight_after"] - stayed["weight_before"]
    rates = stayed["rate_after"] - stayed["rate_before"]
    return EntryExit(
        within=float((stayed["weight_before"] * rates).sum()),
        between=float(((stayed["rate_before"] - whole) * weights).sum()),
        cross=float((weights * rates).sum()),
        entry=float((came["weight_after"] * (came["rate_after"] - whole)).sum()),
        exit=-float((left["weight_before"] * (left["rate_before"] - whole)).sum()),
    )


def shapley(
    before: Mapping[str, Value],
    after: Mapping[str, Value],
    *,
    figure: Callable[[Mapping[str, Value]], float],
) -> dict[str, float]:
    """Split a change over factors: the mean effect of each over all orders of changing them.

    Parameters
    ----------
    before, after : value of each factor; the same names, at most four
    figure : the figure that follows from the factors

    Returns
    -------
    Effect of each factor; together figure(after) - figure(before). Shorrocks 2013.
    """
    if before.keys() != after.keys() or len(before) > MOST_FACTORS:
        raise ContractError(
            "a decomposition over factors",
            found=f"{sorted(before)} before, {sorted(after)} after",
            expected=f"the same names, at most {MOST_FACTORS}",
            do="join factors, or give the missing one in both years",
        )
    names = sorted(before)
    effects = dict.fromkeys(names, 0.0)
    for order in permutations(names):
        state = dict(before)
        for name in order:
            old = figure(state)
            state[name] = after[name]
            effects[name] += (figure(state) - old) / factorial(len(names))
    return effects


def _checked(cells: pd.DataFrame) -> pd.DataFrame:
    """Numbers; only where the weight is 0 may a rate be missing, and sums pass over it."""
    c = cells[["weight_before", "rate_before", "weight_after", "rate_after"]].astype(float)
    for year in ("before", "after"):
        weight, rate = c[f"weight_{year}"], c[f"rate_{year}"]
        sound = (weight >= 0).all() and abs(weight.sum() - 1) < 1e-9
        if not sound or rate[weight > 0].isna().any():
            raise ContractError(
                f"a decomposition, weights and rates {year}",
                found=f"weights that sum to {weight.sum()}, {int(rate.isna().sum())} rates missing",
                expected="weights from 0 that sum to 1, and a rate wherever there is weight",
                do="divide by the total of the year, over cells whose answer is known",
            )
    return c
