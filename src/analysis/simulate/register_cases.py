"""Stated winners made from the invented register by known corruptions, with the truth beside them.

The truth and the oracle (how many firms a stated name, form and place fit) come from the parts of
which names were made, never from the spelling, so that they owe nothing to the linkage.
"""

from dataclasses import replace

import duckdb
import pyarrow as pa

from analysis.simulate.register import FIRST_NUMBER, PARTS
from analysis.simulate.register_corruptions import CORRUPTIONS, Case, Firm, partnerships

_FIELDS = "number, form, postcode, town, town(town) as town_name, language, root, name, other"


def _firms(where: str = "true", other: str = "''") -> str:
    return f"select *, {other} as other from sampled where {where}"


def _bearing(why: str) -> str:
    return f"select s.*, b.name as other from sampled s join bears b using (i) where why = '{why}'"


_ABBREVIATED = "|".join(PARTS["abbreviations"])
_COUNT = "(select count(*) from firms)"
_SIBLINGS = "is_sibling and name not like '% Group' and name not like '% Holding'"
# Which firms are corrupted in each way, and which other name or number it needs (SQL).
_DRAWN = {
    "accents and marks": _firms("name <> strip_accents(name) or name like '%&%'"),
    "word order": _firms("name like '% %'"),
    "abbreviation": _firms(f"regexp_matches(name, '{_ABBREVIATED}')"),
    "short name": _bearing("short"),
    "trade name": _bearing("trade"),
    "former name": _bearing("former"),
    "other language": _bearing("other language"),
    "former name, not in the register": _firms(other="called(i, 'forgotten', language)"),
    "truncated": _firms("length(name) > 12"),
    "group name only": _firms(_SIBLINGS),
    "not in the register": _firms(other="called(i + 900000000, 'name', language)"),
    "not in the register, name of another": _firms(
        other="called(-1 - draw(i, 'absent', 400000), 'name', 'nl')"
    ),
    "foreign": _firms(
        other="called(if(i % 2 = 0, -1 - draw(i, 'abroad', 400000), i + 800000000), 'name', 'fr')"
    ),
    "number of another": _firms(other=f"digits({FIRST_NUMBER} + (i + 777777) % {_COUNT})"),
    "several firms alike": "select *, '' as other from alike",
}


def draw_cases(engine: duckdb.DuckDBPyConnection, each: int = 400, seed: int = 1) -> list[Case]:
    """Label `each` cases of every kind, from the register that `register.build` made on `engine`.

    Returns
    -------
    list of Case
        With `fits` filled in by the oracle: for each name that is meant, the number of firms of
        which a name has the same words (or begins so, where the stated name was cut off), whose
        legal form is of the stated family (or none is stated) and whose seat has the stated postal
        code (or none is stated; of members of a partnership the place is not held to be stated).
    """
    engine.execute(_PREPARED.format(sampled=each * 60))
    cases: list[Case] = []
    for kind, corrupted in CORRUPTIONS.items():
        firms = _drawn(engine, _DRAWN.get(kind, _firms()), kind, seed, each)
        cases += map(corrupted, firms)
    for members in (2, 3):
        kind = f"partnership of {members}"
        cases += partnerships(kind, members, _drawn(engine, _firms(), kind, seed, each))
    told = _with_oracle(engine, cases)
    return [case for case in told if case.kind != "group name only" or not sum(case.fits)]


def _drawn(
    engine: duckdb.DuckDBPyConnection, rows: str, kind: str, seed: int, many: int
) -> list[Firm]:
    order = f"md5_number_lower(number || '{kind}/{seed}'), number, other limit {many}"
    found = engine.execute(f"select {_FIELDS} from ({rows}) order by {order}").fetchall()
    return [Firm(*row) for row in found]


# Firms to draw from; every name with what the oracle may know of it; firms that look alike.
_PREPARED = """
create or replace temp table sampled as select * from firms
where draw(i, 'sampled', (select count(*) from firms)) < {sampled};
create or replace temp table known as
select distinct number, identity(bears.name) as words, split_part(form, '_', 1) as family,
    postcode::varchar as postcode, lower(bears.name) as folded
from bears join firms using (number);
create or replace temp table alike as select * from firms where number in (
    select unnest(list(distinct number)) from known group by words, family, postcode
    having count(distinct number) > 1);
"""
_FITTING = """
with a as (select *, identity(meant) as words, lower(meant) as folded from asked),
pairs as (
    select a.*, number, k.family as has, k.postcode as seat from a join known k using (words)
    where not beginning
    union all
    select a.*, number, k.family, k.postcode from a join known k
        on k.folded[:6] = a.folded[:6] and starts_with(k.folded, a.folded) where beginning)
select case_, place, count(distinct number) from pairs
where coalesce(has = family, true) and coalesce(seat = postcode, true) group by all
"""


def _with_oracle(engine: duckdb.DuckDBPyConnection, cases: list[Case]) -> list[Case]:
    asked = [
        (at, place, name, case.beginning, case.families[place], _place(case))
        for at, case in enumerate(cases)
        for place, name in enumerate(case.meant)
    ]
    names = ("case_", "place", "meant", "beginning", "family", "postcode")
    columns = dict(zip(names, map(list, zip(*asked, strict=True)), strict=True))
    engine.register("asked", pa.table(columns))
    rows = engine.execute(_FITTING).fetchall()
    fits = {(at, place): many for at, place, many in rows}
    return [
        replace(case, fits=tuple(fits.get((at, n), 0) for n in range(len(case.meant))))
        for at, case in enumerate(cases)
    ]


def _place(case: Case) -> str | None:
    """The place that is stated of the firm; a partnership's is not that of every member."""
    return None if len(case.meant) > 1 else case.postcode
