"""Awarded lots as one small table of months, for series around a date and for regions."""

from collections.abc import Mapping

import pandas as pd

from analysis.cells.access_base import Engine, Relation, make
from analysis.cells.held import held
from analysis.cells.panel_cells import WINNERS, flags_of
from analysis.companies.codes import region
from analysis.contracts.series_cells import (
    ABOVE,
    BELOW,
    ELSEWHERE,
    FLANDERS,
    FLEMISH,
    NOWHERE,
    OTHER_BELGIAN,
    SERIES_CELLS,
    UNKNOWN,
)

_LOT = "notice_id, document, lot_id"
_TOLD = f"""
select {_LOT}, procedure, buyer, date, value_eur, title, cpv, strategic, innovation
from lots left join described using ({_LOT})
"""
# A Flemish public buyer in Brussels is no part of the region that Flanders is compared with, and an
# institution of the EU of no region at all.
_WHERE = f"""
select {_LOT}, 12 * year(date) + month(date) - 1 as month, sme_won, cpv_division,
    case when flemish_public then '{FLEMISH}'
         when belgium and flemish_public is false then '{OTHER_BELGIAN}'
         else '{ELSEWHERE}' end as "group",
    case when located_in_flanders then '{FLANDERS}'
         when country = 'BE' and (not belgium or flemish_public is not false) then '{NOWHERE}'
         when buyer_nuts[:2] = country and length(buyer_nuts) > 2 then buyer_nuts[:3]
         else case {region("buyer_postcode", "country")}
              when 'brussels' then 'BE1' when 'wallonia' then 'BE3' else '{NOWHERE}' end
         end as region
from lots left join perimeters using ({_LOT})
"""


def _weigh(name: str) -> str:
    return f"round(coalesce(sum({name}), 0), 9)::double as startup_{name}"


_SERIES = f"""
select month, "group", region,
    case when comparable then '{ABOVE}' when not comparable then '{BELOW}' else '{UNKNOWN}' end
        as threshold,
    count(*) as lots, count(*) filter (flagged) as flagged,
    count(*) filter (w.cpv_division = '45') as works,
    count(*) filter (w.cpv_division >= '50') as services,
    count(*) filter (sme_won = 'yes') as sme_yes, count(*) filter (sme_won = 'no') as sme_no,
    {_weigh("yes")}, {_weigh("no")}, {_weigh("unknown")}
from series_where w join series_flags using ({_LOT}) join access_lots using ({_LOT})
    left join series_winners using ({_LOT})
where not pio group by all
"""


def series_cells(
    engine: Engine, given: Mapping[str, Relation], pio: pd.DataFrame, *, until: int
) -> pd.DataFrame:
    """Count awarded lots by month, group of buyers, region and side of the threshold.

    Parameters
    ----------
    engine : has `access_lots` of the same lots (`access_base.number_lots`)
    given : relations `lots`, `members`, `answers`, `perimeters` and `described`, which keep
        LOT_RESULTS, MEMBERS, ANSWERS, the flags of perimeters and LOTS
    pio : contracts that PIO co-financed, as `panel_cells` takes them
    until : last year counted

    Returns
    -------
    pandas frame that keeps SERIES_CELLS; the same whatever the order of the rows. Lots without a
    day are left out.
    """
    lots = given["lots"].filter(f"outcome = 'awarded' and year(date) <= {until}")
    make(engine, "series_told", _TOLD, lots=lots, described=given["described"])
    flags = engine.from_arrow(flags_of(engine.table("series_told").df(), pio))
    make(engine, "series_flags", "from flags", flags=flags)
    make(engine, "series_where", _WHERE, lots=lots, perimeters=given["perimeters"])
    make(engine, "series_winners", WINNERS, members=given["members"], answers=given["answers"])
    make(engine, "series_rows", _SERIES)
    return held(engine.table("series_rows").to_arrow_table(), SERIES_CELLS)
