"""The yearly report end to end, on the invented notices, in both languages."""

import base64
import functools
import hashlib
import html
import io
import json
import os
import random
import re
import subprocess
import sys
import tarfile
from html.parser import HTMLParser
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pikepdf
import pypdfium2
import pytest
from lxml import html as parser
from yearly_report import SCALE, SEED

from analysis import results, simulate
from analysis.present.language import LANGUAGES
from analysis.report import build as in_process
from analysis.report import trace_refs
from analysis.store import Store

ROOT = Path(__file__).resolve().parents[1]
BUILD = """
import json
import sys
from pathlib import Path
from analysis import results
from analysis.report.build import build, ledger
for folder, data, whole in json.loads(sys.argv[1]):
    given = {"year": 2025, "data": [Path(path) for path in data], "home": Path(folder) / "home"}
    if whole:
        print(build(languages=["nl", "en"], out=Path(folder) / "2025", **given).is_new)
    else:
        results.write(ledger(**given)[0], Path(folder) / "results.csv")
"""
ELSEWHERE = {"PYTHONHASHSEED": "77", "TZ": "Asia/Tokyo", "LC_ALL": "C"}


def build(*wanted: tuple[Path, list[Path], bool]) -> list[str]:
    """Make whole reports, or ledgers only, of data; return which of the reports are new.

    In a process with another hash seed, time zone, locale and number of kernels.
    """
    given = [(str(folder), [str(path) for path in data], whole) for folder, data, whole in wanted]
    ran = subprocess.run(
        [sys.executable, "-c", BUILD, json.dumps(given)],
        capture_output=True,
        text=True,
        env={**os.environ, **ELSEWHERE},
        check=True,
    )
    return ran.stdout.split()


@pytest.fixture(scope="module")
def shuffled(tmp_path_factory, deliveries) -> list[Path]:
    """The same deliveries in another order, and the notices in their package too."""
    package = tmp_path_factory.mktemp("shuffled") / "notices.tar"
    with tarfile.open(deliveries[0]) as old, tarfile.open(package, "w") as new:
        members = old.getmembers()
        random.Random(7).shuffle(members)
        for member in members:
            new.addfile(member, io.BytesIO(old.extractfile(member).read()))
    return [*reversed(deliveries[1:]), package]


class Again(NamedTuple):
    """What another process says of the report, and the ledger that it made itself."""

    is_new: list[str]
    touched: set[Path]
    ledger: Path


@pytest.fixture(scope="module")
def again(tmp_path_factory, report, deliveries, shuffled) -> Again:
    """The same report asked for once more, then the ledger of the same files in another order."""
    folder = tmp_path_factory.mktemp("again")
    before = _times(report)
    is_new = build((report.parent, deliveries, True), (folder, shuffled, False))
    after = _times(report)
    touched = {path for path in before | after if before.get(path) != after.get(path)}
    return Again(is_new, touched, folder / "results.csv")


def _times(folder: Path) -> dict[Path, int]:
    return {path: path.stat().st_mtime_ns for path in folder.rglob("*")}


@pytest.fixture(scope="module")
def pages(report) -> dict[str, str]:
    return {lang: (report / f"report.{lang}.html").read_text("utf-8") for lang in LANGUAGES}


def numbers(page: str) -> list[str]:
    """The digits of every number shown, in order, whatever the language writes between them."""
    body = re.sub(r"<(style|script)\b.*?</\1>|<svg\b.*?</svg>", "", page, flags=re.S)
    text = html.unescape(re.sub(r"<[^>]+>", " ", body)).replace("COVID-19", "")
    return [re.sub(r"\D", "", found) for found in re.findall(r"\d[\d.,]*", text)]


def test_every_file_that_was_promised_is_there(report):
    promised = {f"report.{lang}.{kind}" for lang in LANGUAGES for kind in ("html", "pdf", "xlsx")}
    promised |= {f"summary.{lang}.pdf" for lang in LANGUAGES}
    promised |= {"results.csv", "rejects.csv", "signals.csv", "survey_questions.csv"}
    promised |= {"report.json", "ro-crate-metadata.json", "evaluation.yml", "tables", "figures"}
    assert {path.name for path in report.iterdir()} == promised


def test_both_languages_show_the_same_numbers(pages):
    assert sorted(numbers(pages["nl"])) == sorted(numbers(pages["en"]))


SCALES = {"share": (100,), "share-difference": (100,), "share-per-year": (100,), "EUR": (1, 1e-6)}


def held(row: dict) -> list[float]:
    """Every number that the ledger has in a row, as large as the page may write it."""
    ends = [row[name] for name in ("value", "low", "high") if not pd.isna(row[name])]
    if row["unit"] == "day":  # 20200131 is written as 31 January 2020
        return [int(part) for end in ends for part in (str(int(end))[:4], str(int(end))[6:])]
    counts = [row[name] for name in ("n", "unknown") if not pd.isna(row[name])]
    return [end * by for end in ends for by in SCALES.get(row["unit"], (1,))] + counts


