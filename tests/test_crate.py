"""A report folder says what went in, what was done, what came out: a Workflow Run RO-Crate."""

import ast
import datetime as dt
import hashlib
import json
import os
import time
from pathlib import Path
from types import SimpleNamespace
from urllib.parse import quote

import duckdb
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

from analysis import workbook
from analysis.report import crate, crate_graph, crate_inputs, crate_stages, folder, plan
from analysis.store import Delivery, Extract, Lake, Part, Programme, Register, Registers

DAYS = [dt.date(2016, 1, 5), dt.date(2024, 12, 30)]
SOURCES = [plan.ROOT / "requirements.lock", plan.PLAN]


def delivery(name: str, digit: str, kind: str = "real", added: int = 0) -> Delivery:
    return Delivery(
        name, digit * 64, kind, received=f"20{added + 10}-01-01", files=1, bytes=9,
        is_folder=False, added=added,
    )  # fmt: skip


@pytest.fixture
def lake(tmp_path) -> Lake:
    """Notices of two eras, an extract of KBO, a table of sizes, and two files of a programme."""
    (tmp_path / "part").mkdir()
    rows = {"era": ["eforms", "ted-old"], "publication_date": DAYS[::-1], "dispatch_date": DAYS}
    pq.write_table(pa.table(rows), tmp_path / "part" / "notices.parquet")
    notices = Part(delivery("notices.tar", "a", "sample"), tmp_path / "part")
    kbo = Register(
        delivery("Kbo.zip", "b"), tmp_path / "none", Extract("full", dt.date(2025, 5, 3), 140)
    )
    sizes = Register(delivery("sizes.csv", "c"), tmp_path / "none", Extract("sizes"))
    sent = [Part(delivery(f"{n}.xlsx", n[0], added=n == "d"), tmp_path / "none") for n in "de"]
    return Lake((notices,), Registers((kbo, sizes)), Programme(tuple(sent)))


@pytest.fixture
def told(lake, tmp_path) -> dict:
    decided = tmp_path / "links.csv"
    decided.write_text("name,who\n")
    said = {"year": 2024, "languages": ["nl", "en"]}
    return crate.run(lake, **said, decisions=decided, sources=SOURCES)


@pytest.fixture
def stage(tmp_path, told):
    """A report with a ledger, a page and a table, and its crate."""
    place = tmp_path / "2024"
    (place / "tables").mkdir(parents=True)
    (place / "results.csv").write_text("id,value\naccess.a,1\naccess.b,2\nnorm.c,3\n")
    (place / "report.nl.html").write_text("<p>")
    (place / "tables" / "één tabel.nl.csv").write_text("1")
    crate.write(place, told)
    return place


@pytest.fixture
def nodes(stage) -> dict:
    graph = json.loads((stage / "ro-crate-metadata.json").read_text("utf-8"))["@graph"]
    assert len({node["@id"] for node in graph}) == len(graph)
    return {node["@id"]: node for node in graph}


def pointed(value) -> list[str]:
    """Every id that a node points to."""
    if isinstance(value, dict):
        return [value["@id"]]
    return [id for one in value for id in pointed(one)] if isinstance(value, list) else []


def test_the_crate_keeps_what_the_profile_demands(nodes):
    """RO-Crate 1.1, Workflow RO-Crate 1.0, Process and Workflow Run Crate 0.5: what MUST be."""
    descriptor, root = nodes["ro-crate-metadata.json"], nodes["./"]
    assert descriptor["about"] == {"@id": "./"}
    assert {"@id": "https://w3id.org/ro/crate/1.1"} in descriptor["conformsTo"]
    assert {name for name in root if not name.startswith("@")} >= {
        "name", "description", "datePublished", "license", "conformsTo", "hasPart", "mainEntity",
    }  # fmt: skip
    assert {"@id": "https://w3id.org/ro/wfrun/workflow/0.5"} in root["conformsTo"]
    workflow = nodes[root["mainEntity"]["@id"]]
    assert workflow["@type"] == ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
    assert nodes[workflow["programmingLanguage"]["@id"]]["@type"] == "ComputerLanguage"
    run = nodes[root["mentions"]["@id"]]
    assert (run["@type"], run["instrument"]) == ("CreateAction", root["mainEntity"])
    for parameter in workflow["input"]:
        given = nodes[nodes[parameter["@id"]]["workExample"]["@id"]]
        assert given["exampleOfWork"] == parameter
        assert {"@id": given["@id"]} in run["object"]


