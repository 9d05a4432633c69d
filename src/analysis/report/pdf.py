"""The document as one tagged, archival PDF: the fixed Typst template, fed with data only."""

import datetime as dt
import io
import json
import re
from collections.abc import Container, Iterator
from functools import cache
from typing import Any

import pikepdf
import typst
from pikepdf import Array, Dictionary, Name

from analysis.present.drawing import FONTS, TEMPLATE
from analysis.refusal import ReportError
from analysis.report import column_widths, drawings

Node = dict[str, Any]

_FOR_THE_PAGE = ("ledger", "to", "data")  # of a block
_UNDATED = "2000-01-01"  # a chapter exported alone has no day; the same bytes still


def render(document: Node, *, brief: bool = False) -> bytes:
    """Return the PDF.

    Parameters
    ----------
    document : from `analysis.report.document.document`
    brief : a title in the place of the cover and the contents, for a summary of a page or two

    Raises
    ------
    ReportError
        If Typst warns or refuses, or a drawing asks for a font that is not ours.
    """
    readable = _readable(_printed(document))
    blocks = [block for chapter in readable["chapters"] for block in chapter["blocks"]]
    for block in blocks:
        _check_fonts(block)
    tables = [block for block in blocks if block["kind"] == "table"]
    for table in tables:
        table |= column_widths.laid(table)
    has_headers = [table["row_header"] for table in tables]
    return _with_row_headers(_compiled(readable | {"brief": brief}), has_headers)


def _printed(document: Node) -> Node:
    """The document without what leads from a number to its row: that is for the page alone."""
    chapters = [
        {"blocks": [_without(block, _FOR_THE_PAGE) for block in chapter["blocks"]]}
        for chapter in document["chapters"]
    ]
    return document | {"chapters": chapters}


def _without(node: Node, names: Container[str]) -> Node:
    return {name: value for name, value in node.items() if name not in names}


def _compiled(document: Node) -> bytes:
    day = dt.datetime.fromisoformat(document["meta"]["day"] or _UNDATED)
    try:
        pdf, warnings = typst.compile_with_warnings(
            str(TEMPLATE / "report.typ"),
            root=str(TEMPLATE),
            font_paths=_fonts(),
            sys_inputs={"document": json.dumps(document, ensure_ascii=False)},
            format="pdf",
            pdf_standards=["a-2a", "ua-1"],
            timestamp=day.replace(tzinfo=dt.UTC),
        )
    except typst.TypstError as error:
        raise _refusal(f"{error.message} {' '.join(error.hints)}") from None
    if warnings:
        raise _refusal("; ".join(warning.message for warning in warnings))
    return bytes(pdf)


@cache
def _fonts() -> typst.Fonts:
    """Only the fonts in the template folder: with the machine's own, bytes differ by machine."""
    return typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)]
    )


@cache
def _missing() -> re.Pattern[str]:
    """Match every character that Inter cannot draw, as PDF/A forbids a missing glyph."""
    from matplotlib.ft2font import FT2Font

    cuts = [set(FT2Font(str(path)).get_charmap()) for path in sorted(FONTS.glob("*.ttf"))]
    known = "".join(map(re.escape, map(chr, sorted(set.intersection(*cuts) | {0x0A}))))
    return re.compile(f"[^{known}]")


def _readable(value: Any) -> Any:
    """Put a white box for each character that the fonts lack (a name in Chinese, an emoji)."""
    if isinstance(value, dict):
        return {key: _readable(inner) for key, inner in value.items()}
    if isinstance(value, list):
        return [_readable(inner) for inner in value]
    return _missing().sub("\N{WHITE SQUARE}", value) if isinstance(value, str) else value


def _check_fonts(block: Node) -> None:
    """Refuse a foreign font in a drawing: Typst would replace it without a word."""
    if block["kind"] != "figure":
        return
    foreign = drawings.families(block["svg"], where=block["id"]) - {"Inter"}
    if foreign:
        raise ReportError(
            block["id"],
            found=f"text in {', '.join(sorted(foreign))}",
            expected="text in Inter, the font that goes with the report",
            do="draw it with analysis.present.drawing.svg, and write no mathematics in it",
        )


def _with_row_headers(pdf_bytes: bytes, tables: list[bool]) -> bytes:
    """Tag the first cell of each row as the row's header, which the typst wheel cannot."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_bytes)) as pdf:
        tagged = list(_tagged(pdf.Root.StructTreeRoot, "/Table"))
        for table, has_headers in zip(tagged, tables, strict=True):
            for row in _tagged(table, "/TR") if has_headers else ():
                _make_header(next(_children(row)))
        structure = pikepdf.ObjectStreamMode.preserve
        pdf.save(out, deterministic_id=True, object_stream_mode=structure)
    return out.getvalue()


def _tagged(element: Any, tag: str) -> Iterator[Any]:
    """The elements of a tag, in order; none of them is looked for within another of them."""
    for child in _children(element):
        if child["/S"] == tag:
            yield child
        else:
            yield from _tagged(child, tag)


def _children(element: Any) -> Iterator[Any]:
    kids = element.get("/K")
    for kid in kids if isinstance(kids, Array) else [kids]:
        if isinstance(kid, Dictionary) and "/S" in kid:
            yield kid


def _make_header(cell: Any) -> None:
    if cell["/S"] == "/TD":
        cell["/S"] = Name.TH
        attributes = cell.get("/A", Array())
        listed = list(attributes) if isinstance(attributes, Array) else [attributes]
        cell["/A"] = Array([*listed, Dictionary(O=Name.Table, Scope=Name.Row)])


def _refusal(found: str) -> ReportError:
    return ReportError(
        "the PDF",
        found=found,
        expected="an archival and accessible PDF (A-2a, UA-1) without a warning",
        do="correct the text or figure named, or reports/template/report.typ",
    )
