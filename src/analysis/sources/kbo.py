"""Extracts of KBO Open Data as canonical tables: full ones, updates, and who ceased between them.

Each extract is a folder: a Parquet file for every table of COMPANY_TABLES, sorted by its key, and
`extract.json`. Of a natural person only number and start date are kept.
"""

import datetime as dt
import json
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from pathlib import Path

import duckdb
import pyarrow as pa

from analysis.contracts.companies import LIFESPANS
from analysis.sources import kbo_tables
from analysis.sources.kbo_zip import Extract, Opened, opened, quoted, refuse

_LIFESPANS = """
select number, days[min(place)] as first_seen, days[max(place)] as last_seen,
    case when max(place) < len(days) then days[max(place)] end as ceased_after,
    days[max(place) + 1] as ceased_before,
    count(*) <= max(place) - min(place) as reappeared
from ({seen}), (select getvariable('days') as days)
group by number, days order by number
"""


def read(zip_path: Path, folder: Path) -> None:
    """Read a full extract into `folder`, whole or not at all.

    A folder that holds an extract of the same day or an older one is replaced.

    Raises
    ------
    SourceError
        The zip, a file, a column or a cell is not as sources/kbo.yml says, or `folder` holds a
        newer extract. `folder` is then as it was.
    """
    with opened(zip_path, "full") as zipped:
        if folder.exists() and (now := extract_of(folder)).snapshot_date > _day(zipped):
            raise refuse(
                zip_path.name,
                f"an extract of {_day(zipped)}",
                expected=f"not older than {now.snapshot_date}, which {folder.name} holds",
                do="read older extracts into folders of their own",
            )
        with _new(folder) as work:
            _fill(work, zipped)


def update(folder: Path, zip_path: Path, into: Path) -> None:
    """Apply an update to the extract in `folder`: deletes first, then inserts; whole or not at all.

    Parameters
    ----------
    folder : extract before the update, as `read` or `update` left it
    zip_path : the update that follows it in the series
    into : folder of the extract after the update; it may be `folder` itself

    Raises
    ------
    SourceError
        As `read`; or the update is not newer than `folder`, or an update between them is lacking.
    """
    now = extract_of(folder)
    with opened(zip_path, "update") as zipped:
        after = zipped.extract
        if after.snapshot_date <= now.snapshot_date or after.number != now.number + 1:
            raise refuse(
                zip_path.name,
                f"update {after.number} of {after.snapshot_date}",
                expected=f"update {now.number + 1}, of a day after {now.snapshot_date}",
                do="apply every update once and in order, or read a newer full extract",
            )
        with _new(into) as work:
            _fill(work, zipped, before=folder)


def extract_of(folder: Path) -> Extract:
    """Which extract `folder` holds, the last update included."""
    try:
        written = json.loads((folder / "extract.json").read_text("utf-8"))
        return Extract(
            dt.date.fromisoformat(written["snapshot_date"]), written["number"], written["kind"]
        )
    except (OSError, ValueError, KeyError) as fault:
        raise refuse(
            str(folder),
            f"{type(fault).__name__}: {fault}",
            expected="a folder with an extract of KBO that was read before",
            do="read a full extract first",
        ) from fault


def _day(zipped: Opened) -> dt.date:
    return zipped.extract.snapshot_date


@contextmanager
def _new(folder: Path) -> Iterator[Path]:
    """A place to build in, whose folder `new` becomes `folder` when all went well."""
    folder.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent, prefix=f".{folder.name}-") as place:
        new, old = Path(place, "new"), Path(place, "old")
        new.mkdir()
        yield Path(place)
        if folder.exists():
            folder.rename(old)
        new.rename(folder)


def _fill(place: Path, zipped: Opened, *, before: Path | None = None) -> None:
    kbo_tables.write(zipped, place / "new", work=place, before=before)
    said = zipped.extract._asdict() | {"snapshot_date": _day(zipped).isoformat()}
    (place / "new" / "extract.json").write_text(json.dumps(said) + "\n", encoding="utf-8")


def lifespans(folders: Iterable[Path]) -> pa.Table:
    """When each enterprise was seen in several extracts, and between which days it ceased.

    An enterprise that is in the newest extract has not ceased. One that came back has one
    lifespan, and is marked `reappeared`. Before the first extract nothing is known.

    Parameters
    ----------
    folders : extracts of different days, in any order

    Returns
    -------
    Rows of LIFESPANS, sorted by number.

    Raises
    ------
    SourceError
        A folder holds no extract, or two hold extracts of the same day.
    """
    by_day = sorted((extract_of(folder).snapshot_date, folder) for folder in folders)
    for (day, folder), (next_day, other) in pairwise(by_day):
        if day == next_day:
            raise refuse(
                str(other),
                f"an extract of {day}, as in {folder.name}",
                expected="extracts of different days",
                do="leave one of the two out",
            )
    seen = " union all ".join(
        f"select number, {place} as place from {quoted(folder / 'companies.parquet')}"
        for place, (_, folder) in enumerate(by_day, start=1)
    )
    with duckdb.connect() as engine:
        engine.execute("set variable days = $1::date[]", [[day for day, _ in by_day]])
        rows = engine.sql(_LIFESPANS.format(seen=seen)).to_arrow_table()
    return rows.cast(LIFESPANS.schema)
