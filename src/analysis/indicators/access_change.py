"""What changed between years, whether the unknown allow it to be said, and of what it is made.

The comparability series holds lots at or above one constant threshold for all years, the highest
real EU threshold by nature and kind of buyer; publishing those was a duty throughout.

access.change
    p1 - p0 among the known, with bounds [L1 - U0, U1 - L0] (methods 2.6). Difference of shares.
access.breakdown_gamma
    Smallest factor gamma by which the odds of a start-up may differ between unknown and known
    before that change can no longer be concluded: one gamma for both years (`selection=common`) or
    one for each (`free`); methods 2.6. Ratio.
access.comparable_lot_share, access.comparable_change
    `access.lot_share` and `access.change` over the comparability series alone (methods 2.11). Share
    and difference of shares.
access.decomposition
    Kitagawa by kind of lot: sum 1/2 (w0 + w1)(r1 - r0) within and sum 1/2 (r0 + r1)(w1 - w0) mix;
    Foster, Haltiwanger and Krizan by buyer: within, between, cross, entry and exit (methods 2.8).
    The parts add up to the change among the known. Difference of shares.
"""

import math
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np
import pandas as pd

from analysis.cells import AccessCells
from analysis.contracts.access_cells import PERIMETERS, WIDE
from analysis.indicators.access_parts import (
    LOTS,
    added,
    pairs_of,
    plain,
    records,
    tallies,
    weighted_share,
    whole_of,
    within,
    years_of,
)
from analysis.indicators.competition import Answer
from analysis.inference.bounds import Bounds, Tally, no_assumption
from analysis.inference.changes import (
    breakdown_gamma,
    change_bounds,
    change_under_common_gamma,
    change_under_gamma,
)
from analysis.inference.decompositions import entry_exit, kitagawa

COMPARABLE = "comparable-lots"
KIND = ["buyer_type", "cpv_division", "procedure", "value_band"]
_SELECTION: dict[str, Callable[[Tally, Tally, float], Bounds]] = {
    "free": change_under_gamma,
    "common": change_under_common_gamma,
}


def change(before: Tally, after: Tally, *, n: int, unknown: int, denominator: str) -> Answer:
    """Change of a share among the known, and bounds that assume nothing of the unknown.

    [L1 - U0, U1 - L0] (methods 2.6). Unit: difference of shares, 0.01 is one point.
    """
    low, high = change_bounds(no_assumption(before), no_assumption(after))
    seen = None
    if before.known and after.known:
        seen = after.yes / after.known - before.yes / before.known
    return Answer(seen, "share-difference", n, denominator, unknown, low, high, "bounds")


def breakdown(before: Tally, after: Tally, selection: str) -> Answer:
    """Smallest gamma at which the change seen among the known can no longer be concluded.

    Missing where no gamma undoes it, or nothing is known; the denominator says which.
    """
    if not (before.known and after.known):
        return Answer(None, "ratio", 0, "nothing-known")
    gamma = breakdown_gamma(before, after, change=_SELECTION[selection])
    if math.isinf(gamma):
        return Answer(None, "ratio", 2, "no-gamma-undoes-it")
    return Answer(gamma, "ratio", 2, "years")


