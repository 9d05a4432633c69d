"""What the programmes deliver comes in whole, and the delivery added last holds."""

import datetime as dt
import zipfile
from collections.abc import Callable
from pathlib import Path
from tempfile import TemporaryDirectory

import duckdb
import pandas as pd
import pyarrow.parquet as pq
import pytest
from hypothesis import given as hypothesis_given
from hypothesis import settings
from hypothesis import strategies as st
from intake_forms import BIDDER, BUYER, CALL, FIRM, filled
from kbo_extracts import bytes_of, full, refused_by
from lxml import etree
from register import company, engine, number, register
from ted_snippets import award, contractor, original, ted
from test_ingest import everything

from analysis import delivered, ingest
from analysis.companies import programme_firms
from analysis.contracts import BUYERS
from analysis.contracts.intake import REFERENCES, TABLES
from analysis.indicators.given import Given
from analysis.refusal import SourceError
from analysis.report import build
from analysis.sources import programme
from analysis.sources.facts import published
from analysis.store import Delivery, Part, Programme, Store, fingerprint, status

NOTICE = etree.tostring(ted(original(award(contractor("Acme")))))  # of February 2021
CHAIN = {  # CSV as an export with our names of columns would have them
    "pio_calls": "call,call_kind,deadline\nC1,open-call,2019-01-31\n",
    "pio_applications": "application,call,buyer,submitted,decision\n"
    f"A1,C1,{BUYER},2019-01-15,admitted\n",
    "pio_projects": "project,application,buyer,submitted,consulted\n"
    f"P1,A1,{BUYER},2019-01-15,2019-06-01\n",
    "pio_contracts": "contract,project,awarded,value_eur\nO1,P1,2021-03-03,1000\n"
    "O2,P1,2022-01-01,\n",
    "pio_bidders": f"contract,bidder,company_id,country,won\nO1,1,{FIRM},BE,true\n"
    "O1,2,,NL,false\nO2,1,,BE,true\n",
}
AUTHORITIES = "company_id;body;since;until;source\n{};flemish-local;;{};decreet\n"


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


@pytest.fixture
def put(tmp_path: Path) -> Callable[..., Path]:
    """Write a file or, from a dict, a folder of CSV files."""

    def write(name: str, content: str | bytes | dict[str, str]) -> Path:
        path = tmp_path / "in" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if isinstance(content, dict):
            for inner, text in content.items():
                write(f"{name}/{inner}" + ".csv" * ("." not in inner), text)
        else:
            path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return path

    return write


def tables(home: Path) -> dict[str, pd.DataFrame]:
    return ingest.open_lake(Store(home)).programme.tables()


def column(home: Path, table: str, name: str) -> list:
    return list(tables(home)[table][name])


def add(home: Path, *paths: Path, **more: object) -> list[Delivery]:
    return ingest.add(Store(home), paths, **more)


def test_where_nothing_was_delivered_every_table_is_there_without_rows(home: Path) -> None:
    held = ingest.open_lake(Store(home)).programme
    assert (held.kind, held.inputs, held.counts()) == ("real", [], [])
    assert {name: list(rows.columns) for name, rows in held.tables().items()} == {
        name: list(table.columns) for name, table in TABLES.items()
    }
    assert sum(map(len, held.tables().values())) == 0
    assert held.standing == {}


KINDS = {
    "text": "string",
    "whole": "Int64",
    "number": "Float64",
    "money": "Float64",
    "flag": "boolean",
    "day": "datetime64[us]",
}


def test_columns_have_the_kinds_of_their_contract_with_rows_and_without(home: Path, put) -> None:
    def kinds() -> dict[str, list[str]]:
        return {name: [str(kind) for kind in rows.dtypes] for name, rows in tables(home).items()}

    empty = kinds()
    assert empty == {n: [KINDS[c.kind] for c in t.columns.values()] for n, t in TABLES.items()}
    add(home, put("programme", CHAIN))
    assert kinds() == empty
    second = tables(home)["pio_contracts"].iloc[1]
    assert second["awarded"] == pd.Timestamp(2022, 1, 1)
    assert second["value_eur"] is pd.NA  # not zero


