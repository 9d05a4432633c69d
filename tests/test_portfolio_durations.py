"""How long phases take while projects are still open, and what share ends how."""

import numpy as np
import pandas as pd
import pytest
from hypothesis import assume, settings
from hypothesis import given as over
from hypothesis import strategies as st
from ledger_rows import only
from portfolio_given import application, given, ledger, project
from statsmodels.duration.survfunc import SurvfuncRight

from analysis.indicators import portfolio_durations
from analysis.indicators.portfolio_durations import in_the_middle, middle, within
from analysis.inference.survival import kaplan_meier

WHOLE = "2019-2022"


def on(days):
    """The day so many days after admission on 1 September 2019."""
    return f"{pd.Timestamp('2019-09-01') + pd.Timedelta(days=days):%Y-%m-%d}"


def rows_on(projects, **more):
    return ledger(given(pio_projects=projects, **more), portfolio_durations)


def median(rows, span):
    return only(rows, id="portfolio.days", group=f"span={span}", period=WHOLE)


def share(rows, outcome, months):
    return only(rows, id=f"portfolio.{outcome}_within", group=f"months={months}", period=WHOLE)


def spells(*pairs):
    days, ended = zip(*pairs, strict=True)
    return pd.DataFrame({"days": days, "ended": ended})


def test_an_open_project_is_not_left_out():
    """Ended on days 10, 20 and 30, one open since day 15: S = 3/4, 3/8, 0, so the median is 20."""
    four = spells((10, True), (15, False), (20, True), (30, True))
    assert in_the_middle(four).value == 20
    assert in_the_middle(four).unknown == 1
    assert in_the_middle(spells((10, True), (15, False), (16, False))).value is None


def test_a_median_that_is_not_reached_says_so():
    found = in_the_middle(spells((10, True), (15, False), (16, False)))
    assert (found.value, found.denominator) == (None, "half-not-there-yet")


DURATIONS = st.lists(st.tuples(st.integers(1, 60), st.booleans()), min_size=3, max_size=25)


@settings(max_examples=40, deadline=None)
@over(DURATIONS)
def test_the_median_agrees_with_statsmodels(pairs):
    days, ended = (np.array(column) for column in zip(*pairs, strict=True))
    assume(ended.any())
    theirs = SurvfuncRight(days, ended.astype(int))
    assume(not np.isclose(theirs.surv_prob, 0.5).any())  # there they take the next day, as SAS does
    expected = theirs.quantile(0.5)
    assert middle(kaplan_meier(days, ended))[0] == (None if np.isnan(expected) else expected)


def test_the_interval_of_a_median_agrees_with_statsmodels():
    days = np.arange(20, 440, 14)
    ended = np.arange(len(days)) % 4 > 0
    ended[-1] = False  # theirs warns where nobody is left
    theirs = SurvfuncRight(days, ended.astype(int))
    expected = (theirs.quantile(0.5), *theirs.quantile_ci(0.5, method="cloglog"))
    assert np.isfinite(expected).all()
    assert middle(kaplan_meier(days, ended)) == expected


def test_a_duration_runs_from_phase_to_phase():
    rows = rows_on([project("A", tendered=on(100), awarded=on(160), finished=on(500))])
    spans = ("admissible-tendered", "tendered-awarded", "submitted-awarded", "awarded-finished")
    days = [median(rows, name)["value"] for name in spans]
    assert days == [100, 60, 92 + 160, 340]  # from 1 June to 1 September are 92 days
    assert median(rows, "finished-in_use")["denominator"] == "half-not-there-yet"


def test_a_stopped_project_is_followed_until_its_stop():
    rows = rows_on([project("A", tendered=on(100), stopped=on(130))])
    found = only(rows, id="portfolio.spells", group="span=tendered-awarded")
    assert found["value"] == 1
    ended = only(rows, id="portfolio.spells_ended", group="span=tendered-awarded")
    assert ended["value"] == 0


def test_a_phase_that_was_passed_over_has_no_duration():
    """Tendered without a consultation: never consulted, and not still waiting for one."""
    rows = rows_on([project("A", tendered=on(100))])
    found = only(rows, id="portfolio.spells", group="span=admissible-consulted")
    assert found["value"] == 0


def test_an_undecided_application_waits_until_the_last_day():
    asked = [application("A"), application("B", decision="pending"), application("C", decided=None)]
    rows = ledger(given(pio_applications=asked), portfolio_durations)
    assert median(rows, "submitted-decided")["value"] == 92
    counts = {
        name: only(rows, id=f"portfolio.{name}")["value"] for name in ("spells", "spells_ended")
    }
    assert counts == {"spells": 2, "spells_ended": 1}  # of C no day of decision is known


def test_stopping_takes_projects_away_from_finishing():
    """Finished on day 100, stopped on 200, finished on 400, open until the last day.

    F(100) = 1/4; S(200) = 3/4 x 2/3 = 1/2; F(400) = 1/4 + 1/2 x 1/2 = 1/2. Stopped: 3/4 x 1/3.
    """
    rows = rows_on(
        [
            project("A", finished=on(100)),
            project("B", stopped=on(200)),
            project("C", finished=on(400)),
            project("D"),
        ]
    )
    assert share(rows, "finished", 3)["value"] == 0
    assert share(rows, "finished", 12)["value"] == pytest.approx(1 / 4)
    assert share(rows, "finished", 15)["value"] == pytest.approx(1 / 2)
    assert share(rows, "stopped", 12)["value"] == pytest.approx(1 / 4)
    assert share(rows, "in_use", 12)["value"] == 0


def test_a_share_beyond_what_was_followed_is_not_known():
    """The last day is 1,217 days, 40 months, after admission."""
    rows = rows_on([project("A", finished=on(100)), project("B")])
    assert share(rows, "finished", 39)["value"] == 0.5
    late = share(rows, "finished", 42)
    assert pd.isna(late["value"])
    assert late["denominator"] == "not-followed-so-long"


def test_when_all_have_ended_the_share_stays():
    rows = rows_on([project("A", finished=on(100)), project("B", stopped=on(50))])
    assert share(rows, "finished", 60)["value"] == 0.5


def test_taken_into_use_counts_as_finished_where_its_day_is_not_stated():
    rows = rows_on([project("A", in_use=on(100)), project("B")])
    assert share(rows, "finished", 6)["value"] == 0.5


@settings(max_examples=25, deadline=None)
@over(st.lists(st.tuples(st.integers(0, 2000), st.integers(0, 2)), min_size=1, max_size=20))
def test_shares_grow_and_add_up_to_no_more_than_one(pairs):
    frame = pd.DataFrame(pairs, columns=["days", "cause"])
    other = frame.assign(cause=frame["cause"].map({0: 0, 1: 2, 2: 1}))
    months = (12, 24, 36, 60)
    first, second = within(frame, months), within(other, months)
    known = [one.value for one in first if one.value is not None]
    assert known == sorted(known)
    for one, two in zip(first, second, strict=True):
        assert (one.value is None) == (two.value is None)
        assert one.value is None or one.value + two.value <= 1 + 1e-9


def test_one_project_alone_does_no_harm():
    rows = rows_on([project("A", admissible=None)])
    assert pd.isna(share(rows, "finished", 12)["value"])
    assert share(rows, "finished", 12)["n"] == 0
