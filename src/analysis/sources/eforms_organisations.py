"""The organisations of an eForms notice that buy or tender; nobody's contact data are read."""

from collections.abc import Iterable
from typing import Any, NamedTuple

from analysis.contracts import ORGANISATIONS
from analysis.sources import eforms_codes as codes
from analysis.sources.eforms_parts import Parts, answer, first, ids, in_language, text
from analysis.sources.reading import Element, Reading, words


class Register(NamedTuple):
    """Every organisation that a notice lists, and whose touch points its references name."""

    listed: dict[str, Parts]
    owners: dict[str, str]


def read_register(reading: Reading, notice: Parts) -> Register:
    """Sort the organisations of a notice by their technical number (ORG-0001)."""
    register = Register({}, {})
    for organisation in notice.get("Organization", ()):
        company = first(organisation, "Company")
        number = text(company, "ID")
        if number in register.listed:
            reading.signal("Organizations", f"{number} twice")
        elif number:
            register.listed[number] = organisation | company
            for name in (number, *ids(organisation, "TouchPoint")):
                register.owners.setdefault(name, number)
    return register


def owners(reading: Reading, register: Register, references: Iterable[Element]) -> list[str]:
    """Organisations that `references` name, none twice; a dead reference is counted."""
    named = [name for name in (words(element.text) for element in references) if name]
    for name in named:
        if name not in register.owners:
            reading.signal("PartyIdentification", "a number of no organisation")
    return list(dict.fromkeys(register.owners[name] for name in named if name in register.owners))


def organisation_rows(
    reading: Reading,
    register: Register,
    *,
    buyers: list[str],
    parties: dict[str, list[str]],
    language: str | None,
) -> dict[str, Any]:
    """Rows of ORGANISATIONS by technical number, buyers first; other roles are left out."""
    tenderers = {member: None for members in parties.values() for member in members}
    return {
        number: ORGANISATIONS.Row(
            notice_id=reading.notice_id,
            document=reading.document,
            organisation_id=number,
            is_buyer=number in buyers,
            is_tenderer=number in tenderers,
            **_about(reading, register.listed[number], language),
        )
        for number in dict.fromkeys([*buyers, *tenderers])
    }


def _about(reading: Reading, found: Parts, language: str | None) -> dict[str, object]:
    country = text(found, "IdentificationCode")
    size = text(found, "CompanySizeCode")
    person = text(found, "NaturalPersonIndicator")
    return {
        "name": in_language(found.get("Name", []), language),
        "identifier": text(found, "CompanyID"),
        "country": reading.code("country", country, codes.COUNTRIES),
        "postcode": text(found, "PostalZone"),
        "town": text(found, "CityName"),
        "nuts": text(found, "CountrySubentityCode"),
        "size": reading.code("economic-operator-size", size, codes.SIZES),
        "is_natural_person": answer(reading, "NaturalPersonIndicator", person, codes.YES_NO),
    }
