"""Companies that won, each counted once in every part: they cannot be added up afterwards."""

import pyarrow as pa

from analysis.cells.access_base import Engine, make
from analysis.contracts.access_cells import HEADLINE, PERIMETERS, WIDE

GROUPS = ("buyer_type", "cpv_division", "procedure", "value_band", "framework", "origin")
_FLAGS = ", ".join(PERIMETERS.values())
_HEADLINE = ", ".join(f"'{name}'" for name in HEADLINE)


def _named(column: str) -> str:
    """SQL for the name of a group as in RESULTS; flags are yes and no."""
    value = column
    if column == "framework":
        value = "case when framework then 'yes' when not framework then 'no' end"
    return f"'{column}=' || coalesce({value}, 'not-stated')"


_OF_HEADLINE = f"case when definition in ({_HEADLINE}) then "

# One row a company (or stated name) and all that tells parts apart; groups for headline only.
_WINNERS = f"""
select definition, year, {_FLAGS},
    {", ".join(f"{_OF_HEADLINE} {_named(c)} end as {c}" for c in GROUPS)},
    who, nameless, bool_or(answer) as yes, count(*) > count(answer) as in_doubt,
    sum(case when answer and framework is not true then coalesce(eur, 0) else 0 end) as eur
from access_answered join access_lots using (lot)
group by all
"""

_PARTS = """
select *, year::varchar as period, 'all' as "group" from access_winners
    where {flag} and year is not null
union all select *, '{whole}', 'all' from access_winners where {flag}
"""

_GROUP_PART = """
union all select *, '{whole}', {group} from access_winners where {flag} and {group} is not null
"""

_COUNTS = """
with per_company as (
    select definition, period, "group", who, bool_or(nameless) as nameless,
        coalesce(bool_or(yes), false) as yes, bool_or(in_doubt) as in_doubt, sum(eur) as eur
    from ({parts}) where {told} group by all
)
select definition, '{perimeter}' as perimeter, period, "group",
    sum(yes::int) as yes,
    sum((not yes and not in_doubt)::int) as no,
    sum((not yes and in_doubt and not nameless)::int) as unknown,
    sum((not yes and nameless)::int) as unlinked,
    sum(eur) as eur_yes,
    coalesce(max(eur), 0) as eur_first,
    coalesce(list_sort(list(eur), 'DESC')[2], 0) as eur_second
from per_company group by all
"""


def count_companies(engine: Engine, whole: str) -> pa.Table:
    """Companies of the definitions last answered, by perimeter, period and group.

    Parameters
    ----------
    engine : has `access_answered` and `access_lots`
    whole : name of the whole period
    """
    make(engine, "access_winners", _WINNERS)
    found = []
    for perimeter, flag in PERIMETERS.items():
        groups = "".join(_GROUP_PART.format(whole=whole, group=c, flag=flag) for c in GROUPS)
        parts = _PARTS.format(flag=flag, whole=whole) + groups
        told = "true" if perimeter in WIDE else f"definition in ({_HEADLINE})"
        query = _COUNTS.format(parts=parts, perimeter=perimeter, told=told)
        found.append(engine.sql(query).to_arrow_table())
    return pa.concat_tables(found)