def test_whatever_a_node_points_to_is_there(nodes):
    for node in nodes.values():
        for value in node.values():
            assert [id for id in pointed(value) if id not in nodes and "://" not in id] == []


def test_every_file_is_listed_with_its_digest(stage, nodes):
    listed = {one["@id"] for one in nodes["./"]["hasPart"]}
    for path in (path for path in stage.rglob("*") if path.is_file()):
        name = path.relative_to(stage).as_posix()
        if name != "ro-crate-metadata.json":
            assert quote(name) in listed
            assert nodes[quote(name)]["sha256"] == hashlib.sha256(path.read_bytes()).hexdigest()


def test_every_input_comes_with_its_digest_and_its_card(nodes):
    given = {node["name"]: node for id, node in nodes.items() if id.startswith("#input-")}
    notices, kbo = given["notices.tar"], given["Kbo.zip"]
    assert (notices["sha256"], notices["temporalCoverage"]) == ("a" * 64, "2016-01-05/2024-12-30")
    assert "Publications Office" in notices["publisher"]
    assert "2011/833/EU" in notices["license"]
    assert "eForms" in notices["description"]
    assert "R2.0.7" in notices["description"]
    assert (kbo["temporalCoverage"], kbo["publisher"][:11]) == ("2025-05-03", "FPS Economy")
    assert given["sizes.csv"]["license"] == "not stated"
    assert given["links.csv"]["sha256"] == hashlib.sha256(b"name,who\n").hexdigest()
    norm = given["data/raw/norm/norm.csv"]
    own = (plan.ROOT / "data" / "raw" / "norm" / "norm.csv").read_bytes()
    assert norm["sha256"] == hashlib.sha256(own).hexdigest()
    assert {"publisher", "license", "temporalCoverage"} <= norm.keys()
    used = {one["@id"] for one in nodes["#run"]["object"]}
    assert {node["@id"] for node in given.values()} <= used


def test_files_of_a_programme_are_told_in_the_order_of_adding_and_not_by_the_day(told):
    sent = [one["name"] for one in told["inputs"] if one["what"] == "programme"]
    assert sent == ["e.xlsx", "d.xlsx"]
    assert "2010-01-01" not in json.dumps(told)


def test_invented_data_never_travel_under_the_licence_of_real_ones(lake):
    part = Part(delivery("n.tar", "f", "simulated"), lake.parts[0].folder)
    [entry] = crate_inputs.inputs(Lake((part,)), None)
    assert entry["publisher"] == "invented, no real organisation"
    assert entry["licence"] == "MIT"


def test_the_same_report_gives_the_same_bytes_whatever_the_clock(stage, told, monkeypatch):
    before = (stage / "ro-crate-metadata.json").read_bytes()
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    os.utime(stage / "results.csv", (0, 0))
    (stage / "ro-crate-metadata.json").unlink()
    (stage / "evaluation.yml").unlink()
    crate.write(stage, told)
    monkeypatch.undo()
    time.tzset()
    assert (stage / "ro-crate-metadata.json").read_bytes() == before
    assert json.loads(before)["@graph"][1]["datePublished"] == "2024-12-31"


def test_the_command_is_what_one_types(told):
    assert crate_graph.command(told["parameters"]) == "pio report --year 2024 --language nl,en"


