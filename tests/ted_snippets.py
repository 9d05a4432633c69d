"""Small invented TED notices: only what a test is about, in the shape of the real ones."""

from lxml import etree

R209 = "http://publications.europa.eu/resource/schema/ted/R2.0.9/publication"
NUTS = "http://publications.europa.eu/resource/schema/ted/2021/nuts"


def ted(form: str, *, coded: str = "", namespace: str = R209, number: str = "000123-2021"):
    """Root of a TED notice with this content of FORM_SECTION."""
    return etree.fromstring(
        f'<TED_EXPORT xmlns="{namespace}" xmlns:n2021="{NUTS}" DOC_ID="{number}">'
        "<CODED_DATA_SECTION><REF_OJS><DATE_PUB>20210212</DATE_PUB></REF_OJS>"
        '<NOTICE_DATA><ISO_COUNTRY VALUE="BE"/></NOTICE_DATA>'
        f"<CODIF_DATA><DS_DATE_DISPATCH>20210208</DS_DATE_DISPATCH>{coded}</CODIF_DATA>"
        f"</CODED_DATA_SECTION><FORM_SECTION>{form}</FORM_SECTION></TED_EXPORT>"
    )


def original(content: str, *, name: str = "F03_2014", language: str = "NL") -> str:
    """The form in its original language."""
    return f'<{name} CATEGORY="ORIGINAL" LG="{language}">{content}</{name}>'


def translation(content: str, *, name: str = "F03_2014", language: str = "EN") -> str:
    """A copy of the form in another language."""
    return f'<{name} CATEGORY="TRANSLATION" LG="{language}">{content}</{name}>'


def award(content: str, *, lot: str = "") -> str:
    """An award block of R2.0.9 around the content of AWARDED_CONTRACT."""
    number = f"<LOT_NO>{lot}</LOT_NO>" if lot else ""
    awarded = f"<AWARDED_CONTRACT>{content}</AWARDED_CONTRACT>"
    return f"<AWARD_CONTRACT>{number}{awarded}</AWARD_CONTRACT>"


def contractor(name: str, *, size: str = "<SME/>", country: str = "BE") -> str:
    """A winner of R2.0.9."""
    address = f'<OFFICIALNAME>{name}</OFFICIALNAME><COUNTRY VALUE="{country}"/>'
    return f"<CONTRACTOR><ADDRESS_CONTRACTOR>{address}</ADDRESS_CONTRACTOR>{size}</CONTRACTOR>"


def lots(*numbers: str) -> str:
    """An OBJECT_CONTRACT with one description a lot number; an empty number is no number."""
    named = [f"<LOT_NO>{number}</LOT_NO>" if number else "" for number in numbers]
    described = "".join(f"<OBJECT_DESCR>{number}</OBJECT_DESCR>" for number in named)
    return f"<OBJECT_CONTRACT>{described}</OBJECT_CONTRACT>"


def old_award(content: str, *, form: str = "CONTRACT_AWARD") -> str:
    """An old form with one award; its buyer and object left out."""
    inside = f"<FD_{form}><AWARD_OF_CONTRACT>{content}</AWARD_OF_CONTRACT></FD_{form}>"
    return original(inside, name=form)


def old_winner(inside: str) -> str:
    """A winner of an old form."""
    data = (
        f"<CONTACT_DATA_WITHOUT_RESPONSIBLE_NAME>{inside}</CONTACT_DATA_WITHOUT_RESPONSIBLE_NAME>"
    )
    return f"<ECONOMIC_OPERATOR_NAME_ADDRESS>{data}</ECONOMIC_OPERATOR_NAME_ADDRESS>"


def old_price(inside: str) -> str:
    """The value of an old contract, in EUR."""
    price = "COSTS_RANGE_AND_CURRENCY_WITH_VAT_RATE"
    information = "CONTRACT_VALUE_INFORMATION"
    return f'<{information}><{price} CURRENCY="EUR">{inside}</{price}></{information}>'
