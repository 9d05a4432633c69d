"""The lots of an eForms notice, and what a lot and a whole procedure describe in the same way."""

import re
from typing import Any

from analysis.contracts import LOTS
from analysis.sources import eforms_codes as codes
from analysis.sources.eforms_parts import (
    Amount,
    Parts,
    amount,
    answer,
    first,
    in_language,
    text,
    withheld,
)
from analysis.sources.reading import Reading, words

# What else a ProcurementProjectLot may be.
_NO_LOTS = ("LotsGroup", "Part")
_CPV = re.compile(r"\d{8}(?!\d)")


def nature(reading: Reading, project: Parts) -> str | None:
    """Nature of what is bought: works, supplies or services; `combined` is none of them."""
    return reading.code("contract-nature", text(project, "ProcurementTypeCode"), codes.NATURES)


def cpv(project: Parts) -> str | None:
    """Eight digits of the main CPV code."""
    found = _CPV.match(text(project, "ItemClassificationCode") or "")
    return found[0] if found else None


def read_lots(
    reading: Reading, lots: list[Parts], language: str | None, ceilings: dict[str, Amount]
) -> dict[str, Any]:
    """Rows of LOTS by lot number; groups of lots are no lots.

    Parameters
    ----------
    reading : the reading of the notice
    lots : parts of the ProcurementProjectLot elements
    language : language of the notice, three letters in capitals
    ceilings : maximum value of the framework by lot, as the results state it
    """
    rows: dict[str, Any] = {}
    for lot in lots:
        number = text(lot, "ID")
        if number in rows:
            reading.signal("ProcurementProjectLot", f"{number} twice")
        elif number and lot["ID"][0].get("schemeName") not in _NO_LOTS:
            rows[number] = _row(reading, lot, number, language, ceilings.get(number, Amount()))
    return rows


def _row(reading: Reading, lot: Parts, number: str, language: str | None, ceiling: Amount) -> tuple:
    project, terms = first(lot, "ProcurementProject"), first(lot, "TenderingTerms")
    return LOTS.Row(
        notice_id=reading.notice_id,
        document=reading.document,
        lot_id=number,
        title=in_language(project.get("Name", []), language),
        nature=nature(reading, project),
        cpv=cpv(project),
        place_nuts=text(project, "CountrySubentityCode"),
        criteria=_criteria(reading, terms),
        eu_funded=_eu_funded(reading, terms),
        **_techniques(reading, first(lot, "TenderingProcess")),
        **_purposes(reading, project),
        **_amounts(reading, project, ceiling),
    )


def _techniques(reading: Reading, process: Parts) -> dict[str, bool | None]:
    said: dict[str, bool | None] = {"is_framework": None, "is_dps": None}
    for system in process.get("ContractingSystemTypeCode", ()):
        name, code = system.get("listName") or "no list name", words(system.text)
        if name == "framework-agreement":
            said["is_framework"] = answer(reading, name, code, codes.FRAMEWORK)
        elif name == "dps-usage":
            said["is_dps"] = answer(reading, name, code, codes.DPS)
        else:
            reading.signal("ContractingSystemTypeCode", name)
    return said


def _purposes(reading: Reading, project: Parts) -> dict[str, str | None]:
    met: dict[str, set[str]] = {name: set() for name in codes.ADDITIONAL_LISTS}
    for part in project.get("ProcurementAdditionalType", ()):
        for purpose in part.get("ProcurementTypeCode", ()):
            name = purpose.get("listName") or "no list name"
            if name in met:
                code = reading.code(name, words(purpose.text), codes.ADDITIONAL_LISTS[name])
                met[name] |= {code} if code else set()
            elif name not in codes.OTHER_ADDITIONAL_LISTS:
                reading.signal("ProcurementAdditionalType", name)
    strategic, innovation = ("+".join(sorted(found)) or None for found in met.values())
    return {"strategic": strategic, "innovation": innovation}


def _criteria(reading: Reading, terms: Parts) -> str | None:
    published = [
        text(part, "AwardingCriterionTypeCode")
        for part in terms.get("SubordinateAwardingCriterion", ())
        if "awa-cri-typ" not in withheld(reading, part)
    ]
    kinds = {reading.code("award-criterion-type", code, codes.CRITERIA) for code in published}
    return "+".join(sorted(kind for kind in kinds if kind)) or None


def _eu_funded(reading: Reading, terms: Parts) -> bool | None:
    for element in terms.get("FundingProgramCode", ()):
        if element.get("listName") == "eu-funded":
            return answer(reading, "eu-funded", words(element.text), codes.EU_FUNDS)
    return None


def _amounts(reading: Reading, project: Parts, ceiling: Amount) -> dict[str, object]:
    """One row has one currency: a ceiling in another is counted and left out."""
    estimate = amount(project, "EstimatedOverallContractAmount")
    ceiling = ceiling if ceiling.value is not None else amount(project, "FrameworkMaximumAmount")
    if None not in (estimate.value, ceiling.value) and estimate.currency != ceiling.currency:
        reading.signal("RequestedTenderTotal", "two currencies in one lot")
        ceiling = Amount()
    return {
        "estimated_value": estimate.value,
        "framework_maximum": ceiling.value,
        "currency": estimate.currency or ceiling.currency,
    }
