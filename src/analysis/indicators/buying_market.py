"""The marketplace by year, and how far it and PIO meet (COH1 and COH2, methods 1.5)."""

from collections.abc import Iterator
from functools import partial
from typing import Any, NamedTuple

import pandas as pd

from analysis.contracts.access_cells import HEADLINE
from analysis.indicators.competition import Answer, bounded_share
from analysis.indicators.given import Given
from analysis.indicators.partner_lines import days
from analysis.results import number

NEEDS, FIRMS = "marketplace_needs", "marketplace_firms"
WINNERS, REGISTRANTS = "startup-winners-of-pio", "marketplace-firms"


class Meeting(NamedTuple):
    """Start-up winners of PIO contracts, by what is known of them; and the size of the other set.

    inside, outside : known start-ups on the marketplace, and off it
    perhaps_inside, perhaps_outside : the same of firms of unknown answer
    unnumbered : winners without enterprise number, who may be any of these
    registrants : firms that ever registered
    """

    inside: int
    outside: int
    perhaps_inside: int
    perhaps_outside: int
    unnumbered: int
    registrants: int


def rows(given: Given) -> Iterator[tuple]:
    """Rows of RESULTS on needs, firms and matches by year, and on the overlap with PIO."""
    if given.has(NEEDS):
        yield from _needs(needs(given), given)
    if given.has(FIRMS):
        yield from _firms(given)
    if given.has(FIRMS, "pio_contracts", "pio_bidders"):
        yield from _overlap(given)


def needs(given: Given) -> pd.DataFrame:
    """Needs posted up to the last day of the year.

    Returns
    -------
    `year` of posting, `responses`, `is_project`, `awarded` (by the last day), `matched`: awarded to
    a firm that was on the marketplace on the day of the award (missing: the winner is not told)
    """
    last_day = pd.Timestamp(given.year, 12, 31)
    table = given.tables[NEEDS]
    found = table[["responses", "winner"]].astype("object")
    awarded = days(table["awarded"])
    found = found.assign(year=days(table["posted"]).dt.year, is_project=table["project"].notna())
    found["awarded"] = awarded <= last_day
    stays = _stays(given)
    there = [_on_it(stays, firm, day) for firm, day in zip(found["winner"], awarded, strict=True)]
    found["matched"] = pd.array(there, dtype="boolean")
    return found[found["year"] <= given.year]


def meeting(given: Given, definition: str) -> Meeting:
    """Who won PIO contracts as a start-up, and is or was on the marketplace.

    A firm is a start-up here if it answers to the definition on the day of one of its awards, and
    of unknown answer if no answer is yes and one at least is not known.
    """
    won = given.tables["pio_bidders"].astype("object")
    won = won[won["won"].fillna(False).astype(bool)]
    awards = given.tables["pio_contracts"]
    day = dict(zip(awards["contract"], days(awards["awarded"]), strict=True))
    named = won[won["company_id"].notna()]
    asked = [
        (firm, day.get(of)) for firm, of in zip(named["company_id"], named["contract"], strict=True)
    ]
    verdicts: dict[str, set[bool | None]] = {}
    for (firm, _), answer in zip(asked, answered(given, definition, asked), strict=True):
        verdicts.setdefault(firm, set()).add(answer)
    there = set(given.tables[FIRMS]["company_id"])
    sure = {firm for firm, said in verdicts.items() if True in said}
    perhaps = {firm for firm, said in verdicts.items() if None in said} - sure
    nameless = won[won["company_id"].isna()][["bidder", "country"]].drop_duplicates()
    return Meeting(len(sure & there), len(sure - there), len(perhaps & there),
                   len(perhaps - there), len(nameless), len(there))  # fmt: skip


def overlap_of_winners(found: Meeting) -> Answer:
    """COH1 over the start-up winners: share of them that is on the marketplace.

    low takes every firm off the marketplace whose answer is not known for a start-up, and none on
    it; high the other way round. A winner without number may be any of these.
    """
    yes, no = found.inside, found.outside
    open_ = found.perhaps_inside + found.perhaps_outside + found.unnumbered
    inside, outside = yes + found.perhaps_inside, no + found.perhaps_outside
    if not yes + no + open_:
        return Answer(None, "share", 0, WINNERS)
    worst, best = yes + outside + found.unnumbered, inside + found.unnumbered + no
    return Answer(
        yes / (yes + no) if yes + no else None, "share", yes + no, WINNERS, open_,
        low=yes / worst if worst else 0.0, high=(best - no) / best if best else 0.0,
        interval="bounds",
    )  # fmt: skip


def overlap_of_registrants(found: Meeting) -> Answer:
    """COH1 over the firms of the marketplace: share that won a PIO contract as a start-up."""
    n, yes = found.registrants, found.inside
    if not n:
        return Answer(None, "share", 0, REGISTRANTS)
    more = found.perhaps_inside + found.unnumbered
    high = min(yes + more, n) / n
    return Answer(yes / n, "share", n, REGISTRANTS, more, yes / n, high, "bounds")


def _stays(given: Given) -> dict[str, tuple[Any, Any]] | None:
    """Day of registration and of leaving by firm; None where no list of firms was delivered."""
    if not given.has(FIRMS):
        return None
    table = given.tables[FIRMS]
    ends = zip(days(table["registered"]), days(table["left"]), strict=True)
    return dict(zip(table["company_id"], ends, strict=True))


