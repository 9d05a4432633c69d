"""Differences between units a measure reached and units it had not: by hand, and by others."""

import time
import warnings
from functools import cache

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from validated import did as fixtures

from analysis.inference.effects.aggregate import (
    by_event,
    by_group,
    over_groups,
    overall,
    simple,
)
from analysis.inference.effects.group_time import group_time
from analysis.inference.effects.imputation import (
    imputation,
    imputation_by_cohort,
    imputation_overall,
)
from analysis.inference.effects.interaction import sun_abraham
from analysis.inference.effects.panel import Panel, checked, cohorts, panel_of
from analysis.inference.effects.twoway import (
    corrected,
    difference,
    goodman_bacon,
    two_by_two,
    twoway,
)
from analysis.refusal import ContractError

INF = np.inf
YEARS = np.arange(2013, 2024)


def simulated(seed=1, units=300, *, unknown=0.0, never=True, effect=0.3, covariates=0):
    """Units that adopt sooner the larger their first covariate, which also bends their trend."""
    random = np.random.default_rng(seed)
    x = random.normal(size=(units, max(covariates, 1)))
    adopts = random.random(units) < 1 / (1 + np.exp(0.8 - 0.5 * x[:, 0]))
    first = random.choice([2016.0, 2017, 2018, 2020, 2022], units)
    first = np.where(adopts | (not never), first, INF)
    y = random.normal(size=(units, 1)) + 0.5 * random.normal(size=(units, 11))
    y += 0.05 * x[:, :1] * (YEARS - 2013)
    y += effect * np.maximum(0, YEARS - np.where(np.isinf(first), 9999, first)[:, None] + 1)
    y[random.random(y.shape) < unknown] = np.nan
    return Panel(y, first, YEARS, x if covariates else None)


def cells(gt):
    return dict(
        zip(zip(gt.group.tolist(), gt.period.tolist(), strict=True), gt.estimate, strict=True)
    )


def everything(panel):
    """Estimates and standard errors of every estimator, in one row."""
    gt, table = group_time(panel), twoway(panel)
    studies = [by_event(gt), by_group(gt), imputation(panel), sun_abraham(panel)]
    singles = [simple(gt), over_groups(gt), imputation_overall(panel), table]
    found = [gt.estimate, gt.se]
    found += [part for study in studies for part in (study.estimate, study.se)]
    return np.concatenate([*found, [part for one in singles for part in (one.estimate, one.se)]])


# By hand


TWO_BY_TWO = Panel(np.array([[1.0, 4], [2, 6], [0, 1], [1, 1]]), np.array([2, 2, INF, INF]), [1, 2])


def test_one_cohort_and_two_periods_give_the_difference_of_two_differences():
    # Treated gain 3 and 4, others 1 and 0: 3.5 - 0.5. Off their means by .5, twice per 2 of 4.
    gt = group_time(TWO_BY_TWO)
    assert cells(gt) == {(2, 1): 0, (2, 2): 3}
    assert gt.se.tolist() == [0, 0.5]
    found = [simple(gt), over_groups(gt), overall(by_event(gt), [0])]
    assert [(one.estimate, one.se) for one in found] == [(3, 0.5)] * 3
    assert imputation(TWO_BY_TWO).estimate == pytest.approx([3])
    assert sun_abraham(TWO_BY_TWO).estimate == pytest.approx([0, 3])
    assert twoway(TWO_BY_TWO).estimate == pytest.approx(3)
    assert twoway(TWO_BY_TWO).raw == pytest.approx(0.5)
    assert goodman_bacon(TWO_BY_TWO)["estimate"].tolist() == [3]


def test_other_units_before_and_after_give_the_same_difference():
    y = [1, 3, 5, 7, 10, 12, 20, 24]
    found = two_by_two(y, [0, 0, 0, 0, 1, 1, 1, 1], [0, 0, 1, 1, 0, 0, 1, 1])
    # (22 - 11) - (6 - 2); squares left 2 + 2 + 2 + 8 over 4, times four halves.
    assert found == pytest.approx((7, np.sqrt(14 / 4 * 2), 8))
    assert difference([1, 3, 6, 8], [0, 0, 1, 1]) == pytest.approx((5, np.sqrt(4 / 2), 4))


