"""Published editions: kept whole, held against what is made now, and told of in the next report."""

import csv
import json

import pandas as pd
import pytest
import small_report
from editions import INDICATOR, ROW, given, ledger, run, signed, written
from run_chapter import words

from analysis import cli, ingest, results, workbook
from analysis.present import changes_shown
from analysis.present.chapter import Chapter
from analysis.refusal import ReportError
from analysis.report import (
    build,
    compare_edition,
    compare_frozen,
    compare_publish,
    crate_inputs,
)
from analysis.report.compare import CAUSES
from analysis.report.compare_edition import PUBLISHED, last, write_changes
from analysis.report.compare_frozen import Cause, causes, checked, frozen
from analysis.report.compare_publish import freeze, publish
from analysis.report.verify import Verdict
from analysis.report.verify_bundle import Parameters
from analysis.report.verify_numbers import DIFFERENT, IDENTICAL, Number, read
from analysis.store import HOME, Store

SAID = {"edition": 2025, "id": "*", "cause": "corrected source", "why": "x", "since": "2027-01-01"}


def rows(tmp_path, *changed):
    ledger(tmp_path / "rows.csv", *changed)
    return read(tmp_path / "rows.csv")


def stated(**cause):
    return Cause.model_validate(SAID | cause)


def test_every_published_number_comes_out_as_published_or_somebody_says_why():
    """Of the editions in reports/published, wherever their inputs are; else the test is skipped."""
    not_judged = []
    for edition, found in checked(PUBLISHED, HOME):
        assert found.unexplained == [], f"{edition}: say why in reports/published/causes.yml"
        assert found.idle == [], f"{edition}: causes that explain nothing"
        not_judged += [f"{edition}: {', '.join(found.absent)}"] if found.absent else []
    if not_judged:
        pytest.skip(f"not made again, as their inputs are not here: {'; '.join(not_judged)}")


def notices(lake, *_):
    """A ledger of one indicator: the notices of each era, counted in what was read."""
    files = [part.folder / "notices.parquet" for part in lake.parts]
    eras = pd.concat([pd.read_parquet(file, columns=["era"]) for file in files])["era"]
    rests_on = {"kind": lake.kind, "inputs": results.inputs(lake.inputs)}
    what = {"chapter": "15", "definition": "document", "perimeter": "belgium", "unit": "count"}
    return results.ledger(
        results.number(
            "competition.notices", period="2025", group=f"era={era}", value=number, n=number,
            denominator="notices", **what, **rests_on,
        )
        for era, number in eras.value_counts().items()
    )  # fmt: skip


@pytest.fixture
def published(tmp_path, monkeypatch):
    """An edition of a report on invented notices, which can be made again from them."""
    data = small_report.deliveries(tmp_path / "data")[:1]
    lake = ingest.open_lake(Store(tmp_path / "first"), data)
    report = tmp_path / "report"
    report.mkdir()
    results.write(notices(lake), report / "results.csv")
    signed(report, run(year=2025, inputs=crate_inputs.inputs(lake, None)) | {"stages": {}})
    monkeypatch.setattr(workbook, "ledger", notices)
    monkeypatch.setattr(build, "invented", lambda _: data)
    edition = freeze(report, tmp_path / "published" / "2025")
    assert sorted(path.name for path in edition.iterdir()) == ["report.json", "results.csv"]
    return edition.parent


def test_a_frozen_number_that_moves_fails_without_a_cause_and_passes_with_one(published, tmp_path):
    """The notices are read again; one notice more in the frozen ledger is a number that moved."""
    home, edition = tmp_path / "home", published / "2025"
    assert list(checked(published, home)) == [("2025", ([], [], []))]
    table = pd.read_csv(edition / "results.csv", dtype=str, keep_default_na=False)
    row = table.index[table["group"] == "era=eforms"][0]
    table.loc[row, "value"] = str(float(table.loc[row, "value"]) + 1)
    table.to_csv(edition / "results.csv", index=False)
    with pytest.raises(ReportError, match=r"another sha256 than its report\.json says"):
        list(checked(published, home))
    signed(edition, json.loads((edition / "report.json").read_text("utf-8"))["run"])
    [(_, found)] = checked(published, home)
    [name] = found.unexplained
    assert name.startswith("competition.notices --period 2025 --group era=eforms ")
    (published / "causes.yml").write_text(
        "- {edition: 2025, id: competition.notices, group: era=eforms, cause: changed code, "
        "why: a notice was counted twice, since: 2026-12-01}",
        "utf-8",
    )
    assert list(checked(published, home)) == [("2025", ([], [], []))]


def test_an_edition_whose_data_are_not_here_is_not_judged(tmp_path):
    written(tmp_path / "2025", {}, year=2025, inputs=[given("notices.tar", "a")])
    assert list(checked(tmp_path, tmp_path / "home")) == [("2025", ([], [], ["notices.tar"]))]


def test_a_cause_explains_the_numbers_that_it_names_and_no_other(tmp_path):
    before = rows(tmp_path, {}, {"period": "2023"})
    again = rows(tmp_path, {"value": "0.3"}, {"period": "2023", "value": "0.3"})
    found = frozen(before, again, [stated(id="access.*", period="2023")])
    [name] = found.unexplained
    assert name.startswith("access.lot_share --period 2024 ")
    assert found.idle == []
    assert frozen(before, again, [stated()]).unexplained == []


