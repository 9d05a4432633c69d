"""W0 to W10, W19 to W21 of methods 8: what is true in them, and that their claims hold."""

from functools import cache

import numpy as np
import pytest
from scipy.stats import binom

from analysis.inference.intervals import wilson
from analysis.simulate.worlds import (
    amounts,
    buyers,
    changes,
    classifier,
    classifier_claims,
    coverage,
    full,
    kpi,
    norm_claims,
    survey,
    survivors,
)
from analysis.validation import births, consortia, linked, slips, withheld
from analysis.validation.judging import judge
from analysis.validation.run import random_of

# Replications that take a second or two; those that go through the engine are slow.
FAST = {full: 60, amounts: 3, coverage: 60, survivors: 60, changes: 10, classifier_claims: 25}
FAST |= {norm_claims: 10, survey: 40, kpi: 10}
SLOW = {births: 20, linked: 20, slips: 20, consortia: 20, withheld: 10}


def answers(module, draws):
    world, found = module.WORLD, {}
    for number in range(draws):
        for name, outcome in world.replicate(random_of(world, number)).items():
            found.setdefault(name, []).append(outcome)
    return found


def untrue(module, draws):
    judged = judge(module.WORLD, answers(module, draws))
    return [(one.claim.says, one.value, one.low, one.high) for one in judged if not one.passed]


@pytest.mark.parametrize("module", FAST, ids=lambda module: module.WORLD.id)
def test_claims_hold(module):
    assert untrue(module, FAST[module]) == []


@pytest.mark.parametrize("module", SLOW, ids=lambda module: module.WORLD.id)
def test_a_world_that_goes_through_the_product_can_be_drawn(module):
    """Else a changed step of the product ends the long validation, and no fast test says so."""
    assert answers(module, 1)


@pytest.mark.slow
@pytest.mark.parametrize("module", SLOW, ids=lambda module: module.WORLD.id)
def test_claims_hold_through_the_steps_of_the_product(module):
    assert untrue(module, SLOW[module]) == []


@pytest.mark.parametrize("module", FAST, ids=lambda module: module.WORLD.id)
def test_a_seed_decides_a_replication(module):
    one, same, other = (module.WORLD.replicate(np.random.default_rng(n)) for n in (1, 1, 2))
    assert repr(one) == repr(same)  # not a number is not equal to itself
    assert repr(one) != repr(other)


def test_awards_of_a_buyer_are_negative_binomial():
    drawn = buyers.awards(np.random.default_rng(1), (200_000,))
    assert drawn.mean() == pytest.approx(20, rel=0.01)
    assert drawn.var() == pytest.approx(20 + 20**2 / 2, rel=0.02)


def test_two_awards_of_one_buyer_correlate_by_icc():
    random = np.random.default_rng(1)
    chance = buyers.leaning(random, 0.05, 0.05, buyers=400_000)
    one, two = (random.random(len(chance)) < chance for _ in range(2))
    assert one.mean() == pytest.approx(0.05, rel=0.02)
    assert np.corrcoef(one, two)[0, 1] == pytest.approx(0.05, abs=0.006)


def test_a_constant_share_of_6_percent_shows_as_4_and_then_5_84():
    """methods 0.2: (.6 .1 .08 + .4 .6 .03)/(.6 .1 + .4 .6) = .0120/.30."""
    parts = {"small": coverage.SMALL, "large": 1 - coverage.SMALL}
    assert sum(parts[s] * coverage.STARTUPS[s] for s in parts) == pytest.approx(coverage.SHARE)
    for when, shown in (("before", 0.04), ("after", 0.0584)):
        seen = {s: parts[s] * coverage.PUBLISHED[when][s] for s in parts}
        share = sum(seen[s] * coverage.STARTUPS[s] for s in parts) / sum(seen.values())
        assert share == pytest.approx(shown, abs=5e-5)


