"""What happened in the invented Flanders from 2016 to 2025: contracts, bids, winners, notices.

The shares are those of world.yml: invented, calibrated on nothing, and known. In the long run
25 % of lots draw a single bid, five firms in seven are SMEs, any bid is as likely to win as any
other, and 10 % of lots end without a contract; what this finite world came to is in truth.csv.
Nothing here is a finding about a real buyer, firm or year.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from uuid import UUID

from analysis.simulate.people import BUYERS, FIRMS, WORLD, Organisation, by_weight, dice

BIDS, LOTS, JOINT, PROCEDURES = (
    by_weight(WORLD[name]) for name in ("bids", "lots", "joint_bids", "procedures")
)
EX_ANTE = ("F15", "25")


@dataclass(frozen=True)
class Tender:
    """One bid: the firms that made it together, and its amount in cents."""

    members: tuple[Organisation, ...]
    cents: int

    @property
    def is_sme(self) -> bool:
        """No member is a large firm."""
        return all(member.size != "large" for member in self.members)


@dataclass(frozen=True)
class Lot:
    """One lot with every bid it drew; `won` are the places of the bids that got a contract."""

    number: int
    cpv: str
    nature: str
    tenders: tuple[Tender, ...]
    won: tuple[int, ...]
    reason: str = ""

    @property
    def winning(self) -> tuple[Tender, ...]:
        """The bids that got a contract; two in some frameworks."""
        return tuple(self.tenders[place] for place in self.won)

    @property
    def value(self) -> int | None:
        """All contracts of the lot together, in cents; None without a contract."""
        return sum(tender.cents for tender in self.winning) if self.won else None

    @property
    def outcome(self) -> str:
        """Result of the lot, in the words of the contracts."""
        return "awarded" if self.won else "open" if self.reason == "open" else "not-awarded"


@dataclass(frozen=True)
class Notice:
    """One notice. `counts` says whether its contracts count, or why they do not."""

    seed: int
    serial: int
    contract: str
    era: str
    form: str
    day: dt.date
    decided: dt.date
    buyer: Organisation
    procedure: str
    lots: tuple[Lot, ...]
    traits: frozenset[str]
    counts: str = "award"
    about: "Notice | None" = None

    @property
    def uuid(self) -> UUID:
        """Number of the notice in eForms (BT-701)."""
        return UUID(int=dice(2**128, "notice", self.seed, self.serial), version=4)

    @property
    def procedure_uuid(self) -> UUID:
        """Number of the procedure in eForms (BT-04): one for all notices of a contract."""
        return UUID(int=dice(2**128, "procedure", self.seed, self.contract), version=4)

    @property
    def id(self) -> str:
        """Number in the Official Journal, above any that a year has reached; else uuid/01."""
        return (
            f"{950_000 + self.serial}-{self.day.year}" if self.form != "E4" else f"{self.uuid}/01"
        )

    @property
    def dispatched(self) -> dt.date:
        """Day on which the buyer sent the notice."""
        return self.day - dt.timedelta(days=3)

    @cached_property
    def total(self) -> int:
        """All contracts of the notice together, in cents."""
        return sum(lot.value or 0 for lot in self.lots)


def invent(seed: int) -> list[Notice]:
    """Return every notice of the world that `seed` decides, contract by contract."""
    serials = range(1, WORLD["contracts"] + 1)
    return [notice for n in serials for notice in _story(_award(seed, n))]


def _award(seed: int, n: int) -> Notice:
    year = WORLD["first_year"] + (n - 1) * WORLD["years"] // WORLD["contracts"]
    day = _weekday(dt.date(year, 1, 4) + dt.timedelta(days=dice(355, seed, n, "day")))
    decided = day - dt.timedelta(days=10 + dice(50, seed, n, "decided"))
    buyer = BUYERS[dice(len(BUYERS), seed, n, "buyer")]
    era = _era(day, buyer, dice(2, seed, n, "era"))
    form = _form(era, buyer, dice(100, seed, n, "form"))
    procedure = PROCEDURES[dice(len(PROCEDURES), seed, n, "procedure")]
    if era == "ted-old" and procedure == "innovation-partnership":
        procedure = "open"  # the procedure is younger than the old forms
    if form in EX_ANTE:
        procedure = "negotiated-without-call"
    notice = Notice(
        seed, n, f"C{n:04d}", era, form, day, decided, buyer, procedure, (), _traits(era, seed, n)
    )
    many = LOTS[dice(len(LOTS), seed, n, "lots")]
    lots = tuple(_lot(notice, number) for number in range(1, many + 1))
    return replace(notice, lots=lots, counts="ex-ante" if form in EX_ANTE else "award")


def _weekday(day: dt.date) -> dt.date:
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _era(day: dt.date, buyer: Organisation, coin: int) -> str:
    if day >= WORLD["eforms"]["belgian" if buyer.is_belgian_authority else "other"]:
        return "eforms"
    begin, end = WORLD["old_forms"]
    return "ted-old" if day < begin or (day < end and coin) else "ted-r209"


def _form(era: str, buyer: Organisation, roll: int) -> str:
    if era == "ted-old":
        return "3"
    if era == "eforms" and roll < 35 and buyer.is_belgian_authority:
        return "E4"
    award, utility, ex_ante = ("29", "30", "25") if era == "eforms" else ("F03", "F06", "F15")
    return ex_ante if roll >= 96 else utility if buyer.kind == "utility" else award


def _traits(era: str, seed: int, n: int) -> frozenset[str]:
    drawn = {
        trait
        for trait, (percent, eras) in WORLD["traits"].items()
        if era in eras and dice(100, seed, n, trait) < percent
    }
    return frozenset(drawn)


def _lot(notice: Notice, number: int) -> Lot:
    label = (notice.seed, notice.serial, number)
    purchases, reasons = WORLD["purchases"], WORLD["reasons"]
    cpv, nature = purchases[dice(len(purchases), notice.seed, notice.serial, "cpv")]
    tenders = _tenders(notice, label)
    must_win = notice.era == "ted-old" or notice.form in EX_ANTE  # these know no lot without one
    if dice(100, *label, "given") < WORLD["not_awarded"] and not must_win:
        reason = reasons[dice(len(reasons), *label, "reason")]
        if reason == "open" and notice.era != "eforms":
            reason = "discontinued"
        return Lot(number, cpv, nature, () if reason == "no-bids" else tenders, (), reason)
    first = dice(len(tenders), *label, "won")
    two = "framework" in notice.traits and len(tenders) > 3 and dice(2, *label, "two")
    won = {first, (first + 1) % len(tenders)} if two else {first}
    return Lot(number, cpv, nature, tenders, tuple(sorted(won)))


def _tenders(notice: Notice, label: tuple[object, ...]) -> tuple[Tender, ...]:
    scale = WORLD["scales"][dice(len(WORLD["scales"]), *label, "scale")]
    base = (100 + dice(900, *label, "base")) * (60 if notice.form == "E4" else scale)
    firms = iter(sorted(FIRMS, key=lambda firm: dice(2**40, *label, firm.serial)))
    made = []
    for place in range(BIDS[dice(len(BIDS), *label, "bids")]):
        many = JOINT[dice(len(JOINT), *label, place, "joint")]
        members = tuple(next(firms) for _ in range(1 if notice.era == "ted-old" else many))
        made.append(Tender(members, base * (100 + dice(41, *label, place)) + 5 * place))
    return tuple(made)


def _story(notice: Notice) -> Iterator[Notice]:
    """Yield the notice and what follows it: a change, a second publication, a modification."""
    n = notice.serial
    if notice.era == "ted-old" or notice.form in ("E4", *EX_ANTE) or notice.day.month > 10:
        yield notice
    elif notice.era == "eforms" and n % 8 == 0:
        yield replace(notice, counts="replaced")
        yield _dearer(_later(notice, 30, "award"))
    elif notice.era == "eforms" and n % 8 == 4:
        yield replace(notice, counts="cancelled")
        yield _later(notice, 30, "cancellation")
    else:
        yield notice
        yield from _followers(notice, n)


def _followers(notice: Notice, n: int) -> Iterator[Notice]:
    ted, first = notice.era == "ted-r209", notice.lots[0]
    if ted and notice.buyer.is_belgian_authority and notice.day > dt.date(2023, 5, 1):
        twice = _later(notice, 125, "duplicate")
        traits = notice.traits & {"framework", "dps", "price and quality"}
        yield replace(twice, era="eforms", form="29", traits=traits, about=None)
    elif ted and n % 30 == 5:
        yield replace(_later(notice, 20, "correction"), form="F14")
    elif n % 20 == 7 and first.won and notice.buyer.kind != "eu":
        changed = _dearer(_later(notice, 60, "modification"))
        lots = (replace(changed.lots[0], won=first.won[:1]),)
        yield replace(changed, form="F20" if ted else "38", lots=lots, traits=frozenset())


def _later(notice: Notice, days: int, counts: str) -> Notice:
    day, serial = _weekday(notice.day + dt.timedelta(days=days)), notice.serial + 10_000
    return replace(notice, serial=serial, day=day, counts=counts, about=notice)


def _dearer(notice: Notice) -> Notice:
    """Return the notice with every amount a tenth higher, as a correction may say."""
    lots = tuple(
        replace(lot, tenders=tuple(replace(bid, cents=bid.cents * 11 // 10) for bid in lot.tenders))
        for lot in notice.lots
    )
    return replace(notice, lots=lots)
