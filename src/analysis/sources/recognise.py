"""Registers among what was received are recognised by what is in them, not by their names."""

import zipfile
from pathlib import Path, PurePosixPath

from analysis.refusal import SourceError
from analysis.sources import canonical, csv_files, kbo_zip
from analysis.sources.csv_files import Bundle, header_of
from analysis.sources.streams import Received, damage
from analysis.store.extracts import Extract

_OF_KBO = {"meta.csv", *kbo_zip.wanted("full"), *kbo_zip.wanted("update")}


def recognise(bundle: Bundle) -> Extract | None:
    """Tell which register a received file or folder is, by what is in it; None if it is none.

    - a zip or folder with at least two of KBO's CSV files: an extract of KBO Open Data
    - the same with at least two of the files named by canonical table: tables of enterprises
    - a CSV whose first line has at least three columns of SIZES or of BUYERS

    Raises
    ------
    SourceError
        An extract of KBO that does not tell which one it is.
    """
    if isinstance(bundle.place, Path):
        with bundle.place.open("rb") as file:
            first = file.readline(csv_files.FIRST)
        if not first.startswith(b"PK\3\4"):
            return _plain(first)
    names = {PurePosixPath(name).name for name in _names(bundle)}
    if len(names & _OF_KBO) > 1:
        return kbo_zip.extract_of(bundle)
    return Extract("companies") if len(names & set(canonical.FILES)) > 1 else None


def _names(bundle: Bundle) -> list[str]:
    if isinstance(bundle.place, dict):
        return list(bundle.place)
    try:
        with bundle.place.open("rb", buffering=0) as raw, damage(bundle.name):
            archive = zipfile.ZipFile(Received(raw, int))
    except SourceError:
        return []  # the readers of packages say what is wrong with it
    return archive.namelist()


def _plain(first: bytes) -> Extract | None:
    header = set(header_of(first))
    shared = {name: len(header & set(t.columns)) for name, t in canonical.PLAIN.items()}
    best = max(shared, key=shared.__getitem__)
    return Extract(best) if shared[best] > 2 else None
