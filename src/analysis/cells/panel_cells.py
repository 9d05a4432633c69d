"""Lots, winners and notices of Flemish public buyers as one small table: a buyer in a year."""

from collections.abc import Mapping

import pandas as pd
import pyarrow as pa

from analysis.cells.access_base import Engine, Relation, make
from analysis.cells.barriers import CALLS
from analysis.cells.held import held
from analysis.companies.numbers import comparable
from analysis.contracts.access_cells import HEADLINE
from analysis.contracts.panel_cells import PANEL_CELLS
from analysis.innovation.signals import of_lots, telling
from analysis.innovation.words import without_boilerplate

# Notices that announce or ask before there is a call; E1 and E2 are Belgian.
CONSULTATIONS = (
    *("PRIOR_INFORMATION", "PRIOR_INFORMATION_DEFENCE", "PERIODIC_INDICATIVE_UTILITIES"),
    *("F01_2014", "F04_2014", "E1", "E2"),
    *(str(subtype) for subtype in range(1, 10)),
)
_PLACEBO = "30"  # CPV division of office machinery and supplies: nobody seeks innovation there
_LOT = "notice_id, document, lot_id"
_FLAGS = pa.schema(
    [(name, pa.string()) for name in _LOT.split(", ")]
    + [("flagged", pa.bool_()), ("pio", pa.bool_())]
)
_TOLD = f"""
select {_LOT}, procedure, buyer, date, value_eur, title, cpv, strategic, innovation
from lots join perimeters using ({_LOT}) left join described using ({_LOT})
where outcome = 'awarded' and flemish_public and buyer is not null
"""
# Weights and euros are decimals here: their sums do not depend on the order of the rows.
WINNERS = f"""
select {_LOT}, sum(part) filter (answer) as yes, sum(part) filter (not answer) as no,
    sum(part) filter (answer is null) as unknown,
    sum(part) filter (is_new_winner) as new_yes, sum(part) filter (not is_new_winner) as new_no
from (select *, weight::decimal(18, 12) as part from members)
    left join (from answers where definition = '{HEADLINE[0]}') using (company_id, on_date)
group by all
"""


def _weigh(name: str) -> str:
    return f"round(coalesce(sum({name}) filter (not pio), 0), 9)::double"


_LOTS = f"""
select buyer, year, count(*) filter (pio) as pio_lots, count(*) filter (not pio) as lots,
    count(*) filter (not pio and flagged) as flagged,
    count(*) filter (not pio and cpv_division = '{_PLACEBO}') as placebo,
    coalesce(sum(value_eur) filter (not pio and is_framework is not true), 0) as valued_eur,
    coalesce(sum(value_eur) filter (not pio and flagged and is_framework is not true), 0)
        as flagged_eur,
    count(bids) filter (not pio) as bids_lots, coalesce(sum(bids) filter (not pio), 0) as bids,
    count(*) filter (not pio and bids = 1) as single,
    {_weigh("yes")} as startup_yes, {_weigh("no")} as startup_no,
    {_weigh("unknown")} as startup_unknown,
    {_weigh("new_yes")} as new_yes, {_weigh("new_no")} as new_no
from lots join panel_flags using ({_LOT}) left join panel_winners using ({_LOT})
where year is not null group by all
"""
_PUBLISHED = f"""
select buyer, year(publication_date) as year, count(distinct notice_id || document) as notices
from lots join perimeters using ({_LOT})
where flemish_public and buyer is not null and publication_date is not null group by all
"""
_ANNOUNCED = f"""
with kinds as (
    select notice_id, document, form in {CALLS} as is_call,
        year(coalesce(publication_date, dispatch_date)) as year
    from notices where kind = 'other' and form in {CALLS + CONSULTATIONS}
), first_buyer as (
    select notice_id, document, min_by(identifier, organisation_id) as identifier,
        min_by(country, organisation_id) as country
    from organisations where is_buyer and identifier is not null group by all
)
select identifier, country, year, count(*) filter (is_call) as calls,
    count(*) filter (not is_call) as consultations
from kinds join first_buyer using (notice_id, document) where year is not null group by all
"""
_PANEL = """
with together as (
    select buyer, year from panel_lots union select buyer, year from panel_published
    union select buyer, year from announced where buyer in (select buyer from panel_published)
), sums as (
    select buyer, year, sum(calls) as calls, sum(consultations) as consultations
    from announced group by all
), read as (
    select sum(calls) > 0 as any_call, sum(consultations) > 0 as any_consultation from announced
)
select replace(buyer, 'BE', '') as buyer, year,
    coalesce(notices, 0) as notices,
    case when any_call then coalesce(calls, 0) end as calls,
    case when any_consultation then coalesce(consultations, 0) end as consultations,
    columns(l.* exclude (buyer, year))
from together left join panel_lots l using (buyer, year)
    left join panel_published using (buyer, year) left join sums using (buyer, year), read
"""


