"""Chapter 20: do start-ups get access to public contracts? Every row of it."""

from collections.abc import Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.cells import AccessCells
from analysis.indicators import (
    access_bids,
    access_change,
    access_doubts,
    access_ladder,
    access_marked,
    access_market,
    access_multiverse,
    access_sampling,
    access_shares,
    access_winners,
    completeness,
)
from analysis.results import number


def access(
    cells: AccessCells,
    *,
    kind: str,
    inputs: str,
    population: pd.DataFrame | None = None,
) -> list[tuple]:
    """Rows of RESULTS for chapter 20.

    Parameters
    ----------
    cells : as `cells.access_cells` gives them
    kind, inputs : what the cells rest on, as in RESULTS
    population : keeps POPULATION, for the representation ratio; without it there is none

    Returns
    -------
    list of rows. All definitions are told for `flemish-public` and `belgium`, the headline ones in
    every perimeter. No awarded lot gives no rows.
    """
    if cells.lots.empty:
        return []
    row = partial(number, chapter="20", kind=kind, inputs=inputs)
    themes = (
        access_winners,
        access_shares,
        access_sampling,
        access_doubts,
        access_ladder,
        access_change,
        access_multiverse,
        access_marked,
        access_bids,
        completeness,
    )
    rows = [one for theme in themes for one in theme.rows(cells, row)]
    rows += access_market.rows(cells, row, population)
    never = never_yes(cells)
    return [_without_guess(row, never) for row in rows]


def told(cells: AccessCells, population: pd.DataFrame, rests_on: Mapping[str, str]) -> list[tuple]:
    """The same as plain tuples, which travel between processes."""
    kind, inputs = rests_on["kind"], rests_on["inputs"]
    return [tuple(row) for row in access(cells, kind=kind, inputs=inputs, population=population)]


def never_yes(cells: AccessCells) -> frozenset[str]:
    """Definitions that no winner is known to answer to, while of some it is unknown.

    What only excludes (a group above the limits, say) can be known where what it takes cannot: then
    all that is known is "no", and 0 % of the known would be an artefact.
    """
    sums = cells.cells.astype({"yes": float, "unknown": float})
    sums = sums.groupby("definition")[["yes", "unknown"]].sum()
    return frozenset(sums.index[(sums["yes"] == 0) & (sums["unknown"] > 0)])


def _without_guess(row: Any, never: frozenset[str]) -> tuple:
    """The row without its value where that would be such a 0; bounds stay, sampling cannot."""
    if row.definition not in never or row.interval == "none":
        return row
    if row.interval == "sampling":
        return row._replace(value=None, low=None, high=None, interval="none")
    return row._replace(value=None)
