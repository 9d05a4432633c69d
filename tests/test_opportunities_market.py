"""PIO's contracts beside other contracts of Flemish buyers, worked by hand."""

import datetime as dt

import pytest
from access_world import lot, relations
from blocks_world import MARKET, given, market, one

from analysis.cells.market import market_cells
from analysis.contracts import LIFESPANS
from analysis.indicators.opportunities_market import results

FIRM, OTHER = "0400000001", "0400000002"
ID, OPEN = "opportunities", {"procedure": "open", "cpv": "72000000"}


def delivered(*contracts, year=2025):
    """Contracts (day, tenderers, company that won), all open tenders of division 72."""
    rows = [{"contract": f"c{n}", "awarded": day} | OPEN for n, (day, *_) in enumerate(contracts)]
    bidders = [
        {"contract": f"c{n}", "bidder": f"b{place}", "won": place == 0}
        | ({"company_id": company} if place == 0 else {})
        for n, (_, many, company) in enumerate(contracts)
        for place in range(many)
    ]
    return given(pio_contracts=rows, pio_bidders=bidders, year=year)


def told(given_, cells_, id, period=None):
    rows = [r for r in results(given_, cells_, MARKET) if period in (None, r.period)]
    row = one(rows[-2:], f"{ID}.{id}")
    return row["value"], row["n"], row["unknown"]


def test_a_contract_is_compared_with_the_same_year_procedure_and_division():
    # five and two tenderers; others 30 bids for 10 lots, so 3: mean of 2 and -1
    others = [(2021, "open", "72", 10, 30), (2021, "open", "45", 1, 9), (2020, "open", "72", 1, 9)]
    world = delivered(("2021-06-01", 5, FIRM), ("2021-07-01", 2, FIRM), ("2022-06-01", 9, FIRM))
    assert told(world, market(others), "bidders_difference") == (0.5, 2, 1)
    row = one(results(world, market(others), MARKET)[-2:], f"{ID}.bidders_difference")
    # t with one degree of freedom: 0.5 +- 12.7062 x 2.1213/sqrt 2
    assert (row["low"], row["high"]) == pytest.approx((0.5 - 19.0593, 0.5 + 19.0593), abs=1e-3)
    assert (row["kind"], row["grade"], row["interval"]) == ("simulated", "C", "sampling")


def test_without_similar_contracts_the_difference_is_unknown_and_not_zero():
    assert told(delivered(("2021-06-01", 5, FIRM)), market(), "bidders_difference") == (None, 0, 1)


def test_a_later_contract_within_thirty_six_months_follows_on():
    # three winners followed for three years or more: one won again, one after four years, one not
    world = delivered(
        ("2018-01-01", 1, FIRM), ("2018-01-01", 1, OTHER), ("2018-01-01", 1, "0400000003")
    )
    awards = [(FIRM, dt.date(2019, 1, 1)), (OTHER, dt.date(2022, 1, 1))]
    assert told(world, market(awards=awards), "follow_on", "2018-2025") == (
        pytest.approx(1 / 3), 3, 0,
    )  # fmt: skip


def test_an_award_on_the_same_day_or_before_does_not_follow():
    awards = [(FIRM, dt.date(2018, 1, 1)), (FIRM, dt.date(2017, 5, 1))]
    world = delivered(("2018-01-01", 1, FIRM), ("2019-01-01", 1, FIRM))
    assert told(world, market(awards=awards), "follow_on", "2018-2025") == (0, 1, 0)


def test_who_stopped_cannot_follow_on_and_is_not_open():
    # of two, one is gone after a year; the other wins in the third year: 1/2, not 1
    world = delivered(("2018-01-01", 1, FIRM), ("2018-01-01", 1, OTHER))
    found = market(
        awards=[(OTHER, dt.date(2020, 6, 1)), (FIRM, dt.date(2020, 1, 1))],
        exits=[(FIRM, dt.date(2019, 1, 1))],
    )
    assert told(world, found, "follow_on", "2018-2025") == (0.5, 2, 0)


def test_nobody_followed_for_thirty_six_months_is_unknown():
    world = delivered(("2024-01-01", 1, FIRM))
    assert told(world, market(), "follow_on") == (None, 1, 0)


def test_a_winner_without_number_is_counted_as_unknown():
    world = delivered(("2018-01-01", 1, None), ("2018-01-01", 1, FIRM))
    assert told(world, market(), "follow_on", "2018-2025") == (0, 1, 1)


def test_the_baseline_looks_no_further_than_its_own_year():
    world = delivered(("2015-01-01", 1, FIRM))
    awards = [(FIRM, dt.date(2016, 1, 1))]
    later = [(FIRM, dt.date(2021, 1, 1))]
    assert told(world, market(awards=awards), "follow_on", "2015-2019")[0] == 1
    assert told(world, market(awards=later), "follow_on", "2015-2019")[0] == 0


def test_nothing_delivered_gives_no_row():
    assert results(given(), market(), MARKET) == []


def test_own_contracts_and_other_buyers_are_left_out_of_the_market():
    lots = [
        lot(1, FIRM, bids=3, procedure="open"),
        lot(2, FIRM, bids=5, procedure="open"),
        lot(3, FIRM, bids=9, procedure="open", flags=(False, False, False, True)),
        lot(4, OTHER, bids=None, procedure="open"),
    ]
    engine, known = relations(*lots)
    gone = LIFESPANS.Row(FIRM, dt.date(2016, 1, 1), dt.date(2016, 1, 1), dt.date(2016, 1, 1),
                         dt.date(2021, 1, 1), False)  # fmt: skip
    known["lifespans"] = engine.from_arrow(LIFESPANS.arrow([gone]))
    found = market_cells(engine, known, own={lots[1]["notice_id"]}, firms={FIRM, OTHER})
    assert [(r["lots"], r["bids"]) for r in found.tenders.to_dict("records")] == [(1, 3)]
    assert set(found.awards["company_id"]) == {FIRM, OTHER}
    assert len(found.awards) == 2
    assert found.exits["company_id"].tolist() == [FIRM]
