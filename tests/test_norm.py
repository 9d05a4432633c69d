"""The 3 % norm, worked by hand: 18 of 5,500 and 128 (or 129) of 3,800 million euro."""

import pandas as pd
import pytest
from ledger_rows import ledger, only

from analysis.indicators import norm

MILLION = 1_000_000


@pytest.fixture(scope="module")
def rows():
    return ledger(norm)


def test_0_33_percent_of_2019_is_what_18_of_5500_million_gives(rows):
    share = only(rows, id="norm.share", period="2019", definition="recomputed")
    assert share["value"] == pytest.approx(0.00327273, abs=1e-8)
    assert round(share["value"], 4) == 0.0033
    assert only(rows, id="norm.share", period="2019", definition="published")["value"] == 0.0033


def test_3_38_percent_of_2020_lies_between_what_its_two_numerators_give(rows):
    of_2020 = {
        name: only(rows, id="norm.share", period="2020", definition=name)["value"]
        for name in ("recomputed-128", "published", "recomputed-129")
    }
    assert of_2020["recomputed-128"] == pytest.approx(0.03368421, abs=1e-8)  # 3.37 %
    assert of_2020["published"] == pytest.approx(0.0338)
    assert of_2020["recomputed-129"] == pytest.approx(0.03394737, abs=1e-8)  # 3.39 %
    assert list(of_2020.values()) == sorted(of_2020.values())


def test_where_the_page_gives_two_numerators_no_value_is_chosen(rows):
    either = only(rows, id="norm.share", period="2020", definition="recomputed-any")
    assert pd.isna(either["value"])
    assert either["interval"] == "bounds"
    assert either["low"] == pytest.approx(128 / 3800)
    assert either["high"] == pytest.approx(129 / 3800)


def test_3_38_percent_of_3800_million_is_128_4_million_and_rounding_allows_both(rows):
    implied = only(rows, id="norm.implied_numerator", period="2020")
    assert implied["value"] == pytest.approx(128.44 * MILLION)
    assert implied["low"] == pytest.approx(126.5625 * MILLION)  # 3.375 % of 3,750
    assert implied["high"] == pytest.approx(130.3225 * MILLION)  # 3.385 % of 3,850


def test_18_million_of_5_5_billion_means_17_5_to_18_5_of_5_45_to_5_55(rows):
    numerator = only(rows, id="norm.numerator", period="2019")
    assert (numerator["low"], numerator["high"]) == (17.5 * MILLION, 18.5 * MILLION)
    denominator = only(rows, id="norm.denominator", period="2019")
    assert (denominator["low"], denominator["high"]) == (5450 * MILLION, 5550 * MILLION)
    share = only(rows, id="norm.share", period="2019", definition="recomputed")
    assert share["low"] == pytest.approx(17.5 / 5550)
    assert share["high"] == pytest.approx(18.5 / 5450)
    assert share["interval"] == "bounds"


def test_2019_missed_the_norm_by_147_million_and_2020_passed_it_by_14_or_15(rows):
    gap = only(rows, id="norm.gap_eur", period="2019")
    assert gap["value"] == -147 * MILLION  # 18 - 165
    assert (gap["low"], gap["high"]) == (-149 * MILLION, -145 * MILLION)
    of_2020 = rows[(rows["id"] == "norm.gap_eur") & (rows["period"] == "2020")]
    assert dict(zip(of_2020["definition"], of_2020["value"], strict=True)) == {
        "published-128": 14 * MILLION,  # 128 - 114
        "published-129": 15 * MILLION,
    }


def test_the_gap_in_points_has_a_sign(rows):
    missed = only(rows, id="norm.gap_share", period="2019", definition="published")
    passed = only(rows, id="norm.gap_share", period="2020", definition="published")
    assert missed["value"] == pytest.approx(-2.67)
    assert passed["value"] == pytest.approx(0.38)
    assert {missed["unit"], passed["unit"]} == {"points"}


def test_from_2019_to_2020_the_amount_rose_sevenfold_and_the_share_tenfold(rows):
    amounts = {"id": "norm.factor", "period": "2019-2020", "group": "item=numerator"}
    assert only(rows, definition="published-128", **amounts)["value"] == pytest.approx(128 / 18)
    assert only(rows, definition="published-129", **amounts)["value"] == pytest.approx(129 / 18)
    shares = {"id": "norm.factor", "period": "2019-2020", "group": "item=share"}
    assert only(rows, definition="published", **shares)["value"] == pytest.approx(3.38 / 0.33)
    rise = only(rows, id="norm.change_eur", period="2019-2020", definition="published-128")
    assert rise["value"] == 110 * MILLION
    assert (rise["low"], rise["high"]) == (109 * MILLION, 111 * MILLION)


def test_the_total_fell_while_the_amount_rose(rows):
    total = only(rows, id="norm.factor", period="2019-2020", group="item=denominator")
    assert total["value"] == pytest.approx(3800 / 5500)


def test_62_million_of_an_unknown_total_is_an_unknown_share(rows):
    assert only(rows, id="norm.numerator", period="2018")["value"] == 62 * MILLION
    for row in ("norm.denominator", "norm.gap_eur", "norm.verdict"):
        assert pd.isna(only(rows, id=row, period="2018")["value"])
    shares = rows[(rows["id"] == "norm.share") & (rows["period"] == "2018")]
    assert shares["value"].isna().all()
    assert len(shares) == 2


def test_2018_met_the_norm_only_if_its_total_was_at_most_2067_million(rows):
    largest = only(rows, id="norm.largest_denominator_if_met")
    assert largest["period"] == "2018"
    assert largest["value"] == pytest.approx(2066.6667 * MILLION, abs=100)
    assert largest["high"] == pytest.approx(62.5 / 0.03 * MILLION)


@pytest.mark.parametrize("year", ["2015", "2016", "2017", "2021", "2022", "2023", "2024", "2025"])
def test_a_year_without_figures_has_its_rows_and_no_value(rows, year):
    of_year = rows[rows["period"] == year]
    assert set(of_year["id"]) == {"norm.share", "norm.gap_share", "norm.verdict"}
    assert of_year["value"].isna().all()


def test_the_norm_was_not_met_in_2019_was_met_in_2020_and_no_more_is_known(rows):
    verdicts = rows[(rows["id"] == "norm.verdict") & rows["value"].notna()]
    assert dict(zip(verdicts["period"], verdicts["value"], strict=True)) == {"2019": 0, "2020": 1}


def test_every_row_says_that_it_was_published_and_from_which_file(rows):
    assert set(rows["kind"]) == {"published"}
    assert set(rows["perimeter"]) == {"flemish-administration"}
    assert rows["inputs"].str.fullmatch(r"norm@[0-9a-f]{12}").all()
