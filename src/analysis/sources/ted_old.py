"""Reader of TED notices of schemas R2.0.7 and R2.0.8 (until about mid 2016; defence until 2023)."""

import datetime as dt
import re

from analysis.contracts import AWARDS, LOTS, NOTICES
from analysis.sources import ted_codes
from analysis.sources.reading import Element, Reading, whole
from analysis.sources.ted_old_money import contract_value, total
from analysis.sources.ted_parts import LOCAL, Parts, load_card, parts, raw, text, value, yes_no
from analysis.sources.ted_shared import (
    by_winner,
    heading,
    lot_number,
    organisation,
    original_form,
    read_winners,
)

CARD = load_card("ted_old")

KINDS = {
    "CONTRACT_AWARD": "award",
    "CONTRACT_AWARD_UTILITIES": "award",
    "CONTRACT_AWARD_DEFENCE": "award",
    "RESULT_DESIGN_CONTEST": "award",
    "VOLUNTARY_EX_ANTE_TRANSPARENCY_NOTICE": "voluntary-ex-ante",
    "ADDITIONAL_INFORMATION_CORRIGENDUM": "correction",
}
_OTHERS = {
    "BUYER_PROFILE",
    "CONCESSION",
    "CONTRACT",
    "CONTRACT_CONCESSIONAIRE",
    "CONTRACT_CONCESSIONAIRE_DEFENCE",
    "CONTRACT_DEFENCE",
    "CONTRACT_UTILITIES",
    "DESIGN_CONTEST",
    "PERIODIC_INDICATIVE_UTILITIES",
    "PRIOR_INFORMATION",
    "PRIOR_INFORMATION_DEFENCE",
    "QUALIFICATION_SYSTEM_UTILITIES",
    "SIMPLIFIED_CONTRACT",
}
_AWARDS = (
    "AWARD_OF_CONTRACT",
    "AWARD_OF_CONTRACT_DEFENCE",
    "AWARD_AND_CONTRACT_VALUE",
    "RESULT_CONTEST",
)
_BUYERS = ("CA_CE_CONCESSIONAIRE_PROFILE", "CONTACT_DATA_OTHER_BEHALF_CONTRACTING_AUTORITHY")
_WINNERS = (
    "ECONOMIC_OPERATOR_NAME_ADDRESS",
    "CONTACT_DATA_WITHOUT_RESPONSIBLE_NAME_CHP",
    "NAME_ADDRESS_WINNER",
)
_NOBODY = re.compile(
    r"(lots? )?(déclarée?s? |declarée?s? )?(infructueux|sans suite)|(pas|non) attribuée?s?|néant"
    r"|geen|niet (gegund|toegewezen)|ninguna|ninguno|desierto|not awarded|nicht vergeben|keine",
    re.IGNORECASE,
)
_INVOLVES = ("NOTICE_INVOLVES_DESC", "NOTICE_INVOLVES_DESC_DEFENCE", "F06_NOTICE_INVOLVES")
_FRAMEWORK, _DPS = "CONCLUSION_FRAMEWORK_AGREEMENT", "CONTRACTS_DPS"


def read(root: Element, document: str) -> Reading:
    """Read one notice.

    Parameters
    ----------
    root : TED_EXPORT element
    document : sha256 of the XML document

    Returns
    -------
    Reading
        One row of NOTICES; the other tables only where the notice is about awards.

    Raises
    ------
    SourceError
        Where the document has no original form or no number.
    """
    reading = Reading(era="ted-old", document=document)
    form = original_form(root)
    notice, coded = heading(reading, root, form, CARD)
    notice["kind"] = _kind(reading, LOCAL[form.tag], value(coded, "TD_DOCUMENT_TYPE", "CODE"))
    if notice["kind"] == "correction":
        notice["changes_notice"] = notice.pop("previous_notice")
    elif LOCAL[form.tag] in KINDS:
        _read_awards(reading, parts(reading, form, CARD), notice)
    reading.notices.append(NOTICES.Row(**notice))
    return reading


def _kind(reading: Reading, form: str, document_type: str | None) -> str:
    """OTH_NOT is free text: an award notice among them is known as one, its awards are not."""
    if form == "OTH_NOT":
        kind = reading.code("TD_DOCUMENT_TYPE", document_type, ted_codes.FREE_TEXT_KINDS)
        if kind == "award":
            reading.signal("OTH_NOT", "awards in free text")
        return kind or "other"
    if form not in KINDS and form not in _OTHERS:
        reading.signal("FORM_SECTION", form)
    return KINDS.get(form, "other")