# Three units, no trend: effect 1 then 3 on the early one, 2 on the late one.
THREE = Panel(np.array([[0.0, 1, 3], [0, 0, 2], [0, 0, 0]]), np.array([2, 3, INF]), [1, 2, 3])


def test_a_treated_unit_is_never_a_control():
    for control in ("notyet", "never"):
        found = cells(group_time(THREE, control=control))
        assert found == {(2, 1): 0, (2, 2): 1, (2, 3): 3, (3, 1): 0, (3, 2): 0, (3, 3): 2}
    assert imputation(THREE).estimate == pytest.approx([1.5, 3])
    assert sun_abraham(THREE).estimate == pytest.approx([0, 0, 1.5, 3])


def test_least_squares_takes_the_treated_for_controls_and_is_wrong_for_it():
    # Late against early, once that is treated: 2 - (3 - 1) = 0, where the effect is 2.
    table = goodman_bacon(THREE).set_index(["treated", "control"])
    assert table["kind"].to_dict() == {
        (2, 3): "later",
        (3, 2): "earlier",
        (2, INF): "never",
        (3, INF): "never",
    }
    assert table.loc[[(2, 3), (3, 2), (2, INF), (3, INF)], "estimate"].tolist() == [1, 0, 2, 2]
    assert table.loc[[(2, 3), (3, 2), (2, INF), (3, INF)], "weight"].tolist() == pytest.approx(
        [1 / 6, 1 / 6, 1 / 3, 1 / 3]
    )
    assert twoway(THREE).estimate == pytest.approx(1.5)
    assert imputation_overall(THREE).estimate == pytest.approx(2)
    assert simple(group_time(THREE)).estimate == pytest.approx(2)


def test_not_yet_treated_units_are_controls_and_later_ones_only_while_untreated():
    y = np.array([[0.0, 5, 5], [0, 1, 9], [0, 3, 4]])
    panel = Panel(y, np.array([2, 3, INF]), [1, 2, 3])
    found = cells(group_time(panel))
    assert (found[2, 2], found[2, 3]) == (5 - (1 + 3) / 2, 5 - 4)
    assert cells(group_time(panel, control="never"))[2, 2] == 5 - 3


def test_units_that_may_already_react_are_neither_base_nor_control():
    # Both cohorts move a year ahead; the never treated not at all.
    y = np.array([[0.0, 0, 4, 4, 4], [0, 0, 0, 4, 4], [0, 0, 0, 0, 0]])
    panel = Panel(y, np.array([4, 5, INF]), [1, 2, 3, 4, 5])
    assert cells(group_time(panel))[4, 4] == 0 - (4 + 0) / 2
    found = group_time(panel, delta=1)
    assert {at: value for at, value in cells(found).items() if at[1] >= at[0] - 1} == {
        (4, 3): 4,
        (4, 4): 4,
        (4, 5): 4,
        (5, 4): 4,
        (5, 5): 4,
    }
    assert cells(found)[4, 2] == cells(found)[5, 3] == 0
    assert by_event(found).event.tolist() == [-4, -3, -2, -1, 0, 1]
    assert imputation(panel, delta=1).event.tolist() == [-1, 0, 1]
    assert imputation(panel, delta=1).estimate == pytest.approx([4, 4, 4])


def test_a_varying_base_shows_each_step_and_a_universal_one_the_sum():
    y = np.array([[0.0, 1, 3, 6, 9], [0, 0, 0, 0, 0]])
    panel = Panel(y, np.array([4, INF]), [1, 2, 3, 4, 5])
    universal, varying = group_time(panel), group_time(panel, base="varying")
    assert universal.estimate.tolist() == [-3, -2, 0, 3, 6]
    assert (varying.period.tolist(), varying.estimate.tolist()) == ([2, 3, 4, 5], [1, 2, 3, 6])


def test_where_years_are_missing_the_base_is_the_last_year_there_is():
    panel = Panel(np.array([[1.0, 2, 7], [1, 1, 1]]), np.array([2016, INF]), [2010, 2013, 2016])
    assert cells(group_time(panel))[2016, 2016] == 5
    assert sun_abraham(panel).event.tolist() == by_event(group_time(panel)).event.tolist()


