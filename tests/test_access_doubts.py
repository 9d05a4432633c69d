"""What the share of euros would be if suspect amounts and frameworks counted."""

from decimal import Decimal

import pytest
from access_world import NO, UNKNOWN, YES, awarded_cells, lot, of_theme

from analysis.indicators import access_doubts

MONEY = ("value_low_eur", "value_high_eur", "framework_eur")


def doubted(number, company, **stated):
    """A lot without a usable amount, of which two ends or a framework's amount are known."""
    money = {name: Decimal(stated.pop(name)) for name in MONEY if name in stated}
    return lot(number, company, **stated) | money


# Usable: 100 of start-ups, 300 of others. Suspect: 1 to 100 of start-ups, 10 to 1,000 of others.
LOTS = (
    lot(1, YES, value_eur=100),
    lot(2, NO, value_eur=300),
    doubted(3, YES, value_low_eur=1, value_high_eur=100),
    doubted(4, NO, value_low_eur=10, value_high_eur=1_000),
    doubted(5, YES, is_framework=True, framework_eur=800),
)
BY_HAND = {
    "suspects-low": 101 / 411,
    "suspects-high": 200 / 1_500,
    "suspects-least": 101 / 1_401,
    "suspects-most": 200 / 510,
    "frameworks-0.25": 300 / 600,
    "frameworks-0.5": 500 / 800,
    "frameworks-1": 900 / 1_200,
}


@pytest.fixture(scope="module")
def told():
    return shares(awarded_cells(*LOTS))


def shares(cells):
    rows = of_theme(access_doubts, cells)
    rows = rows[(rows["definition"] == "startup-5") & (rows["perimeter"] == "belgium")]
    return rows[rows["period"] == "2020-2020"].set_index("group")


@pytest.mark.parametrize("group", BY_HAND)
def test_what_was_left_out_moves_the_share_as_far_as_its_ends_allow(told, group):
    row = told.loc[f"if={group}"]
    assert row["value"] == pytest.approx(BY_HAND[group])
    assert row["n"] == (4 if group.startswith("suspects") else 3)


def test_the_suspect_amount_of_an_unknown_winner_widens_the_bounds():
    more = doubted(6, UNKNOWN, value_low_eur=500, value_high_eur=500)
    row = shares(awarded_cells(*LOTS, more)).loc["if=suspects-low"]
    assert row["value"] == pytest.approx(101 / 411)
    assert (row["low"], row["high"]) == pytest.approx((101 / 911, 601 / 911))


def test_nothing_doubted_gives_no_rows():
    assert shares(awarded_cells(*LOTS[:2])).empty


def test_a_lot_with_one_end_only_is_left_out():
    half = doubted(6, YES, value_high_eur=10**6)
    assert shares(awarded_cells(*LOTS[:3], half)).loc["if=suspects-high", "value"] == 200 / 500