def test_a_folder_a_zip_and_single_files_of_the_same_tables_are_the_same(
    tmp_path: Path, home: Path, put
) -> None:
    folder = put("programme", CHAIN)
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        for name, text in CHAIN.items():
            archive.writestr(f"{name}.csv", text)
    ways = [[folder], [tmp_path / "a.zip"], sorted(folder.iterdir())]
    read = [ingest.open_lake(Store(home), paths).programme for paths in ways]
    first, *others = (one.tables() for one in read)
    for other in others:
        for name, rows in other.items():
            pd.testing.assert_frame_equal(rows, first[name])
    assert [len(one.parts) for one in read] == [1, 1, 5]
    assert list(first["pio_bidders"]["bidder"]) == ["1", "2", "1"]


def test_the_same_twice_changes_nothing(home: Path, put) -> None:
    add(home, put("programme", CHAIN))
    before = everything(home)
    add(home, put("programme", CHAIN))
    assert everything(home) == before


def test_the_row_added_last_stands_and_what_it_replaced_is_counted(home: Path, put) -> None:
    first = "call,call_kind,deadline\nC1,open-call,2019-01-31\nC2,open-call,2020-01-31\n"
    again = first.replace("2019-01-31", "2019-02-28") + "C3,open-call,2021-01-31\n"
    one, two = put("z.csv", first), put("a.csv", again)  # not in the order of their names
    add(home, one)
    add(home, two)
    assert column(home, "pio_calls", "call") == ["C1", "C2", "C3"]
    assert column(home, "pio_calls", "deadline")[0] == pd.Timestamp(2019, 2, 28)
    counted = status.programme(ingest.open_lake(Store(home))).drop(columns="delivery")
    assert counted.to_numpy().tolist() == [
        ["pio_calls", "z.csv", "sample", 2, 0, 0, 0],
        ["pio_calls", "a.csv", "sample", 3, 3, 2, 1],
    ]
    add(home, one)  # known already: it does not become the last
    assert column(home, "pio_calls", "deadline")[0] == pd.Timestamp(2019, 2, 28)


def test_of_the_paths_of_one_call_the_last_holds(home: Path, put, tmp_path: Path) -> None:
    early, late = (
        put(f"{day}.csv", f"call,call_kind,deadline\nC1,open-call,2019-01-{day}\n")
        for day in (10, 20)
    )
    for paths, day in (([early, late], 20), ([late, early], 10)):
        held = ingest.open_lake(Store(home), paths).programme
        assert list(held.tables()["pio_calls"]["deadline"]) == [pd.Timestamp(2019, 1, day)]
        add(tmp_path / f"added-{day}", *paths)
        again = tables(tmp_path / f"added-{day}")["pio_calls"]
        assert list(again["deadline"]) == [pd.Timestamp(2019, 1, day)]


SAID = st.dictionaries(st.sampled_from("ABCD"), st.sampled_from([None, 1, 2]), min_size=1)


def a_part(place: Path, at: int, staff: dict[str, int | None]) -> Part:
    table = TABLES["eligible_buyers"]
    rows = [table.Row(key, 2020, "school", staff=n) for key, n in sorted(staff.items())]
    (place / str(at)).mkdir()
    pq.write_table(table.arrow(rows), place / str(at) / "eligible_buyers.parquet")
    entry = Delivery(f"{9 - at}.csv", str(at), "real", "2026-01-31", 1, 1, False, added=at)
    return Part(entry, place / str(at))


