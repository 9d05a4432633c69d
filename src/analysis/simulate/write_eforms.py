"""Invented notices in the forms of late 2023 on (eForms: subtypes 25, 29, 30, 38 and E4).

The real E4 of the Belgian platform has not been seen; ours is shaped like subtype 29 without
number in the Official Journal. Withheld amounts are left out, with FieldsPrivacy in their place.
"""

from collections.abc import Iterator
from typing import NamedTuple

from analysis.simulate import published
from analysis.simulate.contracts import EX_ANTE, Lot, Notice, Tender
from analysis.simulate.people import PLACES, Organisation
from analysis.simulate.write_ted import CODES, issue
from analysis.simulate.xml import NOBODY, UBL, Element, coded, named, put, root

EFORMS = "http://data.europa.eu/p27/eforms-ubl-extension"
NAMESPACES = {
    "": UBL + "ContractAwardNotice-2",
    "cac": UBL + "CommonAggregateComponents-2",
    "cbc": UBL + "CommonBasicComponents-2",
    "efac": EFORMS + "-aggregate-components/1",
    "efbc": EFORMS + "-basic-components/1",
    "efext": EFORMS + "s/1",
    "ext": UBL + "CommonExtensionComponents-2",
}
EXTENSION = "ext:UBLExtensions/ext:UBLExtension/ext:ExtensionContent/efext:EformsExtension"
LANGUAGES = CODES["languages"]
SENDER = Organisation(99_999, "Verzonnen verzender", "XX000", PLACES["brussels"])


class Told(NamedTuple):
    """One bid that the notice names, with its technical number, whether it won, and by whom."""

    number: str
    lot: Lot
    tender: Tender
    won: bool
    firms: list[Organisation]


def eforms(notice: Notice) -> Element:
    """Return the ContractAwardNotice document of `notice`."""
    form, language = root("ContractAwardNotice", NAMESPACES), LANGUAGES[notice.buyer.language]
    told = list(_told(notice))
    _extension(put(form, EXTENSION), notice, told)
    put(form, "cbc:UBLVersionID", "2.3")
    put(form, "cbc:CustomizationID", "eforms-sdk-1.8")
    named(form, "cbc:ID", notice.uuid, "notice-id")
    put(form, "cbc:ContractFolderID", notice.procedure_uuid)
    put(form, "cbc:IssueDate", f"{notice.dispatched}+01:00")
    put(form, "cbc:VersionID", "01")
    put(form, "cbc:RegulatoryDomain", "32014L0025" if notice.form == "30" else "32014L0024")
    listed, code = CODES["notice_types"].get(notice.form, ("result", "can-standard"))
    coded(form, "cbc:NoticeTypeCode", code, listed)
    coded(form, "cbc:NoticeLanguageCode", language, "language")
    _buyer(put(form, "cac:ContractingParty"), notice.buyer)
    procedure = CODES["procedures"][notice.procedure][4]
    coded(form, "cac:TenderingProcess/cbc:ProcedureCode", procedure, "procurement-procedure-type")
    _project(put(form, "cac:ProcurementProject"), notice, notice.contract)
    for lot in notice.lots:
        _lot(put(form, "cac:ProcurementProjectLot"), notice, lot)
    put(form, "cac:TenderResult/cbc:AwardDate", "2000-01-01+01:00")  # as the platform writes it
    return form


def _told(notice: Notice) -> Iterator[Told]:
    for lot in notice.lots:
        for place, tender in enumerate(lot.tenders):
            if place in lot.won or (lot.won and "losers" in notice.traits):
                firms = published.winners(notice, tender)
                yield Told(f"{lot.number}{place:03d}", lot, tender, place in lot.won, firms)


def _extension(part: Element, notice: Notice, told: list[Told]) -> None:
    if notice.about:
        _refer(part, notice, notice.about)
    _result(put(part, "efac:NoticeResult"), notice, told)
    coded(part, "efac:NoticeSubType/cbc:SubTypeCode", notice.form, "notice-subtype")
    firms = {firm.serial: firm for bid in told for firm in bid.firms}
    organisations = put(part, "efac:Organizations")
    for who in (notice.buyer, SENDER, *(firms[serial] for serial in sorted(firms))):
        company = put(put(organisations, "efac:Organization"), "efac:Company")
        _company(company, who, who.size if "winner size" in notice.traits else "")
    if notice.form != "E4":
        year = notice.day.year
        named(
            part, "efac:Publication/efbc:NoticePublicationID", f"{notice.id:0>13}", "ojs-notice-id"
        )
        named(part, "efac:Publication/efbc:GazetteID", f"{issue(notice)}/{year}", "ojs-id")
        put(part, "efac:Publication/efbc:PublicationDate", f"{notice.day}Z")


