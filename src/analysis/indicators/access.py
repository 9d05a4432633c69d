"""Chapter 20: do start-ups get access to public contracts? Every row of it."""

from collections.abc import Callable, Iterable, Mapping
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
    rests_on = {"kind": kind, "inputs": inputs}
    return [*of_answers(cells, **rests_on), *of_market(cells, population, **rests_on)]


def of_answers(cells: AccessCells, **rests_on: str) -> list[tuple]:
    """Rows on who won, under every definition; as `access`."""
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
    return _rows(cells, [theme.rows for theme in themes], rests_on)


def of_market(cells: AccessCells, population: pd.DataFrame | None, **rests_on: str) -> list[tuple]:
    """Rows on all suppliers, and on those that could have been; as `access`."""
    return _rows(cells, [partial(access_market.rows, population=population)], rests_on)


def told(cells: AccessCells, rests_on: Mapping[str, str]) -> list[tuple]:
    """What `of_answers` gives as plain tuples, which travel between processes."""
    return [tuple(row) for row in of_answers(cells, **rests_on)]


def _rows(
    cells: AccessCells, themes: Iterable[Callable[..., Iterable[Any]]], rests_on: Mapping[str, str]
) -> list[tuple]:
    if cells.lots.empty:
        return []
    kind, inputs = rests_on["kind"], rests_on["inputs"]
    row, never = partial(number, chapter="20", kind=kind, inputs=inputs), never_yes(cells)
    return [_without_guess(one, never) for theme in themes for one in theme(cells, row)]


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
