"""A path becomes a delivery, and a delivery its files: as a bundle, or one by one."""

from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.refusal import SourceError
from analysis.sources import packages
from analysis.sources.csv_files import Bundle
from analysis.sources.intake import MAPPINGS
from analysis.sources.packages import Found, Reject
from analysis.sources.recognise import mapping_of
from analysis.store import Delivery, File, raw


def receive(
    path: Path, columns: Path | None = None, *, into: Path | None = None
) -> tuple[Delivery, list[File]]:
    """Take in a path as `store.raw.receive` does; a mapping of its columns stays with the file.

    Parameters
    ----------
    path : of what was received
    columns : the mapping; without it one beside a file of the programmes
    into : folder for copies

    Raises
    ------
    SourceError
        The path is not as `store.raw.receive` expects, or a folder that should have the mapping.
    """
    if columns and path.is_dir():
        raise SourceError(
            "--columns",
            found=f"{path}, a folder",
            expected="workbooks and CSV files",
            do=f"put the mapping in the folder as {' or '.join(MAPPINGS)}",
        )
    mapping = columns or mapping_of(path)
    return raw.receive(path, into=into, beside={MAPPINGS[-1]: mapping} if mapping else None)


def bundle_of(delivery: Delivery, files: list[File]) -> Bundle:
    """The files of a delivery that can be read, by name; or its one file."""
    place = {file.name: file.path for file in files if file.path}
    return Bundle(delivery.name, place if delivery.is_folder else place[delivery.name])


def files_of(delivery: Delivery, files: list[File], advance: Callable) -> Iterator[Found | Reject]:
    """Every file of a delivery, also of packages in it; `advance` is told the bytes that passed."""
    for file in files:
        if file.path is None:
            yield Reject(file.name, file.sha256, file.sha256)
        elif delivery.is_folder:
            yield from packages.files_of_folder(file.path, file.name, advance=advance)
        else:
            yield from packages.files(file.path, file.name, advance=advance)


def no_notice(delivery: Delivery, rejects: list[dict]) -> SourceError:
    """Refuse a delivery in which nothing could be read, for what the first of its files is."""
    first = rejects[0] if rejects else {"found": "nothing", "to_do": "check the path"}
    is_other = len(rejects) == 1 and first["reason"] == "not-a-notice"
    more = f" (and {len(rejects) - 1} more files that are no notices)" * (len(rejects) > 1)
    return SourceError(
        delivery.name,
        found="neither a notice nor a table with known column names: " * is_other
        + first["found"]
        + more,
        expected="at least one notice in XML: TED schema R2.0.7 to R2.0.9, or eForms; or a table "
        "with the column names of a template of `pio templates`",
        do="if it is a table of a programme, save it as .xlsx or .csv and give it the column "
        "names of a template, or name its columns with --columns; else leave it out"
        if is_other
        else first["to_do"],
    )
