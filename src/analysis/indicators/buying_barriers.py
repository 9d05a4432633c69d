"""Every barrier with an indicator that moves if the barrier falls: its first year, its last year.

What the ledger already has (`access.*`) is taken from there and not computed again. An indicator
stands beside what the project group judged, and says nothing of why it moved.
"""

from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from statistics import median
from typing import Any, NamedTuple

import pandas as pd

from analysis.contracts.access_cells import HEADLINE
from analysis.contracts.intake.startups import BARRIERS
from analysis.contracts.results import RESULTS
from analysis.indicators.buying_series import JOURNAL, PERIMETER
from analysis.indicators.given import Given
from analysis.results import inputs, number
from analysis.store.raw import KINDS

FROM = 2018  # the project started in September 2018 (seed 000)
MOVES = ("expected", "against", "open", "not-comparable", "not-available")
TIMES = 4  # a move is so many times the usual change from one year to the next
FEWEST = 5  # known years, for a usual change to be known
_BREAK = "simplified-award-notice"  # more small awards are published from then on
Row = dict[str, Any]


class Measure(NamedTuple):
    """An indicator of a barrier: which rows of the ledger, and how it moves if the barrier falls.

    name : of the indicator, the definition of its rows
    id, definition : of the yearly rows of the ledger
    sign : 1 if it rises when the barrier falls, -1 if it falls
    broken : the publication duty of 2023 changes what it counts
    opened : the marketplace opened in the course of a year, which is no full year
    """

    name: str
    id: str
    definition: str
    sign: int = 1
    broken: bool = False
    opened: bool = False


# The first of which a year is known is told; of a barrier without, why there is none.
MEASURES: Mapping[str, tuple[Measure, ...]] = {
    "publication": (
        Measure("needs-posted", "buying.needs", "counted", opened=True),
        Measure("consultations-held", "buying.consultations", "counted"),
    ),
    "lots": (Measure("divided-into-lots", "buying.divided_share", JOURNAL),),
    "value-bands": (Measure("large-lots-won", "access.comparable_lot_share", HEADLINE[0]),),
    "procedure-barrier": (Measure("open-procedure", "buying.open_share", JOURNAL),),
    "time-to-award": (
        Measure("call-to-award", "buying.days_to_award", JOURNAL, sign=-1),
        Measure("pio-tender-to-award", "buying.pio_days_to_award", "tender-to-award", sign=-1),
    ),
    "first-time-bidders": (
        Measure("new-winners", "access.new_winner_share", "new-winner-36-months", broken=True),
    ),
    "finding-each-other": (
        Measure("responses", "buying.responses_per_need", "mean-of-known-needs", opened=True),
    ),
}
ASKED = frozenset(measure.id for each in MEASURES.values() for measure in each)
WHY = {
    "publication": "no-marketplace",
    "lots": "no-procedures",
    "value-bands": "no-winners-known",
    "selection-requirements": "no-selection-data",
    "procedure-barrier": "no-procedures",
    "payment-barrier": "no-payment-data",
    "time-to-award": "no-calls",
    "first-time-bidders": "no-winners-known",
    "finding-each-other": "no-marketplace",
}


def rows(given: Given, known: Iterable[tuple]) -> Iterator[tuple]:
    """Baseline, latest year and difference of every barrier, and how its measure moved.

    Parameters
    ----------
    given : what was delivered and published
    known : rows of the ledger, those of `buying_series` and `buying_market` included

    Notes
    -----
    The baseline is 2018, else the first known year after it. The difference is latest - baseline;
    its bounds take each end of the one against the other end of the other. It moved as expected
    (or against) where all of its bounds lie on that side of zero and it is four times as large as
    the usual change from one known year to the next (their median) or more; else it is open. That
    rule is ours: of years that differ by chance alone it calls one in twenty a move.
    """
    told = [dict(zip(RESULTS.columns, row, strict=True)) for row in known if row[0] in ASKED]
    moved = {}
    for barrier in BARRIERS:
        measure, series = _measured(given, told, barrier)
        if measure is None:
            yield _without(given, barrier)
        else:
            yield from _told(barrier, measure, series)
        moved[barrier] = (_move(given, measure, series), _rests_on(given, series))
    yield from _moves(given, moved)


def _measured(given: Given, told: list[Row], barrier: str) -> tuple[Measure | None, list[Row]]:
    """The first measure of a barrier of which a year is known, and its known years in order."""
    for measure in MEASURES.get(barrier, ()):
        first = max(FROM, _opening(given) + 1) if measure.opened else FROM
        series = [row for row in told if _is_known(row, measure, first, given.year)]
        if series:
            return measure, sorted(series, key=lambda row: row["period"])
    return None, []


def _is_known(row: Row, measure: Measure, first: int, last: int) -> bool:
    wanted = (measure.id, measure.definition, PERIMETER, "all")
    if tuple(row[name] for name in ("id", "definition", "perimeter", "group")) != wanted:
        return False
    dated = len(row["period"]) == 4 and first <= int(row["period"]) <= last
    return dated and not pd.isna(row["value"])


