"""How sure an effect is when units are few, tests are many, and likeness must be shown."""

import doctest
import itertools
import math
import time
import warnings

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kstest, norm
from statsmodels.datasets import grunfeld
from statsmodels.stats.multitest import multipletests

from analysis.inference.effects import jackknife as jackknife_module
from analysis.inference.effects import multiple
from analysis.inference.effects.aggregate import Estimate, EventStudy, by_event, overall
from analysis.inference.effects.diagnostics import (
    attrition,
    balance,
    leave_one_out,
    leave_one_unit_out,
    overlap,
    placebo,
    placebo_date,
    placebo_panel,
)
from analysis.inference.effects.group_time import group_time
from analysis.inference.effects.jackknife import cv3, jackknife
from analysis.inference.effects.many_adoptions import overall_drawn
from analysis.inference.effects.multiple import holm, romano_wolf, sharpened_q
from analysis.inference.effects.multiplier import MAMMEN, MAMMEN_CHANCE, band
from analysis.inference.effects.panel import Panel
from analysis.inference.effects.randomisation import (
    adoptions,
    randomised,
    randomised_overall,
    units_of,
)
from analysis.inference.effects.wild import WEIGHTS, wild_bootstrap
from analysis.refusal import ContractError

chances = st.lists(st.integers(0, 1000).map(lambda n: n / 1000), min_size=1, max_size=8)
NEVER = np.inf


def buyers(units=60, periods=8, adopters=18, *, seed=0, missing=0.1, effect=0.0) -> Panel:
    """Buyers over years from 2016, some of whom adopt in 2018 to 2021."""
    random = np.random.default_rng(seed)
    years = np.arange(2016, 2016 + periods)
    first = np.full(units, NEVER)
    first[:adopters] = 2018 + np.arange(adopters) % 4
    outcome = random.normal(size=(units, periods)) + random.normal(size=(units, 1))
    outcome += effect * (years >= first[:, None])
    outcome[random.random((units, periods)) < missing] = np.nan
    return Panel(outcome, first, years, None, random.integers(0, 3, units))


def of_record(panel: Panel, *, delta: int = 0, events=(0, 1, 2)) -> Estimate:
    return overall(by_event(group_time(panel, delta=delta)), events)


@pytest.mark.parametrize(("module", "examples"), [(multiple, 3), (jackknife_module, 1)])
def test_the_examples_of_the_docstrings_hold(module, examples):
    assert doctest.testmod(module) == (0, examples)


# Several tests together


def test_holm_by_hand():
    # Sorted .01 .02 .03 .04: times 4, 3, 2, 1 is .04 .06 .06 .04; no later one may be smaller.
    assert holm([0.04, 0.01, 0.03, 0.02]) == pytest.approx([0.06, 0.04, 0.06, 0.06])
    assert holm([0.6, 0.9]).tolist() == [1, 1]


def test_a_test_that_could_not_be_done_stays_in_its_family():
    adjusted = holm([0.02, math.nan])
    assert adjusted[0] == 0.04
    assert math.isnan(adjusted[1])
    assert math.isnan(sharpened_q([0.02, math.nan])[1])
    assert sharpened_q([0.02, math.nan])[0] == sharpened_q([0.02, 1.0])[0]


@settings(max_examples=40)
@given(chances)
def test_holm_is_that_of_other_software(p):
    assert holm(p) == pytest.approx(multipletests(p, method="holm")[1])


@pytest.mark.parametrize("p", [[-0.1], [1.1], [[0.1]]])
def test_what_is_no_chance_is_refused(p):
    with pytest.raises(ContractError, match="from 0 to 1"):
        holm(p)


def test_romano_wolf_by_hand():
    # The larger of both is 5, 4, 2, 1: two of four are at least 3: (1 + 2)/(1 + 4). The second is
    # alone then: 5, 0, 2, 1, of which three are at least 1: (1 + 3)/(1 + 4).
    drawn = np.array([[1, 5], [-4, 0], [2, 2], [0, 1]])
    assert romano_wolf([-3, 1], drawn).tolist() == [0.6, 0.8]
    assert romano_wolf([1, -3], drawn[:, ::-1]).tolist() == [0.8, 0.6]


def test_a_weaker_test_is_never_the_surer_one():
    # Alone the second would have (1 + 0)/(1 + 2), but the first, further out, has (1 + 1)/(1 + 2).
    assert romano_wolf([3, 2], [[4, 0], [0, 1]]) == pytest.approx([2 / 3, 2 / 3])