def test_a_cause_that_explains_nothing_is_named(tmp_path):
    before = rows(tmp_path, {})
    idle = [stated(period="2023"), stated()]
    assert frozen(before, before, idle) == ([], idle, [])


def test_a_number_that_is_gone_or_changed_its_meaning_does_not_reproduce(tmp_path):
    before = rows(tmp_path, {}, {"period": "2023"})
    again = rows(tmp_path, {"version": "2"})
    assert len(frozen(before, again, []).unexplained) == 2


def test_new_numbers_last_digits_and_counts_of_the_ledger_itself_are_no_difference(tmp_path):
    own = {"id": "method.figures", "unit": "count", "inputs": "results@aaaaaaaaaaaa"}
    before = rows(tmp_path, {"value": "0.1"}, own | {"inputs": "results", "value": "1"})
    nearly = {"value": "0.10000000000000002"}
    again = rows(tmp_path, nearly, {"period": "2030"}, own | {"inputs": "results", "value": "2"})
    assert frozen(before, again, []) == ([], [], [])


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("- {edition: 2025, id: x, cause: bad luck, why: y, since: 2026-01-01}", "new data"),
        ("- {edition: 2025, id: x, cause: changed code, since: 2026-01-01}", "why"),
        ("- {edition: 2019, id: x, cause: changed code, why: y, since: 2026-01-01}", "2019"),
        ("edition: 2025", "list"),
        ("- {edition: [", "causes.yml"),
    ],
)
def test_a_stated_cause_says_which_numbers_why_and_since_when(tmp_path, text, named):
    written(tmp_path / "2025", {})
    (tmp_path / "causes.yml").write_text(text, "utf-8")
    with pytest.raises(ReportError, match=named):
        causes(tmp_path)


def test_the_causes_that_may_be_stated_are_those_of_a_comparison():
    assert Cause.model_fields["cause"].annotation.__args__ == CAUSES
    assert changes_shown.CAUSES == CAUSES


@pytest.fixture
def again(monkeypatch):
    """What becomes of a report that is made again is said beforehand; nothing is made."""

    def said(status=IDENTICAL):
        numbers = [Number(("access.lot_share",), status)]
        verdict = Verdict(Parameters(year=2025, languages=["nl"]), [], numbers, {}, [], "")
        monkeypatch.setattr(compare_publish, "verify", lambda *_: verdict)

    return said


def test_a_report_that_is_reproduced_is_published_once(tmp_path, again):
    again()
    report = written(tmp_path / "2025", {}, year=2025)
    edition = publish(report, [], published=tmp_path / "published")
    assert edition == tmp_path / "published" / "2025"
    for name in ("results.csv", "report.json"):
        assert (edition / name).read_bytes() == (report / name).read_bytes()
    with pytest.raises(ReportError, match="an edition of that year that is published"):
        publish(report, [], published=tmp_path / "published")


def test_what_is_not_reproduced_or_was_invented_is_not_published(tmp_path, again):
    again(DIFFERENT)
    report = written(tmp_path / "2025", {}, year=2025)
    with pytest.raises(ReportError, match="1 different"):
        publish(report, [], published=tmp_path / "published")
    tale = written(tmp_path / "tale", {}, inputs=[given("tale.tar", "a", "simulated")])
    with pytest.raises(ReportError, match=r"invented data: tale\.tar"):
        publish(tale, [], published=tmp_path / "published")
    assert not list(tmp_path.glob("published/*"))


def test_an_edition_is_kept_whole_or_not_at_all(tmp_path):
    report = written(tmp_path / "2025", {})
    (report / "report.json").unlink()
    with pytest.raises(FileNotFoundError):
        freeze(report, tmp_path / "published" / "2025")
    assert list((tmp_path / "published").iterdir()) == []


def test_the_command_publishes_and_refuses(tmp_path, again, monkeypatch, capsys):
    again()
    kept = compare_publish.publish
    place = {"published": tmp_path / "published"}
    monkeypatch.setattr(compare_publish, "publish", lambda *given: kept(*given, **place))
    report = written(tmp_path / "2025", {}, year=2025)
    monkeypatch.setattr("sys.argv", ["pio", "publish", str(report)])
    cli.main()
    assert "published: " in capsys.readouterr().out
    with pytest.raises(SystemExit):
        cli.main()
    assert "published once" in capsys.readouterr().err


def test_a_report_is_held_against_the_last_edition_of_an_earlier_year(tmp_path):
    """Not of its own year: a report stays the same when it has been published."""
    for year in (2023, 2025):
        written(tmp_path / str(year), {}, year=year)
    assert last(2025, tmp_path) == tmp_path / "2023"
    assert last(2026, tmp_path) == tmp_path / "2025"
    assert last(2023, tmp_path) is None
    names = [path.relative_to(tmp_path).as_posix() for path in compare_edition.files(tmp_path)]
    assert names == [f"{y}/{n}" for y in (2023, 2025) for n in ("results.csv", "report.json")]


