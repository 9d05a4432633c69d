"""How many enterprises stand behind every cell, and behind what two cells leave over.

A cell is a published part, or what is left of one when a part within it is taken away: another
perimeter, another period or a narrower definition. Who subtracts two figures has that cell.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

import duckdb
import pyarrow as pa

from analysis.disclosure.implying import (
    framed,
    implied,
    less_name,
    linked_definitions,
    taken_away,
    tells_from,
    told_by_size,
)
from analysis.disclosure.nesting import (
    UNDATED,
    atoms,
    covers,
    holds,
    is_year,
    less,
    smallest,
    within,
)
from analysis.disclosure.reading import Quantity
from analysis.progress import without_bars

_CELL = ("theme", "definition", "answer", "perimeter", "period", "group")
LESS = "less_definition"
Cell = Mapping[str, Any]  # a row of `count`

# Whole numbers, so that sums do not depend on their order; kinds, places and times by number.
_COUNTED = """
with kinds as (
    select *, row_number() over () as kind from told_kinds
), places as (
    select *, dense_rank() over (order by perimeter) as place from told_places
), times as (
    select *, dense_rank() over (order by period) as time from told_times
), base as (
    select theme, definition, answer, "group", perimeters, year, who,
        sum(round(lots * 1e9)::bigint)::bigint as lots,
        sum(round(euros * 1e4)::bigint)::bigint as euros
    from contributors group by all
), away as (
    select theme, less_definition, told_less.answer, "group", perimeters, year, who,
        sum(lots)::bigint as lots, sum(euros)::bigint as euros
    from base join told_less
        on base.definition = told_less.definition and base.answer = told_less.said
    group by all
), parts as (
    select kind, theme, definition, perimeters, year, who,
        wide.lots - coalesce(narrow.lots, 0) as lots,
        wide.euros - coalesce(narrow.euros, 0) as euros
    from base wide join kinds using (theme, definition, answer, "group")
    left join away narrow
        using (theme, less_definition, answer, "group", perimeters, year, who)
), each as (
    select kind, place, time, who, sum(lots)::bigint as lots, sum(euros)::bigint as euros
    from parts join places using (theme, definition, perimeters) join times using (theme, year)
    group by all having sum(lots) > 1e3
), cells as (
    select kind, place, time, count(*) as firms, min(who, 3) as few, sum(lots) / 1e9 as lots,
        sum((euros > 0)::int) as paid, sum(euros) / 1e4 as euros, max(euros) / 1e4 as first,
        coalesce(max(euros, 2)[2], 0) / 1e4 as second
    from each group by all
)
select theme, definition, answer, "group", less_definition, perimeter, period,
    cells.* exclude (kind, place, time)
