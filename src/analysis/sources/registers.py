"""The registers that were received, each read once, and each update after what it starts from."""

import hashlib
from pathlib import Path
from typing import NamedTuple

from analysis.sources import cards, register_readers
from analysis.sources.csv_files import Bundle
from analysis.sources.extract_order import Dated, followed, in_time
from analysis.sources.packages import Found
from analysis.store import Delivery, Extract, Register, Registers, raw
from analysis.store.extracts import SUPERSEDED, noted


class Given(NamedTuple):
    """A register delivery, where its bytes are, and what it is."""

    delivery: Delivery
    bundle: Bundle
    extract: Extract
    is_kept: bool  # by the store, before now


def read(given: dict[str, Given], lake: Path, staging: Path, readers: str) -> Registers:
    """Read what is not yet read; new parts are in `staging`, where they may be left.

    Parameters
    ----------
    given : every register delivery, by sha256
    lake : folder of what was read, in folders whose names end in `readers`
    staging : an empty place to read in
    readers : the fingerprint of the code that reads

    Raises
    ------
    SourceError
        A delivery is not as it should be, or does not go with the others.
    """
    starts = followed({key: _dated(g) for key, g in given.items() if g.extract.number is not None})
    read: dict[str, Register] = {}
    for key in [*starts, *(key for key in given if key not in starts)]:
        one, before = given[key], starts.get(key)
        if before == key:
            one, before = one._replace(extract=one.extract._replace(kind=SUPERSEDED)), None
        read[key] = _register(one, read[before] if before else None, lake, staging, readers)
    in_time(
        Dated(part.delivery.name, part.extract, given[key].is_kept)
        for key, part in read.items()
        if part.extract.kind == "companies"
    )
    chosen = Registers(tuple(read.values()))
    chosen.check()
    return chosen


def _dated(given: Given) -> Dated:
    return Dated(given.delivery.name, given.extract, given.is_kept)


def _register(
    one: Given, before: Register | None, lake: Path, staging: Path, readers: str
) -> Register:
    """Read one register into a folder that is named for all that decides what is in it."""
    from_what = f"{before.folder.name if before else one.extract.kind} {one.delivery.sha256}"
    folder = lake / f"{hashlib.sha256(from_what.encode()).hexdigest()[:16]}-{readers}"
    if not folder.exists():
        folder = staging / folder.name
        state = before.folder if before else None
        register_readers.read(one.extract, one.bundle, folder, before=state)
        card = register_readers.card(one.bundle)
        kinds = cards.declared(Found(f"{one.delivery.name}, card.yml", card)) if card else set()
        (folder / "kind").write_text("\n".join(sorted(kinds)), encoding="utf-8")
        for path in [*folder.iterdir(), folder]:
            raw.sync(path)
    return Register(cards.as_real_as(one.delivery, folder), folder, noted(folder))
