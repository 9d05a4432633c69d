"""Who could apply to the invented programmes: Flemish buyers of the world, and bodies beside."""

from collections.abc import Iterator
from typing import NamedTuple

from analysis.simulate.buyers import Buyers
from analysis.simulate.people import LAST_DAY, PLACES, Organisation, enterprise_number
from analysis.simulate.programme_base import (
    PROGRAMME,
    ROW,
    Told,
    falls,
    lognormal,
    shuffled,
    spawn,
)

BODIES = PROGRAMME["bodies"]
SERIALS = 50_000  # of bodies that give no contract: after the buyers, before the firms
YEARS = range(BODIES["first_year"], LAST_DAY.year + 1)


class Body(NamedTuple):
    """A public organisation that may apply, until a year; `appetite` drives all that it joins."""

    who: Organisation
    kind: str
    staff: int
    appetite: float
    until: int
    buys: bool

    @property
    def number(self) -> str:
        """Enterprise number, ten digits."""
        return self.who.number[:10]


def bodies(seed: int, buying: Buyers) -> list[Body]:
    """Return every body that may apply, buyers of the world first."""
    return [
        *(
            _body(seed, who, kind, LAST_DAY.year, buys=True)
            for who in buying.all
            if (kind := BODIES["world"].get(who.name.rsplit(" ", 1)[0]))
        ),
        *_others(seed),
    ]


def _others(seed: int) -> Iterator[Body]:
    place, serial = PLACES["ghent"], SERIALS
    for name, many, kind, body in BODIES["others"]:
        merged = _merged(seed, many) if kind == "municipality" else {}
        for n in range(1, many + 1):
            serial += 1
            number = enterprise_number(serial)
            who = Organisation(serial, f"{name} {n}", number, place, body=body, house=n)
            yield _body(seed, who, kind, merged.get(n, LAST_DAY.year), buys=False)


def _merged(seed: int, many: int) -> dict[int, int]:
    """Return the last year of those that are merged away."""
    drawn = iter(shuffled(spawn(seed, "mergers"), range(1, many + 1)))
    return {next(drawn): year for year, count in BODIES["mergers"].items() for _ in range(count)}


def _body(seed: int, who: Organisation, kind: str, until: int, *, buys: bool) -> Body:
    random = spawn(seed, "body", who.serial)
    staff = max(3, round(lognormal(random, BODIES["staff"][kind], 0.7)))
    more = BODIES["buyers_more"] if buys else 1
    appetite = BODIES["appetite"][kind] * more * lognormal(random, 1, BODIES["appetite_spread"])
    return Body(who, kind, staff, appetite, until, buys)


def eligible(found: list[Body], year: int) -> list[Body]:
    """Return the bodies that may apply in a year."""
    return [body for body in found if body.until >= year]


def target_group(seed: int, found: list[Body]) -> Told:
    """Return the register of who may apply in every year, and which government the others are."""
    random, unknown = spawn(seed, "staff unknown"), BODIES["staff_unknown"]
    silent = {body.number for body in found if falls(random, unknown)}
    listed = [
        ROW["eligible_buyers"](
            body.number, year, body.kind, body.who.name,
            None if body.number in silent else _staff(body, year),
        )
        for year in YEARS
        for body in eligible(found, year)
    ]  # fmt: skip
    others = [
        ROW["buyers"](company_id=body.number, body=body.who.body, source="verzonnen")
        for body in found
        if not body.buys
    ]
    return Told({"eligible_buyers": listed, "buyers": others}, [])


def _staff(body: Body, year: int) -> int:
    """Return the staff of a year, which grows by a hundredth a year."""
    return round(body.staff * 1.01 ** (year - YEARS[0]))
