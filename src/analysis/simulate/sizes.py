"""Figures from the annual accounts of invented firms, as the table that evaluators provide."""

import datetime as dt
from collections.abc import Iterator
from random import Random

from analysis.simulate.firms import SERIALS, YEAR, Population, size_on
from analysis.simulate.people import (
    EPOCH,
    FIRST_DAY,
    LAST_DAY,
    TOWNS,
    WORLD,
    enterprise_number,
)

COLUMNS = ("company_id", "year", "employees_fte", "turnover_eur", "balance_eur")
WORKERS = {
    "micro": (0.5, 9.0),
    "small": (11.0, 48.0),
    "medium": (55.0, 240.0),
    "large": (260.0, 900.0),
}
PER_WORKER = (90_000, 180_000)  # EUR of turnover


def size_rows(firms: Population) -> Iterator[tuple[str, ...]]:
    """Yield the rows of sizes.csv, by company and year: of the legal persons in Belgium, a part.

    Workers stay within the class that the firm has in truth; in three years the class grows into
    the next. Small firms need not state their turnover, and half of them do not.
    """
    for row in range(len(firms.since)):
        random = Random((firms.seed << 40) + (1 << 39) + row)
        told = random.random() * 100 < WORLD["firms"]["accounts"]
        if told and not firms.person[row] and TOWNS[firms.town[row]].country == "BE":
            yield from _years(firms, row, enterprise_number(SERIALS + row), random)


def _years(firms: Population, row: int, number: str, random: Random) -> Iterator[tuple[str, ...]]:
    place, yearly, each = random.random(), random.random() * 0.3 - 0.05, random.random()
    shows_turnover = random.random() < 0.5
    for year in range(FIRST_DAY.year - 4, LAST_DAY.year):
        day = (dt.date(year, 12, 31) - EPOCH).days
        if not firms.since[row] <= day < firms.until[row]:
            continue
        size = size_on(firms, row, day)
        least, most = WORKERS[size]
        grown = least + (most - least) * place
        age = (day - int(firms.born[row])) / YEAR
        grown = min(most, max(least, grown * (1 + yearly * min(age, 8) / 2)))
        turnover = round(grown * (PER_WORKER[0] + each * (PER_WORKER[1] - PER_WORKER[0])))
        stated = size in ("medium", "large") or shows_turnover
        yield (
            number,
            str(year),
            f"{grown:.1f}",
            str(turnover) if stated else "",
            str(turnover * 6 // 10),
        )
