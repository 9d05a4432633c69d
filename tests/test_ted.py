"""TED notices of schema R2.0.9: what the real ones say, and the traps that they set."""

import datetime as dt
import re
from decimal import Decimal

import pytest
from real_notices import documents, parse, read_named
from ted_snippets import award, contractor, lots, original, ted, translation

from analysis import contracts
from analysis.contracts import NOTICE_TABLES, keep
from analysis.refusal import SourceError
from analysis.sources import ted as reader

EMAIL = re.compile(r"\S+@\S+\.\S+")
VALUE = '<VALUES><VAL_TOTAL CURRENCY="EUR">100</VAL_TOTAL></VALUES>'
RANGE = '<VAL_RANGE_TOTAL CURRENCY="EUR"><LOW>10</LOW><HIGH>20</HIGH></VAL_RANGE_TOTAL>'


def real(name):
    return reader.read(parse(read_named(name)), "document")


def read(form, **options):
    return reader.read(ted(form, **options), "document")


def awards(reading, *columns):
    return [tuple(getattr(row, column) for column in columns) for row in reading.awards]


def test_charleroi_gave_two_of_three_lots_one_to_four_firms_together(shared):
    notice = real("073997-2021")
    assert awards(notice, "lot_id", "value", "bids", "winners", "is_group") == [
        ("1", Decimal("173553.72"), 3, 4, True),
        ("2", Decimal("49586.78"), 5, 1, False),
    ]
    assert notice.notices[0].total_value == Decimal("223140.50")
    assert [lot.lot_id for lot in notice.lots] == ["1", "2", "3"]


def test_the_four_firms_of_charleroi_made_one_tender(shared):
    bids = [bid for bid in real("073997-2021").bids if bid.award_id == "1"]
    assert {(bid.tender_id, bid.members, bid.won) for bid in bids} == {("1", 4, True)}


def test_charleroi_says_who_is_an_sme(shared):
    winners = [o for o in real("073997-2021").organisations if o.is_tenderer]
    assert [w.size for w in winners] == ["sme", "sme", "sme", "large", "sme"]
    assert [w.postcode for w in winners] == ["1060", "1030", "5000", "4031", "1090"]


def test_charleroi_is_read_from_the_first_page_on(shared):
    notice = real("073997-2021").notices[0]
    assert notice.notice_id == "73997-2021"
    assert (notice.form, notice.kind, notice.language) == ("F03_2014", "award", "fr")
    assert (notice.publication_date, notice.dispatch_date) == (
        dt.date(2021, 2, 12),
        dt.date(2021, 2, 8),
    )
    assert (notice.procedure, notice.nature, notice.cpv) == ("open", "services", "71200000")
    assert (notice.previous_notice, notice.legal_basis) == ("326839-2020", "32014L0024")
    assert (notice.country, notice.eu_institution, notice.is_framework) == ("BE", False, False)


def test_the_buyer_of_charleroi_has_its_number_and_no_contact(shared):
    buyer = real("073997-2021").organisations[0]
    assert (buyer.organisation_id, buyer.is_buyer, buyer.is_tenderer) == ("B1", True, False)
    assert (buyer.name, buyer.identifier) == ("Ville de Charleroi", "0207.310.774_22257")
    assert (buyer.town, buyer.nuts, buyer.size) == ("Charleroi", "BE322", None)


def test_astrid_gave_twenty_million_once_in_a_voluntary_notice(shared):
    notice = real("014987-2018")
    assert notice.notices[0].kind == "voluntary-ex-ante"
    assert awards(notice, "value", "winners", "contract_date") == [
        (Decimal(20_000_000), 2, dt.date(2017, 12, 8))
    ]
    assert [o.identifier for o in notice.organisations if o.is_tenderer] == [
        "0633.644.184",
        "0202.239.951",
    ]


def test_a_value_published_as_a_range_has_two_ends_and_no_middle(shared):
    notice = real("051420-2019")
    ends = (None, Decimal("8797959.13"), Decimal("9198783.10"))
    assert awards(notice, "value", "value_low", "value_high") == [ends]
    assert notice.notices[0].total_low == Decimal("8797959.13")
    assert notice.notices[0].is_framework


def test_infrabel_published_only_the_total_of_the_notice(shared):
    notice = real("072634-2022")
    assert notice.notices[0].total_value == Decimal(1_966_455)
    assert awards(notice, "value", "winners") == [(None, 1)]


