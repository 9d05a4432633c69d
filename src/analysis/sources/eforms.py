"""Reader of eForms notices: award subtypes 25 to 40, E4 to E6 and T02, SDK 1.3 to 1.15."""

import re

from analysis.contracts import NOTICES
from analysis.refusal import SourceError
from analysis.sources import eforms_codes as codes
from analysis.sources.eforms_awards import decisions, read_awards, read_bids
from analysis.sources.eforms_lots import cpv, nature, read_lots
from analysis.sources.eforms_organisations import (
    Register,
    organisation_rows,
    owners,
    read_register,
)
from analysis.sources.eforms_parts import (
    Amount,
    Parts,
    amount,
    any_of,
    first,
    local_name,
    parts,
    text,
    withheld,
)
from analysis.sources.eforms_results import (
    read_contracts,
    read_parties,
    read_results,
    read_tenders,
)
from analysis.sources.reading import Element, Reading, day, words

_NUMBER = re.compile(r"0*(\d+)-(\d{4})")
_UUID_VERSION = re.compile(r"([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-(\d\d)", re.IGNORECASE)


def read(root: Element, document: str) -> Reading:
    """Read one notice.

    Parameters
    ----------
    root : ContractAwardNotice, or another root of eForms
    document : sha256 of the XML document

    Returns
    -------
    Reading
        One row of NOTICES; the other tables only where the notice is about a result.

    Raises
    ------
    SourceError
        Where the document has no subtype or no number.
    """
    reading = Reading(era="eforms", document=document)
    found = parts(reading, root)
    form = _form(root, found)
    number = _publication_number(found)
    if not (notice_id := number or _own_number(found)):
        raise _without_number(root)
    reading.notice_id = notice_id
    kind = _kind(reading, form)
    result = {} if kind == "other" else first(found, "NoticeResult")
    register = read_register(reading, found)
    parties = read_parties(reading, result, register)
    buyers = _buyers(reading, found, register)
    organisations = organisation_rows(
        reading, register, buyers=buyers, parties=parties, language=_language(found)
    )
    notice = {"form": form, "kind": kind, "published": number is not None}
    notice |= _identity(reading, found) | _buyer_type(reading, found)
    notice |= _procedure(reading, found, form) | _changes(reading, found)
    notice["country"] = organisations[buyers[0]].country if buyers else None
    if kind != "other":
        reading.organisations.extend(organisations.values())
        notice |= _read_results(reading, found, result, parties)
    reading.notices.append(NOTICES.Row(**notice))
    return reading


def _language(found: Parts) -> str | None:
    return text(found, "NoticeLanguageCode")


def _form(root: Element, found: Parts) -> str:
    form = text(found, "SubTypeCode")
    if form is None:
        raise SourceError(
            local_name(root.tag),
            found="no notice subtype (OPP-070)",
            expected="an eForms notice with efac:NoticeSubType/cbc:SubTypeCode",
            do="look at the document; ask its publisher for the notice again if it is cut off",
        )
    return form


def _kind(reading: Reading, form: str) -> str:
    return reading.code("notice-subtype", form.removeprefix("BE-"), codes.KINDS) or "other"


def _publication_number(found: Parts) -> str | None:
    """`00191534-2024` -> `191534-2024`; None where the Official Journal gave no number."""
    numbers = [
        element.text
        for element in found.get("NoticePublicationID", ())
        if element.get("schemeName") == "ojs-notice-id"
    ]
    return _notice_number(words(numbers[0])) if numbers else None


def _own_number(found: Parts) -> str | None:
    """Number and version that the sender gave: `uuid/01`; None where one of the two is missing."""
    number, version = text(found, "ID"), text(found, "VersionID")
    return f"{number}/{version}" if number and version else None


def _without_number(root: Element) -> SourceError:
    return SourceError(
        local_name(root.tag),
        found="no publication number, and no notice number with its version",
        expected="a publication number, or a notice number (BT-701) with its version (BT-757)",
        do="look at the document; a draft without a number does not count",
    )


def _notice_number(published: str | None) -> str | None:
    """Number as NOTICES has it: `00191534-2024` -> `191534-2024`, `uuid-01` -> `uuid/01`."""
    if found := _NUMBER.fullmatch(published or ""):
        return f"{found[1]}-{found[2]}"
    if found := _UUID_VERSION.fullmatch(published or ""):
        return f"{found[1]}/{found[2]}"
    return published


