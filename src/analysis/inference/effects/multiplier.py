"""Multiplier bootstrap: a band that holds all events of a study at once."""

from typing import NamedTuple

import numpy as np
from scipy.stats import norm

from analysis.inference.effects.aggregate import Estimate, EventStudy
from analysis.inference.effects.panel import Numbers
from analysis.refusal import ContractError

_BY = 250  # draws held in memory at a time
_FIVE = np.sqrt(5.0)
# Mammen's two points, mean 0 and variance and third moment 1, and the chance of the first.
MAMMEN = ((1 - _FIVE) / 2, (1 + _FIVE) / 2)
MAMMEN_CHANCE = (_FIVE + 1) / (2 * _FIVE)
_QUARTERS = norm.ppf(0.75) - norm.ppf(0.25)


class Band(NamedTuple):
    """Simultaneous band; one entry per event.

    critical : how many standard errors the band reaches to each side, the same for all events
    low, high : the band; at a reference event, 0 by construction, both are that 0
    p : of "no effect at this event", adjusted for looking at all of them; never 0; not a number at
        a reference event
    se : standard errors by the draws' quartiles
    """

    critical: float
    low: Numbers
    high: Numbers
    p: Numbers
    se: Numbers


def band(
    study: EventStudy | Estimate, *, draws: int = 1999, seed: int, level: float = 0.95
) -> Band:
    """Band that contains the whole path of effects with the chance `level`.

    Parameters
    ----------
    study : an event study, or one estimate (then a bootstrap-t interval, one entry)
    draws : of Mammen's weights, one weight per unit and draw
    seed : of the draws; the order of the units does not matter

    Raises
    ------
    ContractError
        If no event varies, or an influence is not known.

    Notes
    -----
    Draw b: R_b = mean over units of v_i f_i, f the influence function, v Mammen's weights. Standard
    error of an event: (q.75 - q.25 of R)/(z.75 - z.25), robust to far draws. Critical value: the
    `level` quantile over draws of max over events of |R_b|/se (sup-t). p = (1 + #{max >= |t|})/
    (1 + draws). Callaway and Sant'Anna 2021, as in the package did. Clusters are the units.
    """
    estimate = np.atleast_1d(np.asarray(study.estimate, dtype=float))
    influence = np.asarray(study.influence, dtype=float).reshape(-1, len(estimate))
    moves = (influence != 0).any(axis=0)
    if not np.isfinite(influence).all() or not moves.any() or not 0 < level < 1 or draws < 1:
        raise ContractError(
            "multiplier bootstrap",
            found=f"{int(moves.sum())} events that vary, level {level}, {draws} draws",
            expected="influences that are known, an event that varies, a level within 0 and 1",
            do="leave out what could not be estimated",
        )
    spread = _spread(influence[:, moves], draws, seed)
    upper, lower = np.quantile(spread, [0.75, 0.25], axis=0, method="inverted_cdf")
    scale = (upper - lower) / _QUARTERS
    largest = np.abs(spread / scale).max(axis=1)
    critical = float(np.quantile(largest, level, method="inverted_cdf"))
    p, se = np.full(len(estimate), np.nan), np.zeros(len(estimate))
    se[moves] = scale
    t = np.abs(estimate[moves]) / scale
    p[moves] = (1 + (largest[:, None] >= t).sum(axis=0)) / (1 + draws)
    return Band(critical, estimate - critical * se, estimate + critical * se, p, se)


def _spread(influence: Numbers, draws: int, seed: int) -> Numbers:
    """(draws, events): the mean of weighted influences."""
    rows = influence[_order(influence)]
    random, parts = np.random.default_rng(seed), []
    for begin in range(0, draws, _BY):
        chance = random.random((min(_BY, draws - begin), len(rows)))
        parts.append(np.where(chance < MAMMEN_CHANCE, *MAMMEN) @ rows / len(rows))
    return np.concatenate(parts)


def _order(influence: Numbers) -> np.ndarray:
    """Units by their influences, so that it does not matter how they were given."""
    scale = np.abs(influence).max(axis=0)
    return np.lexsort(np.round(influence / scale, 9).T[::-1])
