"""How many themes a portfolio spans, and whether its mix changed: methods 1.4, OD1-4 and OD1-7."""

import doctest
import math
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference import diversity
from analysis.inference.diversity import effective_number, same_mix_p
from analysis.refusal import ContractError

counts = st.lists(st.integers(0, 40), min_size=1, max_size=15).filter(sum)


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(diversity) == (0, 3)


def test_ten_projects_over_three_themes_by_hand():
    # Shares .5, .3, .2: sum s^2 = .38, entropy .3466 + .3612 + .3219 = 1.0297; HHI* = 2.8/9.
    found = effective_number([5, 3, 2])
    assert found.shannon == pytest.approx(math.exp(1.0297), abs=1e-3)
    assert found.simpson == pytest.approx(1 / 0.38)
    assert found.hhi_corrected == pytest.approx(2.8 / 9)
    assert found.simpson_corrected == pytest.approx(9 / 2.8)


def test_one_theme_is_one_theme():
    assert effective_number([7]) == (1, 1, 1, 1)
    assert effective_number([0, 7, 0]) == (1, 1, 1, 1)


def test_one_project_says_nothing_of_diversity():
    assert effective_number([1])[2:] == (None, None)


def test_where_no_two_projects_share_a_theme_the_number_has_no_estimate():
    found = effective_number([1, 1, 1])
    assert found[:2] == pytest.approx((3, 3))
    assert found[2:] == (0, None)


@settings(max_examples=50, deadline=None)
@given(st.integers(1, 15), st.integers(1, 50))
def test_equal_themes_are_as_many_as_they_are(themes, projects):
    assert effective_number([projects] * themes)[:2] == pytest.approx((themes, themes))


@settings(max_examples=50, deadline=None)
@given(counts, st.randoms(use_true_random=False))
def test_themes_effective_are_no_more_than_there_are_in_any_order(numbers, random):
    found = effective_number(numbers)
    there = sum(number > 0 for number in numbers)
    assert 1 - 1e-12 <= found.simpson <= found.shannon + 1e-12 <= there + 1e-9
    assert effective_number(random.sample(numbers, len(numbers))) == found


@settings(max_examples=50, deadline=None)
@given(st.lists(st.integers(0, 6), min_size=1, max_size=5).filter(lambda n: sum(n) > 1))
def test_the_correction_is_the_chance_that_two_projects_share_a_theme(numbers):
    themes = [theme for theme, number in enumerate(numbers) for _ in range(number)]
    pairs = list(combinations(themes, 2))
    same = sum(a == b for a, b in pairs) / len(pairs)
    assert effective_number(numbers).hhi_corrected == pytest.approx(same)


def test_the_correction_finds_the_true_mix_from_few_projects():
    # Truth .5, .3, .2: sum s^2 = .38. The plain one of 8 projects is .38 + .62/8 on average.
    drawn = np.random.default_rng(20160101).multinomial(8, [0.5, 0.3, 0.2], size=2000)
    found = [effective_number(row) for row in drawn]
    assert np.mean([d.hhi_corrected for d in found]) == pytest.approx(0.38, abs=0.01)
    assert np.mean([1 / d.simpson for d in found]) == pytest.approx(0.38 + 0.62 / 8, abs=0.01)


def test_one_mix_is_no_change_and_another_is():
    assert same_mix_p([10, 5, 5], [20, 10, 10]) == 1
    assert same_mix_p([20, 0, 0], [0, 10, 10]) == 1 / 2000


def test_the_share_of_deals_as_extreme_by_hand():
    # 6 projects, 3 in each period, of which 3 digital. 3 against 0 in 2 of the 20 ways to deal;
    # at least 2 against 1 in all.
    assert same_mix_p([3, 0], [0, 3], draws=20_000) == pytest.approx(0.1, abs=0.01)
    assert same_mix_p([2, 1], [1, 2]) == 1


def test_one_project_a_period_can_never_show_a_change():
    assert same_mix_p([1, 0], [0, 1]) == 1


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 20)), min_size=1, max_size=8))
def test_the_order_of_themes_and_those_without_projects_do_not_matter(rows):
    rows = [*rows, (1, 1)]
    old, new = zip(*rows, strict=True)
    p = same_mix_p(old, new, draws=99)
    assert 1 / 100 <= p <= 1
    assert same_mix_p((*old[::-1], 0), (*new[::-1], 0), draws=99) == p


def test_another_seed_gives_other_draws_and_much_the_same_answer():
    first, second = (same_mix_p([6, 2, 4], [2, 6, 5], seed=seed) for seed in (1, 2))
    assert first == pytest.approx(second, abs=0.05)
    assert first != second


def test_where_both_mixes_are_one_it_is_wrong_one_time_in_twenty():
    random = np.random.default_rng(20160101)
    periods = random.multinomial(25, [0.4, 0.3, 0.2, 0.1], size=(300, 2))
    p = np.array([same_mix_p(old, new, draws=199, seed=i) for i, (old, new) in enumerate(periods)])
    assert (p <= 0.05).mean() <= 0.082  # methods 8: R = 300


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1], [1.5], [1, math.nan]])
def test_counts_that_are_none_are_refused(bad):
    with pytest.raises(ContractError, match="theme"):
        effective_number(bad)


@pytest.mark.parametrize(("old", "new"), [([1], [1, 1]), ([0, 0], [1, 1]), ([1, 1], [0, 0])])
def test_a_period_without_projects_and_other_themes_are_refused(old, new):
    with pytest.raises(ContractError, match="same themes"):
        same_mix_p(old, new)
