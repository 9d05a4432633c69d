"""Procedures and winners become small: counted once, joined to their call, euros by firm."""

import datetime as dt

import pandas as pd
import pytest
from access_world import lot, relations

from analysis.cells.barriers import barrier_cells
from analysis.contracts import LOTS, NOTICES

DAY = dt.date(2020, 6, 1)
YES = "0000000001"


def notice(number, **stated):
    """The notice of a lot of `access_world`; in the Official Journal unless stated otherwise."""
    usual = {"notice_id": f"{number}-2020", "document": f"sha-{number}", "form": "29"}
    usual |= {"kind": "award", "published": True}
    return NOTICES.Row(**usual | stated)


def call(number, day, **stated):
    return notice(number, kind="other", form="16", publication_date=day, **stated)


def described(one, *lots):
    key = {name: one[name] for name in ("notice_id", "document")}
    return [LOTS.Row(**key, lot_id=name) for name in lots or (one["lot_id"],)]


def cells(lots, notices, *, order=1, parts=None):
    """Cells of lots, of the notices that they stand in, and of what these describe."""
    engine, given = relations(*lots[::order])
    told = parts or [row for one in lots for row in described(one)]
    given["notices"] = engine.from_arrow(NOTICES.arrow(list(notices[::order])))
    given["described"] = engine.from_arrow(LOTS.arrow(told[::order]))
    return barrier_cells(engine, given)


def counts(found):
    return [
        (row["procedures"], row["divided"], row["lots"])
        for row in found.procedures.to_dict("records")
    ]


def test_a_procedure_with_one_lot_is_not_divided_and_with_two_it_is():
    lots = [lot(1, YES), lot(2, YES), lot(2, YES, lot_id="2")]
    assert counts(cells(lots, [notice(1), notice(2)])) == [(2, 1, 3)]


@pytest.mark.parametrize(
    ("name", "divided"), [("LOT-0001", 0), ("LOT-0003", 1), ("2", 1), ("1", 0)]
)
def test_a_single_lot_that_is_not_the_first_tells_of_others(name, divided):
    assert counts(cells([lot(1, YES, lot_id=name)], [notice(1)])) == [(1, divided, 1)]


def test_lots_without_an_award_belong_to_the_procedure():
    one = lot(1, YES)
    assert counts(cells([one], [notice(1)], parts=described(one, "1", "2", "3"))) == [(1, 1, 3)]


@pytest.mark.parametrize("shared", [{"procedure_id": "p"}, {"previous_notice": "900-2020"}])
def test_two_award_notices_of_one_procedure_are_one_procedure(shared):
    lots = [lot(1, YES), lot(2, YES, lot_id="2")]
    assert counts(cells(lots, [notice(1, **shared), notice(2, **shared)])) == [(1, 1, 2)]


def test_a_procedure_is_in_the_official_journal_if_one_of_its_notices_is():
    lots = [lot(1, YES), lot(2, YES), lot(3, YES)]
    same = {"procedure_id": "p"}
    told = [notice(1, **same), notice(2, published=False, **same), notice(3, published=False)]
    found = cells(lots, told).procedures
    assert sorted(zip(found["in_journal"], found["procedures"], strict=True)) == [
        (False, 1),
        (True, 1),
    ]


def waited(*calls, **stated):
    [row] = cells([lot(1, YES)], [notice(1, **stated), *calls]).waits.to_dict("records")
    return row["days"]


def test_a_call_is_found_by_the_number_that_the_award_cites():
    assert waited(call(9, DAY - dt.timedelta(100)), previous_notice="9-2020") == 100


def test_of_two_calls_of_one_procedure_the_first_counts():
    first, second = (DAY - dt.timedelta(days) for days in (200, 50))
    calls = (call(8, second, procedure_id="p"), call(9, first, procedure_id="p"))
    assert waited(*calls, procedure_id="p") == 200


@pytest.mark.parametrize("days", [-1, 5 * 365 + 1])
def test_a_call_after_the_award_or_long_before_it_is_held_to_be_a_slip(days):
    assert pd.isna(waited(call(9, DAY - dt.timedelta(days)), previous_notice="9-2020"))


def test_a_prior_information_notice_is_no_call():
    early = notice(9, kind="other", form="4", publication_date=DAY - dt.timedelta(100))
    assert pd.isna(waited(early, previous_notice="9-2020"))


def test_only_a_stated_day_of_award_is_waited_for():
    dispatched = lot(1, YES, date_rule="dispatch")
    found = cells([dispatched], [notice(1), call(9, DAY - dt.timedelta(9))])
    assert found.waits.empty


def test_euros_are_shared_among_joint_winners_and_frameworks_are_left_out():
    young, old = ({"company_id": YES, "firm_class": kind} for kind in ("start-up", "mature"))
    lots = [
        lot(1, young, old, value_eur=90),
        lot(2, old),
        lot(3, old, value_eur=1000, is_framework=True),
    ]
    found = cells(lots, [notice(1), notice(2), notice(3)]).classes.set_index("firm_class")
    assert [float(found["eur"][kind]) for kind in ("start-up", "mature")] == [45, 45]
    assert list(found[["winners", "without_value"]].loc["mature"]) == [2, 1]


def test_the_order_of_the_rows_does_not_matter():
    lots = [lot(1, YES, value_eur=10), lot(2, YES, lot_id="3"), lot(3, None, year=2021)]
    told = [notice(1, procedure_id="p"), notice(2), notice(3), call(9, DAY, procedure_id="p")]
    for one, other in zip(cells(lots, told), cells(lots, told, order=-1), strict=True):
        assert one.equals(other)


def test_no_lots_give_no_cells():
    assert [len(found) for found in cells([], [])] == [0, 0, 0]
