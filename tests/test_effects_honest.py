"""What remains of an effect when trends differed: by hand, and by linear programmes."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, linprog
from scipy.stats import norm
from validated.honest import medicaid

from analysis.inference.effects import honest_relative, honest_smooth
from analysis.inference.effects.aggregate import EventStudy
from analysis.inference.effects.honest import (
    around,
    breakdown,
    mean_over,
    relative_magnitude,
    smoothness,
)
from analysis.inference.effects.honest_path import checked
from analysis.inference.effects.pretrends import half_explained, joint_wald, power_against
from analysis.refusal import ContractError

BOTH = pytest.mark.parametrize("bounds", [relative_magnitude, smoothness])


def drawn(seed, pre, post):
    """Coefficients, their covariance and mixed weights, of no particular kind."""
    random = np.random.default_rng(seed)
    root = random.normal(size=(pre + post, pre + post)) + 2 * np.eye(pre + post)
    weights = random.normal(size=post)
    return random.normal(size=pre + post), root @ root.T / 20, pre, post, weights


def study(estimate, covariance, events):
    """An event study of as many units as events, with exactly this covariance."""
    size = len(estimate)
    influence = size * np.linalg.cholesky(np.asarray(covariance, float)).T
    return EventStudy(np.array(events), np.array(estimate, float), influence, np.full(size, size))


def ends(bounds, limit, estimate, covariance, pre, post, weights=None):
    return bounds(estimate, covariance, pre, post, [limit], weights=weights)[0][1:]


worlds = st.builds(drawn, st.integers(0, 10**6), st.integers(1, 4), st.integers(1, 3))


# Relative magnitudes

ALMOST_KNOWN = 1e-14


@pytest.mark.parametrize(
    ("before", "after", "weights", "mbar", "low", "high"),
    [
        # One step of 2 before treatment: with M̄ = 1/2 the first difference after is at most 1.
        ([-2], [10], [1], 0.5, 9, 11),
        # The second is at most two such steps, the mean of both 1.5.
        ([-2], [10, 30], [0, 1], 0.5, 28, 32),
        ([-2], [10, 30], [0.5, 0.5], 0.5, 18.5, 21.5),
        # What grew from the first to the second: one step.
        ([-2], [10, 30], [-1, 1], 0.5, 19, 21),
        # Steps of 3 (from -1 to 2), then -2 (from 2 to 0): the largest counts, whatever its sign.
        ([-1, 2], [10], [1], 2, 4, 16),
        ([1, -2], [10], [1], 2, 4, 16),
    ],
)
def test_what_is_identified_when_nothing_is_left_to_chance(before, after, weights, mbar, low, high):
    estimate = [*before, *after]
    covariance = ALMOST_KNOWN * np.eye(len(estimate))
    found = ends(relative_magnitude, mbar, estimate, covariance, len(before), len(after), weights)
    assert found == pytest.approx((low, high), abs=1e-5)


@given(worlds, st.sampled_from([0.01, 0.05, 0.1]))
@settings(max_examples=10, deadline=None)
def test_without_a_violation_the_interval_is_the_usual_one(world, alpha):
    estimate, covariance, pre, post, weights = world
    (found,) = relative_magnitude(
        estimate, covariance, pre, post, [0], weights=weights, alpha=alpha
    )
    half = norm.isf(alpha / 2) * np.sqrt(weights @ covariance[pre:, pre:] @ weights)
    middle = weights @ estimate[pre:]
    assert found[1:] == pytest.approx((middle - half, middle + half), abs=1e-7)


def programme(values, sd, moves):
    """Least eta such that values - moves tau <= eta sd for some tau, by a solver."""
    moves = np.column_stack([sd, moves])
    found = linprog(np.eye(1, moves.shape[1])[0], -moves, -values, bounds=(None, None))
    return found.fun, -found.ineqlin.marginals


def moments(case, mbar, theta, world):
    """Moments of one step and sign, their covariance, and how the free effects move them."""
    estimate, covariance, pre, post, weights = world
    steps = honest_relative._steps(checked(estimate, covariance, pre, post, weights)[0])
    step = steps[case % pre] * (1 if case < pre else -1)
    rows = np.concatenate([steps[pre:], -steps[pre:]]) - mbar * step
    effects = np.concatenate([steps[pre:], -steps[pre:]])[:, pre:]
    at = weights * theta / (weights @ weights)  # a tau with l'tau = theta; others differ within
    free = np.linalg.svd(weights[None])[2][1:].T
    return rows @ estimate - effects @ at, rows @ covariance @ rows.T, effects @ free


def rejected(values, covariance, moves, critical, alpha=0.05):
    """The conditional test, whose limits are found by solving the programme again and again."""
    sd = np.sqrt(np.diag(covariance))
    eta, dual = programme(values, sd, moves)
    if eta <= 0 or eta > critical:
        return eta > critical
    variance = dual @ covariance @ dual
    along = covariance @ dual / variance
    rest = values - along * (dual @ values)

    def beyond(x):
        return programme(rest + along * x, sd, moves)[0] - x > 1e-9

    def limit(inside, outside):
        if not beyond(outside):
            return outside
        for _ in range(24):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
        return inside

    scale = np.sqrt(variance)
    low, high = limit(eta, eta - 40 * scale), limit(eta, critical)
    tail = norm.sf(np.array([low, eta, high]) / scale)
    kappa = alpha / 10
    share = (tail[1] - tail[2]) / (tail[0] - tail[2])
    return share < (alpha - kappa) / (1 - kappa)


@pytest.mark.parametrize(("pre", "post"), [(1, 1), (2, 2), (3, 3)])
def test_the_closed_form_decides_as_linear_programmes_do(pre, post):
    world, mbar = drawn(3, pre, post), 0.7
    path, weights = checked(*world)
    vertices = honest_relative._vertices(path, weights, mbar, 0.005)
    random, decisions = np.random.default_rng(5), []
    for case in range(2 * pre):
        theta = random.uniform(vertices.low[case] - 0.1, vertices.high[case] + 0.1, 3)
        for value in theta:
            values, covariance, moves = moments(case, mbar, value, world)
            eta = programme(values, np.sqrt(np.diag(covariance)), moves)[0]
            ours = (vertices.constant + vertices.slope * value)[case]
            assert ours.max() == pytest.approx(eta, abs=1e-8)
            decisions.append(rejected(values, covariance, moves, vertices.critical[case]))
            every = np.full((2 * pre, 1), value)
            accepted = honest_relative._accepted(vertices, every, 0.05)[case, 0]
            assert accepted != decisions[-1]
    assert len(set(decisions)) == 2


def test_the_least_favourable_value_is_passed_as_often_as_it_says():
    path, weights = checked(*drawn(8, 3, 3))
    vertices = honest_relative._vertices(path, weights, 1.0, 0.05)
    for covariance, critical in zip(vertices.covariance, vertices.critical, strict=True):
        size = np.zeros(len(covariance))
        draws = np.random.default_rng(1).multivariate_normal(
            size, covariance, 100_000, check_valid="ignore"
        )
        assert (draws.max(axis=1) > critical).mean() == pytest.approx(0.05, abs=0.0025)


@pytest.mark.parametrize("seed", [1, 2])
def test_it_covers_the_end_of_what_is_identified(seed):
    """2,000 draws around the worst trend that M̄ = 1 allows, the effect itself 0."""
    _, covariance, pre, post, _ = drawn(seed, 2, 2)
    truth = np.array([-0.5, -1.5, 1.5, 3.0]) * 5  # steps -1 and 1.5, then 1.5 twice
    path, weights = checked(truth, covariance, pre, post, [0, 1])

    def constant(estimate):
        at = path._replace(estimate=estimate)
        return honest_relative._vertices(at, weights, 1.0, 0.005).constant

    vertices = honest_relative._vertices(path, weights, 1.0, 0.005)
    linear = np.stack([constant(row) for row in np.eye(4)], axis=-1)
    draws = np.random.default_rng(seed).multivariate_normal(truth, covariance, 2000)
    covered = [
        honest_relative._accepted(
            vertices._replace(constant=linear @ draw), np.zeros((4, 1)), 0.05
        ).any()
        for draw in draws
    ]
    assert np.mean(covered) == pytest.approx(0.95, abs=4 * np.sqrt(0.95 * 0.05 / 2000))


# Smoothness


def bias(weights, pre, limit):
    """Largest bias over differences of trend that bend by no more than the limit, by a solver."""
    size = len(weights) + 1
    bends = np.eye(size - 2, size) - 2 * np.eye(size - 2, size, 1) + np.eye(size - 2, size, 2)
    bends = np.delete(bends, pre, axis=1)
    found = linprog(
        -weights, np.vstack([bends, -bends]), np.full(2 * size - 4, limit), bounds=(None, None)
    )
    return -found.fun if found.success else np.inf


def half_length(weights, covariance, pre, limit):
    sd, worst = np.sqrt(weights @ covariance @ weights), bias(weights, pre, limit)

    def covers(half):
        return norm.cdf((half - worst) / sd) - norm.cdf((-half - worst) / sd) - 0.95

    return brentq(covers, 0, worst + 10 * sd, xtol=1e-13)


@pytest.mark.parametrize(("pre", "post", "limit"), [(3, 2, 0.02), (4, 3, 0.2), (2, 1, 5.0)])
def test_no_other_straight_line_through_gives_a_shorter_interval(pre, post, limit):
    estimate, covariance, _, _, weights = drawn(7, pre, post)
    low, high = ends(smoothness, limit, estimate, covariance, pre, post, weights)
    path, effect = checked(estimate, covariance, pre, post, weights)
    problem = honest_smooth._problem(path, effect, 1.0)
    bent = honest_smooth._bent(problem, honest_smooth._price(problem, limit, 0.05))
    best = problem.fixed + problem.moves @ bent
    assert best[pre:] == pytest.approx(weights)
    assert best @ estimate == pytest.approx((low + high) / 2)
    assert half_length(best, covariance, pre, limit) == pytest.approx((high - low) / 2)
    random = np.random.default_rng(2)
    for size in (0.001, 0.01, 0.1, 1):
        for step in random.normal(size=(5, pre - 1)):
            other = best + problem.moves @ (size * step)
            assert half_length(other, covariance, pre, limit) >= (high - low) / 2 - 1e-9


@given(worlds)
@settings(max_examples=10, deadline=None)
def test_without_a_bend_the_line_is_extrapolated_by_generalised_least_squares(world):
    estimate, covariance, pre, post, weights = world
    design = np.zeros((pre + post, 1 + post))
    design[:, 0] = [*range(-pre, 0), *range(1, post + 1)]
    design[pre:, 1:] = np.eye(post)
    inverse = np.linalg.inv(covariance)
    spread = np.linalg.inv(design.T @ inverse @ design)
    effect = np.concatenate([[0], weights])
    middle = effect @ spread @ design.T @ inverse @ estimate
    half = norm.isf(0.025) * np.sqrt(effect @ spread @ effect)
    found = ends(smoothness, 0, *world)
    assert found == pytest.approx((middle - half, middle + half), abs=1e-6)


def test_one_event_before_treatment_is_extrapolated_and_may_bend_once():
    covariance = ALMOST_KNOWN * np.eye(2)
    assert ends(smoothness, 3, [-1, 10], covariance, 1, 1) == pytest.approx((6, 12), abs=1e-5)


@pytest.mark.parametrize(("mean", "alpha"), [(0, 0.05), (0.3, 0.05), (1.0, 0.1), (50.0, 0.01)])
def test_the_folded_quantile_leaves_alpha_outside(mean, alpha):
    value = honest_smooth.folded_quantile(mean, alpha)
    assert norm.sf(value - mean) + norm.sf(value + mean) == pytest.approx(alpha, rel=1e-9)


# Both


@BOTH
@given(worlds)
@settings(max_examples=8, deadline=None)
def test_the_more_trends_may_differ_the_wider_the_interval(bounds, world):
    estimate, covariance, pre, post, weights = world
    found = bounds(estimate, covariance, pre, post, (0, 0.5, 1, 2), weights=weights)
    wide = [high - low for _, low, high in found]
    assert wide == sorted(wide)
    assert wide[-1] > wide[0]


@BOTH
@given(worlds, st.sampled_from([-1.0, 1000.0, 1e-6]))
@settings(max_examples=8, deadline=None)
def test_the_unit_and_the_sign_of_the_outcome_do_not_matter(bounds, world, unit):
    estimate, covariance, pre, post, weights = world
    limit = 0.5
    scaled = limit * abs(unit) if bounds is smoothness else limit
    ours = ends(bounds, limit, *world)
    other = ends(bounds, scaled, unit * estimate, unit**2 * covariance, pre, post, weights)
    size = max(map(abs, ours))
    assert sorted(np.array(other) / unit) == pytest.approx(ours, abs=1e-7 * size)


@BOTH
def test_the_order_of_the_events_does_not_matter(bounds):
    estimate, covariance, _, _, _ = drawn(11, 3, 2)
    events = np.array([-4, -3, -2, 0, 1])
    shuffled = [3, 0, 4, 2, 1]
    ours = study(estimate, covariance, events)
    other = EventStudy(
        events[shuffled], estimate[shuffled], ours.influence[:, shuffled], ours.treated
    )
    expected = bounds(estimate, covariance, 3, 2, [0.5])[0][1:]
    for one in (ours, other):
        assert bounds(*around(one), [0.5])[0][1:] == pytest.approx(expected, abs=1e-12)


def test_the_reference_is_left_out_and_anticipation_moves_it():
    plain = study([1, 2, 0, 3, 4], np.eye(5), [-3, -2, -1, 0, 1])
    usual, early = around(plain), around(plain, reference=-2)
    assert (usual.pre, usual.post, usual.estimate.tolist()) == (2, 2, [1, 2, 3, 4])
    assert (early.pre, early.post, early.estimate.tolist()) == (1, 3, [1, 0, 3, 4])
    assert mean_over(plain, [0, 1]).tolist() == [0.5, 0.5]
    assert mean_over(plain, [0, 1], reference=-2).tolist() == [0, 0.5, 0.5]


@pytest.mark.parametrize(
    ("restriction", "before", "limit"),
    # A step of 2 must be allowed five times over to explain 10; a flat line must bend by 10.
    [("relative", [-2], 5), ("smooth", [0], 10), ("relative", [-1, 2], 10 / 3)],
)
def test_a_conclusion_breaks_down_where_the_trends_explain_all_of_it(restriction, before, limit):
    covariance = ALMOST_KNOWN * np.eye(len(before) + 1)
    found = breakdown(restriction, [*before, 10], covariance, len(before), 1)
    assert found == pytest.approx(limit, abs=1e-4)
    assert breakdown(restriction, [*before, 10], covariance, len(before), 1, null=10) == 0


@pytest.mark.parametrize("restriction", ["relative", "smooth"])
def test_at_breakdown_the_interval_begins_to_hold_zero(restriction):
    bounds = {"relative": relative_magnitude, "smooth": smoothness}[restriction]
    at = breakdown(restriction, *medicaid())
    before, after = bounds(*medicaid(), (0.999 * at, 1.001 * at))
    assert before.low > 0 > after.low


def test_what_holds_zero_already_breaks_down_at_nothing():
    assert breakdown("relative", [0.1, 0.2], np.eye(2), 1, 1) == 0


# Tests of the trends before treatment


@cache
def known():
    """Coefficients 1, 2 and 0 before treatment, 4 and 8 after; variance 1 each."""
    return study([1, 2, 0, 4, 8], np.eye(5), [-3, -2, -1, 0, 1])


def test_the_joint_test_is_the_sum_of_squares_when_coefficients_are_independent():
    found = joint_wald(known())
    assert found.df == 2
    assert found.statistic == pytest.approx(1 + 4)
    assert found.p == pytest.approx(np.exp(-5 / 2))
    assert joint_wald(known(), [-2]).p == pytest.approx(2 * norm.sf(2))


def test_the_joint_test_does_not_depend_on_which_event_is_the_reference():
    """Differences to another event before treatment hold the same information."""
    estimate, covariance, _, _, _ = drawn(4, 3, 1)
    move = np.array([[1, 0, -1, 0], [0, 1, -1, 0], [0, 0, -1, 0], [0, 0, -1, 1]], float)
    ours = study(estimate, covariance, [-4, -3, -2, 0])
    other = study(move @ estimate, move @ covariance @ move.T, [-4, -3, -1, 0])
    expected = joint_wald(ours).statistic
    assert joint_wald(other, reference=-2, events=[-4, -3, -1]).statistic == pytest.approx(expected)


def test_power_is_how_often_the_joint_test_rejects_under_the_trend():
    _, covariance, _, _, _ = drawn(6, 3, 1)
    one, trend = study(np.zeros(4), covariance, [-4, -3, -2, 0]), 0.4 * np.array([-3, -2, -1])
    draws = np.random.default_rng(3).multivariate_normal(trend, covariance[:3, :3], 20_000)
    inverse = np.linalg.inv(covariance[:3, :3])
    seen = (np.einsum("di,ij,dj->d", draws, inverse, draws) > 7.814728).mean()  # chi2(3), 95 %
    assert power_against(one, 0.4) == pytest.approx(seen, abs=4 * np.sqrt(0.25 / 20_000))


def test_power_with_one_event_is_that_of_a_two_sided_normal_test():
    z = norm.isf(0.025)
    expected = norm.sf(z - 2.5) + norm.cdf(-z - 2.5)
    assert power_against(known(), -2.5, events=[-2]) == pytest.approx(expected)
    assert power_against(known(), 2.5, events=[-2]) == pytest.approx(expected)
    assert power_against(known(), 0) == pytest.approx(0.05)


def test_half_the_mean_effect_over_the_mean_distance_is_the_slope_to_see():
    found = half_explained(known(), [0, 1])
    assert found.slope == pytest.approx((4 + 8) / 2 / 2 / 1.5)
    assert found.power == power_against(known(), 2.0)
    assert found.informative
    assert not half_explained(known(), [0, 1], alpha=1e-6).informative


# Refusals


@BOTH
@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"limits": [-1]}, "at least 0"),
        ({"limits": [np.inf]}, "finite"),
        ({"estimate": [1, np.nan, 2]}, "not known"),
        ({"covariance": np.ones((3, 3))}, "full rank"),
        ({"covariance": np.eye(2)}, "k by k"),
        ({"covariance": [[1, 0.5, 0], [0, 1, 0], [0, 0, 1]]}, "symmetric"),
        ({"pre": 0, "post": 3}, "before"),
        ({"weights": [0]}, "all 0"),
        ({"weights": [1, 2]}, "weight for each"),
    ],
)
def test_what_cannot_be_restricted_is_refused(bounds, change, says):
    given_ = {"estimate": [1, 2, 3], "covariance": np.eye(3), "pre": 2, "post": 1, "limits": [1]}
    given_ |= {"weights": None} | change
    weights = given_.pop("weights")
    with pytest.raises(ContractError, match=says):
        bounds(*given_.values(), weights=weights)


@pytest.mark.parametrize("events", [[-3, -1, 0], [-2, 1, 2], [-2, 0, 0]])
def test_events_with_a_gap_are_refused(events):
    with pytest.raises(ContractError, match="without a gap"):
        around(study([1, 2, 3], np.eye(3), events))


@pytest.mark.parametrize(
    "act",
    [
        lambda: mean_over(known(), [0, 5]),
        lambda: joint_wald(known(), [-9]),
        lambda: joint_wald(known(), [-2, -1]),
        lambda: joint_wald(known(), []),
        lambda: half_explained(known(), [-2, 0]),
        lambda: joint_wald(known()._replace(influence=np.ones((1, 5)))),
    ],
)
def test_what_the_study_does_not_have_is_refused(act):
    with pytest.raises(ContractError):
        act()
