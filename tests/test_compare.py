"""Two editions side by side: which numbers changed, and by what."""

import csv

import pytest
from editions import CURVE, INDICATOR, STARTUP, given, written

from analysis.refusal import ReportError
from analysis.report import compare_said
from analysis.report.compare import CODE, DATA, DEFINITION, SOURCE, UNEXPLAINED, compare


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


@pytest.fixture
def by_definition(edition):
    """What is said of a number of each of four definitions when some files are others."""
    names = ("wvv-small", "startup-5-independent", "younger-than-3")
    others = [{"definition": name} for name in names]

    def found(*files):
        name = files[0].rpartition("/")[2]
        old = edition(f"old-{name}", {}, *others)
        moved = [{"value": "0.3"} | other for other in ({}, *others)]
        new = edition(f"new-{name}", *moved, code=dict.fromkeys(files, "2"))
        return {change.new["definition"]: change.causes for change in compare(old, new)}

    return found


def test_the_file_of_a_definition_tells_of_its_own_numbers_and_of_no_other(by_definition):
    """And of those of a definition that is based on it."""
    found = by_definition(STARTUP, INDICATOR)
    assert found.pop("startup-5") == found.pop("startup-5-independent") == (DEFINITION,)
    assert set(found.values()) == {(CODE,)}
    found = by_definition(CURVE, INDICATOR)
    assert found.pop("younger-than-3") == (DEFINITION,)
    assert set(found.values()) == {(CODE,)}


def test_where_nothing_but_a_definition_differs_no_code_has_changed(by_definition):
    """Of whatever number: one of the purchasers may count start-ups without saying so."""
    assert set(by_definition(STARTUP).values()) == {(DEFINITION,)}


def test_a_number_that_names_no_definition_may_have_changed_by_one_or_by_code(edition):
    row = {"id": "buying.barrier_latest", "definition": "large-lots-won"}
    new = edition("new", row | {"value": "0.3"}, code={STARTUP: "2", INDICATOR: "2"})
    assert causes(edition("old", row), new) == [(DEFINITION, CODE)]


def test_a_number_that_was_altered_by_hand_has_no_cause(edition):
    """Data, definitions and code are the same, byte by byte."""
    assert causes(edition("old", {}), edition("new", {"value": "0.3"})) == [(UNEXPLAINED,)]


def test_a_number_that_came_or_went_with_a_corrected_file_was_not_changed_by_code(edition):
    """A group that no lot is in any more has no row; and the ledger counts a row less."""
    counted = {"id": "method.figures", "inputs": "results", "unit": "count"}
    old = edition("old", {}, counted | {"value": "2"})
    fewer = [given("notices.tar", "b")]
    new = edition("new", counted | {"value": "1"}, inputs=fewer)
    assert causes(old, new) == [(SOURCE,), (SOURCE,)]
    other = edition("other", counted | {"value": "1"}, inputs=fewer, code={INDICATOR: "2"})
    assert causes(old, other) == [(SOURCE, CODE), (SOURCE, CODE)]


def test_the_report_of_a_later_year_reads_more_of_the_same_data(edition):
    """Notices published since then, and a whole period that ends a year later; no code changed."""
    old = edition("old", {}, {"period": "2016-2024"})
    new = edition("new", {"value": "0.3"}, {"period": "2016-2025"}, year=2025)
    with_period = {(c.key[0], c.key[1]): c.causes for c in compare(old, new)}
    assert with_period == {
        ("access.lot_share", period): (DATA,) for period in ("2024", "2016-2024", "2016-2025")
    }


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
    moved = {"value": "-0.5", "unit": "points", "group": "=1+1"}
    new = edition("new", moved, code={INDICATOR: "2"})
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
