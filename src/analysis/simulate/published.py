"""What a notice shows of the truth: the writers write this, and a reader must read this back."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from analysis.simulate.contracts import Lot, Notice, Tender
from analysis.simulate.names import STATED, form_then, mistyped, mistyped_number, other_form
from analysis.simulate.people import WORLD, Organisation, by_percent, dice

WITHOUT_BIDS = ("F15", "25", "F20", "38")  # forms that do not ask how many bids there were


@dataclass(frozen=True)
class Amount:
    """An amount as shown, in cents: one value, or the two ends of a range, or nothing."""

    value: int | None = None
    low: int | None = None
    high: int | None = None
    withheld: bool = False


@dataclass(frozen=True)
class Bids:
    """The number of bids as shown; None where the notice is silent."""

    all: int | None = None
    sme: int | None = None
    withheld: bool = False


def awards(notice: Notice) -> Iterator[tuple[Lot, Tender | None]]:
    """Yield every contract of the notice with its lot, and every lot without a contract."""
    for lot in notice.lots:
        yield from ((lot, tender) for tender in lot.winning)
        if not lot.won:
            yield lot, None


def amount(notice: Notice, lot: Lot, tender: Tender | None) -> Amount:
    """What the notice shows as the value of the contract that `tender` won."""
    if tender is None or "no value" in notice.traits:
        return Amount()
    if "value withheld" in notice.traits:
        return Amount(withheld=True)
    if "range" in notice.traits:
        offered = [each.cents for each in lot.tenders]
        return Amount(low=min(offered), high=max(offered))
    if "placeholder" in notice.traits:
        return Amount(1)
    if "total repeated" in notice.traits:
        return Amount(notice.total)
    slipped = tender.cents * 10**tender.slip if tender.slip >= 0 else tender.cents // 100
    return Amount(slipped)


def winners(notice: Notice, tender: Tender) -> list[Organisation]:
    """Return who made the bid as the notice names them: its members, or their partnership."""
    made_by = tender.members if tender.told == "group" else (tender.vehicle,)
    return [stated(notice, who) for who in made_by if who]


def stated(notice: Notice, who: Organisation) -> Organisation:
    """Return the firm with name, number and place as the notice of this contract writes them.

    All notices of a contract make the same mistakes, but the older forms lack more numbers.
    """

    def roll(what: str) -> int:
        return dice(10_000, notice.seed, notice.contract, who.serial, what)

    name, nameless = _written(notice, who, roll("name"))
    number = who.number
    if nameless or roll("number") < 100 * STATED["number_missing"][notice.era]:
        number = ""
    elif number[:1].isdigit() and roll("digit") < 100 * STATED["number_mistyped"]:
        number = mistyped_number(number, roll("which"))
    place = who.place
    if roll("postcode") < 100 * STATED["postcode_missing"]:
        place = replace(place, postcode=None)
    return replace(who, name=name, number=number, place=place)


def _written(notice: Notice, who: Organisation, roll: int) -> tuple[str, bool]:
    """Return the name as written, and whether the number fails because it is a group's name."""
    if who.name == who.core:
        return who.name, False
    reformed = notice.decided >= WORLD["reform"]
    form = form_then(who.form, who.language, reformed=reformed)
    way = by_percent(roll / 100, STATED["names"])
    if way is None:
        return f"{who.core} {form}", False
    other = other_form(who.form, who.language, reformed=reformed)
    written = {
        "without form": who.core,
        "capitals": f"{who.core} {form}".upper(),
        "old form": f"{who.core} {other}",
        "form in front": f"{form} {who.core}",
        "mistyped": mistyped(who.core, dice(10**6, notice.contract, who.serial)) + f" {form}",
        "brand": who.brand or who.name,
        "group only": who.group or who.name,
    }
    return written[way].strip(), way == "group only" and bool(who.group)


def total(notice: Notice) -> Amount:
    """What the notice shows as the value of all its contracts together."""
    if "value withheld" in notice.traits:
        return Amount(withheld=True)
    if "range" in notice.traits:
        ends = [amount(notice, lot, tender) for lot, tender in awards(notice) if tender]
        low, high = sum(end.low or 0 for end in ends), sum(end.high or 0 for end in ends)
        return Amount(low=low, high=high) if ends else Amount()
    return Amount(notice.total or None)


def bids(notice: Notice, lot: Lot) -> Bids:
    """What the notice shows of the number of bids for `lot`."""
    silent = notice.form in WITHOUT_BIDS or "no bids" in notice.traits
    if silent or (notice.era != "eforms" and not lot.won):
        return Bids()
    if "bids withheld" in notice.traits:
        return Bids(withheld=True)
    sme = sum(tender.is_sme for tender in lot.tenders)
    told = "sme bids" in notice.traits and not code_less(notice)
    return Bids(len(lot.tenders), sme if told else None)


def code_less(notice: Notice) -> bool:
    """Whether the notice counts without saying what, as the Belgian platform often does."""
    return "no code" in notice.traits and notice.buyer.is_belgian_authority


def euros(cents: int | None) -> str:
    """An amount as the forms write it, e.g. 1234.50; nothing for None."""
    return "" if cents is None else f"{cents // 100}.{cents % 100:02d}"