def _identity(reading: Reading, found: Parts) -> dict[str, object]:
    project = first(found, "ProcurementProject")
    return {
        "notice_id": reading.notice_id,
        "document": reading.document,
        "own_id": _own_number(found),
        "era": reading.era,
        "schema_version": text(found, "CustomizationID"),
        "publication_date": day(text(found, "PublicationDate")),
        "dispatch_date": day(text(found, "IssueDate")),
        "language": reading.code("language", _language(found), codes.LANGUAGES),
        "legal_basis": text(found, "RegulatoryDomain"),
        "procedure_id": text(found, "ContractFolderID"),
        "nature": nature(reading, project),
        "cpv": cpv(project),
        "total_withheld": False,
    }


def _buyers(reading: Reading, found: Parts, register: Register) -> list[str]:
    """Numbers of the buyers; the platform that publishes is none of them."""
    parties = found.get("ContractingParty", ())
    named = [reference for party in parties for reference in party.get("ID", ())]
    return owners(reading, register, named)


def _buyer_type(reading: Reading, found: Parts) -> dict[str, object]:
    kinds = {
        element.get("listName"): words(element.text)
        for element in first(found, "ContractingParty").get("PartyTypeCode", ())
    }
    for name in kinds:
        if name not in codes.BUYER_LISTS:
            reading.signal("PartyTypeCode", name or "no list name")
    kind = reading.code("buyer-legal-type", kinds.get("buyer-legal-type"), codes.BUYERS)
    return {
        "buyer_type": kind,
        "eu_institution": None if kind is None else kind == "eu-institution",
    }


def _procedure(reading: Reading, found: Parts, form: str) -> dict[str, object]:
    process = first(found, "TenderingProcess")
    hidden = "pro-typ" in withheld(reading, process)
    published = None if hidden else text(process, "ProcedureCode")
    procedure = reading.code("procurement-procedure-type", published, codes.PROCEDURES)
    # TED said so of concessions, and kept the procedure of those given without a call.
    if form in codes.CONCESSIONS and procedure != "negotiated-without-call":
        procedure = "concession"
    earlier = first(process, "NoticeDocumentReference")
    return {
        "procedure": procedure,
        "procedure_published": published,
        "previous_notice": _notice_number(text(earlier, "ID")),
    }


def _changes(reading: Reading, found: Parts) -> dict[str, object]:
    """Say what is changed, and why; a change of a contract refers to the notice that awarded it."""
    modified = text(first(found, "ContractModification"), "ChangedNoticeIdentifier")
    if modified is not None:
        number = _notice_number(modified)
        return {"previous_notice": number, "changes_notice": number}
    reason = text(found, "ReasonCode")
    return {
        "changes_notice": _notice_number(text(found, "ChangedNoticeIdentifier")),
        "change_reason": reading.code("change-corrig-justification", reason, codes.CHANGES),
    }


def _read_results(
    reading: Reading, found: Parts, result: Parts, parties: dict[str, list[str]]
) -> dict[str, object]:
    """Append lots, awards and bids; return what they say of the whole notice."""
    results = read_results(reading, result)
    ceilings = {decision.lot: decision.ceiling for decision in reversed(results)}
    described = found.get("ProcurementProjectLot", [])
    lots = read_lots(reading, described, _language(found), ceilings)
    reading.lots.extend(lots.values())
    tenders = read_tenders(reading, result, parties=parties, results=results)
    contracts = read_contracts(reading, result)
    decided = decisions(reading, results, tenders=tenders, contracts=contracts)
    frameworks = {number: lot.is_framework for number, lot in lots.items()}
    read_awards(reading, decided, contracts=contracts, frameworks=frameworks)
    read_bids(reading, decided, tenders)
    return _total(reading, result) | {
        "is_framework": any_of(list(frameworks.values())),
        "is_dps": any_of([lot.is_dps for lot in lots.values()]),
    }


def _total(reading: Reading, result: Parts) -> dict[str, object]:
    """Total value; the total of frameworks is a ceiling, and no value."""
    hidden = withheld(reading, result)
    total = Amount() if "not-val" in hidden else amount(result, "TotalAmount")
    name = "OverallMaximumFrameworkContractsAmount"
    ceiling = Amount() if "not-max-val" in hidden else amount(result, name)
    if None not in (total.value, ceiling.value) and total.currency != ceiling.currency:
        reading.signal("NoticeResult", "two currencies in one notice")
        ceiling = Amount()
    return {
        "total_value": total.value,
        "total_high": ceiling.value,
        "total_currency": total.currency or ceiling.currency,
        "total_withheld": "not-val" in hidden,
    }
