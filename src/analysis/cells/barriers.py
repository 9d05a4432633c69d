"""Procedures and winners as small tables: what the barriers of start-ups are measured on."""

from collections.abc import Mapping
from typing import NamedTuple

import pandas as pd

from analysis.cells.access_base import Engine, Relation, make
from analysis.cells.held import held
from analysis.contracts.access_cells import FLAGS
from analysis.contracts.barrier_cells import CLASS_CELLS, PROCEDURE_CELLS, WAIT_CELLS

# Notices that open a competition, by the names of the forms of each era; E3 is Belgian.
CALLS = (
    *("CONTRACT", "CONTRACT_UTILITIES", "CONTRACT_DEFENCE", "CONTRACT_CONCESSIONAIRE"),
    *("CONCESSION", "DESIGN_CONTEST", "SIMPLIFIED_CONTRACT"),
    *(f"F{number:02}_2014" for number in (2, 5, 12, 17, 21, 22, 23, 24)),
    *(str(subtype) for subtype in range(10, 25)),
    "E3",
)
# How the lot of a contract that is not divided is numbered.
UNDIVIDED = ("0", "1", "01", "LOT-0000", "LOT-0001")
LONGEST = 5 * 365  # days; what lies further apart is held to be a slip

_NOTICE = "notice_id, document"
_FLAGS = ", ".join(FLAGS)
_ANY = ", ".join(f"bool_or({flag}) as {flag}" for flag in FLAGS)
_STATED_DAY = "outcome = 'awarded' and date_rule in ('contract', 'decision')"

_NOTICES = f"""
with of_lots as (
    select {_NOTICE}, min(year) as year, max(procedure) as procedure, {_ANY},
        min(date) filter (where {_STATED_DAY}) as awarded
    from lots left join perimeters using ({_NOTICE}, lot_id) group by all
)
select of_lots.*, n.published, n.procedure_id, n.previous_notice,
    coalesce('id ' || n.procedure_id, 'call ' || n.previous_notice,
             'notice ' || notice_id || document) as one
from of_lots join notices n using ({_NOTICE})
"""
_DIVIDED = f"""
with shown as (
    select one, count(distinct lot_id) as lots, min(lot_id) as sole
    from barrier_notices join described using ({_NOTICE}) group by one
), procedures as (
    select one, min(year) as year, {_ANY}, bool_or(published) as in_journal,
        max(procedure) as procedure
    from barrier_notices group by one
)
select year, {_FLAGS}, in_journal, procedure, count(*) as procedures,
    count(*) filter (where lots > 1 or sole not in {UNDIVIDED}) as divided, sum(lots) as lots
from procedures join shown using (one) group by all
"""
_WAITS = f"""
with calls as (
    select notice_id, procedure_id, publication_date from notices
    where kind = 'other' and publication_date is not null and form in {CALLS}
), called as (
    select one, publication_date from barrier_notices a
        join calls on calls.notice_id = a.previous_notice
    union all
    select one, publication_date from barrier_notices a
        join calls on calls.procedure_id = a.procedure_id
), first_call as (
    select one, min(publication_date) as call from called group by one
), procedures as (
    select one, min(awarded) as awarded, {_ANY}, bool_or(published) as in_journal
    from barrier_notices where awarded is not null group by one
)
select year(awarded) as year, {_FLAGS}, in_journal,
    case when awarded - call between 0 and {LONGEST} then awarded - call end as days,
    count(*) as procedures
from procedures left join first_call using (one) group by all
"""
_CLASSES = f"""
with won as (
    select {_FLAGS}, origin, firm_class, value_eur is null as without_value,
        round(value_eur * coalesce(value_share, weight), 4)::decimal(24, 4) as eur
    from members join lots using ({_NOTICE}, lot_id)
        left join perimeters using ({_NOTICE}, lot_id)
    where outcome = 'awarded' and is_framework is not true
)
select {_FLAGS}, origin, firm_class, count(*) as winners, count(*) filter (without_value)
    as without_value, coalesce(sum(eur), 0) as eur
from won group by all
"""


class BarrierCells(NamedTuple):
    """Small tables, each with the contract of its name in `contracts.barrier_cells`."""

    procedures: pd.DataFrame
    waits: pd.DataFrame
    classes: pd.DataFrame


TABLES = {"procedures": PROCEDURE_CELLS, "waits": WAIT_CELLS, "classes": CLASS_CELLS}


def barrier_cells(engine: Engine, given: Mapping[str, Relation]) -> BarrierCells:
    """Count procedures by division into lots, kind and days to the award; add up euros by firm.

    Parameters
    ----------
    engine : connection that the relations belong to
    given : relations `lots` and `members`, which keep LOT_RESULTS and MEMBERS; `perimeters`, one
        row a lot with its key and the flags of FLAGS; `notices` and `described`, which keep NOTICES
        and LOTS: all notices read, calls included, and the lots that they describe

    Returns
    -------
    BarrierCells, contracts kept; the same whatever the order of the rows.

    Notes
    -----
    Award notices belong to one procedure where they share its identifier (BT-04), else the earlier
    notice that they cite. A single lot that is not numbered as the first is a part of a divided
    contract. Older forms list only the lots awarded: a divided contract of which one notice shows
    its first lot alone counts as undivided. A call is joined by the number that the award notice
    cites or by the identifier of the procedure; its first publication counts.
    """
    known = {name: given[name] for name in ("lots", "perimeters", "notices")}
    make(engine, "barrier_notices", _NOTICES, **known)
    asked = {
        "procedures": (_DIVIDED, ("described",)),
        "waits": (_WAITS, ("notices",)),
        "classes": (_CLASSES, ("lots", "perimeters", "members")),
    }
    found = {}
    for name, (query, names) in asked.items():
        make(engine, f"barrier_{name}", query, **{one: given[one] for one in names})
        found[name] = held(engine.table(f"barrier_{name}").to_arrow_table(), TABLES[name])
    return BarrierCells(**found)
