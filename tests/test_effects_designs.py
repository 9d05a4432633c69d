"""Designs with one region, a cut-off, or matched firms: what they recover, and when they refuse."""

import doctest
import math
import warnings
from itertools import pairwise

import causaldata
import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from rdrobust import rdrobust
from rdrobust.datasets import rdrobust_RDsenate
from synthdid import synthdid_estimate
from validated import cutoffs, designs

from analysis.inference.effects import detectable, local_randomisation
from analysis.inference.effects.adjustment import (
    compare,
    entropy_balance,
    standardised_differences,
)
from analysis.inference.effects.bandwidths import Bandwidths
from analysis.inference.effects.bandwidths import optimal as optimal_bandwidths
from analysis.inference.effects.detectable import detectable_by_rank
from analysis.inference.effects.discontinuity import discontinuity
from analysis.inference.effects.firms import effect_on_treated, employment, ended
from analysis.inference.effects.interrupted import local_level, segmented
from analysis.inference.effects.interrupted_shares import shares
from analysis.inference.effects.local_lines import nearest
from analysis.inference.effects.local_randomisation import permuted, widest_balanced, windows
from analysis.inference.effects.matching import Sets, risk_sets
from analysis.inference.effects.series import lag_rule, newey_west
from analysis.inference.effects.synthetic import (
    difference_in_differences,
    in_space,
    in_time,
    simplex,
    synthetic_control,
    without_each_donor,
)
from analysis.inference.effects.synthetic_did import synthetic_did
from analysis.inference.effects.trimming import lee
from analysis.inference.effects.unknown_break import largest_break
from analysis.refusal import ContractError

DESIGNS = [difference_in_differences, synthetic_control, synthetic_did]
seeds = st.integers(0, 10_000)


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(detectable) == (0, 2)
    assert doctest.testmod(local_randomisation) == (0, 1)


# --- interrupted series ---------------------------------------------------------------------------


def test_the_nile_is_the_published_series():
    rows = designs.nile()
    before = rows["year"] < 1899
    assert rows["volume"][before].mean() == pytest.approx(1097.75)
    assert rows["volume"][~before].mean() == pytest.approx(849.9722, abs=5e-5)


def test_newey_west_is_that_of_independent_software():
    rows = designs.nile()
    t = np.arange(100.0)
    line = np.column_stack([np.ones(100), t, t >= 28, np.maximum(t - 28, 0)])
    fit = sm.OLS(rows["volume"].to_numpy(), line).fit(cov_type="HAC", cov_kwds={"maxlags": 3})
    ours = segmented(rows["year"], rows["volume"], first=1899, seed=1)
    assert ours.lag == lag_rule(100) == 3
    assert (ours.level_se, ours.slope_change_se) == pytest.approx(tuple(fit.bse[2:]))


def test_newey_west_of_three_scores_by_hand():
    # 1, 2, -1: squares 6, products one apart 2 - 2 = 0, two apart -1; weights 2/3 and 1/3, twice.
    scores = np.array([[1.0], [2.0], [-1.0]])
    assert newey_west(scores, 2)[0, 0] == pytest.approx(6 + 2 * (2 / 3 * 0 + 1 / 3 * -1))


def test_the_nile_dropped_in_1899_and_no_other_year_is_as_good():
    rows = designs.nile()
    found = largest_break(rows["year"], rows["volume"], seed=1)
    assert found.at == 1899
    assert found.p <= 0.01
    assert segmented(rows["year"], rows["volume"], first=1899, seed=1).p <= 0.01
    step = local_level(rows["year"], rows["volume"], first=1899)
    assert step.step == pytest.approx(-247.78, abs=3)  # nothing wanders once the step is there
    assert step.wandering < 1


def test_wald_of_a_known_date_is_the_f_test_of_the_broken_line():
    rows = designs.nile()
    t = np.arange(100.0)
    line = np.column_stack([np.ones(100), t, t >= 28, np.maximum(t - 28, 0)])
    f = sm.OLS(rows["volume"].to_numpy(), line).fit().f_test(np.eye(4)[2:]).fvalue
    found = largest_break(rows["year"], rows["volume"], seed=1)
    assert found.statistic == pytest.approx(2 * float(f))


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_a_line_added_moves_the_slope_only_and_the_order_of_rows_nothing(seed):
    rng = np.random.default_rng(seed)
    y, t = rng.standard_normal(40), np.arange(40)
    one = segmented(t, y, first=25, seed=0)
    tilted = segmented(t, y + 3 + 2 * t, first=25, seed=0)
    assert tilted.level == pytest.approx(one.level)
    assert tilted.slope_before == pytest.approx(one.slope_before + 2)
    assert tilted.p == one.p
    order = rng.permutation(40)
    assert segmented(t[order], y[order], first=25, seed=0) == pytest.approx(one, nan_ok=True)


