"""Real eForms notices: the worked cases, the independent list, and every promise of the tables."""

import csv
import datetime as dt
from decimal import Decimal

import pytest
from real_notices import documents, pairs, parse, read_named

from analysis.contracts import NOTICE_TABLES, SIGNALS, keep
from analysis.refusal import SourceError
from analysis.sources import eforms

UBL = b"urn:oasis:names:specification:ubl:schema:xsd:"


def read(name):
    return eforms.read(parse(read_named(name)), "test")


def lots(reading, *columns):
    return [tuple(getattr(award, c) for c in ("lot_id", *columns)) for award in reading.awards]


def winners(reading):
    """Lot -> identifiers of the winners."""
    numbers = {o.organisation_id: o.identifier for o in reading.organisations}
    return {bid.lot_id: numbers[bid.organisation_id] for bid in reading.bids if bid.won}


@pytest.fixture(scope="session")
def readings(shared):
    """Every eForms notice that can be read: path -> reading."""
    found = {}
    for path, document in (documents() | pairs()).items():
        if UBL in document[:3000] and "INVALID" not in path:
            found[path] = eforms.read(parse(document), path)
    return found


def test_crossed_references_do_not_change_who_won(shared):
    reading = read("2024-OJS065-00191534")
    cleaner, other = "0832584553", "0879639451"
    assert winners(reading) == {
        "LOT-0001": cleaner,
        "LOT-0002": other,
        "LOT-0003": cleaner,
        "LOT-0004": cleaner,
        "LOT-0005": cleaner,
    }
    values = [Decimal(v) for v in ("8819.09", "13768.11", "11016.45", "11807.88", "9317.85")]
    assert [award.value for award in reading.awards] == values


def test_a_count_without_a_code_counts_all_tenders(shared):
    reading = read("2024-OJS065-00191534")
    assert [award.bids for award in reading.awards] == [6, 5, 4, 4, 5]
    assert {award.bids_sme for award in reading.awards} == {None}


def test_losing_tenders_are_bids_without_an_award(shared):
    reading = read("2024-OJS065-00191534")
    assert len(reading.bids) == 10
    lost = [(bid.tender_id, bid.award_id) for bid in reading.bids if not bid.won]
    assert lost == [(f"TEN-00{n}", None) for n in ("02", "06", "08", "09", "10")]


def test_the_contract_of_an_award_is_the_one_that_names_its_tender(shared):
    """CON-0001, called `lot 1 3 4 en 5`, also names the tender of lot 2; CON-0002 names none."""
    reading = read("2024-OJS065-00191534")
    assert {award.contract_id for award in reading.awards} == {"BFS - lot 1 3 4 en 5"}
    assert {award.contract_date for award in reading.awards} == {dt.date(2024, 3, 4)}


def test_the_publishing_platform_is_not_the_buyer(shared):
    reading = read("2024-OJS065-00191534")
    assert [o.name for o in reading.organisations if o.is_buyer] == ["SPF Intérieur"]
    assert "BE001" not in [o.identifier for o in reading.organisations]


def test_a_lot_can_be_closed_without_a_winner(shared):
    reading = read("2024-OJS198-00611835")
    assert lots(reading, "outcome", "reason")[4] == ("LOT-0005", "not-awarded", "one-admis")
    assert [award.outcome for award in reading.awards].count("awarded") == 5
    first, second = "0461145522", "0898973234"
    assert winners(reading) == {
        "LOT-0001": first,
        "LOT-0004": first,
        "LOT-0006": first,
        "LOT-0002": second,
        "LOT-0003": second,
    }
    assert all(award.is_framework for award in reading.awards)


def test_four_buyers_are_four_and_the_first_gives_the_type(shared):
    reading = read("2024-OJS198-00611835")
    assert sum(o.is_buyer for o in reading.organisations) == 4
    assert reading.notices[0].buyer_type == "national"
    winner = next(o for o in reading.organisations if o.identifier == "0461145522")
    assert (winner.town, winner.postcode, winner.nuts) == ("9420 - Erpe-Mere", None, None)


def test_all_rejected_is_not_an_award(shared):
    reading = read("2024-OJS197-00607986")
    assert lots(reading, "outcome", "reason", "bids", "winners") == [
        ("LOT-0001", "not-awarded", "all-rej", 3, 0)
    ]


def test_the_loser_of_the_imec_contract_is_kept_apart(shared):
    reading = read("565039-2023")
    assert winners(reading) == {"LOT-0001": "FI21832199"}
    assert [(b.organisation_id, b.won) for b in reading.bids] == [
        ("ORG-0003", True),
        ("ORG-0004", False),
    ]
    assert lots(reading, "value", "bids", "contract_date") == [
        ("LOT-0001", Decimal("321000"), 2, dt.date(2022, 6, 23))
    ]


def test_an_eu_institution_in_belgium_is_told_apart(shared):
    notice = read("2023-OJS165-00522031").notices[0]
    assert (notice.country, notice.eu_institution) == ("BE", True)
    assert read("565039-2023").notices[0].eu_institution is False


