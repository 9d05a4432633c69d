"""What the store keeps, and how several deliveries are one lake."""

import os
from pathlib import Path

import duckdb
import pytest

from analysis.contracts import LAKE_TABLES, LOTS, NOTICES, REJECTS, SIGNALS
from analysis.refusal import SourceError
from analysis.store import Delivery, Lake, Part, Store, fingerprint, lake, raw, status

SHA256_OF_A = "29114363f749a0226b6988dda3ca2492a954117ab6b5f382706c20300dabc079"  # of `<a/>`


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "home")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "week" / "sub").mkdir(parents=True)
    (tmp_path / "week" / "a.xml").write_bytes(b"<a/>")
    (tmp_path / "week" / "sub" / "b.xml").write_bytes(b"<b/>")
    return tmp_path / "week"


def keep(store: Store, path: Path) -> Delivery:
    with store.writing() as staging:
        (staging / "raw").mkdir()
        delivery, _ = raw.receive(path, into=staging / "raw")
        store.commit([delivery], staging / "raw")
    return delivery


def test_a_file_is_kept_under_the_sha256_of_its_bytes(store, folder):
    kept = keep(store, folder / "a.xml")
    (file,) = store.files(kept)
    assert (kept.sha256, kept.name, kept.files, kept.bytes) == (SHA256_OF_A, "a.xml", 1, 4)
    assert (store.home / "raw" / SHA256_OF_A).read_bytes() == b"<a/>"
    assert file.path == store.home / "raw" / SHA256_OF_A


def test_a_folder_is_kept_file_by_file_and_found_again(store, folder):
    kept = keep(store, folder)
    files = store.files(store.deliveries[0])
    assert (kept.name, kept.files, kept.bytes) == ("week", 2, 8)
    assert [(file.name, file.path.read_bytes()) for file in files] == [
        ("a.xml", b"<a/>"),
        ("sub/b.xml", b"<b/>"),
    ]


def test_a_folder_is_known_by_names_and_contents(folder, tmp_path):
    before, _ = raw.receive(folder)
    folder.rename(tmp_path / "renamed")
    again, _ = raw.receive(tmp_path / "renamed")
    (tmp_path / "renamed" / "a.xml").rename(tmp_path / "renamed" / "c.xml")
    other, _ = raw.receive(tmp_path / "renamed")
    assert before.sha256 == again.sha256 != other.sha256


def test_links_in_a_folder_are_not_followed(folder, tmp_path):
    (tmp_path / "secret").mkdir()
    (tmp_path / "secret" / "key.xml").write_bytes(b"<key/>")
    (folder / "file").symlink_to(tmp_path / "secret" / "key.xml")
    (folder / "folder").symlink_to(tmp_path / "secret")
    os.mkfifo(folder / "pipe")
    _, files = raw.receive(folder)
    assert [(file.name, file.path) for file in files if file.sha256 == "link"] == [
        ("file", None),
        ("folder", None),
        ("pipe", None),
    ]
    assert len(files) == 5


@pytest.mark.parametrize("place", ["nothing", "empty", "pipe"])
def test_what_holds_no_file_is_refused(tmp_path, place):
    (tmp_path / "empty").mkdir()
    os.mkfifo(tmp_path / "pipe")
    with pytest.raises(SourceError, match=place):
        raw.receive(tmp_path / place)


def test_the_next_writer_sweeps_what_was_left_behind(store, folder):
    keep(store, folder)
    (store.home / "raw" / "orphan").write_bytes(b"of a run that was cut off")
    (store.home / "lake" / "0123456789abcdef-old").mkdir(parents=True)
    (store.home / "lake" / "0123456789abcdef-new").mkdir()
    store.sweep("new")
    assert not (store.home / "raw" / "orphan").exists()
    assert [part.name for part in (store.home / "lake").iterdir()] == ["0123456789abcdef-new"]
    assert all(file.path.exists() for file in store.files(store.deliveries[0]))


def test_a_writer_finds_an_empty_place_and_leaves_none(store):
    (store.home / "staging").mkdir(parents=True)
    (store.home / "staging" / "left").write_bytes(b"by a process that was killed")
    with store.writing() as staging:
        assert not list(staging.iterdir())
    assert not staging.exists()


