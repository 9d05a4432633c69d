"""From a number back to its definition, its indicator, and the lots and files behind it."""

import hashlib
from types import SimpleNamespace

import duckdb
import pandas as pd
import pytest
import small_report

from analysis import cli, results, workbook
from analysis.companies.definitions import definitions
from analysis.contracts import RESULTS
from analysis.disclosure import WITHHELD
from analysis.ingest import open_lake
from analysis.refusal import ReportError
from analysis.report import build, trace_about, trace_refs, trace_rows
from analysis.report.build import Found
from analysis.report.trace import _named, trace
from analysis.store import Store

LINKED = "eu-small"


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """What a small report is made of, its ledger, and an engine with its lots and winners."""
    folder = tmp_path_factory.mktemp("world")
    lake = open_lake(Store(folder / "home"), small_report.deliveries(folder / "data"))
    found = Found(lake, small_report.YEAR, None)
    with pytest.MonkeyPatch.context() as patch, duckdb.connect() as engine:
        small_report.quick(patch)
        once = workbook.world_of(engine, lake, small_report.YEAR, None)
        ledger = small_report.told(engine, lake, once)
        patch.setattr(workbook, "world_of", lambda *_: once)
        trace_rows.laid(engine, found)
        yield found, ledger, engine


@pytest.fixture
def laid(world, monkeypatch):
    """Lots and winners are found once, not for every number."""
    engine = world[2]
    behind = trace_rows.behind
    monkeypatch.setattr(trace_rows, "laid", lambda *_: None)
    monkeypatch.setattr(trace_rows, "behind", lambda _, row: behind(engine, row))


def traced(world, id, rows=20, **where) -> str:
    found, ledger, _ = world
    return "\n".join(trace(id, where, ledger, found, rows=rows))


def a_row(**stated):
    said = {"group": "all", "definition": "-", "perimeter": "flemish-public", "period": "2020"}
    return RESULTS.Row(**said | stated)


def test_of_the_deliveries_those_are_named_that_a_number_rests_on():
    """Two of three stand in the word of the row; of too many it is not sought which they are."""
    every = [SimpleNamespace(name=f"{name}.tar", sha256=name * 64) for name in "abc"]
    two = results.inputs((one.name, one.sha256) for one in (every[2], every[0]))
    assert two.startswith("2-deliveries@")
    assert _named(two, every) == [every[0], every[2]]
    assert _named(f"b.tar@{results.inputs([('b.tar', 'b' * 64)])[-12:]}", every) == [every[1]]
    assert _named("results", every) == []
    assert _named(two.replace("2", "10", 1), every * 20) == []


def test_behind_every_number_stand_as_many_lots_as_the_ledger_counts(world):
    """Of awarded lots known and unknown together, for all periods, parts and perimeters."""
    _, ledger, engine = world
    counted = ("competition.bids_per_lot", "competition.sme_win_share", "access.lot_share")
    chosen = ledger[ledger["id"].isin(counted)]
    seen = set()
    for one in chosen.iloc[::8].itertuples(index=False):  # some of every kind
        row = RESULTS.Row(*one)
        found = trace_rows.behind(engine, row)
        assert found.lots == row.n + row.unknown, row
        seen.add(row.group.split("=")[0])
    assert seen >= {"all", "era", "procedure", "buyer_type", "framework"}


def test_the_answers_of_the_winners_add_up_to_the_number(world):
    """The lots won by start-ups are the weights of the rows that say yes."""
    _, ledger, engine = world
    won = ledger[(ledger["id"] == "access.lots_won") & (ledger["group"] == "all")]
    told = won[won["value"] > 0]
    assert len(told) > 2
    for one in told.itertuples(index=False):
        row = RESULTS.Row(*one)
        rows = trace_rows.behind(engine, row).rows
        yes = rows.loc[rows["answer"] == "yes", "weight"].astype(float).sum()
        assert yes == pytest.approx(row.value, abs=1e-3)


@pytest.mark.usefixtures("laid")
def test_a_number_leads_to_its_definition_indicator_file_and_notices(world):
    where = {"period": "2020", "group": "all", "perimeter": "belgium"}
    text = traced(world, "competition.single_bid_share", **where)
    assert "lots with exactly one tender received" in text  # the definition
    assert "Awarded lots with exactly one bid." in text  # the indicator's own text
    assert "src/analysis" not in text
    assert "analysis/indicators/competition.py" in text
    assert "page docs/indicators/competition.md, under competition.single_bid_share" in text
    assert "notices.tar  sha256 " in text
    assert "lots in" in text


@pytest.mark.usefixtures("laid")
def test_a_definition_is_told_with_its_limits_and_sources(world):
    where = {"perimeter": "belgium", "group": "all", "definition": "startup-5"}
    text = traced(world, "access.lot_share", **where)
    assert "max_age_years: 5 [years]" in text
    assert "must be: is_false_birth no" in text
    assert "name one row with --period" in text  # of several, none is gone into


def test_a_name_is_shown_of_a_linked_legal_person_and_of_nobody_else(world):
    found, _, engine = world
    rows = trace_rows.behind(engine, a_row(id="access.lots", period="-", definition="startup-5"))
    register = found.lake.registers.relations(engine)["companies"].df()
    legal = set(register.loc[~register["is_natural_person"], "number"])
    shown = rows.rows[rows.rows["winner"] != trace_rows.HIDDEN]
    hidden = rows.rows[rows.rows["winner"] == trace_rows.HIDDEN]
    assert len(shown) > 5
    assert len(hidden) > 5
    assert set(shown["company"]) <= legal
    assert set(hidden["company"]) <= {"", trace_rows.HIDDEN}
    persons = engine.sql("select name from given_winners where is_natural_person").fetchall()
    assert not set(shown["winner"]) & {name for (name,) in persons}


