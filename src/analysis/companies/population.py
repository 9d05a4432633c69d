"""The firms that could have bid: companies alive on 1 January, by activity, region and age.

Known bias: of firms that ceased before the first extract that was added the register knows nothing,
and young firms cease more often. Counts of earlier years are too low, of young firms most of all;
with the reuse extract of stopped enterprises they are not.
"""

from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pandas as pd

from analysis.companies.codes import form_group, region, seat_country
from analysis.contracts import Column, Table, keep
from analysis.notices.stages import Engine, Relation, materialise
from analysis.yaml_text import read_yaml

_CPV_NACE = Path(__file__).parent / "cpv_nace.yml"
_KINDS = {"nace_division": "string", "cpv_division": "string", "region": "string"}
_COUNTS = ("firms", "younger_5", "younger_10", "start_unknown")

POPULATION = Table(
    name="population",
    row="companies of one activity and region, alive on 1 January",
    key=("year", "nace_division", "region"),
    columns={
        "year": Column("Alive on 1 January of this year", "whole"),
        "nace_division": Column(
            "First two digits of the main activity; missing: none registered", "text", "", True
        ),
        "region": Column("Where the seat is, by its postal code; or unknown", "text"),
        "firms": Column("Companies alive", "whole", "count"),
        "younger_5": Column("Of them started less than five years before", "whole", "count"),
        "younger_10": Column("Of them started less than ten years before", "whole", "count"),
        "start_unknown": Column("Of them without a start date", "whole", "count"),
    },
)


def population(
    engine: Engine, register: Mapping[str, Relation], years: Iterable[int]
) -> pd.DataFrame:
    """Count the companies that were alive on 1 January of each year.

    Companies of private law only: no persons (of whom no activity and no place is kept), no
    associations, no public bodies, no partnerships, no companies under foreign law. Activity and
    seat are the last known ones. Where several main activities are registered, that of the list of
    2025 goes before 2008, then VAT (group 001) before social security (006) and others, then the
    lowest code. A company that ceased between two extracts counts until it is known to be gone.

    Parameters
    ----------
    engine : connection of the relations
    register : relations `companies`, `addresses`, `activities`, `lifespans` of the contracts
    years : the years to count

    Returns
    -------
    pandas frame that keeps POPULATION, sorted by its key
    """
    alive = _companies(engine, register)  # noqa: F841 - DuckDB finds it by name
    listed = ", ".join(f"({int(year)})" for year in sorted(set(years))) or "(null)"
    counts = engine.sql(
        f"""
        select year, nace_division, region, count(*) as firms,
               count(*) filter (day < start_date + interval 5 year) as younger_5,
               count(*) filter (day < start_date + interval 10 year) as younger_10,
               count(*) filter (start_date is null) as start_unknown
        from (select year, make_date(year, 1, 1) as day from (values {listed}) years(year)) years
        join alive on since <= day and coalesce(gone > day, true)
        group by all order by all"""
    )
    return keep(_frame(counts.df()), POPULATION)


def cpv_to_nace() -> dict[str, tuple[str, ...]]:
    """CPV division -> NACE divisions of the firms that could bid (D: our own design default)."""
    return {cpv: tuple(divisions) for cpv, divisions in _mapped().items()}


def by_cpv(counted: pd.DataFrame) -> pd.DataFrame:
    """Add up the firms that could bid for lots of each CPV division.

    Parameters
    ----------
    counted : frame that keeps POPULATION

    Returns
    -------
    pandas frame
        year, cpv_division, region and the counts, sorted; a firm counts under every CPV division
        that its activity answers to, so that CPV divisions do not add up.
    """
    pairs = [(cpv, nace) for cpv, divisions in _mapped().items() for nace in divisions]
    linked = pd.DataFrame(pairs, columns=["cpv_division", "nace_division"], dtype="string")
    rows = linked.merge(counted, on="nace_division")
    sums = rows.groupby(["year", "cpv_division", "region"], as_index=False)[list(_COUNTS)].sum()
    return _frame(sums)


@cache
def _mapped() -> dict[str, list[str]]:
    return read_yaml(_CPV_NACE.read_text(encoding="utf-8"))["divisions"]


def _companies(engine: Engine, register: Mapping[str, Relation]) -> Relation:
    """Companies of private law: since when, until when, what they do and where."""
    companies, lifespans = register["companies"], register["lifespans"]  # noqa: F841
    addresses, mains = register["addresses"], _mains(engine, register["activities"])  # noqa: F841
    return materialise(
        engine,
        "population_firms",
        engine.sql(
            f"""
            select start_date, coalesce(start_date, first_seen) as since,
                   coalesce(end_date, ceased_before) as gone, division as nace_division,
                   coalesce({region("postcode", seat_country("country"))}, 'unknown') as region
            from companies
            left join lifespans using (number) left join addresses using (number)
            left join mains using (number)
            where not is_natural_person and {form_group("legal_form")} = 'company'"""
        ),
    )


def _mains(engine: Engine, activities: Relation) -> Relation:
    """The division of one main activity a company."""
    found = engine.sql(
        """
        select number, arg_min(left(nace_code, 2), (
                   nace_version <> '2025', activity_group <> '001', activity_group <> '006',
                   activity_group, nace_code)) as division
        from activities
        where activity_class = 'main' and nace_version in ('2008', '2025') group by number"""
    )
    return materialise(engine, "main_divisions", found)


def _frame(rows: pd.DataFrame) -> pd.DataFrame:
    kinds = {name: _KINDS.get(name, "Int64") for name in rows.columns}
    return rows.astype(kinds).reset_index(drop=True)
