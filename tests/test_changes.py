"""What can be said of a change when both years are known in part: methods 2.6."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.bounds import Bounds, Tally, share_at_odds
from analysis.inference.changes import (
    breakdown_gamma,
    change_bounds,
    change_under_common_gamma,
    change_under_gamma,
)

THIRD_KNOWN = Tally(yes=25, no=305, unknown=670)

parts = st.integers(1, 500)
tallies = st.builds(Tally, yes=parts, no=parts, unknown=st.integers(0, 500))


def test_two_years_that_say_nothing_about_each_other():
    found = change_bounds(Bounds(0.02, 0.10), Bounds(0.05, 0.30))
    assert found == pytest.approx((-0.05, 0.28))


def test_the_gamma_at_which_a_rise_is_gone():
    # 10 % before, all known. After, 20 % of the known: 40 yes of 400 (10 %) needs 20 yes among
    # the 300 unknown, odds 20/280 = 1/14 against 20/80 = 1/4 among the known: a factor 3.5.
    before, after = Tally(yes=10, no=90, unknown=0), Tally(yes=20, no=80, unknown=300)
    assert breakdown_gamma(before, after) == pytest.approx(3.5)
    assert breakdown_gamma(after, before) == pytest.approx(3.5)


def test_a_rise_that_holds_without_assumption_never_breaks_down():
    before, after = Tally(yes=10, no=90, unknown=0), Tally(yes=30, no=70, unknown=100)
    assert breakdown_gamma(before, after) == math.inf


def test_no_change_breaks_down_at_once():
    assert breakdown_gamma(THIRD_KNOWN, THIRD_KNOWN) == 1.0


def test_the_same_selection_in_both_years_cannot_make_a_change():
    assert change_under_common_gamma(THIRD_KNOWN, THIRD_KNOWN, 3) == (0, 0)
    assert change_under_gamma(THIRD_KNOWN, THIRD_KNOWN, 3).low < -0.1


@settings(max_examples=50, deadline=None)
@given(tallies, tallies, st.floats(1, 20))
def test_common_selection_gives_the_extremes_over_all_factors(before, after, gamma):
    odds = np.exp(np.linspace(-math.log(gamma), math.log(gamma), 201))
    seen = np.array([share_at_odds(after, g) - share_at_odds(before, g) for g in odds])
    low, high = change_under_common_gamma(before, after, gamma)
    # Between two tried factors a share moves by less than a quarter of their step on the log scale.
    step = 2 * math.log(gamma) / 200
    assert seen.min() - step / 2 - 1e-12 <= low <= seen.min() + 1e-12
    assert seen.max() - 1e-12 <= high <= seen.max() + step / 2 + 1e-12
    free = change_under_gamma(before, after, gamma)
    assert free.low - 1e-12 <= low
    assert high <= free.high + 1e-12


@settings(max_examples=50, deadline=None)
@given(tallies, tallies)
def test_the_breakdown_is_where_the_conclusion_turns(before, after):
    for change in (change_under_gamma, change_under_common_gamma):
        gamma = breakdown_gamma(before, after, change=change)
        if 1 < gamma < math.inf:
            low, high = change(before, after, gamma)
            assert min(abs(low), abs(high)) < 1e-9
