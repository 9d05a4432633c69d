"""An invented register of companies of any size, in which half of the firms share a name.

Every draw is an MD5 of the firm's serial number, so that the same seed gives the same register
whatever the machine, the number of threads or the version of the engine.
"""

from importlib import resources
from typing import Any

import duckdb

from analysis.progress import without_bars
from analysis.yaml_text import read_yaml

PARTS: dict[str, Any] = read_yaml(
    resources.files(__package__).joinpath("register.yml").read_text(encoding="utf-8")
)
FIRST_NUMBER = 15_000_000  # decades ahead of the numbers that the register has given out
_TOWNS = 580


def _list(words: list[str]) -> str:
    return "[" + ", ".join("'" + word.replace("'", "''") + "'" for word in words) + "]"


def _by_weight() -> list[str]:
    return [family for family, form in PARTS["forms"].items() for _ in range(form[1])]


def _codes() -> str:
    pairs = ", ".join(f"'{family}': '{form[0]}'" for family, form in PARTS["forms"].items())
    return f"map {{{pairs}}}"


def macros(seed: int) -> str:
    """SQL macros that draw: `draw(x, salt, sides)` from 0 to sides - 1, and the parts of names."""
    prefixes, stems, endings = (
        _list(PARTS[f"surname_{k}"]) for k in ("prefixes", "stems", "endings")
    )
    dutch, french = (_list([pair[side] for pair in PARTS["sectors"]]) for side in (0, 1))
    return f"""
create or replace temp macro draw(x, salt, sides) as
    (md5_number_lower(x || '/' || salt || '/{seed}') % sides)::bigint;
create or replace temp macro digits(n) as (n * 100 + 97 - n % 97)::varchar;
create or replace temp macro pick(words, n) as words[(n % len(words) + 1)::int];
create or replace temp macro surname(n) as pick({prefixes}, n)
    || pick({stems}, n // 8) || pick({endings}, n // (8 * {len(PARTS["surname_stems"])}));
create or replace temp macro given(n) as pick({_list(PARTS["first_names"])}, n);
create or replace temp macro brand(n) as upper(pick({_list(PARTS["syllables"])}, n)[1])
    || pick({_list(PARTS["syllables"])}, n)[2:]
    || pick({_list(PARTS["syllables"])}, n // 97)
    || pick({_list(PARTS["brand_endings"])}, n // 9973);
create or replace temp macro sector(n, language) as
    if(language = 'fr', pick({french}, n), pick({dutch}, n));
create or replace temp macro shop(n) as pick({_list(PARTS["small_shops"])}, n);
create or replace temp macro name_of(id, kind, n, m, language) as case
    when kind < 26 then surname(n) || ' ' || sector(m, language)
    when kind < 40 then sector(m, language) || ' ' || surname(n)
    when kind < 52 then given(m) || ' ' || surname(n)
    when kind < 58 then surname(n) || ' & ' || surname(m)
    when kind < 61 then 'Gebroeders ' || surname(n)
    when kind < 63 then surname(n) || ' & Zonen'
    when kind < 65 then sector(m, language) || ' ' || shop(n)
    when kind < 80 then brand(n) || ' ' || sector(m, language)
    when kind < 92 then brand(n)
    when kind < 95 then brand(n) || ' Group'
    when kind < 97 then brand(n) || ' Holding'
    else brand(n) || ' ' || brand(m) end;
create or replace temp macro root(id, salt) as if(draw(id, salt || 'kind', 100) < 65,
    surname(draw(id, salt || 'n', 1000003)), brand(draw(id, salt || 'n', 1000003)));
create or replace temp macro called(id, salt, language) as name_of(id,
    draw(id, salt || 'kind', 100), draw(id, salt || 'n', 1000003),
    draw(id, salt || 'm', 999983), language);
create or replace temp macro town(n) as pick({_list(PARTS["towns"][0])}, n)
    || pick({_list(PARTS["towns"][1])}, n // {len(PARTS["towns"][0])});
create or replace temp macro identity(name) as list_sort(regexp_split_to_array(
    trim(regexp_replace(lower(name), '[ &''-]+', ' ', 'g')), ' '));
"""