def test_cohorts_weigh_by_their_units_and_events_by_the_cohorts_that_reach_them():
    # Three early units with effects 1 and 2, one late unit with effect 5.
    y = np.array([[0.0, 0, 1, 2]] * 3 + [[0, 0, 0, 5]] + [[0] * 4] * 2)
    gt = group_time(Panel(y, np.array([3, 3, 3, 4, INF, INF]), [1, 2, 3, 4]))
    assert simple(gt).estimate == pytest.approx((3 * 1 + 3 * 2 + 5) / 7)
    assert by_group(gt).event.tolist() == [3, 4]
    assert by_group(gt).estimate.tolist() == [1.5, 5]
    assert over_groups(gt).estimate == pytest.approx((3 * 1.5 + 5) / 4)
    study = by_event(gt)
    assert study.event.tolist() == [-3, -2, -1, 0, 1]
    assert study.treated.tolist() == [1, 4, 4, 4, 3]
    assert study.estimate.tolist() == [0, 0, 0, (3 * 1 + 5) / 4, 2]
    assert by_event(gt, window=(-2, 1), min_units=4).event.tolist() == [-2, -1, 0]
    # Cells show no spread here; what varies is how many units of each cohort were drawn.
    assert study.se[-1] == 0
    shares = np.array([1 - 2] * 3 + [5 - 2]) / 4  # (ATT_g - ATT)/(number of treated)
    assert study.se[-2] == pytest.approx(np.sqrt((shares**2).sum()))


# What may not matter


@given(st.integers(0, 2**32 - 1))
@settings(max_examples=10, deadline=None)
def test_the_order_of_units_does_not_matter(seed):
    panel = simulated(seed, 200, unknown=0.05)
    order = np.random.default_rng(seed).permutation(200)
    mixed = panel._replace(outcome=panel.outcome[order], first=panel.first[order])
    assert everything(mixed) == pytest.approx(everything(panel), rel=0, abs=1e-12)


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_the_order_of_units_does_not_matter_with_covariates(method):
    panel = simulated(3, covariates=2)
    order = np.random.default_rng(4).permutation(300)
    mixed = Panel(panel.outcome[order], panel.first[order], YEARS, panel.covariates[order])
    one, other = group_time(panel, method=method), group_time(mixed, method=method)
    assert other.estimate == pytest.approx(one.estimate, abs=1e-12)
    assert other.influence == pytest.approx(one.influence[order], abs=1e-10)


@given(st.integers(0, 2**32 - 1), st.floats(-100, 100))
@settings(max_examples=10, deadline=None)
def test_a_constant_a_unit_s_level_or_a_common_year_changes_nothing(seed, constant):
    # With unknown outcomes: a zero in their place would show.
    panel = simulated(seed, 200, unknown=0.05)
    random = np.random.default_rng(seed)
    added = constant + random.normal(size=(200, 1)) + random.normal(size=11)
    found = everything(panel._replace(outcome=panel.outcome + added))
    assert found == pytest.approx(everything(panel), abs=1e-8)


def test_twice_the_outcome_is_twice_the_effect():
    panel = simulated(5, 80, unknown=0.05)
    doubled = panel._replace(outcome=2 * panel.outcome)
    assert everything(doubled) == pytest.approx(2 * everything(panel), abs=1e-10)


# What is not known


@pytest.mark.parametrize("control", ["notyet", "never"])
def test_a_unit_counts_where_both_its_outcomes_are_known(control):
    panel = simulated(6, 90, unknown=0.3)
    gt = group_time(panel, control=control)
    for at, (g, t) in enumerate(zip(gt.group.tolist(), gt.period.tolist(), strict=True)):
        base, sides = g - 1, {True: [], False: []}
        latest = 2023 if control == "never" else max(t, base)
        for y, first in zip(panel.outcome, panel.first, strict=True):
            change = y[t - 2013] - y[base - 2013]
            if not np.isnan(change) and (first == g or first > latest):
                sides[first == g].append(change)
        assert gt.estimate[at] == pytest.approx(np.mean(sides[True]) - np.mean(sides[False]))
        assert gt.seen[at] == len(sides[True]) <= gt.size[at] == (panel.first == g).sum()
        variance = sum(np.var(side) / len(side) for side in sides.values())
        assert gt.se[at] == pytest.approx(np.sqrt(variance))


