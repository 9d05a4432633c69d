"""The small tables that hold the programmes beside the notices, as the ledger counts them."""

from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from analysis.cells.access_base import number_lots
from analysis.cells.barriers import barrier_cells
from analysis.cells.firm_cells import firm_cells
from analysis.cells.market import market_cells
from analysis.cells.panel_cells import panel_cells
from analysis.cells.series_cells import series_cells
from analysis.contracts import Table
from analysis.contracts.barrier_cells import CLASS_CELLS, PROCEDURE_CELLS, WAIT_CELLS
from analysis.contracts.firm_cells import FIRM_SIZES, FIRM_WINS, FIRMS
from analysis.contracts.market_cells import EXITS, LATER_AWARDS, TENDER_CELLS
from analysis.contracts.panel_cells import PANEL_CELLS
from analysis.contracts.series_cells import SERIES_CELLS
from analysis.indicators import effects, effects_plan, effects_series, opportunities_market
from analysis.indicators.given import Given
from analysis.sources.facts import RAW

TABLES: tuple[Table, ...] = (
    *(PROCEDURE_CELLS, WAIT_CELLS, CLASS_CELLS),
    *(TENDER_CELLS, LATER_AWARDS, EXITS),
    *(FIRM_WINS, FIRMS, FIRM_SIZES),
    *(PANEL_CELLS, SERIES_CELLS),
)


def of_programmes(
    engine: Any, relations: Mapping[str, Any], register: Mapping[str, Any], given: Given
) -> dict[str, pd.DataFrame]:
    """Every table of TABLES, by name.

    Parameters
    ----------
    engine : connection of the relations
    relations : lots, winners, members, answers and perimeters, and as read `notices`,
        `organisations` and `described` (the lots)
    register : the registers of companies
    given : what the programmes delivered
    """
    frames = _made(engine, relations, {**relations, **register}, given)
    return {table.name: frame for table, frame in zip(TABLES, frames, strict=True)}


def _made(
    engine: Any, relations: Mapping[str, Any], known: Mapping[str, Any], given: Given
) -> Iterator[pd.DataFrame]:
    """The tables in the order of TABLES; the same steps as in `workbook`."""
    own = effects.own_contracts(given)
    of_pio = set(given.tables["pio_contracts"]["notice_id"].dropna())
    bidders = set(given.tables["pio_bidders"]["company_id"].dropna())
    yield from barrier_cells(engine, relations)
    yield from market_cells(engine, known, own=of_pio, firms=opportunities_market.firms(given))
    yield from firm_cells(engine, known, own=of_pio, named=bidders)
    yield panel_cells(engine, relations, own)
    last = effects_series.last(effects_plan.read(RAW / "plan"))
    named = ("lots", "perimeters", "members", "winners")
    number_lots(engine, **{name: relations[name] for name in named})
    yield series_cells(engine, relations, own, until=last)