def test_a_contest_of_24_prizes_has_24_awards_of_one_lot(shared):
    notice = real("595544-2019")
    assert (
        awards(notice, "winners", "bids", "bids_sme", "decision_date", "value")
        == [(1, 141, 81, dt.date(2019, 12, 4), None)] * 24
    )
    assert {award.lot_id for award in notice.awards} == {"1"}
    assert len({bid.organisation_id for bid in notice.bids}) == 24
    assert {bid.members for bid in notice.bids} == {1}


@pytest.mark.parametrize(
    ("name", "lots_given"),
    [("446053-2016", 2), ("434786-2019", 1), ("051411-2019", 1), ("184749-2021", 2)],
)
def test_a_lot_that_was_not_awarded_has_its_reason_and_no_winner(shared, name, lots_given):
    notice = real(name)
    refused = ("not-awarded", "PROCUREMENT_DISCONTINUED", 0)
    assert awards(notice, "outcome", "reason", "winners") == [refused] * lots_given
    assert notice.bids == []


def test_de_lijn_won_and_the_flemish_government_is_only_its_counterpart(shared):
    notice = real("628673-2021")
    assert awards(notice, "value", "winners") == [(Decimal(734_272_000), 1)]
    names = [o.name for o in notice.organisations if o.is_tenderer]
    assert names == ["Vlaamse Vervoersmaatschappij De Lijn"]


def test_a_contract_of_one_cent_is_published_as_such(shared):
    assert awards(real("176410-2023"), "value") == [(Decimal("0.01"),)]


@pytest.mark.parametrize("name", ["281577-2022", "59287-2022", "105195-2022", "236116-2017"])
def test_an_institution_of_the_eu_in_brussels_is_flagged(shared, name):
    notice = real(f"{int(name[:-5]):06}{name[-5:]}").notices[0]
    assert (notice.country, notice.eu_institution, notice.buyer_type) == (
        "BE",
        True,
        "eu-institution",
    )


def test_a_modification_is_no_new_award(shared):
    notice = real("431009-2022")
    assert notice.notices[0].kind == "modification"
    assert awards(notice, "value") == [(Decimal(12_000_000),)]


def test_a_corrigendum_names_the_notice_that_it_changes(shared):
    notice = real("111492-2021")
    assert notice.notices[0].kind == "correction"
    assert notice.notices[0].changes_notice == "4358-2021"
    assert (notice.awards, notice.lots, notice.organisations) == ([], [], [])


def test_a_notice_of_452_awards_has_them_all(shared):
    assert len(real("2020-OJS157-381782").awards) == 452


def test_no_passport_number_is_kept(shared):
    winners = [o for o in real("298072_2018").organisations if o.is_tenderer]
    assert [w.identifier for w in winners][-1] is None


def test_a_language_copy_counts_for_nothing():
    copies = "".join(translation(award(VALUE), language=lg) for lg in ("BG", "CS", "FR"))
    notice = read(copies + original(award(VALUE + contractor("Delta"))))
    assert awards(notice, "winners", "value") == [(1, Decimal(100))]
    assert notice.notices[0].language == "nl"


def test_of_two_originals_only_the_first_is_read():
    french = original(award(contractor("Proximus SA")), language="FR")
    notice = read(french + original(award(contractor("Proximus NV"))))
    assert [o.name for o in notice.organisations] == ["Proximus SA"]


@pytest.mark.parametrize(
    "namespace",
    [
        "http://formex.publications.europa.eu/ted/schema/export/R2.0.9.S01.E01",
        "ted/R2.0.9.S02/publication",
        "http://publications.europa.eu/resource/schema/ted/R2.0.9/publication",
    ],
)
def test_the_namespace_changes_and_the_names_do_not(namespace):
    notice = read(original(award(VALUE)), namespace=namespace)
    assert awards(notice, "value") == [(Decimal(100),)]


def test_the_forms_of_2016_have_no_wrappers_and_read_alike():
    bare = '<NB_TENDERS_RECEIVED>3</NB_TENDERS_RECEIVED><VAL_TOTAL CURRENCY="EUR">5</VAL_TOTAL>'
    assert awards(
        read(original(award(bare + contractor("Delta")))), "bids", "value", "winners"
    ) == [(3, Decimal(5), 1)]


def test_a_withheld_value_is_flagged_and_not_read():
    hidden = VALUE.replace("<VALUES>", '<VALUES PUBLICATION="NO">')
    assert awards(read(original(award(hidden))), "value", "value_withheld") == [(None, True)]


