"""Extracts of KBO Open Data as canonical tables: full ones, and updates on top of them.

Each becomes a folder with a Parquet file for every table of COMPANY_TABLES, sorted by its key,
that tells the whole state of the register on its day. Of a natural person only number and start
date are kept.
"""

from pathlib import Path

from analysis.sources import kbo_tables, kbo_zip
from analysis.sources.csv_files import Bundle, refuse


def read(bundle: Bundle, folder: Path, *, work: Path) -> None:
    """Read a full extract into the empty `folder`, with room for what is unpacked in `work`.

    Raises
    ------
    SourceError
        The zip, a file, a column or a cell is not as sources/kbo.yml says. What `folder` then
        holds is of no use.
    """
    with kbo_zip.opened(bundle) as zipped:
        if zipped.extract.kind != "full":
            raise refuse(bundle.name, "an update", expected="a full extract")
        kbo_tables.write(zipped, folder, work=work)


def update(before: Path, bundle: Bundle, folder: Path, *, work: Path) -> None:
    """Apply an update to the state in `before`: deletes first, then inserts.

    Parameters
    ----------
    before : tables of the extract that precedes it in the series
    bundle : the update
    folder : empty, for the tables after the update
    work : folder for what is unpacked

    Raises
    ------
    SourceError
        As `read`.
    """
    with kbo_zip.opened(bundle) as zipped:
        if zipped.extract.kind != "update":
            raise refuse(bundle.name, "a full extract", expected="an update")
        kbo_tables.write(zipped, folder, work=work, before=before)