def test_without_an_edition_nothing_is_written(tmp_path):
    write_changes(tmp_path, run(year=2025), tmp_path / "published")
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def section(tmp_path, monkeypatch):
    """What the section says of a report of 2025 after an edition of 2024, by their rows."""

    def said(old, new, language="nl", **how):
        stage = tmp_path / "stage"
        stage.mkdir()
        if old is not None:
            written(tmp_path / "published" / "2024", *old)
        ledger(stage / "results.csv", *new)
        write_changes(stage, run(year=2025, **how), tmp_path / "published")
        told = []
        monkeypatch.setattr(changes_shown, "PUBLISHED", tmp_path / "published")
        monkeypatch.setattr(
            changes_shown.blocks, "show", lambda block, lang="nl": told.append(block)
        )
        changes_shown.changed(Chapter("90", year=2025, folder=str(stage)))
        return told, words(told, language)

    return said


def test_without_an_earlier_edition_the_section_says_so(section):
    told, text = section(None, [{}])
    assert "Er is nog geen eerdere editie van dit rapport gepubliceerd" in text
    assert [block["type"] for block in told] == ["text", "text"]


def test_it_is_not_said_that_there_is_no_edition_where_there_is_one(tmp_path, monkeypatch):
    monkeypatch.setattr(changes_shown, "PUBLISHED", tmp_path / "published")
    ledger(tmp_path / "results.csv", {})
    chapter = Chapter("90", year=2025, folder=str(tmp_path))
    written(tmp_path / "published" / "2025", {})
    changes_shown.changed(chapter)  # one of its own year is no earlier one
    written(tmp_path / "published" / "2024", {})
    with pytest.raises(ReportError, match=r"changes-since-2024\.csv beside the ledger"):
        changes_shown.changed(chapter)


def test_an_edition_of_which_every_number_stands_is_told_so(section):
    _, text = section([{}], [{}], "en")
    assert "No figure has changed since the edition of 2024." in text


def test_few_changes_are_all_told_with_their_cause(section):
    """One number moved by a corrected file, one is new (a year more), one is gone: by that file, by
    what later notices say of 2024, or by the code of its indicator.
    """
    corrected = {"value": "0.5", "inputs": "2-deliveries@bbbbbbbbbbbb"}
    old = [{}, {"id": "access.lots", "unit": "count", "value": "3"}]
    new = [corrected, {"period": "2025"}]
    told, text = section(old, new, inputs=[given("notices.tar", "b")], code={INDICATOR: "2"})
    assert "sinds de editie van 2024 gewijzigd is: 1; nieuw: 1; weggevallen: 1." in text
    summary, listed = [block for block in told if block["type"] == "table"]
    counts = [[cell["nl"] for cell in row] for row in summary["rows"]]
    assert counts == [
        ["Hoofdstuk 20", "1", "1", "1", "2", "2", "0", "1"],
        ["Samen", "1", "1", "1", "2", "2", "0", "1"],
    ]
    cells = [[cell["nl"] for cell in row[1:]] for row in listed["rows"]]
    gone = "niet in deze editie"
    assert cells == [
        ["25,0\u00a0%", "50,0\u00a0%", "verbeterde bron"],
        [gone, "25,0\u00a0%", "nieuwe gegevens"],
        ["3", gone, "nieuwe gegevens, verbeterde bron, andere code"],
    ]
    assert [row[2].get("row", {}).get("key", [""])[0] for row in listed["rows"]] == [
        "access.lot_share", "access.lot_share", "",
    ]  # fmt: skip


def test_of_many_changes_the_largest_are_told(section):
    """A share of 0.9 that was 0.1 before 40 counts of which each moved by 1 %."""
    one = {"id": "access.lots", "unit": "count", "group": "cpv_division=45"}
    many = [one | {"period": str(year), "value": "100"} for year in range(1980, 2020)]
    more = [row | {"value": "101"} for row in many]
    told, text = section([{"value": "0.1"}, *many], [{"value": "0.9"}, *more], "en")
    assert "the 15 largest changes" in text
    assert "changes-since-2024.csv" in text
    _, listed = [block for block in told if block["type"] == "table"]
    assert len(listed["rows"]) == 15
    assert [cell["en"] for cell in listed["rows"][0][1:3]] == ["10.0%", "90.0%"]


def test_the_row_of_a_change_can_be_counted_with(tmp_path):
    written(
        tmp_path / "published" / "2024", ROW | {"low": "0.1", "high": "0.4", "interval": "bounds"}
    )
    ledger(tmp_path / "results.csv", {})
    write_changes(tmp_path, run(year=2025), tmp_path / "published")
    [row] = csv.DictReader((tmp_path / "changes-since-2024.csv").read_text("utf-8").splitlines())
    assert (row["old_low"], row["old_high"], row["new_low"], row["causes"]) == (
        "0.1", "0.4", "", "new data",
    )  # fmt: skip


def test_nothing_is_published_yet_or_every_edition_is_whole():
    for edition in compare_edition.editions():
        assert compare_frozen.record(edition).run.parameters.year == int(edition.name)
