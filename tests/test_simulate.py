"""The invented Flanders: always the same, like the real forms, and read back as it was invented."""

import csv
import datetime as dt
import os
import subprocess
import sys
import tarfile
from collections import Counter, defaultdict
from decimal import Decimal
from fractions import Fraction
from functools import cache
from math import sqrt
from pathlib import Path

import pytest
from real_notices import documents as real_documents
from real_notices import parse

from analysis import contracts
from analysis.simulate import documents, invent, published, truth, write
from analysis.simulate.people import WORLD
from analysis.simulate.xml import NOBODY
from analysis.sources import eforms, ted, ted_old

SEED, SCALE = 20160101, 0.15
READERS = {"ted-old": ted_old.read, "ted-r209": ted.read, "eforms": eforms.read}
CONTRACTS = ("award", "unpublished", "not yet")  # each contract that was truly given, once
KINDS = {"ex-ante": "voluntary-ex-ante", "modification": "modification", "correction": "correction"}


@cache
def world():
    """What happened, told or not, in a small world."""
    return list(invent(SEED, SCALE))


@cache
def told():
    return [notice for notice in world() if notice.is_published]


@cache
def written():
    """The XML of every notice, by the name of its file."""
    return documents(told())


@cache
def read_back():
    """Every notice with what the reader of its era makes of its XML."""
    xml = written()
    named = [(notice, xml[f"{notice.id.replace('/', '-')}.xml"]) for notice in told()]
    return [
        (notice, READERS[notice.era](parse(text), f"{place:064d}"))
        for place, (notice, text) in enumerate(named)
    ]


def euros(cents):
    return None if cents is None else Decimal(cents) / 100


def era_is(era):
    return [pair for pair in read_back() if pair[0].era == era]


eras = pytest.mark.parametrize("era", READERS)


@eras
def test_a_notice_is_read_back_as_it_was_invented(era):
    for notice, reading in era_is(era):
        (row,) = reading.notices
        published_on = None if notice.form == "E4" else notice.day
        assert (row.notice_id, row.era, row.kind) == (
            notice.id, era, KINDS.get(notice.counts, "award"),
        )  # fmt: skip
        assert (row.publication_date, row.published) == (published_on, notice.form != "E4")
        assert row.dispatch_date == notice.dispatched
        assert (row.procedure, row.language) == (notice.procedure, notice.buyer.language.lower())
        assert (row.country, row.eu_institution) == (
            notice.buyer.place.country, notice.buyer.kind == "eu",
        )  # fmt: skip
        assert (row.cpv, row.nature) == (notice.lots[0].cpv, notice.lots[0].nature)
        if notice.form not in ("F14", "F20"):  # which do not ask
            assert row.is_framework is ("framework" in notice.traits)


@eras
def test_every_contract_is_read_back_with_winners_bids_values_and_dates(era):
    for notice, reading in era_is(era):
        names = {row.organisation_id: row.name for row in reading.organisations}
        winners = defaultdict(list)
        for bid in reading.bids:
            winners[bid.award_id] += [names[bid.organisation_id]]
        read = [
            (
                row.lot_id.removeprefix("LOT-").lstrip("0"), row.outcome, row.decision_date if
                era == "ted-old" else row.contract_date, row.bids, row.bids_sme, row.bids_withheld,
                row.value, row.value_low, row.value_high, row.value_withheld, row.winners,
                sorted(winners[row.award_id]),
            )
            for row in reading.awards
        ]  # fmt: skip
        assert sorted(read, key=str) == sorted(_invented_awards(notice), key=str), notice.id


def _invented_awards(notice):
    if notice.form == "F14":
        return
    for lot, tender in published.awards(notice):
        amount, bids = published.amount(notice, lot, tender), published.bids(notice, lot)
        firms = published.winners(notice, tender) if tender else []
        members = sorted(firm.name for firm in firms)
        yield (
            str(lot.number), lot.outcome, notice.decided if tender else None,
            bids.all, bids.sme, bids.withheld, euros(amount.value), euros(amount.low),
            euros(amount.high), amount.withheld, len(members), members,
        )  # fmt: skip