def test_withheld_winners_are_not_read_and_the_contract_stays_awarded():
    hidden = f'<CONTRACTORS PUBLICATION="NO">{contractor("Delta")}</CONTRACTORS>'
    notice = read(original(award(hidden)))
    assert awards(notice, "winners", "outcome") == [(0, "awarded")]
    assert notice.organisations == []


def test_a_part_that_may_be_published_is_no_secret():
    shown = VALUE.replace("<VALUES>", '<VALUES PUBLICATION="YES">')
    assert awards(read(original(award(shown))), "value", "value_withheld") == [
        (Decimal(100), False)
    ]


def test_a_withheld_total_is_flagged_and_not_read():
    total = '<VAL_TOTAL CURRENCY="EUR" PUBLICATION="NO">9</VAL_TOTAL>'
    notice = read(original(f"<OBJECT_CONTRACT>{total}</OBJECT_CONTRACT>")).notices[0]
    assert (notice.total_value, notice.total_withheld) == (None, True)


def test_an_estimate_in_another_currency_is_left_out():
    other = '<VAL_ESTIMATED_TOTAL CURRENCY="PLN">9</VAL_ESTIMATED_TOTAL>'
    notice = read(original(award(VALUE + other)))
    assert awards(notice, "currency", "estimated_value") == [("EUR", None)]


def test_a_range_of_an_award_has_no_value():
    assert awards(read(original(award(RANGE))), "value", "value_low", "value_high") == [
        (None, Decimal(10), Decimal(20))
    ]


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        ("1", "1"),
        ("Lot 3", "3"),
        ("LOT  4", "4"),
        ("Perceel 2", "2"),
        ("1, 2", "1, 2"),
        ("Lot A", "Lot A"),
        ("  2 \n b", "2 b"),
        ("Lotus", "Lotus"),
    ],
)
def test_a_lot_number_loses_the_word_lot_before_a_plain_number(published, expected):
    notice = read(original(lots(published, "9") + award(VALUE, lot=published)))
    assert awards(notice, "lot_id") == [(expected,)]
    assert notice.lots[0].lot_id == expected


def test_an_undivided_contract_is_lot_1_whatever_its_award_says():
    undivided = "<OBJECT_CONTRACT><NO_LOT_DIVISION/><OBJECT_DESCR/></OBJECT_CONTRACT>"
    notice = read(original(undivided + award(VALUE, lot="2021-7") + award(VALUE)))
    assert awards(notice, "lot_id") == [("1",), ("1",)]
    assert [lot.lot_id for lot in notice.lots] == ["1"]


def test_an_award_without_a_lot_number_in_a_divided_contract_is_of_no_known_lot():
    notice = read(original(lots("1", "2") + award(VALUE, lot="2") + award(VALUE)))
    assert awards(notice, "lot_id") == [("2",), ("award 2",)]


def test_the_only_description_is_that_of_the_only_lot_named():
    notice = read(original(lots("") + award(VALUE, lot="7")))
    assert [lot.lot_id for lot in notice.lots] == ["7"]


def test_an_award_of_the_only_lot_described_needs_no_number():
    assert awards(read(original(lots("3") + award(VALUE))), "lot_id") == [("3",)]


def test_a_lot_described_twice_is_one_lot_and_is_counted():
    notice = read(original(lots("1", "1") + award(VALUE, lot="1")))
    assert [lot.lot_id for lot in notice.lots] == ["1"]
    assert notice.met == {("LOT_NO", "repeated"): 1}


@pytest.mark.parametrize("form", ["F21_2014", "F22_2014", "F23_2014"])
def test_a_form_of_several_uses_is_an_award_only_if_it_says_so(form):
    uses = {"AWARD_CONTRACT": "award", "PRI_ONLY": "other", "CONTRACT": "other"}
    for use, kind in uses.items():
        notice = read(original(f'<NOTICE TYPE="{use}"/>{award(VALUE)}', name=form))
        assert (notice.notices[0].kind, len(notice.awards)) == (kind, kind == "award")


def test_a_contract_notice_gives_a_notice_and_nothing_else():
    notice = read(original(lots("1"), name="F02_2014"))
    assert (notice.notices[0].kind, notice.lots) == ("other", [])


