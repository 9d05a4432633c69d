"""What truly happened, beside what notices show: a row a lot, a row an enterprise number."""

from collections.abc import Iterable, Iterator

from analysis.simulate import published
from analysis.simulate.contracts import Lot, Notice, Tender
from analysis.simulate.firms import Find, Population
from analysis.simulate.people import Organisation

Row = dict[str, object]


def truth(notices: Iterable[Notice]) -> Iterator[Row]:
    """Yield what happened, one row a lot of a notice or of a contract without one.

    Lists in a cell are joined by ` + `. `counts` is `award` where the notice's contracts count,
    else why they do not: `unpublished` or `not yet` (no notice before the end of the world),
    `ex-ante`, `replaced`, `duplicate`, `modification`, `cancelled`, `cancellation`. A contract that
    several notices tell of has the same `contract` in each. `winners` are the firms that truly won,
    members of partnerships by themselves; `winner_born` is the day on which each truly began, under
    whatever number; `winner_since` the first day of its present number. Cells that end in `_shown`
    are what the notice shows of the truth; an empty one was not shown.
    """
    told = (notice for notice in notices if notice.counts != "correction")
    return (_row(notice, lot) for notice in told for lot in notice.lots)


def _row(notice: Notice, lot: Lot) -> Row:
    is_told = notice.is_published
    about_notice = {
        "contract": notice.contract,
        "notice": notice.id if is_told else "",
        "lot": lot.number,
        "counts": notice.counts,
        "era": notice.era if is_told else "",
        "form": notice.form if is_told else "",
        "published": notice.day if is_told else "",
        "date": notice.decided,
        "buyer": notice.buyer.name,
        "buyer_number": notice.buyer.number,
        "buyer_kind": notice.buyer.kind,
        "body": notice.buyer.body,
        "region": notice.buyer.region,
        "buyer_postcode": notice.buyer.place.postcode,
        "procedure": notice.procedure,
        "above_threshold": "yes" if notice.is_large else "no",
        "framework": "yes" if "framework" in notice.traits else "no",
    }
    return about_notice | _result(notice, lot) | _winners(notice, lot)


def _winners(notice: Notice, lot: Lot) -> Row:
    winners = [(firm, len(bid.members)) for bid in lot.winning for firm in bid.members]
    contracts = len(lot.won)
    vehicles = [bid.vehicle for bid in lot.winning if bid.told == "vehicle" and bid.vehicle]
    return {
        "winners": _joined(firm.name for firm, _ in winners),
        "winner_numbers": _joined(firm.number for firm, _ in winners),
        "winner_sizes": _joined(firm.size for firm, _ in winners),
        "winner_origins": _joined(_origin(firm) for firm, _ in winners),
        "winner_born": _joined(firm.born for firm, _ in winners),
        "winner_since": _joined(firm.since for firm, _ in winners),
        "weights": _joined(f"1/{contracts * members}" for _, members in winners),
        "told_as": _joined(
            bid.told if len(bid.members) > 1 or bid.vehicle else "firm" for bid in lot.winning
        ),
        "vehicles": _joined(vehicle.number for vehicle in vehicles),
        "bidders": " | ".join(_joined(firm.number for firm in bid.members) for bid in lot.tenders),
    }


def _result(notice: Notice, lot: Lot) -> Row:
    shown = [_shown(notice, lot, tender) for tender in lot.winning]
    values = [value for value in shown if value is not None]
    bids = published.bids(notice, lot) if notice.is_published else published.Bids()
    all_shown = lot.won and len(values) == len(shown)
    return {
        "cpv": lot.cpv,
        "outcome": lot.outcome,
        "reason": lot.reason,
        "bids": len(lot.tenders),
        "sme_bids": sum(tender.is_sme for tender in lot.tenders),
        "value": published.euros(lot.value),
        "slip": _joined(tender.slip for tender in lot.winning if tender.slip),
        "bids_shown": bids.all,
        "sme_bids_shown": bids.sme,
        "value_shown": published.euros(sum(values)) if all_shown else "",
    }


def _shown(notice: Notice, lot: Lot, tender: Tender) -> int | None:
    return published.amount(notice, lot, tender).value if notice.is_published else None


def _origin(who: Organisation) -> str:
    return {"BE1": "brussels", "BE2": "flanders", "BE3": "wallonia"}.get(
        who.place.nuts[:3], "abroad"
    )


def _joined(cells: Iterable[object]) -> str:
    return " + ".join(map(str, cells))


def firm_rows(firms: Population, find: Find, vehicles: Iterable[Organisation]) -> Iterator[Row]:
    """Yield every enterprise number of a firm, and of every partnership or project company.

    `born` is the day on which the firm truly began and `origin` the number it had then; `since` and
    `until` are the days of the number itself; `into` is the number of the firm that absorbed it.
    """
    for row in range(len(firms.since)):
        who = find(row)
        into = int(firms.into[row])
        yield _firm(who) | {
            "origin": find(int(firms.first[row])).number,
            "into": find(into).number if into >= 0 else "",
            "group": int(firms.group[row]) if firms.group[row] >= 0 else "",
        }
    for vehicle in vehicles:
        yield _firm(vehicle) | {"is_vehicle": "yes"}


def _firm(who: Organisation) -> Row:
    return {
        "number": who.number,
        "name": who.name,
        "born": who.born,
        "since": who.since,
        "until": who.until or "",
        "origin": who.number,
        "into": "",
        "group": "",
        "is_vehicle": "no",
        "is_person": "yes" if who.is_person else "no",
        "country": who.place.country,
        "postcode": who.place.postcode,
        "nace": who.nace[1],
    }
