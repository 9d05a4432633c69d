"""What the indicators of access have in common: perimeters, periods, tallies, answers in rows."""

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.contracts.access_cells import HEADLINE, MEASURES, PERIMETERS, WIDE
from analysis.indicators.competition import Answer

Tally = Mapping[str, Any]
Numbers = npt.NDArray[Any]
LOTS, VALUED = "awarded-lots", "valued-lots"
_DECIMALS = {name: 4 if name.startswith("eur_") else 9 for name in MEASURES}


def within(cells: pd.DataFrame, perimeter: str) -> pd.DataFrame:
    """Cells whose buyer is inside; one of whom it is not known is not."""
    return cells.loc[cells[PERIMETERS[perimeter]].fillna(False).astype(bool)]


def told(cells: pd.DataFrame, perimeter: str) -> pd.DataFrame:
    """Cells of a perimeter, of all definitions or of the headline ones only."""
    inside = within(cells, perimeter)
    return inside if perimeter in WIDE else inside.loc[inside["definition"].isin(HEADLINE)]


def years_of(cells: pd.DataFrame) -> list[int]:
    """Years that have lots, in order."""
    return sorted(int(year) for year in cells["year"].dropna().unique())


def whole_of(cells: pd.DataFrame) -> str:
    """Name of the whole period, e.g. 2016-2025; `unknown` where no lot has a date."""
    years = years_of(cells)
    return f"{years[0]}-{years[-1]}" if years else "unknown"


def pairs_of(years: list[int]) -> list[tuple[int, int]]:
    """Each year and the next that has lots, and the first and the last of all."""
    pairs = list(pairwise(years))
    return pairs if len(pairs) < 2 else [*pairs, (years[0], years[-1])]


def periods(cells: pd.DataFrame, whole: str) -> Iterator[tuple[str, pd.DataFrame]]:
    """The whole period, lots without a date included, and each year."""
    if len(cells):
        yield whole, cells
    for year, part in cells.groupby("year", sort=True):
        yield str(year), part


def plain(cells: pd.DataFrame, *, coded: Iterable[str] = ()) -> pd.DataFrame:
    """Measures as plain numbers, for speed; euros keep their four decimals.

    Columns `coded` become whole numbers that tell their values apart, missing being -1.
    """
    codes = {name: cells[name].astype("category").cat.codes.astype(int) for name in coded}
    return cells.astype({name: float for name in MEASURES if name in cells.columns}).assign(**codes)


def tallies(
    cells: pd.DataFrame, whole: str, *, by: tuple[str, ...] = (), yearly: bool = True
) -> pd.DataFrame:
    """Sums of the measures by definition and period and by columns `by`.

    Parameters
    ----------
    cells : as `plain` makes them
    whole : name of the whole period, which comes first
    by : columns; what is missing is a group of its own
    yearly : also by year

    Notes
    -----
    Rounded, euros to four decimals, since sums depend on their order in the last digits.
    """
    if cells.empty:
        return pd.DataFrame(columns=["definition", "period", *by, *MEASURES])
    found = [summed(cells, ["definition", *by], _DECIMALS).assign(period=whole)]
    if yearly:
        dated = cells.loc[cells["year"].notna()]
        of_years = summed(dated, ["definition", "year", *by], _DECIMALS)
        found.append(of_years.assign(period=of_years.pop("year").astype(str)))
    return pd.concat(found, ignore_index=True)


def summed(cells: pd.DataFrame, by: Sequence[str], measures: Mapping[str, int]) -> pd.DataFrame:
    """Sums of plain numbers by columns, one row a group; missing is a group of its own.

    Parameters
    ----------
    cells : in any order, as the sums are rounded, and sorted by `by`
    by : columns that tell groups apart
    measures : columns to add up, and the decimals that are kept of each
    """
    place, first = numbered(cells, by)
    found: dict[str, Any] = {name: cells[name].array.take(first) for name in by}
    for name, digits in measures.items():
        found[name] = np.round(added(cells[name].to_numpy(), place, len(first)), digits)
    return pd.DataFrame(found)


def numbered(cells: pd.DataFrame, by: Iterable[str]) -> tuple[Numbers, Numbers]:
    """The number of the group that each row is in, and the first row of each group."""
    place = np.zeros(len(cells), dtype=np.int64)
    for name in by:
        codes, values = pd.factorize(cells[name], sort=True, use_na_sentinel=False)
        place = place * len(values) + codes
    _, first, group = np.unique(place, return_index=True, return_inverse=True)
    return group, first


def added(numbers: Numbers, place: Numbers, groups: int) -> Numbers:
    """Sums of numbers by group, each number at its `place`; exact but for the very last digit.

    Notes
    -----
    Multiples of one power of two add up without an error while their sum has 52 binary digits; what
    is left of each number is so small that its errors are lost in the rounding.
    """
    most = np.abs(numbers).sum()
    unit = 2.0 ** (math.ceil(math.log2(most)) - 51) if most else 1.0
    coarse = np.round(numbers / unit) * unit
    fine = np.bincount(place, numbers - coarse, groups)
    return np.bincount(place, coarse, groups) + fine


def records(frame: pd.DataFrame) -> list[dict[str, Any]]:
    """Rows of a frame as dicts."""
    names = [str(name) for name in frame.columns]
    columns = [frame[name].tolist() for name in frame.columns]
    return [dict(zip(names, row, strict=True)) for row in zip(*columns, strict=True)]


def weighted_share(
    tally: Tally, *, measure: str = "", n: float, unknown: float, denominator: str
) -> Answer:
    """Share among the known, with the bounds that the unknown leave open.

    Parameters
    ----------
    tally : weights (or, with `measure="eur_"`, euros) of yes, no and unknown
    n, unknown : units of known and of unknown answer

    Notes
    -----
    value = yes/(yes + no), low = yes/all, high = (yes + unknown)/all (Manski 1989).

    Examples
    --------
    >>> tally = {"yes": 1.0, "no": 1.0, "unknown": 2.0}
    >>> weighted_share(tally, n=2, unknown=2, denominator="lots")[-4:]
    (2, 0.25, 0.75, 'bounds')
    """
    yes, no, open_ = (float(tally[f"{measure}{answer}"]) for answer in ("yes", "no", "unknown"))
    counts: dict[str, Any] = {"n": int(n), "denominator": denominator, "unknown": int(unknown)}
    if not yes + no + open_ > 0:
        return Answer(None, "share", **counts)
    everything = yes + no + open_
    return Answer(
        yes / (yes + no) if yes + no else None,
        "share",
        **counts,
        low=yes / everything,
        high=(yes + open_) / everything,
        interval="bounds",
    )


def count(value: float, denominator: str, *, unknown: float = 0) -> Answer:
    """A number of units, all counted."""
    return Answer(int(value), "count", int(value), denominator, int(unknown))