def test_a_unit_never_observed_only_weighs_its_cohort():
    panel = simulated(7, 60)
    rows = np.append(panel.outcome, np.full((2, 11), np.nan), axis=0)
    more = Panel(rows, np.append(panel.first, [INF, 2016]), YEARS)
    one, other = group_time(panel), group_time(more)
    assert other.estimate == pytest.approx(one.estimate)
    assert other.se == pytest.approx(one.se)
    assert imputation(more).estimate == pytest.approx(imputation(panel).estimate)
    assert twoway(more).se == pytest.approx(twoway(panel).se)


def test_a_cell_without_data_is_left_out_and_not_zero():
    y = THREE.outcome.copy()
    y[0, 2] = np.nan
    assert (2, 3) not in cells(group_time(THREE._replace(outcome=y)))
    gt = group_time(THREE._replace(first=np.array([2, 3, 3])))
    assert (2, 3) not in cells(gt)  # by then nobody is untreated
    assert by_event(gt).event.tolist() == [-1, 0]


def test_units_treated_from_the_start_have_no_effect_and_are_no_control():
    panel = simulated(8, 60)
    rows = np.append(panel.outcome, 100 * np.random.default_rng(8).normal(size=(5, 11)), axis=0)
    more = Panel(rows, np.append(panel.first, np.full(5, 2013)), YEARS)
    one, other = group_time(panel), group_time(more)
    assert (other.group.tolist(), other.estimate) == (
        one.group.tolist(),
        pytest.approx(one.estimate),
    )
    assert simple(other).se == pytest.approx(simple(one).se)
    assert sun_abraham(more).se == pytest.approx(sun_abraham(panel).se)
    assert imputation(more).estimate == pytest.approx(imputation(panel).estimate)


def test_a_cohort_after_the_last_year_is_not_treated_within_the_panel():
    later = THREE._replace(first=np.array([2, 3, 9]))
    assert cells(group_time(later, control="never")) == cells(group_time(THREE, control="never"))
    assert cohorts(later).tolist() == [2, 3]
    with pytest.raises(ContractError):
        group_time(THREE._replace(first=np.array([2, 3, 4])), control="never", delta=1)


# Regressions written out


def dummies(panel, known):
    """Outcome, unit and period dummies, and unit, period and index of each known cell."""
    at = np.argwhere(known)
    units, periods = np.eye(known.shape[0])[at[:, 0]], np.eye(known.shape[1])[at[:, 1]]
    return panel.outcome[known], np.column_stack([units, periods[:, 1:]]), at


def test_least_squares_with_a_dummy_for_everything_agrees_with_unknown_outcomes():
    panel = simulated(9, 40, unknown=0.2)
    y, effects, at = dummies(panel, ~np.isnan(panel.outcome))
    d = (panel.first[at[:, 0]] <= YEARS[at[:, 1]]).astype(float)
    x = np.column_stack([d, effects])
    b, inner = np.linalg.lstsq(x, y)[0], np.linalg.pinv(x.T @ x)
    scores = np.zeros((40, x.shape[1]))
    np.add.at(scores, at[:, 0], x * (y - x @ b)[:, None])
    raw = np.sqrt((inner @ scores.T @ scores @ inner)[0, 0])
    found = twoway(panel)
    assert (found.estimate, found.raw) == pytest.approx((b[0], raw))
    assert (found.k, found.observations, found.clusters) == (12, len(y), 40)
    assert found.se == pytest.approx(raw * np.sqrt(40 / 39 * (len(y) - 1) / (len(y) - 12)))


