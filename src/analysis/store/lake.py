"""What was read from each delivery, one Parquet file a table, and all of it as one lake."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import duckdb
import pyarrow as pa

from analysis.contracts import LAKE_TABLES
from analysis.store.programme import Programme
from analysis.store.raw import KINDS, Part, sync
from analysis.store.registers import Registers

_TABLES = {table.name: table for table in LAKE_TABLES}
_SETTINGS: dict = {"memory_limit": "150MB", "threads": 1, "preserve_insertion_order": True}
# The same notice is counted once: a document that came twice gives the same rows twice.
_TIDY = {
    "rejects": (
        "select * replace (case when copy_ = 1 then file else file || ' (' || copy_ || ')' end "
        "as file) from (select *, row_number() over "
        "(partition by delivery, file order by reason, found) as copy_ from rows_)"
    ),
    "signals": (
        "select era, place, found, max(times) as times, example from rows_ "
        "group by era, place, found, example"
    ),
}


@dataclass(frozen=True)
class Lake:
    """The notices of chosen deliveries as one set of tables; registers and programmes beside."""

    parts: tuple[Part, ...]
    registers: Registers = field(default_factory=Registers)
    programme: Programme = field(default_factory=Programme)

    @property
    def inputs(self) -> list[tuple[str, str]]:
        """Name and sha256 of every delivery of notices, sorted."""
        return sorted((part.delivery.name, part.delivery.sha256) for part in self.parts)

    @property
    def kind(self) -> str:
        """real, sample or simulated: the least real kind among the deliveries."""
        return min((part.delivery.kind for part in self.parts), key=KINDS.index)

    def relation(self, engine: duckdb.DuckDBPyConnection, name: str) -> duckdb.DuckDBPyRelation:
        """All rows of one table; a document that is in several deliveries counts once.

        Parameters
        ----------
        engine : where the query will run
        name : notices, lots, awards, bids, organisations, rejects or signals
        """
        columns = ", ".join(f'"{column}"' for column in _TABLES[name].columns)
        if not self.parts:
            return engine.from_arrow(_TABLES[name].schema.empty_table())
        rows = self._rows(name)
        if name == "signals":
            rows = f"({_TIDY[name].replace('rows_', rows)})"
        elif len(self.parts) > 1 and name != "rejects":
            first = (
                f"(select document, min(part_) as part_ from {self._rows('notices')} group by 1)"
            )
            rows = f"{rows} semi join {first} using (document, part_)"
        return engine.sql(f"select {columns} from {rows}")

    def _rows(self, name: str) -> str:
        """SQL for the rows of every part, with the name of the part in `part_`."""
        paths = sorted(str(part.folder / f"{name}.parquet") for part in self.parts)
        listed = ", ".join("'" + path.replace("'", "''") + "'" for path in paths)
        read = f"read_parquet([{listed}], filename = true)"
        return f"(select *, parse_path(filename)[-2] as part_ from {read})"


@contextmanager
def writing(folder: Path) -> Iterator[Callable[[dict[str, pa.Table]], None]]:
    """Write a part in `folder` batch by batch; rows are sorted and written at the end.

    Yields a function that takes the next rows: table name -> Arrow table.
    """
    folder.mkdir()
    with ExitStack() as files:
        staged = {
            name: files.enter_context(pa.ipc.new_stream(str(folder / f"{name}.arrow"), t.schema))
            for name, t in _TABLES.items()
        }

        def write(rows: dict[str, pa.Table]) -> None:
            for name, file in staged.items():
                file.write_table(rows[name])

        yield write
    with duckdb.connect(config=_SETTINGS | {"temp_directory": str(folder / "sort")}) as engine:
        for name in _TABLES:
            _sorted(engine, folder, name)


def _sorted(engine: duckdb.DuckDBPyConnection, folder: Path, name: str) -> None:
    """Turn the staged rows of one table into Parquet, in an order that only the rows decide."""
    staged = folder / f"{name}.arrow"
    columns = ", ".join(f'"{column}"' for column in _TABLES[name].columns)
    tidy = _TIDY.get(name, "select distinct * from rows_")
    with pa.OSFile(str(staged)) as file, pa.ipc.open_stream(file) as rows:
        engine.register("rows_", rows)
        engine.execute(
            f"copy (select {columns} from ({tidy}) order by all) to $to "
            "(format parquet, compression zstd, compression_level 1)",
            {"to": str(folder / f"{name}.parquet")},
        )
    sync(folder / f"{name}.parquet")
    staged.unlink()
