"""What a survey says when some did not answer: methods 5."""

import doctest
import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference import survey, survey_weights
from analysis.inference.bounds import binomial_se
from analysis.inference.intervals import wilson
from analysis.inference.survey import (
    census_error,
    kish,
    nonresponse_bounds,
    publishable,
    representativity,
    top_box,
    weights,
    wilson_census,
)
from analysis.refusal import ContractError

Z = 1.959963984540054


@pytest.mark.parametrize(("module", "examples"), [(survey, 6), (survey_weights, 5)])
def test_the_examples_of_the_docstrings_hold(module, examples):
    assert doctest.testmod(module) == (0, examples)


def test_the_printed_error_with_and_without_the_finite_population():
    assert round(census_error(0.8, 45, 70), 4) == 0.0360
    assert round(binomial_se(0.8, 45), 4) == 0.0596


def test_when_all_answered_nothing_is_left_to_chance():
    assert census_error(0.8, 70, 70) == 0
    assert wilson_census(56, 70, 70) == (0.8, 0.8)
    assert census_error(1, 1, 1) == 0


def test_one_answer_of_many_has_no_error_that_is_known():
    assert math.isnan(census_error(1, 1, 70))
    low, high = wilson_census(1, 1, 70)
    assert 0 < low < 0.25
    assert high == pytest.approx(1)


counts = st.integers(1, 200).flatmap(
    lambda n: st.tuples(st.integers(0, n), st.just(n), st.integers(n + 1, 400))
)


@settings(max_examples=60, deadline=None)
@given(counts)
def test_the_limits_are_the_shares_that_the_answers_just_allow(case):
    yes, n, members = case
    for limit in wilson_census(yes, n, members):
        error = math.sqrt(max(limit * (1 - limit), 0) / n * (members - n) / (members - 1))
        assert abs(yes / n - limit) == pytest.approx(Z * error, abs=1e-6)


@settings(max_examples=60, deadline=None)
@given(counts)
def test_a_finite_group_is_known_better_and_a_large_one_as_if_it_had_no_end(case):
    yes, n, members = case
    low, high = wilson(yes, n)
    inside = wilson_census(yes, n, members)
    assert low - 1e-9 <= inside.low <= inside.high <= high + 1e-9
    assert wilson_census(yes, n, 10**12) == pytest.approx((low, high), abs=1e-9)


def test_the_printed_bounds():
    found = nonresponse_bounds(36, 45, 70)
    assert [round(100 * end, 1) for end in found] == [51.4, 87.1]


@settings(max_examples=40, deadline=None)
@given(counts, st.data())
def test_the_bounds_hold_whatever_the_silent_think(case, data):
    yes, n, members = case
    among_silent = data.draw(st.integers(0, members - n))
    low, high = nonresponse_bounds(yes, n, members)
    assert low - 1e-12 <= (yes + among_silent) / members <= high + 1e-12


def _answered(**cells) -> pd.DataFrame:
    rows = [(*cell.split("_"), place) for cell, n in cells.items() for place in range(n)]
    return pd.DataFrame(rows, columns=["group", "stratum", "respondent"])


def _population(**cells) -> pd.DataFrame:
    rows = [(*cell.split("_"), n) for cell, n in cells.items()]
    return pd.DataFrame(rows, columns=["group", "stratum", "members"])


BY = ["group", "stratum"]


def _per_cell(respondents, found) -> dict[str, float]:
    cells = respondents.assign(weight=found).groupby(BY)["weight"].agg(["min", "max"])
    assert np.allclose(cells["min"], cells["max"])
    return {"_".join(cell): round(row["min"], 6) for cell, row in cells.iterrows()}


def test_with_an_answer_from_every_cell_each_stands_for_its_own():
    said = _answered(in_gemeente=10, in_zorg=5, out_gemeente=2, out_zorg=4)
    found = weights(
        said, _population(in_gemeente=40, in_zorg=20, out_gemeente=10, out_zorg=8), by=BY
    )
    assert _per_cell(said, found) == {
        "in_gemeente": 4,
        "in_zorg": 4,
        "out_gemeente": 5,
        "out_zorg": 2,
    }


def test_a_silent_cell_is_stood_for_by_its_row_and_its_column():
    # Nobody of (a, y): 50 a all from (a, x); 60 x leaves 10 for (b, x); 40 y all from (b, y).
    said = _answered(a_x=10, b_x=5, b_y=10)
    found = weights(said, _population(a_x=40, a_y=10, b_x=20, b_y=30), by=BY)
    assert _per_cell(said, found) == {"a_x": 5, "b_x": 2, "b_y": 4}