def test_a_broken_line_without_noise_is_found_whole():
    t = np.arange(2001, 2021)
    y = 5 + 0.5 * (t - 2001) + 3 * (t >= 2011) - 1.5 * np.maximum(t - 2011, 0)
    found = segmented(t, y, first=2011, seed=0)
    given_ = (found.level, found.slope_before, found.slope_change)
    assert given_ == pytest.approx((3, 0.5, -1.5))


def test_what_both_series_met_is_no_effect():
    rng = np.random.default_rng(5)
    t, shock = np.arange(48), 4.0 * (np.arange(48) >= 30)
    comparison = rng.standard_normal(48) + shock
    alone = segmented(t, comparison + 0.1 * rng.standard_normal(48), first=30, seed=1)
    controlled = segmented(
        t,
        comparison + 0.1 * np.sin(7 * t),
        first=30,
        comparison=comparison,
        seed=1,
    )
    assert alone.level > 2
    assert abs(controlled.level) < 0.2
    assert controlled.assumption != alone.assumption


def test_an_unknown_period_is_a_gap_and_no_zero():
    rng = np.random.default_rng(2)
    t, y = np.arange(30), 10 + rng.standard_normal(30)
    missing = np.where(t == 7, np.nan, y)
    assert segmented(t, missing, first=20, seed=0) == segmented(
        t[t != 7], y[t != 7], first=20, seed=0
    )
    # The neighbours of the gap are two periods apart: closing it up changes the errors.
    closed = segmented(np.arange(29), y[t != 7], first=19, seed=0)
    assert closed.level_se != segmented(t, missing, first=20, seed=0).level_se


def test_six_months_after_newey_west_finds_what_is_not_there_and_the_drawn_table_does_not():
    rng = np.random.default_rng(3)
    found = [
        segmented(np.arange(72), rng.standard_normal(72), first=66, seed=run) for run in range(120)
    ]
    assert np.mean([abs(f.level) > 1.96 * f.level_se for f in found]) > 0.2
    assert np.mean([f.p <= 0.05 for f in found]) <= 0.05 + 2.6 * math.sqrt(0.05 * 0.95 / 120)


@pytest.mark.parametrize("first", [2, 29])
def test_fewer_than_three_periods_on_a_side_are_refused(first):
    with pytest.raises(ContractError, match="three on each side"):
        segmented(np.arange(30), np.arange(30.0) ** 2, first=first, seed=0)


def test_a_month_given_twice_is_refused():
    with pytest.raises(ContractError, match="each once"):
        segmented([1, 2, 2, 3, 4, 5, 6], np.arange(7.0), first=4, seed=0)


def test_a_share_that_doubles_does_so_by_hand():
    # 20 of 100 each month, then 40 of 100: logit .4 - logit .2 = ln(.4/.6 x .8/.2), 20 points.
    t = np.arange(48)
    found = shares(t, np.where(t >= 24, 40, 20), np.full(48, 100), first=24, seed=0)
    assert found.level == pytest.approx(math.log(0.4 / 0.6 * 0.8 / 0.2))
    assert found.slope_change == pytest.approx(0, abs=1e-6)
    assert found.points == pytest.approx(0.2)


def test_month_effects_take_the_season_out():
    # A share of 30 % each December, else 10 %; the months after the break hold two Decembers.
    t = np.arange(60)
    of = np.full(60, 1000)
    found = shares(t, np.where(t % 12 == 11, 300, 100), of, first=36, seed=0)
    assert found.points == pytest.approx(0, abs=1e-6)


def test_a_month_without_awards_weighs_nothing():
    rng = np.random.default_rng(4)
    t, of = np.arange(60), rng.poisson(300, 60)
    yes = rng.binomial(of, 0.08)
    yes[10] = of[10] = 0
    found = shares(t, yes, of, first=40, seed=0)
    assert found == shares(
        np.delete(t, 10), np.delete(yes, 10), np.delete(of, 10), first=40, seed=0
    )