def _read_awards(reading: Reading, form: Parts, notice: dict) -> None:
    """Add what the form says of the notice; append buyers, lots, awards, bids and winners."""
    involves = _involves(reading, form)
    asked = notice["form"] != "RESULT_DESIGN_CONTEST"
    notice["is_framework"] = involves == _FRAMEWORK if asked else None
    notice["is_dps"] = involves == _DPS if asked else None
    notice |= total(reading, form, CARD)
    if value(form, "TYPE_OF_CONTRACTING_AUTHORITY") == "EU_INSTITUTION":
        notice |= {"buyer_type": "eu-institution", "eu_institution": True}
    buyers = [buyer for name in _BUYERS for buyer in form.get(name, ())]
    for n, buyer in enumerate(buyers, start=1):
        organisation(reading, parts(reading, buyer, CARD), organisation_id=f"B{n}")
    awards = [parts(reading, block, CARD) for name in _AWARDS for block in form.get(name, ())]
    titles: dict[str, str | None] = {}
    only = len(awards) == 1
    if notice["form"] == "RESULT_DESIGN_CONTEST":
        awards = [prize for award in awards for prize in by_winner(award, _WINNERS)]
    for award in awards:
        lot = _read_award(reading, award, notice, only=only)
        titles.setdefault(lot, text(award, "CONTRACT_TITLE", "TITLE_CONTRACT", "CONTEST_TITLE"))
    _read_lots(reading, form, titles, notice)


def _involves(reading: Reading, form: Parts) -> str | None:
    """What the notice involves; a box that is not ticked says: nothing of the kind."""
    ticked = next((value(form, name) for name in _INVOLVES if name in form), None)
    return reading.code("NOTICE_INVOLVES", ticked, {_FRAMEWORK: _FRAMEWORK, _DPS: _DPS})


def _read_award(reading: Reading, award: Parts, notice: dict, *, only: bool) -> str:
    """Append one award with its winners; return its lot."""
    number = str(len(reading.awards) + 1)
    # Old forms describe no lots: several awards without a lot number may be lots or not.
    lot = lot_number(award, "LOT_NUMBER") or ("1" if only else f"award {number}")
    row = AWARDS.Row(
        notice_id=reading.notice_id,
        document=reading.document,
        award_id=number,
        lot_id=lot,
        contract_id=text(award, "CONTRACT_NUMBER", "CONTRACT_NO", "CONTEST_NUMBER"),
        **_outcome(reading, award, award_id=number, lot_id=lot),
        decision_date=_day(reading, award),
        bids=whole(
            raw(award, "OFFERS_RECEIVED_NUMBER", "NUMBER_OF_OFFERS_RECEIVED", "PARTICIPANTS_NUMBER")
        ),
        bids_electronic=whole(raw(award, "OFFERS_RECEIVED_NUMBER_MEANING")),
        bids_withheld=False,
        value_withheld=False,
        is_framework=notice["is_framework"],
        **contract_value(reading, award, CARD),
    )
    reading.awards.append(row)
    return lot


def _outcome(reading: Reading, award: Parts, *, award_id: str, lot_id: str) -> dict[str, object]:
    """Append the winners. An award without one is unknown: old forms cannot say that it is none.

    Some buyers say it in the winner's place (`Pas attribué`, `Geen`, `Lot infructueux`).
    """
    named = [parts(reading, winner, CARD) for name in _WINNERS for winner in award.get(name, ())]
    nobody = next(filter(None, map(_nobody, named)), None)
    chosen = [winner for winner in named if not _nobody(winner)] if nobody else named
    winners = read_winners(reading, chosen, award_id=award_id, lot_id=lot_id)
    if winners:
        return {"winners": winners, "outcome": "awarded"}
    return {"winners": 0, "outcome": "not-awarded" if nobody else "unknown", "reason": nobody}


def _nobody(winner: Parts) -> str | None:
    """The words in the winner's place that say that there is none."""
    name = text(winner, "OFFICIALNAME", "ORGANISATION")
    return name if name and "TOWN" not in winner and _NOBODY.fullmatch(name) else None


def _day(reading: Reading, award: Parts) -> dt.date | None:
    for name in ("CONTRACT_AWARD_DATE", "DATE_OF_CONTRACT_AWARD"):
        if name in award:
            written = parts(reading, award[name][0], CARD)
            year, month, of_month = (whole(raw(written, n)) for n in ("YEAR", "MONTH", "DAY"))
            try:
                return dt.date(year or 0, month or 0, of_month or 0)
            except ValueError:
                return None
    return None


def _read_lots(reading: Reading, form: Parts, titles: dict[str, str | None], notice: dict) -> None:
    """Append one row of LOTS for every lot that the awards name; the notice describes them all."""
    whole_title = text(form, "TITLE_CONTRACT", "TITLE_RESULT_DESIGN_CONTEST")
    for lot_id, title in titles.items():
        row = LOTS.Row(
            notice_id=reading.notice_id,
            document=reading.document,
            lot_id=lot_id,
            title=title or whole_title,
            nature=notice["nature"],
            cpv=notice["cpv"],
            place_nuts=value(form, "NUTS", "CODE"),
            is_framework=notice["is_framework"],
            is_dps=notice["is_dps"],
            criteria=_criteria(form),
            eu_funded=yes_no(form, "RELATES_TO_EU_PROJECT_YES", "RELATES_TO_EU_PROJECT_NO"),
        )
        reading.lots.append(row)


def _criteria(form: Parts) -> str | None:
    """The most economically advantageous tender weighs price against quality (2004/18, art. 53)."""
    utilities = value(form, "PRICE_AWARD_CRITERIA", "PRICE")
    if "LOWEST_PRICE" in form or utilities == "LOWEST_PRICE":
        return "price"
    if "MOST_ECONOMICALLY_ADVANTAGEOUS_TENDER_SHORT" in form or utilities:
        return "price+quality"
    return None
