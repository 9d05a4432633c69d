"""The sizes of what is counted, how winners were linked, and what kinds of firms they are.

access.notices, access.lots, access.pairs
    Award notices, lots for which a contract was given, and pairs of a contract and a winner: the
    three sizes of methods 2.3. Count.
access.perimeter_unknown
    Awarded lots of whose buyer it is not known whether it lies inside; no figure holds them. Count.
access.value_unknown
    Awarded lots without a usable amount: they are in no sum of euros and in no bound. Count.
access.comparable_lots
    Awarded lots in the comparability series (`kept=yes`), and those that are not: below the one
    threshold, without an amount, without a threshold that applies (methods 2.11). Count.
access.link_share
    Weights w of winners that are linked to a company over all weights; by `method=` too. Share.
access.new_winner_share
    Weights of firms that won nothing in the 36 months before over those of known answer, with
    bounds (methods 2.10). Share.
access.class_share
    Weights of winners of a class of firms (`firm_class=`), of an origin, or both, over those of
    whom it is surely known, with bounds. Share.
"""

import math
from collections.abc import Iterator, Mapping, Sequence
from functools import partial

import numpy as np
import pandas as pd

from analysis.cells import AccessCells
from analysis.contracts.access import CLASSES, METHODS, ORIGINS
from analysis.contracts.access_cells import PERIMETERS
from analysis.indicators.access_parts import (
    Numbers,
    count,
    periods,
    records,
    summed,
    weighted_share,
    whole_of,
    within,
)
from analysis.indicators.competition import Answer

GIVEN = "notices-given"
OF = "winners"
_SIZES = {
    "notices": ("award-notices", "notices"),
    "lots": ("awarded-lots", "lots"),
    "pairs": ("contract-winner-pairs", "pairs"),
}


def kind_share(winners: Sequence[Mapping], **wanted: str) -> Answer:
    """Share of awarded lots won by firms of an origin and a class, among those surely known.

    A winner may be of that kind if each of its attributes is that or unknown. Asked for unknown
    itself, the share is simply theirs and has no bounds.

    Parameters
    ----------
    winners : `origin`, `firm_class`, `members` (count) and `weight` of one part
    wanted : `firm_class`, `origin`, or both
    """
    weight = dict.fromkeys(("yes", "no", "unknown"), 0.0)
    counted = dict.fromkeys(weight, 0)
    for one in winners:
        surely = all(one[name] == value for name, value in wanted.items())
        perhaps = all(one[name] in (value, "unknown") for name, value in wanted.items())
        answer = "yes" if surely else "unknown" if perhaps else "no"
        weight[answer] += float(one["weight"])
        counted[answer] += int(one["members"])
    if "unknown" in wanted.values():
        weight["no"] += weight.pop("unknown")
        weight["unknown"], counted["no"] = 0.0, counted["no"] + counted["unknown"]
        share = weighted_share(weight, n=counted["yes"] + counted["no"], unknown=0, denominator=OF)
        return share._replace(low=None, high=None, interval="none")
    n, unknown = counted["yes"] + counted["no"], counted["unknown"]
    return weighted_share(weight, n=n, unknown=unknown, denominator=OF)


def new_winners(members: pd.DataFrame) -> Answer:
    """Share of awarded lots won by firms that won nothing in the 36 months before.

    While the data reach back less than 36 months, "won before" can be known and "new" cannot: a
    part without any firm known to be new has no share among the known, only bounds.
    """
    new = members["is_new_winner"].to_numpy(float, na_value=np.nan)
    tally = {
        "yes": _weight(members, new == 1),
        "no": _weight(members, new == 0),
        "unknown": _weight(members, np.isnan(new)),
    }
    counted = members["members"].to_numpy(int)
    unknown = int(counted[np.isnan(new)].sum())
    n = int(counted.sum()) - unknown
    found = weighted_share(tally, n=n, unknown=unknown, denominator=OF)
    return found if tally["yes"] or not unknown else found._replace(value=None)