def test_six_clean_months_of_four_hundred_awards_see_a_point_and_a_half():
    # Methods 4.7: 1.5 points on 5 %, at 80 % and 5 %.
    rng = np.random.default_rng(11)
    found = [
        shares(np.arange(84), rng.binomial(400, 0.05, 84), np.full(84, 400), first=78, seed=run)
        for run in range(8)
    ]
    assert np.mean([f.detectable for f in found]) == pytest.approx(0.015, abs=0.0015)


def test_a_share_of_none_after_the_break_has_no_logit():
    t = np.arange(40)
    with pytest.raises(ContractError, match="none or all"):
        shares(t, np.where(t < 30, 5, 0), np.full(40, 50), first=30, seed=0)


# --- one region among others ----------------------------------------------------------------------


def _regions(seed: int, units: int = 12, periods: int = 14) -> np.ndarray:
    rng = np.random.default_rng(seed)
    factors = rng.standard_normal((2, periods)).cumsum(axis=1)
    loadings = rng.uniform(0, 1, (units, 2))
    return loadings @ factors + 0.1 * rng.standard_normal((units, periods))


@pytest.mark.parametrize("design", DESIGNS)
@given(seeds)
@settings(max_examples=10, deadline=None)
def test_the_order_of_regions_changes_nothing(design, seed):
    y = _regions(seed)
    own = design(y, 3, 9)
    assert own.weights.sum() == pytest.approx(1)
    assert own.weights[3] == 0
    assert (own.weights >= 0).all()
    order = np.random.default_rng(seed).permutation(len(y))
    moved = design(y[order], int(np.flatnonzero(order == 3)[0]), 9)
    assert moved.effect == pytest.approx(own.effect, abs=1e-6)
    assert moved.weights == pytest.approx(own.weights[order], abs=1e-5)


@pytest.mark.parametrize("design", [difference_in_differences, synthetic_control])
def test_a_shock_that_all_met_is_no_effect(design):
    y, shock = _regions(4), np.random.default_rng(1).standard_normal(14)
    assert design(y + shock, 3, 9).effect == pytest.approx(design(y, 3, 9).effect, abs=1e-6)


@pytest.mark.parametrize("design", [difference_in_differences, synthetic_did])
def test_a_level_of_its_own_matters_only_without_a_shift(design):
    y = _regions(1)
    levels = np.arange(len(y))[:, None] * 5.0
    assert design(y + levels, 3, 9).effect == pytest.approx(design(y, 3, 9).effect, abs=1e-6)
    apart = synthetic_control(y + levels, 3, 9).effect - synthetic_control(y, 3, 9).effect
    assert abs(apart) > 0.01


def test_a_region_that_is_a_mean_of_two_has_their_weights_and_the_whole_effect():
    y = _regions(2, units=6, periods=20)
    y[0] = 0.3 * y[2] + 0.7 * y[4]
    y[0, 15:] += 2
    found = synthetic_control(y, 0, 15)
    assert found.weights == pytest.approx([0, 0, 0.3, 0, 0.7, 0], abs=1e-6)
    assert found.effect == pytest.approx(2, abs=1e-6)
    assert found.pre_rmspe < 1e-6


@given(seeds, st.integers(2, 8), st.integers(1, 10))
@settings(max_examples=40, deadline=None)
def test_no_other_weights_on_the_simplex_are_closer(seed, donors, periods):
    rng = np.random.default_rng(seed)
    columns, target = rng.standard_normal((periods, donors)), rng.standard_normal(periods)
    w = simplex(columns, target, 0.3)
    gradient = columns.T @ (columns @ w - target) + 0.09 * periods * w
    # At the minimum the slope is equal where there is weight, and nowhere smaller.
    assert gradient[w > 1e-9] == pytest.approx(np.full((w > 1e-9).sum(), gradient.min()), abs=1e-8)
    assert w.sum() == pytest.approx(1)


def test_difference_in_differences_by_hand():
    y = [[1, 1, 5, 7], [2, 4, 4, 4], [0, 2, 3, 3]]
    # Treated 6 - 1 = 5; donors means 2 before (3, 1) and 3.5 after (4, 3): 1.5.
    assert difference_in_differences(y, 0, 2).effect == pytest.approx(3.5)


def test_synthetic_did_is_near_what_the_package_gives_in_a_drawn_panel():
    y = _regions(7, units=15, periods=20)
    donors_first = np.roll(y, -1, axis=0)
    peer = float(synthdid_estimate(donors_first, 14, 14, max_iter=20_000))
    assert synthetic_did(y, 0, 14).effect == pytest.approx(peer, abs=0.01)