from cells join kinds using (kind)
join (select distinct place, perimeter from places) using (place)
join (select distinct time, period from times) using (time) order by all
"""


class Counted(NamedTuple):
    """Cells with contributors; by theme the perimeters that hold a contract, joined by +."""

    cells: list[Cell]
    spots: dict[str, list[str]]


def count(contributors: pa.Table, told: Iterable[Quantity]) -> Counted:
    """Count the contributors of every cell that figures tell of, or that two of them leave over.

    Parameters
    ----------
    contributors : as `contributors.COLUMNS`
    told : the quantities that rows tell of; their perimeters and periods are cells

    Returns
    -------
    with one dict a cell: its Quantity as `of`, LESS (empty where none is taken away),
        firms   enterprises  [count]
        few     the first three of them
        lots    what they won  [lots]
        paid    enterprises with euros  [count]
        euros, first, second    of all, of the enterprise that won most and of the next  [EUR]
        where perimeter and period may be without another one, as `nesting.less` names it
    """
    seen = sorted(set(told))
    with duckdb.connect() as engine:
        without_bars(engine).execute("set threads = 1")
        engine.register("contributors", contributors)
        kinds = list(_kinds(seen))
        engine.register(
            "told_kinds", _table("theme definition answer group less_definition", kinds)
        )
        engine.register("told_less", _table("less_definition answer definition said", _less(kinds)))
        spots, years = _seen(contributors, "perimeters"), _seen(contributors, "year")
        places = _places(seen, spots)
        engine.register("told_places", _table("theme definition perimeters perimeter", places))
        engine.register("told_times", _table("theme year period", _times(seen, years)))
        found = engine.sql(_COUNTED).to_arrow_table().to_pylist()
    cells = [one | {"of": Quantity(*(one[name] for name in _CELL))} for one in found]
    return Counted([one for one in cells if _is_said(one)], spots)


def _is_said(one: Cell) -> bool:
    """Whether what is taken away from a no lies within it in all of the period."""
    first = one["period"][:4]
    if not one[LESS] or one["answer"] != "no" or not first.isdigit():
        return True
    return int(first) >= tells_from(one["definition"])


def _seen(contributors: pa.Table, column: str) -> dict[str, list[str]]:
    pairs = contributors.group_by(["theme", column], use_threads=False).aggregate([]).to_pylist()
    found: dict[str, list[str]] = {}
    for theme, value in sorted((one["theme"], one[column]) for one in pairs):
        found.setdefault(theme, []).append(value)
    return found


def _kinds(told: Iterable[Quantity]) -> Iterator[tuple[str, ...]]:
    """Combinations of linked definitions that are told, and the definition that is taken away.

    Who is in the wider cell and not in the narrower: wider by yes, or narrower by no. Who says yes
    to a definition of public record and is not known to say so to a narrower one, is public record
    as well; who says no to the narrower is not.
    """
    groups = {(q.theme, q.definition, q.group) for q in told}
    away = [(a, b, "no") for a, b in sorted(implied())]
    away += [(b, a, "yes") for a, b in sorted(implied()) if b in linked_definitions()]
    away += [(name, less_name(upper, lower), "no") for name, upper, lower in framed()]
    for theme, definition, group in sorted(groups):
        if definition in linked_definitions():
            for answer in told_by_size(definition):
                yield theme, definition, answer, group, ""
            for own, other, answer in away:
                names = [name for name, _ in taken_away(other, answer)]
                if own == definition and groups.issuperset((theme, n, group) for n in names):
                    yield theme, definition, answer, group, other


def _less(kinds: Iterable[tuple[str, ...]]) -> Iterator[tuple[str, ...]]:
    """What is taken away from an answer: definitions, and what is said to each."""
    for name, answer in sorted({(kind[4], kind[2]) for kind in kinds if kind[4]}):
        yield from ((name, answer, *one) for one in taken_away(name, answer))


def _places(told: Iterable[Quantity], seen: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """By definition the parts that perimeters tell apart, and what holds a contract in each.

    Parts are the perimeters, each without one that lies within it, and the smallest.
    """
    asked: dict[tuple[str, str], set[str]] = {}
    for q in told:
        asked.setdefault((q.theme, q.definition), set()).add(q.perimeter)
    for (theme, definition), perimeters in sorted(asked.items()):
        known = set[tuple[str, ...]]()
        for name in dict.fromkeys(_parts(perimeters, seen.get(theme, []))):
            inside = tuple(one for one in seen.get(theme, []) if holds(name, one.split("+")))
            if name in perimeters or inside not in known:
                known.add(inside)
                yield from ((theme, definition, one, name) for one in inside)


def _parts(perimeters: set[str], seen: list[str]) -> Iterator[str]:
    yield from sorted(perimeters)
    yield from (less(a, b) for a in sorted(perimeters) for b in sorted(perimeters) if within(b, a))
    yield from smallest(perimeters, seen)


def _times(told: Iterable[Quantity], years: dict[str, list[str]]) -> Iterator[tuple[str, ...]]:
    """The periods of a theme, each without a shorter one of several years, and their years."""
    of: dict[str, set[str]] = {}
    for q in told:
        of.setdefault(q.theme, set()).add(q.period)
    for theme, asked in sorted(of.items()):
        shorter = [(a, b) for a in asked for b in asked if covers(a, b) and not is_year(b)]
        for name in sorted({*asked, UNDATED, *(less(a, b) for a, b in shorter)}):
            for year in sorted(set(years.get(theme, [])).intersection(atoms(name, asked))):
                yield theme, year, name


def _table(names: str, rows: Iterable[tuple[str, ...]]) -> pa.Table:
    columns = list(zip(*rows, strict=True)) or [()] * len(names.split())
    arrays = [pa.array(column, pa.string()) for column in columns]
    return pa.table(dict(zip(names.split(), arrays, strict=True)))
