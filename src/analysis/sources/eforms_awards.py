"""Who won: the winner rule of eForms, and the rows of AWARDS and BIDS that follow from it."""

from analysis.contracts import AWARDS, BIDS
from analysis.sources.eforms_parts import Amount
from analysis.sources.eforms_results import Contract, Result, Tender
from analysis.sources.reading import Reading

_NO_WINNER = ("not-awarded", "open")

Decision = tuple[Result, Tender | None]


def decisions(
    reading: Reading,
    results: list[Result],
    *,
    tenders: dict[str, Tender],
    contracts: dict[str, Contract],
) -> list[Decision]:
    """List (result, tender) for each contract given, (result, None) where nobody is named.

    A tender won if any contract names it, and it won the lot that it names itself: the references
    from results to tenders may be crossed. Where a lot was awarded and no contract names its
    tender, the only tender that its result lists won it.
    """
    named = [name for contract in contracts.values() for name in contract.tenders]
    signed = dict.fromkeys(name for name in named if name in tenders)
    winners: list[list[Tender]] = [[] for _ in results]
    beyond: list[Decision] = []
    places = _places(results)
    lots = {result.lot for result in results}
    for tender in map(tenders.__getitem__, signed):
        place = places.get((tender.lot, tender.number), places.get((tender.lot, None)))
        if place is not None:
            winners[place].append(tender)
        elif tender.lot in lots:
            reading.signal("winner-selection-status", "no winner, but a contract")
        else:
            beyond.append((Result(tender.lot), tender))
    given = [
        (result, tender)
        for result, won in zip(results, winners, strict=True)
        for tender in won or (_only_tender(result, tenders, signed),)
    ]
    return given + beyond


def _places(results: list[Result]) -> dict[tuple[str, str | None], int]:
    """Where a winning tender belongs: to the result of its lot that lists it, else to the first."""
    places: dict[tuple[str, str | None], int] = {}
    for place, result in enumerate(results):
        if result.outcome not in _NO_WINNER:
            for name in (None, *result.tenders):
                places.setdefault((result.lot, name), place)
    return places


def _only_tender(
    result: Result, tenders: dict[str, Tender], signed: dict[str, None]
) -> Tender | None:
    if result.outcome != "awarded" or len(result.tenders) != 1 or result.tenders[0] in signed:
        return None
    return tenders.get(result.tenders[0])


def read_awards(
    reading: Reading,
    decided: list[Decision],
    *,
    contracts: dict[str, Contract],
    frameworks: dict[str, bool | None],
) -> None:
    """Append the rows of AWARDS, numbered in the order of `decided`."""
    accepted = {name: number for number, c in reversed(contracts.items()) for name in c.tenders}
    for number, (result, tender) in enumerate(decided, start=1):
        contract = contracts.get(_contract_number(result, tender, accepted), Contract())
        if result.outcome == "awarded" and tender is None:
            reading.signal("winner-selection-status", "selec-w, but nobody named")
        row = AWARDS.Row(
            notice_id=reading.notice_id,
            document=reading.document,
            award_id=str(number),
            lot_id=result.lot,
            outcome="awarded" if tender else result.outcome or "unknown",
            reason=result.reason,
            **_about(contract, frameworks.get(result.lot)),
            bids_withheld=result.bids_withheld,
            **dict(result.bids),
            **_winner(tender),
            **_value(reading, result, tender),
        )
        reading.awards.append(row)


def _contract_number(result: Result, tender: Tender | None, accepted: dict[str, str]) -> str:
    """Take the first contract that accepts the tender, else the only one that the result names."""
    if tender and tender.number in accepted:
        return accepted[tender.number]
    is_only = result.outcome not in _NO_WINNER and len(result.contracts) == 1
    return result.contracts[0] if is_only else ""


def _about(contract: Contract, lot_is_framework: bool | None) -> dict[str, object]:
    return {
        "contract_id": contract.reference,
        "decision_date": contract.decided,
        "contract_date": contract.signed,
        "is_framework": _either(contract.is_framework, lot_is_framework),
    }


def _either(*answers: bool | None) -> bool | None:
    return True if True in answers else False if False in answers else None


def _winner(tender: Tender | None) -> dict[str, object]:
    members = len(tender.members) if tender else 0
    return {"winners": members, "is_group": members > 1 if members else None}


def _value(reading: Reading, result: Result, tender: Tender | None) -> dict[str, object]:
    """One row has one currency, the tender's; other amounts in another are counted, left out."""
    amounts = (tender.amount if tender else Amount(), result.low, result.high, result.estimate)
    currencies = [amount.currency for amount in amounts if amount.value is not None]
    currency = currencies[0] if currencies else None
    if currencies.count(currency) < len(currencies):
        reading.signal("LotResult", "two currencies in one lot")
    value, low, high, estimate = (a.value if a.currency == currency else None for a in amounts)
    return {
        "value": value,
        "value_low": low,
        "value_high": high,
        "estimated_value": estimate,
        "currency": currency,
        "value_withheld": bool(tender and tender.is_withheld),
    }


def read_bids(reading: Reading, decided: list[Decision], tenders: dict[str, Tender]) -> None:
    """Append the rows of BIDS: winning tenders, and those that lost against a known decision."""
    won = {tender.number: str(n) for n, (_, tender) in enumerate(decided, start=1) if tender}
    undecided = {
        result.lot for result, tender in decided if not tender and result.outcome not in _NO_WINNER
    }
    lots = {result.lot for result, _ in decided} - undecided
    for tender in tenders.values():
        award = won.get(tender.number)
        if award or tender.lot in lots:
            reading.bids.extend(_members(reading, tender, award))


def _members(reading: Reading, tender: Tender, award: str | None) -> list[tuple]:
    return [
        BIDS.Row(
            notice_id=reading.notice_id,
            document=reading.document,
            lot_id=tender.lot,
            tender_id=tender.number,
            organisation_id=member,
            award_id=award,
            won=award is not None,
            rank=tender.rank,
            members=len(tender.members),
            value=tender.amount.value,
            currency=tender.amount.currency,
        )
        for member in tender.members
    ]