def read(text: str, language: str) -> list[tuple[float, float]]:
    """The numbers in a text, each with half of its last digit."""
    text = text.replace("\N{MINUS SIGN}", "-").replace("€", "")
    groups, mark = (".", ",") if language == "nl" else (",", ".")
    found = [one.rstrip(".,").replace(groups, "") for one in re.findall(r"-?\d[\d.,]*", text)]
    return [
        (float(one.replace(mark, ".")), 0.5 / 10 ** len(one.partition(mark)[2])) for one in found
    ]


def test_every_number_that_is_a_link_leads_to_the_ledger_row_that_holds_it(report, pages):
    ledger = results.read(report / "results.csv")
    rows = dict(zip(trace_refs.references(ledger).str[:8], ledger.to_dict("records"), strict=True))
    hrefs = {}
    for language, page in pages.items():
        tree = parser.fromstring(page)
        places = [row.get("id") for row in tree.iter("tr") if row.get("id")]
        links = [link for link in tree.iter("a") if link.get("tabindex")]
        hrefs[language] = [link.get("href") for link in links]
        assert {f"#{place}" for place in places} == set(hrefs[language])
        assert len(places) == len(set(places))
        for link in links:
            row = rows[link.get("href").rpartition("-")[2]]
            told = read(link.text_content(), language)
            assert told or row["unit"] in ("verdict", "flag") or pd.isna(row["value"])
            for number, half in told:
                near = [one for one in held(row) if abs(number - one) <= half * (1 + 1e-9)]
                assert near, (link.text_content(), row)
        within = {above.tag for link in links for above in link.iterancestors()}
        assert within >= {"p", "li", "dd", "figure", "td"}
    assert sorted(hrefs["nl"]) == sorted(hrefs["en"])


def test_both_languages_have_the_same_figures_and_tables(pages):
    ids = {lang: re.findall(r' id="((?:fig|tab)-[^"]+)"', page) for lang, page in pages.items()}
    assert ids["nl"] == ids["en"]
    assert len(ids["nl"]) > 20


def test_a_page_runs_the_script_of_its_explorer_alone_and_loads_nothing(pages):
    """What the policy lets run is named by its digest; the data of the explorer run not at all."""
    for lang, page in pages.items():
        assert f'<html lang="{lang}"' in page
        data, script = re.findall(r"<script([^>]*)>(.*?)</script>", page, flags=re.S)
        assert [data[0], script[0]] == [' type="application/json"', ""]
        digest = base64.b64encode(hashlib.sha256(script[1].encode()).digest()).decode()
        assert f"script-src 'sha256-{digest}';" in page
        loaded = re.findall(r'(?:src|href)="([^"]+)"', page)
        assert all(link.startswith(("#", "data:")) for link in loaded)
        assert not re.search(r"url\((?!['\"]?(data:|#))", page)


def test_no_catalogue_key_and_no_blank_is_left_in_a_page(pages):
    for page in pages.values():
        body = re.sub(r"<(style|script)\b.*?</\1>", "", page, flags=re.S)
        text = re.sub(r"<[^>]+>", " ", body)
        assert not re.search(r"\b(definition|denominator|perimeter|column|word)\.[a-z]", text)
        assert "{" not in text


def test_invented_notices_are_marked_wherever_they_are_shown(report, pages):
    ledger = results.read(report / "results.csv")
    assert set(ledger["kind"]) == {"simulated", "published"}
    assert "verzonnen" in pages["nl"]
    assert "invented" in pages["en"]
    drawn = (report / "figures" / "single-bids.nl.svg").read_text("utf-8")
    assert "verzonnen" in drawn
    assert "verzonnen" not in (report / "figures" / "partners.nl.svg").read_text("utf-8")


@functools.cache
def counted_lots() -> list[dict]:
    """What ought to be counted, from the truth and not by our readers.

    A contract in two forms counts once, by its newer form, unless the older one shows no value:
    then nothing in the two notices says that they are about one contract.
    """
    truth = [
        lot
        for lot in simulate.truth(simulate.invent(SEED, SCALE))
        if lot["region"] != "eu" and lot["outcome"] == "awarded"
    ]
    newer = {(lot["contract"], lot["lot"]) for lot in truth if lot["counts"] == "duplicate"}
    return [
        lot
        for lot in truth
        if lot["counts"] == "duplicate"
        or (
            lot["counts"] == "award"
            and not (lot["value_shown"] and (lot["contract"], lot["lot"]) in newer)
        )
    ]