def test_answers_that_look_at_accounts_are_never_shown_firm_by_firm(world):
    """Nor is anything that is withheld: the same rows stand behind every definition."""
    _, _, engine = world
    public = trace_rows.behind(engine, a_row(id="access.lot_share", definition="startup-5"))
    linked = trace_rows.behind(engine, a_row(id="access.lot_share", definition=LINKED))
    classed = trace_rows.behind(
        engine, a_row(id="access.class_share", definition="firm-class", group="firm_class=mature")
    )
    assert LINKED in definitions()
    assert "answer" in public.rows
    for one in (linked, classed):
        assert "answer" not in one.rows
        assert one.rows.equals(public.rows.drop(columns="answer"))
        assert any("is not shown" in note for note in one.notes)


@pytest.mark.usefixtures("laid")
def test_a_withheld_number_is_shown_as_it_is_published_and_no_further(world):
    found, _, _ = world
    row = a_row(id="access.lot_share", definition=LINKED, denominator=WITHHELD, inputs="x@1")
    row = row._replace(chapter="20", version=1, interval="none", unit="share", grade="D")
    ledger = results.ledger([row._replace(kind="simulated")])
    text = "\n".join(trace("access.lot_share", {}, ledger, found, rows=5))
    assert "withheld: it tells of one or two enterprises" in text
    assert " yes" not in text.split("stand behind it")[1]


def test_a_published_figure_leads_to_its_row_and_its_card(world):
    from analysis.indicators import norm
    from analysis.sources.facts import published

    found, _, _ = world
    ledger = results.ledger(norm.results(published()))
    one = ledger[ledger["id"] == "norm.share"].iloc[0]
    where = {name: one[name] for name in ("period", "definition", "group", "perimeter")}
    text = "\n".join(trace("norm.share", where, ledger, found, rows=9))
    assert "rests on data/raw/norm/norm.csv" in text
    assert "licence" in text
    assert "notices.tar" not in text


def test_rows_of_the_programmes_are_never_shown(world):
    found, _, _ = world
    row = a_row(id="portfolio.calls", definition="counted", perimeter="pio", inputs="pio.xlsx@12")
    row = row._replace(chapter="40", version=1, interval="none", unit="count", grade="D", value=3.0)
    ledger = results.ledger([row._replace(kind="simulated", n=3, denominator="calls")])
    text = "\n".join(trace("portfolio.calls", {}, ledger, found, rows=9))
    assert "rows of the programmes never" in text
    assert "stand behind it" not in text


@pytest.mark.parametrize(
    ("id", "where", "named"),
    [
        ("competition.single_bids", {}, "competition.single_bid_share"),
        ("competition.lots", {"period": "1999"}, "2020"),
        ("competition.lots", {"perimeter": "mars"}, "belgium"),
    ],
)
def test_a_number_that_is_not_there_is_answered_with_those_that_are(world, id, where, named):
    with pytest.raises(ReportError, match=named):
        traced(world, id, **where)


def test_indicators_have_a_text_in_the_code(world):
    _, ledger, _ = world
    ids = sorted(set(ledger["id"]))[::3]
    assert [id for id in ids if not trace_about.indicator(id)] == []
    assert "theta_N" in trace_about.indicator("access.lot_share").text
    assert trace_about.indicator("no.such_thing") is None


@pytest.mark.usefixtures("laid")
def test_the_command_prints_it(world, monkeypatch, capsys):
    found, ledger, _ = world
    monkeypatch.setattr(build, "opened", lambda **_: (found, ledger))
    monkeypatch.setattr("sys.argv", ["pio", "trace", "competition.lots", "--rows", "2"])
    cli.main()
    said = capsys.readouterr().out
    assert said.startswith("competition.lots: ")
    assert "more; see them with --rows" in said


def test_what_the_ledger_lacks_is_shown_as_nothing(world):
    """Missing stays missing: no nan, no zero."""
    _, ledger, engine = world
    row = RESULTS.Row(*next(ledger[ledger["id"] == "competition.lots"].itertuples(index=False)))
    rows = trace_rows.behind(engine, row).rows
    assert not rows.isna().any(axis=None)
    assert (rows["bids"] == "").any()
    assert isinstance(rows, pd.DataFrame)


@pytest.mark.usefixtures("laid")
def test_the_reference_of_a_number_leads_to_that_number_alone(world):
    found, ledger, _ = world
    one = ledger[ledger["id"] == "competition.single_bid_share"].iloc[7]
    key = [one[name] for name in RESULTS.key]
    whole = hashlib.sha256("\n".join(key).encode()).hexdigest()
    for reference in (whole[:8], whole):
        text = traced(world, reference)
        assert text.startswith("competition.single_bid_share: 1 rows of the ledger")
        assert f"reference {whole[:8]}\n" in text
    named = dict(zip(RESULTS.key, key, strict=True))
    id = named.pop("id")
    assert "\n".join(trace(id, named, ledger, found, rows=20)) == text


def test_a_reference_that_no_number_has_or_several_have_is_refused(world, monkeypatch):
    with pytest.raises(ReportError, match="name the year of the report with --year"):
        traced(world, "00000000")
    monkeypatch.setattr(trace_refs, "digest", lambda key: "0" * 8 + key[1].ljust(56, "a"))
    with pytest.raises(ReportError, match=r"000000002016a{4} \(access\.") as fault:
        traced(world, "00000000")
    assert fault.value.do == "give more digits"


def test_every_row_of_a_ledger_has_a_reference_of_its_own(world):
    _, ledger, _ = world
    short = trace_refs.references(ledger).str[:8]
    assert len(ledger) > 1000
    assert short.is_unique
    assert not any(map(trace_refs.is_reference, ledger["id"]))
