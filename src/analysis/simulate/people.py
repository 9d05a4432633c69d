"""Who there is in the invented Flanders, and where: no name, number or town is a real one."""

import datetime as dt
from dataclasses import dataclass
from hashlib import sha256
from importlib import resources
from typing import Any

from analysis.yaml_text import read_yaml

WORLD: dict[str, Any] = read_yaml(
    resources.files(__package__).joinpath("world.yml").read_text(encoding="utf-8")
)
EPOCH = dt.date(1970, 1, 1)
FIRST_DAY, LAST_DAY = dt.date(WORLD["first_year"], 1, 1), WORLD["last_day"]


@dataclass(frozen=True)
class Place:
    """Where somebody sits: country in two and in three letters, NUTS, postal code, town."""

    country: str
    alpha_3: str
    nuts: str
    postcode: str | None
    town: str


@dataclass(frozen=True)
class Organisation:
    """A buyer (with `kind`, `region`, `body`), a firm or a vehicle of firms (with `since`).

    `name` is as registered; `core` is the same without legal form. `since` is the first day of the
    enterprise number, `until` its last, and `born` the day on which the firm truly began.
    """

    serial: int
    name: str
    number: str
    place: Place
    kind: str = ""
    region: str = ""
    language: str = "NL"
    size: str = ""
    body: str = ""
    core: str = ""
    form: str = ""
    brand: str = ""
    short: str = ""
    group: str = ""
    is_person: bool = False
    nace: tuple[str, str] = ("", "")  # in the lists of 2008 and 2025
    street: str = ""
    house: int = 1
    since: dt.date = dt.date(1970, 1, 1)
    until: dt.date | None = None
    born: dt.date = dt.date(1970, 1, 1)

    @property
    def is_belgian_authority(self) -> bool:
        """A Belgian buyer; an institution of the EU in Brussels is none."""
        return self.place.country == "BE" and self.kind not in ("", "eu")


def dice(sides: int, *label: object) -> int:
    """Return a whole number from 0 to `sides` - 1 that only the label decides, on any machine."""
    digest = sha256("/".join(map(str, label)).encode()).digest()
    return int.from_bytes(digest, "big") % sides


def by_weight(weights: dict[Any, int]) -> list[Any]:
    """Return every key as often as its weight says: one of them at random is a weighted draw."""
    return [key for key, weight in weights.items() for _ in range(weight)]


def by_percent(roll: float, percents: dict[str, float]) -> str | None:
    """Return the key at which the running sum of the percentages passes the roll, if one does."""
    for key, percent in percents.items():
        roll -= percent
        if roll < 0:
            return key
    return None


def enterprise_number(serial: int) -> str:
    """Return ten digits that keep the modulo-97 rule and belong to nobody.

    The register gives numbers out in sequence and began with 1000.xxx.xxx in 2023 (from memory,
    not checked there); 1900.xxx.xxx is decades ahead of it.
    """
    first = 19_000_000 + serial
    return f"{first}{97 - first % 97:02d}"


def number_of(serial: int, place: Place) -> str:
    """Return an enterprise number for somebody in Belgium, else a word with digits."""
    return enterprise_number(serial) if place.country == "BE" else f"VERZONNEN{serial:04d}"


def day_of(number: int) -> dt.date:
    """Return the day that is so many days after 1 January 1970."""
    return EPOCH + dt.timedelta(days=int(number))


PLACES = {name: Place(*facts[:5]) for name, facts in WORLD["places"].items()}
TOWNS = list(PLACES.values())
LANGUAGES = [facts[5] for facts in WORLD["places"].values()]
