"""Deliveries come in and are read, whatever they hold: the store and the readers put together."""

import os
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import chain, islice
from pathlib import Path
from typing import TypeVar

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.progress import shown
from analysis.refusal import SourceError
from analysis.sources import cards, notices, programme, register_readers, registers
from analysis.sources.packages import Found, Reject
from analysis.sources.programme import Sent
from analysis.sources.received import bundle_of, files_of, no_notice, receive
from analysis.sources.recognise import out_of_place, recognise
from analysis.sources.registers import Given
from analysis.sources.workers import read_elsewhere
from analysis.store import (
    Delivery,
    File,
    Lake,
    Part,
    Programme,
    Register,
    Registers,
    Store,
    lake,
)
from analysis.store.extracts import PROGRAMME
from analysis.store.fingerprint import fingerprint

WORKERS = min(2, os.cpu_count() or 1)  # two readers and the feeder use two cores, in 600 MB
_ALONE = 4  # batches read in this process, before others are worth starting
_FILES, _BYTES = 128, 4_000_000  # a batch ends at the first of the two
P = TypeVar("P", Part, Register)


def add(
    store: Store,
    paths: Iterable[Path],
    *,
    kind: str | None = None,
    columns: Path | None = None,
    language: str = "nl",
) -> list[Delivery]:
    """Take in whatever the programmes and publishers deliver, each path as one delivery; or none.

    What a path is, its content decides: a KBO extract, canonical tables of enterprises, sizes or
    buyers, workbooks and CSV files of the programmes (see `recognise`); anything else is notices.

    Parameters
    ----------
    store : where they are kept and read into
    paths : files, zip, tar or tar.gz packages, and folders; where two of the programmes give a row
        with the same key, the later holds
    kind : real, sample or simulated; without it what was said before, else sample. A `card.yml`
        with `kind:` inside a delivery can only make it less real.
    columns : mapping of the columns of an export, for files of the programmes only (see
        `sources.intake.read`); it is kept with them
    language : nl or en, of what is wrong with a file of the programmes

    Returns
    -------
    One Delivery for each path. Adding the same again changes nothing.

    Raises
    ------
    SourceError
        A path that holds nothing readable, or an archive that is damaged or a bomb; a register or
        a file of the programmes that is not as it should be, or does not go with what the store
        has.
    """
    with store.writing() as staging:
        store.sweep(_readers(), _register_readers(), _programme_readers())
        (staging / "raw").mkdir()
        known = {entry.sha256: entry.added for entry in store.deliveries}
        received = []
        for path in paths:
            _not_the_store(store, path)
            delivery, files = receive(path, columns, into=staging / "raw")
            place = known.setdefault(delivery.sha256, 1 + max(known.values(), default=0))
            entry = replace(delivery, kind=kind or _kind_known(store, delivery), added=place)
            received.append((entry, files))
        held = _opened(store, received, staging, kept=store.deliveries, language=language)
        read = [part.delivery for part in (*held.parts, *held.programme.parts)]
        read += [part.delivery for part in held.registers.parts]
        said = {delivery.sha256: delivery for delivery in read}
        added = [said[delivery.sha256] for delivery, _ in received]
        store.commit(added, staging / "raw")
    return added


def open_lake(store: Store, paths: Iterable[Path] = ()) -> Lake:
    """Open what was read from `paths`, or without paths from every delivery of the store.

    What is not yet read, or was read by other readers than today's, is read now. `paths` are
    not kept in the store, but what was read from them is remembered. The lake has the notices;
    its fields `registers` and `programme` have the registers and what the programmes delivered.
    """
    with store.writing() as staging:
        if paths := list(paths):
            received = [receive(path) for path in paths]
            received = [
                (replace(entry, kind=_kind_known(store, entry), added=place), files)
                for place, (entry, files) in enumerate(received)
            ]
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
    language: str = "nl",
) -> Lake:
    """Read what is not yet read; all but notices is seen together with what was kept before."""
    every = {delivery.sha256: (delivery, files) for delivery, files in received}
    before = {entry.sha256: (entry, store.files(entry)) for entry in kept}
    found, sent = {}, {}
    for key, (delivery, files) in (before | every).items():
        bundle = bundle_of(delivery, files)
        extract = recognise(bundle)
        if extract and extract.kind == PROGRAMME:
            sent[key] = Sent(delivery, files)
        elif extract:
            found[key] = Given(delivery, bundle, extract, is_kept=key in before)
        elif name := out_of_place(bundle):
            raise _mixed(delivery, name)
    place = store.home / "lake"
    forms = programme.read(sent.values(), place, staging, _programme_readers(), language)
    read = registers.read(found, place, staging, _register_readers())
    if forms.parts:
        replace(read, programme=forms).check()
    others = [one for key, one in every.items() if key not in found | sent]
    parts = [_part(store, *one, staging) for one in others]
    delivered = Programme(tuple(_put(store, part) for part in forms.parts))
    return Lake(
        tuple(_put(store, part) for part in parts),
        Registers(tuple(_put(store, part) for part in read.parts), delivered),
        delivered,
    )


def _mixed(delivery: Delivery, name: str) -> SourceError:
    return SourceError(
        f"{delivery.name}/{name}",
        found="a register or a file of the programmes in a folder of notices",
        expected="a folder of notices alone, or every delivery named by itself",
        do=f"name the files instead of the folder, as in {delivery.name}/*; nothing was read",
    )


def _put(store: Store, part: P) -> P:
    """Put a part that was read just now in its place; only when all have been read."""
    folder = store.home / "lake" / part.folder.name
    if folder != part.folder:
        folder.parent.mkdir(exist_ok=True)
        part.folder.replace(folder)
    return replace(part, folder=folder)


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


def _programme_readers() -> str:
    return fingerprint(programme.__name__)


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
        found = cards.without_cards(files_of(delivery, files, advance), kinds)
        for rows in _tables(found, delivery.sha256[:16]):
            write(rows)
    (folder / "kind").write_text("\n".join(sorted(kinds)), encoding="utf-8")
    if not pq.read_metadata(folder / "notices.parquet").num_rows:
        raise no_notice(delivery, pq.read_table(folder / "rejects.parquet").to_pylist())


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
