"""Competition worked by hand on a few cells."""

from decimal import Decimal

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.contracts import keep
from analysis.contracts.cells import CELLS
from analysis.indicators import competition as chapter
from analysis.indicators.competition import bounded_share, competition
from analysis.results import ledger

_KINDS = {"whole": "Int64", "text": "string", "number": "Float64"}


def cell(**stated):
    """One cell of awarded Belgian lots of 2020; counts that are not stated are 0."""
    lots = (
        stated.get("awarded", 0) + stated.get("not_awarded", 0) + stated.get("outcome_unknown", 0)
    )
    answered = stated.get("sme_won_yes", 0) + stated.get("sme_won_no", 0)
    ordinary = dict.fromkeys(CELLS.columns, 0) | dict.fromkeys(CELLS.key)
    ordinary |= {
        "year": 2020,
        "era": "ted-r209",
        "country": "BE",
        "procedure": "open",
        "lots": lots,
    }
    ordinary |= {"sme_won_unknown": stated.get("awarded", 0) - answered}
    ordinary |= {"weight": float(stated.get("awarded", 0))}
    money = {"value_eur": Decimal(0), "shared_value_eur": Decimal(0)}
    return ordinary | money | stated


def table(*rows):
    frame = pd.DataFrame(list(rows), columns=list(CELLS.columns))
    kinds = {name: _KINDS[c.kind] for name, c in CELLS.columns.items() if c.kind in _KINDS}
    return keep(frame.astype(kinds), CELLS)


def published(cells):
    return ledger(competition(cells, kind="sample", inputs="test"))


def told(rows, id, **at):
    """The one row of the ledger for an indicator: all of Belgium unless said otherwise."""
    whole = next(period for period in rows["period"] if "-" in period)
    at = {"id": f"competition.{id}", "perimeter": "belgium", "group": "all", "period": whole} | at
    for column, value in at.items():
        rows = rows.loc[rows[column] == value]
    [row] = rows.to_dict("records")
    return row


def share(row):
    return row["value"], row["low"], row["high"], row["n"], row["unknown"]


CELLS_OF_LOTS = table(
    cell(bids=1, awarded=2, sme_won_yes=1, sme_won_no=1, pairs=2, notices=1),
    cell(bids=4, awarded=1, sme_won_yes=1, pairs=3, sme_bids_lots=1, sme_bids=3,
         sme_won_bids_stated=1, procedure="negotiated-without-call"),
    cell(awarded=1, pairs=1, procedure=None),
    cell(not_awarded=3, outcome_unknown=1, notices=1),
)  # fmt: skip


LOTS = published(CELLS_OF_LOTS)


def test_bids_per_lot_are_a_mean_without_bounds_and_unknown_is_not_zero():
    row = told(LOTS, "bids_per_lot")
    assert (row["value"], row["n"], row["unknown"], row["interval"]) == (2, 3, 1, "none")


def test_the_median_of_an_even_number_of_lots_is_the_mean_of_the_middle_two():
    assert told(LOTS, "median_bids")["value"] == 1
    even = published(table(cell(bids=1, awarded=1), cell(bids=4, awarded=1)))
    assert told(even, "median_bids")["value"] == 2.5


def test_single_bids_are_a_share_of_known_lots_with_bounds_for_the_unknown():
    assert share(told(LOTS, "single_bid_share")) == (2 / 3, 2 / 4, 3 / 4, 3, 1)


def test_sme_bids_are_a_share_of_counted_bids():
    """Six bids are counted: four in a lot that says three came from SMEs, two of unknown size."""
    assert share(told(LOTS, "sme_bid_share")) == (3 / 4, 3 / 6, 5 / 6, 4, 2)


def test_a_lot_with_more_sme_bids_than_bids_is_told_and_left_out_of_the_share():
    cells = table(cell(bids=2, awarded=2, sme_bids_lots=1, sme_bids=1, sme_bids_wrong=1))
    wrong = published(cells)
    assert told(wrong, "sme_bids_wrong")["value"] == 1
    assert share(told(wrong, "sme_bid_share")) == (1 / 2, 1 / 4, 3 / 4, 2, 2)


