"""How much of a year is published by now, worked by hand on a small triangle."""

import datetime as dt

import pandas as pd
import pytest
from access_world import frame, of_theme, told, world_of
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contracts.access_cells import LAG_CELLS
from analysis.indicators import completeness as module
from analysis.indicators.completeness import completeness, published_part


def lags(*rows):
    frame_ = pd.DataFrame(rows, columns=["month", "lag", "lots"])
    return frame_.assign(month=[dt.date.fromisoformat(f"{month}-01") for month in frame_["month"]])


# Half of a month's lots are published at once, half a month later.
HALVES = [("2020-10", 0, 10), ("2020-10", 1, 10), ("2020-11", 0, 8), ("2020-11", 1, 8)]


def test_half_at_once_means_half_of_the_newest_month():
    triangle = pd.DataFrame([(0, 0, 10), (0, 1, 10), (1, 0, 8)], columns=["month", "lag", "lots"])
    parts = published_part(triangle, cutoff=1)
    assert (parts[0], parts[1]) == (0.5, 1)


def test_a_year_is_complete_but_for_what_its_last_month_will_bring():
    """20 + 16 + 6 lots are published, and 6 more are expected of December."""
    share, lots, provisional = completeness(lags(*HALVES, ("2020-12", 0, 6)))[2020]
    assert (share, lots, provisional) == (pytest.approx(42 / 48), 42, True)


def test_a_year_long_past_is_complete_and_not_provisional():
    found = completeness(lags(*HALVES, ("2023-06", 0, 1)))
    assert found[2020] == (1, 36, False)


def test_a_year_that_is_not_over_is_provisional_however_complete_its_months():
    assert completeness(lags(("2020-06", 0, 5)))[2020] == (1, 5, True)


def test_months_of_which_nothing_could_yet_be_published_leave_it_unknown():
    """Every lot so far took a month: of the newest month nothing is known to be missing or not."""
    late = [("2020-10", 1, 9), ("2020-11", 1, 9), ("2020-12", 0, 1)]
    share, _, provisional = completeness(lags(*late))[2020]
    assert (share, provisional) == (None, True)


def test_what_is_published_years_later_is_not_waited_for():
    found = completeness(lags(("2015-01", 60, 1), ("2015-01", 0, 9), ("2020-12", 0, 5)))
    assert found[2015] == (1, 10, False)
    assert found[2020][0] == pytest.approx(0.9)


def test_each_perimeter_has_its_own():
    cells = frame(LAG_CELLS, {"month": dt.date(2020, 12, 1), "lag": 0, "lots": 4})
    rows = of_theme(module, world_of(lags=cells))
    at = {"definition": "chain-ladder", "period": "2020"}
    assert told(rows, "completeness", **at)["value"] == 1
    assert told(rows, "provisional", **at)["value"] == 0
    assert set(rows["perimeter"]) == {"flemish-public", "located-in-flanders", "belgium"}


months = st.integers(1, 24).map(lambda n: f"{2019 + (n - 1) // 12}-{(n - 1) % 12 + 1:02}")
lots = st.lists(st.tuples(months, st.integers(0, 30), st.integers(1, 20)), min_size=1, max_size=20)


@settings(deadline=None, max_examples=30)
@given(lots)
def test_completeness_is_a_share_and_the_order_changes_nothing(rows):
    found = completeness(lags(*rows))
    assert found == completeness(lags(*rows[::-1]))
    assert all(share is None or 0 < share <= 1 for share, *_ in found.values())
