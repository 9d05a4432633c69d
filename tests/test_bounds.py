"""Bounds and the assumption ladder: methods 2.6."""

import math
from itertools import pairwise, product

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.bounds import (
    Bounds,
    Tally,
    binomial_se,
    imbens_manski,
    no_assumption,
    observed_share,
    under_gamma,
    with_unpublished,
    yes_more_likely_unknown,
)
from analysis.inference.ladder import ladder, share_in_strata
from analysis.refusal import ContractError

# 1000 awards, of 330 it is known who won, 25 of these are start-ups.
THIRD_KNOWN = Tally(yes=25, no=305, unknown=670)

parts = st.integers(1, 500)
tallies = st.builds(Tally, yes=parts, no=parts, unknown=st.integers(0, 500))
gammas = st.floats(1, 50)


def test_a_third_known_leaves_almost_everything_possible():
    assert no_assumption(THIRD_KNOWN) == (0.025, 0.695)
    assert round(observed_share(THIRD_KNOWN), 4) == 0.0758


@pytest.mark.parametrize(
    ("gamma", "low", "high"), [(1.5, 0.0597, 0.0984), (2, 0.0514, 0.1194), (3, 0.0428, 0.1572)]
)
def test_limited_selection_leaves_less(gamma, low, high):
    assert [round(value, 4) for value in under_gamma(THIRD_KNOWN, gamma)] == [low, high]


def test_one_in_three_published_of_which_one_in_twenty():
    low, high = with_unpublished(Bounds(0.05, 0.05), coverage=1 / 3)
    assert (round(low, 3), round(high, 2)) == (0.017, 0.68)


def test_euros_follow_the_same_formula_as_awards():
    million = Tally(yes=2.0, no=6.0, unknown=2.0)
    assert no_assumption(million) == (0.2, 0.4)
    # 10 million published of 40 million spent.
    low, high = with_unpublished(no_assumption(million), coverage=10 / 40)
    assert (low, high) == pytest.approx((0.05, 0.85))


def test_ceased_firms_can_only_raise_the_share():
    low, high = yes_more_likely_unknown(THIRD_KNOWN)
    assert (round(low, 4), high) == (0.0758, 0.695)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([True, False, None])), min_size=1))
def test_the_bounds_are_the_least_and_the_most_of_all_completions(awards):
    awards = awards[:10]
    bounds = no_assumption(_tally(awards))
    open_weights = [weight for weight, answer in awards if answer is None]
    known_yes = sum(weight for weight, answer in awards if answer)
    total = sum(weight for weight, _ in awards)
    shares = [
        (known_yes + sum(w for w, yes in zip(open_weights, filled, strict=True) if yes)) / total
        for filled in product([False, True], repeat=len(open_weights))
    ]
    assert (min(shares), max(shares)) == pytest.approx(bounds, abs=1e-12)


def _tally(awards) -> Tally:
    sums = {answer: sum(w for w, a in awards if a is answer) for answer in (True, False, None)}
    return Tally(yes=sums[True], no=sums[False], unknown=sums[None])


@settings(max_examples=50, deadline=None)
@given(tallies, st.integers(0, 500), st.integers(0, 500))
def test_an_answer_lost_only_widens(tally, lost_yes, lost_no):
    yes, no = max(tally.yes - lost_yes, 0), max(tally.no - lost_no, 0)
    less = no_assumption(Tally(yes=yes, no=no, unknown=tally.total - yes - no))
    more = no_assumption(tally)
    assert less.low <= more.low
    assert less.high >= more.high


@settings(max_examples=50, deadline=None)
@given(tallies, gammas, gammas)
def test_every_rung_lies_within_the_weaker_one(tally, one, other):
    weak, strong = max(one, other), min(one, other)
    chain = [no_assumption(tally), under_gamma(tally, weak), under_gamma(tally, strong)]
    chain.append(Bounds(observed_share(tally), observed_share(tally)))
    for wide, narrow in pairwise(chain):
        assert wide.low <= narrow.low + 1e-12
        assert wide.high >= narrow.high - 1e-12


@settings(max_examples=50, deadline=None)
@given(tallies, st.floats(0, 1))
def test_less_published_only_widens(tally, coverage):
    published = no_assumption(tally)
    low, high = with_unpublished(published, coverage=coverage)
    assert low <= published.low + 1e-12
    assert high >= published.high - 1e-12


@pytest.mark.parametrize(
    ("low", "high", "critical", "interval"),
    [(0.025, 0.695, 1.6449, (0.01688, 0.71895)), (0.05, 0.06, 1.6585, (0.03857, 0.07246))],
)
def test_an_interval_around_bounds(low, high, critical, interval):
    found = imbens_manski(
        Bounds(low, high), se_low=binomial_se(low, 1000), se_high=binomial_se(high, 1000)
    )
    assert round(found.critical, 4) == critical
    assert (round(found.low, 5), round(found.high, 5)) == interval


