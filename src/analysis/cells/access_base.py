"""Awarded lots and their winners in the engine, numbered, with all that the cells go by."""

import duckdb

Engine = duckdb.DuckDBPyConnection
Relation = duckdb.DuckDBPyRelation

# EUR thresholds in the comparability series: the highest real one of 2016-2027 (K: to verify). A
# lot is compared with the threshold of a whole procedure, which it may be below on its own.
WORKS = 5_548_000
CENTRAL = 144_000
SUBCENTRAL = 221_000
UTILITY = 443_000

# Weights and euros are decimals here: their sums do not depend on the order of the rows.
_LOTS = f"""
with awarded as (
    select * from lots left join perimeters using (notice_id, document, lot_id)
    where outcome = 'awarded'
), limits as (
    select *,
        case when nature = 'works' then {WORKS}
             when buyer_type = 'national' then {CENTRAL}
             when buyer_type is null and nature is not null then {CENTRAL}
             when buyer_type = 'utility' then {UTILITY}
             when nature is null then {CENTRAL}
             else {SUBCENTRAL} end as lowest,
        case when nature is null or nature = 'works' then {WORKS}
             when buyer_type = 'national' then {CENTRAL}
             when buyer_type is null or buyer_type = 'utility' then {UTILITY}
             else {SUBCENTRAL} end as highest
    from awarded
)
select notice_id, document, lot_id,
    row_number() over (order by notice_id, document, lot_id) as lot,
    row_number() over (partition by notice_id, document order by lot_id) = 1 as first_awarded,
    year, date, publication_date,
    flemish_administration, flemish_public, located_in_flanders, belgium,
    buyer, buyer_type, cpv_division, cpv_group, procedure, value_band,
    is_framework as framework, bids, winners, value_eur, value_low_eur, value_high_eur,
    framework_eur,
    case when value_eur >= highest then true when value_eur < lowest then false end as comparable
from limits
"""

_MEMBERS = """
with named as (
    select m.*, w.name, w.number, w.postcode, w.country
    from members m left join winners w using (notice_id, document, lot_id, winner)
)
select l.lot, m.company_id, m.on_date, m.is_new_winner,
    m.origin, m.firm_class, m.method,
    m.weight::decimal(18, 12) as weight,
    coalesce(m.value_share, m.weight)::decimal(18, 12) as part,
    round(l.value_eur * part, 4)::decimal(24, 4) as eur,
    m.company_id is null as nameless,
    -- Companies as numbers. A name that is no known company is one; no name stands for itself.
    dense_rank() over (order by m.company_id is null, coalesce(m.company_id,
        case when m.name is null and m.number is null
             then concat_ws('|', m.notice_id, m.document, m.lot_id, m.winner, m.member)
             else concat_ws('|', lower(m.name), m.number, m.postcode, m.country, m.member) end)
    ) as who
from named m join access_lots l using (notice_id, document, lot_id)
"""


def number_lots(
    engine: Engine, *, lots: Relation, perimeters: Relation, members: Relation, winners: Relation
) -> None:
    """Make the temporary tables `access_lots` and `access_members` of the engine."""
    if "postcode" not in winners.columns:
        winners = winners.project("*, null::varchar as postcode")
    given = {"lots": lots, "perimeters": perimeters, "members": members, "winners": winners}
    make(engine, "access_lots", _LOTS, **given)
    make(engine, "access_members", _MEMBERS, **given)


def make(engine: Engine, name: str, query: str, **given: Relation) -> None:
    """Compute a query once into a temporary table; relations stand in it under their names."""
    for known, relation in given.items():
        relation.create_view(f"given_{known}", replace=True)
    named = ", ".join(f"{known} as (from given_{known})" for known in given)
    query = f"with {named} select * from ({query})" if given else query
    engine.execute(f"create or replace temp table {name} as {query}")
    for known in given:
        engine.execute(f"drop view given_{known}")
