"""Synthetic difference-in-differences: donors and periods before weighted, a shift allowed."""

import numpy as np
from numpy.typing import ArrayLike

from analysis.inference.effects.synthetic import UNIQUE, Comparison, noise, panel, simplex, weighted


def synthetic_did(outcome: ArrayLike, treated: int, before: int) -> Comparison:
    """Donors that moved in parallel before, and periods before that resemble those after.

    Parameters
    ----------
    outcome : (units, periods), every cell known
    treated : row of the treated unit
    before : number of periods before the change

    Notes
    -----
    Unit weights: min over the simplex and w_0 of the mean over t of (w_0 + sum_j w_j y_jt - y_1t)^2
    + zeta^2 |w|^2 with zeta = (T_post)^(1/4) sigma for one treated unit, sigma the standard
    deviation of the donors' changes before. Time weights: the donors' mean after on their periods
    before, with a constant and a ridge of 1e-6 sigma. Effect: the treated unit's mean after minus
    its weighted mean before, minus the same of the weighted donors. Arkhangelsky et al. 2021.
    """
    y = panel(outcome, treated, before)
    donors = np.delete(y, treated, axis=0)
    early, late = donors[:, :before], donors[:, before:].mean(axis=1)
    sigma = noise(early)
    zeta = (y.shape[1] - before) ** 0.25 * sigma
    own = y[treated, :before]
    weights = simplex((early - early.mean(axis=1)[:, None]).T, own - own.mean(), zeta)
    time_weights = simplex(early - early.mean(axis=0), late - late.mean(), UNIQUE * sigma)
    return weighted(y, treated, before, weights, time_weights)
