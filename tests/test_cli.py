"""What cannot be done ends with one message, and leaves an earlier report as it was."""

import tarfile

import pytest

from analysis import cli, simulate


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