@eras
def test_the_total_of_a_notice_is_read_back(era):
    for notice, reading in era_is(era):
        if notice.form not in ("F14", "F20"):
            row, total = reading.notices[0], published.total(notice)
            assert (row.total_value, row.total_low, row.total_high, row.total_withheld) == (
                euros(total.value), euros(total.low), euros(total.high), total.withheld,
            ), notice.id  # fmt: skip


def test_a_losing_bid_is_read_back_as_lost_and_never_as_a_winner():
    lost = won = 0
    for notice, reading in era_is("eforms"):
        listed = [lot for lot in notice.lots if lot.won and "losers" in notice.traits]
        losers = [
            bid for lot in listed for place, bid in enumerate(lot.tenders) if place not in lot.won
        ]  # fmt: skip
        expected = sum(len(published.winners(notice, bid)) for bid in losers)
        assert sum(not bid.won for bid in reading.bids) == expected, notice.id
        lost, won = lost + expected, won + sum(bid.won for bid in reading.bids)
    assert lost > 100
    assert won > 100


def test_a_change_names_the_notice_that_it_changes():
    for notice, reading in read_back():
        if notice.about:
            row = reading.notices[0]
            about = f"{notice.about.uuid}/01" if notice.era == "eforms" else notice.about.id
            assert about in (row.changes_notice, row.previous_notice), notice.id


def test_innovation_is_read_back_only_where_it_was_invented():
    for notice, reading in era_is("eforms"):
        for lot in reading.lots:
            assert (lot.strategic == "inn-pur") is ("innovation" in notice.traits)
            assert (lot.innovation is not None) is ("innovation" in notice.traits)


@eras
def test_no_reader_meets_a_name_or_code_it_does_not_know(era):
    assert not [signal for _, reading in era_is(era) for signal in reading.signals]


def test_contact_data_stand_in_every_notice_and_in_no_cell():
    assert all(NOBODY.encode() in xml for xml in written().values())
    for _, reading in read_back():
        tables = (
            reading.notices,
            reading.lots,
            reading.awards,
            reading.bids,
            reading.organisations,
        )
        cells = [cell for table in tables for row in table for cell in row]
        assert not [cell for cell in cells if "noreply" in str(cell)]


def test_what_is_read_back_keeps_every_contract():
    for table in contracts.NOTICE_TABLES:
        rows = [row for _, reading in read_back() for row in getattr(reading, table.name)]
        contracts.keep(table.arrow(rows), table)
        assert len(rows) > 400


def test_an_estimate_is_read_back():
    for notice, reading in era_is("eforms"):
        read = {row.lot_id: row.estimated_value for row in reading.lots}
        told = "estimate" in notice.traits
        assert read == {
            f"LOT-{lot.number:04d}": euros(lot.estimate) if told else None for lot in notice.lots
        }


def test_the_same_seed_gives_the_same_bytes_whatever_the_hash_seed(tmp_path: Path):
    one, other = tmp_path / "one", tmp_path / "other"
    write(one, scale=0.05)
    command = (
        "import sys; from pathlib import Path; from analysis.simulate import write; "
        "write(Path(sys.argv[1]), scale=0.05)"
    )
    subprocess.run(
        [sys.executable, "-c", command, str(other)],
        check=True,
        env={**os.environ, "PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo"},
    )
    files = [sorted(p for p in to.rglob("*") if p.is_file()) for to in (one, other)]
    assert [path.name for path in files[0]] == [path.name for path in files[1]]
    for here, there in zip(*files, strict=True):
        assert here.read_bytes() == there.read_bytes(), here.name


def test_another_seed_gives_another_world():
    assert list(truth(invent(SEED + 1, 0.05))) != list(truth(invent(SEED, 0.05)))


def test_the_package_is_small_and_holds_nothing_of_the_machine(tmp_path: Path):
    write(tmp_path, SEED, SCALE)
    with tarfile.open(tmp_path / "notices.tar") as archive:
        members = archive.getmembers()
    assert {(m.mtime, m.uid, m.gid, m.uname, m.gname) for m in members} == {(0, 0, 0, "", "")}
    notices = {f"{notice.id.replace('/', '-')}.xml" for notice in told()}
    assert {m.name for m in members} == {*notices, "card.yml"}
    assert len(members) == len(told()) + 1
    rows = list(csv.DictReader((tmp_path / "truth.csv").read_text(encoding="utf-8").splitlines()))
    assert len(rows) == len(list(truth(world())))