def test_imputation_is_a_regression_on_untreated_cells_and_its_influence_that_of_its_weights():
    panel = simulated(10, 60, unknown=0.2)
    known = ~np.isnan(panel.outcome)
    treated = panel.first[:, None] <= YEARS
    y0, x0, at0 = dummies(panel, known & ~treated)
    y1, x1, at1 = dummies(panel, known & treated)
    served = np.isin(at1[:, 0], at0[:, 0])
    y1, x1, at1 = y1[served], x1[served], at1[served]
    b = np.linalg.lstsq(x0, y0)[0]
    effect, share = y1 - x1 @ b, np.full(len(y1), 1 / len(y1))
    found = imputation_overall(panel)
    assert found.estimate == pytest.approx(effect.mean())
    cell = [panel.first[at1[:, 0]], at1[:, 1]]
    left = effect - pd.Series(effect).groupby(cell).transform("mean").to_numpy()
    v0 = -x0 @ np.linalg.pinv(x0.T @ x0) @ x1.T @ share
    sums = np.zeros(60)
    np.add.at(sums, at1[:, 0], share * left)
    np.add.at(sums, at0[:, 0], v0 * (y0 - x0 @ b))
    assert found.influence == pytest.approx(60 * sums, abs=1e-9)
    assert imputation_by_cohort(panel).event.tolist() == cohorts(panel).tolist()


def test_interaction_is_group_time_against_the_never_treated_by_another_road():
    panel = simulated(11, 120)
    one, other = by_event(group_time(panel, control="never")), sun_abraham(panel)
    assert other.event.tolist() == one.event.tolist()
    assert other.estimate == pytest.approx(one.estimate, abs=1e-10)
    assert other.covariance == pytest.approx(one.covariance, abs=1e-10)


def test_without_the_never_treated_the_last_cohort_serves_until_it_is_treated():
    panel = simulated(12, 120, never=False)
    last = panel.first.max()
    before = Panel(panel.outcome[:, last > YEARS], panel.first, YEARS[last > YEARS])
    one, other = by_event(group_time(before, control="never")), sun_abraham(panel)
    assert other.estimate == pytest.approx(one.estimate, abs=1e-10)


@given(st.integers(0, 2**32 - 1), st.booleans())
@settings(max_examples=15, deadline=None)
def test_the_parts_of_least_squares_add_up_to_it(seed, always):
    panel = simulated(seed, 40)
    if always:
        panel = panel._replace(first=np.where(np.arange(40) < 3, 2010.0, panel.first))
    table = goodman_bacon(panel)
    assert table["weight"].sum() == pytest.approx(1, abs=1e-12)
    assert (table["weight"] > 0).all()
    whole = (table["weight"] * table["estimate"]).sum()
    assert whole == pytest.approx(twoway(panel).estimate, abs=1e-10)
    assert ("always" in set(table["kind"])) is always


def test_standard_errors_are_as_large_as_estimates_vary():
    found = []
    for seed in range(200):
        panel = simulated(seed, effect=0)
        gt = group_time(panel)
        every = (overall(by_event(gt), range(2)), imputation_overall(panel), simple(gt))
        found.append([(one.estimate, one.se) for one in every])
    ratios = np.mean(found, axis=0)[:, 1] / np.std(found, axis=0)[:, 0]
    assert ((ratios > 0.85) & (ratios < 1.15)).all(), ratios


def test_growing_effects_bias_least_squares_and_not_the_others():
    # 40 of 60 adopt, all effects positive and growing by .3 a year.
    panel = simulated(13, 2000, effect=0.3, never=False)
    gt = group_time(panel)
    truth = np.mean([0.3 * (t - g + 1) for g, t in cells(gt) if t >= g])
    assert simple(gt).estimate == pytest.approx(truth, rel=0.25)
    assert twoway(panel).estimate < 0.5 * imputation_overall(panel).estimate


# Covariates


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_covariates_that_bend_trends_are_taken_into_account(method):
    panels = [simulated(seed, 1000, covariates=1, effect=0) for seed in range(10)]
    plain = [simple(group_time(panel._replace(covariates=None))) for panel in panels]
    found = [simple(group_time(panel, method=method)) for panel in panels]
    off, still = (sum(one.estimate / one.se for one in ones) / 10**0.5 for ones in (plain, found))
    assert abs(off) > 6
    assert abs(still) < 3


