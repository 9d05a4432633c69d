"""Who can bid: firms that are born, grow, merge, cease, and go on under another number."""

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from functools import lru_cache
from random import Random
from typing import NamedTuple

import numpy as np

from analysis.simulate.names import coined, firm_name, legal_form, one, person_name
from analysis.simulate.people import (
    EPOCH,
    FIRST_DAY,
    LANGUAGES,
    LAST_DAY,
    TOWNS,
    WORLD,
    Organisation,
    day_of,
    number_of,
)

LIFE, PURCHASES, FORMS = WORLD["firms"], WORLD["purchases"], WORLD["legal_forms"]
SIZES = ("micro", "small", "medium", "large")
SERIALS = 100_000  # buyers come before, vehicles from 800,000 on
NEVER = 10**6  # day on which who did not cease ceases
YEAR = 365.25
YOUNG = LIFE["young"] * YEAR
Days = np.ndarray
Find = Callable[..., Organisation]


class Population(NamedTuple):
    """One row an enterprise number, in the order of the days on which they were given out.

    Days are counted from 1970. `first` is the row of the number under which the firm began, `into`
    that of the firm that absorbed it (-1 none), `named` the row whose name it bears.
    """

    seed: int
    born: Days
    since: Days
    until: Days
    first: Days
    into: Days
    sector: Days
    town: Days
    young_size: Days
    older_size: Days
    group: Days
    named: Days
    person: Days
    activity: Days


class Lives(NamedTuple):
    """Columns of the population as lists, which are faster to look into one by one."""

    born: list[int]
    since: list[int]
    until: list[int]
    first: list[int]
    young_size: list[int]
    older_size: list[int]


def population(seed: int, scale: float) -> Population:
    """Return every firm that lived for a day since the world began, and their earlier numbers.

    Births are even over time and lives drawn from `ceasing`, so that the mix of ages is the same
    in every year.
    """
    random = np.random.Generator(np.random.PCG64(np.random.SeedSequence([seed, 1])))
    firms = _born(random, scale)
    return _numbered(seed, _renumbered(random, firms), random)


def _born(random: np.random.Generator, scale: float) -> dict[str, Days]:
    """Firms as they are, one row each."""
    begin, end = _number(FIRST_DAY), _number(LAST_DAY)
    many = round(LIFE["born"] * scale * (LIFE["oldest"] + (end - begin) / YEAR))
    born = begin - LIFE["oldest"] * YEAR + random.random(many) * (end - begin + 70 * YEAR)
    born = np.floor(born).astype(np.int64)
    until = born + np.floor(_years(random.random(many)) * YEAR).astype(np.int64) + 1
    alive = until > begin
    until[until > end] = NEVER
    count = int(alive.sum())
    return {"born": born[alive], "until": until[alive], **_traits(random, count)}


def _years(chance: Days) -> Days:
    """How long a firm lives: the inverse of the survival that the yearly shares give."""
    young, older = (np.log1p(-LIFE["ceasing"][age] / 100) for age in ("young", "older"))
    left = np.log1p(-chance)
    return np.where(
        left > young * LIFE["young"], left / young, LIFE["young"] + (left / older)
        - young * LIFE["young"] / older,
    )  # fmt: skip


def _traits(random: np.random.Generator, count: int) -> dict[str, Days]:
    """What stays with a firm whatever its number."""
    weights = np.cumsum([facts[6] for facts in WORLD["places"].values()])
    sizes = {age: np.cumsum([LIFE["sizes"][age][size] for size in SIZES]) for age in LIFE["sizes"]}
    pick = {name: np.searchsorted(sums, random.random(count) * sums[-1], side="right")
            for name, sums in (("town", weights), *sizes.items())}  # fmt: skip
    grows = random.random(count) * 100 >= LIFE["stays_small"]
    person = random.random(count) * 100 < LIFE["persons"]
    groups = max(1, round(count * LIFE["in_groups"] / 300))
    in_group = (random.random(count) * 100 < LIFE["in_groups"]) & ~person
    young = np.where(person, 0, pick["young"])
    return {
        "sector": np.floor(random.random(count) * len(PURCHASES)).astype(np.int64),
        "town": pick["town"],
        "young_size": young,
        "older_size": np.where(grows & ~person, np.maximum(pick["older"], young), young),
        "group": np.where(in_group, np.floor(random.random(count) * groups), -1).astype(np.int64),
        "named": _namesakes(random, pick["town"]),
        "person": person,
        "activity": 1 / (random.random(count) + 0.03),
    }


def _namesakes(random: np.random.Generator, town: Days) -> Days:
    """The row whose name each firm bears: its own, or for some another's in another town."""
    own = np.arange(len(town))
    other = np.floor(random.random(len(town)) * len(town)).astype(np.int64)
    shares = random.random(len(town)) * 100 < LIFE["same_name"]
    return np.where(shares & (town != town[other]), other, own)