def test_every_name_and_attribute_stands_so_in_a_real_notice(shared: Path):
    invented = {line for xml in written().values() for line in _lines(parse(xml))}
    new = {line for line in invented if line[1] != "TED_EXPORT"}
    for xml in real_documents().values():
        if any(name.encode() in xml for _, name, _ in new):  # else it has none of them
            new.difference_update(_lines(parse(xml)))
    assert not new


def _lines(root):
    for element in root.iter("*"):
        above = element.getparent()
        name = "" if above is None else above.tag.rpartition("}")[2]
        attributes = tuple(sorted(key for key in element.attrib if "{" not in key))
        yield name, element.tag.rpartition("}")[2], attributes


def test_no_invented_number_can_be_that_of_a_real_firm():
    members = {m for n in world() for lot in n.lots for bid in lot.tenders for m in bid.members}
    belgian = {who for who in members | {n.buyer for n in world()} if who.place.country == "BE"}
    numbers = {who.number[:10]: who.name for who in belgian}
    assert len(numbers) == len({(who.number, who.name) for who in belgian}) > 200
    for number in numbers:
        assert number.startswith("19")
        assert (int(number[:8]) + int(number[8:])) % 97 == 0


def test_the_traps_of_the_real_notices_are_all_there():
    traits = Counter(trait for notice in told() for trait in notice.traits)
    assert min(traits[trait] for trait in WORLD["traits"]) >= 1
    counts = Counter(notice.counts for notice in told())
    wanted = {"award", "ex-ante", "modification", "correction", "duplicate", "replaced"}
    assert wanted | {"cancelled", "cancellation"} == set(counts)
    forms = {"3", "F03", "F06", "F14", "F15", "F20", "25", "29", "30", "38", "E4"}
    assert forms == {notice.form for notice in told()}
    lots = [lot for notice in told() for lot in notice.lots]
    assert {lot.outcome for lot in lots} == {"awarded", "not-awarded", "open"}
    assert any(len(bid.members) > 1 for lot in lots for bid in lot.winning)
    assert any(len(lot.won) > 1 for lot in lots)
    assert any(f.place.country != "BE" for lot in lots for bid in lot.winning for f in bid.members)
    assert any(notice.procedure == "innovation-partnership" for notice in told())
    assert {"ted-old", "ted-r209"} == {n.era for n in told() if n.day.isoformat()[:7] == "2016-05"}


def test_a_contract_published_in_two_eras_is_one_contract():
    again = [notice for notice in told() if notice.counts == "duplicate"]
    first = {notice.contract: notice for notice in told() if notice.counts == "award"}
    new_form = [notice for notice in again if notice.era != first[notice.contract].era]
    assert new_form
    assert len(new_form) < len(again)  # the others are second copies in the same form
    for notice in again:
        assert first[notice.contract].lots == notice.lots
        assert first[notice.contract].id != notice.id
    for notice in new_form:
        assert (first[notice.contract].era, notice.era) == ("ted-r209", "eforms")
        assert "2023-09-01" <= notice.day.isoformat() <= "2024-01-08"


def test_the_shares_of_the_world_can_be_found_again():
    lots = [row for row in truth(world()) if row["counts"] in CONTRACTS]
    awarded = [row for row in lots if row["outcome"] == "awarded"]
    assert _near(sum(row["bids"] == 1 for row in awarded), len(awarded), 0.25)
    may_fail = [row for row in lots if row["date"] > dt.date(2016, 8, 31)]
    assert _near(sum(row["outcome"] != "awarded" for row in may_fail), len(may_fail), 0.10)


def _near(count, out_of, share):
    """Within four standard errors of the share that the world was drawn with."""
    return abs(count / out_of - share) < 4 * sqrt(share * (1 - share) / out_of)


def test_a_joint_win_counts_once():
    for row in truth(world()):
        weights = [Fraction(part) for part in row["weights"].split(" + ") if part]
        assert len(weights) == len([name for name in row["winners"].split(" + ") if name])
        assert sum(weights) == (row["outcome"] == "awarded")