def test_a_constant_share_of_8_percent_shows_as_4_7_and_then_7_5():
    """methods 0.3: .08 .91^9/(.08 .91^9 + .92 .97^9) = .0467; a year later only, .0754."""
    alive = {
        kind: (1 - hazard) ** survivors.AGES.astype(float)
        for kind, hazard in survivors.HAZARD.items()
    }
    yes = survivors.SHARE * alive["startup"]
    shown = yes / (yes + (1 - survivors.SHARE) * alive["other"])
    assert shown[0] == pytest.approx(0.0467, abs=5e-5)
    assert shown[-1] == pytest.approx(0.0754, abs=5e-5)


def test_the_known_parts_of_a_change_by_hand():
    """Within .45 .01 + .15 .01; mix .025 (-.1) + .055 (-.1) + .08 .2: the new cell is mix."""
    assert pytest.approx(0.45 * 0.01 + 0.15 * 0.01) == changes.WITHIN
    assert pytest.approx(-0.0025 - 0.0055 + 0.016) == changes.MIX
    before, after = (
        float((weight * rate).sum())
        for weight, rate in zip(changes.WEIGHT, changes.RATE, strict=True)
    )
    assert pytest.approx(after - before) == changes.WITHIN + changes.MIX


def naive_cover(share, trial):
    """Exactly: how often Wilson's interval of what a test calls holds what there is."""
    rate = share * trial.sensitivity + (1 - share) * (1 - trial.specificity)
    called = np.arange(*(int(binom.ppf(p, classifier.LOTS, rate)) for p in (1e-9, 1 - 1e-9)))
    ends = [wilson(x, classifier.LOTS) for x in called]
    holds = np.array([low <= share <= high for low, high in ends])
    return float(binom.pmf(called, classifier.LOTS, rate)[holds].sum())


def test_the_naive_count_covers_only_where_its_errors_cancel():
    """methods 8 prints "naive count cover < .75" for all; exactly, it holds in eight of twelve."""
    cover = {cell: naive_cover(*cell) for cell in classifier_claims.CELLS}
    assert len(cover) == 12
    assert {cell for cell in cover if cover[cell] >= 0.75} == set(classifier_claims.CANCEL)
    told = [cover[cell] for cell in classifier_claims.CANCEL]
    assert told == pytest.approx([0.870, 0.951, 0.951, 0.952], abs=5e-4)
    for share, trial in classifier_claims.CANCEL:
        missed, wrong = share * (1 - trial.sensitivity), (1 - share) * (1 - trial.specificity)
        assert abs(wrong - missed) < 0.002


@cache
def population(share, quality):
    return classifier_claims.even_population(share, quality)


@pytest.mark.parametrize(("share", "quality"), classifier_claims.POPULATIONS)
def test_innovation_is_as_large_in_euros_as_in_number_but_for_the_very_largest(share, quality):
    awards = population(share, quality)
    assert awards.truth.mean() == share
    assert 0.85 * share < awards.share < share


def test_a_good_classifier_tells_more_than_a_weak_one_and_both_less_of_large_awards():
    """methods 3.5: sensitivity .87 and .42, specificity .998 and .982."""
    found = {}
    for quality in classifier.SEPARATION:
        awards = population(0.03, quality)
        called, true = awards.score >= 0.5, awards.truth == 1
        euros = awards.value
        found[quality] = called[true].mean(), (~called[~true]).mean()
        assert (euros * called * true).sum() / (euros * true).sum() < called[true].mean()
    assert found["good"] == pytest.approx((0.87, 0.998), abs=0.02)
    assert found["weak"] == pytest.approx((0.42, 0.99), abs=0.04)


def test_a_group_of_any_size_holds_12_percent_of_start_ups():
    for many, others in consortia.OTHERS.items():
        members = [consortia.FIRST, *[others] * (many - 1)]
        assert np.mean(members) == pytest.approx(consortia.MEMBER)


def test_a_slip_is_published_a_hundred_times_too_large_and_a_framework_with_its_ceiling():
    awards = slips.invent(np.random.default_rng(1))
    factor = awards.published / awards.value
    assert factor[awards.slip] == pytest.approx(100)
    assert factor[awards.framework] == pytest.approx(10, rel=1e-3)
    assert factor[~awards.slip & ~awards.framework] == pytest.approx(1)
    assert not (awards.slip & awards.framework).any()