@settings(max_examples=15, deadline=None)
@hypothesis_given(st.lists(SAID, max_size=4))
def test_every_key_has_what_was_said_last_and_the_counts_add_up(
    said: list[dict[str, int | None]],
) -> None:
    """One dict a delivery, organisation -> staff: what stands is what `dict.update` leaves."""
    stands: dict[str, int | None] = {}
    for staff in said:
        stands |= staff
    with TemporaryDirectory() as place:
        parts = [a_part(Path(place), at, staff) for at, staff in enumerate(said)]
        held = Programme(tuple(parts[::-1]))
        rows, counts = held.tables()["eligible_buyers"], held.counts()
    found = dict(zip(rows["company_id"], rows["staff"].astype("object"), strict=True))
    assert list(found) == sorted(stands)
    assert {key: None if n is pd.NA else n for key, n in found.items()} == stands
    assert [one.rows for one in counts] == [len(staff) for staff in said]
    assert sum(one.standing for one in counts) == len(stands)
    assert sum(one.rows - one.replaced for one in counts) == len(stands)
    assert all(one.changed <= one.replaced <= one.rows for one in counts)
    assert held.standing.get("eligible_buyers", []) == [
        one.delivery for one in counts if one.standing
    ]


def test_a_row_that_names_nothing_is_refused_until_what_it_names_is_there(
    tmp_path: Path, home: Path, put
) -> None:
    lost = "".join(f"O{n},1,,BE,true\n" for n in range(1, 8))
    bidders = put("bidders.csv", f"contract,bidder,company_id,country,won\n{lost}")
    refused = refused_by(home, bidders)
    assert refused.where == "bidders.csv"
    assert refused.found == (
        "bidders.csv: sheet 'Inschrijvers' (pio_bidders), column 'Opdracht' (contract): "
        "O1, O2, O3, O4, O5 (7 in all) on no sheet 'Opdrachten van projecten' (pio_contracts)"
    )
    assert "add the file with 'Opdrachten van projecten' (pio_contracts) first" in refused.do
    assert "both in one `pio data add`" in refused.do
    eight = "contract,project,awarded\n" + "".join(f"O{n},P1,2021-03-03\n" for n in range(1, 8))
    rest = put("rest", CHAIN | {"pio_contracts": eight, "pio_bidders": "contract,bidder\n"})
    (rest / "pio_bidders.csv").unlink()
    add(home, bidders, rest)  # in one call, in any order
    add(tmp_path / "other", rest)
    add(tmp_path / "other", bidders)  # or what is named first
    assert len(tables(home)["pio_bidders"]) == len(tables(tmp_path / "other")["pio_bidders"]) == 7


def test_every_table_that_names_nothing_is_told_in_one_message(home: Path, put) -> None:
    without = {name: text for name, text in CHAIN.items() if name != "pio_projects"}
    uses = put("uses.csv", f"item,company_id,first_used\nK9,{BUYER},2020-01-01\n")
    refused = refused_by(home, put("programme", without), uses)
    assert refused.where == "programme, uses.csv"
    told = [line.strip() for line in refused.found.splitlines()]
    assert [line.split("'")[1] for line in told] == [
        "Opdrachten van projecten",
        "Gebruik van kennis",
    ]
    assert "P1 (1 in all) on no sheet 'Projecten' (pio_projects)" in told[0]
    assert "K9 (1 in all) on no sheet 'Kennisplatform' (knowledge_items)" in told[1]


def test_every_reference_is_of_a_text_to_the_key_of_another_table() -> None:
    """What `_dangling` and the message count on."""
    for (table, name), (target, key) in REFERENCES.items():
        assert TABLES[table].columns[name].kind == TABLES[target].columns[key].kind == "text"
        assert TABLES[target].key == (key,)


