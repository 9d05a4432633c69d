"""The registers of companies as one set of tables: what is known of each enterprise, and since."""

from dataclasses import dataclass, field
from functools import cached_property, reduce
from pathlib import Path

import duckdb

from analysis.contracts import BUYERS, COMPANY_TABLES, LIFESPANS, NAMES, SIZES, Table, shared_engine
from analysis.refusal import SourceError
from analysis.store.extracts import STATES, Extract
from analysis.store.programme import Programme
from analysis.store.raw import KINDS, Delivery

# Of every key the rows of the last extract that has it.
_LAST = """
select {columns} from ({rows}) semi join
(select {entity}, max(place) as place from ({rows}) group by all) using ({entity}, place)
"""
# Extracts have places from 1 in order of time, and lists by place: `days`; `nexts`, the day of the
# next extract of KBO, which lacks whoever ceased; `kbo`, how many are of KBO up to this one.
_LIFESPANS = """
with seen as (
    select number, min(place) as first_, max(place) as last_,
        arg_max_null(end_date, place) as end_, count(end_date) as times_stopped,
        min(place) filter (end_date is null) as active_first,
        max(place) filter (end_date is null) as active_last,
        count(*) filter (is_kbo) as times
    from ({rows}) where is_kbo or not is_natural_person group by number
)
select number, {days}[first_] as first_seen, {days}[last_] as last_seen,
    if(end_ is not null, end_ - 1, if({nexts}[last_] is not null, {days}[last_], null))::date
        as ceased_after,
    coalesce(end_, {nexts}[last_]) as ceased_before,
    (end_ is null and times_stopped > 0) or coalesce(
        times < {kbo}[active_last] - if(active_first > 1, {kbo}[active_first - 1], 0), false)
        as reappeared
from seen
"""
# What is told twice, and differently.
_TWICE = {
    SIZES.name: "select company_id, year from rows group by all having count(*) > 1 order by all",
    BUYERS.name: """
select company_id, since from (
    select *, max(coalesce(until, 'infinity'::date)) over earlier as taken from rows
    window earlier as (partition by company_id order by since nulls first, until
                       rows between unbounded preceding and 1 preceding))
where coalesce(since, '-infinity'::date) <= taken order by all""",
}


@dataclass(frozen=True)
class Register:
    """What was read from one register delivery, in one folder."""

    delivery: Delivery
    folder: Path
    extract: Extract


