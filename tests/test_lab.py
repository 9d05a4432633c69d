"""What an analyst holds in a notebook agrees with the report, and the notebook runs to its end."""

import ast
import inspect
import json
import os
import re
import subprocess
import sys
import time
import urllib.request
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import pandas as pd
import pytest
import small_report
from small_report import YEAR

from analysis import cli, lab, results
from analysis.cells.access import TABLES, AccessCells
from analysis.cli import lab as command
from analysis.companies.definitions import FOLDER
from analysis.contracts import RESULTS
from analysis.indicators import access_shares
from analysis.ingest import open_lake
from analysis.lab import indicators, own, places, shelf
from analysis.lab.drawn import said
from analysis.lab.tables import every
from analysis.lab.world import World
from analysis.present import origins
from analysis.refusal import ReportError
from analysis.report import build, plan
from analysis.report.build import Found
from analysis.report.trace_rows import HIDDEN
from analysis.store import Store

NOTEBOOK = plan.ROOT / "notebooks" / "explore.ipynb"
NUMBERS = ["value", "low", "high", "n", "unknown"]
OWN = """
id: mine
based_on: startup-5
title: {nl: eigen, en: own}
values:
  max_age_years: {unit: years, verified: true, since: {always: LIMIT}}
"""


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """The workbook of a small world that is laid open once, also for its ledger."""
    folder = tmp_path_factory.mktemp("lab")
    lake = open_lake(Store(folder / "home"), small_report.deliveries(folder / "data"))
    with pytest.MonkeyPatch.context() as patch:
        small_report.quick(patch)
        patch.setattr("analysis.lab.world.definitions", lambda: ["startup-5"])  # fewer cells
        world = World(Found(lake, YEAR, None))
        cells = AccessCells(**{name: world.access[one.name] for name, one in TABLES.items()})
        row = partial(results.number, chapter="20", **world.of.rests_on)
        ledger = results.ledger(access_shares.rows(cells, row))
        patch.setattr(build, "opened", lambda **_: (world.found, ledger))
        patch.setattr("analysis.lab.book.World", lambda _: world)
        yield lab.Workbook(YEAR)
        world.close()


@pytest.fixture(scope="module")
def won(book):
    """Winners, and whether they are start-ups below five years of age."""
    return book.won("startup-5")


