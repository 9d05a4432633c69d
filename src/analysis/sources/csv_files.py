"""CSV files that came together, in a zip or a folder: unpacked one at a time, within limits."""

import csv
import re
import stat
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

from analysis.refusal import SourceError
from analysis.sources.streams import GROWTH, GROWTH_FREE, Received, Room, Stream, damage

LARGEST = 8_000_000_000  # bytes of one CSV; KBO's activity.csv has some 1,600 million
CARD = "card.yml"  # says what kind of data it is, as in a package of notices
FIRST = 100_000  # bytes of a small file or a header; some 150 are known
_AGAIN = "download it again; nothing of it was used"


class Bundle(NamedTuple):
    """CSV files that came together; `place` is their zip, or the path of each by its name."""

    name: str
    place: Path | dict[str, Path]


class Opened(NamedTuple):
    """An open bundle: the bytes of each file, how to open one, what may still come out of it."""

    name: str
    sizes: dict[str, int]
    open: Callable[[str], IO[bytes]]
    room: Room


@contextmanager
def opened(bundle: Bundle) -> Iterator[Opened]:
    """Open a bundle whose files must be plain CSV, each once; a `card.yml` may be with them.

    Raises
    ------
    SourceError
        A damaged or hostile zip, a path, a link, a file that is too large or comes twice.
    """
    name, place = bundle
    if isinstance(place, dict):
        sizes = {file: path.stat().st_size for file, path in place.items()}
        for file in sizes:
            _plain(name, file, is_special=False)
        yield _within(Opened(name, sizes, lambda f: place[f].open("rb"), _room(name, sizes)))
        return
    with place.open("rb", buffering=0) as raw:
        with damage(name):
            archive = zipfile.ZipFile(Received(raw, int))
        members = archive.infolist()
        for member in members:
            _harmless(name, member)
        twice = [n for n, times in Counter(m.filename for m in members).items() if times > 1]
        if twice:
            raise refuse(name, f"twice: {', '.join(sorted(twice))}", expected="each file once")
        room = Room(name, GROWTH_FREE + GROWTH * place.stat().st_size)
        sizes = {member.filename: member.file_size for member in members}
        yield _within(Opened(name, sizes, archive.open, room))


def _room(name: str, sizes: dict[str, int]) -> Room:
    return Room(name, GROWTH_FREE + sum(sizes.values()))


def _harmless(name: str, member: zipfile.ZipInfo) -> None:
    special = stat.S_IFMT(member.external_attr >> 16) not in (0, stat.S_IFREG)
    _plain(name, member.filename, is_special=special or bool(member.flag_bits & 1))


def _plain(name: str, file: str, *, is_special: bool) -> None:
    if is_special or not (file == CARD or re.fullmatch(r"\w+\.csv", file, re.A)):
        raise refuse(
            name,
            f"a member {file[:100]!r}, a path, a link or locked",
            expected="plain CSV files without folders",
        )


def _within(files: Opened) -> Opened:
    for file, size in files.sizes.items():
        if size > LARGEST:
            raise refuse(
                f"{files.name}, {file}",
                f"{size} bytes",
                expected=f"at most {LARGEST} bytes a file",
            )
    return files


def first_bytes(files: Opened, file: str) -> bytes:
    """The first 100,000 bytes of a file, which is all of a small one."""
    with damage(f"{files.name}, {file}"), files.open(file) as source:
        return Stream(source, name=file, room=files.room).read(FIRST)


@contextmanager
def unpacked(
    files: Opened,
    file: str,
    *,
    columns: list[str],
    may_lack: tuple[str, ...] = (),
    into: Path,
    advance: Callable[[int], None],
) -> Iterator[str]:
    """Unpack one CSV for as long as it is read; gives the SQL source of its rows, all text.

    Parameters
    ----------
    files : the open bundle
    file : name of the CSV
    columns : what its header must say, in any order
    may_lack : those of them that may be absent, and are then missing in every row
    into : folder for the file
    advance : told twice the bytes of the file: while unpacking, and when it has been read
    """
    path = into / file
    with damage(f"{files.name}, {file}"), files.open(file) as source, path.open("wb") as target:
        stream = Stream(source, name=file, size=files.sizes[file], room=files.room)
        while block := stream.read(1 << 20):
            target.write(block)
            advance(len(block))
    header = _header(f"{files.name}, {file}", path, columns, may_lack)
    lacking = "".join(f', null::varchar as "{name}"' for name in columns if name not in header)
    yield f"(select *{lacking} from {csv_rows(path, header)})"
    path.unlink()
    advance(files.sizes[file])


def header_of(first: bytes) -> list[str]:
    """Columns in the first line of a CSV, without the mark that some programs put before it."""
    try:
        return next(csv.reader([first.decode("utf-8-sig", "replace")]), [])
    except csv.Error:
        return []


def _header(where: str, path: Path, expected: list[str], may_lack: tuple[str, ...]) -> list[str]:
    with path.open("rb") as file:
        found = header_of(file.readline(FIRST))
    lost = [c for c in expected if c not in [*found, *may_lack]]
    new = [c for c in found if c not in expected]
    if lost or new or len(set(found)) < len(found):
        raise refuse(
            where,
            f"columns {', '.join(found) or 'none'}; unknown: {', '.join(new) or 'none'}; "
            f"lost: {', '.join(lost) or 'none'}",
            expected=f"columns {', '.join(expected)}",
            do="correct or download it again; if the publisher changed its format, the reader "
            "must be changed",
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
    """Refuse a bundle as a whole."""
    return SourceError(where, found=found, expected=expected, do=do)
