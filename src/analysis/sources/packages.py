"""The files inside a received file, however it is packed; nothing is unpacked to disk.

Packages come from strangers. What a file is, its first bytes decide, not its name. A member that
cannot be used (a link, a path that leads out, too large, locked, packed too deep) becomes a
Reject. An archive is used whole or not at all: one that is damaged, or that grows out of all
proportion, raises SourceError.
"""

import gzip
import io
import re
import stat
import tarfile
import zipfile
from collections import deque
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import NamedTuple

from analysis.refusal import SourceError
from analysis.sources.streams import (
    AT_ONCE,
    BLOCK,
    GROWTH,
    GROWTH_FREE,
    Received,
    Room,
    Stream,
    damage,
    refused,
)

LARGEST = 20_000_000  # bytes of one notice; the largest known has 3 million
_LONGEST_NAME = 300
DEEPEST = 6  # wrappings around a notice; a month of tar.gz in a tar.gz has four

TO_DO = {
    "empty": "download the file again",
    "too-large": "look at the file; if it is a true notice, report it so that the limit can rise",
    "outside": "ask the sender who made the archive; do not unpack it by hand",
    "link": "send the file itself instead of a link to it",
    "locked": "unpack it with its password or program, and add the result",
    "too-deep": "unpack the outer archives, and add the result",
    "damaged-archive": "download or make the archive again",
    "not-readable": "give yourself the right to read the file",
    "declares-entities": "take the file from the publisher again; real notices declare no DOCTYPE",
    "not-well-formed": "download the file again, or ask the publisher to correct it",
    "not-a-notice": "nothing, if the file belongs to something else",
    "incomplete": "ask the publisher for the notice again",
    "reader-failure": "report it with the file, so that the reader can be corrected",
}


class Found(NamedTuple):
    """The name and the bytes of one file."""

    name: str
    data: bytes


class Reject(NamedTuple):
    """A file that cannot be used: its name, a code of TO_DO, what was found, what to do."""

    name: str
    reason: str
    found: str
    to_do: str = ""


def files(path: Path, name: str, *, inside: str = "", advance: Callable = int) -> Iterator:
    """Yield a Found or a Reject for every file in the file at `path`, in the order of the bytes.

    Parameters
    ----------
    path : the received file
    name : its name when it is a file of its own
    inside : put before the names of the files that it packs
    advance : told the number of bytes read, for a progress bar

    Raises
    ------
    SourceError
        The archive is damaged or cut off, or it is a compression bomb.
    """
    with path.open("rb", buffering=0) as raw:
        received = Received(raw, advance)
        stream = Stream(received, name=name)
        room = Room(name, GROWTH_FREE + GROWTH * path.stat().st_size)
        yield from _open(stream, inside, depth=0, room=room)


def files_of_folder(path: Path, name: str, *, advance: Callable = int) -> Iterator:
    """Yield the same for one file of a folder; a bad archive is one Reject and stops nothing.

    So the archive is gone through once before: of a damaged one nothing must be used.
    """
    with path.open("rb") as file:
        is_packed = _unpacker(file.read(BLOCK)) is not None
    try:
        if is_packed:
            deque(files(path, name, inside=name), maxlen=0)
    except SourceError as fault:
        yield Reject(name, "damaged-archive", fault.found)
    else:
        yield from files(path, name, inside=name, advance=advance)


def _open(stream: Stream, name: str, *, depth: int, room: Room) -> Iterator:
    """What a stream holds: a zip, something gzipped, a tar, or else one file."""
    head = stream.head()
    unpack = _unpacker(head)
    if unpack is None:
        yield _one_file(stream, name or stream.name)
    elif depth == DEEPEST:
        yield Reject(name, "too-deep", f"{DEEPEST} archives, one inside the other")
    else:
        yield from unpack(stream, name, depth=depth + 1, room=room)


