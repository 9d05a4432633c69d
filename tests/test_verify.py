"""A report is made again from what it says it was made of; whatever differs is found and named."""

import importlib.util
import io
import json
import os
import re
import shutil
import stat
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest
import small_report
from hypothesis import given
from hypothesis import strategies as st

from analysis import cli, ingest, workbook
from analysis.companies.definitions import FOLDER
from analysis.contracts import RESULTS
from analysis.refusal import ReportError, SourceError
from analysis.report import build, crate_inputs, plan, verify, verify_bundle, verify_inputs
from analysis.report.verify import Verdict
from analysis.report.verify_bundle import Input, Parameters
from analysis.report.verify_numbers import (
    ABSENT,
    DIFFERENT,
    IDENTICAL,
    NEAR,
    Number,
    compare,
    read,
)
from analysis.report.verify_said import plain, said
from analysis.store import Store

# Indicators of which the number of tenders is an ingredient.
BY_BIDS = ("bids_per_lot", "median_bids", "single_bid_share", "sme_bid_share", "sme_bids_wrong")

TABLES = ["awards", "bids", "lots", "notices", "organisations", "rejects", "signals"]


@pytest.fixture(scope="module")
def data(tmp_path_factory) -> list[Path]:
    return small_report.deliveries(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def report(tmp_path_factory, data) -> Path:
    return small_report.made(tmp_path_factory.mktemp("report"), data)


@pytest.fixture
def copy(report, tmp_path) -> Path:
    """A copy of the report, to be changed."""
    shutil.copytree(report, tmp_path / "2025")
    return tmp_path / "2025"


@pytest.fixture
def made_before(report, monkeypatch):
    """Nothing is made once more: the report as it was built stands for what is made again."""
    monkeypatch.setattr(verify, "_made_again", lambda *_: (report, ""))


def lines(verdict) -> str:
    return "\n".join(said(verdict))


def edited(path: Path, pattern: str, new: str) -> tuple[str, str]:
    """Change the first match in a file; give what stood there and what stands there now."""
    text = path.read_text("utf-8")
    found = re.search(pattern, text)
    path.write_text(text[: found.start()] + found.expand(new) + text[found.end() :], "utf-8")
    return found[0], found.expand(new)


@pytest.mark.usefixtures("made_before")
def test_a_report_that_was_moved_is_the_same_number_by_number(copy, report, data):
    verdict = verify.verify(copy, data)
    published = len((report / "results.csv").read_text("utf-8").splitlines()) - 1
    assert verdict.counts == {IDENTICAL: published, NEAR: 0, DIFFERENT: 0, ABSENT: 0}
    assert (verdict.stages, verdict.is_same) == ({}, True)
    assert lines(verdict).endswith("the report is reproduced")


@pytest.mark.usefixtures("made_before")
def test_one_digit_in_the_ledger_is_found_and_its_number_named(copy, data):
    first_digit = r"(competition\.awarded_lots,15,1,\d{4}-\d{4},all,[^,]*,[^,]*,)(\d)"
    edited(copy / "results.csv", first_digit, r"\g<1>9\2")
    verdict = verify.verify(copy, data)
    [number] = [one for one in verdict.numbers if one.status != IDENTICAL]
    assert (number.key[0], number.status) == ("competition.awarded_lots", DIFFERENT)
    [(column, published, computed)] = number.moved
    assert (column, published) == ("value", "9" + computed)
    assert ("file", "results.csv") in [one[:2] for one in verdict.findings]
    assert list(verdict.stages) == ["ledger"]
    assert verdict.stages["ledger"] == ["competition"]
    assert not verdict.is_same
    assert f"value {published} -> {computed}" in lines(verdict)


@pytest.mark.usefixtures("made_before")
def test_a_page_edited_a_file_lost_and_a_file_added_are_named(copy, data):
    (copy / "report.nl.html").write_text("<p>nothing to see", "utf-8")
    (copy / "signals.csv").unlink()
    (copy / "mine.txt").write_text("mine", "utf-8")
    verdict = verify.verify(copy, data)
    assert [one[1:] for one in verdict.findings] == [
        ("mine.txt", "added after the report was built"),
        ("report.nl.html", "changed after the report was built"),
        ("signals.csv", "lost after the report was built"),
    ]
    assert verdict.counts[IDENTICAL] == len(verdict.numbers)
    assert not verdict.is_same


@pytest.mark.usefixtures("made_before")
def test_a_zip_of_the_report_is_as_good_as_its_folder(report, data, tmp_path):
    packed = shutil.make_archive(str(tmp_path / "bundle"), "zip", report.parent, report.name)
    assert verify.verify(Path(packed), data).is_same


def one_tender_more(old: Path, new: Path) -> Path:
    """The notices, of which one states seven tenders where it stated fewer."""
    stated = re.compile(rb"(<NB_TENDERS_RECEIVED>)[1-6](<)")
    changed = 0
    with tarfile.open(old) as given_, tarfile.open(new, "w") as made:
        for member in given_.getmembers():
            content = given_.extractfile(member).read()
            if not changed and b"<AWARDED_CONTRACT" in content:
                content, changed = stated.subn(rb"\g<1>7\2", content, count=1)
            member.size = len(content)
            made.addfile(member, io.BytesIO(content))
    assert changed == 1
    return new


def changed_sources(folder: Path) -> tuple[Path, Path]:
    """Start-ups below 8 years instead of 5; and the median of bids is always the upper one."""
    shutil.copytree(FOLDER, folder / "companies" / "definitions")
    value = folder / "companies" / "definitions" / "startup_5.yml"
    edited(value, r"always: 5", "always: 8")
    line = folder / "indicators" / "competition.py"
    line.parent.mkdir()
    shutil.copy(Path(workbook.competition.__file__), line)
    edited(line, r"\(\(n \+ 1\) // 2, ", "(n // 2 + 1, ")
    return value, line


def loaded(line: Path):
    spec = importlib.util.spec_from_file_location("competition", line)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_a_row_of_an_input_a_definition_value_and_a_line_of_an_indicator_are_each_named(
    report, data, tmp_path, monkeypatch
):
    """Planted together, as to make a report takes long; each is named, and moves its own numbers.

    The proofs plant them one by one.
    """
    value, line = changed_sources(tmp_path / "analysis")
    other = one_tender_more(data[0], tmp_path / "notices.tar")
    small_report.quick(monkeypatch, value.parent)
    monkeypatch.setattr(workbook, "competition", loaded(line))
    monkeypatch.setattr(build, "_sources", lambda: [value, line, *small_report.SOURCES[2:]])
    verdict = verify.verify(report, [other, *data[1:]])

    assert [one[:2] for one in verdict.findings] == [
        ("input", "notices.tar"),
        ("code", "src/analysis/companies/definitions/startup_5.yml"),
        ("code", "src/analysis/indicators/competition.py"),
    ]
    assert list(verdict.stages)[:3] == ["inputs", "tables", "rules"]
    assert (verdict.stages["inputs"], verdict.stages["tables"]) == (["notices.tar"], TABLES)
    assert "who_won.relations.answers" in verdict.stages["companies"]
    assert "first stage that differs: inputs (notices.tar)" in lines(verdict)
    moved = {one.key[0] for one in verdict.numbers if one.status != IDENTICAL}
    assert moved >= {"competition.bids_per_lot", "competition.median_bids", "access.lot_share"}
    of_bids = {f"competition.{name}" for name in BY_BIDS}
    assert {id for id in moved if id.startswith("competition.")} <= of_bids
    assert 0 < verdict.counts[DIFFERENT] < verdict.counts[IDENTICAL]
    assert verdict.counts[ABSENT] == 0
    assert not verdict.is_same


def test_a_changed_parameter_is_found_and_named(copy, data, monkeypatch):
    """The year of the record says something else than the crate, and no notice is of that year."""
    small_report.quick(monkeypatch)
    edited(copy / "report.json", r'"year": 2025', '"year": 2035')
    verdict = verify.verify(copy, data)
    assert ("parameter", "year", "2035 in report.json, 2025 in ro-crate-metadata.json") in (
        verdict.findings
    )
    assert "no contract award notice of 2035" in verdict.why
    assert verdict.counts[IDENTICAL] == 0
    assert not verdict.is_same


def row(value="0.5", inputs="3-deliveries@aaaaaaaaaaaa", **more):
    """A row of a ledger as it is written."""
    stated = dict.fromkeys(RESULTS.columns, "") | {"id": "a.b", "period": "2020", "group": "all"}
    return stated | {"value": value, "inputs": inputs} | more


def statuses(old, new, **how):
    asked = {"lacks": False, "other_inputs": False} | how
    return [one.status for one in compare({("k",): old}, new and {("k",): new}, **asked)]


@pytest.mark.parametrize(
    ("published", "again", "status"),
    [
        (row("0.30000000000000004"), row("0.3"), NEAR),  # 0.1 + 0.2 in another order
        (row("0.31"), row("0.3"), DIFFERENT),
        (row("0.3", n="10"), row("0.3", n="11"), DIFFERENT),
        (row(""), row("0"), DIFFERENT),  # unknown is not zero
        (row("nan"), row("nan"), IDENTICAL),
        (row("0.5"), None, DIFFERENT),
        (row("0.5"), row("0.5", inputs="2-deliveries@bbbbbbbbbbbb"), DIFFERENT),
    ],
)
def test_a_number_is_the_same_nearly_the_same_or_different(published, again, status):
    assert statuses(published, again) == [status]


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_number_is_always_the_same_as_itself(value):
    assert statuses(row(repr(value)), row(repr(value))) == [IDENTICAL]


def test_what_rests_on_an_absent_input_cannot_be_computed_again_and_the_rest_can():
    fewer = "2-deliveries@bbbbbbbbbbbb"
    assert statuses(row("0.5"), row("0.4", inputs=fewer), lacks=True) == [ABSENT]
    assert statuses(row("0.5"), row("0.4"), lacks=True) == [DIFFERENT]
    assert statuses(row("0.5"), row("0.5"), lacks=True) == [IDENTICAL]
    assert statuses(row("0.5"), None, lacks=True) == [ABSENT]
    whole = row("17928", inputs="results")  # how many figures the report has
    assert statuses(whole, row("9000", inputs="results"), lacks=True) == [ABSENT]


def test_with_another_file_for_an_input_values_are_compared_and_not_its_digest():
    other = "3-deliveries@cccccccccccc"
    assert statuses(row("0.5"), row("0.5", inputs=other), other_inputs=True) == [IDENTICAL]
    assert statuses(row("0.5"), row("0.6", inputs=other), other_inputs=True) == [DIFFERENT]


def an_input(name: str, digit: str) -> Input:
    said = dict.fromkeys(("title", "publisher", "licence", "period"), "")
    return Input(
        name=name, sha256=digit * 64, bytes=1, files=1, kind="real", what="notices", **said
    )


def test_an_input_is_found_by_its_digest_whatever_it_is_called_now():
    inputs = [an_input("a.tar", "a"), an_input("b.tar", "b"), an_input("c.tar", "c")]
    offered = [("renamed.tar", "a"), ("b.tar", "e"), ("holiday.tar", "f")]
    found = verify_inputs.match(
        inputs, [verify_inputs.Given(name, d * 64, Path(name)) for name, d in offered]
    )
    assert found.paths == {0: Path("renamed.tar"), 1: Path("b.tar")}
    assert [one.name for one in found.changed] == ["b.tar"]
    assert [one.name for one in found.absent] == ["c.tar"]
    assert found.unused == ["holiday.tar"]


@pytest.fixture
def reopened(tmp_path):
    """Find the inputs of a record in a store, or invent them, and read them anew; what they say."""

    def ran(home: Path, inputs: list[dict]) -> list[dict]:
        wanted = [Input(**one) for one in inputs]
        work = tmp_path / "work"
        found = verify_inputs.match(wanted, verify_inputs.offered([], home, work, wanted))
        assert (found.changed, found.absent, found.unused) == ([], [], [])
        again = verify_inputs.reopen(wanted, found, work)
        return crate_inputs.inputs(again.lake, again.decisions)

    return ran


def test_what_the_store_has_is_read_anew_under_its_names_and_kinds(data, tmp_path, reopened):
    """Also once the store has more; a kind that was said when it was added is not in the bytes."""
    store = Store(tmp_path / "home")
    ingest.add(store, data[:1], kind="sample")
    ingest.add(store, data[1:], kind="real")
    build.decisions(store).write_text("name,who\n")
    inputs = crate_inputs.inputs(ingest.open_lake(store), build.decisions(store))
    assert {one["name"]: one["kind"] for one in inputs}["buyers.csv"] == "real"
    (tmp_path / "sizes.csv").write_text("company_id,year,employees_fte,turnover_eur,balance_eur\n")
    ingest.add(store, [tmp_path / "sizes.csv"])
    assert reopened(store.home, inputs) == inputs


def test_a_report_on_the_invented_flanders_needs_no_data(data, tmp_path, monkeypatch, reopened):
    """Of which a table may carry no word of being invented: then it counts as a sample."""
    monkeypatch.setattr(build, "invented", lambda store: data)
    inputs = crate_inputs.inputs(ingest.open_lake(Store(tmp_path / "one"), data), None)
    assert {one["kind"] for one in inputs} == {"simulated", "sample"}
    assert reopened(tmp_path / "none", inputs) == inputs


def test_data_that_are_absent_are_not_invented_in_their_place(data, tmp_path, monkeypatch):
    monkeypatch.setattr(build, "invented", lambda store: data)
    real, other = an_input("a.tar", "a"), an_input("notices.tar", "b")
    other = other.model_copy(update={"kind": "simulated"})
    assert verify_inputs.offered([], tmp_path / "none", tmp_path, [real]) == []
    assert verify_inputs.offered([], tmp_path / "none", tmp_path, [other]) == []


def test_without_any_data_nothing_is_computed_and_the_absent_input_is_named(report, tmp_path):
    (tmp_path / "other.csv").write_text("company_id,body\n")
    verdict = verify.verify(report, [tmp_path / "other.csv"])
    assert verdict.why == "no notices were given"
    assert verdict.counts[ABSENT] == len(verdict.numbers)
    assert "notices.tar" in verdict.absent
    assert "not recomputable" in lines(verdict)


def packed(path: Path, *members: tuple[str, bytes], mode: int = stat.S_IFREG | 0o644) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members:
            entry = zipfile.ZipInfo(name)
            entry.external_attr = mode << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(entry, content)
    return path


RECORD = ("report.json", b"{}")


@pytest.mark.parametrize(
    "name", ["../out.csv", "/etc/out.csv", "a/../../out", "C:/out", "a\\..\\out", "a//b", "x\n.csv"]
)
def test_a_zip_that_leads_out_is_refused_and_writes_nothing(tmp_path, name):
    path = packed(tmp_path / "in.zip", RECORD, (name, b"1"))
    with pytest.raises(SourceError), verify_bundle.opened(path):
        pass
    assert sorted(one.name for one in tmp_path.iterdir()) == ["in.zip"]


def test_a_link_a_bomb_a_double_and_a_crowd_are_refused(tmp_path, monkeypatch):
    link = packed(tmp_path / "link.zip", ("a", b"/etc/passwd"), mode=stat.S_IFLNK | 0o777)
    bomb = packed(tmp_path / "bomb.zip", RECORD, ("a", bytes(80_000_000)))
    double = packed(tmp_path / "double.zip", ("a.csv", b"1"), ("A.CSV", b"2"))
    cut = tmp_path / "cut.zip"
    cut.write_bytes(packed(tmp_path / "whole.zip", RECORD).read_bytes()[:40])
    for path in (link, bomb, double, cut):
        with pytest.raises(SourceError), verify_bundle.opened(path):
            pass
    monkeypatch.setattr(verify_bundle, "MEMBERS", 1)
    with pytest.raises(SourceError, match="more than the 1"):
        verify_bundle._unpack(packed(tmp_path / "two.zip", RECORD, ("b", b"1")), tmp_path / "new")


@pytest.mark.parametrize(
    "record",
    [
        "{",
        "[]",
        '{"key": "a", "files": {}}',
        '{"key": "a", "files": {}, "run": {"x": 1}}',
        "[" * 9999,
    ],
)
def test_what_is_no_record_of_a_run_is_refused(tmp_path, record):
    (tmp_path / "report.json").write_text(record)
    with pytest.raises(ReportError, match="cannot be used"):
        verify_bundle.record(tmp_path)


def test_what_is_no_ledger_is_refused(tmp_path):
    head = ",".join(RESULTS.columns)
    same = ",".join("1" for _ in RESULTS.columns)
    for text in ("a,b\n1,2\n", f"{head}\n1,2\n", f"{head}\n{same}\n{same}\n", f'{head}\n"'):
        (tmp_path / "results.csv").write_text(text)
        with pytest.raises(ReportError, match=r"results\.csv"):
            read(tmp_path / "results.csv")


def test_what_a_stranger_wrote_cannot_steer_the_terminal():
    assert plain("a\x1b[31m\n\u202eb") == "a?[31m??b"
    assert len(plain("x" * 9999)) == 500


def test_a_number_that_was_never_published_is_not_counted_as_published():
    key = ("access.lots", "2016-2025", "all", "startup-5", "belgium")
    numbers = list(compare({key: {}}, {key: {}, (*key[:4], "flemish-public"): {}},
                           lacks=False, other_inputs=False))  # fmt: skip
    asked = Parameters(year=2025, languages=["nl"])
    lines = list(said(Verdict(asked, [], numbers, {}, [], "")))
    counts = "identical 1, within tolerance 0, different 0, not recomputable 0"
    assert f"1 published numbers: {counts}" in lines
    assert "1 numbers that were made now are not in the report" in lines
    assert lines[-1] == "the report is NOT reproduced"


def test_a_number_is_told_to_its_last_digit_whatever_moved_of_it():
    digits = "0.16721672167051885"
    key = ("buying.barrier_share_of_procedures", "2016-2025", "x" * 80, "y" * 60, "z" * 40)
    moved = tuple((name, digits, digits) for name in ("value", "low", "high"))
    asked = Parameters(year=2025, languages=["nl"])
    lines = list(said(Verdict(asked, [], [Number(key, DIFFERENT, moved)], {}, [], "")))
    assert any(line.endswith(f"high {digits} -> {digits}") for line in lines)


@pytest.mark.usefixtures("made_before")
def test_the_command_ends_with_1_unless_all_is_the_same(report, data, monkeypatch, capsys):
    same = verify.verify(report, data)
    other = same._replace(stages={"ledger": ["access"]})
    for verdict, code in ((same, None), (other, 1)):
        monkeypatch.setattr(verify, "verify", lambda *_, found=verdict: found)
        monkeypatch.setattr("sys.argv", ["pio", "verify", str(report)])
        ended = None
        try:
            cli.main()
        except SystemExit as stop:
            ended = stop.code
        assert ended == code
    assert "first stage that differs: ledger (access)" in capsys.readouterr().out


def test_the_record_holds_no_time_and_no_place_of_this_machine(report):
    text = json.dumps(json.loads((report / "report.json").read_text("utf-8"))["run"])
    assert str(Path.home()) not in text
    assert str(report.parent) not in text
    assert not re.search(r"\d{2}:\d{2}:\d{2}", text)


# What is planted in a clone, one by one: file, what stands there, what then; a number that moves,
# and the first stage that differs.
PLANTED = [
    (
        "src/analysis/companies/definitions/startup_5.yml",
        ("always: 5", "always: 8"),
        "access.lot_share",
        "companies (who_won.relations.answers)",
    ),
    (
        "src/analysis/indicators/competition.py",
        ("((n + 1) // 2, ", "(n // 2 + 1, "),
        "competition.median_bids",
        "ledger (competition)",
    ),
    (
        "src/analysis/cells/access_base.py",  # a parameter of the comparability series
        ("SUBCENTRAL = 221_000", "SUBCENTRAL = 22_100"),
        "access.comparable_lots",
        "cells (",
    ),
]
ROOT = plan.ROOT


def clone(folder: Path) -> Path:
    """The project elsewhere, without what was built."""
    for name in ("src", "notebooks", "data", "reports/template"):
        shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in ("reports/evaluation.yml", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, folder / name)
    return folder


def pio(project: Path, *arguments: object, **environment: str) -> tuple[int, str]:
    """Run `pio` of a clone in a process of its own; exit code and what it says."""
    own = os.environ | {"PYTHONPATH": str(project / "src")} | environment
    command = [sys.executable, "-c", "from analysis.cli import main; main()"]
    ran = subprocess.run(
        [*command, *map(str, arguments)], env=own, cwd=project, capture_output=True, text=True
    )
    return ran.returncode, ran.stdout + ran.stderr


@pytest.fixture(scope="module")
def whole(tmp_path_factory, data) -> list[object]:
    """A whole report built in one clone, and how to verify it: with pages, on all definitions."""
    built = tmp_path_factory.mktemp("whole") / "out"
    project = clone(tmp_path_factory.mktemp("one"))
    given_ = [word for path in data for word in ("--data", path)]
    code, text = pio(project, "report", *given_, "--out", built)
    assert code == 0, text
    return ["verify", built, *given_]


@pytest.mark.slow
def test_a_fresh_clone_elsewhere_reproduces_every_number_and_page(whole, tmp_path):
    other = {"TZ": "Asia/Tokyo", "LC_ALL": "C", "PYTHONHASHSEED": "77"}
    code, text = pio(clone(tmp_path), *whole, **other)
    assert "the report is reproduced" in text
    assert code == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("file", "change", "moved", "stage"), PLANTED, ids=lambda one: str(one)[:40]
)
def test_what_is_planted_in_a_clone_is_found_and_named(whole, tmp_path, file, change, moved, stage):
    project = clone(tmp_path)
    text = (project / file).read_text("utf-8")
    assert text.count(change[0]) == 1
    (project / file).write_text(text.replace(*change), "utf-8")
    code, text = pio(project, *whole, "--every")
    assert code == 1
    assert f"  {file}: changed" in text
    assert "code, definitions and environment: 1 not as recorded" in text
    assert f"first stage that differs: {stage}" in text
    assert f"different: {moved} " in text
    assert "the report is NOT reproduced" in text


@pytest.mark.slow
def test_one_changed_row_of_the_notices_is_found_and_named_in_a_clone(whole, data, tmp_path):
    other = one_tender_more(data[0], tmp_path / "notices.tar")
    given_ = [other if one == data[0] else one for one in whole]
    code, text = pio(clone(tmp_path / "clone"), *given_, "--every")
    assert code == 1
    assert "inputs: 1 not as recorded" in text
    assert "first stage that differs: inputs (notices.tar)" in text
    assert "different: competition.bids_per_lot " in text
    assert "different: competition.awarded_lots " not in text
