"""The traps of eForms, one small invented notice each."""

from decimal import Decimal

import pytest
from eforms_snippets import (
    PUBLISHED,
    contract,
    extension,
    lot_result,
    organisations,
    party,
    read,
    statistic,
    tender,
    withheld,
    worth,
)

from analysis.refusal import SourceError

TWO = organisations("", "")


def won(reading):
    return [(bid.lot_id, bid.tender_id, bid.organisation_id) for bid in reading.bids if bid.won]


def test_a_joint_award_is_one_award_with_two_winners():
    reading = read(
        lot_result("LOT-1", "TEN-1")
        + tender("TEN-1", "LOT-1", more=worth("100"))
        + contract("CON-1", "TEN-1")
        + party("TPA-1", "ORG-1", "ORG-2"),
        about=PUBLISHED + TWO,
    )
    assert [(a.winners, a.is_group, a.value) for a in reading.awards] == [(2, True, Decimal(100))]
    assert [(b.organisation_id, b.members) for b in reading.bids] == [("ORG-1", 2), ("ORG-2", 2)]


def test_two_tenders_can_win_one_lot():
    reading = read(
        lot_result("LOT-1", "TEN-1", "TEN-2")
        + tender("TEN-1", "LOT-1", "TPA-1")
        + tender("TEN-2", "LOT-1", "TPA-2")
        + contract("CON-2", "TEN-2")
        + contract("CON-1", "TEN-1")
        + party("TPA-1", "ORG-1")
        + party("TPA-2", "ORG-2"),
        about=PUBLISHED + TWO,
    )
    assert [a.award_id for a in reading.awards] == ["1", "2"]
    by_award = {b.award_id: b.tender_id for b in reading.bids}
    assert by_award == {"1": "TEN-2", "2": "TEN-1"}, "in the order of the contracts"


def test_one_lot_with_a_result_a_contract_keeps_each_winner_once():
    reading = read(
        lot_result("LOT-1", "TEN-1", more=statistic("3"))
        + lot_result("LOT-1", "TEN-2", more=statistic("5"))
        + tender("TEN-1", "LOT-1", "TPA-1")
        + tender("TEN-2", "LOT-1", "TPA-2")
        + contract("CON-1", "TEN-1")
        + contract("CON-2", "TEN-2")
        + party("TPA-1", "ORG-1")
        + party("TPA-2", "ORG-2"),
        about=PUBLISHED + TWO,
    )
    assert [a.bids for a in reading.awards] == [3, 5]
    assert won(reading) == [("LOT-1", "TEN-1", "ORG-1"), ("LOT-1", "TEN-2", "ORG-2")]


def test_a_closed_lot_has_no_winner_even_if_a_contract_names_its_tender():
    reading = read(
        lot_result("LOT-1", "TEN-1", code="clos-nw")
        + tender("TEN-1", "LOT-1")
        + contract("CON-1", "TEN-1")
        + party("TPA-1", "ORG-1"),
        about=PUBLISHED + TWO,
    )
    assert [(a.outcome, a.winners) for a in reading.awards] == [("not-awarded", 0)]
    assert [b.won for b in reading.bids] == [False]
    assert reading.met["winner-selection-status", "no winner, but a contract"] == 1


def test_a_lot_still_open_is_neither_awarded_nor_refused():
    assert [a.outcome for a in read(lot_result("LOT-1", code="open-nw")).awards] == ["open"]


def test_a_modified_contract_has_no_result_and_is_one_row():
    reading = read(
        tender("TEN-1", "LOT-1", more=worth("9")) + contract("CON-1", "TEN-1"), form="38"
    )
    assert reading.notices[0].kind == "modification"
    assert [(a.lot_id, a.outcome, a.value) for a in reading.awards] == [
        ("LOT-1", "awarded", Decimal(9))
    ]


def test_a_withheld_value_is_missing_though_a_figure_stands_beside_it():
    reading = read(
        lot_result("LOT-1", "TEN-1")
        + tender("TEN-1", "LOT-1", more=withheld("win-ten-val") + worth("9.99", "GBP"))
        + contract("CON-1", "TEN-1")
        + party("TPA-1", "ORG-1"),
        about=PUBLISHED + TWO,
    )
    award = reading.awards[0]
    assert (award.value, award.currency, award.value_withheld) == (None, None, True)
    assert reading.bids[0].value is None


def test_the_total_of_the_notice_is_never_the_value_of_a_contract():
    reading = read(
        '<cbc:TotalAmount currencyID="SEK">500</cbc:TotalAmount>'
        + lot_result("LOT-1", "TEN-1")
        + tender("TEN-1", "LOT-1")
        + contract("CON-1", "TEN-1")
    )
    assert (reading.notices[0].total_value, reading.notices[0].total_currency) == (500, "SEK")
    assert reading.awards[0].value is None


def test_bids_are_counted_by_code_and_requests_to_participate_are_not_bids():
    counts = statistic("7", "part-req") + statistic("4", "tenders") + statistic("2", "t-sme")
    award = read(lot_result("LOT-1", more=counts)).awards[0]
    assert (award.bids, award.bids_sme, award.bids_non_eu) == (4, 2, None)


def test_complaints_are_not_bids():
    complaints = (
        "<efac:AppealRequestsStatistics><efbc:StatisticsCode>complainants</efbc:StatisticsCode>"
        "<efbc:StatisticsNumeric>9</efbc:StatisticsNumeric></efac:AppealRequestsStatistics>"
    )
    award = read(lot_result("LOT-1", more=complaints + statistic("4"))).awards[0]
    assert award.bids == 4


def test_a_code_of_another_list_is_read_by_its_place_and_counted():
    reading = read(lot_result("LOT-1", more=statistic("4", "tenders", named="review-type")))
    assert reading.awards[0].bids == 4
    assert reading.met["StatisticsCode", "review-type"] == 1


