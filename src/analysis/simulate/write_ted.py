"""Invented notices in the forms of 2016 to 2023 (TED_EXPORT R2.0.9: F03, F06, F14, F15, F20).

The nesting follows the versions of the schema: in S01 and S02 (until June 2018) numbers and
contractors of F03, F15 and F20 stand directly in AWARDED_CONTRACT, from S03 on in TENDERS,
CONTRACTORS and VALUES; F06 always had the groups. In S01 NUTS codes share the form's namespace.
"""

import datetime as dt

from analysis.simulate import published
from analysis.simulate.contracts import Lot, Notice, Tender
from analysis.simulate.people import WORLD, Organisation
from analysis.simulate.xml import NOBODY, Element, Names, put, root

TED = "http://publications.europa.eu/resource/schema/ted/"
LAST = TED + "R2.0.9/publication"
FIRST = "http://formex.publications.europa.eu/ted/schema/export/R2.0.9.S01.E01"
VERSIONS: tuple[tuple[dt.date, str, Names], ...] = (  # published before, version, namespaces
    (dt.date(2017, 6, 15), "S01", {"": FIRST}),
    (dt.date(2018, 7, 4), "S02", {"": "ted/R2.0.9.S02/publication", "n2016": "ted/2016/nuts"}),
    (dt.date(2021, 3, 1), "S03", {"": LAST, "n2016": TED + "2016/nuts"}),
    (dt.date(2021, 11, 25), "S04", {"": LAST, "n2021": TED + "2021/nuts"}),
    (dt.date.max, "S05", {"": LAST, "n2021": TED + "2021/nuts"}),
)  # fmt: skip
CODES = WORLD["codes"]


def ted(notice: Notice) -> Element:
    """Return the TED_EXPORT document of `notice`."""
    version, names = next((v, names) for before, v, names in VERSIONS if notice.day < before)
    release = {"VERSION": f"R2.0.9.{version}.E01", "EDITION": edition(notice)}
    export = root("TED_EXPORT", names, DOC_ID=notice.id, **release)
    copies = languages(notice)
    put(export, "TECHNICAL_SECTION/FORM_LG_LIST", " ".join(language for language, _ in copies))
    coded_data(export, notice, CODES["procedures"][notice.procedure][3])
    forms = put(export, "FORM_SECTION")
    for language, category in copies:
        attributes = {"CATEGORY": category, "FORM": notice.form, "LG": language}
        _form(
            put(forms, f"{notice.form}_2014", **attributes),
            notice,
            version,
            CODES["titles"][language],
        )
    return export


def languages(notice: Notice) -> list[tuple[str, str]]:
    """Return language and category of each copy of the form; the first original is the buyer's."""
    own = notice.buyer.language
    if notice.buyer.kind == "eu":
        return [("FR", "TRANSLATION"), ("NL", "TRANSLATION"), (own, "ORIGINAL")]
    other = [("FR" if own == "NL" else "NL", "ORIGINAL")] * ("two languages" in notice.traits)
    return [(own, "ORIGINAL"), *other]


def oj_number(notice: Notice) -> str:
    """Return the number in the Official Journal as the forms write it, e.g. 2021/S 030-950123."""
    number, year = notice.id.split("-")
    return f"{year}/S {issue(notice):03d}-{number}"


def issue(notice: Notice) -> int:
    """Return the issue of the Official Journal: five a week."""
    return notice.day.timetuple().tm_yday * 5 // 7 + 1


def edition(notice: Notice) -> str:
    """Return year and issue of the Official Journal, e.g. 2021030."""
    return f"{notice.day.year}{issue(notice):03d}"


