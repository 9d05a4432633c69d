"""Small invented eForms notices: only what a test is about, in the shape of the real ones."""

from lxml import etree

from analysis.sources import eforms

_UBL = "urn:oasis:names:specification:ubl:schema:xsd:"
_EFORMS = "http://data.europa.eu/p27/eforms-ubl-extension"
_NAMES = (
    f'xmlns:cbc="{_UBL}CommonBasicComponents-2" xmlns:cac="{_UBL}CommonAggregateComponents-2" '
    f'xmlns:ext="{_UBL}CommonExtensionComponents-2" xmlns:efext="{_EFORMS}s/1" '
    f'xmlns:efac="{_EFORMS}-aggregate-components/1" xmlns:efbc="{_EFORMS}-basic-components/1"'
)
PUBLISHED = (
    '<efac:Publication><efbc:NoticePublicationID schemeName="ojs-notice-id">00000123-2024'
    "</efbc:NoticePublicationID></efac:Publication>"
)


def extension(content: str) -> str:
    """The place of eForms' own elements inside a UBL element."""
    return (
        "<ext:UBLExtensions><ext:UBLExtension><ext:ExtensionContent><efext:EformsExtension>"
        f"{content}</efext:EformsExtension></ext:ExtensionContent></ext:UBLExtension>"
        "</ext:UBLExtensions>"
    )


def read(result: str = "", *, form: str = "29", about: str = PUBLISHED, body: str = ""):
    """Read a notice with this content of NoticeResult, of the extension, and of the UBL part."""
    return eforms.read(
        etree.fromstring(
            f'<ContractAwardNotice xmlns="{_UBL}ContractAwardNotice-2" {_NAMES}>'
            + extension(
                f"<efac:NoticeResult>{result}</efac:NoticeResult><efac:NoticeSubType>"
                f"<cbc:SubTypeCode>{form}</cbc:SubTypeCode></efac:NoticeSubType>{about}"
            )
            + '<cbc:ID schemeName="notice-id">0a1b</cbc:ID><cbc:VersionID>02</cbc:VersionID>'
            f"<cbc:NoticeLanguageCode>NLD</cbc:NoticeLanguageCode>{body}</ContractAwardNotice>"
        ),
        "test",
    )


def organisations(*companies: str) -> str:
    """Organisations ORG-1, ORG-2.. with this content beside their number."""
    listed = "".join(
        "<efac:Organization><efac:Company><cac:PartyIdentification><cbc:ID>"
        f"ORG-{number}</cbc:ID></cac:PartyIdentification>{company}</efac:Company>"
        "</efac:Organization>"
        for number, company in enumerate(companies, start=1)
    )
    return f"<efac:Organizations>{listed}</efac:Organizations>"


def lot_result(lot: str, *tenders: str, code: str = "selec-w", more: str = "") -> str:
    """The result of a lot that lists these tenders."""
    listed = "".join(f"<efac:LotTender><cbc:ID>{t}</cbc:ID></efac:LotTender>" for t in tenders)
    return (
        f"<efac:LotResult><cbc:TenderResultCode>{code}</cbc:TenderResultCode>{listed}{more}"
        f"<efac:TenderLot><cbc:ID>{lot}</cbc:ID></efac:TenderLot></efac:LotResult>"
    )


def tender(number: str, lot: str, party: str = "TPA-1", more: str = "") -> str:
    """A tender of a party for a lot."""
    return (
        f"<efac:LotTender><cbc:ID>{number}</cbc:ID>{more}<efac:TenderingParty><cbc:ID>{party}"
        "</cbc:ID></efac:TenderingParty><efac:TenderLot>"
        f"<cbc:ID>{lot}</cbc:ID></efac:TenderLot></efac:LotTender>"
    )


def worth(value: str, currency: str = "EUR") -> str:
    """The value of a tender."""
    return (
        f'<cac:LegalMonetaryTotal><cbc:PayableAmount currencyID="{currency}">{value}'
        "</cbc:PayableAmount></cac:LegalMonetaryTotal>"
    )


def contract(number: str, *tenders: str) -> str:
    """A contract that accepts these tenders."""
    listed = "".join(f"<efac:LotTender><cbc:ID>{t}</cbc:ID></efac:LotTender>" for t in tenders)
    return f"<efac:SettledContract><cbc:ID>{number}</cbc:ID>{listed}</efac:SettledContract>"


def party(number: str, *members: str) -> str:
    """A tendering party."""
    listed = "".join(f"<efac:Tenderer><cbc:ID>{m}</cbc:ID></efac:Tenderer>" for m in members)
    return f"<efac:TenderingParty><cbc:ID>{number}</cbc:ID>{listed}</efac:TenderingParty>"


def statistic(count: str, code: str = "", *, named: str = "received-submission-type") -> str:
    """A number of tenders received."""
    said = f'<efbc:StatisticsCode listName="{named}">{code}</efbc:StatisticsCode>' if code else ""
    return (
        f"<efac:ReceivedSubmissionsStatistics>{said}<efbc:StatisticsNumeric>{count}"
        "</efbc:StatisticsNumeric></efac:ReceivedSubmissionsStatistics>"
    )


def withheld(*fields: str) -> str:
    """Fields that are withheld from publication."""
    return "".join(
        f"<efac:FieldsPrivacy><efbc:FieldIdentifierCode>{field}</efbc:FieldIdentifierCode>"
        "</efac:FieldsPrivacy>"
        for field in fields
    )
