"""Calls, counts, scoreboard, breaks and contested numbers, as the sources give them."""

import pandas as pd
import pytest
from ledger_rows import ledger, only

from analysis.indicators import programme


@pytest.fixture(scope="module")
def rows():
    return ledger(programme)


@pytest.mark.parametrize(
    ("call", "proposals", "selected"),
    [("innovatief-aanbesteden", 48, 15), ("pio-1", 18, 12), ("pio-4", 29, 18)],
)
def test_a_call_has_its_proposals_its_selection_and_the_share(rows, call, proposals, selected):
    group = f"call={call}"
    assert only(rows, id="programme.proposals", group=group)["value"] == proposals
    assert only(rows, id="programme.selected", group=group)["value"] == selected
    share = only(rows, id="programme.selected_share", group=group)
    assert share["value"] == pytest.approx(selected / proposals)
    assert share["n"] == proposals


def test_a_call_is_counted_in_full_so_its_share_has_no_interval(rows):
    shares = rows[rows["id"] == "programme.selected_share"]
    assert set(shares["interval"]) == {"none"}
    assert shares["low"].isna().all()


def test_seven_of_the_29_proposals_of_june_2019_came_from_local_authorities(rows):
    local = only(rows, id="programme.local_share", group="call=pio-4")
    assert local["value"] == pytest.approx(7 / 29)


@pytest.mark.parametrize("call", ["pio-2", "pio-3", "pio-5", "pio-2020-thema", "pio-2025"])
def test_a_call_whose_counts_were_not_found_is_a_row_without_value(rows, call):
    for item in ("proposals", "selected", "selected_share"):
        row = only(rows, id=f"programme.{item}", group=f"call={call}")
        assert pd.isna(row["value"])
        assert pd.isna(row["n"])


def test_more_than_70_projects_is_not_70_projects(rows):
    counts = rows[rows["id"] == "programme.projects_cumulative"]
    found = dict(
        zip(counts["period"], zip(counts["value"], counts["definition"], strict=True), strict=True)
    )
    assert found == {
        "2019": (50, "published-about"),
        "2019-09": (60, "published-more-than"),
        "2020": (70, "published-more-than"),
        "2021-2022": (100, "published-more-than"),
    }


def test_half_of_the_development_is_paid_up_to_about_a_million(rows):
    part = {"group": "part=development", "period": "2020"}
    assert only(rows, id="programme.cofinancing_share", **part)["value"] == 0.5
    cap = only(rows, id="programme.cofinancing_amount", **part)
    assert (cap["value"], cap["definition"]) == (1_000_000, "published-about")


def test_the_scoreboard_is_about_belgium_and_the_eu_never_flanders(rows):
    board = rows[rows["id"].str.startswith("scoreboard.")]
    assert set(board["perimeter"]) == {"belgium", "eu"}
    belgium = board[
        (board["id"] == "scoreboard.sme_contractors") & (board["perimeter"] == "belgium")
    ]
    values = dict(zip(belgium["period"], belgium["value"], strict=True))
    assert values.pop("2022") is pd.NA
    assert values == {"2018": 0.32, "2019": 0.34, "2020": 0.34, "2021": 0.28, "undated": 0.31}
    eu = {"group": "part=EU", "period": "2024"}
    assert only(board, id="scoreboard.sme_contractors", **eu)["value"] == 0.71
    assert only(board, id="scoreboard.single_bidder", **eu)["value"] == 0.28


def test_54_and_58_percent_of_bids_in_2020_stand_side_by_side(rows):
    bids = rows[(rows["id"] == "scoreboard.sme_bids") & (rows["period"] == "2020")]
    assert sorted(bids["value"]) == [0.54, 0.58]


def test_the_firms_of_2015_add_up_to_all_firms(rows):
    """528,524 + 27,294 + 4,024 + 817 = 560,659, as the OECD prints it."""
    firms = rows[rows["id"] == "sme.firms"].set_index("group")["value"]
    assert firms.pop("part=BE-all") == 560_659 == firms.sum()


def test_a_break_is_a_day_that_says_how_sure_it_is(rows):
    breaks = rows[rows["id"] == "breaks.day"]
    note = only(breaks, group="item=concept-note")
    assert (note["value"], note["definition"]) == (20190405, "day-verified")
    eforms = only(breaks, group="item=eforms")
    assert (eforms["value"], eforms["definition"]) == (20231001, "month-unverified")


def test_a_contested_number_is_printed_twice_and_never_corrected(rows):
    contested = rows[rows["id"] == "contested.value"]
    pairs = contested.groupby("group")["value"].apply(list).to_dict()
    assert pairs["item=innovative-purchases"] == [128_000_000, 129_000_000]
    assert pairs["item=sib-target"] == [700, 270]
    assert pairs["item=sme-bids-belgium"] == [0.54, 0.58]
    assert pairs["item=procurement-volume-belgium"] == [92e9, 50e9]
    assert all(len(pair) == 2 for pair in pairs.values())


def test_every_number_comes_from_a_file_that_it_names(rows):
    assert rows["inputs"].str.fullmatch(r"[a-z_]+@[0-9a-f]{12}").all()
    assert set(rows["kind"]) == {"published"}