def test_california_ranks_high_among_placebos():
    y, treated, before = designs.smoking()
    found = in_space(synthetic_did, y, treated, before)
    assert found.usable
    assert found.p == pytest.approx(1 / 39)
    assert found.p_effect == pytest.approx(2 / 39)
    assert 8 < found.se < 10  # published about 8.4, from drawn placebos
    assert not in_space(difference_in_differences, y, treated, before).usable
    left = without_each_donor(synthetic_control, y, treated, before)
    own = designs.california("SC")
    unused = (own.weights == 0) & ~np.isnan(left)
    assert left[unused] == pytest.approx(np.full(unused.sum(), own.effect), abs=1e-3)
    assert np.nanmax(abs(left - own.effect)) < 3
    early = in_time(synthetic_control, y, treated, before, placebo=15)
    assert abs(early.effect) < abs(own.effect) / 2


def test_a_placebo_date_sees_nothing_of_the_years_after():
    y, treated, before = designs.smoking()
    spoiled = y.copy()
    spoiled[:, before:] += 1000
    both = [in_time(synthetic_did, table, treated, before, placebo=12) for table in (y, spoiled)]
    assert both[0].effect == both[1].effect


def test_with_eleven_donors_no_effect_is_rare_enough():
    y = _regions(3)
    y[0, 9:] += 100
    found = in_space(synthetic_did, y, 0, 9)
    assert found.p_effect == pytest.approx(1 / 12)
    assert found.detectable == math.inf


def test_what_ranks_first_of_twenty_is_as_far_as_the_farthest_placebo_and_the_noise():
    placebos = np.arange(-9.0, 10.0)  # 19 donors; d - 6 > 9 holds for four of five
    assert detectable_by_rank(placebos) == 9 + 6


@pytest.mark.parametrize(
    ("table", "treated", "before"),
    [
        (np.ones((2, 5)), 0, 3),
        (np.ones((4, 5)), 0, 1),
        (np.ones((4, 5)), 0, 5),
        (np.where(np.eye(4, 5) == 1, np.nan, 1.0), 0, 3),
    ],
)
def test_too_few_regions_or_an_unknown_cell_is_refused(table, treated, before):
    with pytest.raises(ContractError, match="every cell known"):
        synthetic_did(table, treated, before)


# --- cut-off of a score ---------------------------------------------------------------------------


def test_a_jump_between_two_lines_is_found_whole():
    x = np.linspace(-1, 1, 81)
    found = discontinuity(x, 2 + 3 * x + 5 * (x >= 0), bandwidths=Bandwidths(0.5, 0.8))
    assert found.estimate == pytest.approx(5)
    assert found.corrected == pytest.approx(5)
    assert (found.left, found.right) == (19, 20)


def test_a_curve_biases_the_line_and_the_correction_takes_it_off():
    x = np.linspace(-1, 1, 201)
    found = discontinuity(x, np.where(x >= 0, 4 * x**2, 0), bandwidths=Bandwidths(0.6, 0.9))
    assert found.estimate < -0.05
    assert found.corrected == pytest.approx(0, abs=1e-10)


@pytest.mark.parametrize("kernel", ["triangular", "uniform", "epanechnikov"])
def test_scores_with_ties_give_what_the_package_gives(kernel):
    rng = np.random.default_rng(8)
    x = np.round(rng.normal(0, 20, 600), 1)
    y = 0.02 * x + 0.001 * x**2 + (x >= 5) + rng.standard_normal(600)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        peer = rdrobust(y, x, c=5, kernel=kernel)
    ours = discontinuity(x, y, cutoff=5, kernel=kernel)
    assert (ours.h, ours.b) == pytest.approx(tuple(peer.bws["left"]), rel=1e-6)
    assert (ours.estimate, ours.corrected) == pytest.approx(tuple(peer.coef["Coeff"].iloc[:2]))
    assert (ours.se, ours.robust_se) == pytest.approx(tuple(peer.se["Std. Err."].iloc[[0, 2]]))


def test_the_bandwidth_for_coverage_is_that_of_the_package():
    rows = rdrobust_RDsenate()
    peer = rdrobust(rows["vote"], rows["margin"], bwselect="cerrd")
    ours = optimal_bandwidths(rows["margin"], rows["vote"], aim="coverage")
    assert ours == pytest.approx(tuple(peer.bws["left"]), rel=1e-6)


