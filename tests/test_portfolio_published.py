"""Published figures beside delivered ones: they agree, differ, or cannot be compared."""

from decimal import Decimal

import pandas as pd
import pytest
from ledger_rows import only, published
from portfolio_given import application, call, given, ledger, project

from analysis.indicators import portfolio_published
from analysis.indicators.portfolio_published import Published, agreement


def compared(*, kind="real", year=2022, **tables):
    return ledger(given(kind=kind, year=year, **tables), portfolio_published)


def line(rows, group, **cells):
    ids = ("published", "delivered", "difference", "agrees")
    found = rows[rows["group"] == group]
    for name, cell in cells.items():
        found = found[found[name] == cell]
    by = found.set_index("id")
    return [by["value"].get(f"portfolio.{id}", "no row") for id in ids]


def many(count, admitted, **other):
    return [
        application(str(at), decision="admitted" if at < admitted else "inadmissible", **other)
        for at in range(count)
    ]


def test_the_june_2019_call_is_found_by_its_deadline_and_agrees():
    rows = compared(pio_calls=[call("x", "2019-06-14", budget_eur=5_000_000)],
                    pio_applications=many(29, 18, call="x"))  # fmt: skip
    assert line(rows, "call=pio-4,fact=proposals") == [29, 29, 0, 1]
    assert line(rows, "call=pio-4,fact=selected") == [18, 18, 0, 1]
    assert line(rows, "call=pio-4,fact=budget_eur") == [5_000_000, 5_000_000, 0, 1]


def test_a_call_without_a_published_deadline_is_found_by_its_opening():
    rows = compared(pio_calls=[call("x", "2017-06-01", opened="2017-04-18")],
                    pio_applications=many(19, 12, call="x", submitted="2017-05-20"))  # fmt: skip
    assert line(rows, "call=pio-1,fact=proposals") == [18, 19, 1, 0]
    assert line(rows, "call=pio-1,fact=selected") == [12, 12, 0, 1]


def test_two_calls_on_one_day_are_not_guessed_between():
    calls = [call("x", "2019-06-14"), call("y", "2019-06-14")]
    rows = compared(pio_calls=calls, pio_applications=many(29, 18, call="x"))
    row = only(rows, id="portfolio.delivered", group="call=pio-4,fact=proposals")
    assert pd.isna(row["value"])
    assert row["denominator"] == "call-not-recognised"


def test_the_predecessor_is_printed_and_not_compared():
    rows = compared(pio_calls=[call()], pio_applications=many(3, 2))
    told = line(rows, "call=innovatief-aanbesteden,fact=proposals")
    assert told[0] == 48
    assert pd.isna(told[1])
    assert told[2] == "no row"
    assert pd.isna(told[3])


def test_a_pending_application_leaves_the_selection_open():
    asked = [*many(28, 17), application("p", decision="pending")]
    rows = compared(pio_calls=[call()], pio_applications=asked)
    row = only(rows, id="portfolio.agrees", group="call=pio-4,fact=selected")
    assert pd.isna(row["value"])
    assert row["denominator"] == "only-partly-within"
    delivered = only(rows, id="portfolio.delivered", group="call=pio-4,fact=selected")
    assert (delivered["low"], delivered["high"]) == (17, 18)


@pytest.mark.parametrize("kind", ["simulated", "sample"])
def test_what_is_not_real_never_disagrees(kind):
    rows = compared(kind=kind, pio_calls=[call()], pio_applications=many(3, 2))
    row = only(rows, id="portfolio.agrees", group="call=pio-4,fact=proposals")
    assert pd.isna(row["value"])
    assert row["denominator"] == f"delivered-is-{kind}"
    assert set(rows.loc[rows["id"] == "portfolio.published", "kind"]) == {"published"}


def test_published_figures_are_printed_as_they_are():
    rows = compared(pio_calls=[call()], pio_applications=many(3, 2))
    shown = rows[rows["id"] == "portfolio.published"]
    figures = published()["programme_figures"].rows
    counts = figures[figures["item"] == "projects_cumulative"]["value"].map(float)
    assert sorted(shown.loc[shown["group"] == "fact=projects_cumulative", "value"]) == sorted(
        counts
    )
    assert line(rows, "call=pio-1,fact=selected")[0] == 12


@pytest.mark.parametrize(
    ("comparator", "low", "high", "same"),
    [
        ("more-than", 71, 80, True),
        ("more-than", 60, 70, False),
        ("more-than", 68, 74, None),
        ("equal", 70, 70, True),
        ("equal", 71, 71, False),
        ("equal", 69, 71, None),
        ("at-least", 70, 70, True),
        ("at-most", 70, 71, None),
        ("about", 66, 74, True),
        ("about", 60, 64, False),
        ("about", 74, 76, None),
    ],
)
def test_a_published_figure_binds_as_it_is_worded(comparator, low, high, same):
    seventy = Published(None, "all", "2020", Decimal(70), comparator=comparator)
    assert agreement(seventy, low, high) is same


def test_projects_since_the_start_are_counted_on_the_first_and_the_last_day_of_the_period():
    """Three admitted before 2020, one in May 2020, and one of which the day is not known."""
    going = [project(str(at)) for at in range(3)]
    going += [project("later", admissible="2020-05-01"), project("undated", admissible=None)]
    rows = compared(pio_projects=going)
    delivered = only(
        rows, id="portfolio.delivered", period="2020", group="fact=projects_cumulative"
    )
    assert (delivered["low"], delivered["high"]) == (3, 5)
    assert line(rows, "fact=projects_cumulative", period="2020")[3] == 0


def test_a_count_of_a_later_year_is_not_compared():
    rows = compared(year=2019, pio_projects=[project("A")])
    later = only(rows, id="portfolio.delivered", period="2021-2022")
    assert later["denominator"] == "after-the-last-day"


def test_a_project_named_in_public_is_found_by_its_title_and_its_absence_is_no_difference():
    rows = compared(pio_projects=[project("A", title="Digitale  cadeaubon!"), project("B")])
    named = published()["projects"].rows
    told = line(rows, "fact=named_projects")
    assert told[:3] == [len(named), 1, 1 - len(named)]
    assert pd.isna(told[3])


def test_with_nothing_delivered_there_is_nothing_to_compare():
    assert list(portfolio_published.rows(given(), None)) == []
