"""W11-W18 of methods 8: what is put in is what is true, with the noise taken out or left in."""

import numpy as np
import pytest

from analysis.inference.effects.panel import Panel
from analysis.inference.effects.twoway import twoway
from analysis.simulate.worlds import (
    anticipation,
    did,
    firms_after,
    publication,
    regions,
    series,
    spillover,
    staggered,
    trends,
)
from analysis.validation.judging import judge

WORLDS = (
    did.WORLD,
    trends.WORLD,
    anticipation.WORLD,
    publication.WORLD,
    spillover.WORLD,
    series.WORLD,
    regions.WORLD,
    firms_after.WORLD,
)


def without_noise(kind, *, never=100):
    """What admission adds, and nothing else."""
    first = staggered.adoption(np.random.default_rng(1), never=never)
    added = staggered.effects(first, did.EFFECTS[kind])
    return Panel(added, first, staggered.YEARS), staggered.mean_effect(first, added)


@pytest.mark.parametrize("kind", did.EFFECTS)
@pytest.mark.parametrize("name", did.ESTIMATORS)
def test_without_noise_an_estimator_gives_the_effect_itself(name, kind):
    panel, truth = without_noise(kind)
    assert did.ESTIMATORS[name](panel).estimate == pytest.approx(truth, abs=1e-12)


def test_effects_are_the_means_worked_by_hand():
    # .15 (1 + e) over e = 0..3; of cohorts 2, 1, .5, .2, 0, -.5 the last is not seen at e = 3.
    assert without_noise("growing")[1] == pytest.approx(0.15 * (1 + 2 + 3 + 4) / 4)
    first = (10 * 2 + 10 * 1 + 9 * 0.5 + 6 * 0.2 + 5 * 0 - 5 * 0.5) / 45
    last = (10 * 2 + 10 * 1 + 9 * 0.5 + 6 * 0.2 + 5 * 0) / 40
    assert without_noise("by cohort")[1] == pytest.approx((3 * first + last) / 4)


@pytest.mark.parametrize(
    ("never", "bias", "error"),  # the method note's are means of 300 runs with noise
    [(0, -1.05, 0.06), (20, -0.54, 0.04), (100, -0.25, 0.03), (300, -0.16, 0.03)],
)
def test_two_way_effects_are_as_wrong_as_methods_4_3_found(never, bias, error):
    panel, _ = without_noise("growing", never=never)
    true = panel.outcome[staggered.event_time(panel.first) >= 0].mean()
    assert true == pytest.approx(0.557, abs=5e-4)
    assert twoway(panel).estimate / true - 1 == pytest.approx(bias, abs=error)


def test_the_least_detectable_effect_is_near_that_of_methods_4_4():
    assert did.detectable() == pytest.approx(0.498, abs=0.02)


@pytest.mark.parametrize("world", WORLDS, ids=lambda world: world.id)
def test_a_world_answers_what_it_claims_and_a_seed_decides_it(world):
    one, same, other = (world.replicate(np.random.default_rng(seed)) for seed in (1, 1, 2))
    assert {claim.estimator for claim in world.claims} <= one.keys()
    np.testing.assert_equal(dict(one), dict(same))
    assert any(one[name].estimate != other[name].estimate for name in one)
    assert len(judge(world, {name: [one[name], other[name]] for name in one})) == len(world.claims)


def test_part_of_the_effect_that_reaches_all_is_missed_to_the_digit(monkeypatch):
    monkeypatch.setattr(spillover, "untreated", lambda rng, units: np.zeros((units, 9)))
    found = spillover.replicate(np.random.default_rng(1))
    assert found["CS on top, all reached"].estimate == pytest.approx(0.7 * 0.5)
    assert found["CS among applicants"].estimate == pytest.approx(0.5)
    # Against buyers that learn .075 a year: 1 to 4 years of it, 2.5 on average.
    assert found["CS against never admitted"].estimate == pytest.approx(0.5 - 2.5 * 0.075)


def test_a_drift_of_a_quarter_a_year_adds_to_the_effect(monkeypatch):
    def still(rng, units, *, years):
        return 1e-3 * rng.standard_normal((units, len(years)))  # bounds need some spread

    monkeypatch.setattr(trends, "untreated", still)
    found = trends.replicate(np.random.default_rng(1))
    assert found["CS, drift"].estimate == pytest.approx(0.5 + 0.25 * 2.5, abs=1e-3)
    assert found["smoothness, drift"].estimate == pytest.approx(0.5, abs=5e-3)
    assert found["relative magnitude, drift"].covered == 1
