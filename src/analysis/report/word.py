"""An answer as a Word document that everybody can read, the same bytes for the same words."""

import datetime as dt
import io
from typing import Any

from docx import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from analysis.present.language import sentence
from analysis.rezip import rezipped

_LANGUAGES = {"nl": "nl-BE", "en": "en-GB"}
_STYLES = {
    "title": "Title",
    "subtitle": "Subtitle",
    "mark": "Intense Quote",
    "heading": "Heading 1",
    "point": "Heading 2",
    "quote": "Quote",
    "item": "List Bullet",
}


def document(parts: list[Any], *, language: str, year: int) -> bytes:
    """Return a .docx: title, headings, captions and head rows are what they are for a reader aloud.

    Parameters
    ----------
    parts : pieces of an answer, see `analysis.report.answers.parts.Part`
    language : "nl" or "en"; the language of the whole document
    year : year of the answer, from which its fixed dates follow
    """
    word = Document()
    _page(word)
    _properties(word, title=parts[0].text, language=_LANGUAGES[language], year=year)
    numbers = iter(range(1, len(parts) + 1))
    for part in parts:
        if part.kind == "table":
            name = f"{sentence('report.table', language)} {next(numbers)}. {part.text}"
            _table(word, name, part)
        else:
            word.add_paragraph(part.text, style=_STYLES.get(part.kind))
        if part.kind == "mark":
            word.sections[0].header.paragraphs[0].text = part.text.split(". ")[0]
    made = io.BytesIO()
    word.save(made)
    return rezipped(made.getvalue(), dt.date(year, 12, 31))


def _page(word: Any) -> None:
    section = word.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(20)
    section.top_margin = section.bottom_margin = Mm(20)
    _numbered(section.footer.paragraphs[0])


def _numbered(foot: Any) -> None:
    """Which page it is, and of how many; whoever opens the document has them filled in."""
    foot.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    for told in ("PAGE", " / ", "NUMPAGES"):
        run = foot.add_run("" if told.isupper() else told)
        if told.isupper():
            field = OxmlElement("w:fldSimple")
            field.set(qn("w:instr"), told)
            foot._p.append(field)
            run.text = "1"
            field.append(run._r)


def _properties(word: Any, *, title: str, language: str, year: int) -> None:
    about, day = word.core_properties, dt.datetime(year, 12, 31)  # no day of making: same bytes
    about.title, about.language, about.author, about.comments = title, language, "", ""
    about.created = about.modified = day
    spoken = word.styles.element.find(f".//{qn('w:rPrDefault')}//{qn('w:lang')}")
    for kind in ("w:val", "w:eastAsia"):
        spoken.set(qn(kind), language)


def _table(word: Any, name: str, part: Any) -> None:
    cells = part.cells
    caption = word.add_paragraph(name, style="Caption")
    caption.paragraph_format.keep_with_next = True
    table = word.add_table(rows=len(cells), cols=len(cells[0]), style="Table Grid")
    _described(table, name)
    for place, (row, texts) in enumerate(zip(table.rows, cells, strict=True)):
        for column, (cell, text) in enumerate(zip(row.cells, texts, strict=True)):
            _write(cell, text, bold=not place, to_right=part.aligned[column] == "right")
        _kept_whole(row, repeats=not place)
    word.add_paragraph()


def _write(cell: Any, text: str, *, bold: bool, to_right: bool) -> None:
    paragraph = cell.paragraphs[0]
    run = paragraph.add_run(text)
    run.bold, run.font.size = bold, Pt(8.5)
    if to_right:
        paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT


def _described(table: Any, name: str) -> None:
    """The name that a screen reader says, and that the first row and column are heads."""
    properties = table._tbl.tblPr
    title = OxmlElement("w:tblCaption")
    title.set(qn("w:val"), name)
    properties.append(title)
    look = properties.find(qn("w:tblLook"))
    for flag, on in (("firstRow", "1"), ("firstColumn", "1"), ("noHBand", "1"), ("noVBand", "1")):
        look.set(qn(f"w:{flag}"), on)


def _kept_whole(row: Any, *, repeats: bool) -> None:
    """No row breaks over two pages; the head row comes again on each."""
    properties = row._tr.get_or_add_trPr()
    properties.append(OxmlElement("w:cantSplit"))
    if repeats:
        properties.append(OxmlElement("w:tblHeader"))
