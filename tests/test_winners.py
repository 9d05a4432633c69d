"""Who won: weights, groups, sizes, and what real notices say."""

import datetime as dt
import itertools
from decimal import Decimal

import pytest
import real_notices
from builders import award, firm, lake, looked_at, not_awarded, notice, rows_of
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from analysis import contracts
from analysis.notices import apply_rules
from analysis.notices.amounts import judged
from analysis.notices.rules import switched_on
from analysis.notices.values import valued
from analysis.notices.winners import winners, won_contracts
from analysis.sources import eforms, ted

REAL = {
    "413436-2022": ted.read,  # IMEC buys from Bluefors, old form
    "565039-2023": eforms.read,  # the same contract, new form
    "073997-2021": ted.read,  # a lot won by a group of four
    "2024-OJS065-00191534": eforms.read,  # lots 3 and 5 refer to each other's tenders
    "2024-OJS198-00611835": eforms.read,  # unit prices under a framework, one lot not awarded
}


def won(*notices):
    """Rows of WINNERS, no rule about notices applied."""
    engine, now = looked_at(*notices)
    values = valued(judged(engine, now), switched_on(()))
    return rows_of(winners(won_contracts(now), values))


@pytest.fixture(scope="module")
def shares():
    """Notice -> winner -> weight and part of the value."""
    peeters = [[firm("Peeters NV")], [firm("N.V. PEETERS")]]
    same = [firm("Same", identifier=number) for number in ("0832584553", "0879639451")]
    rows = won(
        notice("group", award(900, winners=[firm("A"), firm("B"), firm("C")])),
        notice("two", award(900, winners=[firm("A")]), award(300, winners=[firm("B")])),
        notice("again", award(100, winners=peeters[0]), award(50, winners=peeters[1])),
        notice("same", award(100, winners=same)),
        notice("unknown", award(900, winners=[firm("A")]), award(winners=[firm("B")])),
    )
    found = {}
    for row in rows:
        told = found.setdefault(row["notice_id"], {})
        told[row["number"] or row["name"]] = (row["lot_weight"], row["value_share"])
    return found


def test_a_joint_win_counts_once_and_its_value_in_equal_parts(shares):
    assert shares["group"] == dict.fromkeys("ABC", (1 / 3, round(1 / 3, 12)))


def test_two_contracts_of_one_lot_are_one_lot_with_two_winners_and_shares_by_value(shares):
    assert shares["two"] == {"A": (0.5, 0.75), "B": (0.5, 0.25)}


def test_a_firm_that_wins_two_contracts_of_one_lot_is_one_winner(shares):
    assert list(shares["again"].values()) == [(1, 1)]


def test_a_number_tells_firms_of_one_name_apart(shares):
    assert shares["same"] == dict.fromkeys(["0832584553", "0879639451"], (0.5, 0.5))


def test_a_share_of_a_value_that_is_not_known_is_not_known(shares):
    assert shares["unknown"] == dict.fromkeys("AB", (0.5, None))


TOLD = dt.date(2020, 7, 31)


@pytest.fixture(scope="module")
def lots():
    """(notice, lot) -> LOT_RESULTS of five notices."""

    def won_by(lot_id, *sizes):
        named = [firm(f"{lot_id}{n}", size=size) for n, size in enumerate(sizes)]
        return award(10, lot_id=lot_id, winners=named)

    sizes = {"a": ("large", "micro"), "b": ("large", "large"), "c": (None,), "d": ("large", None)}
    engine, tables = lake(
        notice("told", award(1), cpv="72510000", publication_date=TOLD),
        notice("placed", award(1), buyer=None),
        notice("named", award(900, winners=[]), award(5, lot_id="2"), not_awarded(lot_id="3")),
        notice("sizes", *(won_by(lot_id, *of) for lot_id, of in sizes.items())),
        notice(
            "bids",
            award(10, bids=3),
            award(20, bids=4),
            award(6, lot_id="2", bids=0),
            not_awarded(lot_id="3", bids=0),
            award(7, lot_id="4"),
        ),
    )
    here = "is_buyer and notice_id = 'placed'"
    placed = f"case when {here} then '{{0}}' else {{1}} end as {{1}}"
    placed = ", ".join(placed.format(*of) for of in (("1000", "postcode"), ("BE100", "nuts")))
    tables["organisations"] = tables["organisations"].project(f"* replace ({placed})")
    kept = apply_rules(engine, tables)
    assert kept.winners.filter("notice_id = 'named' and lot_id = '1'").fetchall()[0][5] is None
    return {(row["notice_id"], row["lot_id"]): row for row in rows_of(kept.lots)}


def answers(lots, name, column):
    return {lot: row[column] for (number, lot), row in lots.items() if number == name}


def test_a_winner_that_nobody_named_counts_as_one_and_a_lot_without_contract_has_none(lots):
    assert answers(lots, "named", "winners") == {"1": 1, "2": 1, "3": 0}
    outcomes = {"1": "awarded", "2": "awarded", "3": "not-awarded"}
    assert answers(lots, "named", "outcome") == outcomes


def test_one_sme_makes_a_lot_an_sme_win_and_only_large_winners_make_it_none(lots):
    expected = {"a": "yes", "b": "no", "c": "unknown", "d": "unknown"}
    assert answers(lots, "sizes", "sme_won") == expected


