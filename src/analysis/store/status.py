"""What the lake holds, as small tables to show: deliveries, notices, rejects and signals."""

from pathlib import Path

import duckdb
import pandas as pd
import pyarrow.parquet as pq

from analysis.store.extracts import SUPERSEDED
from analysis.store.lake import Lake
from analysis.store.raw import Delivery, Part
from analysis.store.registers import Register

_RECEIVED = ["delivery", "name", "holds", "day", "kind", "received", "files", "bytes"]
_COLUMNS = [*_RECEIVED, "rows", "rejects"]
_GIVEN = ["table", "delivery", "name", "kind", "rows", "standing", "replaced", "changed"]
_HOLDS = {
    "full": "KBO extract {}",
    "update": "KBO update {}",
    SUPERSEDED: "KBO update {}, not needed",
    "companies": "enterprises, also stopped",
}


def deliveries(lake: Lake) -> pd.DataFrame:
    """One row a delivery: what was received, and what it gave.

    `holds` says what it is and `day` of which day a register is; `rows` counts the notices, the
    enterprises of a register, the rows of a table of sizes or buyers, or of all tables of a
    programme.
    """
    rows = [_notices(part) for part in lake.parts]
    rows += [_register(part) for part in lake.registers.parts]
    rows += [_programme(part) for part in lake.programme.parts]
    return pd.DataFrame(rows, columns=_COLUMNS)


def programme(lake: Lake) -> pd.DataFrame:
    """One row a table of the programmes and delivery.

    `rows` counts what was given, `standing` what no later delivery replaced, `replaced` what took
    the place of a row of an earlier delivery, `changed` those of them that say something else.
    """
    counts = lake.programme.counts()
    rows = [
        (table, given.sha256[:16], given.name, given.kind, *numbers)
        for table, given, *numbers in counts
    ]
    return pd.DataFrame(rows, columns=_GIVEN)


def notices(lake: Lake) -> pd.DataFrame:
    """Notices by era, kind and form."""
    return _counted(lake, "notices", "era, kind, form, count(*) as notices")


def rejects(lake: Lake) -> pd.DataFrame:
    """Files that could not be read, by reason, with an example and what to do."""
    return _counted(
        lake,
        "rejects",
        "reason, to_do, count(*) as files, min(file) as example, arg_min(found, file) as found",
    )


def signals(lake: Lake) -> pd.DataFrame:
    """Names and codes that no reader knows: how often, in how many notices, and one of these."""
    return _counted(
        lake,
        "signals",
        "era, place, found, sum(times)::bigint as times, "
        "count(distinct example) as notices, min(example) as example",
    )


def _notices(part: Part) -> tuple:
    read, unread = (_rows(part.folder / f"{name}.parquet") for name in ("notices", "rejects"))
    return _listed(part.delivery, "notices", "", rows=read, rejects=unread)


def _register(part: Register) -> tuple:
    kind, day, number = part.extract
    holds = _HOLDS.get(kind, kind).format(number)
    table = part.folder / f"{kind if kind in ('sizes', 'buyers') else 'companies'}.parquet"
    rows = _rows(table) if table.exists() else 0
    return _listed(part.delivery, holds, day.isoformat() if day else "", rows=rows, rejects=0)


def _programme(part: Part) -> tuple:
    tables = sorted(part.folder.glob("*.parquet"))
    holds = f"programme, {len(tables)} table" + "s" * (len(tables) != 1)
    return _listed(part.delivery, holds, "", rows=sum(map(_rows, tables)), rejects=0)


def _rows(path: Path) -> int:
    return pq.read_metadata(path).num_rows


def _listed(entry: Delivery, holds: str, day: str, *, rows: int, rejects: int) -> tuple:
    what = (entry.sha256[:16], entry.name, holds, day, entry.kind, entry.received)
    return *what, entry.files, entry.bytes, rows, rejects


def _counted(lake: Lake, name: str, columns: str) -> pd.DataFrame:
    with duckdb.connect() as engine:
        return lake.relation(engine, name).aggregate(columns).order("all").df()
