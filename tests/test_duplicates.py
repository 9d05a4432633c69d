"""One award published twice, within an era and across eras of the forms."""

import datetime as dt

from builders import AGAIN, BLUEFORS, DAY, NEW, OLD, award, firm, looked_at, notice, rows_of

from analysis.notices.duplicates import published_twice

LATER = DAY + dt.timedelta(60)


def twice(*notices, across=False):
    """(notice, lot) that a later notice publishes again."""
    engine, now = looked_at(*notices)
    found = rows_of(published_twice(engine, now, across=across))
    return [(row["notice_id"], row["lot_id"]) for row in found]


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
