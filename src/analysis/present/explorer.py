"""The definition explorer: shares under every definition and rule, for a reader to choose from.

All of it are numbers of the ledger, as they may be published; nothing is computed in the page.
"""

import decimal
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

import pandas as pd

from analysis.companies.definitions import definitions
from analysis.present import blocks, labels, notes
from analysis.present.access import rows
from analysis.present.chapter import Chapter
from analysis.present.labels import Texts

RULES = {
    "joint": ("fractional", "any", "all"),
    "framework": ("in", "out"),
    "date": ("contract", "publication"),
}
INNOVATION = ("all", "marked")
BREAKS = ("procurement-act", "startups-project", "simplified-award-notice")  # as in the figure
_HEADLINE = ",".join(f"{rule}={choices[0]}" for rule, choices in RULES.items())
_CURVE = "younger-than-"
# What the reader finds first, with and without independence; the rest follows in order of id.
_FIRST = tuple(f"startup-{age}{more}" for age in (5, 10) for more in ("", "-independent"))
_PER_MILLE = decimal.Decimal("0.1")
_NO_LOTS = [None, None, None, 0, 0]
_WHERE = {"perimeter": "flemish-public", "period": "????"}
Series = Iterator[tuple[str, list[list[int | None] | None]]]


def show(chapter: Chapter) -> None:
    """Show the explorer where the ledger has the shares under every rule, else nothing."""
    every = rows(chapter, "access.multiverse_share", **_WHERE)
    if not every.empty:
        headline = rows(chapter, "access.lot_share", group="all", **_WHERE)
        marked = rows(chapter, "access.marked_share", **_WHERE)
        breaks = {
            item: int(chapter.number("breaks.day", group=f"item={item}").row["value"])
            for item in BREAKS
        }
        data = contents(every, headline, marked, breaks)
        blocks.show(blocks.explorer(id="access-explorer", data=data, mark=notes.mark(every)))


def contents(
    every: pd.DataFrame, headline: pd.DataFrame, marked: pd.DataFrame, breaks: Mapping[str, int]
) -> dict[str, Any]:
    """What the page is given.

    Parameters
    ----------
    every : rows of access.multiverse_share; groups are rules, `joint=...,framework=...,date=...`
    headline : rows of access.lot_share, of definitions that are told under the first rules only
    marked : rows of access.marked_share, group `innovation=marked`
    breaks : days (yyyymmdd) of the breaks to draw, by item

    Returns
    -------
    years : in order
    definitions : {"id", "title"}, the headline first; `curve` stands for all ages
    withheld : titles of the definitions of which no figure may be shown
    ages : of the curve, in order
    rules : by rule its choices, {"id", "title"}; `innovation` first, where lots are marked
    series : by `definition,joint=...,framework=...,date=...` or `definition,innovation=marked`, a
        year each: value, low and high [per mille, rounded as printed; None: not known], lots known
        and not known [count]; None where the year is withheld, no lots where the ledger has nothing
    breaks : {"at", "title"} of each that falls in the years; `at` counts years from the first
    """
    told = set(every["definition"])
    others = headline[~headline["definition"].isin(told)]
    years = sorted(filter(str.isdigit, {*every["period"], *others["period"]}))
    series = dict(_series(every, others, marked, years))
    found = {name: values for name, values in series.items() if _is_told(values)}
    names, gone = (_definitions_of(some) for some in (found, series))
    return {
        "years": years,
        "definitions": [{"id": name, "title": _title(name)} for name in _without_curve(names)],
        "withheld": [_title(name) for name in gone if name not in names],
        "ages": sorted(int(n.removeprefix(_CURVE)) for n in names if n.startswith(_CURVE)),
        "rules": {
            rule: [{"id": one, "title": labels.of_group(f"{rule}={one}")} for one in choices]
            for rule, choices in _rules(marked).items()
        },
        "series": found,
        "breaks": list(_breaks(breaks, years)),
    }


def _rules(marked: pd.DataFrame) -> dict[str, tuple[str, ...]]:
    return RULES if marked.empty else {"innovation": INNOVATION} | RULES


def _series(
    every: pd.DataFrame, others: pd.DataFrame, marked: pd.DataFrame, years: list[str]
) -> Series:
    for frame, group in ((every, None), (others, _HEADLINE), (marked, None)):
        for (definition, rule), own in frame.groupby(["definition", "group"], sort=True):
            by_year = {row["period"]: _numbers(row) for row in own.to_dict("records")}
            yield f"{definition},{group or rule}", [by_year.get(year, _NO_LOTS) for year in years]


def _is_told(values: Iterable[list[int | None] | None]) -> bool:
    return any(value and value != _NO_LOTS for value in values)


def _definitions_of(series: Mapping[str, Any]) -> list[str]:
    names = sorted({name.split(",")[0] for name in series})
    return [*(one for one in _FIRST if one in names), *(one for one in names if one not in _FIRST)]


def _numbers(row: Mapping[Any, Any]) -> list[int | None] | None:
    ends = [_per_mille(row[end]) for end in ("value", "low", "high")]
    if all(end is None for end in ends):
        return None
    return [*ends, *(None if pd.isna(row[one]) else int(row[one]) for one in ("n", "unknown"))]


def _per_mille(share: Any) -> int | None:
    """A share as it is printed in per cent with one digit, times ten; rounded half up as there."""
    if pd.isna(share):
        return None
    exact = decimal.Decimal(repr(float(share) * 100))
    return int(exact.quantize(_PER_MILLE, rounding=decimal.ROUND_HALF_UP) * 10)


def _breaks(days: Mapping[str, int], years: Sequence[str]) -> Iterator[dict[str, Any]]:
    """Where a day lies among the years, each of which begins at its left end and is one wide."""
    for item, day in sorted(days.items(), key=lambda one: one[1]):
        if (year := str(day // 10_000)) in years:
            at = years.index(year) + (day // 100 % 100 - 1) / 12
            yield {"at": round(at, 3), "title": labels.every(f"break.{item}")}


def _without_curve(names: list[str]) -> list[str]:
    own = [name for name in names if not name.startswith(_CURVE)]
    if len(own) == len(names):
        return own
    first = [name for name in own if name in _FIRST]
    return [*first, "curve", *own[len(first) :]]


def _title(name: str) -> Texts:
    if name == "curve":
        return labels.every("explorer.curve")
    return definitions()[name].title.model_dump()
