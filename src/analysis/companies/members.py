"""Who won, member by member: weights, origin, class, vehicles and new winners."""

from collections.abc import Mapping

from analysis.companies.answers import firm_classes
from analysis.companies.births import Births
from analysis.companies.codes import region, seat_country
from analysis.companies.parties import split
from analysis.contracts.access import MEMBERS
from analysis.notices.stages import Engine, Relation, deliver, lazy, materialise

MONTHS_BEFORE = 36  # methods.md 2.10: who won in this time before is not new


def members(
    engine: Engine,
    lots: Relation,
    winners: Relation,
    links: Relation,
    register: Mapping[str, Relation],
    births: Births,
) -> Relation:
    """Every member of every winner of an awarded lot.

    Parameters
    ----------
    engine : connection of the relations
    lots, winners : relations that keep LOT_RESULTS and WINNERS, all of them: who is new is seen
        against all lots
    links : relation that keeps LINKS, for the names of the winners
    register : relations `companies`, `addresses`, `sizes`, `lifespans` of the contracts
    births : what `births.births` says of the companies of `links`

    Returns
    -------
    Relation
        keeps MEMBERS. A winner splits 1/m over its m members. Where one contract was given to a
        partnership and to other firms with it, the partnership is dropped. A lot's weights add up
        to 1, and so do its value shares where they are known.
    """
    won = engine.sql(
        """
        select w.* rename (is_natural_person as stated_person, value_share as unit_share),
               '' as tender_id, winner::varchar as unit, awards = 1 as together, date as on_date
        from winners w join lots using (notice_id, document, lot_id)"""
    )
    placed = _placed(engine, split(engine, won, links, births), register)
    fresh = _new_winners(engine, placed, lots)  # noqa: F841
    classes = firm_classes(engine, placed, register, births)  # noqa: F841
    rows = engine.sql(
        f"""
        select placed.*, is_new_winner, {_CLASS} as firm_class,
               unit_share * units / units_kept / unit_members as value_share
        from placed left join fresh using (company_id, on_date)
        left join classes using (company_id, on_date)"""
    )
    return deliver(engine, MEMBERS, lazy(rows))


# The class that register and accounts give; where they show no size, the size in the notice.
_CLASS = """
    case when coalesce(is_person, stated_person and unit_members = 1, false) then 'person'
         when firm_class = 'unknown' and not is_startup and unit_members = 1 and size = 'large'
         then 'mature'
         when firm_class = 'unknown' and not is_startup and unit_members = 1 and size <> 'large'
         then 'other-sme'
         else coalesce(firm_class, 'unknown') end"""


def _placed(engine: Engine, parts: Relation, register: Mapping[str, Relation]) -> Relation:
    """Add where each member has its seat, else where the notice says that it is."""
    companies, addresses = register["companies"], register["addresses"]  # noqa: F841
    seat = region("a.postcode", seat_country("a.country"))
    stated = region(
        "p.postcode", "coalesce(p.country, case when p.number is not null then 'BE' end)"
    )
    rows = engine.sql(
        f"""
        select p.*, c.is_natural_person as is_person,
               coalesce({seat}, {stated}, 'unknown') as origin
        from parts p left join companies c on c.number = p.company_id
        left join addresses a on a.number = p.company_id"""
    )
    return materialise(engine, "placed_members", rows)


def _new_winners(engine: Engine, placed: Relation, lots: Relation) -> Relation:
    """Whether each company, on each day, had won nothing in the months before."""
    return engine.sql(
        f"""
        with days as (
            select distinct company_id, on_date from placed
            where company_id is not null and on_date is not null),
        before as (
            select *, lag(on_date) over (partition by company_id order by on_date) as last_win,
                   on_date - interval {MONTHS_BEFORE} month as since
            from days)
        select company_id, on_date,
               case when last_win >= since then false
                    when (select min(publication_date) from lots) <= since then true end
                 as is_new_winner
        from before"""
    )
