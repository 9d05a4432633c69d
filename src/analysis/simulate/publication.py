"""What is published, in which form, and what follows: corrections, changes, second publications."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from analysis.simulate.contracts import EX_ANTE, Notice
from analysis.simulate.people import LAST_DAY, WORLD, Organisation, by_percent

PUBLICATION, LAG = WORLD["publication"], WORLD["lag"]
ONE_VALUE = {"range", "no value", "placeholder", "value withheld", "total repeated"}


def announced(random: Random, notice: Notice, care: float) -> Notice | None:
    """Return the notice with its day, era, form and fate; None if nothing came and none appeared.

    Parameters
    ----------
    random : what is drawn comes from here
    notice : what is bought, by whom, and the day of the contract
    care : how much more than others the buyer publishes
    """
    day = weekday(notice.decided + dt.timedelta(days=_lag(random)))
    era = _era(day, notice.buyer, random.random())
    fate, told = random.random() * 100, random.random() * 100 < _coverage(notice) * care
    form = _form(era, notice, ex_ante=fate < WORLD["ex_ante"])
    traits, procedure = _traits(era, random), notice.procedure
    if form in EX_ANTE:
        counts, procedure = "ex-ante" if day <= LAST_DAY else "", "negotiated-without-call"
    elif fate > 100 - WORLD["annulled"] and form in ("29", "30"):
        in_time = day + dt.timedelta(days=30) <= LAST_DAY
        counts = "cancelled" if told and in_time else ""
    else:
        counts = ("award" if day <= LAST_DAY else "not yet") if told else "unpublished"
    if era == "ted-old" and procedure == "innovation-partnership":
        procedure = "open"  # it is younger than the old forms
    if not counts:
        return None
    return replace(
        notice, day=day, era=era, form=form, traits=traits, counts=counts, procedure=procedure
    )


def weekday(day: dt.date) -> dt.date:
    """Return the day, or the Friday before a day of the weekend."""
    return day - dt.timedelta(days=max(0, day.weekday() - 4))


def _coverage(notice: Notice) -> float:
    """Percent of such contracts that are published, by size and law."""
    shares = PUBLICATION["above" if notice.is_large else "below"]
    return float(shares[notice.decided >= PUBLICATION["law"]])


def _lag(random: Random) -> int:
    late = random.random() * 100 < LAG["late"]
    least, most = (LAG["usual"][1], LAG["late_until"]) if late else LAG["usual"]
    return int(least + random.random() * (most - least))


def _era(day: dt.date, buyer: Organisation, chance: float) -> str:
    if day >= WORLD["eforms"]["belgian" if buyer.is_belgian_authority else "other"]:
        return "eforms"
    begin, end = WORLD["old_forms"]
    return "ted-old" if day < begin or (day < end and chance < 0.5) else "ted-r209"


def _form(era: str, notice: Notice, *, ex_ante: bool) -> str:
    if era == "ted-old":
        return "3"
    if ex_ante:
        return "25" if era == "eforms" else "F15"
    if era == "eforms" and not notice.is_large and notice.buyer.is_belgian_authority:
        return "E4"
    is_utility = notice.buyer.kind == "utility"
    award, utility = ("29", "30") if era == "eforms" else ("F03", "F06")
    return utility if is_utility else award


def _traits(era: str, random: Random) -> frozenset[str]:
    drawn = [
        (trait, era in eras and random.random() * 100 < percent)
        for trait, (percent, eras) in WORLD["traits"].items()
    ]
    return frozenset(trait for trait, holds in drawn if holds)


def story(notice: Notice | None, random: Random) -> Iterator[Notice]:
    """Yield the notice and what follows it: a change, a second publication, a modification."""
    if notice is None:
        return
    changes = notice.form in ("29", "30") and random.random() * 100 < WORLD["replaced"]
    if notice.counts == "cancelled":
        yield notice
        yield _later(notice, 30, "cancellation")
    elif notice.counts == "award" and changes and _in_time(notice, 30):
        yield replace(notice, counts="replaced")
        yield _dearer(_later(notice, 30, "award"))
    else:
        yield notice
        way = by_percent(random.random() * 100, WORLD["following"])
        follower = _FOLLOWING[way](notice) if way and notice.counts == "award" else None
        if follower and follower.day <= LAST_DAY:
            yield follower


def _twice(notice: Notice) -> Notice | None:
    """Return the same notice once more in the same form; both show the same values."""
    again = replace(_later(notice, 25, "duplicate"), about=None)
    same_era = notice.era != "ted-old" and _era(again.day, again.buyer, 1) == notice.era
    return again if same_era and not notice.traits & ONE_VALUE else None


def _in_new_form(notice: Notice) -> Notice | None:
    """Return the notice as the platform published it again when it began with eForms."""
    again = replace(_later(notice, 125, "duplicate"), era="eforms", form="29", about=None)
    begun = again.day > WORLD["eforms"]["belgian"] and notice.buyer.is_belgian_authority
    if notice.era != "ted-r209" or not begun or notice.traits & {"placeholder", "total repeated"}:
        return None
    traits = notice.traits & {"framework", "dps", "price and quality", "estimate"}
    return replace(again, traits=traits)


def _correction(notice: Notice) -> Notice | None:
    """Return a correction in words, which the forms from 2016 to 2023 knew."""
    if notice.era != "ted-r209":
        return None
    return replace(_later(notice, 20, "correction"), form="F14")


def _modified(notice: Notice) -> Notice | None:
    """Return a change of the first contract."""
    known = notice.era != "ted-old" and notice.form != "E4" and notice.buyer.kind != "eu"
    if not known or not notice.lots[0].won:
        return None
    changed = _dearer(_later(notice, 60, "modification"))
    lots = (replace(changed.lots[0], won=changed.lots[0].won[:1]),)
    form = "F20" if notice.era == "ted-r209" else "38"
    return replace(changed, form=form, lots=lots, traits=frozenset())


_FOLLOWING = {
    "twice": _twice,
    "new form": _in_new_form,
    "correction": _correction,
    "modification": _modified,
}


def _in_time(notice: Notice, days: int) -> bool:
    return notice.day + dt.timedelta(days=days) <= LAST_DAY


def _later(notice: Notice, days: int, counts: str) -> Notice:
    day, serial = weekday(notice.day + dt.timedelta(days=days)), notice.serial + 1
    return replace(notice, serial=serial, day=day, counts=counts, about=notice)


def _dearer(notice: Notice) -> Notice:
    """Return the notice with every amount a tenth higher, as a correction may say."""
    lots = tuple(
        replace(lot, tenders=tuple(replace(bid, cents=bid.cents * 11 // 10) for bid in lot.tenders))
        for lot in notice.lots
    )
    return replace(notice, lots=lots)
