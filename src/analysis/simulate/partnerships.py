"""Firms that win together, and the companies that are made for one contract."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from random import Random

from analysis.simulate.contracts import Notice, Tender
from analysis.simulate.firms import SIZES
from analysis.simulate.names import coined, one
from analysis.simulate.people import WORLD, Organisation, by_percent, number_of

TOGETHER = WORLD["partnerships"]
SERIALS = 800_000


def told_as(
    random: Random, notice: Notice, nature: str, tender: Tender, vehicles: Iterator[int]
) -> Tender:
    """Return the winning bid as its notice tells of it: members, one name, or one number."""
    if len(tender.members) == 1:
        is_project = nature == "works" and notice.is_large
        if not is_project or random.random() * 100 >= WORLD["project_companies"]:
            return tender
        name = f"Verzonnen PPS {coined(random)}"
        made = _vehicle(random, notice, tender, name, "project", next(vehicles))
        return replace(tender, told="vehicle", vehicle=made)
    way = _way(random, notice)
    if way == "group":
        return tender
    name = f"{one(random, TOGETHER['prefixes'])} {_joined(random, tender)}"
    if way == "name":
        lead = tender.members[0]
        alone = Organisation(
            5_000_000 + next(vehicles),
            name,
            "",
            lead.place,
            language=lead.language,
            core=name,
            size=_size(tender),
        )
        return replace(tender, told="name", vehicle=alone)
    made = _vehicle(random, notice, tender, name, "partnership", next(vehicles))
    return replace(tender, told="vehicle", vehicle=made)


def _way(random: Random, notice: Notice) -> str:
    """Group, name or vehicle; the old forms have room for one contractor only."""
    ways = TOGETHER["after" if notice.decided >= TOGETHER["own_number_since"] else "before"]
    way = by_percent(random.random() * 100, ways) or "group"
    return "name" if notice.era == "ted-old" and way == "group" else way


def _joined(random: Random, tender: Tender) -> str:
    sign = (" - ", " & ", " / ", " - ")[int(random.random() * 4)]
    return sign.join(member.core for member in tender.members)


def _size(tender: Tender) -> str:
    return max((member.size for member in tender.members), key=SIZES.index)


def _vehicle(
    random: Random, notice: Notice, tender: Tender, name: str, kind: str, number: int
) -> Organisation:
    """Return a partnership or project company, some weeks older than its contract."""
    lead = next((m for m in tender.members if m.place.country == "BE"), tender.members[0])
    since = notice.decided - timedelta(days=10 + int(random.random() * 50))
    form = ("SA" if lead.language == "FR" else "NV") if kind == "project" else ""
    if not form:
        since = max(since, TOGETHER["own_number_since"])
    least, most = TOGETHER["years"]
    years = least + random.random() * (most - least)
    serial = SERIALS + number
    return Organisation(
        serial, f"{name} {form}".strip(), number_of(serial, lead.place), lead.place,
        language=lead.language, size=_size(tender), core=name, form=form or TOGETHER["legal_form"],
        nace=lead.nace, street=lead.street, house=lead.house, since=since, born=since,
        until=notice.decided + timedelta(days=int(years * 365)),
    )  # fmt: skip