def _on_it(stays: dict[str, tuple[Any, Any]] | None, firm: Any, day: Any) -> bool | None:
    """Whether a firm was on the marketplace on a day; None where that cannot be told."""
    if stays is None or pd.isna(firm) or pd.isna(day):
        return None
    if firm not in stays:
        return False
    came, left = stays[firm]
    return bool(came <= day and (pd.isna(left) or left >= day))


def row_on(given: Given, *tables: str) -> partial:
    """`results.number` of chapter 21 for rows that rest on some tables, one at least delivered."""
    rests_on: dict[str, Any] = {**given.rests_on(*tables)}
    return partial(number, chapter="21", perimeter="flemish-public", **rests_on)


def answered(given: Given, definition: str, asked: list[tuple[Any, Any]]) -> list[bool | None]:
    """What firms answer to a definition on their days; None where it is not known."""
    said = given.answers[given.answers["definition"] == definition]
    keys = zip(said["company_id"], days(said["on_date"]), strict=True)
    answers = dict(zip(keys, said["answer"].astype("object"), strict=True))
    told = (answers.get(one) for one in asked)
    return [None if pd.isna(answer) else bool(answer) for answer in told]


def _needs(found: pd.DataFrame, given: Given) -> Iterator[tuple]:
    row = row_on(given, NEEDS, FIRMS)
    if found.empty:
        return
    first = int(found["year"].min())
    for year in (None, *range(first, given.year + 1)):
        own = found if year is None else found[found["year"] == year]
        yield from _used(own, partial(row, period=year or f"{first}-{given.year}"))
    projects, n = int(found["is_project"].sum()), len(found)
    share = Answer(projects / n, "share", n, "needs")
    at = {"definition": "need-is-pio-project", "period": f"{first}-{given.year}"}
    yield row("buying.coh2", **at, **share._asdict())


def _used(own: pd.DataFrame, row: partial) -> Iterator[tuple]:
    n = len(own)
    counted = partial(row, definition="counted")
    yield counted("buying.needs", **Answer(n, "count", n, "needs")._asdict())
    known = own["responses"].dropna().astype(int)
    open_ = n - len(known)
    total = int(known.sum())
    yield counted(
        "buying.responses",
        **Answer(
            total if len(known) or not n else None, "count", len(known), "needs", open_
        )._asdict(),
    )
    mean = Answer(total / len(known) if len(known) else None, "mean", len(known), "needs", open_)
    yield row("buying.responses_per_need", definition="mean-of-known-needs", **mean._asdict())
    got = int((known > 0).sum())
    share = bounded_share(yes=got, no=len(known) - got, unknown=open_, denominator="needs")
    yield row("buying.answered_share", definition="one-response-or-more", **share._asdict())
    awarded = own[own["awarded"]]
    count = Answer(len(awarded), "count", n, "needs")
    yield counted("buying.needs_awarded", **count._asdict())
    unknown = int(awarded["matched"].isna().sum())
    yes, sure = int(awarded["matched"].fillna(False).sum()), len(awarded) - unknown
    match = Answer(yes, "count", sure, "needs-awarded")
    if unknown:
        match = match._replace(value=yes if sure else None, unknown=unknown, interval="bounds")
        match = match._replace(low=yes, high=yes + unknown)
    yield row("buying.matches", definition="winner-on-the-marketplace", **match._asdict())


def _firms(given: Given) -> Iterator[tuple]:
    """Firms on the marketplace on the last day of each year, and start-ups among who registered."""
    row = row_on(given, FIRMS)
    table = given.tables[FIRMS]
    came, left = days(table["registered"]), days(table["left"])
    first = int(came.dt.year.min())
    for year in range(first, given.year + 1):
        last_day = pd.Timestamp(year, 12, 31)
        n = int(((came <= last_day) & (left.isna() | (left > last_day))).sum())
        at = {"definition": "registered-on-the-last-day", "period": year}
        yield row("buying.firms", **at, **Answer(n, "count", n, REGISTRANTS)._asdict())
    asked = list(zip(table["company_id"], came, strict=True))
    for definition in HEADLINE:
        told = answered(given, definition, asked)
        yes, unknown = told.count(True), told.count(None)
        share = bounded_share(
            yes=yes, no=len(told) - yes - unknown, unknown=unknown, denominator=REGISTRANTS
        )
        at = {"definition": definition, "period": f"{first}-{given.year}"}
        yield row("buying.registrant_startup_share", **at, **share._asdict())


def _overlap(given: Given) -> Iterator[tuple]:
    row = row_on(given, FIRMS, "pio_contracts", "pio_bidders")
    first = int(days(given.tables["pio_contracts"]["awarded"]).dt.year.min())
    for definition in HEADLINE:
        found = meeting(given, definition)
        at = {"definition": definition, "period": f"{first}-{given.year}"}
        most = min(found.inside + found.perhaps_inside + found.unnumbered, found.registrants)
        both = Answer(found.inside, "count", found.inside + found.outside, WINNERS,
                      found.perhaps_inside + found.perhaps_outside + found.unnumbered,
                      found.inside, most, "bounds")  # fmt: skip
        yield row("buying.coh1", **at, **both._asdict())
        yield row("buying.coh1_of_winners", **at, **overlap_of_winners(found)._asdict())
        yield row("buying.coh1_of_registrants", **at, **overlap_of_registrants(found)._asdict())
