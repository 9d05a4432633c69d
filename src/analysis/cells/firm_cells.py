"""Firms that won from or tendered to Flemish public buyers: their wins, register and accounts."""

from collections.abc import Collection, Mapping
from typing import NamedTuple

import pandas as pd
import pyarrow as pa

from analysis.cells.access_base import Engine, Relation, make
from analysis.cells.held import held
from analysis.companies.codes import region, seat_country
from analysis.contracts.firm_cells import FIRM_SIZES, FIRM_WINS, FIRMS

# Weights and euros are decimals here: their sums do not depend on the order of the rows.
_WINS = """
select company_id, on_date, replace(buyer, 'BE', '') as buyer,
    round(sum(weight::decimal(18, 12)), 9)::double as lots,
    round(sum((value_eur * coalesce(value_share, weight))::decimal(24, 4))
        filter (is_framework is not true), 2)::double as eur
from lots join perimeters using (notice_id, document, lot_id)
    join members using (notice_id, document, lot_id)
where outcome = 'awarded' and flemish_public and buyer is not null
    and company_id is not null and on_date is not null
    and notice_id not in (select notice_id from own)
group by all
"""
_FOLLOWED = "select company_id from firm_wins union select company_id from named"
_FIRMS = f"""
select number as company_id, is_natural_person as is_person, start_date as started,
    left(sector, 2) as sector, coalesce({region("postcode", seat_country("country"))}, 'unknown')
        as origin, last_seen as seen_until, ceased_before as gone
from companies join lifespans using (number) left join addresses using (number)
    left join (select number, min(nace_code) as sector from activities
        where activity_class = 'main' and length(nace_code) >= 2 group by number) using (number)
where number in (select company_id from firm_followed)
"""
_SIZES = """
select company_id, year, employees_fte as fte, turnover_eur from sizes
where company_id in (select company_id from firm_followed)
"""


class FirmCells(NamedTuple):
    """Small tables, which keep FIRM_WINS, FIRMS and FIRM_SIZES."""

    wins: pd.DataFrame
    firms: pd.DataFrame
    sizes: pd.DataFrame


def firm_cells(
    engine: Engine, given: Mapping[str, Relation], *, own: Collection[str], named: Collection[str]
) -> FirmCells:
    """List what each company won of Flemish public buyers, and what is known of each.

    Parameters
    ----------
    engine : connection that the relations belong to
    given : relations `lots`, `members`, `perimeters` and those of the registers (`companies`,
        `lifespans`, `addresses`, `activities`, `sizes`)
    own : award notices of PIO's own contracts, which are left out
    named : enterprise numbers to follow beside those that won
    """
    lists = {"notice_id": own, "company_id": named}
    listed = {
        name: engine.from_arrow(pa.table({name: pa.array(sorted(numbers), pa.string())}))
        for name, numbers in lists.items()
    }
    asked = {name: given[name] for name in ("lots", "perimeters", "members")}
    make(engine, "firm_wins", _WINS, own=listed["notice_id"], **asked)
    make(engine, "firm_followed", _FOLLOWED, named=listed["company_id"])
    known = ("companies", "lifespans", "addresses", "activities")
    make(engine, "firm_list", _FIRMS, **{name: given[name] for name in known})
    make(engine, "firm_sizes", _SIZES, sizes=given["sizes"])
    tables = {"firm_wins": FIRM_WINS, "firm_list": FIRMS, "firm_sizes": FIRM_SIZES}
    found = [held(engine.table(name).to_arrow_table(), one) for name, one in tables.items()]
    return FirmCells(*found)
