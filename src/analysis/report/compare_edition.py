"""The published editions, and what changed since the last of them."""

from pathlib import Path
from typing import Any

from analysis.report import plan
from analysis.report.compare import LEDGER, between
from analysis.report.compare_said import write
from analysis.report.folder import RECORD
from analysis.report.verify_bundle import Run, record
from analysis.report.verify_numbers import read

PUBLISHED = plan.ROOT / "reports" / "published"
FILES = (LEDGER, RECORD)  # what is kept of an edition


def editions(published: Path = PUBLISHED) -> list[Path]:
    """The folders of the published editions, by year."""
    return sorted(path.parent for path in published.glob(f"[0-9]*/{RECORD}"))


def files(published: Path = PUBLISHED) -> list[Path]:
    """What is kept of all editions: a report that tells what changed depends on it."""
    return [folder / name for folder in editions(published) for name in FILES]


def last(year: int, published: Path = PUBLISHED) -> Path | None:
    """The newest published edition of an earlier year.

    Of an earlier year only: the report of a year stays the same when it has been published.
    """
    earlier = [folder for folder in editions(published) if int(folder.name) < year]
    return earlier[-1] if earlier else None


def write_changes(stage: Path, told: dict[str, Any], published: Path = PUBLISHED) -> None:
    """Write `changes-since-<year>.csv` beside the ledger in `stage`, if an edition was published.

    Parameters
    ----------
    stage : folder with the ledger of the report that is being made
    told : how it is made, as of `crate.run`
    published : folder of the published editions

    Raises
    ------
    ReportError
        The last edition cannot be read.
    """
    new = Run.model_validate(told | {"stages": {}})
    old = last(new.parameters.year, published)
    if old is None:
        return
    changes = between(read(old / LEDGER), read(stage / LEDGER), record(old).run, new)
    write(changes, stage / f"changes-since-{old.name}.csv")
