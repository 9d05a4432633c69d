"""The definition explorer: shares under every definition and rule, for a reader to choose from.

All of it are numbers of the ledger, as they may be published; nothing is computed in the page.
"""

import decimal
from collections.abc import Iterator, Mapping
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
_HEADLINE = ",".join(f"{rule}={choices[0]}" for rule, choices in RULES.items())
_CURVE = "younger-than-"
_FIRST = "startup-5"  # what the reader finds; the rest follows as the catalogue has it
_PER_MILLE = decimal.Decimal("0.1")
_WHERE = {"perimeter": "flemish-public", "period": "????"}


def show(chapter: Chapter) -> None:
    """Show the explorer where the ledger has the shares under every rule, else nothing."""
    every = rows(chapter, "access.multiverse_share", **_WHERE)
    if not every.empty:
        headline = rows(chapter, "access.lot_share", group="all", **_WHERE)
        data = contents(every, headline)
        blocks.show(blocks.explorer(id="access-explorer", data=data, mark=notes.mark(every)))


def contents(every: pd.DataFrame, headline: pd.DataFrame) -> dict[str, Any]:
    """What the page is given.

    Parameters
    ----------
    every : rows of access.multiverse_share; groups are rules, `joint=...,framework=...,date=...`
    headline : rows of access.lot_share, of definitions that are told under the first rules only

    Returns
    -------
    years : in order
    definitions : {"id", "title"}, the headline first; `curve` stands for all ages
    ages : of the curve, in order
    rules : by rule its choices, {"id", "title"}
    series : by `definition,joint=...,framework=...,date=...`, a year each: value, low and high
        [per mille, rounded as printed; None: not known], lots known and not known [count]; None
        where the ledger has nothing
    """
    told = set(every["definition"])
    others = headline[~headline["definition"].isin(told)]
    years = sorted(filter(str.isdigit, {*every["period"], *others["period"]}))
    found = {name: values for name, values in _series(every, others, years) if any(values)}
    names = sorted({name.split(",")[0] for name in found}, key=lambda one: (one != _FIRST, one))
    return {
        "years": years,
        "definitions": [{"id": name, "title": _title(name)} for name in _without_curve(names)],
        "ages": sorted(int(n.removeprefix(_CURVE)) for n in names if n.startswith(_CURVE)),
        "rules": {
            rule: [{"id": one, "title": labels.of_group(f"{rule}={one}")} for one in choices]
            for rule, choices in RULES.items()
        },
        "series": found,
    }


def _series(
    every: pd.DataFrame, others: pd.DataFrame, years: list[str]
) -> Iterator[tuple[str, list[list[int | None] | None]]]:
    for frame, group in ((every, None), (others, _HEADLINE)):
        for (definition, rule), own in frame.groupby(["definition", "group"], sort=True):
            by_year = {row["period"]: _numbers(row) for row in own.to_dict("records")}
            yield f"{definition},{group or rule}", [by_year.get(year) for year in years]


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


def _without_curve(names: list[str]) -> list[str]:
    own = [name for name in names if not name.startswith(_CURVE)]
    return [*own[:1], "curve", *own[1:]] if len(own) < len(names) else own


def _title(name: str) -> Texts:
    if name == "curve":
        return labels.every("explorer.curve")
    return definitions()[name].title.model_dump()
