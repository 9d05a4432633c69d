"""The yearly report, from what was received to a folder that is put in place whole."""

import importlib.resources
import tempfile
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from threading import Event
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis import cycles
from analysis.elsewhere import Aside
from analysis.present.language import LANGUAGES
from analysis.refusal import ReportError
from analysis.report import folder, known, ledgers, plan
from analysis.report.crate_stages import Digests
from analysis.store import HOME, Lake, Store
from analysis.store.fingerprint import fingerprint
from analysis.store.years import reporting_year

if TYPE_CHECKING:
    from analysis.indicators.effects_plan import Plan

# What reads and computes is imported where it is used: when nothing changed, nothing of it is.


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
    asked = _asked(Store(home), year, languages) if not data else ""
    before = known.of(home, asked)
    if before and folder.is_current(_target(out, before.year), before.key):
        return Built(_target(out, before.year), is_new=False)
    with ledgers.second_process() as aside:
        found = _found(Store(home), data, year)
        target, key = _target(out, found.year), found.key(languages)
        is_new = not folder.is_current(target, key)
        if is_new:
            make(found, languages, target, cache=home / "chapters", aside=aside)
    if asked:
        known.keep(home, asked, known.Known(found.year, key))
    return Built(target, is_new)


def _asked(store: Store, year: int | None, languages: list[str]) -> str:
    """Digest of what is asked of a store, and of all that decides the answer."""
    held = [(one.name, one.sha256, one.kind, one.added) for one in store.deliveries]
    files = [path for path in [*_sources(), decisions(store)] if path.exists()]
    return folder.fingerprint(files, year=year, languages=languages, held=held)


def _target(out: Path | None, year: int) -> Path:
    """The folder of a report; absolute, as chapters run elsewhere."""
    return (out or plan.ROOT / "reports" / str(year)).absolute()


def make(found: "Found", languages: list[str], target: Path, *, cache: Path, aside: Aside) -> None:
    """Make the report in the folder `target`, with a record of the run.

    `cache` is of chapters; `aside` is a process of `ledgers.second_process`.
    """
    from analysis.report import crate, kernels, run  # seconds of imports, for new pages only

    told = crate.run(
        found.lake,
        year=found.year,
        languages=languages,
        decisions=found.decisions,
        sources=_sources(),
    )
    wanted, chapters = Event(), plan.read().notebooks

    def has_cells() -> None:
        """While one core withholds, the other has kernels and the maker of pages come up."""
        wanted.set()
        aside(_can_write)

    # Of what was kept no more kernels come up than chapters need.
    early = nullcontext() if found.is_kept else kernels.warm(run.JOBS, chapters, wanted)
    with folder.replaced(target, found.key(languages), told) as stage, early, cycles.unsought():
        noted = _write_data(found, stage, aside, has_cells)
        from analysis.report import compare_edition, pages  # not while the ledger has to wait

        compare_edition.write_changes(stage, told)
        pages.write_pages(found.year, languages, stage=stage, cache=cache, aside=aside)
        told["stages"] = crate.stages(stage, noted)
        crate.write(stage, told)


def _can_write() -> None:
    """Import what writes pages, so that it need not be waited for when they are asked for."""
    from analysis.report import pages  # noqa: F401


def _check(languages: list[str]) -> None:
    if not languages or set(languages) - set(LANGUAGES):
        raise ReportError(
            "--language",
            found=",".join(languages) or "nothing",
            expected=f"one or more of {', '.join(LANGUAGES)}, separated by commas",
            do="correct the option",
        )


@dataclass(frozen=True)
class Found:
    """What a report is made of: the lake, its last year, and the decisions on doubtful names.

    `ledgers` is the folder of ledgers made before; without it, nothing made before is used.
    """

    lake: Lake
    year: int
    decisions: Path | None
    ledgers: Path | None = None

    def key(self, languages: list[str]) -> str:
        """Digest of everything that the report depends on."""
        files = _sources() + [path for path in [self.decisions] if path]
        held = ledgers.said(self.lake)
        return folder.fingerprint(files, year=self.year, languages=languages, held=held)

    @cached_property
    def place(self) -> Path | None:
        """Where the ledger is kept, or would be."""
        own = self.lake, self.year, self.decisions
        return ledgers.place(self.ledgers, *own) if self.ledgers else None

    @property
    def is_kept(self) -> bool:
        """Whether the ledger was made before."""
        return ledgers.is_kept(self.place)


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
        return found, ledgers.rows(built)
    return found, ledgers.read(found.place, found.lake, found.year, found.decisions)


def power(*, year: int | None, data: list[Path], home: Path = HOME) -> "tuple[pd.DataFrame, Plan]":
    """What the panel of buyers could show of every outcome of the plan; nothing is estimated."""
    from analysis import workbook

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
    from analysis.ingest import open_lake

    own = bool(data or store.deliveries)
    lake = open_lake(store, data if own else invented(store))
    decided = decisions(store) if own and decisions(store).exists() else None
    return Found(lake, reporting_year(lake, year), decided, store.home / "ledgers")


def invented(store: Store) -> list[Path]:
    """The deliveries of the invented Flanders, written once."""
    from analysis import simulate

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
        *sorted((plan.ROOT / "reports" / "published").glob("[0-9]*/*")),
        *plan.read().notebooks,
        plan.PLAN,
        plan.ROOT / "requirements.lock",
    ]


def _write_data(found: Found, stage: Path, aside: Aside, has_cells: Callable[[], None]) -> Digests:
    """Write the ledger and the lists beside it; the digests of the stages up to it."""
    own = found.lake, found.year, found.decisions
    return ledgers.write(stage, *own, at=found.place, aside=aside, has_cells=has_cells)
