"""Delivered amounts and agreements: what stays apart, what may be added, what is not known."""

import pandas as pd
import pytest
from hypothesis import given as drawn
from hypothesis import settings
from hypothesis import strategies as st
from ledger_rows import only
from partner_tables import agreement, amount, day, given, partner

from analysis import results
from analysis.indicators import partner_amounts

A = "structural_partner=Partner A vzw,instrument_kind=service-contract"


def rows(**tables) -> pd.DataFrame:
    tables = {"structural_partners": [partner("a")], **tables}
    return results.ledger(partner_amounts.results(given(**tables)))


def paid(*amounts: dict) -> pd.DataFrame:
    return rows(partner_instruments=[agreement("a-25")], partner_payments=list(amounts))


def test_nothing_delivered_gives_no_row():
    assert partner_amounts.results(given()) == []


def test_amounts_of_a_stage_add_up_within_their_vat_base():
    found = paid(amount("a-25", "paid", "60.10"), amount("a-25", "paid", "39.90"))
    row = only(found, id="partners.paid", group=A, definition="vat-included")
    assert (row["value"], row["n"], row["kind"]) == (100, 2, "real")


def test_unlike_vat_bases_stand_apart_and_their_sum_says_so():
    found = paid(
        amount("a-25", "promised", "121"),
        amount("a-25", "promised", "50", "vat-excluded"),
        amount("a-25", "promised", "30", "vat-not-stated"),
    )
    totals = found[(found["id"] == "partners.promised_total") & (found["group"] == "all")]
    assert totals.set_index("definition")["value"].to_dict() == {
        "vat-included": 121,
        "vat-excluded": 50,
        "vat-not-stated": 30,
        "vat-bases-mixed": 201,
        "excl-21pct-where-included": 180,
    }


def test_what_came_back_is_no_use_of_the_money():
    found = paid(
        amount("a-25", "committed", "100"),
        amount("a-25", "paid", "80"),
        amount("a-25", "recovered", "30"),
    )
    assert only(found, id="partners.absorption", group=A)["value"] == 0.5


def test_no_amount_of_a_stage_is_unknown_and_zero_is_zero():
    nothing = paid(amount("a-25", "committed", "100"))
    row = only(nothing, id="partners.absorption", group=A)
    assert pd.isna(row["value"])
    assert (row["denominator"], row["unknown"]) == ("no-amount-paid", 1)
    assert nothing[nothing["id"] == "partners.paid_total"].empty
    none = paid(amount("a-25", "committed", "100"), amount("a-25", "paid", "0"))
    assert only(none, id="partners.absorption", group=A)["value"] == 0


def test_a_ratio_is_never_taken_across_vat_bases():
    found = paid(amount("a-25", "committed", "100", "vat-excluded"), amount("a-25", "paid", "121"))
    row = only(found, id="partners.absorption")
    assert pd.isna(row["value"])
    assert (row["definition"], row["denominator"]) == ("vat-bases-mixed", "vat-bases-differ")


def test_a_joint_ratio_is_of_sums_and_counts_the_lines_without_one():
    """(80 + 10)/(100 + 100); the third partner has a commitment only."""
    found = rows(
        structural_partners=[partner("a"), partner("b"), partner("c")],
        partner_instruments=[agreement("a-25"), agreement("b-25", "b"), agreement("c-25", "c")],
        partner_payments=[
            amount("a-25", "committed", "100"),
            amount("a-25", "paid", "80"),
            amount("b-25", "committed", "100"),
            amount("b-25", "paid", "10"),
            amount("c-25", "committed", "500"),
        ],
    )
    row = only(found, id="partners.absorption", group="all", definition="vat-included")
    assert (row["value"], row["n"], row["unknown"]) == (0.45, 2, 1)


def test_an_agreement_without_any_amount_is_counted_as_not_known():
    found = rows(
        partner_instruments=[agreement("a-25"), agreement("a-25-x", kind="brexit-extra")],
        partner_payments=[amount("a-25", "paid", "80")],
    )
    row = only(found, id="partners.paid_total", group="all", definition="vat-included")
    assert (row["value"], row["unknown"]) == (80, 1)