def test_greece_the_united_kingdom_and_kosovo_have_their_iso_codes():
    three = "".join(contractor(name, country=name) for name in ("EL", "UK", "1A"))
    notice = read(original(award(three)))
    assert [o.country for o in notice.organisations] == ["GR", "GB", "XK"]


def test_a_country_that_is_none_is_counted_and_missing():
    notice = read(original(award(contractor("Delta", country="Belgium"))))
    assert notice.organisations[0].country is None
    assert notice.signals == [("ted-r209", "COUNTRY", "Belgium", 1, "123-2021")]


def test_an_unknown_element_is_counted_in_its_place():
    notice = read(original(award("<WINNING_STREAK/><WINNING_STREAK/>")))
    assert notice.met == {("AWARDED_CONTRACT", "WINNING_STREAK"): 2}


def test_an_unknown_procedure_is_counted_and_missing():
    notice = read(original(""), coded='<PR_PROC CODE="Y"/>')
    assert (notice.notices[0].procedure, notice.notices[0].procedure_published) == (None, "Y")
    assert notice.met == {("PR_PROC", "Y"): 1}


def test_an_unknown_form_is_counted_and_gives_no_awards():
    notice = read(original(award(VALUE), name="F99_2014"))
    assert (notice.notices[0].kind, notice.awards) == ("other", [])
    assert ("FORM_SECTION", "F99_2014") in notice.met


def test_an_authority_regional_or_local_is_not_called_either():
    notice = read(original(""), coded='<AA_AUTHORITY_TYPE CODE="3"/>').notices[0]
    assert (notice.buyer_type, notice.eu_institution) == ("regional-or-local", False)


def test_a_form_that_does_not_ask_about_frameworks_says_nothing_of_them():
    asked = read(original("<PROCEDURE/>")).notices[0]
    not_asked = read(original("<PROCEDURE/>", name="F25_2014")).notices[0]
    assert (asked.is_framework, not_asked.is_framework) == (False, None)


def test_kinds_of_criteria_are_named_once_in_order():
    described = "<OBJECT_DESCR><AC><AC_PRICE/><AC_COST/><AC_COST/></AC></OBJECT_DESCR>"
    notice = read(original(f"<OBJECT_CONTRACT>{described}</OBJECT_CONTRACT>"))
    assert notice.lots[0].criteria == "cost+price"


def test_paragraphs_of_a_title_are_apart_and_superscripts_are_not():
    title = '<TITLE><P>Place Albert-1<FT TYPE="SUP">er</FT></P><P>à Marchienne</P></TITLE>'
    notice = read(original(f"<OBJECT_CONTRACT>{title}<OBJECT_DESCR/></OBJECT_CONTRACT>"))
    assert notice.lots[0].title == "Place Albert-1er à Marchienne"


def test_a_document_without_an_original_is_refused():
    with pytest.raises(SourceError, match="ORIGINAL"):
        read(translation(award(VALUE)))


def test_a_document_without_a_number_is_refused():
    with pytest.raises(SourceError, match="number of the Official Journal"):
        read(original(award(VALUE)), number="draft")


@pytest.fixture(scope="session")
def readings(shared):
    """Every real notice of this schema, read."""
    found = (d for d in documents().values() if b"_2014 " in d or b"<MOVE " in d)
    return [reader.read(parse(document), f"{n}") for n, document in enumerate(found)]


@pytest.mark.parametrize("table", NOTICE_TABLES, ids=lambda table: table.name)
def test_all_real_notices_keep_the_contract(readings, table):
    rows = [row for reading in readings for row in getattr(reading, table.name)]
    assert len(rows) > 1000
    keep(table.arrow(rows), table)


def test_all_real_notices_hold_no_surprise(readings):
    assert [reading.signals for reading in readings if reading.met] == []


def test_every_winner_of_a_real_notice_stands_in_a_bid_and_in_an_award(readings):
    for reading in readings:
        winners = {o.organisation_id for o in reading.organisations if o.is_tenderer}
        assert winners == {bid.organisation_id for bid in reading.bids}
        assert len(winners) == sum(row.winners for row in reading.awards)
        assert {bid.award_id for bid in reading.bids} <= {row.award_id for row in reading.awards}


def test_no_e_mail_address_reaches_a_table(readings):
    for table in contracts.NOTICE_TABLES:
        rows = [row for reading in readings for row in getattr(reading, table.name)]
        assert [row for row in rows if any(EMAIL.search(str(cell)) for cell in row)] == []
