"""What an eForms notice says of its results: decisions on lots, tenders, and signed contracts."""

import datetime as dt
from typing import NamedTuple

from analysis.sources import eforms_codes as codes
from analysis.sources.eforms_organisations import Register, owners
from analysis.sources.eforms_parts import Amount, Parts, amount, answer, first, ids, text, withheld
from analysis.sources.reading import Reading, day, whole

_SUBMISSION_LIST = "received-submission-type"


class Result(NamedTuple):
    """What a notice decides on one lot; a lot may have several results, one a contract."""

    lot: str
    outcome: str | None = None
    reason: str | None = None
    tenders: tuple[str, ...] = ()
    contracts: tuple[str, ...] = ()
    bids: tuple[tuple[str, int | None], ...] = ()
    bids_withheld: bool = False
    low: Amount = Amount()
    high: Amount = Amount()
    ceiling: Amount = Amount()
    estimate: Amount = Amount()


class Tender(NamedTuple):
    """One tender for one lot, and the organisations that made it together."""

    number: str
    lot: str
    members: tuple[str, ...]
    amount: Amount
    rank: int | None
    is_withheld: bool


class Contract(NamedTuple):
    """A signed contract, and the tenders that it accepts."""

    reference: str | None = None
    decided: dt.date | None = None
    signed: dt.date | None = None
    is_framework: bool | None = None
    tenders: tuple[str, ...] = ()


def read_results(reading: Reading, found: Parts) -> list[Result]:
    """Results in the order of the notice; one that names no lot is counted and left out."""
    results = []
    for part in found.get("LotResult", ()):
        if lot := text(first(part, "TenderLot"), "ID"):
            results.append(_result(reading, part, lot))
        else:
            reading.signal("LotResult", "no lot")
    return results


def _result(reading: Reading, found: Parts, lot: str) -> Result:
    hidden = withheld(reading, found)
    bids, bids_withheld = _bids(reading, found)
    return Result(
        lot=lot,
        outcome=_outcome(reading, found, hidden),
        reason=_reason(reading, found),
        tenders=ids(found, "LotTender"),
        contracts=ids(found, "SettledContract"),
        bids=tuple(bids.items()),
        bids_withheld=bids_withheld,
        low=Amount() if "ten-val-low" in hidden else amount(found, "LowerTenderAmount"),
        high=Amount() if "ten-val-hig" in hidden else amount(found, "HigherTenderAmount"),
        **_framework(reading, first(found, "FrameworkAgreementValues")),
    )


def _outcome(reading: Reading, found: Parts, hidden: set[str | None]) -> str | None:
    if "win-cho" in hidden:
        return None
    code = text(found, "TenderResultCode")
    return reading.code("winner-selection-status", code, codes.RESULTS)


def _reason(reading: Reading, found: Parts) -> str | None:
    decision = first(found, "DecisionReason")
    if "no-awa-rea" in withheld(reading, decision):
        return None
    code = text(decision, "DecisionReasonCode")
    return reading.code("non-award-justification", code, codes.REASONS)


def _framework(reading: Reading, values: Parts) -> dict[str, Amount]:
    hidden = withheld(reading, values)
    return {
        "ceiling": Amount() if "max-val" in hidden else amount(values, "MaximumValueAmount"),
        "estimate": Amount() if "ree-val" in hidden else amount(values, "ReestimatedValueAmount"),
    }


def _bids(reading: Reading, found: Parts) -> tuple[dict[str, int | None], bool]:
    """Counts by column of AWARDS; a count without a code is that of all tenders (BOSA)."""
    counts: dict[str, int | None] = {}
    is_withheld = False
    for statistic in found.get("ReceivedSubmissionsStatistics", ()):
        hidden = withheld(reading, statistic)
        code = None if "rec-sub-typ" in hidden else _submission(reading, statistic)
        column = codes.SUBMISSIONS.get(code) if code else "bids"
        if hidden:
            is_withheld |= column == "bids"
        elif column and (code or column not in counts):
            counts[column] = whole(text(statistic, "StatisticsNumeric"))
    return counts, is_withheld


def _submission(reading: Reading, statistic: Parts) -> str | None:
    code = text(statistic, "StatisticsCode")
    if code is None:
        return None
    # Some senders name another list beside a code of this one: the parent element decides.
    named = statistic["StatisticsCode"][0].get("listName")
    if named != _SUBMISSION_LIST:
        reading.signal("StatisticsCode", named or "no list name")
    if code not in codes.SUBMISSIONS:
        reading.signal(_SUBMISSION_LIST, code)
    return code


def read_parties(reading: Reading, found: Parts, register: Register) -> dict[str, list[str]]:
    """Organisations by tendering party, in the order of the notice."""
    parties: dict[str, list[str]] = {}
    for party in found.get("TenderingParty", ()):
        if number := text(party, "ID"):
            tenderers = party.get("Tenderer", ())
            references = [element for tenderer in tenderers for element in tenderer.get("ID", ())]
            parties[number] = owners(reading, register, references)
    return parties


def read_tenders(
    reading: Reading,
    found: Parts,
    *,
    parties: dict[str, list[str]],
    results: list[Result],
) -> dict[str, Tender]:
    """Tenders by number; a tender is for the lot that it names itself (results cross-refer)."""
    listed = {number: result.lot for result in results for number in result.tenders}
    tenders: dict[str, Tender] = {}
    for part in found.get("LotTender", ()):
        number = text(part, "ID") or ""
        lot = text(first(part, "TenderLot"), "ID") or listed.get(number)
        if number and lot and number not in tenders:
            tenders[number] = _tender(reading, part, number=number, lot=lot, parties=parties)
        else:
            reading.signal("LotTender", "no number, no lot, or a number twice")
    return tenders


def _tender(
    reading: Reading, found: Parts, *, number: str, lot: str, parties: dict[str, list[str]]
) -> Tender:
    hidden = withheld(reading, found)
    teams = ids(found, "TenderingParty")
    return Tender(
        number=number,
        lot=lot,
        members=tuple(dict.fromkeys(m for team in teams for m in parties.get(team, ()))),
        amount=Amount() if "win-ten-val" in hidden else amount(found, "PayableAmount"),
        rank=None if "ten-ran" in hidden else whole(text(found, "RankCode")),
        is_withheld="win-ten-val" in hidden,
    )


def read_contracts(reading: Reading, found: Parts) -> dict[str, Contract]:
    """Contracts by technical number, in the order of the notice."""
    return {
        number: Contract(
            reference=text(first(part, "ContractReference"), "ID"),
            decided=day(text(part, "AwardDate")),
            signed=day(text(part, "IssueDate")),
            is_framework=_is_framework(reading, part),
            tenders=ids(part, "LotTender"),
        )
        for part in found.get("SettledContract", ())
        if (number := text(part, "ID"))
    }


def _is_framework(reading: Reading, contract: Parts) -> bool | None:
    said = text(contract, "ContractFrameworkIndicator")
    return answer(reading, "ContractFrameworkIndicator", said, codes.YES_NO)
