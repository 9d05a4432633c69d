"""What the invented programmes have in common: their settings, their rows, their dice."""

import datetime as dt
from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from importlib import resources
from itertools import accumulate
from math import exp, sqrt
from random import Random
from statistics import NormalDist
from typing import Any, NamedTuple, TypeVar

from analysis.contracts.intake import TABLES
from analysis.simulate.people import LAST_DAY, Organisation, dice
from analysis.yaml_text import read_yaml

PROGRAMME: dict[str, Any] = read_yaml(
    resources.files(__package__).joinpath("programme.yml").read_text(encoding="utf-8")
)
T = TypeVar("T")
NORMAL = NormalDist()
MONTH = 30.4375  # days
ROW = {name: table.Row for name, table in TABLES.items()}


class Truth(NamedTuple):
    """One thing that is known of the invented programmes and that no delivered table tells.

    `table` and `key` say of what: a row of a table, or a year (`2022`) of all of it.
    """

    table: str
    key: str
    item: str
    value: object


class Told(NamedTuple):
    """Rows that a programme delivers, by table, and the truth beside them."""

    tables: dict[str, list[Any]]
    truth: list[Truth]


def spawn(seed: int, *label: object) -> Random:
    """Return dice of their own for one part of the programmes, which only seed and label decide."""
    return Random(dice(1 << 62, "programme", seed, *label))


def grown(count: float, scale: float) -> int:
    """Return how many there are in a world of that scale: with its root, and one at least."""
    return max(1, round(count * sqrt(scale)))


def falls(random: Random, percent: float) -> bool:
    """Throw whether something holds that holds for so many percent."""
    return random.random() * 100 < percent


def between(random: Random, ends: Sequence[float]) -> float:
    """Return a number between two ends, all as likely."""
    low, high = ends
    return low + random.random() * (high - low)


def days(random: Random, ends: Sequence[float]) -> dt.timedelta:
    """Return a whole number of days between two ends."""
    return dt.timedelta(days=int(between(random, ends)))


def pick(random: Random, choices: Sequence[T]) -> T:
    """Return one of the choices, all as likely."""
    return choices[int(random.random() * len(choices))]


def weighed(random: Random, weights: Mapping[T, float]) -> T:
    """Return one key, as likely as its weight says."""
    return some(random, list(weights), list(weights.values()))


def some(random: Random, choices: Sequence[T], weights: Iterable[float]) -> T:
    """Return one of the choices, as likely as its weight in the same place says."""
    until = list(accumulate(weights))
    return choices[min(bisect_right(until, random.random() * until[-1]), len(choices) - 1)]


def shuffled(random: Random, items: Iterable[T]) -> list[T]:
    """Return the items in an order by chance."""
    rolled = [(random.random(), place, item) for place, item in enumerate(items)]
    return [item for _, _, item in sorted(rolled, key=lambda roll: roll[:2])]


def poisson(random: Random, mean: float) -> int:
    """Return a Poisson count: how many waits of mean one fit in `mean`, a hundred at a time."""
    if mean > 100:
        return poisson(random, 100) + poisson(random, mean - 100)
    least, product, count = exp(-mean), random.random(), 0
    while product > least:
        product, count = product * random.random(), count + 1
    return count


def normal(random: Random) -> float:
    """Return a standard normal number."""
    return NORMAL.inv_cdf(max(random.random(), 1e-9))


def lognormal(random: Random, median: float, sigma: float) -> float:
    """Return a log-normal number."""
    return median * exp(sigma * normal(random))


def known(random: Random, percent_unknown: float, value: T) -> T | None:
    """Return the value, or None for the percentage of which it is not known."""
    return None if falls(random, percent_unknown) else value


def in_time(day: dt.date | None) -> dt.date | None:
    """Return the day, or None if the world ends before it."""
    return day if day and day <= LAST_DAY else None


def number_on(who: Organisation, day: dt.date) -> str | None:
    """Return the enterprise number of an organisation in Belgium that has it on that day."""
    return who.number[:10] if who.place.country == "BE" and lives(who, day) else None


def lives(who: Organisation, day: dt.date) -> bool:
    """Whether the enterprise number of an organisation exists on a day."""
    return who.since <= day and (who.until is None or day < who.until)
