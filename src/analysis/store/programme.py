"""The tables that the programmes deliver as one set: of every key, the row added last stands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

import duckdb
import pandas as pd

from analysis.contracts import shared_engine
from analysis.contracts.intake import REFERENCES, SHEETS, TABLES
from analysis.refusal import SourceError
from analysis.store.frames import framed
from analysis.store.raw import KINDS, Delivery, Part

_SHOWN, _LONGEST = 5, 60  # values of a column that refers to nothing, and signs of each
_STANDING = """
select * from ({rows}) qualify row_number() over (partition by {key} order by place_ desc) = 1
"""
_COUNTED = """
select place_, count(*), count(*) filter (after_ is null), count(before_),
    count(*) filter (before_ is distinct from row_ and before_ is not null)
from (select place_, row_, lag(row_) over same_ as before_, lead(place_) over same_ as after_
      from (select place_, {key}, row({columns}) as row_ from ({rows}))
      window same_ as (partition by {key} order by place_))
group by place_ order by place_
"""
_DANGLING = """
select place_, count(distinct "{column}") as times, list_sort(list(distinct "{column}"))
from rows where "{column}" not in (select "{named}" from target) group by place_ order by place_
"""


class Counted(NamedTuple):
    """How many rows a delivery gave of one table.

    `standing` are those that no later delivery replaced; `replaced` those with the key of a row
    of an earlier delivery, `changed` those of them that say something else.
    """

    table: str
    delivery: Delivery
    rows: int
    standing: int
    replaced: int
    changed: int


@dataclass(frozen=True)
class Programme:
    """The deliveries of the programmes chosen, as one set of tables."""

    parts: tuple[Part, ...] = ()

    @cached_property
    def _in_order(self) -> list[Part]:
        """The parts in the order of adding, which is the place of each."""
        return sorted(self.parts, key=lambda p: (p.delivery.added, p.delivery.name, p.folder.name))

    @property
    def added(self) -> list[Delivery]:
        """Every delivery, in the order of adding."""
        return [part.delivery for part in self._in_order]

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Name and sha256 of every delivery, sorted."""
        return sorted((delivery.name, delivery.sha256) for delivery in self.added)

    @property
    def kind(self) -> str:
        """real, sample or simulated: the least real kind; real where there is nothing."""
        return min((delivery.kind for delivery in self.added), key=KINDS.index, default="real")

    def relation(self, engine: duckdb.DuckDBPyConnection, name: str) -> duckdb.DuckDBPyRelation:
        """The rows of a table that stand, and in `place_` which delivery gave each."""
        if self._rows(name):
            return engine.sql(self._standing(name))
        return engine.from_arrow(TABLES[name].schema.empty_table()).project("*, 0 as place_")

    def tables(self) -> dict[str, pd.DataFrame]:
        """Every table of `contracts.intake`, by name and sorted by key; columns as of `framed`."""
        found = {name: framed(table.schema.empty_table()) for name, table in TABLES.items()}
        with shared_engine() as engine:
            for name in self.standing:
                key, columns = _columns(TABLES[name].key), _columns(TABLES[name].columns)
                rows = self.relation(engine, name).order(key).project(columns)
                found[name] = framed(rows.to_arrow_table())
        return found

    @cached_property
    def standing(self) -> dict[str, list[Delivery]]:
        """Of every table with rows: the deliveries whose rows stand, in the order of adding."""
        found: dict[str, list[Delivery]] = {name: [] for name in filter(self._rows, TABLES)}
        if found:
            places = " union all ".join(
                f"select distinct '{name}', place_ from ({self._standing(name)})" for name in found
            )
            with shared_engine() as engine:
                for name, place in engine.sql(places).order("all").fetchall():
                    found[name].append(self.added[place])
        return found

    def counts(self) -> list[Counted]:
        """What each delivery gave of each table, in the order of tables and of adding."""
        found = []
        with shared_engine() as engine:
            for name in self.standing:
                said = {"key": TABLES[name].key, "columns": TABLES[name].columns}
                said = {word: _columns(names) for word, names in said.items()}
                counted = engine.sql(_COUNTED.format(rows=self._rows(name), **said)).fetchall()
                found += [Counted(name, self.added[n], *counts) for n, *counts in counted]
        return found

    def check(self) -> None:
        """Refuse rows that name a row of another table which no delivery has.

        Raises
        ------
        SourceError
            Naming every such delivery, table and column at once, each with the first values.
        """
        with shared_engine() as engine:
            found = list(self._dangling(engine))
        if found:
            files, told, lacking = zip(*found, strict=True)
            raise _nowhere(files, told, [name for name in TABLES if name in lacking])

    def _dangling(self, engine: duckdb.DuckDBPyConnection) -> Iterator[tuple[str, str, str]]:
        """Name of the delivery, what is wrong in it, and which table has no such row."""
        for (name, column), (other, named) in REFERENCES.items():
            if name not in self.standing:
                continue
            rows, target = self.relation(engine, name), self.relation(engine, other)  # noqa: F841
            query = _DANGLING.format(column=column, named=named)
            for place, times, values in engine.sql(query).fetchall():
                file = self.added[place].name
                label = SHEETS[name].fields[column].label["nl"]
                told = f"{file}: sheet {_sheet(name)}, column '{label}' ({column}):"
                first = ", ".join(value[:_LONGEST] for value in values[:_SHOWN])
                shown = f"{first} ({times} in all)"
                yield file, f"{told} {shown} on no sheet {_sheet(other)}", other

    def _standing(self, name: str) -> str:
        return _STANDING.format(rows=self._rows(name), key=_columns(TABLES[name].key))

    def _rows(self, name: str) -> str:
        """SQL of the rows of every delivery that has the table; nothing where none has."""
        paths = [(at, part.folder / f"{name}.parquet") for at, part in enumerate(self._in_order)]
        named = [(at, str(path).replace("'", "''")) for at, path in paths if path.exists()]
        return " union all ".join(
            f"select *, {at} as place_ from read_parquet('{path}')" for at, path in named
        )


def _columns(names: Iterable[str]) -> str:
    return ", ".join(f'"{name}"' for name in names)


def _sheet(name: str) -> str:
    return f"'{SHEETS[name].title['nl']}' ({name})"


def _nowhere(files: tuple[str, ...], told: tuple[str, ...], lacking: list[str]) -> SourceError:
    sheets = " and ".join(_sheet(name) for name in lacking)
    return SourceError(
        ", ".join(dict.fromkeys(files)),
        found="\n            ".join(told),
        expected=f"every row that is named to be on the sheet {sheets} of a delivery",
        do=f"add the file with {sheets} first, or both in one `pio data add`; or correct the value",
    )
