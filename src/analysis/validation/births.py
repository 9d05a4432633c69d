"""W4: numbers that are new and firms that are not. All invented.

From November 2018 on every temporary partnership needs a number, so that 3 % of the lots go to
numbers of a month old. Start-ups win 6 % before and after. Some old firms go on under a new number.
"""

import datetime as dt
from functools import cache
from typing import NamedTuple

import numpy as np

from analysis import contracts
from analysis.companies.answers import answers
from analysis.companies.births import births
from analysis.companies.definitions import Definition, definitions
from analysis.inference.bounds import Tally, observed_share
from analysis.simulate.worlds.claims import Claim, Outcome, World, fails, unbiased
from analysis.validation.invented import (
    BV,
    MAATSCHAP,
    NV,
    Rows,
    engine,
    firm,
    register,
    relation,
    surname,
)

DAYS = {"before": dt.date(2018, 6, 1), "after": dt.date(2019, 6, 1)}
LOTS = 400  # of each year, each won by another firm
STARTUPS, VEHICLES, REBORN = 0.06, 0.03, 0.005
HIDDEN = 0.04  # vehicles of which neither form nor name says so
PROJECTS = 0.1  # vehicles that are companies for one project
SHARED = 0.2  # start-ups in a house of many firms
ANY_ENTITY, START_UP = "younger-than-5", "startup-5"
WITHIN = 0.003


class Winner(NamedTuple):
    """Rows of the register, what the winner is, and who else is in the register through it."""

    rows: Rows
    is_startup: bool
    is_false: bool
    others: tuple[Rows, ...] = ()


def replicate(random: np.random.Generator) -> dict[str, Outcome]:
    """The winners of two years, judged by the rules on births and asked two definitions."""
    winners = {
        when: [_winner(random, when, LOTS * 10 * n + 10 * place) for place in range(LOTS)]
        for n, when in enumerate(DAYS)
    }
    said, flagged = _judged(winners)
    truth = {when: float(np.mean([one.is_startup for one in of])) for when, of in winners.items()}
    jump = {name: said[name, "after"] - said[name, "before"] for name in (ANY_ENTITY, START_UP)}
    real = truth["after"] - truth["before"]
    return {
        "start-ups, after": Outcome(truth["after"], said[START_UP, "after"]),
        "start-ups, change": Outcome(real, jump[START_UP]),
        "any young entity, change": Outcome(real, jump[ANY_ENTITY]),
        **_quality(winners, flagged),
    }


def _winner(random: np.random.Generator, when: str, place: int) -> Winner:
    """A winner: a vehicle (after), a re-birth, a start-up or an older firm."""
    kind, day = random.random(), DAYS[when]
    vehicles = VEHICLES if when == "after" else 0.0
    if kind < vehicles:
        return Winner(_vehicle(random, place, day - dt.timedelta(30)), False, True)
    if kind < vehicles + REBORN:
        return _reborn(random, place, day)
    if kind < vehicles + REBORN + STARTUPS:
        start = day - dt.timedelta(int(random.integers(30, 5 * 365)))
        return _startup(random, place, start)
    return Winner(
        firm(place, day - dt.timedelta(int(random.integers(6 * 366, 30 * 365)))), False, False
    )


def _vehicle(random: np.random.Generator, place: int, start: dt.date) -> Rows:
    members = f"{surname(place)} - {surname(place + 5000)}"
    kind = random.random()
    if kind < HIDDEN:
        return firm(place, start, form=NV)
    if kind < HIDDEN + PROJECTS:
        return firm(place, start, form=NV, name=f"DBFM {members}")
    return firm(place, start, form=MAATSCHAP, name=f"THV {members}")


def _startup(random: np.random.Generator, place: int, start: dt.date) -> Winner:
    """A start-up, alone or in a house where an older firm has another trade."""
    if random.random() >= SHARED:
        return Winner(firm(place, start), True, False)
    older = firm(place + 1, dt.date(2001, 1, 1), house=f"{place}", nace="70220")
    return Winner(firm(place, start), True, False, (older,))


def _reborn(random: np.random.Generator, place: int, day: dt.date) -> Winner:
    """An older firm that goes on under a new number: same house, trade and workers."""
    start = day - dt.timedelta(int(random.integers(400, 3 * 365)))
    name = f"{surname(place)} Software"
    older = firm(place + 1, dt.date(2001, 1, 1), name=name, house=f"{place}")
    new = firm(place, start, name=f"{name} Services", form=BV, workers=25.0)
    return Winner(new, False, True, (older,))


def _judged(
    winners: dict[str, list[Winner]],
) -> tuple[dict[tuple[str, str], float], dict[str, bool]]:
    """Shares among the known by definition and year, and whom the rules call no birth."""
    known = _definitions()
    numbers = {
        one.rows["companies"][0]["number"]: when for when, of in winners.items() for one in of
    }
    with engine() as made:
        firms = [rows for of in winners.values() for one in of for rows in (one.rows, *one.others)]
        held = register(made, firms)
        asked = relation(made, contracts.LINKS, [{"company_id": key} for key in numbers])
        born = births(made, asked, held)
        days = ", ".join(f"('{key}', date '{DAYS[when]}')" for key, when in numbers.items())
        on = made.sql(f"select * from (values {days}) as asked(company_id, on_date)")
        told = (
            answers(made, on, held, born, known)
            .project("company_id, definition, answer")
            .fetchall()
        )
        judged = born.companies.project(
            "company_id, coalesce(is_partnership or is_project_company or is_false_birth, false)"
        ).fetchall()
    shares = {
        (name, when): _share([a for c, d, a in told if d == name and numbers[c] == when])
        for name in known
        for when in DAYS
    }
    return shares, dict(judged)


@cache
def _definitions() -> dict[str, Definition]:
    """The two definitions, read once."""
    known = definitions()
    return {name: known[name] for name in (ANY_ENTITY, START_UP)}


def _share(said: list[bool | None]) -> float:
    yes, no = said.count(True), said.count(False)
    return observed_share(Tally(yes=yes, no=no, unknown=len(said) - yes - no))


def _quality(winners: dict[str, list[Winner]], flagged: dict[str, bool]) -> dict[str, Outcome]:
    """Precision and recall of the rules on births."""
    false = {
        one.rows["companies"][0]["number"]: one.is_false for of in winners.values() for one in of
    }
    right = sum(flagged[key] for key, is_false in false.items() if is_false)
    called, there = sum(flagged.values()), sum(false.values())
    return {
        "rules on births, precision": Outcome(1.0, right / called if called else np.nan),
        "rules on births, recall": Outcome(1.0, right / there if there else np.nan),
    }


WORLD = World(
    "W4",
    "New numbers of old firms",
    "Start-ups win 6 % of the lots before and after; after, 3 % go to vehicles of a month old.",
    replicate,
    (
        unbiased("The share of start-ups is right after.", "start-ups, after", within=WITHIN),
        unbiased("It does not change with the law.", "start-ups, change", within=WITHIN),
        Claim("Who is called no birth is none.", "rules on births, precision", "mean", low=0.9),
        Claim("Who is no birth is called so.", "rules on births, recall", "mean", low=0.9),
        fails(
            "Young entities of any kind jump in 2019.",
            "any young entity, change",
            "bias",
            low=0.02,
        ),
    ),
)