def code(path: Path = NOTEBOOK) -> dict[str, str]:
    """The code cells of a notebook, by their ids."""
    cells = json.loads(path.read_text("utf-8"))["cells"]
    return {cell["id"]: "".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"}


@pytest.fixture(scope="module")
def ran(book, tmp_path_factory):
    """The names that the notebook leaves behind, and the value that each of its cells ends with."""
    names, shown = {}, []
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(tmp_path_factory.mktemp("notebook"))
        for id, source in code().items():
            tree = ast.parse(source)
            last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
            exec(compile(tree, id, "exec"), names)
            if last:
                shown.append(eval(compile(ast.Expression(last.value), id, "eval"), names))
        names["files"] = sorted(path.name for path in Path().iterdir())
        names["lots"] = Path("lots.not-controlled.csv").read_text("utf-8")
    return names, shown


def in_ledger(book, id, **where):
    """Rows of the ledger, by period."""
    stated = {"group": "all", "definition": "startup-5"} | where
    rows = book.ledger[book.ledger["id"] == id]
    for column, value in stated.items():
        rows = rows[rows[column] == value]
    return rows.set_index("period")[NUMBERS].astype(float)


def compared(measured: pd.DataFrame, told: pd.DataFrame) -> None:
    """The same numbers in the same periods."""
    assert len(measured)
    ours = measured.set_index("period")[NUMBERS].astype(float)
    pd.testing.assert_frame_equal(ours, told.loc[ours.index], rtol=1e-9)


@pytest.mark.parametrize("what", ["lots_won", "lot_share", "amount", "amount_share"])
@pytest.mark.parametrize("perimeter", ["flemish-public", "belgium"])
def test_what_is_counted_from_winners_is_what_the_ledger_says(book, won, what, perimeter):
    """Of every year with lots, value and bounds, and of the whole period."""
    told = in_ledger(book, f"access.{what}", perimeter=perimeter)
    compared(book.measure(won, what, by="year", perimeter=perimeter), told)
    inside = won[won[perimeter.replace("-", "_")].fillna(False)]
    whole = book.measure(inside, what)
    [row] = whole[NUMBERS].astype(float).to_numpy().tolist()
    assert row == pytest.approx(told.loc["2016-2025"].tolist(), nan_ok=True)


@pytest.mark.parametrize("by", ["buyer_type", "cpv_division", "value_band", "procedure"])
def test_groups_are_those_of_the_ledger(book, won, by):
    measured = book.measure(won, "lot_share", by=by, perimeter="flemish-public")
    told = book.indicators.access.lot_share(group=f"{by}=*", perimeter="flemish-public")
    assert measured["group"].tolist() == told["group"].tolist()
    pd.testing.assert_frame_equal(measured[NUMBERS], told[NUMBERS], rtol=1e-9)


def test_provinces_and_what_has_none_add_up_to_flanders(book, won):
    parts = book.measure(won, "lots_won", by="buyer_province", perimeter="located-in-flanders")
    [flanders] = (
        in_ledger(book, "access.lots_won", perimeter="located-in-flanders")
        .loc[["2016-2025"]]
        .to_dict("records")
    )
    for number in NUMBERS:
        assert parts[number].astype(float).sum() == pytest.approx(flanders[number])
    known = {f"buyer_province={name}" for name in [*places.PROVINCES, "not-stated"]}
    assert set(parts["group"]) <= known
    assert len(parts) > 3


def test_who_is_in_a_province_is_in_flanders_and_the_perimeter_agrees(won):
    has = won["buyer_province"].notna()
    assert set(won.loc[has, "buyer_region"]) == {"flanders"}
    inside = won["located_in_flanders"].fillna(False)
    assert (inside == (won["buyer_region"] == "flanders").fillna(False)).all()


@pytest.mark.parametrize(
    ("postcode", "nuts", "province"),
    [
        ("1500", None, "flemish-brabant"),  # the first and the last of each
        ("1999", None, "flemish-brabant"),
        ("2000", None, "antwerp"),
        ("2999", None, "antwerp"),
        ("3000", None, "flemish-brabant"),
        ("3499", None, "flemish-brabant"),
        ("3500", None, "limburg"),
        ("3999", None, "limburg"),
        ("8000", None, "west-flanders"),
        ("9990", None, "east-flanders"),
        ("B-9000 ", None, "east-flanders"),
        ("1000", "BE241", None),  # a postal code of Brussels goes before the NUTS code
        (None, "BE234", "east-flanders"),
        (None, "BE2", None),
        (None, None, None),
    ],
)
def test_a_place_is_known_by_its_postal_code_else_by_its_nuts_code(book, postcode, nuts, province):
    stated = {"notice_id": "n", "document": "d", "lot_id": "1", "country": "BE"}
    stated |= {"buyer": "BE0000000000", "buyer_postcode": postcode, "buyer_nuts": nuts}
    frame = pd.DataFrame([stated], dtype="string")  # noqa: F841 - DuckDB finds it by name
    engine = book._world.engine
    addresses = book._world.register["addresses"].limit(0)
    query = places.places(engine.sql("from frame"), addresses)
    [found] = engine.sql(query).fetchall()
    assert found[-1] == province


def test_the_weights_of_a_lot_are_one_and_no_lot_is_lost(book, won):
    lots = book.tables.lot_results()
    awarded = lots[lots["outcome"] == "awarded"]
    weights = won.groupby(["notice_id", "document", "lot_id"])["weight"].sum()
    assert len(weights) == len(awarded)
    assert weights.to_numpy(float) == pytest.approx(1)


def test_a_tally_of_two_lots_worked_by_hand(book, won):
    """A joint win: one of two firms is a start-up, of the other it is not known; and a plain no."""
    one = won.iloc[[0, 0, 0]].assign(
        lot=[1, 1, 2], weight=[0.5, 0.5, 1.0], eur=[10.0, 10.0, None], answer=[True, pd.NA, False]
    )
    [row] = book.tally(one.astype({"answer": "boolean", "eur": "Float64"})).to_dict("records")
    assert (row["lots"], row["lots_unknown"], row["valued"], row["valued_unknown"]) == (2, 1, 1, 1)
    assert (row["yes"], row["no"], row["unknown"]) == (0.5, 1, 0.5)
    assert (row["eur_yes"], row["eur_no"], row["eur_unknown"]) == (10, 0, 10)


def test_no_rows_have_no_number(book, won):
    assert book.measure(won.head(0), "lot_share", by="year").empty


def test_a_definition_that_says_the_same_counts_the_same(book, won):
    id = book.define(OWN.replace("LIMIT", "5"))
    same = book.won(id)
    assert id == "mine"
    assert (same["definition"] == "mine").all()
    pd.testing.assert_series_equal(same["answer"], won["answer"])
    assert {True, False} == set(same["answer"].dropna())


def test_who_is_young_below_five_is_young_below_eight(book, won):
    older = book.won(book.define(OWN.replace("LIMIT", "8").replace("mine", "older")))
    assert older.loc[won["answer"].fillna(False), "answer"].all()
    assert (older["answer"].isna() <= won["answer"].isna()).all()  # of the too old all is known


def test_a_definition_is_refused_with_its_reason():
    example = """
examples:
  - {why: six is not below five, firm: {start_date: 2018-01-01, on_date: 2024-06-01}, answer: true}
"""
    assert own.read(OWN.replace("LIMIT", "5") + example.replace("true", "false")).id == "mine"
    for text, reason in (
        (OWN.replace("LIMIT", "5") + example, "six is not below five: False"),
        (OWN.replace("LIMIT", "5").replace("mine", "startup-10"), "another file has the id"),
        (OWN.replace("LIMIT", "5").replace("max_age_years", "max_age"), "max_age_years"),
        ("id: [", "flow"),
        ("- a list", "no definition"),
        (OWN + "up_to: 3", "without up_to"),
    ):
        with pytest.raises(ReportError, match=re.escape(reason)):
            own.read(text)
    assert not list(FOLDER.glob("~*"))


def test_a_definition_that_is_not_there_is_refused_by_name(book):
    with pytest.raises(ReportError, match="startup-6"):
        book.won("startup-6")


@pytest.mark.parametrize(("what", "perimeter"), [("lots", None), ("amount", "flanders")])
def test_a_measure_or_a_perimeter_that_is_not_there_is_refused(book, won, what, perimeter):
    with pytest.raises(ReportError, match="lots_won, lot_share"):
        book.measure(won, what, perimeter=perimeter)


def test_every_table_comes_as_its_contract_promises(book):
    """Its columns, no other, and none of them in a kind that has no missing value."""
    seen = {}
    for table, *_ in every():
        assert table.name not in seen, "a table has one name"
        rows = seen[table.name] = getattr(book.tables, table.name)()
        assert list(rows.columns) == list(table.columns), table.name
        assert not {"int64", "bool"} & {str(kind) for kind in rows.dtypes}, table.name
    assert min(len(seen[name]) for name in ("notices", "lots", "awards", "winners", "cells")) > 50
    assert dir(book.tables) == sorted(seen)


def test_a_table_tells_its_row_its_units_and_its_codes(book):
    told = inspect.getdoc(book.tables.lot_results)
    assert told.startswith("lot_results: one lot of one award notice that the rules kept.")
    assert re.search(r"value_eur +Sum of its contracts, if each is usable; no VAT \[EUR\]", told)
    assert re.search(r"outcome .*: awarded, not-awarded, unknown", told)
    assert "lot_results()" in repr(book.tables.lot_results)


def test_every_indicator_is_on_the_shelf_and_gives_its_own_rows(book):
    ids = {f"{family}.{name}" for family in dir(book.indicators)
           for name in dir(getattr(book.indicators, family))}  # fmt: skip
    assert ids == set(book.ledger["id"])
    rows = book.indicators.access.lot_share(period="202?", perimeter="belgium", group="all")
    assert set(rows["id"]) == {"access.lot_share"}
    assert rows["period"].tolist() == [str(year) for year in range(2020, 2026)]
    assert list(inspect.signature(book.indicators.access.lot_share).parameters) == [
        "period", "group", "definition", "perimeter",
    ]  # fmt: skip


def test_an_indicator_tells_question_unit_denominator_and_source(book):
    told = inspect.getdoc(book.indicators.access.lot_share)
    assert told.startswith("access.lot_share  [share, 0-1]")
    assert "Do start-ups get access to public contracts? (chapter 20)" in told
    assert "sum w S/sum w" in told
    assert "Denominator awarded-lots: awarded lots" in told
    assert "Source: analysis/indicators/access_shares.py" in told


def test_of_a_text_on_many_indicators_only_the_own_part_is_told():
    text = "Norm.\n\nnorm.a, norm.share\n    One row a year.\n    Bounds.\nnorm.b\n    Other.\n"
    assert indicators._own_part(text, "norm.share") == "One row a year.\nBounds."
    assert indicators._own_part(text, "norm.b") == "Other."
    assert indicators._own_part("A share.", "norm.c") == "A share."


def test_no_name_is_shown_of_who_may_be_a_person(book):
    register = book.tables.companies().set_index("number")["is_natural_person"]
    members = book.tables.members()
    legal = members["company_id"].map(register).eq(False).fillna(False)
    key = ["notice_id", "document", "lot_id", "winner"]
    all_legal = legal.groupby([members[name] for name in key]).all()
    winners = book.tables.winners().set_index(key)
    shown = winners[winners["name"].notna() & (winners["name"] != HIDDEN)]
    assert len(shown) > 5
    assert all_legal.loc[shown.index].all()
    assert not shown["is_natural_person"].fillna(False).any()
    hidden = winners[winners["name"] == HIDDEN]
    assert len(hidden) > 5
    assert set(hidden["identifier"].dropna()) <= {HIDDEN}
    of_others = book.tables.organisations().query("not is_buyer")
    assert set(of_others["name"].dropna()) == {HIDDEN}
    links = book.tables.links()
    assert set(links.loc[links["company_id"].isna(), "name"]) == {HIDDEN}
    assert set(links.loc[links["company_id"].isna(), "part_name"]) == {HIDDEN}


def test_behind_a_number_stand_the_lots_that_it_counts(book):
    where = {"perimeter": "flemish-public", "group": "all", "definition": "startup-5"}
    told = in_ledger(book, "access.lots_won", perimeter="flemish-public")
    behind = book.trace("access.lots_won", period="2016-2025", **where)
    yes = behind.loc[behind["answer"] == "yes", "weight"].astype(float).sum()
    assert yes == pytest.approx(told.loc["2016-2025", "value"], abs=1e-3)
    with pytest.raises(ReportError, match="11 rows of the ledger"):
        book.trace("access.lots_won", **where)
    with pytest.raises(ReportError, match="0 rows of the ledger"):
        book.trace("access.lots", **where)


def test_a_number_is_traced_by_the_reference_that_the_page_shows(book):
    where = {"perimeter": "flemish-public", "group": "all", "definition": "startup-5"}
    key = {"id": "access.lots_won", "period": "2025"} | where
    reference = origins.digest([key[name] for name in RESULTS.key])[:8]
    told = book.trace("access.lots_won", period=2025, **where)  # a year may be a number
    pd.testing.assert_frame_equal(book.trace(reference), told)


MISTYPED = {
    "indicator": (lambda book, _: book.indicators.access.lot_shares, "lot_share"),
    "family": (lambda book, _: book.indicators.acces, "access"),
    "table": (lambda book, _: book.tables.lot_result, "lot_results"),
    "column": (lambda book, _: book.indicators.access.lot_share(periode="2024"), "period, group"),
    "value": (lambda book, _: book.indicators.access.lot_share(period="1066"), "2024"),
    "table's": (lambda book, _: book.tables.lots(year=2024), "nothing in brackets"),
    "by": (lambda book, won: book.tally(won, by="province"), "buyer_province"),
    "measured": (lambda book, won: book.measure(won, by=["yaer"]), "year"),
    "traced": (lambda book, _: book.trace("access.lots_won", periode="2024"), "period, group"),
    "year": (lambda *_: lab.Workbook(year="last"), "last"),
}


@pytest.mark.parametrize("name", MISTYPED)
def test_what_is_mistyped_is_refused_with_what_could_have_been_typed(book, won, name):
    ask, near = MISTYPED[name]
    with pytest.raises((ReportError, AttributeError, ValueError), match=near):
        ask(book, won)


def test_a_year_and_one_file_may_be_given_as_they_come(monkeypatch):
    """A year that was read from a text, and a path that stands in no list."""
    asked = {}
    monkeypatch.setattr(build, "opened", lambda **how: asked.update(how) or (None, None))
    with pytest.raises(AttributeError):  # nothing is opened here
        lab.Workbook("2024", "notices.tar")
    assert (asked["year"], asked["data"]) == (2024, [Path("notices.tar")])


def test_a_fault_in_a_definition_is_told_without_addresses():
    with pytest.raises(ReportError, match="title") as refused:
        own.read("id: x")
    assert "http" not in str(refused.value)


def test_only_what_is_published_leaves_without_a_mark(book, won, tmp_path):
    shares = book.indicators.access.lot_share(perimeter="belgium")
    assert book.save(shares, tmp_path / "a.csv").name == "a.csv"
    assert book.save(shares.head(0), tmp_path / "b.csv").name == "b.csv"
    for rows in (
        shares.assign(value=shares["value"] + 0.01),
        shares[["period", "value"]],
        book.measure(won, "lot_share", perimeter="belgium"),
        won,
    ):
        assert book.save(rows, tmp_path / "c.csv").name == "c.not-controlled.csv"


def test_who_changes_the_ledger_in_hand_changes_nothing_that_is_published(book):
    ledger = book.ledger
    ledger["value"] = 1.0
    assert not book.is_published(ledger)
    assert book.is_published(book.ledger)


def test_a_name_that_looks_a_formula_is_text_in_the_file(book, tmp_path):
    rows = pd.DataFrame({"name": ['=HYPERLINK("x")', "NV"], "n": [1, 2]})
    path = book.save(rows, tmp_path / "names.csv")
    assert path.read_text("utf-8").splitlines()[1] == '"\'=HYPERLINK(""x"")",1'


def test_the_notebook_runs_and_every_recipe_ends_with_something(ran):
    names, shown = ran
    assert len(shown) >= 12
    assert not [value for value in shown if isinstance(value, pd.DataFrame) and value.empty]
    images = [value.data for value in shown if hasattr(value, "data")]
    assert len(images) == 3
    assert all(re.search(r'alt="[^"]*\d', image) for image in images)
    assert [name for name in names["files"] if "csv" in name] == [
        "lot-share.csv", "lots.not-controlled.csv",
    ]  # fmt: skip
    assert names["lots"].startswith("notice_id,")


def test_what_the_recipes_find_agrees(book, ran):
    """The share of one's own is that of the ledger; assumptions narrow the bounds, or give one."""
    names, _ = ran
    columns = ["period", *NUMBERS]
    ours, told = (names[n][columns].set_index("period") for n in ("counted", "shares"))
    pd.testing.assert_frame_equal(ours, told.loc[ours.index], rtol=1e-9)
    by_age = names["three"]["value"].tolist()
    assert by_age == sorted(by_age)  # below 5, 7 and 10 years
    bounds = pd.DataFrame(names["assumed"], index=["low", "high"]).T
    low, high = bounds.loc["nothing"]
    assert bounds["low"].min() == low
    assert bounds["high"].max() == high
    [whole] = (
        in_ledger(book, "access.lot_share", perimeter="flemish-public")
        .loc[["2016-2025"], ["low", "high"]]
        .to_numpy()
        .tolist()
    )
    assert (low, high) == pytest.approx(tuple(whole))
    yes = names["startups"]
    assert yes["weight"].astype(float).sum() == pytest.approx(names["number"]["value"], abs=1e-3)


def test_figures_of_own_counting_say_so_and_those_of_the_ledger_do_not(ran):
    _, shown = ran
    marked = ["niet nagekeken" in value.data for value in shown if hasattr(value, "data")]
    assert marked == [False, True, True]


def test_the_map_marks_invented_data_and_hatches_what_is_unknown(book):
    row = book.indicators.access.lot_share(perimeter="belgium", group="all").iloc[:1]
    west = row.assign(group="buyer_province=west-flanders", value=0.25, low=0.2, high=0.4)
    left = row.assign(group="buyer_province=not-stated", n=3, unknown=4)
    rows = pd.concat([west, left], ignore_index=True)
    axes = lab.flanders(rows, "en").axes[0]
    words = " ".join(text.get_text() for text in axes.texts)
    assert "invented" in words
    assert "West Flanders 25.0% (20.0–40.0%)" in words
    assert words.count("unknown") == 4 + 2  # provinces without a row, and below the map
    assert "Province unknown, lots: 7" in words
    assert "Schematic" in words
    hatched = [patch for patch in axes.patches if patch.get_hatch()]
    assert len(hatched) == 4
    spoken = said(rows, "nl").replace("\u00a0", " ")
    assert spoken.startswith("West-Vlaanderen: 25,0 % (20,0–40,0); onbekend: ")


def test_tiles_do_not_overlap():
    corners = [province["tile"] for province in places.PROVINCES.values()]
    for left, low in corners:
        near = [c for c in corners if abs(c[0] - left) < 1 and abs(c[1] - low) < 1]
        assert near == [[left, low]]


def test_the_notebook_is_no_chapter_and_no_part_of_the_report_s_key():
    assert NOTEBOOK.stem not in plan.read().chapters
    assert NOTEBOOK not in build._sources()


def test_a_shelf_shows_its_names_and_nothing_else():
    given = shelf.shelf({"b": 1, "a": 2})
    assert (dir(given), repr(given), given.a) == (["a", "b"], "a, b", 2)


def test_the_reader_s_copy_has_what_was_asked_and_is_never_overwritten(tmp_path):
    target = tmp_path / "new" / "explore.ipynb"
    asked = {"year": 2024, "data": ["/some/'where'.zip"]}
    assert command.working_copy(target, asked)
    first, *others = code(target).items()
    assert others == list(code().items())[1:]
    names: dict = {}
    exec(first[1], names)
    assert (names["year"], names["data"], names["language"]) == (*asked.values(), "nl")
    changed = target.read_text("utf-8").replace("Explore", "Mine")
    target.write_text(changed, "utf-8")
    assert not command.working_copy(target, asked)
    assert not command.working_copy(target, {})  # whatever its year
    assert target.read_text("utf-8") == changed
    assert [path.name for path in target.parent.iterdir()] == ["explore.ipynb"]


@pytest.mark.parametrize(
    ("content", "found"),
    [(None, "year = None"), ("{}", "KeyError"), ("x", "JSON"), ('{"cells": []}', "parameters")],
)
def test_a_copy_of_something_else_is_refused_and_left_alone(tmp_path, content, found):
    target = tmp_path / "explore.ipynb"
    if content is None:
        command.working_copy(target, {})
    else:
        target.write_text(content)
    before = target.read_text()
    with pytest.raises(ReportError, match=found) as refused:
        command.working_copy(target, {"year": 2024})
    assert "--out" in str(refused.value)
    assert target.read_text() == before


def test_pio_lab_opens_jupyterlab_on_the_copy(tmp_path, monkeypatch, capsys):
    started = []
    app = SimpleNamespace(LabApp=SimpleNamespace(launch_instance=started.append))
    for name in ("jupyterlab", "jupyterlab.labapp"):  # seconds of imports
        monkeypatch.setitem(sys.modules, name, app)
    target = tmp_path / "mine.ipynb"
    arguments = ["lab", "--year", "2024", "--out", str(target), "--", "--no-browser"]
    monkeypatch.setattr("sys.argv", ["pio", *arguments])
    cli.main()
    [[opened, root, *others]] = started
    assert (opened, root) == (str(target), f"--ServerApp.root_dir={tmp_path}")
    assert "--LabApp.news_url=None" in others  # nothing is asked of other machines
    assert others[-1] == "--no-browser"
    assert "a copy for you" in capsys.readouterr().out
    assert "year: int | None = 2024  # " in json.dumps(json.loads(target.read_text()))


def test_what_is_measured_is_shaped_like_the_ledger_and_is_no_part_of_it(book, won):
    rows = book.measure(won, "lot_share", by=["year", "framework"], perimeter="belgium")
    assert list(rows.columns) == list(RESULTS.columns)
    assert set(rows["id"]) == {"lab.lot_share"}
    assert set(rows["chapter"]) == {"lab"}
    assert set(rows["kind"]) == {"simulated"}
    assert set(rows["group"]) <= {"framework=yes", "framework=no", "framework=not-stated"}
    assert not set(rows["id"]) & set(book.ledger["id"])
    assert results.ledger(rows.itertuples(index=False, name=None)).equals(rows)


@pytest.mark.slow
def test_the_notebook_runs_in_a_kernel_as_jupyterlab_starts_it(tmp_path):
    """With a ledger of its own: what a kernel does to the libraries, no other test can see."""
    data = small_report.deliveries(tmp_path / "data")
    target = tmp_path / "explore.ipynb"
    command.working_copy(target, {"year": YEAR, "data": [str(path) for path in data]})
    own_home = f"Workbook(year, data, home=Path({str(tmp_path / 'home')!r}))"
    source = target.read_text("utf-8").replace("Workbook(year, data)", own_home)
    imported = '"from pathlib import Path\\n",\n    "import pandas as pd\\n"'
    target.write_text(source.replace('"import pandas as pd\\n"', imported), "utf-8")
    run = [sys.executable, "-m", "nbconvert", "--to", "notebook", "--execute", "--inplace"]
    subprocess.run([*run, str(target)], check=True, cwd=tmp_path, capture_output=True)
    cells = json.loads(target.read_text("utf-8"))["cells"]
    assert "Workbook of 2025" in json.dumps(cells)
    assert (tmp_path / "lots.not-controlled.csv").is_file()


@pytest.mark.slow
def test_jupyterlab_really_serves_the_copy(tmp_path):
    target = tmp_path / "explore.ipynb"
    pio = [sys.executable, "-c", "from analysis.cli import main; main()", "lab"]
    options = ["--out", str(target), "--", "--no-browser", "--allow-root", "--port=0"]
    where = os.environ | {"JUPYTER_RUNTIME_DIR": str(tmp_path / "run")}
    server = subprocess.Popen([*pio, *options], env=where, stdout=subprocess.DEVNULL,
                              stderr=subprocess.DEVNULL)  # fmt: skip
    try:
        end = time.monotonic() + 60
        while not (told := list((tmp_path / "run").glob("jpserver-*.json"))):
            assert server.poll() is None
            assert time.monotonic() < end, "JupyterLab does not start"
            time.sleep(0.2)
        at = json.loads(told[0].read_text("utf-8"))
        address = f"{at['url']}api/contents/explore.ipynb?token={at['token']}"
        with urllib.request.urlopen(address, timeout=30) as answer:
            assert json.load(answer)["type"] == "notebook"
    finally:
        server.terminate()
        server.wait(30)