def a_part(home: Path, name: str, notices: dict[str, str], **more: list[tuple]) -> Part:
    """A part with these notices (document -> number), one lot each."""
    rows = {
        "notices": [
            NOTICES.Row(
                number,
                document,
                era="eforms",
                form="29",
                kind="award",
                published=True,
                total_withheld=False,
            )
            for document, number in notices.items()
        ],
        "lots": [LOTS.Row(number, document, "LOT-0001") for document, number in notices.items()],
    } | more
    home.mkdir(exist_ok=True)
    with lake.writing(home / name) as write:
        write({table.name: table.arrow(rows.get(table.name, [])) for table in LAKE_TABLES})
    entry = Delivery(f"{name}.zip", name * 64, "real", "2026-01-31", 1, 10, False)
    return Part(entry, home / name)


def rows(parts: list[Part], name: str) -> list[tuple]:
    with duckdb.connect() as engine:
        return sorted(Lake(tuple(parts)).relation(engine, name).fetchall())


def test_a_document_in_two_deliveries_counts_once(tmp_path):
    first = a_part(tmp_path, "1", {"sha-x": "1-2024", "sha-y": "2-2024"})
    second = a_part(tmp_path, "2", {"sha-y": "2-2024", "sha-z": "3-2024"})
    for parts in ([first, second], [second, first]):
        assert [row[:2] for row in rows(parts, "notices")] == [
            ("1-2024", "sha-x"),
            ("2-2024", "sha-y"),
            ("3-2024", "sha-z"),
        ]
        assert len(rows(parts, "lots")) == 3


def test_a_document_twice_in_one_delivery_counts_once(tmp_path):
    double = [LOTS.Row("1-2024", "sha-x", "LOT-0001")] * 2
    assert len(rows([a_part(tmp_path, "1", {"sha-x": "1-2024"}, lots=double)], "lots")) == 1


def test_a_signal_of_one_notice_in_two_deliveries_counts_once(tmp_path):
    signal = SIGNALS.Row("eforms", "ProcedureCode", "new-code", 3, "1-2024")
    parts = [a_part(tmp_path, name, {"sha-x": "1-2024"}, signals=[signal]) for name in "12"]
    assert rows(parts, "signals") == [("eforms", "ProcedureCode", "new-code", 3, "1-2024")]


def test_two_rejects_of_one_name_are_told_apart(tmp_path):
    reject = [REJECTS.Row("1", "a.xml", "empty", found, "download") for found in ("x", "y")]
    part = a_part(tmp_path, "1", {"sha-x": "1-2024"}, rejects=reject)
    assert [row[1:4] for row in rows([part], "rejects")] == [
        ("a.xml", "empty", "x"),
        ("a.xml (2)", "empty", "y"),
    ]


def test_the_least_real_delivery_decides_what_the_lake_is(tmp_path):
    part = a_part(tmp_path, "1", {"sha-x": "1-2024"})
    invented = Part(Delivery("i.zip", "2" * 64, "simulated", "2026-01-31", 1, 1, False), tmp_path)
    assert Lake((part,)).kind == "real"
    assert Lake((part, invented)).kind == "simulated"
    assert Lake((invented, part)).inputs == [("1.zip", "1" * 64), ("i.zip", "2" * 64)]


def test_status_counts_what_is_there(tmp_path):
    met = [SIGNALS.Row("eforms", "Code", "new", times, f"{times}-2024") for times in (2, 5)]
    held = Lake((a_part(tmp_path, "1", {"sha-x": "1-2024", "sha-y": "2-2024"}, signals=met),))
    assert status.deliveries(held)[["name", "holds", "rows", "rejects"]].to_numpy().tolist() == [
        ["1.zip", "notices", 2, 0]
    ]
    assert status.notices(held).to_numpy().tolist() == [["eforms", "award", "29", 2]]
    assert status.signals(held).to_numpy().tolist() == [["eforms", "Code", "new", 7, 2, "2-2024"]]
    assert status.rejects(held).empty


def test_a_lake_of_nothing_has_every_table():
    for table in LAKE_TABLES:
        assert rows([], table.name) == []


def test_the_fingerprint_of_a_reader_follows_its_imports_and_its_card(tmp_path, monkeypatch):
    place = tmp_path / "analysis"
    place.mkdir()
    (place / "reader.py").write_text("from analysis import codes\n")
    (place / "codes.py").write_text("A = 1\n")
    (place / "other.py").write_text("B = 1\n")
    monkeypatch.setattr(fingerprint, "_ROOT", tmp_path)
    taken = [fingerprint.fingerprint.__wrapped__("analysis.reader")]
    for file in ("other.py", "codes.py", "reader.py", "reader.yml"):
        (place / file).write_text("# changed\nfrom analysis import codes\n")
        taken.append(fingerprint.fingerprint.__wrapped__("analysis.reader"))
    assert taken[0] == taken[1]
    assert len(set(taken[1:])) == 4
