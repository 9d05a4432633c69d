"""How many compete for a contract, and who wins: bids, single bids, SMEs, procedures.

competition.notices, competition.lots, competition.awarded_lots, competition.pairs
    Award notices, lots, lots with a contract, and pairs of contract and winner. Count.
competition.bids_per_lot, competition.median_bids
    Mean and median of tenders per awarded lot whose number is known. Bids.
competition.single_bid_share
    Awarded lots with exactly one tender over those of known number, with bounds. Share
    (methods 2.10).
competition.direct_award_share, competition.procedure_share
    Awarded lots negotiated without prior call, and by every procedure (the definition). Share.
competition.sme_bid_share, competition.sme_bids_wrong
    Tenders of SMEs over tenders counted; lots that state more of them than tenders. Share; count.
competition.sme_win_share, competition.sme_won_without_bid_share
    Awarded lots with an SME among the winners; of these, those that state no SME tender. Share.
competition.not_awarded_share
    Lots that ended without a contract over lots of known outcome, with bounds. Share.
"""

from collections.abc import Callable, Iterator
from typing import NamedTuple

import pandas as pd

from analysis.contracts.notices import PROCEDURES
from analysis.results import number

PERIMETERS = ("notices-given", "belgium")
GROUPS = ("era", "country", "procedure")
DIRECT = "negotiated-without-call"


class Answer(NamedTuple):
    """What an indicator says of some cells: the columns of RESULTS that it decides."""

    value: float | None
    unit: str
    n: int
    denominator: str
    unknown: int = 0
    low: float | None = None
    high: float | None = None
    interval: str = "none"


def competition(cells: pd.DataFrame, *, kind: str, inputs: str) -> list[tuple]:
    """Rows of RESULTS for chapter 15: every indicator below, by perimeter, period and group.

    Parameters
    ----------
    cells : keeps CELLS
    kind, inputs : what the cells rest on, as in RESULTS

    Returns
    -------
    list of rows. The whole period is told for all, by era, by country and by procedure; each year
    for all. A part without lots has no rows.
    """
    rows = []
    for perimeter in PERIMETERS:
        for period, group, part in _parts(_within(cells, perimeter)):
            for (indicator, definition), answer in _answers(part, group):
                rows.append(
                    number(
                        indicator,
                        chapter="15",
                        period=period,
                        group=group,
                        definition=definition,
                        perimeter=perimeter,
                        kind=kind,
                        inputs=inputs,
                        **answer._asdict(),
                    )
                )
    return rows


def bounded_share(*, yes: int, no: int, unknown: int, denominator: str) -> Answer:
    """Share among the known, with the bounds that the unknown leave open.

    value = yes / (yes + no), low = yes / all, high = (yes + unknown) / all (Manski 1989).

    Examples
    --------
    >>> bounded_share(yes=1, no=1, unknown=2, denominator="lots")[-4:]
    (2, 0.25, 0.75, 'bounds')
    """
    known, everything = yes + no, yes + no + unknown
    if not everything:
        return Answer(None, "share", 0, denominator)
    return Answer(
        value=yes / known if known else None,
        unit="share",
        n=known,
        denominator=denominator,
        unknown=unknown,
        low=yes / everything,
        high=(yes + unknown) / everything,
        interval="bounds",
    )


def mean_bids(part: pd.DataFrame) -> Answer:
    """Bids per awarded lot. A lot of unknown bids could have any number: there are no bounds."""
    known, n, unknown = _bids_known(part)
    mean = float((known["bids"] * known["awarded"]).sum()) / n if n else None
    return Answer(mean, "bids", n, "awarded-lots", unknown)