def test_every_source_is_told_by_its_place_in_the_project(told):
    assert set(told["code"]) == {"requirements.lock", "reports/evaluation.yml"}
    installed = plan.ROOT.parent / "site-packages" / "analysis" / "cells" / "lots.py"
    assert crate._place(installed) == "src/analysis/cells/lots.py"


def digest(sql: str) -> str:
    with duckdb.connect() as engine:
        return crate_stages.digest(engine.sql(sql))


def test_a_digest_of_rows_knows_no_order_but_every_row():
    two = "select * from (values (1, 'a', 0.5), (2, null, 0.25)) t(a, b, c)"
    assert digest(two) == digest(f"from ({two}) order by a desc")
    others = (
        two.replace("0.25", "0.26"),
        two.replace("null", "''"),
        f"{two} union all {two}",  # every row twice
        f"{two} limit 1",
        two.replace("(1, 'a', 0.5), ", ""),
    )
    assert len({digest(other) for other in (two, *others)}) == 6
    assert digest(f"{two} limit 0") == "0:0"


def test_the_last_digits_of_a_sum_do_not_make_a_stage_differ():
    one, other = 0.1 + 0.2 + 0.3, 0.3 + 0.2 + 0.1
    assert one != other
    assert digest(f"select {one!r}::double as a") == digest(f"select {other!r}::double as a")


def test_what_a_step_gives_is_noted_under_its_stage_and_given_back():
    frame = pd.DataFrame({"a": [1, 2]})
    kept = SimpleNamespace(_asdict=lambda: {"lots": frame, "log": pa.table({"x": [1]}), "n": 3})
    noted: dict = {}
    note = crate_stages.noting(noted)
    assert note("rules", "apply_rules", kept) is kept
    assert note("cells", "access_cells", frame[:1]).equals(frame[:1])
    assert set(noted["rules"]) == {"apply_rules.lots", "apply_rules.log"}
    assert list(noted["cells"]) == ["access_cells"]
    assert noted["companies"] == {}
    assert noted["rules"]["apply_rules.lots"].startswith("2:")


def steps_called(source: str) -> set[str]:
    """Names of cells, rules and the chain of companies that code calls or hands on."""
    rooms = ("analysis.cells", "analysis.notices", "analysis.companies.chain")
    tree = ast.parse(source)
    named = {
        name.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom) and str(node.module).startswith(rooms)
        for name in node.names
        if name.name[0].islower()
    }
    used = [node.id for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in named]
    return named & set(used)


def steps_noted(source: str) -> set[str]:
    """Names of what code gives to `note`, or to the `cells` of a world, which notes it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and ast.unparse(node.func).split(".")[-1] in (
            "note",
            "cells",
        ):
            found |= {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}
    return found


def test_every_step_from_the_notices_to_the_cells_is_noted():
    """Else two runs that part there would be told to part later."""
    source = Path(workbook.__file__).read_text("utf-8")
    assert len(steps_called(source)) == 10
    assert steps_called(source) - steps_noted(source) == set()
    planted = source.replace("world.cells(firm_cells, engine,", "firm_cells(engine,")
    assert steps_called(planted) - steps_noted(planted) == {"firm_cells"}


def test_a_changed_row_changes_its_family_and_no_other(stage):
    before = crate_stages.families(stage / "results.csv")
    text = (stage / "results.csv").read_text()
    (stage / "results.csv").write_text(text.replace("access.b,2", "access.b,3"))
    after = crate_stages.families(stage / "results.csv")
    assert {name for name in before if before[name] != after[name]} == {"access"}
    assert list(after) == ["access", "norm"]


def test_the_record_of_a_report_says_how_it_was_made(tmp_path, told):
    run: dict = {}
    with folder.replaced(tmp_path / "2024", "key", run) as made:
        (made / "results.csv").write_text("id\n")
        run |= told
    record = json.loads((tmp_path / "2024" / "report.json").read_text())
    assert record["run"]["parameters"] == {"year": 2024, "languages": ["nl", "en"]}
    assert folder.is_current(tmp_path / "2024", "key")