def test_a_folder_of_templates_of_which_one_is_filled_in_is_a_delivery(
    tmp_path: Path, home: Path
) -> None:
    folder = tmp_path / "sjablonen"
    folder.mkdir()
    filled(folder / "pio.xlsx", "pio", {"Oproepen": [CALL]})
    filled(folder / "partners.xlsx", "partners", {})
    (folder / "~$pio.xlsx").write_bytes(b"\x05Jan")  # what Excel leaves while it is open
    add(home, folder)
    assert column(home, "pio_calls", "call") == ["2024-open"]
    (part,) = ingest.open_lake(Store(home)).programme.parts
    assert "blad 'Partners': geen rijen, telt als niet geleverd" in programme.notes(part)
    assert not any("Jan" in note for note in programme.notes(part))


def test_the_faults_of_all_files_are_told_at_once(home: Path, put, tmp_path: Path) -> None:
    bad = CHAIN["pio_calls"].replace("2019-01-31", "31 januari")
    folder = put("programme", {"pio_calls": bad, "helpdesk": "request,asked\nR1,gisteren\n"})
    book = filled(tmp_path / "pio.xlsx", "pio", {"Inschrijvers": [BIDDER | {"Land": "België"}]})
    refused = refused_by(home, folder, book)
    assert refused.where == "helpdesk.csv, pio_calls.csv, pio.xlsx"
    for told in ("'gisteren'", "'31 januari'", "'België'"):
        assert told in refused.found


def test_a_row_in_two_files_of_a_delivery_is_refused(home: Path, put) -> None:
    refused = refused_by(home, put("programme", {"a": CHAIN["pio_calls"], "b": CHAIN["pio_calls"]}))
    assert str(refused).splitlines()[1:3] == [
        "  gevonden  1 rijen van 'Oproepen' (pio_calls) die in twee bestanden staan, de eerste C1",
        "  verwacht  werkboeken en CSV-bestanden, elke rij in één ervan",
    ]


@pytest.mark.parametrize(
    ("name", "content", "found"),
    [
        (
            "old.xlsx",
            b"\xd0\xcf\x11\xe0" + bytes(600),
            "an old Excel workbook, or one with a password",
        ),
        ("x.csv", "oproep;soort oproep\n", "minstens één ingevulde rij"),
        ("folder", CHAIN | {"letter.txt": "Geachte,\n"}, "blad 'letter.txt'"),
    ],
)
def test_what_is_no_form_is_refused_in_words(home: Path, put, name, content, found) -> None:
    assert found in refused_by(home, put(name, content)).found


def test_a_zip_of_workbooks_is_to_be_unpacked(tmp_path: Path, home: Path) -> None:
    book = filled(tmp_path / "pio.xlsx", "pio", {"Oproepen": [CALL]})
    with zipfile.ZipFile(tmp_path / "a.zip", "w") as archive:
        archive.write(book, "pio.xlsx")
    assert "pio.xlsx" in refused_by(home, tmp_path / "a.zip").found


def test_a_form_among_notices_is_refused_and_any_other_csv_is_no_form(home: Path, put) -> None:
    """As notices the form would be a file that cannot be read, and what it tells be lost."""
    folder = put("week", CHAIN)
    (folder / "1.xml").write_bytes(NOTICE)
    refused = refused_by(home, folder)
    assert refused.where == "week/pio_applications.csv"
    for path in folder.glob("*.csv"):
        path.write_text("a;b\n1;2\n", "utf-8")
    add(home, folder)
    held = ingest.open_lake(Store(home))
    assert (len(held.parts), held.programme.parts) == (1, ())


MAPPING = "contract_register:\n  Dossier: contract\n  Koper: buyer\n  Datum: date\n"


def test_a_mapping_stays_with_the_export_that_it_explains(
    tmp_path: Path, home: Path, put, monkeypatch: pytest.MonkeyPatch
) -> None:
    export = put("export.csv", f"Dossier;Koper;Datum\nD1;{BUYER};31-12-2019\n")
    assert "at least one notice" in refused_by(home, export).expected
    mapping = put("mine.yml", MAPPING)
    (delivery,) = add(home, export, columns=mapping)
    assert (delivery.name, delivery.files) == ("export.csv", 2)
    mapping.rename(export.with_name("kolommen.yml"))  # beside the file it is found
    before = everything(home)
    assert add(home, export) == [delivery]
    assert everything(home) == before
    export.unlink()
    monkeypatch.setattr(ingest, "fingerprint", lambda module: "f" * 16)  # to be read again
    assert column(home, "contract_register", "contract") == ["D1"]