def test_a_residual_from_the_three_nearest_by_hand():
    # Nearest to score 0: 1, 2 and 4, outcomes 3, 6 and 3, mean 4; sqrt(3/4) x (1 - 4).
    found = nearest(np.array([0.0, 1, 2, 4, 9]), np.array([1.0, 3, 6, 3, 100]))
    assert found[0] == pytest.approx(math.sqrt(3 / 4) * (1 - 4))
    # Score 2: 1 at one, then 0 and 4 both at two; 1, 3 and 3.
    assert found[2] == pytest.approx(math.sqrt(3 / 4) * (6 - 7 / 3))


def test_scores_in_any_order_and_unknown_ones_left_out():
    rows = rdrobust_RDsenate()
    x, y = rows["margin"].to_numpy(), rows["vote"].to_numpy()
    order = np.random.default_rng(0).permutation(len(x))
    shuffled = discontinuity(x[order], y[order])
    assert shuffled[:-2] == pytest.approx(cutoffs.senate()[:-2])
    assert shuffled.unknown == 1390 - 1297


def test_transfers_by_two_lines_with_one_weight_for_all():
    rows = causaldata.gov_transfers.load_pandas().data
    found = discontinuity(
        rows["Income_Centered"],
        rows["Support"],
        kernel="uniform",
        bandwidths=Bandwidths(0.02, 0.02),
    )
    assert -found.estimate == pytest.approx(0.099852, abs=5e-7)


@pytest.mark.parametrize("score", [None, np.full(50, np.nan)])
def test_without_scores_both_refuse(score):
    outcome = np.arange(50.0)
    with pytest.raises(ContractError, match="score"):
        discontinuity(score, outcome)
    with pytest.raises(ContractError, match="no scores"):
        local_randomisation.local_randomisation(score, outcome, 1.0, seed=1)
    with pytest.raises(ContractError, match="no scores"):
        windows(score, outcome[:, None], [1.0], seed=1)


def test_a_bandwidth_with_too_few_scores_is_refused():
    x = np.concatenate([np.linspace(-20, -10, 30), np.linspace(0, 10, 30)])
    with pytest.raises(ContractError, match="different scores"):
        discontinuity(x, x, bandwidths=Bandwidths(2.0, 5.0))


# --- by lot near a cut-off ------------------------------------------------------------------------


def test_eight_units_have_seventy_allocations():
    rows = causaldata.ri.load_pandas().data
    found = permuted(rows["d"], rows["y"], seed=0)
    assert (found.difference, found.allocations, found.exact) == (1.0, 70, True)
    assert (found.p, found.p_larger) == pytest.approx((0.857143, 0.428571), abs=5e-7)


def test_a_lady_who_tells_all_eight_cups():
    poured_first = np.repeat([True, False], 4)
    assert permuted(poured_first, poured_first, seed=0).p_larger == pytest.approx(1 / 70)


def test_drawn_allocations_come_near_all_of_them_and_no_order_matters():
    rng = np.random.default_rng(1)
    treated, outcome = np.arange(22) < 11, rng.standard_normal(22) + (np.arange(22) < 11)
    found = permuted(treated, outcome, seed=3, draws=4999)
    assert not found.exact
    order = rng.permutation(22)
    assert permuted(treated[order], outcome[order], seed=3, draws=4999) == pytest.approx(found)
    pooled = math.sqrt(np.var(outcome[:11], ddof=1) / 11 + np.var(outcome[11:], ddof=1) / 11)
    normal = math.erfc(abs(found.difference) / pooled / math.sqrt(2))
    assert found.p == pytest.approx(normal, abs=0.02)


def test_the_window_ends_before_the_first_that_is_not_balanced():
    x = np.concatenate([np.arange(-30, 0), np.arange(30)]) + 0.5
    covariate = np.where(abs(x) < 10, np.cos(40 * x), np.sign(x) * 5)
    tried = windows(x, covariate[:, None], [2, 5, 10, 15, 25], seed=1)
    assert [w.reach for w in tried] == [5, 10, 15, 25]  # two scores on a side are too few
    assert tried[2].smallest_p <= 0.15
    assert widest_balanced(tried).reach == 10
    with pytest.raises(ContractError, match="unbalanced"):
        widest_balanced(tried[2:])


def test_within_the_window_means_are_compared_and_sorting_is_told():
    score = [-3, -2, -1, 1, 2, 3, 9, np.nan]
    outcome = [1, 2, 3, 4, 5, 6, 100, 5]
    found = local_randomisation.local_randomisation(score, outcome, 3, seed=0)
    assert (found.difference, found.p) == pytest.approx((3, 2 / 20))
    assert (found.left, found.right, found.unknown, found.sorting_p) == (3, 3, 1, 1.0)
    steered = [-1, -2, 1, 1, 2, 2, 3, 3, 3, 3]
    found = local_randomisation.local_randomisation(steered, np.arange(10.0), 3, seed=0)
    assert found.sorting_p == pytest.approx(2 * (1 + 10 + 45) / 1024)


