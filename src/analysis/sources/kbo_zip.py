"""Which extract of KBO Open Data a bundle of CSV files is, and whether it is complete."""

import csv
import datetime as dt
import io
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import resources
from typing import NamedTuple

from analysis.sources import csv_files
from analysis.sources.csv_files import Bundle, Opened, refuse
from analysis.store.extracts import Extract
from analysis.yaml_text import read_yaml

CARD = read_yaml(resources.files(__package__).joinpath("kbo.yml").read_text("utf-8"))
COLUMNS = {file: columns.split() for file, columns in CARD["reads"].items()}
STEPS = {"full": ("",), "update": ("_delete", "_insert")}


class Zipped(NamedTuple):
    """An open bundle, and which extract it is."""

    extract: Extract
    files: Opened


@contextmanager
def opened(bundle: Bundle) -> Iterator[Zipped]:
    """Open an extract, full or update, with all its files.

    Raises
    ------
    SourceError
        A damaged or hostile zip, a missing or unknown file, or a meta.csv that does not tell
        which extract it is.
    """
    with csv_files.opened(bundle) as files:
        extract = _extract(files)
        _complete(files, extract.kind)
        yield Zipped(extract, files)


def extract_of(bundle: Bundle) -> Extract:
    """Tell which extract it is, without a look at anything but meta.csv; errors as `opened`."""
    with csv_files.opened(bundle) as files:
        return _extract(files)


def wanted(kind: str) -> list[str]:
    """Files that an extract of this kind must have, besides meta.csv."""
    return [f"{file}{step}.csv" for file in COLUMNS for step in STEPS[kind]]


def _extract(files: Opened) -> Extract:
    if "meta.csv" not in files.sizes:
        raise refuse(files.name, "no meta.csv", expected="an extract of KBO Open Data")
    where = f"{files.name}, meta.csv"
    text = csv_files.first_bytes(files, "meta.csv").decode("utf-8-sig", "replace")
    written = dict(row[:2] for row in csv.reader(io.StringIO(text)) if len(row) > 1)
    try:
        day = dt.datetime.strptime(written["SnapshotDate"], "%d-%m-%Y").date()
        found = Extract(written["ExtractType"].lower(), day, int(written["ExtractNumber"]))
    except (KeyError, ValueError) as fault:
        raise refuse(
            where,
            f"{type(fault).__name__}: {fault}",
            expected="SnapshotDate as 30-05-2025, ExtractNumber as 136, ExtractType",
        ) from fault
    if found.kind not in STEPS:
        raise refuse(where, f"ExtractType {found.kind}", expected="full or update")
    return found


def _complete(files: Opened, kind: str) -> None:
    found = set(files.sizes)
    passed = {
        f"{file}{step}.csv" for file in CARD["never_opened"].split() for step in ("", *STEPS[kind])
    }
    lost = sorted(set(wanted(kind)) - found)
    new = sorted(found - set(wanted(kind)) - passed - {"meta.csv", csv_files.CARD})
    if lost or new:
        raise refuse(
            files.name,
            "; ".join(
                f"{what}: {', '.join(names)}"
                for what, names in (("missing", lost), ("unknown", new))
                if names
            ),
            expected=f"a {kind} extract as published: meta.csv, {', '.join(sorted(wanted(kind)))}",
        )
