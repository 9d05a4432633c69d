"""Chapter 90 shows what the validation record holds, nearest to its limit first."""

import pytest

from analysis.present import labels, validation_shown
from analysis.present.language import LANGUAGES
from analysis.simulate.worlds.claims import Claim, Outcome, World
from analysis.validation import record
from analysis.validation.worlds import WORLDS


def kept(*claims, **answers):
    world = World("W0", "title", "truth", lambda rng: {}, claims)
    return record.made([world], {"W0": answers}, draws=100)


@pytest.fixture(scope="module")
def two():
    """Ninety-four of a hundred intervals hold the truth for one estimator, 99 for another."""
    answers = {
        name: [Outcome(covered=float(at < held), rejected=float(at < 3)) for at in range(100)]
        for name, held in (("one", 94), ("other", 99))
    }
    return kept(
        Claim("holds", "one", "coverage", low=0.9),
        Claim("holds", "other", "coverage", low=0.9),
        Claim("fails", "other", "coverage", high=0.5, must_fail=True),
        Claim("seldom", "one", "size", high=0.05),
        **answers,
    )


def test_of_each_measure_the_figure_nearest_to_its_limit_is_shown(two):
    [row] = validation_shown.shape(two).rows
    assert [cell["nl"] for cell in row] == [
        "W0 Niets verandert, niets ontbreekt", "3/4", "", "94\u00a0% (≥\u00a090)",
        "3\u00a0% (≤\u00a05)", "", "2,4\u00a0%",
    ]  # fmt: skip


def test_the_sentence_counts_claims_and_those_that_must_fail(two):
    said = validation_shown.blanks(two)
    assert said.pop("draws") == {"nl": "100", "en": "100"}
    assert said == {"worlds": "1", "claims": "4", "passed": "3", "must_fail": "1"}
    many = validation_shown.blanks(two | {"draws": 2000})
    assert many["draws"] == {"nl": "2.000", "en": "2,000"}


def test_a_bias_is_told_in_standard_deviations():
    answers = {"one": [Outcome(1.0, 1.0 + (-1) ** at * 0.5 + 0.01) for at in range(100)]}
    found = kept(Claim("is unbiased", "one", "bias", low=-0.025, high=0.025), **answers)
    [row] = validation_shown.shape(found).rows
    # .01 over .5025, the sd of fifty +-.5; .025 over the same
    assert row[2]["en"] == "0.02 (≤\u00a00.05)"


def test_a_bias_beside_that_of_another_estimator_is_no_number_of_standard_deviations():
    """Weighting takes a third of the error away: .2 is left of .3, whatever the spread is."""
    answers = {
        "unweighted": [Outcome(1.0, 1.3 + (-1) ** at * 0.01) for at in range(100)],
        "weighted": [Outcome(1.0, 1.2 + (-1) ** at * 0.01) for at in range(100)],
    }
    claim = Claim("repairs a part", "weighted", "bias", high=0.95, versus="unweighted")
    [row] = validation_shown.shape(kept(claim, **answers)).rows
    assert (row[1]["nl"], row[2]["nl"]) == ("1/1", "")


def test_every_world_has_a_title_in_every_language():
    for name in WORLDS:
        assert all(labels.every(f"world.{name}")[language] for language in LANGUAGES)