# --- matched firms --------------------------------------------------------------------------------


def _records(seed: int, firms: int = 60, periods: int = 4) -> dict[str, np.ndarray]:
    """Firms followed over periods; some have a first contract in one of them."""
    rng = np.random.default_rng(seed)
    first = rng.integers(0, 3 * periods, firms)
    firm = np.repeat(np.arange(firms), periods)
    period = np.tile(np.arange(periods), firms)
    x = rng.standard_normal((firms * periods, 2)) + (first[firm] == period)[:, None] * 0.5
    return {
        "firm": firm,
        "period": period,
        "adopts": first[firm] == period,
        "cell": np.repeat(rng.integers(0, 2, firms), periods),
        "covariates": x,
    }


def _pairs(records: dict[str, np.ndarray], sets: Sets) -> set[tuple[int, int, int]]:
    heads = {n: r for n, r, t in zip(sets.number, sets.row, sets.treated, strict=True) if t}
    firm, period = records["firm"], records["period"]
    return {
        (int(period[r]), int(firm[heads[n]]), int(firm[r]))
        for n, r, t in zip(sets.number, sets.row, sets.treated, strict=True)
        if not t
    }


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_a_set_holds_who_had_no_contract_yet_in_the_same_cell_and_period(seed):
    records = _records(seed)
    sets = risk_sets(**records)
    first = np.full(60, 99)
    np.minimum.at(first, records["firm"][records["adopts"]], records["period"][records["adopts"]])
    cell = dict(zip(records["firm"].tolist(), records["cell"].tolist(), strict=True))
    pairs = _pairs(records, sets)
    assert pairs
    for period, treated, control in pairs:
        assert first[treated] == period < first[control]
        assert cell[treated] == cell[control]
    weights = np.bincount(sets.number, sets.weight)
    assert weights == pytest.approx(np.full(len(weights), 2.0))
    assert np.bincount(sets.number).max() <= 6
    assert len(weights) + sets.alone.size == len(set(records["firm"][records["adopts"]].tolist()))


@given(seeds)
@settings(max_examples=10, deadline=None)
def test_nothing_later_moves_a_set_and_no_order_of_rows(seed):
    records = _records(seed)
    own = {pair for pair in _pairs(records, risk_sets(**records)) if pair[0] <= 1}
    rng = np.random.default_rng(seed + 1)
    later = records["period"] > 1
    changed = records | {
        "covariates": records["covariates"] + 10 * later[:, None] * rng.random((240, 2)),
        "adopts": np.where(later, rng.random(240) < 0.1, records["adopts"]),
    }
    assert own == {pair for pair in _pairs(changed, risk_sets(**changed)) if pair[0] <= 1}
    order = rng.permutation(240)
    shuffled = {name: column[order] for name, column in records.items()}
    assert _pairs(shuffled, risk_sets(**shuffled)) == _pairs(records, risk_sets(**records))


def test_the_nearest_within_the_caliper_and_a_treated_firm_may_stay_alone():
    # One covariate: treated 0 and 9; others 0.1, -0.2, 3 and 3.2. Nobody is near 9.
    x = np.array([0, 9, 0.1, -0.2, 3, 3.2])[:, None]
    sets = risk_sets(list("abcdef"), [0] * 6, [1, 1, 0, 0, 0, 0], [1] * 6, x)
    assert sets.row.tolist() == [0, 2, 3]
    assert sets.weight.tolist() == [1, 0.5, 0.5]
    assert sets.alone.tolist() == [1]


def test_a_covariate_not_known_is_no_zero():
    records = _records(1)
    records["covariates"][0, 0] = np.nan
    sets = risk_sets(**records)
    assert 0 not in sets.row
    assert sets.unknown == 1


def test_two_records_of_a_firm_in_a_period_are_refused():
    with pytest.raises(ContractError, match="twice"):
        risk_sets([1, 1, 2], [0, 0, 0], [1, 0, 0], [0, 0, 0], np.zeros((3, 1)))


