"""The share of euros if amounts that are in no headline sum counted after all (methods 2.4, 2.5).

access.amount_share_if
    (A + d a)/(V + d v): euros of start-ups over euros, with what was left out added. Groups:

    - `if=suspects-low`, `if=suspects-high`: amounts that are suspect but lie between two ends (a
      slip of the decimal point, a total on every contract, a range) at the low or the high end
    - `if=suspects-least`, `if=suspects-most`: those of start-ups at the low end and all others at
      the high one, and the reverse: how far suspect amounts could move the share
    - `if=frameworks-0.25`, `-0.5`, `-1`: so much of what is stated for framework agreements, which
      may be a ceiling

    Headline definitions; bounds are those of unknown answers. Unit: share; n in lots.
"""

from collections.abc import Iterator, Mapping
from functools import partial
from typing import Any

import pandas as pd

from analysis.cells import AccessCells
from analysis.contracts.access_cells import HEADLINE, PERIMETERS
from analysis.indicators.access_parts import (
    VALUED,
    periods,
    plain,
    records,
    summed,
    tallies,
    weighted_share,
    whole_of,
    within,
)

ANSWERS = ("yes", "no", "unknown")
ENDS = {
    "suspects-low": {"yes": "low", "no": "low", "unknown": "low"},
    "suspects-high": {"yes": "high", "no": "high", "unknown": "high"},
    "suspects-least": {"yes": "low", "no": "high", "unknown": "low"},
    "suspects-most": {"yes": "high", "no": "low", "unknown": "high"},
}
PARTS = {"frameworks-0.25": 0.25, "frameworks-0.5": 0.5, "frameworks-1": 1.0}


def added(doubted: Mapping[str, float], group: str) -> dict[str, float]:
    """Euros by answer that a group adds, from the sums of DOUBTED_CELLS of its kind of doubt.

    Examples
    --------
    >>> ends = {"low_yes": 1, "high_yes": 9, "low_no": 2, "high_no": 8, "low_unknown": 0}
    >>> added(ends | {"high_unknown": 4}, "suspects-least")
    {'yes': 1, 'no': 8, 'unknown': 0}
    >>> added(ends | {"high_unknown": 4}, "frameworks-0.5")
    {'yes': 4.5, 'no': 4.0, 'unknown': 2.0}
    """
    if group in ENDS:
        return {answer: doubted[f"{ENDS[group][answer]}_{answer}"] for answer in ANSWERS}
    return {answer: PARTS[group] * doubted[f"high_{answer}"] for answer in ANSWERS}


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS: the share of euros under each `if`, by definition, perimeter and period."""
    whole = whole_of(cells.lots)
    by_buyer = plain(cells.cells)
    headline = by_buyer.loc[by_buyer["definition"].isin(HEADLINE)]
    headline = headline.loc[~headline["framework"].fillna(False).astype(bool)]
    for perimeter in PERIMETERS:
        doubted = _sums(within(cells.doubted, perimeter), whole)
        for tally in records(tallies(within(headline, perimeter), whole)):
            key = (tally["definition"], tally["period"])
            for group in (*ENDS, *PARTS):
                more = doubted.get((*key, group.split("-")[0].rstrip("s")))
                if more:
                    where = dict(zip(("definition", "period"), key, strict=True))
                    where |= {"perimeter": perimeter, "group": f"if={group}"}
                    yield row("access.amount_share_if", **where, **_share(tally, more, group))


def _sums(doubted: pd.DataFrame, whole: str) -> dict[tuple, dict[str, Any]]:
    """Lots and euros left out, by definition, period and kind of doubt."""
    measures = ["lots", *(f"{end}_{answer}" for end in ("low", "high") for answer in ANSWERS)]
    numbers = doubted.astype(dict.fromkeys(measures, float))
    found: dict[tuple, dict[str, Any]] = {}
    for period, part in periods(numbers, whole):
        for one in records(summed(part, ["definition", "doubt"], dict.fromkeys(measures, 4))):
            found[one["definition"], period, one["doubt"]] = one
    return found


def _share(tally: Mapping[str, Any], more: Mapping[str, Any], group: str) -> dict[str, Any]:
    euros = added(more, group)
    sums = {f"eur_{answer}": tally[f"eur_{answer}"] + euros[answer] for answer in ANSWERS}
    n = tally["valued"] - tally["valued_unknown"] + more["lots"]
    unknown = tally["valued_unknown"]
    return weighted_share(sums, measure="eur_", n=n, unknown=unknown, denominator=VALUED)._asdict()
