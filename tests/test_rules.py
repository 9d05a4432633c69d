"""Which notices count, once, with which date and which amount."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from builders import DAY, award, firm, lake, logged, looked_at, not_awarded, notice, rows_of, ruled

from analysis import contracts
from analysis.contracts import keep
from analysis.contracts.lots import RULE_LOG
from analysis.notices import RULES, apart, apply_rules
from analysis.notices.amounts import FLAGS, judged
from analysis.notices.duplicates import published_twice
from analysis.notices.stages import frames, lazy
from analysis.notices.values import valued
from analysis.refusal import ContractError, ReportError

ALL_ON = frozenset(rule.id for rule in RULES)
LATER = DAY + dt.timedelta(60)


def met(rule, *notices):
    """Documents that a rule about notices meets."""
    _, tables = lake(*notices)
    now = frames(tables) | {"everything": lazy(tables["notices"])}
    return [row["document"] for row in rows_of(rule(now))]


def twice(*notices, across=False):
    """(notice, lot) that a later notice publishes again."""
    engine, now = looked_at(*notices)
    found = rows_of(published_twice(engine, now, across=across))
    return [(row["notice_id"], row["lot_id"]) for row in found]


def worth(*notices, off=()):
    """Notice number -> its contracts with flags, usable value and bounds."""
    engine, now = looked_at(*notices)
    rows = rows_of(valued(judged(engine, now), ALL_ON - set(off)))
    return {(row["notice_id"], row["award_id"]): row for row in rows}


def flags(row):
    return [name for name in FLAGS if row[name]]


def test_the_builders_keep_the_contracts_of_the_readers():
    _, tables = lake(notice("1-2020", award(1000, winners=[firm(), firm("B")])))
    for table in contracts.NOTICE_TABLES:
        keep(tables[table.name], table)


# Which notices speak of an award


def test_of_two_documents_with_one_number_the_one_with_more_awards_stays():
    short = notice("1-2020", award(1), document="a")
    long = notice("1-2020", award(1), award(2, lot_id="2"), document="b")
    assert met(apart.read_twice, short, long) == ["a"]


def test_of_two_versions_of_one_national_notice_the_higher_stays():
    first = notice("7f0c/01", award(1), award(2, lot_id="2"), document="a")
    second = notice("7f0c/02", award(1), document="b")
    assert met(apart.read_twice, first, second) == ["a"]


def test_of_two_equal_documents_the_same_one_stays_in_whatever_order_they_come():
    one, other = (notice("1-2020", award(1), document=name) for name in "ab")
    assert met(apart.read_twice, one, other) == met(apart.read_twice, other, one) == ["b"]


def test_a_transparency_notice_before_the_award_is_no_award():
    veat = notice("1-2020", award(1), kind="voluntary-ex-ante")
    assert met(apart.not_an_award, veat, notice("2-2020")) == ["sha-1-2020"]


def test_a_draft_is_not_counted_but_a_national_notice_is():
    draft = notice("uuid/01", published=False, form="29")
    national = notice("uuid/02", published=False, form="E4")
    older_code = notice("uuid/03", published=False, form="BE-E4")
    assert met(apart.not_published, draft, national, older_code) == ["sha-uuid/01"]


def test_a_buyer_of_whom_we_do_not_know_whether_it_is_an_eu_institution_stays():
    known, unknown = notice("1-2020", eu_institution=True), notice("2-2020", eu_institution=None)
    assert met(apart.eu_institution, known, unknown) == ["sha-1-2020"]


def test_only_the_last_of_a_chain_of_corrections_stays():
    first = notice("1-2020")
    second = notice("2-2020", changes_notice="1-2020", publication_date=LATER)
    third = notice("3-2020", changes_notice="2-2020", publication_date=LATER + dt.timedelta(9))
    assert met(apart.replaced, first, second, third) == ["sha-1-2020", "sha-2-2020"]


def test_of_two_corrections_of_one_notice_the_later_stays():
    first = notice("1-2020")
    second = notice("2-2020", changes_notice="1-2020", publication_date=LATER)
    third = notice("3-2020", changes_notice="1-2020", publication_date=LATER + dt.timedelta(9))
    assert met(apart.replaced, first, second, third) == ["sha-1-2020", "sha-2-2020"]


def test_a_cancelled_notice_and_its_cancellation_both_go():
    cancelled = notice("1-2020")
    cancelling = notice(
        "2-2020", changes_notice="1-2020", change_reason="cancel", publication_date=LATER
    )
    assert met(apart.replaced, cancelled, cancelling, notice("3-2020")) == [
        "sha-1-2020",
        "sha-2-2020",
    ]


def test_a_modification_of_the_contract_leaves_its_award_notice_in_place():
    modification = notice("2-2020", kind="modification", changes_notice="1-2020")
    assert met(apart.replaced, notice("1-2020"), modification) == []


def test_a_correction_in_words_only_flags_what_it_names():
    kept = ruled(
        notice("1-2020", award(1000)),
        notice("2-2020", kind="correction", previous_notice="1-2020"),
    )
    [lot] = rows_of(kept.lots)
    assert lot["corrected"]
    assert logged(kept, "N08")["notices"] == 1


# One award published twice

BLUEFORS = {"winners": [firm("Bluefors Oy", country="FI")], "contract_date": dt.date(2022, 6, 24)}
AGAIN = BLUEFORS | {"contract_date": dt.date(2022, 6, 23)}
OLD = {"publication_date": dt.date(2022, 8, 5), "cpv": "38000000", "buyer": "0425.260.668_27172"}
NEW = OLD | {
    "publication_date": dt.date(2023, 9, 19),
    "buyer": "0425260668_1495",
    "era": "eforms",
    "form": "29",
}


def test_a_contract_published_in_two_eras_counts_once_and_the_later_form_stays():
    """413436-2022 and 565039-2023: IMEC buys from Bluefors for 321,000 EUR, a day apart."""
    old = notice("413436-2022", award(321000, **BLUEFORS), **OLD)
    new = notice("565039-2023", award(321000, lot_id="LOT-0001", **AGAIN), **NEW)
    assert twice(old, new, across=True) == [("413436-2022", "1")]
    assert twice(old, new, across=False) == []


def test_two_awards_that_differ_are_two_awards():
    late = BLUEFORS | {"contract_date": dt.date(2022, 8, 9)}
    differences = {
        "another kind of goods": {"cpv": "38100000"},
        "another buyer": {"buyer": "0202.239.951"},
        "half a percent dearer": {"awards": [award(323000, **BLUEFORS)]},
        "another winner": {"awards": [award(321000, winners=[firm("Oxford")])]},
        "no value": {"awards": [award(None, **BLUEFORS)]},
        "another currency": {"awards": [award(321000, currency="NOK", **BLUEFORS)]},
        "47 days later": {"awards": [award(321000, **late)]},
    }
    others = [
        notice(why, award(321000, **BLUEFORS), **OLD) | difference
        for why, difference in differences.items()
    ]
    new = notice("565039-2023", award(321000, **AGAIN), **NEW)
    assert twice(*others, new, across=True) == []


def test_two_equal_contracts_of_one_notice_are_two_contracts():
    both = notice("1-2022", award(321000, **AGAIN), award(321000, lot_id="2", **AGAIN), **OLD)
    assert twice(both) == []


def test_the_same_lot_of_one_procedure_won_by_the_same_number_is_published_twice():
    won = {"winners": [firm("Any name", identifier="0832584553")]}
    national = notice("uuid/01", award(None, **won), procedure_id="p", era="eforms", form="E4")
    european = notice(
        "1-2020", award(5000, **won), procedure_id="p", era="eforms", publication_date=LATER
    )
    other_lot = notice(
        "2-2020",
        award(5000, lot_id="2", **won),
        procedure_id="p",
        era="eforms",
        publication_date=LATER + dt.timedelta(1),
        cpv="09000000",
    )
    assert twice(national, european, other_lot) == [("uuid/01", "1")]


def test_names_are_compared_by_their_words_whatever_order_case_or_accents():
    one = notice("1-2020", award(5000, winners=[firm("N.V. Électricité Générale")]))
    two = notice(
        "2-2020", award(5000, winners=[firm("Generale Electricite NV")]), publication_date=LATER
    )
    assert twice(one, two) == [("1-2020", "1")]


def test_firms_with_different_numbers_differ_whatever_their_names():
    one = notice("1-2020", award(5000, winners=[firm("Same", identifier="0832584553")]))
    two = notice(
        "2-2020",
        award(5000, winners=[firm("Same", identifier="0879639451")]),
        publication_date=LATER,
    )
    assert twice(one, two) == []


# The day


def dated(*awards):
    _, now = looked_at(
        notice(
            "1-2020",
            *(award(1, lot_id=str(n), **one) for n, one in enumerate(awards)),
            dispatch_date=DAY,
        )
    )
    return [(row["date"], row["date_rule"], row["implausible"]) for row in rows_of(now["dates"])]


def test_the_contract_is_dated_before_the_decision_before_the_dispatch():
    day, other = dt.date(2020, 5, 1), dt.date(2020, 4, 1)
    assert dated(
        {"contract_date": day, "decision_date": other},
        {"contract_date": None, "decision_date": other},
        {"contract_date": None},
    ) == [(day, "contract", False), (other, "decision", False), (DAY, "dispatch", False)]


def test_a_day_that_cannot_be_is_taken_as_not_stated():
    impossible = [
        dt.date(2000, 1, 1),  # the placeholder of the publisher's conversions
        dt.date(1920, 5, 1),
        DAY + dt.timedelta(30 + 32),  # 32 days after the publication
        dt.date(2015, 6, 30),  # more than five years before it
    ]
    assert dated(*({"contract_date": day} for day in impossible)) == [(DAY, "dispatch", True)] * 4


def test_a_day_just_inside_the_limits_is_believed():
    days = [DAY + dt.timedelta(30 + 31), dt.date(2015, 7, 1)]
    assert dated(*({"contract_date": day} for day in days)) == [
        (day, "contract", False) for day in days
    ]


# The amount


def test_a_placeholder_is_no_amount_and_an_ordinary_small_amount_is_one():
    placeholders = ["0", "0.01", "1", "9.99", "99999.99", "999999"]
    found = worth(*(notice(value, award(value)) for value in placeholders))
    assert [flags(row) for row in found.values()] == [["A01"]] * 6
    assert {row["usable"] for row in found.values()} == {None}
    assert {row["value"] for row in found.values()} == {Decimal(value) for value in placeholders}
    small = worth(notice("1-2020", award("1.01")))["1-2020", "1"]
    assert (flags(small), small["usable"]) == ([], Decimal("1.01"))


def test_a_total_on_every_contract_is_the_value_of_none_and_at_most_each():
    found = worth(
        notice("1-2020", award(900), award(900, lot_id="2"), total_value=Decimal(900)),
        notice("2-2020", award(900), award(900, lot_id="2"), total_value=Decimal(1800)),
    )
    copied, fair = found["1-2020", "1"], found["2-2020", "1"]
    assert (copied["usable"], copied["low"], copied["high"]) == (None, 0, 900)
    assert (flags(copied), flags(fair), fair["usable"]) == (["A02"], [], 900)


def test_a_total_on_every_contract_counts_once_for_the_notice():
    kept = ruled(notice("1-2020", award(900), award(900, lot_id="2"), total_value=Decimal(900)))
    assert [lot["shared_value_eur"] for lot in rows_of(kept.lots)] == [900, None]


def test_an_amount_a_thousand_times_its_estimate_is_bounded_by_both():
    estimated = {"estimated_value": Decimal(50)}
    row = worth(notice("1-2020", award(50000, **estimated)))["1-2020", "1"]
    assert (flags(row), row["usable"], row["low"], row["high"]) == (["A03"], None, 50, 50000)


def test_an_amount_ten_times_its_estimate_and_one_of_several_contracts_are_no_slip():
    dear = notice("1-2020", award(500, estimated_value=Decimal(50)))
    several = notice(
        "2-2020", award(5000, estimated_value=Decimal(50)), award(70, estimated_value=Decimal(50))
    )
    assert not any(flags(row) for row in worth(dear, several).values())


def test_thirty_contracts_of_a_kind_say_what_is_far_from_them_and_twenty_nine_do_not():
    ordinary = [award(1000 + 10 * n, lot_id=str(n)) for n in range(29)]
    huge = notice("2-2020", award(10**8))
    few = worth(notice("1-2020", *ordinary[:28]), huge)
    enough = worth(notice("1-2020", *ordinary), huge)
    assert flags(few["2-2020", "1"]) == []
    assert [key for key, row in enough.items() if flags(row)] == [("2-2020", "1")]
    assert flags(enough["2-2020", "1"]) == ["A04"]


def test_a_ceiling_a_billion_and_a_foreign_currency_stay_out_of_sums():
    found = worth(
        notice("1-2020", award(5000, is_framework=True)),
        notice("2-2020", award("1000000000.01")),
        notice("3-2020", award(5000, currency="PLN")),
    )
    assert [flags(row) for row in found.values()] == [["A06"], ["A05"], ["A08"]]
    assert [row["usable"] for row in found.values()] == [None, None, None]
    assert [row["high"] for row in found.values()] == [None, None, None]


def test_vat_comes_off_where_its_rate_is_known_and_the_value_is_unknown_where_not():
    found = worth(
        notice("1-2020", award(1210, vat_included=True, vat_rate=21.0)),
        notice("2-2020", award(1210, vat_included=True)),
        notice("3-2020", award(1210, vat_included=False)),
        notice("4-2020", award(1210, vat_included=True, vat_rate=0.08)),
    )
    assert [row["usable"] for row in found.values()] == [1000, None, 1210, None]
    assert {row["value"] for row in found.values()} == {1210}


def test_the_total_speaks_for_the_only_contract_and_for_no_other():
    found = worth(
        notice("1-2020", award(None), total_value=Decimal(700), total_currency="EUR"),
        notice("2-2020", award(None), award(None), total_value=Decimal(700), total_currency="EUR"),
        notice("3-2020", award(None, value_withheld=True), total_value=Decimal(7)),
    )
    assert [row["usable"] for row in found.values()] == [700, None, None, None]


def test_a_published_range_bounds_what_is_not_told():
    """51420-2019: between 8,797,959.13 and 9,198,783.10 EUR."""
    ends = {"value_low": Decimal("8797959.13"), "value_high": Decimal("9198783.10")}
    row = worth(notice("51420-2019", award(None, **ends)))["51420-2019", "1"]
    assert (row["usable"], row["low"], row["high"]) == (None, *ends.values())


def test_a_rule_that_is_off_lets_the_amount_in_and_still_tells_its_flag():
    ceiling = notice("1-2020", award(5000, is_framework=True))
    row = worth(ceiling, off=("A06",))["1-2020", "1"]
    assert (flags(row), row["usable"], row["low"], row["high"]) == (["A06"], 5000, 5000, 5000)


# The whole


def test_every_rule_tells_what_it_removed_and_the_euros_concerned():
    kept = ruled(
        notice(
            "1-2020",
            award(100),
            award(50, lot_id="2", currency="PLN"),
            not_awarded(lot_id="3"),
            kind="voluntary-ex-ante",
        ),
        notice("2-2020", award("0.01")),
    )
    told = logged(kept, "N02")
    counts = [told[name] for name in ("notices", "lots", "awards", "eur", "other_currency")]
    assert counts == [1, 3, 2, Decimal(100), 1]
    assert [row["rule"] for row in kept.log.to_pylist()] == [rule.id for rule in RULES]
    assert logged(kept, "A01")["eur"] == Decimal("0.01")
    keep(kept.log, RULE_LOG)


def test_a_rule_that_is_off_counts_and_removes_nothing():
    old = notice("413436-2022", award(321000, **BLUEFORS), **OLD)
    new = notice("565039-2023", award(321000, **AGAIN), **NEW)
    on, off = ruled(old, new), ruled(old, new, off=("duplicate-across-eras",))
    assert [lot["notice_id"] for lot in rows_of(on.lots)] == ["565039-2023"]
    assert len(rows_of(off.lots)) == 2
    assert [logged(kept, "N07")["on"] for kept in (on, off)] == [True, False]
    assert logged(on, "N07")["eur"] == logged(off, "N07")["eur"] == Decimal(321000)


def test_a_misspelt_switch_is_refused_and_so_is_adding_zlotys_to_euros():
    engine, tables = lake(notice("1-2020"))
    for key in ("duplicate-accross-eras", "not-in-euro"):
        with pytest.raises(ReportError, match=key):
            apply_rules(engine, tables, off=(key,))


def test_a_pandas_frame_is_refused_since_it_would_turn_unknown_into_no():
    with pytest.raises(ContractError, match="pandas"):
        lazy(pd.DataFrame({"day": [None]}))
    engine, tables = lake(notice("1-2020"))
    with pytest.raises(ContractError, match="pandas"):
        apply_rules(engine, tables | {"awards": tables["awards"].df()})


def test_the_order_of_the_rows_changes_nothing():
    notices = [
        notice("413436-2022", award(321000, **BLUEFORS), **OLD),
        notice("565039-2023", award(321000, **AGAIN), **NEW),
        notice("3-2020", award(90, winners=[firm("A"), firm("B"), firm("C")]), award(30)),
        notice("3-2020", award(90), document="other"),
        notice("4-2020", changes_notice="3-2020", publication_date=LATER),
    ]
    one, other = ruled(*notices), ruled(*notices[::-1])
    assert rows_of(one.lots) == rows_of(other.lots)
    assert rows_of(one.winners) == rows_of(other.winners)
    assert one.log == other.log
