"""Every command that a document shows is run by a test: here, or in the test that is named."""

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest
from test_docs import MAKE, PIO
from test_newcomer import published  # noqa: F401

import analysis
from analysis import lab
from analysis.store.fingerprint import sources

ROOT = Path(__file__).resolve().parents[1]
NEWCOMER = "test_newcomer.py::test_a_newcomer_gets_from_a_clean_machine_to_a_verified_bundle"
ZIPPED = "test_verify.py::test_a_zip_of_the_report_is_as_good_as_its_folder"
KIND = "test_ingest.py::test_a_kind_once_said_holds_for_the_same_bytes"


class Run(NamedTuple):
    """A command of the documents, what is typed for its made-up names, and how it ends."""

    shown: str
    typed: str = ""
    says: str = ""
    code: int = 0


WORLD = "build/world"
NAMED = ("notices.tar", "KboOpenData_0143_2026_01_Full.zip", "buyers.csv", "programme")
GIVEN = [f"{WORLD}/{name}" for name in NAMED]

# In this order, on an invented Flanders of a tenth of the size.
RUNS = [
    Run("data invent build/world --scale 0.1", says="written: build/world"),
    Run("data invent FOLDER", "data invent build/other --scale 0.02", "written: build/other"),
    Run("templates", says="pio.xlsx"),
    Run(f"report --year 2025 --out build/trial --data {' --data '.join(GIVEN)}", says="built: "),
    Run("data add FOLDER", f"data add {GIVEN[0]}", "notices.tar"),
    Run("data add FOLDER/*", f"data add {' '.join(GIVEN)}", "programme"),
    Run("data add PATH", "data add build/world/notices.tar", "notices.tar"),
    Run("data status", says="notices.tar"),
    Run("report", "report --year 2025", "reports/2025"),
    Run("report --year 2024 --language nl --out FOLDER", "report --year 2024 --language nl --out b",
        "built: "),
    Run("report --year 2024 --data PATH", f"report --year 2024 --data {GIVEN[0]} --out c",
        "built: "),
    Run("compare OLD NEW", "compare c reports/2025", "new data"),
    Run("compare reports/2024 reports/2025 --out changes.csv",
        "compare c reports/2025 --out changes.csv", "new data"),
    Run("trace competition.single_bid_share", says="exactly one"),
    Run("trace competition.single_bid_share --period 2024 --group all --perimeter belgium",
        says="belgium"),
    Run("trace access.lot_share --period 2024 --group all --definition startup-5 "
        "--perimeter belgium", says="startup-5"),
    Run("answer pq-101", says="written: "),
    Run("answer pq-307 --language en", says="written: "),
    Run("norm draw --year 2025"),
    Run("power"),
    Run("link review", "link review --list"),
    Run("verify reports/2025", says="the report is reproduced"),
    Run("publish reports/2025", says="invented", code=1),  # which is never an edition
]  # fmt: skip

# What another test runs, or a form of what is run here.
ELSEWHERE = {
    "data add ../shared/data/notices.tar.gz": NEWCOMER,
    "report --year 2024": NEWCOMER,
    "verify report-2024.zip": NEWCOMER,
    "verify bundle.zip": NEWCOMER,
    "verify FOLDER": ZIPPED,
    "verify reports/2024": NEWCOMER,
    "verify report-2024.zip --data notices.tar.gz": ZIPPED,
    "verify 2024.zip --data notices.tar.gz --data KboOpenData_0140_2025_05_Full.zip": ZIPPED,
    "data add PATH --kind real": KIND,
    "data add 2024-06.tar.gz --kind real": KIND,
    "data add KboOpenData_0140_2025_05_Full.zip":
        "test_registers.py::test_notices_and_registers_are_added_in_one_command",
    "data add pio.xlsx":
        "test_cli.py::test_twenty_planted_faults_are_told_at_once_and_the_mended_file_is_taken_in",
    "data add export.csv --columns kolommen.yml":
        "test_programme_store.py::test_a_mapping_stays_with_the_export_that_it_explains",
    "report --language nl,en,fr": "test_cli.py::test_an_unknown_language_is_refused",
    "lab": "test_lab.py::test_jupyterlab_really_serves_the_copy",
}  # fmt: skip
NAMES = {"compare", "data add", "data invent", "publish", "trace", "verify"}  # of commands, no more


def test_every_command_that_a_document_shows_is_run():
    known = {run.shown for run in RUNS} | set(ELSEWHERE) | NAMES
    assert sorted(set(PIO) ^ known) == []


def test_the_tests_that_are_said_to_run_the_others_are_there():
    for file, _, name in {place.partition("::") for place in ELSEWHERE.values()}:
        assert f"def {name}" in (Path(__file__).with_name(file)).read_text(encoding="utf-8")


@pytest.mark.parametrize("command", MAKE)
def test_make_can_say_what_every_target_of_a_document_would_do(command):
    dry = ["make", "--dry-run", "--no-print-directory", *command.split()]
    ran = subprocess.run(dry, cwd=ROOT, capture_output=True, text=True, check=False)
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.strip()


@pytest.mark.slow
def test_the_commands_of_the_documents_end_as_they_say(published):  # noqa: F811
    env = {**os.environ, "PYTHONPATH": str(published / "src")}
    pio = [sys.executable, "-c", "from analysis.cli import main; main()"]
    for one in RUNS:
        words = (one.typed or one.shown).split()
        ran = subprocess.run(
            [*pio, *words], cwd=published, env=env, capture_output=True, text=True, check=False
        )
        said = ran.stdout + ran.stderr
        assert ran.returncode == one.code, f"{one.shown}\n{said[-3000:]}"
        assert one.says in said, f"{one.shown}\n{said[-3000:]}"
        print(f"pio {one.shown}\n{said[-200:]}")
    assert (published / "changes.csv").is_file()


# What a notebook imports.


def test_the_workbook_is_what_analysis_offers():
    assert analysis.Workbook is lab.Workbook
    with pytest.raises(AttributeError, match="Workboek"):
        analysis.Workboek  # noqa: B018


def test_whoever_imports_analysis_does_not_wait_for_the_workbook():
    code = "import sys, analysis; print(*(n for n in sys.modules if n.startswith('analysis')))"
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.split() == ["analysis"]


def test_the_workbook_makes_no_chapter_depend_on_all_code():
    assert sources(["analysis"]) == [ROOT / "src" / "analysis" / "__init__.py"]


def test_documents_and_notebook_import_the_workbook_in_one_way():
    files = [*ROOT.glob("*.md"), *ROOT.glob("docs/*.md"), ROOT / "notebooks" / "explore.ipynb"]
    found = {
        line
        for file in files
        for line in re.findall(r"from analysis[\w.]* import Workbook", file.read_text("utf-8"))
    }
    assert found == {"from analysis import Workbook"}
