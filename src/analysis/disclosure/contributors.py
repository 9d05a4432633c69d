"""Which enterprises stand behind the linked figures of chapter 20.

Other themes make the same table of their own: a row for each enterprise in each of the smallest
parts that their figures tell apart.
"""

from collections.abc import Iterable

import duckdb
import pyarrow as pa

from analysis.contracts.access_cells import PERIMETERS
from analysis.disclosure.nesting import (
    CLASSED,
    SIZED_CLASSES,
    UNDATED,
    implied,
    linked_definitions,
)

COLUMNS = pa.schema(
    [
        ("theme", pa.string()),  # as indicators begin: access
        ("definition", pa.string()),
        ("answer", pa.string()),  # yes or no; of firm-class a class that is judged by size
        ("perimeters", pa.string()),  # all that hold the contract, sorted, joined by +
        ("year", pa.string()),  # or `undated`
        ("group", pa.string()),
        ("who", pa.int64()),  # the enterprise, by any number
        ("lots", pa.float64()),  # its parts of lots or contracts
        ("euros", pa.float64()),
    ]
)

_ACCESS = """
with lots as (
    select lot, framework is true as framework, coalesce(year::varchar, '{undated}') as year,
        coalesce(year(publication_date)::varchar, '{undated}') as published,
        concat_ws('+', {flags}) as perimeters, coalesce(flemish_public, false) as is_public
    from access_lots
), told as (
    select lot, who, weight, eur, origin, a.definition,
        case when a.answer then 'yes' else 'no' end as answer
    from access_members join given_answers a using (company_id, on_date)
    where a.answer is not null and a.definition in ({definitions})
    union all
    select lot, who, weight, eur, origin, '{classed}', firm_class from access_members
    where firm_class in ({classes})
), placed as (
    select * from told join lots using (lot)
), grouped as (
    select *, year as of_year, 'all' as "group" from placed
    union all
    select *, year, 'origin=' || origin from placed where definition = '{classed}'
    union all
    select placed.*, case cut.date when 'contract' then year else published end,
        'date=' || cut.date || ',framework=' || cut.framework
    from placed join (values {cuts}) cut(date, framework)
        on is_public and (cut.framework = 'in' or (cut.framework = 'yes') = placed.framework)
    where definition <> '{classed}'
)
select 'access' as theme, definition, answer, perimeters, of_year as year, "group",
    who::bigint as who, sum(weight)::double as lots,
    sum(case when framework then 0 else coalesce(eur, 0) end)::double as euros
from grouped group by all order by all
"""
BETWEEN = "framework=yes"  # frameworks alone: what counting them or not leaves over
_CUTS = (
    *(("contract", "out"), ("contract", "yes")),
    *(("publication", "in"), ("publication", "out"), ("publication", "yes")),
)


def of_access(engine: duckdb.DuckDBPyConnection, answers: duckdb.DuckDBPyRelation) -> pa.Table:
    """The contributors of chapter 20, as COLUMNS.

    Parameters
    ----------
    engine : after `cells.access_cells`, which leaves its lots and winners behind
    answers : keeps ANSWERS

    Notes
    -----
    Groups of the multiverse are `date=...,framework=...`, of which `framework=yes` is what lies
    between counting frameworks and not; of the classes they are origins.
    """
    near = {definition for pair in implied() for definition in pair}
    asked = sorted((linked_definitions() | near) - {CLASSED})
    flags = ", ".join(f"case when {flag} then '{p}' end" for p, flag in sorted(PERIMETERS.items()))
    query = _ACCESS.format(
        undated=UNDATED,
        flags=flags,
        definitions=_quoted(asked),
        classed=CLASSED,
        classes=_quoted(SIZED_CLASSES),
        cuts=", ".join(f"('{date}', '{framework}')" for date, framework in _CUTS),
    )
    answers.create_view("given_answers", replace=True)
    found = engine.sql(query).to_arrow_table().cast(COLUMNS)
    engine.execute("drop view given_answers")
    return found


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
