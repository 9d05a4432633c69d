"""Every defensible definition and rule at once, and in how many of them the trend has one sign.

access.multiverse_share
    Share of lots in a year under one specification: a definition, a rule for joint wins (in parts,
    any member, all members), frameworks in or out, and a date (methods 2.2). Bounds. Share.
access.multiverse_slope
    Median of the slopes between every two years (Theil-Sen) of one specification. Share a year.
access.multiverse_same_sign
    Part of the specifications whose slope rises, falls or is level, and the largest part. Share.
"""

from collections.abc import Iterator
from functools import partial
from itertools import combinations, groupby, product
from operator import itemgetter

import pandas as pd

from analysis.cells import AccessCells
from analysis.companies.definitions import definitions, uses_sizes
from analysis.contracts.access_cells import DATES
from analysis.indicators.access_parts import (
    LOTS,
    Tally,
    records,
    weighted_share,
    whole_of,
    within,
)
from analysis.indicators.competition import Answer

PERIMETER = "flemish-public"
JOINT = ("fractional", "any", "all")
_ANSWERS = ("yes", "no", "unknown")
_UNDECIDED = {"fractional": "lots_unknown", "any": "any_unknown", "all": "all_unknown"}


def slope(shares: dict[int, float]) -> float | None:
    """Median of the slopes between every two years (Theil-Sen), a year.

    Descriptive: it says how the published figures run, not what will come. None below three years,
    and where no start-up is known in any year: then "level" would be the definition's silence.
    """
    if len(shares) < 3 or not any(shares.values()):
        return None
    pairs = combinations(sorted(shares.items()), 2)
    return float(pd.Series([(q - p) / (later - year) for (year, p), (later, q) in pairs]).median())


def same_sign(slopes: list[float]) -> dict[str, float]:
    """Share of specifications that rise, fall or stay level, and the largest of the three (`all`).

    A slope within 1e-9 of 0 is level.
    """
    rise, fall = (sum(sign * value > 1e-9 for value in slopes) for sign in (1, -1))
    counts = {"rise": rise, "fall": fall, "level": len(slopes) - rise - fall}
    signs = {name: count / len(slopes) for name, count in counts.items()}
    return {"all": max(signs.values())} | {f"sign={name}": part for name, part in signs.items()}


def rows(cells: AccessCells, row: partial) -> Iterator[tuple]:
    """Rows of RESULTS: share a year under each specification, its slope, and the signs together."""
    whole, at = whole_of(cells.lots), partial(row, perimeter=PERIMETER)
    inside = within(cells.rules, PERIMETER)
    slopes = []
    for (definition, group), of_one in _specifications(inside):
        known: dict[int, float] = {}
        one = partial(at, definition=definition, group=group)
        for tally in of_one:
            answer = _share(tally)
            if answer.value is not None:
                known[int(tally["year"])] = answer.value
            yield one("access.multiverse_share", period=int(tally["year"]), **answer._asdict())
        found = slope(known)
        slopes += [] if found is None else [found]
        answer = Answer(found, "share-per-year", len(known), "years")
        yield one("access.multiverse_slope", period=whole, **answer._asdict())
    if slopes:
        for group, share in same_sign(slopes).items():
            answer = Answer(share, "share", len(slopes), "specifications")
            where = {"definition": "all-specifications", "group": group, "period": whole}
            yield at("access.multiverse_same_sign", **where, **answer._asdict())


def _share(tally: Tally) -> Answer:
    """Share of one year, with the lots that it rests on.

    In parts, a lot is unknown as soon as one of its winners is, as in `access.lot_share`. Any and
    all settle a lot as a whole: one yes is enough for "any", one no for "all", and unknown is what
    the other winners may still decide.
    """
    unknown = tally["undecided"]
    return weighted_share(tally, n=tally["lots"] - unknown, unknown=unknown, denominator=LOTS)


def _specifications(rules: pd.DataFrame) -> Iterator[tuple[tuple[str, str], list[Tally]]]:
    """Definition and group of each; by year its yes, no, unknown, lots and those undecided.

    Definitions with limits on accounts are none: every cut would tell of the same few firms.
    """
    linked = {name for name, found in definitions().items() if uses_sizes(found)}
    startups = rules.loc[~rules["definition"].isin(linked) & rules["year"].notna()]
    framework = startups["framework"].fillna(False).astype(bool)
    answers = [f"{joint}_{answer}" for joint in JOINT for answer in _ANSWERS]
    measures = ["lots", "lots_unknown", *answers]
    for taken, date in product(("in", "out"), DATES):
        some = startups.loc[(startups["date"] == date) & ((taken == "in") | ~framework)]
        sums = some.groupby(["definition", "year"], sort=True)[measures].sum().astype(float)
        tallies = records(sums.round(9).reset_index())
        for definition, of_one in groupby(tallies, key=itemgetter("definition")):
            years = list(of_one)
            for joint in JOINT:
                group = f"joint={joint},framework={taken},date={date}"
                yield (
                    (str(definition), group),
                    [_of_joint(of, joint) for of in years],
                )


def _of_joint(of: Tally, joint: str) -> Tally:
    answers = {name: of[f"{joint}_{name}"] for name in _ANSWERS}
    return answers | {"year": of["year"], "lots": of["lots"], "undecided": of[_UNDECIDED[joint]]}