def _refer(part: Element, notice: Notice, about: Notice) -> None:
    if notice.form == "38":
        change, reason, listed = "ContractModification", "add-wss", "modification-justification"
    else:
        change, listed = "Changes", "change-corrig-justification"
        reason = "cancel" if notice.counts == "cancellation" else "cor-buy"
    change = f"efac:{change}"
    named(part, f"{change}/efbc:ChangedNoticeIdentifier", f"{about.uuid}-01", "notice-id-ref")
    coded(part, f"{change}/efac:ChangeReason/cbc:ReasonCode", reason, listed)


def _result(part: Element, notice: Notice, told: list[Told]) -> None:
    total = published.total(notice)
    if total.withheld:
        _withhold(part, "not-val")
    if total.value is not None:
        put(part, "cbc:TotalAmount", published.euros(total.value), currencyID="EUR")
    for lot in notice.lots:
        _lot_result(put(part, "efac:LotResult"), notice, lot, told)
    for bid in told:
        _tender(put(part, "efac:LotTender"), notice, bid)
    for bid in told:
        if bid.won:
            contract = put(part, "efac:SettledContract")
            named(contract, "cbc:ID", f"CON-{bid.number}", "contract")
            put(contract, "cbc:IssueDate", f"{notice.decided}+01:00")
            put(contract, "efac:ContractReference/cbc:ID", f"{notice.contract}/{bid.lot.number}")
            named(contract, "efac:LotTender/cbc:ID", f"TEN-{bid.number}", "tender")
    for bid in told:
        party = put(part, "efac:TenderingParty")
        named(party, "cbc:ID", f"TPA-{bid.number}", "tendering-party")
        for firm in bid.firms:
            named(put(party, "efac:Tenderer"), "cbc:ID", _org(firm), "organization")


def _withhold(part: Element, field: str) -> None:
    privacy = put(part, "efac:FieldsPrivacy")
    coded(privacy, "efbc:FieldIdentifierCode", field, "non-publication-identifier")
    coded(privacy, "cbc:ReasonCode", "fair-comp", "non-publication-justification")
    put(privacy, "efbc:PublicationDate", "2099-12-31Z")


def _lot_result(part: Element, notice: Notice, lot: Lot, told: list[Told]) -> None:
    named(part, "cbc:ID", f"RES-{lot.number:04d}", "result")
    if notice.form not in ("38", *EX_ANTE):
        state = {"awarded": "selec-w", "open": "open-nw", "not-awarded": "clos-nw"}[lot.outcome]
        coded(part, "cbc:TenderResultCode", state, "winner-selection-status")
    why = CODES["reasons"].get(lot.reason)
    coded(part, "efac:DecisionReason/efbc:DecisionReasonCode", why, "non-award-justification")
    for bid in told:
        if bid.lot.number == _listed(notice, lot):
            named(put(part, "efac:LotTender"), "cbc:ID", f"TEN-{bid.number}", "tender")
    if "framework" in notice.traits and lot.won:
        ceiling = published.euros(2 * max(tender.cents for tender in lot.tenders))
        put(part, "efac:FrameworkAgreementValues/cbc:MaximumValueAmount", ceiling, currencyID="EUR")
    _counts(part, notice, lot)
    for bid in told:
        if bid.won and bid.lot.number == lot.number:
            named(put(part, "efac:SettledContract"), "cbc:ID", f"CON-{bid.number}", "contract")
    named(part, "efac:TenderLot/cbc:ID", f"LOT-{lot.number:04d}", "Lot")


def _listed(notice: Notice, lot: Lot) -> int:
    """Return the lot whose bids stand in the result of `lot`: crossed, it is the next one."""
    crossed = "crossed" in notice.traits and all(each.won for each in notice.lots)
    return lot.number % len(notice.lots) + 1 if crossed else lot.number


def _counts(part: Element, notice: Notice, lot: Lot) -> None:
    bids = published.bids(notice, lot)
    if bids.withheld:
        _withhold(put(part, "efac:ReceivedSubmissionsStatistics"), "rec-sub-cou")
    for code, count in (("tenders", bids.all), ("t-sme", bids.sme)):
        if count is not None:
            counts = put(part, "efac:ReceivedSubmissionsStatistics")
            told = None if published.code_less(notice) else code
            coded(counts, "efbc:StatisticsCode", told, "received-submission-type")
            put(counts, "efbc:StatisticsNumeric", count)


