"""Deliveries come in, notices and registers are read: the store and the readers put together."""

import os
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.progress import shown
from analysis.refusal import SourceError
from analysis.sources import cards, notices, packages, register_readers, registers
from analysis.sources.csv_files import Bundle
from analysis.sources.packages import Found, Reject
from analysis.sources.recognise import recognise
from analysis.sources.registers import Given
from analysis.sources.workers import read_elsewhere
from analysis.store import Delivery, File, Lake, Part, Register, Registers, Store, lake, raw
from analysis.store.fingerprint import fingerprint

WORKERS = min(2, os.cpu_count() or 1)  # two readers and the feeder use two cores, in 600 MB
_ALONE = 4  # batches read in this process, before others are worth starting
_FILES, _BYTES = 128, 4_000_000  # a batch ends at the first of the two
P = TypeVar("P", Part, Register)


def add(store: Store, paths: Iterable[Path], *, kind: str | None = None) -> list[Delivery]:
    """Take in notices and registers, each path as one delivery; all of them or none.

    What a path is, its content decides: a KBO extract, canonical tables of enterprises, sizes or
    buyers (see `registers.recognise`); anything else is notices.

    Parameters
    ----------
    store : where they are kept and read into
    paths : files, zip, tar or tar.gz packages, and folders, in any order
    kind : real, sample or simulated; without it what was said before, else sample. A `card.yml`
        with `kind:` inside a delivery can only make it less real.

    Returns
    -------
    One Delivery for each path. Adding the same again changes nothing.

    Raises
    ------
    SourceError
        A path that holds nothing readable, or an archive that is damaged or a bomb; a register
        that is not as it should be, or does not go with those that the store has.
    """
    with store.writing() as staging:
        store.sweep(_readers(), _register_readers())
        (staging / "raw").mkdir()
        received = []
        for path in paths:
            _not_the_store(store, path)
            delivery, files = raw.receive(path, into=staging / "raw")
            received.append((replace(delivery, kind=kind or _kind_known(store, delivery)), files))
        held = _opened(store, received, staging, kept=store.deliveries)
        read = [part.delivery for part in held.parts]
        read += [part.delivery for part in held.registers.parts]
        said = {delivery.sha256: delivery for delivery in read}
        added = [said[delivery.sha256] for delivery, _ in received]
        store.commit(added, staging / "raw")
    return added


def open_lake(store: Store, paths: Iterable[Path] = ()) -> Lake:
    """Open what was read from `paths`, or without paths from every delivery of the store.

    What is not yet read, or was read by other readers than today's, is read now. `paths` are
    not kept in the store, but what was read from them is remembered. The lake has the notices;
    its field `registers` has the registers.
    """
    with store.writing() as staging:
        if paths := list(paths):
            received = [raw.receive(path) for path in paths]
            received = [(replace(d, kind=_kind_known(store, d)), files) for d, files in received]
        else:
            received = [(delivery, store.files(delivery)) for delivery in store.deliveries]
        return _opened(store, received, staging)


def _kind_known(store: Store, delivery: Delivery) -> str:
    """Kind that was said when the same bytes were added, else sample."""
    said = {entry.sha256: entry.kind for entry in store.deliveries}
    return said.get(delivery.sha256, "sample")


def _opened(
    store: Store,
    received: list[tuple[Delivery, list[File]]],
    staging: Path,
    *,
    kept: Iterable[Delivery] = (),
) -> Lake:
    """Read what is not yet read; registers are seen together with those that were kept before."""
    every = {delivery.sha256: (delivery, files) for delivery, files in received}
    before = {entry.sha256: (entry, store.files(entry)) for entry in kept}
    found = {}
    for key, (delivery, files) in (before | every).items():
        bundle = _bundle(delivery, files)
        if extract := recognise(bundle):
            found[key] = Given(delivery, bundle, extract, is_kept=key in before)
    read = registers.read(found, store.home / "lake", staging, _register_readers())
    parts = [_part(store, *one, staging) for key, one in every.items() if key not in found]
    return Lake(
        tuple(_put(store, part) for part in parts),
        Registers(tuple(_put(store, part) for part in read.parts)),
    )


