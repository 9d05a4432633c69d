"""Chapter 20: do start-ups get access to public contracts? Every row of it."""

from collections.abc import Collection
from functools import partial

import pandas as pd

from analysis import disclosure
from analysis.cells import AccessCells
from analysis.indicators import (
    access_bids,
    access_change,
    access_ladder,
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
    linked: Collection[str] = (),
) -> list[tuple]:
    """Rows of RESULTS for chapter 20.

    Parameters
    ----------
    cells : as `cells.access_cells` gives them
    kind, inputs : what the cells rest on, as in RESULTS
    population : keeps POPULATION, for the representation ratio; without it there is none
    linked : ids of the definitions that used sizes which are no public record; `disclosure` guards
        their figures

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
        access_ladder,
        access_change,
        access_multiverse,
        access_bids,
        completeness,
    )
    rows = [one for theme in themes for one in theme.rows(cells, row)]
    rows += access_market.rows(cells, row, population)
    return disclosure.guarded(rows, cells.companies, linked)