@dataclass(frozen=True)
class Registers:
    """The register deliveries chosen, as one set of tables.

    Buyers may also stand in a delivery of the programmes: those are in the tables too.
    """

    parts: tuple[Register, ...] = ()
    programme: Programme = field(default_factory=Programme)

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Name and sha256 of every delivery, sorted."""
        return sorted((delivery.name, delivery.sha256) for delivery in self._deliveries)

    @property
    def kind(self) -> str:
        """real, sample or simulated: the least real kind; real where there is nothing."""
        return min((one.kind for one in self._deliveries), key=KINDS.index, default="real")

    @cached_property
    def _deliveries(self) -> list[Delivery]:
        own = [part.delivery for part in self.parts]
        return own + self.programme.standing.get(BUYERS.name, [])

    def named(self, name: str) -> list[Delivery]:
        """The deliveries of the table of sizes or of buyers."""
        own = [part.delivery for part in self.parts if part.extract.kind == name]
        return own + (self.programme.standing.get(name, []) if name == BUYERS.name else [])

    @cached_property
    def _states(self) -> list[Register]:
        """Extracts in order of time; of one day, the one that also tells of stopped comes last."""
        states = (part for part in self.parts if part.extract.kind in STATES)
        return sorted(
            states,
            key=lambda part: (part.extract.day, not _is_kbo(part), part.folder.name),
        )

    def relations(self, engine: duckdb.DuckDBPyConnection) -> dict[str, duckdb.DuckDBPyRelation]:
        """Every table, by the name of its contract; empty where nothing was added.

        - companies, units, addresses: one row a key, of the last extract that has it
        - activities: of each enterprise those of the last extract that has any of it
        - names: all that were ever registered, once each
        - lifespans: when each enterprise was seen. Who disappears from KBO Open Data ceased
          between two days; who has an `end_date` where it was seen last ceased on that day.
          To be lacking in an extract of canonical tables says nothing, as that may be a part.
        - sizes, buyers: all rows, once each
        """
        tables = {table.name: self._relation(engine, table) for table in COMPANY_TABLES}
        tables[LIFESPANS.name] = self._lifespans(engine)
        for table in (SIZES, BUYERS):
            tables[table.name] = self._plain(engine, table)
        return tables

    def _relation(self, engine: duckdb.DuckDBPyConnection, table: Table) -> duckdb.DuckDBPyRelation:
        rows, columns = self._rows(table.name), ", ".join(table.columns)
        if not self._states:
            return _empty(engine, table)
        if len(self._states) == 1:
            return engine.sql(f"select {columns} from ({rows})")
        if table == NAMES:
            return engine.sql(f"select distinct {columns} from ({rows})")
        entity = table.key[0]
        return engine.sql(_LAST.format(columns=columns, rows=rows, entity=entity))

    def _rows(self, name: str) -> str:
        """SQL of the rows of every extract, with its place in time."""
        return " union all ".join(
            f"select *, {place} as place, {_is_kbo(part)} as is_kbo from {_parquet(part, name)}"
            for place, part in enumerate(self._states, start=1)
        )

    def _lifespans(self, engine: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyRelation:
        if not self._states:
            return _empty(engine, LIFESPANS)
        of_kbo = [_is_kbo(part) for part in self._states]
        days = [f"date '{part.extract.day}'" for part in self._states]
        lists = {
            "days": days,
            "nexts": [
                next((d for d, kbo in zip(days[n:], of_kbo[n:], strict=True) if kbo), "null")
                for n in range(1, len(days) + 1)
            ],
            "kbo": [str(sum(of_kbo[:n])) for n in range(1, len(days) + 1)],
        }
        listed = {name: f"[{', '.join(cells)}]" for name, cells in lists.items()}
        return engine.sql(_LIFESPANS.format(rows=self._rows("companies"), **listed))

    def _plain(self, engine: duckdb.DuckDBPyConnection, table: Table) -> duckdb.DuckDBPyRelation:
        columns = ", ".join(table.columns)
        given = [
            engine.sql(f"select {columns} from {_parquet(part, table.name)}")
            for part in self.parts
            if part.extract.kind == table.name
        ]
        if table == BUYERS and self.programme.parts:
            given.append(self.programme.relation(engine, table.name).project(columns))
        if len(given) < 2:
            return given[0] if given else _empty(engine, table)
        return reduce(duckdb.DuckDBPyRelation.union, given).distinct()

    def check(self) -> None:
        """Refuse tables of sizes or buyers that answer the same question differently.

        Raises
        ------
        SourceError
            With the number of such questions and the first.
        """
        for table in (SIZES, BUYERS):
            named = sorted(delivery.name for delivery in self.named(table.name))
            if len(named) < (1 if table == BUYERS else 2):
                continue
            with shared_engine() as engine:
                rows = self._plain(engine, table)  # noqa: F841 - DuckDB finds it by name
                found = engine.sql(_TWICE[table.name]).fetchall()
            if found:
                raise _two_answers(table, found, ", ".join(named))


def _two_answers(table: Table, keys: list[tuple], where: str) -> SourceError:
    first = " ".join(str(cell) for cell in keys[0])
    return SourceError(
        where,
        found=f"{len(keys)} times two different answers, the first for {first}",
        expected=f"one answer for each ({', '.join(table.key)})",
        do="correct the new table, or begin again with an empty store",
    )


def _is_kbo(part: Register) -> bool:
    return part.extract.kind != "companies"


def _empty(engine: duckdb.DuckDBPyConnection, table: Table) -> duckdb.DuckDBPyRelation:
    return engine.from_arrow(table.schema.empty_table())


def _parquet(part: Register, name: str) -> str:
    path = str(part.folder / f"{name}.parquet").replace("'", "''")
    return f"read_parquet('{path}')"
