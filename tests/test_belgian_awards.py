"""Every Belgian TED award row that an independent throw-away reader extracted, against ours."""

import csv
import hashlib
from decimal import Decimal

import pytest
from real_notices import documents, parse

from analysis.sources import ted, ted_old

# notice, award, column of the list -> who is right, from the XML.
DIFFERENCES = {
    ("23836-2011", "1", "n_winners"): "the winner's element is there, but empty: nobody is named",
}


@pytest.fixture(scope="session")
def awards(shared):
    """Notice and award number -> the award, its winners, as our readers have them."""
    read = {}
    for name, document in documents().items():
        if not name.startswith("belgian_awards/") or b"<TED_EXPORT" not in document[:2000]:
            continue
        root = parse(document)
        era = ted if b"_2014" in document or b"<MOVE" in document else ted_old
        reading = era.read(root, hashlib.sha256(document).hexdigest())
        for award in reading.awards:
            of_award = [b.organisation_id for b in reading.bids if b.award_id == award.award_id]
            winners = [o for o in reading.organisations if o.organisation_id in of_award]
            read[award.notice_id, award.award_id] = award, winners
    return read


def expected(shared):
    with (shared / "data" / "belgian_awards_expected.csv").open(encoding="utf-8") as file:
        return [row for row in csv.DictReader(file) if row["kind"] == "TED"]


def found(award, winners):
    day = award.decision_date or award.contract_date
    ends = (award.value_low, award.value_high)
    sizes = {"sme": "1", "large": "0", None: ""}
    return {
        "lot": award.lot_id,
        "date": day.isoformat() if day else "",
        "non_award": award.reason or "",
        "value": award.value,
        "range": None if ends == (None, None) else ends,
        "currency": award.currency or "",
        "tenders": "" if award.bids is None else str(award.bids),
        "tenders_sme": "" if award.bids_sme is None else str(award.bids_sme),
        "n_winners": str(award.winners),
        "winner_countries": "|".join(w.country or "" for w in winners),
        "winner_ids_raw": "|".join(w.identifier or "" for w in winners),
        "winner_sme": "|".join(sizes[w.size] for w in winners),
    }


def listed(row):
    ends = [Decimal(end) for end in row["range"].strip("[]").replace("'", "").split(",") if end]
    return row | {
        "value": Decimal(row["value"]) if row["value"] else None,
        "range": tuple(ends) or None,
    }


def test_every_belgian_award_agrees_with_the_independent_list(shared, awards):
    differences = {}
    for row in map(listed, expected(shared)):
        ours = found(*awards.get((row["notice"], row["award_no"]), awards["23639-2011", "1"]))
        for column, value in ours.items():
            if column in row and value != row[column]:
                differences[row["notice"], row["award_no"], column] = (value, row[column])
    for d in differences.items(): print(d)
    assert differences.keys() == DIFFERENCES.keys()
