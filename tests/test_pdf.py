import io
import json
import os
import subprocess
import sys

import pikepdf
import pypdfium2
import pytest
from chapters import META, SVG, both, chapter, figure, prose, table

from analysis.present import blocks
from analysis.present.language import LANGUAGES
from analysis.refusal import ReportError
from analysis.report.exporters import PioPdfExporter, export, merge, summary

HOSTILE = '#panic() $x$ @cite <lab> *b* _i_ `c` // \\ ]]> "q" [x] 建 😀 \x07'
LONG = "Meerwaardeondersteuningsprogrammaverantwoordelijke bij een intercommunale"


def pages(*emitted, language="nl", **meta):
    whole = merge([chapter(*emitted)], META | meta)
    return PioPdfExporter(language=language).from_notebook_node(whole)[0]


def words(source):
    document = pypdfium2.PdfDocument(source)
    return [page.get_textpage().get_text_range() for page in document]


@pytest.fixture(scope="module")
def full():
    text = "## Deel\n\nTekst met noot[^1] en {fig:bids}.\n\n[^1]: Een noot."
    source = pages(prose(text), figure(), table(), table("few", row_header=False), language="en")
    with pikepdf.open(io.BytesIO(source)) as pdf:
        yield pdf


def tagged(element, tag):
    kids = element.get("/K", pikepdf.Array())
    for kid in kids if isinstance(kids, pikepdf.Array) else [kids]:
        if isinstance(kid, pikepdf.Dictionary) and "/S" in kid:
            if kid["/S"] == tag:
                yield kid
            yield from tagged(kid, tag)


def scope(cell):
    attributes = cell.get("/A", pikepdf.Array())
    listed = attributes if isinstance(attributes, pikepdf.Array) else [attributes]
    return next((str(one["/Scope"]) for one in listed if "/Scope" in one), None)


def test_the_pdf_says_its_language_title_author_and_day(full):
    assert str(full.Root.Lang) == "en-GB"
    assert str(full.docinfo["/Title"]) == "Public contracts 2024"
    assert str(full.docinfo["/Author"]) == "Evaluation unit"
    assert str(full.docinfo["/CreationDate"]).startswith("D:20250331")
    assert full.Root.ViewerPreferences.DisplayDocTitle


def test_a_text_that_was_delivered_in_dutch_says_so_in_an_english_pdf():
    columns = [{"label": both(name), "align": "left"} for name in ("Act", "Year")]
    cells = [[both("Een actie in elke provincie"), both("2024")]] * 2
    acts = blocks.table(id="acts", caption=both("Acts"), columns=columns, rows=cells)
    spoken = {}
    for language in LANGUAGES:
        with pikepdf.open(io.BytesIO(pages(acts, language=language))) as pdf:
            told = [one.get("/Lang") for one in pdf.objects if isinstance(one, pikepdf.Dictionary)]
            spoken[language] = {str(lang) for lang in told if lang is not None}
    assert spoken["nl"] == {"nl-BE"}
    assert spoken["en"] == {"en-GB", "nl-BE"}


def test_the_pdf_claims_to_be_accessible_and_archival(full):
    with full.open_metadata() as xmp:
        assert xmp["pdfuaid:part"] == "1"
        assert (xmp["pdfaid:part"], xmp["pdfaid:conformance"]) == ("2", "A")
    assert full.Root.MarkInfo.Marked


def test_the_pdf_has_a_bookmark_for_every_heading(full):
    with full.open_outline() as outline:
        contents, one = outline.root
        assert contents.title == "Contents"
        assert one.title == "15 Hoeveel bieders?"
        assert [part.title for part in one.children] == ["15.1 Deel"]


def test_every_figure_of_the_pdf_has_its_alternative_text(full):
    figures = list(tagged(full.Root.StructTreeRoot, "/Figure"))
    assert [str(one["/Alt"]) for one in figures] == ["Eén staaf: 80 inschrijvingen in 2024."]


def test_the_first_cell_of_a_row_is_its_header_where_the_table_says_so(full):
    first, second = tagged(full.Root.StructTreeRoot, "/Table")
    head, *body = tagged(first, "/TR")
    assert [scope(cell) for cell in tagged(head, "/TH")] == ["/Column", "/Column"]
    assert [[scope(cell) for cell in tagged(row, "/TH")] for row in body] == [["/Row"], ["/Row"]]
    assert [len(list(tagged(row, "/TH"))) for row in tagged(second, "/TR")] == [2, 0, 0]