@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_controls_of_a_kind_that_is_never_treated_weigh_nothing(method):
    panel = simulated(15)
    kind = (np.arange(300) % 4 == 0) & np.isinf(panel.first)
    one = group_time(panel._replace(covariates=kind[:, None]), method=method, control="never")
    other = group_time(Panel(panel.outcome[~kind], panel.first[~kind], YEARS), control="never")
    assert one.estimate == pytest.approx(other.estimate, abs=1e-7)
    assert one.se == pytest.approx(other.se, abs=1e-7)


@pytest.mark.parametrize(
    ("method", "covariate", "found"),
    [
        ("dr", lambda panel: np.ones(300), "controls cannot tell apart, cohort 2016"),
        ("reg", lambda panel: 1.0 * np.isfinite(panel.first), "cannot tell apart, cohort 2016"),
        ("ipw", lambda panel: 2 * panel.covariates[:, 0], "cannot be told apart, cohort 2016"),
        ("ipw", lambda panel: 1.0 * np.isfinite(panel.first), "all but certain, cohort 2016"),
    ],
)
def test_covariates_that_leave_nothing_to_compare_are_refused(method, covariate, found):
    panel = simulated(16, covariates=1)
    x = np.column_stack([panel.covariates, covariate(panel)])
    with pytest.raises(ContractError, match=found):
        group_time(panel._replace(covariates=x), method=method, control="never")


# What is refused


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"outcome": np.zeros(3)}, "shape"),
        ({"outcome": np.zeros((0, 3))}, "shape"),
        ({"outcome": np.array([[0, 1, INF]] * 3)}, "3 infinite outcomes"),
        ({"first": np.array([2, INF])}, "3 rows, 2 first periods"),
        ({"first": np.array([2, 3, np.nan])}, "no label"),
        ({"first": np.array([2, 3, -INF])}, "no label"),
        ({"first": np.array([2, 3, 2.5])}, "no label"),
        ({"periods": [1, 2]}, "3 columns, 2 periods"),
        ({"periods": [1, 3, 2]}, "the periods"),
        ({"periods": [1, 2, 2]}, "the periods"),
        ({"covariates": np.zeros((2, 1))}, "covariates of shape"),
        ({"covariates": np.array([[1], [2], [np.nan]])}, "1 units with a covariate"),
        ({"strata": np.array([1, 2])}, "strata"),
        ({"strata": np.array([1, 2, np.nan])}, "strata"),
    ],
)
def test_a_panel_that_cannot_be_is_refused(change, found):
    with pytest.raises(ContractError, match=found):
        checked(THREE._replace(**change))


@pytest.mark.parametrize(
    "estimator", [group_time, imputation, imputation_overall, sun_abraham, twoway, goodman_bacon]
)
def test_a_panel_in_which_nobody_is_treated_is_refused(estimator):
    with pytest.raises(ContractError):
        estimator(THREE._replace(first=np.full(3, INF)))


@pytest.mark.parametrize(
    ("options", "found"),
    [
        ({"control": "all"}, "`all`"),
        ({"method": "ols"}, "`ols`"),
        ({"base": "first"}, "`first`"),
        ({"delta": -1}, "-1 periods"),
    ],
)
def test_options_that_do_not_exist_are_refused(options, found):
    with pytest.raises(ContractError, match=found):
        group_time(THREE, **options)


def test_a_reaction_after_treatment_is_no_anticipation():
    with pytest.raises(ContractError, match="-1 periods"):
        imputation(THREE, delta=-1)


def test_numbers_that_nothing_is_behind_are_refused():
    gt = group_time(THREE)
    with pytest.raises(ContractError, match=r"\[2\]"):
        overall(by_event(gt), [0, 2])
    with pytest.raises(ContractError):
        overall(by_event(gt), [])
    with pytest.raises(ContractError):
        by_event(gt, min_units=3)
    with pytest.raises(ContractError):
        goodman_bacon(simulated(17, 40, unknown=0.1))
    with pytest.raises(ContractError):
        corrected(1.0, clusters=1, observations=10, k=1)
    with pytest.raises(ContractError):
        difference([1, 2, 3], [1, 1, 1])
    with pytest.raises(ContractError):
        two_by_two([1, 2, np.nan, 4], [0, 0, 1, 1], [0, 1, 0, 1])
    with pytest.raises(ContractError):
        difference([1, 2], [0, 1])