def median_bids(part: pd.DataFrame) -> Answer:
    """Median of bids per awarded lot among lots of known bids: the mean of the middle two."""
    known, n, unknown = _bids_known(part)
    if not n:
        return Answer(None, "bids", 0, "awarded-lots", unknown)
    upto = known.groupby("bids")["awarded"].sum().sort_index().cumsum()
    middle = [upto.index[upto >= place][0] for place in ((n + 1) // 2, n // 2 + 1)]
    return Answer(float(sum(middle)) / 2, "bids", n, "awarded-lots", unknown)


def single_bids(part: pd.DataFrame) -> Answer:
    """Awarded lots with exactly one bid."""
    known, n, unknown = _bids_known(part)
    single = int(known["awarded"][known["bids"] == 1].sum())
    return bounded_share(yes=single, no=n - single, unknown=unknown, denominator="awarded-lots")


def sme_bids(part: pd.DataFrame) -> Answer:
    """SME bids among counted bids. In lots that state none, or more than all, they are unknown."""
    known = part.loc[part["bids"].notna(), ["bids", "awarded", "sme_bids", "sme_bids_lots"]]
    small, counted = _sum(known, "sme_bids"), int((known["bids"] * known["awarded"]).sum())
    of_size_known = int((known["bids"] * known["sme_bids_lots"]).sum())
    return bounded_share(
        yes=small,
        no=of_size_known - small,
        unknown=counted - of_size_known,
        denominator="bids-counted",
    )


def sme_bids_wrong(part: pd.DataFrame) -> Answer:
    """Awarded lots that state more SME bids than bids, which cannot be."""
    wrong, right = _sum(part, "sme_bids_wrong"), _sum(part, "sme_bids_lots")
    unknown = _sum(part, "awarded") - wrong - right
    return Answer(wrong, "count", wrong + right, "awarded-lots-with-sme-bids", unknown)


def sme_wins(part: pd.DataFrame) -> Answer:
    """Awarded lots with an SME among the winners."""
    yes, no, unknown = (_sum(part, f"sme_won_{answer}") for answer in ("yes", "no", "unknown"))
    return bounded_share(yes=yes, no=no, unknown=unknown, denominator="awarded-lots")


def sme_wins_without_bid(part: pd.DataFrame) -> Answer:
    """Lots won by an SME that state no SME bid at all: both answers cannot be true."""
    stated, without = _sum(part, "sme_won_bids_stated"), _sum(part, "sme_won_without_bid")
    unknown = _sum(part, "sme_won_yes") - stated
    return bounded_share(
        yes=without, no=stated - without, unknown=unknown, denominator="lots-won-by-sme"
    )


def not_awarded(part: pd.DataFrame) -> Answer:
    """Lots that ended without a contract."""
    lost, won, unknown = (
        _sum(part, name) for name in ("not_awarded", "awarded", "outcome_unknown")
    )
    return bounded_share(yes=lost, no=won, unknown=unknown, denominator="lots")


def by_procedure(part: pd.DataFrame, procedure: str) -> Answer:
    """Awarded lots that were given in one kind of procedure."""
    awarded = _sum(part, "awarded")
    unknown = int(part["awarded"][part["procedure"].isna()].sum())
    yes = int(part["awarded"][part["procedure"].eq(procedure).fillna(False)].sum())
    return bounded_share(
        yes=yes, no=awarded - unknown - yes, unknown=unknown, denominator="awarded-lots"
    )


_INDICATORS: dict[tuple[str, str], Callable[[pd.DataFrame], Answer]] = {
    ("competition.notices", "award-notices"): lambda part: _count(part, "notices", "notices"),
    ("competition.lots", "lots"): lambda part: _count(part, "lots", "lots"),
    ("competition.awarded_lots", "awarded-lots"): lambda part: _count(part, "awarded", "lots"),
    ("competition.pairs", "contract-winner-pairs"): lambda part: _count(part, "pairs", "pairs"),
    ("competition.bids_per_lot", "mean-of-known"): mean_bids,
    ("competition.median_bids", "median-of-known"): median_bids,
    ("competition.single_bid_share", "exactly-one-bid"): single_bids,
    ("competition.sme_bid_share", "sme-bids-of-bids"): sme_bids,
    ("competition.sme_bids_wrong", "more-sme-bids-than-bids"): sme_bids_wrong,
    ("competition.sme_win_share", "any-winner-sme"): sme_wins,
    ("competition.sme_won_without_bid_share", "sme-won-no-sme-bid"): sme_wins_without_bid,
    ("competition.not_awarded_share", "no-contract"): not_awarded,
}


def _answers(part: pd.DataFrame, group: str) -> Iterator[tuple[tuple[str, str], Answer]]:
    for name, ask in _INDICATORS.items():
        yield name, ask(part)
    if not group.startswith("procedure="):
        yield ("competition.direct_award_share", DIRECT), by_procedure(part, DIRECT)
        for procedure in PROCEDURES:
            name = ("competition.procedure_share", f"procedure-{procedure}")
            yield name, by_procedure(part, procedure)


def _within(cells: pd.DataFrame, perimeter: str) -> pd.DataFrame:
    return (
        cells
        if perimeter == "notices-given"
        else cells.loc[cells["country"].eq("BE").fillna(False)]
    )


def _parts(cells: pd.DataFrame) -> Iterator[tuple[str, str, pd.DataFrame]]:
    """Period, group and cells of each part that is told."""
    years = cells["year"].dropna()
    if years.empty:
        return
    whole = f"{years.min()}-{years.max()}"
    yield whole, "all", cells
    for name in GROUPS:
        for group, part in cells.groupby(name, sort=True):
            yield whole, f"{name}={group}", part
    for year, part in cells.groupby("year", sort=True):
        yield str(year), "all", part


def _bids_known(part: pd.DataFrame) -> tuple[pd.DataFrame, int, int]:
    """Cells of known bids, the awarded lots in them, and the awarded lots outside them."""
    known = part.loc[part["bids"].notna(), ["bids", "awarded"]]
    n = _sum(known, "awarded")
    return known, n, _sum(part, "awarded") - n


def _count(part: pd.DataFrame, column: str, denominator: str) -> Answer:
    count = _sum(part, column)
    return Answer(count, "count", count, denominator)


def _sum(part: pd.DataFrame, column: str) -> int:
    return int(part[column].sum())
