"""Randomisation inference: what the estimate would be had others been admitted in those years.

The null is sharp: no unit's outcome would have been different. The p then needs no large numbers,
only that within a stratum any unit could have adopted when another did.
"""

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

import numpy as np

from analysis.inference.effects.many_adoptions import overall_drawn
from analysis.inference.effects.panel import Numbers, Panel, checked
from analysis.refusal import ContractError

# Two statistics that are equal on paper differ in their last digits.
ROUNDING = 1e-9


class Randomised(NamedTuple):
    """A statistic beside what it is under other adoptions.

    statistic : as it happened
    drawn : (draws,) under permuted adoption; if exact, all there are, the observed included
    p : share at least as far from 0, the one that happened counted: never 0
    p_greater : share at least as large
    exact : whether every permutation was gone through
    """

    statistic: float
    drawn: Numbers
    p: float
    p_greater: float
    exact: bool


class Both(NamedTuple):
    """The overall effect itself, and divided by its standard error."""

    raw: Randomised
    studentised: Randomised


def randomised(
    panel: Panel, statistic: Callable[[Panel], float], *, draws: int = 1999, seed: int
) -> Randomised:
    """The p of "it would all have been the same", any statistic that is around 0 then.

    Parameters
    ----------
    panel : `first` is permuted among the units of a stratum, or among all without strata
    statistic : of a panel; worked out once per draw
    draws : where there are no more different permutations than this, all are gone through
    seed : of the draws; the order of the units does not matter

    Raises
    ------
    ContractError
        If the statistic is not known as it happened, or every permutation is the same.

    Notes
    -----
    p = (1 + #{|T*| >= |T|})/(1 + draws), or #/all when all are gone through. A draw whose statistic
    is not known counts as far: it can only raise p. Methods 4.4.
    """
    panel = sorted_units(panel)
    first, exact = adoptions(panel, draws, seed)
    drawn = np.array([statistic(panel._replace(first=row)) for row in first])
    return _compared(statistic(panel), drawn, exact)


def randomised_overall(
    panel: Panel, *, events: Iterable[int], delta: int = 0, draws: int = 1999, seed: int
) -> Both:
    """The p of the overall effect and of its studentised value, no covariates, not-yet-treated.

    Parameters
    ----------
    events : years after adoption of which the effect is the plain mean
    delta : years of anticipation

    Notes
    -----
    The same numbers as `overall(by_event(group_time(...)), events)` per draw, for all draws at
    once. Report both p: the studentised one keeps its size where units differ in spread.
    """
    panel = sorted_units(panel)
    wanted = sorted(set(events))
    first, exact = adoptions(panel, draws, seed)
    estimate, se = overall_drawn(panel, first, events=wanted, delta=delta)
    seen, seen_se = overall_drawn(panel, panel.first[None, :], events=wanted, delta=delta)
    return Both(
        _compared(float(seen[0]), estimate, exact),
        _compared(float(_ratio(seen, seen_se)[0]), _ratio(estimate, se), exact),
    )


def adoptions(panel: Panel, draws: int, seed: int) -> tuple[Numbers, bool]:
    """(adoptions, units) permuted within strata; all different ones, and True, if few enough."""
    cells = _strata(panel)
    different = math.prod(_arrangements(panel.first[cell]) for cell in cells)
    if different == 1:
        raise ContractError(
            "randomisation inference",
            found="units of a stratum that all adopted at once, or never",
            expected="a stratum whose units differ in when they adopted",
            do="use wider strata",
        )
    if different <= draws:
        return _every(panel.first, cells, different), True
    random, first = np.random.default_rng(seed), np.tile(panel.first, (draws, 1))
    for cell in cells:
        first[:, cell] = random.permuted(first[:, cell], axis=1)
    return first, False


def sorted_units(panel: Panel) -> Panel:
    """The same panel with units in the order of what is known of them."""
    panel = checked(panel)
    keys = [panel.first, *panel.outcome.T]
    keys += [] if panel.covariates is None else [*panel.covariates.T]
    keys += [] if panel.strata is None else [panel.strata]
    return units_of(panel, np.lexsort(keys))


def units_of(panel: Panel, which: np.ndarray) -> Panel:
    """The panel of some of its units, or of all in another order."""
    return panel._replace(
        outcome=panel.outcome[which],
        first=panel.first[which],
        covariates=None if panel.covariates is None else panel.covariates[which],
        strata=None if panel.strata is None else panel.strata[which],
    )


def _compared(statistic: float, drawn: Numbers, exact: bool) -> Randomised:
    if math.isnan(statistic):
        raise ContractError(
            "randomisation inference",
            found="a statistic that is not known as it happened",
            expected="an estimate for the panel as it is",
            do="ask for events within the panel",
        )
    finite = np.abs(drawn[np.isfinite(drawn)])
    usual = float(np.median(finite)) if finite.size else 0.0
    slack = ROUNDING * max(usual, abs(statistic) if math.isfinite(statistic) else 0.0)
    far = int((~(np.abs(drawn) < abs(statistic) - slack)).sum())
    larger = int((~(drawn < statistic - slack)).sum())
    own, of = (0, len(drawn)) if exact else (1, 1 + len(drawn))
    return Randomised(statistic, drawn, (own + far) / of, (own + larger) / of, exact)


def _ratio(estimate: Numbers, se: Numbers) -> Numbers:
    """Estimate over standard error; 0 where it is 0, however little it varies."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.where(estimate == 0, 0.0, estimate / se)


def _strata(panel: Panel) -> list[np.ndarray]:
    if panel.strata is None:
        return [np.arange(len(panel.first))]
    return [np.flatnonzero(panel.strata == label) for label in np.unique(panel.strata)]


def _arrangements(first: Numbers) -> int:
    """Different orders of the labels: n!/prod n_g!."""
    counts = np.unique(first, return_counts=True)[1].tolist()
    return math.factorial(len(first)) // math.prod(math.factorial(n) for n in counts)


def _every(first: Numbers, cells: list[np.ndarray], different: int) -> Numbers:
    every = np.tile(first, (different, 1))
    orders = itertools.product(*(list(_orders(first[cell])) for cell in cells))
    for row, order in zip(every, orders, strict=True):
        for cell, labels in zip(cells, order, strict=True):
            row[cell] = labels
    return every


def _orders(labels: Numbers) -> Iterator[Numbers]:
    """Every different order of labels of which some are equal."""
    if not len(labels):
        yield labels
        return
    here = labels == labels[0]
    for places in itertools.combinations(range(len(labels)), int(here.sum())):
        mine = np.zeros(len(labels), dtype=bool)
        mine[list(places)] = True
        for others in _orders(labels[~here]):
            order = np.full(len(labels), labels[0])
            order[~mine] = others
            yield order
