"""The invented 'kopen bij start-ups': actions, barriers, the project group, and the marketplace."""

import datetime as dt
from collections.abc import Iterator
from random import Random
from typing import Any, NamedTuple

from analysis.simulate.people import LAST_DAY, Organisation
from analysis.simulate.programme_base import (
    PROGRAMME,
    ROW,
    Told,
    days,
    falls,
    grown,
    in_time,
    known,
    lives,
    poisson,
    some,
    spawn,
)
from analysis.simulate.programme_bodies import Body, eligible
from analysis.simulate.programme_deals import Trade, drawn

STARTUPS = PROGRAMME["startups"]
MARKET = STARTUPS["marketplace"]
STANDINGS = {"u": "unchanged", "l": "lower", "r": "removed", "h": "higher", "?": None}
Need = tuple[dt.date, str, tuple[str | None, dt.date | None, str | None]]
AWARDED_AFTER = (60, 260)  # days from the need


class Market(NamedTuple):
    """Who may come to the marketplace: who follows the programmes, who won a project."""

    firms: Trade
    winners: dict[str, Organisation]


class Firm(NamedTuple):
    """A firm on the marketplace, from a day until another if it left."""

    who: Organisation
    registered: dt.date
    left: dt.date | None


def project_group() -> Told:
    """Return actions, barriers and members of the project group; the file of settings has them."""
    actions = [
        ROW["startup_actions"](
            name, measure, f"Verzonnen actie: {what}", owner, planned, done or None, progress,
            f"Verzonnen jaarverslag {done.year}" if done else None,
        )
        for name, (measure, what, planned, done, progress, owner) in STARTUPS["actions"].items()
    ]  # fmt: skip
    members = [
        ROW["project_group"](
            who, since, until or None, role, STARTUPS["mandate"] if n == 0 else None
        )
        for n, (who, since, until, role) in enumerate(STARTUPS["group"])
    ]
    tables = {"startup_actions": actions, "startup_barriers": list(_barriers())}
    return Told(tables | {"project_group": members}, [])


def _barriers() -> Iterator[Any]:
    for barrier, (action, letters) in STARTUPS["barriers"].items():
        for year, letter in enumerate(letters, STARTUPS["barriers_from"]):
            standing = STANDINGS[letter]
            moved = standing not in (None, "unchanged")
            note = "Verzonnen toelichting bij de evolutie" if moved else None
            evidence = f"Verzonnen verslag {year}" if moved else None
            yield ROW["startup_barriers"](barrier, year, standing, action or None, note, evidence)


def marketplace(
    seed: int, scale: float, bodies: list[Body], pio: dict[str, list[Any]], market: Market
) -> Told:
    """Return the needs and the firms of the marketplace; some needs are projects of PIO."""
    projects = list(_of_projects(seed, pio))
    listed = _firms(seed, scale, market.firms, _winners(seed, projects, market.winners))
    rows = [
        ROW["marketplace_firms"](firm.who.number[:10], firm.registered, firm.left)
        for firm in listed
    ]
    posted = [*projects, *_of_bodies(seed, scale, bodies, listed)]
    counts: dict[int, int] = {}
    needs = []
    for day, buyer, facts in sorted(posted, key=lambda need: (need[:2], need[2][0] or "")):
        counts[day.year] = counts.get(day.year, 0) + 1
        random = spawn(seed, "need", day, buyer, counts[day.year])
        closed = in_time(day + days(random, MARKET["days"]))
        needs.append(
            ROW["marketplace_needs"](
                f"N-{day.year}-{counts[day.year]:02d}", buyer, day,
                known(random, MARKET["unknown"]["closed"], closed),
                known(random, MARKET["unknown"]["responses"], poisson(random, MARKET["responses"])),
                *facts,
            )
        )  # fmt: skip
    return Told({"marketplace_needs": needs, "marketplace_firms": rows}, [])


