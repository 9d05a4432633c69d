"""What the winners of each lot answer to some definitions, and the cells that follow from it."""

from collections.abc import Sequence

import pyarrow as pa

from analysis.cells.access_base import Engine, Relation, make
from analysis.contracts.access_cells import HEADLINE

_FLAGS = "flemish_administration, flemish_public, located_in_flanders, belgium"
_HEADLINE = ", ".join(f"'{name}'" for name in HEADLINE)

_ANSWERED = """
select m.lot, d.definition, m.who, m.nameless, m.weight, m.part, m.eur, m.origin, a.answer
from access_members m cross join access_definitions d
left join answers a
    on a.company_id = m.company_id and a.on_date = m.on_date and a.definition = d.definition
"""


def _sums(measure: str, prefix: str = "") -> str:
    return f"""
    sum(case when answer then {measure} else 0 end) as {prefix}yes,
    sum(case when not answer then {measure} else 0 end) as {prefix}no,
    sum(case when answer is null then {measure} else 0 end) as {prefix}unknown"""


# Any: yes as soon as one winner is; all: no as soon as one is not. Else unknown beats the rest.
_OF_LOTS = f"""
select lot, definition, {_sums("weight")}, {_sums("coalesce(eur, 0)", "eur_")},
    count(*) > count(answer) as in_doubt,
    case when bool_or(answer) then 'yes' when count(*) > count(answer) then 'unknown'
        else 'no' end as any_member,
    case when not bool_and(answer) then 'no' when count(*) > count(answer) then 'unknown'
        else 'yes' end as all_members
from access_answered group by lot, definition
"""

_MEASURES = """
    count(*) as lots, sum(in_doubt::int) as lots_unknown,
    sum(yes) as yes, sum(no) as no, sum(unknown) as unknown,
    sum((value_eur is not null)::int) as valued,
    sum((in_doubt and value_eur is not null)::int) as valued_unknown,
    sum(eur_yes) as eur_yes, sum(eur_no) as eur_no, sum(eur_unknown) as eur_unknown"""

_BY_BUYER = f"""
select definition, year, {_FLAGS}, buyer, framework, {_MEASURES}
from access_lot_answers join access_lots using (lot) group by all
"""

_BY_KIND = f"""
select definition, year, {_FLAGS}, buyer_type, cpv_division, procedure, value_band, comparable,
    framework, {_MEASURES}
from access_lot_answers join access_lots using (lot) where definition in ({_HEADLINE}) group by all
"""

_BY_ORIGIN = f"""
with of_origin as (
    select lot, definition, origin, {_sums("weight")}, {_sums("coalesce(eur, 0)", "eur_")},
        count(*) > count(answer) as in_doubt
    from access_answered where definition in ({_HEADLINE}) group by lot, definition, origin
)
select definition, year, {_FLAGS}, origin, {_MEASURES}
from of_origin join access_lots using (lot) group by all
"""


def _joint(rule: str, column: str) -> str:
    return ", ".join(
        f"sum(({column} = '{answer}')::int) as {rule}_{answer}"
        for answer in ("yes", "no", "unknown")
    )


_RULES = ["lots", "lots_unknown"]
_RULES += [f"fractional_{answer}" for answer in ("yes", "no", "unknown")]
_RULES += [f"{rule}_{answer}" for rule in ("any", "all") for answer in ("yes", "no", "unknown")]

_BY_RULE = f"""
with either as (
    select definition, year as contract, year(publication_date) as publication, {_FLAGS}, framework,
        count(*) as lots, sum(in_doubt::int) as lots_unknown,
        sum(yes) as fractional_yes, sum(no) as fractional_no, sum(unknown) as fractional_unknown,
        {_joint("any", "any_member")}, {_joint("all", "all_members")}
    from access_lot_answers join access_lots using (lot) group by all
), dated as (
    select 'contract' as date, contract as year, * from either
    union all select 'publication', publication, * from either
)
select date, definition, year, {_FLAGS}, framework,
    {", ".join(f"sum({name}) as {name}" for name in _RULES)}
from dated group by all
"""

_VALUES = f"""
select definition, lot, year, {_FLAGS}, buyer, eur_yes + eur_no as value_eur, eur_yes as startup_eur
from access_lot_answers join access_lots using (lot)
where definition in ({_HEADLINE}) and value_eur > 0 and framework is not true
    and eur_yes + eur_no > 0
"""

# An amount that is suspect but bounded, or what is stated for a framework: neither is in any sum.
_DOUBTED = f"""
with doubted as (
    select *, case when framework is true then 'framework' else 'suspect' end as doubt,
        case when framework is true then framework_eur else value_low_eur end as low,
        case when framework is true then framework_eur else value_high_eur end as high
    from access_lots where value_eur is null
), ends as (
    select definition, d.*, answer, round(low * part, 4)::decimal(24, 4) as low_eur,
        round(high * part, 4)::decimal(24, 4) as high_eur
    from access_answered join doubted d using (lot)
    where definition in ({_HEADLINE}) and low is not null and high is not null
)
select definition, doubt, year, {_FLAGS}, count(distinct lot) as lots,
    {_sums("low_eur", "low_")}, {_sums("high_eur", "high_")}
from ends group by all
"""

# A tender's members share it; for lots of which every tender is known.
_BIDS = f"""
with answered as (
    select t.notice_id, t.document, t.lot_id, t.won, t.weight::decimal(18, 12) as weight,
        d.definition, a.answer
    from tenderers t cross join access_definitions d
    left join answers a
        on a.company_id = t.company_id and a.on_date = t.on_date and a.definition = d.definition
)
select definition, year, {_FLAGS}, count(distinct lot) as lots, {_sums("weight")},
    {_sums("case when won then weight else 0 end", "won_")}
from answered join access_lots using (notice_id, document, lot_id) group by all
"""

_BY_MARK = f"""
select definition, year, {_FLAGS}, count(*) as lots, sum(in_doubt::int) as lots_unknown,
    sum(yes) as yes, sum(no) as no, sum(unknown) as unknown
from access_lot_answers join access_lots using (lot) join access_marked using (lot) group by all
"""

TABLES = {
    "cells": _BY_BUYER,
    "kinds": _BY_KIND,
    "origins": _BY_ORIGIN,
    "rules": _BY_RULE,
    "marked": _BY_MARK,
    "values": _VALUES,
    "doubted": _DOUBTED,
}


def of_definitions(
    engine: Engine, definitions: Sequence[str], *, answers: Relation, tenderers: Relation
) -> dict[str, pa.Table]:
    """Cells of some definitions, by the names of `TABLES` and `bids`; not yet in their kinds.

    Leaves `access_answered` and `access_lot_answers` behind for who counts companies.
    """
    rows = ", ".join("('" + name.replace("'", "''") + "')" for name in definitions)
    make(engine, "access_definitions", f"select * from (values {rows}) as listed(definition)")
    make(engine, "access_answered", _ANSWERED, answers=answers)
    make(engine, "access_lot_answers", _OF_LOTS)
    make(engine, "access_bids", _BIDS, answers=answers, tenderers=tenderers)
    found = {name: engine.sql(query).to_arrow_table() for name, query in TABLES.items()}
    return found | {"bids": engine.table("access_bids").to_arrow_table()}
