"""Who bids: firms of the trade that exist on the day, young ones as often as world.yml says."""

import datetime as dt
from bisect import bisect
from collections.abc import Callable, Iterator
from functools import lru_cache
from random import Random
from typing import NamedTuple

import numpy as np

from analysis.simulate.firms import YEAR, Find, Lives, Population, size_on
from analysis.simulate.people import EPOCH, WORLD, Organisation

SECTORS = len(WORLD["purchases"])
AGES = (0.0, 5.0, 10.0, 1000.0)  # limits of the classes of age, in years
Draw = Callable[[Random, dt.date, int, bool], Iterator[Organisation]]


class _Pool(NamedTuple):
    """Firms of one sector and class of age in one year, and the running sum of their activity."""

    rows: list[int]
    until: list[float]


Pools = dict[tuple[int, int], _Pool]


def bidders(firms: Population, find: Find) -> Draw:
    """Return what draws firms for a contract of a day, a sector (place in `purchases`) and a size.

    The class of age is drawn first, then a firm in it, the more active the likelier: so the share
    of young firms is the same in every year. No firm comes twice; who is drawn may run out.
    """
    year_pools = lru_cache(maxsize=2)(lambda year: _pools(firms, year))
    facts = Lives(*(getattr(firms, name).tolist() for name in Lives._fields))

    def draw(random: Random, day: dt.date, sector: int, large: bool) -> Iterator[Organisation]:
        today = (day - EPOCH).days
        met: set[int] = set()
        while True:
            age = _class(random.random() * 100, "above" if large else "below")
            row = _pick(random, facts, year_pools(day.year), sector, age, today, met)
            if row is None:
                return
            met.add(facts.first[row])
            yield find(row, size_on(facts, row, today))

    return draw


def _class(roll: float, size: str) -> int:
    young, middle = WORLD["startups"][size], WORLD["startups_until"][size]
    return 0 if roll < young else 1 if roll < young + middle else 2


def _pick(
    random: Random, firms: Lives, pools: Pools, sector: int, age: int, today: int, met: set[int]
) -> int | None:
    """Return a firm that exists today and is of that age; of another sector if there is none."""
    oldest, youngest = today - AGES[age] * YEAR, today - AGES[age + 1] * YEAR
    for other in range(SECTORS):
        pool = pools[(sector + other) % SECTORS, age]
        for _ in range(60 if pool.rows else 0):
            row = pool.rows[bisect(pool.until, random.random() * pool.until[-1])]
            lives = firms.since[row] <= today < firms.until[row]
            if lives and youngest < firms.born[row] <= oldest and firms.first[row] not in met:
                return row
    return None


def _pools(firms: Population, year: int) -> Pools:
    begin, end = ((dt.date(y, 1, 1) - EPOCH).days for y in (year, year + 1))
    lives = (firms.since < end) & (firms.until > begin)
    pools = {}
    for age in range(3):
        youngest, oldest = (begin - firms.born) / YEAR, (end - firms.born) / YEAR
        fits = lives & (oldest >= AGES[age]) & (youngest < AGES[age + 1])
        for sector in range(SECTORS):
            rows = np.flatnonzero(fits & (firms.sector == sector))
            # Running sums in the order of the rows, by the same additions on every machine.
            pools[sector, age] = _Pool(rows.tolist(), np.cumsum(firms.activity[rows]).tolist())
    return pools
