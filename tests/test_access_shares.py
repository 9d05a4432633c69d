"""Counts, shares and amounts of start-ups worked by hand on a few cells."""

from decimal import Decimal
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest
from access_world import (
    NO,
    UNKNOWN,
    YES,
    awarded_cells,
    frame,
    interval,
    lot,
    published,
    told,
    world_of,
)
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.cells import AccessCells
from analysis.contracts.access_cells import (
    ACCESS_CELLS,
    AWARD_VALUES,
    COMPANY_COUNTS,
    KIND_CELLS,
    LOT_CELLS,
    MEMBER_CELLS,
)
from analysis.indicators.access_parts import added, summed, weighted_share
from analysis.indicators.access_sampling import lot_share_sampling
from analysis.indicators.access_shares import amount, lots_won, startups
from analysis.indicators.access_winners import kind_share

LOTS = [
    lot(1, YES, value_eur=100),
    lot(2, YES, NO, value_eur=60, buyer="B"),
    lot(3, NO, value_eur=40, buyer_type="utility", year=2021),
    lot(4, None, value_eur=200, year=2021),
    lot(5, YES, year=2021),
    lot(6, NO, value_eur=10**6, is_framework=True, year=2021),
    lot(7, UNKNOWN, value_eur=500, flags=(None, None, None, True)),
]


@pytest.fixture(scope="module")
def cells():
    return awarded_cells(*LOTS)


@pytest.fixture(scope="module")
def rows(cells):
    """Flemish public: six lots, 1 + 1/2 + 1 of them won by start-ups, one by nobody knows whom."""
    return published(cells)


def test_three_sizes_and_the_lots_of_which_the_perimeter_is_not_known(rows):
    names = {"notices": "award-notices", "lots": "awarded-lots", "pairs": "contract-winner-pairs"}
    assert [told(rows, id, definition=name)["value"] for id, name in names.items()] == [6, 6, 7]
    everything = {"definition": "awarded-lots", "perimeter": "notices-given"}
    assert told(rows, "lots", **everything)["value"] == 7
    assert told(rows, "perimeter_unknown", definition="perimeter-not-known")["value"] == 1


def test_the_share_is_among_the_known_and_the_unknown_lot_widens_the_bounds(rows):
    row = told(rows, "lot_share")
    assert interval(row) == (0.5, round(2.5 / 6, 5), round(3.5 / 6, 5))
    assert (row["n"], row["unknown"], row["interval"]) == (5, 1, "bounds")


def test_lots_won_are_the_sum_of_the_parts_of_lots(rows):
    assert interval(told(rows, "lots_won")) == (2.5, 2.5, 3.5)
    assert interval(told(rows, "lots_won", period="2020")) == (1.5, 1.5, 1.5)


def test_a_start_up_that_won_three_times_is_one_start_up(rows):
    row = told(rows, "startups")
    assert (interval(row), row["n"], row["unknown"]) == ((1, 1, 2), 2, 1)


def test_amounts_leave_the_ceiling_of_a_framework_out_and_show_it_apart(rows):
    row = told(rows, "amount")
    assert (interval(row), row["n"], row["unknown"]) == ((130, 130, 330), 3, 1)
    assert interval(told(rows, "amount_share"), 4) == (0.65, 0.325, 0.825)
    apart = told(rows, "amount", group="framework=yes")
    assert (apart["value"], apart["n"]) == (0, 1)


def test_a_lot_without_a_value_is_counted_and_in_no_sum(rows):
    assert told(rows, "value_unknown", definition="value-not-known")["value"] == 1


def test_groups_are_told_for_the_whole_period_and_add_up(rows):
    kinds = ("buyer_type=local", "buyer_type=utility")
    assert [told(rows, "lots_won", group=group)["value"] for group in kinds] == [2.5, 0]
    assert told(rows, "lots_won", group="framework=yes")["value"] == 0
    assert told(rows, "lots_won", group="value_band=not-stated")["value"] == 2.5
    assert told(rows, "lots_won", group="origin=flanders")["value"] == 2.5


def test_links_are_told_by_method(rows):
    linked = {"definition": "linked-to-a-company"}
    assert told(rows, "link_share", **linked)["value"] == pytest.approx(5 / 6)
    assert told(rows, "link_share", group="method=none", **linked)["value"] == pytest.approx(1 / 6)


def test_other_definitions_are_told_in_the_wide_perimeters_only(rows):
    other = rows.loc[rows["definition"] == "younger-than-5"]
    assert set(other["perimeter"]) == {"flemish-public", "belgium"}


