"""What must hold of a PDF as a file, for a reader who hears it: rule by rule, what breaks it."""

import re
from collections.abc import Callable, Iterator

import pikepdf
from pdf_tree import page_numbers, pieces
from pikepdf import Array, Dictionary, Name, Object, Pdf

_PAINTS = re.compile(r"T[jJ]|['\"]|[fFbB]\*?|[sS]|sh|Do|EI|INLINE IMAGE")


def language(pdf: Pdf) -> Iterator[str]:
    """The catalogue names the language."""
    if not re.fullmatch(r"[a-z]{2}(-[A-Z]{2})?", str(pdf.Root.get("/Lang", ""))):
        yield f"the language is {str(pdf.Root.get('/Lang', ''))!r}"


def marked(pdf: Pdf) -> Iterator[str]:
    """The file says that it is tagged, and has the tree for it."""
    if not pdf.Root.get("/MarkInfo", Dictionary()).get("/Marked", False):
        yield "the file is not marked as tagged"
    if "/StructTreeRoot" not in pdf.Root or "/ParentTree" not in pdf.Root.StructTreeRoot:
        yield "there is no structure tree"


def title(pdf: Pdf) -> Iterator[str]:
    """There is a title, and the window shows it instead of the name of the file."""
    if not str(pdf.docinfo.get("/Title", "")).strip():
        yield "there is no title"
    if not pdf.Root.get("/ViewerPreferences", Dictionary()).get("/DisplayDocTitle", False):
        yield "the window shows the name of the file"


def metadata(pdf: Pdf) -> Iterator[str]:
    """The metadata name the standards and agree with the older place for the same facts."""
    xmp = pdf.open_metadata()  # as a context it would make the two agree
    claimed = [xmp.get(k) for k in ("pdfuaid:part", "pdfaid:part", "pdfaid:conformance")]
    told = {"/Title": xmp.get("dc:title"), "/Creator": xmp.get("xmp:CreatorTool")}
    told |= {"/Author": "".join(xmp.get("dc:creator") or [])}
    day = re.sub(r"\D", "", str(xmp.get("xmp:CreateDate")))[:8]
    if claimed != ["1", "2", "A"]:
        yield f"PDF/UA and PDF/A are {claimed}"
    for name, said in told.items():
        if str(pdf.docinfo.get(name, "")) != (said or ""):
            yield f"{name} is {str(pdf.docinfo.get(name, ''))!r} here and {said!r} in the metadata"
    if str(pdf.docinfo.get("/CreationDate", ""))[2:10] != day:
        yield f"/CreationDate differs from {day}"


def fonts(pdf: Pdf) -> Iterator[str]:
    """Every font is in the file and says which letters its signs are."""
    for one in pdf.objects:
        if not isinstance(one, Dictionary):
            continue
        if one.get("/Type") == Name.FontDescriptor and not {"/FontFile2", "/FontFile3"} & set(one):
            yield f"{one.get('/FontName')} is not embedded"
        if one.get("/Subtype") == Name.Type0 and "/ToUnicode" not in one:
            yield f"{one.get('/BaseFont')} does not say its letters"


def links(pdf: Pdf) -> Iterator[str]:
    """Every link says where it leads, leads there, is tagged, and Tab takes them in order."""
    parents = dict(_numbers(pdf.Root.StructTreeRoot.get("/ParentTree", Dictionary())))
    places, pages = set(_names(pdf)), page_numbers(pdf)
    for number, page in enumerate(pdf.pages, 1):
        if "/Annots" in page and page.get("/Tabs") != Name.S:
            yield f"page {number}: Tab does not follow the order of reading"
        for link in page.get("/Annots", []):
            if not str(link.get("/Contents", "")).strip():
                yield f"page {number}: a link says nothing"
            if "/Dest" in link and not _is_place(link["/Dest"], places, pages):
                yield f"page {number}: a link leads to {str(link['/Dest'])!r}, which is nowhere"
            tagged = parents.get(int(link.get("/StructParent", -1)), Dictionary())
            if tagged.get("/S") != Name.Link:
                yield f"page {number}: a link is not tagged as one"


def _is_place(dest: Object, places: set[str], pages: dict[object, int]) -> bool:
    return dest[0].objgen in pages if isinstance(dest, Array) else str(dest) in places


def content(pdf: Pdf) -> Iterator[str]:
    """Whatever a page paints is in the tree, or is said to be decoration."""
    read = set(pieces(pdf.Root.StructTreeRoot, None, page_numbers(pdf)))
    for number, page in enumerate(pdf.pages, 1):
        inside: list[int | None] = []  # a piece of the tree, decoration (-1) or neither (None)
        for step in pikepdf.parse_content_stream(page):
            name = str(step.operator)
            if name in ("BDC", "BMC"):
                inside.append(_piece(list(step.operands)))
                if inside[-1] not in (None, -1) and (number, inside[-1]) not in read:
                    yield f"page {number}: piece {inside[-1]} is never read"
            elif name == "EMC":
                inside.pop()
            elif _PAINTS.fullmatch(name) and all(piece is None for piece in inside):
                yield f"page {number} paints ({name}) outside every tag"
                break


def _piece(operands: list[Object]) -> int | None:
    if operands[0] == Name.Artifact:
        return -1
    more = operands[1] if len(operands) > 1 else None
    return int(more["/MCID"]) if isinstance(more, Dictionary) and "/MCID" in more else None


def _numbers(node: Object) -> Iterator[tuple[int, Object]]:
    """The entries of a number tree."""
    listed = list(node.get("/Nums", Array()))
    yield from ((int(n), held) for n, held in zip(listed[::2], listed[1::2], strict=True))
    for kid in node.get("/Kids", Array()):
        yield from _numbers(kid)


def _names(pdf: Pdf) -> Iterator[str]:
    if "/Names" in pdf.Root and "/Dests" in pdf.Root.Names:
        yield from map(str, pikepdf.NameTree(pdf.Root.Names.Dests))


RULES: tuple[Callable[[Pdf], Iterator[str]], ...] = (
    language, marked, title, metadata, fonts, links, content,
)  # fmt: skip
