"""The names of the register as they are compared, prepared once for all stated names."""

from collections.abc import Mapping

import duckdb

from analysis.companies.names import FAMILY_OF_CODE, MACROS
from analysis.progress import without_bars

Engine = duckdb.DuckDBPyConnection
Relation = duckdb.DuckDBPyRelation
_FAMILIES = ", ".join(f"'{code}': '{FAMILY_OF_CODE[code]}'" for code in sorted(FAMILY_OF_CODE))

# A postal code as its four digits; what is not Belgian in shape is none.
_PLACES = """
create or replace temp macro belgian_postcode(x) as nullif(
    regexp_extract(upper(x), '^\\s*(?:BE?\\s*-?\\s*)?([1-9][0-9]{3})(?:[^0-9].*)?$', 1), '');
"""
_FIRMS = f"""
select number, map {{{_FAMILIES}}}[legal_form] as family,
    belgian_postcode(postcode) as postcode, name_spelt(coalesce(municipality_nl, municipality_fr))
    as town
from companies_in left join addresses_in using (number) where not is_natural_person
"""
_NAMES = """
select number, min(rank) as rank, array_to_string(words, '') as key, words
from (
    select number, rank, name_words(spelt) as words from (
        select number, name_spelt(name) as spelt,
            min(case when unit is null and kind in ('name', 'abbreviation') then 1 else 2 end)
            as rank
        from names_in group by all)
    where length(spelt) > 2)
group by number, words
"""


def define(engine: Engine) -> None:
    """Define the macros with which names and places are compared, once an engine."""
    without_bars(engine).execute(MACROS + _PLACES)


def prepare(engine: Engine, register: Mapping[str, Relation]) -> Relation:
    """The register's names as linkage compares them, one row a company and different name.

    Parameters
    ----------
    engine : connection to which the relations of `register` belong
    register : relations `companies`, `names` and `addresses` (contracts/companies.py)

    Returns
    -------
    Relation
        number, family (of legal forms, null if unknown), postcode (four digits), town, rank (1 own
        name, 2 trade name or name of a unit), key (words without spaces), words (in order) and
        ordered (the words sorted). Materialised on `engine`, in the order of the columns.
    """
    define(engine)
    companies_in, names_in = register["companies"], register["names"]  # noqa: F841
    addresses_in = register["addresses"]  # noqa: F841
    engine.execute(f"create or replace temp table firms_ as {_FIRMS}")
    engine.execute(f"create or replace temp table firm_names_ as {_NAMES}")
    engine.execute(
        """create or replace temp table prepared_names_ as
        select number, family, postcode, town, rank, key, array_to_string(words, ' ') as words,
            array_to_string(list_sort(words), ' ') as ordered
        from firm_names_ join firms_ using (number)"""
    )
    engine.execute("drop table firms_; drop table firm_names_")
    return engine.table("prepared_names_")
