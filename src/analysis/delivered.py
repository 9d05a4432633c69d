"""What the programmes delivered, up to the year evaluated, and what follows from it."""

from collections.abc import Mapping
from types import ModuleType

import duckdb
import pandas as pd

from analysis import elsewhere
from analysis.companies import programme_firms
from analysis.contracts import BUYERS
from analysis.contracts.intake import REFERENCES
from analysis.indicators import (
    innovations,
    norm_measured,
    opportunities,
    partner_amounts,
    partner_costs,
    partner_kpis,
    portfolio,
    reach,
    satisfaction,
)
from analysis.indicators.given import Given, Origin
from analysis.sources.facts import Facts
from analysis.store import Delivery, Lake
from analysis.store.frames import framed
from analysis.store.raw import KINDS

THEMES: tuple[ModuleType, ...] = (  # indicators with `results(given)`
    norm_measured,
    portfolio,
    reach,
    opportunities,
    innovations,
    satisfaction,
    partner_amounts,
    partner_costs,
    partner_kpis,
)
# The day or year that decides whether a row of the programmes falls within the years evaluated.
_DATED = {
    "pio_calls": "deadline",
    "pio_applications": "submitted",
    "pio_projects": "submitted",
    "pio_contracts": "awarded",
    "contract_register": "date",
    "survey_populations": "wave",
    "survey_answers": "wave",
    "partner_instruments": "year",
    "partner_kpis": "year",
    "partner_payments": "year",
    "eligible_buyers": "year",
    "startup_barriers": "year",
    "project_group": "since",
    "marketplace_needs": "posted",
    "marketplace_firms": "registered",
    "knowledge_items": "published",
    "knowledge_use": "first_used",
    "helpdesk": "asked",
    "events": "on_date",
    "eu_participations": "starts",
}
# A row without a day of its own falls with the row that it names.
_FALLS_WITH = REFERENCES | {("audit_sample", "contract"): ("contract_register", "contract")}


def given(
    engine: duckdb.DuckDBPyConnection, lake: Lake, year: int, facts: Mapping[str, Facts]
) -> Given:
    """What the programmes delivered up to the end of the year, and what the firms in it are.

    Parameters
    ----------
    engine : connection for the registers of the lake
    lake : what was read
    year : last year evaluated; rows dated later are left out
    facts : the published figures kept by hand
    """
    register = lake.registers.relations(engine)
    bodies = register[BUYERS.name].order("all").to_arrow_table()
    tables = _through(lake.programme.tables() | {BUYERS.name: framed(bodies)}, year)
    deliveries = lake.programme.standing | {BUYERS.name: lake.registers.named(BUYERS.name)}
    origins = {name: _origin(deliveries[name]) for name, rows in tables.items() if len(rows)}
    firms = programme_firms.judged(engine, tables, register)
    return Given(year, tables, origins, *firms, facts)


def _through(tables: Mapping[str, pd.DataFrame], year: int) -> dict[str, pd.DataFrame]:
    """The tables without the rows dated after the year; a row without a day stays."""
    kept = dict(tables)
    for name, column in _DATED.items():
        cells = tables[name][column]
        years = cells if cells.dtype == "Int64" else cells.dt.year.astype("Int64")
        kept[name] = tables[name][~(years > year).fillna(False)]
    for (name, column), (other, key) in _FALLS_WITH.items():
        if name not in _DATED:
            fallen = set(tables[other][key]) - set(kept[other][key])
            kept[name] = kept[name][~kept[name][column].isin(fallen)]
    return {name: rows.reset_index(drop=True) for name, rows in kept.items()}


def _origin(deliveries: list[Delivery]) -> Origin:
    kind = min((delivery.kind for delivery in deliveries), key=KINDS.index)
    return Origin(kind, tuple(sorted((one.name, one.sha256) for one in deliveries)))


def told(lake: Lake, year: int, facts: Mapping[str, Facts]) -> tuple[Given, list[tuple]]:
    """What the programmes delivered up to the end of the year, and the rows that rest on it.

    The rows are plain tuples in the order of RESULTS, which travel between processes.
    """
    with elsewhere.engine() as engine:
        found = given(engine, lake, year, facts)
    return found, [tuple(row) for row in results(found)]


def results(given: Given) -> list[tuple]:
    """Rows of the ledger of every theme that rests on what was delivered."""
    return [row for theme in THEMES for row in theme.results(given)]
