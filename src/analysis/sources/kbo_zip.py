"""A zip of KBO Open Data: looked at first, then unpacked one file at a time, within limits."""

import csv
import datetime as dt
import io
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from pathlib import Path
from typing import NamedTuple

import yaml

from analysis.refusal import SourceError
from analysis.sources.streams import GROWTH, GROWTH_FREE, Received, Room, Stream, damage

CARD = yaml.safe_load(resources.files(__package__).joinpath("kbo.yml").read_text("utf-8"))
COLUMNS = {file: columns.split() for file, columns in CARD["reads"].items()}
LARGEST = 8_000_000_000  # bytes of one CSV; activity.csv has some 1,200 million
_FIRST = 100_000  # bytes of meta.csv or of a header; some 150 are known
_STEPS = {"full": ("",), "update": ("_delete", "_insert")}
_AGAIN = "download the extract again; nothing of it was used"


class Extract(NamedTuple):
    """Which extract it is: the day of the register, its number in the series, full or update."""

    snapshot_date: dt.date
    number: int
    kind: str


class Opened(NamedTuple):
    """An open zip with the members of its kind of extract, and what may still come out of it."""

    name: str
    archive: zipfile.ZipFile
    extract: Extract
    room: Room


@contextmanager
def opened(path: Path, kind: str) -> Iterator[Opened]:
    """Open the zip at `path`, which must be a `kind` (full or update) extract.

    Raises
    ------
    SourceError
        A damaged or hostile zip, a missing or unknown member, or another kind of extract.
    """
    with path.open("rb", buffering=0) as raw:
        with damage(path.name):
            archive = zipfile.ZipFile(Received(raw, int))
        room = Room(path.name, GROWTH_FREE + GROWTH * path.stat().st_size)
        for member in archive.infolist():
            _harmless(path.name, member)
        extract = _extract(path.name, archive, room)
        if extract.kind != kind:
            raise refuse(path.name, f"an extract of type {extract.kind}", expected=f"type {kind}")
        _complete(path.name, [m.filename for m in archive.infolist()], kind)
        yield Opened(path.name, archive, extract, room)


def _harmless(name: str, member: zipfile.ZipInfo) -> None:
    special = stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG)
    if special or member.flag_bits & 1 or not re.fullmatch(r"\w+\.csv", member.filename, re.A):
        raise refuse(
            name,
            f"a member {member.filename[:100]!r}, a path, a link or locked",
            expected="plain CSV files without folders",
        )
    if member.file_size > LARGEST:
        raise refuse(
            f"{name}, {member.filename}",
            f"{member.file_size} bytes",
            expected=f"at most {LARGEST} bytes a file",
        )


def _extract(name: str, archive: zipfile.ZipFile, room: Room) -> Extract:
    """What meta.csv says: the date, number and type of the extract."""
    if "meta.csv" not in archive.namelist():
        raise refuse(name, "no meta.csv", expected="a zip of KBO Open Data")
    with damage(name), archive.open("meta.csv") as file:
        text = Stream(file, name=name, room=room).read(_FIRST).decode("utf-8-sig")
    written = dict(row[:2] for row in csv.reader(io.StringIO(text)) if len(row) > 1)
    try:
        day = dt.datetime.strptime(written["SnapshotDate"], "%d-%m-%Y").date()
        return Extract(day, int(written["ExtractNumber"]), written["ExtractType"].lower())
    except (KeyError, ValueError) as fault:
        raise refuse(
            f"{name}, meta.csv",
            f"{type(fault).__name__}: {fault}",
            expected="SnapshotDate as 30-05-2025, ExtractNumber as 136, ExtractType",
        ) from fault


def _complete(name: str, found: list[str], kind: str) -> None:
    wanted = {f"{file}{step}.csv" for file in COLUMNS for step in _STEPS[kind]}
    passed = {
        f"{file}{s}.csv" for file in CARD["never_opened"].split() for s in ("", *_STEPS[kind])
    }
    lost = sorted(wanted - set(found))
    new = sorted(set(found) - wanted - passed - {"meta.csv"})
    twice = sorted(member for member, times in Counter(found).items() if times > 1)
    if lost or new or twice:
        raise refuse(
            name,
            "; ".join(
                f"{what}: {', '.join(names)}"
                for what, names in (("missing", lost), ("unknown", new), ("twice", twice))
                if names
            ),
            expected=f"the files of sources/kbo.yml for a {kind} extract, each once",
        )


@contextmanager
def unpacked(zipped: Opened, file: str, step: str, *, into: Path) -> Iterator[str]:
    """Unpack one CSV for as long as it is read; gives the SQL source of its rows, all text.

    Parameters
    ----------
    zipped : the open zip
    file, step : e.g. "activity" and "" (full), "_delete" or "_insert" (update)
    into : folder for the file
    """
    member = f"{file}{step}.csv"
    path = into / member
    with damage(f"{zipped.name}, {member}"):
        info = zipped.archive.getinfo(member)
        with zipped.archive.open(info) as source, path.open("wb") as target:
            stream = Stream(source, name=member, size=info.file_size, room=zipped.room)
            while block := stream.read(1 << 20):
                target.write(block)
    expected = COLUMNS[file][:1] if step == "_delete" else COLUMNS[file]
    header = _header(f"{zipped.name}, {member}", path, expected)
    lacking = "".join(f', null::varchar as "{name}"' for name in expected if name not in header)
    yield f"(select *{lacking} from {csv_rows(path, header)})"
    path.unlink()


def _header(where: str, path: Path, expected: list[str]) -> list[str]:
    with path.open("rb") as file:
        first = file.readline(_FIRST).decode("utf-8-sig", "replace")
    found = next(csv.reader([first]), [])
    lost = [c for c in expected if c not in [*found, *CARD["older_extracts_lack"].split()]]
    new = [c for c in found if c not in expected]
    if lost or new or len(set(found)) < len(found):
        raise refuse(
            where,
            f"columns {', '.join(found) or 'none'}; unknown: {', '.join(new) or 'none'}; "
            f"lost: {', '.join(lost) or 'none'}",
            expected=f"columns {', '.join(expected)}",
            do="download it again; if KBO changed its format, sources/kbo.yml must be changed",
        )
    return found


def csv_rows(path: Path, columns: list[str]) -> str:
    """SQL of the rows of a CSV file with exactly these columns, every cell as text."""
    kinds = ", ".join(f"'{name}': 'varchar'" for name in columns)
    return (
        f"read_csv({quoted(path)}, columns = {{{kinds}}}, header = true, auto_detect = false, "
        "delim = ',', quote = '\"', escape = '\"', strict_mode = true)"
    )


def quoted(path: Path) -> str:
    """A path as SQL text."""
    return "'" + str(path).replace("'", "''") + "'"


def refuse(where: str, found: str, *, expected: str, do: str = _AGAIN) -> SourceError:
    """Refuse an extract as a whole."""
    return SourceError(where, found=found, expected=expected, do=do)