def test_the_single_bid_share_is_the_one_that_was_invented(report):
    ledger = results.read(report / "results.csv")
    row = ledger[
        (ledger["id"] == "competition.single_bid_share")
        & ledger["period"].str.contains("-")
        & (ledger["group"] == "all")
        & (ledger["perimeter"] == "notices-given")
    ].iloc[0]
    shown = [lot["bids_shown"] for lot in counted_lots() if lot["bids_shown"] is not None]
    single = sum(bids == 1 for bids in shown)
    assert (row["n"], row["unknown"]) == (len(shown), len(counted_lots()) - len(shown))
    assert row["value"] == pytest.approx(single / len(shown), abs=1e-12)
    assert row["low"] == pytest.approx(single / len(counted_lots()), abs=1e-12)


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.tables: list[list[str]] = []

    def handle_starttag(self, tag, attrs):
        if tag == "table":
            self.tables.append([])
        elif self.tables and tag in ("caption", "th"):
            self.tables[-1].append(tag if tag == "caption" else f"th-{dict(attrs).get('scope')}")


def test_every_table_has_a_caption_and_scoped_headers(pages):
    for page in pages.values():
        parser = _Tables()
        parser.feed(page)
        assert parser.tables
        for parts in parser.tables:
            assert parts.count("caption") == 1
            assert set(parts) - {"caption"} <= {"th-col", "th-row", "th-rowgroup"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_pdf_is_tagged_in_its_language_and_no_page_is_empty(report, language):
    path = report / f"report.{language}.pdf"
    with pikepdf.open(path) as pdf:
        assert str(pdf.Root.Lang).startswith(language)
        assert pdf.Root.MarkInfo.Marked
        assert "/Outlines" in pdf.Root
        with pdf.open_metadata() as about:
            assert about["pdfuaid:part"] == "1"
            assert (about["pdfaid:part"], about["pdfaid:conformance"]) == ("2", "A")
    document = pypdfium2.PdfDocument(path)
    words = [len(page.get_textpage().get_text_bounded().split()) for page in document]
    document.close()
    assert min(words) > 20


def shown(page: str) -> list[str]:
    """Captions of the tables; the numbers behind a figure stand in the page only."""
    found = re.findall(r"<caption([^>]*)>(.*?)</caption>", page, flags=re.S)
    return [caption for about, caption in found if not re.search("-(data-caption|origin)", about)]


def test_the_pdf_and_the_page_show_the_same_tables(report, pages):
    for language in LANGUAGES:
        document = pypdfium2.PdfDocument(report / f"report.{language}.pdf")
        text = " ".join(page.get_textpage().get_text_bounded() for page in document)
        document.close()
        flat = re.sub(r"\W", "", text)
        page = re.sub(r'<div class="explorer".*?</table>', "", pages[language], flags=re.S)
        captions = [html.unescape(table) for table in shown(page)]
        plain = [re.sub(r"\W", "", re.sub(r"<[^>]+>", "", caption)) for caption in captions]
        assert plain
        assert [caption for caption in plain if caption not in flat] == []


def test_the_summary_has_two_pages_at_most(report):
    for language in LANGUAGES:
        with pypdfium2.PdfDocument(report / f"summary.{language}.pdf") as document:
            assert 1 <= len(document) <= 2


def test_nothing_is_built_twice(again):
    """Nor by another process, where the report stands already."""
    assert again.is_new == ["False"]
    assert not again.touched


def without_sums(path: Path) -> pd.DataFrame:
    """A ledger without the sums of the files that it rests on: that of the package differs."""
    return results.read(path).drop(columns="inputs")


def test_the_same_files_in_another_order_give_the_same_ledger(report, again):
    """Another hash seed, time zone, locale and order of files; only the package's sum differs."""
    assert without_sums(report / "results.csv").equals(without_sums(again.ledger))


@pytest.mark.slow
def test_the_same_files_in_another_order_give_the_same_bytes(report, shuffled, tmp_path):
    """Of every page, table and figure; also with another number of kernels."""
    assert build((tmp_path, shuffled, True)) == ["True"]
    folders = (report, tmp_path / "2025")
    one, other = (json.loads((folder / "report.json").read_text()) for folder in folders)
    differ = {name for name in one["files"] if one["files"][name] != other["files"][name]}
    assert one["files"].keys() == other["files"].keys()
    assert differ == {"results.csv", "ro-crate-metadata.json"}  # they tell the sums of inputs
    first, second = (without_sums(folder / "results.csv") for folder in folders)
    assert first.equals(second)


def test_without_data_of_ones_own_the_invented_flanders_is_written_once(tmp_path, monkeypatch):
    written = []
    small = functools.partial(simulate.write, scale=0.03)
    monkeypatch.setattr(simulate, "write", lambda to: (written.append(to), small(to)))
    found = [in_process._found(Store(tmp_path), [], None) for _ in range(2)]
    assert len(written) == 1
    assert {one.lake.kind for one in found} == {one.lake.registers.kind for one in found}
    assert found[0].lake.kind == "simulated"
    assert found[0].key(["nl"]) == found[1].key(["nl"])
