"""N06 and N07: one award published twice, within an era and across eras of the forms.

Plain SQL: lazy frames have no lists of words and no joins on inequalities.

Two lots of different notices are the same award when buyer, CPV (five digits) and currency agree,
their values differ by less than half a percent, their days by at most 45, and the winners have the
same numbers or, where a number is missing, names of the same words (nine in ten). Also when they
are the same lot of the same procedure, won by the same numbers, and neither value nor day speaks
against it. The later form stays; within an era the later publication.
"""

import narwhals.stable.v2 as nw

from analysis.notices.stages import LOT, Engine, Relation, lazy, materialise

DAYS = 45
LOG_VALUE = 0.005
WORDS = 0.9

_SIGNATURES = """
with contracts as (
    select notice_id, document, lot_id, min(currency) as currency,
           case when count(*) = count(value) and count(distinct currency) = 1 and min(value) > 1
                then ln(sum(value)::double) end as log_value
    from kept_awards where outcome = 'awarded' group by all),
firms as (
    select notice_id, document, lot_id,
           case when count(*) = count(comparable) then list_sort(list(distinct comparable)) end
             as numbers,
           list_sort(list_distinct(flatten(list(words)))) as words
    from kept_won group by all),
buyers as (
    select notice_id, document, arg_min(comparable, organisation_id) as buyer
    from kept_identified where is_buyer and comparable is not null group by all)
select contracts.*, numbers, words, buyer, date, notices.procedure_id, era,
       left(coalesce(lots.cpv, notices.cpv), 5) as cpv5,
       (array_position(['ted-old', 'ted-r209', 'eforms'], era),
        coalesce(publication_date, dispatch_date, date '0001-01-01'),
        contracts.notice_id, contracts.document) as place
from contracts
join firms using (notice_id, document, lot_id)
join kept_dates using (notice_id, document, lot_id)
join kept_notices notices using (notice_id, document)
left join buyers using (notice_id, document)
left join kept_lots lots using (notice_id, document, lot_id)
"""

_COLUMNS = "a.notice_id, a.document, a.lot_id, a.era <> b.era as across"
_LATER = f"a.notice_id <> b.notice_id and a.place < b.place and abs(a.date - b.date) <= {DAYS}"
_SAME_VALUE = f"abs(a.log_value - b.log_value) < {LOG_VALUE}"
_SAME_FIRMS = f"""case when a.numbers is not null and b.numbers is not null
    then a.numbers = b.numbers
    else len(list_intersect(a.words, b.words))
         >= {WORDS} * greatest(len(list_distinct(a.words || b.words)), 1) end"""

_TWICE = f"""
select {_COLUMNS} from all_signatures a join all_signatures b using (buyer, cpv5, currency)
where {_LATER} and {_SAME_VALUE} and {_SAME_FIRMS}
union
select {_COLUMNS} from all_signatures a join all_signatures b using (procedure_id, lot_id, numbers)
where {_LATER} and coalesce({_SAME_VALUE} and a.currency = b.currency, true)
"""


def published_twice(
    engine: Engine, tables: dict[str, nw.LazyFrame], *, across: bool
) -> nw.LazyFrame:
    """Lots that a later notice publishes again: of a later form (`across`) or of the same."""
    all_signatures = _signatures(engine, tables)  # noqa: F841 - DuckDB finds it by name
    twice = engine.sql(f"select distinct * from ({_TWICE})").filter(f"across = {across}")
    return lazy(twice).select(LOT)


def _signatures(engine: Engine, tables: dict[str, nw.LazyFrame]) -> Relation:
    """What tells one award from another, one row an awarded lot. DuckDB finds `kept_*` by name."""
    kept_awards, kept_notices = tables["awards"].to_native(), tables["notices"].to_native()  # noqa: F841
    kept_lots, kept_dates = tables["lots"].to_native(), tables["dates"].to_native()  # noqa: F841
    kept_won, kept_identified = tables["won"].to_native(), tables["identified"].to_native()  # noqa: F841
    return materialise(engine, "signatures", engine.sql(_SIGNATURES))
