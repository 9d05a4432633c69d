"""A report is put in place whole, or not at all."""

import pytest

from analysis.refusal import ReportError
from analysis.report.folder import fingerprint, is_current, replaced


def _build(folder, key, text):
    with replaced(folder, key) as stage:
        (stage / "report.nl.html").write_text(text)


def test_a_finished_report_takes_the_place_of_the_earlier_one(tmp_path):
    _build(tmp_path / "2024", "a", "old")
    _build(tmp_path / "2024", "b", "new")
    assert (tmp_path / "2024" / "report.nl.html").read_text() == "new"
    assert [path.name for path in tmp_path.iterdir()] == ["2024"]


def test_a_report_that_fails_leaves_the_earlier_one_as_it_was(tmp_path):
    _build(tmp_path / "2024", "a", "old")
    with pytest.raises(RuntimeError), replaced(tmp_path / "2024", "b") as stage:
        (stage / "report.nl.html").write_text("half")
        raise RuntimeError("cut off")
    assert (tmp_path / "2024" / "report.nl.html").read_text() == "old"
    assert is_current(tmp_path / "2024", "a")
    assert [path.name for path in tmp_path.iterdir()] == ["2024"]


def test_a_run_cut_off_between_the_renames_is_put_right(tmp_path):
    _build(tmp_path / "2024", "a", "old")
    (tmp_path / "2024").rename(tmp_path / ".2024.replaced")
    with pytest.raises(RuntimeError), replaced(tmp_path / "2024", "b"):
        raise RuntimeError("cut off again")
    assert (tmp_path / "2024" / "report.nl.html").read_text() == "old"


def test_a_report_is_current_until_the_key_or_a_file_changes(tmp_path):
    _build(tmp_path / "2024", "a", "text")
    assert is_current(tmp_path / "2024", "a")
    assert not is_current(tmp_path / "2024", "b")
    (tmp_path / "2024" / "report.nl.html").write_text("changed by hand")
    assert not is_current(tmp_path / "2024", "a")


def test_a_folder_that_is_no_report_is_never_overwritten(tmp_path):
    (tmp_path / "mine").mkdir()
    (tmp_path / "mine" / "thesis.docx").write_text("years of work")
    with pytest.raises(ReportError, match="give another folder"):
        _build(tmp_path / "mine", "a", "text")
    assert (tmp_path / "mine" / "thesis.docx").read_text() == "years of work"


def test_the_fingerprint_changes_with_a_file_and_not_with_the_order(tmp_path):
    one, two = tmp_path / "one", tmp_path / "two"
    one.write_text("1")
    two.write_text("2")
    before = fingerprint([one, two], year=2024)
    assert fingerprint([two, one], year=2024) == before
    assert fingerprint([one, two], year=2023) != before
    two.write_text("3")
    assert fingerprint([one, two], year=2024) != before
