"""What of KBO is refused: one clear message, and what was there before is as it was."""

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from kbo_extracts import HEADERS, NV, full, meta, refused_by, zipped

from analysis import ingest
from analysis.refusal import SourceError
from analysis.sources import csv_files
from analysis.store import Store


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("once")
    ingest.add(Store(place / "home"), [full(place)])
    return place / "home"


@pytest.fixture
def may(once: Path, tmp_path: Path) -> Path:
    """A store with the extract of 30 May 2025, number 136."""
    return Path(shutil.copytree(once, tmp_path / "may"))


@pytest.mark.parametrize(
    ("file", "wrong", "says"),
    [
        ("enterprise", f"{NV},AC,000,3,014,,01-02-1999\n", "TypeOfEnterprise 3"),
        ("enterprise", f"{NV},ST,000,2,014,,01-02-1999\n", "Status ST"),
        ("enterprise", f"{NV},AC,000,2,014,,1999-02-01\n", "day 1999-02-01"),
        ("enterprise", f"{NV},AC,000,2,014,,31-02-1999\n", "day 31-02-1999"),
        ("enterprise", "BE 123,AC,000,2,014,,01-02-1999\n", "number BE 123"),
        ("enterprise", f"{NV},AC,000,2,014,,\n" * 2, "0400000001"),
        ("enterprise", f"{NV},AC,000\n", "Expected Number of Columns: 7 Found: 3"),
        ("activity", f"{NV},001,2031,62100,MAIN\n", "NaceVersion 2031"),
        ("activity", f"{NV},001,2025,IT,MAIN\n", "code IT"),
        ("activity", f"{NV},001,2025,,MAIN\n", "an empty cell"),
        ("denomination", f"{NV},2,001,\n", "an empty cell"),
    ],
)
def test_a_cell_that_is_not_as_expected_is_named(
    tmp_path: Path, may: Path, file: str, wrong: str, says: str
) -> None:
    refused = refused_by(may, full(tmp_path, day="30-06-2025", number=137, **{file: wrong}))
    assert says in refused.found
    assert refused.where == f"full.zip, {file}"


def spoiled(tmp_path: Path, change: Callable[[dict[str, str]], object]) -> SourceError:
    """What is said of a full extract after `change`; nothing may be left of it."""
    path = full(tmp_path)
    with zipfile.ZipFile(path) as archive:
        members = {name: archive.read(name).decode() for name in archive.namelist()}
    change(members)
    return refused_by(tmp_path / "home", zipped(path, members))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    refused = spoiled(tmp_path, lambda members: members.pop("activity.csv"))
    assert refused.found == "missing: activity.csv"


def test_an_unknown_file_is_named(tmp_path: Path) -> None:
    refused = spoiled(tmp_path, lambda members: members.update({"owner.csv": "a\n"}))
    assert refused.found == "unknown: owner.csv"


def test_a_wrong_column_is_named_with_what_was_expected(tmp_path: Path) -> None:
    wrong = HEADERS["activity"].replace("NaceCode", "Nace")
    refused = spoiled(tmp_path, lambda members: members.update({"activity.csv": wrong + "\n"}))
    assert refused.where == "full.zip, activity.csv"
    assert "unknown: Nace; lost: NaceCode" in refused.found
    assert refused.expected == (
        "columns EntityNumber, ActivityGroup, NaceVersion, NaceCode, Classification"
    )


@pytest.mark.parametrize("name", ["../meta2.csv", "sub/enterprise.csv", "/etc/x.csv", "C:\\x.csv"])
def test_a_member_with_a_path_is_refused(tmp_path: Path, name: str) -> None:
    refused = spoiled(tmp_path, lambda members: members.update({name: "a\n"}))
    assert refused.expected == "plain CSV files without folders"


def test_an_update_is_no_full_extract(tmp_path: Path) -> None:
    other = {"meta.csv": meta("30-05-2025", 136, "update")}
    refused = spoiled(tmp_path, lambda members: members.update(other))
    assert "without the extract that it starts from" in refused.found


@pytest.mark.parametrize("line", ["SnapshotDate,2025-05-30", "ExtractNumber,next"])
def test_a_meta_file_that_cannot_be_read_is_refused(tmp_path: Path, line: str) -> None:
    text = meta("30-05-2025", 136, "full") + line + "\n"
    refused = spoiled(tmp_path, lambda members: members.update({"meta.csv": text}))
    assert refused.where == "full.zip, meta.csv"


def test_text_that_is_not_utf8_is_refused(tmp_path: Path) -> None:
    wrong = (HEADERS["denomination"] + f"\n{NV},2,001,Caf\xe9\n").encode("latin-1")
    refused = spoiled(tmp_path, lambda members: members.update({"denomination.csv": wrong}))
    assert refused.where == "full.zip, denomination"


@pytest.mark.parametrize("cut", [0.5, 0.95])
def test_a_zip_that_is_cut_off_is_refused(tmp_path: Path, cut: float) -> None:
    path = full(tmp_path)
    path.write_bytes(path.read_bytes()[: int(path.stat().st_size * cut)])
    refused = refused_by(tmp_path / "home", path)
    assert "damaged" in refused.found


def test_a_zip_with_a_changed_byte_is_refused(tmp_path: Path) -> None:
    path = full(tmp_path)
    with zipfile.ZipFile(path) as archive:
        member = archive.getinfo("enterprise.csv")
    data = bytearray(path.read_bytes())
    data[member.header_offset + 60] ^= 0xFF
    path.write_bytes(data)
    refused = refused_by(tmp_path / "home", path)
    assert "damaged" in refused.found


def test_a_compression_bomb_is_refused_before_it_fills_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "GROWTH_FREE", 1_000_000)
    bomb = HEADERS["activity"] + "\n" + " " * 5_000_000
    refused = spoiled(tmp_path, lambda members: members.update({"activity.csv": bomb}))
    assert "compression bomb" in refused.found


def test_a_file_that_says_it_is_too_large_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(csv_files, "LARGEST", 100)
    refused = refused_by(tmp_path / "home", full(tmp_path))
    assert refused.expected == "at most 100 bytes a file"
