"""What a contract of the invented Flanders is made of: bids and lots, and notices of them."""

import datetime as dt
from dataclasses import dataclass
from functools import cached_property
from uuid import UUID

from analysis.simulate.people import Organisation, dice

EX_ANTE = ("F15", "25")


@dataclass(frozen=True)
class Tender:
    """One bid: the firms that made it together, and its amount in cents.

    `told` is how a notice tells of several firms: one by one (`group`), as one name without number
    (`name`), or by the number that they took together (`vehicle`); `vehicle` is that partnership.
    `slip` is the power of ten by which the notice gets the amount wrong.
    """

    members: tuple[Organisation, ...]
    cents: int
    told: str = "group"
    vehicle: Organisation | None = None
    slip: int = 0

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
    estimate: int
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
    """One notice. `counts` says whether its contracts count, or why they do not.

    What nobody published is one too, with `counts` "unpublished", or "not yet" where the world ends
    before the notice.
    """

    seed: int
    serial: int
    contract: str
    era: str
    form: str
    day: dt.date
    decided: dt.date
    buyer: Organisation
    procedure: str
    is_large: bool
    lots: tuple[Lot, ...]
    traits: frozenset[str]
    counts: str = "award"
    about: "Notice | None" = None

    @property
    def is_published(self) -> bool:
        """There is a notice of it."""
        return self.counts not in ("unpublished", "not yet")

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