def test_the_cut_off_is_the_last_day_on_which_money_moved():
    found = paid(
        amount("a-25", "paid", "1", on_date=day("2026-02-01")),
        amount("a-25", "recovered", "2", on_date=day("2026-03-04")),
        amount("a-25", "committed", "3", on_date=day("2027-01-01")),
    )
    assert only(found, id="partners.last_payment")["value"] == 20260304


def test_a_year_after_the_last_one_evaluated_is_left_out():
    found = paid(amount("a-25", "paid", "1"), amount("a-25", "paid", "2", year=2026))
    assert set(found["period"]) == {"2025"}


def test_the_engagement_is_told_apart_from_the_agreement_of_one_year():
    found = rows(
        structural_partners=[partner("a"), partner("b"), partner("c")],
        partner_instruments=[
            agreement("a-25", engaged_until=day("2028-12-31")),
            agreement("b-25", "b", engaged_until=day("2025-12-31")),
            agreement("c-25", "c", starts=day("2024-07-01")),
        ],
    )
    days = found[found["id"] == "partners.agreement_days"]["value"].tolist()
    assert days == [365, 365, 549]
    assert only(found, id="partners.engaged_until", group=A)["value"] == 20281231
    multi = only(found, id="partners.multi_year_share")
    assert (multi["value"], multi["n"], multi["unknown"]) == (0.5, 2, 1)
    assert (multi["low"], multi["high"]) == pytest.approx((1 / 3, 2 / 3))
    assert only(found, id="partners.one_year_share")["value"] == pytest.approx(2 / 3)


def test_a_partner_with_two_agreements_of_a_kind_keeps_them_apart():
    found = rows(
        partner_instruments=[agreement("a-1"), agreement("a-2", adjusted="Digitaal, en korter")],
        partner_payments=[amount("a-1", "promised", "10"), amount("a-2", "promised", "20")],
    )
    promised = found[found["id"] == "partners.agreement_promised"].set_index("group")["value"]
    assert promised.to_dict() == {f"{A},instrument=a-1": 10, f"{A},instrument=a-2": 20}
    assert only(found, id="partners.promised", group=A)["value"] == 30
    [adjusted] = found[found["id"] == "partners.adjusted"]["group"]
    assert adjusted == f"{A},instrument=a-2,adjusted=Digitaal\u201a en korter"


def test_partners_of_one_name_are_told_apart_by_their_short_names():
    found = rows(
        structural_partners=[partner("a", "Kring, Gent"), partner("b", "Kring, Gent")],
        partner_instruments=[agreement("a-25"), agreement("b-25", "b")],
    )
    groups = found[found["id"] == "partners.agreement_days"]["group"]
    assert [group.split(",")[0] for group in groups] == [
        "structural_partner=Kring\u201a Gent (a)",
        "structural_partner=Kring\u201a Gent (b)",
    ]


def test_payments_without_the_other_sheets_stand_under_the_name_of_their_instrument():
    found = results.ledger(
        partner_amounts.results(given(partner_payments=[amount("a-25", "paid", "5")]))
    )
    row = only(found, id="partners.paid")
    assert row["group"] == "structural_partner=a-25,instrument_kind=not-stated"


cents = st.integers(0, 10**11)


@settings(max_examples=25, deadline=None)
@drawn(st.lists(st.tuples(cents, st.sampled_from(["vat-included", "vat-exempt"])), min_size=1))
def test_the_bases_add_up_to_the_mixed_total_to_the_cent(lines):
    payments = [
        amount("a-25", "paid", f"{value // 100}.{value % 100:02d}", vat, payment=str(n))
        for n, (value, vat) in enumerate(lines)
    ]
    found = partner_amounts.results(given(partner_payments=payments))
    totals = {
        row.definition: round(row.value * 100)
        for row in found
        if row.id == "partners.paid_total" and row.group == "all"
    }
    net = totals.pop("excl-21pct-where-included", None)
    mixed = totals.pop("vat-bases-mixed", None)
    assert sum(totals.values()) == sum(value for value, _ in lines)
    assert mixed in (None, sum(totals.values()))
    assert (net is None) == ("vat-included" not in totals)
