"""Files as they were received, under the sha256 of their bytes, and the list of deliveries."""

import datetime as dt
import hashlib
import json
import os
import shutil
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import NamedTuple

from analysis.refusal import SourceError

try:
    import fcntl
except ImportError:  # Windows: no lock, so one command at a time
    fcntl = None  # type: ignore[assignment]

HOME = Path(__file__).resolve().parents[3] / ".pio"
KINDS = ("simulated", "sample", "real")  # the less real word wins where two meet
_CHUNK = 1 << 20


class File(NamedTuple):
    """One received file and where its bytes are; without them, `sha256` says why."""

    name: str
    sha256: str
    bytes: int
    path: Path | None = None


@dataclass(frozen=True)
class Delivery:
    """One file, package or folder as it was received."""

    name: str
    sha256: str
    kind: str
    received: str
    files: int
    bytes: int
    is_folder: bool
    added: int = 0  # place in the order of adding; where two say different things, the later holds


@dataclass(frozen=True)
class Part:
    """The tables that were read from one delivery, in one folder."""

    delivery: Delivery
    folder: Path


@dataclass(frozen=True)
class Store:
    """The folder `home`: `raw/` (what was received), `lake/` (what was read), `manifest.json`.

    Only the manifest says what belongs to the store. It is replaced in one step, last, so a
    run that stops anywhere leaves the store as it was; the next `writing` sweeps the rest.
    """

    home: Path = HOME

    @property
    def deliveries(self) -> list[Delivery]:
        """Every delivery of the manifest, by name and sha256."""
        manifest = self.home / "manifest.json"
        listed = json.loads(manifest.read_text("utf-8")) if manifest.exists() else []
        return [Delivery(**entry) for entry in listed]

    def files(self, delivery: Delivery) -> list[File]:
        """The received files of a delivery of the manifest."""
        kept = self.home / "raw" / delivery.sha256
        if not delivery.is_folder:
            return [File(delivery.name, delivery.sha256, delivery.bytes, kept)]
        listed = [File(*entry) for entry in json.loads(kept.read_text("utf-8"))]
        return [_kept(file, self.home / "raw") for file in listed]

    @contextmanager
    def writing(self) -> Iterator[Path]:
        """An empty folder to write in, while no other process writes; gone afterwards."""
        self.home.mkdir(parents=True, exist_ok=True)
        staging = self.home / "staging"
        with (self.home / "lock").open("a") as lock:
            if fcntl:
                fcntl.flock(lock, fcntl.LOCK_EX)
            shutil.rmtree(staging, ignore_errors=True)
            staging.mkdir()
            try:
                yield staging
            finally:
                shutil.rmtree(staging, ignore_errors=True)

    def commit(self, deliveries: list[Delivery], received: Path) -> None:
        """Add deliveries whose files lie in the folder `received`, or leave all as it was."""
        known = {entry.sha256: entry for entry in self.deliveries}
        entries = dict(known)
        for new in deliveries:
            entries[new.sha256] = replace(known.get(new.sha256, new), kind=new.kind)
        if entries == known:
            return
        raw = self.home / "raw"
        raw.mkdir(exist_ok=True)
        for file in sorted(received.iterdir()):
            file.replace(raw / file.name)
        sync(raw)
        self._list(list(entries.values()), received.parent / "manifest.json")

    def _list(self, entries: list[Delivery], new: Path) -> None:
        ordered = sorted(entries, key=lambda entry: (entry.name, entry.sha256))
        text = json.dumps([asdict(entry) for entry in ordered], indent=1, sort_keys=True)
        new.write_text(text + "\n", encoding="utf-8")
        sync(new)
        new.replace(self.home / "manifest.json")
        sync(self.home)

    def sweep(self, *readers: str) -> None:
        """Remove received files that no delivery names, and what other readers have read."""
        named = {entry.sha256 for entry in self.deliveries}
        named |= {file.sha256 for entry in self.deliveries for file in self.files(entry)}
        for kept in (self.home / "raw").glob("*"):
            if kept.name not in named:
                kept.unlink()
        for part in (self.home / "lake").glob("*"):
            if not part.name.endswith(readers):
                shutil.rmtree(part)