def parts_of_change(before: pd.DataFrame, after: pd.DataFrame, by: str) -> dict[str, float]:
    """Kitagawa (within, mix) by kind of lot; by buyer within, between, cross, entry and exit.

    Parameters
    ----------
    before, after : cells of one definition in two years, weights of known answers in both
    by : column that tells cells apart; `buyer` for entry and exit

    Notes
    -----
    methods 2.8; only lots of known answers. After a change of the duty to publish, entry and exit
    are coverage, not behaviour.
    """
    both = pd.concat([before[by], after[by]], ignore_index=True)
    place, values = pd.factorize(both, sort=True, use_na_sentinel=False)
    sides = {}
    at = {"before": place[: len(before)], "after": place[len(before) :]}
    for name, cells in (("before", before), ("after", after)):
        numbers = (cells[answer].to_numpy(float) for answer in ("yes", "no"))
        yes, no = (np.round(added(some, at[name], len(values)), 9) for some in numbers)
        known = yes + no
        sides[f"weight_{name}"] = known / known[known > 0].sum()
        sides[f"rate_{name}"] = np.divide(
            yes, known, out=np.full(len(yes), np.nan), where=known > 0
        )
    frame = pd.DataFrame(sides)
    split = entry_exit(frame) if by == "buyer" else kitagawa(frame)
    return split._asdict()


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS on changes, the comparability series and decompositions."""
    whole, years = whole_of(cells.lots), years_of(cells.lots)
    kinds, by_buyer = plain(cells.kinds), plain(cells.cells, coded=["buyer"])
    kinds["kind"] = kinds.groupby(KIND, dropna=False, sort=True).ngroup()
    for perimeter in PERIMETERS:
        at = partial(row, perimeter=perimeter)
        part = within(kinds, perimeter)
        comparable = part.loc[part["comparable"].fillna(False).astype(bool)]
        yield from _changes(tallies(part, whole), years, at, "access.change", LOTS)
        yield from _comparable(tallies(comparable, whole), years, at)
        if perimeter in WIDE:
            buyers = within(by_buyer, perimeter)
            buyers = buyers.loc[buyers["definition"].isin(part["definition"].unique())]
            yield from _decomposed(part, "kind", "lot-kind", at)
            yield from _decomposed(buyers, "buyer", "buyer", at)


def _comparable(sums: pd.DataFrame, years: list[int], row: partial) -> Iterator[tuple]:
    for tally in records(sums):
        n, unknown = tally["lots"] - tally["lots_unknown"], tally["lots_unknown"]
        answer = weighted_share(tally, n=n, unknown=unknown, denominator=COMPARABLE)
        where = {"definition": tally["definition"], "period": tally["period"], "grade": "C"}
        yield row("access.comparable_lot_share", **where, **answer._asdict())
    graded = partial(row, grade="C")
    yield from _changes(sums, years, graded, "access.comparable_change", COMPARABLE)


def _changes(
    sums: pd.DataFrame, years: list[int], row: partial, id: str, denominator: str
) -> Iterator[tuple]:
    for definition, of_one in sums.groupby("definition", sort=True):
        by_year = {tally["period"]: tally for tally in records(of_one)}
        for first, last in pairs_of([year for year in years if str(year) in by_year]):
            a, b = by_year[str(first)], by_year[str(last)]
            before, after = _tally(a), _tally(b)
            unknown = int(a["lots_unknown"] + b["lots_unknown"])
            n = int(a["lots"] + b["lots"]) - unknown
            at = {"definition": definition, "period": f"{first}-{last}"}
            seen = change(before, after, n=n, unknown=unknown, denominator=denominator)
            yield row(id, **at, **seen._asdict())
            if id == "access.change":
                for selection in _SELECTION:
                    answer = breakdown(before, after, selection)._asdict()
                    group = f"selection={selection}"
                    yield row("access.breakdown_gamma", group=group, **at, **answer)


def _decomposed(cells: pd.DataFrame, by: str, name: str, row: partial) -> Iterator[tuple]:
    used = cells[["definition", "year", by, "yes", "no", "lots", "lots_unknown"]]
    used = used.loc[used["yes"] + used["no"] > 0]
    for definition, known in used.groupby("definition", sort=True):
        of_year = {year: known.loc[known["year"] == year] for year in years_of(known)}
        for first, last in pairs_of(list(of_year)):
            before, after = of_year[first], of_year[last]
            n = int((before["lots"] - before["lots_unknown"]).sum())
            n += int((after["lots"] - after["lots_unknown"]).sum())
            at = {"definition": definition, "period": f"{first}-{last}", "grade": "C"}
            for part, effect in parts_of_change(before, after, by).items():
                answer = Answer(effect, "share-difference", n, LOTS)._asdict()
                yield row("access.decomposition", group=f"by={name},part={part}", **at, **answer)


def _tally(sums: Mapping) -> Tally:
    return Tally(**{name: float(sums[name]) for name in ("yes", "no", "unknown")})
