"""Every table behind a report, by the name of its contract."""

from collections.abc import Callable, Iterator
from functools import partial

import pandas as pd

from analysis.cells import cells, notice_cells
from analysis.cells.access import TABLES as OF_ACCESS
from analysis.companies.perimeters import REASONS, known_perimeters
from analysis.contracts import (
    ANSWERS,
    BUYERS,
    COMPANY_TABLES,
    LIFESPANS,
    LINKS,
    MEMBERS,
    NOTICE_TABLES,
    ORGANISATIONS,
    REJECTS,
    SIGNALS,
    SIZES,
    TENDERERS,
    Column,
    Table,
)
from analysis.contracts.cells import CELLS, NOTICE_CELLS
from analysis.contracts.facts import FACTS
from analysis.contracts.intake import TABLES as OF_PROGRAMMES
from analysis.contracts.lots import LOT_RESULTS, RULE_LOG, WINNERS
from analysis.lab import persons
from analysis.lab.cells import TABLES as BESIDE
from analysis.lab.shelf import Asked, Shelf, of_table, shelf
from analysis.lab.world import World
from analysis.notices.stages import Relation
from analysis.sources.facts import published
from analysis.store.frames import framed

Rows = Callable[[World], pd.DataFrame]
_READ = "As read up to the year, before any rule."
_DELIVERED = "Delivered by the programmes, in confidence."
_CELLS = "Small, and not disclosure-controlled."


def tables(world: World) -> Shelf:
    """Every table of a report: `tables(world).lot_results()`."""
    return shelf(
        {
            table.name: Asked(table.name, _asked(world, rows), partial(of_table, table, note))
            for table, rows, note in every()
        }
    )


def _asked(world: World, rows: Rows) -> Callable[[], pd.DataFrame]:
    def ask() -> pd.DataFrame:
        return rows(world)

    return ask


def every() -> Iterator[tuple[Table, Rows, str]]:
    """Each table with how its rows are had, and a note on it."""
    for table in NOTICE_TABLES:
        hides = table is ORGANISATIONS
        rows = persons.organisations if hides else partial(_read, name=table.name)
        yield table, rows, f"{_READ} {persons.BUYERS if hides else ''}".strip()
    for table in (REJECTS, SIGNALS):
        yield table, partial(_listed, name=table.name), "What the readers refused, or met."
    yield LOT_RESULTS, lambda world: _held(world.of.kept.lots), "What the notice rules kept."
    yield WINNERS, persons.winners, persons.NOTE
    yield RULE_LOG, lambda world: framed(world.of.kept.log), "What the notice rules met."
    for table in (MEMBERS, TENDERERS, ANSWERS, perimeters()):
        yield table, partial(_of_companies, name=table.name), persons.FIRMS
    yield LINKS, persons.links, persons.NOTE
    for table in (*COMPANY_TABLES, LIFESPANS, SIZES, BUYERS):
        yield table, partial(_registered, name=table.name), "As registered or delivered."
    yield CELLS, lambda world: cells(world.of.kept.lots, world.of.kept.winners), _CELLS
    yield NOTICE_CELLS, lambda world: notice_cells(world.of.tables["notices"]), _CELLS
    for table in OF_ACCESS.values():
        yield table, partial(_of_access, name=table.name), _CELLS
    for table in BESIDE:
        yield table, partial(_beside, name=table.name), _CELLS
    for name, table in OF_PROGRAMMES.items():
        if name != BUYERS.name:
            yield (
                table,
                partial(_delivered, name=name),
                _DELIVERED,
            )
    for topic in FACTS.values():
        for table in topic:
            yield table, partial(_published, name=table.name), "Published, and kept by hand."


def perimeters() -> Table:
    """What the table of perimeters promises: of each lot a flag and a reason for every one."""
    columns = {name: LOT_RESULTS.columns[name] for name in LOT_RESULTS.key}
    for one in known_perimeters():
        about = f"The buyer is inside: {one.title.en}"
        columns[one.column] = Column(about, "flag", may_be_missing=True)
        columns[f"{one.column}_reason"] = Column("What decided it", "text", values=REASONS)
    row = "one lot, and which perimeters its buyer is inside"
    return Table(name="perimeters", row=row, key=LOT_RESULTS.key, columns=columns)


def _held(rows: Relation) -> pd.DataFrame:
    return framed(rows.order("all").to_arrow_table())


def _read(world: World, name: str) -> pd.DataFrame:
    return _held(world.of.tables[name])


def _listed(world: World, name: str) -> pd.DataFrame:
    return _held(world.found.lake.relation(world.engine, name))


def _of_companies(world: World, name: str) -> pd.DataFrame:
    return _held(world.of.relations[name])


def _registered(world: World, name: str) -> pd.DataFrame:
    return _held(world.register[name])


def _of_access(world: World, name: str) -> pd.DataFrame:
    return world.access[name].copy()


def _beside(world: World, name: str) -> pd.DataFrame:
    return world.beside[name].copy()


def _delivered(world: World, name: str) -> pd.DataFrame:
    return world.given.tables[name].copy()


def _published(_: World, name: str) -> pd.DataFrame:
    return published()[name].rows.copy()
