"""Reader of TED notices of schema R2.0.9 (F03, F06, F13, F15, F18, F20 to F23, F25, MOVE)."""

from analysis.contracts import AWARDS, NOTICES
from analysis.sources.reading import Element, Reading, day, money, whole
from analysis.sources.ted_lots import Lots, divide, read_lots
from analysis.sources.ted_parts import (
    LOCAL,
    Parts,
    is_withheld,
    load_card,
    parts,
    raw,
    text,
    value,
    yes_no,
)
from analysis.sources.ted_shared import (
    by_winner,
    heading,
    lot_number,
    notice_number,
    organisation,
    original_form,
    read_winners,
)

CARD = load_card("ted")

KINDS = {
    "F03_2014": "award",
    "F06_2014": "award",
    "F13_2014": "award",
    "F14_2014": "correction",
    "F15_2014": "voluntary-ex-ante",
    "F18_2014": "award",
    "F20_2014": "modification",
    "F25_2014": "award",
    "MOVE": "award",
}
_OTHERS = {f"F{number:02}_2014" for number in (1, 2, 4, 5, 7, 8, 12, 16, 17, 19, 24)}
# These three are award notices only if their NOTICE/@TYPE says so.
_SEVERAL_USES = ("F21_2014", "F22_2014", "F23_2014")
_ASKS_FRAMEWORK = ("F03_2014", "F06_2014", "F15_2014", "F18_2014", "F21_2014", "F22_2014")
_ASKS_DPS = ("F03_2014", "F06_2014")
_TOTALS = ("VAL_TOTAL", "VAL_RANGE_TOTAL")
_REASONS = ("PROCUREMENT_UNSUCCESSFUL", "PROCUREMENT_DISCONTINUED")
_BUYERS = ("ADDRESS_CONTRACTING_BODY", "ADDRESS_CONTRACTING_BODY_ADDITIONAL")


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
    reading = Reading(era="ted-r209", document=document)
    form = original_form(root)
    notice, _ = heading(reading, root, form, CARD)
    found = parts(reading, form, CARD)
    notice["kind"] = _kind(reading, LOCAL[form.tag], found)
    notice["legal_basis"] = (
        value(found, "LEGAL_BASIS") or value(found, "DIRECTIVE") or notice["legal_basis"]
    )
    if notice["kind"] == "correction":
        notice["changes_notice"] = notice.pop("previous_notice")
    elif notice["kind"] != "other":
        _read_awards(reading, found, notice)
    reading.notices.append(NOTICES.Row(**notice))
    return reading


def _kind(reading: Reading, form: str, found: Parts) -> str:
    if form in _SEVERAL_USES:
        use = value(found, "NOTICE", "TYPE") or ""
        return "award" if use.startswith("AWARD_CONTRACT") else "other"
    if form not in KINDS and form not in _OTHERS:
        reading.signal("FORM_SECTION", form)
    return KINDS.get(form, "other")


def _read_awards(reading: Reading, form: Parts, notice: dict) -> None:
    """Add what the form says of the notice; append buyers, lots, awards, bids and winners."""
    described = _section(reading, form, "OBJECT_CONTRACT")
    procedure = _section(reading, form, "PROCEDURE")
    notice["previous_notice"] = notice["previous_notice"] or notice_number(
        text(procedure, "NOTICE_NUMBER_OJ")
    )
    notice |= _total(reading, described)
    notice["is_framework"] = "FRAMEWORK" in procedure if notice["form"] in _ASKS_FRAMEWORK else None
    notice["is_dps"] = "DPS" in procedure if notice["form"] in _ASKS_DPS else None
    _read_buyers(reading, form, notice)
    blocks = [*form.get("AWARD_CONTRACT", ()), *form.get("RESULTS", ())]
    awards = [parts(reading, block, CARD) for block in blocks]
    objects = [parts(reading, item, CARD) for item in described.get("OBJECT_DESCR", ())]
    lots = divide(described, objects, awards)
    read_lots(reading, lots, notice, title=text(described, "TITLE"))
    for award in awards:
        _read_award(reading, award, lots, notice)


def _section(reading: Reading, form: Parts, name: str) -> Parts:
    return parts(reading, form[name][0], CARD) if name in form else {}