def _unpacker(head: bytes) -> Callable | None:
    if head.startswith((b"PK\3\4", b"PK\5\6")):
        return _zip
    if head.startswith(b"\x1f\x8b"):
        return _gzip
    if not head[148:156].strip(b" \0").isdigit():  # where a tar has its checksum
        return None
    try:
        tarfile.TarInfo.frombuf(head, "utf-8", "surrogateescape")
    except tarfile.HeaderError:
        return None
    return _tar


def _one_file(stream: Stream, name: str) -> Found | Reject:
    data = stream.read(LARGEST + 1)
    if len(data) > LARGEST:
        return Reject(name, "too-large", f"more than {LARGEST} bytes")
    return Found(name, data) if data else Reject(name, "empty", "no bytes")


def _gzip(stream: Stream, name: str, *, depth: int, room: Room) -> Iterator:
    # GzipFile alone asks for 8 KB at a time.
    source = io.BufferedReader(gzip.GzipFile(fileobj=stream), 1 << 17)  # type: ignore[arg-type, type-var]
    unpacked = Stream(source, name=stream.name, room=room)
    yield from _open(unpacked, name, depth=depth, room=room)


def _tar(stream: Stream, name: str, *, depth: int, room: Room) -> Iterator:
    with damage(stream.name):
        archive = tarfile.TarFile(fileobj=stream)  # type: ignore[arg-type]
    while (member := _next(archive, stream)) is not None:
        full = _joined(name, member.name)
        if problem := _problem(member.name, is_file=member.isreg() and not member.issparse()):
            if not member.isdir():
                yield Reject(full, *problem)
        else:
            inner = Stream(stream, name=full, size=member.size)
            yield from _open(inner, full, depth=depth, room=room)


def _next(archive: tarfile.TarFile, stream: Stream) -> tarfile.TarInfo | None:
    with damage(stream.name):
        member = archive.next()
    archive.members.clear()  # type: ignore[attr-defined]  # else it would remember every member of the package
    if member is None:
        # tarfile ends in silence at a header that it cannot read; only zeros are a true end
        if stream.last != bytes(BLOCK):
            raise refused(stream.name, "an archive that ends too soon")
        while rest := stream.read(1 << 16):
            if rest.strip(b"\0"):
                raise refused(stream.name, "an archive with something behind its end")
    return member


def _zip(stream: Stream, name: str, *, depth: int, room: Room) -> Iterator:
    source = stream.source
    if not isinstance(source, Received):
        data = stream.read(AT_ONCE + 1)
        if len(data) > AT_ONCE:
            yield Reject(name, "too-large", f"a zip of more than {AT_ONCE} bytes in a package")
            return
        source = io.BytesIO(data)
    with damage(stream.name):
        archive = zipfile.ZipFile(source)
    for member in archive.infolist():
        yield from _zipped(archive, member, name, depth=depth, room=room)


def _zipped(
    archive: zipfile.ZipFile, member: zipfile.ZipInfo, name: str, *, depth: int, room: Room
) -> Iterator:
    full = _joined(name, member.filename)
    kind = stat.S_IFMT(member.external_attr >> 16)
    if problem := _problem(member.filename, is_file=kind in (0, stat.S_IFREG, stat.S_IFDIR)):
        yield Reject(full, *problem)
    elif not member.is_dir():
        try:
            with damage(full, but=RuntimeError):
                source = archive.open(member)
        except RuntimeError as fault:
            yield Reject(full, "locked", str(fault))
        else:
            inner = Stream(source, name=full, size=member.file_size, room=room)
            yield from _open(inner, full, depth=depth, room=room)


def _problem(name: str, *, is_file: bool) -> tuple[str, str] | None:
    parts = re.split(r"[/\\]", name)
    if not parts[0] or ".." in parts or re.match("[A-Za-z]:", name):
        return "outside", "a path that leads out of the archive"
    return None if is_file else ("link", "a link, a device or another special file")


def _joined(outer: str, inner: str) -> str:
    """A name that can be stored and shown: no half characters, no control characters."""
    shown = inner[-_LONGEST_NAME:]
    if not shown.isprintable():
        shown = "".join(letter if letter.isprintable() else "?" for letter in shown)
    return f"{outer}/{shown}" if outer else shown
