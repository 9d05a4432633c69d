"""Registers come in beside notices: what is known of each enterprise over all that was added."""

import datetime as dt
import zipfile
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from kbo_extracts import BAKER, HEADERS, NV, bytes_of, full, meta, refused_by, update, zipped
from lxml import etree
from ted_snippets import award, contractor, original, ted
from test_ingest import everything

from analysis import ingest
from analysis.contracts import BUYERS, COMPANY_TABLES, LIFESPANS, SIZES, keep
from analysis.refusal import SourceError
from analysis.sources import kbo_tables, register_readers, registers
from analysis.store import Lake, Store, status

NOTICE = etree.tostring(ted(original(award(contractor("Acme")))))
SIZES_CSV = "company_id,year,employees_fte,turnover_eur,balance_eur\n0200065765,2023,1,2,3\n"
BUYERS_CSV = "company_id,body,since,until,source\n0200065765,flemish-local,,,decree\n"
APRIL, MAY, JUNE, JULY = (dt.date(2025, *day) for day in ((4, 30), (5, 30), (6, 30), (7, 31)))
TABLES = {
    "companies": "number,is_natural_person,legal_form,start_date,end_date,snapshot_date\n"
    "0400000001,false,014,1999-02-01,,2025-06-15\n"
    "0300000003,false,015,2016-03-01,2018-12-31,2025-06-15\n"
    "0700000002,true,,2020-04-03,2021-01-01,2025-06-15\n",
    "names": "number,language,kind,name\n0400000001,nl,name,Acme Holding\n"
    "0300000003,nl,name,Gestopt\n0700000002,,name,Jan Peeters\n",
    "addresses": "number,postcode,municipality_nl,country\n0400000001,8000,Brugge,België\n"
    "0300000003,9000,Gent,België\n0700000002,1000,Brussel,België\n",
    "activities": "number,activity_group,nace_version,nace_code,activity_class\n"
    "0300000003,001,2008,62010,main\n0700000002,001,2008,62010,main\n",
}


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def written(path: Path, text: str) -> Path:
    path.parent.mkdir(exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def month(place: Path, number: int, **files: str) -> Path:
    """A full extract of the month of that number: 135 is April, 136 May, 137 June, 138 July."""
    day = {135: APRIL, 136: MAY, 137: JUNE, 138: JULY}[number].strftime("%d-%m-%Y")
    (place / str(number)).mkdir()
    return full(place / str(number), day=day, number=number, **files)


def tables(place: Path, **changed: str) -> Path:
    """A folder with the tables of a full reuse extract of 15 June 2025."""
    for name, text in (TABLES | changed).items():
        written(place / "reuse" / f"{name}.csv", text)
    return place / "reuse"


def known(held: Lake | Path) -> dict[str, list[tuple]]:
    """Every table as sorted rows."""
    held = held if isinstance(held, Lake) else ingest.open_lake(Store(held))
    with duckdb.connect() as engine:
        relations = held.registers.relations(engine)
        return {name: rows.order("all").fetchall() for name, rows in relations.items()}


def promised(home: Path) -> None:
    """Every table keeps its contract."""
    with duckdb.connect() as engine:
        relations = ingest.open_lake(Store(home)).registers.relations(engine)
        for table in (*COMPANY_TABLES, LIFESPANS, SIZES, BUYERS):
            keep(relations[table.name], table)
            assert relations[table.name].columns == list(table.columns)


def add(home: Path, *paths: Path, kind: str | None = None) -> None:
    ingest.add(Store(home), paths, kind=kind)


def test_where_nothing_was_added_every_table_is_empty(home: Path) -> None:
    assert set(map(len, known(home).values())) == {0}
    promised(home)
    assert ingest.open_lake(Store(home)).registers.kind == "real"


def test_notices_and_registers_are_added_in_one_command(tmp_path: Path, home: Path) -> None:
    notice = tmp_path / "notice.xml"
    notice.write_bytes(NOTICE)
    sizes = written(tmp_path / "a", SIZES_CSV)
    buyers = written(tmp_path / "b", BUYERS_CSV)
    paths = [full(tmp_path), notice, sizes, buyers, tables(tmp_path)]
    add(home, *paths)
    held = ingest.open_lake(Store(home))
    listed = status.deliveries(held)[["name", "holds", "day", "rows"]].to_numpy().tolist()
    assert sorted(listed) == [
        ["a", "sizes", "", 1],
        ["b", "buyers", "", 1],
        ["full.zip", "KBO extract 136", "2025-05-30", 2],
        ["notice.xml", "notices", "", 1],
        ["reuse", "enterprises, also stopped", "2025-06-15", 3],
    ]
    assert [name for name, _ in held.inputs] == ["notice.xml"]
    assert [name for name, _ in held.registers.inputs] == ["a", "b", "full.zip", "reuse"]
    assert known(held)["sizes"] == [("0200065765", 2023, 1.0, Decimal(2), Decimal(3))]
    assert known(held) == known(ingest.open_lake(Store(tmp_path / "other"), paths))
    promised(home)
    before = everything(home)
    add(home, *reversed(paths))
    assert everything(home) == before


def test_the_content_decides_not_the_name(tmp_path: Path, home: Path) -> None:
    extract = full(tmp_path).rename(tmp_path / "sizes.csv")
    sizes = written(tmp_path / "KboOpenData_0136_2025_05_Full.zip", SIZES_CSV)
    add(home, extract, sizes)
    assert [len(known(home)[name]) for name in ("companies", "sizes")] == [2, 1]


def test_a_folder_with_the_files_of_a_zip_is_the_same(tmp_path: Path, home: Path) -> None:
    path = full(tmp_path)
    with zipfile.ZipFile(path) as archive:
        archive.extractall(tmp_path / "unpacked")
    add(home, tmp_path / "unpacked")
    assert known(home) == known(ingest.open_lake(Store(home), [path]))


def test_the_last_extract_that_has_an_enterprise_tells_of_it(tmp_path: Path, home: Path) -> None:
    """Acme moves and changes its name; the baker stops; what Acme did in May is done with."""
    june = month(
        tmp_path,
        137,
        enterprise=f"{NV},AC,000,2,015,,01-02-1999\n",
        establishment="",
        denomination=f"{NV},2,001,Acme Group\n",
        address=f"{NV},REGO,,,8000,Brugge,Bruges,Markt,Place,2,,,\n",
        activity=f"{NV},001,2025,70100,MAIN\n",
    )
    add(home, june, month(tmp_path, 136))
    found = known(home)
    assert [(row[0], row[2], row[-1]) for row in found["companies"]] == [
        ("0400000001", "015", JUNE),
        ("0700000002", None, MAY),
    ]
    assert {row[4] for row in found["names"]} == {"De Winkel", "Acme", "Acme Group"}
    assert [row[:3] for row in found["addresses"]] == [("0400000001", "8000", "Brugge")]
    assert [row[3] for row in found["activities"]] == ["70100"]
    assert found["units"] == [("2000000001", "0400000001")]
    assert found["lifespans"] == [
        ("0400000001", MAY, JUNE, None, None, False),
        ("0700000002", MAY, MAY, MAY, JUNE, False),
    ]


def test_who_disappears_ceased_between_two_extracts(tmp_path: Path, home: Path) -> None:
    """NV is in all three; the baker left after May; the third came back in July."""
    nv, baker = f"{NV},AC,000,2,014,,\n", f"{BAKER},AC,000,1,,,\n"
    third = "0800.000.003,AC,000,2,014,,\n"
    whole = {136: nv + baker + third, 137: nv, 138: nv + third}
    add(home, *(month(tmp_path, n, enterprise=rows) for n, rows in whole.items()))
    assert known(home)["lifespans"] == [
        ("0400000001", MAY, JULY, None, None, False),
        ("0700000002", MAY, MAY, MAY, JUNE, False),
        ("0800000003", MAY, JULY, None, None, True),
    ]


def test_who_stopped_has_its_day_and_persons_have_none(tmp_path: Path, home: Path) -> None:
    add(home, month(tmp_path, 136), tables(tmp_path), month(tmp_path, 137))
    found, june_15 = known(home), dt.date(2025, 6, 15)
    promised(home)
    assert [(row[0], row[6], row[7]) for row in found["companies"]] == [
        ("0300000003", dt.date(2018, 12, 31), june_15),
        ("0400000001", None, JUNE),
        ("0700000002", None, JUNE),
    ]
    assert found["lifespans"] == [
        ("0300000003", june_15, june_15, dt.date(2018, 12, 30), dt.date(2018, 12, 31), False),
        ("0400000001", MAY, JUNE, None, None, False),
        ("0700000002", MAY, JUNE, None, None, False),
    ]
    names = {row[4] for row in found["names"]}
    assert names == {"Acme", "Acme Holding", "De Winkel", "Gestopt"}
    assert {row[0] for row in found["activities"]} == {"0400000001", "0300000003"}
    kept = b"".join(p.read_bytes() for p in (home / "lake").rglob("*.parquet"))
    assert b"Peeters" not in kept


def test_tables_that_lack_an_enterprise_do_not_say_that_it_ceased(
    tmp_path: Path, home: Path
) -> None:
    only = f"{TABLES['companies'].splitlines()[0]}\n0300000003,false,,,,2025-06-15\n"
    add(home, month(tmp_path, 136), tables(tmp_path, companies=only))
    assert {row[0]: row[3] for row in known(home)["lifespans"]} == dict.fromkeys(
        ("0300000003", "0400000001", "0700000002")
    )


def test_a_firm_that_stopped_and_is_seen_again_reappeared(tmp_path: Path, home: Path) -> None:
    stopped = TABLES["companies"].replace("1999-02-01,,", "1999-02-01,2025-06-02,")
    add(home, month(tmp_path, 136), tables(tmp_path, companies=stopped))
    nv = next(row for row in known(home)["lifespans"] if row[0] == "0400000001")
    assert nv[3:] == (dt.date(2025, 6, 1), dt.date(2025, 6, 2), False)
    add(home, month(tmp_path, 137))
    nv = next(row for row in known(home)["lifespans"] if row[0] == "0400000001")
    assert nv[3:] == (None, None, True)


def test_full_extracts_and_updates_make_one_series(tmp_path: Path, home: Path) -> None:
    """The update of June, in whatever order it is given; then July's, on top of it."""
    june = update(tmp_path, enterprise_delete=f"{BAKER}\n")
    july = update(written(tmp_path / "july" / "x", "").parent, day="31-07-2025", number=138)
    add(home, june, month(tmp_path, 136))
    add(home, july)
    assert known(home)["lifespans"] == [
        ("0400000001", MAY, JULY, None, None, False),
        ("0700000002", MAY, MAY, MAY, JUNE, False),
    ]
    assert [row[-1] for row in known(home)["companies"]] == [JULY, MAY]


def test_an_update_to_a_state_that_a_full_extract_tells_is_not_needed(
    tmp_path: Path, home: Path
) -> None:
    """KBO offers both each month: the update to the first month has nothing to start from."""
    spare = update(tmp_path, day="30-05-2025", number=136, enterprise_delete=f"{NV}\n")
    daily = update(month(tmp_path, 138).parent, day="30-05-2025", number=136)
    june = month(tmp_path, 137)
    add(home, spare, month(tmp_path, 136), june, daily)
    assert known(home)["companies"][0][0] == "0400000001"
    listed = status.deliveries(ingest.open_lake(Store(home))).set_index("name")
    assert set(listed.loc["update.zip", "holds"]) == {"KBO update 136, not needed"}
    assert set(listed.loc["update.zip", "rows"]) == {0}


def test_an_update_without_its_full_extract_is_refused(tmp_path: Path, home: Path) -> None:
    refused = refused_by(home, update(tmp_path))
    assert refused.where == "update.zip"
    assert refused.found == (
        "update number 137 of 2025-06-30, without the extract that it starts from"
    )
    assert refused.expected == "extract 136, of a day before"


@pytest.mark.parametrize(("day", "number"), [("30-05-2025", 137), ("30-06-2025", 138)])
def test_an_update_that_does_not_follow_is_refused(
    tmp_path: Path, home: Path, day: str, number: int
) -> None:
    add(home, month(tmp_path, 136))
    refused = refused_by(home, update(tmp_path, day=day, number=number))
    assert refused.where == "update.zip"


def test_an_extract_older_than_the_newest_is_refused(tmp_path: Path, home: Path) -> None:
    june, may = month(tmp_path, 137), month(tmp_path, 136)
    add(home, june)
    refused = refused_by(home, may, written(tmp_path / "a.csv", SIZES_CSV))
    assert refused.found == "an extract of 2025-05-30"
    assert refused.expected == "none older than 2025-06-30, of which the store has full.zip"
    add(home, june)
    add(tmp_path / "new", june, may)
    assert len(Store(tmp_path / "new").deliveries) == 2


def test_another_extract_of_the_same_day_is_refused(tmp_path: Path, home: Path) -> None:
    add(home, full(tmp_path))
    other = full(tmp_path, number=137, enterprise=f"{NV},AC,000,2,014,,\n")
    refused = refused_by(home, other.rename(tmp_path / "other.zip"))
    assert refused.where == "other.zip"
    assert refused.found == "full number 137 of 2025-05-30, of which there is another: full.zip"


def test_two_answers_to_one_question_are_refused(tmp_path: Path, home: Path) -> None:
    more = SIZES_CSV + "0200068636,2024,,,1\n"
    add(home, written(tmp_path / "a.csv", SIZES_CSV), written(tmp_path / "b.csv", more))
    assert len(known(home)["sizes"]) == 2
    refused = refused_by(home, written(tmp_path / "c.csv", more.replace(",1\n", ",9\n")))
    assert refused.where == "a.csv, b.csv, c.csv"
    assert refused.found == "1 times two different answers, the first for 0200068636 2024"


@pytest.mark.parametrize(
    ("changed", "where", "says"),
    [
        ({"owners": "a\n"}, "reuse", "missing: none; unknown: owners.csv"),
        ({"names": "number,kind\n"}, "reuse, names.csv", "lost: name"),
        ({"names": "number,kind,name,sex\n"}, "reuse, names.csv", "unknown: sex"),
        ({"names": "number,kind,name\n0400000001,nick,Ac\n"}, "reuse, names.csv", "1 rows, line 2"),
        (
            {"companies": TABLES["companies"].replace("1999-02-01", "01-02-1999")},
            "reuse, companies.csv",
            "not true that start_date is a day as 2024-01-31: 1 rows, line 2",
        ),
        (
            {"companies": TABLES["companies"].replace("false,015", "no,015")},
            "reuse, companies.csv",
            "not true that is_natural_person is true or false: 1 rows, line 3",
        ),
        (
            {"companies": TABLES["companies"] + "0400000001,false,,,,2025-06-14\n"},
            "reuse, companies.csv",
            "not true that snapshot_date is one day: 1 rows, line 5",
        ),
        ({"companies": TABLES["companies"].splitlines()[0]}, "reuse", "no enterprise"),
    ],
)
def test_tables_that_are_not_canonical_are_refused(
    tmp_path: Path, home: Path, changed: dict[str, str], where: str, says: str
) -> None:
    refused = refused_by(home, tables(tmp_path, **changed))
    assert refused.where == where
    assert says in refused.found


def test_a_missing_table_is_refused(tmp_path: Path, home: Path) -> None:
    (tables(tmp_path) / "names.csv").unlink()
    assert "missing: names.csv" in refused_by(home, tmp_path / "reuse").found


def test_a_wrong_column_of_sizes_is_named(tmp_path: Path, home: Path) -> None:
    wrong = written(tmp_path / "s.csv", SIZES_CSV.replace("employees_fte", "fte"))
    assert "company_id, year, fte, turnover_eur" in refused_by(home, wrong).found


def test_a_card_says_that_an_extract_is_invented(tmp_path: Path, home: Path) -> None:
    path = full(tmp_path)
    with zipfile.ZipFile(path, "a") as archive:
        archive.writestr("card.yml", "kind: simulated\n")
    (written(tables(tmp_path) / "card.yml", "kind: sample\n"))
    add(home, path, tmp_path / "reuse", kind="real")
    assert {d.name: d.kind for d in Store(home).deliveries} == {
        "full.zip": "simulated",
        "reuse": "sample",
    }
    assert ingest.open_lake(Store(home)).registers.kind == "simulated"


def test_the_real_sample_without_its_update_is_an_extract(
    tmp_path: Path, shared: Path, home: Path
) -> None:
    for name in ("meta", *HEADERS):
        text = (shared / "data" / "kbo_sample" / f"{name}.csv").read_text("utf-8")
        written(tmp_path / "kbo" / f"{name}.csv", text)
    add(home, tmp_path / "kbo")
    assert len(known(home)["companies"]) == 10


def test_full_and_update_in_one_folder_are_refused(shared: Path, home: Path) -> None:
    refused = refused_by(home, shared / "data" / "kbo_sample")
    assert "unknown: address_delete.csv" in refused.found


def test_a_register_beside_notices_in_one_folder_is_refused(tmp_path: Path, home: Path) -> None:
    """As notices it would be a file that cannot be read, and every firm be unknown."""
    folder = tmp_path / "year"
    folder.mkdir()
    (folder / "notice.xml").write_text("<notice/>", "utf-8")
    register = month(tmp_path, 136)
    register.rename(folder / register.name)
    refused = refused_by(home, folder)
    assert refused.where == f"year/{register.name}"
    assert refused.do.startswith("name the files instead of the folder, as in year/*")


@pytest.mark.parametrize(
    ("where", "name"),
    [
        (kbo_tables, "_write"),
        (register_readers, "note"),
        (registers, "in_time"),
        (Store, "commit"),
        (Store, "_list"),
    ],
)
def test_an_interrupted_add_leaves_the_old_state(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    add(home, month(tmp_path, 136))
    before, new = everything(home), month(tmp_path, 137)

    def stopped(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(where, name, stopped)
        add(home, new)
    after = everything(home)
    assert {file: after[file] for file in before} == before
    assert {row[-1] for row in known(home)["companies"]} == {MAY}
    add(home, new)
    assert {row[-1] for row in known(home)["companies"]} == {JUNE}


def test_changed_readers_read_again_what_was_kept(
    tmp_path: Path, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    add(home, month(tmp_path, 136), update(tmp_path, enterprise_delete=f"{NV}\n"))
    before = known(home)
    monkeypatch.setattr(ingest, "fingerprint", lambda module: "f" * 16)
    assert known(home) == before
    add(home, written(tmp_path / "a.csv", SIZES_CSV))
    assert {path.name[17:] for path in (home / "lake").iterdir()} == {"f" * 16}
    assert known(home)["companies"] == before["companies"]


def test_a_zip_with_the_first_meta_file_of_an_unknown_kind_is_refused(
    tmp_path: Path, home: Path
) -> None:
    members = {"meta.csv": meta("30-05-2025", 136, "delta"), "enterprise.csv": "a\n"}
    refused = refused_by(home, zipped(tmp_path / "a.zip", members))
    assert refused.found == "ExtractType delta"


def test_a_package_of_notices_stays_one(tmp_path: Path, home: Path) -> None:
    package = zipped(tmp_path / "a.zip", {"meta.csv": "a,b\n", "1.xml": NOTICE.decode()})
    add(home, package)
    assert ingest.open_lake(Store(home)).registers.parts == ()
    assert len(Store(home).deliveries) == 1


def test_what_is_neither_is_refused_as_before(tmp_path: Path, home: Path) -> None:
    with pytest.raises(SourceError, match="at least one notice"):
        add(home, written(tmp_path / "letter.csv", "dear,sir\n"))
    assert bytes_of(home).keys() == {"lock"}
