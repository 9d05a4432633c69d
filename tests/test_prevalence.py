"""How often something is so, from a test that errs: printed fixtures and what it cannot measure."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.inference.prevalence import Validation, chapman, lang_reiczigel, rogan_gladen

PRINTED = Validation(70 / 100, 776 / 800, 100, 800)  # methods 3.4


def test_the_printed_fixture_of_rogan_gladen():
    found = rogan_gladen(180 / 3000, 3000, PRINTED)
    assert found.value == pytest.approx(0.044776, abs=5e-7)
    assert found.se == pytest.approx(0.011189, abs=5e-7)


def test_the_printed_fixture_of_lang_reiczigel():
    low, high = lang_reiczigel(180 / 3000, 3000, PRINTED)
    assert low == pytest.approx(0.02230, abs=5e-6)
    assert high == pytest.approx(0.06696, abs=5e-6)


def test_a_test_that_calls_fewer_than_it_calls_wrongly_cannot_measure():
    """3 % are called wrongly; 2 % called in all tells of no prevalence."""
    found = rogan_gladen(0.02, 3000, PRINTED)
    assert np.isnan(found.value)
    assert np.isnan(found.se)
    low, high = lang_reiczigel(0.02, 3000, PRINTED)
    assert low == 0
    assert high > 0


def test_so_few_called_that_even_the_interval_lies_below_zero_is_no_answer():
    low, high = lang_reiczigel(0.001, 3000, PRINTED)
    assert np.isnan(low)
    assert np.isnan(high)


def test_a_test_no_better_than_a_coin_tells_nothing():
    coin = Validation(0.5, 0.5, 100, 100)
    assert np.isnan(rogan_gladen(0.5, 1000, coin).value)
    assert lang_reiczigel(0.5, 1000, coin) == (0, 1)
    assert lang_reiczigel(0.0, 3, Validation(0.0, 1.0, 1, 1)) == (0, 1)  # found none, tried on one


def test_a_perfect_test_counts():
    """100 of 1,000, no error: the share itself, and the error of a share of a sample."""
    found = rogan_gladen(0.1, 1000, Validation(1.0, 1.0, 50, 50))
    assert found.value == pytest.approx(0.1)
    assert found.se == pytest.approx((0.1 * 0.9 / 1000) ** 0.5)


def test_arrays_give_what_numbers_give_one_by_one():
    called = np.array([0.04, 0.06, 0.08])
    together = lang_reiczigel(called, 3000, PRINTED)
    assert together.low.tolist() == [float(lang_reiczigel(x, 3000, PRINTED).low) for x in called]


@given(st.floats(0.06, 0.6), st.floats(0.6, 0.99), st.floats(0.95, 0.999))
def test_more_trials_of_the_test_narrow_the_interval(called, sensitivity, specificity):
    few, many = (
        lang_reiczigel(called, 5000, Validation(sensitivity, specificity, n, n)) for n in (50, 5000)
    )
    assert many.high - many.low <= few.high - few.low + 1e-12
    assert 0 <= many.low <= many.high <= 1


def test_two_lists_of_which_half_is_shared():
    """60 and 40 on the lists, 20 on both: 61 x 41/21 - 1."""
    assert chapman(60, 40, 20) == pytest.approx(118.0952, abs=1e-4)
    assert chapman(10, 10, 10) == 10