def test_tests_that_are_one_test_cost_nothing_extra():
    random = np.random.default_rng(1)
    t = random.normal(size=500)
    alone = romano_wolf([2.0], t[:, None])[0]
    assert alone == (1 + (np.abs(t) >= 2).sum()) / 501
    assert romano_wolf([2.0, 2.0, -2.0], np.column_stack([t, t, -t])).tolist() == [alone] * 3


def test_romano_wolf_lies_between_no_adjustment_and_holm():
    random = np.random.default_rng(2)
    drawn = random.normal(size=(2000, 6)) + 2 * random.normal(size=(2000, 1))
    seen = np.array([1.0, 3.0, 4.0, 5.0, 6.0, 0.1])
    alone = (1 + (np.abs(drawn) >= seen).sum(axis=0)) / 2001
    adjusted = romano_wolf(seen, drawn)
    assert (adjusted >= alone).all()
    assert (adjusted <= holm(alone)).all()
    assert adjusted[3] < holm(alone)[3] / 1.5


@pytest.mark.parametrize("drawn", [[[1.0]], [1.0, 2.0], np.zeros((0, 2))])
def test_romano_wolf_needs_every_test_in_every_draw(drawn):
    with pytest.raises(ContractError, match="one family"):
        romano_wolf([1.0, 2.0], drawn)


def test_what_is_not_known_can_only_raise_a_p():
    assert romano_wolf([3.0, 2.0], [[math.nan, 0], [0, 0]]) == pytest.approx([2 / 3, 2 / 3])
    with pytest.raises(ContractError, match="as it happened"):
        romano_wolf([3.0, math.nan], [[0, 0]])


def two_stages(p: list[float], q: float) -> list[bool]:
    """The published procedure at one q, written as a procedure."""
    m, order = len(p), sorted(p)
    level = q / (1 + q)

    def found(at: float) -> int:
        return max((k for k in range(1, m + 1) if order[k - 1] <= at * k / m + 1e-12), default=0)

    first = found(level)
    if first == m:
        return [True] * m
    second = found(level * m / (m - first))
    return [second > 0 and one <= order[second - 1] for one in p]


def test_sharpened_q_by_hand():
    # m p_(j)/j is .04 .04 .04 .5. At q' = .04 three are found, q = .04/.96; the fourth then needs
    # .5 <= q' 4/1, q' = .125, q = .125/.875.
    expected = [0.04 / 0.96] * 3 + [0.125 / 0.875]
    assert sharpened_q([0.01, 0.02, 0.03, 0.5]) == pytest.approx(expected)
    assert sharpened_q([0.9]).tolist() == [1]


@settings(max_examples=60)
@given(chances)
def test_a_test_is_found_from_its_q_on(p):
    for q in (0.01, 0.05, 0.1, 0.25, 0.5, 0.8):
        near = np.abs(sharpened_q(p) - q) < 1e-9
        found = sharpened_q(p) <= q
        assert (near | (found == two_stages(p, q))).all()


# Wild cluster bootstrap


def regions(groups=5, *, seed=3):
    """Unequal clusters with a regressor and a common shock."""
    random = np.random.default_rng(seed)
    cluster = np.repeat(np.arange(groups), np.arange(groups) + 4)
    x = random.normal(size=len(cluster)) + random.normal(size=groups)[cluster]
    y = 0.3 * x + random.normal(size=groups)[cluster] + random.normal(size=len(cluster))
    return y, np.column_stack([np.ones(len(y)), x, np.arange(len(y)) % 3]), cluster


def clustered_t(y, x, cluster, column):
    fit = sm.OLS(y, x).fit(cov_type="cluster", cov_kwds={"groups": cluster}, use_t=True)
    return fit.params[column] / fit.bse[column]


@pytest.mark.parametrize("groups", [4, 5])
def test_the_bootstrap_is_the_regression_run_anew_for_every_pattern_of_signs(groups):
    y, x, cluster = regions(groups)
    found = wild_bootstrap(y, x, cluster, 1, weights="rademacher", seed=1)
    restricted = sm.OLS(y, np.delete(x, 1, axis=1)).fit()
    null = [
        clustered_t(
            restricted.fittedvalues + np.array(v)[cluster] * restricted.resid, x, cluster, 1
        )
        for v in itertools.product([-1, 1], repeat=groups)
    ]
    assert found.t == pytest.approx(clustered_t(y, x, cluster, 1))
    assert found.p == np.mean(np.abs(null) > abs(found.t) * (1 + 1e-9))
    assert found.p_ties == np.mean(np.abs(null) > abs(found.t) * (1 - 1e-9))
    assert (found.draws, found.exact) == (2**groups, True)


