"""The yearly report, from what was received to a folder that is put in place whole."""

import importlib.resources
import tempfile
from pathlib import Path
from typing import NamedTuple

from analysis import results, simulate, workbook
from analysis.ingest import open_lake
from analysis.present.language import LANGUAGES
from analysis.refusal import ReportError
from analysis.report import folder, plan
from analysis.report.spreadsheet import write_csv
from analysis.store import HOME, Lake, Store
from analysis.store.fingerprint import fingerprint


class Built(NamedTuple):
    """Where the report is, and whether it was built just now or stood there already."""

    folder: Path
    is_new: bool


def build(
    *, year: int | None, languages: list[str], data: list[Path], out: Path | None, home: Path = HOME
) -> Built:
    """Build the report of a year, unless the very same one stands there already.

    Parameters
    ----------
    year : last year evaluated; the newest with award notices if None
    languages : of LANGUAGES
    data : notices to use; else what was added to the store, else the invented notices
    out : folder of the report; reports/<year> if None
    home : the store

    Raises
    ------
    Refusal
        If the languages, the data, the year or the folder are not as expected. An earlier report
        is then left as it was.
    """
    _check(languages)
    lake = _lake(Store(home), data)
    year = workbook.reporting_year(lake, year)
    target = out or plan.ROOT / "reports" / str(year)
    key = folder.fingerprint(_sources(), year=year, languages=languages, inputs=lake.inputs)
    if folder.is_current(target, key):
        return Built(target, is_new=False)
    from analysis.report.pages import write_pages  # seconds of imports, for new pages only

    with folder.replaced(target, key) as stage:
        _write_data(lake, year, stage)
        write_pages(year, languages, stage=stage, cache=home / "chapters")
    return Built(target, is_new=True)


def _check(languages: list[str]) -> None:
    if not languages or set(languages) - set(LANGUAGES):
        raise ReportError(
            "--language",
            found=",".join(languages) or "nothing",
            expected=f"one or more of {', '.join(LANGUAGES)}, separated by commas",
            do="correct the option",
        )


def _lake(store: Store, data: list[Path]) -> Lake:
    if data or store.deliveries:
        return open_lake(store, data)
    invented = store.home / "invented" / fingerprint("analysis.simulate")
    if not invented.is_dir():
        with tempfile.TemporaryDirectory(dir=_made(invented.parent)) as new:
            simulate.write(Path(new) / "new")
            (Path(new) / "new").replace(invented)
    return open_lake(store, [invented / "notices.tar"])


def _made(path: Path) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    return path


def _sources() -> list[Path]:
    """Everything of ours that a report depends on, besides the notices."""
    package = Path(str(importlib.resources.files("analysis")))
    ours = [path for kind in ("py", "yml") for path in package.rglob(f"*.{kind}")]
    kept = [path for path in (plan.ROOT / "data" / "raw").rglob("*") if path.is_file()]
    template = [path for path in (plan.ROOT / "reports" / "template").rglob("*") if path.is_file()]
    return [
        *ours,
        *kept,
        *template,
        *plan.read().notebooks,
        plan.PLAN,
        plan.ROOT / "requirements.lock",
    ]


def _write_data(lake: Lake, year: int, stage: Path) -> None:
    results.write(workbook.ledger(lake, year), stage / "results.csv")
    for name in ("rejects", "signals"):
        write_csv(stage / f"{name}.csv", workbook.listed(lake, name))
