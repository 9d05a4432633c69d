"""Partnerships resolved to their members: of winners and of tenders, by the same rules.

A partnership is its members. Its own number is never judged as a firm: where its members are named,
it is dropped; where they are not, it stays as one member of which the company is not known.
"""

from analysis.companies.births import Births
from analysis.companies.codes import partnership_name, plain
from analysis.notices.stages import Engine, Relation, materialise

STATED = ("name", "number", "postcode", "country")


def split(engine: Engine, units: Relation, links: Relation, births: Births) -> Relation:
    """Split what stands in a notice as one winner or tenderer into its members.

    Parameters
    ----------
    engine : connection of the relations
    units : notice_id, document, lot_id, tender_id, unit (text), the four columns STATED, and
        `together`: all units of the lot and tender won or bid together
    links : relation that keeps LINKS
    births : what `births.births` says of the companies of `links`

    Returns
    -------
    Relation
        The columns of `units`, with member (from 1 within the unit), weight (adds up to 1 over the
        lot and tender), units and units_kept (of the lot and tender), unit_members, company_id,
        method, is_vehicle, is_false_birth.
    """
    judged = births.companies  # noqa: F841 - DuckDB finds it by name, and `units`, `links` too
    return materialise(engine, "members_of_units", engine.sql(_MEMBERS))


_PARTY = "notice_id, document, lot_id, tender_id"
_SAME = " and ".join(f"u.{name} is not distinct from l.{name}" for name in STATED)
_NAMED_SO = partnership_name(f"({plain('u.name')})")
_MEMBERS = f"""
with parts as (
    select u.*, coalesce(l.part, 1) as part, l.company_id as linked, l.method as by_method,
           case when l.company_id is not null then coalesce(b.is_partnership, false)
                else {_NAMED_SO} and coalesce(l.parts, 1) = 1
           end as is_partnership,
           b.is_project_company, b.is_false_birth as false_birth
    from units u left join links l on {_SAME}
    left join judged b on b.company_id = l.company_id),
known as (
    select *, count(*) over unit_ as unit_members,
           row_number() over (partition by {_PARTY}, unit order by part) as member,
           coalesce(bool_and(is_partnership) over unit_, false) as unit_is_partnership
    from parts window unit_ as (partition by {_PARTY}, unit)),
counted as (
    select *, count(distinct unit) over party as units,
           count(distinct unit) filter (not unit_is_partnership) over party as firms
    from known window party as (partition by {_PARTY}))
select * exclude (linked, by_method, is_partnership, is_project_company, false_birth, part,
                  unit_is_partnership, firms),
       case when together and firms > 0 then firms else units end as units_kept,
       1::double / units_kept / unit_members as weight,
       case when not is_partnership then linked end as company_id,
       case when not is_partnership then coalesce(by_method, 'none') else 'none' end
         as method,
       case when is_partnership then true when linked is not null then is_project_company
       end as is_vehicle,
       case when not is_partnership then false_birth end as is_false_birth
from counted
where not (together and firms > 0 and unit_is_partnership)"""
