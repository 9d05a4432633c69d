"""Would another year with the same propensities differ? Intervals with buyers as clusters.

access.lot_share_sampling
    Share of lots among known answers; Wilson interval on n_eff = p(1 - p)/V, V the variance over
    buyers, Korn and Graubard below ten start-up lots (methods 2.7). Share.
access.amount_share_sampling
    Share of euros among known answers; bootstrap-t over buyers on the logit. No interval where a
    few awards dominate, and the denominator says so (methods 2.7). Share.
access.amount_share_without
    The same share without the 1, 3, 5 and 10 largest awards, group `largest=` (methods 2.7). Share.
"""

from collections.abc import Iterator
from functools import partial

import pandas as pd

from analysis.cells import AccessCells
from analysis.contracts.access_cells import PERIMETERS
from analysis.indicators.access_parts import (
    LOTS,
    VALUED,
    periods,
    plain,
    tallies,
    told,
    whole_of,
    within,
)
from analysis.indicators.competition import Answer
from analysis.inference.amounts import AmountShare, amount_share
from analysis.inference.intervals import share_interval

DOMINATED = f"{VALUED}-dominated-by-few"


def lot_share_sampling(buyers: pd.DataFrame) -> Answer:
    """Share of lots among the known, with its interval over buyers (methods 2.7).

    Wilson on the effective number of lots, Korn-Graubard below ten. None where nothing is known.

    Parameters
    ----------
    buyers : one row a buyer; weights `yes` and `no`, counts `lots` and `lots_unknown`
    """
    names = ("yes", "no", "lots", "lots_unknown")
    yes, no, lots, open_ = (buyers[name].to_numpy(float) for name in names)
    known, unknown = yes + no, int(open_.sum())
    n = int(lots.sum()) - unknown
    if not known.sum() > 0:
        return Answer(None, "share", n, LOTS, unknown)
    found = share_interval(yes, known)
    low, high = min(found.low, found.share), max(found.high, found.share)
    return Answer(found.share, "share", n, LOTS, unknown, low, high, "sampling")


def amount_share_sampling(found: AmountShare, *, n: int) -> Answer:
    """Share of euros among the known, with its bootstrap-t interval over buyers (methods 2.7).

    No interval where a few awards dominate (the denominator says so) or where none can be made.
    """
    denominator = DOMINATED if found.dominance.dominated else VALUED
    if found.interval is None:
        return Answer(found.share, "share", n, denominator)
    low, high = min(found.interval.low, found.share), max(found.interval.high, found.share)
    return Answer(found.share, "share", n, denominator, 0, low, high, "sampling")


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS: sampling intervals, and the share of euros without the largest awards."""
    whole = whole_of(cells.lots)
    by_buyer = plain(cells.cells, coded=["buyer"])
    values = cells.values.astype({"value_eur": float, "startup_eur": float})
    for perimeter in PERIMETERS:
        at = partial(row, perimeter=perimeter)
        buyers = tallies(told(by_buyer, perimeter), whole, by=("buyer",))
        for (definition, period), part in buyers.groupby(["definition", "period"], sort=True):
            where = {"definition": definition, "period": period}
            answer = lot_share_sampling(part)
            yield at("access.lot_share_sampling", **where, **answer._asdict())
        for definition, of_one in within(values, perimeter).groupby("definition", sort=True):
            for period, part in periods(of_one, whole):
                yield from _of_euros(part, partial(at, definition=definition, period=period))


def _of_euros(part: pd.DataFrame, row: partial) -> Iterator[tuple]:
    found, n = amount_share(part), len(part)
    yield row("access.amount_share_sampling", **amount_share_sampling(found, n=n)._asdict())
    for without in found.without_largest:
        if without.k:
            answer = Answer(without.share, "share", n - without.k, VALUED)
            group = f"largest={without.k}"
            yield row("access.amount_share_without", group=group, **answer._asdict())
