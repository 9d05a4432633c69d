"""Whether coders agree beyond chance: methods 1.4 (INN3) and 3.3."""

import doctest

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference import agreement
from analysis.inference.agreement import kappa, krippendorff
from analysis.refusal import ContractError

# Four observers, twelve units, as printed in Krippendorff 2011, "Computing Krippendorff's
# Alpha-Reliability".
PRINTED = pd.DataFrame(
    [
        [1, 1, None, 1],
        [2, 2, 3, 2],
        [3, 3, 3, 3],
        [3, 3, 3, 3],
        [2, 2, 2, 2],
        [1, 2, 3, 4],
        [4, 4, 4, 4],
        [1, 1, 2, 1],
        [2, 2, 2, 2],
        [None, 5, 5, 5],
        [None, None, 1, 1],
        [None, None, 3, None],
    ]
)
codes = st.lists(st.tuples(st.sampled_from("abc"), st.sampled_from("abc")), min_size=1, max_size=40)
novelty = st.one_of(st.none(), st.integers(0, 3))
rated = st.lists(st.tuples(novelty, novelty, novelty), min_size=1, max_size=25)


def test_the_examples_of_the_docstrings_hold():
    assert doctest.testmod(agreement) == (0, 4)


def test_fifty_items_by_hand():
    # (20 + 15)/50 = .7 alike, 25 x 30/2500 + 25 x 20/2500 = .5 by chance.
    a = ["yes"] * 25 + ["no"] * 25
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert kappa(a, b) == pytest.approx(0.4)


def test_full_and_full_dis_agreement():
    assert kappa([1, 0, 1], [1, 0, 1]) == 1
    assert kappa([1, 0], [0, 1]) == -1


def test_items_that_one_did_not_code_are_left_out():
    assert kappa([1, 0, 1, None], [1, 0, None, 0]) == 1
    flags = pd.array([True, False, pd.NA], dtype="boolean")
    assert kappa(flags, pd.array([True, False, True], dtype="boolean")) == 1


def test_where_all_have_one_code_agreement_cannot_be_told_from_chance():
    assert kappa(["no"] * 9, ["no"] * 9) is None
    assert kappa([], []) is None
    assert kappa([None, 1], [1, None]) is None


@settings(max_examples=60, deadline=None)
@given(codes)
def test_kappa_by_its_formula_whoever_is_first(pairs):
    a, b = zip(*pairs, strict=True)
    n = len(pairs)
    alike = sum(x == y for x, y in pairs) / n
    chance = sum(a.count(code) * b.count(code) for code in "abc") / n**2
    found = kappa(a, b)
    if chance == 1:
        assert found is None
    else:
        assert found == pytest.approx((alike - chance) / (1 - chance))
        assert kappa(b, a) == pytest.approx(found)


def test_codings_of_other_items_are_refused():
    with pytest.raises(ContractError, match="1 codes"):
        kappa([1], [1, 2])


@pytest.mark.parametrize(
    ("level", "alpha"), [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849)]
)
def test_the_printed_alphas(level, alpha):
    assert round(krippendorff(PRINTED, level), 3) == alpha


def test_three_projects_by_hand():
    # Ratings 0 0 | 1 1 | 0 1: unlike in 2 of 6 ordered pairs, by chance in 2 x 3 x 3 of 6 x 5.
    assert krippendorff(pd.DataFrame([[0, 0], [1, 1], [0, 1]]), "nominal") == pytest.approx(
        1 - (2 / 6) / (18 / 30)
    )


def test_a_near_miss_weighs_less_on_an_ordered_scale():
    near = pd.DataFrame({"novelty_1": [0, 1, 2, 3, 1], "novelty_2": [0, 1, 2, 3, 2]})
    far = near.assign(novelty_2=[0, 1, 2, 3, 3])
    assert krippendorff(near, "ordinal") > krippendorff(far, "ordinal")
    assert krippendorff(near, "ordinal") > krippendorff(near, "nominal")


def test_two_columns_as_delivered_with_missing_ratings():
    panel = pd.DataFrame(
        {
            "novelty_1": pd.array([0, 3, pd.NA, 2], dtype="Int64"),
            "novelty_2": pd.array([0, 3, 1, pd.NA], dtype="Int64"),
        }
    )
    assert krippendorff(panel, "ordinal") == 1
    assert krippendorff(panel.astype(object), "nominal") == 1


def test_what_was_not_rated_twice_or_always_alike_tells_nothing():
    assert krippendorff(pd.DataFrame({"a": [0, 1], "b": [None, None]}), "ordinal") is None
    assert krippendorff(pd.DataFrame({"a": [2, 2], "b": [2, 2]}), "ordinal") is None
    assert krippendorff(pd.DataFrame({"a": [], "b": []}), "ordinal") is None


@settings(max_examples=40, deadline=None)
@given(rated, st.sampled_from(["nominal", "ordinal", "interval"]))
def test_raters_units_and_the_unrated_in_any_order(rows, level):
    frame = pd.DataFrame(rows)
    found = krippendorff(frame, level)
    other = pd.concat([frame.iloc[::-1, ::-1], pd.DataFrame([[None, 1, None]])[frame.columns]])
    again = krippendorff(other, level)
    assert again == (None if found is None else pytest.approx(found))
    assert found is None or found <= 1


@settings(max_examples=40, deadline=None)
@given(rated)
def test_alpha_by_pairs(rows):
    units = [[r for r in row if r is not None] for row in rows]
    units = [unit for unit in units if len(unit) > 1]
    everything = [r for unit in units for r in unit]
    n = len(everything)
    all_pairs = sum((x - y) ** 2 for x in everything for y in everything)
    found = krippendorff(pd.DataFrame(rows), "interval")
    if not all_pairs:
        assert found is None
        return
    within = sum(sum((x - y) ** 2 for x in unit for y in unit) / (len(unit) - 1) for unit in units)
    assert found == pytest.approx(1 - (within / n) / (all_pairs / (n * (n - 1))))


def test_raters_that_guess_agree_as_chance():
    guesses = np.random.default_rng(20160101).integers(0, 4, size=(4000, 2))
    assert krippendorff(pd.DataFrame(guesses), "ordinal") == pytest.approx(0, abs=0.05)
    assert kappa(*guesses.T) == pytest.approx(0, abs=0.05)


def test_another_level_is_refused():
    with pytest.raises(ContractError, match="ordinal"):
        krippendorff(PRINTED, "ratio")
