"""The contracts of the world that the programmes know, and the firms that follow them."""

import datetime as dt
from collections.abc import Iterator
from itertools import islice
from math import sqrt
from random import Random
from typing import NamedTuple

from analysis.simulate.bidders import Draw
from analysis.simulate.contracts import Lot, Notice, Tender
from analysis.simulate.people import LAST_DAY, Organisation
from analysis.simulate.programme_base import PROGRAMME, grown, lives, some, spawn

PROJECTS, REGISTER = PROGRAMME["projects"], PROGRAMME["register"]
TRULY = ("award", "unpublished", "not yet")  # notices of a contract, each contract once
YOUNG = dt.timedelta(days=5 * 365)
Trade = dict[int, list[Organisation]]


class Deal(NamedTuple):
    """One lot that was awarded; `notice` is its award notice if there is one, amounts in cents.

    `tenders` are known only where the lot could be that of a project.
    """

    contract: str
    notice: str | None
    day: dt.date
    buyer: Organisation
    cpv: str
    procedure: str
    is_framework: bool
    estimate: int
    value: int
    winner: Organisation
    tenders: tuple[Tender, ...]
    won: tuple[int, ...]

    @property
    def procurement(self) -> str:
        """The contract that this lot is part of."""
        return self.contract.split("/")[0]

    @property
    def is_registered(self) -> bool:
        """The register of contracts of the Flemish administration has it."""
        return (
            self.buyer.body == "flemish-administration"
            and self.day.year >= REGISTER["first_year"]
            and self.estimate >= 100 * REGISTER["least"]
        )


def watched(notices: Iterator[Notice], deals: list[Deal], scale: float) -> Iterator[Notice]:
    """Yield the notices as they come, and keep in `deals` what the programmes know of them.

    In a larger world that is one contract in so many as the root of the scale.
    """
    every = max(1, round(sqrt(scale)))
    for notice in notices:
        is_flemish = notice.buyer.body.startswith("flemish")
        if is_flemish and notice.counts in TRULY and int(notice.contract[1:]) % every == 0:
            deals.extend(_deal(notice, lot) for lot in notice.lots if lot.won)
        yield notice


def _deal(notice: Notice, lot: Lot) -> Deal:
    won = lot.winning[0]
    fits = _could_be_of_a_project(lot)
    return Deal(
        f"{notice.contract}/{lot.number}",
        notice.id if notice.counts == "award" else None,
        notice.decided,
        notice.buyer,
        lot.cpv,
        notice.procedure,
        "framework" in notice.traits,
        lot.estimate,
        lot.value or 0,
        won.vehicle if won.told == "vehicle" and won.vehicle else won.members[0],
        lot.tenders if fits else (),
        lot.won,
    )


def _could_be_of_a_project(lot: Lot) -> bool:
    least, most = PROJECTS["contract_eur"]
    worth = 100 * least <= lot.estimate <= 100 * most
    return worth and lot.cpv[:2] in PROJECTS["contract_cpv"]


def by_buyer(deals: list[Deal]) -> dict[str, list[Deal]]:
    """Return the lots that could be of a project, by number of the buyer, in order of days."""
    found: dict[str, list[Deal]] = {}
    for deal in sorted(deals, key=lambda deal: (deal.day, deal.contract)):
        if deal.tenders:
            found.setdefault(deal.buyer.number[:10], []).append(deal)
    return found


def trade(seed: int, scale: float, draw: Draw) -> Trade:
    """Return by year the firms that follow the programmes, who were drawn on days of that year."""
    found: Trade = {}
    for year in range(PROGRAMME["calls"]["first_year"], LAST_DAY.year + 1):
        random, firms = spawn(seed, "trade", year), {}
        for sector in PROGRAMME["sectors"]:
            day = dt.date(year, 1, 1) + dt.timedelta(days=int(random.random() * 365))
            many = grown(PROGRAMME["trade"] / len(PROGRAMME["sectors"]), scale)
            for firm in islice(draw(random, day, sector, False), many):
                firms[firm.serial] = firm
        found[year] = list(firms.values())
    return found


def drawn(
    random: Random, firms: Trade, day: dt.date, many: int, met: set[int]
) -> list[Organisation]:
    """Return firms of the trade that exist on a day, none of those met; the young more often."""
    found: list[Organisation] = []
    there = [f for f in firms[day.year] if lives(f, day) and f.serial not in met]
    while there and len(found) < many:
        firm = some(random, there, [PROJECTS["young_more"] ** is_young(f, day) for f in there])
        there.remove(firm)
        found.append(firm)
    return found


def is_young(firm: Organisation, day: dt.date) -> bool:
    """Whether the firm truly began less than five years before."""
    return day - firm.born < YOUNG
