"""Who bids and who wins, for lots of which every tender is known.

access.bid_lots
    Lots of which every tender is published with its tenderer. Count.
access.bid_share
    Tenders of start-ups, a joint tender in parts, over those of known answer, with bounds. Share.
access.win_rate
    Tenders won over tenders put in, of start-ups (`who=start-up`) and of others; P(win|bid) of
    methods 2.9, with bounds. Share.
"""

from collections.abc import Iterator
from functools import partial

from analysis.cells import AccessCells
from analysis.contracts.access_cells import HEADLINE, PERIMETERS
from analysis.indicators.access_parts import Tally, count, periods, records, whole_of, within
from analysis.indicators.competition import Answer

TENDERS = "tenders"
_ANSWERS = ("yes", "no", "unknown")
_MEASURES = ["lots", *_ANSWERS, *(f"won_{answer}" for answer in _ANSWERS)]


def bid_share(tally: Tally) -> Answer:
    """Share of start-ups among tenders, a joint tender in parts: yes/(yes + no), with bounds."""
    yes, no, unknown = (float(tally[answer]) for answer in _ANSWERS)
    n, everything = round(yes + no), yes + no + unknown
    if not everything:
        return Answer(None, "share", 0, TENDERS)
    value = yes / (yes + no) if yes + no else None
    low, high = yes / everything, (yes + unknown) / everything
    return Answer(value, "share", n, TENDERS, round(unknown), low, high, "bounds")


def win_rate(tally: Tally, who: str) -> Answer:
    """Tenders won among the tenders of start-ups (`yes`) or of others (`no`).

    value = won/bid among the known. low: every tender of unknown answer that lost is one of
    theirs; high: every one that won is.
    """
    bid, won = float(tally[who]), float(tally[f"won_{who}"])
    open_won = float(tally["won_unknown"])
    open_lost = float(tally["unknown"]) - open_won
    unknown = round(float(tally["unknown"]))
    if not bid + open_won + open_lost > 0:
        return Answer(None, "share", 0, TENDERS)
    low = won / (bid + open_lost) if bid + open_lost > 0 else 1.0
    high = (won + open_won) / (bid + open_won) if bid + open_won > 0 else 0.0
    value = won / bid if bid else None
    if value is None:
        low, high = 0.0, 1.0
    return Answer(value, "share", round(bid), TENDERS, unknown, low, high, "bounds")


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS; none where no lot has all its tenders."""
    whole = whole_of(cells.lots)
    bids = cells.bids.astype(dict.fromkeys(_MEASURES, float))
    for perimeter in PERIMETERS:
        inside = within(bids, perimeter)
        inside = inside.loc[inside["definition"].isin(HEADLINE)]
        for definition, of_one in inside.groupby("definition", sort=True):
            for period, part in periods(of_one, whole):
                [tally] = records(part[_MEASURES].sum().round(9).to_frame().T)
                at = {"period": period, "perimeter": perimeter}
                if definition == HEADLINE[0]:
                    answer = count(tally["lots"], "lots")._asdict()
                    yield row("access.bid_lots", definition="all-tenders-known", **at, **answer)
                one = partial(row, definition=definition, **at)
                yield one("access.bid_share", **bid_share(tally)._asdict())
                for group, who in (("who=start-up", "yes"), ("who=other", "no")):
                    yield one("access.win_rate", group=group, **win_rate(tally, who)._asdict())
