"""The same lots under other rules, and those marked as innovative: a share has its own lots."""

import pytest
from access_world import NO, UNKNOWN, YES, awarded_cells, lot, published, told

from analysis.cells import AccessCells
from analysis.companies.definitions import definitions, uses_sizes
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


MARKED = [
    lot(1, YES, strategic="inn-pur"),
    lot(2, NO, innovation="mar-nov+rd-act"),
    lot(3, YES, UNKNOWN, procedure="innovation-partnership"),
    lot(4, YES),  # nothing filled in: not known to be innovative
    lot(5, NO, strategic="none", innovation="buy-eff"),  # filled in, and no
    lot(6, YES, strategic="inn-pur", flags=(False, False, False, True)),
    lot(7, YES, year=2021),
    lot(8, NO, year=2022, strategic="env-imp+inn-pur"),
    lot(9, YES, year=None, strategic="inn-pur"),
]
ASKED = ("startup-5", "startup-10", "eu-small")


@pytest.fixture(scope="module")
def cells():
    return awarded_cells(*MARKED, definitions=ASKED)


def test_the_share_of_marked_lots_is_of_those_that_their_notice_says_are_innovative(cells):
    """Of three lots of Flemish buyers a start-up won one and half of one, half is not known."""
    row = told(published(cells), "marked_share", period="2020", group="innovation=marked")
    assert (row["value"], row["low"], row["high"]) == pytest.approx((1.5 / 2.5, 1.5 / 3, 2 / 3))
    assert (row["n"], row["unknown"], row["denominator"]) == (2, 1, "marked-lots")


def test_a_year_without_a_marked_lot_has_no_share_of_them(cells):
    rows = published(cells).query("id == 'access.marked_share'")
    assert set(rows["period"]) == {"2020", "2022"}
    assert set(rows["perimeter"]) == {"flemish-public"}


def test_marked_lots_are_told_of_no_definition_with_limits_on_accounts(cells):
    rows = published(cells).query("id == 'access.marked_share'")
    assert uses_sizes(definitions()["eu-small"])
    assert set(rows["definition"]) == {"startup-5", "startup-10"}


def test_the_order_of_lots_and_cells_changes_no_share_of_marked_lots(cells):
    once = published(cells)
    assert published(awarded_cells(*MARKED[::-1], definitions=ASKED)).equals(once)
    back = AccessCells(*(table.iloc[::-1].reset_index(drop=True) for table in cells))
    assert published(back).equals(once)


def test_without_a_marked_lot_there_is_no_series(rows):
    assert "access.marked_share" not in set(rows["id"])