def test_a_withheld_count_of_smes_leaves_the_count_of_all_tenders():
    hidden = statistic("2", "t-sme").replace(
        "<efbc:Stat", withheld("rec-sub-cou") + "<efbc:Stat", 1
    )
    award = read(lot_result("LOT-1", more=statistic("4", "tenders") + hidden)).awards[0]
    assert (award.bids, award.bids_sme, award.bids_withheld) == (4, None, False)


def test_a_name_is_taken_in_the_language_of_the_notice():
    names = "".join(
        f'<cac:PartyName><cbc:Name languageID="{language}">{name}</cbc:Name></cac:PartyName>'
        for language, name in (("FRA", "Ville de Gand"), ("NLD", "Stad Gent"))
    )
    buyer = (
        "<cac:ContractingParty><cac:Party><cac:PartyIdentification><cbc:ID>ORG-1</cbc:ID>"
        "</cac:PartyIdentification></cac:Party></cac:ContractingParty>"
    )
    reading = read(about=PUBLISHED + organisations(names), body=buyer)
    assert [(o.name, o.is_buyer) for o in reading.organisations] == [("Stad Gent", True)]


def test_sizes_persons_and_countries_are_read_and_unknown_ones_counted():
    company = (
        "<efbc:CompanySizeCode>micro</efbc:CompanySizeCode><cac:PostalAddress><cac:Country>"
        "<cbc:IdentificationCode>{}</cbc:IdentificationCode></cac:Country></cac:PostalAddress>"
    )
    person = "<efbc:NaturalPersonIndicator>true</efbc:NaturalPersonIndicator>"
    about = organisations(company.format("GRC"), company.format("QQQ"))
    about = about.replace("<efac:Company>", f"{person}<efac:Company>", 1)
    reading = read(party("TPA-1", "ORG-1", "ORG-2"), about=PUBLISHED + about)
    found = [(o.country, o.size, o.is_natural_person) for o in reading.organisations]
    assert found == [("GR", "micro", True), (None, "micro", None)]
    assert reading.met["country", "QQQ"] == 1


def test_contact_data_and_owners_are_not_read():
    secret = "<cac:Contact><cbc:ElectronicMail>jan@gent.be</cbc:ElectronicMail></cac:Contact>"
    owner = (
        "<efac:UltimateBeneficialOwner><cbc:FamilyName>Peeters</cbc:FamilyName>"
        "</efac:UltimateBeneficialOwner>"
    )
    about = organisations(secret).replace("</efac:Organizations>", owner + "</efac:Organizations>")
    reading = read(party("TPA-1", "ORG-1"), about=PUBLISHED + about)
    assert "jan@gent.be" not in repr(reading)
    assert "Peeters" not in repr(reading)
    assert not reading.met


def test_both_lists_of_innovation_codes_are_known():
    kinds = "".join(
        "<cac:ProcurementAdditionalType><cbc:ProcurementTypeCode "
        f'listName="innovative-acquisition">{code}</cbc:ProcurementTypeCode>'
        "</cac:ProcurementAdditionalType>"
        for code in ("rd-act", "buy-eff", "time-travel")
    )
    lot = (
        '<cac:ProcurementProjectLot><cbc:ID schemeName="Lot">LOT-1</cbc:ID>'
        f"<cac:ProcurementProject>{kinds}</cac:ProcurementProject></cac:ProcurementProjectLot>"
    )
    reading = read(body=lot)
    assert reading.lots[0].innovation == "buy-eff+rd-act"
    assert reading.lots[0].strategic is None, "not stated is not `none`"
    assert reading.met["innovative-acquisition", "time-travel"] == 1


def test_a_national_notice_has_its_own_number_and_is_not_published_in_the_journal():
    notice = read(form="BE-E4", about="").notices[0]
    assert (notice.notice_id, notice.published) == ("0a1b/02", False)
    assert (notice.form, notice.kind) == ("BE-E4", "award")


def test_a_change_notice_keeps_its_kind():
    change = (
        "<efac:Changes><efbc:ChangedNoticeIdentifier>00000099-2024</efbc:ChangedNoticeIdentifier>"
        "<efac:ChangeReason><cbc:ReasonCode>cancel</cbc:ReasonCode></efac:ChangeReason>"
        "</efac:Changes>"
    )
    notice = read(about=PUBLISHED + change).notices[0]
    assert notice.kind == "award"
    assert (notice.changes_notice, notice.change_reason) == ("99-2024", "cancel")


def test_a_withheld_procedure_is_missing():
    process = (
        f"<cac:TenderingProcess>{extension(withheld('pro-typ'))}"
        "<cbc:ProcedureCode>open</cbc:ProcedureCode></cac:TenderingProcess>"
    )
    notice = read(body=process).notices[0]
    assert (notice.procedure, notice.procedure_published) == (None, None)


def test_an_unknown_element_is_counted_where_it_stands():
    robots = "<efbc:Robots>3</efbc:Robots>"
    reading = read(lot_result("LOT-1", code="open-nw", more=robots))
    assert reading.met == {("LotResult", "Robots"): 1}


@pytest.mark.parametrize(("form", "kind"), [("27", "voluntary-ex-ante"), ("E5", "completion")])
def test_the_subtype_says_what_a_notice_is(form, kind):
    assert read(form=form).notices[0].kind == kind


def test_an_unknown_subtype_is_no_award_and_is_counted():
    reading = read(form="41")
    assert (reading.notices[0].kind, reading.met["notice-subtype", "41"]) == ("other", 1)


def test_a_notice_without_a_subtype_is_refused():
    with pytest.raises(SourceError, match="OPP-070"):
        read(form="")