def coded_data(export: Element, notice: Notice, procedure: str) -> None:
    """Put CODED_DATA_SECTION, the same in the old and the newer forms."""
    coded = put(export, "CODED_DATA_SECTION")
    put(coded, "REF_OJS/COLL_OJ", "S")
    put(coded, "REF_OJS/NO_OJ", issue(notice))
    put(coded, "REF_OJS/DATE_PUB", f"{notice.day:%Y%m%d}")
    put(coded, "NOTICE_DATA/NO_DOC_OJS", oj_number(notice))
    put(coded, "NOTICE_DATA/LG_ORIG", notice.buyer.language)
    put(coded, "NOTICE_DATA/ISO_COUNTRY", VALUE=notice.buyer.place.country)
    put(coded, "NOTICE_DATA/ORIGINAL_CPV", CODE=notice.lots[0].cpv)
    if notice.about:
        put(coded, "NOTICE_DATA/REF_NOTICE/NO_DOC_OJS", oj_number(notice.about))
    put(coded, "CODIF_DATA/DS_DATE_DISPATCH", f"{notice.dispatched:%Y%m%d}")
    put(coded, "CODIF_DATA/AA_AUTHORITY_TYPE", CODE=CODES["kinds"][notice.buyer.kind][0])
    put(coded, "CODIF_DATA/TD_DOCUMENT_TYPE", CODE=CODES["document_types"][notice.form])
    put(coded, "CODIF_DATA/NC_CONTRACT_NATURE", CODE=CODES["natures"][notice.lots[0].nature])
    put(coded, "CODIF_DATA/PR_PROC", CODE=procedure)
    crit = "2" if "price and quality" in notice.traits else "1"
    put(coded, "CODIF_DATA/AC_AWARD_CRIT", CODE=crit)


def _form(form: Element, notice: Notice, version: str, title: str) -> None:
    if version > "S02":
        put(form, "LEGAL_BASIS", VALUE="32014L0025" if notice.form == "F06" else "32014L0024")
    body = put(form, "CONTRACTING_BODY")
    _address(put(body, "ADDRESS_CONTRACTING_BODY"), notice.buyer, _dots(notice.buyer))
    if notice.form == "F06":
        put(body, "CE_ACTIVITY", VALUE="WATER")
    else:
        put(body, "CA_TYPE", VALUE=CODES["kinds"][notice.buyer.kind][1])
    _object(put(form, "OBJECT_CONTRACT"), notice, version, title)
    if notice.form != "F14":
        _procedure(put(form, "PROCEDURE"), notice)
        for item, (lot, tender) in enumerate(published.awards(notice), 1):
            number = {} if notice.form == "F20" else {"ITEM": str(item)}
            _award(put(form, "AWARD_CONTRACT", **number), notice, version, lot, tender)
    put(form, "COMPLEMENTARY_INFO/DATE_DISPATCH_NOTICE", notice.dispatched)
    if notice.form == "F14" and notice.about:
        put(form, "COMPLEMENTARY_INFO/NOTICE_NUMBER_OJ", oj_number(notice.about))
        put(form, "CHANGES/INFO_ADD/P", "Verzonnen verbetering")
    if notice.form == "F20":
        _modification(put(form, "MODIFICATIONS_CONTRACT/DESCRIPTION_PROCUREMENT"), notice, version)


def _address(address: Element, who: Organisation, number: str | None) -> None:
    put(address, "OFFICIALNAME", who.name)
    put(address, "NATIONALID", number)
    put(address, "TOWN", who.place.town)
    put(address, "POSTAL_CODE", who.place.postcode)
    put(address, "COUNTRY", VALUE=who.place.country)
    put(address, "CONTACT_POINT", NOBODY if who.kind else None)
    put(address, "PHONE", NOBODY)
    put(address, "E_MAIL", NOBODY)
    _nuts(address, who.place.nuts)


def _nuts(parent: Element, code: str) -> None:
    prefix = next((name for name in parent.spaces if name), "")
    put(parent, f"{prefix}:NUTS" if prefix else "NUTS", CODE=code)


def _dots(who: Organisation) -> str | None:
    number = who.number
    return f"{number[:4]}.{number[4:7]}.{number[7:]}" if who.place.country == "BE" else None


def told_number(firm: Organisation) -> str | None:
    """Return the number of a winner in one of two spellings, if the notice has it."""
    dots = _dots(firm) if firm.number else None
    return f"BE {dots}" if dots and firm.serial % 2 else dots


def _object(part: Element, notice: Notice, version: str, title: str) -> None:
    one = len(notice.lots) == 1
    put(part, "TITLE/P", f"{title} {notice.contract}")
    put(part, "CPV_MAIN/CPV_CODE", CODE=notice.lots[0].cpv)
    put(part, "TYPE_CONTRACT", CTYPE=notice.lots[0].nature.upper())
    if notice.form == "F14":
        return
    _money(part, published.total(notice) if notice.form != "F20" else published.Amount())
    put(part, "NO_LOT_DIVISION" if one else "LOT_DIVISION")
    for lot in notice.lots:
        item = put(part, "OBJECT_DESCR", ITEM=str(lot.number))
        put(item, "TITLE/P", None if one else f"Verzonnen perceel {lot.number}")
        put(item, "LOT_NO", None if one else lot.number)
        put(item, "CPV_ADDITIONAL/CPV_CODE", CODE=lot.cpv)
        _nuts(item, notice.buyer.place.nuts)
        _criteria(item, notice, "" if version < "S03" else "AC/")
        put(item, "NO_EU_PROGR_RELATED")


