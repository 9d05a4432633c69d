"""Notices published in the form of TED, and their official conversion to eForms, read alike."""

import datetime as dt

import pytest
from real_notices import pairs, parse

from analysis.sources import eforms, ted

NAMES = [
    "18-536293",
    "20-157399",
    "20-537923",
    "21-000061",
    "21-050204",
    "21-139343",
    "21-205737",
    "21-357646",
    "21-364240",
    "22-011421",
    "22-086633",
]
COMPARED = [
    "outcome",
    "contract_id",
    "contract_date",
    "decision_date",
    "winners",
    "is_group",
    "bids",
    "bids_sme",
    "bids_other_eu",
    "bids_non_eu",
    "bids_electronic",
    "value",
    "value_low",
    "value_high",
    "currency",
    "is_framework",
]

# eForms has no place for these; each was looked up in both documents of the pair.
ONE_DATE = "one eForms contract has one date: the converter says that it took the first of two"
ONE_RANGE = "eForms has one range a lot: the converter took that of the lot's first award"
NO_CONTRACT = "eForms numbers contracts, and this lot has none; TED numbered the award"
JURY = "eForms has no day of a jury's decision: the converter wrote it as the day of the contract"
JURY_COLUMNS = ("contract_date", "decision_date")
NO_GROUP = "the form of a contest does not ask whether a winner is a group; eForms always says"
CANNOT_CARRY = {
    ("22-086633", "6", "contract_date"): ONE_DATE,
    ("22-011421", "63", "value_high"): ONE_RANGE,
    ("22-086633", "8", "contract_id"): NO_CONTRACT,
    **{("18-536293", n, column): JURY for n in "12345" for column in JURY_COLUMNS},
    **{("18-536293", n, "is_group"): NO_GROUP for n in "12345"},
}


@pytest.fixture(scope="session")
def both(shared):
    """Number of the pair -> its TED reading and its eForms reading."""
    return {
        name: (
            ted.read(parse(pairs()[f"ted/{name}-001-EXP.xml"]), "ted"),
            eforms.read(parse(pairs()[f"eforms/{name}-001-EXP.xml"]), "eforms"),
        )
        for name in NAMES
    }


def lot(number):
    """TED calls an undivided contract lot 1, eForms LOT-0000; otherwise the numbers agree."""
    return str(int(number[4:]) or 1) if number.startswith("LOT-") else number


def winners(reading):
    """Award -> name, identifier and country of each winner."""
    about = {o.organisation_id: (o.name, o.identifier, o.country) for o in reading.organisations}
    won = {award.award_id: [] for award in reading.awards}
    for bid in reading.bids:
        if bid.won:
            won[bid.award_id].append(about[bid.organisation_id])
    return {award: sorted(names, key=repr) for award, names in won.items()}


def without_placeholder(date):
    return None if date == dt.date(2000, 1, 1) else date


@pytest.mark.parametrize("name", NAMES)
def test_both_readers_give_the_same_awards(both, name):
    old, new = both[name]
    assert len(old.awards) == len(new.awards) > 0
    assert [lot(award.lot_id) for award in new.awards] == [award.lot_id for award in old.awards]
    assert {without_placeholder(award.decision_date) for award in new.awards} == {None}
    differences = {
        (name, before.award_id, column)
        for before, after in zip(old.awards, new.awards, strict=True)
        for column in COMPARED
        if getattr(before, column) != getattr(after, column)
    }
    assert differences == {key for key in CANNOT_CARRY if key[0] == name}


@pytest.mark.parametrize("name", NAMES)
def test_both_readers_name_the_same_winners(both, name):
    old, new = both[name]
    assert winners(old) == winners(new)


def test_the_day_of_a_jury_is_the_day_of_the_contract_in_the_conversion(both):
    old, new = both["18-536293"]
    assert {award.decision_date for award in old.awards} == {
        award.contract_date for award in new.awards
    }


@pytest.mark.parametrize("name", NAMES)
def test_sizes_are_the_same_where_eforms_can_say_them(both, name):
    """TED says `SME` or `not an SME`; the converter could carry only the first."""
    old, new = (
        sorted((o.name or "", o.size or "") for o in reading.organisations if o.is_tenderer)
        for reading in both[name]
    )
    sme = [
        {organisation for organisation in side if organisation[1] == "sme"} for side in (old, new)
    ]
    assert sme[0] == sme[1]
    assert {size for _, size in new} <= {"sme", ""}


@pytest.mark.parametrize("name", NAMES)
def test_both_readers_say_the_same_of_the_notice(both, name):
    old, new = (reading.notices[0] for reading in both[name])
    for column in ("notice_id", "kind", "publication_date", "language", "country", "cpv"):
        assert getattr(old, column) == getattr(new, column), column
    assert old.procedure == new.procedure
    assert old.total_value == (new.total_value or new.total_high), (
        "the total of a framework is a ceiling in eForms, a value in TED"
    )


@pytest.mark.parametrize("name", NAMES)
def test_estimates_survive_the_conversion_of_frameworks_only(both, name):
    """BT-660 is the estimate of a framework, one a lot; other estimates have no place."""
    old, new = both[name]
    published = {(award.lot_id, award.estimated_value) for award in old.awards}
    for award in new.awards:
        if award.is_framework:
            assert (lot(award.lot_id), award.estimated_value) in published
        else:
            assert award.estimated_value is None
