"""Lots become counts; nothing is lost and nothing invented."""

import pandas as pd
import pytest
from builders import award, firm, lake, not_awarded, notice, ruled

from analysis.cells import cells, notice_cells
from analysis.contracts import keep
from analysis.contracts.cells import CELLS, NOTICE_CELLS
from analysis.refusal import ContractError


@pytest.fixture(scope="module")
def counted():
    """Cells of two notices with six lots."""
    small, large = firm("Small", size="sme"), firm("Large", size="large")
    first = notice(
        "1-2020",
        award(900, bids=3, bids_sme=2, winners=[small]),
        award(900, lot_id="2", bids=3, bids_sme=5, winners=[large]),
        award(1, lot_id="3", bids=3, bids_sme=0, winners=[small, large]),
        not_awarded(lot_id="4", bids=0),
        total_value=3000,
    )
    second = notice("2-2020", award(50000), award(1, lot_id="2", outcome="open", winners=[]))
    kept = ruled(first, second)
    return cells(kept.lots, kept.winners)


def total(counted, *names):
    return tuple(counted[name].sum() for name in names)


def test_every_lot_is_in_one_cell_with_one_result(counted):
    names = ("notices", "lots", "awarded", "not_awarded", "outcome_unknown")
    assert total(counted, *names) == (2, 6, 4, 1, 1)


def test_pairs_exceed_awarded_lots_and_weights_do_not(counted):
    assert total(counted, "pairs", "weight") == (5, 4.0)


def test_sme_bids_above_all_bids_are_counted_as_wrong_and_not_added(counted):
    assert total(counted, "sme_bids_lots", "sme_bids", "sme_bids_wrong") == (2, 2, 1)


def test_a_lot_won_by_an_sme_without_any_sme_bid_is_counted(counted):
    names = ("sme_won_yes", "sme_won_no", "sme_won_unknown")
    assert total(counted, *names) == (2, 1, 1)
    assert total(counted, "sme_won_bids_stated", "sme_won_without_bid") == (2, 1)


def test_a_placeholder_adds_no_euro_and_no_known_value(counted):
    assert total(counted, "value_known", "value_eur") == (3, 51800)


def test_unknown_bids_have_a_cell_of_their_own_and_are_not_zero(counted):
    unknown = counted.loc[counted["bids"].isna()]
    assert total(unknown, "awarded", "outcome_unknown") == (1, 1)
    assert list(counted.loc[counted["bids"] == 0, "not_awarded"]) == [1]


def test_the_cells_keep_their_contract_in_the_order_of_their_key(counted):
    keep(counted, CELLS)
    assert counted.equals(counted.sort_values(list(CELLS.key), ignore_index=True))


def test_a_pandas_frame_is_refused(counted):
    with pytest.raises(ContractError, match="pandas"):
        cells(counted, counted)


def test_notices_are_counted_before_any_rule_and_forms_without_their_version():
    _, tables = lake(
        notice("1-2020"),
        notice("2-2020"),
        notice("3-2020", kind="other", form="F02_2014"),
        notice("u/01", published=False, form="29", era="eforms", publication_date=None),
    )
    counted = notice_cells(tables["notices"])
    keep(counted, NOTICE_CELLS)
    assert dict(zip(counted["form"], counted["notices"], strict=True)) == {
        "F03": 2, "F02": 1, "29": 1,
    }  # fmt: skip
    assert counted.loc[counted["form"] == "29", "year"].isna().all()
    assert isinstance(counted, pd.DataFrame)