def test_without_a_register_there_is_no_value_and_everything_is_possible():
    lots, only = (lot(1, None, value_eur=1), lot(2, None)), ("startup-5",)
    rows = published(awarded_cells(*lots, definitions=only, answers={}))
    for id in ("lot_share", "amount_share"):
        assert interval(told(rows, id)) == (None, 0, 1)
    assert interval(told(rows, "startups")) == (None, 0, 2)
    assert told(rows, "lot_share_sampling")["interval"] == "none"
    assert interval(told(rows, "ladder", group="rung=A0")) == (None, 0, 1)


def test_the_order_of_the_cells_changes_nothing(cells, rows):
    back = AccessCells(*(table.iloc[::-1].reset_index(drop=True) for table in cells))
    assert published(back).equals(rows)


def test_no_lots_give_no_rows():
    assert published(awarded_cells()).empty


def counts(yes, unknown, unlinked, no=0):
    return {"yes": yes, "no": no, "unknown": unknown, "unlinked": unlinked}


def test_unknown_firms_and_stated_names_may_all_be_start_ups():
    assert startups(counts(3, 2, 4, no=1))[-3:] == (3, 9, "bounds")


def test_without_any_valued_lot_the_amount_is_not_known_and_not_zero():
    assert amount({"valued": 0, "valued_unknown": 0}).value is None


# Methods 2.6: 1000 awards, of 330 it is known who won, 25 of these are start-ups.
THIRD = {"lots": 1000, "lots_unknown": 670, "yes": 25.0, "no": 305.0, "unknown": 670.0}
HUNDRED = {"lots": 100, "yes": 5.0, "no": 95.0}
MANY = {"lots": 2100, "yes": 63.0, "no": 2037.0}


def of_one_buyer(cell):
    table = frame(ACCESS_CELLS, cell | {"buyer": "A"})
    return world_of(
        cells=table, kinds=frame(KIND_CELLS, cell), lots=frame(LOT_CELLS, {"valued": True})
    )


def test_a_third_known_leaves_almost_everything_possible():
    """Methods 2.6: the bounds, and the ladder from no assumption to all."""
    rows = published(of_one_buyer(THIRD))
    assert interval(told(rows, "lot_share", period="2020"), 4) == (0.0758, 0.025, 0.695)
    ends = {
        "rung=A0": (0.025, 0.695),
        "rung=A1,gamma=1.5": (0.0597, 0.0984),
        "rung=A1,gamma=2": (0.0514, 0.1194),
        "rung=A1,gamma=3": (0.0428, 0.1572),
        "rung=A2": (0.0758, 0.0758),
        "rung=A3": (0.0758, 0.0758),
    }
    for group, expected in ends.items():
        row = told(rows, "ladder", group=group, period="2020")
        assert interval(row, 4)[1:] == expected


@pytest.mark.parametrize(
    ("cell", "low", "high"), [(HUNDRED, 0.01643, 0.11283), (MANY, 0.02352, 0.0382)]
)
def test_intervals_of_one_buyer_are_those_of_independent_awards(cell, low, high):
    """Methods 2.7: Clopper-Pearson below ten start-ups, else Wilson."""
    answer = lot_share_sampling(frame(ACCESS_CELLS, cell | {"buyer": "A"}))
    assert (round(answer.low, 5), round(answer.high, 5), answer.interval) == (low, high, "sampling")


def values(*euros):
    return frame(
        AWARD_VALUES,
        *(
            {"lot": n, "buyer": f"B{n}", "value_eur": Decimal(value), "startup_eur": Decimal(part)}
            for n, (value, part) in enumerate(euros)
        ),
    )


def test_an_amount_that_few_awards_decide_has_no_interval_and_says_so():
    few = values((10**6, 0), *((100, 50) for _ in range(20)))
    rows = published(world_of(values=few, lots=frame(LOT_CELLS, {"valued": True})))
    row = told(rows, "amount_share_sampling", period="2020")
    assert (row["interval"], row["denominator"]) == ("none", "valued-lots-dominated-by-few")
    assert row["value"] == pytest.approx(1000 / 1_002_000)
    without = told(rows, "amount_share_without", group="largest=1", period="2020")
    assert (without["value"], without["n"]) == (0.5, 20)


def test_an_amount_of_many_like_awards_has_an_interval():
    many = values(*((100 + n, 10 + n if n % 3 else 0) for n in range(40)))
    rows = published(world_of(values=many, lots=frame(LOT_CELLS, {"valued": True})))
    row = told(rows, "amount_share_sampling", period="2020")
    assert (row["interval"], row["n"]) == ("sampling", 40)
    assert row["low"] < row["value"] < row["high"]