def test_a_mapping_beside_notices_and_registers_is_not_theirs(home: Path, put) -> None:
    put("kolommen.yml", "no: mapping: at all")
    sizes = "company_id,year,employees_fte,turnover_eur,balance_eur\n0200065765,2023,1,2,3\n"
    added = add(home, put("1.xml", NOTICE), put("sizes.csv", sizes))
    assert [delivery.files for delivery in added] == [1, 1]
    with pytest.raises(SourceError, match=r"kolommen\.yml"):
        add(home, put("calls.csv", CHAIN["pio_calls"]))


def test_a_mapping_for_a_folder_is_put_in_it(home: Path, put) -> None:
    folder, mapping = put("folder", CHAIN), put("mine.yml", MAPPING)
    with pytest.raises(SourceError, match=r"put the mapping in the folder as kolommen\.yml"):
        add(home, folder, columns=mapping)


def bodies(home: Path) -> list[tuple]:
    held = ingest.open_lake(Store(home))
    with duckdb.connect() as made:
        rows = held.registers.relations(made)[BUYERS.name]
        return rows.project("company_id, body, until").order("all").fetchall()


def test_authorities_of_a_workbook_are_buyers_of_the_register(home: Path, put) -> None:
    """As a form with semicolons; with commas it is the register's own table, as before."""
    add(home, put("aankopers.csv", AUTHORITIES.format(BUYER, "")))
    assert bodies(home) == [(BUYER, "flemish-local", None)]
    held = ingest.open_lake(Store(home))
    assert [name for name, _ in held.registers.inputs] == ["aankopers.csv"]
    assert (held.registers.parts, len(held.programme.parts)) == ((), 1)
    add(home, put("newer.csv", AUTHORITIES.format(BUYER, "31/12/2019")))
    assert bodies(home) == [(BUYER, "flemish-local", dt.date(2019, 12, 31))]
    add(home, put("plain.csv", AUTHORITIES.format("0200065765", "").replace(";", ",")))
    assert [row[0] for row in bodies(home)] == ["0200065765", BUYER]
    assert len(ingest.open_lake(Store(home)).registers.parts) == 1


def test_a_body_of_two_governments_on_one_day_is_refused(home: Path, put) -> None:
    add(home, put("aankopers.csv", AUTHORITIES.format(BUYER, "2019-12-31")))
    other = f"company_id,body,since,until,source\n{BUYER},federal,2019-12-31,,law\n"
    refused = refused_by(home, put("buyers.csv", other))
    assert refused.where == "aankopers.csv, buyers.csv"
    assert refused.found.endswith(f"the first for {BUYER} 2019-12-31")
    add(home, put("buyers.csv", other.replace("2019-12-31", "2020-01-01")))
    assert [row[1] for row in bodies(home)] == ["federal", "flemish-local"]


def test_a_card_says_that_a_delivery_is_invented(home: Path, put) -> None:
    add(home, put("programme", CHAIN | {"card.yml": "kind: simulated\n"}), kind="real")
    assert ingest.open_lake(Store(home)).programme.kind == "simulated"


@pytest.mark.parametrize(
    ("where", "name"),
    [(programme, "_merged"), (Programme, "check"), (Store, "commit"), (Store, "_list")],
)
def test_an_interrupted_add_leaves_the_old_state(
    home: Path, put, monkeypatch: pytest.MonkeyPatch, where: object, name: str
) -> None:
    add(home, put("programme", CHAIN))
    before = bytes_of(home)

    def stopped(*_given: object, **_named: object) -> None:
        raise KeyboardInterrupt

    new = put("new.csv", "call,call_kind,deadline\nC9,open-call,2019-01-31\n")
    with monkeypatch.context() as patch, pytest.raises(KeyboardInterrupt):
        patch.setattr(where, name, stopped)
        add(home, new)
    after = bytes_of(home)
    assert {file: after[file] for file in before} == before
    assert column(home, "pio_calls", "call") == ["C1"]
    add(home, new)
    assert column(home, "pio_calls", "call") == ["C1", "C9"]


