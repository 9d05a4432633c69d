"""What the report of a year is made of, laid open once: notices, registers and deliveries."""

import atexit
import weakref
from functools import cached_property

import duckdb
import pandas as pd

from analysis import delivered, workbook
from analysis.cells import access_cells
from analysis.cells.access import TABLES
from analysis.companies.answers import answers
from analysis.companies.births import births
from analysis.companies.codes import quoted
from analysis.companies.definitions import Definition, definitions
from analysis.contracts import ADDRESSES, COMPANIES
from analysis.indicators.given import Given
from analysis.lab import cells, won
from analysis.notices.stages import Relation
from analysis.progress import without_bars
from analysis.report.build import Found
from analysis.sources.facts import published

_open: weakref.WeakSet["World"] = weakref.WeakSet()


@atexit.register
def _close() -> None:
    for world in list(_open):
        world.close()


class World:
    """The tables behind a report, in an engine of their own.

    Nothing is read before it is asked for; what was asked for once stays.
    """

    def __init__(self, found: Found) -> None:
        self.found = found
        self.engine = without_bars(duckdb.connect())
        _open.add(self)

    def close(self) -> None:
        """Let go of everything; DuckDB complains of an engine that outlives Python."""
        self.engine.close()
        vars(self).clear()

    @cached_property
    def of(self) -> workbook.World:
        """Notices up to the year, what the rules kept of them, and who won as companies."""
        found = self.found
        return workbook.world_of(self.engine, found.lake, found.year, found.decisions)

    @cached_property
    def register(self) -> dict[str, Relation]:
        """The registers of companies, by the names of their contracts."""
        return self.found.lake.registers.relations(self.engine)

    @cached_property
    def given(self) -> Given:
        """What the programmes delivered up to the year."""
        return delivered.given(self.engine, self.found.lake, self.found.year, published())

    @cached_property
    def access(self) -> dict[str, pd.DataFrame]:
        """The cells of start-up access, by the names of their contracts."""
        found = access_cells(self.engine, self.of.relations, list(definitions()))
        return {table.name: getattr(found, name) for name, table in TABLES.items()}

    @cached_property
    def beside(self) -> dict[str, pd.DataFrame]:
        """The cells that hold the programmes beside the notices, by contract."""
        return cells.of_programmes(self.engine, self.of.relations, self.register, self.given)

    def laid(self) -> duckdb.DuckDBPyConnection:
        """The engine, with the views that `report.trace_rows.behind` looks into right after.

        As `trace_rows.laid`, which would open the world a second time.
        """
        given = self.of.relations | {"lots": self.of.kept.lots, "files": self._files()}
        for name, relation in (given | {"companies": self.register[COMPANIES.name]}).items():
            relation.create_view(f"given_{name}", replace=True)
        return self.engine

    def _files(self) -> Relation:
        """Which delivery has each document."""
        parts = [
            f"select document, {quoted([part.delivery.name])} as delivery "
            f"from read_parquet({quoted([str(part.folder / 'notices.parquet')])})"
            for part in self.found.lake.parts
        ]
        return self.engine.sql(
            f"select document, min(delivery) as delivery from ({' union all '.join(parts)}) "
            "group by document"
        )

    def won(self, definition: str, own: Definition | None = None) -> pd.DataFrame:
        """Rows of `won.WON`; `own` is the definition where the report does not have it."""
        told = self.of.relations["answers"] if own is None else self._answers(own)
        given = self.of.relations | {"addresses": self.register[ADDRESSES.name]}
        return won.won(self.engine, given, told, definition)

    def _answers(self, own: Definition) -> Relation:
        links = self.engine.from_arrow(self.of.found.links)
        born = births(self.engine, links, self.register)
        asked = self.of.relations["members"].project("company_id, on_date").distinct()
        return answers(self.engine, asked, self.register, born, {own.id: own})
