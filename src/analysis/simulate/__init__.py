"""An invented Flanders with known truth, written in the publishers' own file formats."""

import csv
import io
import tarfile
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path

from analysis.simulate import buyers
from analysis.simulate.bidders import bidders
from analysis.simulate.contracts import Notice
from analysis.simulate.firms import found_by, population
from analysis.simulate.people import WORLD, Organisation
from analysis.simulate.programme import programme, write_programme
from analysis.simulate.programme_deals import Deal, watched
from analysis.simulate.sizes import COLUMNS, size_rows
from analysis.simulate.truth import firm_rows, truth
from analysis.simulate.world import invent
from analysis.simulate.write_eforms import eforms
from analysis.simulate.write_kbo import write_kbo
from analysis.simulate.write_ted import ted
from analysis.simulate.write_ted_old import ted_old
from analysis.simulate.xml import document

WRITERS = {"ted-old": ted_old, "ted-r209": ted, "eforms": eforms}
# What `write` writes to be read; the truth beside it is not.
DELIVERIES = ("notices.tar", "KboOpenData_*.zip", "sizes.csv", "buyers.csv", "programme")
CARD = """\
title: An invented Flanders 2016-2025, notices, registers and programmes
publisher: invented, no real organisation
licence: MIT
kind: simulated
seed: {seed}
scale: {scale:g}
"""


def write(folder: Path, seed: int = 20160101, scale: float = 1) -> None:
    """Write the world that `seed` decides, as files of its publishers and with the truth beside it.

    `notices.tar` (forms R2.0.8, R2.0.9 and eForms), `KboOpenData_*.zip` (the register on several
    days), `buyers.csv`, `sizes.csv`, `card.yml`, and what truly happened: `truth.csv`, one row a
    lot of every contract, and `firms.csv`, one row an enterprise number. `programme/` is what the
    programmes deliver, a CSV a table, and `programme_truth.csv` what truly happened there. The card
    is in packages and folders too, so that they cannot travel without the word `simulated`. The
    same seed and scale give the same bytes on every machine: nothing is compressed, as compressors
    differ.

    Parameters
    ----------
    folder : for the files; it is made
    seed : decides everything
    scale : 1 gives some 6,000 awards in notices; 100 a hundred times as many, in the same memory
        but for the list of firms
    """
    folder.mkdir(parents=True, exist_ok=True)
    card = CARD.format(seed=seed, scale=scale).encode()
    (folder / "card.yml").write_bytes(card)
    firms = population(seed, scale)
    find = found_by(firms)
    draw, deals = bidders(firms, find), list[Deal]()
    notices = watched(invent(seed, scale, draw=draw), deals, scale)
    vehicles = _contracts(folder, notices, card)
    listed = buyers.buyers(scale)
    buying = listed.all
    for day, number in WORLD["registers"]:
        name = f"KboOpenData_{number:04d}_{day:%Y_%m}_Full.zip"
        everybody = chain(buying, map(find, range(len(firms.since))), vehicles)
        write_kbo(folder / name, day, number, everybody, card)
    _table(
        folder / "buyers.csv",
        ("company_id", "body", "since", "until", "source"),
        buyers.rows(buying),
    )
    _table(folder / "sizes.csv", COLUMNS, size_rows(firms))
    rows = iter(firm_rows(firms, find, vehicles))
    first = next(rows)
    _table(folder / "firms.csv", first, (row.values() for row in chain([first], rows)))
    write_programme(folder, programme(seed, scale, listed, deals, draw), card)


def documents(notices: Iterable[Notice]) -> dict[str, bytes]:
    """Return every notice as an XML document, by file name, sorted."""
    made = {_file(n): document(WRITERS[n.era](n)) for n in notices if n.is_published}
    return dict(sorted(made.items()))


def _file(notice: Notice) -> str:
    return f"{notice.id.replace('/', '-')}.xml"


def _contracts(folder: Path, notices: Iterator[Notice], card: bytes) -> list[Organisation]:
    """Write package and truth, one notice after the other; return the partnerships met."""
    vehicles: dict[str, Organisation] = {}
    with (
        (folder / "truth.csv").open("w", encoding="utf-8", newline="") as file,
        tarfile.open(folder / "notices.tar", mode="w", format=tarfile.USTAR_FORMAT) as package,
    ):
        _put(package, "card.yml", card)
        table = csv.writer(file, lineterminator="\n")
        for place, notice in enumerate(notices):
            rows = list(truth([notice]))
            table.writerows(rows[:1] if place == 0 else [])  # the names of the columns
            table.writerows(row.values() for row in rows)
            if notice.is_published:
                _put(package, _file(notice), document(WRITERS[notice.era](notice)))
                package.members.clear()  # type: ignore[attr-defined]  # else it remembers every one
            vehicles |= {
                bid.vehicle.number: bid.vehicle
                for lot in notice.lots
                for bid in lot.winning
                if bid.told == "vehicle" and bid.vehicle
            }
    return sorted(vehicles.values(), key=lambda vehicle: vehicle.serial)


def _put(package: tarfile.TarFile, name: str, content: bytes) -> None:
    """Add a file without anything of the machine or the hour in it."""
    member = tarfile.TarInfo(name)  # mtime, uid and gid are 0
    member.size = len(content)
    package.addfile(member, io.BytesIO(content))


def _table(path: Path, columns: Iterable[str], rows: Iterable[Iterable[object]]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(columns)
        table.writerows(rows)
