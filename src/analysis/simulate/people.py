"""Who buys and who bids in the invented Flanders: no name, number or town is a real one."""

from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import Any

import yaml

WORLD: dict[str, Any] = yaml.safe_load(
    resources.files(__package__).joinpath("world.yml").read_text(encoding="utf-8")
)


@dataclass(frozen=True)
class Place:
    """Where somebody sits: country in two and in three letters, NUTS, postal code, town."""

    country: str
    alpha_3: str
    nuts: str
    postcode: str
    town: str


@dataclass(frozen=True)
class Organisation:
    """A buyer (with `kind`, `region`, `language`) or a firm (with `size`)."""

    serial: int
    name: str
    number: str
    place: Place
    kind: str = ""
    region: str = ""
    language: str = "NL"
    size: str = ""

    @property
    def is_belgian_authority(self) -> bool:
        """A Belgian buyer; an institution of the EU in Brussels is none."""
        return self.place.country == "BE" and self.kind != "eu"


def dice(sides: int, *label: object) -> int:
    """Return a whole number from 0 to `sides` - 1 that only the label decides, on any machine."""
    digest = sha256("/".join(map(str, label)).encode()).digest()
    return int.from_bytes(digest, "big") % sides


def by_weight(weights: dict[Any, int]) -> list[Any]:
    """Return every key as often as its weight says: one of them at random is a weighted draw."""
    return [key for key, weight in weights.items() for _ in range(weight)]


def enterprise_number(serial: int) -> str:
    """Return ten digits that keep the modulo-97 rule and belong to nobody.

    The register gives numbers out in sequence and began with 1000.xxx.xxx in 2023 (from memory,
    not checked there); 1999.xxx.xxx is decades ahead of it.
    """
    first = 19_990_000 + serial
    return f"{first}{97 - first % 97:02d}"


def _number(serial: int, place: Place) -> str:
    return enterprise_number(serial) if place.country == "BE" else f"VERZONNEN{serial:04d}"


def _buyers() -> list[Organisation]:
    found: list[Organisation] = []
    for name, many, kind, places, *governed in WORLD["buyers"]:
        for n in range(1, many + 1):
            serial, place = len(found) + 1, PLACES[places[n % len(places)]]
            number = _number(serial, place) + "_99"  # the platform's own number comes behind
            found.append(Organisation(serial, f"{name} {n}", number, place, kind, *governed))
    return found


def _firm(n: int) -> Organisation:
    place = PLACES[FIRM_PLACES[n % len(FIRM_PLACES)]]
    forms, sizes = WORLD["legal_forms"][place.country], WORLD["firm_sizes"]
    name, number = f"Verzonnen Firma {n:04d} {forms[n % len(forms)]}", _number(1000 + n, place)
    return Organisation(1000 + n, name, number, place, size=sizes[n % len(sizes)])


PLACES = {name: Place(*facts) for name, facts in WORLD["places"].items()}
FIRM_PLACES = by_weight(WORLD["firm_places"])
BUYERS = _buyers()
FIRMS = [_firm(n) for n in range(1, WORLD["firms"] + 1)]