def receive(
    path: Path,
    *,
    kind: str = "sample",
    into: Path | None = None,
    beside: Mapping[str, Path] | None = None,
) -> tuple[Delivery, list[File]]:
    """Take in a file, a package or a folder; with `into`, copy every file there first.

    Parameters
    ----------
    path : of what was received
    kind : real, sample or simulated
    into : folder for copies
    beside : more files by name, without which a file cannot be read; the delivery is then kept as
        a folder of that file and these

    Raises
    ------
    SourceError
        The path does not exist, is no file and no folder, or is a folder without files.
    """
    path = path.resolve()
    if path.is_dir():
        return _together(path, _inside(path), kind=kind, into=into)
    if not path.is_file():
        raise _refused(path, "no file or folder" if path.exists() else "nothing there")
    if beside:
        named = sorted([(path.name, path), *beside.items()])
        return _together(path, named, kind=kind, into=into)
    file = _taken(path, path.name, into)
    if file.path is None:
        raise _refused(path, f"a file that is {file.sha256}")
    return _delivery(path, file.sha256, [file], kind=kind, is_folder=False), [file]


def _together(
    path: Path, named: list[tuple[str, Path]], *, kind: str, into: Path | None
) -> tuple[Delivery, list[File]]:
    files = [_taken(found, name, into) for name, found in named]
    if not files:
        raise _refused(path, "an empty folder")
    listing = json.dumps([file[:3] for file in files], indent=0).encode()
    sha256 = hashlib.sha256(listing).hexdigest()
    if into:
        (into / sha256).write_bytes(listing)
        sync(into / sha256)
    return _delivery(path, sha256, files, kind=kind, is_folder=True), files


def _inside(folder: Path) -> list[tuple[str, Path]]:
    """Name inside the folder and path of all that is no folder; links are not followed."""
    found = [
        Path(where, name)
        for where, folders, names in os.walk(folder)
        for name in (*names, *(f for f in folders if Path(where, f).is_symlink()))
    ]
    return sorted((path.relative_to(folder).as_posix(), path) for path in found)


def _taken(path: Path, name: str, into: Path | None) -> File:
    """Hash a file and, with `into`, copy it there under its sha256, in one reading."""
    if path.is_symlink() or not path.is_file():
        return File(name, "link", 0)
    digest, size = hashlib.sha256(), 0
    try:
        with (
            path.open("rb") as source,
            (into / "copy" if into else Path(os.devnull)).open("wb") as copy,
        ):
            while chunk := source.read(_CHUNK):
                digest.update(chunk)
                copy.write(chunk)
                size += len(chunk)
    except PermissionError:
        return File(name, "not-readable", 0)
    if into:
        sync(into / "copy")
        path = (into / "copy").replace(into / digest.hexdigest())
    return File(name, digest.hexdigest(), size, path)


def _delivery(
    path: Path, sha256: str, files: list[File], *, kind: str, is_folder: bool
) -> Delivery:
    return Delivery(
        name=path.name,
        sha256=sha256,
        kind=kind,
        received=dt.date.today().isoformat(),
        files=len(files),
        bytes=sum(file.bytes for file in files),
        is_folder=is_folder,
    )


def _kept(file: File, raw: Path) -> File:
    return file._replace(path=raw / file.sha256) if len(file.sha256) == 64 else file


def sync(path: Path) -> None:
    """Make a file, or the names in a folder, survive a power cut where the system can do so."""
    with suppress(OSError):
        place = os.open(path, os.O_RDONLY)
        try:
            os.fsync(place)
        finally:
            os.close(place)


def _refused(path: Path, found: str) -> SourceError:
    return SourceError(
        str(path),
        found=found,
        expected="a file, a folder or a zip, tar or tar.gz package: notices, a register, or tables "
        "as the templates of `pio templates`",
        do="check the path, or download the package again",
    )