def test_webbs_weights_have_mean_0_and_variance_1_and_do_not_lean():
    points = WEIGHTS["webb"]
    assert len(points) == 6
    # Fourth moment (9/4 + 1 + 1/4)/3 = 7/6.
    moments = [np.mean(points**k) for k in (1, 2, 3, 4)]
    assert moments == pytest.approx([0, 1, 0, 7 / 6], abs=1e-12)


def test_four_clusters_with_six_points_are_gone_through_too():
    y, x, cluster = regions(4)
    found = wild_bootstrap(y, x, cluster, 1, weights="webb", seed=1)
    assert (found.draws, found.exact) == (6**4, True)


def test_below_twelve_clusters_the_weights_are_webbs():
    y, x, cluster = regions(11)
    found = wild_bootstrap(y, x, cluster, 1, seed=1)
    assert found == wild_bootstrap(y, x, cluster, 1, weights="webb", seed=1)
    assert not found.exact
    y, x, cluster = regions(12)
    assert wild_bootstrap(y, x, cluster, 1, seed=1).draws == 2**12


def test_neither_the_order_of_rows_nor_the_names_of_clusters_matter():
    y, x, cluster = regions(11)
    found = wild_bootstrap(y, x, cluster, 1, seed=1)
    order = np.random.default_rng(4).permutation(len(y))
    names = np.array([f"{label:02} region" for label in cluster])
    again = wild_bootstrap(y[order], x[order], names[order], 1, seed=1)
    assert again == pytest.approx(found)


@settings(max_examples=25)
@given(st.integers(0, 10_000), st.integers(3, 8))
def test_the_p_to_print_is_never_0_and_counts_ties(seed, groups):
    y, x, cluster = regions(groups, seed=seed)
    found = wild_bootstrap(y, x, cluster, 1, draws=99, seed=seed)
    assert found.p <= found.p_ties <= 1
    assert found.p < found.p_ties or found.p == 1  # where every draw is further out, both are 1
    assert found.p_ties >= 1 / (1 + found.draws)


def test_one_treated_region_is_no_case_for_the_bootstrap():
    region = np.repeat(np.arange(6), 10)
    after = np.tile(np.arange(10) >= 5, 6)
    y = np.random.default_rng(5).normal(size=60)
    dummies = (region[:, None] == np.arange(6)).astype(float)
    for treated in (region == 2, region != 2):
        x = np.column_stack([dummies, after, treated & after])
        with pytest.raises(ContractError, match="randomisation inference") as refused:
            wild_bootstrap(y, x, region, 7, seed=1)
        assert "1/K = 1/6" in str(refused.value)
    two = np.column_stack([dummies, after, (region < 2) & after])
    assert 0 < wild_bootstrap(y, two, region, 7, seed=1).p_ties <= 1
    assert 0 < wild_bootstrap(y, two, region, 6, seed=1).p_ties <= 1


@pytest.mark.parametrize(
    ("spoil", "why"),
    [
        (lambda y, x: (np.append(y[:-1], np.nan), x), "not known"),
        (lambda y, x: (y, np.column_stack([x, x[:, 1]])), "others give"),
        (lambda y, x: (y[:-1], x), "for each"),
    ],
)
def test_what_cannot_be_fitted_is_refused(spoil, why):
    y, x, cluster = regions()
    with pytest.raises(ContractError, match=why):
        wild_bootstrap(*spoil(y, x), cluster, 1, seed=1)


# CV3 jackknife


def test_cv3_is_every_firm_left_out_in_turn():
    data = grunfeld.load_pandas().data
    x = sm.add_constant(data[["value", "capital"]]).to_numpy()
    y, firm = data["invest"].to_numpy(), data["firm"].to_numpy()
    found = cv3(y, x, firm, 2)
    without = [sm.OLS(y[firm != one], x[firm != one]).fit().params[2] for one in sorted(set(firm))]
    whole = sm.OLS(y, x).fit().params[2]
    assert found.left_out == pytest.approx(without)
    assert found.se == pytest.approx(math.sqrt(10 / 11 * sum((b - whole) ** 2 for b in without)))
    # 2.228139 is Student's .975 quantile on 10 degrees.
    assert found.high - found.low == pytest.approx(2 * 2.228139 * found.se)


