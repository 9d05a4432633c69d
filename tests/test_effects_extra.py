"""Two further looks of chapter 42: slopes that may change, and each buyer left out."""

import pytest
from effects_world import ledger, one, world

from analysis.indicators.effects_extra import SLOPES


@pytest.fixture(scope="module")
def rows():
    return ledger(*world(effect=0.5))


def test_leaving_out_each_buyer_keeps_the_estimate_and_widens_its_interval(rows):
    effect = one(rows, "att", definition="y1-innovation")
    left_out = one(rows, "jackknife", definition="y1-innovation")
    assert left_out["value"] == effect["value"]
    assert left_out["n"] == 80  # forty admitted and forty refused
    se = one(rows, "se", definition="y1-innovation")["value"]
    assert left_out["high"] - left_out["value"] > 1.96 * se  # t, and leaning to the safe side
    assert one(rows, "jackknife_p", definition="y1-innovation")["value"] < 0.001


def test_the_more_a_slope_may_change_the_wider_the_interval(rows):
    found = rows[(rows["id"] == "effects.smooth") & (rows["definition"] == "y1-innovation")]
    width = (found["high"] - found["low"]).set_axis(found["group"])
    ordered = [width[f"slope={name}"] for name in SLOPES]
    assert ordered == sorted(ordered)
    assert ordered[0] < ordered[-1]


def test_neither_decides_the_grade(rows):
    told = rows[rows["definition"] == "y1-innovation"].set_index("id")["grade"]
    assert set(told.loc[["effects.smooth"]]) == {told.loc["effects.att"]}
    assert "diagnostic=smooth" not in set(rows["group"])
