"""Read one register delivery, of whatever kind, into a folder of canonical tables."""

import shutil
import zipfile
from pathlib import Path

from analysis.sources import canonical, csv_files, kbo
from analysis.sources.csv_files import Bundle
from analysis.store.extracts import Extract, note


def read(extract: Extract, bundle: Bundle, folder: Path, *, before: Path | None = None) -> None:
    """Read a register delivery into the new `folder`.

    Parameters
    ----------
    extract : what `recognise` said
    bundle : the delivery
    folder : for a Parquet file a table, and `extract.json`
    before : of an update, the folder of the extract that it starts from

    Raises
    ------
    SourceError
        What is wrong with it, in one message. What is in `folder` is then of no use.
    """
    work = folder / "work"
    work.mkdir(parents=True)
    if extract.kind == "full":
        kbo.read(bundle, folder, work=work)
    elif extract.kind == "update" and before:
        kbo.update(before, bundle, folder, work=work)
    elif extract.kind == "companies":
        extract = canonical.read_companies(bundle, folder, work=work)
    elif isinstance(bundle.place, Path) and extract.kind in canonical.PLAIN:
        table = canonical.PLAIN[extract.kind]
        canonical.read_plain(table, bundle.place, bundle.name, folder)
    shutil.rmtree(work)
    note(extract, folder)


def card(bundle: Bundle) -> bytes | None:
    """The source card that came with the CSV files, if any."""
    if isinstance(bundle.place, Path) and not zipfile.is_zipfile(bundle.place):
        return None
    with csv_files.opened(bundle) as files:
        has_card = csv_files.CARD in files.sizes
        return csv_files.first_bytes(files, csv_files.CARD) if has_card else None
