"""From the ledger to the pages: run the chapters, write HTML, PDF, tables and figures."""

import tempfile
from itertools import chain
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from analysis.elsewhere import Aside, here
from analysis.report import exported, folder, plan, run
from analysis.report.spreadsheet import write_lines


def write_pages(
    year: int, languages: list[str], *, stage: Path, cache: Path, aside: Aside = here
) -> None:
    """Write HTML, PDF, summary, tables and figures of the report beside the ledger in `stage`.

    Parameters
    ----------
    year : last year evaluated
    languages : of LANGUAGES
    stage : folder with results.csv, rejects.csv and signals.csv
    cache : folder of chapters that ran before
    aside : asked for the other languages than the first, while that is written
    """
    report = plan.read()
    chapters = _run(report, year, stage=stage, cache=cache)
    mark = next((m for m in ("simulated", "sample") if m in _marks(chapters)), None)
    meta = report.meta(year, mark)
    others = [aside(_write, chapters, meta, language, stage) for language in languages[1:]]
    _write(chapters, meta, languages[0], stage)
    for other in others:
        other.result()


def _write(chapters: list[NotebookNode], meta: dict[str, Any], language: str, stage: Path) -> None:
    """Write what there is of the report in one language."""
    made = exported.export(exported.merge(chapters, meta), language)
    (stage / f"report.{language}.html").write_text(made.html, encoding="utf-8", newline="\n")
    (stage / f"report.{language}.pdf").write_bytes(made.pdf)
    (stage / f"report.{language}.xlsx").write_bytes(made.xlsx)
    first = exported.merge(chapters[:1], meta)
    (stage / f"summary.{language}.pdf").write_bytes(exported.summary(first, language))
    _write_blocks(chapters, language, stage)


def _run(report: plan.Plan, year: int, *, stage: Path, cache: Path) -> list[NotebookNode]:
    """Run the chapters on the ledger; what ran before on the same ledger is not run again."""
    ledger = folder.fingerprint(sorted(stage.glob("*.csv")))
    parameters = {"year": year, "folder": str(stage)}
    with tempfile.TemporaryDirectory() as out:
        return run.run_chapters(
            report.notebooks, parameters, out=Path(out), cache=cache, extra=ledger
        )


def _write_blocks(chapters: list[NotebookNode], language: str, stage: Path) -> None:
    for name in ("tables", "figures"):
        (stage / name).mkdir(exist_ok=True)
    for block in chain.from_iterable(map(exported.emitted, chapters)):
        if block["type"] == "table":
            heads = [column["label"][language] for column in block["columns"]]
            cells = [[cell[language] for cell in row] for row in block["rows"]]
            write_lines(stage / "tables" / f"{block['id']}.{language}.csv", [heads, *cells])
        elif block["type"] == "figure":
            base = stage / "figures" / f"{block['id']}.{language}"
            base.with_suffix(f".{language}.svg").write_text(block["svg"][language], "utf-8")
            base.with_suffix(f".{language}.csv").write_text(block["data"][language], "utf-8")


def _marks(chapters: list[NotebookNode]) -> set[str]:
    return {
        block["mark"]
        for chapter in chapters
        for block in exported.emitted(chapter)
        if block.get("mark")
    }
