"""The audit: chances that are right, an estimate worked by hand, and what it says of the norm."""

import math

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.audit import chance_at_least, difference_estimate, verdict
from analysis.inference.audit_draw import draw, plan, select
from analysis.refusal import ContractError


def contracts(*rows):
    """Value and score of each contract."""
    return pd.DataFrame(rows, columns=["value", "score"], dtype=float)


def judged(*rows):
    """Value, score, stratum, chance and verdict of each contract judged."""
    names = ["value", "score", "stratum", "chance", "verdict"]
    return pd.DataFrame(rows, columns=names).astype({"verdict": float})


def test_a_share_worked_by_hand():
    """Ten contracts of 100 with score 0, four drawn with chance .4, one of them innovation.

    T = 100/.4 = 250 of 1,000. Each drawn adds 0 or .25: s^2 = .015625, times 4 = .0625.
    """
    drawn = [(100, 0, "1", 0.4, y) for y in (1, 0, 0, 0)]
    found = difference_estimate(contracts(*[(100, 0)] * 10), judged(*drawn))
    assert found.share == pytest.approx(0.25)
    assert found.se == pytest.approx(0.25)
    assert (found.judged, found.undecided) == (4, 0)


def test_what_was_judged_for_certain_has_no_error():
    """600 of 1,000 judged, 600 is innovation; scores say .5 of it and nothing of the rest."""
    found = difference_estimate(
        contracts((600, 0.5), (400, 0)), judged((600, 0.5, "0", 1.0, 1), (400, 0, "0", 1.0, 0))
    )
    assert (found.share, found.se, found.low, found.high) == pytest.approx((0.6, 0, 0.6, 0.6))


def test_good_scores_leave_nothing_to_correct():
    everything = contracts(*[(10, 1)] * 5, *[(10, 0)] * 45)
    drawn = [(10, 1, "4", 0.5, 1)] * 2 + [(10, 0, "1", 0.2, 0)] * 9
    found = difference_estimate(everything, judged(*drawn))
    assert found.share == pytest.approx(0.1)
    assert found.se == 0
    assert found.low < 0.1 < found.high  # eleven contracts do not prove that scores are right


def test_what_the_coders_left_open_widens_both_ends_and_not_the_middle():
    """100 of 1,000 open, judged for certain: the share is 0 or .1, and its score says .03."""
    everything = contracts((100, 0.3), *[(100, 0)] * 9)
    found = difference_estimate(
        everything,
        judged((100, 0.3, "0", 1.0, None), *[(100, 0, "0", 1.0, 0)] * 9),
    )
    assert (found.low, found.share, found.high) == pytest.approx((0, 0.03, 0.1))
    assert found.undecided == 1


def test_a_contract_without_value_counts_for_nothing():
    with_, without = (
        difference_estimate(
            contracts((100, 0), (100, 1), *extra),
            judged((100, 0, "0", 1.0, 0), (100, 1, "0", 1.0, 1)),
        )
        for extra in ([(0, 1)], [])
    )
    assert with_ == without


def test_one_drawn_of_a_stratum_still_has_an_error():
    found = difference_estimate(contracts(*[(1, 0)] * 10), judged((1, 0, "1", 0.1, 1)))
    assert found.share == found.se == pytest.approx(1.0)


def test_where_few_were_judged_the_scores_tell_the_least_variance():
    """A hundred of 1,000, none innovation: nothing was seen to vary, a score of .002 lets it."""
    drawn = [(1, 0, "1", 0.1, 0)] * 100
    found = difference_estimate(contracts(*[(1, 0)] * 1000), judged(*drawn))
    assert found.share == found.se == 0
    expected = math.sqrt(100 * (1 / 0.1 / 1000) ** 2 * 0.002 * 0.998)
    assert found.high == pytest.approx(1.959964 * expected, rel=1e-6)


def test_a_chance_of_zero_is_refused():
    with pytest.raises(ContractError, match="chance outside 0 to 1"):
        difference_estimate(contracts((1, 0)), judged((1, 0, "1", 0.0, 0)))


@pytest.mark.parametrize(
    ("low", "high", "said"),
    [
        (0.03, 0.05, "met"),
        (0.01, 0.0299, "not-met"),
        (0.01, 0.03, "undeterminable"),
        (0.029, 0.031, "undeterminable"),
    ],
)
def test_met_needs_the_lower_end_and_not_met_the_upper(low, high, said):
    assert verdict(low, high) == said


