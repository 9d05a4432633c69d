"""How many enterprises stand behind every cell, and behind what two cells leave over.

A cell is a published part, or what is left of one when a part within it is taken away: another
perimeter, another period or a narrower definition. Who subtracts two figures has that cell.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import product
from typing import Any

import duckdb
import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from analysis.disclosure.contributors import BETWEEN
from analysis.disclosure.nesting import (
    atoms,
    covers,
    implied,
    is_year,
    linked_definitions,
    within,
)
from analysis.disclosure.reading import Quantity

CELL = ("theme", "definition", "answer", "perimeter", "period", "group")
LESS = ("less_definition", "less_perimeter", "less_period")
_KIND = ("theme", "definition", "answer", "group")
_LOTS, _EUROS = 1e9, 1e4  # counted in whole numbers, so that sums do not depend on their order

_COUNTED = f"""
with base as (
    select what, spot, year, who, sum(lots)::bigint as lots, sum(euros)::bigint as euros
    from numbered group by all
), parts as (
    select kind, spot, year, who, lots, euros from base join kinds using (what) where less = -1
    union all
    select kind, wide.spot, wide.year, wide.who, wide.lots - coalesce(narrow.lots, 0),
        wide.euros - coalesce(narrow.euros, 0)
    from base wide join kinds using (what) left join base narrow
        on narrow.what = less and narrow.spot = wide.spot and narrow.year = wide.year
        and narrow.who = wide.who
    where less <> -1
), each as (
    select kind, region, period, who, sum(lots)::bigint as lots, sum(euros)::bigint as euros
    from parts join places using (kind, spot) join times using (kind, year)
    group by all having sum(lots) > {1e-6 * _LOTS}
)
select kind, region, period, count(*) as firms, min(who, 3) as few, sum(lots) / {_LOTS} as lots,
    sum((euros > 0)::int) as paid, sum(euros) / {_EUROS} as euros, max(euros) / {_EUROS} as first,
    coalesce(max(euros, 2)[2], 0) / {_EUROS} as second
from each group by all order by all
"""


def cells(contributors: pa.Table, told: Iterable[Quantity]) -> list[dict[str, Any]]:
    """Count the contributors of every cell that figures tell of, or that two of them leave over.

    Parameters
    ----------
    contributors : as `contributors.COLUMNS`
    told : the quantities that rows tell of; their perimeters and periods are cells

    Returns
    -------
    list, one dict a cell with contributors: CELL, LESS (empty where nothing is taken away),
        firms   enterprises  [count]
        few     the first three of them
        lots    what they won  [lots]
        paid    enterprises with euros  [count]
        euros, first, second    of all, of the enterprise that won most and of the next  [EUR]
    """
    seen = sorted(set(told))
    what, whats = _coded(contributors, _KIND)
    spot, spots = _coded(contributors, ("theme", "perimeters"))
    year, years = _coded(contributors, ("theme", "year"))
    kinds = list(_kinds(whats, seen))
    regions: dict[tuple[str, str], int] = {}
    periods: dict[tuple[str, str], int] = {}
    columns = {"what": what, "spot": spot, "year": year, "who": contributors.column("who")}
    for name, unit in (("lots", _LOTS), ("euros", _EUROS)):
        columns[name] = np.rint(contributors.column(name).to_numpy() * unit).astype(np.int64)
    with duckdb.connect() as engine:
        engine.execute("set enable_progress_bar = false; set threads = 1")
        engine.register("numbered", pa.table(columns))
        engine.register("kinds", _table("kind what less", _numbers_of(kinds, whats)))
        engine.register("places", _table("kind spot region", _places(kinds, spots, seen, regions)))
        engine.register("times", _table("kind year period", _times(kinds, years, seen, periods)))
        found = engine.sql(_COUNTED).to_arrow_table().to_pylist()
    return [_named(one, kinds, list(regions), list(periods)) for one in found]


def _coded(table: pa.Table, names: Sequence[str]) -> tuple[NDArray[np.int64], list[tuple]]:
    """A number for each row's combination of columns, and the combinations in that order."""
    key = np.zeros(table.num_rows, dtype=np.int64)
    for name in names:
        coded = table.column(name).combine_chunks().dictionary_encode()
        key = key * max(len(coded.dictionary), 1) + coded.indices.to_numpy()
    _, first, numbers = np.unique(key, return_index=True, return_inverse=True)
    columns = [table.column(name).take(pa.array(first, pa.int64())).to_pylist() for name in names]
    return numbers, list(zip(*columns, strict=True))


