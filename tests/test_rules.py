"""Which notices count, once, with which date and which amount."""

import datetime as dt
from decimal import Decimal

import pandas as pd
import pytest
from builders import (
    AGAIN,
    BLUEFORS,
    DAY,
    NEW,
    OLD,
    award,
    firm,
    lake,
    logged,
    looked_at,
    not_awarded,
    notice,
    rows_of,
    ruled,
)

from analysis import contracts
from analysis.contracts import keep
from analysis.contracts.lots import RULE_LOG
from analysis.notices import RULES, apart, apply_rules
from analysis.notices.stages import frames, lazy
from analysis.refusal import ContractError, ReportError

LATER = DAY + dt.timedelta(60)


def met(rule, *notices):
    """Documents that a rule about notices meets."""
    _, tables = lake(*notices)
    now = frames(tables) | {"everything": lazy(tables["notices"])}
    return [row["document"] for row in rows_of(rule(now))]


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


def test_a_cancellation_may_cite_the_number_that_the_sender_gave():
    first = notice("1-2024", own_id="b7f314d1/01")
    second = notice(
        "2-2024", changes_notice="b7f314d1/01", change_reason="cancel", publication_date=LATER
    )
    assert met(apart.replaced, first, second) == ["sha-1-2024", "sha-2-2024"]


def test_a_modification_of_the_contract_leaves_its_award_notice_in_place():
    modification = notice("2-2020", kind="modification", changes_notice="1-2020")
    assert met(apart.replaced, notice("1-2020"), modification) == []


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


# The whole

WORLD = [
    notice("413436-2022", award(321000, **BLUEFORS), **OLD),
    notice("565039-2023", award(321000, **AGAIN), **NEW),
    notice("1-2020", award(900), award(900, lot_id="2"), total_value=Decimal(900)),
    notice("2-2020", award("0.01"), award(5, lot_id="2", bids=2, bids_sme=3)),
    notice("3-2020", kind="correction", previous_notice="2-2020"),
    notice(
        "4-2020",
        award(100),
        award(50, lot_id="2", currency="PLN"),
        not_awarded(lot_id="3"),
        kind="voluntary-ex-ante",
    ),
    notice("5-2020", award(90, winners=[firm("A"), firm("B"), firm("C")]), document="b"),
    notice("5-2020", award(90), document="a"),
    notice("6-2020"),
]


LAKE = lake(*WORLD)


@pytest.fixture(scope="module")
def world():
    """What the rules make of all of them."""
    return apply_rules(*LAKE)


def lots_of(kept, number):
    return [row for row in rows_of(kept.lots) if row["notice_id"] == number]


def test_every_rule_tells_what_it_met_and_the_euros_concerned(world):
    told = logged(world, "N02")
    counts = [told[name] for name in ("notices", "lots", "awards", "eur", "other_currency")]
    assert counts == [2, 3, 2, Decimal(100), 1]
    assert [row["rule"] for row in world.log.to_pylist()] == [rule.id for rule in RULES]
    assert logged(world, "A01")["eur"] == Decimal("0.01")
    met = {row["rule"]: row["notices"] for row in world.log.to_pylist() if row["notices"]}
    assert met == {
        "N01": 1, "N02": 2, "N07": 1, "N08": 1, "N09": 1, "B02": 1, "A01": 1, "A02": 1,
    }  # fmt: skip
    keep(world.log, RULE_LOG)


def test_a_correction_in_words_only_flags_what_it_names(world):
    assert [lot["corrected"] for lot in lots_of(world, "2-2020")] == [True, True]
    assert [lot["corrected"] for lot in lots_of(world, "1-2020")] == [False, False]


def test_a_total_on_every_contract_counts_once_for_the_notice(world):
    lots = lots_of(world, "1-2020")
    assert [lot["shared_value_eur"] for lot in lots] == [900, None]
    assert [lot["value_eur"] for lot in lots] == [None, None]


def test_a_rule_that_is_off_counts_and_removes_nothing_and_leaves_the_first_run_as_it_was(world):
    before = rows_of(world.lots)
    off = apply_rules(*LAKE, off=("duplicate-across-eras",))
    assert (len(lots_of(world, "413436-2022")), len(lots_of(off, "413436-2022"))) == (0, 1)
    assert [logged(kept, "N07")["on"] for kept in (world, off)] == [True, False]
    assert logged(world, "N07")["eur"] == logged(off, "N07")["eur"] == Decimal(321000)
    assert rows_of(world.lots) == before


def test_the_order_of_the_rows_changes_nothing(world):
    other = ruled(*WORLD[::-1])
    assert rows_of(world.lots) == rows_of(other.lots)
    assert rows_of(world.winners) == rows_of(other.winners)
    assert world.log == other.log


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
