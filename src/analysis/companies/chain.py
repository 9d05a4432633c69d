"""From stated winners to companies with answers: the steps of start-up access, in order."""

from collections.abc import Mapping
from typing import NamedTuple

import pyarrow as pa

from analysis.companies.answers import answers
from analysis.companies.births import births
from analysis.companies.linkage import link
from analysis.companies.members import members
from analysis.companies.perimeters import perimeters
from analysis.companies.tenderers import bidders, tenderers
from analysis.notices import Kept
from analysis.notices.stages import Engine, Relation, materialise

_STATED = "name, number, postcode, country, is_natural_person"


class WhoWon(NamedTuple):
    """What is known of those who won and who bid.

    `relations` keep MEMBERS, TENDERERS and ANSWERS, and `perimeters` has a flag for each perimeter
    and lot; `links` keeps LINKS, `births_log` counts what the rules on false births met.
    """

    relations: dict[str, Relation]
    links: pa.Table
    births_log: pa.Table


def who_won(
    engine: Engine,
    tables: Mapping[str, Relation],
    kept: Kept,
    register: Mapping[str, Relation],
    decisions: Relation | None = None,
) -> WhoWon:
    """Link winners and known bidders to the register, and ask every definition of them.

    Parameters
    ----------
    engine : connection of the relations
    tables : `bids` and `organisations` of the contracts
    kept : what the notice rules kept
    register : every table of the registers, as `Registers.relations` gives them
    decisions : what persons decided about doubtful names, if anything
    """
    bidding = materialise(
        engine, "bidders", bidders(engine, kept.lots, tables["bids"], tables["organisations"])
    )
    stated = kept.winners.project(_STATED).union(bidding.project(_STATED)).distinct()
    links = link(engine, materialise(engine, "stated", stated), dict(register), decisions)
    linked = engine.from_arrow(links)
    born = births(engine, linked, register)
    won = materialise(
        engine, "members", members(engine, kept.lots, kept.winners, linked, register, born)
    )
    bid = materialise(engine, "tenderers", tenderers(engine, bidding, linked, born))
    asked = won.project("company_id, on_date").union(bid.project("company_id, on_date")).distinct()
    found = {
        "members": won,
        "tenderers": bid,
        "answers": answers(engine, asked, register, born),
        "perimeters": materialise(engine, "perimeters", perimeters(engine, kept.lots, register)),
    }
    return WhoWon(found, links, born.log)
