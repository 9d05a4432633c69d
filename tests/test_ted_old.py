"""TED notices of schemas R2.0.7 and R2.0.8: what the real ones say, and the traps they set."""

import datetime as dt
from decimal import Decimal

import pytest
from real_notices import documents, parse, read_named
from ted_snippets import old_award, old_price, old_winner, original, ted

from analysis.contracts import NOTICE_TABLES, keep
from analysis.sources import ted_old as reader

OLD = "http://publications.europa.eu/TED_schema/Export"
COST = '<VALUE_COST FMTVAL="1234.50">1 234,50</VALUE_COST>'


def real(name):
    return reader.read(parse(read_named(name)), "document")


def read(form, **options):
    return reader.read(ted(form, namespace=OLD, **options), "document")


def awards(reading, *columns):
    return [tuple(getattr(row, column) for column in columns) for row in reading.awards]


def test_three_contracts_of_the_commission_are_three_lots(shared):
    notice = real("023645_2011")
    assert awards(notice, "lot_id", "value", "estimated_value", "bids") == [
        ("1", Decimal(1_316_925), Decimal(1_400_000), 3),
        ("2", Decimal(260_900), Decimal(300_000), 2),
        ("3", Decimal(290_150), Decimal(300_000), 1),
    ]
    assert notice.notices[0].total_value == Decimal(1_867_975)
    assert (notice.notices[0].eu_institution, notice.notices[0].notice_id) == (True, "23645-2011")
    assert {(lot.eu_funded, lot.criteria) for lot in notice.lots} == {(True, "price+quality")}


def test_the_winners_of_the_commission_are_named_without_size(shared):
    winners = [o for o in real("023645_2011").organisations if o.is_tenderer]
    assert [(w.country, w.town, w.size) for w in winners] == [
        ("BE", "Diegem", None),
        ("AT", "Vienna", None),
        ("BE", "Brussels", None),
    ]


def test_pas_attribue_is_not_the_name_of_a_firm(shared):
    notice = real("023836_2011")
    assert awards(notice, "lot_id", "outcome", "reason", "winners") == [
        ("1", "not-awarded", "Pas attribué", 0),
        ("2", "awarded", None, 1),
        ("3", "awarded", None, 1),
        ("4", "not-awarded", "Pas attribué", 0),
    ]
    assert awards(notice, "value")[1:3] == [(Decimal(3_422_250),), (Decimal("5669406.98"),)]


def test_geen_stands_four_times_where_no_insurer_won(shared):
    notice = real("024040_2011")
    assert awards(notice, "outcome")[:4] == [("not-awarded",)] * 4
    assert awards(notice, "outcome", "value", "bids")[4] == ("awarded", Decimal("7.14"), 7)
    assert [lot for (lot,) in awards(notice, "lot_id")] == [f"award {n}" for n in range(1, 6)]


def test_the_utilities_form_names_its_parts_otherwise(shared):
    notice = real("024480_2011")
    assert awards(notice, "winners", "bids", "decision_date", "contract_date") == [
        (1, 3, dt.date(2010, 12, 15), None)
    ]
    assert [(o.organisation_id, o.town) for o in notice.organisations][1:] == [("W1", "Luik")]


def test_defence_stayed_on_the_old_forms_with_national_numbers(shared):
    notice = real("557451-2021")
    assert (notice.notices[0].form, notice.notices[0].is_framework) == (
        "CONTRACT_AWARD_DEFENCE",
        True,
    )
    assert (notice.notices[0].procedure, notice.notices[0].legal_basis) == (
        "negotiated-without-call",
        "2009/81/EC",
    )
    assert [o.identifier for o in notice.organisations] == ["36162371878", "55648908488"]
    assert awards(notice, "value", "estimated_value", "bids", "bids_electronic") == [
        (Decimal("1399187.50"), Decimal(1_120_000), 1, 0)
    ]


def test_a_voluntary_notice_is_no_award_notice(shared):
    notice = real("024331_2011")
    assert notice.notices[0].kind == "voluntary-ex-ante"
    assert awards(notice, "lot_id", "value", "vat_included") == [("2", Decimal(4450), False)]


def test_awards_in_free_text_are_counted_and_not_guessed(shared):
    notice = real("023652_2011")
    assert (notice.notices[0].kind, notice.awards) == ("award", [])
    assert notice.met == {("OTH_NOT", "awards in free text"): 1}


def test_a_value_says_whether_vat_is_in_it():
    vat = '<INCLUDING_VAT><VAT_PRCT FMTVAL="21">21</VAT_PRCT></INCLUDING_VAT>'
    for words, stated in (
        ("<EXCLUDING_VAT/>", (False, None)),
        (vat, (True, 21.0)),
        ("", (None,) * 2),
    ):
        notice = read(old_award(old_price(COST + words)))
        assert awards(notice, "value", "vat_included", "vat_rate") == [
            (Decimal("1234.50"), *stated)
        ]


