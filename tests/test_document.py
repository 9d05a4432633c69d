import pytest
from chapters import META, SVG, both, chapter, figure, prose, table
from nbformat import v4

from analysis.present import blocks
from analysis.refusal import ReportError
from analysis.report import markdown
from analysis.report.document import document
from analysis.report.exporters import merge


def kinds(content):
    return [block["kind"] for part in content["chapters"] for block in part["blocks"]]


def words_of(content, kind):
    return [
        markdown.plain(block["inline"])
        for part in content["chapters"]
        for block in part["blocks"]
        if block["kind"] == kind
    ]


def test_a_figure_without_alternative_text_is_refused():
    with pytest.raises(ReportError, match="figure bids, alt"):
        figure(alt=both("  "))


def test_an_alternative_text_that_repeats_the_caption_is_refused():
    with pytest.raises(ReportError, match="the caption once more"):
        figure(caption=both("80 bids in 2024"), alt=both("80 bids in 2024 "))


def test_an_alternative_text_without_the_figures_numbers_is_refused():
    for nothing in ("Een staafdiagram.", "Figuur 1", "chart 2.1", "12"):
        with pytest.raises(ReportError, match="no number"):
            figure(alt=both(nothing))


def test_a_block_in_one_language_is_refused():
    with pytest.raises(ReportError, match="no text in en"):
        blocks.text({"nl": "Alleen Nederlands."})
    with pytest.raises(ReportError, match="no text in nl"):
        table(caption={"nl": "", "en": "Buyers"})


def test_a_row_with_too_few_cells_is_refused():
    with pytest.raises(ReportError, match=r"rows \[2\]"):
        table(cells=[["Gent", "3"], ["Aalst"]])


def test_chapters_keep_their_own_number_and_figures_and_tables_count_in_reading_order():
    one = chapter(figure("a"), table("b"), name="00_summary")
    two = chapter(prose("## Deel\n\n### Onderdeel"), figure("c"), name="90_method")
    content = document(merge([one, two], META), "nl")
    assert [part["number"] for part in content["chapters"]] == ["0", "90"]
    assert [b["number"] for b in content["chapters"][0]["blocks"]] == ["0", "1", "1"]
    assert [b["number"] for b in content["chapters"][1]["blocks"]] == ["90", "90.1", "90.1.1", "2"]
    [section] = content["chapters"][1]["sections"]
    assert section == {"number": "90.1", "id": "s-90-1", "title": "Deel"}


def test_a_reference_names_its_target_in_the_language_of_the_report():
    source = chapter(prose("Zie {fig:bids} en {Tab:buyers}."), figure(), table())
    assert words_of(document(source, "nl"), "paragraph") == ["Zie figuur\u00a01 en Tabel\u00a01."]
    assert words_of(document(source, "en"), "paragraph") == ["Zie figure\u00a01 en Table\u00a01."]


def test_a_reference_to_nothing_is_refused():
    with pytest.raises(ReportError, match="fig-lost"):
        document(chapter(prose("Zie {fig:lost}."), figure()), "nl")


def test_two_figures_of_one_name_are_refused():
    with pytest.raises(ReportError, match="two of that id"):
        document(chapter(figure(), figure()), "nl")


@pytest.mark.parametrize(
    "unknown",
    [
        "```\ncode\n```",
        "![picture](x.png)",
        "a <b>tag</b>",
        "---",
        "#### diep",
        "- a\n  - b",
        "{fig:Not A Name}",
        "a note without end[^1]",
        "[run](javascript:alert(1))",
        "[file](x.html)",
    ],
)
def test_markdown_that_the_report_does_not_know_is_refused(unknown):
    with pytest.raises(ReportError, match="15_bids, text"):
        document(chapter(prose(unknown)), "nl")


def test_text_from_outside_is_shown_as_it_is():
    name = "1. Bouw* <script>x</script> {fig:a} [^1] [x](http://y) & Zoon_bv_ #1 \\ `q`"
    content = document(chapter(prose(f"Koper: {blocks.literal(name)}")), "nl")
    assert words_of(content, "paragraph") == [f"Koper: {name}"]


def test_footnotes_are_numbered_through_the_report():
    one = chapter(prose("Een[^a].\n\n[^a]: Noot *een*."), name="00_a")
    two = chapter(prose("Twee[^a].\n\n[^a]: Noot twee."), name="10_b")
    notes = document(merge([one, two], META), "nl")["notes"]
    texts = [(note["number"], markdown.plain(note["inline"])) for note in notes]
    assert texts == [("1", "Noot een."), ("2", "Noot twee.")]


def test_a_chapter_whose_cell_failed_is_refused():
    failed = chapter()
    failed.cells[0].outputs.append(
        v4.new_output("error", ename="ValueError", evalue="no rows", traceback=[])
    )
    with pytest.raises(ReportError, match=r"15_bids, cell 1\n.*ValueError: no rows"):
        document(failed, "nl")


def test_a_chapter_without_blocks_is_refused():
    empty = v4.new_notebook(metadata={"pio": {"chapter": "30_norm"}})
    empty.cells.append(v4.new_code_cell("1 + 1"))
    with pytest.raises(ReportError, match="30_norm"):
        document(merge([chapter(), empty], META), "nl")


def test_a_chapter_has_one_title_and_begins_with_it():
    with pytest.raises(ReportError, match=r"headings at \[0, 1\]"):
        document(chapter(prose("# Nog een titel")), "nl")


def test_one_simulated_figure_marks_the_whole_report():
    content = document(chapter(figure(mark="sample"), table(mark="simulated")), "nl")
    assert content["meta"]["mark"] == "simulated"


@pytest.mark.parametrize(
    "drawing",
    [
        SVG.replace("<rect", "<script>alert(1)</script><rect"),
        SVG.replace("<rect", '<rect onclick="alert(1)"'),
        SVG.replace("<rect", '<image href="http://example.org/x.png"/><rect'),
        SVG.replace("#0a4d8c", "url(http://example.org/x)"),
        "<p>no drawing</p>",
        "not even XML",
    ],
)
def test_a_drawing_that_runs_or_loads_something_is_refused(drawing):
    with pytest.raises(ReportError, match="15_bids, figure bids"):
        document(chapter(figure(svg=both(drawing))), "nl")


def test_both_languages_have_the_same_shape():
    source = chapter(prose("## Deel\n\nZie {fig:bids}."), figure(), table())
    assert kinds(document(source, "nl")) == kinds(document(source, "en"))
