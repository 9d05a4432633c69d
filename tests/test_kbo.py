"""What is kept of KBO extracts, and what an update changes."""

import datetime as dt
import shutil
import zipfile
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from kbo_extracts import (
    BAKER,
    FULL,
    HEADERS,
    NV,
    SHOP,
    bytes_of,
    full,
    read,
    rows,
    update,
    zipped,
)

from analysis.contracts.companies import COMPANY_TABLES
from analysis.contracts.table import keep


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("once")
    read(full(place), place / "may")
    return place / "may"


@pytest.fixture
def may(once: Path, tmp_path: Path) -> Path:
    """The folder of the extract of 30 May 2025."""
    return Path(shutil.copytree(once, tmp_path / "may"))


def test_a_company_keeps_its_form_names_seat_and_activities(may: Path) -> None:
    born, day = dt.date(1999, 2, 1), dt.date(2025, 5, 30)
    assert rows(may, "companies")[0] == ("0400000001", False, "014", None, "000", born, None, day)
    assert rows(may, "names") == [
        ("0400000001", "2000000001", "nl", "commercial", "De Winkel"),
        ("0400000001", None, "nl", "name", "Acme"),
    ]
    assert rows(may, "addresses") == [
        ("0400000001", "9000", "Gent", "Gand", "Straat", "Rue", "1", "België", None)
    ]
    assert rows(may, "activities") == [("0400000001", "001", "2025", "62100", "main")]


def test_of_a_natural_person_only_number_and_start_date_are_kept(tmp_path: Path) -> None:
    person = f"{BAKER},AC,050,1,017,017,03-04-2020\n"
    read(full(tmp_path, enterprise=person), tmp_path / "may")
    started, day = dt.date(2020, 4, 3), dt.date(2025, 5, 30)
    assert rows(tmp_path / "may", "companies") == [
        ("0700000002", True, None, None, None, started, None, day)
    ]
    for name in ("units", "names", "addresses", "activities"):
        assert rows(tmp_path / "may", name) == [], name


def test_every_table_keeps_its_contract(may: Path) -> None:
    for table in COMPANY_TABLES:
        found = pq.read_table(may / f"{table.name}.parquet")
        assert [(f.name, f.type) for f in found.schema] == [(f.name, f.type) for f in table.schema]
        keep(found, table)


def test_real_rows_are_read(tmp_path: Path, shared: Path) -> None:
    sample = shared / "data" / "kbo_sample"
    names = ("meta", *HEADERS)
    members = {f"{name}.csv": (sample / f"{name}.csv").read_text("utf-8") for name in names}
    read(zipped(tmp_path / "real.zip", members), tmp_path / "real")
    companies = {row[0]: row for row in rows(tmp_path / "real", "companies")}
    assert len(companies) == 10
    # "0200.245.711","AC","012","2","116",,01-01-1922
    assert companies["0200245711"][1:6] == (False, "116", None, "012", dt.date(1922, 1, 1))
    stated = rows(tmp_path / "real", "names")
    assert len(stated) == 13
    assert ("0200068636", None, "nl", "name", "Farys") in stated
    # Ten of the thirteen seats are of an enterprise that the sample has.
    assert len(rows(tmp_path / "real", "addresses")) == 10
    assert len(rows(tmp_path / "real", "activities")) == 12


def test_the_real_update_deletes_and_inserts(tmp_path: Path, shared: Path) -> None:
    sample = shared / "data" / "kbo_sample"
    before = full(
        tmp_path,
        enterprise="0202.962.701,AC,000,2,116,,01-01-1968\n0220.815.847,AC,000,2,116,,01-01-1968\n",
        address="0220.815.847,REGO,,,4780,Sankt Vith,Sankt Vith,,,,,,\n",
    )
    read(before, tmp_path / "may")
    names = ("enterprise_delete", "address_delete", "address_insert")
    real = {name: (sample / f"{name}.csv").read_text("utf-8").split("\n", 1)[1] for name in names}
    read(update(tmp_path, **real), tmp_path / "june", before=tmp_path / "may")
    assert [row[0] for row in rows(tmp_path / "june", "companies")] == ["0220815847"]
    seat = rows(tmp_path / "june", "addresses")[0]
    assert seat[:4] == ("0220815847", "4790", "Burg-Reuland", "Burg-Reuland")
    assert seat[5:] == ("Wallhäuser Straße, Dürler", "31", "België", None)


