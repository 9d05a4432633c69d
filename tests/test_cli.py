"""What cannot be done ends with one message, and leaves an earlier report as it was."""

import io
import shutil
import tarfile
from contextlib import nullcontext
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from intake_forms import filled
from test_ingest import everything
from test_intake import PLANTED, RIGHT, TWENTY

from analysis import cli, simulate, store, workbook
from analysis.companies import decisions
from analysis.contracts.intake import WORKBOOKS
from analysis.report import build, kernels, pages
from analysis.store import Store


@pytest.fixture
def run(monkeypatch, capsys):
    """Run `pio` with arguments; exit code and what it says on stderr."""

    def ran(*arguments: str) -> tuple[int, str]:
        monkeypatch.setattr("sys.argv", ["pio", *map(str, arguments)])
        with pytest.raises(SystemExit) as stopped:
            cli.main()
        return stopped.value.code, capsys.readouterr().err

    return ran


@pytest.fixture
def earlier(tmp_path):
    """A report folder from before."""
    folder = tmp_path / "2024"
    folder.mkdir()
    (folder / "report.json").write_text("{}")
    (folder / "report.nl.html").write_text("earlier")
    return folder


@pytest.fixture(scope="module")
def invented(tmp_path_factory):
    folder = tmp_path_factory.mktemp("invented")
    simulate.write(folder, scale=0.05)
    return folder / "notices.tar"


def is_one_message(said: str) -> bool:
    lines = [line for line in said.splitlines() if line.strip() and not line.startswith("reading")]
    words = [line.split()[:1] for line in lines[-3:]]
    return words == [["found"], ["expected"], ["to"]] and "Traceback" not in said


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        (["report", "--yaer", "2024"], "--year"),
        (["rapport"], "report"),
        (["report", "--year", "twenty"], "--year"),
        (["data", "add"], "paths"),
        (["data", "status", "all"], "nothing more"),
    ],
)
def test_a_misspelt_word_is_answered_with_the_right_ones(run, arguments, names):
    code, said = run(*arguments)
    assert code == 2
    assert is_one_message(said)
    assert names in said


def test_a_year_without_data_is_refused_with_the_years_that_there_are(run, invented, earlier):
    code, said = run("report", "--year", "2031", "--data", invented, "--out", earlier)
    assert (code, is_one_message(said)) == (1, True)
    assert "2016, 2017" in said
    assert (earlier / "report.nl.html").read_text() == "earlier"


def test_an_unknown_language_is_refused(run, invented):
    code, said = run("report", "--language", "nl,fr", "--data", invented)
    assert (code, is_one_message(said)) == (1, True)
    assert "nl, en" in said


def test_a_file_in_the_place_of_the_report_stays_there(run, invented, tmp_path):
    (tmp_path / "mine.txt").write_text("mine")
    code, said = run("report", "--data", invented, "--out", tmp_path / "mine.txt")
    assert (code, is_one_message(said)) == (1, True)
    assert "a new or empty folder" in said
    assert (tmp_path / "mine.txt").read_text() == "mine"


@pytest.mark.parametrize(
    ("arguments", "names"),
    [(["pq-102"], "pq-101 or pq-307"), (["pq-101", "--language", "fr"], "nl or en")],
)
def test_an_unknown_question_is_refused_before_anything_is_read(run, arguments, names, monkeypatch):
    monkeypatch.setattr(workbook, "ledger", None)  # it would take minutes
    code, said = run("answer", *arguments, "--data", "no such data")
    assert (code, is_one_message(said)) == (1, True)
    assert names in said


@pytest.mark.parametrize("stop", [KeyboardInterrupt, EOFError])  # Ctrl-C, and no answer any more
def test_an_interrupted_command_says_so_and_does_not_end_as_if_it_were_done(run, monkeypatch, stop):
    def interrupted(*_, **__):
        raise stop

    monkeypatch.setattr(store, "Store", interrupted)
    code, said = run("data", "status")
    assert (code, said.strip()) == (130, "stopped; nothing was changed")


def test_a_report_in_a_folder_named_from_here_is_built_there(
    invented, tmp_path, monkeypatch
) -> None:
    """Chapters run in a folder of their own, from which the name would mean something else."""
    stages = []
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(build, "_write_data", lambda _, stage, *__: stages.append(stage) or {})
    monkeypatch.setattr(pages, "write_pages", lambda *_, **__: None)
    monkeypatch.setattr(kernels, "warm", lambda *_: nullcontext())
    given = {"languages": ["nl"], "data": [invented], "year": None}
    built = build.build(out=Path("here"), home=tmp_path / "home", **given)
    assert built.folder == tmp_path / "here"
    assert stages[0].parent == tmp_path


@pytest.mark.parametrize("kind", ["truncated", "empty folder", "no notice", "nothing there"])
def test_data_that_cannot_be_used_are_refused(run, tmp_path, earlier, kind):
    path = tmp_path / "given"
    if kind == "truncated":
        with tarfile.open(tmp_path / "whole", "w:gz") as archive:
            archive.add(cli.__file__, "notice.xml")
        path.write_bytes((tmp_path / "whole").read_bytes()[:-200])
    elif kind == "empty folder":
        path.mkdir()
    elif kind == "no notice":
        path.write_text("Dear all, please find the notices attached.")
    code, said = run("report", "--data", path, "--out", earlier)
    assert (code, is_one_message(said)) == (1, True)
    assert "given" in said
    assert (earlier / "report.nl.html").read_text() == "earlier"


