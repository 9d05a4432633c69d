"""The same lots under other rules: one share has one number of lots, wherever it is told."""

import pytest
from access_world import NO, UNKNOWN, YES, awarded_cells, lot, published, told

from analysis.indicators.access_multiverse import JOINT

HEADLINE = "joint=fractional,framework=in,date=contract"
FIRST = ("framework=in", "date=contract")


@pytest.fixture(scope="module")
def rows():
    """Three lots of a start-up and a firm of unknown age, one of another firm; in two years."""
    joint = [lot(n, YES, UNKNOWN) for n in (1, 2, 3)]
    other = [lot(5, YES, NO, year=2021), lot(6, None, year=2021), lot(7, UNKNOWN, NO, year=2021)]
    return published(awarded_cells(*joint, lot(4, NO), *other))


def counts(rows, group):
    one = told(rows, "multiverse_share", group=group, period="2020")
    return one["n"], one["unknown"]


def test_a_lot_with_one_unknown_winner_is_unknown_where_wins_are_shared(rows):
    assert counts(rows, HEADLINE) == (1, 3)


def test_one_start_up_settles_a_lot_for_any_and_not_for_all(rows):
    assert counts(rows, ",".join(("joint=any", *FIRST))) == (4, 0)
    assert counts(rows, ",".join(("joint=all", *FIRST))) == (1, 3)


def test_under_the_headline_rules_a_share_is_that_of_the_headline_with_its_lots(rows):
    inside = rows["perimeter"] == "flemish-public"
    keys = ["definition", "period"]
    shares = rows.loc[inside & (rows["id"] == "access.lot_share") & (rows["group"] == "all")]
    again = rows.loc[(rows["id"] == "access.multiverse_share") & (rows["group"] == HEADLINE)]
    assert len(again) == 6
    both = again.merge(shares, on=keys, suffixes=("", "_of"))
    assert len(both) == len(again)
    for column in ("value", "low", "high", "n", "unknown", "denominator"):
        assert both[column].equals(both[f"{column}_of"].rename(column)), column


def test_whatever_the_rule_every_lot_is_known_or_unknown(rows):
    for joint in JOINT:
        assert sum(counts(rows, ",".join((f"joint={joint}", *FIRST)))) == 4
