"""Notices come in: what is read, what is rejected, and what a stopped run leaves behind."""

import gzip
import random
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
import real_notices
from test_packages import tar, zipped

from analysis import elsewhere, ingest
from analysis.contracts import LAKE_TABLES, LOTS, NOTICES, keep
from analysis.refusal import SourceError
from analysis.sources import notices
from analysis.sources.packages import Found
from analysis.sources.reading import Reading
from analysis.store import Lake, Store, lake, raw, status


def notice(number: str = "1-2021", *, form: str = "F03_2014", also: str = "") -> bytes:
    """As little of a TED notice as the reader of these tests needs."""
    return (
        f'<TED_EXPORT DOC_ID="{number}"><FORM_SECTION><{form}/></FORM_SECTION>{also}</TED_EXPORT>'
    ).encode()


def _read(root, document: str) -> Reading:
    """A reader that knows little: one lot a notice, a signal for <NEW/>, a failure on <BAD/>."""
    reading = Reading("ted-r209", document, root.get("DOC_ID"))
    ordinary = {"era": "ted-r209", "form": "F03_2014", "kind": "award", "published": True}
    row = NOTICES.Row(reading.notice_id, document, total_withheld=False, **ordinary)
    reading.notices.append(row)
    value = Decimal("1e30") if root.find("HUGE") is not None else None
    reading.lots.append(LOTS.Row(reading.notice_id, document, "1", estimated_value=value))
    for child in root:
        if child.tag == "BAD":
            raise KeyError("somebody@example.org")
        if child.tag == "NEW":
            reading.signal("TED_EXPORT", "NEW")
    return reading


@pytest.fixture
def store(tmp_path: Path, monkeypatch) -> Store:
    """A new store whose readers are the one above, in this process only."""
    monkeypatch.setattr(notices, "READERS", dict.fromkeys(notices.READERS, _read))
    monkeypatch.setattr(ingest, "WORKERS", 1)
    return Store(tmp_path / "home")


@pytest.fixture
def put(tmp_path: Path):
    """Write a file or, from a dict, a folder."""

    def write(name: str, content: bytes | dict[str, bytes]) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, bytes):
            path.write_bytes(content)
        else:
            for inner, data in content.items():
                write(f"{name}/{inner}", data)
        return path

    return write


def rows(held: Lake, name: str) -> list[tuple]:
    with duckdb.connect() as engine:
        return held.relation(engine, name).order("all").fetchall()


def rejected(held: Lake) -> dict[str, str]:
    return {row[1]: row[2] for row in rows(held, "rejects")}


def everything(home: Path) -> dict[str, bytes]:
    files = (path for path in sorted(home.rglob("*")) if path.is_file())
    return {path.relative_to(home).as_posix(): path.read_bytes() for path in files}


SOME = {f"{n}.xml": notice(f"{n}-2021") for n in range(1, 6)}


def test_a_folder_a_zip_and_a_tar_of_the_same_notices_give_the_same_rows(store, put):
    packages = [
        put("folder", SOME),
        put("a.zip", zipped(*SOME.items())),
        put("b.tar", tar(*SOME.items())),
        put("c.tar.gz", gzip.compress(tar(*SOME.items()))),
        put("month.tar", tar(("day.tar.gz", gzip.compress(tar(*SOME.items()))))),
    ]
    for path in packages:
        held = ingest.open_lake(store, [path])
        assert [row[0] for row in rows(held, "notices")] == [f"{n}-2021" for n in range(1, 6)]
    together = ingest.open_lake(store, packages)
    assert rows(together, "notices") == rows(held, "notices")
    assert rows(together, "lots") == rows(held, "lots")


def test_the_content_decides_not_the_name(store, put):
    folder = {
        "package.xml": gzip.compress(tar(("a", notice("1-2021")))),
        "notice.zip": notice("2-2021"),
        "marked.txt": b"\xef\xbb\xbf" + notice("3-2021"),
        "wide": notice("4-2021").decode().encode("utf-16"),
        "note.xml": b"see attachment",
        "other.xml": b"<Invoice/>",
    }
    held = ingest.open_lake(store, [put("folder", folder)])
    assert [row[0] for row in rows(held, "notices")] == [f"{n}-2021" for n in range(1, 5)]
    assert rejected(held) == dict.fromkeys(("note.xml", "other.xml"), "not-a-notice")


@pytest.mark.parametrize(
    ("root", "reader"),
    [
        ("<TED_EXPORT><FORM_SECTION><F06_2014/></FORM_SECTION></TED_EXPORT>", "ted"),
        (
            "<x:TED_EXPORT xmlns:x='u'><x:FORM_SECTION><x:MOVE/></x:FORM_SECTION></x:TED_EXPORT>",
            "ted",
        ),
        ("<TED_EXPORT><FORM_SECTION><CONTRACT_AWARD/></FORM_SECTION></TED_EXPORT>", "ted_old"),
        ("<n xmlns='urn:oasis:names:specification:ubl:schema:xsd:ContractAwardNotice-2'/>", None),
        ("<ContractAwardNotice/>", None),
        (
            "<ContractAwardNotice "
            "xmlns='urn:oasis:names:specification:ubl:schema:xsd:ContractAwardNotice-2'/>",
            "eforms",
        ),
    ],
)
def test_the_root_element_names_the_reader(root, reader):
    assert notices.recognise(notices.etree.fromstring(root)) == reader


