"""The PDF for readers who do not see it: by veraPDF, and by rules of our own where it has none."""

import functools
import io
from collections.abc import Callable
from pathlib import Path

import pdf_structure
import pikepdf
import pytest
from chapters import META, both, chapter, figure, prose, table
from pdf_tree import elements
from pikepdf import Array, Dictionary, Name, Pdf
from verapdf import broken, needs_java

from analysis.present import blocks
from analysis.present.language import LANGUAGES
from analysis.report.exporters import PioPdfExporter, merge, summary

PROSE = """## Deel

Een noot[^1] bij {fig:bids}.

- Eerst.
- Dan.

### Onder

> Zegt men.

[^1]: Een noot.
"""
CARD = {"label": both("Percelen"), "value": both("80"), "note": both("van 90")}
LONG = [[f"Koper {number}", str(number)] for number in range(40)]


def _whole():
    """A report with a block of every kind, and a table that runs on over the page."""
    first = chapter(
        blocks.answer(both("Het zijn er **80**.")), blocks.cards([CARD, CARD]), prose(PROSE),
        figure(), table(), table("long", cells=LONG), table("few", row_header=False),
    )  # fmt: skip
    return merge([first, chapter(prose("Meer."), name="16_more")], META | {"mark": "simulated"})


@pytest.fixture(scope="module")
def printed() -> dict[str, bytes]:
    """The report in each language, and its summary."""
    whole = _whole()
    made = {
        language: PioPdfExporter(language=language).from_notebook_node(whole)[0]
        for language in LANGUAGES
    }
    return made | {"summary": summary(whole, "nl")}


def tagged(pdf: Pdf, *tags: str) -> list[pikepdf.Object]:
    tree = elements(pdf)
    return [element.given for element in tree if element.tag in tags]


def no_alternative(pdf: Pdf) -> None:
    del next(one for one in tagged(pdf, "Figure") if "/Alt" in one)["/Alt"]


def a_placeholder(pdf: Pdf) -> None:
    next(one for one in tagged(pdf, "Figure") if "/Alt" in one)["/Alt"] = "Figuur 1"


def words_without_a_number(pdf: Pdf) -> None:
    next(one for one in tagged(pdf, "Figure") if "/Alt" in one)["/Alt"] = "Een staaf per jaar."


def no_language(pdf: Pdf) -> None:
    del pdf.Root["/Lang"]


def no_scope(pdf: Pdf) -> None:
    del tagged(pdf, "TH")[0]["/A"]


def no_title(pdf: Pdf) -> None:
    with pdf.open_metadata(update_docinfo=False) as xmp:
        del xmp["dc:title"]
    del pdf.docinfo["/Title"]


def another_title(pdf: Pdf) -> None:
    pdf.docinfo["/Title"] = "Iets anders"


def the_name_of_the_file(pdf: Pdf) -> None:
    del pdf.Root.ViewerPreferences["/DisplayDocTitle"]


def a_level_skipped(pdf: Pdf) -> None:
    tagged(pdf, "H2")[0]["/S"] = Name.H3


def a_bookmark_less(pdf: Pdf) -> None:
    with pdf.open_outline() as outline:
        del outline.root[-1]


def no_standard(pdf: Pdf) -> None:
    with pdf.open_metadata(update_docinfo=False) as xmp:
        del xmp["pdfuaid:part"]


def not_marked(pdf: Pdf) -> None:
    pdf.Root.MarkInfo.Marked = False


def pages_the_other_way_round(pdf: Pdf) -> None:
    root = pdf.Root.StructTreeRoot.K
    root = root[0] if isinstance(root, Array) else root
    root.K = Array(list(reversed(list(root.K))))


def a_link_that_says_nothing(pdf: Pdf) -> None:
    _link(pdf)["/Contents"] = ""


def a_link_to_nowhere(pdf: Pdf) -> None:
    _link(pdf)["/Dest"] = pikepdf.String("nergens")


def a_link_outside_the_tree(pdf: Pdf) -> None:
    del _link(pdf)["/StructParent"]


def no_order_of_tabs(pdf: Pdf) -> None:
    page = next(page for page in pdf.pages if "/Annots" in page)
    del page["/Tabs"]


def _link(pdf: Pdf) -> pikepdf.Object:
    return next(link for page in pdf.pages for link in page.get("/Annots", []))


def words_outside_the_tree(pdf: Pdf) -> None:
    pdf.pages[-1].contents_add(b"BT 50 50 Td () Tj ET")


def words_never_read(pdf: Pdf) -> None:
    tagged(pdf, "TD")[0].K = Array([])


def a_tag_of_our_own(pdf: Pdf) -> None:
    tagged(pdf, "P")[0]["/S"] = Name.Alinea