def test_imputation_across_parts_that_share_nothing_is_refused():
    y = np.array([[1.0, 2, np.nan, np.nan], [1, 2, np.nan, np.nan], [np.nan, np.nan, 1, 3]])
    y = np.append(y, [[np.nan, np.nan, 2, 5]], axis=0)
    with pytest.raises(ContractError, match="share no untreated"):
        imputation(Panel(y, np.array([2, INF, INF, 4]), [1, 2, 3, 4]))


def test_interaction_where_a_cohort_is_not_known_before_treatment_is_refused():
    y = simulated(18, 60).outcome
    first = simulated(18, 60).first
    y[first == 2018, : 2018 - 2013] = np.nan
    with pytest.raises(ContractError, match="told apart"):
        sun_abraham(Panel(y, first, YEARS))


# The table


def rows(panel, **columns):
    units, periods = panel.outcome.shape
    table = {
        "unit": np.repeat(np.arange(1, units + 1), periods),
        "year": np.tile(panel.periods, units),
        "y": panel.outcome.ravel(),
        "first": np.repeat(np.where(np.isinf(panel.first), np.nan, panel.first), periods),
    }
    return pd.DataFrame(table | {k: np.repeat(v, periods) for k, v in columns.items()})


KEYS = {"unit": "unit", "period": "year", "outcome": "y", "first": "first"}


def test_a_table_in_any_order_gives_the_panel_in_the_order_of_units():
    panel = simulated(19, 30, unknown=0.2)
    table = rows(panel, x=np.arange(30.0), size=np.arange(30) % 3)
    mixed = table.dropna(subset="y").sample(frac=1, random_state=1)
    found = panel_of(mixed, **KEYS, covariates=["x"], strata="size")
    assert found.outcome == pytest.approx(panel.outcome, nan_ok=True)
    assert found.first.tolist() == panel.first.tolist()
    assert found.periods.tolist() == YEARS.tolist()
    assert found.covariates[:, 0].tolist() == list(range(30))
    assert found.strata.tolist() == [at % 3 for at in range(30)]


def test_a_table_that_says_two_things_of_a_unit_is_refused():
    table = rows(simulated(20, 5))
    with pytest.raises(ContractError, match="two with the same"):
        panel_of(pd.concat([table, table.head(1)]), **KEYS)
    with pytest.raises(ContractError, match="without a key"):
        panel_of(table.assign(unit=table["unit"].where(table["unit"] > 1)), **KEYS)
    table.loc[0, "first"] = 2015
    with pytest.raises(ContractError, match="first change"):
        panel_of(table, **KEYS)


# Others


@cache
def simulated_rows():
    """The simulated panel as `csdid` and `pyfixest` want it, never is 0."""
    panel = simulated(21, covariates=2)
    table = rows(panel, x1=panel.covariates[:, 0], x2=panel.covariates[:, 1])
    first = table["first"].fillna(0).astype(int)
    return panel, table.assign(first=first, treated=((first > 0) & (first <= table["year"])) * 1)


def csdid(table, keys, covariates=(), *, control, method, delta, base):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from csdid.att_gt import ATTgt

        whose = {"notyet": "notyettreated", "never": "nevertreated"}[control]
        formula = "~".join([keys["yname"], "+".join(covariates) or "1"])
        model = ATTgt(
            **keys, data=table, control_group=[whose], xformla=formula, anticipation=delta
        )
        model = model.fit(est_method=method, base_period=base, bstrap=False)
        parts = {}
        for kind in ("simple", "group", "dynamic"):
            parts[kind] = model.aggte(typec=kind, bstrap=False, cband=False).atte
        return model.results, parts