def test_a_total_with_vat_in_it_is_no_total_without_vat():
    name = "COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE"
    price = f'<{name} CURRENCY="PLN">{{}}</{name}>'
    for words, total in (("<EXCLUDING_VAT/>", Decimal("1234.50")), ("<INCLUDING_VAT/>", None)):
        inside = f"<TOTAL_FINAL_VALUE>{price.format(COST + words)}</TOTAL_FINAL_VALUE>"
        section = "OBJECT_CONTRACT_INFORMATION_CONTRACT_AWARD_NOTICE"
        form = f"<FD_CONTRACT_AWARD><{section}>{inside}</{section}></FD_CONTRACT_AWARD>"
        assert read(original(form, name="CONTRACT_AWARD")).notices[0].total_value == total


def test_a_range_has_two_ends_and_no_value():
    ends = (
        "<RANGE_VALUE_COST><LOW_VALUE>10</LOW_VALUE><HIGH_VALUE>20</HIGH_VALUE></RANGE_VALUE_COST>"
    )
    notice = read(old_award(old_price(ends)))
    assert awards(notice, "value", "value_low", "value_high") == [(None, Decimal(10), Decimal(20))]


def test_an_amount_in_the_words_of_the_buyer_is_read_where_ted_gives_no_other():
    notice = read(old_award(old_price("<VALUE_COST>32 800,00</VALUE_COST>")))
    assert awards(notice, "value") == [(Decimal(32800),)]


def test_an_award_that_names_no_winner_is_unknown():
    for inside in ("", old_winner("<ORGANISATION/>"), old_winner("")):
        assert awards(read(old_award(inside)), "outcome", "winners") == [("unknown", 0)]


@pytest.mark.parametrize("words", ["Infructueux", "lots déclarés sans suite", "ninguna", "Geen"])
def test_words_in_the_place_of_the_winner_may_say_that_nobody_won(words):
    notice = read(old_award(old_winner(f"<ORGANISATION>{words}</ORGANISATION>")))
    assert awards(notice, "outcome", "reason", "winners") == [("not-awarded", words, 0)]
    assert notice.organisations == []


def test_a_firm_in_a_town_won_whatever_it_is_called():
    firm = "<ORGANISATION>Geen</ORGANISATION><TOWN>Gent</TOWN>"
    assert awards(read(old_award(old_winner(firm))), "outcome", "winners") == [("awarded", 1)]


def test_a_name_and_a_national_number_may_stand_inside_the_organisation():
    named = "<OFFICIALNAME>Delta</OFFICIALNAME><NATIONALID>0123</NATIONALID>"
    notice = read(old_award(old_winner(f"<ORGANISATION>{named}</ORGANISATION>")))
    assert [(o.name, o.identifier) for o in notice.organisations] == [("Delta", "0123")]


def test_a_day_that_does_not_exist_is_missing():
    date = (
        "<CONTRACT_AWARD_DATE><DAY>31</DAY><MONTH>2</MONTH><YEAR>2011</YEAR></CONTRACT_AWARD_DATE>"
    )
    assert awards(read(old_award(date)), "decision_date") == [(None,)]


def test_an_old_corrigendum_corrects():
    notice = read(original("", name="ADDITIONAL_INFORMATION_CORRIGENDUM"))
    assert (notice.notices[0].kind, notice.met) == ("correction", {})


def test_an_unknown_element_is_counted_in_its_place():
    notice = read(old_award("<WINNING_STREAK/>"))
    assert notice.met == {("AWARD_OF_CONTRACT", "WINNING_STREAK"): 1}


@pytest.fixture(scope="session")
def readings(shared):
    """Every real notice of these schemas, read."""
    ted_documents = (d for d in documents().values() if b"<TED_EXPORT" in d[:2000])
    old = (d for d in ted_documents if b"_2014 " not in d and b"<MOVE " not in d)
    return [reader.read(parse(document), f"{n}") for n, document in enumerate(old)]


@pytest.mark.parametrize("table", NOTICE_TABLES, ids=lambda table: table.name)
def test_all_real_notices_keep_the_contract(readings, table):
    rows = [row for reading in readings for row in getattr(reading, table.name)]
    assert len(rows) > 500
    keep(table.arrow(rows), table)


def test_all_real_notices_hold_one_surprise_awards_in_free_text(readings):
    met = [signal for reading in readings for signal in reading.met]
    assert met == [("OTH_NOT", "awards in free text")] * 14


def test_every_award_of_a_real_notice_is_of_a_lot_that_is_described(readings):
    for reading in readings:
        described = {lot.lot_id for lot in reading.lots}
        assert {row.lot_id for row in reading.awards} == described