def _renumbered(random: np.random.Generator, firms: dict[str, Days]) -> dict[str, Days]:
    """Numbers, one row each: a firm that was reborn has two."""
    clock = np.maximum(firms["born"], _number(LIFE["reborn_since"]))
    wait = np.log1p(-random.random(len(clock))) / np.log1p(-LIFE["reborn"] / 100)
    day = clock + np.floor(wait * YEAR).astype(np.int64)
    twice = (day < np.minimum(firms["until"], _number(LAST_DAY)) - 30) & (day > clock + 365)
    twice &= ~firms["person"]
    own = np.arange(len(clock))
    numbers = {name: np.concatenate([column, column[twice]]) for name, column in firms.items()}
    numbers["first"] = np.concatenate([own, own[twice]])
    numbers["since"] = np.concatenate([firms["born"], day[twice]])
    numbers["until"] = np.concatenate([np.where(twice, day, firms["until"]), firms["until"][twice]])
    numbers["ceases"] = np.concatenate(
        [~twice & (firms["until"] < NEVER), firms["until"][twice] < NEVER]
    )
    return numbers


def _numbered(seed: int, numbers: dict[str, Days], random: np.random.Generator) -> Population:
    """Put the numbers in the order in which the register gave them out."""
    order = np.argsort(numbers["since"], kind="stable")
    place = np.empty_like(order)
    place[order] = np.arange(len(order))
    rows = {name: column[order] for name, column in numbers.items()}
    rows["first"], rows["named"] = place[rows["first"]], place[rows["named"]]
    merges = rows.pop("ceases") & (random.random(len(order)) * 100 < LIFE["merging"])
    into = _absorbed(random, rows, merges)
    return Population(seed=seed, into=into, **rows)


def _absorbed(random: np.random.Generator, rows: dict[str, Days], merges: Days) -> Days:
    """For every firm that merges, a firm of its sector that lives on; some find none."""
    into = np.full(len(merges), -1)
    for row in np.flatnonzero(merges):
        other = int(random.random() * len(merges))
        lives = rows["since"][other] <= rows["until"][row] < rows["until"][other]
        if lives and other != row and not rows["person"][other]:
            into[row] = other
    return into


def _number(day: dt.date) -> int:
    return (day - EPOCH).days


@lru_cache(maxsize=50_000)
def _name(
    seed: int, row: int, language: str, sector: int, group: int, person: bool
) -> tuple[str, ...]:
    """Name without form, legal form, commercial name, abbreviation, name of the group."""
    random = Random((seed << 40) + row)
    if person:
        return person_name(random, language), "", "", "", ""
    shared = coined(Random((seed << 40) + (1 << 36) + group)) if group >= 0 else ""
    core = firm_name(random, language, PURCHASES[sector][6], shared)
    abroad = FORMS["abroad"].get(language, "")
    form = legal_form(random, language) if language in FORMS else abroad
    mark = core.split()[-1 if language == "FR" else 0]
    brand = f"{mark} {coined(random)}" if random.random() * 100 < LIFE["branded"] else ""
    short = f"VERZ-{coined(random)[:4].upper()}" if random.random() * 100 < LIFE["short"] else ""
    return core, form, brand, short, f"{mark} {WORLD['names']['group']} {shared}" if shared else ""


def size_on(firms: Population | Lives, row: int, day: int) -> str:
    """Return the size class of a firm on a day: it may grow when it is no longer young."""
    is_young = day - firms.born[row] < YOUNG
    return SIZES[(firms.young_size if is_young else firms.older_size)[row]]


def found_by(firms: Population) -> Find:
    """Return what gives the firm behind a row, in a size class if one is given."""

    @lru_cache(maxsize=50_000)
    def find(row: int, size: str = "") -> Organisation:
        return replace(find(row), size=size) if size else _organisation(firms, row)

    return find


def _organisation(firms: Population, row: int) -> Organisation:
    """Put the facts of a row together."""
    town, serial = int(firms.town[row]), SERIALS + row
    place, language, sector = TOWNS[town], LANGUAGES[town], int(firms.sector[row])
    named = int(firms.named[row])
    core, form, brand, short, group = _name(
        firms.seed, int(firms.first[named]), language, sector, int(firms.group[row]),
        bool(firms.person[row]),
    )  # fmt: skip
    since, until = int(firms.since[row]), int(firms.until[row])
    about = Random((firms.seed << 40) + (1 << 37) + int(firms.first[row]))
    return Organisation(
        serial, f"{core} {form}".strip(), number_of(serial, place), place,
        language=language, core=core, form=form, brand=brand, short=short, group=group,
        is_person=bool(firms.person[row]), nace=tuple(PURCHASES[sector][4:6]),
        street=one(about, WORLD["streets"][language]), house=1 + int(about.random() * 250),
        since=day_of(since), until=None if until == NEVER else day_of(until),
        born=day_of(firms.born[row]),
    )  # fmt: skip