def test_a_kind_of_data_that_does_not_exist_is_refused(run, invented):
    code, said = run("data", "add", invented, "--kind", "complete")
    assert (code, is_one_message(said)) == (1, True)
    assert "real or sample or simulated" in said


@pytest.fixture
def home(tmp_path, monkeypatch):
    """A new store, which `pio` uses."""
    monkeypatch.setattr(store, "Store", lambda: Store(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def done(monkeypatch, capsys):
    """Run `pio` with arguments that are right; what it says on stdout."""

    def ran(*arguments: object) -> str:
        monkeypatch.setattr("sys.argv", ["pio", *map(str, arguments)])
        cli.main()
        return capsys.readouterr().out

    return ran


def test_the_templates_are_written_once_and_never_over_what_somebody_filled_in(
    run, done, tmp_path, monkeypatch
):
    folder = tmp_path / "new" / "sjablonen"
    said = done("templates", "--out", folder).splitlines()
    assert {path.name for path in folder.iterdir()} == {f"{name}.xlsx" for name in WORKBOOKS}
    assert said[0].startswith(f"{folder / 'pio.xlsx'}: Oproepen, Aanvragen, Projecten")
    assert len(said) == 9
    filled(folder / "pio.xlsx", "pio", RIGHT)
    for name in WORKBOOKS:
        (folder / f"{name}.xlsx").unlink() if name != "pio" else None
    before = everything(folder)
    code, said = run("templates", "--out", folder)
    assert (code, is_one_message(said)) == (1, True)
    assert "already there: pio.xlsx" in said
    assert everything(folder) == before


def test_templates_come_whole_or_not_at_all(done, tmp_path, monkeypatch):
    moved = Path.rename
    stops = iter([False, False, True])

    def rename(path, target):
        if next(stops):
            raise OSError("no space")
        return moved(path, target)

    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("kept")
    with monkeypatch.context() as patch, pytest.raises(OSError, match="no space"):
        patch.setattr(Path, "rename", rename)
        done("templates", "--out", tmp_path / "out")
    assert everything(tmp_path / "out") == {"mine.txt": b"kept"}


def test_twenty_planted_faults_are_told_at_once_and_the_mended_file_is_taken_in(
    run, done, home, tmp_path
):
    """From the template that `pio templates` wrote to the tables, by hand as a person would."""
    done("templates", "--out", tmp_path)
    path = filled(tmp_path / "pio.xlsx", "pio", TWENTY)
    book = openpyxl.load_workbook(path)
    book["Inschrijvers"]["G1"].value = "Contactpersoon"
    book.save(path)
    shutil.copy(path, tmp_path / "spoiled.xlsx")
    code, said = run("data", "add", path, "--language", "en")
    assert code == 1
    assert [line.split()[0] for line in said.splitlines()[-2:]] == ["expected", "to"]
    told = [line.strip() for line in said.splitlines() if line.strip().startswith("sheet '")]
    assert len(told) == len(PLANTED) == 20
    for sentence, (sheet, row, column, found, expected) in zip(told, PLANTED, strict=True):
        place = f"sheet '{sheet}'" + (f", row {row}" if row else "") + f", column {column}"
        assert sentence.startswith(f"{place}: found {found}; expected: ")
        assert expected in sentence
        assert "; to do: " in sentence
    assert everything(home) == {"lock": b""}

    told = done("data", "add", filled(path, "pio", RIGHT))
    assert "blad 'Marktconsultaties': geen rijen, telt als niet geleverd" in told
    assert "programme, 5 tables" in told
    before = everything(home)
    done("data", "add", path)
    assert everything(home) == before
    code, said = run("data", "add", tmp_path / "spoiled.xlsx")
    assert (code, said.count("blad '")) == (1, 20)
    assert [line.split()[0] for line in said.splitlines()[-2:]] == ["verwacht", "te"]
    assert "  gevonden  20 fouten; niets is ingelezen" in said.splitlines()
    assert everything(home) == before
    rows = [line.split() for line in done("data", "status").splitlines()]
    assert ["pio_applications", "pio.xlsx", "2"] in [
        [*row[:1], *row[2:3], *row[4:5]] for row in rows
    ]


def test_a_review_that_ends_early_says_how_many_decisions_were_kept(done, home, monkeypatch):
    """Two cases; what is typed ends at the second question why, so that one was not decided."""
    case = {"postcode": "9000", "country": "BE", "number": None, "reason": "doubtful"}
    case |= {"runner_up": "1999999844", "runner_up_score": 0.9, "weight": 1.0}
    names = pd.DataFrame([case | {"name": name, "part_name": name} for name in ("Acme", "Bouw")])
    monkeypatch.setattr(workbook, "reporting_year", lambda *_: 2025)
    monkeypatch.setattr(workbook, "doubtful", lambda *_: (names, lambda company: "a firm"))
    monkeypatch.setattr("sys.stdin", io.StringIO("n\nanother firm\ny\n"))
    said = done("link", "review", "--who", "a test").splitlines()
    assert said[-1].endswith(f"1 decisions kept in {home / 'links.csv'}")
    kept = decisions.read(home / "links.csv").to_pylist()
    assert [(row["name"], row["why"]) for row in kept] == [("Acme", "another firm")]
