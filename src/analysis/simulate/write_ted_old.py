"""Invented notices in the forms used until mid 2016 (TED_EXPORT R2.0.8: CONTRACT_AWARD).

These forms know no SMEs, no NUTS code of the winner, no lot without a contract, and one
contractor a contract.
"""

import datetime as dt

from analysis.simulate import published
from analysis.simulate.contracts import Lot, Notice, Tender
from analysis.simulate.people import Organisation
from analysis.simulate.write_ted import CODES, coded_data, edition, told_number
from analysis.simulate.xml import NOBODY, Element, put, root

SPACE = "http://publications.europa.eu/TED_schema/Export"
COSTS = "COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE"
CRITERIA = "AWARD_CRITERIA_CONTRACT_AWARD_NOTICE_INFORMATION/AWARD_CRITERIA_DETAIL_F03"


def ted_old(notice: Notice) -> Element:
    """Return the TED_EXPORT document of `notice`."""
    language, attributes = notice.buyer.language, {"DOC_ID": notice.id, "EDITION": edition(notice)}
    export = root("TED_EXPORT", {"": SPACE}, **attributes)
    put(export, "TECHNICAL_SECTION/FORM_LG_LIST", language)
    procedure, code, *_ = CODES["procedures"][notice.procedure]
    coded_data(export, notice, code)
    attributes = {"CATEGORY": "ORIGINAL", "FORM": "3", "LG": language, "VERSION": "R2.0.8.S02.E01"}
    award = put(export, "FORM_SECTION/CONTRACT_AWARD", **attributes)
    form = put(award, "FD_CONTRACT_AWARD", CTYPE=notice.lots[0].nature.upper())
    _buyer(put(form, "CONTRACTING_AUTHORITY_INFORMATION_CONTRACT_AWARD"), notice.buyer)
    _object(put(form, "OBJECT_CONTRACT_INFORMATION_CONTRACT_AWARD_NOTICE"), notice)
    defined = put(form, "PROCEDURE_DEFINITION_CONTRACT_AWARD_NOTICE")
    put(defined, f"TYPE_OF_PROCEDURE_DEF/{procedure}")
    best = "price and quality" in notice.traits
    short = "MOST_ECONOMICALLY_ADVANTAGEOUS_TENDER_SHORT/CRITERIA_DEFINITION/CRITERIA"
    put(defined, f"{CRITERIA}/{short if best else 'LOWEST_PRICE'}", "Verzonnen" if best else "")
    for lot, tender in published.awards(notice):
        if tender:
            _award(put(form, "AWARD_OF_CONTRACT"), notice, lot, tender)
    date = put(form, "COMPLEMENTARY_INFORMATION_CONTRACT_AWARD/NOTICE_DISPATCH_DATE")
    _date(date, notice.dispatched)
    return export


def _buyer(part: Element, buyer: Organisation) -> None:
    profile = "NAME_ADDRESSES_CONTACT_CONTRACT_AWARD/CA_CE_CONCESSIONAIRE_PROFILE"
    _address(put(part, profile), buyer, buyer.number)
    kind = CODES["kinds"][buyer.kind][1]
    types = put(part, "TYPE_AND_ACTIVITIES_AND_PURCHASING_ON_BEHALF/TYPE_AND_ACTIVITIES")
    put(types, "TYPE_OF_CONTRACTING_AUTHORITY", VALUE=kind)


def _address(address: Element, who: Organisation, number: str | None) -> None:
    put(address, "ORGANISATION/OFFICIALNAME", who.name)
    put(address, "ORGANISATION/NATIONALID", number)
    put(address, "TOWN", who.place.town)
    put(address, "POSTAL_CODE", who.place.postcode)
    put(address, "COUNTRY", VALUE=who.place.country)
    put(address, "PHONE", NOBODY)
    put(address, "E_MAILS/E_MAIL", NOBODY)


def _object(part: Element, notice: Notice) -> None:
    described = put(part, "DESCRIPTION_AWARD_NOTICE_INFORMATION")
    put(
        described, "TITLE_CONTRACT/P", f"{CODES['titles'][notice.buyer.language]} {notice.contract}"
    )
    kind = notice.lots[0].nature.upper()
    put(described, "TYPE_CONTRACT_LOCATION_W_PUB/TYPE_CONTRACT", VALUE=kind)
    put(described, "LOCATION_NUTS/NUTS", CODE=notice.buyer.place.nuts)
    if "framework" in notice.traits:
        put(described, "NOTICE_INVOLVES_DESC", VALUE="CONCLUSION_FRAMEWORK_AGREEMENT")
    put(described, "CPV/CPV_MAIN/CPV_CODE", CODE=notice.lots[0].cpv)
    _money(part, "TOTAL_FINAL_VALUE", published.total(notice))


def _award(award: Element, notice: Notice, lot: Lot, tender: Tender) -> None:
    put(award, "CONTRACT_NUMBER", f"{notice.contract}/{lot.number}")
    put(award, "LOT_NUMBER", lot.number if len(notice.lots) > 1 else None)
    _date(put(award, "CONTRACT_AWARD_DATE"), notice.decided)
    put(award, "OFFERS_RECEIVED_NUMBER", published.bids(notice, lot).all)
    operator = put(award, "ECONOMIC_OPERATOR_NAME_ADDRESS/CONTACT_DATA_WITHOUT_RESPONSIBLE_NAME")
    (firm,) = published.winners(notice, tender)
    _address(operator, firm, told_number(firm))
    _money(award, "CONTRACT_VALUE_INFORMATION", published.amount(notice, lot, tender))


def _money(parent: Element, place: str, amount: published.Amount) -> None:
    if amount == published.Amount():
        return
    costs = put(parent, f"{place}/{COSTS}", CURRENCY="EUR")
    if amount.value is not None:
        _figure(costs, "VALUE_COST", amount.value)
    if amount.low is not None and amount.high is not None:
        ends = put(costs, "RANGE_VALUE_COST")
        _figure(ends, "LOW_VALUE", amount.low)
        _figure(ends, "HIGH_VALUE", amount.high)
    put(costs, "EXCLUDING_VAT")


def _figure(parent: Element, tag: str, cents: int) -> None:
    written = f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d}"
    put(parent, tag, written, FMTVAL=published.euros(cents))


def _date(parent: Element, day: dt.date) -> None:
    for tag, figure in (("DAY", day.day), ("MONTH", day.month), ("YEAR", day.year)):
        put(parent, tag, f"{figure:02d}")