ENTITY = b'<!DOCTYPE TED_EXPORT [<!ENTITY x SYSTEM "file:///etc/hostname">]>'


@pytest.mark.parametrize(
    "document",
    [
        ENTITY + notice(also="&x;"),
        b"<?xml version='1.0'?>\n<!-- x -->" + ENTITY + notice(),
        (ENTITY + notice(also="&x;")).decode().encode("utf-16"),
        b"<?xml version='1.0' encoding='UTF-7'?>" + (ENTITY + notice()).decode().encode("utf-7"),
        b'<!DOCTYPE TED_EXPORT SYSTEM "http://example.org/ted.dtd">' + notice(),
    ],
    ids=["plain", "after a comment", "utf-16", "utf-7", "outside"],
)
def test_entities_are_refused(store, put, document):
    held = ingest.open_lake(store, [put("folder", SOME | {"bad.xml": document})])
    assert rejected(held)["bad.xml"] in ("declares-entities", "not-well-formed")
    assert len(rows(held, "notices")) == 5


def test_what_xml_may_not_do_is_said_truly(store, put):
    deep = b"<a>" * 5000 + b"</a>" * 5000
    bad = {"cut.xml": notice()[:-5], "deep.xml": deep, "bare.xml": notice(also="&nbsp;")}
    bad["many.xml"] = b"<a>" + b"<b/>" * 1_000_000 + b"</a>"
    held = ingest.open_lake(store, [put("folder", SOME | bad)])
    assert rejected(held) == {
        "bare.xml": "not-well-formed",
        "cut.xml": "not-well-formed",
        "deep.xml": "too-large",
        "many.xml": "too-large",
    }


def test_one_bad_file_does_not_stop_the_rest(store, put):
    bad = {
        "bad.xml": notice(also="<BAD/>"),
        "cut.tar.gz": gzip.compress(tar(*SOME.items()))[:-4],
        "empty.xml": b"",
        "huge.xml": notice(also="<HUGE/>"),
    }
    held = ingest.open_lake(store, [put("folder", SOME | bad)])
    assert len(rows(held, "notices")) == 5
    assert rejected(held) == {
        "bad.xml": "reader-failure",
        "cut.tar.gz": "damaged-archive",
        "empty.xml": "empty",
        "huge.xml": "reader-failure",
    }


def test_a_reader_failure_names_error_and_element_but_no_text_of_the_notice(store):
    found = notices.read(Found("bad.xml", notice(also="<BAD/>"))).found
    assert found.startswith("KeyError in test_ingest.py line ")
    assert found.endswith(", element BAD")


def test_the_same_input_twice_changes_nothing(store, put):
    paths = [put("folder", SOME), put("a.zip", zipped(*SOME.items()))]
    first = ingest.add(store, paths, kind="real")
    before = everything(store.home)
    assert ingest.add(store, [*paths, paths[0]]) == [*first, first[0]]
    assert everything(store.home) == before


def test_shuffled_input_gives_the_same_lake(store, put, tmp_path, monkeypatch):
    files = [(f"{n}.xml", notice(f"{n}-2021", also="<NEW/>" * (n % 3))) for n in range(300)]
    files += [("bad.xml", b"<Invoice/>"), ("again.xml", files[7][1])]
    read = []
    for batch in (128, 7):
        monkeypatch.setattr(ingest, "_FILES", batch)
        random.Random(batch).shuffle(files)
        held = ingest.open_lake(store, [put(f"{batch}.zip", zipped(*files))])
        folder = held.parts[0].folder
        read.append({t.name: (folder / f"{t.name}.parquet").read_bytes() for t in LAKE_TABLES})
    different = [name for name in read[0] if read[0][name] != read[1][name]]
    assert different == ["rejects"]  # which names the delivery


PLACES = [
    (raw, "_taken"),
    (notices, "tables"),
    (lake, "_sorted"),
    (Store, "commit"),
    (Store, "_list"),
]


@pytest.mark.parametrize(("where", "name"), PLACES)
def test_an_interrupted_add_leaves_the_old_state(store, put, monkeypatch, where, name):
    ingest.add(store, [put("old.zip", zipped(*list(SOME.items())[:2]))])
    before = everything(store.home)
    original = getattr(where, name)

    def stopped(*given, **named):
        original(*given, **named) if name == "_taken" else None
        raise KeyboardInterrupt

    new = put("new", SOME)
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(where, name, stopped)
        ingest.add(store, [new])
    after = everything(store.home)
    assert {file: after[file] for file in before} == before
    assert [entry.name for entry in store.deliveries] == ["old.zip"]
    assert len(rows(ingest.open_lake(store), "notices")) == 2
    ingest.add(store, [new])
    assert len(rows(ingest.open_lake(store), "notices")) == 5