def panel_cells(engine: Engine, given: Mapping[str, Relation], pio: pd.DataFrame) -> pd.DataFrame:
    """Count and add up what each Flemish public buyer awarded and announced, by year.

    Parameters
    ----------
    engine : connection that the relations belong to
    given : relations `lots`, `members`, `answers`, `perimeters`, `notices`, `described` and
        `organisations`, which keep LOT_RESULTS, MEMBERS, ANSWERS, the flags of perimeters, NOTICES,
        LOTS and ORGANISATIONS
    pio : `notice_id`, `buyer`, `awarded` and `value_eur` of the contracts that PIO co-financed

    Returns
    -------
    pandas frame that keeps PANEL_CELLS; the same whatever the order of the rows. A buyer in a year
    without a row published nothing: that is not known, not zero.

    Notes
    -----
    A lot is PIO's own if its notice is on the list, or if buyer, day and value (where both are
    known) are those of a contract on it: methods 0, decision 8. A sign is one of the groups `rd`
    and `ppi` of `innovation.signals`, the list itself not among them.
    """
    made = {name: given[name] for name in ("lots", "perimeters", "described")}
    make(engine, "panel_told", _TOLD, **made)
    flags = engine.from_arrow(flags_of(engine.table("panel_told").df(), pio))
    make(engine, "panel_flags", "from flags", flags=flags)
    make(engine, "panel_winners", WINNERS, members=given["members"], answers=given["answers"])
    make(engine, "panel_lots", _LOTS, lots=given["lots"])
    make(engine, "panel_published", _PUBLISHED, lots=given["lots"], perimeters=given["perimeters"])
    asked = {name: given[name] for name in ("notices", "organisations")}
    make(engine, "panel_announced", _ANNOUNCED, **asked)
    announced = engine.from_arrow(_numbered(engine.table("panel_announced").to_arrow_table()))
    make(engine, "panel_rows", _PANEL, announced=announced)
    rows = engine.table("panel_rows")
    measures = [name for name in PANEL_CELLS.columns if name not in _MAY_MISS]
    filled = ", ".join(f"coalesce({name}, 0) as {name}" for name in measures)
    return held(rows.project(f"{', '.join(_MAY_MISS)}, {filled}").to_arrow_table(), PANEL_CELLS)


_MAY_MISS = ("buyer", "year", "calls", "consultations")


def flags_of(told: pd.DataFrame, pio: pd.DataFrame) -> pa.Table:
    """Of each awarded lot whether it carries a sign of innovation, and whether it is PIO's own."""
    titles = without_boilerplate(told["title"], told["buyer"])
    found = of_lots(told.assign(title=titles), pio)
    listed = found.pop("pio").fillna(False).astype(bool) | _same_contract(told, pio)
    rows = told[_LOT.split(", ")].assign(flagged=telling(found, "rd", "ppi"), pio=listed)
    return pa.Table.from_pandas(rows, schema=_FLAGS, preserve_index=False)


def _same_contract(told: pd.DataFrame, pio: pd.DataFrame) -> pd.Series:
    """Whether a contract on the list has the buyer and day of the lot, and no other value."""
    dated = pio.dropna(subset=["awarded"])
    days = pd.to_datetime(dated["awarded"].astype("object")).dt.date
    values: dict[tuple, set[float | None]] = {}
    for key, value in zip(zip(dated["buyer"], days, strict=True), dated["value_eur"], strict=True):
        values.setdefault(key, set()).add(None if pd.isna(value) else round(float(value), 2))
    lots = pd.to_datetime(told["date"].astype("object")).dt.date
    buyers = told["buyer"].str.replace("BE", "", n=1)
    same = [
        bool(listed := values.get((buyer, day), set()))
        and (pd.isna(value) or None in listed or round(float(value), 2) in listed)
        for buyer, day, value in zip(buyers, lots, told["value_eur"], strict=True)
    ]
    return pd.Series(same, index=told.index, dtype=bool)


def _numbered(announced: pa.Table) -> pa.Table:
    """Calls and consultations by the comparable number of their buyer."""
    rows = announced.to_pylist()
    told = [(comparable(row["identifier"], row["country"]), row) for row in rows]
    known = [{**row, "buyer": number} for number, row in told if number]
    columns = {"buyer": pa.string(), "year": pa.int64()}
    columns |= {"calls": pa.int64(), "consultations": pa.int64()}
    return pa.Table.from_pylist(
        [{name: row[name] for name in columns} for row in known], schema=pa.schema(columns)
    )