def test_with_a_cluster_per_row_cv3_is_hc3_less_one_part_in_n():
    y, x, _ = regions(8)
    n = len(y)
    hc3 = sm.OLS(y, x).fit(cov_type="HC3").bse[1]
    assert cv3(y, x, np.arange(n), 1).se == pytest.approx(hc3 * math.sqrt((n - 1) / n))


def test_dummies_of_the_clusters_do_no_harm():
    y, x, cluster = regions(6)
    dummies = (cluster[:, None] == np.arange(6)).astype(float)
    means = dummies @ (dummies.T @ np.column_stack([y, x]) / dummies.sum(axis=0)[:, None])
    within = np.column_stack([y, x]) - means
    found = cv3(y, np.column_stack([dummies, x[:, 1:]]), cluster, 6)
    plain = cv3(within[:, 0], within[:, 2:], cluster, 0)
    assert (found.estimate, found.se) == pytest.approx((plain.estimate, plain.se))


def test_what_one_cluster_alone_shows_has_no_jackknife():
    y, x, cluster = regions(6)
    with pytest.raises(ContractError, match="hangs on one cluster"):
        cv3(y, np.column_stack([x, (cluster == 2) * 0.1]), cluster, 3)


def test_an_estimate_that_never_moves_has_no_p():
    assert math.isnan(jackknife(1.0, [1.0, 1.0]).p)


# Multiplier bootstrap


def study(influence: np.ndarray, estimate=None) -> EventStudy:
    k = influence.shape[1]
    estimate = np.zeros(k) if estimate is None else np.asarray(estimate, dtype=float)
    return EventStudy(np.arange(k), estimate, influence, np.full(k, 45))


def test_mammens_weights_have_mean_0_and_both_next_moments_1():
    share = (MAMMEN_CHANCE, 1 - MAMMEN_CHANCE)
    moments = [sum(c * v**k for c, v in zip(share, MAMMEN, strict=True)) for k in (1, 2, 3)]
    assert moments == pytest.approx([0, 1, 1], abs=1e-12)


def test_one_event_alone_has_the_band_of_a_normal():
    influence = np.random.default_rng(6).normal(size=500) * 3
    found = band(Estimate(1.0, influence), draws=4999, seed=1)
    assert found.critical == pytest.approx(norm.ppf(0.975), abs=0.06)
    assert found.se[0] == pytest.approx(3 / math.sqrt(500), rel=0.05)
    assert (found.low[0] + found.high[0]) / 2 == pytest.approx(1)


def test_events_that_say_nothing_about_each_other_widen_the_band_as_sidak_says():
    influence = np.random.default_rng(7).normal(size=(600, 5))
    found = band(study(influence), draws=4999, seed=1)
    assert found.critical == pytest.approx(norm.ppf((1 + 0.95 ** (1 / 5)) / 2), abs=0.08)
    same = band(study(np.repeat(influence[:, :1], 5, axis=1)), draws=1999, seed=1)
    alone = band(study(influence[:, :1]), draws=1999, seed=1)
    assert same.critical == pytest.approx(alone.critical)


def test_the_band_leaves_out_0_exactly_where_the_adjusted_p_is_small():
    influence = np.random.default_rng(8).normal(size=(200, 6))
    path = np.array([0.0, 0.05, 0.1, 0.15, 0.2, 0.4])
    found = band(study(influence, path), draws=1999, seed=1)
    outside = (found.low > 0) | (found.high < 0)
    assert (outside == (found.p < 0.05 + 1 / 2000)).all()
    assert outside[-1]
    assert not outside[0]
    assert found.p.min() >= 1 / 2000


def test_the_reference_event_has_no_band_of_its_own():
    influence = np.random.default_rng(9).normal(size=(100, 3))
    influence[:, 1] = 0
    found = band(study(influence), draws=199, seed=1)
    assert (found.low[1], found.high[1], found.se[1]) == (0, 0, 0)
    assert math.isnan(found.p[1])


