"""How the invented projects went: from phase to phase, until they stop, end, or the world does."""

import datetime as dt
from random import Random
from typing import Any, NamedTuple

from analysis.contracts.intake.pio import PHASES
from analysis.simulate.people import Organisation
from analysis.simulate.programme_base import MONTH, PROGRAMME, falls, in_time, weighed
from analysis.simulate.programme_bodies import Body
from analysis.simulate.programme_contracts import Award, found, own
from analysis.simulate.programme_deals import Deal, Trade, by_buyer

PROJECTS = PROGRAMME["projects"]
LATER = PHASES[2:]  # phases after submission and admission


class Course(NamedTuple):
    """How a project went: day of each phase it reached, of a stop, and its contracts."""

    reached: dict[str, dt.date]
    stopped: dt.date | None
    reason: str
    award: Award | None


class Supply(NamedTuple):
    """What projects draw on: bodies by number, contracts that fit, those used, firms, schools."""

    buyers: dict[str, Body]
    deals: dict[str, list[Deal]]
    used: set[str]
    firms: Trade
    schools: list[Organisation]


def supplied(bodies: list[Body], deals: list[Deal], firms: Trade) -> Supply:
    """Return what projects draw on, nothing used yet."""
    schools = [body.who for body in bodies if body.kind == "school" and body.buys]
    return Supply({body.number: body for body in bodies}, by_buyer(deals), set(), firms, schools)


def course(random: Random, asked: Any, project: str, supply: Supply) -> Course:
    """Let time pass from phase to phase until the project stops, ends, or the world does."""
    reached: dict[str, dt.date] = {"admissible": asked.decided}
    last, award, reason = asked.decided, None, ""
    for phase in LATER:
        if falls(random, PROJECTS["skipped"].get(phase, 0)):
            continue
        reason = weighed(random, PROJECTS["stop_reasons"])
        if falls(random, PROJECTS["stops"].get(phase, 0)):
            return Course(reached, in_time(last + _wait(random, phase)), reason, award)
        day = in_time(last + _wait(random, phase))
        if phase == "awarded":
            award = _awarded(random, asked.buyer, project, last, supply)
            day = award.day if award else None
            if day is None and asked.buyer in supply.deals:
                given_up = last + dt.timedelta(days=PROJECTS["contract_within"][1])
                return Course(reached, in_time(given_up), "no suitable tender", None)
        if day is None:
            break
        reached[phase] = last = day
    return Course(reached, None, "", award)


def _wait(random: Random, phase: str) -> dt.timedelta:
    """Return the time before a phase, shorter rather than longer."""
    low, high = PROJECTS["months"][phase]
    return dt.timedelta(days=int(MONTH * (low + (high - low) * random.random() ** 1.5)))


def _awarded(
    random: Random, buyer: str, project: str, tendered: dt.date, supply: Supply
) -> Award | None:
    who = supply.buyers[buyer].who
    award = found(random, supply.deals.get(buyer, []), supply.used, tendered)
    if award or who.body == "flemish-administration":  # whose every contract is one of the world
        return award
    return own(random, project, who, tendered, supply.firms)
