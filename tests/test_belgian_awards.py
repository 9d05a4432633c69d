"""Every Belgian TED award row that an independent throw-away reader extracted, against ours."""

import csv
from decimal import Decimal

import pytest
from real_notices import documents, parse

from analysis.sources import ted, ted_old

# Where the two differ, who is right. All were looked up in the XML.
TWO_ORIGINALS = "the notice has a French and a Dutch original: the list counted the copy"
NOBODY = "`Pas attribué` and `Geen` stand where the winner should: nobody won"
UTILITIES = "the old utilities form has its own element names; the list did not know them"
PASSPORT = "a passport number was published as identifier: we do not keep it"
DIFFERENCES = {
    ("24480-2011", "2", "award"): TWO_ORIGINALS,
    ("24480-2011", "1", "tenders"): UTILITIES,
    ("24480-2011", "1", "n_winners"): UTILITIES,
    ("24480-2011", "1", "winner_countries"): UTILITIES,
    **{("23836-2011", n, c): NOBODY for n in "14" for c in ("n_winners", "non_award")},
    **{("24040-2011", n, c): NOBODY for n in "1234" for c in ("n_winners", "non_award")},
    ("298072-2018", "1", "winner_ids_raw"): PASSPORT,
}


@pytest.fixture(scope="session")
def awards(shared):
    """Notice and award number -> the award and its winners, as our readers have them."""
    read = {}
    for name, document in documents().items():
        if name.startswith("belgian_awards/") and b"<TED_EXPORT" in document[:2000]:
            era = ted if b"_2014 " in document or b"<MOVE " in document else ted_old
            reading = era.read(parse(document), "test")
            for award, numbers in prizes_together(reading):
                won = {b.organisation_id for b in reading.bids if b.award_id in numbers}
                winners = [o for o in reading.organisations if o.organisation_id in won]
                read[award.notice_id, award.award_id] = award, winners
    return read


def prizes_together(reading):
    """Each award with its numbers; the list gives a contest as one award, we give every prize."""
    if not reading.notices[0].form.startswith("F13"):
        return [(award, {award.award_id}) for award in reading.awards]
    numbers = {award.award_id for award in reading.awards}
    return [(reading.awards[0]._replace(winners=len(numbers)), numbers)]


@pytest.fixture(scope="session")
def listed(shared):
    """Notice and award number -> the row of the independent list."""
    with (shared / "data" / "belgian_awards_expected.csv").open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "TED"]
    return {(row["notice"], row["award_no"]): row for row in rows}


def in_words_of_the_list(award, winners):
    day = award.decision_date or award.contract_date
    sizes = {"sme": "1", "large": "0", None: ""}
    return {
        "date": day.isoformat() if day else "",
        "non_award": award.reason or "",
        "value": award.value,
        "range": [award.value_low, award.value_high] if award.value_low else [],
        "tenders": "" if award.bids is None else str(award.bids),
        "tenders_sme": "" if award.bids_sme is None else str(award.bids_sme),
        "n_winners": str(award.winners),
        "winner_countries": "|".join(w.country or "" for w in winners),
        "winner_ids_raw": "|".join(w.identifier or "" for w in winners),
        "winner_sme": "|".join(sizes[w.size] for w in winners),
    }


def with_numbers(row):
    ends = row["range"].strip("[]").replace("'", "").split(",")
    range_ = [Decimal(end) for end in ends if end]
    return row | {"value": Decimal(row["value"]) if row["value"] else None, "range": range_}


def test_every_belgian_award_agrees_with_the_independent_list(listed, awards):
    differences = {}
    for key, row in listed.items():
        if key not in awards:
            differences[*key, "award"] = row
            continue
        theirs = with_numbers(row)
        for column, ours in in_words_of_the_list(*awards[key]).items():
            if ours != theirs[column]:
                differences[*key, column] = (ours, theirs[column])
    unexplained = {key: found for key, found in differences.items() if key not in DIFFERENCES}
    assert unexplained == {}
    assert differences.keys() == DIFFERENCES.keys()


def test_lots_and_currencies_agree_where_the_list_names_them(listed, awards):
    named = {key: row for key, row in listed.items() if key in awards}
    assert [k for k, row in named.items() if row["lot"] and awards[k][0].lot_id != row["lot"]] == []
    assert [
        k for k, row in named.items() if row["value"] and awards[k][0].currency != row["currency"]
    ] == []


def test_the_list_misses_no_award_of_ours(listed, awards):
    assert awards.keys() - listed.keys() == set()