def same_as_csdid(gt, results, parts):
    assert gt.group.tolist() == list(map(int, results["group"]))
    assert gt.period.tolist() == list(map(int, results["year"]))
    assert gt.estimate == pytest.approx(np.array(results["att"], float), abs=1e-8)
    assert gt.se == pytest.approx(np.nan_to_num(np.array(results["se"], float)), abs=1e-8)
    groups, events = by_group(gt), by_event(gt)
    after = overall(events, events.event[events.event >= 0].tolist())
    for kind, ours in (("simple", simple(gt)), ("group", over_groups(gt)), ("dynamic", after)):
        theirs = (parts[kind]["overall_att"], parts[kind]["overall_se"])
        assert (ours.estimate, ours.se) == pytest.approx(theirs, abs=1e-8)
    for kind, ours in (("group", groups), ("dynamic", events)):
        assert ours.event.tolist() == list(map(int, parts[kind]["egt"]))
        assert ours.estimate == pytest.approx(np.ravel(parts[kind]["att_egt"]), abs=1e-8)
        se = np.nan_to_num(np.ravel(parts[kind]["se_egt"]).astype(float))
        assert ours.se == pytest.approx(se, abs=1e-8)


@pytest.mark.parametrize(
    ("control", "method", "delta", "base", "covariates"),
    [
        ("notyet", "dr", 0, "universal", 0),
        ("never", "dr", 1, "varying", 2),
        ("notyet", "ipw", 1, "universal", 2),
        ("notyet", "reg", 0, "varying", 2),
    ],
)
def test_csdid_finds_the_same_on_a_simulated_panel(
    control, method, delta, base, covariates, capsys
):
    panel, table = simulated_rows()
    panel = panel if covariates else panel._replace(covariates=None)
    options = {"control": control, "method": method, "delta": delta, "base": base}
    keys = {"yname": "y", "tname": "year", "idname": "unit", "gname": "first"}
    theirs = csdid(table, keys, ["x1", "x2"][:covariates], **options)
    same_as_csdid(group_time(panel, **options), *theirs)


@pytest.mark.parametrize("control", ["notyet", "never"])
@pytest.mark.parametrize("method", ["dr", "reg", "ipw"])
def test_csdid_finds_the_same_in_the_counties(control, method, capsys):
    table = fixtures.mpdta()
    table = table.assign(first=table["first"].fillna(0).astype(int))
    keys = {"yname": "lemp", "tname": "year", "idname": "county", "gname": "first"}
    options = {"control": control, "method": method, "delta": 0, "base": "universal"}
    same_as_csdid(
        group_time(fixtures.counties("lpop"), **options), *csdid(table, keys, ["lpop"], **options)
    )


def test_pyfixest_finds_the_same_points():
    panel, table = simulated_rows()
    panel = panel._replace(covariates=None)
    before, after = (table[table["treated"] == treated] for treated in (0, 1))
    exact = {"atol": 1e-13, "btol": 1e-13}  # as it comes, it stops at 1e-6
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import pyfixest

        demeaner = pyfixest.MapDemeaner(fixef_tol=1e-12)
        static = pyfixest.feols("y ~ treated | unit + year", table, demeaner=demeaner).coef()
        untreated = pyfixest.feols("y ~ 1 | unit + year", before, demeaner=demeaner)
        untreated.fixef(**exact)
        effect = after["y"] - untreated.predict(newdata=after, **exact)
        saturated = pyfixest.event_study(
            table, yname="y", idname="unit", tname="year", gname="first", estimator="saturated"
        ).aggregate(agg="period")
    assert twoway(panel).estimate == pytest.approx(static["treated"], abs=1e-9)
    by_events = effect.groupby(after["year"] - after["first"]).mean()
    assert imputation(panel).estimate == pytest.approx(by_events.to_numpy(), abs=1e-9)
    ours = sun_abraham(panel)
    assert saturated.index.tolist() == ours.event[ours.event != -1].tolist()
    theirs = saturated["Estimate"].to_numpy(dtype=float)
    assert ours.estimate[ours.event != -1] == pytest.approx(theirs, abs=1e-6)


# Fast enough to be done two thousand times


def test_three_hundred_units_and_eleven_years_take_a_few_hundredths_of_a_second():
    panel = simulated(22)
    taken = []
    for _ in range(5):
        start = time.perf_counter()
        by_event(group_time(panel))
        taken.append(time.perf_counter() - start)
    assert min(taken) < 0.05