def test_nobody_stands_for_a_group_that_was_silent():
    said = _answered(a_x=10, a_y=5)
    found = weights(said, _population(a_x=20, a_y=20, b_x=30), by=BY)
    assert _per_cell(said, found) == {"a_x": 2, "a_y": 4}
    assert found.sum() == pytest.approx(40)


def test_one_that_would_decide_all_is_cut_to_three_times_the_median():
    said = _answered(a_x=9, b_x=1)
    found = weights(said, _population(a_x=9, b_x=100), by=BY)
    # 1 and 100 become 1 and 3, and all is scaled from 12 to 109.
    assert _per_cell(said, found) == {
        "a_x": pytest.approx(109 / 12, abs=1e-6),
        "b_x": pytest.approx(3 * 109 / 12, abs=1e-6),
    }
    assert weights(said, _population(a_x=9, b_x=100), by=BY, trim=200).max() == 100


def test_margins_that_the_answers_cannot_meet_meet_the_last():
    said = _answered(a_x=1, b_y=1)
    found = weights(said, _population(a_x=5, a_y=5, b_y=2), by=BY)
    assert found.tolist() == pytest.approx([5, 7])


cells = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 30)), min_size=6, max_size=6)


@settings(max_examples=25, deadline=None)
@given(cells.filter(lambda rows: any(n for n, _ in rows)), st.randoms(use_true_random=False))
def test_weights_add_up_in_any_order_and_none_is_above_three_medians(rows, random):
    names = [f"{g}_{s}" for g in "ab" for s in "xyz"]
    said = _answered(**{name: n for name, (n, _) in zip(names, rows, strict=True)})
    everybody = {name: n + more for name, (n, more) in zip(names, rows, strict=True)}
    population = _population(**everybody)
    found = weights(said, population, by=BY)
    spoke = {column: set(said[column]) for column in BY}
    reached = population["group"].isin(spoke["group"]) & population["stratum"].isin(
        spoke["stratum"]
    )
    assert found.sum() == pytest.approx(population.loc[reached, "members"].sum())
    assert (found >= 0).all()
    assert found.max() <= 3 * found.median() * (1 + 1e-9)
    order = random.sample(range(len(said)), len(said))
    again = weights(said.iloc[order], population.iloc[::-1], by=BY)
    assert again.reindex(said.index).tolist() == found.tolist()


def test_cells_of_one_column():
    said = _answered(a_x=2, a_y=2, b_x=1)
    found = weights(said, _population(a_x=8, b_x=3), by=["group"])
    assert found.tolist() == [2, 2, 2, 2, 3]


def test_without_respondents_there_are_no_weights():
    assert weights(_answered(), _population(a_x=5), by=BY).empty


@pytest.mark.parametrize("population", [_population(b_x=9), _population(a_x=2), _population()])
def test_respondents_that_the_population_does_not_have_are_refused(population):
    with pytest.raises(ContractError, match="respondent"):
        weights(_answered(a_x=3), population, by=BY)


def test_a_respondent_without_a_group_is_refused():
    said = _answered(a_x=3)
    said.loc[0, "group"] = None
    with pytest.raises(ContractError, match="respondent"):
        weights(said, _population(a_x=5), by=BY)


def test_the_design_effect_of_weights():
    # n sum w^2/(sum w)^2 = 4 x 28/64.
    assert kish([1, 1, 1, 5]) == pytest.approx(1.75)
    assert kish([0.1] * 7) == pytest.approx(1)
    assert kish([3]) == 1


@settings(max_examples=50, deadline=None)
@given(st.lists(st.floats(0.01, 100), min_size=1, max_size=50))
def test_the_design_effect_is_one_plus_the_squared_variation(given_weights):
    variation = np.std(given_weights) / np.mean(given_weights)
    assert kish(given_weights) == pytest.approx(1 + variation**2)
    assert kish(given_weights) >= 1


@pytest.mark.parametrize("bad", [[], [0, 0], [1, -1], [1, math.nan]])
def test_weights_that_are_none_are_refused(bad):
    with pytest.raises(ContractError, match="weights"):
        kish(bad)


def test_representativity_by_hand():
    # Rates .9 and .3, mean 45/70; S^2 = (40 x .0661 + 30 x .1176)/69 = .08944, S = .29907.
    found = representativity([36, 9], [40, 30])
    assert found.rate == pytest.approx(45 / 70)
    assert found.r_indicator == pytest.approx(1 - 2 * 0.29907, abs=1e-4)
    assert found.largest_bias == pytest.approx(2 * 0.29907 / (4 * 45 / 70), abs=1e-4)