def a_font_left_out(pdf: Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/Type") == Name.FontDescriptor:
            for part in {"/FontFile2", "/FontFile3"} & set(one.keys()):
                del one[part]


def signs_without_letters(pdf: Pdf) -> None:
    for one in pdf.objects:
        if isinstance(one, Dictionary) and one.get("/Subtype") == Name.Type0:
            del one["/ToUnicode"]


def a_row_too_short(pdf: Pdf) -> None:
    row = tagged(pdf, "TR")[1]
    row.K = Array(list(row.K)[:-1])


def a_table_without_head(pdf: Pdf) -> None:
    tagged(pdf, "THead")[0]["/S"] = Name.TBody


def an_item_without_text(pdf: Pdf) -> None:
    tagged(pdf, "LBody")[0]["/S"] = Name.Lbl


PLANTED: dict[Callable[[Pdf], None], set[str]] = {
    no_alternative: {"figures"},
    a_placeholder: {"figures"},
    words_without_a_number: {"figures"},
    no_language: {"language"},
    no_scope: {"tables"},
    a_row_too_short: {"tables", "content"},
    a_table_without_head: {"tables"},
    an_item_without_text: {"lists"},
    no_title: {"title"},
    another_title: {"metadata"},
    the_name_of_the_file: {"title"},
    no_standard: {"metadata"},
    not_marked: {"marked"},
    a_level_skipped: {"headings", "bookmarks"},
    a_bookmark_less: {"bookmarks"},
    pages_the_other_way_round: {"reading", "bookmarks", "headings"},
    a_link_that_says_nothing: {"links"},
    a_link_to_nowhere: {"links"},
    a_link_outside_the_tree: {"links"},
    no_order_of_tabs: {"links"},
    words_outside_the_tree: {"content"},
    words_never_read: {"content"},
    a_tag_of_our_own: {"roles"},
    a_font_left_out: {"fonts"},
    signs_without_letters: {"fonts"},
}
# What veraPDF, the validator of the standards, says of faults of which they speak.
BROKEN = {
    no_alternative: {"ua1 7.3-1"},
    no_language: {"ua1 7.2-2", "ua1 7.2-34"},
    no_title: {"ua1 7.1-9"},
    no_standard: {"ua1 5-1"},
    a_level_skipped: {"ua1 7.4.2-1"},
    a_link_that_says_nothing: {"ua1 7.18.5-2"},
    words_outside_the_tree: {"ua1 7.1-3"},
    a_tag_of_our_own: {"2a 6.7.3.4-1", "ua1 7.1-5"},
    signs_without_letters: {"2a 6.2.11.7.2-1", "ua1 7.21.7-1"},
}


def planted(source: bytes, plant: Callable[[Pdf], None]) -> bytes:
    """A copy of the PDF with a fault in it."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(source)) as pdf:
        plant(pdf)
        pdf.save(out)
    return out.getvalue()


def rules(source: bytes) -> set[str]:
    with pikepdf.open(io.BytesIO(source)) as pdf:
        return {fault.split(":")[0] for fault in pdf_structure.faults(pdf)}


def test_the_report_and_its_summary_can_be_read_without_being_seen(printed):
    found = {name: sorted(rules(source)) for name, source in printed.items()}
    assert found == {name: [] for name in printed}


@pytest.mark.parametrize("plant", PLANTED, ids=lambda plant: plant.__name__)
def test_a_planted_fault_is_found_by_its_own_rule(printed, plant):
    assert rules(planted(printed["nl"], plant)) == PLANTED[plant]


def by_name(found: dict[tuple[Path, str], list[str]]) -> dict[str, set[str]]:
    """`standard clause-number` by the name of the file."""
    told: dict[str, set[str]] = {file.name: set() for file, _ in found}
    for (file, standard), faults in found.items():
        told[file.name] |= {f"{standard} {fault.split()[0]}" for fault in faults}
    return told


@pytest.fixture(scope="module")
def held(printed, tmp_path_factory) -> dict[str, set[str]]:
    """What veraPDF finds in each PDF, and in one with every fault that it can find."""
    folder = tmp_path_factory.mktemp("pdf")
    worst = functools.reduce(planted, BROKEN, printed["nl"])
    for name, source in (printed | {"planted": worst}).items():
        (folder / name).write_bytes(source)
    return by_name(broken(sorted(folder.iterdir())))


@needs_java
def test_verapdf_finds_no_fault_in_what_is_printed(printed, held):
    assert {name: held[name] for name in printed} == {name: set() for name in printed}


@needs_java
def test_verapdf_finds_planted_faults(held):
    assert set().union(*BROKEN.values()) <= held["planted"]


def test_the_yearly_report_can_be_read_without_being_seen(report):
    for path in sorted(report.glob("*.pdf")):
        with pikepdf.open(path) as pdf:
            assert pdf_structure.faults(pdf) == []


@needs_java
def test_verapdf_finds_no_fault_in_the_summary_of_the_yearly_report(report):
    found = by_name(broken(sorted(report.glob("summary.*.pdf"))))
    assert found == {f"summary.{language}.pdf": set() for language in sorted(LANGUAGES)}


@needs_java
@pytest.mark.slow
def test_verapdf_finds_no_fault_in_the_whole_yearly_report(report):
    """Some two million checks a language."""
    found = by_name(broken(sorted(report.glob("report.*.pdf"))))
    assert found == {f"report.{language}.pdf": set() for language in sorted(LANGUAGES)}