def test_entropy_weights_by_hand():
    # 0, 1 and 2 with mean .5: weights 1, r, r^2 with 1.5 r^2 + .5 r - .5 = 0.
    r = (-0.5 + math.sqrt(0.25 + 3)) / 3
    weights = entropy_balance([[0.0], [1.0]], [[0.0], [1.0], [2.0]])
    assert weights == pytest.approx(np.array([1, r, r * r]) / (1 + r + r * r))


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_entropy_weights_balance_every_covariate(seed):
    rng = np.random.default_rng(seed)
    treated, others = rng.standard_normal((20, 3)) + 0.5, rng.standard_normal((200, 3))
    weights = entropy_balance(treated, others)
    assert weights @ others == pytest.approx(treated.mean(axis=0), abs=1e-8)
    both = np.vstack([treated, others])
    smd = standardised_differences(
        both, np.arange(220) < 20, np.concatenate([np.full(20, 1 / 20), weights])
    )
    assert smd == pytest.approx(np.zeros(3), abs=1e-7)


def test_a_mean_that_no_weights_reach_is_refused():
    with pytest.raises(ContractError, match="no weights"):
        entropy_balance([[3.0]], [[0.0], [1.0], [2.0]])


def test_matching_and_weighting_undo_the_naive_answer():
    truth, wrong = designs.experiment().estimate, designs.naive().estimate
    for found in (designs.matched(), designs.balanced()):
        assert abs(found.estimate - truth) < 0.1 * abs(wrong - truth)
    assert designs.matched().treated > 180


def test_the_order_of_rows_moves_no_comparison():
    rows = designs.training().sample(frac=1, random_state=1)
    found = compare(rows["re78"], rows["treat"])
    assert found.estimate == pytest.approx(designs.experiment().estimate, rel=1e-12)


# --- what became of firms -------------------------------------------------------------------------


def _sets(sizes: list[int]) -> Sets:
    """Sets of one treated and so many controls, every part another firm."""
    number = np.repeat(np.arange(len(sizes)), [1 + k for k in sizes])
    treated = np.concatenate([[True] + [False] * k for k in sizes])
    weight = np.concatenate([[1.0] + [1 / k] * k for k in sizes])
    row = np.arange(number.size)
    return Sets(number, row, row, treated, weight, np.array([], dtype=np.int64), 0)


def test_an_effect_on_two_treated_firms_by_hand():
    # Treated 3 and 5; controls 1 and 3 (mean 2), and 4: effects 1 and 1.
    sets, y = _sets([2, 1]), np.array([3.0, 1, 3, 5, 4])
    found = effect_on_treated(sets, y)
    assert found.estimate == pytest.approx(1)
    # Mean treated 4, controls 3: parts (-1, 1)/2, -(-2, 0)/4, -(1)/2; squares sum to 1; x 5/4.
    assert found.se == pytest.approx(math.sqrt(5 / 4))
    assert (found.treated, found.firms, found.unknown) == (2, 5, 0)


def test_a_control_in_two_sets_is_one_firm():
    sets, y = _sets([1, 1]), np.array([3.0, 1, 5, 2])
    once = sets._replace(firm=np.array([0, 1, 2, 1]))
    assert effect_on_treated(once, y).estimate == effect_on_treated(sets, y).estimate
    assert effect_on_treated(once, y).firms == 3


def test_an_unknown_outcome_leaves_its_part_and_half_a_set_is_no_set():
    sets = _sets([2, 1, 1])
    y = np.array([3.0, np.nan, 3, np.nan, 4, 6, 1])
    found = effect_on_treated(sets, y)
    assert found.estimate == pytest.approx((0 + 5) / 2)
    assert (found.treated, found.unknown) == (2, 3)
    with pytest.raises(ContractError, match="at least two"):
        effect_on_treated(sets, np.where(sets.number == 0, y, np.nan))


def test_who_was_bought_did_not_cease():
    # Treated: one ceased, one bought, two there. Controls: two ceased, two there. 1/4 - 1/2.
    sets = _sets([1, 1, 1, 1])
    days = np.array([100, 50, 80, 90, 400, 400, 400, 400])
    cause = np.array([1, 1, 2, 1, 0, 0, 0, 0])
    found = ended(sets, days, cause, of=1, at=365)
    assert found.estimate == pytest.approx(-1 / 4)
    assert ended(sets, days, cause, of=2, at=365).estimate == pytest.approx(1 / 4)
    # Each group's p q n/(n - 1)^2, by the jackknife over eight firms.
    variance = (3 / 16 + 1 / 4) * 4 / 9 * 7 / 8
    assert found.se == pytest.approx(math.sqrt(variance))


