"""What is made anew after a change, and what is not: numbers, chapters, pages."""

import ast
import datetime as dt
import json
import re
import shutil
import subprocess
import sys
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import nbformat
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import small_report

from analysis import elsewhere, ingest
from analysis.report import build, crate_stages, folder, known, ledgers, pages, plan, run
from analysis.store import Delivery, Extract, Lake, Part, Register, Registers, Store, fingerprint

ROOT = plan.ROOT


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The code and the facts of the project, in a place where they may be changed."""
    shutil.copytree(ROOT / "src", tmp_path / "src", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "data" / "raw", tmp_path / "data" / "raw")
    shutil.copy(ROOT / "requirements.lock", tmp_path)
    monkeypatch.setattr(plan, "ROOT", tmp_path)
    monkeypatch.setattr(fingerprint, "_ROOT", tmp_path / "src")
    monkeypatch.setattr(ledgers, "PACKAGE", tmp_path / "src" / "analysis")
    return tmp_path


def lake(place: Path, *, value: float = 1.5, kind: str = "real", day: int = 1) -> Lake:
    """Notices of one award, and an extract of KBO."""
    place.mkdir(parents=True)
    days = {"publication_date": [dt.date(2025, 3, 1)], "dispatch_date": [dt.date(2025, 2, 1)]}
    rows = pa.table({"notice_id": ["a"], "value": [value], "era": ["eforms"], **days})
    pq.write_table(rows, place / "notices.parquet")
    said = {"received": "2026-01-01", "files": 1, "bytes": 9, "is_folder": False}
    notices = Part(Delivery("notices.tar", "a" * 64, kind, **said), place)
    kbo = Delivery("kbo.zip", "b" * 64, "real", **said)
    extract = Extract("full", dt.date(2025, 5, day), 140)
    return Lake((notices,), Registers((Register(kbo, place / "none", extract),)))


LEFT = (
    "src/analysis/companies/definitions/startup_5.yml",
    "src/analysis/companies/perimeters/flemish_public.yml",
    "src/analysis/indicators/competition.py",
    "src/analysis/inference/effects/panel.py",
    "src/analysis/inference/__init__.py",
    "src/analysis/disclosure/targets.py",
    "src/analysis/store/lake.py",
    "src/analysis/sources/facts.py",
    "src/analysis/innovation/lexicon.yml",
    "src/analysis/workbook.py",
    "src/analysis/report/crate_stages.py",
    "data/raw/norm/norm.csv",
    "requirements.lock",
)
RIGHT = (
    "src/analysis/present/chapter.py",
    "src/analysis/present/text/nl/access.yml",
    "src/analysis/report/html.py",
    "src/analysis/report/run.py",
    "src/analysis/cli/__init__.py",
)


def test_a_line_of_what_the_numbers_rest_on_asks_for_a_new_ledger_and_no_other(project):
    given = lake(project / "lake")
    places = [ledgers.place(project, given, 2024, None)]
    for name in LEFT:
        with (project / name).open("a", encoding="utf-8") as file:
            file.write("\n# one line more\n")
        places.append(ledgers.place(project, given, 2024, None))
    assert len(set(places)) == 1 + len(LEFT)
    for name in RIGHT:
        with (project / name).open("a", encoding="utf-8") as file:
            file.write("\n# one line more\n")
    assert ledgers.place(project, given, 2024, None) == places[-1]


def test_one_cell_of_an_input_a_kind_a_day_a_year_or_a_decision_asks_for_a_new_ledger(tmp_path):
    place = partial(ledgers.place, tmp_path)
    given = lake(tmp_path / "0")
    assert place(given, 2024, None) == place(lake(tmp_path / "same"), 2024, None)
    decided = [tmp_path / name for name in ("links.csv", "other.csv")]
    for number, path in enumerate(decided):
        path.write_text(f"name,who\nAcme,{number}\n")
    others = {
        place(given, 2024, None),
        place(given, 2023, None),
        place(given, 2024, decided[0]),
        place(given, 2024, decided[1]),
        place(lake(tmp_path / "1", value=1.6), 2024, None),
        place(lake(tmp_path / "2", kind="simulated"), 2024, None),
        place(lake(tmp_path / "3", day=2), 2024, None),
    }
    assert len(others) == 7


OPENED = """
import sys
root, opened = sys.argv[1], set()
sys.addaudithook(lambda event, given: opened.add(str(given[0])) if event == "open" else None)
from pathlib import Path
from analysis import ingest, workbook
from analysis.store import Store
lake = ingest.open_lake(Store(Path(sys.argv[2])))
workbook.ledger(lake, int(sys.argv[3]))
loaded = {str(module.__file__) for module in sys.modules.values() if hasattr(module, "__file__")}
print("\\n".join(sorted(name for name in opened | loaded if name.startswith(root))))
"""


@pytest.mark.slow
def test_whatever_is_opened_on_the_way_to_a_ledger_is_counted(tmp_path):
    """The process that makes a whole ledger is watched; what reads the deliveries is not ours."""
    home = tmp_path / "home"
    ingest.add(Store(home), small_report.deliveries(tmp_path / "data"), kind="sample")
    command = [sys.executable, "-c", OPENED, str(ROOT), str(home), str(small_report.YEAR)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    ours = {Path(name) for name in done.stdout.splitlines()}
    read = {path for path in ours if path.suffix != ".pyc" and ".venv" not in path.parts}
    assert {path.name for path in read} >= {"competition.py", "startup_5.yml", "norm.csv"}
    numbers, readers = ledgers.files(), fingerprint.sources(["analysis.ingest"])
    assert {path for path in read if path.is_file()} - {*numbers, *readers} == set()
    assert not {path for path in numbers if "present" in path.parts}


def write_chapter(path: Path, source: str) -> None:
    first = nbformat.v4.new_code_cell("year: int = 2025", metadata={"tags": ["parameters"]})
    cells = [first, nbformat.v4.new_code_cell(source)]
    kernel = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python"}}
    nbformat.write(nbformat.v4.new_notebook(cells=cells, metadata=kernel), path)


def stand_ins(patch: pytest.MonkeyPatch, notebooks: Path, given: Lake) -> list[str]:
    """What opens deliveries, computes, runs and draws does little, and is listed when it does."""
    made: list[str] = []
    template = notebooks / "style.css"

    def found(store, data, year):
        made.append("opened")
        decided = build.decisions(store)
        kept = store.home / "ledgers"
        return build.Found(given, year, decided if decided.exists() else None, kept)

    def make(stage, lake, year, decisions, note, aside):
        made.append("ledger")
        note("cells", "access_cells", pd.DataFrame({"lots": [year]}))
        (stage / "results.csv").write_text(f"id,value\naccess.lots,{year}\n")
        (stage / "rejects.csv").write_text("file,reason\n")

    def run_all(todo, given, *, out, ran, advance):
        for path in sorted(todo):
            made.append(path.stem)
            shutil.copy(path, ran[path])

    def write_pages(year, languages, *, stage, cache, aside):
        made.append("pages")
        tables = sorted(stage.glob("*.csv"))
        extra = folder.fingerprint(tables)
        of = {"out": stage, "cache": cache, "extra": extra}
        run.run_chapters(sorted(notebooks.glob("*.ipynb")), {"year": year}, **of)

    patch.setattr(build, "_sources", lambda: [template, *notebooks.glob("*.ipynb")])
    patch.setattr(build, "_found", found)
    patch.setattr(ledgers, "_make", make)
    patch.setattr(ledgers, "second_process", lambda: nullcontext(elsewhere.here))
    patch.setattr(run, "_run_all", run_all)
    patch.setattr(pages, "write_pages", write_pages)
    for name in ("warm", "at_hand"):
        patch.setattr(run.kernels, name, lambda *_: nullcontext())
    return made


@pytest.fixture
def remade(tmp_path, monkeypatch):
    """Build a report of two chapters; the function given builds again and says what was made."""
    notebooks, home = tmp_path / "notebooks", tmp_path / "home"
    for place in (notebooks, home):
        place.mkdir()
    for name in "ab":
        write_chapter(notebooks / f"{name}.ipynb", f"show({name!r})")
    (notebooks / "style.css").write_text("p { color: black }")
    made = stand_ins(monkeypatch, notebooks, lake(tmp_path / "lake"))

    def again() -> tuple[list[str], dict]:
        made.clear()
        asked = {"year": 2025, "languages": ["nl"], "data": []}
        built = build.build(**asked, out=tmp_path / "report", home=home)
        return list(made), json.loads((built.folder / "report.json").read_text("utf-8"))

    return again, notebooks, home


def test_only_what_a_change_concerns_is_made_again(remade):
    again, notebooks, home = remade
    made, first = again()
    assert made == ["opened", "ledger", "pages", "a", "b"]

    write_chapter(notebooks / "b.ipynb", "show(3)")
    made, changed = again()
    assert made == ["opened", "pages", "b"]
    assert changed["run"]["stages"] == first["run"]["stages"]
    assert first["run"]["stages"].keys() >= {"tables", "cells", "ledger"}

    (notebooks / "style.css").write_text("p { color: blue }")
    assert again()[0] == ["opened", "pages"]

    (home / "links.csv").write_text("name,who\n")  # the numbers are the same ones here
    assert again()[0] == ["opened", "ledger", "pages"]


def test_when_nothing_changed_the_deliveries_are_not_even_opened(remade):
    again, _, home = remade
    _, first = again()
    assert again() == ([], first)
    (home / known._FILE).write_text("[1, 2]")  # a memory that is lost costs time only
    assert again() == (["opened"], first)
    assert again() == ([], first)


def test_what_was_asked_last_is_remembered_and_no_more_than_so_many(tmp_path):
    for number in range(known.KEPT + 1):
        known.keep(tmp_path, str(number), known.Known(2024, f"key {number}"))
    assert known.of(tmp_path, str(known.KEPT)) == (2024, f"key {known.KEPT}")
    assert known.of(tmp_path, "0") is None
    assert [path.name for path in tmp_path.iterdir()] == [known._FILE]


def test_a_report_that_was_damaged_is_not_taken_for_one_that_stands(remade):
    again, notebooks, _ = remade
    _, first = again()
    (notebooks.parent / "report" / "results.csv").write_text("id\n")
    assert again() == (["opened", "pages"], first)
    assert (notebooks.parent / "report" / "results.csv").read_text() != "id\n"


@pytest.mark.parametrize("fault", ["changed", "lost", "no record"])
def test_a_kept_ledger_that_is_not_whole_is_made_again(remade, fault):
    again, notebooks, home = remade
    _, first = again()
    [kept] = (home / "ledgers").iterdir()
    if fault == "changed":
        (kept / "results.csv").write_text("id,value\naccess.lots,2026\n")
    else:
        (kept / ("rejects.csv" if fault == "lost" else folder.RECORD)).unlink()
    write_chapter(notebooks / "b.ipynb", "show(3)")
    made, second = again()
    assert made == ["opened", "ledger", "pages", "b"]
    assert first["files"]["results.csv"] == second["files"]["results.csv"]
    assert first["files"]["rejects.csv"] == second["files"]["rejects.csv"]


def test_a_run_cut_off_keeps_no_ledger(tmp_path, monkeypatch):
    """Whole or not at all: also where a table cannot be copied, and then nothing fails."""
    stage, at = tmp_path / "stage", tmp_path / "ledgers" / "key"
    stage.mkdir()
    (stage / "results.csv").write_text("id\n")

    def full(*_):
        raise OSError("no space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(ledgers.shutil, "copyfile", full)
        ledgers._keep(stage, at, {})
    assert not ledgers.is_kept(at)
    assert not at.exists()
    ledgers._keep(stage, at, {"rules": {}})
    assert ledgers.is_kept(at)


def test_of_the_ledgers_only_the_last_used_are_kept(tmp_path):
    stage = tmp_path / "stage"
    stage.mkdir()
    (stage / "results.csv").write_text("id\n")
    for number in range(ledgers.KEPT + 2):
        ledgers._keep(stage, tmp_path / "ledgers" / str(number), {})
        if number == ledgers.KEPT - 1:
            first = tmp_path / "ledgers" / "0"
            ledgers.write(tmp_path / "ledgers" / "1", Lake(()), 2024, None, at=first)  # is used
    kept = sorted(path.name for path in (tmp_path / "ledgers").iterdir())
    assert kept == sorted({"0", *map(str, range(3, ledgers.KEPT + 2))})


def test_every_import_of_ours_is_seen():
    """The digest of code reads imports as text; Python's own parser finds no other.

    The package itself gives `Workbook` to whoever asks, on which no ledger and no page rests.
    """
    own = ROOT / "src" / "analysis" / "__init__.py"
    assert re.findall(r'import_module\("(.*?)"\)', own.read_text("utf-8")) == ["analysis.lab"]
    for path in sorted((ROOT / "src" / "analysis").rglob("*.py")):
        code = path.read_text("utf-8")
        nodes = [node for node in ast.walk(ast.parse(code)) if isinstance(node, ast.ImportFrom)]
        ours = [node for node in nodes if str(node.module).split(".")[0] == "analysis"]
        named = {f"{node.module}.{name.name}" for node in ours for name in node.names}
        assert named - set(fingerprint.imported(code)) == set()
        is_seen = not re.search(r"^\s*import analysis|import_module|__import__", code, re.MULTILINE)
        assert is_seen or path == own


def test_a_chapter_depends_on_the_code_that_it_shows_with_and_not_on_that_of_others():
    code = "from analysis.present import norm_says\n"
    names = {path.name for path in run._files(code, {})}
    assert names >= {"norm_says.py", "labels.py", "run.py", "requirements.lock", "norm.csv"}
    assert names >= {"Inter-Regular.ttf", "access.yml"}  # of texts, facts and fonts all count
    assert names.isdisjoint({"partners_shown.py", "html.py", "report.typ", "workbook.py"})
    for path in plan.read().notebooks:
        cells = nbformat.read(path, as_version=4).cells
        code = "\n".join(cell.source for cell in cells if cell.cell_type == "code")
        assert "import analysis" not in code  # it would not be seen


def test_digests_noted_while_a_ledger_is_made_come_with_it_when_it_is_kept(tmp_path, monkeypatch):
    stage, other = tmp_path / "stage", tmp_path / "other"
    given = lake(tmp_path / "lake")

    def made(stage, lake, year, decisions, note, _aside):
        note("cells", "access_cells", pd.DataFrame({"a": [1]}))
        (stage / "results.csv").write_text("id\n")

    monkeypatch.setattr(ledgers, "_make", made)
    for place in (stage, other):
        place.mkdir()
    at = ledgers.place(tmp_path / "ledgers", given, 2024, None)
    noted = ledgers.write(stage, given, 2024, None, at=at)
    assert noted["cells"] == {"access_cells": crate_stages._digest_of(pd.DataFrame({"a": [1]}))}
    monkeypatch.setattr(ledgers, "_make", None)
    assert ledgers.write(other, given, 2024, None, at=at) == noted
    assert (other / "results.csv").read_text() == "id\n"