def test_the_order_of_units_does_not_move_the_band():
    panel = buyers(seed=3)
    first = band(by_event(group_time(panel)), draws=199, seed=1)
    order = np.random.default_rng(1).permutation(len(panel.first))
    again = band(by_event(group_time(units_of(panel, order))), draws=199, seed=1)
    assert np.allclose(first.low, again.low, rtol=0, atol=1e-9)
    assert first.critical == pytest.approx(again.critical, abs=1e-9)


def test_a_study_in_which_nothing_varies_has_no_band():
    with pytest.raises(ContractError, match="0 events that vary"):
        band(study(np.zeros((10, 2))), seed=1)


# Randomisation inference


@pytest.mark.parametrize("delta", [0, 1])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_adoptions_at_once_give_the_numbers_of_record(seed, delta):
    panel = buyers(seed=seed, missing=0.2)
    first, _ = adoptions(panel, 12, seed)
    estimate, se = overall_drawn(panel, first, events=(0, 1, 2), delta=delta)
    for row, ours, error in zip(first, estimate, se, strict=True):
        record = of_record(panel._replace(first=row), delta=delta)
        assert ours == pytest.approx(record.estimate, abs=1e-10)
        assert ours / error == pytest.approx(record.estimate / record.se, abs=1e-10)


def test_negative_events_too():
    panel = buyers(seed=5)
    record = of_record(panel, events=(-2, 1))
    ours = overall_drawn(panel, panel.first[None, :], events=(-2, 1))
    assert [ours[0][0], ours[1][0]] == pytest.approx([record.estimate, record.se], abs=1e-10)


def test_cohorts_that_are_left_out_where_nothing_is_known():
    panel = buyers(seed=6)
    panel.outcome[panel.first == 2019, 3:5] = np.nan
    record = of_record(panel)
    ours = overall_drawn(panel, panel.first[None, :], events=(0, 1, 2))
    assert [ours[0][0], ours[1][0]] == pytest.approx([record.estimate, record.se], abs=1e-10)


def test_the_special_statistic_has_the_p_of_the_general_one():
    panel = buyers(units=30, adopters=10, seed=7)
    both = randomised_overall(panel, events=(0, 1), draws=99, seed=4)
    general = randomised(panel, lambda p: of_record(p, events=(0, 1)).estimate, draws=99, seed=4)
    assert both.raw.p == general.p
    assert both.raw.drawn == pytest.approx(general.drawn)


def test_adoption_moves_within_strata_only():
    panel = buyers(seed=8)
    first, exact = adoptions(panel, 50, 1)
    assert not exact
    for stratum in range(3):
        cell = panel.strata == stratum
        assert (np.sort(first[:, cell], axis=1) == np.sort(panel.first[cell])).all()
    assert (first != panel.first).any(axis=1).all()


def test_few_permutations_are_gone_through_each_once():
    # 4!/(1! 1! 2!) = 12 in one stratum, 2 in the other.
    first = np.array([2018, 2019, NEVER, NEVER, 2018, NEVER])
    panel = Panel(np.zeros((6, 3)), first, np.arange(2017, 2020), None, np.array([0] * 4 + [1] * 2))
    every, exact = adoptions(panel, 24, 1)
    assert exact
    assert len({tuple(row) for row in every.tolist()}) == len(every) == 24
    assert tuple(first) in {tuple(row) for row in every.tolist()}
    drawn, exact = adoptions(panel, 23, 1)
    assert (len(drawn), exact) == (23, False)


def test_the_order_of_units_does_not_move_the_p():
    panel = buyers(seed=9)
    order = np.random.default_rng(2).permutation(len(panel.first))
    first = randomised_overall(panel, events=(0, 1), draws=199, seed=1)
    again = randomised_overall(units_of(panel, order), events=(0, 1), draws=199, seed=1)
    for one, other in zip(first, again, strict=True):
        assert (one.statistic, one.p) == (other.statistic, other.p)
        assert (one.drawn == other.drawn).all()


def test_under_the_sharp_null_no_level_is_exceeded():
    # Each of the 70 assignments in turn is the one that happened: at most a share a has p <= a.
    outcome = np.array([3.0, 1, 4, 1, 5, 9, 2, 6])[:, None]
    ps = []
    for four in itertools.combinations(range(8), 4):
        first = np.where(np.isin(np.arange(8), four), 1.0, NEVER)
        panel = Panel(outcome, first, np.array([1]))
        ps.append(
            randomised(panel, lambda p: float(p.outcome[p.first == 1].mean() - 31 / 8), seed=1).p
        )
    for level in sorted(set(ps)):
        assert np.mean(np.array(ps) <= level) <= level + 1e-12
    assert min(ps) == 2 / 70