def _kinds(whats: list[tuple], told: Iterable[Quantity]) -> Iterator[tuple]:
    """Combinations of linked definitions that are told, and the definition that is taken away.

    Who is in the wider cell and not in the narrower: wider by yes, or narrower by no. Who says yes
    to a definition of public record and is not known to say so to a narrower one, is public record
    as well; who says no to the narrower is not.
    """
    groups = {(q.theme, q.definition, q.group) for q in told}
    groups |= {(t, d, re.sub("framework=(in|out)$", BETWEEN, g)) for t, d, g in groups}
    less = [(a, b, "no") for a, b in implied()]
    less += [(b, a, "yes") for a, b in implied() if b in linked_definitions()]
    for theme, definition, answer, group in whats:
        if definition in linked_definitions() and (theme, definition, group) in groups:
            yield (theme, definition, answer, group), ""
            for own, other, by in sorted(less):
                if (own, by) == (definition, answer) and (theme, other, group) in groups:
                    yield (theme, definition, answer, group), other


def _numbers_of(kinds: list[tuple], whats: list[tuple]) -> Iterator[tuple[int, ...]]:
    number = {what: place for place, what in enumerate(whats)}
    for place, (what, other) in enumerate(kinds):
        theme, _, answer, group = what
        less = number.get((theme, other, answer, group), -2) if other else -1
        yield place, number[what], less


def _places(
    kinds: list[tuple], spots: list[tuple], told: Iterable[Quantity], regions: dict
) -> Iterator[tuple[int, ...]]:
    """The perimeters of a definition that hold a contract, without those within that do not."""
    of: dict[tuple[str, str], set[str]] = {}
    for q in told:
        of.setdefault((q.theme, q.definition), set()).add(q.perimeter)
    for (kind, (what, _)), (spot, (theme, listed)) in product(enumerate(kinds), enumerate(spots)):
        asked, inside = of[what[:2]] if theme == what[0] else set(), set(listed.split("+"))
        for outer in sorted(asked & inside):
            inner = sorted(p for p in asked - inside if within(p, outer))
            for less in ("", *inner):
                yield kind, spot, regions.setdefault((outer, less), len(regions))


def _times(
    kinds: list[tuple], years: list[tuple], told: Iterable[Quantity], periods: dict
) -> Iterator[tuple[int, ...]]:
    """The periods of a theme that hold a year; what has no date is in the longest only."""
    of: dict[str, set[str]] = {}
    for q in told:
        of.setdefault(q.theme, set()).add(q.period)
    for (kind, (what, _)), (number, (theme, year)) in product(enumerate(kinds), enumerate(years)):
        asked = of[theme] if theme == what[0] else set()
        inside = {period for period in asked if year in atoms(period, asked)}
        for outer in sorted(inside):
            inner = sorted(p for p in asked - inside if not is_year(p) and covers(outer, p))
            for less in ("", *inner):
                yield kind, number, periods.setdefault((outer, less), len(periods))


def _table(names: str, rows: Iterable[tuple[int, ...]]) -> pa.Table:
    columns = np.array(list(rows), dtype=np.int64).reshape(-1, len(names.split())).T
    return pa.table(dict(zip(names.split(), columns, strict=True)))


def _named(
    one: dict[str, Any], kinds: list[tuple], regions: list[tuple], periods: list[tuple]
) -> dict[str, Any]:
    """A cell with the names of what it is."""
    what, less_definition = kinds[one.pop("kind")]
    perimeter, less_perimeter = regions[one.pop("region")]
    period, less_period = periods[one.pop("period")]
    names = dict(zip(_KIND, what, strict=True)) | {"perimeter": perimeter, "period": period}
    less = (less_definition, less_perimeter, less_period)
    return names | dict(zip(LESS, less, strict=True)) | one
