"""Who buys in the invented Flanders: types, governments, how much they buy and publish."""

from collections.abc import Iterator
from itertools import accumulate
from math import ceil, sqrt
from typing import NamedTuple

from analysis.simulate.people import PLACES, WORLD, Organisation, number_of


class Buyers(NamedTuple):
    """Every buyer with the running sum of their weights and with their care for publishing.

    Care multiplies the share of contracts that a buyer publishes; weighted, its mean is 1.
    """

    all: list[Organisation]
    until: list[float]
    care: list[float]


def buyers(scale: float) -> Buyers:
    """Return the buyers of a world `scale` times the small one; they grow with its square root."""
    found: list[Organisation] = []
    weights: list[float] = []
    for name, many, kind, places, region, language, body, weight, form in WORLD["buyers"]:
        for n in range(1, ceil(many * max(1.0, sqrt(scale))) + 1):
            serial, place = len(found) + 1, PLACES[places[n % len(places)]]
            number = number_of(serial, place) + "_99"  # the platform's own number comes behind
            about = {"body": body, "core": f"{name} {n}", "form": form, "house": n}
            found.append(
                Organisation(
                    serial, f"{name} {n}", number, place, kind, region, language, **about,
                    street=_street(language), nace=("84110", "84110"),
                )
            )  # fmt: skip
            weights.append(weight / (1 + n % 4))  # some buy four times as much as others
    return Buyers(found, list(accumulate(weights)), _care(weights))


def _street(language: str) -> str:
    return str(WORLD["streets"].get(language, WORLD["streets"]["NL"])[0])


def _care(weights: list[float]) -> list[float]:
    """Careful and careless in turn; moved together so that the weighted mean is 1."""
    spread = WORLD["publication"]["care"] / 100
    turns = [1 if place % 2 else -1 for place in range(len(weights))]
    mean = sum(w * turn for w, turn in zip(weights, turns, strict=True)) / sum(weights)
    return [1 + spread * (turn - mean) for turn in turns]


def rows(found: list[Organisation]) -> Iterator[tuple[str, str, str, str, str]]:
    """Yield the rows of buyers.csv: Belgian bodies, nine in ten of each kind."""
    for buyer in found:
        if buyer.place.country == "BE" and buyer.house % 10 < WORLD["listed"]:
            yield buyer.number[:10], buyer.body, "", "", "verzonnen"