def test_a_number_of_the_journal_has_no_leading_zeros(shared):
    notice = read("2024-OJS065-00191534").notices[0]
    assert (notice.notice_id, notice.published) == ("191534-2024", True)
    assert notice.publication_date == dt.date(2024, 4, 2)


def test_the_only_listed_tender_won_where_the_contract_names_none(shared):
    reading = read("27457-2024")
    assert [(b.tender_id, b.won) for b in reading.bids] == [("TEN-0001", True)]
    assert lots(reading, "value", "contract_date") == [
        ("LOT-0001", Decimal("325000"), dt.date(2023, 11, 14))
    ]


def test_three_listed_tenders_and_no_contract_for_any_leave_the_winner_unknown(shared):
    reading = read("729960-2024")
    assert lots(reading, "outcome", "winners") == [("LOT-0000", "awarded", 0)]
    assert reading.bids == [], "who lost is not known either"
    assert ("winner-selection-status", "selec-w, but nobody named") in reading.met


def test_an_innovation_partnership_that_invites_gives_one_row(shared):
    reading = read("553508-2023")
    assert [n.kind for n in reading.notices] == ["other"]
    assert reading.notices[0].procedure == "innovation-partnership"
    assert [reading.lots, reading.awards, reading.bids, reading.organisations] == [[]] * 4


def test_withheld_fields_are_missing_whatever_value_stands_beside_them(shared):
    reading = read("can_25_withheld")
    notice, award = reading.notices[0], reading.awards[0]
    assert (notice.total_value, notice.total_withheld) == (None, True)
    assert (notice.procedure, notice.procedure_published) == (None, None)
    assert (award.bids, award.bids_sme, award.bids_withheld) == (None, None, True)
    assert reading.bids[0].rank is None
    assert reading.lots[0].criteria is None


def test_a_modification_names_the_notice_that_it_changes(shared):
    notice = read("E6_minimal").notices[0]
    assert (notice.kind, notice.changes_notice) == ("modification", "987654-2025")
    assert notice.previous_notice == "987654-2025"


def test_a_changed_award_notice_stays_an_award_and_says_why(shared):
    notice = read("28660-2025").notices[0]
    assert (notice.kind, notice.change_reason) == ("award", "update-add")
    assert notice.changes_notice == "b7f314d1-4c53-481e-8aae-cd8241a40cfb/01"


@pytest.mark.parametrize("stage", ["1", "2"])
def test_an_invalid_notice_without_a_number_is_refused(shared, stage):
    with pytest.raises(SourceError, match="no publication number"):
        read(f"INVALID_can_24_stage-{stage}")


def test_every_table_of_every_notice_keeps_its_promise(readings):
    assert len(readings) > 80
    for table in NOTICE_TABLES:
        rows = [row for reading in readings.values() for row in getattr(reading, table.name)]
        keep(table.arrow(rows), table)
    signals = [signal for reading in readings.values() for signal in reading.signals]
    keep(SIGNALS.arrow(signals), SIGNALS)


def test_every_bid_is_of_a_known_organisation_and_every_won_bid_of_an_award(readings):
    for reading in readings.values():
        organisations = {o.organisation_id for o in reading.organisations}
        assert {bid.organisation_id for bid in reading.bids} <= organisations
        assert {b.award_id for b in reading.bids if b.won} <= {a.award_id for a in reading.awards}


def test_few_names_are_unknown_and_all_are_true_surprises(readings):
    met = {found for reading in readings.values() for found in reading.met}
    assert met == {
        # an Italian example puts the criterion one level too high
        ("AwardingCriterion", "AwardingCriterionTypeCode"),
        ("AwardingCriterion", "Name"),
        # three German notices name another code list beside codes of the right one
        ("StatisticsCode", "review-decision-type"),
        # an SDK example closes a lot and signs a contract for it
        ("winner-selection-status", "no winner, but a contract"),
        # 729960-2024
        ("winner-selection-status", "selec-w, but nobody named"),
    }


def test_no_contact_data_enter_a_table(readings):
    cells = {
        str(cell)
        for reading in readings.values()
        for table in NOTICE_TABLES
        for row in getattr(reading, table.name)
        for cell in row
    }
    assert not [cell for cell in cells if "@" in cell]


def test_every_belgian_award_agrees_with_the_independent_list(shared, readings):
    with (shared / "data" / "belgian_awards_expected.csv").open(encoding="utf-8") as file:
        listed = [row for row in csv.DictReader(file) if row["kind"] == "EFORMS"]
    ours = {
        (award.notice_id, award.lot_id): (award, reading)
        for path, reading in readings.items()
        if path.startswith("belgian_awards/")
        for award in reading.awards
    }
    assert len(listed) == len(ours) == 14
    for row in listed:
        award, reading = ours[row["notice"], row["lot"]]
        date = award.contract_date.isoformat() if award.contract_date else ""
        assert (date, award.reason or "") == (row["date"], row["non_award"])
        assert award.value == (Decimal(row["value"]) if row["value"] else None)
        assert award.currency == row["currency"] or award.value is None
        assert str(award.bids or "") == row["tenders"]
        assert award.winners == int(row["n_winners"])
        assert winners(reading).get(award.lot_id, "") == row["winner_ids_raw"]