def test_one_refused_path_takes_in_none(store, put):
    with pytest.raises(SourceError, match="no notice here"):
        ingest.add(store, [put("a.xml", SOME["1.xml"]), put("no notice here.txt", b"hello")])
    assert store.deliveries == []


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("letter.xml", b"<letter/>"),
        ("empty.zip", zipped()),
        ("cut.tar.gz", gzip.compress(tar(*SOME.items()))[:-20]),
        ("other", {"enterprise.csv": b"a,b", "readme": b"x"}),
    ],
)
def test_what_holds_nothing_readable_is_refused(store, put, name, content):
    with pytest.raises(SourceError) as refusal:
        ingest.add(store, [put(name, content)])
    assert refusal.value.where == name
    assert everything(store.home) == {"lock": b""}


def test_the_store_does_not_take_in_itself(store):
    with pytest.raises(SourceError, match="the store itself"):
        ingest.add(store, [store.home.parent])


def test_a_card_can_make_a_delivery_less_real_never_more(store, put):
    card = {"card.yml": b"title: An invented Flanders\nkind: simulated\n"}
    packed = gzip.compress(tar(*(SOME | card).items()))
    paths = [put("folder", SOME | card), put("packed.tar.gz", packed)]
    assert [entry.kind for entry in ingest.add(store, paths, kind="real")] == ["simulated"] * 2
    assert ingest.open_lake(store, paths[1:]).kind == "simulated"
    assert ingest.add(store, [put("real.xml", SOME["1.xml"])], kind="real")[0].kind == "real"
    assert ingest.add(store, [put("some.xml", SOME["2.xml"])])[0].kind == "sample"
    assert rejected(ingest.open_lake(store)) == {}


def test_a_kind_once_said_holds_for_the_same_bytes(store, put):
    path = put("real.xml", SOME["1.xml"])
    ingest.add(store, [path], kind="real")
    assert ingest.open_lake(store, [path]).kind == "real"
    assert ingest.add(store, [path])[0].kind == "real"
    assert ingest.add(store, [path], kind="sample")[0].kind == "sample"


def test_a_card_with_an_unknown_kind_is_refused(store, put):
    with pytest.raises(SourceError, match="kind: guessed"):
        ingest.add(store, [put("folder", SOME | {"card.yml": b"kind: guessed"})])


def test_a_changed_reader_reads_again_from_what_was_kept(store, put, monkeypatch):
    path = put("a.zip", zipped(*SOME.items()))
    ingest.add(store, [path])
    path.unlink()
    kept = (store.home / "manifest.json").read_bytes()
    monkeypatch.setattr(notices, "READERS", {})
    assert len(rows(ingest.open_lake(store), "notices")) == 5  # not read again
    monkeypatch.setattr(notices, "READERS", dict.fromkeys(("ted", "ted_old"), _read))
    monkeypatch.setattr(ingest, "fingerprint", lambda module: "f" * 16)
    assert len(rows(ingest.open_lake(store), "notices")) == 5
    assert {path.name[17:] for path in (store.home / "lake").iterdir()} > {"f" * 16}
    assert (store.home / "manifest.json").read_bytes() == kept


def test_paths_are_read_without_becoming_deliveries(store, put):
    held = ingest.open_lake(store, [put("a.zip", zipped(*SOME.items()))])
    assert held.inputs[0][0] == "a.zip"
    assert store.deliveries == []
    assert ingest.open_lake(store).parts == ()


@pytest.fixture
def some_real(shared, put) -> Path:
    """Fifty-odd real notices of every era in one package."""
    every = list(real_notices.documents().items())
    return put("real.tar", tar(*((name.replace("/", "_"), data) for name, data in every[::40])))


def test_two_processes_give_the_same_lake_as_one(some_real, tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "_ALONE", 1)
    monkeypatch.setattr(ingest, "_FILES", 8)
    read = []
    for processes in (1, 2):
        monkeypatch.setattr(ingest, "WORKERS", processes)
        store = Store(tmp_path / f"home{processes}")
        ingest.add(store, [some_real])
        read.append(everything(store.home))
    assert read[0] == read[1]


def test_a_reading_process_that_is_killed_leaves_the_old_state(some_real, tmp_path, monkeypatch):
    monkeypatch.setattr(ingest, "WORKERS", 2)
    monkeypatch.setattr(ingest, "_ALONE", 0)
    monkeypatch.setattr(elsewhere, "_WORKER", "import os; os.kill(os.getpid(), 9)")
    with pytest.raises(SourceError, match="stopped from outside"):
        ingest.add(Store(tmp_path / "home"), [some_real])
    assert everything(tmp_path / "home") == {"lock": b""}


def test_the_tables_of_real_notices_keep_their_contracts(some_real, tmp_path):
    held = ingest.open_lake(Store(tmp_path / "home"), [some_real])
    with duckdb.connect() as engine:
        for table in LAKE_TABLES:
            keep(held.relation(engine, table.name), table)
    counted = status.deliveries(held).iloc[0]
    assert counted["rows"] + counted["rejects"] == 55