def _firms(firms: int) -> str:
    """SQL: one row a firm. Many draw the id of their name from so few ids that they share it."""
    return f"""
select i, digits({FIRST_NUMBER} + i) as number,
    pick({_list(_by_weight())}, draw(i, 'form', 100)) as form,
    i % 2 = 1 and draw(i, 'sibling', 50) < {PARTS["siblings"]} as is_sibling,
    if(is_sibling, i - 1, i) as eldest,
    (power(draw(eldest, 'town', 1000000) / 1e6, 1.6) * {_TOWNS})::int as town,
    1000 + town * 15 + draw(eldest, 'part', 1 + town % 4) * 3 as postcode,
    if(draw(eldest, 'tongue', 100) < 58, 'nl', 'fr') as language,
    case when draw(eldest, 'shared', 100) < {PARTS["share_of_a_kind"]} then eldest
         else -1 - (power(draw(eldest, 'which', 1000000) / 1e6, 1.5) * {firms // 4})::bigint
         end as name_id,
    root(name_id, 'name') as root, draw(i, 'more', 1000) as more,
    case when is_sibling then root || ' ' || sector(draw(i, 'sector', 1000), language)
         else called(name_id, 'name', if(name_id < 0, 'nl', language)) end as name
from range({firms}) t(i)
"""


# The further names of a firm, by its draw `more`: another language, a short name, a trade name,
# the name of a unit, a name it had before and that an older extract still tells.
_NAMES = """
select i, number, null as unit, language, 'name' as kind, name, 'own' as why from firms
union all
select i, number, null, if(language = 'nl', 'fr', 'nl'), 'name', translated, 'other language'
from (select *, called(name_id, 'name', if(language = 'nl', 'fr', 'nl')) as translated from firms)
where more < 60 and name_id >= 0 and not is_sibling and translated <> name
union all
select i, number, null, language, 'abbreviation', short, 'short' from
(select *, array_to_string(list_transform(string_split(name, ' '), lambda w: upper(w[1])), '')
 || pick(['', ' ' || town(town)], i) as short from firms) where more between 60 and 119
union all
select i, number, null, language, 'commercial', called(i, 'trade', language), 'trade'
from firms where more between 120 and 319
union all
select i, number, '2' || number[2:], language, 'branch', called(i, 'branch', language), 'unit'
from firms where more between 320 and 369
union all
select i, number, null, null, 'name', called(i, 'former', language), 'former'
from firms where more between 370 and 429
"""


def build(
    engine: duckdb.DuckDBPyConnection, firms: int = 2_000_000, seed: int = 1
) -> dict[str, duckdb.DuckDBPyRelation]:
    """Make the register on `engine`.

    Parameters
    ----------
    engine : connection that keeps the temp tables `firms` (with the parts of each name), and the
        macros that drew them
    firms : how many legal persons
    seed : another seed, another register

    Returns
    -------
    dict
        Relations `companies`, `names` and `addresses` as in contracts/companies.py.
    """
    without_bars(engine).execute(macros(seed))
    engine.execute(f"create or replace temp table firms as {_firms(firms)}")
    engine.execute(f"create or replace temp table bears as {_NAMES}")
    engine.execute(
        f"""create or replace temp table companies as
        select number, false as is_natural_person, {_codes()}[form] as legal_form,
            null::varchar as legal_form_cac, '000' as situation,
            date '1970-01-01' + draw(i, 'start', 20000)::int as start_date,
            date '2026-01-04' as snapshot_date from firms;
        create or replace temp table names as
        select distinct number, unit, language, kind, name from bears;
        create or replace temp table addresses as
        select number, postcode::varchar as postcode, town(town) as municipality_nl,
            town(town) as municipality_fr, 'België' as country, null::date as struck_off
        from firms"""
    )
    return {name: engine.table(name) for name in ("companies", "names", "addresses")}