def test_bounds_that_meet_have_the_usual_two_sided_interval():
    found = imbens_manski(Bounds(0.3, 0.3), se_low=0.1, se_high=0.1)
    assert (found.low, found.high) == pytest.approx((0.3 - 0.1959964, 0.3 + 0.1959964))


def _cells(*rows) -> pd.DataFrame:
    columns = ["buyer_type", "cpv", "yes", "no", "unknown"]
    cells = pd.DataFrame(rows, columns=columns)
    return cells.assign(known_awards=cells["yes"] + cells["no"])


STRATA = _cells(
    ("agency", "72", 10, 30, 10),  # 40 known: its own rate, 10/40
    ("town", "45", 5, 5, 20),  # 10 known, too few: the rate of all towns, 7/30
    ("town", "79", 2, 18, 0),
)
BY = ["buyer_type", "cpv"]


def test_a_stratum_with_too_few_known_is_collapsed():
    expected = (17 + 10 * 10 / 40 + 20 * 7 / 30) / 100
    assert share_in_strata(STRATA, by=BY) == pytest.approx(expected, abs=1e-12)
    own_rate = (17 + 10 * 10 / 40 + 20 * 5 / 10) / 100
    assert share_in_strata(STRATA, by=BY, smallest=10) == pytest.approx(own_rate, abs=1e-12)


def test_without_strata_the_unknown_are_like_all_known():
    assert share_in_strata(STRATA, by=[]) == pytest.approx(17 / 70, abs=1e-12)


def test_a_missing_stratum_is_a_stratum():
    cells = _cells(("agency", "72", 20, 0, 0), (None, "72", 5, 15, 60))
    assert share_in_strata(cells, by=BY) == pytest.approx((25 + 60 * 5 / 20) / 100, abs=1e-12)


def test_the_ladder_of_the_example():
    rungs = ladder(_cells(("agency", "72", 25, 305, 670)), by=BY)
    assert [(r.assumption, r.gamma, round(r.low, 4), round(r.high, 4)) for r in rungs] == [
        ("A0", None, 0.025, 0.695),
        ("A1", 3.0, 0.0428, 0.1572),
        ("A1", 2.0, 0.0514, 0.1194),
        ("A1", 1.5, 0.0597, 0.0984),
        ("A2", None, 0.0758, 0.0758),
        ("A3", None, 0.0758, 0.0758),
    ]


def test_with_nothing_known_only_the_first_rung_stands():
    assert ladder(_cells(("agency", "72", 0, 0, 5)), by=BY) == (("A0", None, 0.0, 1.0),)
    with pytest.raises(ContractError, match="nothing is known"):
        share_in_strata(_cells(("agency", "72", 0, 0, 5)), by=BY)


counts = st.integers(0, 60)
rows = st.tuples(st.sampled_from("ab"), st.sampled_from(["45", "72"]), counts, counts, counts)


@settings(max_examples=10, deadline=None)
@given(st.lists(rows, min_size=1, max_size=12), st.randoms(use_true_random=False))
def test_strata_stay_within_the_bounds_whatever_the_order(drawn, random):
    cells = _cells(*drawn, ("a", "45", 1, 1, 0))
    share = share_in_strata(cells, by=BY)
    low, high = ladder(cells, by=BY)[0][2:]
    assert low - 1e-12 <= share <= high + 1e-12
    order = random.sample(range(len(cells)), len(cells))
    assert share_in_strata(cells.iloc[order], by=BY) == pytest.approx(share, abs=1e-12)


@settings(max_examples=10, deadline=None)
@given(st.lists(rows, min_size=1, max_size=8), st.sampled_from([1, 2, 5]))
def test_a_stratum_may_be_spread_over_rows(drawn, times):
    cells = _cells(*drawn, ("a", "45", 1, 1, 0))
    split = pd.concat([cells.assign(**cells[_NUMBERS] / times)] * times)
    assert share_in_strata(split, by=BY) == pytest.approx(share_in_strata(cells, by=BY), abs=1e-9)


_NUMBERS = ["yes", "no", "unknown", "known_awards"]


@pytest.mark.parametrize(
    ("yes", "no", "unknown"), [(0, 0, 0), (-1, 5, 5), (math.nan, 1, 1), (1, math.inf, 1)]
)
def test_a_tally_of_nothing_or_of_nonsense_is_refused(yes, no, unknown):
    with pytest.raises(ContractError, match="a tally"):
        Tally(yes=yes, no=no, unknown=unknown)


def test_impossible_coverage_and_gamma_are_refused():
    with pytest.raises(ContractError, match="published"):
        with_unpublished(Bounds(0, 1), coverage=1.2)
    with pytest.raises(ContractError, match="Gamma"):
        under_gamma(THIRD_KNOWN, 0.5)
