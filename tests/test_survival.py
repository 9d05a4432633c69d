"""How long something takes while not all has ended: Kaplan-Meier, Aalen-Johansen."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from analysis.inference import survival
from analysis.inference.survival import cumulative_incidence, kaplan_meier, median
from analysis.refusal import ContractError

# Weeks in remission of the 21 children given 6-MP, and whether they relapsed: Freireich 1963.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]

durations = st.lists(st.tuples(st.integers(0, 30), st.integers(0, 2)), min_size=1, max_size=60)


def _at(curve, days) -> list[int]:
    return [list(curve.day).index(day) for day in days]


def _log_log(p, se) -> tuple[float, float]:
    reach = math.exp(1.959963985 * se / (p * -math.log(p)))
    return p**reach, p ** (1 / reach)


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(survival) == (0, 4)


def test_the_printed_curve_of_freireichs_children():
    curve = kaplan_meier(WEEKS, RELAPSED)
    rows = _at(curve, [6, 7, 10, 13, 16, 22, 23])
    printed = [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448]
    assert curve.survival[rows].round(3).tolist() == printed
    assert curve.at_risk[rows].tolist() == [21, 17, 15, 12, 11, 7, 6]
    assert median(curve) == 23


def test_the_interval_of_one_end_by_hand():
    # 1 of 4 ended: S = .75, se = .75 sqrt(1/(4 x 3)), z se/(S |ln S|) = 1.96/(sqrt(12) x .28768).
    curve = kaplan_meier([5, 9, 9, 9], [1, 0, 0, 0])
    reach = math.exp(1.959964 / (math.sqrt(12) * -math.log(0.75)))
    assert (curve.low[1], curve.high[1]) == pytest.approx((0.75**reach, 0.75 ** (1 / reach)))
    assert curve.low[1] < 0.75 < curve.high[1]


def test_the_curve_runs_from_the_first_day_to_the_last_on_which_one_looked():
    curve = kaplan_meier([30, 10, 50], [1, 1, 0])
    assert curve.day.tolist() == [0, 10, 30, 50]
    assert curve.at_risk.tolist() == [3, 3, 2, 1]
    assert curve.survival.tolist() == pytest.approx([1, 2 / 3, 1 / 3, 1 / 3])


def test_an_end_and_a_last_sight_on_one_day_were_both_at_risk():
    assert kaplan_meier([10, 10], [1, 0]).survival.tolist() == [1, 0.5]


def test_what_ended_on_the_day_it_began_counts():
    assert kaplan_meier([0, 10], [1, 1]).survival.tolist() == [0.5, 0]


def test_while_all_are_open_no_median_and_no_interval_are_known():
    curve = kaplan_meier([10, 20], [False, False])
    assert curve.survival.tolist() == [1, 1, 1]
    assert np.isnan(curve.low).all()
    assert np.isnan(curve.high).all()
    assert median(curve) is None


def test_one_project_that_ended_is_its_own_median():
    curve = kaplan_meier([12], [True])
    assert median(curve) == 12
    assert math.isnan(curve.low[-1])


def test_a_curve_that_stops_just_above_one_half_has_no_median():
    assert median(kaplan_meier([1, 2, 3, 4, 5], [1, 1, 0, 0, 0])) is None
    # 3/4 x 2/3 is one half, whatever the last digit.
    assert median(kaplan_meier([1, 2, 3, 4], [1, 1, 0, 0])) == 2


def test_open_ones_lengthen_the_median():
    assert median(kaplan_meier([1, 2, 3], [1, 1, 1])) == 2
    assert median(kaplan_meier([1, 2, 3, 4, 4, 4], [1, 1, 1, 1, 1, 0])) == 3


@settings(max_examples=60, deadline=None)
@given(durations)
def test_curves_agree_with_statsmodels(rows):
    days, causes = np.array(rows).T
    oracle = SurvfuncRight(days, causes > 0)
    curve = kaplan_meier(days, causes > 0)
    at = _at(curve, oracle.surv_times)
    assert curve.survival[at] == pytest.approx(oracle.surv_prob)
    assert curve.at_risk[at] == pytest.approx(oracle.n_risk)
    p, se = oracle.surv_prob, oracle.surv_prob_se
    for k in np.flatnonzero((p > 1e-9) & (p < 1 - 1e-9)):
        limits = curve.low[at[k]], curve.high[at[k]]
        assert limits == pytest.approx(_log_log(p[k], se[k]), rel=1e-6)


@settings(max_examples=60, deadline=None)
@given(durations.filter(lambda rows: {1, 2} <= {cause for _, cause in rows}))
def test_incidences_agree_with_statsmodels(rows):
    days, causes = np.array(rows).T
    with np.errstate(divide="ignore", invalid="ignore"):
        oracle = CumIncidenceRight(days, causes)
    for cause in (1, 2):
        found = cumulative_incidence(days, causes, of=cause)
        at = _at(found, oracle.times)
        f, se = oracle.cinc[cause - 1], oracle.cinc_se[cause - 1]
        assert found.incidence[at] == pytest.approx(f)
        sound = np.flatnonzero(np.isfinite(se) & (se > 1e-6) & (f > 1e-9) & (f < 1 - 1e-9))
        for k in sound:
            limits = found.low[at[k]], found.high[at[k]]
            assert limits == pytest.approx(_log_log(f[k], se[k]), rel=1e-5)


@settings(max_examples=60, deadline=None)
@given(durations, st.randoms(use_true_random=False))
def test_causes_and_the_open_add_up_whatever_the_order(rows, random):
    days, causes = np.array(rows).T
    curve = kaplan_meier(days, causes > 0)
    both = [cumulative_incidence(days, causes, of=cause) for cause in (1, 2)]
    assert curve.survival + both[0].incidence + both[1].incidence == pytest.approx(1)
    again = np.array(random.sample(rows, len(rows))).T
    for old, new in zip(curve, kaplan_meier(again[0], again[1] > 0), strict=True):
        np.testing.assert_array_equal(old, new)


@settings(max_examples=40, deadline=None)
@given(durations)
def test_to_censor_what_was_stopped_overstates_what_is_awarded(rows):
    days, causes = np.array(rows).T
    naive = 1 - kaplan_meier(days, causes == 1).survival
    assert (cumulative_incidence(days, causes, of=1).incidence <= naive + 1e-12).all()


def test_without_another_cause_the_incidence_mirrors_the_curve():
    curve = kaplan_meier(WEEKS, RELAPSED)
    found = cumulative_incidence(WEEKS, RELAPSED, of=1)
    assert found.incidence == pytest.approx(1 - curve.survival)
    # Greenwood: the variance of F is that of S.
    at = _at(found, [22])
    f, s = float(found.incidence[at][0]), float(curve.survival[at][0])
    of_f = math.log(math.log(found.low[at][0]) / math.log(f)) * f * -math.log(f)
    of_s = math.log(math.log(curve.low[at][0]) / math.log(s)) * s * -math.log(s)
    assert of_f == pytest.approx(of_s)


def test_the_printed_incidence_of_305_patients():
    # Months and status of the first nine, the others later: Br J Cancer 2004, 91, 1229, table 2.
    months = [7, 10, 14, 16, 18, 23, 24, 26, 27] + [99] * 296
    cause = [0, 1, 0, 1, 2, 1, 0, 2, 1] + [0] * 296
    found = cumulative_incidence(months, cause, of=1)
    rows = _at(found, [10, 16, 23, 27])
    assert found.at_risk[rows].tolist() == [304, 302, 300, 297]
    # The table rounds each step to .3 % and adds these up to 1.2.
    assert (100 * np.diff(found.incidence, prepend=0)[rows]).round(1).tolist() == [0.3] * 4
    assert round(100 * found.incidence[rows[-1]], 1) == 1.3


def test_a_cause_that_never_came_has_incidence_nought_and_no_interval():
    found = cumulative_incidence([5, 9], [1, 0], of=2)
    assert found.incidence.tolist() == [0, 0, 0]
    assert np.isnan(found.high).all()


@pytest.mark.parametrize(
    ("days", "ended"),
    [
        ([], []),
        ([1, 2], [1]),
        ([-1], [1]),
        ([math.nan], [1]),
        ([1], [math.nan]),
        ([1], [0.5]),
        ([1], pd.array([pd.NA], dtype="boolean")),
        (pd.array([pd.NA], dtype="Int64"), [True]),
    ],
)
def test_durations_that_are_not_known_are_refused(days, ended):
    with pytest.raises(ContractError, match="duration"):
        kaplan_meier(days, ended)