def linked(members: pd.DataFrame, method: str | None = None) -> Answer:
    """Share of awarded lots whose winners are linked to a company, by one method or by any."""
    of_method = members["method"].to_numpy()
    return _plain_share(members, of_method != "none" if method is None else of_method == method)


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS on sizes, links, classes of firms and new winners."""
    whole = whole_of(cells.lots)
    for period, part in periods(cells.lots, whole):
        yield from _sizes(part, partial(row, period=period, perimeter=GIVEN))
    kinds = {"origin": object, "firm_class": object, "method": object}
    kinds |= {"members": float, "weight": float}
    members = cells.members.astype(kinds)
    for perimeter, flag in PERIMETERS.items():
        for period, part in periods(cells.lots, whole):
            at = partial(row, period=period, perimeter=perimeter)
            open_ = count(part["lots"][part[flag].isna()].sum(), "lots")
            definition = "perimeter-not-known"
            yield at("access.perimeter_unknown", definition=definition, **open_._asdict())
        for period, part in periods(within(cells.lots, perimeter), whole):
            at = partial(row, period=period, perimeter=perimeter)
            yield from _sizes(part, at)
            yield from _left_out(part, at)
        for period, part in periods(within(members, perimeter), whole):
            at = partial(row, period=period, perimeter=perimeter)
            yield from _kinds(part, at, origins=period == whole)


def _sizes(lots: pd.DataFrame, row: partial) -> Iterator[tuple]:
    for name, (definition, unit) in _SIZES.items():
        answer = count(lots[name].sum(), unit)._asdict()
        yield row(f"access.{name}", definition=definition, **answer)


def _left_out(lots: pd.DataFrame, row: partial) -> Iterator[tuple]:
    """Lots without a value, and why lots are in the comparability series or are not."""
    counted, valued = lots["lots"].to_numpy(int), lots["valued"].to_numpy(bool)
    comparable = lots["comparable"].to_numpy(float, na_value=np.nan)
    without = count(counted[~valued].sum(), "lots")._asdict()
    yield row("access.value_unknown", definition="value-not-known", **without)
    reasons = {
        "yes": comparable == 1,
        "no-below": comparable == 0,
        "no-value": ~valued,
        "no-threshold": valued & np.isnan(comparable),
    }
    for kept, these in reasons.items():
        at = {"definition": "one-threshold", "group": f"kept={kept}"}
        answer = count(counted[these].sum(), "lots")._asdict()
        yield row("access.comparable_lots", **at, **answer)


def _kinds(members: pd.DataFrame, row: partial, *, origins: bool) -> Iterator[tuple]:
    link = partial(row, "access.link_share", definition="linked-to-a-company")
    yield link(**linked(members)._asdict())
    new = new_winners(members)._asdict()
    yield row("access.new_winner_share", definition="new-winner-36-months", **new)
    of_class = partial(row, "access.class_share", definition="firm-class")
    kinds = records(summed(members, ["origin", "firm_class"], {"members": 9, "weight": 9}))
    for name in CLASSES:
        answer = kind_share(kinds, firm_class=name)._asdict()
        yield of_class(group=f"firm_class={name}", **answer)
    if not origins:
        return
    for method in METHODS:
        yield link(group=f"method={method}", **linked(members, method)._asdict())
    for origin in ORIGINS:
        yield of_class(group=f"origin={origin}", **kind_share(kinds, origin=origin)._asdict())
        for name in CLASSES:
            answer = kind_share(kinds, origin=origin, firm_class=name)._asdict()
            yield of_class(group=f"origin={origin},firm_class={name}", **answer)


def _plain_share(members: pd.DataFrame, these: Numbers) -> Answer:
    everything = _weight(members, np.ones(len(members), dtype=bool))
    n = int(members["members"].to_numpy(int).sum())
    if not everything:
        return Answer(None, "share", n, OF)
    return Answer(min(_weight(members, these) / everything, 1.0), "share", n, OF)


def _weight(members: pd.DataFrame, these: Numbers) -> float:
    return round(math.fsum(members["weight"].to_numpy()[these]), 9)