def test_every_font_is_ours_and_embedded(full):
    fonts = [one for one in full.objects if isinstance(one, pikepdf.Dictionary)]
    described = [one for one in fonts if one.get("/Type") == "/FontDescriptor"]
    assert described
    for one in described:
        assert "Inter" in str(one["/FontName"])
        assert "/FontFile2" in one or "/FontFile3" in one


def test_text_of_a_drawing_stays_text():
    assert "2024" in words(pages(figure(caption=both("Grafiek")), title=both("T")))[2]


def test_a_drawing_in_a_foreign_font_is_refused():
    foreign = SVG.replace("'Inter'", "'DejaVu Sans'")
    with pytest.raises(ReportError, match="DejaVu Sans"):
        pages(figure(svg=both(foreign)))


def test_text_from_strangers_is_printed_and_never_obeyed():
    source = pages(
        table(caption=both(HOSTILE), cells=[[HOSTILE, "1"]]),
        figure(caption=both(HOSTILE), alt=both(f"{HOSTILE} 80")),
        title=both(HOSTILE),
    )
    # characters that Inter lacks become a box, control characters a space: a build never breaks
    shown = HOSTILE.replace("建", "□").replace("😀", "□").replace("\x07", "").strip()
    printed = " ".join(" ".join(words(source)).split())
    assert printed.count(shown) >= 4


def test_simulated_data_are_marked_on_the_cover_and_on_every_page():
    cover, *rest = words(pages(figure(mark="simulated")))
    assert "verzonnen" in cover
    assert rest
    assert all("Gesimuleerde gegevens" in page for page in rest)


def test_no_page_is_empty_and_pages_are_numbered():
    rows = [[f"Koper {number}", str(number)] for number in range(90)]
    _, *rest = words(pages(prose("Tekst."), table(cells=rows)))
    assert len(rest) == 4  # contents, and a table of ninety rows on three pages
    for number, page in enumerate(rest, 2):
        assert f"Pagina {number} van 5" in page
        assert len(page.split()) > 12  # more than its head and foot
    assert all("Kolom 1" in page for page in rest[1:])  # the head is repeated


def test_nothing_reaches_beyond_the_margins_of_the_page():
    wide = [[LONG, *(f"1.234.567.890,{place} euro" for place in range(8))]] * 3
    prose_table = [["Feit", LONG * 3, " ".join([LONG] * 6), "2020"]] * 2
    source = pages(table(cells=wide), table("texts", cells=prose_table))
    for page in pypdfium2.PdfDocument(source):
        width = page.get_width()
        text = page.get_textpage()
        boxes = [text.get_charbox(place) for place in range(text.count_chars())]
        assert min(left for left, *_ in boxes) > 60
        assert max(right for _, _, right, _ in boxes) < width - 60


def test_the_same_report_gives_the_same_bytes_whatever_the_hash_seed(tmp_path):
    whole = merge([chapter(figure(), table(), prose("Een[^1].\n\n[^1]: Noot."))], META)
    (tmp_path / "report.ipynb").write_text(json.dumps(whole), encoding="utf-8")
    page, printed, sheets = export(whole, "nl")
    script = (
        "import sys, nbformat, analysis.report.exporters as e;"
        "a, b, c = e.export(nbformat.read(sys.argv[1], 4), 'nl');"
        "sys.stdout.buffer.write(a.encode() + b + c)"
    )
    command = [sys.executable, "-c", script, str(tmp_path / "report.ipynb")]
    env = os.environ | {"PYTHONHASHSEED": "7", "TZ": "Asia/Tokyo", "LC_ALL": "C"}
    again = subprocess.run(command, env=env, capture_output=True, check=True).stdout
    assert again == page.encode() + printed + sheets


def test_a_summary_has_its_title_and_mark_above_it_and_no_cover_or_contents():
    whole = merge([chapter(prose("Kort gezegd."))], META | {"mark": "simulated"})
    printed = summary(whole, "nl")
    [page] = words(printed)
    assert page.index("Overheidsopdrachten 2024") < page.index("Kort gezegd")
    assert "verzonnen" in page
    assert "Inhoud" not in page
    with pikepdf.open(io.BytesIO(printed)) as pdf:
        assert str(pdf.Root.Lang) == "nl-BE"
        assert pdf.Root.MarkInfo.Marked


def test_nbconvert_finds_the_exporters():
    from nbconvert.exporters import get_exporter

    assert get_exporter("pio-pdf") is PioPdfExporter
    assert get_exporter("pio-html")().file_extension == ".html"
