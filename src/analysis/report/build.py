"""The yearly report, from what was received to a folder that is put in place whole."""

import csv
import importlib.resources
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
from nbformat import NotebookNode

from analysis import results, simulate, workbook
from analysis.ingest import open_lake
from analysis.present.blocks import MIME
from analysis.present.language import LANGUAGES
from analysis.refusal import ReportError
from analysis.report import exporters, folder, plan, run
from analysis.store import HOME, Lake, Store


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
    with folder.replaced(target, key) as stage:
        _write_data(lake, year, stage)
        chapters = _run(plan.read(), year, stage=stage, home=home)
        _write_pages(chapters, plan.read(), year, languages, stage=stage)
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
    invented = store.home / "invented"
    simulate.write(invented)
    return open_lake(store, [invented / "notices.tar.gz"])


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
        _write_csv(stage / f"{name}.csv", workbook.listed(lake, name))


def _run(report: plan.Plan, year: int, *, stage: Path, home: Path) -> list[NotebookNode]:
    """Run the chapters on the ledger; what ran before on the same ledger is not run again."""
    ledger = folder.fingerprint(sorted(stage.glob("*.csv")))
    parameters = {"year": year, "folder": str(stage)}
    with tempfile.TemporaryDirectory() as out:
        return run.run_chapters(
            report.notebooks, parameters, out=Path(out), cache=home / "chapters", extra=ledger
        )


def _write_pages(
    chapters: list[NotebookNode],
    report: plan.Plan,
    year: int,
    languages: list[str],
    *,
    stage: Path,
) -> None:
    mark = next((m for m in ("simulated", "sample") if m in _marks(chapters)), None)
    merged = exporters.merge(chapters, report.meta(year, mark))
    for language in languages:
        page, pages = exporters.export(merged, language)
        (stage / f"report.{language}.html").write_text(page, encoding="utf-8", newline="\n")
        (stage / f"report.{language}.pdf").write_bytes(pages)
        _write_blocks(chapters, language, stage)


def _write_blocks(chapters: list[NotebookNode], language: str, stage: Path) -> None:
    for name in ("tables", "figures"):
        (stage / name).mkdir(exist_ok=True)
    for block in _blocks(chapters):
        if block["type"] == "table":
            heads = [column["label"][language] for column in block["columns"]]
            cells = [[cell[language] for cell in row] for row in block["rows"]]
            table = pd.DataFrame(cells, columns=pd.Index(heads))
            _write_csv(stage / "tables" / f"{block['id']}.{language}.csv", table)
        elif block["type"] == "figure":
            base = stage / "figures" / f"{block['id']}.{language}"
            base.with_suffix(f".{language}.svg").write_text(block["svg"][language], "utf-8")
            base.with_suffix(f".{language}.csv").write_text(block["data"][language], "utf-8")


def _blocks(chapters: list[NotebookNode]) -> Iterator[dict]:
    for chapter in chapters:
        for cell in chapter.cells:
            for output in cell.get("outputs", []):
                if MIME in output.get("data", {}):
                    yield output["data"][MIME]


def _marks(chapters: list[NotebookNode]) -> set[str]:
    return {block["mark"] for block in _blocks(chapters) if block.get("mark")}


def _write_csv(path: Path, rows: pd.DataFrame) -> None:
    """Write a table for spreadsheets; text from strangers never begins a formula."""
    safe = rows.map(lambda cell: f"'{cell}" if str(cell).startswith(_FORMULA) else cell)
    safe.to_csv(path, index=False, lineterminator="\n", encoding="utf-8", quoting=csv.QUOTE_MINIMAL)


_FORMULA = ("=", "+", "-", "@", "\t", "\r")
