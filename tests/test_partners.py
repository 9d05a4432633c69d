"""The structural partners: sums worked from the reply to question 307."""

import pytest
from ledger_rows import ledger, only

from analysis.indicators import partners


@pytest.fixture(scope="module")
def rows():
    return ledger(partners)


def cents(row) -> float:
    return round(row["value"], 2)


@pytest.mark.parametrize(
    ("group", "definition", "total", "lines"),
    [
        ("kind=subsidy", "vat-not-stated", 12_541_000.00, 10),
        ("kind=contract", "vat-included", 24_535_576.61, 11),
        ("kind=brexit-extra", "vat-mixed", 2_263_248.87, 4),
        ("kind=brexit-extra", "vat-included", 2_150_761.92, 3),
        ("kind=brexit-extra", "vat-not-stated", 112_486.95, 1),
        ("kind=contract+brexit-extra", "vat-mixed", 26_798_825.48, 15),
        ("all", "vat-mixed", 39_339_825.48, 25),
    ],
)
def test_the_sums_are_those_of_the_reply_and_say_their_vat_base(
    rows, group, definition, total, lines
):
    row = only(rows, id="partners.total", group=group, definition=definition)
    assert cents(row) == total
    assert row["n"] == lines
    assert only(rows, id="partners.lines", group=group, definition=definition)["value"] == lines


def test_contracts_and_subsidies_are_of_one_vat_base_each(rows):
    totals = rows[rows["id"] == "partners.total"]
    published = totals[~totals["definition"].str.startswith("excl-")]
    bases = published.groupby("group")["definition"].apply(sorted).to_dict()
    assert bases["kind=subsidy"] == ["vat-not-stated"]
    assert bases["kind=contract"] == ["vat-included"]
    assert bases["all"] == ["vat-included", "vat-mixed", "vat-not-stated"]


def test_without_21_percent_vat_contracts_and_extras_would_be_22_1_million(rows):
    what_if = {"id": "partners.total", "definition": "excl-21pct-what-if"}
    assert cents(only(rows, group="kind=contract+brexit-extra", **what_if)) == 22_147_789.65
    assert cents(only(rows, group="all", **what_if)) == 34_688_789.65
    assert rows[
        (rows["definition"] == "excl-21pct-what-if") & (rows["group"] == "kind=subsidy")
    ].empty


def test_the_extra_without_a_vat_statement_keeps_its_amount_where_only_stated_vat_goes(rows):
    """26,686,338.53 / 1.21 = 22,054,825.23, and 112,486.95 as it stands."""
    stated = {"id": "partners.total", "definition": "excl-21pct-where-included"}
    assert cents(only(rows, group="kind=contract+brexit-extra", **stated)) == 22_167_312.18
    assert cents(only(rows, group="all", **stated)) == 34_708_312.18


def test_an_amount_is_found_by_partner_and_kind(rows):
    row = only(rows, id="partners.amount", group="kind=contract,partner=consortium-voka")
    assert cents(row) == 6_139_648.10
    assert row["definition"] == "vat-included"
    extra = only(
        rows, id="partners.amount", group="kind=brexit-extra,partner=netwerk-ondernemen-startit"
    )
    assert cents(extra) == 112_486.95
    assert extra["definition"] == "vat-not-stated"


def test_the_largest_share_stays_within_its_kind_and_vat_base(rows):
    shares = rows[rows["id"] == "partners.largest_share"].set_index(["group", "definition"])[
        "value"
    ]
    assert shares.to_dict() == {
        ("kind=subsidy", "vat-not-stated"): pytest.approx(5_150_000 / 12_541_000),
        ("kind=contract", "vat-included"): pytest.approx(9_275_232.85 / 24_535_576.61),
        ("kind=brexit-extra", "vat-included"): pytest.approx(1_079_287.50 / 2_150_761.92),
    }


def test_21_partners_and_consortia_have_an_amount_and_nine_share_one_of_them(rows):
    assert only(rows, id="partners.count")["value"] == 21
    shared = only(
        rows, id="partners.named", group="kind=subsidy,partner=ecosystemen-studentensteden"
    )
    assert shared["value"] == 9


def test_not_all_partners_reach_their_kpis_and_four_services_lag(rows):
    assert only(rows, id="partners.all_reach_kpis")["value"] == 0
    for kind, count in (("lagging", 4), ("hard-theme", 4), ("adjusted", 3)):
        assert only(rows, id="partners.findings", group=f"kind={kind}")["value"] == count


def test_four_times_the_contracts_of_2022_is_not_the_90_million_of_the_contract(rows):
    four_years = only(rows, id="partners.contract_total", period="2020-2024")["value"]
    one_year = only(rows, id="partners.total", group="kind=contract", definition="vat-included")
    assert four_years == 90_000_000
    assert round(4 * one_year["value"] / 1e6, 1) == 98.1


def test_the_two_counts_of_partners_in_2016_stand_side_by_side(rows):
    both = rows[(rows["id"] == "partners.organisations") & (rows["period"] == "2016-2020")]
    assert sorted(both["value"]) == [11, 20]


def test_amounts_are_of_2022_and_published(rows):
    assert set(rows[rows["id"].isin(["partners.amount", "partners.total"])]["period"]) == {"2022"}
    assert set(rows["kind"]) == {"published"}
    assert set(rows["interval"]) == {"none"}