def _opening(given: Given) -> int:
    """Year in which the marketplace opened, as published."""
    facts = given.facts["milestones"].rows
    return int(facts["period"][facts["item"] == "marketplace"].min()[:4])


def _told(barrier: str, measure: Measure, series: list[Row]) -> Iterator[tuple]:
    """The first and the last known year as the ledger has them, and the difference."""
    first, last = series[0], series[-1]
    own: Row = {"group": f"barrier={barrier}", "definition": measure.name, "chapter": "21"}
    own["version"] = 1
    if first is not last:
        yield number(**first | own | {"id": "buying.barrier_baseline"})
    yield number(**last | own | {"id": "buying.barrier_latest"})
    if first is not last:
        told = _difference(first, last)
        yield number(**last | own | told | {"id": "buying.barrier_change"})
        usual = {"value": swing(series), "low": None, "high": None, "interval": "none"}
        usual |= {"n": len(series) - 1, "unknown": 0, "denominator": "year-to-year-changes"}
        yield number(**last | own | told | usual | {"id": "buying.barrier_swing"})


def swing(series: list[Row]) -> float | None:
    """The usual change from one known year to the next: the median, whatever its sign."""
    if len(series) < FEWEST:
        return None
    return median(abs(after["value"] - before["value"]) for before, after in pairwise(series))


def _difference(first: Row, last: Row) -> Row:
    value = last["value"] - first["value"]
    unit = "share-difference" if last["unit"] == "share" else last["unit"]
    told: Row = {"value": value, "unit": unit, "period": f"{first['period']}-{last['period']}"}
    told |= {name: int(first[name] or 0) + int(last[name] or 0) for name in ("n", "unknown")}
    told["grade"] = max(first["grade"], last["grade"])
    if first["interval"] == last["interval"] == "none":
        return told | {"low": None, "high": None, "interval": "none"}
    (low, high), (least, most) = _ends(first), _ends(last)
    return told | {"low": least - high, "high": most - low, "interval": "bounds"}


def _ends(row: Row) -> tuple[float, float]:
    exact = row["interval"] == "none"
    return (row["value"], row["value"]) if exact else (row["low"], row["high"])


def _without(given: Given, barrier: str) -> tuple:
    facts = given.facts["milestones"]
    return number(
        "buying.barrier_latest", chapter="21", period=given.year, group=f"barrier={barrier}",
        definition="no-measure", perimeter=PERIMETER, value=None, unit="share", n=None,
        unknown=None, denominator=WHY[barrier], kind="published", inputs=facts.inputs,
    )  # fmt: skip


def _move(given: Given, measure: Measure | None, series: list[Row]) -> str:
    """How the measure moved between the first and the last known year; one of MOVES."""
    if measure is None:
        return "not-available"
    first, last = (int(row["period"]) for row in (series[0], series[-1]))
    breaks = given.facts["breaks"].rows
    [day] = breaks["date"][breaks["item"] == _BREAK]
    if first == last or (measure.broken and first <= pd.Timestamp(day).year <= last):
        return "not-comparable"
    told, usual = _difference(series[0], series[-1]), swing(series)
    if usual is None or round(abs(told["value"]) - TIMES * usual, 12) < 0:
        return "open"
    low, high = sorted(measure.sign * round(end, 12) for end in _ends(told))
    return "expected" if low > 0 else "against" if high < 0 else "open"


def _rests_on(given: Given, series: list[Row]) -> tuple[str, str]:
    """Kind and inputs of what is said of a barrier; published, where nothing measures it."""
    if series:
        return series[-1]["kind"], series[-1]["inputs"]
    return "published", given.facts["milestones"].inputs


def _moves(given: Given, moved: dict[str, tuple[str, tuple[str, str]]]) -> Iterator[tuple]:
    """How each barrier moved, and how many moved how."""
    said: Row = {"chapter": "21", "period": given.year, "perimeter": PERIMETER}
    said |= {"definition": "direction", "denominator": "barriers"}
    for barrier, (move, (kind, source)) in moved.items():
        yield number("buying.barrier_direction", group=f"barrier={barrier},barrier_moved={move}",
                     value=1, unit="flag", n=1, kind=kind, inputs=source, **said)  # fmt: skip
    kinds = {kind for _, (kind, _) in moved.values()}
    weakest = next((kind for kind in KINDS if kind in kinds), "published")
    sources = {source.rpartition("@")[::2] for _, (_, source) in moved.values()}
    said |= {"kind": weakest, "inputs": inputs(sources)}
    measured = sum(move != MOVES[-1] for move, _ in moved.values())
    yield number("buying.barriers_measured", value=measured, unit="count", n=len(BARRIERS), **said)
    for name in MOVES:
        count = sum(move == name for move, _ in moved.values())
        yield number("buying.barriers_moved", group=f"barrier_moved={name}", value=count,
                     unit="count", n=len(BARRIERS), **said)  # fmt: skip