def test_cells_that_answered_alike_represent_all():
    assert representativity([4, 8, 0], [10, 20, 0]) == (0.4, 1, 0)


def test_the_largest_bias_is_that_of_an_opinion_that_follows_the_answering():
    # All of 50 answered and agree, 25 of 50 others answered and do not: 50/75 against 50/100.
    found = representativity([50, 25], [50, 50])
    assert found.largest_bias == pytest.approx(50 / 75 - 50 / 100, abs=1e-3)


@pytest.mark.parametrize(
    ("answered", "members"), [([3], [2]), ([0], [9]), ([1], [1]), ([1, 1], [4]), ([], [])]
)
def test_answers_without_members_are_refused(answered, members):
    with pytest.raises(ContractError, match="members"):
        representativity(answered, members)


SAID = ["5"] * 30 + ["4"] * 6 + ["3"] * 4 + ["1"] * 5


def test_the_printed_survey():
    found = top_box(SAID, 70)
    assert (found.share, found.agree, found.opinions) == (0.8, 36, 45)
    assert found.interval == wilson_census(36, 45, 70)
    assert found.bounds == nonresponse_bounds(36, 45, 70)


def test_no_opinion_is_never_in_the_base_and_always_counted():
    found = top_box([*SAID, *["dont-know"] * 3, *["not-applicable"] * 2, None], 70)
    assert found.share == 0.8
    assert (found.dont_know, found.not_applicable, found.empty) == (3, 2, 1)
    # To two of the seventy the question does not apply; of 68 - 45 nothing is known.
    assert found.bounds == pytest.approx((36 / 68, (36 + 23) / 68))


def test_without_an_opinion_there_is_no_share_but_there_are_bounds():
    for answers in ([], ["dont-know"], [None, None]):
        found = top_box(answers, 9)
        assert (found.share, found.interval) == (None, None)
        assert found.bounds == (0, 1)
    assert top_box(["not-applicable"], 1).bounds == (0, 1)


def test_who_stands_for_more_counts_more_and_tells_less():
    found = top_box(["5", "5", "1", "1"], 40, weights=[3, 3, 1, 1])
    assert found.share == 0.75
    # Kish 4 x 20/64 = 1.25: four answers worth 3.2, times 39/36.
    worth = 4 / 1.25 * 39 / 36
    assert found.interval == pytest.approx(wilson(0.75 * worth, worth))


def test_colleagues_who_always_agree_are_one_answer():
    answers, of = ["5", "5", "1", "1"] * 10, [place // 2 for place in range(40)]
    together = top_box(answers, 80, organisations=of)
    assert together.share == 0.5
    # 20 organisations, V = p(1 - p)/19: worth 19 answers instead of 40.
    worth = 19 * 79 / 40
    assert together.interval == pytest.approx(wilson(0.5 * worth, worth))


def test_respondents_of_different_or_unknown_organisations_stand_alone():
    alone = top_box(SAID, 70)
    assert top_box(SAID, 70, organisations=range(45)) == alone
    assert top_box(SAID, 70, organisations=[None] * 45) == alone


def test_one_organisation_and_one_voice_count_as_one():
    low, high = top_box(["5"] * 20, 40, organisations=["org-1"] * 20).interval
    assert (low, high) == pytest.approx(wilson_census(20, 20, 40, effect=20))
    assert top_box(["5", "1"] * 5, 40, organisations=["org-1"] * 10).interval == pytest.approx(
        wilson_census(5, 10, 40, effect=10)
    )


def test_another_scale():
    found = top_box(["same", "later", "not-at-all"], 5, agree=("not-at-all", "later", "smaller"))
    assert found.agree == 2


@pytest.mark.parametrize("members", [0, 44])
def test_more_answers_than_members_are_refused(members):
    with pytest.raises(ContractError, match="members"):
        top_box(SAID, members)


def test_more_yes_than_answers_are_refused():
    with pytest.raises(ContractError, match="yes"):
        wilson_census(3, 2, 9)


@pytest.mark.parametrize(
    ("n", "parts", "may"),
    [
        (9, [9], "nothing"),
        (10, [5, 5], "counts"),
        (19, [], "counts"),
        (20, [15, 5], "shares"),
        (45, [41, 4], "nothing"),
        (45, [45, 0], "shares"),  # an answer that nobody gave shows nobody
        (0, [], "nothing"),
    ],
)
def test_small_groups_are_not_shown(n, parts, may):
    assert publishable(n, parts) == may
