"""Files from strangers that are refused as a whole, before anything of them is used."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from intake_forms import CALL, filled

from analysis.refusal import SourceError
from analysis.sources import grids, intake, office

Parts = dict[str, bytes]
SHEET = "xl/worksheets/sheet1.xml"


@pytest.fixture
def parts(tmp_path: Path) -> Parts:
    """The parts of a workbook that is right."""
    path = filled(tmp_path / "right.xlsx", "pio", {"Oproepen": [CALL]})
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def packed(path: Path, parts: Parts) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in parts.items():
            archive.writestr(name, data)
    return path


def refused(path: Path) -> str:
    with pytest.raises(SourceError) as caught:
        intake.read(path)
    assert caught.value.where == path.name
    assert "nothing of it was used" in caught.value.do
    return caught.value.found


def inserted(parts: Parts, before: bytes, new: bytes, name: str = SHEET) -> Parts:
    assert before in parts[name]
    return parts | {name: parts[name].replace(before, new + before, 1)}


def test_the_workbook_that_the_others_are_spoiled_from_is_right(
    tmp_path: Path, parts: Parts
) -> None:
    assert intake.read(packed(tmp_path / "a.xlsx", parts)).tables["pio_calls"].num_rows == 1


def test_macros_are_refused_by_name_and_by_content(tmp_path: Path, parts: Parts) -> None:
    assert ".xlsm" in refused(packed(tmp_path / "a.xlsm", parts))
    hidden = parts | {"xl/vbaProject.bin": b"macro"}
    assert refused(packed(tmp_path / "b.xlsx", hidden)) == "a workbook with macros"
    declared = parts["[Content_Types].xml"].replace(b"sheet.main+xml", b"sheet.macroEnabled.main")
    renamed = parts | {"[Content_Types].xml": declared}
    assert refused(packed(tmp_path / "c.xlsx", renamed)) == "a workbook with macros"


def test_a_compression_bomb_is_refused_without_unpacking_it(
    tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "GROWTH_FREE", 1_000_000)
    monkeypatch.setattr(office, "GROWTH", 20)
    bomb = parts | {"xl/media/image.bin": b"0" * 9_000_000}
    assert "bomb" in refused(packed(tmp_path / "a.xlsx", bomb))


LAUGHS = b'<!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;">]>'


@pytest.mark.parametrize("name", [SHEET, "xl/workbook.xml", "xl/styles.xml", "[Content_Types].xml"])
def test_entities_are_refused_in_every_part(tmp_path: Path, parts: Parts, name: str) -> None:
    body = parts[name].partition(b"?>")[2] if parts[name].startswith(b"<?xml") else parts[name]
    laughing = packed(tmp_path / "a.xlsx", parts | {name: LAUGHS + body})
    assert refused(laughing) == "a part with a document type, entities or NUL bytes"


def test_a_document_type_hides_neither_behind_padding_nor_in_another_encoding(
    tmp_path: Path, parts: Parts
) -> None:
    padded = b" " * ((1 << 20) - 4) + LAUGHS  # over the border of two blocks
    far = packed(tmp_path / "a.xlsx", parts | {"xl/extra.xml": padded})
    assert "document type" in refused(far)
    wide = packed(tmp_path / "b.xlsx", parts | {"xl/extra.xml": LAUGHS.decode().encode("utf-16")})
    assert "NUL bytes" in refused(wide)
    other = b'<?xml version="1.0" encoding="cp037"?><a/>'
    assert "cp037" in refused(packed(tmp_path / "c.xlsx", parts | {"xl/extra.xml": other}))


def test_a_cell_far_away_or_a_huge_merge_takes_no_memory(tmp_path: Path, parts: Parts) -> None:
    far = inserted(parts, b"</sheetData>", b'<row r="9"><c r="XFD9"><v>1</v></c></row>')
    assert "values past column" in refused(packed(tmp_path / "a.xlsx", far))
    below = inserted(parts, b"</sheetData>", b'<row r="9"><c r="A99999999"><v>1</v></c></row>')
    assert refused(packed(tmp_path / "b.xlsx", below))
    merge = b'<mergeCells count="1"><mergeCell ref="H9:XFD1048576"/></mergeCells>'
    merged = parts | {SHEET: parts[SHEET].replace(b"</sheetData>", b"</sheetData>" + merge, 1)}
    assert intake.read(packed(tmp_path / "c.xlsx", merged)).tables["pio_calls"].num_rows == 1


def test_too_many_cells_are_refused(
    tmp_path: Path, parts: Parts, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(office, "CELLS", 10)
    assert "more than 10 cells" in refused(packed(tmp_path / "a.xlsx", parts))


def _protected(path: Path) -> None:
    path.write_bytes(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 600)


def _web_page(path: Path) -> None:
    path.write_text("<html><table><tr><td>Oproep</td></tr></table></html>")


def _utf16(path: Path) -> None:
    path.write_text("Oproep;Soort oproep\n", encoding="utf-16")


def _archive(path: Path) -> None:
    packed(path, {"notes.txt": b"no workbook"})


def _opendocument(path: Path) -> None:
    packed(path, {"content.xml": b"<a/>"})


def _cut_off(path: Path) -> None:
    _archive(path)
    path.write_bytes(path.read_bytes()[:40])


@pytest.mark.parametrize(
    ("make", "found"),
    [
        (_protected, "an old Excel workbook, or one with a password"),
        (_web_page, "a web page or XML under another name"),
        (_utf16, "text in UTF-16 or a binary file"),
        (_archive, "a zip that is no workbook"),
        (_opendocument, "a binary or OpenDocument workbook"),
        (_cut_off, "a damaged workbook"),
    ],
)
def test_what_is_no_workbook_is_named_for_what_it_is(
    tmp_path: Path, make: Callable[[Path], None], found: str
) -> None:
    make(tmp_path / "a.xlsx")
    assert refused(tmp_path / "a.xlsx").startswith(found)


def test_a_path_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="check the path"):
        intake.read(tmp_path / "gone.xlsx")


def test_links_to_other_workbooks_are_not_followed(tmp_path: Path, parts: Parts) -> None:
    linked = parts | {
        "xl/externalLinks/externalLink1.xml": b"<externalLink/>",
        "xl/externalLinks/_rels/externalLink1.xml.rels": b"<Relationships/>",
    }
    assert intake.read(packed(tmp_path / "a.xlsx", linked)).tables


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9, 0.99])
def test_a_workbook_cut_off_anywhere_is_refused(tmp_path: Path, parts: Parts, share: float) -> None:
    whole = packed(tmp_path / "a.xlsx", parts).read_bytes()
    (tmp_path / "b.xlsx").write_bytes(whole[: int(len(whole) * share)])
    assert refused(tmp_path / "b.xlsx").startswith("a damaged workbook")


def test_a_part_that_says_it_is_smaller_than_it_is_stops_the_reading(
    tmp_path: Path, parts: Parts
) -> None:
    raw = bytearray(packed(tmp_path / "a.xlsx", parts).read_bytes())
    central = raw.rindex(b"PK\x01\x02")
    raw[central + 24 : central + 28] = (3).to_bytes(4, "little")
    (tmp_path / "b.xlsx").write_bytes(raw)
    assert refused(tmp_path / "b.xlsx").startswith("a damaged workbook")


def test_a_csv_with_a_quote_that_never_ends_is_read_or_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text('Oproep;Soort oproep\n"open\n', encoding="utf-8")
    with pytest.raises(SourceError):
        intake.read(path)


def test_a_csv_that_is_far_too_large_is_not_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(grids, "LARGEST", 10)
    path = tmp_path / "a.csv"
    path.write_text("Oproep;Soort oproep\n", encoding="utf-8")
    assert refused(path) == "20 bytes"


LINE = st.lists(st.sampled_from(["call", "Soort oproep", "deadline", "1", "", "=1", '"', "x;y"]))
CSV = st.lists(LINE, max_size=5).map(lambda lines: "\n".join(";".join(line) for line in lines))


@settings(max_examples=50, deadline=None)
@given(raw=st.one_of(st.binary(max_size=200), CSV.map(str.encode), st.text().map(str.encode)))
def test_bytes_of_any_kind_are_read_or_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, raw: bytes
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.csv"
    path.write_bytes(raw)
    try:
        tables = intake.read(path).tables
    except SourceError as refusal:
        tables = {}
        said = refusal.found
    assert tables or said
