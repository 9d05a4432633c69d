"""The ledger of a report and the lists beside it, kept: pages change more often than numbers.

They are kept under a digest of all that they follow from, put in place whole, and taken only as
long as every byte is as it was. Whatever changes on the way from the deliveries to the ledger
changes the digest; a notebook, a text of the pages, a figure or a template does not.
"""

import json
import shutil
from collections.abc import Callable
from contextlib import AbstractContextManager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb
import pandas as pd

from analysis import elsewhere, results
from analysis.report import crate_stages, folder, plan
from analysis.report.crate_stages import Digests
from analysis.report.spreadsheet import write_csv
from analysis.store import Delivery, Lake
from analysis.store.fingerprint import sources

if TYPE_CHECKING:
    from analysis.workbook import Note

PACKAGE = Path(__file__).resolve().parents[1]
KEPT = 8  # ledgers; one of the invented Flanders is 3 MB
_PAGES = "present"  # the room with texts of the pages, on which no number rests


def place(kept: Path, lake: Lake, year: int, decisions: Path | None) -> Path:
    """Where in the folder `kept` the ledger of a year stands, or would stand.

    Parameters
    ----------
    kept : folder of ledgers
    lake : what was read; counted are the bytes of its tables, and what is said of deliveries
    year : last year evaluated
    decisions : file of what persons decided about doubtful names, where there is one
    """
    given = [*files(), *([decisions] if decisions else [])]
    read = crate_stages.tables(lake)
    return kept / folder.fingerprint(given, year=year, tables=read, said=said(lake))


def files() -> list[Path]:
    """All of ours that a ledger follows from: code, words and limits, facts kept by hand, lock.

    Code is what this module imports, and what that imports; of YAML all counts but the texts.
    """
    cards = {
        path for path in PACKAGE.rglob("*.yml") if path.relative_to(PACKAGE).parts[0] != _PAGES
    }
    facts = {path for path in (plan.ROOT / "data" / "raw").rglob("*") if path.is_file()}
    code = sources([__name__])
    return sorted({*code, *cards, *facts, plan.ROOT / "requirements.lock"})


def said(lake: Lake) -> dict[str, list[Any]]:
    """Name, digest and kind of every delivery; those of the programmes in the order of adding."""
    return {
        "notices": sorted(_said(part.delivery) for part in lake.parts),
        "registers": sorted(
            (*_said(part.delivery), str(part.extract)) for part in lake.registers.parts
        ),
        "programme": [_said(one) for one in lake.programme.added],  # the last row of a key stands
    }


def _said(one: Delivery) -> tuple[str, str, str]:
    return one.name, one.sha256, one.kind


def is_kept(at: Path | None) -> bool:
    """Whether a ledger stands, undamaged, at a place that `place` gave."""
    return at is not None and folder.is_current(at, at.name)


def rows(of: Path) -> pd.DataFrame:
    """The ledger that stands in the folder of a report, or where ledgers are kept."""
    return results.read(of / "results.csv")


def read(at: Path | None, lake: Lake, year: int, decisions: Path | None) -> pd.DataFrame:
    """The ledger that is kept at a place of `place`, else one made now; it is not kept then."""
    if at is not None and is_kept(at):
        return rows(at)
    with second_process() as aside:
        return _made(lake, year, decisions, aside)


def second_process() -> AbstractContextManager[elsewhere.Aside]:
    """A process beside this one for `write`: it imports while this one looks what there is."""
    return elsewhere.aside("analysis.delivered")


def write(
    stage: Path,
    lake: Lake,
    year: int,
    decisions: Path | None,
    *,
    at: Path | None,
    aside: elsewhere.Aside = elsewhere.here,
    has_cells: Callable[[], None] | None = None,
) -> Digests:
    """Write the ledger and the lists beside it in `stage`: those kept, else new ones.

    Parameters
    ----------
    stage : existing folder
    lake, year, decisions : as of `place`
    at : a place of `place`, where what is made is kept; without it, everything is made anew
    aside : as of `workbook.ledger`
    has_cells : called when the last cells are counted: from then on a core has little to do

    Returns
    -------
    The digests of the stages up to the cells (see `crate_stages`).
    """
    if at is not None and is_kept(at):
        for path in at.glob("*.csv"):
            shutil.copyfile(path, stage / path.name)
        at.touch()  # used last is thrown out last
        record = json.loads((at / folder.RECORD).read_text(encoding="utf-8"))
        return dict(record["run"]["stages"])
    noted: Digests = {"tables": crate_stages.tables(lake)}
    _make(stage, lake, year, decisions, crate_stages.noting(noted, has_cells), aside)
    if at is not None:
        _keep(stage, at, noted)
    return noted


def _made(
    lake: Lake,
    year: int,
    decisions: Path | None,
    aside: elsewhere.Aside,
    note: "Note | None" = None,
) -> pd.DataFrame:
    """The ledger made now."""
    from analysis import workbook  # two seconds of imports, for new numbers only

    return workbook.ledger(lake, year, decisions, note or workbook.unnoted, aside)


def _make(
    stage: Path,
    lake: Lake,
    year: int,
    decisions: Path | None,
    note: "Note",
    aside: elsewhere.Aside,
) -> None:
    results.write(_made(lake, year, decisions, aside, note), stage / "results.csv")
    with duckdb.connect() as engine:
        for name in ("rejects", "signals"):
            write_csv(stage / f"{name}.csv", lake.relation(engine, name).order("all").df())
    asked = lake.programme.tables()["survey_questions"]
    write_csv(stage / "survey_questions.csv", asked[["question", "wording_nl", "wording_en"]])


def _keep(stage: Path, at: Path, noted: Digests) -> None:
    """Keep what stands in `stage`, whole or not at all, and no more than `KEPT` in all."""
    shutil.rmtree(at, ignore_errors=True)  # what is there is damaged
    # where another run keeps the same, or there is no room, the report does not fail for that
    with suppress(OSError), folder.replaced(at, at.name, {"stages": noted}) as new:
        for path in stage.glob("*.csv"):
            shutil.copyfile(path, new / path.name)
    folder.prune(at.parent, KEPT)