def _put(store: Store, part: P) -> P:
    """Put a part that was read just now in its place; only when all have been read."""
    folder = store.home / "lake" / part.folder.name
    if folder != part.folder:
        folder.parent.mkdir(exist_ok=True)
        part.folder.replace(folder)
    return replace(part, folder=folder)


def _bundle(delivery: Delivery, files: list[File]) -> Bundle:
    place = {file.name: file.path for file in files if file.path}
    return Bundle(delivery.name, place if delivery.is_folder else place[delivery.name])


def _part(store: Store, delivery: Delivery, files: list[File], staging: Path) -> Part:
    folder = store.home / "lake" / f"{delivery.sha256[:16]}-{_readers()}"
    if not folder.exists():
        folder = staging / folder.name
        _read(delivery, files, folder)
    return Part(cards.as_real_as(delivery, folder), folder)


def _readers() -> str:
    return fingerprint(notices.__name__)


def _register_readers() -> str:
    return fingerprint(register_readers.__name__)


def _not_the_store(store: Store, path: Path) -> None:
    if store.home.resolve().is_relative_to(path.resolve()):
        raise SourceError(
            str(path),
            found=f"a folder that holds the store itself ({store.home.name})",
            expected="a folder that holds only what was received",
            do="name the folder with the notices",
        )


def _read(delivery: Delivery, files: list[File], folder: Path) -> None:
    """Read the notices of a delivery into the new part `folder`."""
    kinds: set[str] = set()
    with (
        shown(f"reading {delivery.name}", delivery.bytes) as advance,
        lake.writing(folder) as write,
    ):
        found = cards.without_cards(_found(delivery, files, advance), kinds)
        for rows in _tables(found, delivery.sha256[:16]):
            write(rows)
    (folder / "kind").write_text("\n".join(sorted(kinds)), encoding="utf-8")
    if not pq.read_metadata(folder / "notices.parquet").num_rows:
        raise _nothing_in(delivery, pq.read_table(folder / "rejects.parquet").to_pylist())


def _found(delivery: Delivery, files: list[File], advance: Callable) -> Iterator[Found | Reject]:
    for file in files:
        if file.path is None:
            yield Reject(file.name, file.sha256, file.sha256)
        elif delivery.is_folder:
            yield from packages.files_of_folder(file.path, file.name, advance=advance)
        else:
            yield from packages.files(file.path, file.name, advance=advance)


def _nothing_in(delivery: Delivery, rejects: list[dict]) -> SourceError:
    first = rejects[0] if rejects else {"found": "nothing", "to_do": "check the path"}
    more = f" (and {len(rejects) - 1} more files that are no notices)" * (len(rejects) > 1)
    return SourceError(
        delivery.name,
        found=first["found"] + more,
        expected="at least one notice in XML: TED schema R2.0.7 to R2.0.9, or eForms",
        do=first["to_do"],
    )


def _tables(found: Iterable[Found | Reject], short: str) -> Iterator[dict[str, pa.Table]]:
    """Read batch by batch; other processes help only where there is enough to read."""
    batches = _batches(found)
    for batch in islice(batches, _ALONE if WORKERS > 1 else None):
        yield notices.tables(batch, short)
    if rest := next(batches, None):
        yield from read_elsewhere(chain([rest], batches), short, processes=WORKERS)


def _batches(found: Iterable[Found | Reject]) -> Iterator[list[Found | Reject]]:
    batch: list[Found | Reject] = []
    size = 0
    for file in found:
        batch.append(file)
        size += len(file.data) if isinstance(file, Found) else 0
        if len(batch) == _FILES or size > _BYTES:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch
