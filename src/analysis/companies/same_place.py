"""Older companies at the same address, in the same trade and of nearly the same name."""

from collections.abc import Mapping

from analysis.companies.codes import plain
from analysis.notices.stages import Engine, Relation, materialise

ALIKE = 0.85  # Jaro-Winkler (methods.md 2.4, rule i)
MONTHS = 24


def same_place(engine: Engine, firms: Relation, register: Mapping[str, Relation]) -> Relation:
    """For each company whether F01 can be asked, and the earliest start of what it meets.

    Blocked by address, then by activity, so that names are compared within a few pairs only.
    """
    places = _places(engine, firms, register["addresses"])
    mains = _mains(engine, places, register["activities"])  # noqa: F841
    companies, lifespans = register["companies"], register["lifespans"]  # noqa: F841
    near = engine.sql(
        f"""
        select distinct f.company_id, p.number, c.start_date
        from firms f join places a on a.number = f.company_id
        join places p on p.number <> f.company_id
          and (p.postcode, p.house, p.street) = (a.postcode, a.house, a.street)
        join mains m on m.number = f.company_id
        join mains n on n.number = p.number
          and (n.nace_version, n.nace) = (m.nace_version, m.nace)
        join companies c on c.number = p.number and c.start_date < f.start_date
        left join lifespans l on l.number = p.number
        where coalesce(coalesce(c.end_date, l.ceased_before)
                       >= f.start_date - interval {MONTHS} month, true)"""
    )
    near = materialise(engine, "near", near)
    numbers = near.project("number").union(firms.project("company_id"))
    spelt = _spelt(engine, numbers, register["names"])  # noqa: F841 - found by name, as above
    return engine.sql(
        f"""
        with older as (
            select near.company_id, min(near.start_date) as older_start_date
            from near join spelt a on a.number = near.company_id
            join spelt b on b.number = near.number
            where jaro_winkler_similarity(a.name, b.name) >= {ALIKE}
            group by near.company_id)
        select company_id, older_start_date,
               company_id in (select number from places) and
               company_id in (select number from mains) and
               company_id in (select number from spelt) as comparable
        from firms left join older using (company_id)"""
    )


def _places(engine: Engine, firms: Relation, addresses: Relation) -> Relation:
    """Addresses at which a company asked about has its seat, with every company there."""
    asked = engine.sql(  # noqa: F841
        "select distinct postcode, lower(house_number) as house "
        "from addresses semi join firms on number = company_id"
    )
    found = engine.sql(
        f"""
        select number, postcode, lower(house_number) as house,
               {plain("coalesce(street_nl, street_fr)")} as street
        from addresses semi join asked
          on (addresses.postcode, lower(house_number)) = (asked.postcode, asked.house)
        where coalesce(street_nl, street_fr) is not null"""
    )
    return materialise(engine, "places", found)


def _mains(engine: Engine, places: Relation, activities: Relation) -> Relation:
    """Main activities of the companies at those addresses, to four digits."""
    found = engine.sql(
        """
        select distinct number, nace_version, left(nace_code, 4) as nace
        from activities semi join places using (number)
        where activity_class = 'main' and length(nace_code) >= 4"""
    )
    return materialise(engine, "mains", found)


def _spelt(engine: Engine, numbers: Relation, names: Relation) -> Relation:
    """Plain names of companies, their units' left out."""
    found = engine.sql(
        f"""
        select distinct number, trim({plain("name")}) as name
        from names semi join numbers using (number)
        where unit is null and kind in ('name', 'commercial')"""
    )
    return materialise(engine, "spelt", found)
