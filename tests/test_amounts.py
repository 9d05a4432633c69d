"""What a published amount is worth: what can be added up, and what only bounds the truth."""

from decimal import Decimal

import pytest
from builders import award, looked_at, notice, rows_of

from analysis.notices import RULES
from analysis.notices.amounts import FLAGS, judged
from analysis.notices.values import valued

ALL_ON = frozenset(rule.id for rule in RULES)


def worth(*notices, off=()):
    """Notice number -> its first contract with flags, usable value and bounds."""
    engine, now = looked_at(*notices)
    rows = rows_of(valued(judged(engine, now), ALL_ON - set(off)))
    return {row["notice_id"]: row for row in rows if row["award_id"] == "1"}


def flags(row):
    return [name for name in FLAGS if row[name]]


PLACEHOLDERS = ["0", "0.01", "1", "9.99", "99999.99", "999999"]
EUR_TOTAL = {"total_value": Decimal(700), "total_currency": "EUR"}
ENDS = {"value_low": Decimal("8797959.13"), "value_high": Decimal("9198783.10")}


@pytest.fixture(scope="module")
def amounts():
    """Contracts whose amounts each tell a story of their own."""
    return worth(
        *(notice(value, award(value)) for value in PLACEHOLDERS),
        notice("small", award("1.01")),
        notice("copied", award(900), award(900, lot_id="2"), total_value=Decimal(900)),
        notice("fair", award(900), award(900, lot_id="2"), total_value=Decimal(1800)),
        notice("thousandfold", award(50000, estimated_value=Decimal(50))),
        notice("tenfold", award(500, estimated_value=Decimal(50))),
        notice("one of two", award(5000, estimated_value=Decimal(50)), award(70)),
        notice("ceiling", award(5000, is_framework=True)),
        notice("enormous", award("1000000000.01")),
        notice("zloty", award(5000, currency="PLN")),
        notice("with vat", award(1210, vat_included=True, vat_rate=21.0)),
        notice("some vat", award(1210, vat_included=True)),
        notice("odd vat", award(1210, vat_included=True, vat_rate=0.08)),
        notice("without vat", award(1210, vat_included=False)),
        notice("only", award(None), **EUR_TOTAL),
        notice("two", award(None), award(None), **EUR_TOTAL),
        notice("withheld", award(None, value_withheld=True), **EUR_TOTAL),
        notice("51420-2019", award(None, **ENDS)),
    )


def usable(amounts, *names):
    return [amounts[name]["usable"] for name in names]


def test_a_placeholder_is_no_amount_and_an_ordinary_small_amount_is_one(amounts):
    assert [flags(amounts[value]) for value in PLACEHOLDERS] == [["A01"]] * 6
    assert usable(amounts, *PLACEHOLDERS) == [None] * 6
    assert [amounts[value]["value"] for value in PLACEHOLDERS] == [
        Decimal(value) for value in PLACEHOLDERS
    ]
    assert usable(amounts, "small") == [Decimal("1.01")]


def test_a_total_on_every_contract_is_the_value_of_none_and_at_most_each(amounts):
    copied = amounts["copied"]
    assert (copied["usable"], copied["low"], copied["high"]) == (None, 0, 900)
    assert [flags(amounts[name]) for name in ("copied", "fair")] == [["A02"], []]
    assert usable(amounts, "fair") == [900]


def test_an_amount_a_thousand_times_its_estimate_is_bounded_by_both(amounts):
    row = amounts["thousandfold"]
    assert (flags(row), row["usable"], row["low"], row["high"]) == (["A03"], None, 50, 50000)


def test_an_amount_ten_times_its_estimate_and_one_of_several_contracts_are_no_slip(amounts):
    assert usable(amounts, "tenfold", "one of two") == [500, 5000]


def test_a_ceiling_a_billion_and_a_foreign_currency_stay_out_of_sums(amounts):
    names = ("ceiling", "enormous", "zloty")
    assert [flags(amounts[name]) for name in names] == [["A06"], ["A05"], ["A08"]]
    assert usable(amounts, *names) == [None, None, None]
    assert [amounts[name]["high"] for name in names] == [None, None, None]


def test_vat_comes_off_at_a_believable_rate_and_else_the_value_is_unknown(amounts):
    names = ("with vat", "some vat", "odd vat", "without vat")
    assert usable(amounts, *names) == [1000, None, None, 1210]
    assert {amounts[name]["value"] for name in names} == {1210}


def test_the_total_speaks_for_the_only_contract_and_for_no_other(amounts):
    assert usable(amounts, "only", "two", "withheld") == [700, None, None]
    assert flags(amounts["only"]) == ["A09"]


def test_a_published_range_bounds_what_is_not_told(amounts):
    row = amounts["51420-2019"]
    assert (row["usable"], row["low"], row["high"]) == (None, *ENDS.values())


def test_thirty_contracts_of_a_kind_say_what_is_far_from_them_and_twenty_nine_do_not():
    def ordinary(number, count, **kind):
        return notice(number, *(award(1000 + n, lot_id=str(n)) for n in range(count)), **kind)

    works = {"nature": "works", "cpv": "45000000"}
    found = worth(
        *(ordinary("29", 28), notice("unsaid", award(10**8))),
        *(ordinary("30", 29, **works), notice("far", award(10**8), **works)),
    )
    assert [flags(found[name]) for name in ("29", "unsaid", "30", "far")] == [[], [], [], ["A04"]]


def test_a_rule_that_is_off_lets_the_amount_in_and_still_tells_its_flag():
    row = worth(notice("1-2020", award(5000, is_framework=True)), off=("A06",))["1-2020"]
    assert (flags(row), row["usable"], row["low"], row["high"]) == (["A06"], 5000, 5000, 5000)
