"""Invented extracts of KBO: one company with a shop, one baker who is a natural person."""

import hashlib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pyarrow.parquet as pq
import pytest

from analysis import ingest
from analysis.refusal import SourceError
from analysis.sources import kbo_zip, register_readers
from analysis.sources.csv_files import Bundle
from analysis.sources.recognise import recognise
from analysis.store import Store

HEADERS = {file: ",".join(columns) for file, columns in kbo_zip.COLUMNS.items()}
NV, SHOP, BAKER, BAKERY = "0400.000.001", "2.000.000.001", "0700.000.002", "2.000.000.002"
EMPTY = hashlib.sha256(b"").hexdigest()
FULL = {
    "enterprise": f"{NV},AC,000,2,014,,01-02-1999\n{BAKER},AC,000,1,,,03-04-2020\n",
    "establishment": f"{SHOP},01-01-2000,{NV}\n{BAKERY},03-04-2020,{BAKER}\n",
    "denomination": f"{NV},2,001,Acme\n{SHOP},2,003,De Winkel\n"
    f"{BAKER},0,001,Jan Peeters\n{BAKERY},1,003,Chez Jan\n",
    "address": f"{NV},REGO,,,9000,Gent,Gand,Straat,Rue,1,,,\n"
    f"{SHOP},BAET,,,8000,Brugge,Bruges,,,,,,\n"
    f"{BAKERY},BAET,,,1000,Brussel,Bruxelles,,,,,,\n",
    "activity": f"{NV},001,2025,62100,MAIN\n"
    f"{SHOP},001,2025,47400,MAIN\n{BAKER},001,2025,10711,MAIN\n",
}


def meta(day: str, number: int, kind: str) -> str:
    return (
        f"Variable,Value\nSnapshotDate,{day}\nExtractTimestamp,01-06-2025 07:07:49\n"
        f"ExtractType,{kind}\nExtractNumber,{number}\nVersion,1.0.0\n"
    )


def zipped(path: Path, members: dict[str, str]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in members.items():
            archive.writestr(name, text)
    return path


def full(tmp_path: Path, *, day: str = "30-05-2025", number: int = 136, **rows: str) -> Path:
    """A full extract of FULL, with other rows where they are given."""
    members = {f"{f}.csv": f"{h}\n{(FULL | rows).get(f, '')}" for f, h in HEADERS.items()}
    return zipped(tmp_path / "full.zip", {"meta.csv": meta(day, number, "full")} | members)


def update(tmp_path: Path, *, day: str = "30-06-2025", number: int = 137, **rows: str) -> Path:
    """An update with the rows given, as enterprise_delete=..., enterprise_insert=..."""
    members = {"meta.csv": meta(day, number, "update")}
    for file, header in HEADERS.items():
        deleted, inserted = f"{file}_delete", f"{file}_insert"
        members[f"{deleted}.csv"] = f"{header.split(',')[0]}\n{rows.get(deleted, '')}"
        members[f"{inserted}.csv"] = f"{header}\n{rows.get(inserted, '')}"
    return zipped(tmp_path / "update.zip", members)


def read(path: Path, folder: Path, *, before: Path | None = None) -> Path:
    """Read an extract, or an update of the extract in `before`, into the new `folder`."""
    bundle = Bundle(path.name, path)
    extract = recognise(bundle)
    assert extract is not None
    register_readers.read(extract, bundle, folder, before=before)
    return folder


def refused_by(home: Path, *paths: Path) -> SourceError:
    """What is said of `paths` when they are added to the store; it must stay as it was."""
    before = bytes_of(home)
    refused = refusal(lambda: ingest.add(Store(home), paths))
    assert bytes_of(home) == before | {"lock": before.get("lock", EMPTY)}
    return refused


def rows(folder: Path, name: str) -> list[tuple]:
    return [tuple(row.values()) for row in pq.read_table(folder / f"{name}.parquet").to_pylist()]


def bytes_of(folder: Path) -> dict[str, str]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(p.relative_to(folder)): hashlib.sha256(p.read_bytes()).hexdigest() for p in files}


def refusal(action: Callable[[], object]) -> SourceError:
    with pytest.raises(SourceError) as refused:
        action()
    return refused.value