def test_the_chance_to_reach_the_norm_follows_the_sample():
    """Half of what is judged is innovation, or none; a half that is open is either."""
    everything = contracts(*[(1, 0)] * 1000)
    half, none, open_ = (
        judged(*[(1, 0, "1", 0.1, y) for y in [one] * 50 + [0] * 50]) for one in (1, 0, None)
    )
    assert chance_at_least(everything, half) == (1, 1)
    low, high = chance_at_least(everything, none)
    assert low == high < 0.001
    low, high = chance_at_least(everything, open_)
    assert low < 0.001
    assert high == 1
    assert chance_at_least(everything, half, target=0.5) == pytest.approx((0.5, 0.5), abs=0.06)


def awards(n=400, seed=1):
    random = np.random.default_rng(seed)
    return pd.DataFrame(
        {
            "contract": [f"D-{place:04d}" for place in range(n)],
            "value_eur": np.exp(random.normal(11, 1.5, n)),
            "score": random.beta(0.3, 4, n),
            "framework": False,
        }
    )


def test_the_largest_and_high_ceilings_are_judged_for_certain():
    frame = awards()
    frame.loc[7, ["value_eur", "framework"]] = 6e6, True
    frame.loc[8, ["value_eur", "framework"]] = 6e6, False
    drawn = draw(frame, n=60, certain=10).set_index("contract")
    largest = frame.nlargest(10, "value_eur")["contract"]
    assert (drawn.loc[largest, "chance"] == 1).all()
    assert drawn.loc["D-0007", "stratum"] == 0
    only = frame.assign(value_eur=frame["value_eur"].where(frame["contract"] != "D-0008", 1.0))
    assert draw(only, n=60, certain=0).set_index("contract").loc["D-0007", "chance"] == 1


@settings(max_examples=30, deadline=None)
@given(st.integers(70, 500), st.integers(0, 60), st.integers(0, 9))
def test_as_many_are_drawn_as_asked_and_chances_add_up_to_them(n, certain, seed):
    frame = awards(seed=seed)
    values, scores = frame["value_eur"], frame["score"]
    planned = plan(values, scores, frame["framework"], n=n, certain=certain)
    drawn = select(planned, seed)
    assert (planned.chance > 0).all()
    assert (planned.chance <= 1).all()
    wanted = min(n, len(frame))
    assert planned.chance.sum() == pytest.approx(wanted)
    assert drawn.sum() == wanted
    assert drawn[planned.chance == 1].all()


def test_contracts_are_drawn_as_often_as_their_chance_says():
    frame = awards(n=40)
    planned = plan(frame["value_eur"], frame["score"], frame["framework"], n=16, certain=4)
    random = np.random.default_rng(7)
    times = np.mean([select(planned, random) for _ in range(4000)], axis=0)
    error = np.sqrt(planned.chance * (1 - planned.chance) / 4000)
    assert (np.abs(times - planned.chance) <= 4.5 * error + 1e-12).all()


def test_larger_and_less_certain_contracts_have_larger_chances():
    values, scores = [100.0] * 30 + [1000.0] * 30, [0.2] * 60
    chance = plan(values, scores, [False] * 60, n=20, certain=0).chance
    assert chance[30:].min() > chance[:30].max()
    assert chance.sum() == pytest.approx(20)


def test_a_contract_without_a_value_has_the_chance_of_a_usual_one():
    values = [100.0, 100.0, 900.0, np.nan, 100.0]
    chance = plan(values, [0.5] * 5, [False] * 5, n=2, certain=0).chance
    assert chance[3] == chance[0]


def test_a_sample_that_leaves_contracts_without_a_chance_is_refused():
    with pytest.raises(ContractError, match="two of each stratum"):
        draw(awards(), n=60, certain=58)


def test_the_same_sample_whatever_the_order_of_the_register():
    frame = awards()
    shuffled = frame.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(draw(frame, n=90), draw(shuffled, n=90))
    assert not draw(frame, n=90).equals(draw(frame, n=90, seed=2))


def test_a_register_smaller_than_the_sample_is_judged_whole():
    drawn = draw(awards(n=30), n=60)
    assert len(drawn) == 30
    assert (drawn["chance"] == 1).all()
