"""Start-ups that won, their lots and euros, and their shares: by definition, perimeter and period.

Amounts are headline values: awarded values of lots that are no framework agreement. Frameworks
stand apart (group `framework=yes`), since what they state may be a ceiling.

access.startups
    Different companies that answered to the definition at one win or more (SU-1, methods 1.5);
    high adds every company of unknown answer and every stated name that is no known company. Count.
access.lots_won
    Sum of the weights w S of lots that start-ups won, a joint win of m firms counting 1/m for each
    (SU-2); high adds the unknown. Lots, not always whole.
access.lot_share
    theta_N = sum w S/sum w among known answers (SU-4, methods 2.1); low = yes/all, high = (yes +
    unknown)/all (Manski 1989). Share of awarded lots.
access.amount
    Sum of v S (SU-3): EUR without VAT, nominal, of lots that are no framework agreement and have a
    usable amount; high adds the euros of unknown answer.
access.amount_share
    theta_V = sum v S/sum v (SU-5), with the bounds of Horowitz and Manski 2000. Share of euros.
"""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from analysis.cells import AccessCells
from analysis.contracts.access_cells import HEADLINE, PERIMETERS, WIDE
from analysis.indicators.access_parts import (
    LOTS,
    VALUED,
    Tally,
    plain,
    records,
    tallies,
    told,
    weighted_share,
    whole_of,
)
from analysis.indicators.competition import Answer

KINDS = ("buyer_type", "cpv_division", "value_band", "procedure", "framework")
_FLAG = {True: "yes", False: "no"}


def startups(counts: Tally) -> Answer:
    """Different companies that answered to the definition at one win or more.

    low = those; high = also every company of unknown answer, and every stated name that is no known
    company, each once. Unit: companies.
    """
    yes, unknown = int(counts["yes"]), int(counts["unknown"]) + int(counts["unlinked"])
    known = yes + int(counts["no"])
    return Answer(yes, "count", known, "companies", unknown, yes, yes + unknown, "bounds")


def lots_won(tally: Tally) -> Answer:
    """Lots that start-ups won, joint wins in parts: sum of weights of yes; high adds the unknown.

    Unit: lots, not always whole.
    """
    low, high = tally["yes"], tally["yes"] + tally["unknown"]
    known = int(tally["lots"] - tally["lots_unknown"])
    return Answer(low, "lots", known, LOTS, int(tally["lots_unknown"]), low, high, "bounds")


def lot_share(tally: Tally) -> Answer:
    """Share of awarded lots that start-ups won: theta_N = sum w S/sum w (methods 2.1)."""
    unknown = tally["lots_unknown"]
    return weighted_share(tally, n=tally["lots"] - unknown, unknown=unknown, denominator=LOTS)


def amount(tally: Tally) -> Answer:
    """Euros that start-ups won: sum of v S; high adds the euros of unknown answer.

    Unit: EUR without VAT, nominal. Lots without a usable value are in no sum and in no bound:
    `access.value_unknown` counts them. Without any valued lot the amount is not known.
    """
    n, unknown = int(tally["valued"] - tally["valued_unknown"]), int(tally["valued_unknown"])
    if not tally["valued"]:
        return Answer(None, "EUR", 0, VALUED)
    low, high = tally["eur_yes"], round(tally["eur_yes"] + tally["eur_unknown"], 4)
    return Answer(low, "EUR", n, VALUED, unknown, low, high, "bounds")


def amount_share(tally: Tally) -> Answer:
    """Share of euros that start-ups won: theta_V = sum v S/sum v; bounds Horowitz-Manski 2000."""
    unknown = tally["valued_unknown"]
    n = tally["valued"] - unknown
    return weighted_share(tally, measure="eur_", n=n, unknown=unknown, denominator=VALUED)


_OF_LOTS: dict[str, Callable[[Tally], Answer]] = {
    "access.lots_won": lots_won,
    "access.lot_share": lot_share,
}
_OF_EUROS: dict[str, Callable[[Tally], Answer]] = {
    "access.amount": amount,
    "access.amount_share": amount_share,
}


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS on start-ups, lots and amounts; `row` is `results.number` with the rest."""
    whole = whole_of(cells.lots)
    by_buyer, kinds, origins = plain(cells.cells), plain(cells.kinds), plain(cells.origins)
    yield from _companies(cells.companies, row)
    for perimeter in PERIMETERS:
        at = partial(row, perimeter=perimeter)
        part = told(by_buyer, perimeter)
        yield from _told(tallies(part, whole), _OF_LOTS, at)
        framework = part["framework"].fillna(False).astype(bool)
        yield from _told(tallies(part.loc[~framework], whole), _OF_EUROS, at)
        apart = part.loc[framework & part["definition"].isin(HEADLINE)]
        yield from _told(tallies(apart, whole), _OF_EUROS, at, group="framework=yes")
        for name in KINDS:
            yield from _grouped(told(kinds, perimeter), name, whole, at)
        yield from _grouped(told(origins, perimeter), "origin", whole, at)


def _told(
    sums: pd.DataFrame, indicators: dict[str, Callable[[Tally], Answer]], row: partial, **at: str
) -> Iterator[tuple]:
    for tally in records(sums):
        for id, ask in indicators.items():
            where = {"definition": tally["definition"], "period": tally["period"]} | at
            yield row(id, **where, **ask(tally)._asdict())


def _grouped(cells: pd.DataFrame, name: str, whole: str, row: partial) -> Iterator[tuple]:
    """Lots by one kind of lot over the whole period; what is not stated is a group."""
    for tally in records(tallies(cells, whole, by=(name,), yearly=False)):
        value = tally[name]
        group = f"{name}={'not-stated' if pd.isna(value) else _FLAG.get(value, value)}"
        for id, ask in _OF_LOTS.items():
            where = {"definition": tally["definition"], "period": whole, "group": group}
            yield row(id, **where, **ask(tally)._asdict())


def _companies(counts: pd.DataFrame, row: partial) -> Iterator[tuple]:
    seen = counts.loc[counts["perimeter"].isin(WIDE) | counts["definition"].isin(HEADLINE)]
    for one in records(seen):
        where = {name: one[name] for name in ("definition", "perimeter", "period", "group")}
        yield row("access.startups", **where, **startups(one)._asdict())
