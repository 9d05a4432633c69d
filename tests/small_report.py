"""A report of a few invented notices, made as `pio report` makes it but for the slow parts.

The ledger has chapter 15, and of chapter 20 the lots and euros under one definition; the pages are
one line each.
"""

from contextlib import nullcontext
from functools import partial
from pathlib import Path

import duckdb
import pytest

from analysis import elsewhere, results, simulate, workbook
from analysis.companies import answers
from analysis.companies.definitions import FOLDER, definitions
from analysis.indicators import access_shares
from analysis.report import build, kernels, ledgers, pages, plan
from analysis.report.crate_graph import LOCK

DEFINITION = "startup-5"
SOURCES = (FOLDER / "startup_5.yml", Path(str(workbook.competition.__file__)), plan.ROOT / LOCK)
_ASKED = (DEFINITION, "eu-medium", *answers.CLASSED_BY)
YEAR = 2025


def ledger(lake, year, decisions=None, note=workbook.unnoted, _=None):
    """The steps of `workbook.ledger`, through its own names, for two chapters."""
    with duckdb.connect() as engine:
        return told(engine, lake, workbook.world_of(engine, lake, year, decisions, note))


def told(engine, lake, world):
    """The rows of the two chapters."""
    counted = world.cells(workbook.cells, world.kept.lots, world.kept.winners)
    rests_on = {"kind": lake.kind, "inputs": results.inputs(lake.inputs)}
    rows = workbook.competition.competition(counted, **rests_on)
    small = world.cells(workbook.access_cells, engine, world.relations, [DEFINITION])
    row = partial(results.number, chapter="20", **world.rests_on)
    return results.ledger([*rows, *access_shares.rows(small, row)])


def write_pages(year, languages, *, stage, cache, aside):
    """One table, and a page that shows its first cell."""
    row = (stage / "results.csv").read_text("utf-8").splitlines()[1]
    (stage / "tables").mkdir()
    (stage / "tables" / "first.nl.csv").write_text(row, "utf-8")
    for language in languages:
        (stage / f"report.{language}.html").write_text(f"<p>{row}</p>", "utf-8")


def quick(patch: pytest.MonkeyPatch, folder: Path = FOLDER) -> None:
    """Leave out what takes long; definitions are those of a folder."""
    known = {id: one for id, one in definitions(folder).items() if id in _ASKED}
    patch.setattr(answers, "_definitions", lambda: known)
    patch.setattr(build, "_sources", lambda: list(SOURCES))
    patch.setattr(workbook, "ledger", ledger)
    patch.setattr(pages, "write_pages", write_pages)
    patch.setattr(kernels, "warm", lambda *_: nullcontext())
    patch.setattr(ledgers, "second_process", lambda: nullcontext(elsewhere.here))


def deliveries(folder: Path) -> list[Path]:
    """Notices of a small Flanders, its newest register and its buyers."""
    simulate.write(folder, scale=0.02)
    return [folder / "notices.tar", max(folder.glob("KboOpenData_*.zip")), folder / "buyers.csv"]


def made(folder: Path, data: list[Path], year: int = YEAR) -> Path:
    """The folder of a report on the data."""
    with pytest.MonkeyPatch.context() as patch:
        quick(patch)
        given = {"year": year, "languages": ["nl", "en"], "data": data}
        return build.build(**given, out=folder / "report", home=folder / "home").folder