def test_bids_are_those_of_the_lot_and_an_award_without_any_bid_is_not_believed(lots):
    assert answers(lots, "bids", "bids") == {"1": 4, "2": None, "3": 0, "4": None}


def test_where_a_winner_is_stays_unless_two_mentions_of_it_differ():
    """The same firm won twice: one postal code both times, two spellings of its town."""
    ghent = {"postcode": "9000", "town": "Gent"}
    mentions = [firm("A", **ghent), firm("A", **ghent | {"town": "Gand"})]
    [row] = won(notice("1-2020", *(award(1, winners=[mention]) for mention in mentions)))
    assert (row["postcode"], row["town"]) == ("9000", None)


def test_a_lot_says_what_was_bought_when_it_was_told_and_where_its_buyer_is(lots):
    lot = lots["told", "1"]
    assert (lot["cpv_division"], lot["cpv_group"]) == ("72", "725")
    assert lot["publication_date"] == TOLD
    assert (lot["buyer"], lot["buyer_postcode"], lot["buyer_nuts"]) == ("BE0425260668", None, None)


def test_a_buyer_without_a_number_still_says_where_it_is(lots):
    lot = lots["placed", "1"]
    assert (lot["buyer"], lot["buyer_postcode"], lot["buyer_nuts"]) == (None, "1000", "BE100")


firms = st.lists(st.sampled_from("ABCDE"), min_size=1, max_size=5, unique=True)


given_contracts = st.lists(st.tuples(st.sampled_from("123"), firms), min_size=1, max_size=6)


@settings(max_examples=2, deadline=None, phases=[Phase.explicit, Phase.generate])
@given(st.lists(given_contracts, min_size=5, max_size=9))
def test_weights_and_shares_of_every_lot_add_up_to_one(notices):
    contracts_of = {
        f"{number}-{lot}": [one for one in given_ if one[0] == lot]
        for number, given_ in enumerate(notices)
        for lot in "123"
    }
    values = itertools.count(100)
    awards = [
        award(next(values), lot_id=lot_id, winners=[firm(name) for name in names])
        for lot_id, contracts_given in contracts_of.items()
        for _, names in contracts_given
    ]
    rows = won(notice("1-2020", *awards))
    for lot_id, contracts_given in contracts_of.items():
        of_lot = {row["name"]: row for row in rows if row["lot_id"] == lot_id}
        assert set(of_lot) == {name for _, names in contracts_given for name in names}
        if of_lot:
            assert abs(sum(row["lot_weight"] for row in of_lot.values()) - 1) < 1e-12
            assert abs(sum(row["value_share"] for row in of_lot.values()) - 1) < 1e-9


@pytest.fixture(scope="module")
def real(shared):
    """What the rules make of five real notices."""
    engine, _ = lake()
    read = [
        reader(real_notices.parse(real_notices.read_named(name)), f"sha-{name}")
        for name, reader in REAL.items()
    ]
    tables = {
        table.name: engine.from_arrow(
            table.arrow([row for reading in read for row in getattr(reading, table.name)])
        )
        for table in contracts.NOTICE_TABLES
    }
    return apply_rules(engine, tables)


def lots_of(kept, name):
    return {row["lot_id"]: row for row in rows_of(kept.lots) if row["notice_id"] == name}


def test_the_bluefors_contract_counts_once_on_the_real_notices(real):
    assert lots_of(real, "413436-2022") == {}
    [lot] = lots_of(real, "565039-2023").values()
    assert (lot["value_eur"], lot["bids"], lot["cross_border"]) == (Decimal(321000), 2, "yes")
    [removed] = [row for row in real.log.to_pylist() if row["rule"] == "N07"]
    assert (removed["lots"], removed["eur"]) == (1, Decimal(321000))


def test_charleroi_gave_two_lots_to_five_winners(real):
    lots = lots_of(real, "73997-2021")
    assert {lot: (row["winners"], row["value_eur"]) for lot, row in lots.items()} == {
        "1": (4, Decimal("173553.72")),
        "2": (1, Decimal("49586.78")),
    }
    weights = [
        row["lot_weight"] for row in rows_of(real.winners) if row["notice_id"] == "73997-2021"
    ]
    assert sorted(weights) == [0.25, 0.25, 0.25, 0.25, 1]


def test_crossed_references_give_each_lot_its_own_winner_and_value(real):
    lots = lots_of(real, "191534-2024").values()
    values = ["8819.09", "13768.11", "11016.45", "11807.88", "9317.85"]
    assert [row["value_eur"] for row in lots] == [Decimal(value) for value in values]
    assert [row["bids"] for row in lots] == [6, 5, 4, 4, 5]
    numbers = {row["number"] for row in rows_of(real.winners) if row["notice_id"] == "191534-2024"}
    assert numbers == {"0832584553", "0879639451"}


def test_unit_prices_under_a_framework_stay_out_of_every_sum(real):
    lots = lots_of(real, "611835-2024")
    assert lots["LOT-0005"]["outcome"] == "not-awarded"
    assert {row["value_eur"] for row in lots.values()} == {None}
    assert {row["value_high_eur"] for row in lots.values()} == {None}