def _read_buyers(reading: Reading, form: Parts, notice: dict) -> None:
    body = _section(reading, form, "CONTRACTING_BODY")
    if value(body, "CA_TYPE") == "EU_INSTITUTION":
        notice |= {"buyer_type": "eu-institution", "eu_institution": True}
    addresses = [address for name in _BUYERS for address in body.get(name, ())]
    for n, address in enumerate(addresses, start=1):
        organisation(reading, parts(reading, address, CARD), organisation_id=f"B{n}")


def _total(reading: Reading, described: Parts) -> dict[str, object]:
    published = [described[name][0] for name in _TOTALS if name in described]
    if any(element.get("PUBLICATION") == "NO" for element in published):
        return {"total_withheld": True}
    amounts = _amounts(reading, described)
    return {f"total_{name.removeprefix('value_')}": amount for name, amount in amounts.items()}


def _amounts(reading: Reading, found: Parts) -> dict[str, object]:
    """`value`, or `value_low` and `value_high` where a range is published, and the currency."""
    if "VAL_TOTAL" in found:
        element = found["VAL_TOTAL"][0]
        return {"value": money(element.text), "currency": element.get("CURRENCY")}
    if "VAL_RANGE_TOTAL" not in found:
        return {}
    element = found["VAL_RANGE_TOTAL"][0]
    ends = parts(reading, element, CARD)
    return {
        "value_low": money(raw(ends, "LOW")),
        "value_high": money(raw(ends, "HIGH")),
        "currency": element.get("CURRENCY"),
    }


def _read_award(reading: Reading, award: Parts, lots: Lots, notice: dict) -> None:
    lot = lots.of_award(lot_number(award, "LOT_NO"), str(len(reading.awards) + 1))
    for prize in by_winner(award, ("WINNER",)):
        number = str(len(reading.awards) + 1)
        named = [*prize.get("WINNER", ()), *prize.get("CONTRACTOR", ())]
        firms = [parts(reading, winner, CARD) for winner in named]
        winners = read_winners(reading, firms, award_id=number, lot_id=lot)
        row = AWARDS.Row(
            notice_id=reading.notice_id,
            document=reading.document,
            award_id=number,
            lot_id=lot,
            contract_id=text(award, "CONTRACT_NO"),
            winners=winners,
            is_group=yes_no(award, "AWARDED_TO_GROUP", "NO_AWARDED_TO_GROUP"),
            is_framework=notice["is_framework"],
            **_outcome(award, winners),
            **_tenders(award),
            **_value(reading, award),
        )
        reading.awards.append(row)


def _outcome(award: Parts, winners: int) -> dict[str, object]:
    given = bool(winners) or "AWARDED_CONTRACT" in award or "AWARDED_PRIZE" in award
    refused = "NO_AWARDED_CONTRACT" in award or "NO_AWARDED_PRIZE" in award
    reasons = [reason for reason in _REASONS if reason in award]
    return {
        "outcome": "awarded" if given else "not-awarded" if refused else "unknown",
        "reason": reasons[0] if reasons else None,
        "decision_date": day(raw(award, "DATE_DECISION_JURY")),
        "contract_date": day(raw(award, "DATE_CONCLUSION_CONTRACT")),
    }


def _tenders(award: Parts) -> dict[str, object]:
    return {
        "bids": whole(raw(award, "NB_TENDERS_RECEIVED", "NB_PARTICIPANTS")),
        "bids_sme": whole(raw(award, "NB_TENDERS_RECEIVED_SME", "NB_PARTICIPANTS_SME")),
        "bids_other_eu": whole(
            raw(award, "NB_TENDERS_RECEIVED_OTHER_EU", "NB_PARTICIPANTS_OTHER_EU")
        ),
        "bids_non_eu": whole(raw(award, "NB_TENDERS_RECEIVED_NON_EU")),
        "bids_electronic": whole(raw(award, "NB_TENDERS_RECEIVED_EMEANS")),
        "bids_withheld": is_withheld(award, "TENDERS", "PARTICIPANTS"),
    }


def _value(reading: Reading, award: Parts) -> dict[str, object]:
    """The value, and the estimate where it is in the same currency."""
    found = {"value_withheld": is_withheld(award, "VALUES", "VALUE")} | _amounts(reading, award)
    if "VAL_ESTIMATED_TOTAL" in award:
        estimate = award["VAL_ESTIMATED_TOTAL"][0]
        if found.setdefault("currency", estimate.get("CURRENCY")) == estimate.get("CURRENCY"):
            found["estimated_value"] = money(estimate.text)
    return found
