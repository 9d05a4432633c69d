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
        ("answer", pa.string()),  # yes or no; of firm-class the class
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
        concat_ws('+', {flags}) as perimeters
    from access_lots
), told as (
    select lot, who, weight, eur, origin, a.definition,
        case when a.answer then 'yes' else 'no' end as answer
    from access_members join given_answers a using (company_id, on_date)
    where a.answer is not null and a.definition in ({definitions})
    union all
    select lot, who, weight, eur, origin, '{classed}', firm_class from access_members
), grouped as (
    select *, 'all' as "group" from told
    union all
    select *, 'origin=' || origin from told
    where definition = '{classed}' and answer in ({classes})
)
select 'access' as theme, definition, answer, perimeters, year, "group",
    who::bigint as who, sum(weight)::double as lots,
    sum(case when framework then 0 else coalesce(eur, 0) end)::double as euros
from grouped join lots using (lot) group by all order by all
"""


def of_access(engine: duckdb.DuckDBPyConnection, answers: duckdb.DuckDBPyRelation) -> pa.Table:
    """The contributors of chapter 20, as COLUMNS.

    Parameters
    ----------
    engine : after `cells.access_cells`, which leaves its lots and winners behind
    answers : keeps ANSWERS

    Notes
    -----
    Groups are origins, of the classes that are judged by size. The other classes are there so that
    every lot is: in which perimeters a lot lies is public record.
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
    )
    answers.create_view("given_answers", replace=True)
    found = engine.sql(query).to_arrow_table().cast(COLUMNS)
    engine.execute("drop view given_answers")
    return found


def _quoted(names: Iterable[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