def test_controls_share_the_weight_of_their_set():
    # Sets of one and of two controls: ended (1), and one of two: (1 + .5)/2; no treated ended.
    sets = _sets([1, 2])
    found = ended(sets, [400, 10, 400, 20, 400], [0, 1, 0, 1, 0], of=1, at=365)
    assert found.estimate == pytest.approx(-0.75)


def test_a_day_that_nobody_was_followed_to_is_refused():
    with pytest.raises(ContractError, match="followed"):
        ended(_sets([1, 1]), [10, 10, 10, 10], [0, 0, 0, 0], of=1, at=365)


def test_bounds_on_those_left_either_way_by_hand():
    # All four treated are left, two of four others: half of the treated are trimmed.
    found = lee([1, 2, 3, 4, 1, 3, 9, 9], [1] * 4 + [0] * 4, [1] * 6 + [0] * 2)
    assert (found.low, found.high) == pytest.approx((1.5 - 2, 3.5 - 2))
    assert (found.left_treated, found.left_others, found.trimmed) == (1, 0.5, 0.5)
    # Three treated left: one and a half stay, a tie at the edge is split.
    found = lee([1, 2, 3, 1, 3, 9, 9], [1] * 3 + [0] * 4, [1] * 5 + [0] * 2)
    assert found.low == pytest.approx((1 + 0.5 * 2) / 1.5 - 2)
    assert found.high == pytest.approx((3 + 0.5 * 2) / 1.5 - 2)


def test_when_fewer_treated_are_left_the_others_are_trimmed():
    y, d, s = [1, 3, 9, 9, 1, 2, 3, 4], [1] * 4 + [0] * 4, [1, 1, 0, 0, 1, 1, 1, 1]
    found = lee(y, d, s)
    assert (found.low, found.high) == pytest.approx((2 - 3.5, 2 - 1.5))


@given(seeds)
@settings(max_examples=20, deadline=None)
def test_bounds_hold_the_difference_and_need_no_order(seed):
    rng = np.random.default_rng(seed)
    d, s = np.arange(80) < 30, rng.random(80) < 0.8
    y = rng.standard_normal(80)
    found = lee(y, d, s)
    plain = y[d & s].mean() - y[~d & s].mean()
    assert found.low - 1e-12 <= plain <= found.high + 1e-12
    assert found.low_end < found.low <= found.high < found.high_end
    order = rng.permutation(80)
    assert lee(y[order], d[order], s[order])[:-2] == pytest.approx(found[:-2])


def test_the_errors_of_the_bounds_are_their_spread_over_samples():
    rng = np.random.default_rng(6)
    found = []
    for _ in range(300):
        d = np.arange(400) < 100
        left = rng.random(400) < np.where(d, 0.9, 0.75)
        found.append(lee(rng.standard_normal(400), d, left))
    for bound, error in (("low", "se_low"), ("high", "se_high")):
        spread = np.std([getattr(f, bound) for f in found])
        assert np.mean([getattr(f, error) for f in found]) == pytest.approx(spread, rel=0.12)


def test_jobs_of_those_left_and_their_bounds():
    sets = _sets([1] * 6)
    change = np.array([0.4, 0.1, 0.3, 0.2, 0.5, 0.1, 0.2, np.nan, 0.6, 0.3, 0.1, np.nan])
    left = np.array([1, 1, 1, 1, 1, 1, 1, 0, 1, 1, 1, np.nan])
    found = employment(sets, change, left)
    # The set whose control left has no pair to compare; the one with an unknown is left out.
    assert found.among_left.treated == 4
    assert found.among_left.estimate == pytest.approx((0.3 + 0.1 + 0.4 + 0.3) / 4)
    assert (found.bounds.left_treated, found.bounds.left_others) == pytest.approx((1, 0.8))
    assert found.bounds.trimmed == pytest.approx(0.2)


def test_every_result_says_what_it_assumes_and_what_it_could_have_seen():
    rng = np.random.default_rng(0)
    x, y = rng.uniform(-1, 1, 200), rng.standard_normal(200)
    found = [
        segmented(np.arange(40), y[:40], first=20, seed=0),
        in_space(synthetic_did, _regions(1), 0, 9),
        discontinuity(x, y),
        local_randomisation.local_randomisation(x, y, 0.5, seed=0),
        compare(y, x > 0),
        effect_on_treated(_sets([2, 2, 3]), y[:10]),
        lee(y, x > 0, x > -0.9),
    ]
    for result in found:
        assert result.detectable > 0
        assert result.estimand
        assert result.assumption
    assert all(a.estimand != b.estimand for a, b in pairwise(found))
