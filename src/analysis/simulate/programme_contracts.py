"""Contracts of the invented projects, of the world where one fits; tenderers, consultations."""

import datetime as dt
from collections.abc import Iterator
from math import ceil
from random import Random
from typing import Any, NamedTuple

from analysis.simulate.contracts import Tender
from analysis.simulate.people import Organisation
from analysis.simulate.programme_base import (
    MONTH,
    PROGRAMME,
    ROW,
    Truth,
    between,
    days,
    falls,
    in_time,
    known,
    lives,
    lognormal,
    number_on,
    pick,
    shuffled,
    some,
    weighed,
)
from analysis.simulate.programme_deals import Deal, Trade, drawn, is_young

PROJECTS, CONSULTED = PROGRAMME["projects"], PROGRAMME["consulted"]
UNKNOWN = PROJECTS["unknown"]


class Award(NamedTuple):
    """Contracts that a project gave on one day."""

    day: dt.date
    deals: tuple[Deal, ...]

    @property
    def bidders(self) -> list[Organisation]:
        """Every firm that made a bid, by itself or with others."""
        return [firm for deal in self.deals for bid in deal.tenders for firm in bid.members]


def found(random: Random, mine: list[Deal], used: set[str], tendered: dt.date) -> Award | None:
    """Return a contract of the world that this buyer gave within the time of the project."""
    least, most = PROJECTS["contract_within"]
    first, last = tendered + dt.timedelta(least), tendered + dt.timedelta(most)
    fits = [d for d in mine if first <= d.day <= last and d.procurement not in used]
    if not fits:
        return None
    more = PROJECTS["young_more"]
    chosen = some(random, fits, [more ** is_young(deal.winner, deal.day) for deal in fits])
    used.add(chosen.procurement)
    lots = [deal for deal in fits if deal.procurement == chosen.procurement]
    return Award(chosen.day, tuple(lots[:2]))


def own(
    random: Random, name: str, buyer: Organisation, tendered: dt.date, firms: Trade
) -> Award | None:
    """Return a contract that no notice told of, unless it comes after the end of the world."""
    facts = PROJECTS["own_contracts"]
    low, high = PROJECTS["months"]["awarded"]
    day = in_time(tendered + days(random, (low * MONTH, high * MONTH)))
    if day is None:
        return None
    estimate = 100 * (500 * ceil(lognormal(random, facts["median"], facts["sigma"]) / 500))
    bidders = drawn(random, firms, day, weighed(random, facts["bidders"]), set())
    tenders = tuple(Tender((f,), int(estimate * between(random, (0.8, 1)))) for f in bidders)
    won = int(random.random() * len(tenders))
    cpv = f"{pick(random, PROJECTS['contract_cpv'])}000000"
    deal = Deal(
        f"{name}/1", None, day, buyer, cpv, weighed(random, facts["procedures"]), False, estimate,
        tenders[won].cents, tenders[won].members[0], tenders, (won,),
    )  # fmt: skip
    return Award(day, (deal,))


def contract_rows(random: Random, project: str, award: Award) -> Iterator[tuple[str, Any]]:
    """Yield rows of the contracts of a project and of who tendered, and the truth, by table."""
    for n, deal in enumerate(award.deals, 1):
        contract = f"O{project[1:]}-{n}"
        item = "contract of the world" if deal.contract[0] == "C" else "contract beside the world"
        yield "truth", Truth("pio_contracts", contract, item, deal.contract)
        value = round(deal.value / 100, 2)
        yield "pio_contracts", ROW["pio_contracts"](
            contract, project, deal.day, known(random, UNKNOWN["value"], value), deal.procedure,
            deal.cpv, known(random, UNKNOWN["notice"], deal.notice),
        )  # fmt: skip
        for place, bid in enumerate(deal.tenders):
            for member, firm in enumerate(bid.members):
                letter = chr(ord("a") + member) if len(bid.members) > 1 else ""
                number = known(random, UNKNOWN["number"], number_on(firm, deal.day))
                about = (f"{place + 1}{letter}", number, firm.place.country, place in deal.won)
                yield "pio_bidders", ROW["pio_bidders"](contract, *about)


def consulted_rows(
    random: Random, project: Any, award: Award | None, firms: Trade, schools: list[Organisation]
) -> Iterator[Any]:
    """Yield who took part in a consultation: some of those that bid later, and others.

    Parameters
    ----------
    random : what is drawn comes from here
    project : its row
    award : its contracts
    firms : who follows the programmes
    schools : knowledge institutions
    """
    day = project.consulted
    bidding = award.bidders if award else []
    came: list[tuple[str, Organisation | None]] = [
        ("company", firm)
        for firm in {firm.serial: firm for firm in bidding if lives(firm, day)}.values()
        if falls(random, CONSULTED["bidders_come"])
    ]
    met = {firm.serial for firm in bidding}
    for _ in range(int(between(random, CONSULTED["participants"])) - len(came)):
        kind = weighed(random, CONSULTED["kinds"])
        there = [school for school in schools if school.serial not in met]
        some_firm = drawn(random, firms, day, 1, met) if kind == "company" else []
        some_school = [pick(random, there)] if kind == "knowledge-institution" and there else []
        who = next(iter(some_firm + some_school), None)
        met |= {who.serial} if who else set()
        came.append((kind, who))
    for n, (kind, who) in enumerate(shuffled(random, came), 1):
        number = known(random, UNKNOWN["number"], number_on(who, day) if who else None)
        country = who.place.country if who else "BE"
        yield ROW["pio_consulted"](project.project, str(n), number, country, kind)
