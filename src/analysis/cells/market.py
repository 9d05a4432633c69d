"""Other tenders and later awards of Flemish buyers: what PIO's contracts are held against."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from analysis.cells.access_base import Engine, Relation, make
from analysis.cells.held import held
from analysis.contracts.market_cells import EXITS, LATER_AWARDS, TENDER_CELLS

_OTHERS = """
select * from lots join perimeters using (notice_id, document, lot_id)
where outcome = 'awarded' and flemish_public and notice_id not in (select notice_id from own)
"""
_QUERIES = {
    "tenders": """
select year, procedure, cpv_division, count(*) as lots, sum(bids) as bids from market_others
where year is not null and procedure is not null and cpv_division is not null
    and bids is not null group by all
""",
    "awards": """
select distinct company_id, on_date from market_others
    join members using (notice_id, document, lot_id)
where company_id is not null and on_date is not null
""",
    "exits": """
select number as company_id, ceased_before as gone from lifespans
where ceased_before is not null and number in (select company_id from firms)
""",
}


class MarketCells(NamedTuple):
    """Small tables, which keep TENDER_CELLS, LATER_AWARDS and EXITS."""

    tenders: pd.DataFrame
    awards: pd.DataFrame
    exits: pd.DataFrame


def market_cells(
    engine: Engine, given: Mapping[str, Relation], *, own: Collection[str], firms: Collection[str]
) -> MarketCells:
    """Count bids for other lots, and list the days on which companies won some.

    Parameters
    ----------
    engine : connection that the relations belong to
    given : relations `lots` and `members`, which keep LOT_RESULTS and MEMBERS, `perimeters` (one
        row a lot with its flags) and `lifespans`, which keeps LIFESPANS
    own : award notices of PIO's own contracts, which are left out
    firms : enterprise numbers whose end is asked
    """
    listed = {
        "own": engine.from_arrow(pa.table({"notice_id": pa.array(sorted(own), pa.string())})),
        "firms": engine.from_arrow(pa.table({"company_id": pa.array(sorted(firms), pa.string())})),
    }
    make(
        engine, "market_others", _OTHERS,
        own=listed["own"], lots=given["lots"], perimeters=given["perimeters"],
    )  # fmt: skip
    asked = {
        "tenders": (TENDER_CELLS, {}),
        "awards": (LATER_AWARDS, {"members": given["members"]}),
        "exits": (EXITS, {"lifespans": given["lifespans"], "firms": listed["firms"]}),
    }
    found = {}
    for name, (table, relations) in asked.items():
        make(engine, f"market_{name}", _QUERIES[name], **relations)
        found[name] = held(engine.table(f"market_{name}").to_arrow_table(), table)
    return MarketCells(**found)