def _winners(
    seed: int, needs: list[Need], winners: dict[str, Organisation]
) -> Iterator[tuple[dt.date, Organisation]]:
    """Yield the winners of projects that were found on the marketplace, from the need on."""
    for day, _, (project, awarded, _) in needs:
        who = winners.get(project or "")
        is_registered = falls(spawn(seed, "winner", project), MARKET["registered_winner"])
        if who and awarded and is_registered:
            yield max(day, who.since), who


def _firms(
    seed: int, scale: float, firms: Trade, winners: Iterator[tuple[dt.date, Organisation]]
) -> list[Firm]:
    """Return the Belgian firms that registered, each once, in order of days."""
    met: set[int] = set()
    came = sorted(winners, key=lambda each: (each[0], each[1].serial))
    for year in range(MARKET["opened"].year, LAST_DAY.year + 1):
        random = spawn(seed, "marketplace", year)
        first = max(MARKET["opened"], dt.date(year, 1, 1))
        for _ in range(grown(MARKET["firms"], scale)):
            day = first + days(random, (0, (dt.date(year, 12, 31) - first).days))
            came += [(day, who) for who in drawn(random, firms, day, 1, met)]
            met |= {who.serial for _, who in came[-1:]}
    found: dict[int, Firm] = {}
    for day, who in came:
        if who.place.country == "BE" and who.serial not in found:
            left = _left(spawn(seed, "leaves", who.serial), who, day)
            found[who.serial] = Firm(who, day, left)
    return sorted(found.values(), key=lambda firm: (firm.registered, firm.who.serial))


def _left(random: Random, who: Organisation, day: dt.date) -> dt.date | None:
    """Return the day on which a firm left: at the latest when it ceased."""
    gone = day + days(random, (100, 1500)) if falls(random, MARKET["leaves"]) else None
    return in_time(min((d for d in (gone, who.until) if d), default=None))


def _of_projects(seed: int, pio: dict[str, list[Any]]) -> Iterator[Need]:
    """Yield needs that are projects: posted before the tender, awarded as the project was."""
    winners = {row.contract: row.company_id for row in pio["pio_bidders"] if row.won}
    firsts = {row.project: row for row in reversed(pio["pio_contracts"])}
    for row in pio["pio_projects"]:
        random = spawn(seed, "need of project", row.project)
        before = row.consulted or row.tendered
        if (
            before is None
            or before < MARKET["opened"]
            or not falls(random, MARKET["from_projects"])
        ):
            continue
        day = max(MARKET["opened"], row.admissible, before - days(random, (5, 40)))
        first = firsts.get(row.project)
        winner = winners.get(first.contract) if first else None
        yield day, row.buyer, (row.project, row.awarded, winner)


def _of_bodies(seed: int, scale: float, bodies: list[Body], listed: list[Firm]) -> Iterator[Need]:
    """Yield other needs; some are awarded, mostly to a firm of the marketplace."""
    for year in range(MARKET["opened"].year, LAST_DAY.year + 1):
        random = spawn(seed, "needs", year)
        may = eligible(bodies, year)
        first = max(MARKET["opened"], dt.date(year, 1, 1))
        many = grown(MARKET["needs"], scale) * (dt.date(year, 12, 31) - first).days // 365
        for _ in range(many):
            day = first + days(random, (0, (dt.date(year, 12, 31) - first).days))
            buyer = some(random, may, [body.appetite for body in may]).number
            awarded = in_time(day + days(random, AWARDED_AFTER))
            awarded = awarded if falls(random, MARKET["awarded"]) else None
            winner = _winner(random, listed, awarded) if awarded else None
            yield day, buyer, (None, awarded, winner)


def _winner(random: Random, listed: list[Firm], day: dt.date) -> str | None:
    there = [
        firm.who
        for firm in listed
        if firm.registered <= day
        and (firm.left is None or day < firm.left)
        and lives(firm.who, day)
    ]
    is_told = there and falls(random, MARKET["known_winner"])
    return some(random, there, [1] * len(there)).number if is_told else None
