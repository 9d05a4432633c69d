"""Bids, concentration, single bids and representation, worked by hand."""

from decimal import Decimal

import pandas as pd
import pytest
from access_world import frame, interval, of_theme, told, world_of
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contracts.access_cells import BID_CELLS, KIND_CELLS, LOT_CELLS, SUPPLIER_CELLS
from analysis.indicators import access_bids, access_market
from analysis.indicators.access_bids import win_rate
from analysis.indicators.access_market import could_bid, representation

ONE_LOT = frame(LOT_CELLS, {"valued": True, "lots": 1})
BIDS = {"lots": 6, "yes": 4.0, "no": 10.0, "unknown": 2.0}
BIDS |= {"won_yes": 1.0, "won_no": 4.0, "won_unknown": 1.0}


def test_bids_and_win_rates_with_all_that_the_unknown_could_be():
    rows = of_theme(access_bids, world_of(bids=frame(BID_CELLS, BIDS), lots=ONE_LOT))
    assert told(rows, "bid_lots", definition="all-tenders-known", period="2020")["value"] == 6
    assert interval(told(rows, "bid_share", period="2020")) == (
        round(4 / 14, 5), round(4 / 16, 5), round(6 / 16, 5),
    )  # fmt: skip
    # The unknown loser is a start-up: 1 of 5; the unknown winner is one: 2 of 5.
    own = told(rows, "win_rate", group="who=start-up", period="2020")
    assert interval(own) == (0.25, 0.2, 0.4)
    others = told(rows, "win_rate", group="who=other", period="2020")
    assert interval(others) == (0.4, round(4 / 11, 5), round(5 / 11, 5))


def test_a_win_rate_of_no_known_tender_could_be_anything():
    answer = win_rate(BIDS | {"yes": 0.0, "won_yes": 0.0}, "yes")
    assert (answer.value, answer.low, answer.high) == (None, 0, 1)


tenders = st.lists(st.tuples(st.sampled_from(["yes", "no", None]), st.booleans()), max_size=8)


@settings(deadline=None)
@given(tenders, st.data())
def test_whatever_the_unknown_tenders_are_the_win_rate_lies_within(stated, data):
    tally = dict.fromkeys(BIDS, 0.0)
    for answer, won in stated:
        tally[answer or "unknown"] += 1
        tally[f"won_{answer or 'unknown'}"] += won
    truth = [(answer or data.draw(st.sampled_from(["yes", "no"])), won) for answer, won in stated]
    theirs = [won for answer, won in truth if answer == "yes"]
    found = win_rate(tally, "yes")
    if theirs:
        assert found.low <= sum(theirs) / len(theirs) <= found.high


def suppliers(*euros, **stated):
    cells = [
        {"cpv_division": "72", "cpv_group": "722", "company_id": f"{n:010}", "members": 1}
        | stated
        | {"eur": Decimal(value)}
        for n, value in enumerate(euros)
    ]
    return frame(SUPPLIER_CELLS, *cells)


def test_concentration_of_four_suppliers():
    """Methods 2.10: shares of .4, .3, .2 and .1 give .3000 and 3.33 effective suppliers."""
    market = suppliers(40, 30, 20, 10).astype({"eur": float})
    found = access_market.concentrated(market, fewest=4)
    assert round(found["hhi"].value, 9) == 0.3
    assert round(found["effective"].value, 2) == 3.33
    assert (found["c4"].value, found["suppliers"].value) == (1, 4)


def test_a_market_of_fewer_than_ten_suppliers_is_not_told():
    nine, ten = (
        of_theme(access_market, world_of(suppliers=suppliers(*[5] * n), lots=ONE_LOT))
        for n in (9, 10)
    )
    assert "access.hhi" not in set(nine["id"])
    at = {"definition": "value-by-company", "group": "cpv_group=722", "period": "2020-2020"}
    assert told(ten, "hhi", **at)["value"] == pytest.approx(0.1)
    assert told(ten, "c4", **at)["value"] == pytest.approx(0.4)


def test_winners_without_a_company_or_a_value_are_in_no_share_and_are_counted():
    cells = pd.concat(
        [suppliers(1, 1), suppliers(9, company_id=None), suppliers(0, members_without_value=1)]
    ).astype({"eur": float})
    found = access_market.concentrated(cells, fewest=2)
    assert (found["suppliers"].value, found["hhi"].unknown) == (2, 2)


def test_single_bids_are_a_share_of_lots_whose_bids_are_known():
    flags = ((True, 2), (False, 3), (None, 5))
    cells = [{"single_bid": flag, "valued": True, "lots": lots} for flag, lots in flags]
    rows = of_theme(access_market, world_of(lots=frame(LOT_CELLS, *cells)))
    row = told(rows, "single_bid_share", definition="exactly-one-bid", period="2020")
    assert interval(row) == (0.4, 0.2, 0.7)


def test_start_ups_that_win_half_of_what_their_number_would_give():
    """Methods 2.9: 42 of 1500 lots, 9000 of 180000 firms."""
    tally = {"lots": 1500, "lots_unknown": 0, "yes": 42.0, "no": 1458.0}
    found = representation(tally, share=9000 / 180_000, firms=180_000)
    assert [round(end, 3) for end in (found.value, found.low, found.high)] == [0.56, 0.415, 0.755]


def population(*rows):
    names = ["year", "cpv_division", "region", "firms", "younger_5", "younger_10", "start_unknown"]
    return pd.DataFrame(rows, columns=names)


def test_firms_that_could_bid_are_weighed_by_what_is_bought():
    """Three of four lots are works, in which one firm in ten is young; one is software, in which
    half of the firms of known start are."""
    firms = population(
        (2020, "45", "flanders", 60, 6, 20, 0),
        (2020, "45", "brussels", 40, 4, 10, 0),
        (2020, "72", "flanders", 24, 10, 15, 4),
    )
    share, could = could_bid(firms, pd.Series({"45": 3, "72": 1, "99": 7}), 5)
    assert share == pytest.approx(0.75 * 0.1 + 0.25 * 0.5)
    assert could == pytest.approx(0.75 * 100 + 0.25 * 20)


def test_representation_is_told_where_firms_that_could_bid_are_given():
    kinds = frame(KIND_CELLS, {"cpv_division": "72", "lots": 10, "yes": 1.0, "no": 9.0})
    cells = world_of(kinds=kinds, lots=ONE_LOT)
    assert "access.representation_ratio" not in set(of_theme(access_market, cells)["id"])
    columns = ["year", "nace_division", "region", "firms", "younger_5", "younger_10"]
    firms = pd.DataFrame([(2020, "62", "flanders", 100, 20, 50)], columns=columns)
    rows = of_theme(access_market, cells, firms.assign(start_unknown=0))
    row = told(rows, "representation_ratio", period="2020")
    assert (row["value"], row["interval"], row["grade"]) == (0.5, "sampling", "C")
