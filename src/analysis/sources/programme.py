"""What the programmes deliver, each delivery read once: whole and right, or refused."""

import shutil
import zipfile
from collections.abc import Iterable, Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from analysis.contracts.intake import SHEETS, TABLES
from analysis.refusal import SourceError
from analysis.sources import cards, csv_files, intake
from analysis.sources.csv_files import CARD, Bundle
from analysis.sources.intake_faults import about_delivery
from analysis.sources.packages import Found
from analysis.sources.recognise import is_workbook
from analysis.sources.streams import Stream, damage
from analysis.store import Delivery, File, Part, Programme, raw

# What Excel and the systems leave behind in a folder is nobody's data.
_LEFT_BEHIND = ("~$", ".", "Thumbs.db", "desktop.ini")
_BLOCK = 1 << 20


class Sent(NamedTuple):
    """A delivery of a programme, and its files."""

    delivery: Delivery
    files: list[File]


def read(sent: Iterable[Sent], lake: Path, staging: Path, readers: str, language: str) -> Programme:
    """Read what is not yet read; new parts are in `staging`, where they may be left.

    Parameters
    ----------
    sent : every delivery of the programmes
    lake : folder of what was read, in folders whose names end in `readers`
    staging : an empty place to read in
    readers : the fingerprint of the code that reads
    language : nl or en, of faults and notes

    Raises
    ------
    SourceError
        Naming every fault of every file at once; or rows that name a row which no delivery has.
    """
    parts, refused = [], []
    for one in sent:
        folder = lake / f"{one.delivery.sha256[:16]}-{readers}"
        try:
            if not folder.exists():
                folder = staging / folder.name
                _read(one, folder, language)
            parts.append(Part(cards.as_real_as(one.delivery, folder), folder))
        except SourceError as fault:
            refused.append(fault)
    if refused:
        raise _together(refused)
    held = Programme(tuple(parts))
    held.check()
    return held


def notes(part: Part) -> list[str]:
    """What a person should know of how a delivery was read, in the language of that time."""
    return (part.folder / "notes.txt").read_text("utf-8").splitlines()


def _read(one: Sent, folder: Path, language: str) -> None:
    """Read a delivery into the new part `folder`: a Parquet file a table, notes and kind."""
    work = folder / "work"
    work.mkdir(parents=True)
    files = dict(_files(one, work))
    mapping = next((files[name] for name in intake.MAPPINGS if name in files), None)
    card = files.get(CARD)
    kinds = cards.declared(Found(f"{one.delivery.name}, {CARD}", card.read_bytes())) if card else ()
    found, refused = [], []
    for name, path in sorted(files.items()):
        if name not in (CARD, *intake.MAPPINGS):
            try:
                found.append(intake.read(path, mapping, language=language, may_be_empty=True))
            except SourceError as fault:
                refused.append(fault)
    if refused or not any(intake_.tables for intake_ in found):
        raise _together(refused or [intake.nothing_filled_in(one.delivery.name, language)])
    for table, rows in _merged(one.delivery.name, found, language).items():
        pq.write_table(rows, folder / f"{table}.parquet")
    told = "".join(f"{note}\n" for intake_ in found for note in intake_.notes)
    (folder / "notes.txt").write_text(told, encoding="utf-8")
    (folder / "kind").write_text("\n".join(sorted(kinds)), encoding="utf-8")
    shutil.rmtree(work)
    for path in [*folder.iterdir(), folder]:
        raw.sync(path)


def _files(one: Sent, work: Path) -> Iterator[tuple[str, Path]]:
    """Name and place of every file, with its own name in the folder `work`."""
    for file in one.files:
        if PurePosixPath(file.name).name.startswith(_LEFT_BEHIND):
            continue
        if file.path is None:
            raise SourceError(
                f"{one.delivery.name}, {file.name}",
                found=f"a file that is {file.sha256}",
                expected="workbooks and CSV files",
                do="correct the file and add it again; nothing of it was used",
            )
        if not one.delivery.is_folder and _is_zip(file.name, file.path):
            yield from _unpacked(Bundle(file.name, file.path), work)
        else:
            place = work / file.name.replace("/", " - ")
            shutil.copyfile(file.path, place)
            yield file.name, place


def _is_zip(name: str, path: Path) -> bool:
    """Whether it is a zip, but no workbook."""
    with damage(name):
        if not zipfile.is_zipfile(path):
            return False
        with zipfile.ZipFile(path) as archive:
            return not is_workbook(archive.namelist())


def _unpacked(bundle: Bundle, work: Path) -> Iterator[tuple[str, Path]]:
    with csv_files.opened(bundle) as opened:
        for name, size in opened.sizes.items():
            with damage(f"{bundle.name}, {name}"), opened.open(name) as source:
                stream = Stream(source, name=name, size=size, room=opened.room)
                with (work / name).open("wb") as target:
                    while block := stream.read(_BLOCK):
                        target.write(block)
            yield name, work / name


def _merged(where: str, found: list[intake.Intake], language: str) -> dict[str, pa.Table]:
    """The tables of several files; no row may stand in two of them."""
    merged = {}
    for name, table in TABLES.items():
        if parts := [read.tables[name] for read in found if name in read.tables]:
            rows = merged[name] = pa.concat_tables(parts)
            keys = rows.select(list(table.key)).group_by(list(table.key))
            twice = keys.aggregate([([], "count_all")]).filter(pc.field("count_all") > 1)
            if twice.num_rows:
                first = " + ".join(str(cell) for cell in list(twice.to_pylist()[0].values())[:-1])
                said = {"table": name, "title": SHEETS[name].title[language], "first": first}
                raise about_delivery(where, "twice", language, count=twice.num_rows, **said)
    return merged


def _together(refused: list[SourceError]) -> SourceError:
    """One refusal for several files, framed in the language of the first."""
    if len(refused) == 1:
        return refused[0]
    return SourceError(
        ", ".join(one.where for one in refused),
        found="\n            ".join(f"{one.where}: {one.found}" for one in refused),
        expected="; ".join(dict.fromkeys(one.expected for one in refused)),
        do="; ".join(dict.fromkeys(one.do for one in refused)),
        language=refused[0].language,
    )
