"""Stated winners linked to the companies of the register: number, then name and place.

A right number of the register links first, unless its company bears another name and the stated
name, form and place are those of one other company: then the number is held to be the slip. Else
the same name in the same place links, or a name borne by one firm alone where no place is stated;
else nearly the same name in the same place. The stated legal form must fit throughout. What cannot
be told apart is not linked, whatever the order of the rows.
"""

from collections.abc import Mapping

import pyarrow as pa

from analysis.companies.candidates import answer
from analysis.companies.decisions import apply
from analysis.companies.name_index import Engine, Relation, define, prepare
from analysis.companies.names import WORDS, is_partnership, members
from analysis.contracts.access import LINKS
from analysis.contracts.table import keep
from analysis.progress import shown

OTHER_NAME = 0.8  # a company whose names are less like the stated one bears another name
SAME_NAME = 0.9  # a member whose name is so like the company's is the one that the number means
_SPLIT = pa.schema(
    {
        "name": pa.string(),
        "part": pa.int64(),
        "parts": pa.int64(),
        "part_name": pa.string(),
        "is_vehicle": pa.bool_(),
    }
)
_STATED = """
create or replace temp table stated_ as select *, row_number() over () as id from (
    select name, number, postcode, country, coalesce(bool_or(is_natural_person), false) as is_person
    from stated_in group by all)
"""
# Every part of every stated name, and why the register is not asked about it. A town behind the
# name may stand behind or before the legal form: Janssens NV Gent, Janssens Gent NV.
_PARTS = """
create or replace temp table parts_ as
with towns as (
    select distinct trim(name_spelt(unnest([municipality_nl, municipality_fr]))) as town
    from (select distinct municipality_nl, municipality_fr from addresses_in)
    union select unnest({countries})),
spelt as (
    select s.*, coalesce(part, 1) as part, coalesce(parts, 1) as parts, part_name,
        coalesce(is_vehicle, false) as is_vehicle, name_spelt(coalesce(part_name, '')) as spelt,
        string_split(trim(spelt), ' ') as said, belgian_postcode(postcode) as code,
        code is null and trim(coalesce(postcode, '')) <> '' as is_odd_place
    from stated_ s left join splits_ using (name)),
cut as (
    select *, name_words(spelt) as w, name_words(short) as u from (
        select s.* exclude (said),
            name_unbranched(' ' || array_to_string({behind_said}, ' ') || ' ') as short
        from spelt s {towns_of_said}))
select cut.* exclude (w, u, short), coalesce(name_family(spelt), name_family(short)) as family,
    array_to_string(w, '') as key, array_to_string(list_sort(w), ' ') as ordered,
    array_to_string(list_sort({behind_u}), ' ') as unbranched,
    coalesce(country = 'BE' and not is_odd_place, false) as at_home,
    case when is_person then 'no-candidate' when length(spelt) < 3 then 'no-name'
        when country <> 'BE' or country is null and (is_odd_place or name_is_foreign(spelt))
        then 'foreign' end as unasked
from cut {towns_of_u}
"""
_QUESTIONS = """
create or replace temp table questions_ as
with places as (
    select postcode as code, list_sort(list(distinct town)) as towns from name_index
    where town is not null group by code)
select *, row_number() over () as question from (
    select distinct spelt, key, ordered, unbranched, family, towns, code as postcode,
        parts > 1 as joint, at_home, is_vehicle,
        name_is_group(spelt) and family is null as is_group
    from parts_ left join places using (code) where unasked is null)
"""
# A number of the register, and how like the names of its company are to the stated one.
_NUMBERED = """
create or replace temp table numbered_ as
select p.id, p.part, c.number as registered, round(max(greatest(
    jaro_winkler_similarity(p.key, n.key), jaro_winkler_similarity(p.ordered, n.ordered))), 4)
    as resemblance
from parts_ p join companies_in c using (number) left join name_index n using (number) group by all
"""
_CHOSEN = f"""
create or replace temp table chosen_ as
with told as (
    select p.*, n.registered, n.resemblance, a.* exclude (question, method, reason),
        a.method as by_name, coalesce(p.unasked, a.reason, 'no-candidate') as by_name_reason,
        case when n.registered is null then false
            when parts > 1 then coalesce(resemblance >= {SAME_NAME}, false)
            when resemblance < {OTHER_NAME} and best <> registered and by_name <> 'fuzzy'
                and by_name_reason = 'linked' and there then false
            when resemblance < {OTHER_NAME} and best <> registered and by_name <> 'fuzzy'
                and by_name_reason in ('linked', 'ambiguous') then null
            else true end as number_counts
    from parts_ p left join numbered_ n using (id, part)
        left join questions_ q on q.spelt = p.spelt and q.postcode is not distinct from p.code
            and q.joint = (parts > 1) and q.at_home = p.at_home and q.is_vehicle = p.is_vehicle
            and p.unasked is null
        left join answered_ a using (question)),
reasoned as (
    select *, case when number_counts then 'linked' when number_counts is null then 'ambiguous'
        when number is not null and parts = 1 and not coalesce(by_name_reason = 'linked'
            and there and by_name <> 'fuzzy', false) then 'not-in-register'
        else by_name_reason end as reason,
        parts = 1 and registered is not null and number_counts is not true as number_refused
    from told)
select id, part, reason, case when reason <> 'linked' then null when number_counts
        then registered else best end as company_id,
    case when reason <> 'linked' then 'none' when number_counts then 'number' else by_name
        end as method,
    case when number_counts then resemblance when reason = 'linked' then likeness end as score,
    case when number_refused then registered when best <> company_id
        or company_id is null then best else next end as runner_up,
    case when number_refused then resemblance when best <> company_id
        or company_id is null then likeness else next_likeness end as runner_up_score
from reasoned
"""
_LINKS = f"""
select {{columns}} from (
    select s.* exclude (id, is_person), p.part, p.parts,
        if(s.is_person, null, part_name) as part_name, c.* exclude (id, part)
    from chosen_ c join parts_ p using (id, part) join stated_ s using (id)) links
order by {", ".join(LINKS.key)}
"""
_ON_THE_WAY = (
    *("stated_", "parts_", "questions_", "numbered_", "chosen_"),
    *("same_", "answers_", "alike_", "nearest_"),
)