def test_sme_wins_are_bounded_by_the_lots_of_unknown_winners():
    assert share(told(LOTS, "sme_win_share")) == (2 / 3, 2 / 4, 3 / 4, 3, 1)


def test_an_sme_win_without_any_sme_bid_is_told():
    stated = {"sme_won_bids_stated": 2, "sme_won_without_bid": 1}
    odd = published(table(cell(bids=2, awarded=4, sme_won_yes=4, **stated)))
    assert share(told(odd, "sme_won_without_bid_share")) == (1 / 2, 1 / 4, 3 / 4, 2, 2)


def test_lots_without_a_contract_are_a_share_of_lots_with_a_known_result():
    assert share(told(LOTS, "not_awarded_share")) == (3 / 7, 3 / 8, 4 / 8, 7, 1)


def test_direct_awards_and_procedures_are_shares_of_awarded_lots():
    assert share(told(LOTS, "direct_award_share")) == (1 / 3, 1 / 4, 2 / 4, 3, 1)
    at = {"definition": "procedure-open"}
    assert share(told(LOTS, "procedure_share", **at)) == (2 / 3, 2 / 4, 3 / 4, 3, 1)


def test_three_sizes_are_told():
    sizes = [told(LOTS, name)["value"] for name in ("notices", "awarded_lots", "pairs")]
    assert sizes == [2, 4, 6]


def test_belgium_is_a_part_and_an_unknown_country_is_in_none():
    abroad = [cell(awarded=2, country="FR"), cell(awarded=4, country=None)]
    rows = published(table(cell(awarded=1), *abroad))
    everything = {"perimeter": "notices-given"}
    assert told(rows, "awarded_lots")["value"] == 1
    assert told(rows, "awarded_lots", **everything)["value"] == 7
    assert told(rows, "awarded_lots", **everything, group="country=FR")["value"] == 2


def test_each_year_is_told_and_the_whole_period_is_named_after_its_ends():
    years = {2019: 1, 2021: 2, None: 4}
    rows = published(table(*(cell(awarded=n, year=year) for year, n in years.items())))
    assert told(rows, "awarded_lots", period="2019")["value"] == 1
    assert told(rows, "awarded_lots", period="2019-2021")["value"] == 7


def test_no_lots_give_no_rows():
    assert competition(table(), kind="sample", inputs="test") == []


counts = st.integers(0, 50)


@given(yes=counts, no=counts, unknown=counts, more=st.integers(1, 9))
def test_the_bounds_hold_the_value_and_an_unknown_only_widens_them(yes, no, unknown, more):
    one = bounded_share(yes=yes, no=no, unknown=unknown, denominator="lots")
    wider = bounded_share(yes=yes, no=no, unknown=unknown + more, denominator="lots")
    if one.value is not None:
        assert one.low <= one.value <= one.high
        assert wider.value == one.value
    if one.low is not None:
        assert wider.low <= one.low
        assert one.high <= wider.high


@given(yes=counts, no=counts, unknown=counts, truly=st.data())
def test_whatever_the_unknown_turn_out_to_be_the_bounds_hold_the_truth(yes, no, unknown, truly):
    if yes + no + unknown == 0:
        return
    found = truly.draw(st.integers(0, unknown))
    truth = (yes + found) / (yes + no + unknown)
    bounds = bounded_share(yes=yes, no=no, unknown=unknown, denominator="lots")
    assert bounds.low <= truth <= bounds.high


bid_counts = st.lists(st.integers(1, 9), min_size=1, max_size=12)


@settings(max_examples=25, deadline=None)
@given(bid_counts)
def test_mean_and_median_are_those_of_the_lots_one_by_one(bids):
    rows = [cell(bids=n, awarded=bids.count(n)) for n in sorted(set(bids))]
    lots = pd.Series(bids)
    part = pd.DataFrame(rows).astype({"bids": "Int64"})
    assert chapter.mean_bids(part).value == pytest.approx(lots.mean())
    assert chapter.median_bids(part).value == lots.median()


def test_the_order_of_the_cells_changes_nothing():
    back = CELLS_OF_LOTS.iloc[::-1].reset_index(drop=True)
    one, other = (
        competition(cells, kind="sample", inputs="test") for cells in (CELLS_OF_LOTS, back)
    )
    assert one == other
