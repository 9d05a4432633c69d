"""A report that came from somewhere else: its folder, or its zip unpacked within limits."""

import re
import stat
import tempfile
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from analysis.refusal import ReportError
from analysis.report.folder import RECORD
from analysis.sources.streams import (
    GROWTH,
    GROWTH_FREE,
    Received,
    Room,
    Stream,
    damage,
    refused,
)

MEMBERS = 5_000  # files of one report; the largest known has 350
_LARGEST = 50_000_000  # bytes of a record
_LONGEST = 200  # signs of a name
_BLOCK = 1 << 20
_DIGEST = r"[0-9a-f]{64}"


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid")


class Input(_Strict):
    """A delivery that the report rests on, as `crate_inputs.inputs` tells it."""

    name: str
    sha256: str = Field(pattern=_DIGEST)
    kind: Literal["simulated", "sample", "real"]
    bytes: int
    files: int
    what: Literal["notices", "register", "programme", "decisions"]
    title: str
    publisher: str
    licence: str
    period: str


class Parameters(_Strict):
    """What was asked for."""

    year: int = Field(ge=1, le=9999)
    languages: list[Literal["nl", "en"]] = Field(min_length=1)


class Run(_Strict):
    """How the report was made, as `crate.run` and `crate.stages` tell it."""

    parameters: Parameters
    inputs: list[Input]
    code: dict[str, str]
    stages: dict[str, dict[str, str]]


class Record(_Strict):
    """What `report.json` says."""

    key: str
    files: dict[str, str]
    run: Run


@contextmanager
def opened(path: Path) -> Iterator[Path]:
    """The folder of a report; of a zip, a folder with what it holds, which is gone afterwards.

    Raises
    ------
    ReportError
        There is no report at `path`.
    SourceError
        The zip is damaged or a bomb, or a member is a link, locked or leads out of it.
    """
    if path.is_dir():
        yield _inside(path, path)
        return
    if not path.is_file():
        raise _no_report(path, "nothing there")
    with tempfile.TemporaryDirectory(prefix="pio-verify-") as new:
        _unpack(path, Path(new))
        yield _inside(Path(new), path)


def record(report: Path) -> Record:
    """What the report says of itself.

    Raises
    ------
    ReportError
        The record cannot be read, or is of a report that was made before runs were recorded.
    """
    file = report / RECORD
    try:
        if file.stat().st_size > _LARGEST:
            raise _no_report(report, f"a {RECORD} of {file.stat().st_size} bytes")
        return Record.model_validate_json(file.read_bytes())
    except (OSError, ValidationError) as fault:
        found = _plainly(fault)
        raise _no_report(report, f"a {RECORD} that cannot be used: {found}") from fault


def _inside(folder: Path, given: Path) -> Path:
    """Where the record is: in the folder, or in the one folder within it."""
    within = [one for one in sorted(folder.iterdir()) if one.is_dir()]
    for place in [folder, *(within if len(within) == 1 else [])]:
        if (place / RECORD).is_file():
            return place
    raise _no_report(given, f"no {RECORD}")


def _unpack(path: Path, into: Path) -> None:
    """Unpack a zip whole, or raise; nothing is written outside `into`."""
    name = path.name
    with path.open("rb", buffering=0) as raw, damage(name):
        archive = zipfile.ZipFile(Received(raw, int))
        members = [member for member in archive.infolist() if not member.is_dir()]
        if len(members) > MEMBERS:
            raise refused(name, f"{len(members)} files, more than the {MEMBERS} of any report")
        for member in members:
            _harmless(name, member)
        if len({member.filename.casefold() for member in members}) < len(members):
            raise refused(name, "two files of one name")
        room = Room(name, GROWTH_FREE + GROWTH * path.stat().st_size)
        for member in members:
            _write(archive, member, into, room)


def _harmless(name: str, member: zipfile.ZipInfo) -> None:
    file = member.filename
    parts = file.split("/")
    special = stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG)
    outside = not all(parts) or {".", ".."} & set(parts) or re.search(r'[\\:*?"<>|]', file)
    if special or member.flag_bits & 1 or outside or len(file) > _LONGEST or not file.isprintable():
        shown = file[:100].encode("ascii", "replace").decode()
        raise refused(name, f"{shown!r}: a path that leads out, a link, locked, or no plain name")


def _write(archive: zipfile.ZipFile, member: zipfile.ZipInfo, into: Path, room: Room) -> None:
    target = into.joinpath(*member.filename.split("/"))
    target.parent.mkdir(parents=True, exist_ok=True)
    with archive.open(member) as source, target.open("xb") as file:
        stream = Stream(source, name=member.filename, size=member.file_size, room=room)
        while block := stream.read(_BLOCK):
            file.write(block)


def _plainly(fault: Exception) -> str:
    if not isinstance(fault, ValidationError):
        return type(fault).__name__
    first: Any = fault.errors(include_url=False, include_input=False)[0]
    where = ".".join(map(str, first["loc"]))[:100]
    told = f"{where or 'it'}: {first['msg'][:100]}"
    return "".join(letter if letter.isprintable() else "?" for letter in told)


def _no_report(path: Path, found: str) -> ReportError:
    return ReportError(
        str(path),
        found=found,
        expected="the folder of a report, or its zip, as `pio report` makes it",
        do="check the path; a report made before runs were recorded has to be built again",
    )
