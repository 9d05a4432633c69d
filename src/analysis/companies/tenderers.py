"""Who bid, member by member, for lots of which every tender is known."""

from analysis.companies.births import Births
from analysis.companies.parties import split
from analysis.contracts.access import TENDERERS
from analysis.notices.identities import identities
from analysis.notices.stages import Engine, Relation, deliver, lazy, materialise


def bidders(engine: Engine, lots: Relation, bids: Relation, organisations: Relation) -> Relation:
    """Who bid for the awarded lots of which every tender is known, as the notices name them.

    Every tender is known where the notice lists losing tenders and at least as many different
    tenders as it says were received. A lot with one bid has no losing tender and is not here: the
    lots are those with competition, in the notices that publish who lost (eForms of BOSA).

    Parameters
    ----------
    engine : connection of the relations
    lots : relation that keeps LOT_RESULTS
    bids, organisations : relations that keep BIDS and ORGANISATIONS

    Returns
    -------
    Relation
        notice_id, document, lot_id, tender_id, unit (the organisation), won, on_date, and what
        linkage asks for: name, number, postcode, town, country, is_natural_person.
    """
    rows = engine.sql(
        """
        with complete as (
            select notice_id, document, lot_id, any_value(l.date) as on_date
            from bids join lots l using (notice_id, document, lot_id)
            where l.outcome = 'awarded'
            group by notice_id, document, lot_id
            having count(distinct tender_id) >= min(l.bids) and not bool_and(won))
        select notice_id, document, lot_id, tender_id, organisation_id, on_date, bool_or(won) as won
        from bids join complete using (notice_id, document, lot_id)
        group by all"""
    )
    known = materialise(engine, "complete_bids", rows)
    wanted = organisations.join(
        known.project("notice_id, document, organisation_id").distinct(),
        "notice_id, document, organisation_id",
        how="semi",
    )
    who = identities(engine, wanted)  # noqa: F841 - DuckDB finds it by name
    named = engine.sql(
        """
        select known.* rename (organisation_id as unit), name, number, postcode, town, country,
               is_natural_person
        from known left join who using (notice_id, document, organisation_id)"""
    )
    return materialise(engine, "bidders", named)


def tenderers(engine: Engine, bidders: Relation, links: Relation, births: Births) -> Relation:
    """Every member of every tender of those lots.

    Parameters
    ----------
    engine : connection of the relations
    bidders : as `bidders` gives them
    links : relation that keeps LINKS, for the names of the bidders too
    births : what `births.births` says of the companies of `links`

    Returns
    -------
    Relation
        keeps TENDERERS; the weights of a tender add up to 1.
    """
    parts = split(engine, bidders.project("*, true as together"), links, births)  # noqa: F841
    rows = engine.sql(
        """
        select * replace (row_number() over (
            partition by notice_id, document, lot_id, tender_id order by unit, member) as member)
        from parts"""
    )
    return deliver(engine, TENDERERS, lazy(rows))
