"""Two editions side by side: which numbers changed, and by what."""

import csv

import pytest
from editions import CURVE, INDICATOR, STARTUP, given, written

from analysis.refusal import ReportError
from analysis.report import compare_said
from analysis.report.compare import CODE, DATA, DEFINITION, SOURCE, compare


@pytest.fixture
def edition(tmp_path):
    """Write a report folder: its rows (changes to ROW), inputs and digests of code."""
    return lambda name, *rows, **how: written(tmp_path / name, *rows, **how)


def causes(old, new):
    return [change.causes for change in compare(old, new)]


def test_a_number_that_is_the_same_is_no_change(edition):
    assert compare(edition("old", {}), edition("new", {}, code={INDICATOR: "2"})) == []


def test_a_year_that_was_still_to_come_is_new_data(edition):
    new = edition("new", {}, {"period": "2025"}, year=2025)
    [change] = compare(edition("old", {}), new)
    assert (change.old, change.new["period"], change.causes) == (None, "2025", (DATA,))


def test_a_file_with_other_bytes_under_the_same_name_was_corrected(edition):
    moved = {"value": "0.3", "inputs": "2-deliveries@bbbbbbbbbbbb"}
    new = edition("new", moved, inputs=[given("notices.tar", "b")])
    assert causes(edition("old", {}), new) == [(SOURCE,)]


def test_one_more_file_is_new_data_and_with_a_corrected_one_it_is_both(edition):
    old, moved = edition("old", {}), {"value": "0.3", "inputs": "2-deliveries@bbbbbbbbbbbb"}
    more = [given("notices.tar", "a"), given("more.tar", "c")]
    assert causes(old, edition("new", moved, inputs=more)) == [(DATA,)]
    both = [given("notices.tar", "b"), given("more.tar", "c")]
    assert causes(old, edition("both", moved, inputs=both)) == [(DATA, SOURCE)]


def test_a_number_that_rests_on_what_stayed_is_not_changed_by_data_that_came(edition):
    new = edition("new", {"value": "0.3"}, inputs=[given("x.tar", "c")], code={INDICATOR: "2"})
    assert causes(edition("old", {}), new) == [(CODE,)]


def test_the_file_of_a_definition_tells_of_its_own_numbers_and_of_no_other(edition):
    others = [{"definition": "startup-10"}, {"definition": "younger-than-3"}]
    old = edition("old", {}, *others)
    moved = [{"value": "0.3"} | other for other in ({}, *others)]
    found = compare(old, edition("new", *moved, code={STARTUP: "2"}))
    by_definition = {change.new["definition"]: change.causes for change in found}
    assert by_definition["startup-5"] == (DEFINITION,)
    assert by_definition["younger-than-3"] == (CODE,)
    curve = compare(old, edition("curve", *moved, code={CURVE: "2"}))
    assert {c.new["definition"] for c in curve if DEFINITION in c.causes} == {"younger-than-3"}


def test_an_indicator_of_another_version_means_something_else(edition):
    new = edition("new", {"value": "0.3", "version": "2"})
    assert causes(edition("old", {}), new) == [(DEFINITION,)]


def test_published_figures_of_a_corrected_table_say_so(edition):
    old = edition("old", {"inputs": "partners@aaaaaaaaaaaa"})
    new = edition("new", {"inputs": "partners@bbbbbbbbbbbb", "value": "0.3"})
    assert causes(old, new) == [(SOURCE,)]


def test_a_number_that_is_gone_is_told(edition):
    [change] = compare(edition("old", {}, {"period": "2023"}), edition("new", {}))
    assert (change.old["period"], change.new) == ("2023", None)
    assert "0.25 -> none" in list(compare_said.said([change]))[-1]


def test_the_table_holds_numbers_and_no_formula(edition, tmp_path):
    old = edition("old", {"value": "-0.25", "unit": "points", "group": "=1+1"})
    new = edition("new", {"value": "-0.5", "unit": "points", "group": "=1+1"})
    compare_said.write(compare(old, new), tmp_path / "changes.csv")
    [row] = csv.DictReader((tmp_path / "changes.csv").read_text("utf-8").splitlines())
    assert (row["group"], row["old_value"], row["new_value"]) == ("'=1+1", "-0.25", "-0.5")
    assert (row["chapter"], row["unit"], row["in_old"], row["in_new"]) == (
        "20",
        "points",
        "yes",
        "yes",
    )
    assert row["causes"] == CODE


def test_a_folder_that_is_no_report_is_refused(edition, tmp_path):
    (tmp_path / "nothing").mkdir()
    with pytest.raises(ReportError, match=r"no report\.json"):
        compare(edition("old", {}), tmp_path / "nothing")