def link(
    engine: Engine,
    stated: Relation,
    register: Mapping[str, Relation],
    decisions: Relation | None = None,
    index: Relation | None = None,
) -> pa.Table:
    """Link every stated winner, or the members of a stated partnership, to a company.

    Parameters
    ----------
    engine : connection to which the relations belong
    stated : columns name, number (read from the notice, check digits right), postcode, country and
        is_natural_person; rows may repeat
    register : relations `companies`, `names` and `addresses` (contracts/companies.py)
    decisions : what persons decided (contracts/access.py DECISIONS), if anything
    index : result of name_index.prepare on this register, where there already is one

    Returns
    -------
    Arrow table
        LINKS, in the order of its key. A natural person is linked by number only, and its
        `part_name` is missing.

    Raises
    ------
    SourceError
        A decision names a company that the register does not have.
    """
    stated_in, companies_in = stated, register["companies"]  # noqa: F841
    addresses_in = register["addresses"]  # noqa: F841
    with shown("Linking winners to companies", 4) as advance:
        name_index = index if index is not None else prepare(engine, register)
        advance(1)
        define(engine)
        engine.execute(_STATED)
        splits_ = _splits(engine)  # noqa: F841
        engine.execute(
            _PARTS.format(**_townless("said"), **_townless("u"), countries=WORDS["countries"])
        )
        engine.execute(_QUESTIONS)
        advance(1)
        answered_ = answer(engine, name_index)  # noqa: F841
        engine.execute(_NUMBERED)
        engine.execute(_CHOSEN)
        advance(1)
        if decisions is not None:
            apply(engine, decisions, companies_in)
        links = engine.sql(_LINKS.format(columns=", ".join(LINKS.columns)))
        table = links.to_arrow_table().cast(LINKS.schema)
        _forget(engine, *([] if index is not None else ["prepared_names_"]))
        advance(1)
    return keep(table, LINKS)


def _forget(engine: Engine, *also: str) -> None:
    """Drop what was needed on the way; a prepared index that was handed in stays."""
    for name in (*_ON_THE_WAY, *also):
        engine.execute(f"drop table if exists temp.{name}")


def _townless(words: str) -> dict[str, str]:
    """SQL of a list of words without a town at its end, and of the joins that it needs."""
    joins = f"""left join towns one on one.town = {words}[-1]
        left join towns two on two.town = {words}[-2] || ' ' || {words}[-1]"""
    return {
        f"towns_of_{words}": joins,
        f"behind_{words}": f"""case when len({words}) > 2 and two.town is not null then {words}[:-3]
        when len({words}) > 1 and one.town is not null then {words}[:-2] else {words} end""",
    }


def _splits(engine: Engine) -> pa.Table:
    """The parts of every stated name; of a natural person there is nothing to split."""
    query = "select distinct name from stated_ where name is not null and not is_person order by 1"
    rows: dict[str, list] = {name: [] for name in _SPLIT.names}
    for (name,) in engine.execute(query).fetchall():
        found = members(name)
        for part, part_name in enumerate(found, start=1):
            vehicle = len(found) == 1 and is_partnership(name)
            for column, cell in zip(
                rows, (name, part, len(found), part_name, vehicle), strict=True
            ):
                rows[column].append(cell)
    return pa.table(rows, schema=_SPLIT)