def test_under_the_sharp_null_p_is_uniform():
    ps = [
        randomised_overall(
            buyers(30, 6, 12, seed=seed, missing=0.0), events=(0, 1), draws=99, seed=seed
        ).studentised.p
        for seed in range(150)
    ]
    # Moved from steps of .01 to a line.
    jitter = np.random.default_rng(3).random(len(ps)) / 100
    assert kstest(np.array(ps) - jitter, "uniform").pvalue > 0.01


def test_an_effect_no_permutation_reaches_has_the_smallest_p_there_is():
    found = randomised_overall(buyers(seed=10, effect=9.0), events=(0, 1), draws=199, seed=1)
    assert found.raw.p == found.studentised.p == 1 / 200


def test_where_all_outcomes_are_alike_every_permutation_is_a_tie():
    panel = buyers(seed=11, missing=0.0)._replace(outcome=np.full((60, 8), 0.1))
    found = randomised_overall(panel, events=(0, 1), draws=99, seed=1)
    assert found.raw.p == found.studentised.p == found.raw.p_greater == 1


def test_a_draw_that_is_not_known_counts_as_far():
    panel = Panel(np.arange(4.0)[:, None], np.array([1, 1, NEVER, NEVER]), np.array([1]))
    sizes = {(0.0, 1.0): 5.0, (2.0, 3.0): math.nan}

    def statistic(panel: Panel) -> float:
        return sizes.get(tuple(panel.outcome[panel.first == 1, 0]), 1.0)

    assert randomised(panel, statistic, seed=1).p == 2 / 6
    with pytest.raises(ContractError, match="as it happened"):
        randomised(panel, lambda panel: math.nan, seed=1)


def test_without_anything_to_permute_there_is_no_p():
    panel = buyers()
    panel = panel._replace(strata=np.isfinite(panel.first).astype(int) * panel.first.clip(0, 3000))
    with pytest.raises(ContractError, match="wider strata"):
        randomised_overall(panel._replace(strata=np.arange(60)), events=(0,), seed=1)


def test_1999_draws_of_300_buyers_over_11_years_take_a_few_seconds_at_most():
    panel = buyers(300, 11, 45, seed=12)
    begin = time.process_time()
    randomised_overall(panel, events=range(4), delta=1, seed=1)
    assert time.process_time() - begin < 8


# Diagnostics


def test_balance_by_hand():
    # Means 3 and 2, variances 1 and 1; 10 and 10 with variance 2; never the same, no spread.
    treated = np.array([1, 1, 1, 0, 0, 0], dtype=bool)
    x = np.column_stack([[2, 3, 4, 1, 2, 3], [9, 10, 11, 9, 10, 11], [1, 1, 1, 0, 0, 0]])
    found = balance(treated, x)
    assert found.smd.tolist() == [1.0, 0.0, math.inf]
    assert found.passes is False
    assert balance(treated, x[:, 1:2]).passes is True


def test_balance_that_cannot_be_told_is_neither_good_nor_bad():
    x = np.array([[1.0, 5], [2, 5], [math.nan, 5], [1, 5]])
    found = balance([1, 1, 0, 0], x)
    assert found.passes is None
    assert found.known.tolist() == [3, 4]
    assert found.smd[1] == 0


def test_overlap_counts_units_with_some_chance_of_either():
    random = np.random.default_rng(13)
    x = random.normal(size=(400, 1))
    fair = overlap(random.random(400) < 0.4, x * 0)
    assert fair.passes
    assert np.ptp(fair.chance) < 1e-9
    steep = overlap(random.random(400) < 1 / (1 + np.exp(-4 * x[:, 0])), x)
    inside = (steep.chance >= 0.05) & (steep.chance <= 0.95)
    assert 0 < steep.treated < 1
    assert not steep.passes
    assert inside.mean() < 0.8


def test_a_covariate_that_tells_adopters_for_certain_leaves_no_overlap():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        found = overlap(np.arange(40) >= 20, np.arange(40.0)[:, None] / 40)
    assert not found.passes
    assert found.treated < 0.2


