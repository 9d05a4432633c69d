"""An invented Flanders with known truth, written in the publishers' own file formats."""

import csv
import io
import tarfile
from pathlib import Path

from analysis.simulate import published
from analysis.simulate.world import Lot, Notice, invent
from analysis.simulate.write_eforms import eforms
from analysis.simulate.write_ted import ted
from analysis.simulate.write_ted_old import ted_old
from analysis.simulate.xml import document

WRITERS = {"ted-old": ted_old, "ted-r209": ted, "eforms": eforms}
CARD = """\
title: An invented Flanders, award notices 2016-2025
publisher: invented, no real organisation
licence: MIT
kind: simulated
seed: {seed}
"""


def write(folder: Path, seed: int = 20160101) -> None:
    """Write `notices.tar`, `card.yml` and `truth.csv` of the world that `seed` decides.

    The card is in the package too, so that it cannot travel without the word `simulated`.
    The same seed gives the same bytes on every machine: nothing is compressed, as compressors
    differ from machine to machine.
    """
    notices = invent(seed)
    folder.mkdir(parents=True, exist_ok=True)
    card = CARD.format(seed=seed).encode()
    (folder / "notices.tar").write_bytes(_package({"card.yml": card} | documents(notices)))
    (folder / "card.yml").write_bytes(card)
    with (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file:
        rows = truth(notices)
        table = csv.DictWriter(file, rows[0].keys(), lineterminator="\n")
        table.writeheader()
        table.writerows(rows)


def documents(notices: list[Notice]) -> dict[str, bytes]:
    """Return every notice as an XML document, by file name, sorted."""
    made = {f"{n.id.replace('/', '-')}.xml": document(WRITERS[n.era](n)) for n in notices}
    return dict(sorted(made.items()))


def truth(notices: list[Notice]) -> list[dict[str, object]]:
    """Return what happened, one row a lot of a notice; lists in a cell are joined by ` + `.

    `counts` is `award` where the notice's contracts count, else why they do not; a contract that
    several notices tell of has the same `contract` in each. Cells that end in `_shown` are what
    the notice shows of the truth; an empty one was not shown.
    """
    told = (notice for notice in notices if notice.counts != "correction")
    return [_row(notice, lot) for notice in told for lot in notice.lots]


def _row(notice: Notice, lot: Lot) -> dict[str, object]:
    winners = [firm for tender in lot.winning for firm in tender.members]
    about_notice = {
        "contract": notice.contract,
        "notice": notice.id,
        "lot": lot.number,
        "counts": notice.counts,
        "era": notice.era,
        "form": notice.form,
        "published": notice.day,
        "date": notice.decided,
        "buyer": notice.buyer.name,
        "buyer_number": notice.buyer.number,
        "region": notice.buyer.region,
        "procedure": notice.procedure,
    }
    about_winners = {
        "winners": " + ".join(firm.name for firm in winners),
        "winner_numbers": " + ".join(firm.number for firm in winners),
        "winner_sizes": " + ".join(firm.size for firm in winners),
        "weights": " + ".join(f"1/{len(winners)}" for _ in winners),
    }
    return about_notice | _result(notice, lot) | about_winners


def _result(notice: Notice, lot: Lot) -> dict[str, object]:
    shown = [published.amount(notice, lot, tender).value for tender in lot.winning]
    values = [value for value in shown if value is not None]
    bids = published.bids(notice, lot)
    all_shown = lot.won and len(values) == len(shown)
    return {
        "cpv": lot.cpv,
        "outcome": lot.outcome,
        "reason": lot.reason,
        "bids": len(lot.tenders),
        "sme_bids": sum(tender.is_sme for tender in lot.tenders),
        "value": published.euros(lot.value),
        "bids_shown": bids.all,
        "sme_bids_shown": bids.sme,
        "value_shown": published.euros(sum(values)) if all_shown else "",
    }


def _package(files: dict[str, bytes]) -> bytes:
    """Return a tar without anything of the machine or the hour in it."""
    package = io.BytesIO()
    with tarfile.open(fileobj=package, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in sorted(files.items()):
            member = tarfile.TarInfo(name)  # mtime, uid and gid are 0
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
    return package.getvalue()
