from contextlib import nullcontext
from threading import Event

import pytest
from nbformat import v4, write

from analysis.refusal import ReportError
from analysis.report import kernels, run

PARAMETERS = 'year: int = 2025  # last year evaluated\nfolder: str = ""'
METADATA = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}


@pytest.fixture(autouse=True)
def _light_kernels(monkeypatch):
    """These chapters need none of the package: do not pay for importing it."""
    monkeypatch.setattr(kernels, "_PRELOAD", "")


@pytest.fixture
def no_kernel(monkeypatch):
    def refuse(*_, **__):
        raise AssertionError("a kernel was started")

    monkeypatch.setattr(kernels, "start_new_kernel", refuse)


@pytest.fixture
def chapters(tmp_path, monkeypatch):
    """Write chapters of one code cell each, and run them in this test's own folders."""

    def ran(given, extra="", *, is_warm=True, jobs=1, **sources):
        monkeypatch.setattr(run, "JOBS", jobs)  # each kernel takes a second to start
        paths = [tmp_path / f"{name}.ipynb" for name in sources]
        for path, source in zip(paths, sources.values(), strict=True):
            first = v4.new_code_cell(PARAMETERS, metadata={"tags": ["parameters"]})
            write(v4.new_notebook(metadata=METADATA, cells=[first, v4.new_code_cell(source)]), path)
        out, cache = tmp_path / "out", tmp_path / "cache"
        out.mkdir(exist_ok=True)
        with kernels.warm(run.JOBS, paths) if is_warm else nullcontext():
            return run.run_chapters(paths, given, out=out, cache=cache, extra=extra)

    return ran


def printed(notebook):
    return notebook.cells[-1].outputs[0].text


def stored(tmp_path):
    return sorted(path.read_bytes() for path in (tmp_path / "cache").iterdir())


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"yaer": 2024}, "yaer"),
        ({"year": "2024"}, "year"),
        ({"year": 2024.0}, "year"),
        ({"year": True}, "year"),
        ({"folder": 3}, "folder"),
    ],
)
@pytest.mark.usefixtures("no_kernel")
def test_a_misspelt_or_mistyped_parameter_stops_before_a_kernel_starts(chapters, given, named):
    with pytest.raises(ReportError, match=named) as refused:
        chapters(given, one="print(year)")
    assert "one.ipynb" in str(refused.value)


def test_chapters_run_with_the_values_given_and_know_nothing_of_each_other(chapters):
    source = "print(year, 'left' in globals()); left = 1"
    ran = chapters({"year": 2024}, jobs=2, a=source, b=source, c=source)
    assert [printed(chapter) for chapter in ran] == ["2024 False\n"] * 3
    assert [chapter.metadata["pio"]["chapter"] for chapter in ran] == ["a", "b", "c"]


def test_what_ran_before_on_the_same_content_is_not_run_again(chapters, monkeypatch, tmp_path):
    first = chapters({"year": 2024}, extra="data 1", a="print(year)")
    before = stored(tmp_path)
    with monkeypatch.context() as patch:
        patch.setattr(kernels, "start_new_kernel", None)  # to start one would fail
        assert chapters({"year": 2024}, extra="data 1", a="print(year)") == first
        for changed in (
            {"given": {"year": 2023}, "extra": "data 1", "a": "print(year)"},
            {"given": {"year": 2024}, "extra": "data 2", "a": "print(year)"},
            {"given": {"year": 2024}, "extra": "data 1", "a": "print(year + 1)"},
        ):
            with pytest.raises(TypeError):
                chapters(**changed)
    assert stored(tmp_path) == before


def test_of_two_chapters_only_the_changed_one_runs_and_brings_up_one_kernel(chapters, monkeypatch):
    started, start = [], kernels.start_new_kernel
    chapters({"year": 2024}, a="print(year)", b="print(year + 1)")
    monkeypatch.setattr(
        kernels, "start_new_kernel", lambda **kw: started.append(kw["cwd"]) or start(**kw)
    )
    ran = chapters({"year": 2024}, is_warm=False, a="print(year)", b="print(year + 2)")
    assert [printed(chapter) for chapter in ran] == ["2024\n", "2026\n"]
    assert len(started) == 1


def test_kernels_that_wait_begin_when_they_are_wanted(tmp_path, monkeypatch):
    started, wanted = Event(), Event()
    monkeypatch.setattr(kernels, "start_new_kernel", lambda **_: started.set() or 1 / 0)
    with kernels.warm(1, [tmp_path / "1.ipynb"], wanted):
        assert not started.wait(0.2)
        wanted.set()
        assert started.wait(30)


def test_what_chapters_import_is_there_before_they_run(tmp_path):
    code = "x = 1\nfrom analysis.present import labels\nimport os"
    paths = [tmp_path / "1.ipynb", tmp_path / "2.ipynb"]
    for path, cells in zip(paths, ([v4.new_code_cell(code)], []), strict=True):
        write(v4.new_notebook(metadata=METADATA, cells=cells), path)
    assert kernels._imports(paths) == "from analysis.present import labels"


def test_two_runs_leave_the_same_bytes(chapters, tmp_path):
    sources = {"a": "import sys; print(2, file=sys.stderr); 1", "b": "print(year)"}
    chapters({"year": 2024}, jobs=2, **sources)
    before = stored(tmp_path)
    for path in (tmp_path / "cache").iterdir():
        path.unlink()
    chapters({"year": 2024}, **sources)
    assert stored(tmp_path) == before


def test_a_failing_cell_is_named_and_leaves_nothing_to_take_for_a_chapter(chapters, tmp_path):
    with pytest.raises(ReportError, match=r"b\.ipynb, cell 2\n.*ZeroDivisionError"):
        chapters({"year": 2024}, jobs=2, a="print(year)", b="year / 0")
    assert len(stored(tmp_path)) <= 1  # the good chapter may be kept, the failed one never


def test_a_kernel_that_dies_is_named_and_does_not_keep_us_waiting(chapters):
    with pytest.raises(ReportError, match=r"b\.ipynb\n.*Kernel died"):
        chapters({"year": 2024}, b="import os; os._exit(1)")
