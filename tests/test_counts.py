"""What a count against a target says: methods 6."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import poisson
from statsmodels.stats.rates import confint_poisson

from analysis.inference import counts
from analysis.inference.counts import funnel_limits, garwood, shrunk, traffic_light
from analysis.refusal import ContractError

targets = st.integers(1, 5000)
reached = st.integers(0, 5000)


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(counts) == (0, 4)


@pytest.mark.parametrize(
    ("observed", "target", "low", "high"),
    [
        (80, 100, 0.634, 0.996),
        (8, 10, 0.345, 1.576),
        (95, 100, 0.769, 1.161),
        (420, 500, 0.762, 0.924),
    ],
)
def test_the_printed_limits(observed, target, low, high):
    assert [round(limit, 3) for limit in garwood(observed, target)] == [low, high]


def test_nothing_reached_leaves_3_7_possible():
    # P(0 | mean) = .025 for mean = -ln .025.
    assert garwood(0, 10) == pytest.approx((0, -math.log(0.025) / 10))


@settings(max_examples=50, deadline=None)
@given(reached, targets)
def test_limits_agree_with_statsmodels(observed, target):
    low, high = confint_poisson(observed, 1, method="exact-c")
    found = garwood(observed, target)
    assert found.high == pytest.approx(high / target)
    assert found.low == pytest.approx(low / target if observed else 0)


def test_a_funnel_by_hand():
    # Mean 1: F(0) = .3679, so its 5 % is .05/.3679 of the way from -1 to 0, and not below 0.
    low, high = funnel_limits(1, 0.90)
    assert low == 0
    # F(2) = .9197, F(3) = .9810: .95 lies at 3 - .0310/.0613.
    assert high == pytest.approx(3 - (0.98101 - 0.95) / 0.06131, abs=1e-3)


@settings(max_examples=50, deadline=None)
@given(targets, st.sampled_from([0.95, 0.998]))
def test_a_funnel_holds_those_that_do_as_agreed(target, level):
    low, high = (float(limit) * target for limit in funnel_limits(target, level))
    assert poisson.cdf(math.ceil(low) - 1, target) <= (1 - level) / 2 + 1e-9
    assert poisson.sf(math.ceil(high), target) <= (1 - level) / 2 + 1e-9
    assert low < target < high


def test_a_funnel_narrows_and_widens_without_steps():
    sizes = np.arange(5, 600)
    narrow, wide = funnel_limits(sizes, 0.95), funnel_limits(sizes, 0.998)
    for limits in (narrow, wide):
        assert (np.diff(limits.high) < 0).all()
        assert (np.diff(limits.low) >= 0).all()
    assert (wide.low <= narrow.low).all()
    assert (wide.high >= narrow.high).all()


@pytest.mark.parametrize(
    ("observed", "target", "light"),
    [
        (100, 100, "green"),
        (131, 100, "green"),
        (99, 100, "amber"),
        (80, 100, "amber"),  # .80 is not below .80, though the upper limit is .996
        (79, 100, "red"),
        (7, 10, "amber"),  # .70, but chance reaches 1.442
        (3, 10, "red"),
        (420, 500, "amber"),  # surely below the target, but not below .80
        (0, 100, "red"),
        (None, 100, "grey"),
        (80, None, "grey"),
        (pd.NA, 100, "grey"),
        (80, math.nan, "grey"),
        (5, 0, "grey"),
    ],
)
def test_colours(observed, target, light):
    assert traffic_light(observed, target) == light


def test_a_changed_target_has_no_colour():
    assert traffic_light(10, 100, changed=True) == "grey"


@settings(max_examples=100, deadline=None)
@given(reached, targets)
def test_more_is_never_a_worse_colour(observed, target):
    order = ["red", "amber", "green"]
    now, more = traffic_light(observed, target), traffic_light(observed + 1, target)
    assert order.index(more) >= order.index(now)


def test_ratios_drawn_together_by_hand():
    # m = 1, s^2 = .64, A = .64 - 1/50 = .62, kept .62/.64.
    assert shrunk([90, 10], [50, 50]) == pytest.approx(
        [1 + 0.8 * 0.62 / 0.64, 1 - 0.8 * 0.62 / 0.64]
    )


def test_differences_that_chance_explains_leave_one_ratio():
    assert shrunk([9, 11, 10], [10, 10, 10]) == pytest.approx([1, 1, 1])
    assert shrunk([7], [10]) == pytest.approx([0.7])
    assert shrunk([0, 0], [10, 5]).tolist() == [0, 0]


def test_what_is_not_known_is_not_nought():
    found = shrunk(pd.array([90, None, 10, 3], dtype="Int64"), [50, 50, 50, 0])
    assert np.isnan(found[[1, 3]]).all()
    assert found[[0, 2]] == pytest.approx(shrunk([90, 10], [50, 50]))
    assert np.isnan(shrunk([None], [10])).all()
    assert shrunk([], []).size == 0


many = st.lists(st.tuples(st.integers(0, 300), st.integers(1, 300)), min_size=1, max_size=30)


@settings(max_examples=50, deadline=None)
@given(many, st.randoms(use_true_random=False))
def test_every_ratio_moves_towards_that_of_all_in_any_order(rows, random):
    o, t = np.array(rows).T
    found, ratio, mean = shrunk(o, t), o / t, o.sum() / t.sum()
    assert (np.abs(found - mean) <= np.abs(ratio - mean) + 1e-12).all()
    assert ((found - mean) * (ratio - mean) >= -1e-12).all()
    order = random.sample(range(len(rows)), len(rows))
    assert (shrunk(o[order], t[order]) == found[order]).all()


def test_shrunk_ratios_are_nearer_to_the_truth():
    random = np.random.default_rng(20160101)
    truth = random.gamma(25, 1 / 25, size=400)
    target = random.choice([10, 30, 100], size=400)
    observed = random.poisson(truth * target)
    errors = [
        np.mean((guess - truth) ** 2) for guess in (shrunk(observed, target), observed / target)
    ]
    assert errors[0] < 0.7 * errors[1]


@pytest.mark.parametrize(("observed", "target"), [(-1, 10), (math.nan, 10), (5, 0), (5, math.inf)])
def test_counts_that_are_none_are_refused(observed, target):
    with pytest.raises(ContractError, match="target"):
        garwood(observed, target)


@pytest.mark.parametrize(("target", "level"), [(0, 0.95), (10, 1), (10, 0), ([10, math.nan], 0.95)])
def test_a_funnel_of_nothing_is_refused(target, level):
    with pytest.raises(ContractError, match="funnel"):
        funnel_limits(target, level)