def test_a_seat_abroad_and_a_seat_struck_off_say_so(tmp_path: Path) -> None:
    seat = f"{NV},REGO,Frankrijk,France,62000,Arras,Arras,,,,,,13-11-2023\n"
    read(full(tmp_path, address=seat), tmp_path / "may")
    struck = dt.date(2023, 11, 13)
    assert rows(tmp_path / "may", "addresses")[0][1:] == (
        *("62000", "Arras", "Arras", None, None, None, "Frankrijk"),
        struck,
    )


def test_an_older_extract_without_the_cac_form_is_read(tmp_path: Path) -> None:
    path = full(tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    older = HEADERS["enterprise"].replace("JuridicalFormCAC,", "")
    members["enterprise.csv"] = f"{older}\r\n{NV},AC,000,2,014,01-02-1999\r\n"
    read(zipped(path, members), tmp_path / "old")
    assert rows(tmp_path / "old", "companies")[0][2:4] == ("014", None)


def test_contact_data_are_never_opened(tmp_path: Path) -> None:
    path = full(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("contact.csv", "this is no table\x00")
    read(path, tmp_path / "may")
    kept = b"".join(file.read_bytes() for file in (tmp_path / "may").iterdir())
    assert b"no table" not in kept


def test_an_update_deletes_then_inserts(tmp_path: Path, may: Path) -> None:
    """Acme changes its name and stops its activity; its shop is sold to a newborn BV."""
    path = update(
        tmp_path,
        enterprise_insert="1000.000.003,AC,000,2,610,610,15-06-2025\n",
        denomination_delete=f"{NV}\n",
        denomination_insert=f"{NV},2,001,Acme Group\n1000.000.003,2,001,Nieuw\n",
        establishment_delete=f"{SHOP}\n",
        establishment_insert=f"{SHOP},01-01-2000,1000.000.003\n",
        activity_delete=f"{NV}\n",
    )
    read(path, tmp_path / "june", before=may)
    june = tmp_path / "june"
    assert [row[0] for row in rows(june, "companies")] == ["0400000001", "0700000002", "1000000003"]
    assert {row[-1] for row in rows(june, "companies")} == {dt.date(2025, 6, 30)}
    assert rows(june, "names") == [
        ("0400000001", None, "nl", "name", "Acme Group"),
        ("1000000003", "2000000001", "nl", "commercial", "De Winkel"),
        ("1000000003", None, "nl", "name", "Nieuw"),
    ]
    assert rows(june, "activities") == []
    assert rows(june, "addresses") == rows(may, "addresses")


def test_an_enterprise_that_an_update_deletes_takes_all_its_rows_along(
    tmp_path: Path, may: Path
) -> None:
    june = read(update(tmp_path, enterprise_delete=f"{NV}\n"), tmp_path / "june", before=may)
    assert [row[0] for row in rows(june, "companies")] == ["0700000002"]
    for name in ("units", "names", "addresses", "activities"):
        assert rows(june, name) == [], name


def test_the_order_of_the_rows_changes_no_byte(tmp_path: Path, may: Path) -> None:
    turned = {
        file: "".join(line + "\n" for line in reversed(text.splitlines()))
        for file, text in FULL.items()
    }
    read(full(tmp_path, **turned), tmp_path / "turned")
    assert bytes_of(tmp_path / "turned") == bytes_of(may)