def _criteria(item: Element, notice: Notice, group: str) -> None:
    if notice.form != "F03":
        return  # F06 may keep them back, F15 sorts them by directive, F20 has none
    if "price and quality" in notice.traits:
        put(item, f"{group}AC_QUALITY/AC_CRITERION", "Verzonnen")
    put(item, f"{group}AC_PRICE")


def _procedure(part: Element, notice: Notice) -> None:
    tag = CODES["procedures"][notice.procedure][2]
    if notice.form == "F06" and notice.procedure == "negotiated-with-call":
        tag = "PT_NEGOTIATED_WITH_PRIOR_CALL"
    if notice.form == "F15":
        tag = "DIRECTIVE_2014_24_EU/PT_NEGOTIATED_WITHOUT_PUBLICATION"
    if notice.form != "F20":
        put(part, tag)
        for trait in ("framework", "dps"):
            put(part, trait.upper(), "" if trait in notice.traits else None)
    if notice.about:
        put(part, "NOTICE_NUMBER_OJ", oj_number(notice.about))


def _award(award: Element, notice: Notice, version: str, lot: Lot, tender: Tender | None) -> None:
    put(award, "CONTRACT_NO", f"{notice.contract}/{lot.number}")
    put(award, "LOT_NO", lot.number if len(notice.lots) > 1 else None)
    if tender is None:
        word = "DISCONTINUED" if lot.reason == "discontinued" else "UNSUCCESSFUL"
        put(award, f"NO_AWARDED_CONTRACT/PROCUREMENT_{word}")
        return
    given = put(award, "AWARDED_CONTRACT")
    put(given, "DATE_CONCLUSION_CONTRACT", notice.decided)
    bids, amount = published.bids(notice, lot), published.amount(notice, lot, tender)
    if bids.all is not None:
        counts = _group(given, "TENDERS", notice, version)
        put(counts, "NB_TENDERS_RECEIVED", bids.all)
        put(counts, "NB_TENDERS_RECEIVED_SME", bids.sme)
    _firms(_group(given, "CONTRACTORS", notice, version), notice, tender)
    estimated = notice.form == "F03" and "estimate" in notice.traits
    if estimated or amount != published.Amount():
        values = _group(given, "VALUES", notice, version)
        estimate = published.euros(lot.estimate) if estimated else None
        put(values, "VAL_ESTIMATED_TOTAL", estimate, CURRENCY="EUR")
        _money(values, amount)


def _group(parent: Element, name: str, notice: Notice, version: str) -> Element:
    """Put the element that groups others in this form and version, or return `parent` as it is."""
    if version < "S03" and notice.form != "F06":
        return parent
    shown = {"PUBLICATION": "YES"} if notice.form in ("F06", "F20") else {}
    return put(parent, "VALUE" if name == "VALUES" and version < "S03" else name, **shown)


def _firms(parent: Element, notice: Notice, tender: Tender) -> None:
    firms = published.winners(notice, tender)
    put(parent, "AWARDED_TO_GROUP" if len(firms) > 1 else "NO_AWARDED_TO_GROUP")
    for firm in firms:
        contractor = put(parent, "CONTRACTOR")
        _address(put(contractor, "ADDRESS_CONTRACTOR"), firm, told_number(firm))
        put(contractor, "NO_SME" if firm.size == "large" else "SME")


def _money(parent: Element, amount: published.Amount) -> None:
    if amount.value is not None:
        put(parent, "VAL_TOTAL", published.euros(amount.value), CURRENCY="EUR")
    if amount.low is not None:
        ends = put(parent, "VAL_RANGE_TOTAL", CURRENCY="EUR")
        put(ends, "LOW", published.euros(amount.low))
        put(ends, "HIGH", published.euros(amount.high))


def _modification(part: Element, notice: Notice, version: str) -> None:
    tender = notice.lots[0].winning[0]
    put(part, "CPV_MAIN/CPV_CODE", CODE=notice.lots[0].cpv)
    _money(_group(part, "VALUES", notice, version), published.Amount(tender.cents))
    _firms(_group(part, "CONTRACTORS", notice, version), notice, tender)