def test_one_unit_left_out_at_a_time_is_the_panel_without_it():
    panel = buyers(units=25, adopters=9, seed=14, missing=0.05)
    fast = leave_one_unit_out(panel, events=(0, 1), delta=1)
    slow = leave_one_out(panel, lambda p: of_record(p, delta=1, events=(0, 1)), by="unit")
    assert fast.without == pytest.approx(slow.without, abs=1e-10)
    assert (fast.estimate, fast.se) == pytest.approx((slow.estimate, slow.se), abs=1e-10)
    assert (fast.passes, fast.same_sign) == (slow.passes, slow.same_sign)


def test_an_effect_of_one_buyer_does_not_pass():
    panel = buyers(seed=15, missing=0.0, effect=0.0)
    panel.outcome[0, panel.periods >= panel.first[0]] += 200
    found = leave_one_unit_out(panel, events=(0, 1))
    assert int(np.argmax(np.abs(found.without - found.estimate))) == 0
    assert found.passes is False
    assert leave_one_unit_out(buyers(seed=15, effect=5.0), events=(0, 1)).passes is True


def test_cohorts_left_out_in_turn_by_hand():
    # No noise: cohort 2018 gains 1, cohort 2019 gains 4, with 2 units each: 2.5; without one, the
    # other's.
    first = np.array([2018, 2018, 2019, 2019, NEVER, NEVER])
    years = np.arange(2016, 2021)
    gains = np.array([1, 1, 4, 4, 0, 0])[:, None] * (years >= first[:, None])
    panel = Panel(gains + np.arange(6.0)[:, None], first, years)
    found = leave_one_out(panel, lambda p: of_record(p, events=(0, 1)))
    assert found.left.tolist() == [2018, 2019]
    assert found.estimate == pytest.approx(2.5)
    assert found.without == pytest.approx([4, 1])
    assert found.same_sign
    only = units_of(panel, panel.first != 2018)
    assert leave_one_out(only, lambda p: of_record(p, events=(0, 1))).passes is None


def test_a_placebo_date_sees_only_what_came_before():
    years = np.arange(2016, 2021)
    panel = Panel(np.arange(10.0).reshape(2, 5), np.array([2019, NEVER]), years)
    moved = placebo_panel(panel, delta=1)
    assert moved.first.tolist() == [2017, NEVER]
    assert moved.outcome[0, :2].tolist() == [0, 1]
    assert np.isnan(moved.outcome[0, 2:]).all()
    assert moved.outcome[1].tolist() == [5, 6, 7, 8, 9]
    with pytest.raises(ContractError, match="years > delta"):
        placebo_panel(panel, years=1, delta=1)


def test_a_placebo_date_finds_anticipation_and_nothing_else():
    panel = buyers(200, 8, 80, seed=16, missing=0.0, effect=3.0)
    clean = placebo_date(panel, lambda p: of_record(p, events=(0, 1)))
    assert clean.passes
    early = panel.periods == panel.first[:, None] - 1
    eager = panel._replace(outcome=panel.outcome + 3.0 * early)
    assert not placebo_date(eager, lambda p: of_record(p, events=(0, 1))).passes
    assert placebo_date(eager, lambda p: of_record(p, delta=0, events=(0,)), delta=1).passes


def test_no_change_at_all_passes_and_a_sure_change_does_not():
    assert placebo(Estimate(0.0, np.zeros(5))).passes
    assert not placebo(Estimate(1.0, np.zeros(5))).passes
    # 1.96 standard errors: p = .05 to three digits.
    assert placebo(Estimate(1.96, np.array([2.0, -2, 2, -2]))).p == pytest.approx(0.05, abs=1e-4)


def test_adopters_who_fall_silent_are_seen():
    panel = buyers(120, 8, 50, seed=17, missing=0.0)
    after = panel.periods >= panel.first[:, None]
    silent = panel._replace(outcome=np.where(after, np.nan, panel.outcome))
    first = np.where(np.arange(120) < 50, panel.first, NEVER)
    found = attrition(silent._replace(first=first), lambda p: of_record(p, events=(0, 1)))
    assert (found.never, found.before, found.after) == (0, 0, 1)
    assert found.effect.estimate == pytest.approx(1)
    assert not found.effect.passes
    assert attrition(panel, lambda p: of_record(p, events=(0, 1))).effect.passes