def test_the_words_of_the_lists_are_part_of_what_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All YAML beside an `__init__.py` belongs to the package: `codes.yml` to the forms."""
    place = tmp_path / "analysis"
    (place / "forms").mkdir(parents=True)
    (place / "reader.py").write_text("from analysis.forms import A\n")
    (place / "forms" / "__init__.py").write_text("A = 1\n")
    monkeypatch.setattr(fingerprint, "_ROOT", tmp_path)
    before = fingerprint.fingerprint.__wrapped__("analysis.reader")
    (place / "other.yml").write_text("yes: ja\n")
    assert fingerprint.fingerprint.__wrapped__("analysis.reader") == before
    (place / "forms" / "codes.yml").write_text("yes: ja\n")
    assert fingerprint.fingerprint.__wrapped__("analysis.reader") != before


def test_a_report_rests_on_what_was_delivered_in_its_order(home: Path, put) -> None:
    notice, paths = (
        put("1.xml", NOTICE),
        [put("a", CHAIN), put("b", CHAIN | {"card.yml": "kind: sample\n"})],
    )

    def key(*given_: Path) -> str:
        lake = ingest.open_lake(Store(home), [notice, *given_])
        return build.Found(lake, 2021, None).key(["nl"])

    found = [key(), key(*paths), key(*paths[::-1]), key(*paths)]
    assert len(set(found)) == 3
    assert found[1] == found[3]


def given(home: Path, year: int) -> Given:
    """What every theme is given when the ledger of a year is made."""
    with duckdb.connect() as made:
        return delivered.given(made, ingest.open_lake(Store(home)), year, published())


def test_a_theme_is_given_what_was_delivered_up_to_the_year(
    tmp_path: Path, home: Path, put
) -> None:
    """Contract O2 is of 2022, and with it its one bidder; the firm began on 2 June 2016."""
    survey = "wave,group,stratum,members\n2021,contractor,alle,4\n2022,contractor,alle,5\n"
    events = "event,event_kind,title,on_date\nE1,workshop,Dag,2022-05-05\n"
    attended = f"event,company_id\nE1,{BUYER}\n"
    audit = "contract,coder,verdict,coded\nD1,x,rd,2022-02-02\nD2,x,rd,2022-02-02\n"
    contracts = f"contract,buyer,date\nD1,{BUYER},2021-12-31\nD2,{BUYER},2022-01-01\n"
    folder = put(
        "programme",
        CHAIN
        | {"survey": survey, "events": events, "attended": attended}
        | {"audit": audit, "register": contracts},
    )
    firm = "1999.999.844"
    extract = full(
        tmp_path,
        enterprise=f"{firm},AC,000,2,610,,02-06-2016\n",
        denomination=f"{firm},2,001,Nieuw\n",
        address=f"{firm},REGO,,,1000,Brussel,Bruxelles,Straat,Rue,1,,,\n",
        activity=f"{firm},001,2025,62100,MAIN\n",
    )
    add(home, folder, extract)
    found = given(home, 2021)
    assert found.year == 2021
    assert list(found.tables["pio_contracts"]["contract"]) == ["O1"]
    assert list(found.tables["pio_bidders"]["bidder"]) == ["1", "2"]
    assert list(found.tables["survey_populations"]["members"]) == [4]
    assert list(found.tables["audit_sample"]["contract"]) == ["D1"]
    assert len(found.tables["events"]) == len(found.tables["event_attendance"]) == 0
    assert found.has("pio_contracts", "audit_sample")
    assert not found.has("events")
    assert not found.has("partner_kpis")
    origin = found.origins["pio_bidders"]
    assert (origin.kind, [name for name, _ in origin.deliveries]) == ("sample", ["programme"])
    (firm_class,) = found.classes.itertuples(index=False)
    assert firm_class == (FIRM, pd.Timestamp(2021, 3, 3), "start-up", True, "brussels")
    answers = found.answers.set_index("definition")["answer"]
    assert (answers["startup-5"], answers["younger-than-5"], answers["eu-small"]) == (
        True, True, pd.NA,
    )  # fmt: skip
    assert set(found.facts) == set(published())


def test_a_theme_without_deliveries_is_given_empty_tables(home: Path) -> None:
    found = given(home, 2021)
    assert (len(found.answers), len(found.classes), found.origins) == (0, 0, {})
    assert set(found.tables) == set(TABLES)
    assert list(found.classes.columns)[2:] == ["firm_class", "is_startup", "origin"]


def rows(table: str, *stated: dict) -> pd.DataFrame:
    return pd.DataFrame(list(stated), columns=list(TABLES[table].columns))


def test_a_firm_is_judged_on_each_day_that_a_row_tells() -> None:
    a, b, c, d = (number(n) for n in range(1, 5))
    days = [pd.Timestamp(2020, 1, n) for n in range(1, 6)]
    found = programme_firms.named(
        {name: rows(name) for name in TABLES}
        | {
            "pio_projects": rows(
                "pio_projects", {"project": "P1", "consulted": days[0]}, {"project": "P2"}
            ),
            "pio_consulted": rows(
                "pio_consulted",
                {"project": "P1", "company_id": a},
                {"project": "P1"},  # foreign: no number
                {"project": "P2", "company_id": b},  # no day
            ),
            "pio_contracts": rows("pio_contracts", {"contract": "O1", "awarded": days[1]}),
            "pio_bidders": rows("pio_bidders", {"contract": "O1", "company_id": a}),
            "contract_register": rows(
                "contract_register",
                {"contract": "D1", "company_id": a, "date": days[1]},  # the same pair again
                {"contract": "D2", "company_id": c, "date": days[2]},
            ),
            "marketplace_needs": rows(
                "marketplace_needs",
                {"need": "N1", "winner": d, "awarded": days[3]},
                {"need": "N2", "posted": days[3]},
            ),
            "marketplace_firms": rows(
                "marketplace_firms", {"company_id": d, "registered": days[4]}
            ),
        }
    )
    assert list(found.itertuples(index=False, name=None)) == [
        (a, days[0]), (a, days[1]), (c, days[2]), (d, days[3]), (d, days[4]),
    ]  # fmt: skip


def test_a_firm_grows_older_between_two_contracts_and_has_one_seat() -> None:
    """Begun on 2 June 2015: a start-up below five years on 1 June 2020, no longer a day later."""
    made, firm, lost = engine(), number(1), number(2)
    known = register(made, company(firm, start_date=dt.date(2015, 6, 2)))
    stated = [
        {"contract": "D1", "company_id": firm, "date": pd.Timestamp(2020, 6, 1)},
        {"contract": "D2", "company_id": firm, "date": pd.Timestamp(2020, 6, 2)},
        {"contract": "D3", "company_id": lost, "date": pd.Timestamp(2020, 6, 2)},
    ]
    given_ = {name: rows(name) for name in TABLES}
    given_["contract_register"] = rows("contract_register", *stated)
    found = programme_firms.judged(made, given_, known)
    asked = found.answers[found.answers["definition"] == "startup-5"]
    assert list(asked["answer"].astype("object")) == [True, False, pd.NA]
    assert list(found.classes["origin"]) == ["flanders", "flanders", "unknown"]
    assert list(found.classes["firm_class"]) == ["start-up", "start-up", "unknown"]  # below ten