KINDS = [
    {"origin": "flanders", "firm_class": "start-up", "members": 2, "weight": 2.0},
    {"origin": "flanders", "firm_class": "unknown", "members": 1, "weight": 1.0},
    {"origin": "unknown", "firm_class": "unknown", "members": 1, "weight": 1.0},
    {"origin": "abroad", "firm_class": "mature", "members": 4, "weight": 4.0},
]


def test_a_firm_of_unknown_class_may_be_of_any():
    answer = kind_share(KINDS, firm_class="start-up")
    assert (answer.value, answer.low, answer.high) == (2 / 6, 2 / 8, 4 / 8)


def test_a_foreign_firm_is_no_flemish_start_up_whatever_else_is_unknown():
    answer = kind_share(KINDS, origin="flanders", firm_class="start-up")
    assert (answer.value, answer.n, answer.unknown) == (2 / 6, 6, 2)
    answer = kind_share(KINDS, origin="abroad", firm_class="start-up")
    assert (answer.value, answer.high) == (0, 1 / 8)


def test_the_unknown_themselves_are_a_plain_share():
    answer = kind_share(KINDS, firm_class="unknown")
    assert (answer.value, answer.low, answer.interval) == (2 / 8, None, "none")


def test_new_winners_are_unknown_where_the_data_do_not_reach_back():
    parts = [{"is_new_winner": new, "members": 1, "weight": 1.0} for new in (True, False, None)]
    usual = {"origin": "flanders", "firm_class": "unknown", "method": "number"}
    members = frame(MEMBER_CELLS, *(usual | part for part in parts))
    rows = published(world_of(members=members, lots=frame(LOT_CELLS, {"valued": True})))
    row = told(rows, "new_winner_share", definition="new-winner-36-months", period="2020")
    assert interval(row) == (0.5, 0.33333, 0.66667)


weights = st.integers(0, 40).map(lambda n: n / 4)


@settings(deadline=None)
@given(weights, weights, weights, st.data())
def test_whatever_the_unknown_turn_out_to_be_the_bounds_hold_the_truth(yes, no, unknown, data):
    tally = {"yes": yes, "no": no, "unknown": unknown, "lots": 1, "lots_unknown": 0}
    share = weighted_share(tally, n=1, unknown=0, denominator="awarded-lots")
    if share.low is None:
        assert yes + no + unknown == 0
        return
    found = data.draw(st.floats(0, 1)) * unknown
    truth = (yes + found) / (yes + no + unknown)
    assert share.low - 1e-12 <= truth <= share.high + 1e-12
    won = lots_won(tally)
    assert won.low <= yes + found <= won.high


@settings(deadline=None)
@given(weights, weights, weights, weights.filter(bool))
def test_more_unknown_only_widens_and_does_not_move_the_value(yes, no, unknown, more):
    less, wider = (
        weighted_share(
            {"yes": yes, "no": no, "unknown": open_}, n=1, unknown=0, denominator="awarded-lots"
        )
        for open_ in (unknown, unknown + more)
    )
    assert less.value == wider.value
    if less.low is not None:
        assert wider.low <= less.low <= less.high <= wider.high


def test_startups_of_a_group_are_told():
    part = {"perimeter": "flemish-public", "period": "2020-2020", "group": "origin=flanders"}
    companies = frame(COMPANY_COUNTS, part | {"yes": 4, "unknown": 1})
    rows = published(world_of(companies=companies, lots=frame(LOT_CELLS, {"valued": True})))
    assert interval(told(rows, "startups", group="origin=flanders")) == (4, 4, 5)


amounts = st.lists(
    st.tuples(st.integers(0, 3), st.integers(0, 10**13).map(lambda n: n / 10_000)), min_size=1
)


@settings(deadline=None)
@given(amounts, st.randoms())
def test_sums_of_euros_are_exact_in_every_order(rows, random):
    wanted = [sum(Fraction(euros) for at, euros in rows if at == group) for group in range(4)]
    for _ in range(2):
        place, euros = (np.array(column) for column in zip(*rows, strict=True))
        found = added(euros, place, 4)
        assert [round(sum_, 4) for sum_ in found] == [round(float(sum_), 4) for sum_ in wanted]
        random.shuffle(rows)


def test_what_is_missing_is_a_group_of_its_own_and_comes_last():
    cells = pd.DataFrame({"buyer": ["B", None, "A", "B"], "yes": [0.1, 1.0, 2.0, 0.2]})
    found = summed(cells, ["buyer"], {"yes": 9})
    assert list(found["buyer"].fillna("missing")) == ["A", "B", "missing"]
    assert list(found["yes"]) == [2.0, 0.3, 1.0]