def _tender(part: Element, notice: Notice, bid: Told) -> None:
    amount = published.amount(notice, bid.lot, bid.tender)
    if amount.withheld:
        _withhold(part, "win-ten-val")
    named(part, "cbc:ID", f"TEN-{bid.number}", "tender")
    if amount.value is not None:
        money = published.euros(amount.value if bid.won else bid.tender.cents)
        put(part, "cac:LegalMonetaryTotal/cbc:PayableAmount", money, currencyID="EUR")
    named(part, "efac:TenderingParty/cbc:ID", f"TPA-{bid.number}", "tendering-party")
    named(part, "efac:TenderLot/cbc:ID", f"LOT-{bid.lot.number:04d}", "Lot")
    put(part, "efac:TenderReference/cbc:ID", f"Verzonnen offerte {bid.number}")


def _org(who: Organisation) -> str:
    return f"ORG-{who.serial:04d}"


def _company(company: Element, who: Organisation, size: str) -> None:
    coded(company, "efbc:CompanySizeCode", size or None, "economic-operator-size")
    named(company, "cac:PartyIdentification/cbc:ID", _org(who), "organization")
    put(company, "cac:PartyName/cbc:Name", who.name, languageID=LANGUAGES[who.language])
    address = put(company, "cac:PostalAddress")
    put(address, "cbc:CityName", who.place.town)
    put(address, "cbc:PostalZone", who.place.postcode)
    coded(address, "cbc:CountrySubentityCode", who.place.nuts, "nuts")
    coded(address, "cac:Country/cbc:IdentificationCode", who.place.alpha_3, "country")
    put(company, "cac:PartyLegalEntity/cbc:CompanyID", who.number or None)
    for contact in ("Name", "Telephone", "ElectronicMail"):
        put(company, f"cac:Contact/cbc:{contact}", NOBODY)


def _buyer(party: Element, buyer: Organisation) -> None:
    kind = CODES["kinds"][buyer.kind][2]
    coded(party, "cac:ContractingPartyType/cbc:PartyTypeCode", kind, "buyer-legal-type")
    who = put(party, "cac:Party")
    named(who, "cac:PartyIdentification/cbc:ID", _org(buyer), "organization")
    sender = put(who, "cac:ServiceProviderParty")
    coded(sender, "cbc:ServiceTypeCode", "ted-esen", "organisation-role")
    named(sender, "cac:Party/cac:PartyIdentification/cbc:ID", _org(SENDER), "organization")


def _project(project: Element, notice: Notice, name: str) -> None:
    language, first = notice.buyer.language, notice.lots[0]
    title = f"{CODES['titles'][language]} {name}"
    put(project, "cbc:Name", title, languageID=LANGUAGES[language])
    coded(project, "cbc:ProcurementTypeCode", first.nature, "contract-nature")
    if "innovation" in notice.traits and name != notice.contract:
        kind = CODES["innovation"][notice.serial % len(CODES["innovation"])]
        both = {"strategic-procurement": "inn-pur", "innovative-acquisition": kind}
        for listed, code in both.items():
            more = put(project, "cac:ProcurementAdditionalType")
            coded(more, "cbc:ProcurementTypeCode", code, listed)
    classified = "cac:MainCommodityClassification/cbc:ItemClassificationCode"
    coded(project, classified, first.cpv, "cpv")
    where = "cac:RealizedLocation/cac:Address/cbc:CountrySubentityCode"
    coded(project, where, notice.buyer.place.nuts, "nuts")


def _lot(part: Element, notice: Notice, lot: Lot) -> None:
    named(part, "cbc:ID", f"LOT-{lot.number:04d}", "Lot")
    terms, both = put(part, "cac:TenderingTerms"), "price and quality" in notice.traits
    coded(terms, "cbc:FundingProgramCode", "no-eu-funds", "eu-funded")
    criteria = put(terms, "cac:AwardingTerms/cac:AwardingCriterion")
    for kind in ("price", "quality") if both else ("price",):
        criterion = put(criteria, "cac:SubordinateAwardingCriterion")
        coded(criterion, "cbc:AwardingCriterionTypeCode", kind, "award-criterion-type")
    process = put(part, "cac:TenderingProcess")
    for listed, code in (
        ("framework-agreement", "fa-wo-rc" if "framework" in notice.traits else "none"),
        ("dps-usage", "dps-nlist" if "dps" in notice.traits else "none"),
    ):
        system = put(process, "cac:ContractingSystem")
        coded(system, "cbc:ContractingSystemTypeCode", code, listed)
    project = put(part, "cac:ProcurementProject")
    _project(project, notice, f"{notice.contract}/{lot.number}")
    if "estimate" in notice.traits:
        estimate = "cac:RequestedTenderTotal/cbc:EstimatedOverallContractAmount"
        put(project, estimate, published.euros(lot.estimate), currencyID="EUR")
