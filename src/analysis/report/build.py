"""The yearly report, from what was received to a folder that is put in place whole."""

import importlib.resources
import tempfile
from pathlib import Path
from typing import NamedTuple

import pandas as pd

from analysis import results, simulate, workbook
from analysis.indicators.effects_plan import Plan
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
    found = _found(Store(home), data, year)
    target = (out or plan.ROOT / "reports" / str(found.year)).absolute()  # chapters run elsewhere
    key = found.key(languages)
    if folder.is_current(target, key):
        return Built(target, is_new=False)
    make(found, languages, target, cache=home / "chapters")
    return Built(target, is_new=True)


def make(found: "Found", languages: list[str], target: Path, *, cache: Path) -> None:
    """Make the report in the folder `target`, with a record of the run; `cache` is of chapters."""
    from analysis.report import crate, kernels, pages, run  # seconds of imports, for new pages only
    from analysis.report.crate_stages import watched

    told = crate.run(
        found.lake,
        year=found.year,
        languages=languages,
        decisions=found.decisions,
        sources=_sources(),
    )
    warm = kernels.warm(run.JOBS, plan.ROOT / "notebooks")
    with folder.replaced(target, found.key(languages), told) as stage, warm:
        with watched() as noted:
            _write_data(found, stage)
        pages.write_pages(found.year, languages, stage=stage, cache=cache)
        told["stages"] = crate.stages(stage, found.lake, noted)
        crate.write(stage, told)


def _check(languages: list[str]) -> None:
    if not languages or set(languages) - set(LANGUAGES):
        raise ReportError(
            "--language",
            found=",".join(languages) or "nothing",
            expected=f"one or more of {', '.join(LANGUAGES)}, separated by commas",
            do="correct the option",
        )


class Found(NamedTuple):
    """What a report is made of: the lake, its last year, and the decisions on doubtful names."""

    lake: Lake
    year: int
    decisions: Path | None

    def key(self, languages: list[str]) -> str:
        """Digest of everything that the report depends on."""
        inputs = [(part.kind, part.inputs) for part in (self.lake, self.lake.registers)]
        # In the order of adding: of two rows with one key the last stands.
        given = [(one.name, one.sha256, one.kind) for one in self.lake.programme.added]
        files = _sources() + [path for path in [self.decisions] if path]
        return folder.fingerprint(
            files, year=self.year, languages=languages, inputs=inputs, given=given
        )


def ledger(*, year: int | None, data: list[Path], home: Path = HOME) -> tuple[pd.DataFrame, int]:
    """The ledger of a year and that year; from the report in reports/<year> if it is current."""
    found, rows = opened(year=year, data=data, home=home)
    return rows, found.year


def opened(
    *, year: int | None, data: list[Path], home: Path = HOME
) -> tuple["Found", pd.DataFrame]:
    """What the report of a year is made of, and its ledger as of `ledger`."""
    found = _found(Store(home), data, year)
    built = plan.ROOT / "reports" / str(found.year)
    if folder.is_current(built, found.key(list(LANGUAGES))):
        return found, results.read(built / "results.csv")
    return found, workbook.ledger(found.lake, found.year, found.decisions)


def power(*, year: int | None, data: list[Path], home: Path = HOME) -> tuple[pd.DataFrame, Plan]:
    """What the panel of buyers could show of every outcome of the plan; nothing is estimated."""
    found = _found(Store(home), data, year)
    return workbook.power(found.lake, found.year, found.decisions)


def write_beside(folder_: Path, name: str, content: bytes) -> Path:
    """Write a file in a folder, whole or not at all."""
    path = _made(folder_) / name
    new = path.with_name(f".{name}.new")
    new.write_bytes(content)
    return new.replace(path)


def decisions(store: Store) -> Path:
    """Where what persons decided about doubtful names is kept."""
    return store.home / "links.csv"


def _found(store: Store, data: list[Path], year: int | None) -> Found:
    own = bool(data or store.deliveries)
    lake = open_lake(store, data if own else invented(store))
    decided = decisions(store) if own and decisions(store).exists() else None
    return Found(lake, workbook.reporting_year(lake, year), decided)


def invented(store: Store) -> list[Path]:
    """The deliveries of the invented Flanders, written once."""
    world = store.home / "invented" / fingerprint("analysis.simulate")
    if not world.is_dir():
        with tempfile.TemporaryDirectory(dir=_made(world.parent)) as new:
            simulate.write(Path(new) / "new")
            (Path(new) / "new").replace(world)
    return [path for name in simulate.DELIVERIES for path in sorted(world.glob(name))]


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


def _write_data(found: Found, stage: Path) -> None:
    rows = workbook.ledger(found.lake, found.year, found.decisions)
    results.write(rows, stage / "results.csv")
    for name in ("rejects", "signals"):
        write_csv(stage / f"{name}.csv", workbook.listed(found.lake, name))
    asked = found.lake.programme.tables()["survey_questions"]
    write_csv(stage / "survey_questions.csv", asked[["question", "wording_nl", "wording_en"]])
